//! The calendars of all processes under names of their own.

use std::collections::HashMap;

use grieta_core::definition::CalendarSpec;
use indexmap::IndexMap;

use crate::definition::LifeCycle;
use crate::processes::Processes;

/// The calendars of a life cycle and its processes.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendars {
    /// All of them by their new names.
    pub all: IndexMap<String, CalendarSpec>,
    /// By process and the name there: the new name.
    renamed: HashMap<(String, String), String>,
}

impl Calendars {
    /// First those of the life cycle itself; of those of the same name that are not alike, the first keeps it.
    pub fn of(life_cycle: &LifeCycle, processes: &Processes) -> Calendars {
        let mut calendars = Calendars { all: life_cycle.calendars.clone(), renamed: HashMap::new() };
        // By name and by what it says: the new name.
        let mut known: Vec<(&str, &CalendarSpec, String)> =
            life_cycle.calendars.iter().map(|(name, spec)| (name.as_str(), spec, name.clone())).collect();
        for (process, found) in processes.sound() {
            for (name, spec) in &found.definition().calendars {
                let alike = known.iter().find(|(other, same, _)| other == name && *same == spec);
                let new = match alike {
                    Some((_, _, new)) => new.clone(),
                    None => {
                        let new = calendars.free(process, name);
                        calendars.all.insert(new.clone(), spec.clone());
                        known.push((name, spec, new.clone()));
                        new
                    }
                };
                calendars.renamed.insert((process.clone(), name.clone()), new);
            }
        }
        calendars
    }

    fn free(&self, process: &str, name: &str) -> String {
        let mut new = name.to_owned();
        while self.all.contains_key(&new) {
            new = format!("{process}-{new}");
        }
        new
    }

    /// The new name of a calendar of a process.
    pub fn name(&self, process: &str, calendar: &str) -> String {
        let renamed = self.renamed.get(&(process.to_owned(), calendar.to_owned()));
        renamed.cloned().unwrap_or_else(|| calendar.to_owned())
    }
}
