//! Hand-offs: how often the work of a case passes from one department to another, how long it waits there, and whether it
//! comes back.

use std::collections::BTreeMap;

use grieta_core::definition::Definition;
use serde::Serialize;

use crate::causes::{Cause, Waited};
use crate::statistics::Moments;
use crate::totals::Totals;

/// Stands for no department: nobody has had the case in hand, or somebody whose role belongs to none.
pub(crate) const NO_UNIT: u16 = u16::MAX;

/// The department of a role, by number: that of the first role that belongs to it.
pub(crate) fn unit(definition: &Definition, role: &str) -> u16 {
    let Some(department) = definition.roles.get(role).and_then(|role| role.department.as_ref()) else { return NO_UNIT };
    let first = definition.roles.values().position(|other| other.department.as_ref() == Some(department));
    first.map_or(NO_UNIT, |unit| unit as u16)
}

/// What a department is called.
pub(crate) fn name(definition: &Definition, unit: u16) -> String {
    let role = definition.roles.get_index(usize::from(unit));
    role.and_then(|(_, role)| role.department.clone()).unwrap_or_default()
}

/// What is counted of all hand-offs, by the departments from which and to which.
#[derive(Debug, Clone, Default)]
pub(crate) struct HandOffs(BTreeMap<(u16, u16), Counted>);

/// What is counted of the hand-offs from one department to another.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    /// From the offer of the work until somebody there began it.
    delay: Moments,
    /// How many came straight back.
    returned: u64,
    /// What was waited for there, whether the work was begun or not.
    pub waiting: Waited,
}

impl HandOffs {
    /// Work waits to be taken over.
    #[inline(never)]
    pub fn waited(&mut self, from: u16, to: u16, waited: &[(Cause, u64)]) {
        let waiting = &mut self.0.entry((from, to)).or_default().waiting;
        waited.iter().for_each(|(cause, micros)| waiting.add(*cause, *micros));
    }

    /// Work is taken over that has waited for so long; `back` says that the department from which it comes had it from
    /// here.
    pub fn taken_over(&mut self, from: u16, to: u16, micros: u64, back: bool) {
        self.0.entry((from, to)).or_default().delay.add(micros);
        if back {
            self.0.entry((to, from)).or_default().returned += 1;
        }
    }

    pub fn merge(&mut self, other: &HandOffs) {
        for (pair, more) in &other.0 {
            let own = self.0.entry(*pair).or_default();
            own.delay.merge(&more.delay);
            own.returned += more.returned;
            own.waiting.merge(&more.waiting);
        }
    }

    /// Each pair of departments and what was counted there.
    pub fn pairs(&self) -> impl Iterator<Item = ((u16, u16), &Counted)> {
        self.0.iter().map(|(pair, counted)| (*pair, counted))
    }
}

/// How the work of cases passes from hand to hand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandOffsResult {
    /// How often the work of a case passes from one department to another.
    pub per_case: f64,
    /// Of these, how many come straight back.
    pub return_rate: Option<f64>,
    /// From which to which, the most frequent first.
    pub pairs: Vec<HandOffResult>,
    /// Between which departments work goes to and fro, the most frequent first.
    pub ping_pong: Vec<PingPong>,
}

/// Hand-offs from one department to another. Who belongs to no department neither takes over nor hands over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandOffResult {
    /// Who had the case in hand before.
    pub from: String,
    /// Who takes it over.
    pub to: String,
    /// How often.
    pub count: u64,
    /// The same for an average case, over all cases.
    pub per_case: f64,
    /// How long the work waits there until somebody begins it, in seconds, in the mean.
    pub delay_mean_s: Option<f64>,
    /// The standard deviation of that divided by its mean.
    pub delay_cv: Option<f64>,
    /// How many come straight back: the next hand-off of the case is the other way.
    pub returned: u64,
    /// The share of these.
    pub return_rate: Option<f64>,
}

/// Two departments between which work goes to and fro.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PingPong {
    /// The two.
    pub between: [String; 2],
    /// How often a hand-off between them is answered by one back: A → B → A, or B → A → B.
    pub turns: u64,
    /// The same for an average case, over all cases.
    pub per_case: f64,
}

/// What is said of all hand-offs; nothing where there are none.
pub(crate) fn results(definition: &Definition, totals: &Totals) -> Option<HandOffsResult> {
    let begun = totals.begun();
    let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
    let row = |((from, to), counted): ((u16, u16), &Counted)| {
        let (count, delay) = (counted.delay.count(), &counted.delay);
        let mean = delay.mean();
        HandOffResult {
            from: name(definition, from),
            to: name(definition, to),
            count,
            per_case: super::each(count as f64, begun),
            delay_mean_s: mean.map(|micros| micros / 1e6),
            delay_cv: mean.filter(|mean| *mean > 0.0).and_then(|mean| Some(delay.deviation()? / mean)),
            returned: counted.returned,
            return_rate: share(counted.returned, count),
        }
    };
    let mut pairs: Vec<HandOffResult> = totals.hand_offs.pairs().map(row).filter(|row| row.count > 0).collect();
    let (all, returned) = pairs.iter().fold((0, 0), |(all, back), row| (all + row.count, back + row.returned));
    let ping_pong = ping_pong(&pairs, begun);
    pairs.sort_by_key(|row| std::cmp::Reverse(row.count));
    let per_case = super::each(all as f64, begun);
    (all > 0).then(|| HandOffsResult { per_case, return_rate: share(returned, all), pairs, ping_pong })
}

fn ping_pong(pairs: &[HandOffResult], begun: u64) -> Vec<PingPong> {
    let mut turns: BTreeMap<[&str; 2], u64> = BTreeMap::new();
    for row in pairs {
        let mut between = [row.from.as_str(), row.to.as_str()];
        between.sort_unstable();
        *turns.entry(between).or_default() += row.returned;
    }
    let row = |(between, turns): ([&str; 2], u64)| PingPong {
        between: between.map(str::to_owned),
        turns,
        per_case: super::each(turns as f64, begun),
    };
    let mut rows: Vec<PingPong> = turns.into_iter().filter(|(_, turns)| *turns > 0).map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.turns));
    rows
}
