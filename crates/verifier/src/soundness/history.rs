//! What the search remembers of a case besides its state: which ends it has come to, and which cracks have struck.

use super::beside::Beside;
use super::unwritten::{Missed, Watched};
use grieta_core::kernel::{Case, Event, History};
use grieta_core::value::Value;
use grieta_core::{Constraint, CrackIx, FieldIx, Plan, Progress, ScopeIx, StepIx, TokenIx};

/// Ends that were reached, by scope, and cracks that struck and started something beside the work, by token. Either is forgotten with
/// what it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Past {
    ends: Vec<(ScopeIx, StepIx)>,
    struck: Vec<(TokenIx, CrackIx)>,
    /// How far a rule is kept, where one is looked at.
    kept: Progress,
    /// The ends it has come to at which the field that is watched is promised, as long as it has no value.
    promised: Vec<StepIx>,
    /// What was missed during the last move. That is of no matter to what may come.
    pub missed: Vec<Missed>,
}

/// The trouble an event may mean by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noticed {
    /// An end was reached for the second time in its scope.
    EndAgain(StepIx),
    /// The rule that is looked at is broken.
    RuleBroken,
}

impl Past {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.struck.clear();
        self.kept = Progress::New;
        self.promised.clear();
        self.missed.clear();
    }

    pub fn copy_from(&mut self, other: &Past) {
        self.kept = other.kept;
        self.ends.clone_from(&other.ends);
        self.struck.clone_from(&other.struck);
        self.promised.clone_from(&other.promised);
        self.missed.clone_from(&other.missed);
    }

    /// Whether a crack that starts something beside the work has struck a token at its step before: once is looked at.
    pub fn has_struck(&self, token: TokenIx, crack: CrackIx) -> bool {
        self.struck.contains(&(token, crack))
    }

    /// Takes note of an event by what a rule demands; whether ends are reached again is not asked then.
    pub fn follow(&mut self, plan: &Plan, rule: &Constraint, case: &Case, event: &Event) -> Option<Noticed> {
        if let Some(done) = plan.done_by(case, event) {
            self.kept = rule.after(plan, self.kept, done);
        }
        let over = matches!(event, Event::CaseCompleted | Event::CaseCancelled);
        let broken = self.kept == Progress::Broken || (over && !rule.is_kept(self.kept));
        self.ends.clear();
        broken.then_some(Noticed::RuleBroken)
    }

    /// Takes note of who needs the field that is watched and finds no value; whether ends are reached again is not asked
    /// then.
    pub fn watch(&mut self, plan: &Plan, watched: &Watched, case: &Case, event: &Event) {
        self.ends.clear();
        let lacks = |data: &[Value]| data.get(watched.field.at()) == Some(&Value::Absent);
        if let Some((token, item)) = plan.turns_to_by(case, event).and_then(|token| Some((token, case.token(token)?))) {
            if watched.is_listed(item.step) && lacks(case.data_for(token)) {
                self.missed.push(Missed::Read { step: item.step, source: None });
            }
            if watched.is_promised(item.step) && !self.promised.contains(&item.step) {
                self.promised.push(item.step);
            }
        }
        if matches!(event, Event::CaseCompleted) && lacks(case.data()) {
            self.missed.extend(self.promised.iter().map(|end| Missed::Output { end: *end }));
        }
    }

    /// Takes note of an event.
    pub fn note(&mut self, plan: &Plan, beside: &Beside, case: &Case, event: &Event) -> Option<Noticed> {
        match event {
            Event::TokenPlaced { token, step, scope, .. } => {
                self.struck.retain(|(known, _)| known != token);
                if plan.is_end(*step) && beside.is_on_the_way(*step) {
                    if self.ends.contains(&(*scope, *step)) {
                        return Some(Noticed::EndAgain(*step));
                    }
                    self.ends.push((*scope, *step));
                }
            }
            Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => {
                self.struck.retain(|(known, _)| known != token);
            }
            Event::CrackStruck { token, crack, .. } => {
                let starts_more = !plan.interrupts(*crack) && plan.leads_to(*crack).is_some();
                if starts_more && case.token(*token).is_some() && !self.has_struck(*token, *crack) {
                    self.struck.push((*token, *crack));
                }
            }
            Event::ScopeOpened { scope, .. } | Event::UndoBegan { scope, .. } | Event::ScopeClosed { scope } => {
                self.ends.retain(|(known, _)| known != scope);
            }
            _ => {}
        }
        None
    }
}

/// What is remembered of a case, and whether the field that is watched has a value.
pub(crate) struct Remembered<'a> {
    pub past: &'a Past,
    pub watched: Option<FieldIx>,
    pub has_it: bool,
}

impl History for Remembered<'_> {
    fn of_token(&self, token: TokenIx) -> u64 {
        let own = self.past.struck.iter().filter(|(known, _)| *known == token);
        own.map(|(_, crack)| spread(crack.0)).fold(0, u64::wrapping_add)
    }

    fn of_scope(&self, scope: ScopeIx) -> u64 {
        let own = self.past.ends.iter().filter(|(known, _)| *known == scope);
        let ends = own.map(|(_, end)| spread(end.0)).fold(0, u64::wrapping_add);
        if scope != ScopeIx(0) {
            return ends;
        }
        let promised = self.past.promised.iter().map(|end| spread(end.0)).fold(ends, u64::wrapping_add);
        let kept = if let Progress::At(at) = self.past.kept { at } else { 0 };
        promised.wrapping_add(u64::from(kept)).wrapping_add(u64::from(self.has_it))
    }

    fn watched(&self) -> Option<FieldIx> {
        self.watched
    }
}

/// A number of its own for each index, so that sums differ.
fn spread(index: u16) -> u64 {
    let x = (u64::from(index) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1
}
