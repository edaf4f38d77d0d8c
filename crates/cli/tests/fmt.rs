//! `grieta fmt` and `grieta schema`: what they write, and what they leave alone.

mod support;

use std::fs;

use support::{Desk, GOOD, template};

const CROOKED: &str = "\
# How the desk works
process:    desk   # a name
version: 1.0.0
start: answer


roles: {agent: {people: 1}}
steps:
    answer:
        # all day long
        human: {role: agent,
                takes: exponential(8 min)}  # a guess
        next: done
    done: {end: {}}
    # nothing more
";

const STRAIGHT: &str = "\
# How the desk works
process: desk      # a name
version: 1.0.0
start:   answer

roles: { agent: { people: 1 } }
steps:
  answer:
    # all day long
    human: { role: agent, takes: exponential(8 min) }  # a guess
    next: done
  done: { end: {} }
  # nothing more
";

#[test]
fn a_crooked_file_is_laid_out_once() {
    let desk = Desk::new();
    let file = desk.file("desk.yaml", CROOKED);
    assert_eq!(desk.run(&["fmt", "--check", "desk.yaml"]).expect(1).out, "desk.yaml\n");
    assert_eq!(fs::read_to_string(&file).unwrap(), CROOKED);
    assert_eq!(desk.run(&["fmt", "desk.yaml"]).expect(0).out, "");
    assert_eq!(fs::read_to_string(&file).unwrap(), STRAIGHT);
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    desk.run(&["fmt", "desk.yaml"]).expect(0);
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written, "what has its form is not written again");
    assert_eq!(desk.run(&["fmt", "--check", "desk.yaml"]).expect(0).out, "");
    assert_eq!(desk.run_with(&["fmt", "-"], CROOKED.as_bytes()).expect(0).out, STRAIGHT);
}

#[test]
fn what_is_no_yaml_is_reported_and_left_as_it_is() {
    let desk = Desk::new();
    let broken = GOOD.replace("takes: exponential(8 min) }", "takes: exponential(8 min)");
    let file = desk.file("broken.yaml", &broken);
    let crooked = desk.file("desk.yaml", CROOKED);
    let run = desk.run(&["fmt", "broken.yaml", "desk.yaml"]).expect(1);
    assert!(run.err.contains("broken.yaml:"), "{}", run.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), broken);
    assert_eq!(fs::read_to_string(&crooked).unwrap(), STRAIGHT, "the other file is laid out all the same");
    desk.run(&["fmt", "nowhere.yaml"]).expect(2);
}

#[test]
fn the_templates_are_in_their_form() {
    let desk = Desk::new();
    for name in ["lead-qualification/as-is.yaml", "lead-qualification/to-be.yaml", "skeletons/order-to-service.yaml"] {
        let run = desk.run_with(&["fmt", "--check", "-"], template(name).as_bytes());
        assert_eq!(run.expect(0).out, "", "{name}");
    }
}

#[test]
fn the_schema_is_json_and_names_what_a_definition_needs() {
    let schema = Desk::new().run(&["schema"]).expect(0).json();
    assert_eq!(schema["required"], serde_json::json!(["process", "version", "start", "steps"]));
    assert_eq!(schema["additionalProperties"], false);
}
