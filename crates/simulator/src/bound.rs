//! How many arrivals keep the people of some role fully busy, by formula.

use grieta_core::calendar::Calendar;
use grieta_core::definition::{JoinRule, Kind, Step};
use grieta_core::{Duration, LinkKind, Timestamp};
use serde::Serialize;

use crate::model::{Model, StepModel};
use crate::results::Results;

/// With so many times as many arrivals the people of a role have no time left: min over roles of capacity / Σ visits · work.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bound {
    /// How many times as many.
    pub factor: f64,
    /// The role that has no time left first.
    pub role: String,
    /// Whether visits, work and presence come from the definition alone. Otherwise they are those of the simulation of the
    /// process as it is.
    pub exact: bool,
    /// The 95 % interval, where it is not exact.
    pub ci95: Option<[f64; 2]>,
}

/// The bound of a process, of which those are the results as it is.
pub(crate) fn bound(model: &Model, base: &Results) -> Option<Bound> {
    exact(model, base).or_else(|| estimated(base))
}

/// Loads grow with the arrivals, so the greatest of them comes to 1 at its reciprocal.
fn estimated(base: &Results) -> Option<Bound> {
    let (role, load) = base.busiest().filter(|(_, load)| *load > 0.0)?;
    let ci95 = role.utilisation_ci95.filter(|[low, _]| *low > 0.0).map(|[low, high]| [1.0 / high, 1.0 / low]);
    Some(Bound { factor: 1.0 / load, role: role.id.clone(), exact: false, ci95 })
}

/// From the definition alone, where it is decided by chance which way cases go, and calendars say who is there.
fn exact(model: &Model, base: &Results) -> Option<Bound> {
    let definition = model.plan.definition();
    let plain = definition.cracks.is_empty() && model.crew.is_none() && !model.traffic && !model.batches;
    if !plain || model.roles.iter().any(|role| role.absences.is_some() || role.away.is_some()) {
        return None;
    }
    let visits = visits(model)?;
    let mut work = vec![0.0; model.roles.len()];
    for (index, step) in definition.steps.values().enumerate() {
        let Kind::Human { role, .. } = &step.kind else { continue };
        if !agree(visits[index], base.steps.get(index)?.visits_ci95) {
            return None;
        }
        let mean = model.steps[index].takes.as_ref().map_or(0.0, |takes| takes.mean());
        work[definition.roles.get_index_of(role)?] += visits[index] * mean;
    }
    let rate = model.arrivals.as_ref()?.rate(model.start)?;
    let factor = |(role, work): (usize, &f64)| {
        let people = &model.roles[role];
        let open = people.calendar.as_ref().map_or(1.0, |calendar| open_share(calendar, model.start));
        (people.people as f64 * open / (rate * work), role)
    };
    let busy = work.iter().enumerate().filter(|(_, work)| **work > 0.0);
    let (factor, role) = busy.map(factor).min_by(|one, other| one.0.total_cmp(&other.0))?;
    let (role, _) = definition.roles.get_index(role)?;
    factor.is_finite().then(|| Bound { factor, role: role.clone(), exact: true, ci95: None })
}

/// Whether what was computed can be true, seeing what was simulated.
fn agree(visits: f64, found: Option<[f64; 2]>) -> bool {
    found.is_none_or(|[low, high]| (visits - 0.5 * (low + high)).abs() <= 1.5 * (high - low) + 1e-9)
}

/// The share of a year of 52 weeks during which a calendar is open.
pub(crate) fn open_share(calendar: &Calendar, start: Timestamp) -> f64 {
    let year = Duration::DAY.as_micros() * 364;
    calendar.open_between(start, start + Duration::from_micros(year)).as_micros() as f64 / year as f64
}

/// As exact as that, or not at all.
const TOLERANCE: f64 = 1e-12;
/// At most so many flows are followed.
const MOST_FLOWS: usize = 50_000_000;

/// How often a case visits each step, by flow balance: what flows in from every step, until nothing changes. A join passes
/// on what each of its branches brings. `None` where it is not chance alone that decides.
fn visits(model: &Model) -> Option<Vec<f64>> {
    let definition = model.plan.definition();
    let flows = flows(model)?;
    let forks = definition.steps.values().any(|step| matches!(step.kind, Kind::Fork(_)));
    let ends_all = |step: &Step| matches!(step.kind, Kind::End { terminate: true, .. });
    if forks && definition.steps.values().any(ends_all) {
        return None;
    }
    let joins: Vec<bool> = definition.steps.values().map(|step| matches!(step.kind, Kind::Join(_))).collect();
    let start = definition.steps.get_index_of(&definition.start)?;
    let count = flows.len();
    let mut visits = vec![0.0; count];
    let rounds = MOST_FLOWS / (count + flows.iter().map(Vec::len).sum::<usize>()).max(1);
    for _ in 0..rounds {
        let (mut sums, mut least, mut most) = (vec![0.0; count], vec![f64::INFINITY; count], vec![0.0_f64; count]);
        sums[start] += 1.0;
        for (from, ways) in flows.iter().enumerate() {
            for (to, share) in ways {
                let brought = visits[from] * share;
                sums[*to] += brought;
                (least[*to], most[*to]) = (least[*to].min(brought), most[*to].max(brought));
            }
        }
        let found = |step: usize| if joins[step] && least[step].is_finite() { least[step] } else { sums[step] };
        let change = (0..count).map(|step| (found(step) - visits[step]).abs()).fold(0.0, f64::max);
        (0..count).for_each(|step| visits[step] = found(step));
        if change < TOLERANCE {
            let even = (0..count).all(|step| !joins[step] || most[step] - visits[step] < 1e-9);
            return even.then_some(visits);
        }
    }
    None
}

/// Where each step leads in the graph of the process, with which share of its visits; several links to one step are one.
fn flows(model: &Model) -> Option<Vec<Vec<(usize, f64)>>> {
    let definition = model.plan.definition();
    if !definition.steps.values().all(is_plain) {
        return None;
    }
    let mut shares: Vec<_> = model.steps.iter().map(StepModel::shares).collect();
    let mut flows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); definition.steps.len()];
    for link in model.plan.process().graph().raw_edges() {
        let (from, to) = (link.source().index(), link.target().index());
        let share = match link.weight.kind {
            LinkKind::Next | LinkKind::Parallel => 1.0,
            LinkKind::Outcome => shares[from].next()?,
            // Data decide, or whoever comes first, or what goes wrong.
            _ => return None,
        };
        match flows[from].iter_mut().find(|(known, _)| *known == to) {
            Some((_, known)) => *known += share,
            None => flows[from].push((to, share)),
        }
    }
    Some(flows)
}

/// Whether a token that comes to a step goes on by its links and nothing else.
fn is_plain(step: &Step) -> bool {
    let free = step.lock.is_none() && step.only_while.is_none() && step.again.is_none() && step.undo.is_none();
    let simple = matches!(
        step.kind,
        Kind::Human { .. }
            | Kind::Service { .. }
            | Kind::Wait { .. }
            | Kind::Pause(_)
            | Kind::Assign
            | Kind::Fork(_)
            | Kind::Join(JoinRule::All)
            | Kind::End { hand_over: None, .. }
    );
    free && simple && step.cracks.is_empty()
}
