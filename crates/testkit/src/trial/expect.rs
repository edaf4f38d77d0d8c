//! What is expected of the case.

use std::collections::BTreeSet;

use grieta_core::Timestamp;
use grieta_core::definition::{Kind, Step};
use grieta_core::kernel::{ClockState, Phase, Status};
use grieta_runtime::{CaseClock, Data, WorkItem};

use super::happen::typed;
use super::{Trial, Verdict};
use crate::failure::{Failure, few};
use crate::verb::Expectation;
use crate::{moment, told};

impl Trial {
    pub(super) fn expect(&mut self, expectation: &Expectation) -> Verdict {
        match expectation {
            Expectation::At(steps) => self.expect_at(steps),
            Expectation::NotAt(step) => self.expect_not_at(step),
            Expectation::Over => self.expect_status("the case to be over", &[Status::Completed, Status::Cancelled]),
            Expectation::Completed => self.expect_status("the case to be completed", &[Status::Completed]),
            Expectation::Cancelled => self.expect_status("the case to be cancelled", &[Status::Cancelled]),
            Expectation::EndedAt(step) => self.expect_ended_at(step),
            Expectation::Crack(crack) => self.expect_crack(crack),
            Expectation::NoCrack => self.expect_no_crack(),
            Expectation::RulesKept => self.expect_rules_kept(),
            Expectation::Incident(text) => self.expect_incident(text),
            Expectation::Data(data) => self.expect_data(data),
            Expectation::Waiting(text) => self.expect_waiting(text),
            Expectation::RunOut(clock) => {
                let has = self.has_run_out(clock);
                self.expect_clock(clock, "that the clock has run out", |_| has)
            }
            Expectation::InTime(clock) => {
                let has = self.has_run_out(clock);
                self.expect_clock(clock, "that the clock has not run out", |_| !has)
            }
            Expectation::Paused(clock) => {
                self.expect_clock(clock, "that the clock stands still", |clock| clock.state == ClockState::Paused)
            }
            Expectation::Due { clock, at } => self.expect_due(clock, *at),
            Expectation::Visits { step, visits } => self.expect_visits(step, *visits),
            Expectation::MessageSent(message) => self.expect_message_sent(message),
            Expectation::Started(process) => self.expect_started(process),
        }
    }

    fn expect_at(&self, steps: &[String]) -> Verdict {
        let items = self.items()?;
        let expected: BTreeSet<&str> = steps.iter().map(String::as_str).collect();
        expected.iter().try_for_each(|step| self.known_step(step))?;
        let missing = expected.iter().copied().find(|step| !items.iter().any(|item| item.step() == *step));
        let elsewhere = items.iter().any(|item| !expected.contains(item.step()) && !waits_for_others(item));
        if missing.is_none() && !elsewhere {
            return Ok(());
        }
        let wanted = expected.iter().map(|step| format!("`{step}`")).collect::<Vec<_>>().join(" and ");
        let help = match missing {
            Some(missing) => self.relation(missing),
            None => Some(self.tongue.say(
                "it is elsewhere too: name all of that with `.expect_at_all([…])`",
                "it is elsewhere too: name all of that, as in `at: [one-step, other-step]`",
            )),
        };
        let step = missing.or(expected.first().copied()).unwrap_or_default();
        let failure = Failure::expected(format!("the case at {wanted}"), self.whereabouts()).step(step);
        Err(failure.maybe_help(help))
    }

    fn expect_not_at(&self, step: &str) -> Verdict {
        self.known_step(step)?;
        if self.items()?.iter().any(|item| item.step() == step) {
            return Err(Failure::expected("the case to be elsewhere", self.whereabouts()).step(step));
        }
        Ok(())
    }

    fn expect_status(&self, expected: &str, among: &[Status]) -> Verdict {
        self.started()?;
        if among.contains(&self.status()) { Ok(()) } else { Err(Failure::expected(expected, self.whereabouts())) }
    }

    fn expect_ended_at(&self, step: &str) -> Verdict {
        self.known_step(step)?;
        if self.status() != Status::Completed || self.visits(step) == 0 {
            return Err(Failure::expected(format!("the case to have ended at `{step}`"), self.whereabouts()).step(step));
        }
        Ok(())
    }

    fn expect_crack(&mut self, crack: &str) -> Verdict {
        self.known_crack(crack)?;
        let case = self.started()?;
        let unforeseen = self.unforeseen()?;
        if let Some((sequence, _)) = unforeseen.iter().find(|(_, name)| name == crack) {
            self.foreseen.insert((case, *sequence));
            return Ok(());
        }
        let others: Vec<String> = unforeseen.iter().map(|(_, name)| format!("`{name}`")).collect();
        let found = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
        let again = self.foreseen.iter().any(|(of, _)| *of == case);
        let found = if again { format!("{found}, besides what was expected before") } else { found };
        Err(Failure::expected(format!("that the crack `{crack}` struck"), found))
    }

