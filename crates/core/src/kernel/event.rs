//! What can happen to a case. An event carries all that applying it needs.

use std::sync::Arc;

use super::case::{Instances, Phase, TimerKind};
use crate::decision::{Applied, DecisionError};
use crate::definition::Held;
use crate::expression::EvalError;
use crate::index::{ClockIx, CrackIx, FieldIx, FlowIx, PersonIx, RoleIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::time::{Duration, Timestamp};
use crate::value::Value;

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The case began, with room for so many steps and these values.
    CaseStarted {
        /// How many steps its plan has.
        steps: u16,
        /// The value of each field.
        initial: Arc<[Value]>,
    },
    /// A field has a new value.
    DataSet {
        /// The field.
        field: FieldIx,
        /// The value.
        value: Value,
    },
    /// A token, new or moved, is now at a step.
    TokenPlaced {
        /// The token.
        token: TokenIx,
        /// The step.
        step: StepIx,
        /// The flow it came by; none at the start.
        via: FlowIx,
        /// What it does there.
        phase: Phase,
        /// The role its work is offered to, for human work.
        role: RoleIx,
        /// The scope it belongs to.
        scope: ScopeIx,
    },
    /// A second token stands where the first one does, ready to leave.
    TokenSplit {
        /// The first.
        token: TokenIx,
        /// The second.
        new: TokenIx,
    },
    /// The token races with others: the first at which something happens remains.
    TokenRaces {
        /// The token.
        token: TokenIx,
        /// The number of the race; 0 when it is over.
        race: u16,
    },
    /// A lock or milestone lets the token begin its step, or stops it again; or it rests before a choice.
    StepGated {
        /// The token.
        token: TokenIx,
        /// What it does now.
        phase: Phase,
    },
    /// A decision table decided what some fields become.
    Decided {
        /// The token at the step.
        token: TokenIx,
        /// The rules that say so.
        rules: Applied,
    },
    /// Steps inside another begin.
    ScopeOpened {
        /// The scope.
        scope: ScopeIx,
        /// The token at the step that contains them.
        owner: TokenIx,
        /// The scope of that token.
        parent: ScopeIx,
    },
    /// Nothing goes on inside any more.
    ScopeClosed {
        /// The scope.
        scope: ScopeIx,
    },
    /// The step that contains a scope goes on without waiting for it.
    ScopeDetached {
        /// The scope.
        scope: ScopeIx,
    },
    /// How many instances a step has, how many have begun and ended, and how many are enough.
    InstancesCounted {
        /// The token at the step.
        token: TokenIx,
        /// The counts.
        counts: Instances,
    },
    /// A join went on before all had come; those who come late are known.
    JoinFired {
        /// The join.
        step: StepIx,
        /// Its scope.
        scope: ScopeIx,
        /// The inputs that have come.
        seen: Arc<[u16]>,
    },
    /// All have come to a join that had gone on before: it begins anew.
    JoinReset {
        /// The join.
        step: StepIx,
        /// Its scope.
        scope: ScopeIx,
    },
    /// The case sends the message that its step describes.
    MessageSent {
        /// The token at the step.
        token: TokenIx,
        /// What it brings, in the order of its `with`.
        data: Arc<[Value]>,
    },
    /// The case calls the process that its step names.
    CaseCalled {
        /// The token at the step.
        token: TokenIx,
        /// What that case begins with, in the order of its `with`.
        data: Arc<[Value]>,
    },
    /// The case hands over to the process that its end names.
    HandedOver {
        /// The token at the end.
        token: TokenIx,
        /// What that case begins with, in the order of its `with`.
        data: Arc<[Value]>,
    },
    /// A clock started.
    ClockStarted {
        /// Its run.
        run: RunIx,
        /// The clock.
        clock: ClockIx,
        /// The scope it belongs to.
        scope: ScopeIx,
    },
    /// A clock stands still.
    ClockPaused {
        /// Its run.
        run: RunIx,
        /// The time it has used.
        used: Duration,
    },
    /// A clock that stood still, or had stopped, runs again.
    ClockResumed {
        /// Its run.
        run: RunIx,
    },
    /// A clock stopped.
    ClockStopped {
        /// Its run.
        run: RunIx,
        /// The time it has used.
        used: Duration,
        /// Whether what it was to measure has come about; it has not where the case, or what it belonged to, was over
        /// before.
        done: bool,
    },
    /// A clock warned.
    ClockWarned {
        /// Its run.
        run: RunIx,
    },
    /// A clock ran out.
    ClockBreached {
        /// Its run.
        run: RunIx,
    },
    /// A join or an end took the token.
    TokenConsumed {
        /// The token.
        token: TokenIx,
    },
    /// The token was withdrawn before its time.
    TokenWithdrawn {
        /// The token.
        token: TokenIx,
    },
    /// The work was given to a person.
    WorkAllocated {
        /// The token that is the work item.
        token: TokenIx,
        /// The person.
        person: PersonIx,
    },
    /// Somebody began the work.
    WorkStarted {
        /// The token that is the work item.
        token: TokenIx,
        /// The person; none where nobody keeps track of them.
        person: PersonIx,
    },
    /// The work rests.
    WorkSuspended {
        /// The token that is the work item.
        token: TokenIx,
    },
    /// The work goes on.
    WorkResumed {
        /// The token that is the work item.
        token: TokenIx,
    },
    /// Whoever has the work has fallen away, or is back.
    HolderPresence {
        /// The token that is the work item.
        token: TokenIx,
        /// Whether they are away.
        away: bool,
    },
    /// The step was completed; the token leaves by that flow.
    WorkCompleted {
        /// The token that is the work item.
        token: TokenIx,
        /// The outcome, or the only successor.
        outcome: FlowIx,
    },
    /// The step was completed without its work being done.
    WorkSkipped {
        /// The token that is the work item.
        token: TokenIx,
        /// The outcome, or the only successor.
        outcome: FlowIx,
    },
    /// The work was given up.
    WorkFailed {
        /// The token that is the work item.
        token: TokenIx,
    },
    /// The work is offered to a role again.
    WorkOffered {
        /// The token that is the work item.
        token: TokenIx,
        /// The role.
        role: RoleIx,
    },
    /// The work is to be given to somebody else of a role.
    WorkReallocated {
        /// The token that is the work item.
        token: TokenIx,
        /// The role.
        role: RoleIx,
    },
    /// The work rests until it is tried again.
    WorkDelayed {
        /// The token that is the work item.
        token: TokenIx,
        /// The crack that is answered so.
        crack: CrackIx,
    },
    /// The work is offered or requested again.
    WorkRepeated {
        /// The token that is the work item.
        token: TokenIx,
        /// What it does now.
        phase: Phase,
    },
    /// A timer was set.
    TimerArmed {
        /// The timer.
        timer: TimerIx,
        /// The token it belongs to.
        token: TokenIx,
        /// What it is for.
        kind: TimerKind,
        /// When it is due.
        due: Timestamp,
    },
    /// A timer fell due.
    TimerFired {
        /// The timer.
        timer: TimerIx,
    },
    /// A timer is no longer needed.
    TimerWithdrawn {
        /// The timer.
        timer: TimerIx,
    },
    /// The work failed, and somebody said why; what follows from that comes after.
    FailureReported {
        /// The token that is the work item.
        token: TokenIx,
        /// Why.
        reason: Arc<str>,
    },
    /// A crack struck.
    CrackStruck {
        /// The token it struck.
        token: TokenIx,
        /// The crack.
        crack: CrackIx,
        /// Whether there is any response.
        answered: bool,
        /// How far the work had got, if there is any: with that, [`Plan::triple`](crate::Plan::triple) names the response.
        held: Option<Held>,
    },
    /// The token can go no further by itself.
    IncidentRaised {
        /// The token.
        token: TokenIx,
        /// Why.
        reason: Reason,
    },
    /// The last token is gone.
    CaseCompleted,
    /// An incident was resolved; the token goes on.
    IncidentResolved {
        /// The token.
        token: TokenIx,
    },
    /// A step was completed that can be undone; the data are known as they are now.
    UndoNoted {
        /// The token.
        token: TokenIx,
    },
    /// What can be undone inside a step counts as done around it.
    UndoKept {
        /// The scope inside.
        scope: ScopeIx,
        /// The scope around.
        parent: ScopeIx,
    },
    /// What was done in these scopes is to be undone; the token waits for that.
    CompensationBegan {
        /// The token.
        token: TokenIx,
        /// The crack to answer afterwards; none when the case is cancelled afterwards.
        crack: CrackIx,
        /// The scopes.
        scopes: Arc<[ScopeIx]>,
        /// Tokens that waited for something to be undone and are withdrawn: that is undone as well.
        instead_of: Arc<[TokenIx]>,
    },
    /// The latest step that is still to be undone is undone now, in a scope of its own.
    UndoBegan {
        /// The token that waits for it.
        token: TokenIx,
        /// The scope.
        scope: ScopeIx,
        /// The scope of the token.
        parent: ScopeIx,
    },
    /// All has been undone.
    CompensationEnded {
        /// The token that waited for it.
        token: TokenIx,
    },
    /// The data are known as they are now, in case what a token is at is rolled back.
    DataRemembered {
        /// The token at the step that is entered; none for the whole case.
        token: TokenIx,
    },
    /// The data are again what they were when a step that contains others was entered.
    DataRolledBack {
        /// The token at that step; none for the whole case.
        token: TokenIx,
    },
    /// Every other case of the process is to be cancelled.
    AllCancelled {
        /// Whether what can be undone is undone first.
        compensate: bool,
    },
    /// The case was cancelled.
    CaseCancelled,
}

