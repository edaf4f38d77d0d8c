//! Days and durations: what is computed with them, and what a text in quotes means beside them.

use super::*;
use crate::time::Date;

fn duration(micros: i64) -> Value {
    Duration::from_micros(micros).into()
}

fn days(days: i64) -> Value {
    duration(days * 86_400_000_000)
}

#[test]
fn days_and_durations_are_computed_with() {
    check(r#"due + "7 d""#, date("2026-12-31"));
    check(r#"due - "1 w" + "24 h""#, date("2026-12-18"));
    check(r#"due - "2026-12-01""#, days(23));
    check(r#""2026-12-01" - due"#, days(-23));
    check(r#""2026-12-01" + delay * 16"#, date("2026-12-02"));
    check(r#"due - "1 d" - "2026-12-01" - "2 d""#, days(20));
    check(r#"due - (b ? "2026-12-23" : "2026-12-01")"#, days(1));
    check(r#"due - (b ? "1 d" : "2 d")"#, date("2026-12-23"));
    check(r#"delay + "30 min""#, duration(7_200_000_000));
    check(r#""30 min" - delay"#, duration(-3_600_000_000));
    check("-delay", duration(-5_400_000_000));
    check("delay * 2", duration(10_800_000_000));
    check("delay * i / 2 / 3", duration(6_300_000_000));
    check("delay / 7", duration(771_428_571));
    check("-delay / 7", duration(-771_428_571));
    check(r#"days_between(due, "2027-01-01")"#, 8);
    check(r#"days_between("2026-12-25", due) + 1"#, 0);
    check(r#"min(due, "2026-11-01")"#, date("2026-11-01"));
    check(r#"max(delay, "1 h")"#, duration(5_400_000_000));
    check("b ? due : no_day", date("2026-12-24"));
}

#[test]
fn days_and_durations_are_compared() {
    check(r#"due < "2026-12-25""#, true);
    check(r#""2026-12-24" == due"#, true);
    check(r#"due != "2026-12-24""#, false);
    check(r#"delay > "2 h""#, false);
    check(r#"delay >= "1.5 h""#, true);
    check(r#"due - "2026-12-01" > "3 w""#, true);
    check(r#"(b ? "2026-12-24" : "2026-12-25") == due"#, true);
    check("has(no_day) && no_day > due", false);
}

#[test]
fn without_a_date_beside_it_a_text_stays_text() {
    check(r#""2026-12-24""#, "2026-12-24");
    check(r#""2026-12-24" == "2026-12-24 ""#, false);
    check(r#""2 h" + "30 min""#, "2 h30 min");
}

#[test]
fn a_field_is_given_a_day_or_a_duration() {
    let assign = |field: &str, source: &str| {
        let schema = schema();
        let slot = schema.slot(field).unwrap();
        Expression::compile_assignment(source, &schema, slot)
            .map(|compiled| compiled.eval(&data()).unwrap())
            .map_err(shown)
    };
    assert_eq!(assign("no_day", r#""2026-02-28""#), Ok(date("2026-02-28")));
    assert_eq!(assign("no_day", r#"c ? "2026-02-28" : due"#), Ok(date("2026-12-24")));
    assert_eq!(assign("delay", r#""90 min""#), Ok(duration(5_400_000_000)));
    assert_eq!(assign("delay", r#"due - "2026-12-23""#), Ok(days(1)));
    let refused =
        |field: &str, source: &str, expected: &str| assert_eq!(assign(field, source), Err(expected.to_owned()));
    refused("no_day", r#""24.12.""#, "0..8 type-mismatch: expected a day such as `2026-12-24`, found `24.12.`");
    refused(
        "no_day",
        r#"b ? due : "2026-02-29""#,
        "10..22 type-mismatch: there is no day `2026-02-29` in the years 0001 to 9999",
    );
    refused(
        "no_day",
        "name",
        "0..4 type-mismatch: the field `no_day` holds a date, found a text | only a text in quotes can be read as a date",
    );
    refused("delay", "3", "0..1 type-mismatch: the field `delay` holds a duration, found an integer");
}

#[test]
fn what_cannot_be_read_as_a_day_or_a_duration_is_marked() {
    let mismatch = |source: &str, expected: &str| {
        let (range, message) = expected.split_once(' ').unwrap();
        super::refused(source, &format!("{range} type-mismatch: {message}"));
    };
    mismatch(r#"due < "tomorrow""#, "6..16 expected a day such as `2026-12-24`, found `tomorrow`");
    mismatch(r#"days_between(due, "x")"#, "18..21 expected a day such as `2026-12-24`, found `x`");
    let elapsed = "expected elapsed time in s, min, h, d or w, as in `90 min`, found";
    mismatch(r#"delay > "4 bh""#, &format!("8..14 {elapsed} `4 bh`"));
    mismatch(r#"b && due + "3" > due"#, &format!("11..14 {elapsed} `3`"));
    mismatch(r#"due - "soon""#, &format!("6..12 {elapsed} `soon`"));
    mismatch("due + due", "0..9 `+` cannot add a date to a date");
    mismatch("delay + due", "0..11 `+` cannot add a date to a duration | write the date first");
    mismatch(
        "due + 3",
        "0..7 `+` cannot add an integer to a date | say what is counted in quotes, as in `due + \"3 d\"`",
    );
    mismatch("3 * delay", "0..9 `*` cannot compute with an integer and a duration | write the duration first");
    mismatch(
        "delay * d",
        "0..9 `*` cannot compute with a duration and a decimal | a duration is multiplied and divided by integers, \
         as in `delay * 3 / 2`",
    );
    mismatch("delay / delay", "0..13 `/` cannot compute with a duration and a duration");
    mismatch("-due", "1..4 expected a number or a duration, found a date");
    mismatch("due < delay", "0..11 `<` cannot compare a date with a duration");
    mismatch(
        "due == name",
        "0..11 `==` cannot compare a date with a text | only a text in quotes can be read as a date or a duration",
    );
    mismatch("min(due, delay)", "0..15 `min` cannot compare a date with a duration");
    mismatch("days_between(due, i)", "18..19 expected a date, found an integer");
    mismatch(
        r#"min("a", "b")"#,
        "4..7 expected a number, a date or a duration, found a text\n9..12 type-mismatch: expected a number, a date or a duration, found a text",
    );
}

#[test]
fn a_date_moves_by_whole_days_within_its_years() {
    let part = "moves a date by a part of a day; a date has no time of day, use whole days";
    fails("due + delay", &format!("`due + delay` in `due + delay` {part}"));
    fails(r#"due - "1 d" - "1 h""#, &format!(r#"`due - "1 d" - "1 h"` in `due - "1 d" - "1 h"` {part}"#));
    let outside = "lies outside the years 0001 to 9999";
    fails(r#"due + "3000000 d""#, &format!(r#"`due + "3000000 d"` in `due + "3000000 d"` {outside}"#));
    let large = "is too large; an integer has 64 bits, a decimal 29 digits before the point, a duration 292,000 years";
    fails(
        "delay * 9223372036854775807",
        &format!("`delay * 9223372036854775807` in `delay * 9223372036854775807` {large}"),
    );
    fails(
        "delay / 0 > delay",
        "`delay / 0` in `delay / 0 > delay` divides by zero; guard it with a condition such as `x != 0 ? … : …`",
    );
    fails(
        "no_day < due",
        "`no_day < due` needs a value of `no_day`, which is absent; set it before, or ask with `has(no_day)`",
    );
}

proptest! {
    #[test]
    fn moving_a_day_agrees_with_chrono(start in -719_162..=2_932_896, by in -4_000_000_i64..4_000_000) {
        let start = Date::from_days(start).unwrap();
        let mut data = data();
        data[12] = start.into();
        data[13] = days(by);
        let expected = start.to_chrono().checked_add_signed(chrono::TimeDelta::days(by))
            .filter(|day| *day >= Date::MIN.to_chrono() && *day <= Date::MAX.to_chrono());
        let moved = Expression::compile("due + delay", &schema()).unwrap().eval(&data);
        prop_assert_eq!(moved.ok(), expected.map(Value::from));
        let back = Expression::compile("due + delay - due == delay", &schema()).unwrap().holds(&data);
        prop_assert_eq!(back.ok(), expected.map(|_| true));
        let between = Expression::compile("days_between(due, due + delay)", &schema()).unwrap().eval(&data);
        prop_assert_eq!(between.ok(), expected.map(|_| by.into()));
    }
}
