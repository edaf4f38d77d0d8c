//! Why a case is not moving, in words.

use std::fmt;

use grieta_core::PersonIx;
use grieta_core::kernel::{Duty, Event, Status, Waiting, WaitsFor};
use grieta_core::world::Directory;

use crate::cases::Entry;

/// Why a case is not moving: what each of its tokens waits for, since when and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    key: String,
    process: String,
    status: Status,
    ends: Vec<String>,
    waiting: Vec<String>,
}

impl Explanation {
    pub(crate) fn of(entry: &Entry, people: &Directory) -> Explanation {
        let waiting = entry.case.explain(&entry.plan);
        // The process itself waits for what goes on inside it, which is said anyway.
        let process = entry.plan.definition().process.as_str();
        let said = waiting.iter().filter(|waiting| waiting.step != process || waiting.waits_for != WaitsFor::Inside);
        Explanation {
            key: entry.key.text().to_owned(),
            process: entry.plan.definition().process.clone(),
            status: entry.case.status(),
            ends: ends(entry).into_iter().map(str::to_owned).collect(),
            waiting: said.map(|waiting| told(waiting, people)).collect(),
        }
    }

    /// What each token waits for, a sentence each; none when the case is over.
    pub fn lines(&self) -> &[String] {
        &self.waiting
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}) is {}", self.key, self.process, self.status.word())?;
        if self.status == Status::Completed && !self.ends.is_empty() {
            write!(f, " at `{}`", self.ends.join("` and `"))?;
        }
        for line in &self.waiting {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

/// The ends that a case has reached, in their order.
pub(crate) fn ends(entry: &Entry) -> Vec<&str> {
    let end = |event: &Event| match event {
        Event::TokenPlaced { step, .. } if entry.plan.ends_case(*step) => Some(entry.plan.step_name(*step)),
        _ => None,
    };
    entry.history.iter().filter_map(|recorded| end(&recorded.event)).collect()
}

/// A sentence with the names of people.
fn told(waiting: &Waiting, people: &Directory) -> String {
    let Waiting { step, since, waits_for, .. } = waiting;
    let what = match waits_for {
        WaitsFor::Role(role) | WaitsFor::Allocation(role) => {
            format!("`{step}` waits for {waits_for}{}", of_role(role, people))
        }
        WaitsFor::Holder { role, person, to, away } if !people.name(*person).is_empty() => {
            holder(step, role, people.name(*person), *to, *away)
        }
        _ => format!("`{step}` waits for {waits_for}"),
    };
    format!("{what}, since {since}{}", waiting.aside())
}

fn holder(step: &str, role: &str, name: &str, to: Duty, away: bool) -> String {
    let to = match to {
        Duty::Begin => "begin",
        Duty::Resume => "go on",
        Duty::Finish => "finish",
    };
    let away = if away { ", who is away," } else { "" };
    format!("`{step}` waits for {name} (`{role}`){away} to {to}")
}

/// Who could do it, and who of them is away.
fn of_role(role: &str, people: &Directory) -> String {
    let of_role = people.of_role(role);
    let named = |away: bool| -> Vec<&str> {
        let which = of_role.iter().filter(|person| people.is_away(**person) == away);
        which.map(|person: &PersonIx| people.name(*person)).collect()
    };
    match (named(false), named(true)) {
        (there, away) if there.is_empty() && away.is_empty() => String::new(),
        (there, away) if there.is_empty() => format!(" (all are away: {})", away.join(", ")),
        (there, away) if away.is_empty() => format!(" ({})", there.join(", ")),
        (there, away) => format!(" ({}; away: {})", there.join(", "), away.join(", ")),
    }
}
