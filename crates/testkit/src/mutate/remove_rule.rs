//! Removes a rule, of the process or of a decision.

use grieta_core::definition::Definition;
use grieta_core::diagnostic::Path;

use super::Found;

pub(super) fn find(definition: &Definition, found: &mut Found) {
    for (name, decision) in &definition.decisions {
        for index in 0..decision.rules.len() {
            let path = Path::root("decisions").key(name).key("rules").index(index);
            let (what, name) = (format!("rule {} of `{name}` is gone", index + 1), name.clone());
            found.add(path, what, move |definition| {
                let decision = definition.decisions.get_mut(&name).filter(|decision| index < decision.rules.len());
                decision.into_iter().for_each(|decision| drop(decision.rules.remove(index)));
            });
        }
    }
    for (index, rule) in definition.rules.iter().enumerate() {
        let what = format!("the rule `{}: [{}]` is gone", rule.key(), rule.steps().join(", "));
        found.add(Path::root("rules").index(index), what, move |definition| {
            if index < definition.rules.len() {
                definition.rules.remove(index);
            }
        });
    }
}
