//! What happened to a case, in a durable form: a line for each event, with names instead of indices, so that it can be read
//! without the definition, by programs and by people, and for ever.
//!
//! Simulator and runtime write it, whoever looks for what really happens reads it. Numbers of tokens, scopes, timers and runs
//! of clocks belong to the case and are kept as they are.

mod read;
mod value;
mod write;

use serde::{Deserialize, Serialize};

pub use read::UnreadableRecord;
pub use value::Stored;

use crate::definition::Definition;

/// What a stream of records begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordHeader {
    /// The version of the form of the records: [`RecordHeader::VERSION`].
    pub records: u32,
    /// The version of Grieta.
    pub grieta: String,
    /// The process.
    pub process: String,
    /// Its version.
    pub version: String,
    /// The hash of what it says, as [`Definition::content_hash`] makes it.
    pub definition: String,
    /// The seed of the simulation that wrote them, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Its replication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<u64>,
}

impl RecordHeader {
    /// The version that is written. Whatever changes the meaning of a key raises it; readers keep reading the older ones.
    pub const VERSION: u32 = 1;

    /// The header of records of this process.
    pub fn of(definition: &Definition) -> RecordHeader {
        RecordHeader {
            records: RecordHeader::VERSION,
            grieta: env!("CARGO_PKG_VERSION").to_owned(),
            process: definition.process.clone(),
            version: definition.version.clone(),
            definition: definition.content_hash().to_string(),
            seed: None,
            replication: None,
        }
    }
}

/// One event of one case. Keys that an event has nothing to say for are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recorded {
    /// The case.
    pub case: String,
    /// The how-manieth event of the case it is, from 0.
    pub sequence: u64,
    /// When it happened (RFC 3339, to the microsecond).
    pub at: String,
    /// What happened: the name of the event, as in `work-started`.
    pub event: String,
    /// What it is about.
    #[serde(flatten)]
    pub what: What,
}

/// What an event is about. Names, and numbers of the case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the table of the documentation says what each is; a line each would repeat the name")]
pub struct What {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crack: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Stored>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<(String, Stored)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Stored>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yes: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timer: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<u32>,
}
