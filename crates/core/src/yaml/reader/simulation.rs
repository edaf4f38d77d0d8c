//! Reads what only the simulator needs.

use indexmap::IndexMap;

use crate::definition::{Absence, Arrivals, Away, Chance, Period, Sample, Simulation};
use crate::diagnostic::{Code, nearest};
use crate::yaml::decode::{Fields, Value, number, plain_number, text, whole, word};

use super::quantity::{chance, sampled, span, time};
use super::what_if::what_ifs;

pub(super) fn simulation(value: Value<'_>) -> Option<Simulation> {
    let mut fields = value.fields("`simulation`")?;
    let simulation = Simulation {
        start: fields.optional("start", text),
        arrivals: fields.optional("arrivals", arrivals),
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

/// Gaps (`every`) or a rate (`per`): the two share no key.
fn arrivals(value: Value<'_>) -> Option<Arrivals> {
    const HELP: &str = "write `{ every: \"exponential(9 min)\" }` or `{ per: business-day, mean: 60 }`";
    let mut fields = value.fields("`arrivals`")?;
    let arrivals = if fields.has("every") {
        for key in ["per", "mean", "profile", "outside"] {
            let message = format!("`{key}` does not go together with `every`");
            fields.contradicts(key, "every", Code::InvalidArrivals, &message, HELP);
        }
        fields.optional("every", time).map(Arrivals::Every)
    } else if fields.has("per") || fields.has("mean") {
        rate(&mut fields)
    } else {
        fields.value().refuse(value.problem(Code::InvalidArrivals, "arrivals have either `every` or `per`").help(HELP))
    };
    for key in ["every", "per", "mean", "profile", "outside"] {
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
