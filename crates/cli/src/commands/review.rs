//! `grieta review`: what each role does, for those who do it, and who has signed that.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use grieta_core::Date;
use grieta_core::definition::{Definition, Note, SignOff};
use grieta_core::diagnostic::suggest;
use grieta_core::difference::Changed;
use grieta_core::review::{State, View};
use grieta_report::{Asked, RoleReview};
use grieta_verifier::Coverage;
use serde::Serialize;

use super::Format;
use crate::input::{Input, STANDARD_INPUT};
use crate::output::{self, Failure, Findings};

/// What each role does, for those who do it: who has signed that, who has to sign again, and what is open
///
/// With `--role` it is the page of that role in Markdown: only its steps, what nobody has answered there, and the line to sign with.
#[derive(Debug, Args)]
pub struct Review {
    /// Definition file (YAML); `-` is the standard input
    file: String,
    /// The page of this role
    #[arg(long)]
    role: Option<String>,
    /// The version that was signed, as a file: what reads differently now is said
    #[arg(long, value_name = "FILE")]
    since: Option<String>,
    /// Write into the file that this person of the role has signed what it does
    #[arg(long, value_name = "PERSON", requires = "role", conflicts_with = "since")]
    sign: Option<String>,
    /// The day of the signature, as `2026-11-20`; today, in UTC, where it is left out
    #[arg(long, requires = "sign")]
    date: Option<Date>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The review of a role, as JSON.
#[derive(Debug, Serialize)]
struct Row<'a> {
    role: &'a str,
    state: State,
    hash: String,
    signed: Vec<Signature<'a>>,
    changed: Option<&'a [Changed]>,
    questions: Vec<Question<'a>>,
    notes: Vec<&'a Note>,
    page: &'a View,
}

#[derive(Debug, Serialize)]
struct Signature<'a> {
    #[serde(flatten)]
    sign_off: &'a SignOff,
    holds: bool,
}

#[derive(Debug, Serialize)]
struct Question<'a> {
    step: &'a str,
    question: grieta_core::definition::Question,
    asks: &'static str,
    waived: Option<&'a str>,
}

impl Review {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let definition = process.definition();
        let earlier = match &self.since {
            Some(file) => Some(Input::read(file)?.process()?),
            None => None,
        };
        let mut reviews = reviews(definition, earlier.as_ref().map(|process| process.definition()));
        if let Some(role) = &self.role {
            reviews.retain(|review| review.standing.view.role == *role);
            let review = reviews.first().ok_or_else(|| unknown(definition, role))?;
            if let Some(person) = &self.sign {
                self.write(&input, definition, review, person)?;
                return Ok(Findings::None);
            }
            if self.format == Format::Text {
                output::print(&grieta_report::role_page(definition, review))?;
                return Ok(Findings::None);
            }
        }
        match self.format {
            Format::Json => output::print_json(&reviews.iter().map(row).collect::<Vec<_>>())?,
            Format::Text => output::print(&grieta_report::reviews(definition, &reviews))?,
        }
        Ok(Findings::None)
    }

    /// Signs in the file, in place of what that person had signed in that role, or else as the first of the list.
    fn write(
        &self,
        input: &Input,
        definition: &Definition,
        review: &RoleReview<'_>,
        person: &str,
    ) -> Result<(), Failure> {
        let view = &review.standing.view;
        let date = self.date.unwrap_or_else(today).to_string();
        let new = SignOff { role: view.role.clone(), person: person.to_owned(), date, hash: view.hash().short() };
        let signed = input.signed(definition, &new).filter(|_| self.file != STANDARD_INPUT);
        match signed {
            Some(text) => {
                std::fs::write(&self.file, text).map_err(|error| Failure::Rewrite(self.file.clone(), error))?;
                output::print(&format!("{}: {} has signed as {}\n", self.file, new.person, new.role))
            }
            None => {
                let line = grieta_core::yaml::to_line(&new);
                output::print(&format!("put this under `sign-off`, at the top level of the definition:\n  - {line}\n"))
            }
        }
    }
}

/// The review of every role that has something to do or to sign; `earlier` is the version that was signed.
fn reviews<'a>(definition: &'a Definition, earlier: Option<&Definition>) -> Vec<RoleReview<'a>> {
    let coverage = Coverage::of(definition);
    let asked = |role: &View| -> Vec<Asked<'a>> {
        let open = coverage.open.iter().chain(&coverage.left).filter(|open| role.steps.contains_key(&open.step));
        let one = open.flat_map(|open| open.questions.iter().map(move |question| (&open.step, *question)));
        one.filter_map(|(step, question)| {
            let (step, _) = definition.steps.get_key_value(step)?;
            Some(Asked { step, question, waived: grieta_verifier::waived_because(definition, step, question) })
        })
        .collect()
    };
    let review = |standing: grieta_core::review::Standing<'a>| {
        let before = earlier.and_then(|earlier| earlier.view_of(&standing.view.role));
        let changed = before.map(|before| standing.view.changed_since(&before));
        RoleReview { questions: asked(&standing.view), changed, standing }
    };
    definition.standings().into_iter().map(review).collect()
}

fn row<'a>(review: &'a RoleReview<'_>) -> Row<'a> {
    let standing = &review.standing;
    Row {
        role: &standing.view.role,
        state: standing.state(),
        hash: standing.view.hash().to_string(),
        signed: standing.signed.iter().map(|(_, sign_off, holds)| Signature { sign_off, holds: *holds }).collect(),
        changed: review.changed.as_deref(),
        questions: review.questions.iter().map(question).collect(),
        notes: standing.notes.iter().map(|(_, note)| *note).collect(),
        page: &standing.view,
    }
}

fn question<'a>(asked: &'a Asked<'_>) -> Question<'a> {
    let Asked { step, question, waived } = *asked;
    Question { step, question, asks: question.asked(), waived }
}

fn unknown(definition: &Definition, role: &str) -> Failure {
    if definition.roles.contains_key(role) {
        return Failure::Usage(format!("`{role}` does no step of this process, so there is nothing to sign"));
    }
    let help = suggest(role, definition.roles.keys().map(String::as_str)).unwrap_or_default();
    Failure::Usage(format!("there is no role `{role}`; {help}"))
}

/// The day of now, in UTC.
fn today() -> Date {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    i32::try_from(days).ok().and_then(Date::from_days).unwrap_or_default()
}
