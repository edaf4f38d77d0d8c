//! `grieta template`: what there is to start from, and a file of one's own.

mod support;

use support::Desk;

#[test]
fn the_list_tells_what_can_be_set_and_to_what_it_is_set() {
    let out = Desk::new().run(&["template", "list"]).expect(0).out;
    for template in
        ["lead-qualification", "case-escalation", "order-to-service", "customer-reentry", "telephone-reception"]
    {
        assert!(out.contains(&format!("{template}: ")), "{out}");
    }
    let line = out.lines().find(|line| line.contains("credit-manager-hours")).unwrap();
    assert!(
        line.contains("when the credit manager decides") && line.contains("13:00-15:36") && line.contains('–'),
        "{line}"
    );
}

#[test]
fn a_template_becomes_a_file_with_what_was_set_and_nothing_else_changed() {
    let desk = Desk::new();
    let plain = desk.run(&["template", "new", "order-to-service", "--variant", "as-is"]).expect(0).out;
    assert_eq!(plain, support::template("order-to-service/as-is.yaml"));

    let new = [
        "template",
        "new",
        "order-to-service",
        "--set",
        "warehouse=5",
        "--set",
        "credit-within=2 bd",
        "--to",
        "own.yaml",
    ];
    assert_eq!(desk.run(&new).expect(0).out, "");
    let written = std::fs::read_to_string(desk.path("own.yaml")).unwrap();
    let template = support::template("order-to-service/to-be.yaml");
    let changed: Vec<_> =
        written.lines().zip(template.lines()).filter(|(own, old)| own != old).map(|(own, _)| own.trim()).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed[0].starts_with("warehouse:") && changed[0].contains("people: 5, calendar: desk"), "{changed:?}");
    assert_eq!(changed[1], "within: 2 bd");
    assert_eq!(written.lines().count(), template.lines().count());

    let again = desk.run(&new).expect(2);
    assert!(again.err.contains("`own.yaml` is there already"), "{}", again.err);
}

#[test]
fn what_cannot_be_set_is_told_with_what_was_probably_meant() {
    let desk = Desk::new();
    let told = |arguments: &[&str], parts: &[&str]| {
        let err = desk.run(&[&["template", "new"], arguments].concat()).expect(2).err;
        for part in parts {
            assert!(err.contains(part), "{part}\n{err}");
        }
    };
    told(&["order-to-servise"], &["there is no template `order-to-servise`", "did you mean `order-to-service`?"]);
    told(&["order-to-service", "--set", "warehose=5"], &["no parameter `warehose`", "did you mean `warehouse`?"]);
    told(
        &["order-to-service", "--set", "warehouse=many"],
        &["`many` does not fit `warehouse`", "now `4`", "found `many`"],
    );
    told(&["order-to-service", "--set", "cfo-friday-hours=08:00-09:00"], &["it is one of the other variant"]);
    told(&["order-to-service", "--set", "warehouse"], &["expected NAME=VALUE"]);
}
