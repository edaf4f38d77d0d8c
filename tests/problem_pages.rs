//! Every kind of problem has a page with an example that is wrong, the report it gets, and the example mended: a definition
//! or a life cycle in YAML, or a model in BPMN.
//!
//! With `UPDATE_PAGES=1` the reports in the pages are written anew, and the rows of the index.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail like tests and say why"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use grieta::diagnostic::{Code, Problem, Problems, Severity};
use grieta::lifecycle::{LifeCycle, Processes, check};
use grieta::simulator::Simulation;
use grieta::verifier::{Limits, verify};
use grieta::{Plan, Process, yaml};

/// The names of the files in the reports.
const FILE: &str = "wrong.yaml";
const MODEL: &str = "wrong.bpmn";

/// Wrong examples that cannot stand in a page: why, and how each comes from the right one.
type Built = (Code, &'static str, fn(&str) -> Vec<u8>);
const BUILT: &[Built] = &[(Code::NotUtf8, "a page is UTF-8 itself", |right| {
    let (before, after) = right.split_once('ñ').unwrap();
    [before.as_bytes(), b"\xf1", after.as_bytes()].concat()
})];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/problems")
}

fn page(code: Code) -> String {
    let file = folder().join(format!("{code}.md"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn updating() -> bool {
    std::env::var_os("UPDATE_PAGES").is_some()
}

/// Writes a page at once, because the other tests may be reading it.
fn replace(file: &Path, text: &str) {
    let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file.file_name().unwrap());
    std::fs::write(&written, text).unwrap();
    std::fs::rename(written, file).unwrap();
}

/// What stands between a fence of that language and its end, in the section of that name.
fn block<'a>(page: &'a str, section: &str, language: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n## {section}\n"))?;
    let section = rest.split("\n## ").next()?;
    let (_, rest) = section.split_once(&format!("\n```{language}\n"))?;
    Some(rest.split_once("```").unwrap().0)
}

/// The examples of these are models.
fn is_of_bpmn(code: Code) -> bool {
    matches!(code, Code::NotBpmn | Code::UnsupportedElement)
}

/// The examples of these are life cycles, of the processes in `docs/shop`.
fn is_of_life_cycle(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownPart
            | Code::UntouchedStage
            | Code::LostStage
            | Code::MissingProcess
            | Code::IdleProcess
            | Code::UnsoundProcess
            | Code::EmptyDepartment
            | Code::InvalidHandOff
            | Code::LostField
            | Code::OneSidedAgreement
            | Code::ParallelChannels
            | Code::LostConsent
            | Code::DifferingPeople
    )
}

/// A process of the shop; three are `helping` with something changed.
fn of_shop(file: &str) -> Option<Vec<u8>> {
    let read = |name: &str| std::fs::read_to_string(folder().join("../shop").join(name)).ok();
    let helping = |name: &str, from: &str, to: &str| {
        Some(read("helping.yaml")?.replace("process: helping", &format!("process: {name}")).replacen(from, to, 1))
    };
    let text = match file {
        "archive.yaml" => helping("archive", "", ""),
        "endless.yaml" => helping("endless", "sent-back: { end: {} }", "sent-back: { wait: 1 d, next: sent-back }"),
        "crowded.yaml" => {
            helping("crowded", "roles:\n", "roles:\n  seller: { department: sales, people: 3, calendar: office }\n")
        }
        _ => read(file),
    };
    text.map(String::into_bytes)
}

fn found_in_life_cycle(bytes: &[u8]) -> Problems {
    match LifeCycle::read(FILE, bytes) {
        Ok(life_cycle) => check(&life_cycle, &Processes::read(&life_cycle, of_shop)).located(FILE, bytes),
        Err(problems) => problems,
    }
}

fn language(code: Code) -> &'static str {
    if is_of_bpmn(code) { "xml" } else { "yaml" }
}

/// All that is wrong with an example.
fn found(code: Code, bytes: &[u8]) -> Problems {
    if is_of_life_cycle(code) {
        return found_in_life_cycle(bytes);
    }
    if !is_of_bpmn(code) {
        return found_in_definition(code, bytes);
    }
    let model = match grieta::bpmn::read(MODEL, bytes) {
        Ok(model) => model,
        Err(problems) => return problems,
    };
    let processes = model.processes.into_iter().map(|participant| Process::new(participant.definition));
    let found = processes.map(|process| process.map_or_else(|problems| problems, |process| process.warnings().clone()));
    found.reduce(|all, more| if all.is_empty() { more } else { all }).unwrap_or_default()
}

