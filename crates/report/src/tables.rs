//! The figures behind the first screen: steps, roles, ends, cracks, bottlenecks and dead ends, a table each.

mod added;
mod findings;
mod hand_offs;
mod value;
mod waiting;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, presets};
use grieta_simulator::{
    ClockResult, Comparison, CrackResult, Inputs, PrecisionResult, Results, RoleResult, StepResult, StretchResult,
    WarmUpResult,
};

pub use added::added;
pub use findings::{burden, disproportionate, lost};
pub use hand_offs::{hand_offs, ping_pong};
pub use value::value;
pub(crate) use waiting::why;
pub use waiting::{by_crack, by_hand_off, by_role, waiting};

use crate::words::{between, business_time, count, counted, dash, maybe_share, maybe_time, share, time};

/// No table is wider than that many characters.
pub const WIDEST: u16 = 118;

/// What a column holds, and so on which side it stands and whether it may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Identifiers, never broken.
    Name,
    /// Text, broken where there is no room.
    Text,
    /// Figures.
    Right,
}

use Column::{Name, Right, Text};

/// All tables of a result, one below the other, each under its title.
pub fn all(results: &Results) -> String {
    let parts = [
        ("Goals", crate::goals::goals(&results.goals)),
        ("Steps", steps(results)),
        ("Spread", spread(results)),
        ("Setting up and taking over", added(results)),
        ("From step to step", stretches(results)),
        ("Roles", roles(results)),
        ("Ends", ends(results)),
        ("Clocks", clocks(results)),
        ("Cracks", cracks(results)),
        ("Waiting", waiting(results)),
        ("Waiting for people, by role", by_role(results)),
        ("Waiting for people, by hand-off", by_hand_off(results)),
        ("Waiting because of cracks", by_crack(results)),
        ("Bottlenecks", bottlenecks(results)),
        ("Hand-offs", hand_offs(results)),
        ("To and fro", ping_pong(results)),
        ("Value", value(results)),
        ("Disproportionate time", disproportionate(results)),
        ("Burden", burden(results)),
        ("Lost cases", lost(results)),
        ("Dead ends", dead_ends(results)),
        ("Assumed", assumptions(results)),
        ("Run", run(results)),
    ];
    let shown = parts.iter().filter(|(_, table)| !table.is_empty());
    shown.map(|(title, table)| format!("{title}\n{table}\n")).collect::<Vec<_>>().join("\n")
}

/// How often a case visits each step and how many cases come there; the mean wait for a person, half of its 95 %
/// interval, and its 90th percentile; the mean length of the work; how long after its arrival a case gets there.
pub fn steps(results: &Results) -> String {
    let columns = [
        ("step", Name),
        ("role", Name),
        ("visits", Right),
        ("cases", Right),
        ("wait", Right),
        ("±", Right),
        ("p90", Right),
        ("work", Right),
        ("begun after", Right),
    ];
    let row = |step: &StepResult| {
        vec![
            step.id.clone(),
            step.role.clone().unwrap_or_else(dash),
            format!("{:.3}", step.visits_per_case),
            share(step.cases_share),
            maybe_time(step.wait_mean_s),
            maybe_time(step.wait_ci95_s.map(|[low, high]| 0.5 * (high - low))),
            maybe_time(step.wait_p90_s),
            maybe_time(step.touch_mean_s),
            maybe_time(step.until_begun_mean_s),
        ]
    };
    table(&columns, results.steps.iter().map(row).collect())
}

/// What lies behind each mean: quantiles with half of their intervals, the coefficient of variation, and by how much the slow
/// ones are slower than the half of all.
pub fn spread(results: &Results) -> String {
    let columns = [
        ("what", Name),
        ("mean", Right),
        ("±", Right),
        ("p50", Right),
        ("±", Right),
        ("p90", Right),
        ("±", Right),
        ("p95", Right),
        ("±", Right),
        ("cv", Right),
        ("p90/p50", Right),
    ];
    let half = |interval: Option<[f64; 2]>| maybe_time(interval.map(|[low, high]| 0.5 * (high - low)));
    let number = |value: Option<f64>| value.map_or_else(dash, |value| format!("{value:.2}"));
    let cycle = results.cycle_time.iter().map(|cycle| {
        vec![
            "from arrival to end".to_owned(),
            time(cycle.mean_s),
            half(cycle.ci95_s),
            maybe_time(cycle.p50_s),
            half(cycle.p50_ci95_s),
            maybe_time(cycle.p90_s),
            half(cycle.p90_ci95_s),
            maybe_time(cycle.p95_s),
            half(cycle.p95_ci95_s),
            number(cycle.cv),
            number(cycle.p90_over_p50),
        ]
    });
    let waits = results.steps.iter().filter(|step| step.wait_mean_s.is_some_and(|mean| mean > 0.0)).map(|step| {
        vec![
            format!("wait at {}", step.id),
            maybe_time(step.wait_mean_s),
            half(step.wait_ci95_s),
            maybe_time(step.wait_p50_s),
            half(step.wait_p50_ci95_s),
            maybe_time(step.wait_p90_s),
            half(step.wait_p90_ci95_s),
            maybe_time(step.wait_p95_s),
            half(step.wait_p95_ci95_s),
            number(step.wait_cv),
            number(step.wait_p90_over_p50),
        ]
    });
    table(&columns, cycle.chain(waits).collect())
}

