//! A run that breaks what was demanded, as it is told.

use std::fmt;

use super::demand::Broken;
use super::shortest::Shortest;
use super::story::Story;

/// The shortest story that was found of how a demand is broken.
pub struct Counterexample {
    /// The story.
    pub story: Story,
    /// What was demanded, to follow "expected".
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Whether there is a shorter one.
    pub shortest: Shortest,
    /// The how-manieth run it was, from 1.
    pub run: u32,
    /// How many things happened in that run.
    pub length: usize,
    /// The seed with which it is found again.
    pub seed: u64,
    /// Whether the rules of the definition are broken, so that a scenario can say so.
    pub(super) against_rules: bool,
}

impl Counterexample {
    pub(super) fn new(story: Story, broken: Broken, shortest: Shortest, against_rules: bool) -> Counterexample {
        let Broken { expected, found } = broken;
        Counterexample { story, expected, found, shortest, run: 0, length: 0, seed: 0, against_rules }
    }

    /// The story as a scenario, which fails as long as a rule of the definition is broken so.
    pub fn to_yaml(&self) -> String {
        if self.against_rules { self.story.to_yaml_against_rules() } else { self.story.to_yaml() }
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let process = &self.story.plan().definition().process;
        let things = |count: usize| if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
        let shortest = match self.shortest {
            Shortest::Proved { .. } => "no shorter story with its data and its people does the same".to_owned(),
            Shortest::Unknown { tried } => format!("none of {tried} shorter stories does the same, but there are more"),
        };
        writeln!(f, "in random run {} of `{process}`", self.run)?;
        writeln!(f, "  expected: {}", self.expected)?;
        writeln!(f, "     found: {}", self.found.trim_end().replace('\n', "\n            "))?;
        let length = things(self.story.length());
        writeln!(f, "     story: {length}, {} in that run; {shortest}", self.length)?;
        writeln!(f, "    repeat: `.seed({})`, with at least {} runs", self.seed, self.run)?;
        writeln!(f, "what happened:")?;
        self.story.told().iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        writeln!(f, "the same as a scenario:")?;
        self.to_yaml().lines().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// As it is told: that is what `unwrap` shows.
impl fmt::Debug for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Counterexample {}
