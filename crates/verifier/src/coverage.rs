//! Which of the questions that nobody asks a definition has an answer to.

use std::collections::HashMap;

use grieta_core::definition::{Crack, Definition, Kind, Question, Step, Trigger, Waiver};
use grieta_core::diagnostic::Code;

/// How much of what often goes wrong a definition has an answer to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many questions there are, over all steps.
    pub asked: usize,
    /// How many of them a crack or an outcome answers.
    pub answered: usize,
    /// How many are waived with a reason.
    pub waived: usize,
    /// The others, by step, in the order of the definition.
    pub open: Vec<Open>,
    /// Those that are waived, in the same way.
    pub left: Vec<Open>,
}

/// What a step says nothing about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The step.
    pub step: String,
    /// The questions.
    pub questions: Vec<Question>,
}

impl Coverage {
    /// The share of the questions that are answered or waived, from 0 to 1; 1 where there are none.
    pub fn share(&self) -> f64 {
        if self.asked == 0 { 1.0 } else { (self.answered + self.waived) as f64 / self.asked as f64 }
    }

    /// The share of the questions that are waived, from 0 to 1.
    pub fn waived_share(&self) -> f64 {
        if self.asked == 0 { 0.0 } else { self.waived as f64 / self.asked as f64 }
    }

    /// Whether a waiver, of a step or of the whole process, is one of open questions and waives one.
    pub(crate) fn is_used_for(&self, waiver: &Waiver, of_step: Option<&str>) -> bool {
        if waiver.code != Code::OpenQuestion.as_str() {
            return false;
        }
        let there = self.left.iter().filter(|left| of_step.is_none_or(|step| step == left.step));
        there.flat_map(|left| &left.questions).any(|question| covers(waiver, *question))
    }

    /// Asks of every step what may be asked of one of its kind.
    pub fn of(definition: &Definition) -> Coverage {
        let mut coverage = Coverage::default();
        let around = containers(definition);
        for (name, step) in &definition.steps {
            let answers = answers(definition, &around, name, step);
            let asked = questions(step);
            let unanswered = asked.iter().filter(|question| !answers.contains(question));
            let (waived, open): (Vec<_>, Vec<_>) =
                unanswered.partition(|question| waived_because(definition, name, **question).is_some());
            coverage.asked += asked.len();
            coverage.waived += waived.len();
            coverage.answered += asked.len() - waived.len() - open.len();
            for (questions, list) in [(open, &mut coverage.open), (waived, &mut coverage.left)] {
                if !questions.is_empty() {
                    list.push(Open { step: name.clone(), questions });
                }
            }
        }
        coverage
    }
}

/// What may be asked of a step.
fn questions(step: &Step) -> Vec<Question> {
    use Question::{Absent, Full, MissingData, NoAnswer, SystemDown, Twice, WrongPerson};
    let of_kind: &[Question] = match step.kind {
        Kind::Human { .. } => &[Absent, MissingData, NoAnswer, Full, WrongPerson],
        Kind::Service { .. } => &[MissingData, NoAnswer, Full, SystemDown, Twice],
        Kind::Call(_) => &[MissingData, NoAnswer],
        Kind::Wait { .. } => &[NoAnswer, WrongPerson],
        Kind::Receive(_) => &[NoAnswer, Twice],
        _ => &[],
    };
    let reads = |question: &Question| *question != MissingData || !step.reads.is_empty();
    of_kind.iter().copied().filter(reads).collect()
}

/// What a step has an answer to: by its outcomes, its cracks, those of the steps around it, and those of the process.
fn answers(definition: &Definition, around: &Containers<'_>, name: &str, step: &Step) -> Vec<Question> {
    let outcomes = step.outcomes.keys().filter_map(|outcome| named(outcome));
    let own = step.cracks.iter().flat_map(|(id, crack)| by_crack(step, id, crack));
    let mut found: Vec<Question> = outcomes.chain(own).collect();
    let mut inside = name;
    // Containment has no circles, and 64 levels at the most.
    while let Some((outer, container)) = around.get(inside) {
        found.extend(container.cracks.iter().flat_map(|(id, crack)| by_crack(step, id, crack)));
        inside = outer;
    }
    found.extend(definition.cracks.iter().flat_map(|(id, crack)| by_crack(step, id, crack)));
    found
}

/// For each step inside another, which one that is.
type Containers<'a> = HashMap<&'a str, (&'a str, &'a Step)>;

fn containers(definition: &Definition) -> Containers<'_> {
    let contains = |(name, step)| {
        let (name, step): (&String, &Step) = (name, step);
        step.kind.inside().iter().map(move |inside| (inside.as_str(), (name.as_str(), step)))
    };
    definition.steps.iter().flat_map(contains).collect()
}

/// What a crack answers for a step: what it says, what its name says, and what its trigger stands for.
fn by_crack(step: &Step, id: &str, crack: &Crack) -> Vec<Question> {
    let answered = crack.response.is_some() || crack.then.is_some();
    if !answered {
        return Vec::new();
    }
    let by_trigger = match (crack.on, &step.kind) {
        (Trigger::Unavailable, _) => Some(Question::Absent),
        (Trigger::Constraint, _) => Some(Question::MissingData),
        (Trigger::Deadline, _) => Some(Question::NoAnswer),
        (Trigger::Failure, Kind::Service { .. }) => Some(Question::SystemDown),
        (Trigger::Failure | Trigger::External, _) => None,
    };
    crack.answers.iter().copied().chain(named(id)).chain(by_trigger).collect()
}

/// The question that is called so.
fn named(name: &str) -> Option<Question> {
    Question::ALL.into_iter().find(|question| question.key() == name)
}

/// Why a question to a step is waived, where it is.
pub fn waived_because<'a>(definition: &'a Definition, step: &'a str, question: Question) -> Option<&'a str> {
    let mut waivers = definition.waivers_at(Code::OpenQuestion, Some(step));
    waivers.find(|waiver| covers(waiver, question)).map(|waiver| waiver.reason.as_str())
}

fn covers(waiver: &Waiver, question: Question) -> bool {
    waiver.of.is_empty() || waiver.of.iter().any(|part| part == question.key())
}
