//! What is added to work: setting up, and taking over.

use grieta_simulator::{Results, StepResult};

use super::Column::{Name, Right};
use super::table;
use crate::words::maybe_time;

/// How much of the work of a visit is setting up, and taking a case over from somebody else.
pub fn added(results: &Results) -> String {
    let columns = [("step", Name), ("work", Right), ("setting up", Right), ("taking over", Right)];
    let has_any = |step: &&StepResult| step.set_up_mean_s.is_some() || step.take_over_mean_s.is_some();
    let row = |step: &StepResult| {
        let [work, set_up, take_over] = [step.touch_mean_s, step.set_up_mean_s, step.take_over_mean_s].map(maybe_time);
        vec![step.id.clone(), work, set_up, take_over]
    };
    table(&columns, results.steps.iter().filter(has_any).map(row).collect())
}
