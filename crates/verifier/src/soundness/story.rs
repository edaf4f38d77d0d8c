//! A trace in words.

use grieta_core::Plan;

use super::trace::Trace;

impl Trace {
    /// What happens on the way, in order, in words.
    pub fn story(&self, _plan: &Plan) -> Vec<String> {
        self.commands.iter().map(|replay| format!("{:?}", replay.command)).collect()
    }
}
