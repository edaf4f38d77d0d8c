//! Drops a crack.

use grieta_core::definition::Definition;

use super::{Found, cracks};

pub(super) fn find(definition: &Definition, found: &mut Found) {
    for (place, _) in cracks::all(definition) {
        let what = format!("{} is gone", place.words());
        found.add(place.path(), what, move |definition| place.remove(definition));
    }
}
