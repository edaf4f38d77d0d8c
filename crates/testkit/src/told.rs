//! What happened to a case, in words and as facts that can be counted.

use grieta_core::definition::Kind;
use grieta_core::kernel::{Case, Event, Phase};
use grieta_core::world::Directory;
use grieta_core::{FlowIx, PersonIx, Plan, StepIx, TokenIx};
use grieta_runtime::Recorded;

/// The latest events in words, the last one last.
pub(crate) fn latest(plan: &Plan, people: &Directory, history: &[Recorded], most: usize) -> Vec<String> {
    let mut told = Vec::new();
    each(history, |case, recorded| {
        if let Some(what) = (Teller { plan, people, case }).tell(&recorded.event) {
            told.push(format!("{}  {what}", recorded.at));
        }
    });
    told.split_off(told.len().saturating_sub(most))
}

/// The cracks that struck, each with the number of its event.
pub(crate) fn cracks(plan: &Plan, history: &[Recorded]) -> Vec<(u64, String)> {
    let mut struck = Vec::new();
    each(history, |case, recorded| {
        if let (Event::CrackStruck { crack, .. }, Some(step)) = (&recorded.event, step_of(case, &recorded.event)) {
            struck.push((recorded.sequence, plan.crack_name(step, *crack).to_owned()));
        }
    });
    struck
}

/// The names of the messages that were sent.
pub(crate) fn messages(plan: &Plan, history: &[Recorded]) -> Vec<String> {
    let mut sent = Vec::new();
    each(history, |case, recorded| {
        let step = step_of(case, &recorded.event).and_then(|step| plan.step_definition(step));
        if let (Event::MessageSent { .. }, Some(Kind::Send(message))) =
            (&recorded.event, step.map(|definition| &definition.kind))
        {
            sent.push(message.message.clone());
        }
    });
    sent
}

/// How often the case has come to a step.
pub(crate) fn visits(history: &[Recorded], step: StepIx) -> u32 {
    let mut case = Case::default();
    history.iter().for_each(|recorded| case.apply(recorded.at, &recorded.event));
    case.visits(step)
}

/// Shows each event with the case as it was before.
fn each(history: &[Recorded], mut see: impl FnMut(&Case, &Recorded)) {
    let mut case = Case::default();
    for recorded in history {
        see(&case, recorded);
        case.apply(recorded.at, &recorded.event);
    }
}

fn step_of(case: &Case, event: &Event) -> Option<StepIx> {
    event.token().and_then(|token| case.token(token)).map(|token| token.step)
}

/// Knows the case as it was before the event.
struct Teller<'a> {
    plan: &'a Plan,
    people: &'a Directory,
    case: &'a Case,
}

impl Teller<'_> {
    /// The words for an event; `None` for what only the machinery cares about.
    fn tell(&self, event: &Event) -> Option<String> {
        let at = |token: TokenIx, what: String| {
            let step = self.case.token(token).map_or("", |token| self.plan.step_name(token.step));
            Some(format!("`{step}` {what}"))
        };
        match event {
            Event::CaseStarted { .. } => Some("the case began".to_owned()),
            Event::DataSet { field, value } => {
                let (name, declared) = self.plan.definition().data.get_index(field.at())?;
                Some(format!("{name} = {}", value.show(declared)))
            }
            Event::TokenPlaced { step, phase, .. } if *phase != Phase::Leaving => {
                Some(format!("`{}` was reached", self.plan.step_name(*step)))
            }
            Event::WorkAllocated { token, person } => at(*token, format!("was given to {}", self.name(*person))),
            Event::WorkStarted { token, person } => at(*token, format!("was begun by {}", self.name(*person))),
            Event::WorkSuspended { token } => at(*token, "was suspended".to_owned()),
            Event::WorkResumed { token } => at(*token, "went on".to_owned()),
            Event::WorkCompleted { token, outcome } => at(*token, format!("was completed{}", self.outcome(*outcome))),
            Event::WorkSkipped { token, outcome } => at(*token, format!("was skipped{}", self.outcome(*outcome))),
            Event::WorkFailed { token } => at(*token, "was given up".to_owned()),
            Event::WorkOffered { token, role } | Event::WorkReallocated { token, role } => {
                at(*token, format!("was offered to `{}`", self.plan.role_name(*role)))
            }
            Event::WorkDelayed { token, .. } => at(*token, "will be tried again".to_owned()),
            Event::WorkRepeated { token, .. } => at(*token, "was tried again".to_owned()),
            Event::CrackStruck { token, crack, .. } => {
                let step = self.case.token(*token)?.step;
                at(*token, format!("was struck by crack `{}`", self.plan.crack_name(step, *crack)))
            }
            Event::IncidentRaised { token, .. } => at(*token, "became an incident".to_owned()),
            Event::IncidentResolved { token } => at(*token, "is no incident any more".to_owned()),
            Event::MessageSent { token, .. } => at(*token, "sent its message".to_owned()),
            Event::CaseCalled { token, .. } => at(*token, "called another process".to_owned()),
            Event::HandedOver { token, .. } => at(*token, "handed over to another process".to_owned()),
            Event::TokenWithdrawn { token } => at(*token, "was withdrawn".to_owned()),
            Event::CaseCompleted => Some("the case ended".to_owned()),
            Event::CaseCancelled => Some("the case was cancelled".to_owned()),
            _ => None,
        }
    }

    fn name(&self, person: PersonIx) -> &str {
        match self.people.name(person) {
            "" => "somebody",
            name => name,
        }
    }

    /// The outcome of a flow, where it has one.
    fn outcome(&self, flow: FlowIx) -> String {
        self.plan.flow_id(flow).split_once('/').map_or_else(String::new, |(_, outcome)| format!(": {outcome}"))
    }
}
