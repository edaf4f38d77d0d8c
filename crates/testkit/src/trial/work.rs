//! What is done with a work item.

use grieta_core::definition::Trigger;
use grieta_core::diagnostic::suggest;
use grieta_core::kernel::Phase;
use grieta_runtime::{Engine, EngineError, ItemId, WorkItem};

use super::{Trial, Verdict};
use crate::failure::Failure;
use crate::verb::{Deed, Item};

impl Trial {
    /// The work item of the case that is meant.
    pub fn find(&self, item: &Item) -> Result<WorkItem, Failure> {
        let step = &item.step;
        let mut items = self.items_at(step)?;
        match (item.nth, items.len()) {
            (_, 0) => Err(self.not_there(step)),
            (None, 1) => Ok(items.remove(0)),
            (None, several) => {
                Err(Failure::expected("one work item", format!("{several} of them")).step(step).help(self.tongue.say(
                    format!("say which, in the order in which they came: `.on_nth(\"{step}\", 1)`"),
                    "say which, in the order in which they came: `nth: 1`",
                )))
            }
            (Some(position), count) if position == 0 || position > count => {
                let found = if count == 1 { "only one".to_owned() } else { format!("{count} of them") };
                Err(Failure::expected(format!("work item number {position}"), found).step(step))
            }
            (Some(position), _) => Ok(items.remove(position - 1)),
        }
    }

    /// Does something with a work item that was found before.
    pub fn work(&mut self, found: &WorkItem, deed: &Deed) -> Verdict {
        let done = self.deed(found, deed);
        done.map_err(|failure| failure.step(found.step()))
    }

    fn deed(&mut self, found: &WorkItem, deed: &Deed) -> Verdict {
        let id = found.id();
        match deed {
            Deed::OfferedTo(role) => self.offered_to(id, role),
            Deed::AllocatedTo(person) => self.allocated_to(id, person),
            Deed::Claim(person) => {
                self.introduce(id, person)?;
                self.does(|| format!("{person} to claim the work"), |engine| engine.claim(id, person))
            }
            Deed::Delegate(person) => {
                self.introduce(id, person)?;
                self.does(|| format!("{person} to get the work"), |engine| engine.delegate(id, person))
            }
            Deed::Begin => self.at_work(id, "the work to begin", |engine| engine.begin(id)),
            Deed::Suspend => self.does(|| "the work to rest".to_owned(), |engine| engine.suspend(id)),
            Deed::Resume => self.does(|| "the work to go on".to_owned(), |engine| engine.resume(id)),
            Deed::Release => self.does(|| "the work to be offered again".to_owned(), |engine| engine.release(id)),
            Deed::Offer(role) => {
                self.known_role(role)?;
                self.does(|| "the work to be offered to another role".to_owned(), |engine| engine.offer(id, role))
            }
            Deed::AddInstance => self.does(|| "another instance".to_owned(), |engine| engine.add_instance(id)),
            Deed::Complete { outcome, data } => {
                self.known_outcome(id, outcome.as_deref())?;
                let complete = |engine: &mut Engine| engine.complete(id, outcome.as_deref(), data.clone());
                self.at_work(id, "the work to be completed", complete)
            }
            Deed::Fail(crack) => {
                self.known_crack_of(found, crack, true)?;
                self.at_work(id, "the work to fail", |engine| engine.fail(id, crack))
            }
            Deed::Strike(crack) => {
                self.known_crack_of(found, crack, false)?;
                self.at_work(id, "the crack to strike", |engine| engine.strike(id, crack))
            }
            Deed::Breaks(reason) => {
                if self.cracks_of(found).any(|(name, _)| name == reason) {
                    let failure = Failure::expected("a reason that no crack names", format!("the crack `{reason}`"));
                    let remedy = self.tongue.say(format!("`.fail(\"{reason}\")`"), format!("`crack: {reason}`"));
                    return Err(failure.help(format!("let the crack strike: {remedy}")));
                }
                self.at_work(id, "the work to fail", |engine| engine.fail(id, reason))
            }
            Deed::Skip(outcome) => {
                self.known_outcome(id, outcome.as_deref())?;
                self.does(|| "the step to be skipped".to_owned(), |engine| engine.skip(id, outcome.as_deref()))
            }
            Deed::Retry => self.resolved(|engine| engine.retry(id)),
            Deed::PassOver(outcome) => {
                self.known_outcome(id, outcome.as_deref())?;
                self.resolved(|engine| engine.pass_over(id, outcome.as_deref()))
            }
            Deed::GoTo(step) => {
                self.known_step(step)?;
                self.resolved(|engine| engine.go_to(id, step))
            }
        }
    }

    fn resolved(&mut self, verb: impl FnOnce(&mut Engine) -> Result<(), EngineError>) -> Verdict {
        self.does(|| "the incident to be resolved".to_owned(), verb)
    }

    /// A verb of whoever has the work.
    fn at_work(
        &mut self,
        id: ItemId,
        expected: &str,
        verb: impl FnOnce(&mut Engine) -> Result<(), EngineError>,
    ) -> Verdict {
        // Of work that nobody has, whatever else may be wrong with it, this is what to do.
        let nobody = self.engine.item(id).is_ok_and(|item| is_untaken(&item));
        let help = nobody
            .then(|| self.tongue.say("somebody has to have it: `.claim(\"…\")`", "somebody has to have it: `by: …`"));
        let done = verb(&mut self.engine);
        done.map_err(|error| Failure::expected(expected, error.to_string()).maybe_help(help))?;
        self.settle()
    }

