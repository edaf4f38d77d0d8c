//! Changes and planned absences are of what there is, and change something.

use super::arrivals;
use super::references::Known;
use crate::definition::{Away, CrackChange, CrackName, Definition, Each, Factor, Kind, Span, Unit, WhatIf};
use crate::diagnostic::{Code, Path, Problem, suggest};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let Some(simulation) = &definition.simulation else { return };
    let known = Known::of(definition);
    let at = Path::root("simulation");
    for (role, away) in &simulation.away {
        let people = definition.roles.get(role).map(|role| role.people.count());
        problems.extend(check_away(&known, role, away, people, &at.key("away")));
    }
    for (name, what_if) in &simulation.what_if {
        check_change(definition, &known, what_if, &at.key("what-if").key(name), problems);
    }
}

/// What is wrong with a change of a definition; `at` is where it stands.
pub(crate) fn change(definition: &Definition, what_if: &WhatIf, at: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_change(definition, &Known::of(definition), what_if, at, &mut problems);
    problems
}

fn check_change(definition: &Definition, known: &Known, what_if: &WhatIf, at: &Path, problems: &mut Vec<Problem>) {
    let invalid = |path: Path, message: String| Problem::error(Code::InvalidWhatIf, path, message);
    if *what_if == WhatIf::default() {
        let help = "say what is otherwise, as in `{ arrivals: 150% }` or `{ people: { clerk: 3 } }`";
        problems.push(invalid(at.clone(), "this changes nothing".to_owned()).help(help));
    }
    let simulation = definition.simulation.as_ref();
    problems.extend(what_if.arrivals.and_then(|factor| above_zero(factor, &at.key("arrivals"))));
    arrivals::check_change(definition, what_if, at, problems);
    let people = at.key("people");
    for (role, count) in &what_if.people {
        problems.extend(known.role(role, people.name(role)));
        if let (0, Some(work)) = (*count, super::people::work(definition, role)) {
            let problem =
                Problem::error(Code::EmptyRole, people.key(role), format!("nobody would fill the role `{role}`"));
            let problem = problem.related("this work is given to it", work);
            problems.push(problem.help("leave at least one; for people who are away there is `away`"));
        }
        if *count as usize > super::size::MOST {
            let message = format!("a role may have at most {} people, found {count}", super::size::MOST);
            problems.push(Problem::error(Code::TooLarge, people.key(role), message));
        }
    }
    let longer = at.key("open-longer");
    problems.extend(what_if.open_longer.iter().filter_map(|(role, by)| {
        known.role(role, longer.name(role)).or_else(|| check_longer(definition, role, *by, &longer.key(role)))
    }));
    for (role, away) in &what_if.away {
        let declared = || definition.roles.get(role).map(|role| role.people.count());
        let count = what_if.people.get(role).map(|count| *count as usize).or_else(declared);
        problems.extend(check_away(known, role, away, count, &at.key("away")));
    }
    let falls_away = |role: &str| simulation.is_some_and(|simulation| simulation.absences.contains_key(role));
    match &what_if.absences {
        Each::All(_) if !definition.roles.keys().any(|role| falls_away(role)) => {
            let help = "say how often people fall away, as in `absences: { clerk: { rate: 1.5/year, lasts: 5 bd } }`";
            problems.push(invalid(at.key("absences"), "no role has absences to change".to_owned()).help(help));
        }
        Each::All(_) => {}
        Each::Of(named) => problems.extend(named.keys().filter_map(|role| {
            let path = at.key("absences").name(role);
            let message = format!("`{role}` has no absences to change");
            let none = || (!falls_away(role)).then(|| invalid(path.clone(), message));
            known.role(role, path.clone()).or_else(none)
        })),
    }
    check_takes(definition, known, &what_if.takes, &at.key("takes"), problems);
    check_cracks(definition, known, &what_if.cracks, &at.key("cracks"), problems);
}

/// Whoever has hours is there longer by minutes, and no longer than a day.
fn check_longer(definition: &Definition, role: &str, by: Span, at: &Path) -> Option<Problem> {
    let (least, most) = (Span::minutes(1), Span::minutes(24 * 60));
    if by.unit != Unit::Elapsed || by.amount % least.amount != 0 || !(least.amount..=most.amount).contains(&by.amount) {
        let message = format!("expected whole minutes of elapsed time, up to {most}, found {by}");
        return Some(Problem::error(Code::InvalidDuration, at.clone(), message).help("write for example `1 h`"));
    }
    let has_hours = definition.calendar.is_some() || definition.roles.get(role)?.calendar.is_some();
    let message = format!("`{role}` is always there, and has no hours that could be longer");
    let problem = || Problem::error(Code::InvalidWhatIf, at.clone(), message);
    (!has_hours).then(|| problem().help("give the role a `calendar`"))
}

