//! What is done with the work of a case: taken, handed on, completed, given up; and how incidents are resolved.

use grieta_core::RoleIx;
use grieta_core::kernel::{Command, Resolution};

use super::{Engine, unknown};
use crate::{CaseId, Data, EngineError, ItemId, WorkItem, drive};

impl Engine {
    /// A person takes work that is offered to one of their roles. Taking what they have already changes nothing.
    ///
    /// # Errors
    /// When the item is gone, somebody has it, or they may not have it.
    pub fn claim(&mut self, item: ItemId, person: &str) -> Result<(), EngineError> {
        let (token, person) = self.for_person(item, person)?;
        let held = self.token(item)?;
        let shown = self.item(item)?;
        match shown.holder {
            Some(_) if held.person == person => Ok(()),
            Some(holder) => Err(EngineError::Taken { step: shown.step, holder }),
            None => self.carry_out(item.case, &[Command::Allocate { token, person }]),
        }
    }

    /// Gives work to a person, whoever has it now.
    ///
    /// # Errors
    /// When the item is gone, or they may not have it.
    pub fn delegate(&mut self, item: ItemId, person: &str) -> Result<(), EngineError> {
        let (token, person) = self.for_person(item, person)?;
        self.carry_out(item.case, &[Command::Allocate { token, person }])
    }

    /// Gives all that one person has to another, as far as they may have it; gives what they may not have.
    ///
    /// # Errors
    /// When nobody has one of the names.
    pub fn reassign(&mut self, from: &str, to: &str) -> Result<Vec<(WorkItem, EngineError)>, EngineError> {
        let from = self.world.work.person(from)?;
        self.world.work.person(to)?;
        let held: Vec<ItemId> = self.world.work.held_by(from).collect();
        let mut refused = Vec::new();
        for item in held {
            let Ok(shown) = self.item(item) else { continue };
            if let Err(error) = self.delegate(item, to) {
                refused.push((shown, error));
            }
        }
        Ok(refused)
    }

    /// Offers work to its role again, whoever has it.
    ///
    /// # Errors
    /// When the item is gone, or is no work for people.
    pub fn release(&mut self, item: ItemId) -> Result<(), EngineError> {
        let token = self.current(item)?;
        self.carry_out(item.case, &[Command::Offer { token, role: None }])
    }

