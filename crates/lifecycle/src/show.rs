//! How far processes have come and how ready stages are, as text.

use std::fmt;

use crate::Diagnosis;

impl fmt::Display for Diagnosis {
    /// Two tables: the processes, and the stages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let processes = self.maturity.iter().map(|row| {
            [row.process.clone(), row.department.clone(), row.maturity.to_string(), row.touchpoints.join(", ")]
        });
        table(f, ["process", "department", "maturity", "touchpoints"], processes.collect())?;
        writeln!(f)?;
        let share =
            |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
        let stages = self
            .readiness
            .iter()
            .map(|row| [row.stage.clone(), row.touchpoints.to_string(), share(row.documented), share(row.measured)]);
        table(f, ["stage", "touchpoints", "documented", "measured"], stages.collect())
    }
}

/// Rows under heads, each column as wide as its widest cell.
pub(crate) fn table<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    heads: [&str; N],
    rows: Vec<[String; N]>,
) -> fmt::Result {
    let all: Vec<[String; N]> = std::iter::once(heads.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in &all {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(f, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}
