//! What data decide, when nothing is known of the data: everything they could.

use grieta_core::decision::{Applied, Decided, Table};
use grieta_core::expression::{Compiled, Lookup, Part};
use grieta_core::kernel::{Asked, Decide, Reason};
use grieta_core::value::Value;
use grieta_core::{Duration, FieldIx, FlowIx, TokenIx};
use smallvec::SmallVec;

use super::may::May;
use super::unwritten::Missed;

/// As many different results as one command may have; beyond that the answer is "unknown".
pub(crate) const MOST_RESULTS: usize = 1_024;

/// As many questions one command may ask; a loop that takes no time asks for ever.
const MOST_ANSWERS: usize = 24;

/// How many instances of a step are looked at: none, one, and two, which stand for all that are more.
const INSTANCES: u16 = 3;

/// The answers to everything that one command asks of the data, in the order of asking. Carrying the command out again
/// with the next tape, until there is none, gives every result it can have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tape {
    /// The answer, and how many there are.
    answers: SmallVec<[(u16, u16); 8]>,
    position: usize,
    rest: Rest,
    /// The field that is watched, if one is: of that it matters whether it has a value.
    watched: Option<FieldIx>,
    /// What asked for its value when it had none.
    pub missed: Vec<Missed>,
}

/// Which tokens rest before a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Rest {
    #[default]
    All,
    /// All but one that has rested there and goes on now.
    AllBut(TokenIx),
    None,
}

impl Tape {
    /// A tape on which nothing is written yet.
    pub(crate) fn blank() -> Tape {
        Tape::default()
    }

    /// Winds back to the beginning, for a command while which these rest before a choice.
    pub(crate) fn rewind(&mut self, rest: Rest, watched: Option<FieldIx>) {
        self.position = 0;
        (self.rest, self.watched) = (rest, watched);
        self.missed.clear();
    }

    /// Changes to the next tape; `false` when that was the last.
    pub(crate) fn next(&mut self) -> bool {
        self.position = 0;
        while let Some((answer, of)) = self.answers.pop() {
            if answer + 1 < of {
                self.answers.push((answer + 1, of));
                return true;
            }
        }
        false
    }

    /// Whether more was asked than is answered: what came of that means nothing.
    pub(crate) fn is_too_long(&self) -> bool {
        self.position > MOST_ANSWERS
    }

    fn pick(&mut self, of: usize) -> usize {
        if self.position >= MOST_ANSWERS {
            self.position = MOST_ANSWERS + 1;
            return 0;
        }
        let of = of.min(usize::from(u16::MAX)) as u16;
        if self.position == self.answers.len() {
            self.answers.push((0, of));
        }
        let answer = self.answers.get(self.position).map_or(0, |(answer, _)| *answer);
        self.position += 1;
        usize::from(answer)
    }

    fn flip(&mut self) -> bool {
        self.pick(2) == 1
    }

    /// An expression has a value, unless a crack waits for it to have none.
    fn fails(&mut self, asked: &Asked<'_>) -> Result<(), Reason> {
        if self.is_too_long() {
            return Err(Reason::Evaluation("too much was asked".into()));
        }
        if asked.may_fail() && self.flip() { Err(Reason::Evaluation("its data allow no value".into())) } else { Ok(()) }
    }

    /// Whether a field is watched, and has no value for whoever asks.
    fn lacks(&self, asked: &Asked<'_>, field: u16) -> bool {
        self.watched == Some(FieldIx(field)) && *asked.data().value(field) == Value::Absent
    }

    /// What an expression may come to, by what is known of the field that is watched.
    fn may(&mut self, asked: &Asked<'_>, expression: &Compiled) -> May {
        let lacking = expression.reads().iter().find(|field| self.lacks(asked, **field));
        let Some(field) = lacking else { return May::EITHER };
        self.noted(asked, May::come_of(&expression.parts(), *field), Some(expression.source()))
    }

    fn noted(&mut self, asked: &Asked<'_>, may: May, source: Option<&str>) -> May {
        if may.miss {
            self.missed.push(Missed::Read { step: asked.step, source: source.map(Into::into) });
        }
        may
    }

