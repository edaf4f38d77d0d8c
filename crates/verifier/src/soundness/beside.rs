//! What goes on beside the way of a case: the paths that cracks start which let the work go on.
//!
//! A paper may be asked for at every call, and several may be on their way at a time. So that this is no endless growth,
//! such a crack does not strike again as long as what it started is going on, and what ends there may end again.

use grieta_core::kernel::Case;
use grieta_core::{CrackIx, LinkKind, Plan, StepIx};
use petgraph::Direction::Outgoing;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

/// The steps that lie on the way of a case, and for each crack those that it alone leads to.
#[derive(Debug)]
pub(crate) struct Beside {
    on_the_way: Vec<bool>,
    /// By crack; empty for one that leads nowhere, or to where the case comes anyway.
    started: Vec<Vec<bool>>,
}

impl Beside {
    pub fn of(plan: &Plan) -> Beside {
        let aside = |kind: LinkKind| matches!(kind, LinkKind::Crack { interrupts: false });
        let on_the_way = reachable(plan, first(plan), |kind| !aside(kind));
        let cracks = (0..plan.crack_count()).map(|crack| CrackIx(crack as u16));
        let started = cracks.map(|crack| match plan.leads_to(crack) {
            Some(step) if !plan.interrupts(crack) && !on_the_way[step.at()] => {
                let all = reachable(plan, [step], |_| true);
                all.into_iter().zip(&on_the_way).map(|(reached, way)| reached && !way).collect()
            }
            _ => Vec::new(),
        });
        let started = started.collect();
        Beside { on_the_way, started }
    }

    /// The steps to which anything leads.
    pub fn reached(&self, plan: &Plan) -> Vec<bool> {
        reachable(plan, first(plan), |_| true)
    }

    /// Whether a case comes to a step on its way, and not only beside it.
    pub fn is_on_the_way(&self, step: StepIx) -> bool {
        self.on_the_way.get(step.at()).copied().unwrap_or(false)
    }

    /// Whether a crack starts something of its own beside the work.
    pub fn starts(&self, crack: CrackIx) -> bool {
        self.started.get(crack.at()).is_some_and(|started| !started.is_empty())
    }

    /// Whether what a crack started is still going on.
    pub fn goes_on(&self, case: &Case, crack: CrackIx) -> bool {
        let Some(started) = self.started.get(crack.at()).filter(|started| !started.is_empty()) else { return false };
        case.tokens().any(|(_, item)| started[item.step.at()])
    }
}

/// Where something begins: the case, and what undoes a step.
fn first(plan: &Plan) -> impl Iterator<Item = StepIx> {
    let undoing = plan.process().graph().edge_references().filter(|edge| edge.weight().kind == LinkKind::Undo);
    plan.root().into_iter().chain([plan.start()]).chain(undoing.map(|edge| StepIx(edge.target().index() as u16)))
}

/// The steps to which links of some kinds lead from these.
fn reachable(plan: &Plan, from: impl IntoIterator<Item = StepIx>, follow: impl Fn(LinkKind) -> bool) -> Vec<bool> {
    let graph = plan.process().graph();
    let mut reached = vec![false; graph.node_count()];
    let mut open: Vec<NodeIndex> = from.into_iter().map(|step| NodeIndex::new(step.at())).collect();
    while let Some(step) = open.pop() {
        if !std::mem::replace(&mut reached[step.index()], true) {
            let links = graph.edges_directed(step, Outgoing).filter(|link| follow(link.weight().kind));
            open.extend(links.map(|link| link.target()));
        }
    }
    reached
}
