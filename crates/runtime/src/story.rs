//! What happened to a case, in words.

use grieta_core::definition::Kind;
use grieta_core::kernel::{Case, Event, Phase};
use grieta_core::world::Directory;
use grieta_core::{FlowIx, PersonIx, Plan, StepIx, Timestamp, TokenIx};

use crate::Recorded;

/// Each event that is more than machinery, with its time, in words.
pub(crate) fn story(plan: &Plan, people: &Directory, history: &[Recorded]) -> Vec<(Timestamp, String)> {
    let mut told = Vec::new();
    each(history, |case, recorded| {
        told.extend((Teller { plan, people, case }).tell(&recorded.event).map(|what| (recorded.at, what)));
    });
    told
}

/// Shows each event with the case as it was before.
fn each(history: &[Recorded], mut see: impl FnMut(&Case, &Recorded)) {
    let mut case = Case::default();
    for recorded in history {
        see(&case, recorded);
        case.apply(recorded.at, &recorded.event);
    }
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
            Event::TokenPlaced { step, via, phase, .. } => self.reached(*step, *via, *phase),
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
            Event::FailureReported { token, reason } => at(*token, format!("failed: {reason}")),
            Event::CompensationBegan { token, .. } => at(*token, "waits until what was done is undone".to_owned()),
            Event::DataRolledBack { .. } => Some("the data were rolled back".to_owned()),
            Event::HolderPresence { token, away: true } => at(*token, "lost its holder, who is away".to_owned()),
            Event::HolderPresence { token, .. } => at(*token, "has its holder back".to_owned()),
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
            other => self.plan.clock_event(self.case, other),
        }
    }

    /// A token comes to a step, or passes one that takes no time.
    fn reached(&self, step: StepIx, via: FlowIx, phase: Phase) -> Option<String> {
        let name = self.plan.step_name(step);
        let kind = self.plan.step_definition(step).map(|definition| &definition.kind);
        let chosen = self.plan.chosen_at(via).map_or_else(String::new, |choice| format!(", as `{choice}` decided"));
        match (phase, kind) {
            (Phase::Leaving, Some(Kind::Assign | Kind::Decide(_))) => Some(format!("`{name}` was done{chosen}")),
            (Phase::Leaving, Some(Kind::End { .. })) => Some(format!("`{name}` was reached: an end{chosen}")),
            (Phase::Leaving, _) => None,
            _ => Some(format!("`{name}` was reached{chosen}")),
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
