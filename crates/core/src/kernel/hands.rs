//! In whose hands a work item is: offered, allocated, begun, suspended; and whether its holder is there.

use super::case::Phase;
use super::command::Rejection;
use super::crack;
use super::decide::Decide;
use super::event::Event;
use super::execute::{Execution, Sink};
use crate::index::{PersonIx, RoleIx, StepIx, TokenIx};

/// The phases of work that a person may do.
const WORK: &[Phase] = &[Phase::Created, Phase::Offered, Phase::Allocated, Phase::Started, Phase::Suspended];

/// The phases of work that a person has.
const HELD: &[Phase] = &[Phase::Allocated, Phase::Started, Phase::Suspended];

/// Offers work to a role.
pub(super) fn offer<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    role: Option<RoleIx>,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, WORK, "work for a person")?;
    let own = run.case.token(token).map_or(RoleIx::NONE, |item| item.role);
    let role = role.unwrap_or(own);
    if run.plan.definition().roles.get_index(role.at()).is_none() {
        return Err(Rejection::NoSuchRole(role));
    }
    run.emit(Event::WorkOffered { token, role });
    crack::watch_again(run, token, step);
    Ok(())
}

/// Gives work to a person.
pub(super) fn allocate<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    person: PersonIx,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, WORK, "work for a person")?;
    let item = run.case.token(token).copied();
    if person == PersonIx::NONE {
        return Err(Rejection::Nobody { step: run.plan.step_name(step).to_owned() });
    }
    if item.is_some_and(|item| HELD.contains(&item.phase) && item.person == person) {
        return Err(Rejection::WrongPhase {
            step: run.plan.step_name(step).to_owned(),
            expected: "with somebody else",
            found: "with that person already",
        });
    }
    check_eyes(run, step, person)?;
    run.emit(Event::WorkAllocated { token, person });
    Ok(())
}

/// A person begins.
#[inline(always)]
pub(super) fn begin<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    person: PersonIx,
) -> Result<(), Rejection> {
    let item = run.expect_item(token, &[Phase::Offered, Phase::Created, Phase::Allocated], "offered")?;
    let step = item.step;
    if item.phase == Phase::Allocated && item.person != person {
        return Err(Rejection::Held { step: run.plan.step_name(step).to_owned() });
    }
    check_eyes(run, step, person)?;
    run.happens(token);
    run.emit_plain(|| Event::WorkStarted { token, person });
    crack::withdraw_unavailable(run, token);
    Ok(())
}

/// Whoever did a step may not do those that are to be done by others.
#[inline(always)]
fn check_eyes<D: Decide, S: Sink>(run: &Execution<'_, D, S>, step: StepIx, person: PersonIx) -> Result<(), Rejection> {
    let others = &run.plan.nodes[step.at()].other_eyes;
    match run.case.has_done(others, person) {
        None => Ok(()),
        Some(other) => Err(Rejection::FourEyes {
            step: run.plan.step_name(step).to_owned(),
            other: run.plan.step_name(other).to_owned(),
        }),
    }
}

/// Work that was begun rests.
pub(super) fn suspend<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) -> Result<(), Rejection> {
    run.expect_phase(token, &[Phase::Started], "begun")?;
    run.emit(Event::WorkSuspended { token });
    Ok(())
}

/// Work that rests goes on.
pub(super) fn resume<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) -> Result<(), Rejection> {
    run.expect_phase(token, &[Phase::Suspended], "suspended")?;
    run.emit(Event::WorkResumed { token });
    Ok(())
}

/// Whoever has the work falls away, which may be a crack, or is back.
pub(super) fn presence<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    away: bool,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, HELD, "with a person")?;
    if run.case.token(token).is_some_and(|item| item.away == away) {
        let (expected, found) = if away {
            ("with somebody who is there", "with somebody away already")
        } else {
            ("with somebody away", "with somebody who is there")
        };
        return Err(Rejection::WrongPhase { step: run.plan.step_name(step).to_owned(), expected, found });
    }
    run.emit(Event::HolderPresence { token, away });
    let begun = run.case.token(token).is_some_and(|item| item.phase != Phase::Allocated);
    match away {
        true => crack::holder_left(run, token, step),
        // Whether they begin in time is still to be seen.
        false if begun => crack::withdraw_unavailable(run, token),
        false => {}
    }
    Ok(())
}
