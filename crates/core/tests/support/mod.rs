//! What the kernel's tests share: a case that is driven by names.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod whole;

use std::sync::Arc;

use grieta_core::definition::{Definition, Held};
use grieta_core::kernel::{Case, Command, Evaluate, Event, Rejection, Status, execute};
use grieta_core::value::Value;
use grieta_core::{Duration, FieldIx, PersonIx, Plan, Process, Timestamp, TokenIx};

/// A case that is driven by the names of steps and outcomes, and remembers its events.
pub struct Desk {
    pub plan: Plan,
    pub case: Case,
    pub now: Timestamp,
    pub events: Vec<(Timestamp, Event)>,
}

#[allow(dead_code, reason = "each test file uses its own part")]
impl Desk {
    pub fn new(definition: Definition) -> Desk {
        let process = Process::new(definition).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = Plan::new(Arc::new(process)).unwrap_or_else(|problems| panic!("{problems}"));
        Desk { plan, case: Case::default(), now: Timestamp::EPOCH, events: Vec::new() }
    }

    /// A case that has been started without data.
    pub fn started(definition: Definition) -> Desk {
        let mut desk = Desk::new(definition);
        desk.command(&Command::Start { data: vec![] }).unwrap();
        desk
    }

    pub fn command(&mut self, command: &Command) -> Result<(), Rejection> {
        self.command_heard(command, |_, _, _, _| ())
    }

    /// The same, and lets others hear what happens.
    pub fn command_heard(
        &mut self,
        command: &Command,
        mut hear: impl FnMut(&Plan, &Case, Timestamp, &Event),
    ) -> Result<(), Rejection> {
        let Desk { plan, case, now, events } = self;
        let mut log = |case: &Case, at: Timestamp, event: &Event| {
            hear(plan, case, at, event);
            events.push((at, event.clone()));
        };
        execute(plan, case, *now, command, &mut Evaluate, &mut log)
    }

    /// Whether the case is the fold of its events, and all holds that always does.
    pub fn is_whole(&self) -> Result<(), String> {
        let mut folded = Case::default();
        self.events.iter().for_each(|(at, event)| folded.apply(*at, event));
        if folded != self.case {
            return Err("the case is not the fold of its events".to_owned());
        }
        whole::wrong(&self.plan, &self.case).map_or(Ok(()), Err)
    }

    /// The token at a step.
    pub fn at(&self, step: &str) -> TokenIx {
        let index = self.plan.step(step).unwrap_or_else(|| panic!("no step `{step}`"));
        let found = self.case.tokens().find(|(_, token)| token.step == index);
        found.map_or_else(|| panic!("nothing at `{step}`; {}", self.shown()), |(token, _)| token)
    }

    pub fn begin(&mut self, step: &str) -> &mut Desk {
        let token = self.at(step);
        self.command(&Command::Begin { token, person: PersonIx::NONE }).unwrap();
        self
    }

    pub fn complete(&mut self, step: &str, outcome: Option<&str>) -> &mut Desk {
        self.complete_with(step, outcome, vec![]).unwrap();
        self
    }

    pub fn complete_with(
        &mut self,
        step: &str,
        outcome: Option<&str>,
        data: Vec<(FieldIx, Value)>,
    ) -> Result<(), Rejection> {
        let token = self.at(step);
        if self.case.token(token).unwrap().phase.held() == Some(Held::Offered) {
            self.command(&Command::Begin { token, person: PersonIx::NONE })?;
        }
        let outcome = outcome.map(|name| self.plan.outcome(self.plan.step(step).unwrap(), Some(name)).unwrap());
        self.command(&Command::Complete { token, outcome, data })
    }

    pub fn strike(&mut self, step: &str, crack: &str) -> &mut Desk {
        let token = self.at(step);
        let crack = self.plan.crack(self.plan.step(step).unwrap(), crack).unwrap();
        self.command(&Command::Strike { token, crack }).unwrap();
        self
    }

    /// Lets time pass, and every timer fire that falls due meanwhile, in order.
    pub fn advance(&mut self, span: Duration) -> &mut Desk {
        let until = self.now + span;
        while let Some((timer, due)) =
            self.case.timers().map(|(ix, timer)| (ix, timer.due)).min_by_key(|(ix, due)| (*due, *ix))
        {
            if due > until {
                break;
            }
            self.now = due;
            self.command(&Command::TimerDue { timer }).unwrap();
        }
        self.now = until;
        self
    }

    /// Where the tokens are, and what they do there: `call: Offered, pack: Parked`, or the status of a case that is over.
    pub fn shown(&self) -> String {
        if self.case.status() != Status::Running {
            return self.case.status().word().to_owned();
        }
        let token =
            |token: &grieta_core::kernel::Token| format!("{}: {:?}", self.plan.step_name(token.step), token.phase);
        let mut all: Vec<String> = self.case.tokens().map(|(_, item)| token(item)).collect();
        all.sort();
        all.join(", ")
    }

    pub fn explained(&self) -> Vec<String> {
        self.case.explain(&self.plan).iter().map(ToString::to_string).collect()
    }
}
