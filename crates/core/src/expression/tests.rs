mod beside_cel;
mod dates;
mod lists;
mod reference;
mod texts;

use indexmap::IndexMap;
use proptest::prelude::*;

use super::*;
use crate::definition::{Field, Scalar};
use crate::time::Duration;

fn schema() -> Schema {
    let choice =
        |of: &[&str]| Field { of: of.iter().map(|name| (*name).to_owned()).collect(), ..Field::of(Type::Choice) };
    let data: IndexMap<String, Field> = [
        ("i", Field::of(Type::Integer)),
        ("j", Field::of(Type::Integer)),
        ("d", Field::of(Type::Decimal)),
        ("e", Field::of(Type::Decimal)),
        ("b", Field::of(Type::Boolean)),
        ("c", Field::of(Type::Boolean)),
        ("name", Field::of(Type::Text)),
        ("tier", choice(&["low", "gold"])),
        ("other_tier", choice(&["low", "gold"])),
        ("grade", choice(&["hot", "cold"])),
        ("gone", Field::of(Type::Integer)),
        ("absent_flag", Field::of(Type::Boolean)),
        ("due", Field::of(Type::Date)),
        ("delay", Field::of(Type::Duration)),
        ("sizes", Field::of(Type::List(Scalar::Integer))),
        ("rates", Field::of(Type::List(Scalar::Decimal))),
        ("tags", Field::of(Type::List(Scalar::Text))),
        ("tiers", Field { kind: Type::List(Scalar::Choice), ..choice(&["low", "gold"]) }),
        ("days", Field::of(Type::List(Scalar::Date))),
        ("no_day", Field::of(Type::Date)),
        ("no_tags", Field::of(Type::List(Scalar::Text))),
    ]
    .into_iter()
    .map(|(name, field)| (name.to_owned(), field))
    .collect();
    Schema::new(&data).unwrap()
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

fn date(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

/// i = 7, j = 2, d = 2.5, e = 4, b, not c, name = "anna", tier = gold, other_tier = low, grade = hot; two absent;
/// due = 2026-12-24, delay = 90 min, sizes = [7, 8], rates = [7, 0.5], tags = ["new", "vip"], tiers = [gold],
/// days = [2026-12-24]; two absent.
fn data() -> Vec<Value> {
    vec![
        7.into(),
        2.into(),
        decimal("2.5"),
        decimal("4"),
        true.into(),
        false.into(),
        "anna".into(),
        Value::Choice(1),
        Value::Choice(0),
        Value::Choice(0),
        Value::Absent,
        Value::Absent,
        date("2026-12-24"),
        Duration::from_micros(5_400_000_000).into(),
        vec![7, 8].into(),
        vec![decimal("7"), decimal("0.5")].into(),
        ["new", "vip"].into(),
        [Value::Choice(1)].into(),
        [date("2026-12-24")].into(),
        Value::Absent,
        Value::Absent,
    ]
}

fn eval(source: &str) -> Result<Value, EvalError> {
    match Expression::compile(source, &schema()) {
        Ok(compiled) => compiled.eval(&data()),
        Err(problems) => panic!("{source}: {problems:#?}"),
    }
}

#[track_caller]
fn check(source: &str, expected: impl Into<Value>) {
    assert_eq!(eval(source), Ok(expected.into()), "{source}");
}

#[test]
fn operators_over_integers() {
    check("i + j", 9);
    check("i - j", 5);
    check("i * j", 14);
    check("i / j", 3);
    check("i % j", 1);
    check("-i / j", -3);
    check("-i % j", -1);
    check("i / -j", -3);
    check("i % -j", 1);
    check("-i", -7);
    check("- -i", 7);
    check("i == 7", true);
    check("i != 7", false);
    check("i < 7", false);
    check("i <= 7", true);
    check("i > 6", true);
    check("i >= 8", false);
    check("min(i, j)", 2);
    check("max(i, j)", 7);
}

#[test]
fn operators_over_decimals() {
    check("d + e", decimal("6.5"));
    check("d - e", decimal("-1.5"));
    check("d * e", decimal("10"));
    check("e / d", decimal("1.6"));
    check("e % d", decimal("1.5"));
    check("-d", decimal("-2.5"));
    check("d < e", true);
    check("d == 2.500", true);
    check("min(d, e)", decimal("2.5"));
    check("max(d, e)", decimal("4"));
    check("2 / 3.0", decimal("0.666666667"));
}

#[test]
fn an_integer_meets_a_decimal_as_a_decimal() {
    check("i + d", decimal("9.5"));
    check("d + i", decimal("9.5"));
    check("i > d", true);
    check("e == 4", true);
    check("min(i, d)", decimal("2.5"));
    check("b ? i : d", decimal("7"));
    // The integers on the left are still divided as integers.
    check("i / j * d", decimal("7.5"));
    check("d * i / j", decimal("8.75"));
    check("7 / 2 + 0.5", decimal("3.5"));
    check("1 + d", decimal("3.5"));
}

#[test]
fn logic_decides_from_left_to_right_and_stops() {
    check("b && c", false);
    check("b || c", true);
    check("!c", true);
    check("!!b", true);
    check("b == c", false);
    check("b != c", true);
    check("c && absent_flag", false);
    check("b || absent_flag", true);
    check("has(gone) && gone > 3", false);
    check("has(i) && i > 3", true);
    check("!has(gone) || gone > 3", true);
    check("b ? i : gone", 7);
    check("c ? gone : j", 2);
}

#[test]
fn texts_and_choices_are_compared() {
    check(r#"name == "anna""#, true);
    check(r#""anna" != name"#, false);
    check(r#"name < "berta""#, true);
    check(r#"name >= "anna""#, true);
    check(r#"tier == "gold""#, true);
    check(r#""gold" != tier"#, false);
    check("tier == other_tier", false);
    check(r#"(b ? tier : "low") == "gold""#, true);
    check(r#"tier == (c ? "gold" : "low")"#, false);
    check("name == tier", false);
    check(r#"b ? "x\"\\\n\t" : name"#, "x\"\\\n\t");
    check("tier", Value::Choice(1));
    check("c ? name : tier", "gold");
    check(r#""größer" == "größer""#, true);
}

#[test]
fn precedence_and_grouping() {
    check("1 + 2 * 3", 7);
    check("(1 + 2) * 3", 9);
    check("10 - 3 - 2", 5);
    check("10 - (3 - 2)", 9);
    check("100 / 10 / 2", 5);
    check("2 * 7 % 4", 2);
    check("-2 * 3", -6);
    check("5 -3", 2);
    check("5--3", 8);
    check("i - -j", 9);
    check("true || false && false", true);
    check("(true || false) && false", false);
    check("1 + 1 == 2 && 3 < 2 + 2", true);
    check("!c && b", true);
    check("!(i > 6)", false);
    check("c ? 1 : b ? 2 : 3", 2);
    check("b ? c ? 1 : 2 : 3", 2);
    check("b || c ? 1 : 2", 1);
    check("(i > 3) == (j < 3)", true);
    check(" \t\n( i )", 7);
}

#[test]
fn the_ends_of_the_integers_can_be_written() {
    check("9223372036854775807", i64::MAX);
    check("-9223372036854775808", i64::MIN);
    check("-9223372036854775808 % -1", 0);
}

/// The error with its data in short form.
#[track_caller]
fn fails(source: &str, expected: &str) {
    assert_eq!(eval(source).unwrap_err().to_string(), expected, "{source}");
}

#[test]
fn evaluation_fails_with_the_expression_and_the_field() {
    fails("gone > 3", "`gone > 3` needs a value of `gone`, which is absent; set it before, or ask with `has(gone)`");
    fails(
        "absent_flag && c",
        "`absent_flag && c` needs a value of `absent_flag`, which is absent; set it before, or ask with `has(absent_flag)`",
    );
    fails(
        "1 + i / (j - 2) > 3",
        "`i / (j - 2)` in `1 + i / (j - 2) > 3` divides by zero; guard it with a condition such as `x != 0 ? … : …`",
    );
    fails("i % 0", "`i % 0` in `i % 0` divides by zero; guard it with a condition such as `x != 0 ? … : …`");
    fails("d / 0", "`d / 0` in `d / 0` divides by zero; guard it with a condition such as `x != 0 ? … : …`");
    let too_large = |part: &str, whole: &str| {
        format!(
            "`{part}` in `{whole}` is too large; an integer has 64 bits, a decimal 29 digits before the point, \
             a duration 292,000 years"
        )
    };
    let overflow = |source: &str, part: &str| fails(source, &too_large(part, source));
    overflow("9223372036854775807 + i - 7", "9223372036854775807 + i");
    overflow("-9223372036854775808 - 1", "-9223372036854775808 - 1");
    overflow("9223372036854775807 * 2 > 0", "9223372036854775807 * 2");
    overflow("-9223372036854775808 / -1", "-9223372036854775808 / -1");
    overflow("j + -(-9223372036854775808)", "-(-9223372036854775808)");
    let most = "170141183460469231731687303715.0";
    overflow(&format!("{most} + {most}"), &format!("{most} + {most}"));
    overflow(&format!("d * {most}"), &format!("d * {most}"));
}

#[test]
fn data_that_contradict_their_declaration_are_an_error_too() {
    let compiled = Expression::compile_guard("i > 3 && name == tier", &schema()).unwrap();
    let error = |data: &[Value]| compiled.holds(data).unwrap_err();
    assert!(matches!(error(&["7".into()]), EvalError::Mistyped { field, .. } if *field == *"i"));
    assert!(matches!(error(&[]), EvalError::Absent { field, .. } if *field == *"i"));
    let mut values = data();
    values[7] = Value::Choice(99);
    assert!(matches!(error(&values), EvalError::Mistyped { field, .. } if *field == *"tier"));
    let number = Expression::compile("i + 1", &schema()).unwrap();
    assert!(matches!(number.holds(&data()), Err(EvalError::NotACondition { .. })));
}

#[test]
fn a_compiled_expression_knows_its_type_its_fields_and_its_text() {
    let compiled = Expression::compile(" d > i || has(gone) && i == 1 ", &schema()).unwrap();
    assert_eq!(compiled.result_type(), Type::Boolean);
    assert_eq!(compiled.reads(), [0, 2, 10]);
    assert_eq!(compiled.to_string(), " d > i || has(gone) && i == 1 ");
    let result_type = |source| Expression::compile(source, &schema()).unwrap().result_type();
    assert_eq!(result_type("i / 2"), Type::Integer);
    assert_eq!(result_type("i / 2.0"), Type::Decimal);
    assert_eq!(result_type(r#"b ? "a" : "b""#), Type::Text);
    assert_eq!(result_type(r#"b ? tier : "low""#), Type::Choice);
}

/// All problems as `start..end code: message | help`.
fn shown(problems: Vec<ExpressionProblem>) -> String {
    let line = |problem: ExpressionProblem| {
        let help = problem.help.map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{:?} {}: {}{help}", problem.range, problem.code, problem.message)
    };
    problems.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn refused(source: &str, expected: &str) {
    match Expression::compile(source, &schema()) {
        Ok(compiled) => panic!("{source} was accepted: {compiled:?}"),
        Err(problems) => assert_eq!(shown(problems), expected, "{source}"),
    }
}

#[test]
fn what_cannot_be_read_names_what_was_expected_and_found() {
    let invalid = |source: &str, expected: &str| {
        let (range, message) = expected.split_once(' ').unwrap();
        refused(source, &format!("{range} invalid-expression: {message}"));
    };
    invalid("", "0..0 expected a field, a value or `(`, found the end of the expression");
    invalid("  ", "2..2 expected a field, a value or `(`, found the end of the expression");
    invalid("i +", "3..3 expected a field, a value or `(`, found the end of the expression");
    invalid("i j", "2..3 expected an operator or the end of the expression, found `j`");
    invalid("(i + j", "6..6 expected an operator or `)`, found the end of the expression");
    invalid(
        "i > 2 h",
        "6..7 expected an operator or the end of the expression, found `h` | a length of time stands in quotes: `\"2 h\"`",
    );
    invalid("i)", "1..2 expected an operator or the end of the expression, found `)`");
    invalid(
        "b ? i",
        "5..5 expected `:` and the value when the condition does not hold, found the end of the expression",
    );
    invalid("min(i j)", "6..7 expected `,` or `)`, found `j`");
    invalid("min(i, )", "7..8 expected a field, a value or `(`, found `)`");
    invalid("i = 3", "2..3 expected a field, a value or an operator, found `=` | did you mean `==`?");
    invalid("i => 3", "2..3 expected a field, a value or an operator, found `=` | did you mean `>=`?");
    invalid("b & c", "2..3 expected a field, a value or an operator, found `&` | did you mean `&&`?");
    invalid("b and c", "2..5 expected an operator or the end of the expression, found `and` | did you mean `&&`?");
    invalid("b or c", "2..4 expected an operator or the end of the expression, found `or` | did you mean `||`?");
    invalid("not b", "4..5 expected an operator or the end of the expression, found `b` | did you mean `!`?");
    invalid("i <> 3", "3..4 expected a field, a value or `(`, found `>` | did you mean `!=`?");
    invalid("in [1]", "0..2 expected a field, a value or `(`, found `in`");
    invalid("[1, 2", "5..5 expected `,` or `]`, found the end of the expression");
    invalid("[1, ]", "4..5 expected a field, a value or `(`, found `]`");
    invalid(
        "{1}",
        "0..1 expected a field, a value or an operator, found `{` | lists stand in brackets, as in `[1, 2]`",
    );
    invalid(
        "i not in [1]",
        "2..5 expected an operator or the end of the expression, found `not` | put `!` in front, as in `!(x in [1, 2])`",
    );
    invalid(
        "i in [1] == b",
        "9..11 expected `&&`, `||` or the end of the expression, found `==` | comparisons do not chain: \
         write `a < b && b < c`, or parentheses as in `(a < b) == c`",
    );
    invalid(
        "1 < i < 3",
        "6..7 expected `&&`, `||` or the end of the expression, found `<` | comparisons do not chain: \
         write `a < b && b < c`, or parentheses as in `(a < b) == c`",
    );
    invalid(
        "name == 'anna'",
        "8..9 expected a field, a value or an operator, found `'` | texts stand in straight double quotes, as in `\"gold\"`",
    );
    invalid("name == \"anna", "8..13 expected a text to end with `\"`, found the end of the expression");
    invalid(r#""a\qb""#, r#"2..4 expected `\"`, `\\`, `\n` or `\t`, found `\q` | write a backslash as `\\`"#);
    invalid(
        "i > 2h",
        "4..6 expected a number such as `12` or `0.5`, found `2h` | a length of time stands in quotes: `\"2h\"`",
    );
    invalid("1e3", "0..3 expected a number such as `12` or `0.5`, found `1e3`");
    invalid("1.", "0..2 expected a number such as `12` or `0.5`, found `1.`");
    invalid("1.2.3", "0..5 expected a number such as `12` or `0.5`, found `1.2.3`");
    invalid("1.0000000001", "0..12 expected at most 9 decimal places, found `1.0000000001`; round it");
    invalid(
        "\"ñ\" == 9223372036854775808",
        "7..26 expected an integer between -9223372036854775808 and 9223372036854775807, found `9223372036854775808`",
    );
    invalid(
        "1 - -9223372036854775809",
        "4..24 expected an integer between -9223372036854775808 and 9223372036854775807, found `-9223372036854775809`",
    );
}

#[test]
fn calls_are_checked_by_name_and_number_of_arguments() {
    refused("mni(i, j)", "0..9 invalid-expression: there is no function `mni` | did you mean `min`?");
    refused(
        "i == round(d)",
        "5..13 invalid-expression: there is no function `round` | there are `has`, `min`, `max`, `length`, `contains`, `days_between`",
    );
    refused(
        "size(name)",
        "0..10 invalid-expression: there is no function `size` | `length` tells how long a text or a list is",
    );
    refused("min(i)", "0..6 invalid-expression: expected `min(a, b)`, found 1 argument");
    refused("has()", "0..5 invalid-expression: expected `has(field)`, found 0 arguments");
    refused(
        r#"has("i")"#,
        "4..7 invalid-expression: expected a data field as in `has(field)`, found another expression | `has` asks whether a \
         field has a value; it takes the name of the field without quotes",
    );
}

#[test]
fn unknown_fields_are_all_reported_once_each() {
    refused(
        "tire == \"gold\" && amount + 1 > amount * 2 && i > 3",
        "0..4 unknown-field: there is no data field `tire` | did you mean `tier`?\n\
         18..24 unknown-field: there is no data field `amount` | there are `i`, `j`, `d`, `e`, `b`, `c`, `name`, `tier`, \
         `other_tier`, `grade`, `gone`, `absent_flag` and others; or declare it under `data`, as in `amount: { type: text }`; \
         a text stands in quotes",
    );
    refused("has(gne)", "4..7 unknown-field: there is no data field `gne` | did you mean `gone`?");
    let empty = Schema::default();
    let problems = Expression::compile("gold", &empty).unwrap_err();
    assert_eq!(
        shown(problems),
        "0..4 unknown-field: there is no data field `gold` | declare it under `data`, as in `gold: { type: text }`; a text \
         stands in quotes"
    );
}

#[test]
fn types_that_do_not_fit_are_all_reported() {
    let mismatch = |source: &str, expected: &str| {
        let (range, message) = expected.split_once(' ').unwrap();
        refused(source, &format!("{range} type-mismatch: {message}"));
    };
    mismatch("i == \"7\"", "0..8 `==` cannot compare an integer with a text | numbers stand without quotes");
    mismatch("i > true", "0..8 `>` cannot compare an integer with a boolean");
    mismatch(
        "b < c",
        "0..5 `<` compares numbers, texts, dates or durations, found a boolean, which has no order | use `==` or `!=`",
    );
    mismatch(
        "tier > \"low\"",
        "0..12 `>` compares numbers, texts, dates or durations, found a choice, which has no order | use `==` or `!=`",
    );
    mismatch(
        "tier == grade",
        "0..13 `==` cannot compare a choice with a choice | the two fields have different lists under `of`",
    );
    mismatch("tier == \"glod\"", "8..14 `glod` is not one of the values of `tier` | did you mean `gold`?");
    mismatch(
        "tier == (b ? \"low\" : \"x\")",
        "21..24 `x` is not one of the values of `tier` | there are `low`, `gold`",
    );
    mismatch("tier == 3", "0..9 `==` cannot compare a choice with an integer");
    mismatch("b ? i : name", "4..12 expected two values of one type after `?`, found an integer and a text");
    mismatch(
        "name - \"x\"",
        "0..10 `-` cannot subtract a text from a text | texts can be compared and joined with `+`, but not computed with",
    );
    mismatch("name + 3", "0..8 `+` cannot add an integer to a text | only texts can be joined to texts");
    mismatch("3 + \"x\"", "0..7 `+` cannot add a text to an integer | numbers stand without quotes");
    mismatch("i + 1 + b", "0..9 `+` cannot add a boolean to an integer");
    let boolean = "compare it with something; what a `!` or `-` in front means can be made clear with parentheses";
    mismatch("!i >= 3", "0..7 `>=` cannot compare a boolean with an integer");
    mismatch("!i", &format!("1..2 expected a boolean, found an integer | {boolean}"));
    mismatch("i && b", &format!("0..1 expected a boolean, found an integer | {boolean}"));
    mismatch("i ? 1 : 2", &format!("0..1 expected a boolean, found an integer | {boolean}"));
    mismatch("-b", "1..2 expected a number or a duration, found a boolean");
    mismatch("min(b, 1)", "4..5 expected a number, a date or a duration, found a boolean");
    mismatch(
        "d * tier",
        "0..8 `*` cannot compute with a decimal and a choice | texts can be compared and joined with `+`, but not computed with",
    );
}

#[test]
fn a_guard_is_a_condition() {
    let problems = Expression::compile_guard("i + 1", &schema()).unwrap_err();
    assert_eq!(
        shown(problems),
        "0..5 type-mismatch: expected a condition that is true or false, found an integer | compare it with something, as in \
         `attempts >= 6`"
    );
    assert!(Expression::compile_guard("b", &schema()).is_ok());
}

#[test]
fn an_assignment_gives_a_value_of_the_type_of_its_field() {
    let schema = schema();
    let assign = |field: &str, source: &str| {
        let slot = schema.slot(field).unwrap();
        match Expression::compile_assignment(source, &schema, slot) {
            Ok(compiled) => Ok(compiled.eval(&data()).unwrap()),
            Err(problems) => Err(shown(problems)),
        }
    };
    assert_eq!(assign("i", "i + 1"), Ok(8.into()));
    assert_eq!(assign("d", "i / 2"), Ok(decimal("3")));
    assert_eq!(assign("d", "4"), Ok(decimal("4")));
    assert_eq!(assign("b", "i > 3"), Ok(true.into()));
    assert_eq!(assign("name", r#""x""#), Ok("x".into()));
    assert_eq!(assign("name", "tier"), Ok("gold".into()));
    assert_eq!(assign("tier", r#""low""#), Ok(Value::Choice(0)));
    assert_eq!(assign("tier", r#"c ? "low" : b ? "gold" : other_tier"#), Ok(Value::Choice(1)));
    assert_eq!(assign("tier", "other_tier"), Ok(Value::Choice(0)));
    let refused =
        |field: &str, source: &str, expected: &str| assert_eq!(assign(field, source), Err(expected.to_owned()));
    refused(
        "i",
        "d / 2",
        "0..5 type-mismatch: the field `i` holds an integer, found a decimal | declare the field as `decimal`, or compute it \
         from integers only",
    );
    refused("b", "1", "0..1 type-mismatch: the field `b` holds a boolean, found an integer");
    refused(
        "tier",
        "name",
        "0..4 type-mismatch: the field `tier` holds a choice, found a text | only a text in quotes can be checked to be one of \
         the choices",
    );
    refused(
        "tier",
        "grade",
        "0..5 type-mismatch: the field `tier` holds a choice, found a choice | the two fields have different lists under `of`",
    );
    refused(
        "tier",
        r#"b ? "low" : "hot""#,
        "12..17 type-mismatch: `hot` is not one of the values of `tier` | there are `low`, `gold`",
    );
    refused(
        "i",
        "x + 1",
        "0..1 unknown-field: there is no data field `x` | there are `i`, `j`, `d`, `e`, `b`, `c`, `name`, `tier`, `other_tier`, \
         `grade`, `gone`, `absent_flag` and others; or declare it under `data`, as in `x: { type: text }`; a text stands in quotes",
    );
}

#[test]
fn what_is_huge_is_evaluated_or_refused_but_never_exhausts_the_stack() {
    let schema = schema();
    let long = |term: &str, operator: &str| vec![term; 10_000].join(operator);
    let value = |source: &str| Expression::compile(source, &schema).unwrap().eval(&data());
    assert_eq!(value(&long("i", "+")), Ok(70_000.into()));
    assert_eq!(value(&long("b", "&&")), Ok(true.into()));
    assert_eq!(value(&long("c", "||")), Ok(false.into()));
    assert_eq!(value(&long("1", "*")), Ok(1.into()));
    assert_eq!(value(&format!("length({})", long("\"x\"", "+"))), Ok(10_000.into()));
    assert_eq!(value(&format!("due + {} == due", long("\"0 d\"", "-"))), Ok(true.into()));
    assert_eq!(value(&format!("delay * {} == delay", long("1", "/"))), Ok(true.into()));
    assert_eq!(value(&format!("length([{}])", long("i", ","))), Ok(10_000.into()));
    let refused = |source: &str| shown(Expression::compile(source, &schema).unwrap_err());
    let deep = "expected at most 64 levels of nesting, found more | split it into several steps with `assign`";
    for opening in ["(", "!", "-", "min(", "b ? ", "b ? b : ", "[", "i in ["] {
        assert!(refused(&opening.repeat(7_000)).ends_with(deep), "{opening}");
    }
    assert_eq!(value(&format!("{}i{}", "(".repeat(62), ")".repeat(62))), Ok(7.into()));
    assert!(refused(&"a".repeat(70_000)).contains("expected at most 65536 bytes, found an expression of 70000"));
    assert_eq!(refused(&(0..9_000).map(|i| format!("x{i}")).collect::<Vec<_>>().join("+")).lines().count(), 20);
}

#[test]
fn reserved_words_cannot_name_fields() {
    assert!(is_reserved("true") && is_reserved("in") && !is_reserved("min"));
    let data = [("min".to_owned(), Field::of(Type::Integer))].into_iter().collect();
    let compiled = Expression::compile("min(min, 3)", &Schema::new(&data).unwrap()).unwrap();
    assert_eq!(compiled.eval(&[Value::Integer(2)][..]), Ok(2.into()));
}

#[test]
fn too_many_fields_are_refused() {
    let data = (0..65_537).map(|i| (format!("f{i}"), Field::of(Type::Integer))).collect();
    let problems = Schema::new(&data).unwrap_err();
    assert_eq!(problems[0].message, "expected at most 65536 data fields, found 65537");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_makes_the_reader_panic(source in r#"([a-z0-9.<>=!&|+*/%?:(), "\\'-]|i|has|min|true| |PUA|\PC){0,40}"#) {
        let _ = Expression::compile(&source, &schema()).map(|compiled| compiled.eval(&data()));
    }

    #[test]
    fn no_sequence_of_words_makes_the_reader_or_the_checker_panic(words in proptest::collection::vec(proptest::sample::select(&[
    "i", "d", "b", "name", "tier", "gone", "grade", "nobody", "1", "0.5", "\"gold\"", "true", "has(", "min(", ",", "(", ")",
        "!", "-", "+", "*", "/", "%", "&&", "||", "==", "!=", "<", ">=", "?", ":", "due", "delay", "sizes", "tags", "tiers",
        "days", "\"2026-12-24\"", "\"2 d\"", "[", "]", "in", "length(", "contains(", "days_between(",
    ][..]), 0..25)) {
        let source = words.join(" ");
        for slot in 0..21 {
            let _ = Expression::compile_assignment(&source, &schema(), slot).map(|compiled| compiled.eval(&data()));
        }
        let _ = Expression::compile_guard(&source, &schema()).map(|compiled| compiled.holds(&data()));
    }
}