/// What the result came from, and how much of it counts.
fn run(results: &Results) -> String {
    let cases = counted(results.cases, "case");
    let mut lines = vec![format!(
        "  {cases} in {}, seed {}, {} {}",
        counted(results.replications, "replication"),
        results.seed,
        results.process,
        results.version
    )];
    lines.extend(results.precision.as_ref().map(precision));
    lines.extend(results.warm_up.as_ref().map(warm_up));
    lines.push(littles_law(results).to_owned());
    lines.push(inputs(&results.inputs));
    lines.join("\n")
}

fn precision(precision: &PrecisionResult) -> String {
    let PrecisionResult { of, wanted, found, reached, most, .. } = precision;
    let none = || "there is no figure of it".to_owned();
    let found = found.map_or_else(none, |found| format!("the error is at most {}, 95 % sure", share(found)));
    let judged = match reached {
        true => "as was asked".to_owned(),
        false => format!("{} was asked, with at most {}", share(*wanted), counted(*most, "replication")),
    };
    format!("  precision of {of}: {found}; {judged}")
}

fn warm_up(found: &WarmUpResult) -> String {
    let WarmUpResult { found_cases, of_cases, long_enough, mean_after_s, left_out_cases } = found;
    let filling = match (long_enough, found_cases) {
        (false, _) => format!("cannot be told: it may be {} of {} cases", count(*found_cases), count(*of_cases)),
        (true, 0) => "none is seen".to_owned(),
        (true, _) => {
            let (cases, mean) = (counted(*found_cases, "case"), time(*mean_after_s));
            format!("the first {cases} of each replication; after them the mean time to the end is {mean}")
        }
    };
    let left_out = match left_out_cases {
        0 => "all cases count".to_owned(),
        _ => format!("the first {} do not count", count(*left_out_cases)),
    };
    format!("  warm-up: {filling}; {left_out}")
}

fn littles_law(results: &Results) -> &'static str {
    match results.littles_law.holds {
        true => "  Little's law: holds everywhere, to the microsecond",
        false => "  Little's law: broken; this is a mistake of the simulator, please report it",
    }
}

fn inputs(inputs: &Inputs) -> String {
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    format!("  grieta {}, definition {}, inputs {}", inputs.grieta, short(&inputs.definition), short(&inputs.hash))
}

/// What a comparison came from, in a few lines.
pub fn comparison_of(found: &Comparison) -> String {
    let mut lines = vec![format!("  {}, seed {}", counted(found.replications, "replication"), found.seed)];
    lines.extend(found.precision.as_ref().map(precision));
    lines.extend(found.inputs.iter().map(inputs));
    lines.join("\n")
}

/// How busy each role is.
pub fn roles(results: &Results) -> String {
    let columns = [("role", Name), ("people", Right), ("load", Right), ("95 % sure", Right), ("at work", Right)];
    let row = |role: &RoleResult| {
        vec![
            role.id.clone(),
            role.people.to_string(),
            maybe_share(role.utilisation),
            role.utilisation_ci95.map_or_else(dash, |interval| between(interval, share)),
            maybe_share(role.busy_share),
        ]
    };
    table(&columns, results.roles.iter().map(row).collect())
}

/// How long it takes from one step to another, for the stretches that were asked for.
pub fn stretches(results: &Results) -> String {
    let columns = [("from", Name), ("to", Name), ("cases", Right), ("mean", Right), ("p50", Right), ("p90", Right)];
    let row = |stretch: &StretchResult| {
        vec![
            stretch.from.clone(),
            stretch.to.clone(),
            count(stretch.cases),
            maybe_time(stretch.mean_s),
            maybe_time(stretch.p50_s),
            maybe_time(stretch.p90_s),
        ]
    };
    table(&columns, results.stretches.iter().map(row).collect())
}

