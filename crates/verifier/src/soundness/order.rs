//! Whether every case keeps a rule on the order of its steps.

use grieta_core::{Constraint, Plan};

use super::history::Noticed;
use super::moves::{Aim, Ground, Situation};
use super::search::{Limits, Search};
use super::trace::Trace;

/// What is known of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Proof {
    /// Every case that comes to its end keeps it.
    Holds,
    /// A case can break it: so.
    Broken(Trace),
    /// There is more to explore than the limits allow, and it was not broken so far.
    TooLarge,
    /// It depends on how many instances a `for-each` step has, of which no more than two are looked at.
    Instances,
}

/// Looks for a case that breaks a rule of the plan: whatever its data, as [`explore`](crate::explore) does.
pub fn prove(plan: &Plan, rule: &Constraint, limits: &Limits) -> Proof {
    if rule.depends_on_instances(plan) {
        return Proof::Instances;
    }
    let found = search(plan, rule, limits);
    if !limits.reduce || !matches!(found, Proof::Broken(_)) {
        return found;
    }
    let full = Limits { reduce: false, most_states: limits.most_states.min(Limits::FOR_A_SHORTER_WAY), ..*limits };
    Some(search(plan, rule, &full)).filter(|full| matches!(full, Proof::Broken(_))).unwrap_or(found)
}

fn search(plan: &Plan, rule: &Constraint, limits: &Limits) -> Proof {
    let ground = Ground::of(plan, limits.reduce, Aim::Rule(rule.clone()));
    let found = Search::new(&ground, *limits).run();
    match found.broken {
        Some((from, target)) => {
            let mut way = found.states.way_to(from);
            way.push(target);
            let wanted = |_: &Situation, noticed| noticed == Some(Noticed::RuleBroken);
            Proof::Broken(Trace::through(&ground, &found.states, &way, wanted, |_| {}).0)
        }
        None if found.cut => Proof::TooLarge,
        None => Proof::Holds,
    }
}
