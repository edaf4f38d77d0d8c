//! What the keys of a file of scenarios look like, for those who meet them for the first time.

use grieta_core::yaml::decode::Examples;

pub(super) const EXAMPLES: Examples = Examples { of_key, of_mapping };

fn of_key(of: &str, key: &str) -> Option<&'static str> {
    if (of, key) == ("what a simulation is to show", "expect") {
        return Some("expect: [p90(cycle_time) < 2 bd]");
    }
    Some(match key {
        "absent" => "absent: ana",
        "after" => "after: 4 bh",
        "allocated" => "allocated: { call: ana }",
        "at" => "at: 2026-03-02T09:00+01:00",
        "back" => "back: ana",
        "breaks" => "breaks: the printer burns",
        "by" => "by: ana",
        "cases" => "cases: 2000",
        "cancel" => "cancel: at-once",
        "case" => "case: [{ step: call, by: ana, outcome: reached }, { expect: { ended-at: won } }]",
        "case-of" => "case-of: invoice",
        "change" => "change: { amount: 10 }",
        "confidence" => "confidence: 95%",
        "crack" => "crack: voicemail-full",
        "cracks" => "cracks: [voicemail-full]",
        "data" | "start" | "writes" => "data: { amount: 10 }",
        "definition" => "definition: order.yaml",
        "delegate" => "delegate: ana",
        "deputies" => "deputies: { ana: ben }",
        "due" => "due: { promise: 2026-03-02T11:00+01:00 }",
        "ended-at" => "ended-at: won",
        "examples" => "examples: [{ start: { amount: 10 }, expect: { at: approve } }]",
        "expect" => "expect: { at: call }",
        "fails" => "fails: no-connection",
        "go-to" => "go-to: call",
        "in-time" => "in-time: promise",
        "incident" => "incident: has no response",
        "keep" => "keep: 2 d",
        "key" => "key: o1",
        "message" => "message: paid",
        "next-timer" => "next-timer: true",
        "not-at" => "not-at: call",
        "nth" => "nth: 2",
        "of" => "of: clerk",
        "offer" => "offer: manager",
        "offered" => "offered: { call: clerk }",
        "only" => "only: claim",
        "other-services" => "other-services: succeed",
        "outcome" => "outcome: reached",
        "pass-over" => "pass-over: reached",
        "paused" => "paused: promise",
        "people" => "people: { ana: [clerk] }",
        "replications" => "replications: 20",
        "retry" => "retry: true",
        "rules" => "rules: kept",
        "run-out" => "run-out: promise",
        "scenarios" => "scenarios: { nobody answers: { case: [{ step: call, outcome: no-answer }] } }",
        "seed" => "seed: 7",
        "sent" => "sent: bill",
        "service" => "service: { score: { writes: { fit: 80 } } }",
        "services" => "services: { score: { writes: { fit: 80 } }, look-up: found }",
        "simulation" => "simulation: { expect: [p90(cycle_time) < 2 bd] }",
        "skip" => "skip: reached",
        "started" => "started: invoice",
        "status" => "status: completed",
        "step" => "step: call",
        "until" => "until: 2026-03-02T11:00+01:00",
        "visits" => "visits: { call: 2 }",
        "waits" => "waits: true",
        "waiting" => "waiting: clerk",
        "with" => "with: [invoice.yaml]",
        "without" => "without: [amount]",
        _ => return None,
    })
}

fn of_mapping(what: &str) -> Option<&'static str> {
    Some(match what {
        "a scenario" => "{ case: [{ step: call, by: ana, outcome: reached }, { expect: { ended-at: won } }] }",
        "an example" => "{ start: { amount: 10 }, expect: { at: approve } }",
        "something that happens" => "{ step: call, by: ana, outcome: reached }",
        "what is expected" => "{ at: call }",
        "what a simulation is to show" => "{ cases: 2000, expect: [p90(cycle_time) < 2 bd] }",
        "an answer" => "{ outcome: found, writes: { fit: 80 } }",
        _ => return None,
    })
}
