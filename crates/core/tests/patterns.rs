//! The workflow control-flow patterns: each folder under `patterns/` holds a definition, and traces that it must accept
//! and refuse. `docs/patterns.md` says how traces are written. The folders under `cases/` are of the same kind, for what
//! happens where patterns meet: cracks, races, joins, locks and instances inside one another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::path::{Path, PathBuf};

use grieta_core::definition::{Held, Span, Unit};
use grieta_core::kernel::{Command, Phase, Token};
use grieta_core::value::Value;
use grieta_core::{Duration, FieldIx, PersonIx, Process, TokenIx};
use support::Desk;

#[test]
fn every_pattern_accepts_and_refuses_what_it_should() {
    check_all("patterns");
}

#[test]
fn what_happens_where_patterns_meet() {
    check_all("cases");
}

fn check_all(place: &str) {
    let mut failures = Vec::new();
    for folder in folders(place) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        failures.extend(check(&folder).into_iter().map(|failure| format!("{name}: {failure}")));
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_docs_list_every_pattern() {
    let docs = include_str!("../../../docs/patterns.md");
    let folders = folders("patterns");
    assert_eq!(folders.len(), 43);
    for (index, folder) in folders.into_iter().enumerate() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let sentence = std::fs::read_to_string(folder.join("traces.txt")).unwrap();
        let sentence = sentence.lines().next().unwrap().trim_start_matches("# ").to_owned();
        let number = name.split('-').next().unwrap().trim_start_matches('0');
        assert_eq!(number, (index + 1).to_string(), "{name} is out of order");
        let row = docs.lines().find(|line| line.starts_with(&format!("| {number} |")));
        let row = row.unwrap_or_else(|| panic!("docs/patterns.md has no row for {name}"));
        assert!(row.contains(&name) && row.contains(&sentence), "{row}\nshould name {name} and say: {sentence}");
    }
}

fn folders(place: &str) -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(place);
    let mut folders: Vec<PathBuf> = std::fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn check(folder: &Path) -> Vec<String> {
    let definition = std::fs::read(folder.join("process.yaml")).unwrap();
    let traces = std::fs::read_to_string(folder.join("traces.txt")).unwrap();
    let process = match Process::read("process.yaml", &definition) {
        Ok(process) => process,
        Err(problems) => return vec![problems.to_string()],
    };
    let lines: Vec<&str> = traces.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    let mut failures: Vec<String> = lines.iter().filter_map(|line| trace(&process, line).err()).collect();
    for kind in ["accept:", "refuse:"] {
        if !lines.iter().any(|line| line.starts_with(kind)) {
            failures.push(format!("there is no trace to {kind}"));
        }
    }
    failures
}

fn trace(process: &Process, line: &str) -> Result<(), String> {
    let fail = |message: String| Err(format!("`{line}`: {message}"));
    let mut desk = Desk::new(process.definition().clone());
    let (kind, rest) = line.split_once(':').ok_or_else(|| format!("`{line}`: expected `accept:` or `refuse:`"))?;
    let (moves, expected) = match rest.split_once("->") {
        Some((moves, expected)) => (moves, Some(expected.trim())),
        None => (rest, None),
    };
    let mut moves: Vec<&str> = moves.split(';').map(str::trim).filter(|step| !step.is_empty()).collect();
    if !moves.first().is_some_and(|first| first.starts_with("start")) {
        moves.insert(0, "start");
    }
    let refused = if kind == "refuse" { moves.pop() } else { None };
    for step in moves {
        if let Err(message) = act(&mut desk, step) {
            return fail(format!("`{step}` was refused: {message}; the case: {}", desk.shown()));
        }
        if let Err(message) = desk.is_whole() {
            return fail(format!("after `{step}` {message}; the case: {}", desk.shown()));
        }
    }
    if let Some(step) = refused {
        return match act(&mut desk, step) {
            Ok(()) => fail(format!("`{step}` was accepted; the case: {}", desk.shown())),
            Err(_) => Ok(()),
        };
    }
    match expected {
        Some(expected) if shown(&desk) == expected => Ok(()),
        Some(expected) => fail(format!("expected {expected}, found {}", shown(&desk))),
        None => fail("expected `->` and where the case is then".to_owned()),
    }
}

