//! Whether there is always somebody left whom a rule of four eyes allows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::diagnostic::Code;
use grieta_core::{Plan, Process};
use grieta_verifier::{Limits, Verdict, Verification, verify};

fn verified(roles: &str, steps: &str, rule: &str) -> Verification {
    let steps: String = steps.lines().map(|line| format!("  {line}\n")).collect();
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: order\nroles: {{ {roles} }}\nrules: [{{ four-eyes: [{rule}] }}]\nsteps:\n{steps}"
    );
    let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = Plan::new(Arc::new(process)).unwrap();
    let full = verify(&plan, &Limits { reduce: false, ..Limits::default() });
    let reduced = verify(&plan, &Limits::default());
    assert_eq!(full.soundness.verdict, reduced.soundness.verdict);
    for trouble in &reduced.soundness.troubles {
        trouble.check(&plan).unwrap();
    }
    reduced
}

/// What is said of the rule, and the story.
fn nobody_left(found: &Verification) -> (&str, Vec<&str>) {
    let problem = found.problems.iter().find(|problem| problem.code == Code::FourEyes);
    let problem = problem.unwrap_or_else(|| panic!("{:?}", found.problems));
    (&problem.message, problem.story.iter().map(String::as_str).collect())
}

const LINE: &str = "order: { human: desk, next: approve }
approve: { human: desk, next: pay }
pay: { human: desk, next: done }
done: { end: {} }";

#[test]
fn three_steps_need_three_people() {
    let found = verified("desk: { people: 2 }", LINE, "order, approve, pay");
    let (message, _) = nobody_left(&found);
    assert_eq!(
        message,
        "a case can get stuck: nobody of `desk` is left who may do `pay`: desk 1 is kept from it by `order`, desk 2 is kept \
         from it by `approve`"
    );
    let enough = verified("desk: { people: 3 }", LINE, "order, approve, pay");
    assert_eq!(enough.soundness.verdict, Verdict::Sound);
    let thousands = verified("desk: { people: 50000 }", LINE, "order, approve, pay");
    assert_eq!(thousands.soundness.states, enough.soundness.states, "people who are alike stand for each other");
}

#[test]
fn whoever_has_the_skill_may_be_kept_from_it() {
    let steps = "order: { human: desk, next: approve }
approve: { human: { role: desk, needs: [law] }, next: done }
done: { end: {} }";
    let roles = |skilled: &str| format!("desk: {{ people: [ana, ben, eva] }} }}\npersons: {{ {skilled}");
    let found = verified(&roles("eva: { skills: [law] }"), steps, "order, approve");
    let (message, _) = nobody_left(&found);
    assert_eq!(
        message,
        "a case can get stuck: nobody of `desk` is left who may do `approve`: ana has no `law`, ben has no `law`, eva is \
         kept from it by `order`"
    );
    let two = verified(&roles("eva: { skills: [law] }, ben: { skills: [law] }"), steps, "order, approve");
    assert_eq!(two.soundness.verdict, Verdict::Sound);
}

#[test]
fn a_person_of_two_roles_is_one_person() {
    let steps = "order: { human: buyer, next: approve }\napprove: { human: boss, next: done }\ndone: { end: {} }";
    let found = verified("buyer: { people: [ana, ben] }, boss: { people: [ana] }", steps, "order, approve");
    let (message, story) = nobody_left(&found);
    assert_eq!(
        message,
        "a case can get stuck: nobody of `boss` is left who may do `approve`: ana is kept from it by `order`"
    );
    assert!(story.contains(&"`order` was begun by ana"), "{story:?}");
    let found = verified("buyer: { people: [ana, ben] }, boss: { people: [ana, eva] }", steps, "order, approve");
    assert_eq!(found.soundness.verdict, Verdict::Sound);
}

#[test]
fn who_does_a_step_again_takes_the_place_of_who_did_it_before() {
    let steps = "order: { human: desk, next: approve }
approve: { human: desk, outcomes: { yes: done, no: order } }
done: { end: {} }";
    assert_eq!(verified("desk: { people: 2 }", steps, "order, approve").soundness.verdict, Verdict::Sound);
    assert_eq!(verified("desk: { people: 1 }", steps, "order, approve").soundness.verdict, Verdict::Unsound);
}

#[test]
fn work_at_the_same_time_needs_as_many_people() {
    let steps = "order: { fork: [count, weigh] }
count: { human: desk, next: both }
weigh: { human: desk, next: both }
both: { join: all, next: done }
done: { end: {} }";
    assert_eq!(verified("desk: { people: 1 }", steps, "count, weigh").soundness.verdict, Verdict::Unsound);
    assert_eq!(verified("desk: { people: 2 }", steps, "count, weigh").soundness.verdict, Verdict::Sound);
}

#[test]
fn a_crack_may_lead_on_or_find_somebody_else() {
    let alone = "desk: { people: 1 }, boss: { people: 1 }";
    let steps = |answer: &str| {
        format!(
            "order: {{ human: desk, next: approve }}\napprove: {{ human: desk, next: done, cracks: {{ late: {answer} }} }}\n\
             done: {{ end: {{}} }}"
        )
    };
    let verdict = |answer: &str| verified(alone, &steps(answer), "order, approve").soundness.verdict;
    assert_eq!(verdict("{ on: deadline, after: 1 h, do: { reallocate: desk } }"), Verdict::Unsound);
    assert_eq!(verdict("{ on: deadline, after: 1 h, do: { reallocate: boss } }"), Verdict::Sound);
    assert_eq!(verdict("{ on: deadline, after: 1 h, do: fail, then: done }"), Verdict::Sound);
}

#[test]
fn it_matters_to_whom_work_is_offered() {
    let found = verified(
        "desk: { people: 1 }, other: { people: 2 }",
        "order: { human: desk, next: race, cracks: { away: { on: external, do: { reoffer: other } } } }
race: { race: [approve, gone] }
approve: { human: desk, next: done }
gone: { wait: { for: customer }, next: stop }
done: { end: {} }
stop: { end: { terminate: true } }",
        "order, approve",
    );
    assert_eq!(found.soundness.verdict, Verdict::Sound, "who of the others has ordered leaves the desk to approve");
}
