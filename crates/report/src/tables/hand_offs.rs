//! Hand-offs between departments.

use grieta_simulator::{HandOffResult, PingPong, Results};

use super::Column::{Name, Right};
use super::table;
use crate::words::{count, dash, maybe_share, maybe_time};

/// How often work passes from one department to another, how long it waits there, and how much of it comes straight back.
pub fn hand_offs(results: &Results) -> String {
    let columns =
        [("from", Name), ("to", Name), ("a case", Right), ("wait", Right), ("cv", Right), ("come back", Right)];
    let row = |row: &HandOffResult| {
        vec![
            row.from.clone(),
            row.to.clone(),
            format!("{:.3}", row.per_case),
            maybe_time(row.delay_mean_s),
            row.delay_cv.map_or_else(dash, |cv| format!("{cv:.1}")),
            maybe_share(row.return_rate),
        ]
    };
    let Some(found) = &results.hand_offs else { return String::new() };
    let mut rows: Vec<_> = found.pairs.iter().map(row).collect();
    if found.pairs.len() > 1 {
        let all = format!("{:.3}", found.per_case);
        rows.push(vec!["(all)".to_owned(), dash(), all, dash(), dash(), maybe_share(found.return_rate)]);
    }
    table(&columns, rows)
}

/// Between which departments work goes to and fro.
pub fn ping_pong(results: &Results) -> String {
    let columns = [("one", Name), ("other", Name), ("turns", Right), ("a case", Right)];
    let row = |row: &PingPong| {
        let [one, other] = &row.between;
        vec![one.clone(), other.clone(), count(row.turns), format!("{:.3}", row.per_case)]
    };
    let rows = results.hand_offs.iter().flat_map(|found| &found.ping_pong);
    table(&columns, rows.map(row).collect())
}
