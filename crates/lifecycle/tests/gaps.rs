//! Nothing is found in a life cycle that is complete; in a copy of it every gap that is planted is found, and nothing else.
#![allow(clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::diagnostic::Code;
use support::{Copy, Edit};

const LIFE: &str = "life-cycle.yaml";
const SELLING: &str = "selling.yaml";
const HELPING: &str = "helping.yaml";

/// What is changed, and what is found then, and where.
type Gap<'a> = (&'a [Edit<'a>], Code, &'a str);

const GAPS: &[Gap<'_>] = &[
    // Stages
    (&[(LIFE, "stage: using", "stage: interested")], Code::UntouchedStage, "stages.using"),
    (&[(LIFE, "service, next: [interested, gone]", "service")], Code::LostStage, "stages.using"),
    (&[(LIFE, "next: [using, gone]", "next: [gone]")], Code::LostStage, "stages.using"),
    (&[(LIFE, "last: true", "last: true, next: [using]")], Code::LostStage, "stages.gone.next"),
    // Processes
    (&[(LIFE, "    process: selling\n    at: [send-offer]\n", "")], Code::MissingProcess, "touchpoints.offer"),
    (&[(LIFE, "file: helping.yaml", "file: hlping.yaml")], Code::MissingProcess, "processes.helping.file"),
    (&[(LIFE, "file: helping.yaml, ", "")], Code::MissingProcess, "processes.helping"),
    (
        &[(
            LIFE,
            "file: helping.yaml, department: service, maturity: documented",
            "department: service, maturity: missing",
        )],
        Code::MissingProcess,
        "processes.helping",
    ),
    (
        &[(
            LIFE,
            "\nhand-offs:",
            "  archive: { file: archive.yaml, department: service, maturity: documented }\n\nhand-offs:",
        )],
        Code::IdleProcess,
        "processes.archive",
    ),
    (
        &[(HELPING, "sent-back: { end: {} }", "sent-back: { wait: 1 d, next: sent-back }")],
        Code::UnsoundProcess,
        "processes.helping.file",
    ),
    (
        &[(HELPING, "do: reoffer }\n", "do: reoffer }\n      line-down: { on: failure }\n")],
        Code::UnsoundProcess,
        "processes.helping.file",
    ),
    // Owners and departments
    (&[(LIFE, "service: { owner: head-of-service }", "service: {}")], Code::Unowned, "departments.service"),
    (&[(LIFE, "    owner: agent\n", "")], Code::Unowned, "touchpoints.call"),
    (&[(HELPING, "owner: head-of-service\n", "")], Code::Unowned, "processes.helping"),
    (&[(LIFE, "owner: agent", "owner: agnt")], Code::UnknownRole, "touchpoints.call.owner"),
    (
        &[(LIFE, "departments:\n", "departments:\n  finance: { owner: cfo }\n")],
        Code::EmptyDepartment,
        "departments.finance",
    ),
    // Names
    (
        &[(LIFE, "interested: { department: sales", "interested: { department: sals")],
        Code::UnknownPart,
        "stages.interested.department",
    ),
    (&[(LIFE, "next: [interested, gone]", "next: [intrested, gone]")], Code::UnknownPart, "stages.using.next[0]"),
    (
        &[(LIFE, "interested\n    channel: e-mail", "intrested\n    channel: e-mail")],
        Code::UnknownPart,
        "touchpoints.offer.stage",
    ),
    (
        &[(LIFE, "selling\n    at: [send-offer]", "sellin\n    at: [send-offer]")],
        Code::UnknownPart,
        "touchpoints.offer.process",
    ),
    (&[(LIFE, "at: [send-offer]", "at: [send-ofer]")], Code::UnknownStep, "touchpoints.offer.at[0]"),
    (
        &[(LIFE, "helping.yaml, department: service", "helping.yaml, department: srvice")],
        Code::UnknownPart,
        "processes.helping.department",
    ),
    (
        &[(LIFE, "maturity: documented }", "maturity: documented, sees: { product: seling } }")],
        Code::UnknownPart,
        "processes.helping.sees.product",
    ),
    (
        &[(LIFE, "maturity: documented }", "maturity: documented, sees: { prodct: selling } }")],
        Code::UnknownField,
        "processes.helping.sees.prodct",
    ),
    (&[(HELPING, "department: service", "department: srvice")], Code::UnknownPart, "departments"),
    (&[(HELPING, "process: helping", "process: help")], Code::UnknownPart, "processes.helping.file"),
    (&[(LIFE, "within: 30 d }", "within: 30 d, at: [ofer] }")], Code::UnknownPart, "contact.at[0]"),
    // Hand-offs
    (&[(LIFE, "to: helping\n", "to: helpin\n")], Code::UnknownPart, "hand-offs.welcome.to"),
    (&[(LIFE, "from: selling/sold", "from: sellin/sold")], Code::UnknownPart, "hand-offs.welcome.from"),
    (&[(LIFE, "from: selling/sold", "from: selling/solld")], Code::UnknownStep, "hand-offs.welcome.from"),
    (&[(LIFE, "from: selling/sold", "from: selling/send-offer")], Code::InvalidHandOff, "hand-offs.welcome.from"),
    (
        &[(SELLING, "  sold:     { end: {} }", "  sold: { end: { hand-over: { process: archive } } }")],
        Code::InvalidHandOff,
        "hand-offs.welcome.from",
    ),
    (
        &[(
            LIFE,
            "    entry: length(product) > 0            # what must hold then, over the fields of the sender\n",
            "",
        )],
        Code::HandOff,
        "hand-offs.welcome",
    ),
    (&[(LIFE, "    accepted: take-call/solved\n", "")], Code::HandOff, "hand-offs.welcome"),
    (&[(LIFE, "    returned: take-call/not-ours\n", "")], Code::HandOff, "hand-offs.welcome"),
    (&[(LIFE, "    reasons: [not one of our products]\n", "")], Code::HandOff, "hand-offs.welcome"),
    (&[(LIFE, "    within: 2 bh\n", "")], Code::HandOff, "hand-offs.welcome"),
    (&[(LIFE, "length(product) > 0", "length(product)")], Code::TypeMismatch, "hand-offs.welcome.entry"),
    (&[(LIFE, "length(product) > 0", "length(prodct) > 0")], Code::UnknownField, "hand-offs.welcome.entry"),
    (
        &[(LIFE, "accepted: take-call/solved", "accepted: take-cal/solved")],
        Code::UnknownStep,
        "hand-offs.welcome.accepted",
    ),
    (
        &[(LIFE, "accepted: take-call/solved", "accepted: take-call/slved")],
        Code::UnknownOutcome,
        "hand-offs.welcome.accepted",
    ),
    (
        &[(LIFE, "returned: take-call/not-ours", "returned: take-call!nobody")],
        Code::UnknownOutcome,
        "hand-offs.welcome.returned",
    ),
    (
        &[(
            HELPING,
            "sent-back: { end: {} }",
            "sent-back: { end: { hand-over: { process: selling, with: { customer_id: customer_id, consent: '\"given\"' } } } }",
        )],
        Code::HandOff,
        "processes.helping",
    ),
    // Fields
    (&[(LIFE, "with: { customer_id: customer_id, product", "with: { product")], Code::LostField, "hand-offs.welcome"),
    (&[(LIFE, ", product: product }", " }")], Code::LostField, "hand-offs.welcome"),
    (
        &[(LIFE, "product: product }", "product: remark }"), (SELLING, "    writes: [remark]\n", "")],
        Code::LostField,
        "hand-offs.welcome.with.product",
    ),
    (&[(HELPING, "customer: customer_id\n", "")], Code::LostField, "processes.helping"),
    (
        &[(LIFE, "product: product }", "product: product, prodct: product }")],
        Code::UnknownField,
        "hand-offs.welcome.with.prodct",
    ),
    (&[(LIFE, "product: product }", "product: pieces }")], Code::TypeMismatch, "hand-offs.welcome.with.product"),
    (&[(LIFE, "product: product }", "product: prodct }")], Code::UnknownField, "hand-offs.welcome.with.product"),
    // Agreements
    (
        &[(
            LIFE,
            "    - { by: service, to: sales, in: helping, promise: \"p90(wait, take-call) <= 1 bh\", why: Who waits asks the seller }\n",
            "",
        )],
        Code::OneSidedAgreement,
        "agreements.sales-and-service[0]",
    ),
    (
        &[(LIFE, "by: service, to: sales", "by: srvice, to: sales")],
        Code::UnknownPart,
        "agreements.sales-and-service[1].by",
    ),
    (&[(LIFE, "in: helping", "in: helpin")], Code::UnknownPart, "agreements.sales-and-service[1].in"),
    (
        &[(LIFE, "p90(wait, take-call)", "p90(wait, take-cal)")],
        Code::VagueGoal,
        "agreements.sales-and-service[1].promise",
    ),
    (
        &[(LIFE, "p90(wait, take-call) <= 1 bh", "they are quick")],
        Code::VagueGoal,
        "agreements.sales-and-service[1].promise",
    ),
    (&[(LIFE, "8 per business-day]", "8]")], Code::VagueGoal, "agreements.sales-and-service[0].promise"),
    // Over all processes
    (
        &[
            (SELLING, "  consent: { type: choice, of: [given, refused], initial: given, owner: seller }\n", ""),
            (SELLING, ", consent]", "]"),
        ],
        Code::LostConsent,
        "touchpoints.offer",
    ),
    (
        &[
            (LIFE, "refused: [refused] }", "refused: [refused], at: [offer, call] }"),
            (
                HELPING,
                "data:\n",
                "data:\n  consent: { type: choice, of: [given, refused], initial: given, owner: agent }\n",
            ),
        ],
        Code::LostConsent,
        "hand-offs.welcome",
    ),
    (&[(LIFE, "refused: [refused]", "refused: [never]")], Code::TypeMismatch, "consent.refused[0]"),
    (
        &[(HELPING, "roles:\n", "roles:\n  seller: { department: sales, people: 3, calendar: office }\n")],
        Code::DifferingPeople,
        "processes.helping",
    ),
];

