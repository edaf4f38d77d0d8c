//! `grieta lifecycle check`: what it prints, what it writes, and how it ends.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::path::Path;

use support::Desk;

/// The life cycle of the page, on a desk, with something replaced.
fn shop(from: &str, to: &str) -> Desk {
    let desk = Desk::new();
    for file in ["life-cycle.yaml", "selling.yaml", "helping.yaml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/shop").join(file);
        let text = std::fs::read_to_string(path).unwrap();
        desk.file(&format!("shop/{file}"), if file == "life-cycle.yaml" { text.replacen(from, to, 1) } else { text });
    }
    desk
}

#[test]
fn a_complete_life_cycle_is_told_as_the_page_shows_it() {
    let out = shop("", "").run(&["lifecycle", "check", "shop/life-cycle.yaml"]).expect(0).out;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/life-cycle.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains(&format!("```text\n{out}```")), "{out}");
}

#[test]
fn a_gap_is_shown_where_it_is_and_leads_to_exit_code_1() {
    let desk = shop("    owner: agent\n", "");
    let run = desk.run(&["lifecycle", "check", "shop/life-cycle.yaml"]).expect(1);
    assert!(run.out.contains("nobody answers for touchpoint `call`"), "{}", run.out);
    assert!(run.out.contains("shop/life-cycle.yaml:"), "{}", run.out);
    assert!(run.out.contains("shop: 1 finding"), "{}", run.out);
    let json = desk.run(&["lifecycle", "check", "shop/life-cycle.yaml", "--format", "json"]).expect(1).json();
    assert_eq!(json["sound"], false);
    assert_eq!(json["problems"][0]["code"], "unowned");
    assert_eq!(json["problems"][0]["path"], "touchpoints.call");
    assert!(json["problems"][0]["line"].as_u64().unwrap() > 1);
    assert_eq!(json["readiness"][0]["measured"], 1.0);
}

#[test]
fn stubs_are_written_once_and_make_the_process_be_there() {
    let desk = shop("file: helping.yaml", "file: new/helping.yaml");
    let arguments = ["lifecycle", "check", "shop/life-cycle.yaml", "--stubs", "shop"];
    let run = desk.run(&arguments).expect(1);
    assert!(run.out.contains("written: shop/new/helping.yaml"), "{}", run.out);
    desk.run(&["check", "shop/new/helping.yaml"]).expect(0);
    let written = std::fs::read_to_string(desk.path("shop/new/helping.yaml")).unwrap();

    // Now it is there; what hands over to it still names steps that it does not have.
    let run = desk.run(&arguments).expect(1);
    assert!(!run.out.contains("missing-process") && !run.out.contains("written:"), "{}", run.out);
    assert_eq!(std::fs::read_to_string(desk.path("shop/new/helping.yaml")).unwrap(), written);

    // Whoever wrote something else there keeps it.
    let desk = shop("file: helping.yaml", "file: new/helping.yaml");
    desk.file("stubs/new/helping.yaml", "mine");
    let run = desk.run(&["lifecycle", "check", "shop/life-cycle.yaml", "--stubs", "stubs"]).expect(1);
    assert!(!run.out.contains("written:"), "{}", run.out);
    assert_eq!(std::fs::read_to_string(desk.path("stubs/new/helping.yaml")).unwrap(), "mine");
}

#[test]
fn nothing_is_written_outside_the_folder_of_the_stubs() {
    let desk = shop("file: helping.yaml", "file: ../helping.yaml");
    let run = desk.run(&["lifecycle", "check", "shop/life-cycle.yaml", "--stubs", "stubs"]).expect(2);
    assert!(run.err.contains("does not lie in the folder of the stubs"), "{}", run.err);
    assert!(!desk.path("helping.yaml").exists());
}

#[test]
fn a_file_that_is_no_life_cycle_is_told_with_its_places() {
    let desk = Desk::new();
    desk.file("wrong.yaml", "life-cycle: shop\nversion: 1.0.0\nstages: { lead: { department: sales, nxt: [] } }\n");
    let run = desk.run(&["lifecycle", "check", "wrong.yaml"]).expect(1);
    assert!(
        run.err.contains("a life cycle needs `customer`") && run.err.contains("did you mean `next`?"),
        "{}",
        run.err
    );
    desk.run(&["lifecycle", "check", "none.yaml"]).expect(2);
}
