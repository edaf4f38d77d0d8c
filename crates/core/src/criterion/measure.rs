//! Which figure of a simulation a measure is, in this process.

use indexmap::IndexMap;

use crate::definition::{Definition, Kind, Period};
use crate::diagnostic::suggest;
use crate::index::{ClockIx, CrackIx, RoleIx, StepIx};

use super::parse::{Call, Demand, Quantity, Sentence, is_business};
use super::{Counted, Figure, Misread, Statistic};

/// A figure, and how it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What is measured.
    pub figure: Figure,
    /// How it is said.
    pub unit: Shown,
}

/// In what a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A length of time, in the unit of the bound, as in `bd`.
    Time(&'static str),
    /// A share, as per cent.
    Share,
    /// A number.
    Number,
    /// A number in a period.
    Rate(Period),
}

/// The measures, and how they are written.
const MEASURES: [(&str, &str); 13] = [
    ("mean", "mean(cycle_time)"),
    ("p50", "p50(cycle_time)"),
    ("p90", "p90(cycle_time)"),
    ("p95", "p95(cycle_time)"),
    ("p99", "p99(cycle_time)"),
    ("wait", "wait(step)"),
    ("until_begun", "until_begun(step)"),
    ("share", "share(end)"),
    ("visits", "visits(step)"),
    ("volume", "volume(step)"),
    ("rate", "rate(step!crack)"),
    ("run_out", "run_out(clock)"),
    ("utilisation", "utilisation(role)"),
];

/// What times can be measured of.
const TIMES: [&str; 2] = ["cycle_time", "wait"];

/// Shares of all cases that no step has, unless one is called so.
const FATES: [(&str, Figure); 3] =
    [("completed", Figure::Completed), ("cancelled", Figure::Cancelled), ("stuck", Figure::Stuck)];

/// Finds what a sentence names in a definition.
///
/// # Errors
/// When there is no such measure, or the definition has nothing of that name, or the bound is no value of the measure.
pub fn measure(sentence: &Sentence, definition: &Definition) -> Result<Measure, Misread> {
    let Sentence { measure: call, demand } = sentence;
    let of: Vec<&str> = call.of.iter().map(String::as_str).collect();
    let statistic = match call.name.as_str() {
        "mean" => Some(Statistic::Mean),
        "p50" => Some(Statistic::P50),
        "p90" => Some(Statistic::P90),
        "p95" => Some(Statistic::P95),
        "p99" => Some(Statistic::P99),
        _ => None,
    };
    match (call.name.as_str(), statistic, of.as_slice()) {
        (_, Some(statistic), ["cycle_time"]) => {
            time(demand, definition, |counted| Figure::CycleTime { statistic, end: None, counted })
        }
        (_, Some(statistic), ["cycle_time", name]) => {
            let end = Some(end(name, definition)?);
            time(demand, definition, |counted| Figure::CycleTime { statistic, end, counted })
        }
        (_, Some(statistic), ["wait", name]) => wait(statistic, name, demand, definition),
        ("wait", None, [name]) => wait(Statistic::Mean, name, demand, definition),
        ("until_begun", None, [name]) => until_begun(name, demand, definition),
        ("share", None, [name]) if name.contains('/') => number(demand, outcome(name, definition)?, Shown::Share),
        ("share", None, [name]) => number(demand, share(name, definition)?, Shown::Share),
        ("visits", None, [name]) => number(demand, Figure::Visits(step(name, definition)?), Shown::Number),
        ("volume", None, [name]) => volume(name, demand, definition),
        ("rate", None, [name]) => number(demand, Figure::Struck(crack(name, definition)?), Shown::Share),
        ("run_out", None, [name]) => number(demand, Figure::RunOut(clock(name, definition)?), Shown::Share),
        ("utilisation", None, [name]) => number(demand, Figure::Utilisation(role(name, definition)?), Shown::Share),
        _ => Err(no_such(call, statistic.is_some())),
    }
}

/// The same for a sentence that had a meaning for a definition from which cracks were taken out: one that is gone never
/// strikes, and its rate is that of [`CrackIx::NONE`].
///
/// # Errors
/// As [`measure`] otherwise.
pub fn measure_of_changed(sentence: &Sentence, definition: &Definition) -> Result<Measure, Misread> {
    let is_gone = |name: &String| crack(name, definition).is_err();
    match sentence.measure.of.as_slice() {
        [name] if sentence.measure.name == "rate" && is_gone(name) => {
            number(&sentence.demand, Figure::Struck(CrackIx::NONE), Shown::Share)
        }
        _ => measure(sentence, definition),
    }
}

