//! How much a process bears, in a few sentences and a table.

use grieta_simulator::{Bound, First, Margin, Point, Promise, Raise, Reason, Stress};

use crate::tables::{self, Column};
use crate::words::{between, dash, maybe_share, maybe_time, share};

/// The breaking point with how sure it is, what breaks first, the bound by formula, and the curve that leads there.
pub fn stress(found: &Stress) -> String {
    let bound = found.bound.as_ref().map_or_else(String::new, |bound| format!("\n{}", bound_in_words(bound)));
    format!("{}{bound}\n\n{}", verdict(found), curve(found))
}

fn verdict(found: &Stress) -> String {
    let now = if found.holds { "" } else { "It does not hold even now. " };
    let what = raised(&found.raised);
    let first =
        found.first.as_ref().map_or_else(String::new, |first| format!("; then {}", first_in_words(found, first)));
    match (&found.margin, found.curve.first(), found.curve.last()) {
        (Some(Margin { factor, ci95 }), ..) => {
            let sure = between(*ci95, times);
            format!("{now}It holds up to {} the {what} of today (95 % sure {sure}){first}.", times(*factor))
        }
        (None, _, Some(last)) if found.holds => match last.factor {
            1.0 => format!("It holds, and no more {what} than today can come."),
            most => format!("It holds even with {} the {what} of today; more was not tried.", times(most)),
        },
        (None, Some(least), _) => format!("{now}Nor with {} the {what} of today{first}.", times(least.factor)),
        (None, None, _) => now.to_owned(),
    }
}

fn first_in_words(found: &Stress, first: &First) -> String {
    let role = first.role.as_deref().unwrap_or("some role");
    let at = first.step.as_ref().map_or_else(String::new, |step| format!(", most of it waiting at `{step}`"));
    match first.reason {
        Reason::Load => format!("{role} gets more work than it can do{at}"),
        Reason::Queue => format!("work for {role} piles up although its people have time{at}"),
        Reason::Promise => {
            let promise = found.promise.as_ref().map_or_else(String::new, promise_in_words);
            let step = first.step.as_ref().map_or_else(String::new, |step| format!(" at `{step}`"));
            let waits =
                first.role.as_ref().map_or_else(String::new, |role| format!("; cases wait most for {role}{step}"));
            format!("{promise} is not kept any more{waits}")
        }
    }
}

fn promise_in_words(promise: &Promise) -> String {
    match promise {
        Promise::Clock { clock, at_least } => format!("clock {clock} in {} of its runs", share(*at_least)),
        other => other.to_string(),
    }
}

fn bound_in_words(Bound { factor, role, exact, ci95 }: &Bound) -> String {
    let sure = ci95.map_or_else(String::new, |ends| format!(" (95 % sure {})", between(ends, times)));
    let source = match exact {
        true => "from visits, work and calendars of the definition",
        false => "from visits, work and presence in the simulation of today",
    };
    format!("By formula {role} has no time left at {}{sure}, {source}.", times(*factor))
}

fn curve(found: &Stress) -> String {
    let what = raised(&found.raised);
    let clock = match &found.promise {
        Some(Promise::Clock { clock, .. }) => Some(format!("{clock} in time")),
        _ => None,
    };
    let mut columns = vec![
        (what.as_str(), Column::Right),
        ("holds", Column::Text),
        ("busiest role", Column::Name),
        ("load", Column::Right),
        ("from arrival to end", Column::Right),
        ("nine of ten", Column::Right),
    ];
    columns.extend(clock.as_deref().map(|clock| (clock, Column::Right)));
    columns.push(("never end", Column::Right));
    let row = |point: &Point| {
        let mut cells = vec![
            times(point.factor),
            if point.holds { "yes" } else { "no" }.to_owned(),
            point.role.clone().unwrap_or_else(dash),
            maybe_share(point.load),
            maybe_time(point.cycle_mean_s),
            maybe_time(point.cycle_p90_s),
        ];
        cells.extend(clock.as_ref().map(|_| maybe_share(point.attainment)));
        cells.push(share(point.stuck));
        cells
    };
    tables::table(&columns, found.curve.iter().map(row).collect())
}

/// What is raised, in words that follow a number of times.
fn raised(raise: &Raise) -> String {
    match raise {
        Raise::Arrivals => "arrivals".to_owned(),
        Raise::Cracks(None) => "cracks".to_owned(),
        Raise::Cracks(Some(crack)) => format!("strikes of {crack}"),
        Raise::Absences(None) => "absences".to_owned(),
        Raise::Absences(Some(role)) => format!("absences of {role}"),
    }
}

/// `×1.18`; small ones with three digits too.
fn times(factor: f64) -> String {
    let places = if factor < 0.0995 { 4 } else { 2 };
    format!("×{factor:.places$}")
}
