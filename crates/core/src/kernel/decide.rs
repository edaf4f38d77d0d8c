//! What the data of a case decide. Everybody evaluates the expressions; only a reader that abstracts from data does
//! otherwise.

use std::ops::Range;

use smallvec::SmallVec;

use super::case::Case;
use super::crack;
use super::event::Reason;
use crate::decision::{Decided, Table};
use crate::expression::{Compiled, Overlay};
use crate::index::{FieldIx, FlowIx, StepIx, TokenIx};
use crate::plan::Plan;
use crate::time::Duration;
use crate::value::Value;

/// Who asks what the data decide: a token at its step.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The case as it is.
    pub case: &'a Case,
    /// The token.
    pub token: TokenIx,
    /// The step, which it may only be about to come to.
    pub step: StepIx,
    /// Fields and values that are about to be written.
    pub pending: &'a [(FieldIx, Value)],
}

impl<'a> Asked<'a> {
    pub(super) fn by(plan: &'a Plan, case: &'a Case, token: TokenIx) -> Asked<'a> {
        let step = case.token(token).map_or(StepIx::NONE, |item| item.step);
        Asked { plan, case, token, step, pending: &[] }
    }

    /// The data to look at.
    #[inline]
    pub fn data(&self) -> Overlay<'a> {
        Overlay { data: self.case.data_for(self.token), pending: self.pending }
    }

    /// The branches of the choice at which the token is, and the guard of each that has one.
    pub fn branches(&self) -> impl Iterator<Item = (FlowIx, Option<&'a Compiled>)> + use<'a> {
        let plan = self.plan;
        branches(self).map(move |index| (FlowIx(index), plan.flows[index as usize].guard.as_ref()))
    }

    /// Whether a crack is declared that strikes where an expression cannot be evaluated.
    pub fn may_fail(&self) -> bool {
        crack::catches_failed_evaluation(self.plan, self.case, self.token, self.step)
    }
}

/// Decides what data decide. An error is the reason why an expression has no value; it becomes a constraint crack where
/// one is declared, and else an incident.
pub trait Decide {
    /// Whether a token rests before a choice until a command of its own, [`Command::Proceed`](super::Command::Proceed),
    /// lets it go on: then a fork into several choices has no more results than each of them.
    fn rests(&mut self, _asked: Asked<'_>) -> bool {
        false
    }

    /// Whether a clock that has run so long is past a mark when a token comes to a step where a crack strikes by that, or when
    /// the clock goes on. A reader to whom times mean nothing says that the mark is still ahead.
    fn is_past(&self, used: Duration, mark: Duration) -> bool {
        used >= mark
    }

