//! One process: its nodes of all levels, the flows between them, and who does the work.

use std::collections::{HashMap, HashSet};

use grieta_core::diagnostic::{Code, Place};

use crate::file::{Again, Catch, Flow, Gateway, Node, Pool, What, Work};
use crate::findings::Findings;
use crate::read::{Declared, activity, event, local, refused};
use crate::xml::Element;

/// Elements of a process, or of what is in it, that carry no token.
pub(super) const NO_CONTROL_FLOW: [&str; 36] = [
    "artifact",
    "association",
    "auditing",
    "categoryValueRef",
    "correlationSubscription",
    "dataInput",
    "dataInputAssociation",
    "dataObject",
    "dataObjectReference",
    "dataOutput",
    "dataOutputAssociation",
    "dataStoreReference",
    "eventDefinitionRef",
    "group",
    "humanPerformer",
    "incoming",
    "inputSet",
    "ioBinding",
    "ioSpecification",
    "laneSet",
    "monitoring",
    "outgoing",
    "outputSet",
    "performer",
    "potentialOwner",
    "property",
    "rendering",
    "resourceRole",
    "script",
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "supportedInterfaceRef",
    "supports",
    "text",
    "textAnnotation",
    "conditionExpression",
];

/// Where each identifier of the file stands that must be the only one.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, Place>);

impl Ids {
    fn take(&mut self, element: &Element, findings: &mut Findings) {
        let Some(id) = element.attribute("id") else { return };
        match self.0.get(id) {
            None => _ = self.0.insert(id.to_owned(), element.place),
            Some(first) => {
                let (why, help) = ("has an identifier that stands before already", "give it one of its own");
                findings.wrong_with(Code::DuplicateKey, element, why, help, "here first", *first);
            }
        }
    }
}

/// The process, or nothing when there is nothing in it.
pub(super) fn read(element: &Element, declared: &Declared<'_>, ids: &mut Ids, findings: &mut Findings) -> Option<Pool> {
    let id = element.attribute("id").unwrap_or("process").to_owned();
    let pool = declared.pools.get(id.as_str()).and_then(|pool| pool.title());
    let pool = Pool { name: pool.or_else(|| element.title()), id, nodes: Vec::new(), flows: Vec::new() };
    let mut reading = Reading {
        declared,
        ids,
        findings,
        pool,
        positions: HashMap::new(),
        refused: HashSet::new(),
        written: Vec::new(),
        lanes: HashMap::new(),
        links: HashMap::new(),
    };
    reading.level(element, None, 0);
    let written = std::mem::take(&mut reading.written);
    written.iter().filter(|(_, element)| element.name == "boundaryEvent").for_each(|(at, it)| reading.attach(*at, it));
    written.iter().filter(|(_, element)| element.name == "sequenceFlow").for_each(|(_, it)| reading.flow(it));
    let nodes = || written.iter().filter(|(_, element)| element.name != "sequenceFlow");
    nodes().for_each(|(at, element)| reading.catch_link(*at, element));
    for (at, element) in nodes() {
        reading.default(*at, element);
        reading.throw_link(*at, element);
        reading.race(*at, element);
    }
    reading.assign_lanes();
    reading.beginnings(element, &written);
    (!reading.pool.nodes.is_empty()).then_some(reading.pool)
}

/// A process as far as it was read.
struct Reading<'a, 'b> {
    declared: &'b Declared<'a>,
    ids: &'b mut Ids,
    findings: &'b mut Findings,
    pool: Pool,
    /// Nodes by identifier.
    positions: HashMap<&'b str, usize>,
    /// Nodes that were refused: whatever leads there is not held against the file as well.
    refused: HashSet<&'b str>,
    /// The elements of nodes, with their positions, and of flows, which are read when all nodes are known.
    written: Vec<(usize, &'b Element)>,
    /// The lane of each node that one names.
    lanes: HashMap<&'b str, String>,
    /// Where the links of a level lead.
    links: HashMap<(Option<usize>, String), usize>,
}

impl<'b> Reading<'_, 'b> {
    /// What is directly inside the process or a subprocess.
    fn level(&mut self, element: &'b Element, inside: Option<usize>, level: usize) {
        for child in &element.inside {
            match child.name.as_str() {
                "laneSet" => self.lane_set(child),
                "sequenceFlow" => {
                    self.ids.take(child, self.findings);
                    self.written.push((0, child));
                }
                name if NO_CONTROL_FLOW.contains(&name) => {}
                _ => self.node(child, inside, level),
            }
        }
    }

    fn lane_set(&mut self, lanes: &'b Element) {
        for lane in &lanes.inside {
            let title = lane.title();
            for child in &lane.inside {
                match (child.name.as_str(), &title) {
                    ("flowNodeRef", Some(title)) => _ = self.lanes.insert(local(child.text()), title.clone()),
                    ("childLaneSet", _) => self.lane_set(child),
                    _ => {}
                }
            }
        }
    }

