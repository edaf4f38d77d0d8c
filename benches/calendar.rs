//! Business time over ten years, with 150 holidays and both clock changes of every year.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark may fail")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use grieta::calendar::Calendar;
use grieta::definition::CalendarSpec;
use grieta::diagnostic::Path;
use grieta::{Duration, Timestamp};

/// Fifteen holidays in each of ten years, and two days with windows of their own.
fn office() -> Calendar {
    let days =
        ["01-01", "01-06", "03-19", "04-03", "05-01", "05-15", "06-24", "07-25", "08-15", "09-11", "10-12", "11-01"];
    let more = ["12-06", "12-08", "12-25"];
    let years = || 2024..2034;
    let holidays = years().flat_map(|year| days.iter().chain(&more).map(move |day| format!("{year}-{day}")));
    let exceptions =
        years().flat_map(|year| ["12-24", "12-31"].map(|day| (format!("{year}-{day}"), "09:00-13:00".to_owned())));
    let spec = CalendarSpec {
        zone: Some("Europe/Madrid".to_owned()),
        week: [("mon-fri".to_owned(), "09:00-14:00, 15:00-18:00".to_owned())].into_iter().collect(),
        holidays: holidays.collect(),
        exceptions: exceptions.collect(),
    };
    assert_eq!(spec.holidays.len(), 150);
    Calendar::compile("office", &spec, &Path::default()).unwrap()
}

/// Points spread over ten years, in no order that a processor could guess.
fn points() -> Vec<Timestamp> {
    let start = "2024-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let ten_years = 3_652 * Duration::DAY.as_micros() as u64;
    let mut state: u64 = 7;
    let mut point = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        start + Duration::from_micros(((u128::from(state) * u128::from(ten_years)) >> 64) as i64)
    };
    (0..4_096).map(|_| point()).collect()
}

fn calendar(criterion: &mut Criterion) {
    let (office, points) = (office(), points());
    let mut group = criterion.benchmark_group("calendar");
    let mut at = 0;
    let mut next = || {
        at = (at + 1) % (points.len() - 1);
        (points[at], points[at + 1])
    };
    let hours = |hours: i64| Duration::from_micros(hours * Duration::HOUR.as_micros());
    group.bench_function("add 4 business hours", |bencher| {
        bencher.iter(|| office.add(black_box(next().0), hours(4)));
    });
    group.bench_function("add up to ten years", |bencher| {
        bencher.iter(|| {
            let (from, until) = next();
            office.add(from, Duration::from_micros((until - from).as_micros().abs() / 4))
        });
    });
    group.bench_function("business time between", |bencher| {
        bencher.iter(|| {
            let (from, until) = next();
            office.open_between(from, until)
        });
    });
    group.bench_function("next opening", |bencher| bencher.iter(|| office.next_opening(next().0)));
    group.bench_function("is open", |bencher| bencher.iter(|| office.is_open(next().0)));
    group.finish();
}

criterion_group!(benches, calendar);
criterion_main!(benches);
