//! `grieta test`: what passes, what fails, what cannot be read, and what build servers read.

mod support;

use support::{Desk, GOOD};

const SCENARIOS: &str = "\
scenarios:
  it is answered:
    case: [{ step: answer, by: ana }, { expect: { status: completed } }]
  nobody is there:
    case: [{ after: 3 h }, { expect: { cracks: [nobody] } }]
";

#[test]
fn scenarios_pass_and_fail() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    desk.file("desk.test.yaml", SCENARIOS);
    let run = desk.run(&["test"]).expect(1);
    println!("{}", run.out);
}
