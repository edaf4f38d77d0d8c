//! A role whose people are there longer: the last opening of each day of its week ends later, at midnight at the latest.

use grieta_core::calendar::Calendar;
use grieta_core::definition::{CalendarSpec, Definition, Span, Window};
use grieta_core::diagnostic::Path;
use indexmap::IndexMap;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTE: i64 = 60_000_000;
/// Minutes after midnight at which a day ends.
const MIDNIGHT: u16 = 24 * 60;

/// Gives a role a calendar of its own that is open so much longer, and nothing where it is always there. Holidays and
/// exceptional days stay as they are, and so do the hours of people who have their own.
pub(crate) fn open_longer(definition: &mut Definition, role: &str, by: Span) {
    let Some((spec, windows)) = hours(definition, role) else { return };
    let minutes = u16::try_from(by.amount / MINUTE).unwrap_or(MIDNIGHT);
    let of_day = |(number, day): (usize, &&str)| {
        let windows: Vec<Window> = windows.iter().filter(|window| usize::from(window.day) == number).copied().collect();
        let last = windows.iter().map(|window| window.until).max()?;
        let until = |window: &Window| {
            let later = window.until.saturating_add(minutes).min(MIDNIGHT);
            clock(if window.until == last { later } else { window.until })
        };
        let written: Vec<String> =
            windows.iter().map(|window| format!("{}-{}", clock(window.from), until(window))).collect();
        Some(((*day).to_owned(), written.join(", ")))
    };
    let week: IndexMap<String, String> = DAYS.iter().enumerate().filter_map(of_day).collect();
    let longer = CalendarSpec { week, ..spec.clone() };
    let mut names = (1..).map(|number: u32| format!("{role}-open-longer-{number}"));
    let Some(name) = names.find(|name| !definition.calendars.contains_key(name)) else { return };
    definition.calendars.insert(name.clone(), longer);
    definition.roles.entry(role.to_owned()).and_modify(|role| role.calendar = Some(name));
}

/// Whether that would change anything: somebody goes by the hours of the role, and these end before midnight on some day.
pub(crate) fn may_open_longer(definition: &Definition, role: &str) -> bool {
    let has_own = |person: &String| definition.persons.get(person).is_some_and(|person| person.calendar.is_some());
    let people = definition.roles.get(role).map(|role| &role.people);
    let names = people.map_or(&[][..], |people| people.names());
    let all_have_own = !names.is_empty() && names.iter().all(has_own);
    let ends = |windows: Vec<Window>| {
        let last = |day: u8| windows.iter().filter(|window| window.day == day).map(|window| window.until).max();
        (0..7).filter_map(last).any(|until| until < MIDNIGHT)
    };
    !all_have_own && hours(definition, role).is_some_and(|(_, windows)| ends(windows))
}

/// The calendar of a role, or that of the process, and when it opens.
fn hours<'d>(definition: &'d Definition, role: &str) -> Option<(&'d CalendarSpec, Vec<Window>)> {
    let name = definition.roles.get(role)?.calendar.as_ref().or(definition.calendar.as_ref())?;
    let spec = definition.calendars.get(name)?;
    let calendar = Calendar::compile(name, spec, &Path::default()).ok()?;
    Some((spec, calendar.windows().to_vec()))
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
