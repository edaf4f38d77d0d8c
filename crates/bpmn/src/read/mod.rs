//! From the tree of a file to what it says: pools, message flows, and what the whole file declares.

mod activity;
mod duration;
mod event;
mod process;
mod refused;

use std::collections::HashMap;

use grieta_core::diagnostic::Code;

use crate::file::{File, MessageFlow};
use crate::findings::Findings;
use crate::xml::Element;

/// Elements of the file, and of a collaboration, that carry no token.
const NO_CONTROL_FLOW: [&str; 29] = [
    "association",
    "category",
    "conversation",
    "conversationAssociation",
    "conversationLink",
    "callConversation",
    "correlationKey",
    "correlationProperty",
    "dataStore",
    "endPoint",
    "extension",
    "globalBusinessRuleTask",
    "globalManualTask",
    "globalScriptTask",
    "globalTask",
    "globalUserTask",
    "group",
    "import",
    "interface",
    "itemDefinition",
    "messageFlowAssociation",
    "participantAssociation",
    "partnerEntity",
    "partnerRole",
    "relationship",
    "resource",
    "subConversation",
    "textAnnotation",
    "choreographyRef",
];

/// What elements anywhere in the file may refer to.
pub(crate) struct Declared<'a> {
    elements: HashMap<&'a str, &'a Element>,
    /// For each process the pool that it belongs to.
    pools: HashMap<&'a str, &'a Element>,
    /// The signals for which something waits that is under way.
    awaited: Vec<String>,
}

impl<'a> Declared<'a> {
    fn of(root: &'a Element) -> Declared<'a> {
        let identified = |element: &'a Element| element.attribute("id").map(|id| (id, element));
        let collaborations = root.inside.iter().filter(|element| element.name == "collaboration");
        let participants = collaborations.flat_map(|element| &element.inside);
        let pool = |element: &'a Element| element.attribute("processRef").map(|process| (local(process), element));
        let mut declared = Declared {
            elements: root.inside.iter().filter_map(identified).collect(),
            pools: participants.filter_map(pool).collect(),
            awaited: Vec::new(),
        };
        declared.awaited = event::awaited_signals(root, &declared);
        declared
    }

    /// The element of the file, not of a process, that an attribute refers to.
    fn by(&self, reference: &str) -> Option<&'a Element> {
        self.elements.get(local(reference)).copied()
    }

    /// The name of what an attribute refers to; the reference itself where the file does not hold it.
    fn name(&self, reference: &str) -> String {
        self.by(reference).and_then(Element::title).unwrap_or_else(|| local(reference).to_owned())
    }
}

/// A reference without the prefix of the namespace of the file.
fn local(reference: &str) -> &str {
    let reference = reference.trim();
    reference.rsplit_once(':').map_or(reference, |(_, local)| local)
}

/// All that the file says about control flow. What it cannot say here is among the findings.
pub(crate) fn file(root: &Element, findings: &mut Findings) -> File {
    let declared = Declared::of(root);
    let mut file = File::default();
    let mut ids = process::Ids::default();
    for element in &root.inside {
        match element.name.as_str() {
            "process" => file.pools.extend(process::read(element, &declared, &mut ids, findings)),
            "collaboration" => collaboration(element, &mut file, findings),
            "message" | "signal" | "error" | "escalation" => {}
            name if NO_CONTROL_FLOW.contains(&name) || name.ends_with("EventDefinition") => {}
            _ => refused::element(element, findings),
        }
    }
    if file.pools.is_empty() && findings.list.is_empty() {
        let help = "draw the steps of a process, or export the model with them";
        findings.wrong(Code::Empty, root, "hold no process with anything in it", help);
    }
    file
}

fn collaboration(element: &Element, file: &mut File, findings: &mut Findings) {
    for inside in &element.inside {
        match inside.name.as_str() {
            "messageFlow" => {
                let ends = inside.attribute("sourceRef").zip(inside.attribute("targetRef"));
                let Some((from, to)) = ends else {
                    let help = "draw it from whoever sends to whoever receives";
                    findings.wrong(Code::MissingKey, inside, "lacks `sourceRef` or `targetRef`", help);
                    continue;
                };
                let (from, to) = (local(from).to_owned(), local(to).to_owned());
                let id = inside.attribute("id").unwrap_or("message").to_owned();
                file.message_flows.push(MessageFlow { id, name: inside.title(), from, to });
            }
            "participant" => {}
            name if NO_CONTROL_FLOW.contains(&name) => {}
            _ => refused::element(inside, findings),
        }
    }
}
