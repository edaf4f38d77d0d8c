use chrono::{Datelike, TimeZone, Timelike, Utc};
use proptest::prelude::*;

use super::*;

fn spec(zone: &str, week: &[(&str, &str)], holidays: &[&str]) -> CalendarSpec {
    CalendarSpec {
        zone: Some(zone.to_owned()),
        week: week.iter().map(|(days, windows)| ((*days).to_owned(), (*windows).to_owned())).collect(),
        holidays: holidays.iter().map(|day| (*day).to_owned()).collect(),
        ..CalendarSpec::default()
    }
}

fn calendar(zone: &str, week: &[(&str, &str)], holidays: &[&str]) -> Calendar {
    Calendar::compile("office", &spec(zone, week, holidays), &Path::root("calendars").key("office")).unwrap()
}

fn office() -> Calendar {
    calendar("Europe/Madrid", &[("mon-fri", "09:00-14:00, 15:00-18:00")], &["2026-12-25"])
}

fn at(text: &str) -> Timestamp {
    text.parse::<DateTime<Utc>>().unwrap().into()
}

fn minutes(minutes: i64) -> Duration {
    Duration::from_micros(minutes * Duration::MINUTE.as_micros())
}

#[test]
fn a_target_of_two_hours_skips_closed_time() {
    let office = office();
    let check = |from, until| assert_eq!(office.add(at(from), minutes(120)), at(until), "{from}");
    check("2026-01-07T08:00:00Z", "2026-01-07T10:00:00Z");
    // Over lunch.
    check("2026-01-07T12:00:00Z", "2026-01-07T15:00:00Z");
    // Ends on the closing time, not on the next opening.
    check("2026-01-07T15:00:00Z", "2026-01-07T17:00:00Z");
    check("2026-01-07T11:00:00Z", "2026-01-07T13:00:00Z");
    // Also on the last one of the week.
    check("2026-01-09T15:00:00Z", "2026-01-09T17:00:00Z");
    // Over the weekend, and over the change to summer time.
    check("2026-01-09T16:00:00Z", "2026-01-12T09:00:00Z");
    check("2026-03-27T16:00:00Z", "2026-03-30T08:00:00Z");
    // Over Christmas, a Friday.
    check("2026-12-24T16:30:00Z", "2026-12-28T09:30:00Z");
    // From closed time.
    check("2026-01-10T12:00:00Z", "2026-01-12T10:00:00Z");
}

#[test]
fn openings_contain_their_first_instant_and_not_their_last() {
    let office = office();
    let check = |moment, open| assert_eq!(office.is_open(at(moment)), open, "{moment}");
    check("2026-01-07T07:59:59.999999Z", false);
    check("2026-01-07T08:00:00Z", true);
    check("2026-01-07T12:59:59.999999Z", true);
    check("2026-01-07T13:00:00Z", false);
    check("2026-12-25T10:00:00Z", false);
    check("2026-07-07T07:00:00Z", true);
}

#[test]
fn the_next_opening_and_closing_are_found_over_holidays_and_weekends() {
    let office = office();
    let opening = |from, until| assert_eq!(office.next_opening(at(from)), Some(at(until)), "{from}");
    opening("2026-01-07T09:30:00Z", "2026-01-07T09:30:00Z");
    opening("2026-01-07T13:00:00Z", "2026-01-07T14:00:00Z");
    opening("2026-12-24T17:00:00Z", "2026-12-28T08:00:00Z");
    opening("2026-03-28T12:00:00Z", "2026-03-30T07:00:00Z");
    let closing = |from, until| assert_eq!(office.next_closing(at(from)), Some(at(until)), "{from}");
    closing("2026-01-07T09:30:00Z", "2026-01-07T13:00:00Z");
    closing("2026-01-07T13:30:00Z", "2026-01-07T13:30:00Z");
}

