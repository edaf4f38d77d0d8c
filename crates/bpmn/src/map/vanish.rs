//! Which nodes and flows have steps: gateways that only merge, starts and links vanish, and flows that a join must be able
//! to tell from others get a step.
//!
//! BPMN counts the flows that lead to a join, a definition the steps from which ways lead there. So each flow to a join
//! has to come from a step of its own, or from a fork.

use std::collections::HashSet;

use crate::file::{Again, Gateway, Node, Pool, What, Work};
use crate::map::branches;
use crate::messages::Messages;

/// Where a token arrives that comes to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// A node that has a step.
    Node(usize),
    /// The step of a flow behind nodes that have none.
    Flow(usize),
    /// Nowhere: the path ends.
    End,
}

/// What has a step and what has none.
pub(super) struct Vanished {
    /// Nodes that a token passes without a trace.
    passes: Vec<bool>,
    /// Events on the border of an activity.
    borders: Vec<bool>,
    /// For each exclusive gateway that is decided by the work before it, that activity.
    decided_by: Vec<Option<usize>>,
    /// For each activity that decides, the gateway.
    decides: Vec<Option<usize>>,
    marked: HashSet<usize>,
    goals: Vec<Goal>,
    beginnings: Vec<(Option<usize>, usize)>,
}

impl Vanished {
    pub fn of(pool: &Pool, messages: &Messages<'_>) -> Vanished {
        let nodes = pool.nodes.len();
        let mut vanished = Vanished {
            passes: pool.nodes.iter().map(passes).collect(),
            borders: pool.nodes.iter().map(|node| matches!(node.what, What::Boundary { .. })).collect(),
            decided_by: vec![None; nodes],
            decides: vec![None; nodes],
            marked: HashSet::new(),
            goals: Vec::new(),
            beginnings: beginnings(pool),
        };
        for at in 0..nodes {
            if let Some(activity) = deciding(pool, at, messages) {
                vanished.decided_by[at] = Some(activity);
                vanished.decides[activity] = Some(at);
            }
        }
        vanished.break_circles(pool);
        let mut sources = HashSet::new();
        let joins = pool.nodes.iter().enumerate().filter(|(_, node)| is_join(node));
        joins.for_each(|(join, _)| vanished.separate(pool, join, &mut sources));
        vanished.goals = vanished.all_goals(pool);
        vanished.mark_returns(pool);
        vanished.goals = vanished.all_goals(pool);
        vanished
    }

    /// Whether a step stands for a node; boundary events are cracks of other steps.
    pub fn has_step(&self, at: usize) -> bool {
        !self.passes[at] && !self.borders[at] && self.decided_by[at].is_none()
    }

    pub fn has_mark(&self, flow: usize) -> bool {
        self.marked.contains(&flow)
    }

    /// Whether the node is one that passes tokens on, and has a step nevertheless.
    pub fn is_kept(&self, pool: &Pool, at: usize) -> bool {
        passes(&pool.nodes[at]) && !self.passes[at]
    }

    /// The exclusive gateway behind an activity that its outcomes decide.
    pub fn decision_of(&self, at: usize) -> Option<usize> {
        self.decides[at]
    }

    pub fn goal(&self, at: usize) -> Goal {
        self.goals[at]
    }

    /// The nodes at which the process begins, or what is inside a subprocess.
    pub fn beginnings(&self, inside: Option<usize>) -> Vec<usize> {
        let from = self.beginnings.partition_point(|(level, _)| *level < inside);
        self.beginnings[from..].iter().take_while(|(level, _)| *level == inside).map(|(_, at)| *at).collect()
    }

    /// Nodes that pass tokens on to one another in a circle: one of them stays.
    fn break_circles(&mut self, pool: &Pool) {
        let mut walked = vec![None; pool.nodes.len()];
        for begin in 0..pool.nodes.len() {
            let mut at = Some(begin);
            while let Some(node) = at.filter(|at| self.passes[*at] && walked[*at].is_none()) {
                walked[node] = Some(begin);
                at = pool.nodes[node].outgoing.first().map(|flow| pool.flows[*flow].to);
            }
            if let Some(node) = at.filter(|at| self.passes[*at] && walked[*at] == Some(begin)) {
                self.passes[node] = false;
            }
        }
    }

