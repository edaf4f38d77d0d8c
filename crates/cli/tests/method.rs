//! docs/method.md shows what its commands really print, one after the other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::path::Path;
use std::process::Command;

use support::finish;
use tempfile::TempDir;

/// What is left out of an output.
const LEFT_OUT: &str = "…";

/// Where the commands of the page keep their journal.
const KEPT: &str = "target/method";

/// The commands of the page, each with the lines that are shown of what it prints; none where nothing is.
fn shown(page: &str) -> Vec<(String, Vec<String>)> {
    let block = |text: &str| {
        let (commands, rest) = text.split_once("\n```").unwrap_or_else(|| panic!("{text}"));
        let output = rest.strip_prefix("\n\n```text\n").and_then(|output| output.split_once("\n```"));
        let output = output.map(|(output, _)| output.lines().map(str::to_owned).collect()).unwrap_or_default();
        let mut commands: Vec<(String, Vec<String>)> =
            commands.lines().map(|command| (command.to_owned(), Vec::new())).collect();
        commands.last_mut().unwrap().1 = output;
        commands
    };
    page.split("```sh\n").skip(1).flat_map(block).filter(|(command, _)| command.starts_with("cargo grieta ")).collect()
}

/// The words of a command; what stands in double quotes is one.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (position, part) in command.split('"').enumerate() {
        match position % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

#[test]
fn the_page_shows_what_the_commands_print() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = TempDir::new().unwrap();
    std::fs::copy(
        root.join("docs/method/telephone-reception.rounds.yaml"),
        folder.path().join("telephone-reception.rounds.yaml"),
    )
    .unwrap();
    let page = std::fs::read_to_string(root.join("docs/method.md")).unwrap();
    let commands = shown(&page);
    assert_eq!(commands.iter().filter(|(command, _)| command.contains("grieta round ")).count(), 4);
    for (command, lines) in commands {
        let elsewhere = command.replace(KEPT, folder.path().to_str().unwrap());
        let mut run = Command::new(env!("CARGO_BIN_EXE_grieta"));
        // As `cargo grieta` runs it.
        run.env("CARGO_PKG_NAME", "grieta-cli");
        let run = finish(run.args(&words(&elsewhere)[2..]).current_dir(&root), b"");
        assert!(run.code <= 1, "{command}\n{}", run.err);
        let mut printed = run.out.lines();
        for line in lines.iter().filter(|line| line.trim() != LEFT_OUT) {
            assert!(
                printed.any(|found| found == line),
                "{command}\ndoes not print, or not there:\n{line}\n{}",
                run.out
            );
        }
    }
}

/// What the sentences say is what the screens show.
#[test]
fn every_figure_in_the_text_stands_in_a_screen() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/method.md")).unwrap();
    let screens: String = shown(&page).into_iter().flat_map(|(_, lines)| lines).collect::<Vec<_>>().join("\n");
    let text: String = page.split("```").step_by(2).collect();
    // Every share in the sentences of the page is one that a command has printed.
    for (position, _) in text.match_indices(" %") {
        let before = text[..position].rsplit(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
        assert!(screens.contains(&format!("{before} ")), "{before} % stands in no screen");
    }
}
