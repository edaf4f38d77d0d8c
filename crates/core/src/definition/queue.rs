//! In which order the people of a role take work, and how much of it may wait.

use serde::Serialize;

use super::Expression;
use super::form::absent;

/// The queue of a role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkQueue {
    /// Which of the work items of one priority is taken first.
    #[serde(skip_serializing_if = "absent")]
    pub order: QueueOrder,
    /// A number or a condition over the data of the case: what has more is taken before what has less.
    #[serde(skip_serializing_if = "absent")]
    pub priority: Option<Expression>,
    /// Whether people lay aside what they do for work of a higher priority, and go on with it later.
    #[serde(skip_serializing_if = "absent")]
    pub interrupts: bool,
    /// How many work items may wait; any number when absent.
    #[serde(skip_serializing_if = "absent")]
    pub room: Option<u32>,
}

/// The order in which work is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum QueueOrder {
    /// What has waited longest.
    #[default]
    FirstCome,
    /// The work of the case whose next clock runs out soonest.
    EarliestDue,
    /// What takes least time (for simulation; where it is not known, what has waited longest).
    ShortestFirst,
}

impl WorkQueue {
    /// Whether there is no room left for one work item more, when so many wait already and so many people are free.
    pub fn is_full(&self, waiting: usize, free: usize) -> bool {
        self.room.is_some_and(|room| waiting >= free.saturating_add(room as usize))
    }

    /// Whether work is taken in the order in which it came.
    pub fn is_first_come(&self) -> bool {
        self.order == QueueOrder::FirstCome && self.priority.is_none()
    }
}
