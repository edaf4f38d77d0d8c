//! What a run says about a process besides its averages, a file for each question.

pub(crate) mod burden;
pub(crate) mod disproportion;
pub(crate) mod hand_offs;
pub(crate) mod lost;
pub(crate) mod prices;
pub(crate) mod value;
pub(crate) mod waiting;

/// A number of things or microseconds by case; 0 without cases.
fn each(sum: f64, cases: u64) -> f64 {
    if cases == 0 { 0.0 } else { sum / cases as f64 }
}
