//! Reads what a process is to achieve.

use indexmap::IndexMap;

use crate::criterion::sentence;
use crate::definition::Goal;
use crate::diagnostic::Code;
use crate::yaml::decode::{NAME, Value, text};

/// What a goal needs, and what that says.
const NEEDED: [(&str, &str); 3] = [
    ("expect", "no figure with a bound (`expect`)"),
    ("by", "no day by which it is to be reached (`by`)"),
    ("owner", "nobody who answers for it (`owner`)"),
];

const HELP: &str = "write for example `{ expect: p90(cycle_time) < 2 bd, by: 2027-06-30, owner: head-of-sales }`";

pub(super) fn goals(value: Value<'_>) -> Option<IndexMap<String, Goal>> {
    value.declarations("goals by name", NAME, |_, value| goal(value))
}

fn goal(value: Value<'_>) -> Option<Goal> {
    if let Some((words, _)) = value.scalar() {
        let has_figure = sentence(words).is_ok();
        let missing = NEEDED.iter().filter(|(key, _)| !(has_figure && *key == "expect"));
        return vague(value, missing.map(|(_, what)| *what).collect());
    }
    let mut fields = value.fields("a goal")?;
    let missing = NEEDED.iter().filter(|(key, _)| !fields.has(key) && !fields.misspelt(&[key]));
    let missing: Vec<&str> = missing.map(|(_, what)| *what).collect();
    let needed = NEEDED.map(|(key, _)| fields.optional(key, text));
    let because = fields.optional("because", text);
    fields.finish();
    if !missing.is_empty() {
        return vague(value, missing);
    }
    let [expect, by, owner] = needed;
    Some(Goal { expect: expect?, by: by?, owner: owner?, because })
}

/// A goal without one of these can be neither met nor missed.
fn vague(value: Value<'_>, missing: Vec<&str>) -> Option<Goal> {
    let message = format!("this goal has {}: nobody could tell whether it is met", missing.join(", and "));
    value.refuse(value.problem(Code::VagueGoal, message).help(HELP))
}