fn check_away(known: &Known, role: &str, away: &Away, people: Option<usize>, at: &Path) -> Option<Problem> {
    known.role(role, at.name(role)).or_else(|| {
        if away.lasts.amount == 0 {
            let message = format!("expected more than no time, found {}", away.lasts);
            return Some(Problem::error(Code::InvalidDuration, at.key(role).key("lasts"), message));
        }
        let path = at.key(role).key("people");
        let message = match (away.people as usize, people) {
            (0, _) => "expected at least one person who is away, found 0".to_owned(),
            (away, Some(people)) if away > people => {
                format!("{away} people of `{role}` cannot be away, because there are {people}")
            }
            _ => return None,
        };
        Some(Problem::error(Code::ImpossibleCount, path, message).help("say how many of the role are away"))
    })
}

fn above_zero(factor: Factor, path: &Path) -> Option<Problem> {
    let message = "expected more than 0% of what it is, found 0%";
    (factor.billionths() == 0).then(|| Problem::error(Code::InvalidWhatIf, path.clone(), message))
}

fn check_takes(definition: &Definition, known: &Known, takes: &Each<Factor>, at: &Path, problems: &mut Vec<Problem>) {
    match takes {
        Each::All(factor) => problems.extend(above_zero(*factor, at)),
        Each::Of(named) => problems.extend(named.iter().filter_map(|(step, factor)| {
            let declared = definition.steps.get(step).map(|step| &step.kind);
            let timed = matches!(
                declared,
                Some(
                    Kind::Human { takes: Some(_), .. }
                        | Kind::Service { takes: Some(_), .. }
                        | Kind::Wait { takes: Some(_), .. }
                )
            );
            let message = format!("`{step}` has no `takes` to change");
            let none = || (!timed).then(|| Problem::error(Code::InvalidWhatIf, at.name(step), message));
            known.step(step, at.name(step)).or_else(none).or_else(|| above_zero(*factor, &at.key(step)))
        })),
    }
}

fn check_cracks(
    definition: &Definition,
    known: &Known,
    cracks: &Each<CrackChange>,
    at: &Path,
    problems: &mut Vec<Problem>,
) {
    let all = CrackName::all(definition);
    let has_chance = |name: &CrackName| definition.crack_named(name).is_some_and(|crack| crack.chance.is_some());
    match cracks {
        Each::All(CrackChange::Times(_)) if !all.iter().any(has_chance) => {
            let problem = Problem::error(Code::InvalidWhatIf, at.clone(), "no crack has a chance to change");
            problems.push(problem.help("say how often a crack strikes, as in `chance: 4%`"));
        }
        Each::All(_) => {}
        Each::Of(named) => problems.extend(named.iter().filter_map(|(text, change)| {
            let name = CrackName::of(text);
            let path = at.name(text);
            if let Some(step) = name.step.as_deref().filter(|step| !definition.steps.contains_key(*step)) {
                return known.step(step, path);
            }
            let (message, help) = match definition.crack_named(&name) {
                None => (format!("there is no crack `{text}`"), nearest_crack(&name, &all)),
                Some(crack) if crack.chance.is_none() && matches!(change, CrackChange::Times(_)) => {
                    (format!("`{text}` has no chance to change"), None)
                }
                Some(_) => return None,
            };
            Some(Problem::error(Code::InvalidWhatIf, path, message).maybe_help(help))
        })),
    }
}

/// The crack of that name at some step, or the one whose name looks like it.
fn nearest_crack(name: &CrackName, all: &[CrackName]) -> Option<String> {
    let here: Vec<String> = all.iter().filter(|other| other.step == name.step).map(ToString::to_string).collect();
    let elsewhere = all.iter().find(|other| other.crack == name.crack).map(|other| format!("did you mean `{other}`?"));
    let anywhere: Vec<String> = all.iter().map(ToString::to_string).collect();
    let names = if name.step.is_some() && !here.is_empty() { &here } else { &anywhere };
    elsewhere.or_else(|| suggest(&name.to_string(), names.iter().map(String::as_str)))
}
