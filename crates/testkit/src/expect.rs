//! What is expected of the case.

use std::collections::BTreeSet;

use grieta_core::Plan;
use grieta_core::definition::{Kind, Step};
use grieta_core::kernel::{ClockState, Phase, Status};
use grieta_runtime::{CaseClock, Data, Recorded};

use crate::failure::Failure;
use crate::happen::{typed, waits_for_others};
use crate::setup::CaseTest;
use crate::{moment, told};

impl CaseTest {
    /// Expects the case at that step, once or several times, and nowhere else. What only waits for other branches or for the
    /// steps inside it counts only where it is named.
    #[track_caller]
    pub fn expect_at(self, step: &str) -> CaseTest {
        self.expect_at_all([step])
    }

    /// Expects the case at these steps at once, and nowhere else; as [`CaseTest::expect_at`] otherwise.
    #[track_caller]
    pub fn expect_at_all<'a>(self, steps: impl IntoIterator<Item = &'a str>) -> CaseTest {
        let items = self.items();
        let expected: BTreeSet<&str> = steps.into_iter().collect();
        for step in &expected {
            self.known_step(step);
        }
        let missing = expected.iter().copied().find(|step| !items.iter().any(|item| item.step() == *step));
        let elsewhere = items.iter().any(|item| !expected.contains(item.step()) && !waits_for_others(item));
        if missing.is_some() || elsewhere {
            let wanted = expected.iter().map(|step| format!("`{step}`")).collect::<Vec<_>>().join(" and ");
            let help = match missing {
                Some(missing) => self.relation(missing),
                None => Some("it is elsewhere too: name all of that with `.expect_at_all([…])`".to_owned()),
            };
            let step = missing.or(expected.first().copied()).unwrap_or_default();
            let failure = Failure::expected(format!("the case at {wanted}"), self.whereabouts()).step(step);
            self.fail(failure.maybe_help(help));
        }
        self
    }

    /// Expects that nothing of the case is at that step.
    #[track_caller]
    pub fn expect_not_at(self, step: &str) -> CaseTest {
        self.known_step(step);
        if self.items().iter().any(|item| item.step() == step) {
            self.fail(Failure::expected("the case to be elsewhere", self.whereabouts()).step(step));
        }
        self
    }

    /// Expects that the case is over, in whatever way.
    #[track_caller]
    pub fn expect_over(self) -> CaseTest {
        self.expect_status("the case to be over", &[Status::Completed, Status::Cancelled])
    }

    /// Expects that the case has come to its end by itself.
    #[track_caller]
    pub fn expect_completed(self) -> CaseTest {
        self.expect_status("the case to be completed", &[Status::Completed])
    }

    /// Expects that the case has come to its end by itself, and to that end, perhaps among others.
    #[track_caller]
    pub fn expect_ended_at(self, step: &str) -> CaseTest {
        self.known_step(step);
        let test = self.expect_status("the case to be completed", &[Status::Completed]);
        if test.visits(step) == 0 {
            test.fail(Failure::expected("the case to have ended there", "that it never came there").step(step));
        }
        test
    }

    /// Expects that the case was cancelled.
    #[track_caller]
    pub fn expect_cancelled(self) -> CaseTest {
        self.expect_status("the case to be cancelled", &[Status::Cancelled])
    }

    /// Expects that a crack of that name struck the case, at whatever step. Each strike is expected once: what struck once
    /// fails a second expectation.
    #[track_caller]
    pub fn expect_crack(mut self, crack: &str) -> CaseTest {
        self.known_crack(crack);
        let case = self.started();
        match self.unforeseen().into_iter().find(|(_, name)| name == crack) {
            Some((sequence, _)) => _ = self.foreseen.insert((case, sequence)),
            None => {
                let others: Vec<String> = self.unforeseen().into_iter().map(|(_, name)| format!("`{name}`")).collect();
                let found = match others.as_slice() {
                    [] => "none".to_owned(),
                    others => others.join(", "),
                };
                let again = self.foreseen.iter().any(|(of, _)| *of == case);
                let found = if again { format!("{found}, besides what was expected before") } else { found };
                self.fail(Failure::expected(format!("that the crack `{crack}` struck"), found));
            }
        }
        self
    }

    /// Expects that no crack struck the case, besides those that were expected before.
    #[track_caller]
    pub fn expect_no_crack(self) -> CaseTest {
        if let Some((_, crack)) = self.unforeseen().into_iter().next() {
            self.fail(Failure::expected("that no crack struck", format!("`{crack}`")));
        }
        self
    }

    /// Expects that every rule of the definition on the order of steps is kept: by what was done so far, and once the case is
    /// over by all of it.
    #[track_caller]
    pub fn expect_rules_kept(self) -> CaseTest {
        let over = matches!(self.status(), Status::Completed | Status::Cancelled);
        let broken = self.recorded().and_then(|(plan, history)| {
            plan.definition().rules.iter().find_map(|rule| told::broken(plan, history, rule, over))
        });
        if let Some((demand, how)) = broken {
            self.fail(Failure::expected(format!("that {demand}"), how));
        }
        self
    }

    /// Expects an incident whose reason contains the text.
    #[track_caller]
    pub fn expect_incident(self, text: &str) -> CaseTest {
        let lines = self.lines();
        let items = self.items();
        let mut incidents = items.iter().zip(&lines).filter(|(item, _)| item.phase() == Phase::Incident);
        if !incidents.any(|(_, line)| line.contains(text)) {
            let found = items.iter().any(|item| item.phase() == Phase::Incident);
            let found = if found { "others" } else { "none" };
            self.fail(Failure::expected(format!("an incident that says `{text}`"), found));
        }
        self
    }

    /// Expects these values in the data of the case; what is not named may be anything.
    #[track_caller]
    pub fn expect_data(self, data: Data) -> CaseTest {
        let case = self.started();
        for (field, value) in data.iter() {
            let definition = self.process().definition();
            let expected = match typed(definition, field, value) {
                Ok(expected) => expected,
                Err(problem) => self.fail(Failure::misread(format!("a value for `{field}`"), &problem)),
            };
            match self.engine.value(case, field) {
                Ok(found) if found == expected => {}
                Ok(found) => {
                    self.fail(Failure::expected(format!("{field} = {expected}"), format!("{field} = {found}")))
                }
                Err(_) => {
                    self.fail(Failure::unknown("a field", field, definition.data.keys().map(String::as_str)));
                }
            }
        }
        self
    }

    /// Expects the text in what the case waits for, as `explain` of the engine says it.
    #[track_caller]
    pub fn expect_waiting(self, text: &str) -> CaseTest {
        let lines = self.lines();
        if !lines.iter().any(|line| line.contains(text)) {
            let found = if lines.is_empty() { "that it is over".to_owned() } else { lines.join("\n") };
            self.fail(Failure::expected(format!("that it waits, and `{text}` is part of what for"), found));
        }
        self
    }

    /// Expects that the clock has run out, in whichever of its runs.
    #[track_caller]
    pub fn expect_run_out(self, clock: &str) -> CaseTest {
        let has = self.has_run_out(clock);
        self.expect_clock(clock, "that the clock has run out", |_| has)
    }

    /// Expects that the clock has started and has not run out, in none of its runs, be it that it runs or has stopped.
    #[track_caller]
    pub fn expect_in_time(self, clock: &str) -> CaseTest {
        let has = self.has_run_out(clock);
        self.expect_clock(clock, "that the clock has not run out", |_| !has)
    }

    fn has_run_out(&self, clock: &str) -> bool {
        self.recorded().is_some_and(|(plan, history)| told::has_run_out(plan, history, clock))
    }

    /// Expects that the clock stands still.
    #[track_caller]
    pub fn expect_paused(self, clock: &str) -> CaseTest {
        self.expect_clock(clock, "that the clock stands still", |clock| clock.state == ClockState::Paused)
    }

    /// Expects that the clock runs, and until then if nothing stops it; the time is written as for
    /// [`CaseTest::at`].
    #[track_caller]
    pub fn expect_due(self, clock: &str, at: &str) -> CaseTest {
        let expected = match moment::read(at) {
            Ok(expected) => expected,
            Err(problem) => self.fail(Failure::misread("a time", &problem)),
        };
        let what = format!("that the clock runs out at {}", moment::shown(expected, self.process()));
        self.expect_clock(clock, &what, |clock| clock.due == Some(expected))
    }

    #[track_caller]
    fn expect_clock(self, clock: &str, what: &str, holds: impl Fn(&CaseClock) -> bool) -> CaseTest {
        let known = self.process().definition().clocks.keys().map(String::as_str);
        if !known.clone().any(|known| known == clock) {
            self.fail(Failure::unknown("a clock", clock, known));
        }
        let running = self.engine.clocks(self.started()).unwrap_or_default();
        match running.into_iter().rfind(|running| running.name == clock) {
            Some(running) if holds(&running) => {}
            Some(running) => self.fail(Failure::expected(format!("`{clock}`: {what}"), self.shown_clock(&running))),
            None => self.fail(Failure::expected(format!("`{clock}`: {what}"), "that it has not started")),
        }
        self
    }

    fn shown_clock(&self, clock: &CaseClock) -> String {
        match clock.due {
            Some(due) if !clock.breached => format!("that it runs out at {}", moment::shown(due, self.process())),
            _ => format!("{clock}"),
        }
    }

    /// Expects that the case has come to that step so often.
    #[track_caller]
    pub fn expect_visits(self, step: &str, visits: u32) -> CaseTest {
        self.known_step(step);
        let found = self.visits(step);
        if found != visits {
            self.fail(Failure::expected(format!("{visits} visits"), found.to_string()).step(step));
        }
        self
    }

    /// Expects that the case sent a message of that name.
    #[track_caller]
    pub fn expect_message_sent(self, message: &str) -> CaseTest {
        let sends = |step: &Step| match &step.kind {
            Kind::Send(sent) => Some(sent.message.clone()),
            _ => None,
        };
        let known: BTreeSet<String> = self.process().definition().steps.values().filter_map(sends).collect();
        if !known.contains(message) {
            self.fail(Failure::unknown("a message that some step sends", message, known.iter().map(String::as_str)));
        }
        let sent = self.recorded().map(|(plan, history)| told::messages(plan, history)).unwrap_or_default();
        if !sent.iter().any(|name| name == message) {
            let found = if sent.is_empty() { "none".to_owned() } else { format!("`{}`", sent.join("`, `")) };
            self.fail(Failure::expected(format!("that the message `{message}` was sent"), found));
        }
        self
    }

    /// Expects that another case, of that process, has been started. [`CaseTest::case_of`] goes there.
    #[track_caller]
    pub fn expect_started(self, process: &str) -> CaseTest {
        let case = self.started();
        if self.latest_of(process, Some(case)).is_none() {
            let note = self.engine.notes().last().map(|(_, note)| note.to_owned());
            let failure = Failure::expected(format!("that a case of `{process}` was started"), "none");
            self.fail(failure.maybe_help(note));
        }
        self
    }

    #[track_caller]
    fn expect_status(self, expected: &str, among: &[Status]) -> CaseTest {
        _ = self.started();
        if !among.contains(&self.status()) {
            self.fail(Failure::expected(expected, self.whereabouts()));
        }
        self
    }

    /// Where the case is, to follow "found".
    pub(crate) fn whereabouts(&self) -> String {
        let status = self.status();
        if status != Status::Running {
            return format!("the case {}", status.word());
        }
        let items = self.case.and_then(|case| self.engine.items(case).ok()).unwrap_or_default();
        let places: BTreeSet<String> =
            items.iter().filter(|item| !waits_for_others(item)).map(|item| format!("`{}`", item.step())).collect();
        format!("it at {}", places.into_iter().collect::<Vec<_>>().join(" and "))
    }

    /// Whether a step is behind the case or ahead of it.
    pub(crate) fn relation(&self, step: &str) -> Option<String> {
        let items = self.case.and_then(|case| self.engine.items(case).ok()).unwrap_or_default();
        let behind = match self.visits(step) {
            0 => None,
            1 => Some("it was there once".to_owned()),
            visits => Some(format!("it was there {visits} times")),
        };
        let ahead = self.can_reach(items.iter().map(|item| item.step()).collect(), step);
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

    #[track_caller]
    pub(crate) fn known_step(&self, step: &str) {
        let definition = self.process().definition();
        let whole = (!definition.cracks.is_empty()).then_some(&definition.process);
        let known = definition.steps.keys().chain(whole).map(String::as_str);
        if !known.clone().any(|known| known == step) {
            self.fail(Failure::unknown(format!("a step of `{}`", definition.process), step, known));
        }
    }

    #[track_caller]
    fn known_crack(&self, crack: &str) {
        let definition = self.process().definition();
        let own = definition.cracks.keys();
        let known: BTreeSet<&str> =
            definition.steps.values().flat_map(|step| step.cracks.keys()).chain(own).map(String::as_str).collect();
        if !known.contains(crack) {
            self.fail(Failure::unknown(format!("a crack of `{}`", definition.process), crack, known.iter().copied()));
        }
    }

    /// The strikes that were not expected so far.
    #[track_caller]
    fn unforeseen(&self) -> Vec<(u64, String)> {
        let case = self.started();
        let struck = self.recorded().map(|(plan, history)| told::cracks(plan, history)).unwrap_or_default();
        struck.into_iter().filter(|(sequence, _)| !self.foreseen.contains(&(case, *sequence))).collect()
    }

    /// What the case waits for, in words.
    #[track_caller]
    fn lines(&self) -> Vec<String> {
        let case = self.started();
        self.engine.explain(case).map(|explained| explained.lines().to_vec()).unwrap_or_default()
    }

    fn visits(&self, step: &str) -> u32 {
        self.recorded().and_then(|(plan, history)| Some(told::visits(history, plan.step(step)?))).unwrap_or(0)
    }

    fn recorded(&self) -> Option<(&Plan, &[Recorded])> {
        let case = self.case?;
        Some((self.engine.plan(case).ok()?, self.engine.history(case).ok()?))
    }
}
