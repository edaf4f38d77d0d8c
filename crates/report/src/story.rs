//! What happened to one case, told in words, moment by moment.

use std::fmt;

use grieta_core::world::Directory;
use grieta_core::{Plan, Timestamp, Told};
use grieta_simulator::Story;

/// The story of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// What happened, in order.
    pub moments: Vec<Moment>,
    /// What the case waits for in the end; empty when it is over.
    pub waits_for: Vec<String>,
}

/// Something that happened to the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// When, by the clock on the wall where the process is at home.
    pub local: String,
    /// The step, where it happened at one.
    pub step: Option<String>,
    /// What happened, as [`Plan::story`] tells it.
    pub what: String,
}

impl Telling {
    /// Tells the story of a case of that plan.
    pub fn new(plan: &Plan, story: &Story) -> Telling {
        let calendar = plan.process().calendar_of(None);
        let told = plan.story(&Directory::default(), story.events.iter().map(|(at, event)| (*at, event)));
        let moment = |(at, told): (Timestamp, Told)| Moment {
            at,
            local: calendar.local(at).format("%a %Y-%m-%d %H:%M:%S").to_string(),
            step: told.step.map(|step| plan.step_name(step).to_owned()),
            what: told.what,
        };
        Telling { moments: told.into_iter().map(moment).collect(), waits_for: story.waits_for.clone() }
    }
}

impl fmt::Display for Telling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = |moment: &Moment| moment.step.clone().unwrap_or_default();
        let width = self.moments.iter().map(|moment| step(moment).chars().count()).max().unwrap_or(0);
        for moment in &self.moments {
            writeln!(f, "{}  {:width$}  {}", moment.local, step(moment), moment.what)?;
        }
        if !self.waits_for.is_empty() {
            writeln!(f, "\nIt never ends:")?;
        }
        self.waits_for.iter().try_for_each(|waits| writeln!(f, "  {waits}"))
    }
}
