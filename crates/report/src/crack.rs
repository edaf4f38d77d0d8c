//! Who answers a crack that its own step does not.

use grieta_core::definition::{Care, Crack, Definition, Trigger};

/// What around a step answers for its cracks of that trigger: the innermost step that does, or the process.
pub(crate) fn answers_outside<'a>(definition: &'a Definition, step: &str, on: Trigger) -> Option<&'a str> {
    let answers = |crack: &Crack| {
        let alone = crack.on == on && crack.after.is_none() && crack.when.is_none();
        alone && crack.interrupts() && crack.care() == Care::Answered
    };
    let around = |inner: &str| {
        let contains = |inside: &[String]| inside.iter().any(|name| name == inner);
        definition.steps.iter().find(|(_, step)| contains(step.kind.inside()))
    };
    let mut inner = around(step);
    while let Some((name, step)) = inner {
        if step.cracks.values().any(answers) {
            return Some(name);
        }
        inner = around(name);
    }
    let process = Some(definition.process.as_str()).filter(|process| *process != step);
    process.filter(|_| definition.cracks.values().any(answers))
}