    /// Sees to it that each flow to a join comes from a step of its own, or is one of several taken at once.
    fn separate(&mut self, pool: &Pool, join: usize, sources: &mut HashSet<(usize, usize)>) {
        for flow in &pool.nodes[join].incoming {
            let mut last = *flow;
            let source = loop {
                let before = pool.flows[last].from;
                let node = &pool.nodes[before];
                match node.incoming.as_slice() {
                    _ if !self.passes[before] => break Some(before),
                    [only] if !matches!(node.what, What::Start { .. }) => last = *only,
                    _ => {
                        self.passes[before] = false;
                        break None;
                    }
                }
            };
            let Some(source) = source.filter(|source| !branches::are_taken_at_once(pool, *source)) else { continue };
            if !sources.insert((self.step_of(pool, source), join)) {
                self.marked.insert(last);
            }
        }
    }

    /// The node whose step leads on from a node: the activity for an event on its border, or for a gateway it decides.
    fn step_of(&self, pool: &Pool, at: usize) -> usize {
        match pool.nodes[at].what {
            What::Boundary { host, .. } => host,
            _ => self.decided_by[at].unwrap_or(at),
        }
    }

    /// A flow from the border of an activity back to it begins the activity once more, beside what goes on there.
    fn mark_returns(&mut self, pool: &Pool) {
        for node in &pool.nodes {
            let (What::Boundary { host, .. }, [only]) = (&node.what, node.outgoing.as_slice()) else { continue };
            if self.goals[pool.flows[*only].to] == Goal::Node(*host) {
                self.marked.insert(*only);
            }
        }
    }

    /// Where a token arrives that comes to each node. Nodes that only pass it on make no circle.
    fn all_goals(&self, pool: &Pool) -> Vec<Goal> {
        let mut goals: Vec<Option<Goal>> = vec![None; pool.nodes.len()];
        for begin in 0..pool.nodes.len() {
            let (mut at, mut passed) = (begin, vec![begin]);
            let goal = loop {
                match (goals[at], pool.nodes[at].outgoing.first()) {
                    (Some(known), _) => break known,
                    _ if !self.passes[at] => break Goal::Node(at),
                    (None, None) => break Goal::End,
                    (None, Some(flow)) if self.marked.contains(flow) => break Goal::Flow(*flow),
                    (None, Some(flow)) => at = pool.flows[*flow].to,
                }
                passed.push(at);
            };
            passed.into_iter().filter(|node| self.passes[*node]).for_each(|node| goals[node] = Some(goal));
            goals[begin] = Some(goal);
        }
        goals.into_iter().map(|goal| goal.unwrap_or(Goal::End)).collect()
    }
}

/// Whether a node does nothing but pass each token on to one place.
fn passes(node: &Node) -> bool {
    let (incoming, outgoing) = (node.incoming.len(), node.outgoing.len());
    outgoing <= 1
        && match node.what {
            What::Start { .. } | What::Pass | What::Gateway(Gateway::Exclusive | Gateway::Event) => true,
            What::Gateway(Gateway::Parallel | Gateway::Inclusive) => incoming <= 1,
            _ => false,
        }
}

fn is_join(node: &Node) -> bool {
    matches!(node.what, What::Gateway(Gateway::Parallel | Gateway::Inclusive)) && node.incoming.len() > 1
}

/// The activity that decides an exclusive gateway: the only one that leads there, and nowhere else.
fn deciding(pool: &Pool, at: usize, messages: &Messages<'_>) -> Option<usize> {
    let gateway = &pool.nodes[at];
    let ([only], 2.., What::Gateway(Gateway::Exclusive)) =
        (gateway.incoming.as_slice(), gateway.outgoing.len(), &gateway.what)
    else {
        return None;
    };
    let activity = pool.flows[*only].from;
    let node = &pool.nodes[activity];
    let What::Activity { work, again: Again::Once } = &node.what else { return None };
    let has_outcomes = matches!(work, Work::Human | Work::Service | Work::Call(_));
    (has_outcomes && node.outgoing.len() == 1 && messages.sent(node).is_empty()).then_some(activity)
}

/// The nodes at which each level begins, by level: its start events, or else all that nothing leads to.
fn beginnings(pool: &Pool) -> Vec<(Option<usize>, usize)> {
    let is_start = |node: &Node| matches!(node.what, What::Start { .. });
    let started: HashSet<Option<usize>> =
        pool.nodes.iter().filter(|node| is_start(node)).map(|node| node.inside).collect();
    let begins = |node: &Node| is_start(node) || node.may_begin() && !started.contains(&node.inside);
    let nodes = pool.nodes.iter().enumerate().filter(|(_, node)| begins(node));
    let mut found: Vec<_> = nodes.map(|(at, node)| (node.inside, at)).collect();
    found.sort_unstable();
    found
}
