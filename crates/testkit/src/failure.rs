//! What a failing test says: what was expected and found, where, when, why the case does not move, what happened last.

use std::fmt::Write as _;

use grieta_core::diagnostic::suggest;

use crate::moment;
use crate::trial::Trial;

/// So many of the latest events are told, and so many of the things that a case waits for.
const TOLD: usize = 8;

/// In what a test is written: remedies are said so that they can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    Rust,
    File,
}

impl Tongue {
    /// What is to be written, in Rust or in a file of scenarios.
    pub fn say(self, rust: impl Into<String>, file: impl Into<String>) -> String {
        match self {
            Tongue::Rust => rust.into(),
            Tongue::File => file.into(),
        }
    }
}

/// Why a test fails.
#[derive(Debug)]
pub(crate) struct Failure {
    step: Option<String>,
    expected: String,
    found: String,
    help: Option<String>,
}

impl Failure {
    pub fn expected(expected: impl Into<String>, found: impl Into<String>) -> Failure {
        Failure { step: None, expected: expected.into(), found: found.into(), help: None }
    }

    /// What was written cannot be read; the problem says `expected …, found …` itself, or anything else.
    pub fn misread(what: impl Into<String>, problem: &str) -> Failure {
        let parts = problem.strip_prefix("expected ").and_then(|problem| problem.rsplit_once(", found "));
        match parts {
            Some((expected, found)) => Failure::expected(format!("{}: {expected}", what.into()), found),
            None => Failure::expected(what, problem),
        }
    }

    /// Nothing has that name.
    pub fn unknown<'a>(
        what: impl Into<String>,
        name: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Failure {
        let help = suggest(name, known).unwrap_or_else(|| "there is none at all".to_owned());
        Failure::expected(what, format!("`{name}`")).help(help)
    }

    pub fn step(self, step: &str) -> Failure {
        Failure { step: Some(step.to_owned()), ..self }
    }

    pub fn help(self, help: impl Into<String>) -> Failure {
        Failure { help: Some(help.into()), ..self }
    }

    pub fn maybe_help(self, help: Option<String>) -> Failure {
        Failure { help: help.or(self.help), ..self }
    }
}

impl Trial {
    /// The failure with its circumstances, on several lines.
    pub fn told(&self, failure: &Failure) -> String {
        let mut text = match &failure.step {
            Some(step) => format!("at `{step}` of `{}`\n", self.process().definition().process),
            None => format!("in `{}`\n", self.process().definition().process),
        };
        let time = moment::shown(self.now(), self.process());
        let lines = [
            ("expected", Some(&failure.expected)),
            ("found", Some(&failure.found)),
            ("help", failure.help.as_ref()),
            ("time", Some(&time)),
        ];
        for (word, what) in lines {
            if let Some(what) = what {
                _ = writeln!(text, "  {word:>8}: {}", what.trim_end().replace('\n', "\n            "));
            }
        }
        text + &self.circumstances()
    }

    /// Why the case does not move, and what happened last.
    fn circumstances(&self) -> String {
        let Some(case) = self.case else { return "the case has not been started\n".to_owned() };
        let Ok(explained) = self.engine.explain(case) else { return String::new() };
        let mut text = match explained.lines() {
            [] => format!("the case is {}\n", self.status().word()),
            lines => format!("why it does not move:\n{}", listed(&few(lines))),
        };
        if let [_, ..] = explained.clocks() {
            _ = write!(text, "its clocks:\n{}", listed(explained.clocks()));
        }
        text += "what happened last:\n";
        let story = self.story();
        text + &listed(&story[story.len().saturating_sub(TOLD)..])
    }
}

impl Trial {
    /// What happened to the case, a line for each thing, with its time.
    pub fn story(&self) -> Vec<String> {
        let story = self.case.and_then(|case| self.engine.story(case).ok()).unwrap_or_default();
        story.into_iter().map(|(at, what)| format!("{at}  {what}")).collect()
    }
}

/// The first of them, and how many more there are.
pub(crate) fn few(lines: &[String]) -> Vec<String> {
    // What says how many are left takes a line itself.
    if lines.len() <= TOLD + 1 {
        return lines.to_vec();
    }
    let more = format!("and {} more", lines.len() - TOLD);
    lines[..TOLD].iter().cloned().chain([more]).collect()
}

fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}\n")).collect()
}
