//! The people of all processes together: whoever has the same name is the same.

use grieta_core::definition::{Absence, Away, Definition, Person, Role};
use grieta_core::diagnostic::{Code, Path, Problem, suggest};
use indexmap::IndexMap;

use super::calendars::Calendars;
use crate::definition::LifeCycle;
use crate::processes::Processes;

/// Everybody who works in a network.
#[derive(Debug, Clone)]
pub(crate) struct People {
    calendars: Calendars,
    roles: IndexMap<String, Role>,
    persons: IndexMap<String, Person>,
    absences: IndexMap<String, Absence>,
    away: IndexMap<String, Away>,
    start: Option<String>,
}

/// The people of a life cycle, or where two processes describe them differently.
pub(crate) fn people_of(life_cycle: &LifeCycle, processes: &Processes) -> Result<People, Vec<Problem>> {
    let calendars = Calendars::of(life_cycle, processes);
    let mut problems = settled_calendars(life_cycle, &calendars);
    let mut roles = One::new("role", "describe it under `roles` of the life cycle, or give one of them another name");
    let mut persons = One::new("person", "write the same in both, or give one of them another name");
    let mut absences = One::new("absence of", "write the same in both, or in one of them");
    let mut away = One::new("absence (`away`) of", "write the same in both, or in one of them");
    let mut starts = One::new("first day of simulated time, ", "let all simulations start on the same day");
    for (process, found) in processes.sound() {
        let definition = found.definition();
        for (name, role) in &definition.roles {
            match life_cycle.roles.get(name) {
                Some(settled) => roles.take(name, settled.clone(), process, &mut Vec::new()),
                None => roles.take(name, shared(role, process, definition, &calendars), process, &mut problems),
            }
        }
        for (name, person) in &definition.persons {
            let calendar = person.calendar.as_ref().map(|calendar| calendars.name(process, calendar));
            persons.take(name, Person { calendar, ..person.clone() }, process, &mut problems);
        }
        let Some(simulation) = &definition.simulation else { continue };
        for (name, absence) in &simulation.absences {
            absences.take(name, absence.clone(), process, &mut problems);
        }
        for (name, times) in &simulation.away {
            away.take(name, *times, process, &mut problems);
        }
        if let Some(start) = &simulation.start {
            starts.take("start", start.clone(), process, &mut problems);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(People {
        calendars,
        roles: roles.found(),
        persons: persons.found(),
        absences: absences.found(),
        away: away.found(),
        start: starts.found().pop().map(|(_, start)| start),
    })
}

/// A role as it is for all processes: with its calendar, and without the order in which this process takes work.
fn shared(role: &Role, process: &str, definition: &Definition, calendars: &Calendars) -> Role {
    let own = role.calendar.as_ref().or(definition.calendar.as_ref());
    let calendar = own.map(|calendar| calendars.name(process, calendar));
    let mut shared = Role { calendar, ..role.clone() };
    shared.queue.priority = None;
    shared
}

fn settled_calendars(life_cycle: &LifeCycle, calendars: &Calendars) -> Vec<Problem> {
    let named = life_cycle.roles.iter().filter_map(|(name, role)| Some((name, role.calendar.as_ref()?)));
    let unknown = named.filter(|(_, calendar)| !calendars.all.contains_key(*calendar));
    unknown
        .map(|(name, calendar)| {
            let at = Path::root("roles").key(name).key("calendar");
            let problem = Problem::error(Code::UnknownCalendar, at, format!("there is no calendar `{calendar}`"));
            problem.maybe_help(suggest(calendar, calendars.all.keys().map(String::as_str)))
        })
        .collect()
}

/// Things by name, each of which is to be said alike wherever it is said.
struct One<T> {
    what: &'static str,
    help: &'static str,
    /// Each with the process that said it first.
    all: IndexMap<String, (T, String)>,
}

impl<T: PartialEq> One<T> {
    fn new(what: &'static str, help: &'static str) -> One<T> {
        One { what, help, all: IndexMap::new() }
    }

    fn take(&mut self, name: &str, thing: T, process: &str, problems: &mut Vec<Problem>) {
        match self.all.get(name) {
            None => _ = self.all.insert(name.to_owned(), (thing, process.to_owned())),
            Some((known, _)) if *known == thing => {}
            Some((_, first)) => {
                let message = format!("{} `{name}` is not the same in `{process}` as in `{first}`", self.what);
                let problem = Problem::error(Code::DifferingPeople, Path::root("processes").key(process), message);
                let problem = problem.related("the other", Path::root("processes").key(first));
                problems.push(problem.help(self.help));
            }
        }
    }

    fn found(self) -> IndexMap<String, T> {
        self.all.into_iter().map(|(name, (thing, _))| (name, thing)).collect()
    }
}

impl People {
    /// Gives a definition all people there are, and the calendars they need.
    pub fn move_into(&self, process: &str, definition: &mut Definition) {
        let renamed = |calendar: &mut Option<String>| {
            calendar.iter_mut().for_each(|calendar| *calendar = self.calendars.name(process, calendar));
        };
        renamed(&mut definition.calendar);
        definition.clocks.values_mut().for_each(|clock| renamed(&mut clock.calendar));
        let own = std::mem::take(&mut definition.roles);
        let role = |(name, role): (&String, &Role)| {
            let mut role = role.clone();
            role.queue.priority = own.get(name).and_then(|own| own.queue.priority.clone());
            (name.clone(), role)
        };
        definition.roles = self.roles.iter().map(role).collect();
        definition.persons = self.persons.clone();
        definition.calendars = self.calendars.all.clone();
        let simulation = definition.simulation.get_or_insert_default();
        simulation.absences = self.absences.clone();
        simulation.away = self.away.clone();
        simulation.start = self.start.clone();
    }
}
