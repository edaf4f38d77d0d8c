//! What is demanded of a run, and how one breaks it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use grieta_core::definition::Rule;
use grieta_core::kernel::{Case, Event, Status};
use grieta_core::{PersonIx, Plan, StepIx};
use grieta_runtime::Recorded;

use super::story::Story;
use crate::told;

/// What a closure finds: [`RandomRuns::holds_that`](super::RandomRuns::holds_that).
pub trait Finding {
    /// What is wrong; `Ok` where nothing is.
    ///
    /// # Errors
    /// What was found.
    fn finding(self) -> Result<(), String>;
}

impl Finding for bool {
    fn finding(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("that it does not".to_owned()) }
    }
}

impl<E: fmt::Display> Finding for Result<(), E> {
    fn finding(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

type Closure = Arc<dyn Fn(&Story) -> Result<(), String> + Send + Sync>;

/// Something that every run has to keep.
#[derive(Clone)]
pub(super) enum Demand {
    /// Time can pass.
    TimePasses,
    /// A rule of the definition, of whichever process has it.
    OfDefinitions,
    /// A rule.
    Rule(Rule),
    /// Nothing ever stands still until somebody resolves it.
    NoIncidents,
    /// What a closure says.
    Holds(String, Closure),
}

/// How a demand is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// What was demanded, to follow "expected".
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl Demand {
    /// How a run breaks it, if it does.
    pub fn broken(&self, story: &Story) -> Option<Broken> {
        match self {
            Demand::TimePasses => {
                let found = story.stuck.clone()?;
                Some(Broken { expected: "that time can pass".to_owned(), found })
            }
            Demand::OfDefinitions => {
                let each = |(plan, history): (&Plan, &[Recorded])| {
                    plan.definition().rules.iter().find_map(|rule| kept(story, plan, history, rule))
                };
                story.histories().find_map(each)
            }
            Demand::Rule(rule) => {
                let process = &story.plan().definition().process;
                let mut own = story.histories().filter(|(plan, _)| plan.definition().process == *process);
                own.find_map(|(plan, history)| kept(story, plan, history, rule))
            }
            Demand::NoIncidents => story.incidents().into_iter().next().map(incident),
            Demand::Holds(what, holds) => {
                let found = holds(story).err()?;
                Some(Broken { expected: format!("that {what}"), found })
            }
        }
    }

    /// Whether a run breaks it in the same way as another did.
    pub fn is_broken_alike(&self, story: &Story, broken: &Broken) -> bool {
        match self {
            Demand::NoIncidents => story.incidents().into_iter().any(|step| incident(step) == *broken),
            _ => self.broken(story).is_some_and(|found| found.expected == broken.expected),
        }
    }

    /// Whether it can be told by the rules and the state of the cases alone.
    pub fn is_of_rules(&self) -> bool {
        !matches!(self, Demand::Holds(..))
    }

    /// Whether the definition itself makes this demand.
    pub fn is_of_definitions(&self) -> bool {
        matches!(self, Demand::OfDefinitions)
    }
}

fn incident(step: &str) -> Broken {
    Broken { expected: "no incident".to_owned(), found: format!("one at `{step}`") }
}

/// How a case breaks a rule. Of one that was cancelled from outside nothing is demanded that it has left undone.
fn kept(story: &Story, plan: &Plan, history: &[Recorded], rule: &Rule) -> Option<Broken> {
    let (expected, found) = match rule {
        Rule::FourEyes(steps) => four_eyes(story, plan, history, steps)?,
        rule => {
            let status = history.iter().rev().find_map(|recorded| match recorded.event {
                Event::CaseCompleted => Some(Status::Completed),
                Event::CaseCancelled => Some(Status::Cancelled),
                _ => None,
            });
            let over = match status {
                Some(Status::Cancelled) => !story.is_cancelled_from_outside(),
                other => other.is_some(),
            };
            let (demand, how) = told::broken(plan, history, rule, over)?;
            (format!("that {demand}"), how)
        }
    };
    Some(Broken { expected, found })
}

/// Whether one person did two of these steps, each looked at as it was done last.
fn four_eyes(story: &Story, plan: &Plan, history: &[Recorded], steps: &[String]) -> Option<(String, String)> {
    let ruled: Vec<StepIx> = steps.iter().filter_map(|step| plan.step(step)).collect();
    let (mut case, mut done) = (Case::default(), BTreeMap::<StepIx, PersonIx>::new());
    for Recorded { at, event, .. } in history {
        case.apply(*at, event);
        let Event::WorkCompleted { token, .. } = event else { continue };
        let Some(item) = case.token(*token).filter(|item| ruled.contains(&item.step) && item.person != PersonIx::NONE)
        else {
            continue;
        };
        if let Some((other, _)) = done.iter().find(|(step, person)| **step != item.step && **person == item.person) {
            let name = story.trial.engine.people().name(item.person);
            let (one, two) = (plan.step_name(*other), plan.step_name(item.step));
            let expected = format!("that no person does two of `{}`", steps.join("`, `"));
            return Some((expected, format!("that {name} did `{one}` and `{two}`")));
        }
        done.insert(item.step, item.person);
    }
    None
}
