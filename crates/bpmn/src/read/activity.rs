//! What an activity does, and how often.

use crate::file::{Again, What, Work};
use crate::findings::Findings;
use crate::read::{Declared, local, refused};
use crate::xml::Element;

/// What an activity is; `None` when it was refused.
pub(super) fn read(element: &Element, declared: &Declared<'_>, findings: &mut Findings) -> Option<What> {
    let work = match element.name.as_str() {
        "task" | "userTask" | "manualTask" => Work::Human,
        "serviceTask" | "scriptTask" | "businessRuleTask" => Work::Service,
        "sendTask" => Work::Send,
        "receiveTask" => Work::Receive,
        // Nothing is drawn inside: it stands for work as a task does.
        "subProcess" if !has_steps(element) => Work::Human,
        "subProcess" => Work::Subprocess,
        "callActivity" => called(element, declared, findings)?,
        _ => {
            refused::element(element, findings);
            return None;
        }
    };
    if element.says("isForCompensation", "true") {
        let instead = "say what undoes a step with `undo`, and when with `recover: compensate`";
        findings.refuse(element, "is there to compensate", Some(instead));
        return None;
    }
    if element.says("triggeredByEvent", "true") {
        let instead = "use boundary events of the subprocess around, or cracks of the process";
        findings.refuse(element, "is an event subprocess", Some(instead));
        return None;
    }
    for quantity in ["startQuantity", "completionQuantity"] {
        if !matches!(element.attribute(quantity), None | Some("1")) {
            let instead = "use gateways, or write the step as a `join` or `fork` with `threads`";
            findings.refuse(element, &format!("has a `{quantity}` other than 1"), Some(instead));
        }
    }
    Some(What::Activity { work, again: again(element, findings) })
}

/// Whether a subprocess has more inside than its own ways in and out.
fn has_steps(element: &Element) -> bool {
    let beside = |inside: &Element| super::process::NO_CONTROL_FLOW.contains(&inside.name.as_str());
    let loops = |inside: &Element| inside.name.ends_with("LoopCharacteristics");
    element.inside.iter().any(|inside| !beside(inside) && !loops(inside))
}

fn called(element: &Element, declared: &Declared<'_>, findings: &mut Findings) -> Option<Work> {
    let Some(reference) = element.attribute("calledElement").filter(|reference| !reference.trim().is_empty()) else {
        let instead = "name the process under `calledElement`, or draw a subprocess";
        findings.refuse(element, "does not say which process it calls", Some(instead));
        return None;
    };
    match declared.by(reference).map(|called| called.name.as_str()) {
        Some("globalTask" | "globalUserTask" | "globalManualTask") => Some(Work::Human),
        Some("globalScriptTask" | "globalBusinessRuleTask") => Some(Work::Service),
        Some("process") | None => Some(Work::Call(local(reference).to_owned())),
        Some(_) => {
            refused::element(element, findings);
            None
        }
    }
}

fn again(element: &Element, findings: &mut Findings) -> Again {
    if let Some(standard) = element.child("standardLoopCharacteristics") {
        return if standard.says("testBefore", "true") { Again::Before } else { Again::After };
    }
    let Some(multiple) = element.child("multiInstanceLoopCharacteristics") else { return Again::Once };
    if multiple.child("completionCondition").is_some() {
        let instead = "write the step as a `for-each` with `enough`";
        findings.refuse(element, "ends its instances on a condition", Some(instead));
    }
    if !matches!(multiple.attribute("behavior"), None | Some("All")) {
        let instead = "write the step as a `for-each` with `enough`";
        findings.refuse(element, "throws events as its instances end", Some(instead));
    }
    let times = multiple.child("loopCardinality").and_then(|times| times.text().parse().ok());
    Again::Each { times, one_by_one: multiple.says("isSequential", "true") }
}
