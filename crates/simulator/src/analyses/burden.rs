//! Human burden: what work asks of people besides its time, weighted by how often it does.

use grieta_core::definition::{Effort, Kind, Response};
use grieta_core::{CrackIx, Plan, StepIx};
use serde::Serialize;

use crate::model::Model;
use crate::totals::Totals;

/// A month, in microseconds: a twelfth of 365.25 days.
const MONTH: f64 = 365.25 * 86_400e6 / 12.0;

/// Up to so many points a month, nobody minds: once in a blue moon is fine.
pub const A_MONTH: f64 = 1.0;

/// Where it is not known whom it burdens: up to so many points a case.
pub const A_CASE: f64 = 0.001;

/// What a step or the response to a crack asks of people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Burden {
    /// The step.
    pub step: String,
    /// The crack, where it is what its response asks.
    pub crack: Option<String>,
    /// Whose people bear it, where that is known.
    pub role: Option<String>,
    /// What is asked each time, as declared.
    pub effort: Effort,
    /// Its points: a floor, an interruption, a media break and a time after hours is one each.
    pub points: u64,
    /// How often it was asked, over all replications.
    pub times: u64,
    /// The points for an average case, over all cases.
    pub per_case: f64,
    /// The points for each person of the role in a month in which cases arrive.
    pub per_person_month: Option<f64>,
    /// Whether that is too much.
    pub verdict: BurdenVerdict,
}

/// Whether a burden is too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BurdenVerdict {
    /// More than one point a month and person; where it is not known whom it burdens, more than one in 1,000 cases.
    TooOften,
    /// No more than that.
    Rare,
    /// Too often, but the definition says that it is accepted, and why.
    Accepted,
}

/// What people are burdened with: first what is too much, then by how much it is.
pub(crate) fn results(model: &Model, totals: &Totals) -> Vec<Burden> {
    let plan = &model.plan;
    let mut rows = Vec::new();
    for (index, counted) in totals.steps.iter().enumerate() {
        let step = StepIx(index as u16);
        let Some(declared) = plan.step_definition(step) else { continue };
        let role = role_of(plan, step);
        let times = if role.is_some() { counted.wait.moments.count() } else { counted.visits };
        rows.extend(burden(model, totals, (step, None), role, &declared.effort, times));
    }
    for (index, counted) in totals.cracks.iter().enumerate() {
        let crack = CrackIx(index as u16);
        let Some(step) = plan.cracked(crack) else { continue };
        let name = plan.crack_name(step, crack);
        let Some(declared) = plan.declared_cracks(step).and_then(|cracks| cracks.get(name)) else { continue };
        let role = match &declared.response {
            Some(Response::Reoffer(Some(role)) | Response::Reallocate(Some(role))) => Some(role.clone()),
            _ => role_of(plan, step),
        };
        rows.extend(burden(model, totals, (step, Some(name)), role, &declared.effort, counted.answered));
    }
    let rank = |row: &Burden| (row.verdict != BurdenVerdict::TooOften, -row.per_case);
    rows.sort_by(|one, other| rank(one).partial_cmp(&rank(other)).unwrap_or(std::cmp::Ordering::Equal));
    rows
}

fn role_of(plan: &Plan, step: StepIx) -> Option<String> {
    match plan.step_definition(step).map(|step| &step.kind) {
        Some(Kind::Human { role, .. }) => Some(role.clone()),
        _ => None,
    }
}

fn burden(
    model: &Model,
    totals: &Totals,
    (step, crack): (StepIx, Option<&str>),
    role: Option<String>,
    effort: &Effort,
    times: u64,
) -> Option<Burden> {
    let points = effort.points();
    if points == 0 {
        return None;
    }
    let people = role.as_ref().and_then(|role| model.plan.definition().roles.get(role)).map(|role| role.people.count());
    let months = totals.arriving as f64 / MONTH;
    let all = points as f64 * times as f64;
    let per_case = super::each(all, totals.begun());
    let per_person_month =
        people.filter(|people| *people > 0 && months > 0.0).map(|people| all / (people as f64 * months));
    let too_often = per_person_month.map_or(per_case > A_CASE, |points| points > A_MONTH);
    Some(Burden {
        step: model.plan.step_name(step).to_owned(),
        crack: crack.map(str::to_owned),
        role,
        effort: effort.clone(),
        points,
        times,
        per_case,
        per_person_month,
        verdict: match (too_often, &effort.accepted) {
            (false, _) => BurdenVerdict::Rare,
            (true, Some(_)) => BurdenVerdict::Accepted,
            (true, None) => BurdenVerdict::TooOften,
        },
    })
}
