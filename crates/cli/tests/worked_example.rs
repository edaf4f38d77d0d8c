//! The worked example of docs/simulation.md shows what its commands really print.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::path::Path;
use std::process::Command;

use support::finish;

/// What is left out of an output.
const LEFT_OUT: &str = "…";

/// The blocks of the page: a command, and the lines that are shown of what it prints.
fn shown(page: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let (_, section) =
        page.split_once("\n## A worked example").unwrap_or_else(|| panic!("the section has another title"));
    let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
    let commands = section.split("```sh\n").skip(1);
    let block = |text: &str| {
        let (command, rest) = text.split_once("\n```").unwrap_or_else(|| panic!("{text}"));
        let output = rest.split_once("```text\n").and_then(|(_, output)| output.split_once("\n```"));
        let (output, _) = output.unwrap_or_else(|| panic!("{command} has no output"));
        let arguments = command.strip_prefix("cargo grieta ").unwrap_or_else(|| panic!("{command}"));
        (arguments.split(' ').map(str::to_owned).collect(), output.lines().map(str::to_owned).collect())
    };
    commands.map(block).collect()
}

#[test]
fn the_page_shows_what_the_commands_print() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/simulation.md")).unwrap();
    let blocks = shown(&page);
    assert_eq!(blocks.len(), 4);
    for (arguments, lines) in blocks {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grieta"));
        let printed = finish(command.args(&arguments).current_dir(&root), b"").expect(0).out;
        let mut printed = printed.lines();
        for line in lines.iter().filter(|line| line.trim() != LEFT_OUT) {
            assert!(
                printed.any(|found| found == line),
                "{}\ndoes not print, or not there:\n{line}",
                arguments.join(" ")
            );
        }
    }
}
