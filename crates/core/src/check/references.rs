//! Whatever a definition names must exist: steps, roles, calendars, clocks, decisions, fields and outcomes.

use std::cell::Cell;

use super::rules::rule_step;
use super::step_path;
use crate::definition::{Allocation, Clock, Crack, Definition, Incoming, Kind, Outgoing, Response, Step};
use crate::diagnostic::{Code, Path, Problem, suggest, suggest_field};
use crate::graph;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let known = Known::of(definition);
    if definition.steps.is_empty() {
        let message = "a process needs at least one step, found none";
        problems.push(Problem::error(Code::MissingKey, Path::root("steps"), message));
    } else if !definition.start.is_empty() {
        problems.extend(known.step(&definition.start, Path::root("start")));
    }
    problems.extend(definition.calendar.iter().filter_map(|name| known.calendar(name, Path::root("calendar"))));
    problems.extend(definition.customer.iter().filter_map(|name| known.field(name, Path::root("customer"))));
    let outputs = definition.outputs.iter().enumerate();
    problems.extend(outputs.filter_map(|(index, name)| known.field(name, Path::root("outputs").index(index))));
    for (name, role) in &definition.roles {
        let path = Path::root("roles").key(name).key("calendar");
        problems.extend(role.calendar.iter().filter_map(|calendar| known.calendar(calendar, path.clone())));
    }
    for (name, person) in &definition.persons {
        let path = Path::root("persons").key(name).key("calendar");
        problems.extend(person.calendar.iter().filter_map(|calendar| known.calendar(calendar, path.clone())));
    }
    for (name, step) in &definition.steps {
        check_step(&known, name, step, problems);
    }
    for (index, rule) in definition.rules.iter().enumerate() {
        let named = rule.steps().iter().enumerate();
        problems.extend(named.filter_map(|(at, step)| known.step(step, rule_step(index, rule, at))));
    }
    for (name, clock) in &definition.clocks {
        check_clock(&known, &Path::root("clocks").key(name), clock, problems);
    }
    for (crack, declared) in &definition.cracks {
        let at = Path::root("cracks").key(crack);
        problems.extend(declared.then.iter().filter_map(|to| known.step(to, at.key("then"))));
        problems.extend(declared.clock.iter().filter_map(|clock| known.clock(clock, at.key("clock"))));
    }
    let Some(simulation) = &definition.simulation else { return };
    let at = Path::root("simulation");
    problems.extend(simulation.sample.keys().filter_map(|name| known.field(name, at.key("sample").name(name))));
    problems.extend(simulation.absences.keys().filter_map(|name| known.role(name, at.key("absences").name(name))));
}

fn check_step(known: &Known, name: &str, step: &Step, problems: &mut Vec<Problem>) {
    let path = step_path(name);
    problems.extend(graph::ways(name, step).into_iter().filter_map(|way| known.step(way.to, way.path)));
    if let Kind::Human { role, allocate, .. } = &step.kind {
        problems.extend(known.role(role, path.key("human").key("role")));
        if let Allocation::SamePersonAs(other) = allocate {
            problems.extend(known.step(other, path.key("human").key("allocate").key("same-person-as")));
        }
    }
    if let Kind::Decide(decision) = &step.kind {
        problems.extend(known.decision(decision, path.key("decide")));
    }
    let region = if let Kind::Cancel(region) = &step.kind { region.as_slice() } else { &[] };
    let inside = match &step.kind {
        Kind::ForEach(_) => path.key("for-each").key("steps"),
        other => path.key(other.key()),
    };
    let listed = step.kind.inside().iter().chain(region).enumerate();
    problems.extend(listed.filter_map(|(index, other)| known.step(other, inside.index(index))));
    problems.extend(step.only_while.iter().filter_map(|other| known.step(other, path.key("only-while"))));
    problems.extend(step.undo.iter().filter_map(|other| known.step(other, path.key("undo"))));
    if let Kind::Receive(Incoming { key: Some(field), .. }) | Kind::Send(Outgoing { key: Some(field), .. }) = &step.kind
    {
        problems.extend(known.field(field, path.key(step.kind.key()).key("key")));
    }
    problems.extend(step.same_as.iter().filter_map(|other| known.name(other, path.key("same-as"))));
    for (key, fields) in [("reads", &step.reads), ("writes", &step.writes)] {
        let listed = fields.iter().enumerate();
        problems.extend(listed.filter_map(|(index, field)| known.field(field, path.key(key).index(index))));
    }
    for (crack, declared) in &step.cracks {
        let path = path.key("cracks").key(crack);
        problems.extend(declared.clock.iter().filter_map(|clock| known.clock(clock, path.key("clock"))));
        problems.extend(check_crack(known, step, &path, declared));
    }
}

