//! What happened to a case, in words: the one narrator for all who tell it.

use crate::definition::{Care, Crack, Held, Kind};
use crate::index::{CrackIx, FlowIx, PersonIx, StepIx, TokenIx};
use crate::kernel::{Case, Event, Phase};
use crate::plan::Plan;
use crate::time::Timestamp;
use crate::world::Directory;

/// What an event is, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The step it happened at, where there is one.
    pub step: Option<StepIx>,
    /// What happened: said of the step, such as `was begun by ana`, or where there is none a whole sentence, such as
    /// `the case began`.
    pub what: String,
}

impl Told {
    /// The whole sentence: `` `call` was begun by ana``.
    pub fn sentence(&self, plan: &Plan) -> String {
        match self.step {
            Some(step) => format!("`{}` {}", plan.step_name(step), self.what),
            None => self.what.clone(),
        }
    }
}

/// Values that are set one after the other stand on one line, as long as it is no longer than this.
const LONGEST: usize = 70;

/// So many rules of a decision table are told one by one.
const MOST_NUMBERS: usize = 8;

impl Plan {
    /// What happened to a case, in words, from its first event on: a line for each event that is more than machinery,
    /// with its time. Values set one after the other share a line.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use grieta_core::kernel::{Case, Command, Evaluate, Event, execute};
    /// use grieta_core::world::Directory;
    /// use grieta_core::{Plan, Process, Timestamp};
    ///
    /// let file = "{ process: desk, version: 1.0.0, start: ask, steps: { ask: { service: {}, next: done }, done: { end: {} } } }";
    /// let plan = Plan::new(Arc::new(Process::read("desk.yaml", file.as_bytes())?))?;
    /// let (mut case, mut events) = (Case::default(), Vec::new());
    /// let mut note = |_: &Case, at: Timestamp, event: &Event| events.push((at, event.clone()));
    /// execute(&plan, &mut case, Timestamp::default(), &Command::Start { data: vec![] }, &mut Evaluate, &mut note)?;
    ///
    /// let story = plan.story(&Directory::default(), events.iter().map(|(at, event)| (*at, event)));
    /// let story: Vec<String> = story.iter().map(|(_, told)| told.sentence(&plan)).collect();
    /// assert_eq!(story, ["the case began", "`ask` was reached"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn story<'e>(
        &self,
        people: &Directory,
        events: impl IntoIterator<Item = (Timestamp, &'e Event)>,
    ) -> Vec<(Timestamp, Told)> {
        let mut case = Case::default();
        let mut story: Vec<(Timestamp, Told)> = Vec::new();
        let mut sets = false;
        for (at, event) in events {
            if let Some(told) = self.tell(&case, people, event) {
                let joins = sets && matches!(event, Event::DataSet { .. });
                sets = matches!(event, Event::DataSet { .. });
                let fits = |(then, last): &&mut (Timestamp, Told)| {
                    joins && *then == at && last.what.len() + ", ".len() + told.what.len() <= LONGEST
                };
                match story.last_mut().filter(fits) {
                    Some((_, last)) => last.what += &format!(", {}", told.what),
                    None => story.push((at, told)),
                }
            }
            case.apply(at, event);
        }
        story
    }

    /// What an event is, in words; `None` for what only the machinery cares about. `case` is as it was before the event,
    /// and whoever is not among `people` is called by the role.
    pub fn tell(&self, case: &Case, people: &Directory, event: &Event) -> Option<Told> {
        Teller { plan: self, case, people }.tell(event)
    }
}

/// Knows the case as it was before the event.
struct Teller<'a> {
    plan: &'a Plan,
    case: &'a Case,
    people: &'a Directory,
}