    fn expect_no_crack(&self) -> Verdict {
        match self.unforeseen()?.into_iter().next() {
            Some((_, crack)) => Err(Failure::expected("that no crack struck", format!("`{crack}`"))),
            None => Ok(()),
        }
    }

    fn expect_rules_kept(&self) -> Verdict {
        let over = matches!(self.status(), Status::Completed | Status::Cancelled);
        let broken = self.recorded().and_then(|(plan, history)| {
            plan.definition().rules.iter().find_map(|rule| told::broken(plan, history, rule, over))
        });
        match broken {
            Some((demand, how)) => Err(Failure::expected(format!("that {demand}"), how)),
            None => Ok(()),
        }
    }

    fn expect_incident(&self, text: &str) -> Verdict {
        let (items, lines) = (self.items()?, self.lines()?);
        let mut incidents = items.iter().zip(&lines).filter(|(item, _)| item.phase() == Phase::Incident);
        if incidents.any(|(_, line)| line.contains(text)) {
            return Ok(());
        }
        let found = items.iter().any(|item| item.phase() == Phase::Incident);
        let found = if found { "others" } else { "none" };
        Err(Failure::expected(format!("an incident that says `{text}`"), found))
    }

    fn expect_data(&self, data: &Data) -> Verdict {
        let case = self.started()?;
        for (field, value) in data.iter() {
            let definition = self.process().definition();
            let expected = typed(definition, field, value);
            let expected = expected.map_err(|problem| Failure::misread(format!("a value for `{field}`"), &problem))?;
            match self.engine.value(case, field) {
                Ok(found) if found == expected => {}
                Ok(found) => {
                    return Err(Failure::expected(format!("{field} = {expected}"), format!("{field} = {found}")));
                }
                Err(_) => {
                    return Err(Failure::unknown("a field", field, definition.data.keys().map(String::as_str)));
                }
            }
        }
        Ok(())
    }

    fn expect_waiting(&self, text: &str) -> Verdict {
        let lines = self.lines()?;
        if lines.iter().any(|line| line.contains(text)) {
            return Ok(());
        }
        let found = if lines.is_empty() { "that it is over".to_owned() } else { few(&lines).join("\n") };
        Err(Failure::expected(format!("that it waits, and `{text}` is part of what for"), found))
    }

    fn has_run_out(&self, clock: &str) -> bool {
        self.recorded().is_some_and(|(plan, history)| told::has_run_out(plan, history, clock))
    }

    fn expect_due(&self, clock: &str, at: Timestamp) -> Verdict {
        let what = format!("that the clock runs out at {}", moment::shown(at, self.process()));
        self.expect_clock(clock, &what, |clock| clock.due == Some(at))
    }

    fn expect_clock(&self, clock: &str, what: &str, holds: impl Fn(&CaseClock) -> bool) -> Verdict {
        let known = self.process().definition().clocks.keys().map(String::as_str);
        if !known.clone().any(|known| known == clock) {
            return Err(Failure::unknown("a clock", clock, known));
        }
        let running = self.engine.clocks(self.started()?).unwrap_or_default();
        let found = match running.into_iter().rfind(|running| running.name == clock) {
            Some(running) if holds(&running) => return Ok(()),
            Some(running) => self.shown_clock(&running),
            None => "that it has not started".to_owned(),
        };
        Err(Failure::expected(format!("`{clock}`: {what}"), found))
    }

    fn shown_clock(&self, clock: &CaseClock) -> String {
        match clock.due {
            Some(due) if !clock.breached => format!("that it runs out at {}", moment::shown(due, self.process())),
            _ => format!("{clock}"),
        }
    }

    fn expect_visits(&self, step: &str, visits: u32) -> Verdict {
        self.known_step(step)?;
        let found = self.visits(step);
        if found != visits {
            return Err(Failure::expected(format!("{visits} visits"), found.to_string()).step(step));
        }
        Ok(())
    }

    fn expect_message_sent(&self, message: &str) -> Verdict {
        let sends = |step: &Step| match &step.kind {
            Kind::Send(sent) => Some(sent.message.clone()),
            _ => None,
        };
        let known: BTreeSet<String> = self.process().definition().steps.values().filter_map(sends).collect();
        if !known.contains(message) {
            let known = known.iter().map(String::as_str);
            return Err(Failure::unknown("a message that some step sends", message, known));
        }
        let sent = self.recorded().map(|(plan, history)| told::messages(plan, history)).unwrap_or_default();
        if sent.iter().any(|name| name == message) {
            return Ok(());
        }
        let found = if sent.is_empty() { "none".to_owned() } else { format!("`{}`", sent.join("`, `")) };
        Err(Failure::expected(format!("that the message `{message}` was sent"), found))
    }

