//! How a calendar is written, and what can be wrong with it.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::definition::{CalendarSpec, Window};
use crate::diagnostic::{Code, Path, Problem, nearest, suggest};

/// A calendar as understood.
#[derive(Debug)]
pub(super) struct Reading {
    pub zone: Tz,
    /// Ascending, without overlaps, at least one.
    pub windows: Vec<Window>,
    /// Ascending, each once.
    pub holidays: Vec<NaiveDate>,
    /// Days and their windows in minutes after midnight, ascending.
    pub exceptions: Vec<(NaiveDate, Vec<(u16, u16)>)>,
}

/// Understands a calendar, or says everything that is wrong with it. `path` is that of the calendar.
pub(super) fn read(name: &str, spec: &CalendarSpec, path: &Path) -> Result<Reading, Vec<Problem>> {
    let mut reader = Reader { problems: Vec::new() };
    let zone = reader.zone(spec.zone.as_deref(), path);
    let windows = reader.week(spec, path);
    let holidays = reader.holidays(&spec.holidays, path);
    let exceptions = reader.exceptions(spec, &holidays, path);
    if windows.is_empty() && spec.week.is_empty() {
        let message = format!("the calendar `{name}` never opens: expected opening windows under `week`, found none");
        reader.report(path.clone(), message, Some("write for example `week: { mon-fri: \"09:00-18:00\" }`".to_owned()));
    }
    if reader.problems.is_empty() { Ok(Reading { zone, windows, holidays, exceptions }) } else { Err(reader.problems) }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Minutes after midnight at which a day ends.
const MIDNIGHT: u16 = 24 * 60;
/// Days outside these years are slips of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn report(&mut self, path: Path, message: String, help: Option<String>) {
        self.problems.push(Problem::error(Code::InvalidCalendar, path, message).maybe_help(help));
    }

    fn zone(&mut self, written: Option<&str>, path: &Path) -> Tz {
        let Some(written) = written else { return Tz::UTC };
        Tz::from_str(written).unwrap_or_else(|_| {
            let message = format!("expected the IANA name of a time zone, found `{written}`");
            self.report(path.key("zone"), message, Some(zone_help(written)));
            Tz::UTC
        })
    }

    fn week(&mut self, spec: &CalendarSpec, calendar: &Path) -> Vec<Window> {
        let mut windows = Vec::new();
        let mut named: [Option<&str>; 7] = [None; 7];
        for (key, written) in &spec.week {
            let path = calendar.key("week").key(key);
            let days = self.days(key, &calendar.key("week").name(key));
            let repeated = days.iter().find_map(|day| named[usize::from(*day)].map(|before| (*day, before)));
            if let Some((day, before)) = repeated {
                let message = format!("`{}` stands under `{before}` already", DAYS[usize::from(day)]);
                let help = "name each day once; several windows of one day are separated by commas";
                let problem = Problem::error(Code::InvalidCalendar, path.clone(), message).help(help);
                let other = calendar.key("week").key(before);
                self.problems.push(problem.related(format!("`{before}` stands here"), other));
            }
            for day in &days {
                named[usize::from(*day)] = Some(key);
            }
            let of_day = self.windows(written, &days, &path);
            windows.extend(days.iter().flat_map(|day| of_day.iter().map(|(from, until)| (*day, *from, *until))));
        }
        windows.sort_unstable();
        windows.into_iter().map(|(day, from, until)| Window { day, from, until }).collect()
    }

    /// The days that a key names, 0 for Monday; none after a problem.
    fn days(&mut self, key: &str, path: &Path) -> Vec<u8> {
        let (first, last) = match key.split_once('-') {
            Some((first, last)) => (first.trim(), Some(last.trim())),
            None => (key.trim(), None),
        };
        let position = |name: &str| DAYS.iter().position(|day| *day == name).map(|day| day as u8);
        let unknown = [Some(first), last].into_iter().flatten().find(|name| position(name).is_none());
        match (position(first), last.map(position)) {
            _ if unknown.is_some() => {
                let message = format!("expected a day such as `mon` or days such as `mon-fri`, found `{key}`");
                let help = days_meant(key).or_else(|| unknown.and_then(|name| suggest(name, DAYS)));
                self.report(path.clone(), message, help);
                Vec::new()
            }
            (Some(first), Some(Some(last))) if first == last => {
                let message = format!("expected two different days as in `mon-fri`, found `{key}`");
                self.report(
                    path.clone(),
                    message,
                    Some(format!("write `{}` for the one day", DAYS[usize::from(first)])),
                );
                Vec::new()
            }
            (Some(first), Some(Some(last))) => (0..=(last + 7 - first) % 7).map(|day| (first + day) % 7).collect(),
            (Some(only), _) => vec![only],
            (None, _) => Vec::new(),
        }
    }

    /// The windows of these days in minutes after midnight, ascending; without those that are wrong.
    fn windows(&mut self, written: &str, days: &[u8], path: &Path) -> Vec<(u16, u16)> {
        let mut windows = Vec::new();
        for part in written.split(',') {
            match window(part.trim(), days) {
                Ok(window) => windows.push(window),
                Err((message, help)) => self.report(path.clone(), message, help),
            }
        }
        windows.sort_unstable();
        for pair in windows.windows(2) {
            let [one, other] = [pair[0], pair[1]];
            if other.0 < one.1 {
                let joined = shown((one.0, one.1.max(other.1)));
                let message = format!("the windows `{}` and `{}` overlap", shown(one), shown(other));
                self.report(
                    path.clone(),
                    message,
                    Some(format!(
                        "a calendar says when it is open, not who is there: join them to `{joined}`, or let one end before the \
                         other"
                    )),
                );
            }
        }
        windows
    }

    fn holidays(&mut self, written: &[String], path: &Path) -> Vec<NaiveDate> {
        let mut days = Vec::new();
        for (index, text) in written.iter().enumerate() {
            match holiday(text.trim()) {
                Ok(day) => days.push(day),
                Err(message) => self.report(path.key("holidays").index(index), message, None),
            }
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    fn exceptions(
        &mut self,
        spec: &CalendarSpec,
        holidays: &[NaiveDate],
        path: &Path,
    ) -> Vec<(NaiveDate, Vec<(u16, u16)>)> {
        let mut days: Vec<(NaiveDate, Vec<(u16, u16)>)> = Vec::new();
        let mut known = BTreeSet::new();
        for (key, written) in &spec.exceptions {
            let windows = self.windows(written, &[], &path.key("exceptions").key(key));
            let path = path.key("exceptions").name(key);
            match holiday(key.trim()) {
                Ok(day) if holidays.contains(&day) => {
                    let message = format!("`{key}` is a holiday as well");
                    self.report(path, message, Some("name it under `holidays` or under `exceptions`".to_owned()));
                }
                Ok(day) if !known.insert(day) => {
                    let message = format!("`{day}` stands under `exceptions` twice");
                    self.report(path, message, Some("separate several windows of one day by commas".to_owned()));
                }
                Ok(day) => days.push((day, windows)),
                Err(message) => self.report(path, message, None),
            }
        }
        days
    }
}

/// The days that were probably meant by `Monday-Friday`.
fn days_meant(key: &str) -> Option<String> {
    let day = |name: &str| DAYS.into_iter().find(|day| name.trim().to_lowercase().starts_with(day));
    let days: Option<Vec<&str>> = key.split('-').map(day).collect();
    Some(format!("did you mean `{}`?", days?.join("-")))
}

/// Why something cannot be read, and the remedy.
type Wrong = (String, Option<String>);

fn window(written: &str, days: &[u8]) -> Result<(u16, u16), Wrong> {
    let expected = || {
        let help = "several windows are separated by commas, as in `09:00-13:00, 14:00-18:00`";
        (format!("expected an opening window such as `09:00-18:00`, found `{written}`"), Some(help.to_owned()))
    };
    let (from, until) = written.split_once('-').ok_or_else(expected)?;
    let hour = |text: &str| text.trim().parse::<u16>().ok().filter(|hour| *hour <= 24);
    if let (Some(from), Some(until)) = (hour(from), hour(until)) {
        let (message, _) = expected();
        return Err((message, Some(format!("did you mean `{}`?", shown((from * 60, until * 60))))));
    }
    let (from, until) = (time(from.trim())?, time(until.trim())?);
    if from < until {
        return Ok((from, until));
    }
    if from == until {
        let help = "write `00:00-24:00` for a whole day, or leave the day out when it is closed";
        return Err((format!("the window `{written}` is empty"), Some(help.to_owned())));
    }
    let (evening, morning) = (shown((from, MIDNIGHT)), shown((0, until)));
    let two = match (from, until) {
        (MIDNIGHT, _) => format!("midnight at the beginning of a day is `00:00`: write `{morning}`"),
        (_, 0) => format!("midnight at the end of a day is `24:00`: write `{evening}`"),
        _ => format!("a window over midnight is two: {}", over_midnight(&evening, &morning, days)),
    };
    Err((format!("the window `{written}` ends before it begins"), Some(two)))
}

/// The windows into which one over midnight falls on these days, ascending, and on those after them: `mon: "20:00-24:00"`,
/// `tue-fri: "00:00-02:00, 20:00-24:00"`, `sat: "00:00-02:00"`.
fn over_midnight(evening: &str, morning: &str, days: &[u8]) -> String {
    if days.is_empty() {
        return format!("`{evening}` on this day and `{morning}` on the next");
    }
    let after: Vec<u8> = days.iter().map(|day| (day + 1) % 7).collect();
    let lines = [
        (format!("\"{evening}\""), days.iter().filter(|day| !after.contains(day)).collect::<Vec<_>>()),
        (format!("\"{morning}, {evening}\""), days.iter().filter(|day| after.contains(day)).collect()),
        (format!("\"{morning}\""), after.iter().filter(|day| !days.contains(day)).collect()),
    ];
    let name = |day: &&u8| DAYS[usize::from(**day)];
    let shown = lines.iter().filter_map(|(windows, days)| match days.as_slice() {
        [] => None,
        [only] => Some(format!("`{}: {windows}`", name(only))),
        [first, .., last] => Some(format!("`{}-{}: {windows}`", name(first), name(last))),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Minutes after midnight.
fn time(written: &str) -> Result<u16, Wrong> {
    let minutes = written.split_once(':').and_then(|(hours, minutes)| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let plain = (1..=2).contains(&hours.len()) && minutes.len() == 2 && digits(hours) && digits(minutes);
        if !plain {
            return None;
        }
        let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
        Some(hours * 60 + minutes).filter(|time| minutes < 60 && *time <= MIDNIGHT)
    });
    minutes.ok_or_else(|| {
        let hour = written.parse::<u16>().ok().filter(|hour| *hour <= 24);
        let help = hour.map(|hour| format!("write hours and minutes, as in `{hour:02}:00`"));
        (format!("expected a time of day between `00:00` and `24:00`, found `{written}`"), help)
    })
}

fn shown((from, until): (u16, u16)) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
}

fn holiday(written: &str) -> Result<NaiveDate, String> {
    let shape = written.len() == 10
        && written
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !shape {
        return Err(format!("expected a day such as `2026-12-25`, found `{written}`"));
    }
    let day = NaiveDate::from_str(written).map_err(|_| format!("expected a day that exists, found `{written}`"))?;
    if YEARS.contains(&day.year()) {
        return Ok(day);
    }
    Err(format!("expected a day of the years {} to {}, found `{written}`", YEARS.start(), YEARS.end()))
}

/// The zone that was probably meant: one spelled nearly so, or that of the city.
fn zone_help(written: &str) -> String {
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let wanted = written.rsplit('/').next().unwrap_or(written).trim().replace(' ', "_");
    let by_city = || names().find(|name| city(name).eq_ignore_ascii_case(&wanted));
    let by_near_city = || {
        let near = nearest(&wanted, names().map(city))?;
        names().find(|name| city(name) == near)
    };
    match by_city().or_else(|| nearest(written, names())).or_else(by_near_city) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "zones are named by region and city, as in `Europe/Madrid`".to_owned(),
    }
}