    /// The flow to take from the choice at which a token is.
    ///
    /// # Errors
    /// The reason why there is none.
    fn choose(&mut self, asked: Asked<'_>) -> Result<FlowIx, Reason>;

    /// Adds to `taken` every flow to take from the inclusive choice at which a token is, at least one.
    ///
    /// # Errors
    /// As [`Decide::choose`].
    fn choose_some(&mut self, asked: Asked<'_>, taken: &mut SmallVec<[FlowIx; 8]>) -> Result<(), Reason>;

    /// Whether a condition holds: of a crack, of a loop, for enough instances.
    ///
    /// # Errors
    /// Why it cannot be evaluated.
    fn holds(&mut self, asked: Asked<'_>, condition: &Compiled) -> Result<bool, Reason>;

    /// The value that a field becomes; one that it may hold.
    ///
    /// # Errors
    /// Why it cannot be evaluated, or that the field may not hold it.
    fn set(&mut self, asked: Asked<'_>, field: FieldIx, expression: &Compiled) -> Result<Value, Reason>;

    /// The value to be told to another case, or the day until which a step waits.
    ///
    /// # Errors
    /// Why it cannot be evaluated.
    fn value(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason>;

    /// The field has a value, by which a message is known.
    ///
    /// # Errors
    /// That it has none.
    fn key(&mut self, asked: Asked<'_>, field: FieldIx) -> Result<(), Reason>;

    /// How many instances a step has, or how many are enough.
    ///
    /// # Errors
    /// Why it cannot be evaluated.
    fn count(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason>;

    /// The fields that a decision table sets, and to what, each to a value that it may hold; and the rules that say so,
    /// none where that is not known.
    ///
    /// # Errors
    /// Why it decides nothing, or that a field may not hold what it decides.
    fn decide(&mut self, asked: Asked<'_>, table: &Table) -> Result<Decided, Reason>;
}

/// Evaluates every expression, and takes the first branch whose guard holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evaluate;

impl Decide for Evaluate {
    fn choose(&mut self, asked: Asked<'_>) -> Result<FlowIx, Reason> {
        for index in branches(&asked) {
            if is_open(&asked, index)? {
                return Ok(FlowIx(index));
            }
        }
        Err(Reason::NoBranch)
    }

    fn choose_some(&mut self, asked: Asked<'_>, taken: &mut SmallVec<[FlowIx; 8]>) -> Result<(), Reason> {
        for index in branches(&asked) {
            let otherwise = asked.plan.flows[index as usize].guard.is_none();
            if if otherwise { taken.is_empty() } else { is_open(&asked, index)? } {
                taken.push(FlowIx(index));
            }
        }
        if taken.is_empty() { Err(Reason::NoBranch) } else { Ok(()) }
    }

    #[inline]
    fn holds(&mut self, asked: Asked<'_>, condition: &Compiled) -> Result<bool, Reason> {
        Ok(condition.holds(&asked.data())?)
    }

    #[inline]
    fn set(&mut self, asked: Asked<'_>, field: FieldIx, expression: &Compiled) -> Result<Value, Reason> {
        let value = expression.eval(&asked.data())?;
        check_bounds(&asked, field, &value, || format!("`{expression}`"))?;
        Ok(value)
    }

    #[inline]
    fn value(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        Ok(expression.eval(&asked.data())?)
    }

    fn key(&mut self, asked: Asked<'_>, field: FieldIx) -> Result<(), Reason> {
        if asked.case.data_for(asked.token).get(field.at()).is_some_and(|value| *value != Value::Absent) {
            return Ok(());
        }
        let name = asked.plan.field_name(field);
        Err(Reason::Evaluation(format!("the message is known by `{name}`, which has no value").into()))
    }

    #[inline]
    fn count(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        Ok(expression.eval(&asked.data())?)
    }

    fn decide(&mut self, asked: Asked<'_>, table: &Table) -> Result<Decided, Reason> {
        let decided = table.decide(asked.case.data_for(asked.token))?;
        for (field, value) in &decided.sets {
            check_bounds(&asked, *field, value, || format!("the decision `{}`", table.name()))?;
        }
        Ok(decided)
    }
}

/// No field becomes what lies outside its bounds; `by` says what would give it that.
#[inline]
fn check_bounds(asked: &Asked<'_>, field: FieldIx, value: &Value, by: impl FnOnce() -> String) -> Result<(), Reason> {
    let Some(bounds) = asked.plan.bounds.get(field.at()).filter(|bounds| !bounds.hold(value)) else { return Ok(()) };
    let (by, name) = (by(), asked.plan.field_name(field));
    Err(Reason::Evaluation(format!("{by} gives `{name}` the value {value}, but it must be {bounds}").into()))
}

/// The branches of the choice at which a token is.
fn branches(asked: &Asked<'_>) -> Range<u16> {
    asked.case.token(asked.token).map_or(0..0, |item| asked.plan.nodes[item.step.at()].flows.indices())
}

/// Whether the guard of a flow holds; one without a guard does.
fn is_open(asked: &Asked<'_>, flow: u16) -> Result<bool, Reason> {
    match &asked.plan.flows[flow as usize].guard {
        Some(guard) => Ok(guard.holds(asked.case.data_for(asked.token))?),
        None => Ok(true),
    }
}
