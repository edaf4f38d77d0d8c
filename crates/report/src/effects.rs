//! What one change of a process would bring, as a table.

use grieta_simulator::{Change, Effect, Effects, Lever};

use crate::comparison::{Measure, how_much};
use crate::tables::{self, Column};
use crate::words::dash;

/// Every change with what it brings in the time of cases, those that never end, and clocks that run out; the greatest gain first.
pub fn effects(found: &Effects) -> String {
    let columns = [
        ("change", Column::Text),
        ("from arrival to end", Column::Text),
        ("nine of ten", Column::Text),
        ("never end", Column::Text),
        ("then most waiting at", Column::Name),
    ];
    let rows = found.effects.iter().map(|effect| row(found, effect)).collect();
    let gains = found.gains().count();
    let said = match gains {
        0 => "Nothing significant is to be gained by any of these.".to_owned(),
        1 => "One of these brings a significant gain.".to_owned(),
        _ => format!("{gains} of these bring a significant gain."),
    };
    let now = match &found.bottleneck {
        Some(step) => format!("As it is, cases wait most at `{step}`."),
        None => "As it is, no case waits for a person.".to_owned(),
    };
    let unstable = if found.stable { "" } else { " Some role gets more work than it can do." };
    format!("{now}{unstable} {said}\n\n{}", tables::table(&columns, rows))
}

fn row(found: &Effects, effect: &Effect) -> Vec<String> {
    let comparison = &effect.comparison;
    let said = |change: &Option<Change>, measure| match change {
        Some(change) => how_much(change, measure),
        None if effect.stable && !found.stable => "every role keeps up".to_owned(),
        None if !effect.stable => "some role cannot keep up".to_owned(),
        None => dash(),
    };
    vec![
        change(&effect.lever),
        said(&comparison.cycle_time, Measure::CycleTime),
        said(&comparison.cycle_p90, Measure::CycleP90),
        said(&comparison.stuck, Measure::Stuck),
        effect.next_bottleneck.clone().unwrap_or_else(dash),
    ]
}

/// A change in words.
fn change(lever: &Lever) -> String {
    let at = |step: &Option<String>| step.as_ref().map_or_else(String::new, |step| format!(" at {step}"));
    match lever {
        Lever::Person { role } => format!("one more {role}"),
        Lever::Hour { role } => format!("{role} an hour longer"),
        Lever::NoCrack { step, crack } => format!("no {crack}{}", at(step)),
        Lever::NoResponse { step, crack } => format!("nobody answers {crack}{}", at(step)),
    }
}