#[test]
fn nothing_is_missing_where_all_is_there() {
    let found = Copy::shop(&[]).check().problems;
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_gap_that_is_planted_is_found_and_nothing_else() {
    let mut failures = Vec::new();
    for (edits, code, at) in GAPS {
        let found = Copy::shop(edits).check().problems;
        let found: Vec<_> =
            found.iter().map(|problem| (problem.code, problem.path.to_string(), &problem.message)).collect();
        let as_planted = matches!(found.as_slice(), [(own, path, _)] if own == code && path == at);
        if !as_planted {
            failures.push(format!("{edits:?}: expected {code} at {at}, found {found:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn two_channels_that_know_nothing_of_each_other_are_found() {
    let text = std::fs::read_to_string(support::folder("docs/shop/life-cycle.yaml")).unwrap_or_default();
    let (before, rest) = text.split_once("hand-offs:").unwrap_or_else(|| panic!("no hand-offs"));
    let (_, after) = rest.split_once("agreements:").unwrap_or_else(|| panic!("no agreements"));
    let hand_offs = &text[before.len()..text.len() - after.len() - "agreements:".len()];
    let found = Copy::shop(&[(LIFE, hand_offs, "")]).check().problems;
    let found: Vec<_> = found.iter().map(|problem| (problem.code, problem.path.to_string())).collect();
    assert_eq!(found, [(Code::ParallelChannels, "processes.helping".to_owned())]);

    // A field that says so is enough.
    let sees = (LIFE, "maturity: documented }", "maturity: documented, sees: { product: selling } }");
    assert!(Copy::shop(&[(LIFE, hand_offs, ""), sees]).check().is_sound());
}

#[test]
fn every_kind_of_finding_of_a_life_cycle_is_planted_somewhere() {
    let own = [
        Code::UnknownPart,
        Code::UntouchedStage,
        Code::LostStage,
        Code::MissingProcess,
        Code::IdleProcess,
        Code::UnsoundProcess,
        Code::EmptyDepartment,
        Code::InvalidHandOff,
        Code::LostField,
        Code::OneSidedAgreement,
        Code::LostConsent,
        Code::DifferingPeople,
    ];
    for code in own {
        assert!(GAPS.iter().any(|(_, planted, _)| *planted == code), "{code}");
    }
}
