//! What happened to one case, told in words, moment by moment.

use std::fmt;

use grieta_core::definition::Held;
use grieta_core::kernel::{Case, Event, Phase};
use grieta_core::{CrackIx, FlowIx, Plan, StepIx, Timestamp, TokenIx};
use grieta_simulator::Story;

use crate::crack::{Care, OUTSIDE, answer, care};

/// The story of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// What happened, in order.
    pub moments: Vec<Moment>,
    /// What the case waits for in the end; empty when it is over.
    pub waits_for: Vec<String>,
}

/// Something that happened to the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// When, by the clock on the wall where the process is at home.
    pub local: String,
    /// The step, where it happened at one.
    pub step: Option<String>,
    /// What happened.
    pub what: String,
}

/// Values that are set one after the other stand on one line, as long as it is no longer than this.
const LONGEST: usize = 70;

impl Telling {
    /// Tells the story of a case of that plan.
    pub fn new(plan: &Plan, story: &Story) -> Telling {
        let calendar = plan.process().calendar_of(None);
        let mut case = Case::default();
        let mut moments: Vec<Moment> = Vec::new();
        let mut sets = false;
        for (at, event) in &story.events {
            if let Some((step, what)) = (Narrator { plan, case: &case }).tell(event) {
                let joins = sets && matches!(event, Event::DataSet { .. });
                sets = matches!(event, Event::DataSet { .. });
                match moments.last_mut().filter(|last| joins && last.what.len() + what.len() < LONGEST) {
                    Some(last) => last.what += &format!(", {what}"),
                    None => {
                        let local = calendar.local(*at).format("%a %Y-%m-%d %H:%M:%S").to_string();
                        let step = step.map(|step| plan.step_name(step).to_owned());
                        moments.push(Moment { at: *at, local, step, what });
                    }
                }
            }
            case.apply(*at, event);
        }
        Telling { moments, waits_for: story.waits_for.clone() }
    }
}

impl fmt::Display for Telling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = |moment: &Moment| moment.step.clone().unwrap_or_default();
        let width = self.moments.iter().map(|moment| step(moment).chars().count()).max().unwrap_or(0);
        for moment in &self.moments {
            writeln!(f, "{}  {:width$}  {}", moment.local, step(moment), moment.what)?;
        }
        if !self.waits_for.is_empty() {
            writeln!(f, "\nIt never ends:")?;
        }
        self.waits_for.iter().try_for_each(|waits| writeln!(f, "  {waits}"))
    }
}

/// Knows the case as it was before the event.
struct Narrator<'a> {
    plan: &'a Plan,
    case: &'a Case,
}

