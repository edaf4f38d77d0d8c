//! What a result came from, so that anybody can tell whether two came from the same.

use grieta_core::{ContentHash, Duration, Plan};
use serde::Serialize;

use crate::precision::Precision;
use crate::transactions::Transactions;
use crate::warm_up::WarmUp;

/// What a result came from: the same inputs and the same version of Grieta give the same result, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inputs {
    /// The version of Grieta.
    pub grieta: String,
    /// SHA-256 of the definition that was simulated, as [`Definition::content_hash`] makes it.
    ///
    /// [`Definition::content_hash`]: grieta_core::definition::Definition::content_hash
    pub definition: String,
    /// SHA-256 of the transactions, where the cases came from a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions: Option<String>,
    /// SHA-256 of all of it: definition, transactions, seed, number of cases and replications, what was measured, warm-up
    /// and precision.
    pub hash: String,
}

/// What an experiment was asked to do, beyond its definition.
pub(crate) struct Asked<'a> {
    pub seed: u64,
    pub cases: u64,
    pub lasting: Option<Duration>,
    pub replications: u64,
    pub transactions: Option<&'a Transactions>,
    pub stretches: &'a [(grieta_core::StepIx, grieta_core::StepIx)],
    pub warm_up: WarmUp,
    pub precision: Option<&'a Precision>,
}

impl Inputs {
    pub(crate) fn of(plan: &Plan, asked: &Asked<'_>) -> Inputs {
        let definition = plan.definition().content_hash().to_string();
        let transactions = asked.transactions.map(|transactions| transactions.hash.to_string());
        let steps = asked.stretches.iter().map(|(from, to)| (plan.step_name(*from), plan.step_name(*to)));
        let grieta = env!("CARGO_PKG_VERSION").to_owned();
        // A line each; the words are part of what is hashed, so that no two settings can be taken for each other.
        let all = format!(
            "definition {definition}\ntransactions {transactions:?}\nseed {}\ncases {}\nlasting {:?}\nreplications {}\n\
             stretches {:?}\nwarm-up {:?}\nprecision {:?}\n",
            asked.seed,
            asked.cases,
            asked.lasting.map(Duration::as_micros),
            asked.replications,
            steps.collect::<Vec<_>>(),
            asked.warm_up,
            asked.precision,
        );
        let hash = ContentHash::of(all.as_bytes()).to_string();
        Inputs { grieta, definition, transactions, hash }
    }
}
