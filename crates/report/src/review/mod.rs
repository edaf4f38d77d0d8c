//! What those who do the work read, and how it stands with their review.

mod page;

use grieta_core::definition::{Definition, Note, Question, Variant};
use grieta_core::difference::Changed;
use grieta_core::review::{Standing, State};

use crate::tables::{Column, table};
use crate::words::{counted, dash};
pub use page::role_page;

/// The review of one role.
#[derive(Debug, Clone)]
pub struct RoleReview<'a> {
    /// How it stands.
    pub standing: Standing<'a>,
    /// What the definition leaves open or waives at its steps.
    pub questions: Vec<Asked<'a>>,
    /// What reads differently than in the version that was signed, where that version is at hand.
    pub changed: Option<Vec<Changed>>,
}

/// A question to a step that nothing in the definition answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The step.
    pub step: &'a str,
    /// The question.
    pub question: Question,
    /// Why it needs no answer, if somebody has said so.
    pub waived: Option<&'a str>,
}

impl RoleReview<'_> {
    fn open(&self) -> usize {
        self.questions.iter().filter(|asked| asked.waived.is_none()).count()
    }
}

/// How it stands with the roles of a process: who has signed, who has to sign again and why, and what is open.
pub fn reviews(definition: &Definition, reviews: &[RoleReview<'_>]) -> String {
    let columns = [
        ("role", Column::Name),
        ("steps", Column::Right),
        ("signed", Column::Name),
        ("by", Column::Name),
        ("on", Column::Name),
        ("open questions", Column::Right),
        ("open notes", Column::Right),
    ];
    let row = |review: &RoleReview<'_>| {
        let Standing { view, signed, notes } = &review.standing;
        let last = signed.iter().find(|(.., holds)| *holds).or(signed.last()).map(|(_, sign_off, _)| *sign_off);
        vec![
            view.role.clone(),
            view.steps.len().to_string(),
            state(review.standing.state()).to_owned(),
            last.map_or_else(dash, |sign_off| sign_off.person.clone()),
            last.map_or_else(dash, |sign_off| sign_off.date.clone()),
            review.open().to_string(),
            notes.len().to_string(),
        ]
    };
    let mut text = format!("{}\n\n{}\n", titled(definition), table(&columns, reviews.iter().map(row).collect()));
    for review in reviews.iter().filter(|review| review.standing.state() == State::Void) {
        text += &since(review);
    }
    let open = definition.notes.iter().filter(|note| note.answer.is_none());
    let open: String = open.map(|note| format!("  {}\n", noted(note))).collect();
    if !open.is_empty() {
        text += &format!("\nOpen notes\n{open}");
    }
    text
}

/// `Telephone reception 1.0.0, to-be`
fn titled(definition: &Definition) -> String {
    let variant = definition.variant.map_or("", |variant| match variant {
        Variant::AsIs => ", as-is",
        Variant::ToBe => ", to-be",
    });
    format!("{} {}{variant}", definition.title.as_ref().unwrap_or(&definition.process), definition.version)
}

fn state(state: State) -> &'static str {
    match state {
        State::Signed => "yes",
        State::Void => "void",
        State::Missing => "no",
    }
}

/// What made the sign-off of a role void.
fn since(review: &RoleReview<'_>) -> String {
    let role = &review.standing.view.role;
    match &review.changed {
        None => {
            format!("\n{role}: its page reads differently now; --since FILE, the version that was signed, says what\n")
        }
        Some(changed) if changed.is_empty() => {
            format!("\n{role}: that version was not what was signed; its page reads as it does now\n")
        }
        Some(changed) => {
            let changes: String = changed.iter().map(|one| format!("  {}\n", difference(one))).collect();
            format!("\n{role}: void since {}\n{changes}", counted(changed.len() as u64, "change"))
        }
    }
}

/// ``steps.call.name: `Call` → `Call back` ``
pub(crate) fn difference(changed: &Changed) -> String {
    let side = |text: &Option<String>| text.as_ref().map_or_else(|| "nothing".to_owned(), |text| format!("`{text}`"));
    format!("{}: {} → {}", changed.key, side(&changed.before), side(&changed.after))
}

fn noted(note: &Note) -> String {
    let role = note.role.as_ref().map_or_else(String::new, |role| format!(" ({role})"));
    format!("{}, {}{role} on {}: {}", note.step, note.by, note.date, note.says)
}
