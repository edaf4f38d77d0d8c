//! Clocks that cannot be met, and clocks that nobody minds.

use std::collections::HashSet;

use grieta_core::LinkKind;
use grieta_core::definition::{Again, Clock, Distribution, Kind, Pause, Shape, Span, Step, Unit};
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let clocks = &subject.plan.definition().clocks;
    let found = clocks.iter().flat_map(|(name, clock)| [subject.late(name, clock), subject.idle_clock(name, clock)]);
    found.flatten().collect()
}

impl Subject<'_> {
    /// The least time that the work between its marks takes is more than it allows.
    fn late(&self, name: &str, clock: &Clock) -> Option<Problem> {
        let least = self.least_time(clock)?;
        if least <= clock.within.amount {
            return None;
        }
        let least = Span { amount: least, ..clock.within };
        let message = format!(
            "clock `{name}` allows {}, and the quickest way takes {least} even if nobody ever waits",
            clock.within
        );
        let problem = Problem::warning(Code::LateClock, Path::root("clocks").key(name).key("within"), message);
        Some(problem.help(
            "allow more, let it stand still during the waits that are not yours (`pause-in`), or shorten the way",
        ))
    }

    /// Nothing is done when it runs out, nor before.
    fn idle_clock(&self, name: &str, clock: &Clock) -> Option<Problem> {
        let definition = self.plan.definition();
        let cracks = definition.steps.values().flat_map(|step| step.cracks.values()).chain(definition.cracks.values());
        let mut minded = cracks.filter(|crack| crack.clock.as_deref() == Some(name));
        if clock.warn.is_some() || minded.next().is_some() {
            return None;
        }
        let message = format!("nobody takes notice of clock `{name}` before it has run out, or when it has");
        let problem = Problem::advice(Code::IdleClock, Path::root("clocks").key(name), message);
        Some(problem.help("let it `warn`, or give a step or the process a crack with `on: deadline` and this `clock`"))
    }

    /// The least time between where the clock starts and where it stops, by the shortest way, in its own unit. `None` where
    /// no way leads from one to the other.
    fn least_time(&self, clock: &Clock) -> Option<i64> {
        let (definition, graph) = (self.plan.definition(), self.plan.process().graph());
        let index = |name: &String| definition.steps.get_index_of(name);
        let from: Vec<usize> = if clock.from.is_empty() {
            index(&definition.start).into_iter().collect()
        } else {
            clock.from.iter().filter_map(index).collect()
        };
        let inside: HashSet<&String> = definition.steps.values().flat_map(|step| step.kind.inside()).collect();
        let is_last = |at: usize, name: &String, step: &Step| match clock.until.is_empty() {
            true => matches!(step.kind, Kind::End { .. }) && !inside.contains(name),
            false => clock.until.iter().any(|last| index(last) == Some(at)),
        };
        let spent = |at: usize| {
            let Some((name, step)) = definition.steps.get_index(at) else { return 0 };
            if clock.pause_in.contains(name) { 0 } else { least(step, clock.within.unit) }
        };
        let mut best: Option<i64> = None;
        for from in from {
            // A step that contains others takes at least as long as the first end inside, which is on its way here.
            let times = petgraph::algo::dijkstra(graph, NodeIndex::new(from), None, |edge| match edge.weight().kind {
                LinkKind::Crack { .. } => 0,
                _ => spent(edge.source().index()),
            });
            for (at, (name, step)) in definition.steps.iter().enumerate() {
                let time = times.get(&NodeIndex::new(at)).filter(|_| is_last(at, name, step));
                let time = time.map(|time| time.saturating_add(if clock.until.is_empty() { 0 } else { spent(at) }));
                best = best.into_iter().chain(time).min();
            }
        }
        best
    }
}

/// The least time a step takes, as far as that can be said in a unit; nothing where cracks may cut it short.
fn least(step: &Step, unit: Unit) -> i64 {
    let of = |distribution: &Option<Distribution>| distribution.as_ref().map_or(0, |takes| shortest(takes, unit));
    if matches!(step.again, Some(Again::While(_))) {
        return 0;
    }
    match &step.kind {
        Kind::Human { takes, .. } | Kind::Service { takes, .. } | Kind::Wait { takes, .. } => of(takes),
        Kind::Pause(Pause::For(span)) if span.unit == unit => span.amount,
        _ => 0,
    }
}

/// The least that a distribution gives, where it has such a bound.
fn shortest(distribution: &Distribution, unit: Unit) -> i64 {
    if distribution.unit != Some(unit) {
        return 0;
    }
    fn bound(shape: &Shape) -> f64 {
        match shape {
            Shape::Constant(value) => *value,
            Shape::Uniform { low, .. } | Shape::Triangular { low, .. } => *low,
            Shape::Empirical(values) => values.iter().copied().fold(f64::INFINITY, f64::min),
            _ => 0.0,
        }
    }
    bound(&distribution.shape) as i64
}