#[test]
fn openings_that_touch_are_one_even_over_sunday_midnight() {
    let night = calendar("UTC", &[("sun", "20:00-24:00"), ("mon", "00:00-04:00, 04:00-06:00")], &[]);
    assert_eq!(night.next_closing(at("2026-01-04T21:00:00Z")), Some(at("2026-01-05T06:00:00Z")));
    let all = calendar("UTC", &[("mon-sun", "00:00-24:00")], &["2026-01-06"]);
    assert_eq!(all.next_closing(at("2020-01-04T21:00:00Z")), Some(at("2026-01-06T00:00:00Z")));
    assert_eq!(all.next_closing(at("2026-01-07T00:00:00Z")), None);
    assert_eq!(all.next_opening(at("2026-01-06T00:00:00Z")), Some(at("2026-01-07T00:00:00Z")));
    assert!(!all.always_open());
}

#[test]
fn a_calendar_that_never_closes_adds_elapsed_time() {
    for calendar in [Calendar::always(), calendar("America/New_York", &[("sat-fri", "00:00-24:00")], &[])] {
        assert!(calendar.always_open());
        assert_eq!(calendar.day_length(), Duration::DAY);
        assert_eq!(calendar.next_closing(Timestamp::EPOCH), None);
        assert_eq!(calendar.add(Timestamp::EPOCH, minutes(5)), Timestamp::EPOCH + minutes(5));
        assert_eq!(calendar.open_between(Timestamp::EPOCH + minutes(5), Timestamp::EPOCH), minutes(-5));
    }
}

#[test]
fn a_business_day_is_the_mean_opening_time_of_the_days_that_open() {
    assert_eq!(office().day_length(), minutes(8 * 60));
    let shop = calendar("UTC", &[("mon-fri", "09:00-18:00"), ("sat", "09:00-13:00")], &[]);
    assert_eq!(shop.day_length(), minutes(49 * 60 / 6));
    let wrapping = calendar("UTC", &[("sat-mon", "10:00-12:00")], &[]);
    assert_eq!(wrapping.windows().iter().map(|window| window.day).collect::<Vec<_>>(), [0, 5, 6]);
    assert_eq!(wrapping.day_length(), minutes(120));
}

#[test]
fn days_with_windows_of_their_own_follow_those_instead_of_the_week() {
    let spec = CalendarSpec {
        exceptions: [("2026-12-24", "09:00-13:00"), ("2026-12-26", "10:00-12:00, 13:00-14:00")]
            .into_iter()
            .map(|(day, windows)| (day.to_owned(), windows.to_owned()))
            .collect(),
        ..spec("Europe/Madrid", &[("mon-fri", "09:00-18:00")], &["2026-12-25"])
    };
    let office = Calendar::compile("office", &spec, &Path::default()).unwrap();
    // Thursday the 24th until 13:00, Saturday the 26th as named, then Monday.
    let check =
        |minute, until| assert_eq!(office.add(at("2026-12-24T11:00:00Z"), minutes(minute)), at(until), "{minute}");
    check(60, "2026-12-24T12:00:00Z");
    check(61, "2026-12-26T09:01:00Z");
    check(180, "2026-12-26T11:00:00Z");
    check(181, "2026-12-26T12:01:00Z");
    check(241, "2026-12-28T08:01:00Z");
    assert_eq!(office.open_between(at("2026-12-24T00:00:00Z"), at("2026-12-28T00:00:00Z")), minutes(7 * 60));
    assert_eq!(office.next_opening(at("2026-12-24T12:00:00Z")), Some(at("2026-12-26T09:00:00Z")));
    assert_eq!(office.next_closing(at("2026-12-26T09:30:00Z")), Some(at("2026-12-26T11:00:00Z")));
    assert_eq!(office.day_length(), minutes(9 * 60));
    let mut again = spec.clone();
    again.exceptions.insert(" 2026-12-27".to_owned(), "09:00-10:00".to_owned());
    again.exceptions.insert("2026-12-27".to_owned(), "11:00-12:00".to_owned());
    refused(
        &again,
        "calendars.office.exceptions.2026-12-27: `2026-12-27` stands under `exceptions` twice | separate several windows \
         of one day by commas",
    );
    let mut twice = spec.clone();
    twice.holidays.push("2026-12-24".to_owned());
    twice.exceptions.insert("26.12.2026".to_owned(), "9-12".to_owned());
    refused(
        &twice,
        "calendars.office.exceptions.2026-12-24: `2026-12-24` is a holiday as well | name it under `holidays` or under `exceptions`\n\
         calendars.office.exceptions.26.12.2026: expected an opening window such as `09:00-18:00`, found `9-12` | did you mean `09:00-12:00`?\n\
         calendars.office.exceptions.26.12.2026: expected a day such as `2026-12-25`, found `26.12.2026`",
    );
}

