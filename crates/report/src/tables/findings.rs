//! What is out of proportion, what burdens people, and which cases are lost.

use grieta_core::definition::Effort;
use grieta_simulator::{Burden, BurdenVerdict, Disproportion, Lost, LostResult, Results};

use super::Column::{Name, Right, Text};
use super::table;
use crate::words::{count, dash, share};

/// Steps and cracks on which few cases spend much of all time, or where some visits take far longer than most.
pub fn disproportionate(results: &Results) -> String {
    let columns = [
        ("step", Name),
        ("crack", Name),
        ("of cases", Right),
        ("of time", Right),
        ("times as much", Right),
        ("p95 / p50", Right),
    ];
    let row = |row: &Disproportion| {
        vec![
            row.step.clone(),
            row.crack.clone().unwrap_or_else(dash),
            share(row.cases_share),
            share(row.time_share),
            format!("{:.1}", row.ratio),
            row.outliers.map_or_else(dash, |outliers| format!("{outliers:.1}")),
        ]
    };
    table(&columns, results.disproportionate.iter().map(row).collect())
}

/// What is asked of people besides their time, how often, and whether that is too much.
pub fn burden(results: &Results) -> String {
    let columns = [
        ("step", Name),
        ("crack", Name),
        ("role", Name),
        ("each time", Text),
        ("times", Right),
        ("points a month", Right),
        ("verdict", Text),
    ];
    let row = |row: &Burden| {
        vec![
            row.step.clone(),
            row.crack.clone().unwrap_or_else(dash),
            row.role.clone().unwrap_or_else(dash),
            effort(&row.effort),
            count(row.times),
            row.per_person_month.map_or_else(dash, |points| format!("{points:.1}")),
            verdict(row),
        ]
    };
    table(&columns, results.burden.iter().map(row).collect())
}

fn effort(effort: &Effort) -> String {
    let said = |times: u32, one: &str, several: &str| match times {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{} {several}", count(u64::from(times)))),
    };
    let parts = [
        said(effort.floors, "floor", "floors"),
        said(effort.interruption, "interruption", "interruptions"),
        said(effort.media_break, "media break", "media breaks"),
        said(effort.after_hours, "time after hours", "times after hours"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn verdict(row: &Burden) -> String {
    match (row.verdict, &row.effort.accepted) {
        (BurdenVerdict::TooOften, _) => "too often".to_owned(),
        (BurdenVerdict::Rare, _) => "rare".to_owned(),
        (BurdenVerdict::Accepted, Some(reason)) => format!("accepted: {reason}"),
        (BurdenVerdict::Accepted, None) => "accepted".to_owned(),
    }
}

/// Why cases never end.
pub fn lost(results: &Results) -> String {
    let columns = [("why", Name), ("cases", Right), ("of cases", Right)];
    let row = |row: &LostResult| vec![why(row.why).to_owned(), count(row.cases), share(row.share)];
    table(&columns, results.lost.iter().map(row).collect())
}

/// Why a case is lost, in words.
fn why(lost: Lost) -> &'static str {
    match lost {
        Lost::Unanswered => "a crack struck that nobody answers",
        Lost::NothingComes => "what is waited for never comes",
        Lost::NobodyOwnsIt => "nobody is there to carry it on",
        Lost::GoesRound => "it goes round and round",
    }
}
