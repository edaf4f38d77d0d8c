//! The decision tables of the technology compatibility kit of DMN, as far as they lie in what a decision of ours can say:
//! those give the results that the kit expects, the others are refused by name.
//!
//! The kit is no part of the project. `DMN_TCK` names its folder; without it, one beside the project is looked for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test may fail")]

mod support;
#[path = "support/xml.rs"]
mod xml;

use std::path::{Path, PathBuf};

use grieta_core::Process;
use grieta_core::kernel::Command;
use grieta_core::value::Value;
use support::Desk;
use xml::Element;

/// The tables that say something that ours cannot, and what that is.
const OUTSIDE: [(&str, &str); 7] = [
    ("0006-simpletable-P1", "priority"),
    ("0007-simpletable-P2", "priority"),
    ("0110-outputOrder-hitpolicy", "output-order"),
    ("0113-outputOrder-hitpolicy-singleinoutcol", "output-order"),
    ("0114-min-collect-hitpolicy", "min"),
    ("0116-count-collect-hitpolicy", "count"),
    ("0118-multi-priority-hitpolicy", "priority"),
];

fn kit() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/models/dmn_tck");
    let folder = std::env::var_os("DMN_TCK").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

#[test]
fn the_tables_of_the_kit_decide_as_it_expects_or_are_refused_by_name() {
    let Some(folder) = kit() else {
        eprintln!("skipped: the DMN kit is not here; set DMN_TCK to its folder");
        return;
    };
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".dmn").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 16, "{names:?}");
    let (mut inside, mut cases) = (0, 0);
    for name in names {
        let read = |file: String| Element::read(&std::fs::read_to_string(folder.join(file)).unwrap());
        let table = Table::of(&read(format!("{name}.dmn")));
        let process = Process::read(&name, table.process().as_bytes());
        let outside = OUTSIDE.iter().find(|(outside, _)| *outside == name);
        match (process, outside) {
            (Err(problems), Some((_, policy))) => {
                let text = problems.to_string();
                assert!(text.contains(&format!("`{policy}`")) && text.contains("`unique`, `first`"), "{text}");
            }
            (Err(problems), None) => panic!("{name}: {problems}"),
            (Ok(_), Some(_)) => panic!("{name} was to be refused"),
            (Ok(process), None) => {
                inside += 1;
                for case in read(format!("{name}-test-01.xml")).all("testCase") {
                    table.check(&name, &process, case);
                    cases += 1;
                }
            }
        }
    }
    assert_eq!((inside, cases), (9, 27), "tables and cases");
}

