//! Lost cases: those that stand where nobody owns them, no timer runs and nothing is expected.

use grieta_core::kernel::{Reason, Waiting, WaitsFor};
use serde::Serialize;

use crate::totals::Totals;

/// Why a case is lost. A case for which several hold counts under the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lost {
    /// A crack struck that nobody answers, or whose retries are used up.
    Unanswered,
    /// A message, an answer or the end of another case is waited for and never comes.
    NothingComes,
    /// Nobody is there who would carry it on: no person ever comes, no branch ever arrives, nobody resolves what went wrong.
    NobodyOwnsIt,
    /// It comes to the same step again and again, and was taken out.
    GoesRound,
}

impl Lost {
    /// All of them, in their order.
    pub const ALL: [Lost; 4] = [Lost::Unanswered, Lost::NothingComes, Lost::NobodyOwnsIt, Lost::GoesRound];

    /// Why a token stands for ever that waits so.
    pub(crate) fn why(waiting: &Waiting, incident: Option<&Reason>) -> Lost {
        match &waiting.waits_for {
            _ if waiting.unanswered.is_some() || matches!(incident, Some(Reason::Unanswered(_))) => Lost::Unanswered,
            WaitsFor::Message(_) | WaitsFor::Call(_) | WaitsFor::System(_) | WaitsFor::Party(_) => Lost::NothingComes,
            _ => Lost::NobodyOwnsIt,
        }
    }
}

/// How many cases are lost for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LostResult {
    /// Why.
    pub why: Lost,
    /// How many.
    pub cases: u64,
    /// Their share of all cases, from 0 to 1.
    pub share: f64,
}

/// The lost cases by reason, the most first; reasons without a case are left out. Together they are all that get stuck.
pub(crate) fn results(totals: &Totals) -> Vec<LostResult> {
    let row = |why: Lost| {
        let cases = totals.lost[why as usize];
        LostResult { why, cases, share: super::each(cases as f64, totals.begun()) }
    };
    let mut rows: Vec<LostResult> = Lost::ALL.into_iter().map(row).filter(|row| row.cases > 0).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.cases));
    rows
}
