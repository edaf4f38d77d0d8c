//! What goes on inside steps: scopes, instances, joins that remember.

use std::sync::Arc;

use crate::index::{ScopeIx, StepIx, TokenIx};

/// What goes on inside a step, or, for number 0, in the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The token at the step that contains it; none for the case itself and for what nobody waits for.
    pub owner: TokenIx,
    /// The scope of that token.
    pub parent: ScopeIx,
    /// How many tokens it has, and scopes that nobody waits for; not what is inside those. Not counted for the case
    /// itself.
    pub live: u16,
    pub(super) open: bool,
}

/// The instances of a `for-each` step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instances {
    /// How many there are to be.
    pub total: u32,
    /// How many have begun.
    pub begun: u32,
    /// How many have ended.
    pub ended: u32,
    /// After how many the case goes on; `u32::MAX` when a condition or the end of all decides.
    pub enough: u32,
}

/// A join that went on before all had come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fired {
    pub step: StepIx,
    pub scope: ScopeIx,
    pub seen: Arc<[u16]>,
}
