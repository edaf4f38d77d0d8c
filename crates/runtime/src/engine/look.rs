//! What an engine shows: work lists, cases, and why they do not move.

use grieta_core::Plan;
use grieta_core::Timestamp;
use grieta_core::kernel::{Phase, Status};
use grieta_core::value::Value;

use super::{Engine, unknown};
use crate::{CaseClock, CaseId, EngineError, Explanation, ItemId, Recorded, WorkItem, explanation};

impl Engine {
    /// What a person may do: first what they have, then what is offered to their roles, save what a rule of four eyes
    /// keeps from them and what they have not the skills for; each in the order in which the cases began.
    ///
    /// # Errors
    /// When nobody is called so.
    pub fn worklist(&self, person: &str) -> Result<Vec<WorkItem>, EngineError> {
        let person = self.world.work.person(person)?;
        let may = |item: &ItemId| {
            let entry = self.world.store.get(item.case);
            entry.is_some_and(|entry| {
                let lacks = self.world.work.people().lacks(person, entry.plan.needs(item.step)).is_some();
                !lacks && !entry.plan.is_for_other_eyes(&entry.case, item.step, person)
            })
        };
        Ok(self.world.work.of(person).into_iter().filter(may).filter_map(|item| self.shown(item)).collect())
    }

    /// What is offered to a role, or waits for somebody of it to be found.
    pub fn offered_to(&self, role: &str) -> Vec<WorkItem> {
        self.world.work.offered_to(role).filter_map(|item| self.shown(item)).collect()
    }

    /// Everything in a case that waits for somebody or something, in no particular order of importance.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn items(&self, case: CaseId) -> Result<Vec<WorkItem>, EngineError> {
        let entry = self.entry(case)?;
        let ids = entry.case.tokens().map(|(token, item)| ItemId::of(case, token, item));
        Ok(ids.filter_map(|id| self.shown(id)).collect())
    }

    /// A work item as it stands.
    ///
    /// # Errors
    /// When it is gone.
    pub fn item(&self, item: ItemId) -> Result<WorkItem, EngineError> {
        self.shown(item).ok_or(EngineError::NoSuchItem(item))
    }

    /// What stands still until somebody resolves it, in all cases.
    pub fn incidents(&self) -> Vec<WorkItem> {
        let stuck = self.world.store.iter().flat_map(|(case, entry)| {
            let stuck = entry.case.tokens().filter(|(_, item)| item.phase == Phase::Incident);
            stuck.map(move |(token, item)| ItemId::of(case, token, item))
        });
        stuck.filter_map(|item| self.shown(item)).collect()
    }

    /// Whether a case is over.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn is_over(&self, case: CaseId) -> Result<bool, EngineError> {
        Ok(!matches!(self.status(case)?, Status::New | Status::Running))
    }

    /// Where a case is in its life.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn status(&self, case: CaseId) -> Result<Status, EngineError> {
        Ok(self.entry(case)?.case.status())
    }

    /// The value of a field of a case; a choice as text.
    ///
    /// # Errors
    /// When there is no such case or field.
    pub fn value(&self, case: CaseId, field: &str) -> Result<Value, EngineError> {
        let entry = self.entry(case)?;
        let data = &entry.plan.definition().data;
        let known = entry.plan.field(field).ok_or_else(|| unknown("field", field, data.keys()))?;
        let value = entry.case.data().get(known.at()).cloned().unwrap_or_default();
        Ok(entry.plan.for_others(known, &value))
    }

    /// Why a case is not moving.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn explain(&self, case: CaseId) -> Result<Explanation, EngineError> {
        Ok(Explanation::of(self.entry(case)?, self.world.work.people(), self.now()))
    }

    /// How the clocks of a case stand now, in the order in which they started; those that have stopped too.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn clocks(&self, case: CaseId) -> Result<Vec<CaseClock>, EngineError> {
        let (entry, now) = (self.entry(case)?, self.now());
        let mut running: Vec<_> = entry.case.clocks().map(|(_, running)| running).collect();
        running.sort_by_key(|running| running.started);
        Ok(running.into_iter().map(|running| CaseClock::of(&entry.plan, running, now)).collect())
    }

    /// What has happened to a case, in words, with the times: as [`Plan::story`] tells it, in whole sentences.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn story(&self, case: CaseId) -> Result<Vec<(Timestamp, String)>, EngineError> {
        let entry = self.entry(case)?;
        let events = entry.history.iter().map(|recorded| (recorded.at, &recorded.event));
        let story = entry.plan.story(self.world.work.people(), events);
        Ok(story.into_iter().map(|(at, told)| (at, told.sentence(&entry.plan))).collect())
    }

    /// The ends that a case has reached so far, in that order.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn ended_at(&self, case: CaseId) -> Result<Vec<&str>, EngineError> {
        Ok(explanation::ends(self.entry(case)?))
    }

    /// All that has happened to a case.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn history(&self, case: CaseId) -> Result<&[Recorded], EngineError> {
        Ok(&self.entry(case)?.history)
    }

    /// The plan with which a case was started: the names of what its history tells.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn plan(&self, case: CaseId) -> Result<&Plan, EngineError> {
        Ok(&self.entry(case)?.plan)
    }

    /// The open case of a process that is called so.
    pub fn find(&self, process: &str, key: &str) -> Option<CaseId> {
        self.world.store.find(process, key)
    }

    /// All cases that have not been forgotten, with what each is called.
    pub fn cases(&self) -> impl Iterator<Item = (CaseId, &str)> {
        self.world.store.iter().map(|(id, entry)| (id, entry.key.text()))
    }
}
