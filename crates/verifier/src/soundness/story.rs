//! A trace in words.

use grieta_core::Plan;
use grieta_core::kernel::{Case, Event};

use super::trace::Trace;

impl Trace {
    /// What happens on the way, in order, a sentence for each moment. Values and clocks are left out, because the search leaves
    /// open what the data are and how long things take.
    pub fn story(&self, plan: &Plan) -> Vec<String> {
        let people = plan.staff().cloned().unwrap_or_default();
        let (mut before, mut told) = (Case::default(), Vec::new());
        self.replay(plan, |_, at, event| {
            if !is_left_open(event) {
                told.extend(plan.tell(&before, &people, event).map(|told| told.sentence(plan)));
            }
            before.apply(at, event);
        });
        told
    }
}

fn is_left_open(event: &Event) -> bool {
    matches!(event, Event::DataSet { .. }) || event.is_of_clock()
}