    fn node(&mut self, element: &'b Element, inside: Option<usize>, level: usize) {
        self.ids.take(element, self.findings);
        let Some(id) = element.attribute("id") else {
            let help = "give it an `id`, to which sequence flows can lead";
            return self.findings.wrong(Code::MissingKey, element, "has no `id`", help);
        };
        self.unknown_parts(element);
        let Some(what) = self.what(element, level) else {
            self.refused.insert(id);
            return;
        };
        let at = self.pool.nodes.len();
        let contains = matches!(what, What::Activity { work: Work::Subprocess, .. });
        self.positions.insert(id, at);
        self.written.push((at, element));
        self.pool.nodes.push(Node {
            id: id.to_owned(),
            name: element.title(),
            element: element.name.clone(),
            place: element.place,
            inside,
            what,
            lane: None,
            message: self.message(element),
            default: None,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            boundary: Vec::new(),
        });
        if contains {
            self.level(element, Some(at), level + 1);
        }
    }

    /// Whatever stands in a node and is not known here might have a meaning for its tokens.
    fn unknown_parts(&mut self, element: &Element) {
        if matches!(element.name.as_str(), "subProcess" | "transaction" | "adHocSubProcess") {
            return;
        }
        let known =
            |part: &&Element| NO_CONTROL_FLOW.contains(&part.name.as_str()) || part.name.ends_with("EventDefinition");
        element.inside.iter().filter(|part| !known(part)).for_each(|part| refused::element(part, self.findings));
    }

    fn what(&mut self, element: &Element, level: usize) -> Option<What> {
        match element.name.as_str() {
            "exclusiveGateway" => Some(What::Gateway(Gateway::Exclusive)),
            "parallelGateway" => Some(What::Gateway(Gateway::Parallel)),
            "inclusiveGateway" => Some(What::Gateway(Gateway::Inclusive)),
            "eventBasedGateway" if element.says("eventGatewayType", "Parallel") => {
                let instead = "use a parallel gateway with an event behind each flow";
                self.findings.refuse(element, "waits for all of its events", Some(instead));
                None
            }
            "eventBasedGateway" => Some(What::Gateway(Gateway::Event)),
            name if name.ends_with("Event") => event::read(element, self.declared, level, 0, self.findings),
            "task" | "subProcess" | "callActivity" => activity::read(element, self.declared, self.findings),
            name if name.ends_with("Task") => activity::read(element, self.declared, self.findings),
            _ => {
                refused::element(element, self.findings);
                None
            }
        }
    }

    /// The name of the message that a task, or the definition of an event, names.
    fn message(&self, element: &Element) -> Option<String> {
        let event = element.inside.iter().find(|inside| inside.name == "messageEventDefinition");
        let named = |element: &Element| element.attribute("messageRef").map(|message| self.declared.name(message));
        named(element).or_else(|| event.and_then(named))
    }

    /// Puts a boundary event on the border of its activity.
    fn attach(&mut self, at: usize, element: &Element) {
        let host = element.attribute("attachedToRef").map(local).unwrap_or_default();
        if self.refused.contains(host) {
            return;
        }
        let position = self.positions.get(host).copied();
        let activity = position.filter(|at| matches!(self.pool.nodes[*at].what, What::Activity { .. }));
        let Some(activity) = activity else {
            let help = "name the activity on whose border it is under `attachedToRef`";
            let why = format!("is on the border of `{host}`, and there is no such activity");
            return self.findings.wrong(Code::UnknownStep, element, &why, help);
        };
        if self.pool.nodes[activity].inside != self.pool.nodes[at].inside {
            let help = "draw it inside the same subprocess as its activity";
            return self.findings.wrong(Code::CrossesScope, element, "is inside another subprocess", help);
        }
        if let What::Boundary { host, .. } = &mut self.pool.nodes[at].what {
            *host = activity;
        }
        self.pool.nodes[activity].boundary.push(at);
    }

    fn flow(&mut self, element: &Element) {
        let end = |key| element.attribute(key).map(local).unwrap_or_default();
        let ends = [end("sourceRef"), end("targetRef")];
        if ends.iter().any(|end| self.refused.contains(end)) {
            return;
        }
        for (end, key) in ends.iter().zip(["sourceRef", "targetRef"]) {
            if !self.positions.contains_key(end) {
                let why = format!("has the {key} `{end}`, and there is no such element in this process");
                return self.findings.wrong(
                    Code::UnknownStep,
                    element,
                    &why,
                    "lead from and to elements of the process",
                );
            }
        }
        let (from, to) = (self.positions[ends[0]], self.positions[ends[1]]);
        if self.pool.nodes[from].inside != self.pool.nodes[to].inside {
            let help = "lead to an end event inside, and go on from the subprocess";
            return self.findings.wrong(Code::CrossesScope, element, "leads into or out of a subprocess", help);
        }
        if matches!(self.pool.nodes[from].what, What::End(_)) {
            return self.findings.refuse(element, "leads on from an end event", Some("use an intermediate event"));
        }
        if matches!(self.pool.nodes[to].what, What::Start { .. } | What::Boundary { .. }) {
            let instead = "lead to what comes behind it";
            return self.findings.refuse(element, "leads to an event that only begins a path", Some(instead));
        }
        let flow = Flow {
            id: element.attribute("id").unwrap_or("flow").to_owned(),
            name: element.title(),
            place: element.place,
            from,
            to,
            conditional: element.child("conditionExpression").is_some(),
        };
        self.connect(flow);
    }

