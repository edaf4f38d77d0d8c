//! The way into trouble, as commands that can be carried out again.

use grieta_core::kernel::{Case, Command, Event, execute};
use grieta_core::{Plan, StepIx, Timestamp};

use super::history::Noticed;
use super::moves::{Ground, Move, Situation, when};
use super::states::{StateIx, States};
use super::tape::{MOST_RESULTS, Tape};

/// Commands that lead a new case into trouble, with what the data decided meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// The commands, in order.
    pub commands: Vec<Replay>,
}

/// A command of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// When it comes, where every timer fires as soon as it is due and nothing else takes time.
    pub at: Timestamp,
    /// The command.
    pub command: Command,
    /// What the data decided.
    tape: Tape,
}

impl Trace {
    /// Carries the commands out on a new case, and gives the case as it is then; `sink` sees each event after it was
    /// applied. Stops before a command that the plan refuses, which it does only when it is not the one the trace was
    /// found in.
    pub fn replay(&self, plan: &Plan, mut sink: impl FnMut(&Case, Timestamp, &Event)) -> Case {
        let mut case = Case::default();
        for replay in &self.commands {
            let mut tape = replay.tape.clone();
            if execute(plan, &mut case, replay.at, &replay.command, &mut tape, &mut sink).is_err() {
                break;
            }
        }
        case
    }

    /// The ends that the case reaches on the way.
    pub fn ends(&self, plan: &Plan) -> Vec<StepIx> {
        let mut ends = Vec::new();
        self.replay(plan, |_, _, event| match event {
            Event::TokenPlaced { step, .. } if plan.is_end(*step) => ends.push(*step),
            _ => {}
        });
        ends
    }

    /// The way that leads from the start through these states, the last of which is reached with what is `wanted`, and
    /// the situation there; `passes` sees every situation on the way.
    pub(crate) fn through(
        ground: &Ground<'_>,
        states: &States,
        way: &[StateIx],
        wanted: impl Fn(&Situation, Option<Noticed>) -> bool,
        mut passes: impl FnMut(&Situation),
    ) -> (Trace, Situation) {
        let mut trace = Trace::default();
        let mut situation = Situation::default();
        for (position, target) in way.iter().enumerate().skip(1) {
            let last = position + 1 == way.len();
            let found = step(ground, &situation, |next, noticed| {
                states.find(next.case.fingerprint(ground.plan, &ground.remembered(next))) == Some(*target)
                    && (!last || wanted(next, noticed))
            });
            let Some((done, tape, next)) = found else { break };
            trace.note(ground, &situation.case, &done, &tape);
            situation = next;
            passes(&situation);
        }
        (trace, situation)
    }

    /// Notes the commands of a move, carried out from a case by a tape.
    fn note(&mut self, ground: &Ground<'_>, from: &Case, done: &Move, tape: &Tape) {
        let mut case = from.clone();
        let mut tape = tape.clone();
        ground.rewind(&mut tape, done);
        for command in done.commands() {
            let at = when(&case, command);
            self.commands.push(Replay { at, command: command.clone(), tape: tape.clone() });
            // It was carried out before.
            let _ = execute(ground.plan, &mut case, at, command, &mut tape, &mut |_: &Case, _, _: &Event| {});
        }
    }
}

/// The first move from a situation, with its tape, that leads where it should.
fn step(
    ground: &Ground<'_>,
    from: &Situation,
    arrives: impl Fn(&Situation, Option<Noticed>) -> bool,
) -> Option<(Move, Tape, Situation)> {
    let mut moves = Vec::new();
    ground.moves(from, &mut moves);
    for command in moves {
        let mut tape = Tape::blank();
        for _ in 0..MOST_RESULTS {
            let mut next = from.clone();
            let noticed = ground.carry_out(&command, &mut next, &mut tape, |_, _| {});
            if !tape.is_too_long() && noticed.is_some_and(|noticed| arrives(&next, noticed)) {
                return Some((command, tape, next));
            }
            if !tape.next() {
                break;
            }
        }
    }
    None
}
