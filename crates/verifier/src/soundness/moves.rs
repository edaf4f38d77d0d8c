//! What is looked into from a situation: the moves of the world, and which of them can be left out.

use grieta_core::kernel::{Case, Command, Event, Phase, each_possible, execute};
use grieta_core::value::Value;
use grieta_core::{Constraint, CrackIx, FieldIx, Plan, StepIx, Timestamp, TokenIx};

use super::at_once::choices_may_rest;
use super::beside::Beside;
use super::history::{Noticed, Past, Remembered};
use super::local::Locality;
use super::silence::never_comes;
use super::tape::{Rest, Tape};
use super::unwritten::Watched;

/// A case, and what the search remembers of it.
#[derive(Debug, Default)]
pub(crate) struct Situation {
    pub case: Case,
    pub past: Past,
}

impl Clone for Situation {
    fn clone(&self) -> Situation {
        Situation { case: self.case.clone(), past: self.past.clone() }
    }

    fn clone_from(&mut self, other: &Situation) {
        self.case.clone_from(&other.case);
        self.past.copy_from(&other.past);
    }
}

/// What is looked at.
#[derive(Debug)]
pub(crate) enum Aim {
    /// Whether every case can end.
    End,
    /// Whether a rule can be broken.
    Rule(Constraint),
    /// Who needs a field before it is written.
    Field(Watched),
    /// Whether every case can end where nobody ever acts at a step.
    Silence(StepIx),
}

impl Aim {
    /// Whether it matters what is done at a step, and when.
    pub fn watches(&self, plan: &Plan, step: StepIx) -> bool {
        match self {
            Aim::End => false,
            Aim::Rule(rule) => rule.watches(plan, step),
            Aim::Field(watched) => watched.is_used(step),
            Aim::Silence(silent) => *silent == step,
        }
    }

    fn field(&self) -> Option<FieldIx> {
        if let Aim::Field(watched) = self { Some(watched.field) } else { None }
    }
}

/// The process that is explored, and what is known of its steps beforehand.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    pub plan: &'a Plan,
    beside: Beside,
    locality: Option<Locality>,
    aim: Aim,
    choices_rest: bool,
    /// No other crack starts anything beside the work.
    only: Option<CrackIx>,
}

/// One thing that can happen, as one or two commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub command: Command,
    /// Work whose beginning makes no difference is begun and completed at once, by each way on.
    pub then: Option<Command>,
}

impl<'a> Ground<'a> {
    /// With `reduce`, orders of independent work are left out that make no difference.
    pub fn of(plan: &'a Plan, reduce: bool, aim: Aim) -> Ground<'a> {
        let beside = Beside::of(plan);
        let locality = reduce.then(|| Locality::of(plan, &beside, &aim));
        let choices_rest = choices_may_rest(plan, &aim);
        Ground { plan, beside, locality, aim, choices_rest, only: None }
    }

    /// The same, where no crack but this starts anything beside the work.
    pub fn with_only(self, crack: CrackIx) -> Ground<'a> {
        Ground { only: Some(crack), ..self }
    }

    /// Whether a case comes to a step on its way, and not only beside it.
    pub fn lies_on_the_way(&self, step: StepIx) -> bool {
        self.beside.is_on_the_way(step)
    }

