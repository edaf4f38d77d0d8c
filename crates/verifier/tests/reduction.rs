//! The reduced search, the full search and a naive explorer say the same of random definitions.
//!
//! 100 definitions; more with `PROPTEST_CASES=100000 cargo test --release -p grieta-verifier --test reduction`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "../../core/tests/support/drafts.rs"]
mod drafts;
#[path = "support/naive.rs"]
mod naive;
#[path = "../../core/tests/support/random.rs"]
mod random;

use std::sync::Arc;

use drafts::drafts;
use grieta_core::definition::{Definition, JoinRule, Kind, Late};
use grieta_core::{Plan, Process};
use grieta_verifier::{Limits, Soundness, Verdict, explore};
use proptest::prelude::*;

const FULL: Limits = Limits { most_states: 400, most_tokens: 8, reduce: false };
const REDUCED: Limits = Limits { reduce: true, ..FULL };

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 100 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_reduced_search_finds_what_the_full_one_finds(draft in drafts(7), tame in any::<bool>()) {
        let plan = plan(draft.definition(), tame);
        let (full, reduced) = (explore(&plan, &FULL), explore(&plan, &REDUCED));
        if full.verdict != Verdict::Unknown && reduced.verdict != Verdict::Unknown {
            prop_assert_eq!(full.verdict, reduced.verdict, "full {:?}\nreduced {:?}", full.troubles, reduced.troubles);
        }
        prop_assert!(reduced.states <= full.states || full.verdict == Verdict::Unknown);
        truly(&plan, &full)?;
        truly(&plan, &reduced)?;
    }

    #[test]
    fn a_naive_explorer_says_the_same(draft in drafts(5), tame in any::<bool>()) {
        let plan = plan(draft.definition(), tame);
        let beside = |step: &grieta_core::definition::Step| step.cracks.values().any(|crack| !crack.interrupts() && crack.then.is_some());
        let beside = plan.definition().steps.values().any(beside) || !plan.definition().cracks.is_empty();
        if !beside && let Some(naive) = naive::verdict(&plan, 300) {
            prop_assert_eq!(explore(&plan, &FULL).verdict, naive);
            prop_assert_eq!(explore(&plan, &REDUCED).verdict, naive);
        }
    }
}

/// Tamed where that leaves it a meaning.
fn plan(definition: Definition, tame: bool) -> Plan {
    let tamed = tame.then(|| tamed(definition.clone())).and_then(|tamed| Process::what_if(tamed).ok());
    let process = tamed.unwrap_or_else(|| Process::what_if(definition).unwrap_or_else(|found| panic!("{found}")));
    Plan::new(Arc::new(process)).unwrap()
}

/// The same without what makes work depend on other work: then much can be left out.
fn tamed(mut definition: Definition) -> Definition {
    definition.cracks.clear();
    for step in definition.steps.values_mut() {
        (step.lock, step.only_while, step.undo) = (None, None, None);
        match &mut step.kind {
            Kind::End { terminate, .. } => *terminate = false,
            Kind::Join(rule) => *rule = JoinRule::All,
            Kind::ForEach(each) => (each.enough, each.growing, each.rest) = (None, false, Late::default()),
            Kind::Cancel(_) => step.kind = Kind::Assign,
            _ => {}
        }
        for crack in step.cracks.values_mut() {
            let cancels = crack.response.as_ref().is_some_and(|response| {
                use grieta_core::definition::Response;
                matches!(response, Response::CancelCase | Response::CancelAll)
            });
            if cancels {
                crack.response = None;
            }
        }
    }
    definition
}

/// Every trace, replayed, ends in what it claims.
fn truly(plan: &Plan, found: &Soundness) -> Result<(), TestCaseError> {
    for trouble in &found.troubles {
        trouble.check(plan).map_err(TestCaseError::fail)?;
    }
    Ok(())
}
