//! From an event to its record.

use super::{Recorded, Stored, What};
use crate::definition::Held;
use crate::index::{PersonIx, RoleIx, StepIx, TokenIx};
use crate::kernel::{Case, Event, Phase, Reason, TimerKind};
use crate::plan::Plan;
use crate::time::Timestamp;
use crate::value::Value;
use crate::world::Directory;

impl Recorded {
    /// The record of an event, the how-manieth of its case, once it is applied to `case`.
    ///
    /// Whoever is not among `people` goes without a name; a caller that knows better sets `resource`.
    pub fn of(
        plan: &Plan,
        people: &Directory,
        name: &str,
        sequence: u64,
        case: &Case,
        at: Timestamp,
        event: &Event,
    ) -> Recorded {
        let mut what = What::default();
        let event_name = Writer { plan, people, case, what: &mut what }.write(event);
        Recorded { case: name.to_owned(), sequence, at: at.to_string(), event: event_name.to_owned(), what }
    }
}

impl What {
    /// Says whose work it is.
    pub fn offered_to(&mut self, plan: &Plan, role: RoleIx) {
        if role != RoleIx::NONE {
            let name = plan.role_name(role);
            self.role = Some(name.to_owned());
            self.department = plan.definition().roles.get(name).and_then(|role| role.department.clone());
        }
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    people: &'a Directory,
    case: &'a Case,
    what: &'a mut What,
}

impl Writer<'_> {
    /// Notes what the event is about, and says its name.
    fn write(&mut self, event: &Event) -> &'static str {
        if let Some(token) = event.token() {
            self.token(token);
        }
        let plan = self.plan;
        match event {
            Event::CaseStarted { initial, .. } => {
                let fields = plan.definition().data.iter().zip(initial.iter());
                let known = fields.filter(|(_, value)| !value.is_absent());
                self.what.data =
                    known.map(|((name, field), value)| (name.clone(), Stored::of_field(value, field))).collect();
                "case-started"
            }
            Event::DataSet { field, value } => {
                if let Some((name, declared)) = plan.definition().data.get_index(field.at()) {
                    self.what.field = Some(name.clone());
                    self.what.value = Some(Stored::of_field(value, declared));
                }
                "data-set"
            }
            Event::TokenPlaced { step, via, phase, role, scope, .. } => {
                self.what.step = Some(plan.step_name(*step).to_owned());
                self.what.visit = Some(self.case.visits(*step));
                self.what.flow = via.some().map(|via| plan.flow_id(via).to_owned());
                self.what.phase = Some(word(*phase).to_owned());
                self.what.offered_to(plan, *role);
                self.what.scope = scope.some().map(|scope| scope.0);
                "step-reached"
            }
            Event::TokenSplit { token, new } => {
                (self.what.token, self.what.new) = (Some(token.0), Some(new.0));
                "token-split"
            }
            Event::TokenRaces { race, .. } => self.number(*race, "token-races"),
            Event::StepGated { phase, .. } => self.phase(*phase, "step-gated"),
            Event::Decided { rules, .. } => {
                self.what.rules = rules.to_vec();
                "decided"
            }
            Event::ScopeOpened { scope, parent, .. } => {
                (self.what.scope, self.what.parent) = (Some(scope.0), Some(parent.0));
                "scope-opened"
            }
            Event::ScopeClosed { scope } => self.scope(scope.0, "scope-closed"),
            Event::ScopeDetached { scope } => self.scope(scope.0, "scope-detached"),
            Event::InstancesCounted { counts, .. } => {
                self.what.counts = vec![counts.total, counts.begun, counts.ended, counts.enough];
                "instances-counted"
            }
            Event::JoinFired { step, scope, seen } => {
                self.what.step = Some(plan.step_name(*step).to_owned());
                self.what.numbers = seen.to_vec();
                self.scope(scope.0, "join-fired")
            }
            Event::JoinReset { step, scope } => {
                self.what.step = Some(plan.step_name(*step).to_owned());
                self.scope(scope.0, "join-reset")
            }
            Event::MessageSent { data, .. } => self.sent(data, "message-sent"),
            Event::CaseCalled { data, .. } => self.sent(data, "case-called"),
            Event::HandedOver { data, .. } => self.sent(data, "handed-over"),
            Event::ClockStarted { run, clock, scope } => {
                self.what.clock = Some(plan.clock_name(*clock).to_owned());
                self.what.run = Some(run.0);
                self.scope(scope.0, "clock-started")
            }
            Event::ClockPaused { run, used } => {
                self.what.used_us = Some(used.as_micros());
                self.run(*run, "clock-paused")
            }
            Event::ClockResumed { run } => self.run(*run, "clock-resumed"),
            Event::ClockStopped { run, used, done } => {
                (self.what.used_us, self.what.done) = (Some(used.as_micros()), Some(*done));
                self.run(*run, "clock-stopped")
            }
            Event::ClockWarned { run } => self.run(*run, "clock-warned"),
            Event::ClockBreached { run } => self.run(*run, "clock-breached"),
            Event::TokenConsumed { token } => self.gone(*token, "token-consumed"),
            Event::TokenWithdrawn { token } => self.gone(*token, "work-withdrawn"),
            Event::WorkAllocated { person, .. } => self.person(*person, "work-allocated"),
            Event::WorkStarted { person, .. } => self.person(*person, "work-started"),
            Event::WorkSuspended { .. } => "work-suspended",
            Event::WorkResumed { .. } => "work-resumed",
            Event::HolderPresence { away, .. } => self.yes(*away, "holder-away"),
            Event::WorkCompleted { outcome, .. } => self.flow(*outcome, "work-completed"),
            Event::WorkSkipped { outcome, .. } => self.flow(*outcome, "work-skipped"),
            Event::WorkFailed { .. } => "work-failed",
            Event::WorkOffered { role, .. } => self.role(*role, "work-offered"),
            Event::WorkReallocated { role, .. } => self.role(*role, "work-reallocated"),
            Event::WorkDelayed { token, crack } => {
                self.crack(*token, *crack);
                "work-delayed"
            }
            Event::WorkRepeated { phase, .. } => self.phase(*phase, "work-repeated"),
            Event::TimerArmed { timer, token, kind, due } => {
                (self.what.timer, self.what.due) = (Some(timer.0), Some(due.to_string()));
                self.what.due_for = Some(self.due_for(*token, *kind).to_owned());
                "timer-armed"
            }
            Event::TimerFired { timer } => self.timer(timer.0, "timer-fired"),
            Event::TimerWithdrawn { timer } => self.timer(timer.0, "timer-withdrawn"),
            Event::FailureReported { reason, .. } => {
                self.what.text = Some(reason.to_string());
                "failure-reported"
            }
            Event::CrackStruck { token, crack, answered, held } => {
                self.crack(*token, *crack);
                (self.what.answered, self.what.held) = (Some(*answered), held.map(|held| held_word(held).to_owned()));
                "crack-struck"
            }
            Event::IncidentRaised { token, reason } => {
                self.reason(*token, reason);
                "incident-raised"
            }
            Event::CaseCompleted => "case-completed",
            Event::IncidentResolved { .. } => "incident-resolved",
            Event::UndoNoted { .. } => "undo-noted",
            Event::UndoKept { scope, parent } => {
                self.what.parent = Some(parent.0);
                self.scope(scope.0, "undo-kept")
            }
            Event::CompensationBegan { token, crack, scopes, instead_of } => {
                if crack.some().is_some() {
                    self.crack(*token, *crack);
                }
                self.what.numbers = scopes.iter().map(|scope| scope.0).collect();
                self.what.others = instead_of.iter().map(|token| token.0).collect();
                "compensation-began"
            }
            Event::UndoBegan { scope, parent, .. } => {
                self.what.parent = Some(parent.0);
                self.scope(scope.0, "undo-began")
            }
            Event::CompensationEnded { .. } => "compensation-ended",
            Event::DataRemembered { .. } => "data-remembered",
            Event::DataRolledBack { .. } => "data-rolled-back",
            Event::AllCancelled { compensate } => self.yes(*compensate, "all-cancelled"),
            Event::CaseCancelled => "case-cancelled",
        }
    }

    /// The token, and where it is.
    fn token(&mut self, token: TokenIx) {
        self.what.token = Some(token.0);
        let Some(item) = self.case.token(token) else { return };
        if item.step != StepIx::NONE && self.plan.root() != Some(item.step) {
            self.what.step = Some(self.plan.step_name(item.step).to_owned());
            self.what.visit = Some(item.visit);
        }
        self.what.offered_to(self.plan, item.role);
        self.holder(item.person);
    }

    fn holder(&mut self, person: PersonIx) {
        let name = self.people.name(person);
        if !name.is_empty() {
            self.what.resource = Some(name.to_owned());
        }
    }

    fn person(&mut self, person: PersonIx, name: &'static str) -> &'static str {
        self.holder(person);
        // Without a directory the number is all there is.
        self.what.number = person.some().map(|person| person.0);
        name
    }

    fn crack(&mut self, token: TokenIx, crack: crate::index::CrackIx) {
        let step = self.plan.cracked(crack).or_else(|| self.case.token(token).map(|item| item.step));
        let Some(step) = step else { return };
        let name = self.plan.crack_name(step, crack);
        let declared = self.plan.declared_cracks(step).and_then(|cracks| cracks.get(name));
        self.what.crack = Some(format!("{}/{name}", self.plan.step_name(step)));
        self.what.response = declared.map(|crack| crack.answer());
    }

    fn reason(&mut self, token: TokenIx, reason: &Reason) {
        let word = match reason {
            Reason::Unanswered(crack) => {
                self.crack(token, *crack);
                "unanswered"
            }
            Reason::NoBranch => "no-branch",
            Reason::Evaluation(why) => {
                self.what.text = Some(why.to_string());
                "evaluation"
            }
            Reason::Failed(why) => {
                self.what.text = Some(why.to_string());
                "failed"
            }
            Reason::TooMuchWork(flow) => {
                self.what.flow = flow.some().map(|flow| self.plan.flow_id(flow).to_owned());
                "too-much-work"
            }
            Reason::TooMuchToUndo => "too-much-to-undo",
            Reason::TooManyTokens => "too-many-tokens",
            Reason::TooManyTimers => "too-many-timers",
            Reason::TooManyClocks => "too-many-clocks",
        };
        self.what.reason = Some(word.to_owned());
    }

    fn due_for(&mut self, token: TokenIx, kind: TimerKind) -> &'static str {
        match kind {
            TimerKind::Pause => "pause",
            TimerKind::Crack(crack) => {
                self.crack(token, crack);
                "crack"
            }
            TimerKind::Retry => "retry",
            TimerKind::Warning(run) => self.run(run, "warning"),
            TimerKind::Breach(run) => self.run(run, "breach"),
        }
    }

    fn sent(&mut self, data: &[Value], name: &'static str) -> &'static str {
        self.what.sent = data.iter().map(Stored::of).collect();
        name
    }

    fn number(&mut self, number: u16, name: &'static str) -> &'static str {
        self.what.number = Some(number);
        name
    }

    fn phase(&mut self, phase: Phase, name: &'static str) -> &'static str {
        self.what.phase = Some(word(phase).to_owned());
        name
    }

    fn flow(&mut self, flow: crate::index::FlowIx, name: &'static str) -> &'static str {
        self.what.flow = flow.some().map(|flow| self.plan.flow_id(flow).to_owned());
        name
    }

    fn role(&mut self, role: RoleIx, name: &'static str) -> &'static str {
        self.what.offered_to(self.plan, role);
        name
    }

    fn scope(&mut self, scope: u16, name: &'static str) -> &'static str {
        self.what.scope = Some(scope);
        name
    }

    /// The run of a clock, and which clock it is.
    fn run(&mut self, run: crate::index::RunIx, name: &'static str) -> &'static str {
        self.what.run = Some(run.0);
        if let Some(running) = self.case.clock(run) {
            self.what.clock = Some(self.plan.clock_name(running.clock).to_owned());
        }
        name
    }

    fn timer(&mut self, timer: u16, name: &'static str) -> &'static str {
        self.what.timer = Some(timer);
        name
    }

    fn yes(&mut self, yes: bool, name: &'static str) -> &'static str {
        self.what.yes = Some(yes);
        name
    }

    fn gone(&mut self, token: TokenIx, name: &'static str) -> &'static str {
        self.what.token = Some(token.0);
        name
    }
}

/// Every phase and its name.
pub(super) const PHASES: [(Phase, &str); 19] = [
    (Phase::Free, "free"),
    (Phase::Leaving, "leaving"),
    (Phase::Parked, "parked"),
    (Phase::Created, "created"),
    (Phase::Offered, "offered"),
    (Phase::Allocated, "allocated"),
    (Phase::Started, "started"),
    (Phase::Suspended, "suspended"),
    (Phase::Requested, "requested"),
    (Phase::Pausing, "pausing"),
    (Phase::Waiting, "waiting"),
    (Phase::Receiving, "receiving"),
    (Phase::Calling, "calling"),
    (Phase::Inside, "inside"),
    (Phase::Gated, "gated"),
    (Phase::Undecided, "undecided"),
    (Phase::Delayed, "delayed"),
    (Phase::Compensating, "compensating"),
    (Phase::Incident, "incident"),
];

fn word(phase: Phase) -> &'static str {
    PHASES.iter().find(|(known, _)| *known == phase).map_or("free", |(_, word)| word)
}

/// How far work had got, and its name.
pub(super) const HELD: [(Held, &str); 3] =
    [(Held::Offered, "offered"), (Held::Allocated, "allocated"), (Held::Started, "started")];

fn held_word(held: Held) -> &'static str {
    HELD.iter().find(|(known, _)| *known == held).map_or("offered", |(_, word)| word)
}
