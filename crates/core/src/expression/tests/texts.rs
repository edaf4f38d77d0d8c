//! Texts that are joined, measured and searched, and the bound on their length.

use super::*;

#[test]
fn texts_are_joined_measured_and_searched() {
    check(r#"name + " & " + "berta""#, "anna & berta");
    check(r#"tier + "-" + other_tier"#, "gold-low");
    check("tier + tier", "goldgold");
    check(r#"name + "x" == "annax""#, true);
    check(r#"length("größer") + length(name) + length(tier)"#, 14);
    check(r#"contains(name, "nn") && !contains("nn", name)"#, true);
    check(r#"contains(name, "") && contains(tier, "old")"#, true);
    check(r#"(c ? name : name + "!") in ["anna!"]"#, true);
}

#[test]
fn a_text_grows_to_a_bound() {
    let schema = schema();
    let compiled = |source: &str| Expression::compile(source, &schema).unwrap();
    let mut data = data();
    data[6] = "é".repeat(16 * 1024).as_str().into();
    assert_eq!(compiled("length(name + name)").eval(&data), Ok((32 * 1024).into()));
    let error = compiled(r#"b && name + name + "x" != """#).eval(&data).unwrap_err().to_string();
    assert!(error.ends_with("is too long; a text may be joined up to 65,536 bytes"), "{error}");
    assert!(error.starts_with(r#"`name + name + "x"` in"#), "{error}");
    assert!(matches!(compiled("[name, name, \"x\"]").eval(&data), Err(EvalError::TooLong { .. })));
    let squared = format!("length({})", vec!["(name + name)"; 4_000].join("+"));
    assert!(matches!(compiled(&squared).eval(&data), Err(EvalError::TooLong { .. })));
}
