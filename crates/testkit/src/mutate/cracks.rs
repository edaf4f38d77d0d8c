//! The cracks of a definition, wherever they are declared.

use grieta_core::definition::{Crack, Definition, Step};
use grieta_core::diagnostic::Path;
use indexmap::IndexMap;

/// A crack of a step, or of the process.
#[derive(Clone)]
pub(super) struct Place {
    step: Option<String>,
    name: String,
}

/// Every crack, with its place: those of the steps, then those of the process.
pub(super) fn all(definition: &Definition) -> impl Iterator<Item = (Place, &Crack)> {
    let of_steps = definition.steps.iter().flat_map(|(step, declared)| {
        let place = move |name: &String| Place { step: Some(step.clone()), name: name.clone() };
        declared.cracks.iter().map(move |(name, crack)| (place(name), crack))
    });
    let own = definition.cracks.iter().map(|(name, crack)| (Place { step: None, name: name.clone() }, crack));
    of_steps.chain(own)
}

impl Place {
    pub fn path(&self) -> Path {
        match &self.step {
            Some(step) => Path::root("steps").key(step).key("cracks").key(&self.name),
            None => Path::root("cracks").key(&self.name),
        }
    }

    /// What it is called in a sentence.
    pub fn words(&self) -> String {
        match &self.step {
            Some(step) => format!("the crack `{}` of `{step}`", self.name),
            None => format!("the crack `{}` of the process", self.name),
        }
    }

    /// The step to which it belongs, if it is not of the process.
    pub fn step<'a>(&self, definition: &'a Definition) -> Option<&'a Step> {
        definition.steps.get(self.step.as_ref()?)
    }

    pub fn remove(&self, definition: &mut Definition) {
        if let Some(cracks) = self.among(definition) {
            cracks.shift_remove(&self.name);
        }
    }

    pub fn change(&self, definition: &mut Definition, change: impl FnOnce(&mut Crack)) {
        if let Some(crack) = self.among(definition).and_then(|cracks| cracks.get_mut(&self.name)) {
            change(crack);
        }
    }

    fn among<'a>(&self, definition: &'a mut Definition) -> Option<&'a mut IndexMap<String, Crack>> {
        match &self.step {
            Some(step) => definition.steps.get_mut(step).map(|step| &mut step.cracks),
            None => Some(&mut definition.cracks),
        }
    }
}
