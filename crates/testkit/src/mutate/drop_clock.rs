//! Drops a clock, and the cracks that look at it.

use grieta_core::definition::{Crack, Definition};
use grieta_core::diagnostic::Path;

use super::Found;

pub(super) fn find(definition: &Definition, found: &mut Found) {
    for clock in definition.clocks.keys() {
        let what = format!("the clock `{clock}` is gone");
        let (path, clock) = (Path::root("clocks").key(clock), clock.clone());
        found.add(path, what, move |definition| {
            definition.clocks.shift_remove(&clock);
            let stays = |crack: &Crack| crack.clock.as_ref() != Some(&clock);
            definition.cracks.retain(|_, crack| stays(crack));
            definition.steps.values_mut().for_each(|step| step.cracks.retain(|_, crack| stays(crack)));
        });
    }
}
