//! What an event waits for or tells others.

use crate::file::{Catch, End, Throw, Trigger, What};
use crate::findings::Findings;
use crate::read::{Declared, duration, refused};
use crate::xml::Element;

/// The definition of an event: its own, or the one of the file that it refers to. More than one is refused.
pub(super) enum Defined<'a> {
    Nothing,
    By(&'a Element),
    Refused,
}

pub(super) fn definition<'a>(event: &'a Element, declared: &Declared<'a>, findings: &mut Findings) -> Defined<'a> {
    let mut found = event.inside.iter().filter_map(|inside| match inside.name.as_str() {
        "eventDefinitionRef" => declared.by(inside.text()),
        name if name.ends_with("EventDefinition") => Some(inside),
        _ => None,
    });
    match (found.next(), found.next()) {
        (None, _) => Defined::Nothing,
        (Some(only), None) => Defined::By(only),
        _ => {
            findings.refuse(event, "has several event definitions", Some("draw an event for each of them"));
            Defined::Refused
        }
    }
}

/// What an event is; `None` when it was refused. `level`: how many subprocesses are around. A boundary event is read as
/// one of the node at that position.
pub(super) fn read(
    event: &Element,
    declared: &Declared<'_>,
    level: usize,
    host: usize,
    findings: &mut Findings,
) -> Option<What> {
    let defined = match definition(event, declared, findings) {
        Defined::Refused => return None,
        Defined::By(defined) => Some(defined),
        Defined::Nothing => None,
    };
    let kind = defined.map(|defined| defined.name.as_str().trim_end_matches("EventDefinition"));
    let what = match event.name.as_str() {
        "startEvent" if level > 0 && kind.is_some() => {
            let instead = "begin a subprocess with a start event that nothing triggers";
            findings.refuse(event, "is triggered, but a subprocess begins as it is reached", Some(instead));
            return None;
        }
        "startEvent" => start(kind),
        "intermediateCatchEvent" => catch(event, kind, defined, declared),
        "intermediateThrowEvent" => match kind {
            None | Some("link") => Some(What::Pass),
            Some("message") => Some(What::Throw(Throw::Message)),
            Some("signal") => Some(What::Throw(signal(event, defined, declared, findings)?)),
            Some("escalation") if level == 0 => Some(What::Pass),
            _ => None,
        },
        "endEvent" => match kind {
            None => Some(What::End(End::Plain)),
            Some("terminate") => Some(What::End(End::Terminate)),
            Some("message") => Some(What::End(End::Throw(Throw::Message))),
            Some("signal") => Some(What::End(End::Throw(signal(event, defined, declared, findings)?))),
            Some("error") if level == 0 => Some(What::End(End::Terminate)),
            Some("escalation") if level == 0 => Some(What::End(End::Plain)),
            _ => None,
        },
        "boundaryEvent" => boundary(event, kind, defined, host, findings)?,
        _ => None,
    };
    if what.is_none() {
        refuse(event, kind, defined, findings);
    }
    what
}

fn start(kind: Option<&str>) -> Option<What> {
    let by_message = kind == Some("message");
    matches!(kind, None | Some("message" | "timer" | "signal" | "conditional")).then_some(What::Start { by_message })
}

fn catch(event: &Element, kind: Option<&str>, defined: Option<&Element>, declared: &Declared<'_>) -> Option<What> {
    Some(match kind? {
        "message" => What::Catch(Catch::Message),
        "timer" => What::Catch(Catch::Timer(defined.map(duration::of)?)),
        "signal" => What::Catch(Catch::Outside(signal_name(event, defined, declared))),
        "conditional" => What::Catch(Catch::Outside(event.title().unwrap_or_else(|| "condition".to_owned()))),
        "link" => What::Pass,
        _ => return None,
    })
}

fn boundary(
    event: &Element,
    kind: Option<&str>,
    defined: Option<&Element>,
    host: usize,
    findings: &mut Findings,
) -> Option<Option<What>> {
    let interrupts = !event.says("cancelActivity", "false");
    let trigger = match (kind, defined) {
        (Some("timer"), Some(timer)) if !interrupts && timer.child("timeCycle").is_some() => {
            let instead = "use a timer that happens once, or a loop in a parallel branch";
            findings.refuse(event, "happens again and again beside the activity", Some(instead));
            return None;
        }
        (Some("timer"), Some(timer)) => Trigger::Timer(duration::of(timer)),
        (Some("error"), _) => Trigger::Error,
        (Some("message" | "signal" | "conditional" | "escalation"), _) => Trigger::Outside,
        _ => return Some(None),
    };
    Some(Some(What::Boundary { host, trigger, interrupts }))
}

/// A message reaches one case that waits, a signal all of them: so a signal is sent only where nobody in the file waits.
fn signal(
    event: &Element,
    defined: Option<&Element>,
    declared: &Declared<'_>,
    findings: &mut Findings,
) -> Option<Throw> {
    let name = signal_name(event, defined, declared);
    if declared.awaited.contains(&name) {
        let why = format!("sends the signal `{name}` to all who wait for it in this file");
        findings.refuse(event, &why, Some("use a message for each of them"));
        return None;
    }
    Some(Throw::Signal(name))
}

fn signal_name(event: &Element, defined: Option<&Element>, declared: &Declared<'_>) -> String {
    let named = defined.and_then(|defined| defined.attribute("signalRef")).map(|signal| declared.name(signal));
    named.or_else(|| event.title()).unwrap_or_else(|| "signal".to_owned())
}

/// The signals that intermediate and boundary events anywhere in the file wait for.
pub(super) fn awaited_signals(root: &Element, declared: &Declared<'_>) -> Vec<String> {
    let mut awaited = Vec::new();
    let mut open = vec![root];
    while let Some(element) = open.pop() {
        open.extend(&element.inside);
        if matches!(element.name.as_str(), "intermediateCatchEvent" | "boundaryEvent") {
            let signals = element.inside.iter().filter(|inside| inside.name == "signalEventDefinition");
            awaited.extend(signals.map(|defined| signal_name(element, Some(defined), declared)));
        }
    }
    awaited.sort();
    awaited.dedup();
    awaited
}

/// Names the event, and what it is that cannot be said.
fn refuse(event: &Element, kind: Option<&str>, defined: Option<&Element>, findings: &mut Findings) {
    match (event.name.as_str(), kind) {
        ("intermediateThrowEvent" | "endEvent", Some("error" | "escalation")) => {
            let instead = "let the subprocess end, and decide behind it by an exclusive gateway";
            findings.refuse(event, "leaves the subprocess around by a way of its own", Some(instead));
        }
        (_, Some(kind)) => {
            let why = format!("with `{kind}EventDefinition` cannot be said in a definition");
            let instead = defined.and_then(|defined| refused::instead(&defined.name));
            findings.refuse(event, &why, instead);
        }
        (_, None) => findings.refuse(event, "does not say what it waits for", Some("give it an event definition")),
    }
}
