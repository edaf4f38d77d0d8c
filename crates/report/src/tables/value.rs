//! Where time and money go, by what a step is worth.

use grieta_core::definition::ValueClass;
use grieta_simulator::{Results, ValueShare};

use super::Column::{Name, Right};
use super::table;
use crate::words::{dash, maybe_share, maybe_time, share, time};

/// Time at work, time at the step with its waiting, and money, of an average case; the flow efficiency; steps without a why.
pub fn value(results: &Results) -> String {
    let columns = [
        ("value", Name),
        ("steps", Right),
        ("work", Right),
        ("of work", Right),
        ("time", Right),
        ("of time", Right),
        ("money", Right),
        ("of money", Right),
    ];
    let found = &results.value;
    let row = |row: &ValueShare| {
        vec![
            class(row.value).to_owned(),
            row.steps.to_string(),
            time(row.touch_per_case_s),
            maybe_share(row.touch_share),
            maybe_time(row.elapsed_per_case_s),
            maybe_share(row.elapsed_share),
            row.cost_per_case.map_or_else(dash, |cost| money(cost, found.currency.as_deref())),
            maybe_share(row.cost_share),
        ]
    };
    let mut shown = table(&columns, found.classes.iter().map(row).collect());
    if shown.is_empty() {
        return shown;
    }
    if let Some(efficiency) = found.flow_efficiency {
        shown += &format!("\n  work is {} of the time from arrival to end", share(efficiency));
    }
    if !found.without_why.is_empty() {
        let (said, all) = (found.without_why.len(), found.classes.iter().map(|row| row.steps).sum::<usize>());
        shown += &format!("\n  {said} of {all} steps do not say why they exist");
    }
    shown
}

/// `4.17 EUR`
fn money(amount: f64, currency: Option<&str>) -> String {
    format!("{amount:.2} {}", currency.unwrap_or_default()).trim_end().to_owned()
}

/// The class in words.
fn class(value: Option<ValueClass>) -> &'static str {
    match value {
        Some(ValueClass::AddsValue) => "adds value",
        Some(ValueClass::Needed) => "needed",
        Some(ValueClass::Waste) => "waste",
        None => "(not said)",
    }
}
