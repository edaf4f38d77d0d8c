//! From what a file says to definitions: one for each process.

mod branches;
mod order;
mod steps;
mod vanish;

use std::collections::HashMap;

use grieta_core::definition::{Definition, Kind, Role, Step};
use grieta_core::diagnostic::Place;
use indexmap::IndexMap;

use crate::file::{File, Node, Pool, What};
use crate::messages::Messages;
use crate::names::{self, Names};
use crate::{Element, Participant};
use branches::Way;
use vanish::{Goal, Vanished};

/// The processes of a file as definitions.
pub(crate) fn processes(file: &File) -> Vec<Participant> {
    let messages = Messages::of(file);
    let mut names = Names::default();
    let mut of = |pool: &Pool| names.take([pool.name.as_deref().unwrap_or(&pool.id), &pool.id], "process");
    let names: Vec<String> = file.pools.iter().map(&mut of).collect();
    let processes = file.pools.iter().zip(&names).map(|(pool, name)| (pool.id.as_str(), name.as_str())).collect();
    let drawn =
        file.pools.iter().zip(&names).map(|(pool, name)| Drawing::of(pool, name, &messages, &processes).finish());
    drawn.collect()
}

/// A definition as far as it is drawn.
struct Drawing<'a> {
    pool: &'a Pool,
    messages: &'a Messages<'a>,
    /// The names of the definitions of the file, by the identifiers of their processes.
    processes: &'a HashMap<&'a str, &'a str>,
    vanished: Vanished,
    names: Names,
    /// For each node its step; empty where there is none.
    own: Vec<String>,
    /// For each node the step at which a token comes to it.
    entry: Vec<String>,
    /// For each subprocess the end of the paths that simply stop.
    ends: HashMap<Option<usize>, String>,
    /// For each flow that has a step of its own, that step.
    marks: HashMap<usize, String>,
    definition: Definition,
    drawn: Vec<Drawn>,
    /// For each step that contains others, where these begin.
    begins: HashMap<usize, String>,
    cracks: IndexMap<String, Element>,
}

/// A step with where it belongs.
struct Drawn {
    name: String,
    step: Step,
    element: Element,
    inside: Option<usize>,
    /// The position of its node, and among the steps of that.
    order: (usize, Rank),
}

/// Where a step stands among those of its node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Before,
    Itself,
    After,
}

