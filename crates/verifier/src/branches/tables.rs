//! Whether every rule of a decision table can match, whether two match that must not, and all values find one.

use grieta_core::decision::Table;
use grieta_core::definition::{Decision, Hit};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::value::Value;

use super::Analysis;
use super::group::Group;
use super::search::Answer;

/// As many pairs of rules as are compared in one table.
const MOST_PAIRS: usize = 20_000;

pub(super) fn check(analysis: &mut Analysis<'_>, name: &str, decision: &Decision) {
    let path = Path::root("decisions").key(name);
    // A process was checked: its tables can be compiled.
    let Ok(table) = Table::compile(name, decision, analysis.process.schema(), &path) else { return };
    let conditions = table.conditions();
    let group = Group::of(analysis, &conditions);
    let thens = thens(analysis, decision);
    let rules = Rules { name, path: path.key("rules"), decision, table, group, thens, count: conditions.len() };
    let mut pairs = MOST_PAIRS;
    for index in 0..rules.count {
        let reached = rules.reached(index, analysis);
        let apart = rules.apart(index, &mut pairs, analysis);
        analysis.findings.asked(&rules.path.index(index), reached && apart);
    }
    rules.rest(analysis);
}

/// What each rule sets.
fn thens(analysis: &Analysis<'_>, decision: &Decision) -> Vec<Vec<Option<Value>>> {
    let data = &analysis.process.definition().data;
    let fields: Vec<_> = decision.outputs.iter().map(|output| data.get(output)).collect();
    let then = |row: &grieta_core::definition::Row| {
        let values = row.then.iter().zip(&fields);
        values.map(|(text, field)| Value::parse((*field)?, &text.0).ok()).collect()
    };
    decision.rules.iter().map(then).collect()
}

struct Rules<'a> {
    name: &'a str,
    path: Path,
    decision: &'a Decision,
    table: Table,
    group: Group<'a>,
    thens: Vec<Vec<Option<Value>>>,
    /// How many rules there are but `otherwise`.
    count: usize,
}

impl Rules<'_> {
    /// Whether a rule can match, or count where only the first does; tells whether that was decided.
    fn reached(&self, index: usize, analysis: &mut Analysis<'_>) -> bool {
        let before = if self.decision.hit == Hit::First { 0..index } else { 0..0 };
        let matches = |data: &[Value]| self.table.matching(data).is_ok_and(|matching| matching.contains(&index));
        let counts = self.group.ask([index], before.clone(), matches);
        if let Answer::Example(_) = counts {
            return true;
        }
        let alone = if before.is_empty() { counts.clone() } else { self.group.ask([index], [], matches) };
        let number = index + 1;
        let why = match (alone, counts) {
            (Answer::Never, _) => "because its tests never hold together",
            (_, Answer::Never) => "because those before it leave nothing for it",
            _ => return false,
        };
        let message = format!("rule {number} of `{}` is never taken, {why}", self.name);
        let problem = Problem::warning(Code::NeverTaken, self.path.index(index).key("when"), message);
        analysis.findings.report(problem.help("correct a test, move the rule, or remove it"), None);
        true
    }

    /// Whether no rule before it matches the same values, where they must not; tells whether that was decided.
    fn apart(&self, index: usize, pairs: &mut usize, analysis: &mut Analysis<'_>) -> bool {
        let mut decided = true;
        for before in (0..index).filter(|before| self.must_differ(*before, index)) {
            if *pairs == 0 {
                return false;
            }
            *pairs -= 1;
            let both = |data: &[Value]| {
                let matching = self.table.matching(data);
                matching.is_ok_and(|matching| matching.contains(&before) && matching.contains(&index))
            };
            match self.group.ask([before, index], [], both) {
                Answer::Never => {}
                Answer::Unknown => decided = false,
                Answer::Example(data) => {
                    analysis.findings.report(self.overlap(before, index, &data), Some(data));
                    return true;
                }
            }
        }
        decided
    }

    fn must_differ(&self, one: usize, other: usize) -> bool {
        match self.decision.hit {
            Hit::Unique => true,
            Hit::Any => self.thens[one] != self.thens[other],
            Hit::First | Hit::Collect | Hit::Sum => false,
        }
    }

    fn overlap(&self, one: usize, other: usize, data: &[Value]) -> Problem {
        let and = if self.decision.hit == Hit::Any { ", and do not agree" } else { "" };
        let with = self.group.with(data);
        let message = format!("{with} rules {} and {} of `{}` both match{and}", one + 1, other + 1, self.name);
        let problem = Problem::warning(Code::Overlap, self.path.index(other).key("when"), message);
        let problem = problem.related("the other rule", self.path.index(one).key("when"));
        problem.help("narrow a test of one of them, or write `hit: first` if the upper rule counts")
    }

    /// What is left when no rule matches.
    fn rest(&self, analysis: &mut Analysis<'_>) {
        let none = |data: &[Value]| self.table.matching(data).is_ok_and(|matching| matching.is_empty());
        let left = self.group.ask([], 0..self.count, none);
        let findings = &mut analysis.findings;
        findings.asked(&self.path, left != Answer::Unknown);
        match (left, self.decision.rules.get(self.count)) {
            (Answer::Never, Some(_)) => {
                let message =
                    format!("`otherwise` of `{}` never counts, because the rules leave nothing for it", self.name);
                let path = self.path.index(self.count).key("otherwise");
                let problem = Problem::warning(Code::NeverTaken, path, message);
                findings.report(problem.help("correct a test, or remove `otherwise`"), None);
            }
            // What collects nothing gives an empty list.
            (Answer::Example(data), None) if self.decision.hit != Hit::Collect => {
                let message = format!("{} no rule of `{}` matches", self.group.with(&data), self.name);
                let problem = Problem::warning(Code::Gap, self.path.clone(), message);
                findings.report(problem.help("add a rule for them, or `- { otherwise: … }`"), Some(data));
            }
            _ => {}
        }
    }
}