impl Narrator<'_> {
    /// The step and the words for an event; `None` for what only the machinery cares about.
    fn tell(&self, event: &Event) -> Option<(Option<StepIx>, String)> {
        let at = |token: &TokenIx, what: String| Some((self.step_of(*token), what));
        match event {
            Event::CaseStarted { .. } => Some((None, "the case arrives".to_owned())),
            Event::DataSet { field, value } => {
                let (name, declared) = self.plan.definition().data.get_index(field.at())?;
                Some((None, format!("{name} = {}", value.show(declared))))
            }
            Event::TokenPlaced { step, .. } => Some((Some(*step), self.reached(*step))),
            Event::WorkStarted { token, .. } => at(token, format!("begun by `{}`", self.role_of(*token))),
            Event::WorkCompleted { token, outcome } => at(token, format!("completed{}", self.outcome(*outcome))),
            Event::WorkSkipped { token, outcome } => {
                at(token, format!("completed without the work{}", self.outcome(*outcome)))
            }
            Event::WorkFailed { token } => at(token, "given up".to_owned()),
            Event::WorkReallocated { token, role } => at(token, format!("handed to `{}`", self.plan.role_name(*role))),
            Event::WorkOffered { token, role } => at(token, format!("offered to `{}`", self.plan.role_name(*role))),
            Event::WorkDelayed { token, .. } => at(token, "to be tried again".to_owned()),
            Event::WorkRepeated { token, .. } => at(token, "tried again".to_owned()),
            Event::WorkAllocated { token, .. } => at(token, "given to somebody".to_owned()),
            Event::WorkSuspended { token } => at(token, "laid aside".to_owned()),
            Event::WorkResumed { token } => at(token, "taken up again".to_owned()),
            Event::HolderPresence { token, away: true } => at(token, "whoever has it is away".to_owned()),
            Event::HolderPresence { token, .. } => at(token, "whoever has it is back".to_owned()),
            Event::IncidentResolved { token } => at(token, "the incident is resolved".to_owned()),
            Event::CompensationBegan { token, .. } => at(token, "what was done is undone first".to_owned()),
            Event::CompensationEnded { token } => at(token, "all has been undone".to_owned()),
            Event::DataRolledBack { .. } => Some((None, "the data are rolled back".to_owned())),
            Event::CaseCalled { token, .. } => at(token, "calls its process".to_owned()),
            Event::HandedOver { token, .. } => at(token, "hands over".to_owned()),
            Event::AllCancelled { .. } => Some((None, "every case of the process is cancelled".to_owned())),
            Event::StepGated { token, phase: Phase::Gated } => at(token, "may no longer be begun".to_owned()),
            Event::StepGated { token, .. } => at(token, "may be begun now".to_owned()),
            Event::MessageSent { token, .. } => at(token, "sends its message".to_owned()),
            Event::TokenWithdrawn { token } => at(token, "withdrawn".to_owned()),
            Event::FailureReported { token, reason } => at(token, format!("fails: {reason}")),
            Event::CrackStruck { token, crack, answered, held } => self.struck(*token, *crack, *answered, *held),
            Event::IncidentRaised { token, reason } => {
                let step = self.step_of(*token)?;
                Some((Some(step), format!("incident: {}", reason.explain(self.plan, step))))
            }
            Event::CaseCompleted => Some((None, "the case ends".to_owned())),
            Event::CaseCancelled => Some((None, "the case is cancelled".to_owned())),
            other => self.plan.clock_event(self.case, other).map(|what| (None, what)),
        }
    }

    fn step_of(&self, token: TokenIx) -> Option<StepIx> {
        self.case.token(token).map(|token| token.step)
    }

    fn role_of(&self, token: TokenIx) -> &str {
        self.case.token(token).map_or("", |token| self.plan.role_name(token.role))
    }

    fn reached(&self, step: StepIx) -> String {
        let definition = self.plan.step_definition(step);
        let name =
            definition.and_then(|step| step.name.as_deref()).map_or_else(String::new, |name| format!(": {name}"));
        let visit = match self.case.visits(step) {
            0 => String::new(),
            before => format!(" for the {} time", ordinal(before + 1)),
        };
        format!("reached{visit}{name}")
    }

    /// The outcome of a flow, where it has one.
    fn outcome(&self, flow: FlowIx) -> String {
        self.plan.flow_id(flow).split_once('/').map_or_else(String::new, |(_, outcome)| format!(": {outcome}"))
    }

    fn struck(
        &self,
        token: TokenIx,
        struck: CrackIx,
        answered: bool,
        held: Option<Held>,
    ) -> Option<(Option<StepIx>, String)> {
        let step = self.step_of(token)?;
        let id = self.plan.crack_name(step, struck);
        let declared = self.plan.declared_cracks(step)?.get(id)?;
        let name = declared.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        let answer = match care(declared) {
            Care::Stops if answered => OUTSIDE.to_owned(),
            _ => answer(declared),
        };
        let triple = self.plan.triple(step, struck, held).filter(|_| answered);
        let triple = triple.map_or_else(String::new, |triple| format!(" ({triple})"));
        Some((Some(step), format!("crack `{id}`{name}: {answer}{triple}")))
    }
}

fn ordinal(number: u32) -> String {
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        more => format!("{more}th"),
    }
}