/// What is needed of a decision table.
struct Table {
    inputs: Vec<(String, &'static str)>,
    outputs: Vec<(String, &'static str)>,
    hit: String,
    rules: Vec<String>,
}

impl Table {
    fn of(file: &Element) -> Table {
        let decision = file.first("decision").unwrap();
        let table = decision.first("decisionTable").unwrap();
        let policy = table.attribute("hitPolicy").unwrap_or("UNIQUE").to_lowercase().replace(' ', "-");
        let hit = match (policy.as_str(), table.attribute("aggregation")) {
            ("rule-order" | "collect", None) => "collect".to_owned(),
            ("collect", Some(aggregation)) => aggregation.to_lowercase(),
            (other, _) => other.to_owned(),
        };
        let inputs = table.all("input").map(|input| {
            let expression = input.first("inputExpression").unwrap();
            (expression.first("text").unwrap().text(), kind(expression.attribute("typeRef").unwrap()))
        });
        let name = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let whole = decision.first("variable").unwrap().attribute("name").unwrap();
        let rule = |rule: &Element| -> (Vec<String>, Vec<String>) {
            let texts = |entry| rule.all(entry).map(|entry| entry.first("text").unwrap().text()).collect();
            (texts("inputEntry"), texts("outputEntry"))
        };
        let rules: Vec<_> = table.all("rule").map(rule).collect();
        let outputs: Vec<_> = table
            .all("output")
            .enumerate()
            .map(|(index, output)| {
                let quoted = rules[0].1[index].starts_with('"');
                (name(output.attribute("name").unwrap_or(whole)), if quoted { "text" } else { "decimal" })
            })
            .collect();
        let values = |then: &[String]| {
            let bare = then.iter().map(|value| serde_json::to_string(value.trim_matches('"')).unwrap());
            bare.collect::<Vec<_>>().join(", ")
        };
        let mut written: Vec<String> = rules
            .iter()
            .map(|(when, then)| {
                let when: Vec<_> = when.iter().map(|test| serde_json::to_string(test).unwrap()).collect();
                format!("{{ when: [{}], then: [{}] }}", when.join(", "), values(then))
            })
            .collect();
        let default = |output: &Element| Some(output.first("defaultOutputEntry")?.first("text")?.text());
        if let Some(defaults) = table.all("output").map(default).collect::<Option<Vec<_>>>() {
            written.push(format!("{{ otherwise: [{}] }}", values(&defaults)));
        }
        Table { inputs: inputs.collect(), outputs, hit, rules: written }
    }

    /// A process that does nothing but decide.
    fn process(&self) -> String {
        let inputs = self.inputs.iter().map(|(name, kind)| format!("{name}: {{ type: {kind} }}"));
        let outputs = self.outputs.iter().map(|(name, kind)| match self.hit.as_str() {
            "collect" => format!("{name}: {{ type: list, of: {kind} }}"),
            _ => format!("{name}: {{ type: {kind} }}"),
        });
        let names =
            |fields: &[(String, &str)]| fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        format!(
            "process: kit\nversion: 1\nstart: decide\ndata: {{ {} }}\n\
             decisions: {{ it: {{ inputs: [{}], outputs: [{}], hit: {}, rules: [{}] }} }}\n\
             steps: {{ decide: {{ decide: it, next: rest }}, rest: {{ wait: 1 h, next: done }}, done: {{ end: {{}} }} }}\n",
            inputs.chain(outputs).collect::<Vec<_>>().join(", "),
            names(&self.inputs),
            names(&self.outputs),
            self.hit,
            self.rules.join(", "),
        )
    }

    fn check(&self, name: &str, process: &Process, case: &Element) {
        let mut desk = Desk::new(process.definition().clone());
        let fields = &process.definition().data;
        let given = case.all("inputNode").map(|input| {
            let field = input.attribute("name").unwrap();
            let text = input.first("value").unwrap().text();
            (desk.plan.field(field).unwrap(), Value::parse(&fields[field], &text).unwrap())
        });
        let data = given.collect();
        desk.command(&Command::Start { data }).unwrap();
        let expected = case.first("resultNode").unwrap().first("expected").unwrap();
        let value = |element: &Element| element.first("value").map(|value| value.text()).unwrap_or_default();
        let of_output = |within: &Element, output: &str| {
            let component = within.all("component").find(|component| {
                component.attribute("name").unwrap().replace(|c: char| !c.is_ascii_alphanumeric(), "_") == output
            });
            component.map_or_else(|| value(within), value)
        };
        for (output, _) in &self.outputs {
            let found = &desk.case.data()[desk.plan.field(output).unwrap().at()];
            let wanted = match expected.first("list") {
                Some(list) => {
                    let items: Vec<_> = list.all("item").map(|item| of_output(item, output)).collect();
                    Value::parse(&fields[output.as_str()], &serde_json::to_string(&items).unwrap()).unwrap()
                }
                None => Value::parse(&fields[output.as_str()], &of_output(expected, output)).unwrap(),
            };
            let case = case.attribute("id").unwrap();
            assert_eq!(*found, wanted, "{name}, case {case}, `{output}`: {:?}", desk.explained());
        }
    }
}

fn kind(type_ref: &str) -> &'static str {
    match type_ref {
        "number" => "decimal",
        "boolean" => "boolean",
        "string" => "text",
        other => panic!("an input of type {other}"),
    }
}
