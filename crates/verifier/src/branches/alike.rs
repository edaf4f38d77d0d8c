//! Whether a changed guard decides as before, and whether a decision does without a rule: proved, or not known.

use std::cell::Cell;

use grieta_core::Process;
use grieta_core::decision::Table;
use grieta_core::definition::{Definition, Expression, Hit, Kind};
use grieta_core::diagnostic::{Path, Segment};
use grieta_core::expression::Part;

use super::fields::{self, Fields};
use super::findings::Findings;
use super::group::Group;
use super::search::Answer;
use super::{Analysis, MOST_EFFORT, residues};

/// Whether it is proved that another guard in place of the one at that path decides every case alike: there are no data for
/// which one holds and the other does not, where the guards before it have not held. Of integers that the steps before a
/// choice set, it is known which rests they leave.
///
/// Data change by what the definition says; a person who changes them from outside is not thought of.
///
/// ```
/// use grieta_core::Process;
/// use grieta_core::diagnostic::Path;
/// use grieta_verifier::branches;
///
/// let file = "
/// process: p
/// version: 1.0.0
/// start: score
/// data: { age: { type: integer, required: true }, points: { type: integer, initial: 0 } }
/// steps:
///   score: { assign: { points: 'age > 30 ? 20 : 5' }, next: route }
///   route:
///     choose: [{ when: points >= 20, to: done }, { otherwise: done }]
///   done: { end: {} }
/// ";
/// let process = Process::read("p.yaml", file.as_bytes())?;
/// let guard = Path::root("steps").key("route").key("choose").index(0).key("when");
/// assert!(branches::decides_alike(&process, &guard, &"points >= 19".into()), "nobody has 19");
/// assert!(!branches::decides_alike(&process, &guard, &"points >= 21".into()));
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
pub fn decides_alike(process: &Process, guard: &Path, other: &Expression) -> bool {
    with(process, |analysis| alike(analysis, guard, other)).unwrap_or(false)
}

/// Whether it is proved that a decision decides the same without that rule, counted from 0: it never matches, or those before
/// it leave nothing for it.
pub fn does_without(process: &Process, decision: &str, rule: usize) -> bool {
    with(process, |analysis| without(analysis, decision, rule)).unwrap_or(false)
}

fn with<T>(process: &Process, asked: impl FnOnce(&Analysis<'_>) -> T) -> T {
    let (optional, effort) = (fields::optional(process), Cell::new(MOST_EFFORT));
    asked(&Analysis { process, optional: &optional, effort: &effort, findings: Findings::default() })
}

fn alike(analysis: &Analysis<'_>, guard: &Path, other: &Expression) -> Option<bool> {
    let place = Place::find(analysis.process.definition(), guard)?;
    let compile = |guard: &Expression| Expression::compile_guard(&guard.0, analysis.process.schema()).ok();
    let guards = place.before.iter().copied().chain([place.guard, other]).map(compile);
    let guards: Vec<Part> = guards.map(|guard| Some(guard?.parts())).collect::<Option<_>>()?;
    let (before, two) = guards.split_at_checked(place.before.len())?;
    let mut group = Group::of(analysis, &guards);
    if !two.iter().all(|guard| group.always_evaluated(guard)) {
        return None;
    }
    for (slot, residue) in place.choice.map(|step| residues::on_arrival(analysis.process, step)).unwrap_or_default() {
        group.know(slot, residue);
    }
    let (one, other) = (before.len(), before.len() + 1);
    let never = |holds, fails| {
        let answer = group.ask([holds], (0..before.len()).chain([fails]), |_| true);
        answer == Answer::Never
    };
    Some(never(one, other) && never(other, one))
}

/// A guard, and what is known where it is asked.
struct Place<'a> {
    guard: &'a Expression,
    /// The guards that have not held then.
    before: Vec<&'a Expression>,
    /// The choice that it belongs to, if it does.
    choice: Option<&'a str>,
}

impl<'a> Place<'a> {
    fn find(definition: &'a Definition, path: &Path) -> Option<Place<'a>> {
        let found = definition.expressions().into_iter().find(|found| found.path == *path)?;
        let alone = Place { guard: found.expression, before: Vec::new(), choice: None };
        let [Segment::Key(_), Segment::Key(name), Segment::Key(_), Segment::Index(index), Segment::Key(when)] =
            path.0.as_slice()
        else {
            return Some(alone);
        };
        let (name, step) = definition.steps.get_key_value(name).filter(|_| when == "when")?;
        let before = match &step.kind {
            Kind::Choose(branches) => branches.iter().take(*index).filter_map(|branch| branch.when.as_ref()).collect(),
            _ => Vec::new(),
        };
        Some(Place { before, choice: Some(name), ..alone })
    }
}

fn without(analysis: &Analysis<'_>, name: &str, rule: usize) -> Option<bool> {
    let decision = analysis.process.definition().decisions.get(name)?;
    decision.rules.get(rule)?;
    let path = Path::root("decisions").key(name);
    let table = Table::compile(name, decision, analysis.process.schema(), &path).ok()?;
    let conditions = table.conditions();
    let group = Group::of(analysis, &conditions);
    let answer = match conditions.get(rule) {
        // Without it nobody would ask for its inputs, of which one may be absent.
        Some(own) if !group.always_evaluated(own) => return None,
        Some(_) => group.ask([rule], if decision.hit == Hit::First { 0..rule } else { 0..0 }, |_| true),
        None => group.ask([], 0..conditions.len(), |_| true),
    };
    Some(answer == Answer::Never)
}

impl Fields<'_> {
    /// Whether a condition has a value for all data: nothing in it can be absent, or become too large.
    pub(super) fn always_evaluated(&self, part: &Part) -> bool {
        let itself = match part {
            Part::Negated(_) | Part::Chain(..) | Part::Joined(_) => false,
            _ => self.always_there(part),
        };
        itself && part.children().into_iter().all(|child| self.always_evaluated(child))
    }
}
