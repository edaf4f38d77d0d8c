//! What each crack costs and what each response is worth, as tables.

use grieta_simulator::{Change, Difference, Price, Prices, Verdict};

use crate::comparison::Measure;
use crate::tables::{self, Column};
use crate::words::dash;

/// Every crack with what it costs, and every response with what changes by it; the dearest crack first.
pub fn prices(found: &Prices) -> String {
    if found.cracks.is_empty() {
        return "The definition declares no cracks.".to_owned();
    }
    let costs = table(found, |price| price.cost.as_ref(), true);
    let worth = table(found, |price| price.worth.as_ref(), false);
    let unstable = (!found.stable).then(|| "Some role gets more work than it can do.\n".to_owned());
    let meaning = "A figure is a difference and half of its 95 % interval; a dash stands where it may be chance.\n";
    let parts = [
        ("What each crack costs: from the process without it to the process as it is", costs),
        ("What each response changes: from nobody answering to the process as it is", worth),
    ];
    let tables = parts.into_iter().filter(|(_, table)| !table.is_empty());
    let tables = tables.map(|(title, table)| format!("{title}\n{table}\n"));
    unstable.into_iter().chain([meaning.to_owned()]).chain(tables).collect::<Vec<_>>().join("\n")
}

fn table(found: &Prices, of: impl Fn(&Price) -> Option<&Difference>, spills: bool) -> String {
    let rows = || found.cracks.iter().filter_map(|price| Some((price, of(price)?)));
    let has_money = rows().any(|(_, difference)| difference.comparison.cost.is_some());
    let has_clocks = rows().any(|(_, difference)| !difference.comparison.clocks.is_empty());
    let columns = [
        ("crack", Column::Name, true),
        ("step", Column::Name, true),
        ("in 1,000 cases", Column::Right, true),
        ("to the end", Column::Right, true),
        ("nine of ten", Column::Right, true),
        ("never end", Column::Right, true),
        ("work", Column::Right, true),
        ("money", Column::Right, has_money),
        ("others wait", Column::Right, spills),
        ("clocks run out", Column::Text, has_clocks),
    ];
    let row = |(price, difference): (&Price, &Difference)| {
        let comparison = &difference.comparison;
        let said = |change: &Option<Change>, measure| match change {
            Some(change) => by_how_much(change, measure),
            None if !difference.stable => "too much work".to_owned(),
            None => dash(),
        };
        let cells = [
            price.crack.clone(),
            price.step.clone().unwrap_or_else(dash),
            format!("{:.1}", price.struck_per_case * 1_000.0),
            said(&comparison.cycle_time, Measure::CycleTime),
            said(&comparison.cycle_p90, Measure::CycleP90),
            said(&comparison.stuck, Measure::Stuck),
            said(&comparison.work, Measure::Work),
            said(&comparison.cost, Measure::Cost),
            said(&difference.spill_over, Measure::CycleTime),
            clocks(&comparison.clocks),
        ];
        let shown = cells.into_iter().zip(&columns).filter(|(_, (.., shown))| *shown);
        shown.map(|(cell, _)| cell).collect()
    };
    let rows = rows().map(row).collect();
    let shown: Vec<(&str, Column)> =
        columns.iter().filter(|(.., shown)| *shown).map(|(title, holds, _)| (*title, *holds)).collect();
    tables::table(&shown, rows)
}

/// The difference and half of its 95 % interval; a dash where it may be chance.
fn by_how_much(change: &Change, measure: Measure<'_>) -> String {
    if matches!(change.verdict, Verdict::Negligible | Verdict::NoSignificantDifference) {
        return dash();
    }
    let say = measure.say_difference();
    let (value, [low, high]) = (change.to - change.from, change.difference);
    let sign = if value > 0.0 { "+" } else { "" };
    let (value, half) = (say(value), say(0.5 * (high - low)));
    match (value.split_once(' '), half.split_once(' ')) {
        (Some((number, unit)), Some((half, same))) if unit == same => format!("{sign}{number} ± {half} {unit}"),
        _ => format!("{sign}{value} ± {half}"),
    }
}

/// The clocks that run out more or less often than by chance.
fn clocks(changes: &[(String, Change)]) -> String {
    let changed = changes.iter().filter(|(_, change)| matches!(change.verdict, Verdict::Less | Verdict::More));
    let said = changed.map(|(clock, change)| format!("{clock} {}", by_how_much(change, Measure::RunOut(clock))));
    let said = said.collect::<Vec<_>>().join("; ");
    if said.is_empty() { dash() } else { said }
}