fn check_clock(known: &Known, path: &Path, clock: &Clock, problems: &mut Vec<Problem>) {
    for (key, steps, happens) in [
        ("from", &clock.from, "the clock starts when the case comes to that step"),
        ("until", &clock.until, "the clock stops when that step is done, with whatever outcome"),
        ("pause-in", &clock.pause_in, "the clock stands still while the case is at that step"),
    ] {
        for (index, step) in steps.iter().enumerate() {
            let Some(problem) = known.step(step, path.key(key).index(index)) else { continue };
            let help = problem.help.as_deref().map(|help| format!("{help}; {happens}"));
            problems.push(problem.maybe_help(help.filter(|_| known.outcome(step).is_some())));
        }
    }
    problems.extend(clock.calendar.iter().filter_map(|name| known.calendar(name, path.key("calendar"))));
}

fn check_crack(known: &Known, step: &Step, path: &Path, crack: &Crack) -> Option<Problem> {
    match &crack.response {
        Some(Response::Reoffer(Some(role))) => known.role(role, path.key("do").key("reoffer")),
        Some(Response::Reallocate(Some(role))) => known.role(role, path.key("do").key("reallocate")),
        Some(Response::Skip(Some(outcome))) if !step.outcomes.contains_key(outcome) => {
            let message = format!("this step has no outcome `{outcome}`");
            let help = suggest(outcome, step.outcomes.keys().map(String::as_str));
            let at = path.key("do").key("skip");
            Some(Problem::error(Code::UnknownOutcome, at, message).maybe_help(help))
        }
        _ => None,
    }
}

/// The names that a definition declares.
pub(super) struct Known<'a> {
    definition: &'a Definition,
    /// For how many names the nearest has been looked for.
    searches: Cell<usize>,
}

/// Looking for what was meant takes time where there are many names; nobody reads so many suggestions.
const MOST_SEARCHES: usize = 100;

impl<'a> Known<'a> {
    pub(super) fn of(definition: &'a Definition) -> Known<'a> {
        Known { definition, searches: Cell::new(0) }
    }

    pub(super) fn step(&self, name: &str, path: Path) -> Option<Problem> {
        let steps = &self.definition.steps;
        (!steps.contains_key(name)).then(|| self.unknown(Code::UnknownStep, "step", name, path, steps.keys()))
    }

    /// A step with an outcome of that name, and where that leads.
    fn outcome(&self, name: &str) -> Option<(&str, &str)> {
        self.definition
            .steps
            .iter()
            .find_map(|(step, declared)| Some((step.as_str(), declared.outcomes.get(name)?.to.as_str())))
    }

    pub(super) fn role(&self, name: &str, path: Path) -> Option<Problem> {
        let roles = &self.definition.roles;
        (!roles.contains_key(name)).then(|| self.unknown(Code::UnknownRole, "role", name, path, roles.keys()))
    }

    fn calendar(&self, name: &str, path: Path) -> Option<Problem> {
        let all = &self.definition.calendars;
        (!all.contains_key(name)).then(|| self.unknown(Code::UnknownCalendar, "calendar", name, path, all.keys()))
    }

    fn decision(&self, name: &str, path: Path) -> Option<Problem> {
        let missing = !self.definition.decisions.contains_key(name);
        missing.then(|| self.unknown(Code::UnknownDecision, "decision", name, path, self.definition.decisions.keys()))
    }

    fn clock(&self, name: &str, path: Path) -> Option<Problem> {
        let missing = !self.definition.clocks.contains_key(name);
        missing.then(|| self.unknown(Code::UnknownClock, "clock", name, path, self.definition.clocks.keys()))
    }

    fn field(&self, name: &str, path: Path) -> Option<Problem> {
        let data = &self.definition.data;
        (!data.contains_key(name)).then(|| self.unknown(Code::UnknownField, "data field", name, path, data.keys()))
    }

    /// The alias of a step may name a step of another variant, but must be a name.
    fn name(&self, name: &str, path: Path) -> Option<Problem> {
        let message = format!("expected the name of a step, found `{name}`");
        let help = "a name consists of letters a–z, digits and hyphens, and begins with a letter";
        (!crate::definition::is_name(name)).then(|| Problem::error(Code::InvalidName, path, message).help(help))
    }

    fn unknown<'n>(
        &self,
        code: Code,
        what: &str,
        name: &str,
        path: Path,
        known: impl Iterator<Item = &'n String> + Clone,
    ) -> Problem {
        let problem = Problem::error(code, path, format!("there is no {what} `{name}`"));
        if self.searches.replace(self.searches.get() + 1) >= MOST_SEARCHES {
            return problem;
        }
        if let Some((step, to)) = self.outcome(name).filter(|_| code == Code::UnknownStep) {
            let help =
                format!("`{name}` is the outcome with which `{step}` leads to `{to}`: name the step that is meant");
            return problem.help(help);
        }
        let none = match code {
            Code::UnknownField => return problem.help(suggest_field(name, known.map(String::as_str))),
            Code::UnknownRole => format!("declare it under `roles`, as in `{name}: {{ people: 2 }}`"),
            _ => format!("declare it, there is no {what} yet"),
        };
        problem.help(suggest(name, known.map(String::as_str)).unwrap_or(none))
    }
}
