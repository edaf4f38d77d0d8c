//! A trace in words.

use grieta_core::Plan;
use grieta_core::world::Directory;

use super::trace::Trace;

impl Trace {
    /// What happens on the way, in order, a sentence for each moment.
    pub fn story(&self, plan: &Plan) -> Vec<String> {
        let mut events = Vec::new();
        self.replay(plan, |_, at, event| events.push((at, event.clone())));
        let told = plan.story(&Directory::default(), events.iter().map(|(at, event)| (*at, event)));
        told.iter().map(|(_, told)| told.sentence(plan)).collect()
    }
}