/// The steps at which tokens are, in alphabetical order, with a word for those that stand still; or the status of a case
/// that is over.
fn shown(desk: &Desk) -> String {
    let name = |token: &Token| match token.phase {
        Phase::Gated => format!("{} gated", desk.plan.step_name(token.step)),
        Phase::Incident => format!("{} incident", desk.plan.step_name(token.step)),
        _ => desk.plan.step_name(token.step).to_owned(),
    };
    let mut steps: Vec<String> = desk.case.tokens().map(|(_, token)| name(token)).collect();
    steps.sort_unstable();
    if steps.is_empty() { desk.case.status().word().to_owned() } else { steps.join(", ") }
}

fn act(desk: &mut Desk, text: &str) -> Result<(), String> {
    let (words, data) = match text.split_once('{') {
        Some((words, data)) => (words.trim(), values(desk, data.trim_end_matches('}'))?),
        None => (text, Vec::new()),
    };
    if let Some(span) = words.strip_prefix('+') {
        let span: Span = span.parse()?;
        assert_eq!(span.unit, Unit::Elapsed, "{text}");
        desk.advance(Duration::from_micros(span.amount));
        return Ok(());
    }
    let command = match words.split_once(' ') {
        None if words == "start" => Command::Start { data },
        None if words == "cancel" => Command::Cancel { compensate: false },
        Some(("begin", step)) => Command::Begin { token: token(desk, step)?, person: PersonIx::NONE },
        Some(("add", step)) => Command::AddInstance { token: token(desk, step)? },
        _ => return work(desk, words, data),
    };
    desk.command(&command).map_err(|rejection| rejection.to_string())
}

/// `step`, `step/outcome` or `step!crack`; begins the work where nobody has.
fn work(desk: &mut Desk, words: &str, data: Vec<(FieldIx, Value)>) -> Result<(), String> {
    let (place, crack) = words.split_once('!').map_or((words, None), |(step, crack)| (step, Some(crack)));
    let (place, outcome) = place.split_once('/').map_or((place, None), |(step, outcome)| (step, Some(outcome)));
    let token = token(desk, place)?;
    let step = desk.case.token(token).unwrap().step;
    if let Some(crack) = crack {
        let crack = desk.plan.crack(step, crack).unwrap_or_else(|| panic!("no crack `{words}`"));
        return desk.command(&Command::Strike { token, crack }).map_err(|rejection| rejection.to_string());
    }
    if desk.case.token(token).unwrap().phase.held() == Some(Held::Offered) {
        desk.command(&Command::Begin { token, person: PersonIx::NONE }).map_err(|rejection| rejection.to_string())?;
    }
    let named = |name| desk.plan.outcome(step, Some(name)).unwrap_or_else(|| panic!("no outcome `{words}`"));
    let outcome = outcome.map(named);
    desk.command(&Command::Complete { token, outcome, data }).map_err(|rejection| rejection.to_string())
}

/// The token at a step; `step@2` is the second one there. Whether it can act is for the kernel to say.
fn token(desk: &Desk, place: &str) -> Result<TokenIx, String> {
    let (name, position) = place.split_once('@').map_or((place, 1), |(name, at)| (name, at.parse::<usize>().unwrap()));
    let step = desk.plan.step(name).unwrap_or_else(|| panic!("there is no step `{name}`"));
    let mut here = desk.case.tokens().filter(|(_, token)| token.step == step);
    here.nth(position - 1).map(|(token, _)| token).ok_or_else(|| format!("nothing is at `{place}`"))
}

fn values(desk: &Desk, data: &str) -> Result<Vec<(FieldIx, Value)>, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once(':').ok_or_else(|| format!("expected `field: value`, found `{pair}`"))?;
        let field = desk.plan.definition().data.get(name.trim()).ok_or_else(|| format!("no field `{name}`"))?;
        Ok((desk.plan.field(name.trim()).unwrap(), Value::parse(field, value.trim())?))
    };
    data.split(',').map(pair).collect()
}
