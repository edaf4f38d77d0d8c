//! Value: how much of the time and of the money goes into what the customer would pay for.

use grieta_core::StepIx;
use grieta_core::definition::{Kind, ValueClass};
use serde::Serialize;

use crate::model::Model;
use crate::totals::{StepTotals, Totals};

/// Where time and money go, by what a step is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueResult {
    /// Each class that some step has, in the order of the format, and the steps that do not say.
    pub classes: Vec<ValueShare>,
    /// The currency of what work costs, as in ISO 4217. Absent where no role has a cost.
    pub currency: Option<String>,
    /// The time at work of an average case, divided by the mean time from its arrival to its end. Absent when unstable.
    pub flow_efficiency: Option<f64>,
    /// Steps that take time and do not say why they exist, in the order of the definition.
    pub without_why: Vec<String>,
}

/// What goes into the steps of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueShare {
    /// The class; absent for steps that do not say.
    pub value: Option<ValueClass>,
    /// How many steps that take time are in it.
    pub steps: usize,
    /// How long people and systems are at work on an average case, in seconds.
    pub touch_per_case_s: f64,
    /// The share of that of all classes.
    pub touch_share: Option<f64>,
    /// How long an average case is at these steps, waiting included, in seconds. Absent when unstable.
    pub elapsed_per_case_s: Option<f64>,
    /// The share of that of all classes.
    pub elapsed_share: Option<f64>,
    /// What the work of people on an average case costs, at the rate of the role of the step. Absent where no role has one.
    pub cost_per_case: Option<f64>,
    /// The share of that of all classes.
    pub cost_share: Option<f64>,
}

const CLASSES: [Option<ValueClass>; 4] =
    [Some(ValueClass::AddsValue), Some(ValueClass::Needed), Some(ValueClass::Waste), None];

/// Sums of the steps of a class: time at work and at the step in microseconds, money.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    steps: usize,
    touch: f64,
    elapsed: f64,
    cost: f64,
}

/// Where time and money go; `cycle_s` is the mean time from arrival to end, in seconds, where there is one.
pub(crate) fn results(model: &Model, totals: &Totals, cycle_s: Option<f64>) -> ValueResult {
    let definition = model.plan.definition();
    let mut sums = [Sums::default(); CLASSES.len()];
    let mut without_why = Vec::new();
    for (index, counted) in totals.steps.iter().enumerate() {
        let Some((name, step)) = definition.steps.get_index(index).filter(|(_, step)| is_timed(&step.kind)) else {
            continue;
        };
        if step.why.is_none() {
            without_why.push(name.clone());
        }
        let class = CLASSES.iter().position(|class| *class == step.value).unwrap_or(CLASSES.len() - 1);
        let touch = touch(model, StepIx(index as u16), counted);
        sums[class].steps += 1;
        sums[class].touch += touch;
        sums[class].elapsed += counted.elapsed() as f64;
        sums[class].cost += touch / 3_600e6 * rate(model, &step.kind).unwrap_or(0.0);
    }
    let all = sums.iter().fold(Sums::default(), |all, sums| Sums {
        steps: all.steps + sums.steps,
        touch: all.touch + sums.touch,
        elapsed: all.elapsed + sums.elapsed,
        cost: all.cost + sums.cost,
    });
    let begun = totals.begun();
    let currency = definition.roles.values().find_map(|role| Some(role.cost.as_ref()?.currency.clone()));
    let priced = currency.is_some();
    let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
    let row = |(value, sums): (Option<ValueClass>, &Sums)| ValueShare {
        value,
        steps: sums.steps,
        touch_per_case_s: super::each(sums.touch / 1e6, begun),
        touch_share: share(sums.touch, all.touch),
        elapsed_per_case_s: cycle_s.map(|_| super::each(sums.elapsed / 1e6, begun)),
        elapsed_share: cycle_s.and_then(|_| share(sums.elapsed, all.elapsed)),
        cost_per_case: priced.then(|| super::each(sums.cost, begun)),
        cost_share: share(sums.cost, all.cost).filter(|_| priced),
    };
    let rows = CLASSES.into_iter().zip(&sums).filter(|(_, sums)| sums.steps > 0);
    ValueResult {
        classes: rows.map(row).collect(),
        currency: currency.clone(),
        flow_efficiency: cycle_s.filter(|cycle| *cycle > 0.0).map(|cycle| super::each(all.touch / 1e6, begun) / cycle),
        without_why,
    }
}

/// Whether a step takes time itself, rather than by what goes on inside it.
fn is_timed(kind: &Kind) -> bool {
    kind.takes_time() && kind.inside().is_empty()
}

/// The time at work: what an outside party takes is waiting.
fn touch(model: &Model, step: StepIx, counted: &StepTotals) -> f64 {
    if model.steps[step.at()].is_outside { 0.0 } else { counted.touch.sum() as f64 }
}

/// What an hour of work at such a step costs.
fn rate(model: &Model, kind: &Kind) -> Option<f64> {
    match kind {
        Kind::Human { role, .. } => model.rate(role),
        _ => None,
    }
}