impl Event {
    /// Whether it is about a clock.
    pub fn is_of_clock(&self) -> bool {
        matches!(
            self,
            Event::ClockStarted { .. }
                | Event::ClockPaused { .. }
                | Event::ClockResumed { .. }
                | Event::ClockStopped { .. }
                | Event::ClockWarned { .. }
                | Event::ClockBreached { .. }
        )
    }

    /// The token it is about, if it is about one.
    pub fn token(&self) -> Option<TokenIx> {
        match self {
            Event::CaseStarted { .. }
            | Event::DataSet { .. }
            | Event::ScopeClosed { .. }
            | Event::ScopeDetached { .. }
            | Event::JoinFired { .. }
            | Event::JoinReset { .. }
            | Event::ClockStarted { .. }
            | Event::ClockPaused { .. }
            | Event::ClockResumed { .. }
            | Event::ClockStopped { .. }
            | Event::ClockWarned { .. }
            | Event::ClockBreached { .. }
            | Event::TimerFired { .. }
            | Event::TimerWithdrawn { .. }
            | Event::UndoKept { .. }
            | Event::AllCancelled { .. }
            | Event::CaseCompleted
            | Event::CaseCancelled => None,
            Event::ScopeOpened { owner, .. } => Some(*owner),
            Event::TokenSplit { new, .. } => Some(*new),
            Event::TokenPlaced { token, .. }
            | Event::TokenRaces { token, .. }
            | Event::StepGated { token, .. }
            | Event::Decided { token, .. }
            | Event::InstancesCounted { token, .. }
            | Event::MessageSent { token, .. }
            | Event::CaseCalled { token, .. }
            | Event::HandedOver { token, .. }
            | Event::TokenConsumed { token }
            | Event::TokenWithdrawn { token }
            | Event::WorkAllocated { token, .. }
            | Event::WorkStarted { token, .. }
            | Event::WorkSuspended { token }
            | Event::WorkResumed { token }
            | Event::HolderPresence { token, .. }
            | Event::WorkCompleted { token, .. }
            | Event::WorkSkipped { token, .. }
            | Event::WorkFailed { token }
            | Event::WorkOffered { token, .. }
            | Event::WorkReallocated { token, .. }
            | Event::WorkDelayed { token, .. }
            | Event::WorkRepeated { token, .. }
            | Event::TimerArmed { token, .. }
            | Event::FailureReported { token, .. }
            | Event::CrackStruck { token, .. }
            | Event::IncidentRaised { token, .. }
            | Event::IncidentResolved { token }
            | Event::UndoNoted { token }
            | Event::CompensationBegan { token, .. }
            | Event::UndoBegan { token, .. }
            | Event::CompensationEnded { token }
            | Event::DataRemembered { token }
            | Event::DataRolledBack { token } => token.some(),
        }
    }