impl<'a> Drawing<'a> {
    fn of(
        pool: &'a Pool,
        name: &str,
        messages: &'a Messages<'a>,
        processes: &'a HashMap<&'a str, &'a str>,
    ) -> Drawing<'a> {
        let mut definition = Definition::new(name, "1");
        definition.title = pool.name.clone();
        let vanished = Vanished::of(pool, messages);
        let mut names = Names::default();
        let own: Vec<String> = (0..pool.nodes.len())
            .map(|at| match vanished.has_step(at) {
                true => names.take(pool.nodes[at].names(), "step"),
                false => String::new(),
            })
            .collect();
        let mut entry = own.clone();
        for (at, node) in pool.nodes.iter().enumerate() {
            if steps::asks_before(node) {
                entry[at] = names.take([format!("{}-again", own[at]).as_str()], "again");
            }
        }
        Drawing {
            pool,
            messages,
            processes,
            vanished,
            names,
            own,
            entry,
            ends: HashMap::new(),
            marks: HashMap::new(),
            definition,
            drawn: Vec::new(),
            begins: HashMap::new(),
            cracks: IndexMap::new(),
        }
    }

    fn finish(mut self) -> Participant {
        self.definition.start = self.beginning(None);
        for at in 0..self.pool.nodes.len() {
            self.node(at);
        }
        let order = order::of(self.pool, &self.vanished);
        self.drawn.sort_by_key(|drawn| (order.get(drawn.order.0).copied().unwrap_or(usize::MAX), drawn.order.1));
        let mut inside: HashMap<usize, Vec<String>> = HashMap::new();
        for drawn in &self.drawn {
            drawn.inside.iter().for_each(|at| inside.entry(*at).or_default().push(drawn.name.clone()));
        }
        for (at, begin) in self.begins {
            let Some(list) = inside.get_mut(&at) else { continue };
            let first = list.iter().position(|name| *name == begin).unwrap_or(0);
            list[..=first].rotate_right(1);
        }
        let mut elements = IndexMap::new();
        for Drawn { name, mut step, element, order, .. } in self.drawn {
            match &mut step.kind {
                Kind::Subprocess(steps) => *steps = inside.remove(&order.0).unwrap_or_default(),
                Kind::ForEach(each) => each.steps = inside.remove(&order.0).unwrap_or_default(),
                _ => {}
            }
            elements.insert(name.clone(), element);
            self.definition.steps.insert(name, step);
        }
        elements.extend(self.cracks);
        let starts = self.pool.nodes.iter().filter(|node| node.what == What::Start { by_message: true });
        let started_by = starts.map(|node| self.messages.received(node)).collect();
        Participant { definition: self.definition, elements, started_by }
    }

    /// Where a token comes to that begins the process, or what is inside a subprocess.
    fn beginning(&mut self, inside: Option<usize>) -> String {
        let here = self.vanished.beginnings(inside);
        let starts: Vec<usize> =
            here.iter().copied().filter(|at| matches!(self.pool.nodes[*at].what, What::Start { .. })).collect();
        match (starts.as_slice(), here.as_slice()) {
            ([only], _) | ([], [only]) => self.arrival(*only),
            // Each start event begins a case of its own.
            ([first, ..], _) => {
                let name = self.names.take(["start"], "start");
                let mut ways = Names::default();
                let way = |at: &usize| {
                    let name = ways.take(self.pool.nodes[*at].names(), "start");
                    Way { name, to: self.arrival(*at) }
                };
                let ways = starts.iter().map(way).collect();
                let step = self.choose(&name, ways);
                self.draw(*first, Rank::Before, name, step)
            }
            // Without one, all begins that nothing leads to.
            ([], [first, ..]) => {
                let name = self.names.take(["start"], "start");
                let branches = here.iter().map(|at| self.arrival(*at)).collect();
                self.draw(*first, Rank::Before, name, Step::of(Kind::Fork(branches)))
            }
            ([], []) => self.end(inside),
        }
    }

    /// The step at which a token arrives that comes to a node.
    fn arrival(&mut self, at: usize) -> String {
        match self.vanished.goal(at) {
            Goal::Node(node) => self.entry[node].clone(),
            Goal::Flow(flow) => self.mark(flow),
            Goal::End => self.end(self.pool.nodes[at].inside),
        }
    }

    /// The step at which a token arrives that takes a flow.
    fn along(&mut self, flow: usize) -> String {
        match self.vanished.has_mark(flow) {
            true => self.mark(flow),
            false => self.arrival(self.pool.flows[flow].to),
        }
    }

    /// The step of a flow that a join must be able to tell from others.
    fn mark(&mut self, flow: usize) -> String {
        if let Some(name) = self.marks.get(&flow) {
            return name.clone();
        }
        let said = &self.pool.flows[flow];
        let name = self.names.take([said.name.as_deref().unwrap_or(&said.id), &said.id], "flow");
        self.marks.insert(flow, name.clone());
        let step = Step { name: said.name.clone(), ..Step::assign() };
        let step = step.next(&self.arrival(said.to));
        let element = Element {
            kind: "sequenceFlow".to_owned(),
            id: said.id.clone(),
            name: said.name.clone(),
            place: said.place,
        };
        let inside = self.pool.nodes[said.from].inside;
        self.drawn.push(Drawn { name: name.clone(), step, element, inside, order: (said.from, Rank::After) });
        name
    }

    /// Where a path ends that simply stops.
    fn end(&mut self, inside: Option<usize>) -> String {
        if let Some(end) = self.ends.get(&inside) {
            return end.clone();
        }
        let name = self.names.take(["end"], "end");
        self.ends.insert(inside, name.clone());
        let (kind, id) = match inside {
            Some(at) => (self.pool.nodes[at].element.clone(), self.pool.nodes[at].id.clone()),
            None => ("process".to_owned(), self.pool.id.clone()),
        };
        let place = inside.map_or(Place { line: 1, column: 1, length: 1 }, |at| self.pool.nodes[at].place);
        let element = Element { kind, id, name: None, place };
        let order = (self.pool.nodes.len(), Rank::After);
        self.drawn.push(Drawn { name: name.clone(), step: Step::end(), element, inside, order });
        name
    }

    /// Adds a step of a node.
    fn draw(&mut self, at: usize, rank: Rank, name: String, step: Step) -> String {
        self.draw_inside(self.pool.nodes[at].inside, at, rank, name, step)
    }

    /// The same, inside another step.
    fn draw_inside(&mut self, inside: Option<usize>, at: usize, rank: Rank, name: String, step: Step) -> String {
        let node = &self.pool.nodes[at];
        let said = node.name.clone().filter(|_| name == self.own[at]);
        let step = Step { name: said, ..step };
        self.drawn.push(Drawn { name: name.clone(), step, element: node.into(), inside, order: (at, rank) });
        name
    }

    /// The role of whoever does the work of a node: that of its lane, or else of the pool.
    fn role(&mut self, node: &Node) -> String {
        let lane = node.lane.as_deref().map(names::identifier).filter(|name| !name.is_empty());
        let pool = || self.pool.name.as_deref().map(names::identifier).filter(|name| !name.is_empty());
        let role = lane.or_else(pool).unwrap_or_else(|| "staff".to_owned());
        self.definition.roles.entry(role.clone()).or_insert_with(|| Role::of(1));
        role
    }
}

impl From<&Node> for Element {
    fn from(node: &Node) -> Element {
        Element { kind: node.element.clone(), id: node.id.clone(), name: node.name.clone(), place: node.place }
    }
}

impl Node {
    /// What its step may be called after.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.name.as_deref().into_iter().chain([self.id.as_str()])
    }
}
