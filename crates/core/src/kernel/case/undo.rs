//! What a case remembers so that it can be undone: completed steps, and the data as they were.

use std::sync::Arc;

use super::fingerprint::{self, Fingerprint};
use super::{Case, Phase};
use crate::index::{CrackIx, FieldIx, ScopeIx, StepIx, TokenIx};
use crate::value::Value;

/// A completed step that can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Undoable {
    scope: ScopeIx,
    step: StepIx,
    data: Arc<[Value]>,
}

impl Undoable {
    /// The step, and whether its data lack the field that is watched.
    fn number(&self, watched: Option<FieldIx>) -> u64 {
        u64::from(self.step.0) | u64::from(lacks(&self.data, watched)) << 16
    }
}

/// Whether data have no value in the field that is watched, if one is.
fn lacks(data: &[Value], watched: Option<FieldIx>) -> bool {
    watched.is_some_and(|field| data.get(field.at()) == Some(&Value::Absent))
}

/// A token that waits until these steps have been undone, the last one first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Compensation {
    token: TokenIx,
    crack: CrackIx,
    /// What it did when the crack struck.
    before: Phase,
    open: Vec<Undoable>,
    /// What is being undone right now.
    current: Option<Undoable>,
}

/// Everything a case remembers in order to undo it. Most cases remember nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Memory {
    done: Vec<Undoable>,
    compensations: Vec<Compensation>,
    /// By the token at a step that contains others, or none for the case: the data when it was entered.
    entries: Vec<(TokenIx, Arc<[Value]>)>,
    /// By scope in which something is undone: the data when that was completed.
    views: Vec<(ScopeIx, Arc<[Value]>)>,
}

impl Memory {
    pub const NOTHING: Memory =
        Memory { done: Vec::new(), compensations: Vec::new(), entries: Vec::new(), views: Vec::new() };

    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.compensations.is_empty() && self.entries.is_empty() && self.views.is_empty()
    }

    /// What can be undone in a scope, and whether something is undone there right now.
    pub fn print_of_scope(&self, scope: ScopeIx, watched: Option<FieldIx>) -> Fingerprint {
        if self.is_empty() {
            return Fingerprint::default();
        }
        let done = self.done.iter().filter(|done| done.scope == scope).map(|done| done.number(watched));
        let undoes = self.views.iter().find(|(known, _)| *known == scope);
        let view = undoes.map_or_else(Fingerprint::default, |(_, data)| fingerprint::of_view(lacks(data, watched)));
        fingerprint::of_done(done) + view
    }

    /// What a token waits for to be undone, and whether its step was entered without the field that is watched.
    pub fn print_of_token(&self, token: TokenIx, watched: Option<FieldIx>) -> Fingerprint {
        let own = self.compensations.iter().find(|compensation| compensation.token == token);
        let undoing = own.map_or_else(Fingerprint::default, |own| {
            let steps = own.open.iter().chain(&own.current).map(|undoable| undoable.number(watched));
            fingerprint::of_undoing([u64::from(own.crack.0), own.before as u64].into_iter().chain(steps))
        });
        match self.entry(token).is_some_and(|data| lacks(data, watched)) {
            true => undoing + fingerprint::of_entry_without(),
            false => undoing,
        }
    }

    /// Whether any of the data that are remembered have no value in a field.
    fn lacks(&self, field: FieldIx) -> bool {
        let undone = self.compensations.iter().flat_map(|own| own.open.iter().chain(&own.current));
        let undoable = self.done.iter().chain(undone).map(|undoable| &undoable.data);
        let kept = self.entries.iter().map(|(_, data)| data).chain(self.views.iter().map(|(_, data)| data));
        undoable.chain(kept).any(|data| lacks(data, Some(field)))
    }

    pub fn clear(&mut self) {
        self.done.clear();
        self.compensations.clear();
        self.entries.clear();
        self.views.clear();
    }

    pub fn note(&mut self, scope: ScopeIx, step: StepIx, data: &[Value]) {
        self.done.push(Undoable { scope, step, data: data.into() });
    }

    pub fn keep(&mut self, scope: ScopeIx, parent: ScopeIx) {
        self.done.iter_mut().filter(|done| done.scope == scope).for_each(|done| done.scope = parent);
    }

    /// Steps are to be undone: what was completed in these scopes, and what these tokens were still to undo, for which the
    /// step that is being undone begins anew.
    pub fn begin(&mut self, token: TokenIx, crack: CrackIx, before: Phase, scopes: &[ScopeIx], instead_of: &[TokenIx]) {
        let is_over = |earlier: &Compensation| instead_of.contains(&earlier.token);
        let (earlier, going_on) = std::mem::take(&mut self.compensations).into_iter().partition(is_over);
        self.compensations = going_on;
        let earlier: Vec<Compensation> = earlier;
        let mut open: Vec<Undoable> =
            earlier.into_iter().flat_map(|earlier| earlier.open.into_iter().chain(earlier.current)).collect();
        let (own, rest): (Vec<_>, _) =
            std::mem::take(&mut self.done).into_iter().partition(|done| scopes.contains(&done.scope));
        self.done = rest;
        open.extend(own);
        self.compensations.push(Compensation { token, crack, before, open, current: None });
    }

    pub fn undo_next(&mut self, token: TokenIx, scope: ScopeIx) {
        let own = self.compensations.iter_mut().find(|compensation| compensation.token == token);
        let Some(own) = own else { return };
        own.current = own.open.pop();
        if let Some(undone) = &own.current {
            self.views.push((scope, undone.data.clone()));
        }
    }

    pub fn end(&mut self, token: TokenIx) {
        self.compensations.retain(|compensation| compensation.token != token);
    }

    pub fn remember(&mut self, token: TokenIx, data: &[Value]) {
        self.entries.retain(|(known, _)| *known != token);
        self.entries.push((token, data.into()));
    }

    pub fn entry(&self, token: TokenIx) -> Option<&[Value]> {
        self.entries.iter().find(|(known, _)| *known == token).map(|(_, data)| &**data)
    }

    /// What is known about a token means nothing once it has left its step.
    pub fn forget(&mut self, token: TokenIx) {
        self.end(token);
        self.entries.retain(|(known, _)| *known != token);
    }

    pub fn close(&mut self, scope: ScopeIx) {
        self.done.retain(|done| done.scope != scope);
        self.views.retain(|(known, _)| *known != scope);
    }
}

