//! Runs as values of proptest, for tests that are written with it.

use std::cell::RefCell;

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::generate;
use super::ground::Ground;
use super::shrink::Shrinking;
use super::story::Story;
use crate::verb::Verb;

/// Runs of a process: [`RandomRuns::strategy`](super::RandomRuns::strategy).
#[derive(Debug, Clone)]
pub struct Stories {
    pub(super) ground: Ground,
}

/// A run, and how it becomes simpler.
#[derive(Debug)]
pub struct StoryTree {
    ground: Ground,
    /// What is shown now.
    verbs: Vec<Verb>,
    /// The story of these verbs, until somebody takes it.
    ready: RefCell<Option<Story>>,
    shrinking: Option<Shrinking>,
}

impl Strategy for Stories {
    type Tree = StoryTree;
    type Value = Story;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Stories> {
        let story = generate::story(&self.ground, runner).ok_or("there is no room for the people of the process")?;
        let verbs = story.verbs().to_vec();
        Ok(StoryTree { ground: self.ground.clone(), verbs, ready: RefCell::new(Some(story)), shrinking: None })
    }
}

impl StoryTree {
    fn show(&mut self, story: Option<Story>) -> bool {
        let found = story.is_some();
        if let Some(story) = story {
            self.verbs = story.verbs().to_vec();
            *self.ready.borrow_mut() = Some(story);
        }
        found
    }
}

impl ValueTree for StoryTree {
    type Value = Story;

    fn current(&self) -> Story {
        let ready = self.ready.borrow_mut().take();
        let played = || Story::of(&self.ground, &self.verbs);
        // What was played once can be played again.
        ready.or_else(played).unwrap_or_else(|| unreachable!("a story is not repeated: {:?}", self.verbs))
    }

    /// The story that is shown fails: the next one is simpler than that.
    fn simplify(&mut self) -> bool {
        if self.shrinking.as_ref().is_none_or(|shrinking| shrinking.verbs() != self.verbs) {
            self.shrinking = Some(Shrinking::of(&self.ground, self.verbs.clone()));
        }
        let next = self.shrinking.as_mut().and_then(|shrinking| shrinking.next(&self.ground));
        self.show(next)
    }

    /// The story that is shown does not fail: another one that is simpler than the last that did, or that one again.
    fn complicate(&mut self) -> bool {
        let Some(shrinking) = &mut self.shrinking else { return false };
        let next = shrinking.next(&self.ground).or_else(|| Story::of(&self.ground, shrinking.verbs()));
        let shown = self.verbs == shrinking.verbs();
        !shown && self.show(next)
    }
}
