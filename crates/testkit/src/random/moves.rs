//! What can happen next in a run, whoever brings it about: what a correct environment does, and what a faulty one adds.

use grieta_core::definition::{Crack, Kind, Span, Trigger};
use grieta_core::kernel::{Phase, Status};
use grieta_core::value::Value;
use grieta_core::{PersonIx, Plan, StepIx};
use grieta_runtime::{CaseId, Data, WorkItem};

use super::ground::Ground;
use super::story::Story;
use super::values::Given;
use crate::verb::{Deed, Item, Verb};

/// Something that may happen.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    /// What; the data it brings are missing.
    pub verb: Verb,
    /// What it may bring.
    pub brings: Brings,
    /// How likely it is, beside the others.
    pub weight: u32,
}

/// The data that something may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brings {
    Nothing,
    /// What a case starts with.
    Start,
    /// What the completion of a step brings, of the process of that number.
    Step(usize, StepIx),
}

/// Work that is done, by whomever and with whatever outcome.
const WORK: u32 = 120;
/// Time that passes.
const TIME: u32 = 60;
/// A crack that strikes.
const CRACK: u32 = 20;
/// Work that is only taken, or begun; another instance; something that should not be.
const RARE: u32 = 10;

/// A message that comes before somebody waits for it is kept so long.
const KEPT: Span = Span::hours(24);

/// Everything that may happen next. Some of it may be refused: what it depends on is for the kernel to know.
pub(crate) fn possible(ground: &Ground, story: &Story) -> Vec<Move> {
    let mut moves = Moves { ground, story, found: Vec::new() };
    match story.trial.case {
        _ if story.stuck.is_some() => {}
        None => moves.add(Verb::Start(Data::new()), Brings::Start, WORK),
        Some(case) => moves.of_case(case),
    }
    moves.found
}

/// What may be given with a move.
pub(crate) fn given(ground: &Ground, brings: Brings) -> &[Given] {
    match brings {
        Brings::Nothing => &[],
        Brings::Start => &ground.values[0].start,
        Brings::Step(process, step) => ground.values[process].of_step(step),
    }
}

/// The same with the data that it brings.
pub(crate) fn with(verb: Verb, brought: Data) -> Verb {
    match verb {
        Verb::Start(_) => Verb::Start(brought),
        Verb::Message { name, key, keep, .. } => Verb::Message { name, key, data: brought, keep },
        Verb::On { item, mut deeds } => {
            if let Some(Deed::Complete { data, .. }) = deeds.last_mut() {
                *data = brought;
            }
            Verb::On { item, deeds }
        }
        other => other,
    }
}

/// The data that a verb brings.
pub(crate) fn data(verb: &Verb) -> Option<&Data> {
    match verb {
        Verb::Start(data) | Verb::Message { data, .. } => Some(data),
        Verb::On { deeds, .. } => match deeds.last() {
            Some(Deed::Complete { data, .. }) => Some(data),
            _ => None,
        },
        _ => None,
    }
}

struct Moves<'a> {
    ground: &'a Ground,
    story: &'a Story,
    found: Vec<Move>,
}

