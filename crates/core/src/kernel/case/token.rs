//! Tokens: where a case is, and what it does there.

use crate::definition::Held;
use crate::index::{CrackIx, FlowIx, PersonIx, RoleIx, ScopeIx, StepIx};
use crate::time::Timestamp;

/// A token: where the case is. At a step with work, the token is the work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The step it is at.
    pub step: StepIx,
    /// The flow it came by.
    pub via: FlowIx,
    /// The role its work is offered to.
    pub role: RoleIx,
    /// What it does there.
    pub phase: Phase,
    /// The person who has its work, or had it last.
    pub person: PersonIx,
    /// That person has fallen away.
    pub away: bool,
    /// The scope it belongs to.
    pub scope: ScopeIx,
    /// The race it takes part in, 0 for none.
    pub race: u16,
    /// The latest crack that struck it here and found no response (bookkeeping).
    pub unanswered: CrackIx,
    /// The how-manieth visit of the case to this step it is, from 1 (bookkeeping).
    pub visit: u32,
    /// How often the work was offered again, or to others, during this visit (bookkeeping).
    pub attempt: u16,
    /// Since when it has been in this phase (bookkeeping).
    pub since: Timestamp,
}

/// Two fit into a line of a cache.
const _: () = assert!(size_of::<Token>() <= 32);

impl Token {
    /// A token that is nowhere yet.
    pub(super) fn new(at: Timestamp) -> Token {
        Token {
            step: StepIx::NONE,
            via: FlowIx::NONE,
            role: RoleIx::NONE,
            person: PersonIx::NONE,
            away: false,
            phase: Phase::Free,
            scope: ScopeIx(0),
            race: 0,
            unanswered: CrackIx::NONE,
            visit: 0,
            attempt: 0,
            since: at,
        }
    }
}

/// What a token does at its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing: the place is free.
    Free,
    /// It is on its way out.
    Leaving,
    /// It waits at a join for the others.
    Parked,
    /// Its work waits to be given to somebody of a role.
    Created,
    /// Its work is offered to a role.
    Offered,
    /// Its work was given to a person, who has not begun.
    Allocated,
    /// Somebody is at work.
    Started,
    /// Somebody has begun, and the work rests.
    Suspended,
    /// A system is at work.
    Requested,
    /// It waits for time to pass.
    Pausing,
    /// It waits for an outside party.
    Waiting,
    /// It waits for a message.
    Receiving,
    /// It waits for the case it called.
    Calling,
    /// It waits for what goes on inside its step.
    Inside,
    /// A lock or a milestone keeps it from beginning.
    Gated,
    /// It rests before a choice.
    Undecided,
    /// It waits until its work is tried again.
    Delayed,
    /// It waits until what was done has been undone.
    Compensating,
    /// It can go no further by itself.
    Incident,
}

impl Phase {
    /// The phase in words, to complete the sentence "the step is …".
    pub fn words(self) -> &'static str {
        match self {
            Phase::Free => "gone",
            Phase::Leaving => "being left",
            Phase::Parked => "waiting at a join",
            Phase::Created => "waiting to be given to somebody",
            Phase::Offered => "offered, but nobody has begun",
            Phase::Allocated => "allocated, but not begun",
            Phase::Suspended => "suspended",
            Phase::Started => "begun",
            Phase::Requested => "requested from the system",
            Phase::Pausing => "waiting for time to pass",
            Phase::Waiting => "waiting for an outside party",
            Phase::Receiving => "waiting for a message",
            Phase::Calling => "waiting for the case it called",
            Phase::Inside => "waiting for what goes on inside",
            Phase::Gated => "kept from beginning by a lock or a milestone",
            Phase::Undecided => "at a choice that is open",
            Phase::Delayed => "waiting to be tried again",
            Phase::Compensating => "waiting until what was done has been undone",
            Phase::Incident => "an incident",
        }
    }

    /// Whether a person has the work.
    pub fn is_with_person(self) -> bool {
        matches!(self, Phase::Allocated | Phase::Started | Phase::Suspended)
    }

    /// How far its work has got, if there is any.
    pub fn held(self) -> Option<Held> {
        match self {
            Phase::Created | Phase::Offered => Some(Held::Offered),
            Phase::Allocated => Some(Held::Allocated),
            Phase::Started | Phase::Suspended | Phase::Requested => Some(Held::Started),
            _ => None,
        }
    }
}