impl Case {
    /// Whether a field has no value, or may have none again: where data are rolled back, or seen by whoever undoes a step.
    pub fn may_lack(&self, field: FieldIx) -> bool {
        lacks(&self.data, Some(field)) || self.seldom.memory.lacks(field)
    }

    /// The data as they are for a token: for whoever undoes a step, as they were when it was completed.
    #[inline]
    pub fn data_for(&self, token: TokenIx) -> &[Value] {
        if self.seldom.memory.views.is_empty() { &self.data } else { self.view(token) }
    }

    fn view(&self, token: TokenIx) -> &[Value] {
        let mut scope = self.token(token).map_or(ScopeIx(0), |item| item.scope);
        while let Some(around) = self.scope(scope) {
            if let Some((_, data)) = self.seldom.memory.views.iter().find(|(known, _)| *known == scope) {
                return data;
            }
            if scope == ScopeIx(0) {
                break;
            }
            scope = around.parent;
        }
        &self.data
    }

    /// How many completed steps can be undone.
    pub(in crate::kernel) fn undoable(&self) -> usize {
        self.seldom.memory.done.len()
    }

    /// Whether anything was done in one of these scopes that can be undone.
    pub(in crate::kernel) fn can_undo(&self, scopes: &[ScopeIx]) -> bool {
        self.seldom.memory.done.iter().any(|done| scopes.contains(&done.scope))
    }

    /// Whether the data of a step that contains others are known as they were when it was entered.
    pub(in crate::kernel) fn remembers(&self, token: TokenIx) -> bool {
        self.seldom.memory.entry(token).is_some()
    }

    /// The tokens in these scopes that wait until something has been undone.
    pub(in crate::kernel) fn compensating(&self, scopes: &[ScopeIx]) -> Vec<TokenIx> {
        let inside = |token: TokenIx| self.token(token).is_some_and(|item| scopes.contains(&item.scope));
        let tokens = self.seldom.memory.compensations.iter().map(|compensation| compensation.token);
        tokens.filter(|token| inside(*token)).collect()
    }

    /// The step that a token waits for to be undone next.
    pub(in crate::kernel) fn next_undo(&self, token: TokenIx) -> Option<StepIx> {
        let own = self.seldom.memory.compensations.iter().find(|compensation| compensation.token == token)?;
        own.open.last().map(|undoable| undoable.step)
    }

    /// The crack that a token answers when all has been undone, none when the case is cancelled then; and what it did when
    /// that struck.
    pub(in crate::kernel) fn compensates_for(&self, token: TokenIx) -> (CrackIx, Phase) {
        let own = self.seldom.memory.compensations.iter().find(|compensation| compensation.token == token);
        own.map_or((CrackIx::NONE, Phase::Leaving), |compensation| (compensation.crack, compensation.before))
    }

    /// Whether something is being undone in a scope.
    pub(in crate::kernel) fn is_undoing(&self, scope: ScopeIx) -> bool {
        self.seldom.memory.views.iter().any(|(known, _)| *known == scope)
    }

    /// The scopes inside the step of a token, inside those, and so on.
    pub(in crate::kernel) fn scopes_inside(&self, owner: TokenIx) -> Vec<ScopeIx> {
        let is_inside = |scope: &ScopeIx| {
            let mut around = self.scope(*scope);
            while let Some(inner) = around.filter(|inner| inner.owner != owner) {
                around = self.scope(inner.parent);
            }
            around.is_some()
        };
        self.open_scopes().into_iter().filter(is_inside).collect()
    }

    /// All open scopes.
    pub(in crate::kernel) fn open_scopes(&self) -> Vec<ScopeIx> {
        let open = self.scopes.iter().enumerate().filter(|(_, scope)| scope.open);
        open.map(|(index, _)| ScopeIx(index as u16)).collect()
    }
}
