//! Elements that a definition cannot say, and what to use instead.

use crate::findings::Findings;
use crate::xml::Element;

/// Refuses an element for its kind.
pub(super) fn element(element: &Element, findings: &mut Findings) {
    findings.refuse(element, "cannot be said in a definition", instead(&element.name));
}

pub(super) fn instead(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "complexGateway" => "use an inclusive gateway, or write the step as a `join` with `first`",
        "transaction" => "use a subprocess with boundary events; undo its steps with `undo` and `recover: compensate`",
        "adHocSubProcess" => "use a subprocess whose activities are connected, or parallel branches",
        "compensateEventDefinition" => "say what undoes a step with `undo`, and when with `recover: compensate`",
        "cancelEventDefinition" => "lead to an end event in the subprocess, or use a boundary event",
        "choreography" | "globalChoreographyTask" | "globalConversation" => "draw each participant as a process",
        _ => return None,
    })
}
