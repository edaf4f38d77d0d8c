//! Which steps slow cases down most, ranked on what cases feel and not on how busy people are.

use grieta_core::definition::Kind;
use grieta_core::{Plan, StepIx};
use serde::Serialize;

use crate::results::RoleResult;
use crate::totals::Totals;

/// A step where cases wait for people.
#[derive(Debug, Clone, Serialize)]
pub struct Bottleneck {
    /// The step.
    pub step: String,
    /// Its role.
    pub role: String,
    /// The department of the role.
    pub department: Option<String>,
    /// How long a visit waits on average, in seconds; absent when the role cannot keep up.
    pub wait_mean_s: Option<f64>,
    /// Nine of ten visits wait less, in seconds; absent when the role cannot keep up.
    pub wait_p90_s: Option<f64>,
    /// The share of cases that come here.
    pub share_of_cases: f64,
    /// The share of all waiting for people that happens here.
    pub share_of_waiting: f64,
    /// The utilisation of the role.
    pub utilisation: Option<f64>,
    /// What it is ranked by, from 0 to 1: the geometric mean of the share of cases, the share of waiting, and the long
    /// waits (the p90, or the mean if that is more) relative to the longest.
    pub score: f64,
}

/// Ranks the steps where cases wait, the worst first.
///
/// The long waits of a step are its p90, or its mean where nine of ten do not wait at all.
///
/// `hopeless` says of each role whether it cannot keep up.
pub(crate) fn rank(plan: &Plan, totals: &Totals, roles: &[RoleResult], hopeless: &[bool]) -> Vec<Bottleneck> {
    let definition = plan.definition();
    let waiting: f64 = totals.steps.iter().map(|step| step.wait.moments.sum() as f64).sum();
    let p90 = |index: usize| totals.steps[index].wait.histogram.quantile(0.9).unwrap_or(0) as f64;
    let mean = |index: usize| totals.steps[index].wait.moments.mean().unwrap_or(0.0);
    let long = |index: usize| p90(index).max(mean(index));
    let longest = (0..totals.steps.len()).map(long).fold(0.0, f64::max);
    let mut ranked: Vec<Bottleneck> = Vec::new();
    for (index, step) in definition.steps.values().enumerate() {
        let (Kind::Human { role, .. }, counted) = (&step.kind, &totals.steps[index]) else { continue };
        let sum = counted.wait.moments.sum() as f64;
        if sum <= 0.0 || totals.begun() == 0 {
            continue;
        }
        let (share_of_cases, share_of_waiting) = (counted.cases as f64 / totals.begun() as f64, sum / waiting);
        let relative = if longest > 0.0 { long(index) / longest } else { 0.0 };
        let utilisation = roles.iter().find(|found| found.id == *role).and_then(|found| found.utilisation);
        let keeps_up = definition.roles.get_index_of(role).is_none_or(|role| !hopeless[role]);
        ranked.push(Bottleneck {
            step: plan.step_name(StepIx(index as u16)).to_owned(),
            role: role.clone(),
            department: definition.roles.get(role).and_then(|role| role.department.clone()),
            wait_mean_s: counted.wait.moments.mean().filter(|_| keeps_up).map(|micros| micros / 1e6),
            wait_p90_s: keeps_up.then(|| p90(index) / 1e6),
            share_of_cases,
            share_of_waiting,
            utilisation,
            score: libm::cbrt(share_of_cases * share_of_waiting * relative),
        });
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    ranked
}