    fn offered_to(&self, id: ItemId, role: &str) -> Verdict {
        self.known_role(role)?;
        let item = self.shown(id)?;
        if is_untaken(&item) && item.role() == Some(role) {
            return Ok(());
        }
        Err(Failure::expected(format!("the work to be offered to `{role}`"), state(&item)))
    }

    fn allocated_to(&self, id: ItemId, person: &str) -> Verdict {
        self.known_person(person)?;
        let item = self.shown(id)?;
        if item.holder() == Some(person) {
            return Ok(());
        }
        Err(Failure::expected(format!("that {person} has the work"), state(&item)))
    }

    /// Sees to it that there is such a person.
    fn introduce(&mut self, id: ItemId, person: &str) -> Verdict {
        let item = self.shown(id)?;
        let (people, Some(role)) = (self.engine.people(), item.role()) else { return Ok(()) };
        if people.find(person).is_some() {
            return Ok(());
        }
        let declared = self.process().definition().roles.get(role);
        let named = declared.map_or(&[][..], |declared| declared.people.names());
        let near = match people.suggest(person) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => (!named.is_empty()).then(|| format!("of `{role}` there are `{}`", named.join("`, `"))),
        };
        if let Some(near) = near {
            let remedy = self
                .tongue
                .say(format!("`.person(\"{person}\", [\"{role}\"])`"), format!("`people: {{ {person}: [{role}] }}`"));
            let help = format!("{near}\nor add them: {remedy}");
            return Err(Failure::expected("a person", format!("that nobody is called `{person}`")).help(help));
        }
        let added = self.engine.add_person(person, [role]);
        added.map_err(|error| Failure::expected(format!("`{person}` to be added"), error.to_string()))
    }

    fn known_outcome(&self, id: ItemId, outcome: Option<&str>) -> Verdict {
        let item = self.shown(id)?;
        let outcomes = item.outcomes();
        match outcome {
            Some(name) if !outcomes.iter().any(|known| known == name) => {
                let help = suggest(name, outcomes.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| {
                    self.tongue.say("the step has no outcomes: `.done()`", "the step has no outcomes: leave it out")
                });
                Err(Failure::expected("an outcome of the step", format!("`{name}`")).help(help))
            }
            None if !outcomes.is_empty() => Err(Failure::expected("an outcome of the step", "none")
                .help(format!("there are `{}`", outcomes.join("`, `")))),
            _ => Ok(()),
        }
    }

    fn known_crack_of(&self, found: &WorkItem, crack: &str, failure: bool) -> Verdict {
        let Some((_, on)) = self.cracks_of(found).find(|(name, _)| *name == crack) else {
            let names: Vec<&str> = self.cracks_of(found).map(|(name, _)| name).collect();
            let help = suggest(crack, names).unwrap_or_else(|| "the step has no cracks".to_owned());
            let failure = Failure::expected("a crack of the step", format!("`{crack}`"));
            let remedy = self.tongue.say("`.breaks(…)`", "`breaks: …`");
            return Err(failure.help(help + "\na failure that no crack names: " + &remedy));
        };
        if failure && on != Trigger::Failure {
            let found = format!("`{crack}`, which is on `{}`", on.key());
            let help = format!("`.strike(\"{crack}\")`, or let happen what it stands for");
            return Err(Failure::expected("a crack on `failure`", found).help(help));
        }
        Ok(())
    }

    /// The cracks of the step, and on what each strikes.
    fn cracks_of(&self, found: &WorkItem) -> impl Iterator<Item = (&str, Trigger)> {
        let plan = self.engine.plan(found.id().case).ok();
        let declared = plan.and_then(|plan| plan.declared_cracks(plan.step(found.step()).or_else(|| plan.root())?));
        declared.into_iter().flatten().map(|(name, crack)| (name.as_str(), crack.on))
    }

    fn shown(&self, id: ItemId) -> Result<WorkItem, Failure> {
        self.engine.item(id).map_err(|error| Failure::expected("the work item", error.to_string()))
    }

    /// What the case waits for at a step, in the order in which it came there.
    fn items_at(&self, step: &str) -> Result<Vec<WorkItem>, Failure> {
        let mut items = self.items()?;
        self.known_step(step)?;
        items.retain(|item| item.step() == step);
        items.sort_by_key(|item| item.id().visit);
        Ok(items)
    }

    /// Says where the case is instead.
    fn not_there(&self, step: &str) -> Failure {
        let failure = Failure::expected("the case to be there", self.whereabouts()).step(step);
        failure.maybe_help(self.relation(step))
    }
}

/// Whether nobody has the work of people.
fn is_untaken(item: &WorkItem) -> bool {
    matches!(item.phase(), Phase::Offered | Phase::Created)
}

/// How a work item stands, to follow "found".
fn state(item: &WorkItem) -> String {
    match (item.holder(), item.role()) {
        (Some(holder), _) => format!("that {holder} has it, {}", item.phase().words()),
        (None, Some(role)) if is_untaken(item) => format!("that it is offered to `{role}`"),
        _ => format!("that it is {}", item.phase().words()),
    }
}
