//! Fields of every type are drawn, written to transactions, and read back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Simulation, Transactions};

fn process(samples: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: samples
version: 1.0.0
start: end
data:
  due:   {{ type: date, required: true, owner: it }}
  delay: {{ type: duration, required: true, owner: it }}
  tags:  {{ type: list, of: [new, vip], required: true, owner: it }}
steps:
  end: {{ end: {{}} }}
simulation:
  arrivals: {{ every: 1 h }}
  sample: {{ {samples} }}
"#
    );
    Arc::new(Process::read("samples.yaml", text.as_bytes()).unwrap())
}

#[test]
fn dates_durations_and_lists_are_drawn_and_read_back() {
    let process = process(
        r#"due: { 2026-01-05: 1, 2026-12-24: 1 }, delay: "uniform(1 h, 2 h)", tags: { '["vip", "new"]': 1, "[]": 2 }"#,
    );
    let simulation = Simulation::new(&process).unwrap();
    let drawn = simulation.generate(40).unwrap();
    let lines: Vec<String> = drawn.iter().map(|line| serde_json::to_string(line).unwrap()).collect();
    for text in [r#""due":"2026-01-05""#, r#""due":"2026-12-24""#, r#""tags":["vip","new"]"#, r#""tags":[]"#] {
        assert!(lines.iter().any(|line| line.contains(text)), "{text} in {}", lines[0]);
    }
    let delays: Vec<&str> = drawn.iter().map(|line| line.data["delay"].as_str().unwrap()).collect();
    assert!(delays.iter().all(|delay| delay.ends_with(" s") || delay.ends_with(" min")), "{delays:?}");
    let read = Transactions::read(&lines.join("\n"), simulation.plan()).unwrap();
    assert_eq!((read.len(), read.passed_over().count()), (40, 0));
    let again = Simulation::new(&process).unwrap().transactions(read);
    assert_eq!(again.generate(40).unwrap(), drawn);
}

#[test]
fn what_is_drawn_lies_within_the_bounds_of_the_field() {
    let drawn = |field: &str, sample: &str| {
        let text = format!(
            "process: p\nversion: 1\nstart: end\ndata: {{ f: {{ {field}, required: true, owner: it }} }}
steps: {{ end: {{ end: {{}} }} }}\nsimulation: {{ arrivals: {{ every: 1 h }}, sample: {{ f: {sample} }} }}"
        );
        let process = Arc::new(Process::read("p.yaml", text.as_bytes()).unwrap());
        let simulation = Simulation::new(&process).map_err(|problems| problems.to_string())?;
        let values = simulation.generate(60).unwrap().into_iter().map(|line| line.data["f"].to_string());
        Ok::<BTreeSet<String>, String>(values.collect())
    };
    let set = |values: &[&str]| Ok(values.iter().map(|value| (*value).to_owned()).collect::<BTreeSet<_>>());
    assert_eq!(drawn("type: integer, at-least: 0, at-most: 1", "'uniform(-9, 9)'"), set(&["0", "1"]));
    assert_eq!(drawn("type: duration, at-least: 1 h", "'uniform(1 min, 2 min)'"), set(&["\"1 h\""]));
    assert_eq!(drawn("type: decimal, at-most: -0.5", "7"), set(&["\"-0.5\""]));
    let refused = drawn("type: integer, at-most: 1", "{ 1: 3, 2: 1 }").unwrap_err();
    assert!(refused.contains("error[out-of-bounds]: expected at most 1, found `2`"), "{refused}");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let refused = |samples: &str| Simulation::new(&process(samples)).map(drop).unwrap_err().to_string();
    let fine = "due: { 2026-01-05: 1 }, delay: 1 h, tags: { '[]': 1 }";
    assert!(Simulation::new(&process(fine)).is_ok());
    let date = refused(&fine.replace("{ 2026-01-05: 1 }", "'uniform(1, 2)'"));
    assert!(date.contains("a date field cannot be sampled from numbers; give weights to its values"), "{date}");
    let list = refused(&fine.replace("'[]'", "'[\"vpi\"]'"));
    assert!(list.contains("`vpi` is not one of the choices: did you mean `vip`?"), "{list}");
}