    /// Whether dropping it does anything.
    #[inline(always)]
    pub(super) fn owns_memory(&self) -> bool {
        match self {
            Event::CaseStarted { .. }
            | Event::DataSet { .. }
            | Event::Decided { .. }
            | Event::JoinFired { .. }
            | Event::CompensationBegan { .. }
            | Event::FailureReported { .. }
            | Event::MessageSent { .. }
            | Event::CaseCalled { .. }
            | Event::HandedOver { .. }
            | Event::IncidentRaised { .. } => true,
            Event::TokenPlaced { .. }
            | Event::TokenSplit { .. }
            | Event::TokenConsumed { .. }
            | Event::TokenWithdrawn { .. }
            | Event::WorkAllocated { .. }
            | Event::WorkStarted { .. }
            | Event::WorkSuspended { .. }
            | Event::WorkResumed { .. }
            | Event::HolderPresence { .. }
            | Event::WorkOffered { .. }
            | Event::IncidentResolved { .. }
            | Event::UndoNoted { .. }
            | Event::UndoKept { .. }
            | Event::UndoBegan { .. }
            | Event::CompensationEnded { .. }
            | Event::DataRemembered { .. }
            | Event::DataRolledBack { .. }
            | Event::AllCancelled { .. }
            | Event::WorkCompleted { .. }
            | Event::WorkSkipped { .. }
            | Event::WorkFailed { .. }
            | Event::WorkReallocated { .. }
            | Event::WorkDelayed { .. }
            | Event::WorkRepeated { .. }
            | Event::TimerArmed { .. }
            | Event::TimerFired { .. }
            | Event::TimerWithdrawn { .. }
            | Event::CrackStruck { .. }
            | Event::TokenRaces { .. }
            | Event::StepGated { .. }
            | Event::ScopeOpened { .. }
            | Event::ScopeClosed { .. }
            | Event::ScopeDetached { .. }
            | Event::InstancesCounted { .. }
            | Event::JoinReset { .. }
            | Event::ClockStarted { .. }
            | Event::ClockPaused { .. }
            | Event::ClockResumed { .. }
            | Event::ClockStopped { .. }
            | Event::ClockWarned { .. }
            | Event::ClockBreached { .. }
            | Event::CaseCompleted
            | Event::CaseCancelled => false,
        }
    }
}

/// Why a token can go no further by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// A crack that interrupts has no response, or its retries are used up and it does not say what then.
    Unanswered(CrackIx),
    /// No guard of the choice held, and there is no branch otherwise.
    NoBranch,
    /// An expression could not be evaluated; the text says which and why.
    Evaluation(Arc<str>),
    /// The work failed, and no crack answers that.
    Failed(Arc<str>),
    /// The command caused more work than one command may, probably a loop without a pause; the flow is the one that was
    /// not taken any more, if the token was leaving.
    TooMuchWork(FlowIx),
    /// More can be undone than a case can remember.
    TooMuchToUndo,
    /// The case has more tokens than a case may have.
    TooManyTokens,
    /// The case has more timers than a case may have.
    TooManyTimers,
    /// More runs of clocks are under way than a case may have.
    TooManyClocks,
}

impl From<EvalError> for Reason {
    #[cold]
    fn from(error: EvalError) -> Reason {
        Reason::Evaluation(error.to_string().into())
    }
}

impl From<DecisionError> for Reason {
    #[cold]
    fn from(error: DecisionError) -> Reason {
        Reason::Evaluation(error.to_string().into())
    }
}