#[test]
fn clocks_that_jump_are_read_as_documented() {
    let madrid = office();
    let check = |local: &str, utc| assert_eq!(madrid.local_to_utc(local.parse().unwrap()), at(utc), "{local}");
    check("2026-01-07T09:00:00", "2026-01-07T08:00:00Z");
    check("2026-07-07T09:00:00", "2026-07-07T07:00:00Z");
    // Skipped: the first instant after the gap. Shown twice: the earlier.
    check("2026-03-29T02:30:00", "2026-03-29T01:00:00Z");
    check("2026-10-25T02:30:00", "2026-10-25T00:30:00Z");
    assert_eq!(madrid.local(at("2026-07-07T07:00:00Z")).to_string(), "2026-07-07 09:00:00");
    assert_eq!(madrid.zone(), chrono_tz::Europe::Madrid);
}

#[test]
fn nothing_overflows_at_the_ends_of_time() {
    let calendars =
        [office(), Calendar::always(), calendar("Australia/Lord_Howe", &[("sun", "02:00-02:01")], &["2199-12-31"])];
    let ends = [i64::MIN, i64::MIN + 1, EARLIEST - 1, EARLIEST, -1, 0, 1, LATEST - 1, LATEST, LATEST + 1, i64::MAX];
    for calendar in &calendars {
        for a in ends.map(Timestamp::from_micros) {
            calendar.is_open(a);
            calendar.next_closing(a);
            calendar.local(a);
            assert!(calendar.next_opening(a).is_none_or(|opening| opening >= a));
            for b in ends {
                calendar.open_between(a, Timestamp::from_micros(b));
                assert!(calendar.add(a, Duration::from_micros(b)) >= a);
            }
            assert_eq!(
                calendar.add(a, Duration::from_micros(i64::MAX)) == Timestamp::MAX,
                a >= Timestamp::EPOCH || !calendar.always
            );
        }
        calendar.local_to_utc(NaiveDateTime::MIN);
        calendar.local_to_utc(NaiveDateTime::MAX);
    }
    assert_eq!(office().add(Timestamp::EPOCH, Duration::from_micros(i64::MAX)), Timestamp::MAX);
}

#[test]
fn every_shift_of_every_zone_is_found() {
    for zone in [
        chrono_tz::Asia::Gaza,
        chrono_tz::America::Boa_Vista,
        chrono_tz::Africa::Casablanca,
        chrono_tz::Australia::Lord_Howe,
    ] {
        let calendar = calendar(zone.name(), &[("mon", "09:00-10:00")], &[]);
        for half_day in (0..4_102_444_800i64).step_by(43_200) {
            let utc = DateTime::from_timestamp(half_day, 0).unwrap();
            assert_eq!(calendar.local(utc.into()), utc.with_timezone(&zone).naive_local(), "{zone} {utc}");
        }
    }
}

