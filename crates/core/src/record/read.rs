//! From a record back to its event.

use smallvec::SmallVec;

use super::write::{HELD, PHASES};
use super::{Recorded, Stored, What};
use crate::index::{ClockIx, CrackIx, FieldIx, FlowIx, PersonIx, RoleIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::kernel::{Event, Instances, Phase, Reason, TimerKind};
use crate::plan::Plan;
use crate::time::Timestamp;
use crate::value::Value;

/// A record that cannot be read with this definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {sequence} of case `{case}` (`{event}`): {message}")]
pub struct UnreadableRecord {
    /// The case.
    pub case: String,
    /// Which of its records.
    pub sequence: u64,
    /// What it says has happened.
    pub event: String,
    /// What was expected and what was found.
    pub message: String,
}

impl Recorded {
    /// The event and its time, in the indices of a plan. Whoever is named as `resource` is not looked up: who keeps a
    /// directory knows them by their number.
    ///
    /// # Errors
    /// When it names what the plan does not have, or lacks what the event needs.
    pub fn event(&self, plan: &Plan) -> Result<(Timestamp, Event), UnreadableRecord> {
        let unreadable = |message| UnreadableRecord {
            case: self.case.clone(),
            sequence: self.sequence,
            event: self.event.clone(),
            message,
        };
        let reader = Reader { plan, what: &self.what };
        let read = || Ok((time(&self.at)?, reader.event(&self.event)?));
        read().map_err(unreadable)
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    what: &'a What,
}

impl Reader<'_> {
    fn event(&self, name: &str) -> Result<Event, String> {
        let what = self.what;
        let used = || need(what.used_us, "used_us").map(crate::time::Duration::from_micros);
        let parent = || need(what.parent, "parent").map(ScopeIx);
        let text = || need(what.text.as_deref(), "text");
        let yes = || need(what.yes, "yes");
        let token_or_none = || what.token.map_or(TokenIx::NONE, TokenIx);
        Ok(match name {
            "case-started" => self.started()?,
            "data-set" => {
                let field = self.field(need(what.field.as_deref(), "field")?)?;
                Event::DataSet { field, value: self.value(field, need(what.value.as_ref(), "value")?)? }
            }
            "step-reached" => Event::TokenPlaced {
                token: self.token()?,
                step: self.step()?,
                via: self.flow()?,
                phase: self.phase()?,
                role: self.role()?,
                scope: what.scope.map_or(ScopeIx::NONE, ScopeIx),
            },
            "token-split" => Event::TokenSplit { token: self.token()?, new: TokenIx(need(what.new, "new")?) },
            "token-races" => Event::TokenRaces { token: self.token()?, race: need(what.number, "number")? },
            "step-gated" => Event::StepGated { token: self.token()?, phase: self.phase()? },
            "decided" => Event::Decided { token: self.token()?, rules: SmallVec::from_slice(&what.rules) },
            "scope-opened" => Event::ScopeOpened { scope: self.scope()?, owner: self.token()?, parent: parent()? },
            "scope-closed" => Event::ScopeClosed { scope: self.scope()? },
            "scope-detached" => Event::ScopeDetached { scope: self.scope()? },
            "instances-counted" => match what.counts[..] {
                [total, begun, ended, enough] => {
                    Event::InstancesCounted { token: self.token()?, counts: Instances { total, begun, ended, enough } }
                }
                _ => return Err(format!("expected four counts, found {}", what.counts.len())),
            },
            "join-fired" => {
                Event::JoinFired { step: self.step()?, scope: self.scope()?, seen: what.numbers.as_slice().into() }
            }
            "join-reset" => Event::JoinReset { step: self.step()?, scope: self.scope()? },
            "message-sent" => Event::MessageSent { token: self.token()?, data: self.sent()?.into() },
            "case-called" => Event::CaseCalled { token: self.token()?, data: self.sent()?.into() },
            "handed-over" => Event::HandedOver { token: self.token()?, data: self.sent()?.into() },
            "clock-started" => {
                let name = need(what.clock.as_deref(), "clock")?;
                let clock: ClockIx = self.plan.clock(name).ok_or_else(|| unknown("clock", name))?;
                Event::ClockStarted { run: self.run()?, clock, scope: self.scope()? }
            }
            "clock-paused" => Event::ClockPaused { run: self.run()?, used: used()? },
            "clock-resumed" => Event::ClockResumed { run: self.run()? },
            "clock-stopped" => Event::ClockStopped { run: self.run()?, used: used()?, done: need(what.done, "done")? },
            "clock-warned" => Event::ClockWarned { run: self.run()? },
            "clock-breached" => Event::ClockBreached { run: self.run()? },
            "token-consumed" => Event::TokenConsumed { token: self.token()? },
            "work-withdrawn" => Event::TokenWithdrawn { token: self.token()? },
            "work-allocated" => Event::WorkAllocated { token: self.token()?, person: self.person() },
            "work-started" => Event::WorkStarted { token: self.token()?, person: self.person() },
            "work-suspended" => Event::WorkSuspended { token: self.token()? },
            "work-resumed" => Event::WorkResumed { token: self.token()? },
            "holder-away" => Event::HolderPresence { token: self.token()?, away: yes()? },
            "work-completed" => Event::WorkCompleted { token: self.token()?, outcome: self.flow()? },
            "work-skipped" => Event::WorkSkipped { token: self.token()?, outcome: self.flow()? },
            "work-failed" => Event::WorkFailed { token: self.token()? },
            "work-offered" => Event::WorkOffered { token: self.token()?, role: self.role()? },
            "work-reallocated" => Event::WorkReallocated { token: self.token()?, role: self.role()? },
            "work-delayed" => Event::WorkDelayed { token: self.token()?, crack: self.crack()? },
            "work-repeated" => Event::WorkRepeated { token: self.token()?, phase: self.phase()? },
            "timer-armed" => Event::TimerArmed {
                timer: self.timer()?,
                token: token_or_none(),
                kind: self.due_for()?,
                due: time(need(what.due.as_deref(), "due")?)?,
            },
            "timer-fired" => Event::TimerFired { timer: self.timer()? },
            "timer-withdrawn" => Event::TimerWithdrawn { timer: self.timer()? },
            "failure-reported" => Event::FailureReported { token: self.token()?, reason: text()?.into() },
            "crack-struck" => {
                let named = |word: &String| HELD.iter().find(|(_, known)| known == word).map(|(held, _)| *held);
                Event::CrackStruck {
                    token: self.token()?,
                    crack: self.crack()?,
                    answered: need(what.answered, "answered")?,
                    held: what.held.as_ref().and_then(named),
                }
            }
            "incident-raised" => Event::IncidentRaised { token: self.token()?, reason: self.reason()? },
            "case-completed" => Event::CaseCompleted,
            "incident-resolved" => Event::IncidentResolved { token: self.token()? },
            "undo-noted" => Event::UndoNoted { token: self.token()? },
            "undo-kept" => Event::UndoKept { scope: self.scope()?, parent: parent()? },
            "compensation-began" => Event::CompensationBegan {
                token: self.token()?,
                crack: if what.crack.is_some() { self.crack()? } else { CrackIx::NONE },
                scopes: what.numbers.iter().copied().map(ScopeIx).collect(),
                instead_of: what.others.iter().copied().map(TokenIx).collect(),
            },
            "undo-began" => Event::UndoBegan { token: self.token()?, scope: self.scope()?, parent: parent()? },
            "compensation-ended" => Event::CompensationEnded { token: self.token()? },
            "data-remembered" => Event::DataRemembered { token: token_or_none() },
            "data-rolled-back" => Event::DataRolledBack { token: token_or_none() },
            "all-cancelled" => Event::AllCancelled { compensate: yes()? },
            "case-cancelled" => Event::CaseCancelled,
            other => return Err(format!("expected an event of version 1 of the records, found `{other}`")),
        })
    }

    fn started(&self) -> Result<Event, String> {
        let mut initial: Vec<Value> = self.plan.definition().data.keys().map(|_| Value::Absent).collect();
        for (name, stored) in &self.what.data {
            let field = self.field(name)?;
            initial[field.at()] = self.value(field, stored)?;
        }
        Ok(Event::CaseStarted { steps: self.plan.step_count() as u16, initial: initial.into() })
    }

    fn value(&self, field: FieldIx, stored: &Stored) -> Result<Value, String> {
        let value = stored.value()?;
        Ok(match self.plan.definition().data.get_index(field.at()) {
            Some((_, declared)) => value.like(declared),
            None => value,
        })
    }

    fn sent(&self) -> Result<Vec<Value>, String> {
        self.what.sent.iter().map(Stored::value).collect()
    }

    fn field(&self, name: &str) -> Result<FieldIx, String> {
        self.plan.field(name).ok_or_else(|| unknown("field", name))
    }

    fn token(&self) -> Result<TokenIx, String> {
        need(self.what.token, "token").map(TokenIx)
    }

    fn scope(&self) -> Result<ScopeIx, String> {
        need(self.what.scope, "scope").map(ScopeIx)
    }

    fn run(&self) -> Result<RunIx, String> {
        need(self.what.run, "run").map(RunIx)
    }

    fn timer(&self) -> Result<TimerIx, String> {
        need(self.what.timer, "timer").map(TimerIx)
    }

    fn person(&self) -> PersonIx {
        self.what.number.map_or(PersonIx::NONE, PersonIx)
    }

    fn step(&self) -> Result<StepIx, String> {
        self.step_of(need(self.what.step.as_deref(), "step")?)
    }

    /// A step by its name; the process itself is a step where it has cracks of its own.
    fn step_of(&self, name: &str) -> Result<StepIx, String> {
        let root = self.plan.root().filter(|_| name == self.plan.definition().process);
        root.or_else(|| self.plan.step(name)).ok_or_else(|| unknown("step", name))
    }

    fn flow(&self) -> Result<FlowIx, String> {
        match &self.what.flow {
            None => Ok(FlowIx::NONE),
            Some(id) => self.plan.flow(id).ok_or_else(|| unknown("flow", id)),
        }
    }

    fn role(&self) -> Result<RoleIx, String> {
        let Some(name) = &self.what.role else { return Ok(RoleIx::NONE) };
        let position = self.plan.definition().roles.get_index_of(name);
        position.map(|position| RoleIx(position as u16)).ok_or_else(|| unknown("role", name))
    }

    fn crack(&self) -> Result<CrackIx, String> {
        let id = need(self.what.crack.as_deref(), "crack")?;
        let (step, name) = id.split_once('/').ok_or_else(|| unknown("crack", id))?;
        self.plan.crack(self.step_of(step)?, name).ok_or_else(|| unknown("crack", id))
    }

    fn phase(&self) -> Result<Phase, String> {
        let name = need(self.what.phase.as_deref(), "phase")?;
        PHASES.iter().find(|(_, known)| *known == name).map(|(phase, _)| *phase).ok_or_else(|| unknown("phase", name))
    }

    fn due_for(&self) -> Result<TimerKind, String> {
        Ok(match need(self.what.due_for.as_deref(), "due_for")? {
            "pause" => TimerKind::Pause,
            "crack" => TimerKind::Crack(self.crack()?),
            "retry" => TimerKind::Retry,
            "warning" => TimerKind::Warning(self.run()?),
            "breach" => TimerKind::Breach(self.run()?),
            other => return Err(unknown("purpose of a timer", other)),
        })
    }

    fn reason(&self) -> Result<Reason, String> {
        let text = || need(self.what.text.as_deref(), "text");
        Ok(match need(self.what.reason.as_deref(), "reason")? {
            "unanswered" => Reason::Unanswered(self.crack()?),
            "no-branch" => Reason::NoBranch,
            "evaluation" => Reason::Evaluation(text()?.into()),
            "failed" => Reason::Failed(text()?.into()),
            "too-much-work" => Reason::TooMuchWork(self.flow()?),
            "too-much-to-undo" => Reason::TooMuchToUndo,
            "too-many-tokens" => Reason::TooManyTokens,
            "too-many-timers" => Reason::TooManyTimers,
            "too-many-clocks" => Reason::TooManyClocks,
            other => return Err(unknown("reason", other)),
        })
    }
}

fn need<T>(found: Option<T>, key: &str) -> Result<T, String> {
    found.ok_or_else(|| format!("expected `{key}`, which is missing"))
}

fn unknown(what: &str, name: &str) -> String {
    format!("there is no {what} `{name}`; read it with the definition whose hash the header names")
}

fn time(text: &str) -> Result<Timestamp, String> {
    let parsed = chrono::DateTime::parse_from_rfc3339(text);
    let wrong = |_| format!("expected a time such as `2026-01-05T09:00:00Z`, found `{text}`");
    parsed.map(|at| at.with_timezone(&chrono::Utc).into()).map_err(wrong)
}