/// How often a case reaches each end.
pub fn ends(results: &Results) -> String {
    let columns = [("end", Name), ("of cases", Right), ("95 % sure", Right)];
    let sure = |interval: Option<[f64; 2]>| interval.map_or_else(dash, |interval| between(interval, share));
    let mut rows: Vec<_> =
        results.ends.iter().map(|end| vec![end.id.clone(), share(end.share), sure(end.ci95)]).collect();
    let of_cases = |number: u64| share(number as f64 / results.all_cases().max(1) as f64);
    if results.cancelled > 0 {
        rows.push(vec!["(cancelled)".to_owned(), of_cases(results.cancelled), dash()]);
    }
    if results.stuck > 0 {
        rows.push(vec!["(never ends)".to_owned(), of_cases(results.stuck), sure(results.stuck_ci95)]);
    }
    table(&columns, rows)
}

/// How often each clock starts and runs out, and how much of its time is used.
pub fn clocks(results: &Results) -> String {
    let columns =
        [("clock", Name), ("within", Right), ("started", Right), ("run out", Right), ("used", Right), ("p90", Right)];
    let row = |clock: &ClockResult| {
        let of_clock = if clock.business { business_time } else { time };
        vec![
            clock.id.clone(),
            of_clock(clock.within_s),
            count(clock.started),
            maybe_share(clock.run_out_share),
            clock.used_mean_s.map_or_else(dash, of_clock),
            clock.used_p90_s.map_or_else(dash, of_clock),
        ]
    };
    table(&columns, results.clocks.iter().map(row).collect())
}

/// How often each crack strikes, whether anything is done about it, and what it costs in time.
pub fn cracks(results: &Results) -> String {
    let columns = [
        ("crack", Name),
        ("step", Name),
        ("name", Text),
        ("struck", Right),
        ("of visits", Right),
        ("responses", Right),
        ("holds up", Right),
    ];
    let row = |crack: &CrackResult| {
        vec![
            crack.id.clone(),
            crack.step.clone(),
            crack.name.clone().unwrap_or_else(dash),
            count(crack.struck),
            maybe_share(crack.struck_per_visit),
            if crack.struck == 0 { dash() } else { share(crack.answered as f64 / crack.struck as f64) },
            maybe_time(crack.held_mean_s),
        ]
    };
    table(&columns, results.cracks.iter().map(row).collect())
}

/// Where cases wait for people, the worst first.
pub fn bottlenecks(results: &Results) -> String {
    let columns = [
        ("step", Name),
        ("role", Name),
        ("department", Text),
        ("wait", Right),
        ("wait p90", Right),
        ("of cases", Right),
        ("of waiting", Right),
        ("load", Right),
        ("score", Right),
    ];
    let row = |found: &grieta_simulator::Bottleneck| {
        vec![
            found.step.clone(),
            found.role.clone(),
            found.department.clone().unwrap_or_else(dash),
            maybe_time(found.wait_mean_s),
            maybe_time(found.wait_p90_s),
            share(found.share_of_cases),
            share(found.share_of_waiting),
            maybe_share(found.utilisation),
            format!("{:.2}", found.score),
        ]
    };
    table(&columns, results.bottlenecks.iter().map(row).collect())
}

/// In which ways cases get stuck, and one case of each to look at.
pub fn dead_ends(results: &Results) -> String {
    let columns = [
        ("step", Name),
        ("waits for", Text),
        ("cases", Right),
        ("of cases", Right),
        ("replication", Right),
        ("case", Right),
    ];
    let row = |found: &grieta_simulator::DeadEndResult| {
        vec![
            found.step.clone(),
            found.waits_for.clone(),
            count(found.cases),
            share(found.cases as f64 / results.all_cases().max(1) as f64),
            found.replication.to_string(),
            found.case.to_string(),
        ]
    };
    table(&columns, results.dead_ends.iter().map(row).collect())
}

/// What had to be assumed because the definition does not say it.
fn assumptions(results: &Results) -> String {
    results.assumptions.iter().map(|assumption| format!("  {assumption}")).collect::<Vec<_>>().join("\n")
}

/// A table without frame; empty when it has no rows.
pub fn table(columns: &[(&str, Column)], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDEST);
    table.set_header(columns.iter().map(|(title, _)| *title)).add_rows(rows);
    for (column, (_, holds)) in table.column_iter_mut().zip(columns) {
        match holds {
            Name => {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            Text => {}
            Right => column.set_cell_alignment(CellAlignment::Right),
        }
    }
    table.trim_fmt()
}
