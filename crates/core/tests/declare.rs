//! The automata of the templates say what the templates mean, on every short trace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::definition::{Definition, Order, Rule, Step, Template};
use grieta_core::{Constraint, Plan, Process, Progress, StepIx};

const A: usize = 0;
const B: usize = 1;

/// What a template demands of a trace, word for word.
fn demanded(template: Template, times: usize, trace: &[usize]) -> bool {
    let has = |step| trace.contains(&step);
    let count = trace.iter().filter(|step| **step == A).count();
    let at = |step: usize| (0..trace.len()).filter(move |at| trace[*at] == step);
    let after = |at: usize, step| trace[at + 1..].contains(&step);
    let before = |at: usize, step| trace[..at].contains(&step);
    let next = |at: usize, step| trace.get(at + 1) == Some(&step);
    let last = |at: usize, step| at > 0 && trace[at - 1] == step;
    // Between one of the first and the next of the same there is one of the second.
    let alternates = |one: usize, other: usize| {
        let all: Vec<usize> = at(one).collect();
        all.windows(2).all(|pair| trace[pair[0]..pair[1]].contains(&other))
    };
    let response = at(A).all(|a| after(a, B));
    let precedence = at(B).all(|b| before(b, A));
    let chain_response = at(A).all(|a| next(a, B));
    let chain_precedence = at(B).all(|b| last(b, A));
    let alternate_response = response && alternates(A, B);
    let alternate_precedence = precedence && alternates(B, A);
    match template {
        Template::Existence => count >= times,
        Template::AtMost => count <= times,
        Template::Exactly => count == times,
        Template::Absence => count == 0,
        Template::Init => trace.first() == Some(&A),
        Template::Last => trace.last() == Some(&A),
        Template::Choice => has(A) || has(B),
        Template::ExclusiveChoice => has(A) != has(B),
        Template::RespondedExistence => !has(A) || has(B),
        Template::CoExistence => has(A) == has(B),
        Template::Response => response,
        Template::AlternateResponse => alternate_response,
        Template::ChainResponse => chain_response,
        Template::Precedence => precedence,
        Template::AlternatePrecedence => alternate_precedence,
        Template::ChainPrecedence => chain_precedence,
        Template::Succession => response && precedence,
        Template::AlternateSuccession => alternate_response && alternate_precedence,
        Template::ChainSuccession => chain_response && chain_precedence,
        Template::NotCoExistence => !(has(A) && has(B)),
        Template::NotSuccession => at(A).all(|a| !after(a, B)),
        Template::NotChainSuccession => at(A).all(|a| !next(a, B)),
        other => panic!("{other:?} has no meaning here"),
    }
}

fn plan() -> Plan {
    let definition = Definition::new("letters", "1")
        .step("a", Step::service().next("b"))
        .step("b", Step::service().next("c"))
        .step("c", Step::service().next("done"))
        .step("done", Step::end());
    Plan::new(Arc::new(Process::new(definition).unwrap())).unwrap()
}

/// Every trace of up to so many letters.
fn traces(longest: u32) -> impl Iterator<Item = Vec<usize>> {
    (0..=longest).flat_map(|length| {
        (0..3usize.pow(length)).map(move |number| (0..length).map(|at| number / 3usize.pow(at) % 3).collect())
    })
}

#[test]
fn every_template_demands_what_it_says() {
    let plan = plan();
    for template in Template::ALL {
        for times in if template.is_counted() { 1..=3 } else { 1..=1 } {
            let steps = ["a", "b"].into_iter().take(template.arity()).map(str::to_owned).collect();
            let rule = Rule::Order(Order { template, steps, times });
            let constraint = Constraint::of(&plan, &rule).unwrap();
            for trace in traces(7) {
                let steps = trace.iter().map(|step| StepIx(*step as u16));
                let progress = steps.fold(Progress::New, |progress, step| constraint.after(&plan, progress, step));
                assert_eq!(
                    constraint.is_kept(progress),
                    demanded(template, times as usize, &trace),
                    "{template:?} {times} {trace:?} {progress:?}"
                );
            }
        }
    }
}

#[test]
fn what_is_broken_stays_broken() {
    let plan = plan();
    for template in Template::ALL {
        let steps = ["a", "b"].into_iter().take(template.arity()).map(str::to_owned).collect();
        let constraint = Constraint::of(&plan, &Rule::Order(Order { template, steps, times: 2 })).unwrap();
        for trace in traces(5) {
            let steps = trace.iter().map(|step| StepIx(*step as u16));
            let progress = steps.fold(Progress::New, |progress, step| constraint.after(&plan, progress, step));
            // Broken exactly where no way on keeps it.
            let kept = traces(4).any(|rest| {
                let steps = rest.iter().map(|step| StepIx(*step as u16));
                constraint.is_kept(steps.fold(progress, |progress, step| constraint.after(&plan, progress, step)))
            });
            assert_eq!(progress == Progress::Broken, !kept, "{template:?} {trace:?}");
        }
    }
}
