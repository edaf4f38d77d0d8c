//! What an engine shows of a work item.

use grieta_core::Timestamp;
use grieta_core::kernel::Phase;
use grieta_core::world::ItemId;

/// Something in a case that waits for somebody: for a person, a service, an outside party, a message, time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    pub(crate) id: ItemId,
    pub(crate) process: String,
    pub(crate) key: String,
    pub(crate) step: String,
    pub(crate) title: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) needs: Vec<String>,
    pub(crate) holder: Option<String>,
    pub(crate) phase: Phase,
    pub(crate) since: Timestamp,
    pub(crate) outcomes: Vec<String>,
}

impl WorkItem {
    /// The number by which it is claimed, completed and so on.
    pub fn id(&self) -> ItemId {
        self.id
    }

    /// The process of its case.
    pub fn process(&self) -> &str {
        &self.process
    }

    /// What its case is called in the business.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The step.
    pub fn step(&self) -> &str {
        &self.step
    }

    /// The name of the step for people, or else its identifier.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.step)
    }

    /// The role whose work it is, where a person does it.
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// The skills that whoever does it has.
    pub fn needs(&self) -> &[String] {
        &self.needs
    }

    /// Who has it.
    pub fn holder(&self) -> Option<&str> {
        self.holder.as_deref()
    }

    /// What it waits for.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Since when.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// The outcomes with which it can be completed; none where there is only one way on.
    pub fn outcomes(&self) -> &[String] {
        &self.outcomes
    }
}
