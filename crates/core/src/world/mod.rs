//! What spans cases: the people there are, who of them gets a work item, and which case gets a message.
//!
//! Plain data without IO or clock, as the kernel: the same calls give the same answers, whoever makes them.

mod allocation;
mod channels;
mod messages;
mod people;
mod traffic;
mod worklist;

use std::fmt;

pub use allocation::{AllocationRule, Candidates, Turns, choose};
pub use messages::{Delivery, Exchange, Limits, Message, Refusal};
pub use people::{Directory, DirectoryError};
pub use traffic::{DEEPEST_CALL, Order, Traffic};
pub use worklist::{Cases, ItemId, WorkError, WorkList};

/// The number of a case, assigned by whoever drives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(pub u64);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