    /// Offers work to another role, whoever has it.
    ///
    /// # Errors
    /// When the item is gone, is no work for people, or there is no such role.
    pub fn offer(&mut self, item: ItemId, role: &str) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let roles = &self.entry(item.case)?.plan.definition().roles;
        let known = roles.get_index_of(role).ok_or_else(|| unknown("role", role, roles.keys()))?;
        self.carry_out(item.case, &[Command::Offer { token, role: Some(RoleIx(known as u16)) }])
    }

    /// Whoever has the work begins. Completing it begins it as well.
    ///
    /// # Errors
    /// When the item is gone, nobody has it, or it has begun.
    pub fn begin(&mut self, item: ItemId) -> Result<(), EngineError> {
        let token = self.current(item)?;
        self.begun(item)?;
        let person = self.token(item)?.person;
        self.carry_out(item.case, &[Command::Begin { token, person }])
    }

    /// Work that was begun rests.
    ///
    /// # Errors
    /// When the item is gone, or has not begun.
    pub fn suspend(&mut self, item: ItemId) -> Result<(), EngineError> {
        let token = self.current(item)?;
        self.carry_out(item.case, &[Command::Suspend { token }])
    }

    /// Work that rests goes on.
    ///
    /// # Errors
    /// When the item is gone, or does not rest.
    pub fn resume(&mut self, item: ItemId) -> Result<(), EngineError> {
        let token = self.current(item)?;
        self.carry_out(item.case, &[Command::Resume { token }])
    }

    /// The work is done: with that outcome, or `None` where there is only one way on, and with the fields that the step
    /// writes. Work that somebody has and has not begun is begun first. Also answers for a service without a handler, an
    /// outside party, and whatever else a step waits for.
    ///
    /// # Errors
    /// When the item is gone, nobody has it, there is no such outcome or field, or a value does not fit.
    pub fn complete<'a>(
        &mut self,
        item: ItemId,
        outcome: impl Into<Option<&'a str>>,
        data: Data,
    ) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let outcome = self.outcome(item, outcome.into())?;
        let data = drive::fields(&self.entry(item.case)?.plan, &data)?;
        let begun = self.begun(item)?;
        self.carry_out(item.case, &[begun.as_slice(), &[Command::Complete { token, outcome, data }]].concat())
    }

    /// The work cannot be done: the crack of that name strikes, or any that answers for failures; where there is none,
    /// the reason becomes an incident. Work that somebody has and has not begun is begun first.
    ///
    /// # Errors
    /// When the item is gone, or nobody is at work.
    pub fn fail(&mut self, item: ItemId, reason: &str) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let entry = self.entry(item.case)?;
        let failure = drive::failure(&entry.plan, &entry.case, token, reason);
        let begun = if matches!(failure, Command::Fail { .. }) || self.is_failure(item, reason) {
            self.begun(item)?
        } else {
            Vec::new()
        };
        self.carry_out(item.case, &[begun.as_slice(), &[failure]].concat())
    }

    /// A crack of a step strikes.
    ///
    /// # Errors
    /// When the item is gone, the step has no such crack, or it cannot strike as things stand.
    pub fn strike(&mut self, item: ItemId, crack: &str) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let step = self.token(item)?.step;
        let plan = &self.entry(item.case)?.plan;
        let cracks = plan.declared_cracks(step).into_iter().flatten().map(|(name, _)| name);
        let crack = plan.crack(step, crack).ok_or_else(|| unknown("crack", crack, cracks))?;
        let begun = match self.is_failure(item, plan.crack_name(step, crack)) {
            true => self.begun(item)?,
            false => Vec::new(),
        };
        self.carry_out(item.case, &[begun.as_slice(), &[Command::Strike { token, crack }]].concat())
    }

    /// A step is completed without its work.
    ///
    /// # Errors
    /// When the item is gone, or there is no such outcome.
    pub fn skip<'a>(&mut self, item: ItemId, outcome: impl Into<Option<&'a str>>) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let outcome = self.outcome(item, outcome.into())?;
        self.carry_out(item.case, &[Command::Skip { token, outcome }])
    }

    /// Adds an instance to a `for-each` step that may grow.
    ///
    /// # Errors
    /// When the item is gone, or takes no more.
    pub fn add_instance(&mut self, item: ItemId) -> Result<(), EngineError> {
        let token = self.current(item)?;
        self.carry_out(item.case, &[Command::AddInstance { token }])
    }

    /// Resolves an incident: the step is done again.
    ///
    /// # Errors
    /// When the item is gone, or is no incident.
    pub fn retry(&mut self, item: ItemId) -> Result<(), EngineError> {
        let token = self.current(item)?;
        self.carry_out(item.case, &[Command::Resolve { token, how: Resolution::Retry }])
    }

    /// Resolves an incident: the case goes on as if the step were completed.
    ///
    /// # Errors
    /// When the item is gone, is no incident, or there is no such outcome.
    pub fn pass_over<'a>(&mut self, item: ItemId, outcome: impl Into<Option<&'a str>>) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let outcome = self.outcome(item, outcome.into())?;
        self.carry_out(item.case, &[Command::Resolve { token, how: Resolution::Skip(outcome) }])
    }

    /// Resolves an incident: the case goes on at another step of the same level.
    ///
    /// # Errors
    /// When the item is gone, is no incident, or the case cannot go on there.
    pub fn go_to(&mut self, item: ItemId, step: &str) -> Result<(), EngineError> {
        let token = self.current(item)?;
        let to = self.step(item.case, step)?;
        self.carry_out(item.case, &[Command::Resolve { token, how: Resolution::GoTo(to) }])
    }

    /// Changes the data of a case, whatever its steps do.
    ///
    /// # Errors
    /// When there is no such case or field, the case is over, or a value does not fit.
    pub fn change(&mut self, case: CaseId, data: Data) -> Result<(), EngineError> {
        let data = drive::fields(&self.entry(case)?.plan, &data)?;
        self.carry_out(case, &[Command::Change { data }])
    }

    /// Cancels a case; what can be undone is undone first if `compensate` says so.
    ///
    /// # Errors
    /// When there is no such case, or it is over.
    pub fn cancel(&mut self, case: CaseId, compensate: bool) -> Result<(), EngineError> {
        self.carry_out(case, &[Command::Cancel { compensate }])
    }
}