#[track_caller]
fn refused(spec: &CalendarSpec, expected: &str) {
    let problems = Calendar::compile("office", spec, &Path::root("calendars").key("office")).unwrap_err();
    let lines: Vec<_> = problems
        .iter()
        .map(|problem| {
            assert_eq!(problem.code, crate::diagnostic::Code::InvalidCalendar);
            let help = problem.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
            format!("{}: {}{help}", problem.path, problem.message)
        })
        .collect();
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn days_that_cannot_be_read_are_refused() {
    let week = |days: &str, expected: &str| refused(&spec("UTC", &[(days, "09:00-18:00")], &[]), expected);
    let all = "there are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`";
    let expected = "expected a day such as `mon` or days such as `mon-fri`, found";
    week("mon-fry", &format!("calendars.office.week.mon-fry: {expected} `mon-fry` | did you mean `fri`?"));
    week("Mon", &format!("calendars.office.week.Mon: {expected} `Mon` | did you mean `mon`?"));
    week("weekdays", &format!("calendars.office.week.weekdays: {expected} `weekdays` | {all}"));
    week(
        "mon-mon",
        "calendars.office.week.mon-mon: expected two different days as in `mon-fri`, found `mon-mon` | write `mon` for the one day",
    );
    refused(
        &spec("UTC", &[("mon-fri", "09:00-18:00"), ("fri", "19:00-20:00")], &[]),
        "calendars.office.week.fri: `fri` stands under `mon-fri` already | name each day once; several windows of one day are \
         separated by commas",
    );
}

#[test]
fn windows_that_cannot_be_read_are_refused() {
    let windows = |written: &str, expected: &str| {
        refused(&spec("UTC", &[("mon", written)], &[]), &format!("calendars.office.week.mon: {expected}"));
    };
    let several = "several windows are separated by commas, as in `09:00-13:00, 14:00-18:00`";
    windows("", &format!("expected an opening window such as `09:00-18:00`, found `` | {several}"));
    windows("closed", &format!("expected an opening window such as `09:00-18:00`, found `closed` | {several}"));
    windows("10134:00-18:00", "expected a time of day between `00:00` and `24:00`, found `10134:00`");
    windows("9-18", "expected an opening window such as `09:00-18:00`, found `9-18` | did you mean `09:00-18:00`?");
    windows("09:00-24:30", "expected a time of day between `00:00` and `24:00`, found `24:30`");
    windows("09:00-9:5", "expected a time of day between `00:00` and `24:00`, found `9:5`");
    windows(
        "22:00-06:00",
        "the window `22:00-06:00` ends before it begins | a window over midnight is two: `mon: \"22:00-24:00\"`, \
         `tue: \"00:00-06:00\"`",
    );
    windows(
        "18:00-00:00",
        "the window `18:00-00:00` ends before it begins | midnight at the end of a day is `24:00`: write `18:00-24:00`",
    );
    windows(
        "09:00-09:00",
        "the window `09:00-09:00` is empty | write `00:00-24:00` for a whole day, or leave the day out when it is closed",
    );
    windows(
        "15:00-19:00, 09:00-16:00",
        "the windows `09:00-16:00` and `15:00-19:00` overlap | a calendar says when it is open, not who is there: join them to \
         `09:00-19:00`, or let one end before the other",
    );
    let of_days = |days: &str, expected: &str| {
        let message = "the window `20:00-02:00` ends before it begins | a window over midnight is two";
        refused(
            &spec("UTC", &[(days, "20:00-02:00")], &[]),
            &format!("calendars.office.week.{days}: {message}: {expected}"),
        );
    };
    of_days("mon-fri", "`mon: \"20:00-24:00\"`, `tue-fri: \"00:00-02:00, 20:00-24:00\"`, `sat: \"00:00-02:00\"`");
    of_days("fri-sat", "`fri: \"20:00-24:00\"`, `sat: \"00:00-02:00, 20:00-24:00\"`, `sun: \"00:00-02:00\"`");
    of_days("sat-mon", "`sat: \"20:00-24:00\"`, `sun-mon: \"00:00-02:00, 20:00-24:00\"`, `tue: \"00:00-02:00\"`");
    of_days("mon-sun", "`mon-sun: \"00:00-02:00, 20:00-24:00\"`");
}

#[test]
fn zones_holidays_and_empty_weeks_are_refused_all_at_once() {
    refused(
        &spec("Europe/Madird", &[], &["25.12.2026", "2026-02-30", "0026-12-25", "2026-12-25"]),
        "calendars.office.zone: expected the IANA name of a time zone, found `Europe/Madird` | did you mean `Europe/Madrid`?\n\
         calendars.office.holidays[0]: expected a day such as `2026-12-25`, found `25.12.2026`\n\
         calendars.office.holidays[1]: expected a day that exists, found `2026-02-30`\n\
         calendars.office.holidays[2]: expected a day of the years 1970 to 2199, found `0026-12-25`\n\
         calendars.office: the calendar `office` never opens: expected opening windows under `week`, found none | write for example \
         `week: { mon-fri: \"09:00-18:00\" }`",
    );
    let zone = |written: &str, help: &str| {
        refused(
            &spec(written, &[("mon", "09:00-18:00")], &[]),
            &format!("calendars.office.zone: expected the IANA name of a time zone, found `{written}` | {help}"),
        );
    };
    zone("Madrid", "did you mean `Europe/Madrid`?");
    zone("new york", "did you mean `America/New_York`?");
    zone("europe/madrid", "did you mean `Europe/Madrid`?");
    zone("Local time", "zones are named by region and city, as in `Europe/Madrid`");
    zone("", "zones are named by region and city, as in `Europe/Madrid`");
}

/// What a calendar means, minute by minute.
#[derive(Debug)]
struct Naive {
    zone: Tz,
    windows: Vec<Window>,
    holidays: Vec<NaiveDate>,
    exceptions: Vec<(NaiveDate, Vec<(u16, u16)>)>,
}

const MINUTE: i64 = Duration::MINUTE.as_micros();

impl Naive {
    fn is_open(&self, at: i64) -> bool {
        let local =
            self.zone.from_utc_datetime(&DateTime::from_timestamp_micros(at).unwrap().naive_utc()).naive_local();
        let minute = (local.hour() * 60 + local.minute()) as u16;
        let day = local.weekday().num_days_from_monday() as u8;
        if let Some((_, windows)) = self.exceptions.iter().find(|(day, _)| *day == local.date()) {
            return windows.iter().any(|(from, until)| (*from..*until).contains(&minute));
        }
        !self.holidays.contains(&local.date())
            && self.windows.iter().any(|window| window.day == day && (window.from..window.until).contains(&minute))
    }

    /// The stretches from `at` on that end on whole minutes, as (start, end, open).
    fn walk(&self, at: i64) -> impl Iterator<Item = (i64, i64, bool)> {
        let first = at.div_euclid(MINUTE);
        (first..)
            .map(move |minute| ((minute * MINUTE).max(at), (minute + 1) * MINUTE))
            .map(|(from, until)| (from, until, self.is_open(from)))
    }

    fn add(&self, at: i64, mut span: i64) -> i64 {
        if span == 0 {
            return at;
        }
        for (from, until, open) in self.walk(at) {
            if open && span <= until - from {
                return from + span;
            }
            span -= if open { until - from } else { 0 };
        }
        unreachable!()
    }

    fn open_between(&self, a: i64, b: i64) -> i64 {
        self.walk(a)
            .take_while(|(from, ..)| *from < b)
            .filter(|(.., open)| *open)
            .map(|(from, until, _)| until.min(b) - from)
            .sum()
    }

    fn next(&self, at: i64, wanted: bool) -> i64 {
        self.walk(at).find(|(.., open)| *open == wanted).unwrap().0
    }
}

/// Windows of a week, each day by itself: up to three, sometimes touching, sometimes up to midnight.
fn weeks() -> impl Strategy<Value = Vec<Window>> {
    let day = prop_oneof![
        2 => Just(Vec::new()),
        1 => Just(vec![0, 1440]),
        4 => proptest::collection::btree_set(0u16..=1440, 2..=6).prop_map(|cuts| cuts.into_iter().collect::<Vec<_>>()),
        1 => (0u16..700, 701u16..1440).prop_map(|(a, b)| vec![a, b, b, 1440]),
    ];
    let windows = |days: Vec<Vec<u16>>| {
        let of_day = |(day, cuts): (usize, Vec<u16>)| {
            cuts.chunks_exact(2)
                .map(|pair| Window { day: day as u8, from: pair[0], until: pair[1] })
                .collect::<Vec<_>>()
        };
        days.into_iter().enumerate().flat_map(of_day).collect::<Vec<_>>()
    };
    proptest::collection::vec(day, 7).prop_map(windows).prop_filter("it opens", |windows| !windows.is_empty())
}

fn written(naive: &Naive) -> CalendarSpec {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut spec = spec(naive.zone.name(), &[], &[]);
    for window in &naive.windows {
        let text = format!(
            "{:02}:{:02}-{:02}:{:02}",
            window.from / 60,
            window.from % 60,
            window.until / 60,
            window.until % 60
        );
        let day = spec.week.entry(days[usize::from(window.day)].to_owned()).or_default();
        *day = if day.is_empty() { text } else { format!("{day}, {text}") };
    }
    for (day, windows) in &naive.exceptions {
        let shown = |(from, until): &(u16, u16)| {
            format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
        };
        spec.exceptions.insert(day.to_string(), windows.iter().map(shown).collect::<Vec<_>>().join(", "));
    }
    spec.holidays = naive.holidays.iter().map(NaiveDate::to_string).collect();
    spec
}

/// Zones, each with the UTC days of two of its changes.
const CHANGES: [(Tz, [&str; 2]); 6] = [
    (chrono_tz::Europe::Madrid, ["2026-03-29", "2026-10-25"]),
    (chrono_tz::America::New_York, ["2026-03-08", "2026-11-01"]),
    (chrono_tz::Australia::Lord_Howe, ["2026-04-04", "2026-10-03"]),
    (chrono_tz::America::Havana, ["2026-03-08", "2026-11-01"]),
    (chrono_tz::Pacific::Apia, ["2011-12-30", "2011-09-24"]),
    (chrono_tz::UTC, ["2026-01-01", "1969-12-31"]),
];

fn calendars() -> impl Strategy<Value = (Naive, i64)> {
    let days = proptest::collection::btree_set(-6i64..12, 0..6);
    let cuts = proptest::collection::btree_set(0u16..=1440, 2..=6);
    let special = proptest::collection::btree_map(-6i64..12, cuts, 0..4);
    let change = (proptest::sample::select(&CHANGES[..]), any::<bool>());
    (weeks(), change, days, special, -4 * DAY..4 * DAY).prop_map(
        |(windows, ((zone, days), second), holidays, special, from)| {
            let change: NaiveDate = days[usize::from(second)].parse().unwrap();
            let day = |days: i64| change + chrono::TimeDelta::days(days);
            let of_day = |(days, cuts): (i64, std::collections::BTreeSet<u16>)| {
                let cuts: Vec<u16> = cuts.into_iter().collect();
                (day(days), cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>())
            };
            let exceptions: Vec<_> = special.into_iter().map(of_day).filter(|(day, _)| day.year() >= 1970).collect();
            let taken = |day: &NaiveDate| exceptions.iter().any(|(taken, _)| taken == day);
            let holidays: Vec<_> =
                holidays.into_iter().map(day).filter(|day| day.year() >= 1970 && !taken(day)).collect();
            let at = change.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros() + from;
            (Naive { zone, windows, holidays, exceptions }, at)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(400), ..ProptestConfig::default() })]

    #[test]
    fn arithmetic_agrees_with_a_walk_minute_by_minute((naive, at) in calendars(), minutes in 0i64..4_000, micros in 0i64..2 * MINUTE, whole: bool) {
        let calendar = Calendar::compile("any", &written(&naive), &Path::default()).unwrap();
        // Whole minutes meet the edges.
        let at = if whole { at.div_euclid(MINUTE) * MINUTE } else { at };
        let span = minutes * MINUTE + if whole { 0 } else { micros };
        let (point, micros) = (Timestamp::from_micros, Duration::from_micros);
        prop_assert_eq!(calendar.is_open(point(at)), naive.is_open(at));
        prop_assert_eq!(calendar.open_between(point(at), point(at + span)), micros(naive.open_between(at, at + span)));
        let later = calendar.add(point(at), micros(span));
        prop_assert_eq!(later, point(naive.add(at, span)));
        prop_assert_eq!(calendar.open_between(point(at), later), micros(span));
        if let Some(edge) = calendar.next_opening(later).and_then(|opening| calendar.next_closing(opening)) {
            prop_assert_eq!(calendar.add(point(at), calendar.open_between(point(at), edge)), edge);
        }
        prop_assert_eq!(calendar.next_opening(point(at)), Some(point(naive.next(at, true))));
        if naive.windows.iter().map(|window| window.until - window.from).sum::<u16>() < 7 * 1440 {
            prop_assert_eq!(calendar.next_closing(point(at)), Some(point(naive.next(at, false))));
        }
    }

    #[test]
    fn local_time_and_back((naive, at) in calendars()) {
        let calendar = Calendar::compile("any", &written(&naive), &Path::default()).unwrap();
        let local = calendar.local(Timestamp::from_micros(at));
        let expected = match naive.zone.from_local_datetime(&local) {
            chrono::LocalResult::Single(utc) | chrono::LocalResult::Ambiguous(utc, _) => Timestamp::from(utc.to_utc()),
            chrono::LocalResult::None => unreachable!("a clock has shown it"),
        };
        prop_assert_eq!(calendar.local_to_utc(local), expected);
    }
}