    /// What is remembered of a case besides its state.
    pub fn remembered<'s>(&self, situation: &'s Situation) -> Remembered<'s> {
        let watched = self.aim.field();
        let has = |field: FieldIx| situation.case.data().get(field.at()).is_some_and(|value| *value != Value::Absent);
        Remembered { past: &situation.past, watched, has_it: watched.is_some_and(has) }
    }

    /// Whether nothing that is looked at can come any more: the field that is watched has a value, and keeps it.
    pub fn is_settled(&self, case: &Case) -> bool {
        self.aim.field().is_some_and(|field| !case.may_lack(field))
    }

    /// Makes `moves` what is looked into from a situation, in a fixed order.
    pub fn moves(&self, situation: &Situation, moves: &mut Vec<Move>) {
        let case = &situation.case;
        moves.clear();
        each_possible(self.plan, case, |command| match &command {
            command if self.never_comes(case, command) => {}
            Command::Begin { token, .. } if self.begins_unseen(case, *token) => {
                let flows = case.token(*token).map(|item| self.plan.ways_on(item.step)).into_iter().flatten();
                moves.extend(flows.map(|flow| Move {
                    command: command.clone(),
                    then: Some(Command::Complete { token: *token, outcome: Some(flow), data: Vec::new() }),
                }));
            }
            command if self.is_enough(situation, command) => {}
            _ => moves.push(Move { command, then: None }),
        });
        if let Some(field) = self.aim.field() {
            moves.iter_mut().for_each(|command| command.write(self.plan, case, field));
        }
        if let Some(token) = self.locality.as_ref().and_then(|locality| alone(case, locality, moves)) {
            moves.retain(|command| command.token(case) == Some(token));
        } else if let Some(token) = undecided(case) {
            // A choice takes no time: nothing else happens before it is made.
            moves.retain(|command| command.token(case) == Some(token));
        }
    }

    /// Whether the same has been looked into already: what a crack starts beside the work, a second instance added.
    fn is_enough(&self, situation: &Situation, command: &Command) -> bool {
        let Situation { case, past } = situation;
        let crack = match command {
            Command::Strike { crack, .. } => Some(*crack),
            Command::TimerDue { timer } => case.timer(*timer).and_then(|timer| timer.kind.crack()),
            _ => None,
        };
        if crack.is_some_and(|crack| self.is_left_out(crack)) {
            return true;
        }
        match command {
            Command::Strike { token, crack } => past.has_struck(*token, *crack) || self.beside.goes_on(case, *crack),
            Command::TimerDue { .. } => crack.is_some_and(|crack| self.beside.goes_on(case, crack)),
            Command::AddInstance { token } => case.instances(*token).is_some_and(|counts| counts.total >= 2),
            _ => false,
        }
    }

    /// Whether nobody ever does that, where nobody acts at a step.
    fn never_comes(&self, case: &Case, command: &Command) -> bool {
        matches!(self.aim, Aim::Silence(step) if never_comes(self.plan, case, step, command))
    }

    /// Whether it starts something beside the work, which only another crack is to do.
    fn is_left_out(&self, crack: CrackIx) -> bool {
        let starts = || !self.plan.interrupts(crack) && self.plan.leads_to(crack).is_some();
        self.only.is_some_and(|only| crack != only && starts())
    }

    fn begins_unseen(&self, case: &Case, token: TokenIx) -> bool {
        case.token(token).is_some_and(|item| self.plan.begins_unseen(item.step))
    }

    /// Winds a tape back for a move.
    pub fn rewind(&self, tape: &mut Tape, command: &Move) {
        // Which tokens rest before a choice meanwhile.
        let rest = match command.command {
            _ if !self.choices_rest => Rest::None,
            Command::Proceed { token } => Rest::AllBut(token),
            _ => Rest::All,
        };
        tape.rewind(rest, self.aim.field());
    }

    /// Carries a move out as soon as it may happen, and notes what becomes of it; `sink` sees each event after it was
    /// applied. `None` where the kernel refused it, else the last thing that was noticed, if any.
    #[inline]
    pub fn carry_out(
        &self,
        command: &Move,
        situation: &mut Situation,
        tape: &mut Tape,
        mut sink: impl FnMut(&Case, &Event),
    ) -> Option<Option<Noticed>> {
        let Situation { case, past } = situation;
        let mut noticed = None;
        past.missed.clear();
        self.rewind(tape, command);
        for command in command.commands() {
            let at = when(case, command);
            let mut note = |case: &Case, _: Timestamp, event: &Event| {
                sink(case, event);
                noticed = past.note(self.plan, &self.beside, case, event).or(noticed);
                match &self.aim {
                    Aim::End | Aim::Silence(_) => {}
                    Aim::Rule(rule) => noticed = past.follow(self.plan, rule, case, event).or(noticed),
                    Aim::Field(watched) => past.watch(self.plan, watched, case, event),
                }
            };
            execute(self.plan, case, at, command, tape, &mut note).ok()?;
        }
        past.missed.append(&mut tape.missed);
        Some(noticed)
    }
}

impl Move {
    /// The commands, in order.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        [Some(&self.command), self.then.as_ref()].into_iter().flatten()
    }

    /// What completes a step that writes a field brings a value for it.
    fn write(&mut self, plan: &Plan, case: &Case, field: FieldIx) {
        for command in std::iter::once(&mut self.command).chain(&mut self.then) {
            if let Command::Complete { token, data, .. } = command
                && case.token(*token).is_some_and(|item| plan.writes(item.step).contains(&field))
            {
                data.push((field, plan.plainest(field)));
            }
        }
    }

    /// The token it is about; none for the start.
    fn token(&self, case: &Case) -> Option<TokenIx> {
        match &self.command {
            Command::TimerDue { timer } => case.timer(*timer).map(|timer| timer.token),
            Command::Begin { token, .. }
            | Command::Complete { token, .. }
            | Command::Proceed { token }
            | Command::Strike { token, .. }
            | Command::AddInstance { token } => Some(*token),
            _ => None,
        }
    }
}

/// When a command can happen at the earliest.
pub(crate) fn when(case: &Case, command: &Command) -> Timestamp {
    let due = if let Command::TimerDue { timer } = command { case.timer(*timer).map(|timer| timer.due) } else { None };
    due.map_or(case.reached(), |due| due.max(case.reached()))
}

/// The token that makes its choice first. Not the one with the lowest number: the same state may have others.
fn undecided(case: &Case) -> Option<TokenIx> {
    let resting = case.tokens().filter(|(_, item)| item.phase == Phase::Undecided);
    resting.min_by_key(|(token, item)| (item.step, *token)).map(|(token, _)| token)
}

/// The token whose moves are looked into alone: the one furthest upstream at an independent step.
fn alone(case: &Case, locality: &Locality, moves: &[Move]) -> Option<TokenIx> {
    let moving = moves.iter().filter_map(|command| command.token(case));
    let ranked = moving.filter_map(|token| {
        let item = case.token(token)?;
        Some((locality.rank(item.step)?, item.step, item.phase as u8, token))
    });
    ranked.min().map(|(.., token)| token)
}