impl Moves<'_> {
    fn add(&mut self, verb: Verb, brings: Brings, weight: u32) {
        self.found.push(Move { verb, brings, weight: weight.max(1) });
    }

    fn of_case(&mut self, case: CaseId) {
        let engine = &self.story.trial.engine;
        let running = |case| engine.status(case).is_ok_and(|status| status == Status::Running);
        let process =
            self.ground.plans.iter().position(|plan| engine.plan(case).is_ok_and(|own| std::ptr::eq(own, &**plan)));
        if let (true, Some(process)) = (running(case), process) {
            let items = engine.items(case).unwrap_or_default();
            for item in &items {
                self.of_item(process, &items, item);
            }
            if self.ground.faulty {
                self.faults(case);
            }
        }
        let others = self.other_cases(case);
        let time_matters = !others.is_empty() || running(case);
        for process in others {
            self.add(Verb::CaseOf(process), Brings::Nothing, WORK);
        }
        if time_matters && engine.next_due().is_some() {
            self.add(Verb::AdvanceToNextTimer, Brings::Nothing, TIME);
        }
    }

    /// The processes of which another case is under way.
    fn other_cases(&self, case: CaseId) -> Vec<String> {
        let engine = &self.story.trial.engine;
        if self.ground.plans.len() == 1 || matches!(self.story.verbs().last(), Some(Verb::CaseOf(_))) {
            return Vec::new();
        }
        let names = self.ground.plans.iter().map(|plan| &plan.definition().process);
        let moves = |name: &&String| {
            let is = |other: &CaseId| engine.plan(*other).is_ok_and(|own| own.definition().process == **name);
            let latest = engine.cases().map(|(other, _)| other).filter(is).last();
            latest.is_some_and(|latest| latest != case && engine.is_over(latest) == Ok(false))
        };
        names.filter(moves).cloned().collect()
    }

    /// What can be done with one thing that the case waits for.
    fn of_item(&mut self, process: usize, items: &[WorkItem], item: &WorkItem) {
        let plan = &*self.ground.plans[process];
        let Some(step) = plan.step(item.step()) else { return };
        let place = Place { item: named(items, item), brings: Brings::Step(process, step) };
        match item.phase() {
            Phase::Created | Phase::Offered => self.untaken(plan, &place, item),
            Phase::Allocated => {
                self.at_work(plan, &place, item, &[], 1);
                self.deed(&place, &[], Deed::Begin, RARE);
            }
            Phase::Started | Phase::Requested | Phase::Waiting => self.at_work(plan, &place, item, &[], 1),
            Phase::Suspended => self.deed(&place, &[], Deed::Resume, WORK),
            Phase::Receiving => self.message(plan, &place, item, None),
            Phase::Inside if grows(plan, step) => self.deed(&place, &[], Deed::AddInstance, RARE),
            _ => {}
        }
        match item.phase() {
            Phase::Suspended | Phase::Receiving | Phase::Calling | Phase::Inside => {
                self.cracks(plan, &place, item, |_| true, &[], 1);
            }
            Phase::Parked | Phase::Gated | Phase::Compensating | Phase::Incident => {}
            _ => self.cracks(plan, &place, item, |on| !is_failure(on), &[], 1),
        }
        if self.ground.faulty {
            self.faults_of(plan, &place, item);
        }
    }

    /// Work that nobody has: somebody takes it, and perhaps begins or does it at once.
    fn untaken(&mut self, plan: &Plan, place: &Place, item: &WorkItem) {
        let people = self.people(item);
        let share = u32::try_from(people.len()).unwrap_or(u32::MAX).max(1);
        for person in people {
            let claim = Deed::Claim(person);
            self.at_work(plan, place, item, std::slice::from_ref(&claim), share);
            self.deed(place, std::slice::from_ref(&claim), Deed::Begin, RARE / share);
            self.deed(place, &[], claim, RARE / share);
        }
    }

    /// Who may have the work as far as their role and skills go.
    fn people(&self, item: &WorkItem) -> Vec<String> {
        let people = self.story.trial.engine.people();
        let of_role = item.role().map(|role| people.of_role(role)).unwrap_or_default();
        of_role
            .iter()
            .filter(|person| !people.is_away(**person) && people.lacks(**person, item.needs()).is_none())
            .map(|person| people.name(*person).to_owned())
            .collect()
    }

    /// The work is done, by each outcome, or fails; `share`: as one of so many who may do it.
    fn at_work(&mut self, plan: &Plan, place: &Place, item: &WorkItem, before: &[Deed], share: u32) {
        let mut outcomes: Vec<Option<String>> = item.outcomes().iter().cloned().map(Some).collect();
        if outcomes.is_empty() {
            outcomes.push(None);
        }
        let share_of_each = share.saturating_mul(u32::try_from(outcomes.len()).unwrap_or(u32::MAX));
        for outcome in outcomes {
            self.deed(place, before, Deed::Complete { outcome, data: Data::new() }, WORK / share_of_each);
        }
        self.cracks(plan, place, item, is_failure, before, share);
    }

    /// The cracks of the step that strike because the world says so.
    fn cracks(
        &mut self,
        plan: &Plan,
        place: &Place,
        item: &WorkItem,
        on: fn(Trigger) -> bool,
        before: &[Deed],
        share: u32,
    ) {
        let declared = plan.step(item.step()).and_then(|step| plan.declared_cracks(step)).into_iter().flatten();
        let by_the_world = |crack: &Crack| crack.after.is_none() && crack.clock.is_none() && crack.when.is_none();
        for (name, _) in declared.filter(|(_, crack)| by_the_world(crack) && on(crack.on)) {
            self.deed(place, before, Deed::Strike(name.clone()), CRACK / share);
        }
    }

    /// The message comes that the case waits for; `keep`, if it comes whoever waits.
    fn message(&mut self, plan: &Plan, place: &Place, item: &WorkItem, keep: Option<Span>) {
        let step = plan.definition().steps.get(item.step());
        let Some(Kind::Receive(incoming)) = step.map(|step| &step.kind) else { return };
        let key = match &incoming.key {
            Some(field) => self.story.trial.engine.value(item.id().case, field).unwrap_or_default(),
            None => Value::Absent,
        };
        let verb = Verb::Message { name: incoming.message.clone(), key, data: Data::new(), keep };
        self.add(verb, place.brings, WORK);
    }

    fn deed(&mut self, place: &Place, before: &[Deed], deed: Deed, weight: u32) {
        let brings = if matches!(deed, Deed::Complete { .. }) { place.brings } else { Brings::Nothing };
        let deeds = before.iter().cloned().chain([deed]).collect();
        self.add(Verb::On { item: place.item.clone(), deeds }, brings, weight);
    }

    /// What should not be done with the work, but may be tried.
    fn faults_of(&mut self, plan: &Plan, place: &Place, item: &WorkItem) {
        let complete = |outcome: Option<&str>| {
            let outcome = outcome.map(str::to_owned);
            Deed::Complete { outcome, data: Data::new() }
        };
        match item.phase() {
            Phase::Created | Phase::Offered => {
                self.deed(place, &[], complete(item.outcomes().first().map(String::as_str)), RARE)
            }
            Phase::Started => self.deed(place, &[], Deed::Suspend, RARE),
            Phase::Incident => self.deed(place, &[], Deed::Retry, RARE),
            _ => {}
        }
        if matches!(item.phase(), Phase::Allocated | Phase::Started | Phase::Suspended) {
            self.deed(place, &[], Deed::Release, RARE);
            let others = self.people(item).into_iter().filter(|person| item.holder() != Some(person));
            others.for_each(|person| self.deed(place, &[], Deed::Delegate(person), RARE / 2));
        }
        if matches!(item.phase(), Phase::Started | Phase::Requested | Phase::Waiting) {
            self.deed(place, &[], Deed::Breaks("something unforeseen".to_owned()), RARE);
            let mut outcomes = plan.definition().steps.values().flat_map(|step| step.outcomes.keys());
            let strange = outcomes.find(|name| !item.outcomes().contains(name));
            self.deed(place, &[], complete(strange.map(String::as_str)), RARE);
        }
    }

    /// What should not happen to a case, but may.
    fn faults(&mut self, case: CaseId) {
        let again = self.story.verbs().last().filter(|verb| matches!(verb, Verb::On { .. } | Verb::Message { .. }));
        if let Some(again) = again {
            self.add(again.clone(), Brings::Nothing, 2 * RARE);
        }
        self.stray_messages(case);
        let people = self.story.trial.engine.people();
        for person in (0..people.len()).filter_map(|number| u16::try_from(number).ok()).map(PersonIx) {
            let (name, away) = (people.name(person).to_owned(), people.is_away(person));
            self.add(if away { Verb::Back(name) } else { Verb::Absent(name) }, Brings::Nothing, RARE / 4);
        }
        for undo in [false, true] {
            self.add(Verb::Cancel { undo }, Brings::Nothing, RARE / 4);
        }
    }

    /// Messages that come unasked: too early or twice, or for somebody else.
    fn stray_messages(&mut self, case: CaseId) {
        let engine = &self.story.trial.engine;
        for (process, plan) in self.ground.plans.iter().enumerate() {
            for (name, step) in &plan.definition().steps {
                let (Kind::Receive(incoming), Some(at)) = (&step.kind, plan.step(name)) else { continue };
                let right = incoming.key.as_ref().map(|key| engine.value(case, key).unwrap_or_default());
                let wrong = match &right {
                    Some(Value::Text(text)) => Some(Value::from(format!("{text}x").as_str())),
                    Some(Value::Integer(number)) => number.checked_add(1).map(Value::Integer),
                    _ => None,
                };
                for key in [Some(right.unwrap_or_default()), wrong].into_iter().flatten() {
                    let verb =
                        Verb::Message { name: incoming.message.clone(), key, data: Data::new(), keep: Some(KEPT) };
                    self.add(verb, Brings::Step(process, at), RARE);
                }
            }
        }
    }
}

/// Where something is done, and what that may bring.
struct Place {
    item: Item,
    brings: Brings,
}

/// An item by its step, and where there are several there, by its number among them.
fn named(items: &[WorkItem], item: &WorkItem) -> Item {
    let mut here: Vec<&WorkItem> = items.iter().filter(|other| other.step() == item.step()).collect();
    here.sort_by_key(|other| other.id().visit);
    let nth = here.iter().position(|other| other.id() == item.id()).map(|position| position + 1);
    Item { step: item.step().to_owned(), nth: nth.filter(|_| here.len() > 1) }
}

/// Whether instances can be added to a step.
fn grows(plan: &Plan, step: StepIx) -> bool {
    matches!(plan.step_definition(step).map(|step| &step.kind), Some(Kind::ForEach(each)) if each.growing)
}

/// Whether work fails by a crack, which needs somebody who is at it.
fn is_failure(on: Trigger) -> bool {
    matches!(on, Trigger::Failure | Trigger::Constraint)
}
