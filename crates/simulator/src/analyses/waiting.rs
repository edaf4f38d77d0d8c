//! The causes of waiting, summed up by role, by hand-off and by crack: Pareto's tables of the same waiting from other sides.

use grieta_core::definition::Definition;
use grieta_core::{CrackIx, Plan};
use serde::Serialize;

use super::hand_offs;
use crate::causes::{Cause, Waited, WaitingResult};
use crate::totals::Totals;

/// All waiting for people by role and by hand-off, and the waiting that comes from cracks.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct WaitingBy {
    /// By role, for people.
    pub role: Vec<Portion>,
    /// By hand-off, for people: from which department to which. What is waited for without a hand-off is a row as well.
    pub hand_off: Vec<Portion>,
    /// By crack: nobody acts, or the next try is to come.
    pub crack: Vec<Portion>,
}

/// How much of a kind of waiting comes from somewhere, for one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portion {
    /// From where.
    #[serde(flatten)]
    pub of: Source,
    /// Why.
    pub cause: Cause,
    /// How long an average case waits for that, over all cases, in seconds.
    pub per_case_s: f64,
    /// How much of the waiting in the same table that is, from 0 to 1.
    pub share: f64,
    /// How much of it that and all rows before it are.
    pub cumulative_share: f64,
}

/// From where waiting comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Source {
    /// A role that is waited for.
    Role {
        /// Its name.
        role: String,
    },
    /// A hand-off that is waited for. Without `from` and `to`: whoever is waited for had the case before, or nobody had.
    HandOff {
        /// Who had the case in hand before.
        from: Option<String>,
        /// Who is waited for.
        to: Option<String>,
    },
    /// A crack.
    Crack {
        /// Its name.
        crack: String,
        /// Its step, or the process.
        step: String,
    },
}

/// The causes of waiting for people; `silence` and `batching` also for systems.
pub(super) const PEOPLE: [Cause; 5] =
    [Cause::Contention, Cause::Prioritisation, Cause::Batching, Cause::Unavailability, Cause::Silence];

/// The tables; `by_step` is the one from which they are summed up.
pub(crate) fn results(plan: &Plan, totals: &Totals, by_step: &[WaitingResult]) -> WaitingBy {
    let definition = plan.definition();
    WaitingBy {
        role: rank(by_role(definition, by_step)),
        hand_off: rank(by_hand_off(definition, totals, by_step)),
        crack: rank(by_crack(plan, totals)),
    }
}

fn by_role(definition: &Definition, by_step: &[WaitingResult]) -> Vec<(Source, Cause, f64)> {
    let of_role = |role: &String, cause: Cause| {
        let rows = by_step.iter().filter(|row| row.cause == cause && row.role.as_ref() == Some(role));
        (Source::Role { role: role.clone() }, cause, rows.map(|row| row.per_case_s).sum())
    };
    definition.roles.keys().flat_map(|role| PEOPLE.map(|cause| of_role(role, cause))).collect()
}

fn by_hand_off(definition: &Definition, totals: &Totals, by_step: &[WaitingResult]) -> Vec<(Source, Cause, f64)> {
    let begun = totals.begun();
    let mut rows: Vec<(Source, Cause, f64)> = Vec::new();
    for ((from, to), counted) in totals.hand_offs.pairs() {
        let name = |unit| Some(hand_offs::name(definition, unit));
        rows.extend(PEOPLE.map(|cause| {
            (Source::HandOff { from: name(from), to: name(to) }, cause, per_case(&counted.waiting, cause, begun))
        }));
    }
    for cause in PEOPLE {
        let of_cause = by_step.iter().filter(|row| row.role.is_some() && row.cause == cause);
        let all: f64 = of_cause.map(|row| row.per_case_s).sum();
        let handed: f64 = rows.iter().filter(|(_, other, _)| *other == cause).map(|(.., seconds)| seconds).sum();
        // Sums of the same whole microseconds in another order differ by rounding.
        let rest = if all - handed > 1e-9 * all { all - handed } else { 0.0 };
        rows.push((Source::HandOff { from: None, to: None }, cause, rest));
    }
    rows
}

fn by_crack(plan: &Plan, totals: &Totals) -> Vec<(Source, Cause, f64)> {
    let source = |index: usize| {
        let crack = CrackIx(index as u16);
        let step = plan.cracked(crack)?;
        Some(Source::Crack { crack: plan.crack_name(step, crack).to_owned(), step: plan.step_name(step).to_owned() })
    };
    let of_crack = |(index, counted): (usize, &crate::totals::CrackTotals)| {
        let causes = [Cause::Silence, Cause::Timer];
        let row = |cause| Some((source(index)?, cause, per_case(&counted.waited, cause, totals.begun())));
        causes.into_iter().filter_map(row).collect::<Vec<_>>()
    };
    totals.cracks.iter().enumerate().flat_map(of_crack).collect()
}

fn per_case(waited: &Waited, cause: Cause, cases: u64) -> f64 {
    super::each(waited.of(cause) as f64 / 1e6, cases)
}

/// The most first, with shares; what is nothing is left out.
fn rank(mut rows: Vec<(Source, Cause, f64)>) -> Vec<Portion> {
    rows.retain(|(.., seconds)| *seconds > 0.0);
    rows.sort_by(|(.., one), (.., other)| other.total_cmp(one));
    let all: f64 = rows.iter().map(|(.., seconds)| seconds).sum();
    let mut so_far = 0.0;
    let portion = |(of, cause, per_case_s): (Source, Cause, f64)| {
        so_far += per_case_s;
        Portion { of, cause, per_case_s, share: per_case_s / all, cumulative_share: so_far / all }
    };
    rows.into_iter().map(portion).collect()
}
