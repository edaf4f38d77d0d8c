//! Peaks of arrivals last, and change arrivals that there are.

use indexmap::IndexMap;

use crate::definition::{Arrivals, Definition, Peak, Span, Unit, WhatIf};
use crate::diagnostic::{Code, Path, Problem};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let Some(simulation) = &definition.simulation else { return };
    let at = Path::root("simulation");
    check_peaks(definition, &simulation.peaks, Code::InvalidArrivals, &at, problems);
    let nothing_comes = simulation.arrivals.is_none() && simulation.together.is_some();
    problems.extend(nothing_comes.then(|| no_arrivals(Code::InvalidArrivals, at.key("together"))));
}

/// What a change does to arrivals.
pub(super) fn check_change(definition: &Definition, what_if: &WhatIf, at: &Path, problems: &mut Vec<Problem>) {
    check_peaks(definition, &what_if.peaks, Code::InvalidWhatIf, at, problems);
    let path = at.key("arrivals");
    match arrivals(definition) {
        _ if what_if.arrivals.is_none() => {}
        None => problems.push(no_arrivals(Code::InvalidWhatIf, path)),
        Some(Arrivals::At(_)) => problems.push(at_fixed_times(Code::InvalidWhatIf, path)),
        Some(_) => {}
    }
}

/// Peaks are of arrivals at a rate; `code` is what they are where there are none.
fn check_peaks(
    definition: &Definition,
    peaks: &IndexMap<String, Peak>,
    code: Code,
    at: &Path,
    problems: &mut Vec<Problem>,
) {
    for (name, peak) in peaks {
        let path = at.key("peaks").key(name);
        match arrivals(definition) {
            None => problems.push(no_arrivals(code, path)),
            Some(Arrivals::At(_)) => problems.push(at_fixed_times(code, path)),
            Some(_) => problems.extend(check_peak(peak, &path)),
        }
    }
}

fn check_peak(peak: &Peak, at: &Path) -> Option<Problem> {
    let invalid = |key: &str, message: String| Problem::error(Code::InvalidArrivals, at.key(key), message);
    match *peak {
        Peak::OfMonth { days, times } if times.billionths() == 0 && days.is_whole() => {
            let help = "name fewer days, or a share above 0%";
            Some(invalid("days", "nothing would ever come".to_owned()).help(help))
        }
        Peak::OfMonth { .. } => None,
        Peak::From { from, .. } if from.amount < 0 => {
            Some(invalid("from", format!("a peak cannot begin before simulated time does, found {from}")))
        }
        Peak::From { lasts, .. } if lasts.amount <= 0 => {
            Some(invalid("lasts", format!("expected more than no time, found {lasts}")))
        }
        Peak::From { lasts, every: Some(every), .. } => check_every(lasts, every).map(|message| {
            invalid("every", message)
                .help("say in elapsed time how long it is from one beginning to the next, as in `28 d`")
        }),
        Peak::From { .. } => None,
    }
}

/// Who comes more often than every minute comes all the time.
const SHORTEST: i64 = Span::minutes(1).amount;

/// A business day is a part of a day, so that only elapsed time can be compared.
fn check_every(lasts: Span, every: Span) -> Option<String> {
    match (every.unit, lasts.unit) {
        (Unit::Business | Unit::BusinessDays, _) => Some(format!("expected elapsed time, found {every}")),
        (Unit::Elapsed, _) if every.amount < SHORTEST => {
            Some(format!("expected at least {} from one peak to the next, found {every}", Span::minutes(1)))
        }
        (Unit::Elapsed, Unit::Elapsed) if every.amount <= lasts.amount => {
            Some(format!("the next peak would begin before this one is over: it lasts {lasts}, found every {every}"))
        }
        (Unit::Elapsed, _) => None,
    }
}

fn arrivals(definition: &Definition) -> Option<&Arrivals> {
    definition.simulation.as_ref()?.arrivals.as_ref()
}

fn no_arrivals(code: Code, path: Path) -> Problem {
    let help = "say under `simulation` how cases arrive, as in `arrivals: { every: 10 min }`";
    Problem::error(code, path, "the definition does not say how cases arrive").help(help)
}

fn at_fixed_times(code: Code, path: Path) -> Problem {
    let help = "give a rate, as in `arrivals: { per: business-day, mean: 60 }`, or say how many come `together`";
    Problem::error(code, path, "cases that come at fixed times cannot come more often").help(help)
}
