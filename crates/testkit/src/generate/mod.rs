//! Scenarios made from a definition: few of them, which together do all that it says.
//!
//! Cases are walked towards what no scenario does yet, by the engine, with random data that matter to the guards; what was
//! found is made small: first the fewest cases, after Chvátal's greedy cover, then each as short as it can be. What is expected
//! is what happened, for a person to confirm.

mod aim;
mod cover;
mod expectations;
mod walk;

use std::collections::BTreeSet;
use std::sync::Arc;

use grieta_core::Plan;
use grieta_runtime::Data;
use grieta_verifier::{Limits, Trouble, explore};

use crate::coverage::{Coverage, Element};
use crate::random::ground::Ground;
use crate::random::runner;
use crate::random::shrink::shrink;
use crate::random::story::Story;
use crate::verb::Verb;
use crate::{Stage, Suite};
use cover::{Goals, Reached};
use walk::Walker;

/// So often is each thing tried that no scenario does yet.
const TRIES: usize = 300;

/// So often is each pair of cracks tried, in each order.
const TRIES_OF_A_PAIR: usize = 4;

/// So many things happen in all cases that are walked, together.
const MOST_HAPPENINGS: usize = 100_000;

/// What was made of a definition.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The scenarios, in a file of that name.
    pub suite: Suite,
    /// What they cover.
    pub coverage: Coverage,
    /// What they do not cover although nothing is known that forbids it.
    pub unreached: Vec<Element>,
    /// What no case can do: that is proved.
    pub impossible: Vec<Element>,
    /// How many pairs of cracks strike in one case of theirs.
    pub pairs: usize,
    /// Whether the process was too large for everything to be looked for.
    pub is_cut: bool,
}

/// Scenarios for a definition, to stand in a file of that name beside it; the first of the plans is the one that is tested,
/// the others are those that it calls or hands over to. The same seed gives the same scenarios.
///
/// They cover every step, flow, branch, rule of a decision, outcome, crack, response and end that they come to, and every
/// pair of cracks that they find to strike in one case. `None` where there is no plan, or no room for the people of one.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::{Plan, Process};
/// use grieta_testkit::generate::generate;
///
/// let process = "
/// process: sales
/// version: 1.0.0
/// start: call
/// roles: { sdr: { people: 2 } }
/// data: { size: { type: integer, required: true } }
/// steps:
///   call: { human: sdr, outcomes: { reached: grade, no-answer: lost }, cracks: { voicemail: { on: failure, then: lost } } }
///   grade: { choose: [{ when: size > 1000, to: won }, { otherwise: lost }] }
///   won:  { end: {} }
///   lost: { end: {} }
/// ";
/// let plan = Arc::new(Plan::new(Arc::new(Process::read("sales.yaml", process.as_bytes())?))?);
/// let made = generate("sales.generated.test.yaml", &[plan], 0).ok_or("no people")?;
/// assert_eq!(made.coverage.share(), 1.0);
/// assert_eq!(made.suite.scenarios.len(), 4, "two outcomes, one of them with two branches, and a crack");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn generate(file: &str, plans: &[Arc<Plan>], seed: u64) -> Option<Generated> {
    let (first, others) = plans.split_first()?;
    let mut ground = Ground::of(Arc::clone(first));
    others.iter().for_each(|plan| ground.add(Arc::clone(plan)));
    Story::new(&ground)?;
    let empty = Coverage::of(first);
    let impossible = impossible(first, &empty);
    let mut search = Search {
        walker: Walker::new(&ground, runner(seed)),
        goals: Goals::of(&empty),
        found: Vec::new(),
        left: MOST_HAPPENINGS,
    };
    search.elements(&impossible);
    search.pairs();
    let stories = search.fewest(&ground);
    let scenarios = stories.iter().enumerate().filter_map(|(at, story)| expectations::scenario(&ground, at + 1, story));
    let suite = Suite::of(file, scenarios.collect());
    let coverage = covered(&suite, plans, empty);
    let unreached = coverage.missed().filter(|element| !impossible.contains(&element.id)).cloned().collect();
    let proved = coverage.missed().filter(|element| impossible.contains(&element.id)).cloned().collect();
    let pairs = search.goals.pairs_in(&search.found);
    Some(Generated { suite, coverage, unreached, impossible: proved, pairs, is_cut: search.left == 0 })
}

/// What scenarios that pass cover of the process that is tested.
fn covered(suite: &Suite, plans: &[Arc<Plan>], mut coverage: Coverage) -> Coverage {
    let stage = Stage::new(plans.to_vec());
    let runs = suite.scenarios.iter().map(|scenario| suite.run(scenario, &stage));
    for run in runs.filter(|run| run.failed.is_none()) {
        let own = run.histories().filter(|(plan, _)| coverage.is_of(plan.process())).collect::<Vec<_>>();
        // They are of that process.
        own.into_iter().for_each(|(plan, history)| drop(coverage.add(plan, history)));
    }
    coverage
}

