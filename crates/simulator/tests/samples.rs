//! Fields of every type are drawn, written to transactions, and read back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

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
fn what_cannot_be_drawn_is_refused() {
    let refused = |samples: &str| Simulation::new(&process(samples)).map(drop).unwrap_err().to_string();
    let fine = "due: { 2026-01-05: 1 }, delay: 1 h, tags: { '[]': 1 }";
    assert!(Simulation::new(&process(fine)).is_ok());
    let date = refused(&fine.replace("{ 2026-01-05: 1 }", "'uniform(1, 2)'"));
    assert!(date.contains("a date field cannot be sampled from numbers; give weights to its values"), "{date}");
    let list = refused(&fine.replace("'[]'", "'[\"vpi\"]'"));
    assert!(list.contains("`vpi` is not one of the choices: did you mean `vip`?"), "{list}");
}
