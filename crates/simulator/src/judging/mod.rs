//! Whether a simulation shows what it is to show: the interval of a figure against its bound.

mod goals;
mod judge;
mod words;

use serde::Serialize;

pub use goals::GoalResult;
pub(crate) use goals::goals;

pub use judge::judge;

/// What a simulation says of a [sentence](grieta_core::criterion).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// Whether it is as demanded.
    pub verdict: Verdict,
    /// The mean over the replications: seconds, a share between 0 and 1, or a number. Infinite where it never ends.
    pub figure: Option<f64>,
    /// Between which values the figure lies, with the confidence that was asked for.
    pub interval: Option<[f64; 2]>,
    /// The figure and its interval in words, or what is missing.
    pub found: String,
    /// What can be done.
    pub help: Option<String>,
}

/// Where the interval of a figure lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole interval is as demanded.
    Met,
    /// No part of the interval is.
    NotMet,
    /// Part of the interval is, or there is none.
    #[serde(rename = "insufficient-data")]
    Insufficient,
}

impl Verdict {
    /// The verdict in a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not met",
            Verdict::Insufficient => "insufficient data",
        }
    }
}
