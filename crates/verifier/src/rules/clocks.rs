//! Clocks that cannot be met, and clocks that nobody minds.

use grieta_core::Process;
use grieta_core::calendar::Calendar;
use grieta_core::definition::{Again, Clock, Distribution, Kind, Pause, Shape, Span, Step, Unit};
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::graph::NodeIndex;

use super::{Subject, flow, least_time};

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let clocks = &subject.plan.definition().clocks;
    let found = clocks.iter().flat_map(|(name, clock)| [subject.late(name, clock), subject.idle_clock(name, clock)]);
    found.flatten().collect()
}

impl Subject<'_> {
    /// The least time that the work between its marks takes is more than it allows.
    fn late(&self, name: &str, clock: &Clock) -> Option<Problem> {
        let counts = Counts::of(self.plan.process(), clock);
        let allowed = counts.calendar.length(clock.within).as_micros();
        let least = self.least_time(clock, &counts)?;
        if least <= allowed {
            return None;
        }
        let unit = if counts.is_elapsed() { Unit::Elapsed } else { Unit::Business };
        let takes = Span { amount: least, unit };
        let alike = Counts { only_its_own: true, ..counts };
        let mixed = alike.is_elapsed() && self.least_time(clock, &alike)? < least;
        let note = if mixed { ", where business time counts as the least that it can take" } else { "" };
        let message = format!(
            "clock `{name}` allows {}, and the quickest way takes {takes} even if nobody ever waits{note}",
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

    /// The least time between where the clock starts and where it stops, by the shortest way, in microseconds of what it
    /// counts. `None` where no way leads from one to the other.
    fn least_time(&self, clock: &Clock, counts: &Counts<'_>) -> Option<i64> {
        let (definition, process) = (self.plan.definition(), self.plan.process());
        let index = |name: &String| definition.steps.get_index_of(name);
        let from: Vec<usize> = if clock.from.is_empty() {
            index(&definition.start).into_iter().collect()
        } else {
            clock.from.iter().filter_map(index).collect()
        };
        let last: Vec<usize> = match clock.until.is_empty() {
            true => flow::ends(process, |_| false).into_iter().map(NodeIndex::index).collect(),
            false => clock.until.iter().filter_map(index).collect(),
        };
        let spent = |at: usize| match definition.steps.get_index(at) {
            Some((name, step)) if !clock.pause_in.contains(name) => counts.least(step),
            _ => 0,
        };
        let mut best: Option<i64> = None;
        for from in from {
            let times = least_time::from(process, NodeIndex::new(from), spent);
            for at in &last {
                let time = times.get(*at).copied().flatten().map(|time| time.saturating_add(spent(*at)));
                best = best.into_iter().chain(time).min();
            }
        }
        best
    }
}

/// What a clock counts: elapsed time, or that during which a calendar is open.
struct Counts<'a> {
    process: &'a Process,
    unit: Unit,
    /// The calendar by its name; one that is always open has none.
    name: Option<&'a str>,
    calendar: Calendar,
    /// Whether time of another kind counts as nothing.
    only_its_own: bool,
}

impl<'a> Counts<'a> {
    fn of(process: &'a Process, clock: &'a Clock) -> Counts<'a> {
        let name = clock.calendar.as_deref().or(process.definition().calendar.as_deref());
        Counts { process, unit: clock.within.unit, name, calendar: process.calendar(name), only_its_own: false }
    }

    fn is_elapsed(&self) -> bool {
        self.unit == Unit::Elapsed
    }

    /// The least time a step takes; nothing where it may not be done at all.
    fn least(&self, step: &Step) -> i64 {
        if matches!(step.again, Some(Again::While(_))) {
            return 0;
        }
        let role = if let Kind::Human { role, .. } = &step.kind { Some(role.as_str()) } else { None };
        let least = match &step.kind {
            Kind::Human { takes, .. } | Kind::Service { takes, .. } | Kind::Wait { takes, .. } => {
                takes.as_ref().and_then(shortest)
            }
            Kind::Pause(Pause::For(span)) => Some(*span),
            _ => None,
        };
        least.map_or(0, |span| self.counted(span, role))
    }

    /// How much of that a length of time is at least, for the people of a role. Business time takes at least as much elapsed
    /// time; elapsed time may pass while the calendar is closed, and what one calendar counts while another is.
    fn counted(&self, span: Span, role: Option<&str>) -> i64 {
        let definition = self.process.definition();
        let own = role.and_then(|role| definition.roles.get(role)?.calendar.as_deref());
        let name = own.or(definition.calendar.as_deref());
        match (span.unit, self.unit) {
            (Unit::Elapsed, Unit::Elapsed) => span.amount,
            (Unit::Elapsed, _) if self.name.is_none() && !self.only_its_own => span.amount,
            (Unit::Elapsed, _) => 0,
            (_, Unit::Elapsed) if self.only_its_own => 0,
            (_, Unit::Elapsed) => self.process.calendar(name).length(span).as_micros(),
            (..) if name == self.name => self.calendar.length(span).as_micros(),
            (..) => 0,
        }
    }
}

/// The least that a distribution gives, where it has such a bound.
fn shortest(distribution: &Distribution) -> Option<Span> {
    let least = match &distribution.shape {
        Shape::Constant(value) => *value,
        Shape::Uniform { low, .. } | Shape::Triangular { low, .. } => *low,
        Shape::Empirical(values) => values.iter().copied().fold(f64::INFINITY, f64::min),
        _ => return None,
    };
    Some(Span { amount: least as i64, unit: distribution.unit? })
}
