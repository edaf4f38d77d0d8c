//! Lists: what is in them, how long they are, and as what their elements are read.

use super::*;

#[test]
fn a_list_is_asked_what_it_holds() {
    check("i in [1, 7]", true);
    check("i in []", false);
    check("i + 1 in sizes && !(j in sizes)", true);
    check(r#"name in ["anna", "berta"]"#, true);
    check(r#"tier in ["gold", "low"]"#, true);
    check(r#"other_tier in ["gold"]"#, false);
    check("tier in tiers", true);
    check("other_tier in tiers", false);
    check(r#""gold" in tiers"#, true);
    check(r#""vip" in tags"#, true);
    check("name in tags", false);
    check("name in tiers", false);
    check("tier in tags", false);
    check("contains(tags, name)", false);
    check(r#"contains(tags, "new")"#, true);
    check(r#"due in ["2026-12-24", "2026-12-25"]"#, true);
    check(r#""2026-12-24" in days"#, true);
    check(r#""2026-12-24" in ["2026-12-24"]"#, true);
    check(r#"delay in ["1.5 h"]"#, true);
    check("b in [true]", true);
    check("(i > 3) in [false, c]", false);
    check("i in (b ? sizes : [1])", true);
}

#[test]
fn integers_and_decimals_meet_in_lists() {
    check("i in [0.5, 7.0]", true);
    check("i in rates", true);
    check("d in sizes", false);
    check("7.0 in sizes", true);
    check("[1, 0.5]", vec![decimal("1"), decimal("0.5")]);
    check("sizes == [7, 8.0]", true);
    check("b ? sizes : rates", vec![decimal("7"), decimal("8")]);
}

#[test]
fn lists_are_compared_counted_and_chosen() {
    check("sizes == [7, 8]", true);
    check("sizes == [8, 7]", false);
    check("sizes != [7]", true);
    check("[] == []", true);
    check("tags != []", true);
    check(r#"tiers == ["gold"]"#, true);
    check(r#"(b ? tiers : tags) == ["gold"]"#, true);
    check(r#"["a", tier, name]"#, ["a", "gold", "anna"]);
    check("[tier]", [Value::Choice(1)]);
    check("length(sizes) + length([]) + length([1, i])", 4);
    check("[due]", [date("2026-12-24")]);
}

#[test]
fn a_field_is_given_a_list() {
    let schema = schema();
    let assign = |field: &str, source: &str| {
        let slot = schema.slot(field).unwrap();
        let compiled = Expression::compile_assignment(source, &schema, slot).map_err(shown)?;
        let value = compiled.eval(&data()).unwrap();
        assert!(value.fits(schema.field(slot).unwrap()), "{field} = {source}: {value:?}");
        Ok(value)
    };
    assert_eq!(assign("rates", "sizes"), Ok([decimal("7"), decimal("8")].into()));
    assert_eq!(assign("rates", "[1, i]"), Ok([decimal("1"), decimal("7")].into()));
    assert_eq!(assign("tags", "tiers"), Ok(["gold"].into()));
    assert_eq!(assign("tiers", r#"["low", other_tier]"#), Ok([Value::Choice(0), Value::Choice(0)].into()));
    assert_eq!(assign("days", r#"["2026-12-24", due]"#), Ok([date("2026-12-24"), date("2026-12-24")].into()));
    assert_eq!(assign("days", "[]"), Ok(Value::List([].into())));
    let refused =
        |field: &str, source: &str, expected: &str| assert_eq!(assign(field, source), Err(expected.to_owned()));
    refused(
        "sizes",
        "rates",
        "0..5 type-mismatch: the field `sizes` holds a list of integers, found a list of decimals",
    );
    refused(
        "sizes",
        "i",
        "0..1 type-mismatch: the field `sizes` holds a list of integers, found an integer | a list stands in brackets, as in \
         `[1, 2]`",
    );
    refused(
        "tiers",
        r#"["low", "glod"]"#,
        "8..14 type-mismatch: `glod` is not one of the values of `tiers` | did you mean `gold`?",
    );
    refused("days", r#"["x"]"#, "1..4 type-mismatch: expected a day such as `2026-12-24`, found `x`");
    refused("i", "sizes", "0..5 type-mismatch: the field `i` holds an integer, found a list of integers");
}

#[test]
fn others_are_told_the_names_of_choices() {
    let compiled = Expression::compile_for_others(r#"b ? tiers : ["low"]"#, &schema()).unwrap();
    assert_eq!(compiled.result_type(), Type::List(Scalar::Text));
    assert_eq!(compiled.eval(&data()), Ok(["gold"].into()));
}

#[test]
fn what_is_no_list_is_refused_with_a_remedy() {
    let mismatch = |source: &str, expected: &str| {
        let (range, message) = expected.split_once(' ').unwrap();
        super::refused(source, &format!("{range} type-mismatch: {message}"));
    };
    mismatch(
        r#""a" in name"#,
        "7..11 `in` asks whether a list holds a value, found a text instead of a list | whether a text holds another is asked \
         with `contains(text, part)`",
    );
    mismatch(
        "i in 3",
        "5..6 `in` asks whether a list holds a value, found an integer instead of a list | a list stands in brackets, as in \
         `x in [1, 2]`",
    );
    mismatch("i in tags", "0..1 a list of texts never holds an integer");
    mismatch(r#""7" in sizes"#, "0..3 a list of integers never holds a text | numbers stand without quotes");
    mismatch(
        "grade in tiers",
        "0..5 a list of choices never holds a choice | the two fields have different lists under `of`",
    );
    mismatch(r#"tier in ["glod"]"#, "9..15 `glod` is not one of the values of `tier` | did you mean `gold`?");
    mismatch(r#"due in ["soon"]"#, "8..14 expected a day such as `2026-12-24`, found `soon`");
    mismatch("tags in [tags]", "9..13 a list cannot hold lists");
    mismatch("tags in tags", "0..4 a list of texts never holds a list of texts | ask for one value after the other");
    mismatch("[1, name]", "4..8 a list holds values of one type, found a text after an integer");
    mismatch(
        "sizes < [1]",
        "0..11 `<` compares numbers, texts, dates or durations, found a list of integers, which has no order | use `==` or `!=`",
    );
    mismatch("sizes == tags", "0..13 `==` cannot compare a list of integers with a list of texts");
    mismatch(
        "sizes == 7",
        "0..10 `==` cannot compare a list of integers with an integer | whether a list holds a value is asked with `in`, as in `x in [1, 2]`",
    );
    mismatch(
        "sizes + [1]",
        "0..11 `+` cannot add a list of integers to a list of integers | lists can be compared, and asked with `in` and `length`",
    );
    mismatch("length(i)", "7..8 expected a text or a list, found an integer");
    mismatch("contains(i, 7)", "9..10 expected a text or a list, found an integer");
    mismatch("contains(sizes, name)", "16..20 a list of integers never holds a text");
    mismatch("contains(name, 7)", "15..16 expected a text, found an integer");
    super::refused(
        "contains(name)",
        "0..14 invalid-expression: expected `contains(text or list, part)`, found 1 argument",
    );
    super::refused("lenght(name)", "0..12 invalid-expression: there is no function `lenght` | did you mean `length`?");
}

#[test]
fn absent_lists_and_strange_data_are_failures() {
    fails(
        "i in [gone]",
        "`i in [gone]` needs a value of `gone`, which is absent; set it before, or ask with `has(gone)`",
    );
    fails(
        "\"a\" in no_tags",
        "`\"a\" in no_tags` needs a value of `no_tags`, which is absent; set it before, or ask with `has(no_tags)`",
    );
    let compiled = Expression::compile("1.5 in sizes || name in tiers", &schema()).unwrap();
    let mut values = data();
    values[14] = ["x"].into();
    assert!(matches!(compiled.eval(&values), Err(EvalError::Mistyped { field, .. }) if *field == *"sizes"));
    values[14] = vec![1].into();
    values[17] = [Value::Choice(9)].into();
    assert!(matches!(compiled.eval(&values), Err(EvalError::Mistyped { field, .. }) if *field == *"tiers"));
}
