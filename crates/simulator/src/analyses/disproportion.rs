//! Disproportionate time: steps and cracks on which few cases spend much of the time of all.

use grieta_core::{CrackIx, Plan, StepIx};
use serde::Serialize;

use super::waiting::PEOPLE;
use crate::causes::Cause;
use crate::totals::{StepTotals, Totals};

/// A share of time this many times the share of cases is out of proportion: a case that comes there spends twice as long
/// there as an average case takes in all.
pub const OUT_OF_PROPORTION: f64 = 2.0;

/// Nineteen of twenty visits may take this many times as long as half of them do.
pub const FAR_OUT: f64 = 5.0;

/// Less than this share of all time is not worth a finding.
pub const WORTH_A_LOOK: f64 = 0.01;

/// A step or crack that takes a disproportionate time. Time is what the own house takes: what people and systems have in
/// hand, what is waited for people, and what cracks add; not what outside parties take, nor pauses that are meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disproportion {
    /// The step.
    pub step: String,
    /// The crack, where it is the time that one takes: nobody acts, or the next try is to come.
    pub crack: Option<String>,
    /// The share of cases that come there; of a crack: the visits that it strikes, by case.
    pub cases_share: f64,
    /// The share of all time.
    pub time_share: f64,
    /// The share of time divided by that of cases.
    pub ratio: f64,
    /// The time that nineteen of twenty visits do not exceed, divided by that of half of them: the quantiles of the wait for
    /// people, each with the mean time in hand. Absent where no people are waited for.
    pub outliers: Option<f64>,
}

impl Disproportion {
    /// Whether few cases take much of the time.
    pub fn is_out_of_proportion(&self) -> bool {
        self.ratio >= OUT_OF_PROPORTION
    }

    /// Whether some visits take far longer than most.
    pub fn has_outliers(&self) -> bool {
        self.outliers.is_some_and(|outliers| outliers > FAR_OUT)
    }
}

/// The steps and cracks that are out of proportion or have outliers, those that take most of the time first.
pub(crate) fn results(plan: &Plan, totals: &Totals) -> Vec<Disproportion> {
    let mut times: Vec<u128> = totals.steps.iter().map(own_time).collect();
    for (index, crack) in totals.cracks.iter().enumerate() {
        if let Some(time) = plan.cracked(CrackIx(index as u16)).and_then(|step| times.get_mut(step.at())) {
            *time += crack.waited.of(Cause::Timer);
        }
    }
    let (all, begun) = (times.iter().sum::<u128>(), totals.begun());
    if all == 0 || begun == 0 {
        return Vec::new();
    }
    let of = |step: StepIx, crack: Option<String>, cases: u64, time: u128, outliers: Option<f64>| {
        let (cases_share, time_share) = (cases as f64 / begun as f64, time as f64 / all as f64);
        let ratio = if cases == 0 { 0.0 } else { time_share / cases_share };
        Disproportion { step: plan.step_name(step).to_owned(), crack, cases_share, time_share, ratio, outliers }
    };
    let steps = totals.steps.iter().zip(&times).enumerate();
    let steps =
        steps.map(|(index, (counted, time))| of(StepIx(index as u16), None, counted.cases, *time, outliers(counted)));
    let cracks = totals.cracks.iter().enumerate().filter_map(|(index, counted)| {
        let crack = CrackIx(index as u16);
        let step = plan.cracked(crack)?;
        let name = plan.crack_name(step, crack).to_owned();
        Some(of(step, Some(name), counted.visits, counted.waited.total(), None))
    });
    let mut found: Vec<Disproportion> = steps.chain(cracks).collect();
    found.retain(|row| row.time_share >= WORTH_A_LOOK && (row.is_out_of_proportion() || row.has_outliers()));
    found.sort_by(|one, other| other.time_share.total_cmp(&one.time_share));
    found
}

/// The time that people and systems have it in hand or are waited for, in microseconds.
fn own_time(step: &StepTotals) -> u128 {
    step.in_hand + PEOPLE.iter().map(|cause| step.waiting.of(*cause)).sum::<u128>()
}

/// How much longer the long visits of a step take than most.
fn outliers(step: &StepTotals) -> Option<f64> {
    let visits = step.wait.moments.count();
    let in_hand = (visits > 0).then(|| step.in_hand as f64 / visits as f64)?;
    let visit = |share| Some(step.wait.histogram.quantile(share)? as f64 + in_hand);
    let (long, usual) = (visit(0.95)?, visit(0.5)?);
    (usual > 0.0).then(|| long / usual)
}