/// A measure that there is not, or that is of something else.
fn no_such(call: &Call, of_times: bool) -> Misread {
    let written = format!("{}({})", call.name, call.of.join(", "));
    let names = MEASURES.iter().map(|(name, _)| *name);
    if of_times {
        let misread = Misread::expected("`cycle_time`, `cycle_time, end` or `wait, step` in the brackets", &written);
        let near = match call.of.first().map(String::as_str) {
            Some("wait") => Some(format!("say at which step, as in `{}(wait, step)`", call.name)),
            first => first.and_then(|of| suggest(of, TIMES)),
        };
        return misread.help(near.unwrap_or_else(|| format!("write for example `{}(cycle_time)`", call.name)));
    }
    if let Some((name, example)) = MEASURES.iter().find(|(name, _)| *name == call.name) {
        return Misread::expected(&format!("one name in the brackets of `{name}`, as in `{example}`"), &written);
    }
    let misread = Misread::expected("a measure", &call.name);
    match call.name.as_str() {
        "cycle_time" => misread.help("say which cycle time: `mean(cycle_time)`, or `p90(cycle_time)`"),
        "throughput" => misread
            .help("in the long run as many cases leave as arrive, if every role keeps up: `utilisation(role) < 100%`"),
        name => misread.help(suggest(name, names).unwrap_or_default()),
    }
}

fn wait(statistic: Statistic, name: &str, demand: &Demand, definition: &Definition) -> Result<Measure, Misread> {
    let step = step(name, definition)?;
    if !definition.steps.get(name).is_some_and(|step| matches!(step.kind, Kind::Human { .. })) {
        return Err(Misread::expected("a step that people do in the brackets of `wait`", name));
    }
    time(demand, definition, |counted| Figure::Wait { statistic, step, counted })
}

fn until_begun(name: &str, demand: &Demand, definition: &Definition) -> Result<Measure, Misread> {
    let figure = Figure::UntilBegun(step(name, definition)?);
    match demand.kind() {
        Some(Quantity::Time(span, _)) if is_business(span) => {
            let misread = Misread::expected("a bound in elapsed time", &span.to_string());
            Err(misread.help("`until_begun` is only known in elapsed time: write `h` or `d`"))
        }
        _ => time(demand, definition, |_| figure),
    }
}

/// A measure whose bound is a length of time, and says how time is counted.
fn time(demand: &Demand, definition: &Definition, figure: impl Fn(Counted) -> Figure) -> Result<Measure, Misread> {
    let (span, suffix) = match demand.kind() {
        Some(Quantity::Time(span, suffix)) => (span, suffix),
        Some(Quantity::Number(_) | Quantity::Rate(..)) => {
            let message = "expected a length of time such as `2 bd` or `4 h`, found a share or a number";
            return Err(Misread { message: message.to_owned(), help: None });
        }
        None => return Err(Misread::expected("a bound", "")),
    };
    if is_business(span) && definition.calendar.is_none() {
        let misread = Misread::expected("a bound in elapsed time", &span.to_string());
        return Err(
            misread.help("the process has no calendar: write `h` or `d`, or give it one, as in `calendar: office`")
        );
    }
    let counted = if is_business(span) { Counted::Business } else { Counted::Elapsed };
    Ok(Measure { figure: figure(counted), unit: Shown::Time(suffix) })
}

fn number(demand: &Demand, figure: Figure, unit: Shown) -> Result<Measure, Misread> {
    match demand.kind() {
        Some(Quantity::Time(span, _)) => {
            let misread = Misread::expected("a share or a number", &span.to_string());
            Err(misread.help("write for example `5%`"))
        }
        Some(Quantity::Rate(amount, per)) => {
            let misread = Misread::expected("a share or a number", &format!("{amount} per {per}"));
            Err(misread.help("only `volume(step)` counts in a period"))
        }
        _ => Ok(Measure { figure, unit }),
    }
}

/// How often cases come to a step in the period of the bound.
fn volume(name: &str, demand: &Demand, definition: &Definition) -> Result<Measure, Misread> {
    let step = step(name, definition)?;
    match demand.kind() {
        Some(Quantity::Rate(_, per)) => Ok(Measure { figure: Figure::Volume(step, per), unit: Shown::Rate(per) }),
        _ => {
            let misread =
                Misread { message: "expected so many in a period after `volume`, found none".to_owned(), help: None };
            Err(misread.help(format!("write for example `volume({name}) >= 20 per business-day`")))
        }
    }
}

/// An outcome of a step, as `step/outcome`.
fn outcome(name: &str, definition: &Definition) -> Result<Figure, Misread> {
    let (of, outcome) = name.split_once('/').unwrap_or((name, ""));
    let index = step(of, definition)?;
    let declared = definition.steps.get(of).map(|step| &step.outcomes);
    let position = declared.and_then(|outcomes| index_of(outcome, outcomes));
    let known: Vec<&str> = declared.into_iter().flat_map(|outcomes| outcomes.keys().map(String::as_str)).collect();
    position.map(|position| Figure::Outcome(index, position)).ok_or_else(|| {
        let help = suggest(outcome, known.iter().copied()).unwrap_or_else(|| format!("`{of}` has none"));
        Misread::expected(&format!("an outcome of `{of}`"), outcome).help(help)
    })
}

