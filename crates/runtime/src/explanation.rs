//! Why a case is not moving, in words.

use std::fmt;

use grieta_core::kernel::{Duty, Event, Status, Token, Waiting, WaitsFor};
use grieta_core::world::Directory;
use grieta_core::{PersonIx, Timestamp, TokenIx};

use crate::case_clock::CaseClock;
use crate::cases::Entry;

/// Why a case is not moving: what each of its tokens waits for, since when and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    key: String,
    process: String,
    status: Status,
    ends: Vec<String>,
    waiting: Vec<String>,
    clocks: Vec<String>,
}

impl Explanation {
    pub(crate) fn of(entry: &Entry, people: &Directory, now: Timestamp) -> Explanation {
        let waiting = entry.case.explain(&entry.plan);
        // The process itself waits for what goes on inside it, which is said anyway.
        let process = entry.plan.definition().process.as_str();
        let said = entry
            .case
            .tokens()
            .zip(&waiting)
            .filter(|(_, waiting)| waiting.step != process || waiting.waits_for != WaitsFor::Inside);
        let told = |(token, waiting): ((TokenIx, &Token), &Waiting)| {
            let unskilled = |person| people.lacks(person, entry.plan.needs(token.1.step)).is_some();
            let barred = |person| !unskilled(person) && entry.plan.is_for_other_eyes(&entry.case, token.1.step, person);
            told(waiting, people, &unskilled, &barred)
        };
        let clocks = entry.case.clocks().filter(|(_, running)| running.is_open());
        Explanation {
            key: entry.key.text().to_owned(),
            process: entry.plan.definition().process.clone(),
            status: entry.case.status(),
            ends: ends(entry).into_iter().map(str::to_owned).collect(),
            waiting: said.map(told).collect(),
            clocks: clocks.map(|(_, running)| CaseClock::of(&entry.plan, running, now).to_string()).collect(),
        }
    }

    /// What each token waits for, a sentence each; none when the case is over.
    pub fn lines(&self) -> &[String] {
        &self.waiting
    }

    /// How each clock stands that has not stopped, a sentence each.
    pub fn clocks(&self) -> &[String] {
        &self.clocks
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}) is {}", self.key, self.process, self.status.word())?;
        if self.status == Status::Completed && !self.ends.is_empty() {
            write!(f, " at `{}`", self.ends.join("` and `"))?;
        }
        for line in self.waiting.iter().chain(&self.clocks) {
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
fn told(waiting: &Waiting, people: &Directory, unskilled: Which<'_>, barred: Which<'_>) -> String {
    let Waiting { step, since, waits_for, .. } = waiting;
    let what = match waits_for {
        WaitsFor::Role(role) | WaitsFor::Allocation(role) => {
            format!("`{step}` waits for {waits_for}{}", of_role(role, people, unskilled, barred))
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

/// Some of the people.
type Which<'a> = &'a dyn Fn(PersonIx) -> bool;

/// Who could do it, who of them is away, who must not because of a rule of four eyes, and who has not the skills.
fn of_role(role: &str, people: &Directory, unskilled: Which<'_>, barred: Which<'_>) -> String {
    let named = |which: Which<'_>| -> Vec<&str> {
        people.of_role(role).iter().filter(|person| which(**person)).map(|person| people.name(*person)).collect()
    };
    let not = named(barred);
    let may = |person| !barred(person) && !unskilled(person);
    let there = named(&|person| may(person) && !people.is_away(person));
    let away = named(&|person| may(person) && people.is_away(person));
    let part = |before: &str, names: Vec<&str>| (!names.is_empty()).then(|| format!("{before}{}", names.join(", ")));
    let nobody = there.is_empty() && not.is_empty();
    let parts = [
        part("", there),
        part(if nobody { "all are away: " } else { "away: " }, away),
        part("four eyes forbid: ", not),
        part("without the skills: ", named(unskilled)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}