/// What `grieta check` finds in a definition; of advice only that with the code.
fn found_in_definition(code: Code, bytes: &[u8]) -> Problems {
    let process = match Process::read(FILE, bytes) {
        Ok(process) => Arc::new(process),
        Err(problems) => return problems,
    };
    // Fewer states than by default, which is quicker and makes no difference to the examples.
    let limits = Limits { most_states: 10_000, ..Limits::default() };
    let mut found = verify(&Plan::new(Arc::clone(&process)).unwrap(), &limits).problems;
    if process.definition().simulation.is_some() {
        let more = Simulation::new(&process).err().unwrap_or_default().list;
        found.extend(more.into_iter().map(|problem| Problem { severity: Severity::Warning, ..problem }));
    }
    found.retain(|problem| problem.severity != Severity::Advice || problem.code == code);
    let mut found = yaml::read(FILE, bytes).located(Problems { source: None, list: found });
    found.list.sort_by_key(|problem| (problem.severity, problem.place));
    found
}

fn wrong(code: Code, page: &str) -> Vec<u8> {
    match BUILT.iter().find(|(built, ..)| *built == code) {
        Some((_, reason, build)) => {
            println!("{code}: the wrong example is built by the test: {reason}");
            build(block(page, "Right", language(code)).unwrap())
        }
        None => block(page, "Wrong", language(code)).unwrap_or_else(|| panic!("{code}: no wrong example")).into(),
    }
}

#[test]
fn a_page_begins_with_the_code_and_what_it_stands_for() {
    for code in Code::ALL {
        let beginning = format!("# `{code}`\n\n{}\n\n", code.summary());
        let page = page(*code);
        assert!(page.starts_with(&beginning), "{code}: expected\n{beginning}found\n{page}");
    }
}

#[test]
fn the_wrong_example_gets_the_report_that_the_page_shows() {
    let mut failures = Vec::new();
    for code in Code::ALL {
        let page = page(*code);
        let problems = found(*code, &wrong(*code, &page));
        if problems.is_empty() || problems.list.iter().any(|problem| problem.code != *code) {
            failures.push(format!("{code}: expected nothing else, found\n{problems}"));
            continue;
        }
        let shown = block(&page, "Wrong", "text").unwrap_or_else(|| panic!("{code}: no report"));
        let report = problems.to_string();
        if shown == report {
            continue;
        }
        if updating() {
            let old = format!("```text\n{shown}```");
            let page = page.replacen(&old, &format!("```text\n{report}```"), 1);
            replace(&folder().join(format!("{code}.md")), &page);
        } else {
            failures.push(format!("{code}: expected\n{report}\nfound\n{shown}"));
        }
    }
    assert!(failures.is_empty(), "{}\nUPDATE_PAGES=1 writes the reports anew", failures.join("\n"));
}

#[test]
fn the_right_example_has_no_problem_at_all() {
    let mut failures = Vec::new();
    for code in Code::ALL {
        let page = page(*code);
        let right = block(&page, "Right", language(*code)).unwrap_or_else(|| panic!("{code}: no right example"));
        let problems = found(*code, right.as_bytes());
        if !problems.is_empty() {
            failures.push(format!("{code}: {problems}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_index_has_every_page_and_no_other() {
    let file = folder().with_extension("md");
    let index = std::fs::read_to_string(&file).unwrap();
    let (head, rows) = index.split_once("|---|---|\n").unwrap();
    let expected = Code::ALL.iter().map(|code| format!("| [`{code}`](problems/{code}.md) | {} |\n", code.summary()));
    let expected: String = expected.collect();
    if updating() {
        replace(&file, &format!("{head}|---|---|\n{expected}"));
    } else {
        assert_eq!(rows, expected, "UPDATE_PAGES=1 writes the rows anew");
    }
    let files: BTreeSet<String> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, Code::ALL.iter().map(|code| format!("{code}.md")).collect());
}
