//! Why cases wait: every moment of waiting has exactly one cause.

use grieta_core::definition::Kind;
use grieta_core::{Plan, StepIx};
use serde::Serialize;

use crate::totals::Totals;

/// Why something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Somebody of the role is there, and busy, or must not do it.
    Contention,
    /// The same, but work that came later has been begun before it.
    Prioritisation,
    /// More cases are to come with which it is done together.
    Batching,
    /// Nobody of the role is there: it is closed, or all are absent.
    Unavailability,
    /// Nobody acts, because a crack struck that means so and has not been answered.
    Silence,
    /// An outside party, or a message, is waited for.
    External,
    /// Time is to pass: a pause, or the delay before the next try.
    Timer,
}

impl Cause {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Cause; 7] = [
        Cause::Contention,
        Cause::Prioritisation,
        Cause::Batching,
        Cause::Unavailability,
        Cause::Silence,
        Cause::External,
        Cause::Timer,
    ];

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Contention => "contention",
            Cause::Prioritisation => "prioritisation",
            Cause::Batching => "batching",
            Cause::Unavailability => "unavailability",
            Cause::Silence => "silence",
            Cause::External => "external",
            Cause::Timer => "timer",
        }
    }
}

/// Microseconds of waiting, by cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Waited([u128; Cause::ALL.len()]);

impl Waited {
    #[inline]
    pub fn add(&mut self, cause: Cause, micros: u64) {
        self.0[cause as usize] += u128::from(micros);
    }

    pub fn of(&self, cause: Cause) -> u128 {
        self.0[cause as usize]
    }

    pub fn merge(&mut self, other: &Waited) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, more)| *own += more);
    }

    pub fn total(&self) -> u128 {
        self.0.iter().sum()
    }
}

/// How much of all waiting happens at a step for one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WaitingResult {
    /// The step.
    pub step: String,
    /// The role that is waited for, where it is people.
    pub role: Option<String>,
    /// The department of that role.
    pub department: Option<String>,
    /// Why.
    pub cause: Cause,
    /// How long an average case waits there for that, over all cases, in seconds.
    pub per_case_s: f64,
    /// How much of all waiting that is, from 0 to 1.
    pub share: f64,
    /// How much of all waiting that and all rows before it are.
    pub cumulative_share: f64,
}

/// All waiting, the most first: Pareto's table.
pub(crate) fn rank(plan: &Plan, totals: &Totals) -> Vec<WaitingResult> {
    let all: u128 = totals.steps.iter().map(|step| step.waiting.total()).sum();
    let begun = totals.begun();
    let mut rows: Vec<(u128, WaitingResult)> = Vec::new();
    for (index, counted) in totals.steps.iter().enumerate() {
        let step = StepIx(index as u16);
        let role = match plan.step_definition(step).map(|step| &step.kind) {
            Some(Kind::Human { role, .. }) => Some(role.clone()),
            _ => None,
        };
        let department =
            role.as_ref().and_then(|role| plan.definition().roles.get(role)).and_then(|role| role.department.clone());
        for cause in Cause::ALL.into_iter().filter(|cause| counted.waiting.of(*cause) > 0) {
            let micros = counted.waiting.of(cause);
            let row = WaitingResult {
                step: plan.step_name(step).to_owned(),
                role: role.clone(),
                department: department.clone(),
                cause,
                per_case_s: if begun == 0 { 0.0 } else { micros as f64 / 1e6 / begun as f64 },
                share: micros as f64 / all as f64,
                cumulative_share: 0.0,
            };
            rows.push((micros, row));
        }
    }
    rows.sort_by_key(|(micros, _)| std::cmp::Reverse(*micros));
    let mut so_far = 0;
    let sum = |(micros, row): (u128, WaitingResult)| {
        so_far += micros;
        WaitingResult { cumulative_share: so_far as f64 / all as f64, ..row }
    };
    rows.into_iter().map(sum).collect()
}