    /// The same, where all must be evaluated.
    fn evaluates(&mut self, asked: &Asked<'_>, expression: &Compiled) -> Result<May, Reason> {
        self.fails(asked)?;
        self.may(asked, expression).or_else_absent()
    }
}

impl May {
    fn or_else_absent(self) -> Result<May, Reason> {
        if self.is_possible() { Ok(self) } else { Err(Reason::Evaluation("a field has no value yet".into())) }
    }
}

impl Decide for Tape {
    fn rests(&mut self, asked: Asked<'_>) -> bool {
        match self.rest {
            Rest::None => false,
            Rest::AllBut(token) if token == asked.token => {
                self.rest = Rest::All;
                false
            }
            Rest::All | Rest::AllBut(_) => true,
        }
    }

    fn is_past(&self, _used: Duration, _mark: Duration) -> bool {
        false
    }

    fn choose(&mut self, asked: Asked<'_>) -> Result<FlowIx, Reason> {
        self.fails(&asked)?;
        let mut branches: SmallVec<[FlowIx; 8]> = SmallVec::new();
        for (flow, guard) in asked.branches() {
            let may = guard.map_or(May::EITHER, |guard| self.may(&asked, guard));
            branches.extend(may.hold.then_some(flow));
            if !may.fail {
                break;
            }
        }
        if branches.is_empty() {
            return Err(Reason::NoBranch);
        }
        Ok(branches[self.pick(branches.len())])
    }

    fn choose_some(&mut self, asked: Asked<'_>, taken: &mut SmallVec<[FlowIx; 8]>) -> Result<(), Reason> {
        self.fails(&asked)?;
        // Somebody must have meant one of them.
        let (mut otherwise, mut meant) = (None, None);
        for (flow, guard) in asked.branches() {
            let Some(guard) = guard else {
                otherwise = otherwise.or(Some(flow));
                continue;
            };
            let may = self.may(&asked, guard).or_else_absent()?;
            meant = meant.or(may.hold.then_some(flow));
            if may.hold && (!may.fail || self.flip()) {
                taken.push(flow);
            }
        }
        if taken.is_empty() {
            taken.extend(otherwise.or(meant));
        }
        if taken.is_empty() { Err(Reason::NoBranch) } else { Ok(()) }
    }

    fn holds(&mut self, asked: Asked<'_>, condition: &Compiled) -> Result<bool, Reason> {
        let may = self.evaluates(&asked, condition)?;
        Ok(may.hold && (!may.fail || self.flip()))
    }

    fn set(&mut self, asked: Asked<'_>, field: FieldIx, expression: &Compiled) -> Result<Value, Reason> {
        self.evaluates(&asked, expression)?;
        Ok(asked.plan.plainest(field))
    }

    fn value(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        self.evaluates(&asked, expression)?;
        Ok(Value::plain(expression.result_type()))
    }

    fn key(&mut self, asked: Asked<'_>, field: FieldIx) -> Result<(), Reason> {
        self.fails(&asked)?;
        if !self.lacks(&asked, field.0) {
            return Ok(());
        }
        let absent = May::come_of(&Part::Field(field.0), field.0);
        self.noted(&asked, absent, None).or_else_absent().map(|_| ())
    }

    fn count(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        self.evaluates(&asked, expression)?;
        let most = match expression.constant() {
            Some(Value::Integer(count)) => return Ok(Value::Integer(count.min(i64::from(INSTANCES) - 1))),
            _ => INSTANCES,
        };
        Ok(Value::Integer(self.pick(usize::from(most)) as i64))
    }

    fn decide(&mut self, asked: Asked<'_>, table: &Table) -> Result<Decided, Reason> {
        self.fails(&asked)?;
        if let Some(field) = table.reads().find(|field| self.lacks(&asked, *field)) {
            let may = May::come_of(&Part::Any(table.conditions()), field);
            self.noted(&asked, may, None).or_else_absent()?;
        }
        let sets = table.sets().iter().map(|field| (FieldIx(*field), asked.plan.plainest(FieldIx(*field))));
        Ok(Decided { sets: sets.collect(), rules: Applied::new() })
    }
}
