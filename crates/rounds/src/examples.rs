//! What the keys of a journal look like, for those who meet them for the first time.

use grieta_core::yaml::decode::Examples;

pub(crate) const EXAMPLES: Examples = Examples { of_key, of_mapping };

fn of_key(of: &str, key: &str) -> Option<&'static str> {
    Some(match (of, key) {
        ("a finding", "figure") => "figure: { value: 0.012, low: 0.011, high: 0.014, unit: share }",
        ("a judged criterion", "expect") => "expect: share(lost) <= 2%",
        (_, "accepted") => "accepted: { reason: once in a blue moon }",
        (_, "benefit") => "benefit: nobody hangs up at lunch",
        (_, "cases") => "cases: 2000",
        (_, "date") => "date: 2026-11-20",
        (_, "expects") => "expects: [share(lost) <= 2%]",
        (_, "hash") => "hash: ba7816bf8f01",
        (_, "history") => "history: [open 1, fixed 2]",
        (_, "note") => "note: asked the receptionist on Monday",
        (_, "phase") => "phase: planning",
        (_, "reason") => "reason: once in a blue moon",
        (_, "replications") => "replications: 12",
        (_, "round") => "round: 1",
        (_, "rounds-of") => "rounds-of: telephone-reception",
        (_, "runs") => "runs: { cases: 2000, replications: 12, seed: 1 }",
        (_, "says") => "says: 1.2 % of cases never end here",
        (_, "scenario") => "scenario: the mailbox is full",
        (_, "scenarios") => "scenarios: { run: 4 }",
        (_, "scope") => "scope: [mailbox-check]",
        (_, "seed") => "seed: 1",
        (_, "unit") => "unit: share",
        (_, "value") => "value: 0.012",
        (_, "verdict") => "verdict: met",
        (_, "version") => "version: 1.0.0",
        (_, "wave") => "wave: quick-fixes",
        ("a round", "waves") => "waves: { quick-fixes: planning }",
        (_, "waves") => {
            "waves: { quick-fixes: { scope: [mailbox-check], expects: [share(lost) <= 2%], phase: planning } }"
        }
        _ => return None,
    })
}

fn of_mapping(what: &str) -> Option<&'static str> {
    Some(match what {
        "a wave" => "{ scope: [mailbox-check], expects: [share(lost) <= 2%], phase: planning }",
        "a finding" => "{ says: 1.2 % of cases never end here, history: [open 1] }",
        "why it is accepted" => "{ reason: once in a blue moon }",
        "a figure" => "{ value: 0.012, low: 0.011, high: 0.014, unit: share }",
        _ => return None,
    })
}
