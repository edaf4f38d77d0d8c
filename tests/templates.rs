//! What the templates promise: as it should be without a problem, as it is with the cracks that nobody answers; parameters that
//! can be set. What their scenarios notice is in mutants.rs, what their cracks cost in prices.rs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::sync::Arc;

use grieta::definition::Variant;
use grieta::diagnostic::{Code, Segment};
use grieta::templates::{self, Template};
use grieta::verifier::{Limits, Verdict, Verification, verify};
use grieta::{Plan, Process};

/// Where a case can stand still as the work is done today, and by which crack.
const PLANTED: &[(&str, &[&str])] = &[
    (
        "lead-qualification",
        &[
            "capture-lead/form-down",
            "assign-to-sdr/owner-absent",
            "accept-or-reject/sales-silent",
            "solution-meeting/executive-ill",
            "convert-lead/form-incomplete",
        ],
    ),
    (
        "case-escalation",
        &[
            "register-case/system-down",
            "wait-customer-info/never-answers",
            "wait-customer-info/wrong-mailbox",
            "wait-customer-info-l2/never-answers",
            "l3-fix/vendor-says-nothing",
        ],
    ),
    ("order-to-service", &["credit-check-auto/limit-not-set", "wait-delivery/lost-or-damaged"]),
    ("customer-reentry", &["handoff-to-sales/owner-gone"]),
    (
        "telephone-reception",
        &[
            "ivr-greeting/outage",
            "ring-extension/transfer-loop",
            "mailbox-check/mailbox-full",
            "take-message/note-lost",
            "urgent-backup/backup-absent",
        ],
    ),
];

fn verified(process: Process) -> Verification {
    verify(&Plan::new(Arc::new(process)).unwrap_or_else(|problems| panic!("{problems}")), &Limits::default())
}

fn variants(variant: Variant) -> impl Iterator<Item = Template> {
    templates::all().into_iter().filter(move |template| template.variant() == Some(variant))
}

#[test]
fn as_it_should_be_there_is_no_problem() {
    for template in variants(Variant::ToBe) {
        let found = verified(template.process().unwrap());
        assert_eq!(found.verdict, Verdict::Sound, "{template}");
        assert!(found.problems.is_empty(), "{template}: {:#?}", found.problems);
    }
}

#[test]
fn as_it_is_cases_stand_still_where_it_was_planted_and_nowhere_else() {
    assert_eq!(PLANTED.len(), variants(Variant::AsIs).count());
    for (id, planted) in PLANTED {
        let found = verified(templates::find(id, Variant::AsIs).unwrap().process().unwrap());
        let at = found.problems.iter().map(|problem| {
            assert_eq!(problem.code, Code::UnansweredCrack, "{id}: {problem:?}");
            match problem.path.0.as_slice() {
                [_, Segment::Key(step), _, Segment::Key(crack) | Segment::Name(crack), ..] => format!("{step}/{crack}"),
                other => panic!("{id}: {other:?}"),
            }
        });
        let at: BTreeSet<_> = at.collect();
        assert_eq!(at, planted.iter().map(|name| (*name).to_owned()).collect(), "{id}");
    }
}

#[test]
fn every_question_about_cracks_is_settled() {
    for template in templates::all() {
        let coverage = verified(template.process().unwrap()).coverage;
        assert!(coverage.open.is_empty(), "{template}: {:?}", coverage.open);
    }
}

#[test]
fn every_parameter_can_be_set_and_what_comes_of_it_is_as_sound_as_before() {
    for template in templates::all() {
        let before = verified(template.process().unwrap());
        for parameter in template.parameters() {
            let value = raised(&parameter.value);
            let set =
                template.clone().with(&parameter.name, &value).unwrap_or_else(|error| panic!("{template}: {error}"));
            let own = set.parameters().into_iter().find(|found| found.name == parameter.name).unwrap();
            assert_eq!(own.value, value, "{template}");
            let changed = set.text().lines().zip(template.text().lines()).filter(|(own, old)| own != old).count();
            assert_eq!(
                (changed, set.text().lines().count()),
                (1, template.text().lines().count()),
                "{template}: {value}"
            );
            let after = verified(set.process().unwrap());
            assert_eq!(
                (after.verdict, after.problems.len()),
                (before.verdict, before.problems.len()),
                "{template}: {value}"
            );
        }
    }
}

/// The same with the last number in it one greater: `30%`, `8 bh`, `09:00-13:30, 14:30-17:12`, `share(stuck) < 0.5%`.
fn raised(value: &str) -> String {
    let digit = |c: char| c.is_ascii_digit();
    let end = value.rfind(digit).map_or_else(|| panic!("no number in `{value}`"), |at| at + 1);
    let start = value[..end].rfind(|c| !digit(c)).map_or(0, |at| at + 1);
    let (number, width): (u32, usize) = (value[start..end].parse().unwrap(), end - start);
    format!("{}{:0width$}{}", &value[..start], number + 1, &value[end..])
}

#[test]
fn a_value_that_does_not_fit_and_a_name_that_is_unknown_are_told() {
    let error = templates::case_escalation().with("engineers", "a few").unwrap_err().to_string();
    for part in ["`a few` does not fit `engineers`", "now `2`", "people at the third level", "found `a few`"] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    let error = templates::case_escalation().with("enginers", 3).unwrap_err().to_string();
    assert!(error.contains("case-escalation, to-be has no parameter `enginers`; did you mean `engineers`?"), "{error}");
    let error = templates::order_to_service_as_is().with("cfo-hours", "09:00-10:00").unwrap_err().to_string();
    assert!(error.contains("one of the other variant"), "{error}");
    assert!(templates::case_escalation().with("engineers", 0).is_err());
}
