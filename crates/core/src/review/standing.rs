//! Which roles have signed what they do, and whether that still holds.

use indexmap::IndexSet;
use serde::Serialize;

use super::view::{View, Views};
use crate::definition::{Definition, Note, SignOff};

/// A hash is told by so many of its digits at least.
pub const SHORTEST_HASH: usize = 12;

/// How it stands with the review of a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<'a> {
    /// What it does now.
    pub view: View,
    /// Its sign-offs, each with its position in the definition and whether it holds: what was signed is what the role does now.
    pub signed: Vec<(usize, &'a SignOff, bool)>,
    /// The open notes that are its business, each with its position in the definition.
    pub notes: Vec<(usize, &'a Note)>,
}

/// Whether a role has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody of the role has signed what it does now.
    Signed,
    /// What somebody of it has signed reads differently now.
    Void,
    /// Nobody has signed.
    Missing,
}

impl Standing<'_> {
    /// One sign-off that holds is enough; earlier ones may stand beside it.
    pub fn state(&self) -> State {
        match self.signed.iter().any(|(.., holds)| *holds) {
            true => State::Signed,
            false if self.signed.is_empty() => State::Missing,
            false => State::Void,
        }
    }
}

impl Definition {
    /// How it stands with each role that has something to do or to sign, in the order of the definition. A note is the business
    /// of the role in which it was said, or else of those who do the step.
    pub fn standings(&self) -> Vec<Standing<'_>> {
        let views = Views::of(self);
        let signatures = self.sign_off.as_deref().unwrap_or_default();
        let signing: IndexSet<&str> = signatures.iter().map(|sign_off| sign_off.role.as_str()).collect();
        let views = self.roles.keys().filter_map(|role| views.view(role));
        let concerned = views.filter(|view| view.has_work() || signing.contains(view.role.as_str()));
        concerned.map(|view| self.standing(view, signatures)).collect()
    }

    fn standing<'a>(&'a self, view: View, signatures: &'a [SignOff]) -> Standing<'a> {
        let hash = view.hash().to_string();
        let holds = |sign_off: &SignOff| {
            sign_off.hash.len() >= SHORTEST_HASH && hash.starts_with(&sign_off.hash.to_ascii_lowercase())
        };
        let own = signatures.iter().enumerate().filter(|(_, sign_off)| sign_off.role == view.role);
        let signed = own.map(|(at, sign_off)| (at, sign_off, holds(sign_off))).collect();
        let is_theirs = |note: &Note| match &note.role {
            Some(role) => *role == view.role,
            None => view.steps.contains_key(&note.step),
        };
        let open = self.notes.iter().enumerate().filter(|(_, note)| note.answer.is_none() && is_theirs(note));
        let notes = open.collect();
        Standing { view, signed, notes }
    }
}