impl Teller<'_> {
    fn tell(&self, event: &Event) -> Option<Told> {
        match event {
            Event::CaseStarted { .. } => whole("the case began"),
            Event::CaseCompleted => whole("the case ended"),
            Event::CaseCancelled => whole("the case was cancelled"),
            Event::AllCancelled { .. } => whole("every case of the process was cancelled"),
            Event::DataRolledBack { .. } => whole("the data were rolled back"),
            Event::DataSet { field, value } => {
                let (name, declared) = self.plan.definition().data.get_index(field.at())?;
                whole(format!("{name} = {}", value.show(declared)))
            }
            Event::TokenPlaced { step, via, phase, .. } => self.reached(*step, *via, *phase),
            Event::CrackStruck { token, crack, answered, held } => self.struck(*token, *crack, *answered, *held),
            _ if event.is_of_clock() => whole(self.plan.clock_event(self.case, event)?),
            _ => {
                let token = event.token()?;
                let step = self.case.token(token)?.step;
                Some(Told { step: Some(step), what: self.at_step(token, step, event)? })
            }
        }
    }

    /// What is said of the step that a token is at.
    fn at_step(&self, token: TokenIx, step: StepIx, event: &Event) -> Option<String> {
        Some(match event {
            Event::WorkAllocated { person, .. } => match self.who(token, *person) {
                Some(who) => format!("was given to {who}"),
                None => "was given to somebody".to_owned(),
            },
            Event::WorkStarted { person, .. } => match self.who(token, *person) {
                Some(who) => format!("was begun by {who}"),
                None => "was begun".to_owned(),
            },
            Event::WorkSuspended { .. } => "was suspended".to_owned(),
            Event::WorkResumed { .. } => "was resumed".to_owned(),
            Event::HolderPresence { away: true, .. } => "lost its holder, who went away".to_owned(),
            Event::HolderPresence { .. } => "got its holder back".to_owned(),
            Event::WorkCompleted { outcome, .. } => format!("was completed{}", self.outcome(*outcome)),
            Event::WorkSkipped { outcome, .. } => format!("was skipped{}", self.outcome(*outcome)),
            Event::WorkFailed { .. } => "was given up".to_owned(),
            Event::WorkOffered { role, .. } => format!("was offered to `{}`", self.plan.role_name(*role)),
            Event::WorkReallocated { role, .. } => format!("was handed to `{}`", self.plan.role_name(*role)),
            Event::WorkDelayed { .. } => "was put off until its next try".to_owned(),
            Event::WorkRepeated { .. } => "was tried again".to_owned(),
            Event::FailureReported { reason, .. } => format!("failed: {reason}"),
            Event::IncidentRaised { reason, .. } => format!("became an incident: {}", reason.explain(self.plan, step)),
            Event::IncidentResolved { .. } => "had its incident resolved".to_owned(),
            Event::CompensationBegan { .. } => "began to undo what was done".to_owned(),
            Event::CompensationEnded { .. } => "has undone what was done".to_owned(),
            Event::Decided { rules, .. } => self.decided(step, rules)?,
            Event::MessageSent { .. } | Event::CaseCalled { .. } | Event::HandedOver { .. } => {
                self.told_others(step)?
            }
            Event::StepGated { phase: Phase::Gated, .. } => "was kept from beginning".to_owned(),
            Event::StepGated { phase, .. } if self.is_gate(token, *phase) => "was free to begin".to_owned(),
            Event::TokenWithdrawn { .. } => "was withdrawn".to_owned(),
            _ => return None,
        })
    }

    /// A token comes to a step. What only leads on is told by where it leads, and the process itself by its case.
    fn reached(&self, step: StepIx, via: FlowIx, phase: Phase) -> Option<Told> {
        let definition = self.plan.step_definition(step)?;
        if (definition.kind.leads_on() && phase == Phase::Leaving) || self.plan.root() == Some(step) {
            return None;
        }
        let visit = match self.case.visits(step) {
            0 => String::new(),
            before => format!(" for the {} time", ordinal(before.saturating_add(1))),
        };
        let chosen = self.plan.chosen_at(via).map_or_else(String::new, |choice| format!(", as `{choice}` decided"));
        let name = definition.name.as_ref().map_or_else(String::new, |name| format!(": {name}"));
        Some(Told { step: Some(step), what: format!("was reached{visit}{chosen}{name}") })
    }

    fn struck(&self, token: TokenIx, struck: CrackIx, answered: bool, held: Option<Held>) -> Option<Told> {
        let step = self.case.token(token)?.step;
        let id = self.plan.crack_name(step, struck);
        let declared = self.plan.declared_cracks(step)?.get(id)?;
        let name = declared.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        let answer = match declared.care() {
            Care::Stops if answered => Crack::ANSWERED_AROUND.to_owned(),
            // Whether anybody acts all the same, what comes next says.
            Care::Stops if !declared.interrupts() => "nobody answers".to_owned(),
            _ => declared.answer(),
        };
        let triple = self.plan.triple(step, struck, held).filter(|_| answered);
        let triple = triple.map_or_else(String::new, |triple| format!(" ({triple})"));
        Some(Told { step: Some(step), what: format!("was struck by crack `{id}`{name}: {answer}{triple}") })
    }

    /// Which rules of its table a step decided by, counted from 1.
    fn decided(&self, step: StepIx, rules: &[u32]) -> Option<String> {
        let Kind::Decide(table) = &self.plan.step_definition(step)?.kind else { return None };
        let declared = &self.plan.definition().decisions.get(table)?.rules;
        let is_otherwise = |rule: &u32| declared.get(*rule as usize).is_some_and(|row| row.when.is_none());
        let rules = match rules {
            [rule] if is_otherwise(rule) => "`otherwise`".to_owned(),
            [rule] => format!("rule {}", u64::from(*rule) + 1),
            _ => format!("rules {}", numbered(rules)),
        };
        Some(format!("decided by {rules} of `{table}`"))
    }

    /// What goes out to other cases from a step.
    fn told_others(&self, step: StepIx) -> Option<String> {
        match &self.plan.step_definition(step)?.kind {
            Kind::Send(message) => Some(format!("sent the message `{}`", message.message)),
            Kind::Call(call) => Some(format!("called `{}`", call.process)),
            Kind::End { hand_over: Some(call), .. } => Some(format!("handed over to `{}`", call.process)),
            _ => None,
        }
    }

    /// Whether it is a gate that lets a token go on, rather than a choice that is left open.
    fn is_gate(&self, token: TokenIx, phase: Phase) -> bool {
        let before = self.case.token(token).map(|item| item.phase);
        phase != Phase::Undecided && before != Some(Phase::Undecided)
    }

    /// A person by name, or else by the role of the work.
    fn who(&self, token: TokenIx, person: PersonIx) -> Option<String> {
        let role = self.case.token(token).map_or("", |item| self.plan.role_name(item.role));
        match (self.people.name(person), role) {
            ("", "") => None,
            ("", role) => Some(format!("`{role}`")),
            (name, _) => Some(name.to_owned()),
        }
    }

    /// The outcome of a flow, where it has one.
    fn outcome(&self, flow: FlowIx) -> String {
        self.plan.flow_id(flow).split_once('/').map_or_else(String::new, |(_, outcome)| format!(": {outcome}"))
    }
}

/// A whole sentence.
fn whole(what: impl Into<String>) -> Option<Told> {
    Some(Told { step: None, what: what.into() })
}

/// Positions as numbers counted from 1, the first few of them.
fn numbered(positions: &[u32]) -> String {
    let few = &positions[..positions.len().min(MOST_NUMBERS)];
    let mut words: Vec<String> = few.iter().map(|position| (u64::from(*position) + 1).to_string()).collect();
    let more = positions.len() - few.len();
    let last = if more > 0 { Some(format!("{more} more")) } else { words.pop() };
    format!("{} and {}", words.join(", "), last.unwrap_or_default())
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ => format!("{number}{ending}"),
    }
}