    fn connect(&mut self, flow: Flow) {
        let at = self.pool.flows.len();
        self.pool.nodes[flow.from].outgoing.push(at);
        self.pool.nodes[flow.to].incoming.push(at);
        self.pool.flows.push(flow);
    }

    fn default(&mut self, at: usize, element: &Element) {
        let Some(default) = element.attribute("default").map(local).filter(|default| !default.is_empty()) else {
            return;
        };
        let node = &self.pool.nodes[at];
        let position = node.outgoing.iter().copied().find(|flow| self.pool.flows[*flow].id == default);
        if position.is_none() && self.refused.is_empty() {
            let why = format!("has the default flow `{default}`, which does not lead on from it");
            self.findings.wrong(Code::UnknownOutcome, element, &why, "name one of its outgoing flows");
        }
        self.pool.nodes[at].default = position;
    }

    /// Where a link leads, by its name on its level.
    fn catch_link(&mut self, at: usize, element: &Element) {
        if element.name != "intermediateCatchEvent" {
            return;
        }
        let Some(name) = link_name(element) else { return };
        if self.links.insert((self.pool.nodes[at].inside, name.clone()), at).is_some() {
            let why = format!("catches the link `{name}` a second time");
            self.findings.refuse(element, &why, Some("give each link that is caught a name of its own"));
        }
    }

    /// A link that is thrown leads to where it is caught as a flow does.
    fn throw_link(&mut self, at: usize, element: &Element) {
        if element.name != "intermediateThrowEvent" {
            return;
        }
        let Some(name) = link_name(element) else { return };
        match self.links.get(&(self.pool.nodes[at].inside, name.clone())) {
            Some(to) => {
                let (id, to, place) = (self.pool.nodes[at].id.clone(), *to, element.place);
                self.connect(Flow { id, name: None, place, from: at, to, conditional: false });
            }
            None => {
                let why = format!("leads to the link `{name}`, which nothing on its level catches");
                self.findings.refuse(element, &why, Some("name both ends of the link alike"));
            }
        }
    }

    /// Behind an event-based gateway something must be able to happen, at which the others are withdrawn.
    fn race(&mut self, at: usize, element: &Element) {
        if self.pool.nodes[at].what != What::Gateway(Gateway::Event) {
            return;
        }
        let happens = |flow: &usize| match &self.pool.nodes[self.pool.flows[*flow].to].what {
            What::Catch(Catch::Message | Catch::Timer(_) | Catch::Outside(_)) => true,
            What::Activity { work: Work::Receive, again } => *again == Again::Once,
            _ => false,
        };
        if !self.pool.nodes[at].outgoing.iter().all(happens) {
            let instead = "let each of its flows lead to an intermediate event that waits, or to a receive task";
            self.findings.refuse(element, "leads to what cannot win a race", Some(instead));
        }
    }

    /// What goes on in a process or subprocess begins somewhere.
    fn beginnings(&mut self, process: &Element, written: &[(usize, &'b Element)]) {
        if !self.refused.is_empty() || self.pool.nodes.is_empty() {
            return;
        }
        let mut begun: HashSet<Option<usize>> = HashSet::new();
        begun.extend(self.pool.nodes.iter().filter(|node| node.may_begin()).map(|node| node.inside));
        let (why, help) = ("has nothing to begin with: every element in it follows another", "add a start event");
        if !begun.contains(&None) {
            self.findings.wrong(Code::Containment, process, why, help);
        }
        for (at, element) in written.iter().filter(|(_, element)| element.name != "sequenceFlow") {
            let contains = matches!(self.pool.nodes[*at].what, What::Activity { work: Work::Subprocess, .. });
            if contains && !begun.contains(&Some(*at)) {
                self.findings.wrong(Code::Containment, element, why, help);
            }
        }
    }

    /// Each node gets its lane, or that of the subprocess around it, which stands before it.
    fn assign_lanes(&mut self) {
        for at in 0..self.pool.nodes.len() {
            let node = &self.pool.nodes[at];
            let own = self.lanes.get(node.id.as_str()).cloned();
            let lane = own.or_else(|| node.inside.and_then(|around| self.pool.nodes[around].lane.clone()));
            self.pool.nodes[at].lane = lane;
        }
    }
}

/// The name of a link event.
fn link_name(event: &Element) -> Option<String> {
    let link = event.child("linkEventDefinition")?;
    link.title().or_else(|| event.title())
}
