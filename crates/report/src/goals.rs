//! Whether the goals are met, as a table.

use grieta_simulator::GoalResult;

use crate::tables::{self, Column};

/// Each goal with what is expected, the verdict, and the figure behind it; nothing where there are no goals.
pub fn goals(goals: &[GoalResult]) -> String {
    let columns = [
        ("goal", Column::Name),
        ("expected", Column::Text),
        ("by", Column::Name),
        ("owner", Column::Text),
        ("verdict", Column::Name),
        ("found", Column::Text),
    ];
    let row = |goal: &GoalResult| {
        let judgement = &goal.judgement;
        let help = judgement.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
        vec![
            goal.id.clone(),
            goal.expect.clone(),
            goal.by.clone(),
            goal.owner.clone(),
            judgement.verdict.word().to_owned(),
            format!("{}{help}", judgement.found),
        ]
    };
    tables::table(&columns, goals.iter().map(row).collect())
}