fn step(name: &str, definition: &Definition) -> Result<StepIx, Misread> {
    let steps = &definition.steps;
    index_of(name, steps).map(StepIx).ok_or_else(|| unknown("a step", name, steps.keys().map(String::as_str)))
}

fn end(name: &str, definition: &Definition) -> Result<StepIx, Misread> {
    let ends = definition.steps.iter().filter(|(_, step)| matches!(step.kind, Kind::End { .. }));
    let ends: Vec<&str> = ends.map(|(name, _)| name.as_str()).collect();
    let found = index_of(name, &definition.steps).filter(|_| ends.contains(&name));
    found.map(StepIx).ok_or_else(|| unknown("an end", name, ends))
}

/// Steps, roles and clocks have their places in a plan in the order of the definition.
fn index_of<T>(name: &str, declared: &IndexMap<String, T>) -> Option<u16> {
    u16::try_from(declared.get_index_of(name)?).ok()
}

fn share(name: &str, definition: &Definition) -> Result<Figure, Misread> {
    if let Some((_, fate)) = FATES.iter().find(|(fate, _)| *fate == name && !definition.steps.contains_key(*fate)) {
        return Ok(*fate);
    }
    let is_named = |(_, step, crack): (CrackIx, &str, &str)| name == crack || name == of_step(step, crack);
    if !definition.steps.contains_key(name) && cracks(definition).any(is_named) {
        let misread = Misread::expected("a step in the brackets of `share`", name);
        return Err(
            misread.help(format!("it is a crack: `rate({name})` is how often it strikes in a visit of its step"))
        );
    }
    let known = definition.steps.keys().map(String::as_str).chain(FATES.iter().map(|(fate, _)| *fate));
    let found = index_of(name, &definition.steps).map(|index| Figure::Share(StepIx(index)));
    found.ok_or_else(|| unknown("a step", name, known))
}

/// A crack, by its name where only one step has it, or else with its step.
fn crack(name: &str, definition: &Definition) -> Result<CrackIx, Misread> {
    let named: Vec<(CrackIx, String)> = cracks(definition)
        .filter(|(_, step, crack)| name == *crack || name == of_step(step, crack))
        .map(|(index, step, crack)| (index, of_step(step, crack)))
        .collect();
    match named.as_slice() {
        [(index, _)] => Ok(*index),
        [] => {
            let known: Vec<String> =
                cracks(definition).flat_map(|(_, step, crack)| [crack.to_owned(), of_step(step, crack)]).collect();
            Err(unknown("a crack", name, known.iter().map(String::as_str)))
        }
        several => {
            let all: Vec<String> = several.iter().map(|(_, full)| format!("`{full}`")).collect();
            let misread = Misread::expected("a crack with its step", name);
            Err(misread.help(format!("write {}", all.join(" or "))))
        }
    }
}

fn of_step(step: &str, crack: &str) -> String {
    format!("{step}!{crack}")
}

/// All cracks, with the steps they strike, in the order of a plan; last those of the whole process, with none.
fn cracks(definition: &Definition) -> impl Iterator<Item = (CrackIx, &str, &str)> {
    let of_steps = definition.steps.iter().map(|(step, declared)| (step.as_str(), &declared.cracks));
    let all = of_steps.chain([("", &definition.cracks)]);
    let named = all.flat_map(|(step, cracks)| cracks.keys().map(move |crack| (step, crack.as_str())));
    (0..).zip(named).map(|(position, (step, crack))| (CrackIx(position), step, crack))
}

fn role(name: &str, definition: &Definition) -> Result<RoleIx, Misread> {
    let roles = &definition.roles;
    index_of(name, roles).map(RoleIx).ok_or_else(|| unknown("a role", name, roles.keys().map(String::as_str)))
}

fn clock(name: &str, definition: &Definition) -> Result<ClockIx, Misread> {
    let clocks = &definition.clocks;
    index_of(name, clocks).map(ClockIx).ok_or_else(|| unknown("a clock", name, clocks.keys().map(String::as_str)))
}

fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Misread {
    let bare = name.strip_prefix("end-").filter(|bare| known.clone().into_iter().any(|known| known == *bare));
    let help = match bare {
        Some(bare) => format!("did you mean `{bare}`?"),
        None => suggest(name, known).unwrap_or_else(|| "the process has none".to_owned()),
    };
    Misread::expected(&format!("{what} of the process"), name).help(help)
}