/// Cases that were walked, and what they do.
struct Search<'g> {
    walker: Walker<'g>,
    goals: Goals,
    found: Vec<(Story, Reached)>,
    /// How many things may still happen.
    left: usize,
}

impl Search<'_> {
    /// Walks towards every element that no case does yet.
    fn elements(&mut self, impossible: &BTreeSet<String>) {
        for try_ in 0..TRIES {
            let missing: Vec<Element> = self.goals.missing(&self.found).cloned().collect();
            let possible = missing.iter().filter(|element| !impossible.contains(&element.id));
            let mut any = false;
            for element in possible {
                any = true;
                if !self.goals.is_reached(&self.found, element) {
                    self.walk(&[element], try_);
                }
            }
            if !any {
                break;
            }
        }
    }

    /// Walks towards every two cracks in one case.
    fn pairs(&mut self) {
        let cracks = self.goals.cracks_in(&self.found);
        let pairs = (0..cracks.len()).flat_map(|a| (a + 1..cracks.len()).map(move |b| (a, b)));
        for (a, b) in pairs {
            let (a, b) = (&cracks[a], &cracks[b]);
            for try_ in 0..TRIES_OF_A_PAIR {
                for way in [[a, b], [b, a]] {
                    if !self.goals.is_pair_reached(&self.found, a, b) {
                        self.walk(&way, try_);
                    }
                }
            }
        }
    }

    /// Walks a case, and keeps it if it does anything new.
    fn walk(&mut self, to: &[&Element], tries: usize) {
        if self.left == 0 {
            return;
        }
        let known: Vec<&Data> = self.found.iter().filter_map(|(story, _)| begun_with(story)).collect();
        let Some(story) = self.walker.walk(&self.goals, to, tries, &known) else { return };
        self.left = self.left.saturating_sub(story.length());
        let reached = self.goals.reached(&story);
        if self.goals.is_new(&self.found, &reached) {
            self.found.push((story, reached));
        }
    }

    /// The fewest cases that do all the same, each as short as it can be.
    fn fewest(&mut self, ground: &Ground) -> Vec<Story> {
        let chosen = self.goals.cover(&self.found);
        let mut all: Vec<Option<(Story, Reached)>> = std::mem::take(&mut self.found).into_iter().map(Some).collect();
        for (at, needed) in chosen {
            let Some((story, _)) = all.get_mut(at).and_then(Option::take) else { continue };
            let (goals, people) = (&self.goals, people(&story));
            // Who there is stays the same, so that work that goes to others is noticed.
            let does = |shorter: &Story| people == self::people(shorter) && needed.is_subset(&goals.reached(shorter));
            let story = shrink(ground, story, does);
            let reached = self.goals.reached(&story);
            self.found.push((story, reached));
        }
        let needed: Vec<usize> = self.goals.cover(&self.found).into_iter().map(|(at, _)| at).collect();
        let mut at = 0;
        self.found.retain(|_| {
            at += 1;
            needed.contains(&(at - 1))
        });
        self.found.iter().filter_map(|(story, _)| Story::of(ground, story.verbs())).collect()
    }
}

/// What a case started with.
fn begun_with(story: &Story) -> Option<&Data> {
    story.verbs().iter().find_map(|verb| if let Verb::Start(data) = verb { Some(data) } else { None })
}

fn people(story: &Story) -> usize {
    story.verbs().iter().filter(|verb| matches!(verb, Verb::Person { .. })).count()
}

/// The elements that no case can ever do, as the verifier proves: what belongs to a step at which none comes, and cracks that
/// never strike.
fn impossible(plan: &Plan, coverage: &Coverage) -> BTreeSet<String> {
    let found = explore(plan, &Limits::default());
    if !found.complete {
        return BTreeSet::new();
    }
    let dead: BTreeSet<&str> = found
        .troubles
        .iter()
        .filter_map(|trouble| match trouble {
            Trouble::DeadStep { step } => Some(plan.step_name(*step)),
            _ => None,
        })
        .collect();
    let idle: BTreeSet<String> = found
        .idle_cracks
        .iter()
        .filter_map(|crack| {
            let step = plan.cracked(*crack)?;
            Some(format!("{}!{}", plan.step_name(step), plan.crack_name(step, *crack)))
        })
        .collect();
    let is_idle = |id: &str| idle.contains(id) || id.rsplit_once('/').is_some_and(|(crack, _)| idle.contains(crack));
    let of_dead = |element: &Element| element.step.as_deref().is_some_and(|step| dead.contains(step));
    let elements = coverage.elements().map(|(element, _)| element);
    elements.filter(|element| of_dead(element) || is_idle(&element.id)).map(|element| element.id.clone()).collect()
}
