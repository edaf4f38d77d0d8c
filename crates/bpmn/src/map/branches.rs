//! Several ways on from one node: all of them, one by a decision, or some by decisions.
//!
//! What a condition says is not ours to evaluate, so it becomes the value of a field that is named after the node:
//! whoever sets the field decides, and a reader that abstracts from data takes every branch.

use grieta_core::definition::{Branch, Expression, Field, Kind, Scalar, Step, Type};
use indexmap::IndexMap;

use crate::file::{Gateway, Pool, What};
use crate::map::{Drawing, Rank};
use crate::names::{Names, identifier};

/// The flows on from a node by what makes a token take them.
enum Ways {
    /// All of them, and besides some of those that have conditions.
    All { always: Vec<usize>, perhaps: Vec<usize> },
    /// Only one of them.
    One,
    /// At least one.
    Some,
}

/// How a node with several flows on leads on.
fn ways(pool: &Pool, at: usize) -> Ways {
    let node = &pool.nodes[at];
    match node.what {
        What::Gateway(Gateway::Exclusive | Gateway::Event) => return Ways::One,
        What::Gateway(Gateway::Inclusive) => return Ways::Some,
        What::Gateway(Gateway::Parallel) => {
            return Ways::All { always: node.outgoing.clone(), perhaps: Vec::new() };
        }
        _ => {}
    }
    let has_condition = |flow: &&usize| pool.flows[**flow].conditional;
    let conditions = node.outgoing.iter().filter(has_condition).count();
    let (perhaps, always): (Vec<usize>, Vec<usize>) =
        node.outgoing.iter().partition(|flow| has_condition(flow) || node.default == Some(**flow));
    match (conditions, node.default) {
        // Where there is a default the others have conditions, even if nobody wrote them down.
        (0, Some(_)) if node.outgoing.len() == 2 => Ways::One,
        (0, Some(_)) => Ways::Some,
        (1, Some(_)) if always.is_empty() => Ways::One,
        (0, None) => Ways::All { always, perhaps },
        _ if always.is_empty() => Ways::Some,
        _ => Ways::All { always, perhaps },
    }
}

/// Whether tokens leave a node by several flows at once.
pub(super) fn are_taken_at_once(pool: &Pool, at: usize) -> bool {
    pool.nodes[at].outgoing.len() > 1 && !matches!(ways(pool, at), Ways::One)
}

/// A way on: what it is called among the others, and the step it leads to.
pub(super) struct Way {
    pub name: String,
    pub to: String,
}

impl Drawing<'_> {
    /// Where tokens go on from a node.
    pub(super) fn onward(&mut self, at: usize) -> String {
        match self.pool.nodes[at].outgoing.as_slice() {
            [] => self.end(self.pool.nodes[at].inside),
            [only] => self.along(*only),
            _ => {
                let suffix = if matches!(ways(self.pool, at), Ways::All { .. }) { "fork" } else { "ways" };
                let name = format!("{}-{suffix}", self.base(at));
                let name = self.names.take([name.as_str()], suffix);
                self.split(at, Rank::After, name)
            }
        }
    }

    /// What further steps of a node are called after.
    fn base(&self, at: usize) -> String {
        let own = Some(&self.own[at]).filter(|name| !name.is_empty()).cloned();
        own.unwrap_or_else(|| {
            self.pool.nodes[at].names().map(identifier).find(|name| !name.is_empty()).unwrap_or_default()
        })
    }

    /// A step from which several flows lead on.
    pub(super) fn split(&mut self, at: usize, rank: Rank, name: String) -> String {
        let outgoing = self.pool.nodes[at].outgoing.as_slice();
        let step = match ways(self.pool, at) {
            Ways::One => {
                let ways = self.named(at, outgoing);
                self.choose(&name, ways)
            }
            Ways::Some => self.some(at, &name, outgoing, None),
            Ways::All { always, perhaps } => {
                let mut branches: Vec<String> = always.iter().map(|flow| self.along(*flow)).collect();
                if !perhaps.is_empty() {
                    branches.push(self.perhaps(at, &name, &perhaps));
                }
                Step::of(Kind::Fork(branches))
            }
        };
        self.draw(at, rank, name, step)
    }

    /// Flows with conditions beside others without: where no condition holds and there is no default, none is taken.
    fn perhaps(&mut self, at: usize, name: &str, perhaps: &[usize]) -> String {
        let name = self.names.take([format!("{name}-ways").as_str()], "ways");
        let nothing = self.end(self.pool.nodes[at].inside);
        let step = self.some(at, &name, perhaps, Some(nothing));
        self.draw(at, Rank::After, name, step)
    }

    /// The flows on from a node, the default last, each with a name: its own, that of what it leads to, its identifier.
    pub(super) fn named(&mut self, at: usize, flows: &[usize]) -> Vec<Way> {
        let default = self.pool.nodes[at].default;
        let (mut flows, last): (Vec<usize>, Vec<usize>) = flows.iter().partition(|flow| default != Some(**flow));
        flows.extend(last);
        let mut names = Names::default();
        let named = flows.into_iter().map(|flow| {
            let said = &self.pool.flows[flow];
            let to = self.pool.nodes[said.to].name.as_ref().map(|name| format!("to {name}"));
            let name = names.take([said.name.as_deref(), to.as_deref(), Some(&said.id)].into_iter().flatten(), "way");
            Way { name, to: self.along(flow) }
        });
        named.collect()
    }

    /// A choice of one way: by the value of a field, and otherwise the last.
    pub(super) fn choose(&mut self, name: &str, ways: Vec<Way>) -> Step {
        let field = self.field(name, &Type::Choice, &ways);
        let last = ways.len().saturating_sub(1);
        let branch = |(position, way): (usize, Way)| {
            let when = (position < last).then(|| Expression(format!("{field} == \"{}\"", way.name)));
            Branch { when, to: way.to, sets: IndexMap::new() }
        };
        Step::of(Kind::Choose(ways.into_iter().enumerate().map(branch).collect()))
    }

    /// A choice of at least one way, by the values in a field. Where none is chosen the default is taken, or else
    /// `otherwise`.
    fn some(&mut self, at: usize, name: &str, flows: &[usize], otherwise: Option<String>) -> Step {
        let mut ways = self.named(at, flows);
        let default = self.pool.nodes[at].default.and_then(|_| ways.pop()).map(|way| way.to);
        let field = self.field(name, &Type::List(Scalar::Choice), &ways);
        let guarded = ways.into_iter().map(|way| {
            let when = Some(Expression(format!("contains({field}, \"{}\")", way.name)));
            Branch { when, to: way.to, sets: IndexMap::new() }
        });
        let last = default.or(otherwise).map(|to| Branch { when: None, to, sets: IndexMap::new() });
        Step::of(Kind::Some(guarded.chain(last).collect()))
    }

    /// Declares the field by which a step decides.
    fn field(&mut self, step: &str, kind: &Type, ways: &[Way]) -> String {
        let field = format!("decision_{}", step.replace('-', "_"));
        let of = ways.iter().map(|way| way.name.clone()).collect();
        self.definition.data.insert(field.clone(), Field { of, ..Field::of(*kind) });
        field
    }
}
