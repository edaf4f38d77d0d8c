//! Queues: which work comes first, and what happens where there is no room.

use std::cmp::Reverse;

use super::Plan;
use crate::definition::{QueueOrder, WorkQueue};
use crate::index::{CrackIx, RoleIx, StepIx};
use crate::kernel::Case;
use crate::time::Timestamp;
use crate::value::{Decimal, Value};

/// The place of a work item in the queue of its role: what is less is taken first, and of equals what came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// Its priority, in billionths.
    pub priority: Reverse<i128>,
    /// Within one priority: when a clock runs out, or how long the work takes, in microseconds; 0 where the order of
    /// coming is the only one.
    pub within: i64,
}

impl Rank {
    /// Of whatever is taken as it comes.
    pub const FIRST_COME: Rank = Rank { priority: Reverse(0), within: 0 };
}

impl Plan {
    /// The queue of a role.
    pub fn queue(&self, role: RoleIx) -> Option<&WorkQueue> {
        self.definition().roles.get_index(role.at()).map(|(_, role)| &role.queue)
    }

    /// The place of the work of a case in the queue of a role, as its data and clocks are now; `takes` says how long the
    /// work takes, in microseconds, where that is known. A priority that cannot be evaluated counts as 0, a condition that
    /// holds as 1.
    pub fn rank(&self, case: &Case, role: RoleIx, takes: impl FnOnce() -> i64) -> Rank {
        let Some(queue) = self.queue(role).filter(|queue| !queue.is_first_come()) else { return Rank::FIRST_COME };
        let priority = self.priorities.get(role.at()).and_then(Option::as_ref);
        let priority = priority.and_then(|priority| priority.eval(case.data()).ok()).map_or(0, |value| worth(&value));
        let within = match queue.order {
            QueueOrder::FirstCome => 0,
            QueueOrder::EarliestDue => self.next_due(case).as_micros(),
            QueueOrder::ShortestFirst => takes(),
        };
        Rank { priority: Reverse(priority), within }
    }

    /// When the next clock of a case runs out, of those that run; the end of time when none does.
    fn next_due(&self, case: &Case) -> Timestamp {
        let due = case.clocks().filter_map(|(_, running)| self.clock_due(running));
        due.min().unwrap_or(Timestamp::MAX)
    }

    /// The crack of a step that strikes when the queue of its role is full.
    pub fn crack_when_full(&self, step: StepIx) -> Option<CrackIx> {
        let mut own = self.nodes.get(step.at())?.cracks.indices();
        own.find(|index| self.cracks[usize::from(*index)].when_full).map(CrackIx)
    }

    /// The crack of a step that strikes when nobody is there.
    pub fn crack_when_absent(&self, step: StepIx) -> Option<CrackIx> {
        use crate::definition::Trigger::Unavailable;
        let mut own = self.nodes.get(step.at())?.cracks.indices();
        let absent = |index: &u16| {
            let crack = &self.cracks[usize::from(*index)];
            crack.on == Unavailable && !crack.when_full
        };
        own.find(absent).map(CrackIx)
    }
}

fn worth(value: &Value) -> i128 {
    match value {
        Value::Integer(number) => Decimal::from(*number).billionths(),
        Value::Decimal(number) => number.billionths(),
        Value::Boolean(holds) => i128::from(u8::from(*holds)) * 1_000_000_000,
        _ => 0,
    }
}
