//! What a case must bring with it, for those who start cases of one process from another: which steps read a field that may
//! have no value by then, whether or not the process writes it somewhere.

use grieta_core::diagnostic::Path;
use grieta_core::{FieldIx, Plan};

use super::fields::Fields;
use crate::soundness::{Limits, Missed, Watched, missed};

/// As many states are found for all fields together.
const MOST_STATES: usize = 1_000_000;

/// A step that may read a field of which a case has no value then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The field.
    pub field: String,
    /// The step that reads it.
    pub step: String,
    /// Where it does, from the root of the definition.
    pub at: Path,
    /// How a case comes there.
    pub story: Vec<String>,
}

/// The steps that may read a field before it has a value, of all fields that are neither required nor have an initial one; and
/// the fields of which the limits leave it open.
pub fn lacking(plan: &Plan, limits: &Limits) -> (Vec<Lacking>, Vec<String>) {
    let definition = plan.definition();
    let whole = plan.root().and_then(|root| plan.step_definition(root));
    let fields = Fields::new(definition, plan.process().schema(), whole);
    let (mut found, mut open, mut left) = (Vec::new(), Vec::new(), MOST_STATES);
    let declared = definition.data.iter().enumerate();
    let free = declared.filter(|(_, (_, declared))| !declared.required && declared.initial.is_none());
    for (field, (name, _)) in free.filter(|(field, _)| !fields.readers[*field].is_empty()) {
        let limits = Limits { most_states: left.min(limits.most_states), ..*limits };
        let misses = missed(plan, fields.watched_reads(field), &limits);
        left = left.saturating_sub(misses.states.max(definition.steps.len()));
        if misses.cut || left == 0 {
            open.push(name.clone());
        }
        for (missed, trace) in misses.missed {
            let Missed::Read { step, source } = missed else { continue };
            let story = || trace.as_ref().map(|trace| trace.story(plan)).unwrap_or_default();
            let reads =
                fields.readers[field].iter().filter(|read| read.step == step.at() && read.source == source.as_deref());
            found.extend(reads.map(|read| {
                let at = Path([fields.path(read.step).0, read.at.0.clone()].concat());
                Lacking { field: name.clone(), step: fields.step(read.step).to_owned(), at, story: story() }
            }));
        }
    }
    (found, open)
}

impl Fields<'_> {
    /// A field, and the steps that write it or read it.
    pub fn watched_reads(&self, field: usize) -> Watched {
        let none = vec![false; self.definition.steps.len() + 1];
        let mut watched =
            Watched { field: FieldIx(field as u16), used: none.clone(), listed: none.clone(), promised: none };
        self.writers[field].iter().for_each(|writer| watched.used[*writer] = true);
        for read in &self.readers[field] {
            let steps = if read.is_listed() { &mut watched.listed } else { &mut watched.used };
            steps[read.step] = true;
        }
        watched
    }
}