    fn expect_started(&self, process: &str) -> Verdict {
        let case = self.started()?;
        if self.latest_of(process, Some(case))?.is_some() {
            return Ok(());
        }
        let note = self.engine.notes().last().map(|(_, note)| note.to_owned());
        Err(Failure::expected(format!("that a case of `{process}` was started"), "none").maybe_help(note))
    }

    /// Where the case is, to follow "found".
    pub(super) fn whereabouts(&self) -> String {
        let status = self.status();
        if status != Status::Running {
            let ends = self.case.and_then(|case| self.engine.ended_at(case).ok()).unwrap_or_default();
            let ends: BTreeSet<String> = ends.into_iter().map(|end| format!("`{end}`")).collect();
            let at = if ends.is_empty() { "" } else { " at " };
            return format!("the case {}{at}{}", status.word(), Vec::from_iter(ends).join(" and "));
        }
        let places: Vec<String> = self.places().into_iter().map(|step| format!("`{step}`")).collect();
        format!("it at {}", places.join(" and "))
    }

    /// The steps at which the case is, without those where it only waits for others.
    pub fn places(&self) -> BTreeSet<String> {
        let items = self.items().unwrap_or_default();
        items.iter().filter(|item| !waits_for_others(item)).map(|item| item.step().to_owned()).collect()
    }

    /// Whether a step is behind the case or ahead of it.
    pub(super) fn relation(&self, step: &str) -> Option<String> {
        let items = self.items().unwrap_or_default();
        let behind = match self.visits(step) {
            0 => None,
            1 => Some("it was there once".to_owned()),
            visits => Some(format!("it was there {visits} times")),
        };
        let ahead = self.can_reach(items.iter().map(WorkItem::step).collect(), step);
        match (behind, ahead) {
            (_, _) if self.status() != Status::Running => None,
            (None, true) => Some("the step is still ahead".to_owned()),
            (None, false) => Some("no way leads there from where it is".to_owned()),
            (Some(behind), true) => Some(format!("{behind}, and may come again")),
            (Some(behind), false) => Some(format!("{behind}, and the step is behind it")),
        }
    }

    /// Whether a way leads from one of these steps to another.
    fn can_reach(&self, from: Vec<&str>, to: &str) -> bool {
        let graph = self.process().graph();
        let mut open: Vec<_> = graph.node_indices().filter(|node| from.contains(&graph[*node].as_str())).collect();
        let mut seen = vec![false; graph.node_count()];
        while let Some(node) = open.pop() {
            for next in graph.neighbors(node) {
                if !std::mem::replace(&mut seen[next.index()], true) {
                    open.push(next);
                }
            }
        }
        graph.node_indices().any(|node| seen[node.index()] && graph[node] == to)
    }

    pub(super) fn known_step(&self, step: &str) -> Verdict {
        let definition = self.process().definition();
        let whole = (!definition.cracks.is_empty()).then_some(&definition.process);
        let known = definition.steps.keys().chain(whole).map(String::as_str);
        if known.clone().any(|known| known == step) {
            return Ok(());
        }
        Err(Failure::unknown(format!("a step of `{}`", definition.process), step, known))
    }

    fn known_crack(&self, crack: &str) -> Verdict {
        let definition = self.process().definition();
        let own = definition.cracks.keys();
        let known: BTreeSet<&str> =
            definition.steps.values().flat_map(|step| step.cracks.keys()).chain(own).map(String::as_str).collect();
        if known.contains(crack) {
            return Ok(());
        }
        Err(Failure::unknown(format!("a crack of `{}`", definition.process), crack, known.iter().copied()))
    }

    /// The strikes that were not expected so far.
    fn unforeseen(&self) -> Result<Vec<(u64, String)>, Failure> {
        let case = self.started()?;
        let struck = self.recorded().map(|(plan, history)| told::cracks(plan, history)).unwrap_or_default();
        Ok(struck.into_iter().filter(|(sequence, _)| !self.foreseen.contains(&(case, *sequence))).collect())
    }

    /// What the case waits for, in words.
    fn lines(&self) -> Result<Vec<String>, Failure> {
        let explained = self.engine.explain(self.started()?);
        Ok(explained.map(|explained| explained.lines().to_vec()).unwrap_or_default())
    }

    fn visits(&self, step: &str) -> u32 {
        self.recorded().and_then(|(plan, history)| Some(told::visits(history, plan.step(step)?))).unwrap_or(0)
    }
}

/// Whether a token waits only for other tokens: such a one is not where anything is to be done.
fn waits_for_others(item: &WorkItem) -> bool {
    matches!(item.phase(), Phase::Inside | Phase::Parked)
}
