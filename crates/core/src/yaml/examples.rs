//! What the keys that must not be missing look like, for those who meet them for the first time.

/// A key with a value as it may stand in a file.
pub(super) fn example(key: &str) -> Option<&'static str> {
    Some(match key {
        "at-most" => "at-most: 3",
        "for" => "for: customer",
        "four-eyes" => "four-eyes: [order, approve]",
        "inputs" => "inputs: [fit, tier]",
        "lasts" => "lasts: 5 bd",
        "mean" => "mean: 60",
        "message" => "message: paid",
        "of" => "of: [low, high]",
        "on" => "on: failure",
        "outputs" => "outputs: [grade]",
        "people" => "people: 2",
        "per" => "per: business-day",
        "process" => "process: order",
        "rate" => "rate: 1.5/year",
        "role" => "role: clerk",
        "rules" => "rules: [{ when: [\">= 50\", gold], then: hot }]",
        "same-person-as" => "same-person-as: order",
        "start" => "start: first-step",
        "then" => "then: hot",
        "threads" => "threads: 2",
        "times" => "times: 3",
        "to" => "to: next-step",
        "type" => "type: text",
        "version" => "version: 1.0.0",
        "when" => "when: amount > 1000",
        "within" => "within: 4 bh",
        _ => return None,
    })
}
