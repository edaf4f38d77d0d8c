//! Reads what only the simulator needs.

use indexmap::IndexMap;

use crate::definition::{Absence, Arrivals, Away, Chance, MonthDays, Peak, Period, Sample, Simulation};
use crate::diagnostic::{Code, nearest};
use crate::yaml::decode::{Fields, NAME, Value, number, parsed, plain_number, text, whole, word};

use super::quantity::{chance, sampled, span, time};
use super::what_if::{factor, what_ifs};

pub(super) fn simulation(value: Value<'_>) -> Option<Simulation> {
    let mut fields = value.fields("`simulation`")?;
    let simulation = Simulation {
        start: fields.optional("start", text),
        arrivals: fields.optional("arrivals", arrivals),
        together: fields.optional("together", sampled),
        peaks: fields.optional("peaks", peaks).unwrap_or_default(),
        sample: fields
            .optional("sample", |value| value.map("samples by field", |_, value| sample(value)))
            .unwrap_or_default(),
        absences: fields
            .optional("absences", |value| value.map("absences by role", |_, value| absence(value)))
            .unwrap_or_default(),
        away: fields.optional("away", all_away).unwrap_or_default(),
        what_if: fields.optional("what-if", what_ifs).unwrap_or_default(),
    };
    fields.finish();
    Some(simulation)
}

/// Gaps (`every`), times of the day (`at`) or a rate (`per`): they share no key.
fn arrivals(value: Value<'_>) -> Option<Arrivals> {
    const HELP: &str =
        "write `{ every: \"exponential(9 min)\" }`, `{ per: business-day, mean: 60 }` or `{ at: [\"08:00\"] }`";
    let mut fields = value.fields("`arrivals`")?;
    let alone = ["every", "at"].into_iter().find(|key| fields.has(key));
    let arrivals = if let Some(alone) = alone {
        for key in ["every", "at", "per", "mean", "profile", "outside"].into_iter().filter(|key| *key != alone) {
            let message = format!("`{key}` does not go together with `{alone}`");
            fields.contradicts(key, alone, Code::InvalidArrivals, &message, HELP);
        }
        match alone {
            "at" => fields
                .optional("at", |value| value.list("times of the day, as in `[\"08:00\"]`", text))
                .map(Arrivals::At),
            _ => fields.optional("every", time).map(Arrivals::Every),
        }
    } else if fields.has("per") || fields.has("mean") {
        rate(&mut fields)
    } else {
        fields
            .value()
            .refuse(value.problem(Code::InvalidArrivals, "arrivals have one of `every`, `per` and `at`").help(HELP))
    };
    for key in ["every", "at", "per", "mean", "profile", "outside"] {
        fields.optional(key, |_| None::<()>);
    }
    fields.finish();
    arrivals
}

fn rate(fields: &mut Fields<'_>) -> Option<Arrivals> {
    const PERIODS: &[(&str, Period)] =
        &[("hour", Period::Hour), ("day", Period::Day), ("business-day", Period::BusinessDay)];
    let per = fields.required("per", |value| word(value, PERIODS));
    let mean = fields.required("mean", number);
    let profile = fields.optional("profile", weights).unwrap_or_default();
    let outside = fields.optional("outside", chance).unwrap_or(Chance::percent(0));
    Some(Arrivals::Rate { per: per?, mean: mean?, profile, outside })
}

fn weights(value: Value<'_>) -> Option<IndexMap<String, f64>> {
    value.map("weights, as in `{ web: 45, campaign: 25 }`", |_, value| number(value))
}

fn sample(value: Value<'_>) -> Option<Sample> {
    if value.is_mapping() { weights(value).map(Sample::Weights) } else { sampled(value).map(Sample::Number) }
}

fn absence(value: Value<'_>) -> Option<Absence> {
    let mut fields = value.fields("an absence")?;
    let rate = fields.required("rate", yearly);
    let lasts = fields.required("lasts", time);
    fields.finish();
    Some(Absence { rate_per_year: rate?, lasts: lasts? })
}

/// Times at which more cases come, by name.
pub(super) fn peaks(value: Value<'_>) -> Option<IndexMap<String, Peak>> {
    value.declarations("peaks by name", NAME, |_, value| peak(value))
}

/// On days of the month (`days`), or from some time on (`from`).
fn peak(value: Value<'_>) -> Option<Peak> {
    const HELP: &str = "write `{ from: 10 d, lasts: 2 d, times: 300% }` or `{ days: 26-31, times: 150% }`";
    let mut fields = value.fields("a peak")?;
    let times = fields.required("times", factor);
    let peak = if fields.has("days") {
        for key in ["from", "lasts", "every"] {
            let message = format!("`{key}` does not go together with `days`");
            fields.contradicts(key, "days", Code::InvalidArrivals, &message, HELP);
        }
        let days = fields.required("days", month_days);
        days.zip(times).map(|(days, times)| Peak::OfMonth { days, times })
    } else {
        let (from, lasts) = (fields.required("from", span), fields.required("lasts", span));
        let every = fields.optional("every", span);
        from.zip(lasts).zip(times).map(|((from, lasts), times)| Peak::From { from, lasts, every, times })
    };
    for key in ["days", "from", "lasts", "every"] {
        fields.optional(key, |_| None::<()>);
    }
    fields.finish();
    peak
}

fn month_days(value: Value<'_>) -> Option<MonthDays> {
    parsed(value, "days of the month, such as `26-31`", Code::InvalidCalendar, MonthDays::meant)
}

/// Planned absences, by role.
pub(super) fn all_away(value: Value<'_>) -> Option<IndexMap<String, Away>> {
    value.map("who is away, by role", |_, value| away(value))
}

fn away(value: Value<'_>) -> Option<Away> {
    let mut fields = value.fields("a planned absence")?;
    let people = fields.required("people", whole);
    let (from, lasts) = (fields.required("from", span), fields.required("lasts", span));
    fields.finish();
    Some(Away { people: people?, from: from?, lasts: lasts? })
}

/// A number of times per year, month or week, as times per year.
fn yearly(value: Value<'_>) -> Option<f64> {
    const WHAT: &str = "a rate such as `1.5/year`";
    const PERIODS: [(&str, f64); 3] = [("year", 1.0), ("month", 12.0), ("week", 52.0)];
    let written = value.scalar().map(|(text, _)| text);
    let Some((amount, period)) = written.and_then(|text| text.split_once('/')) else {
        let meant = written.and_then(rate_in_words).map(|meant| format!("did you mean `{meant}`?"));
        return meant.map_or_else(|| value.expected(WHAT), |help| value.expected_with(WHAT, Some(&help)));
    };
    let Some(amount) = plain_number(amount.trim()) else { return value.expected(WHAT) };
    match PERIODS.iter().find(|(name, _)| *name == period.trim()) {
        Some((_, times)) => Some(amount * times),
        None => {
            let near =
                nearest(period.trim(), PERIODS.map(|(name, _)| name)).map(|near| format!("did you mean `{near}`?"));
            value.expected_with("a rate per `year`, `month` or `week`", near.as_deref())
        }
    }
}

/// `2/year` for `2 per year` or `2 times a year`.
fn rate_in_words(text: &str) -> Option<String> {
    let (amount, period) = [" per ", " a ", " every "].into_iter().find_map(|word| text.split_once(word))?;
    let amount = amount.trim_end_matches("times").trim();
    let known = ["year", "month", "week"].contains(&period.trim());
    (known && plain_number(amount).is_some()).then(|| format!("{amount}/{}", period.trim()))
}
