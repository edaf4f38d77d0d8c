//! What the simulation of a process is to show, as it stands in a file of scenarios.

use grieta_core::diagnostic::Code;
use grieta_core::yaml::decode::{Value, whole};

use super::{Judged, Stage, Suite};
use crate::acceptance::{Acceptance, Criterion};

pub(super) fn acceptance(value: Value<'_>) -> Option<Acceptance> {
    let mut fields = value.fields("what a simulation is to show")?;
    let cases = fields.optional("cases", at_least_one);
    let replications = fields.optional("replications", at_least_one);
    let seed = fields.optional("seed", |value| whole(value).map(u64::from));
    let confidence = fields.optional("confidence", |value| {
        let Some((written, _)) = value.scalar() else { return value.expected("a confidence") };
        let refuse = |problem: String| value.refuse(value.problem(Code::InvalidChance, problem));
        Acceptance::confidence_of(written).map_or_else(refuse, Some)
    });
    let criteria = fields.required("expect", |value| {
        let criteria = value.list("a list of criteria", criterion)?;
        if criteria.is_empty() && value.words().is_some_and(|words| words.is_empty()) {
            return value.expected_with("at least one criterion", Some("write for example `- p90(cycle_time) < 2 bd`"));
        }
        Some(criteria)
    });
    fields.finish();
    Some(Acceptance { cases, replications, seed, confidence, criteria: criteria? })
}

fn criterion(value: Value<'_>) -> Option<Criterion> {
    let Some((written, _)) = value.scalar() else {
        let help = "a sentence with a comma or a bracket stands in quotes: `\"share(won) in [2%, 5%]\"`";
        return value.expected_with("a sentence such as `p90(cycle_time) < 2 bd`", Some(help));
    };
    match Criterion::at(written, value.place()) {
        Ok(criterion) => Some(criterion),
        Err(misread) => {
            let problem = value.problem(Code::WrongType, misread.message);
            value.refuse(problem.maybe_help(misread.help))
        }
    }
}

fn at_least_one(value: Value<'_>) -> Option<u64> {
    match whole(value)? {
        0 => value.expected("a whole number from 1 on"),
        number => Some(u64::from(number)),
    }
}

impl Suite {
    /// Simulates the process that is tested, the first of the stage, and says of every criterion of the file whether it holds.
    /// Nothing where the file has none.
    pub fn accept(&self, stage: &Stage) -> Vec<Judged> {
        match (&self.acceptance, stage.plans().first()) {
            (Some(acceptance), Some(plan)) => acceptance.judge(plan),
            _ => Vec::new(),
        }
    }
}
