//! A clock must be able to stop, and to run as far as its marks say.

use std::borrow::Cow;

use crate::calendar::Calendar;
use crate::definition::{Clock, Crack, Definition, Kind, Mark, Span, Trigger, Unit};
use crate::diagnostic::{Code, Path, Problem};

use super::step_path;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, clock) in &definition.clocks {
        let path = Path::root("clocks").key(name);
        problems.extend(length(clock, &path));
        problems.extend(clock.warn.and_then(|mark| unit(clock, mark, path.key("warn"))));
        problems.extend(clock.warn.and_then(|mark| too_late(definition, clock, mark, path.key("warn"))));
        problems.extend(joins(definition, clock, &path));
        problems.extend(idle_calendar(clock, &path));
    }
    let of_steps = definition.steps.iter().flat_map(|(name, step)| {
        step.cracks.iter().map(move |(crack, declared)| (step_path(name).key("cracks").key(crack), declared))
    });
    let of_all = definition.cracks.iter().map(|(crack, declared)| (Path::root("cracks").key(crack), declared));
    for (path, crack) in of_steps.chain(of_all) {
        problems.extend(counts_once(crack, &path));
        let clock = crack.clock.as_ref().and_then(|name| definition.clocks.get(name));
        problems.extend(clock.zip(crack.at).and_then(|(clock, mark)| unit(clock, mark, path.key("at"))));
        problems.extend(crack.at.and_then(|mark| too_early(mark, path.key("at"))));
    }
}

fn length(clock: &Clock, path: &Path) -> Option<Problem> {
    let problem = || {
        let message = "a clock that gives no time has run out as it starts";
        Problem::error(Code::InvalidClock, path.key("within"), message).help("write how long it may take, as in `4 bh`")
    };
    (clock.within.amount == 0).then(problem)
}

/// A clock counts elapsed or business time, and its marks what it counts.
fn unit(clock: &Clock, mark: Mark, path: Path) -> Option<Problem> {
    let Mark::After(span) = mark else { return None };
    let counted = |span: Span| if span.unit == Unit::Elapsed { "elapsed time" } else { "business time" };
    let (own, found) = (counted(clock.within), counted(span));
    let message = format!("the clock counts {own}, and `{span}` is {found}");
    let problem = || {
        Problem::error(Code::InvalidClock, path, message)
            .help("write a share such as `75%`, or the same unit as `within`")
    };
    (own != found).then(problem)
}

fn too_late(definition: &Definition, clock: &Clock, mark: Mark, path: Path) -> Option<Problem> {
    let late = match mark {
        Mark::Share(share) => !(1..crate::definition::Chance::WHOLE).contains(&share.trillionths()),
        Mark::After(span) if span.unit == clock.within.unit => span.amount >= clock.within.amount,
        // Of elapsed and business time something else is said.
        Mark::After(span) if [span.unit, clock.within.unit].contains(&Unit::Elapsed) => false,
        Mark::After(span) => {
            calendar(definition, clock).is_some_and(|calendar| calendar.length(span) >= calendar.length(clock.within))
        }
    };
    let message = format!("a warning comes while the clock runs, which it does for `{}`", clock.within);
    let problem =
        || Problem::error(Code::InvalidClock, path, message).help("name a shorter time, or a share such as `75%`");
    late.then(problem)
}

/// The calendar by which a clock counts; `None` where there is no such calendar, or none that makes sense.
fn calendar(definition: &Definition, clock: &Clock) -> Option<Calendar> {
    let Some(name) = clock.calendar.as_ref().or(definition.calendar.as_ref()) else { return Some(Calendar::always()) };
    Calendar::compile(name, definition.calendars.get(name)?, &Path::default()).ok()
}

/// Elapsed time goes on while a calendar is closed.
fn idle_calendar(clock: &Clock, path: &Path) -> Option<Problem> {
    let calendar = clock.calendar.as_ref().filter(|_| clock.within.unit == Unit::Elapsed)?;
    let message = format!(
        "the clock counts elapsed time, `{}`, for which the calendar `{calendar}` does not matter",
        clock.within
    );
    let problem = Problem::error(Code::InvalidClock, path.key("calendar"), message);
    Some(problem.help("count business time, as in `within: 4 bh`, or remove `calendar`"))
}

/// A mark that is past as the clock starts would never be reached.
fn too_early(mark: Mark, path: Path) -> Option<Problem> {
    let early = match mark {
        Mark::Share(share) => share.trillionths() == 0,
        Mark::After(span) => span.amount == 0,
    };
    let problem = || {
        Problem::error(Code::InvalidClock, path, "a crack strikes when the clock has run for some time")
            .help("name a time, or a share such as `75%`")
    };
    early.then(problem)
}

/// A join has no end of its own that a clock could wait for.
fn joins(definition: &Definition, clock: &Clock, path: &Path) -> Vec<Problem> {
    let is_join = |name: &String| matches!(definition.steps.get(name).map(|step| &step.kind), Some(Kind::Join(_)));
    let joins = clock.until.iter().enumerate().filter(|(_, name)| is_join(name));
    let problem = |(index, name): (usize, &String)| {
        let message =
            format!("`{name}` is a join, at which branches wait for each other; a clock stops when a step is done");
        Problem::error(Code::InvalidClock, path.key("until").index(index), message).help("name the step behind it")
    };
    joins.map(problem).collect()
}

/// A deadline counts since the step was reached, or by a clock.
fn counts_once(crack: &Crack, path: &Path) -> Option<Problem> {
    let (key, message, help): (_, _, Cow<'_, str>) = match crack {
        Crack { clock: None, at: Some(_), .. } => {
            ("at", "`at` has no meaning without `clock`".to_owned(), "name the clock, or write `after`".into())
        }
        Crack { clock: Some(_), after: Some(after), .. } => (
            "after",
            "a deadline counts by a clock, or since the step was reached".to_owned(),
            format!("write `at: {after}` for when the clock has run so long, or else leave `clock` out").into(),
        ),
        Crack { clock: Some(_), on, .. } if *on != Trigger::Deadline => {
            ("clock", format!("`clock` has no meaning on `{}`", on.key()), "only `deadline` has it".into())
        }
        Crack { clock: Some(_), chance: Some(_), .. } => (
            "chance",
            "`chance` has no meaning with `clock`: the time that is used says whether it strikes".to_owned(),
            "remove `chance`".into(),
        ),
        _ => return None,
    };
    Some(Problem::error(Code::CrackTrigger, path.key(key), message).help(help))
}
