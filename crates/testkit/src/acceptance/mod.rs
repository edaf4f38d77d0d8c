//! Acceptance criteria in figures: what a simulation is to show, and whether it does, with so much confidence.

mod test;

use std::fmt;
use std::sync::Arc;

use grieta_core::Plan;
use grieta_core::criterion::{Misread, Sentence, sentence};
use grieta_core::definition::Chance;
use grieta_core::diagnostic::Place;
use grieta_simulator::judging::{self, Judgement, judge};
use grieta_simulator::{Results, Simulation};

pub use test::AcceptanceTest;

use crate::IntoProcess;

/// What a simulation of a process is to show, and how long it is to look.
///
/// What is left out is as in [`Simulation`]: 10,000 cases, 20 replications, seed 1; the confidence is 95 %.
///
/// ```
/// use grieta_testkit::acceptance::Acceptance;
///
/// let process = r#"
/// process: desk
/// version: 1.0.0
/// start: answer
/// roles: { agent: { people: 1 } }
/// steps:
///   answer: { human: { role: agent, takes: "exponential(8 min)" }, outcomes: { yes: { chance: 30%, to: sold }, no: { chance: rest, to: lost } } }
///   sold: { end: {} }
///   lost: { end: {} }
/// simulation: { arrivals: { every: "exponential(10 min)" } }
/// "#;
/// Acceptance::of(process)
///     .cases(2_000)
///     .expects("share(sold) in [28%, 32%]")
///     .expects("utilisation(agent) < 85%")
///     .expects("p90(cycle_time) < 2 h")
///     .check();
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Acceptance {
    /// How many cases arrive in each replication.
    pub cases: Option<u64>,
    /// How many replications there are.
    pub replications: Option<u64>,
    /// The seed.
    pub seed: Option<u64>,
    /// How sure a verdict is to be.
    pub confidence: Option<Chance>,
    /// What is expected.
    pub criteria: Vec<Criterion>,
}

/// A sentence such as `p90(cycle_time) < 2 bd`. Whether the process has what it names is found out when it is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    text: String,
    place: Place,
    sentence: Sentence,
}

/// A criterion and what a simulation says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The criterion as it was written.
    pub sentence: String,
    /// Where it stands in its file.
    pub place: Place,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The mean over the replications: seconds, a share between 0 and 1, or a number. Infinite where it never ends.
    pub figure: Option<f64>,
    /// Between which values the figure lies, with the confidence that was asked for.
    pub interval: Option<[f64; 2]>,
    /// The figure and its interval in words, or what is wrong with the sentence.
    pub found: String,
    /// What can be done.
    pub help: Option<String>,
}

/// What a simulation says of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval is as demanded.
    Holds,
    /// No part of the interval is.
    Broken,
    /// Part of the interval is, or there is none.
    Insufficient,
    /// It cannot be judged: the process has nothing of that name, or cannot be simulated.
    Mistaken,
}

impl Acceptance {
    /// The confidence where none is asked for.
    pub const CONFIDENCE: Chance = Chance::percent(95);

    /// Criteria for a process: for a [`Process`](grieta_core::Process), a definition, the text of a YAML file, or the result of
    /// reading one.
    ///
    /// # Panics
    /// When the process is not sound, with everything that is wrong with it.
    #[track_caller]
    pub fn of(process: impl IntoProcess) -> AcceptanceTest {
        AcceptanceTest::of(process)
    }

    /// Simulates the process, and judges every criterion.
    pub fn judge(&self, plan: &Arc<Plan>) -> Vec<Judged> {
        match self.simulate(plan) {
            Ok(results) => self.criteria.iter().map(|one| one.judged(plan, &results, self.confidence())).collect(),
            Err(problem) => self.criteria.iter().map(|one| one.mistaken(problem.clone(), None)).collect(),
        }
    }

    fn simulate(&self, plan: &Arc<Plan>) -> Result<Results, String> {
        let mut simulation =
            Simulation::new(plan.process()).map_err(|problems| problems.to_string())?.keeping_figures();
        if let Some(cases) = self.cases {
            simulation = simulation.cases(cases);
        }
        if let Some(replications) = self.replications {
            simulation = simulation.replications(replications);
        }
        if let Some(seed) = self.seed {
            simulation = simulation.seed(seed);
        }
        simulation.run().map_err(|error| error.to_string())
    }

    fn confidence(&self) -> f64 {
        self.confidence.unwrap_or(Acceptance::CONFIDENCE).as_f64()
    }
}

impl Criterion {
    /// Reads a sentence.
    ///
    /// # Errors
    /// What was expected and found, and the remedy.
    pub fn read(text: &str) -> Result<Criterion, String> {
        Criterion::at(text, Place { line: 1, column: 1, length: 1 }).map_err(|misread| misread.to_string())
    }

    pub(crate) fn at(text: &str, place: Place) -> Result<Criterion, Misread> {
        Ok(Criterion { text: text.trim().to_owned(), place, sentence: sentence(text)? })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn judged(&self, plan: &Plan, results: &Results, confidence: f64) -> Judged {
        match judge(&self.sentence, plan.process(), results, confidence) {
            Err(misread) => self.mistaken(misread.message, misread.help),
            Ok(Judgement { verdict, figure, interval, found, help }) => {
                let verdict = match verdict {
                    judging::Verdict::Met => Verdict::Holds,
                    judging::Verdict::NotMet => Verdict::Broken,
                    judging::Verdict::Insufficient => Verdict::Insufficient,
                };
                Judged { verdict, figure, interval, found, help, ..self.mistaken(String::new(), None) }
            }
        }
    }

    fn mistaken(&self, found: String, help: Option<String>) -> Judged {
        Judged {
            sentence: self.text.clone(),
            place: self.place,
            verdict: Verdict::Mistaken,
            figure: None,
            interval: None,
            found,
            help,
        }
    }
}

impl Verdict {
    /// The verdict in a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Broken => "broken",
            Verdict::Insufficient => "insufficient data",
            Verdict::Mistaken => "cannot be judged",
        }
    }
}

impl fmt::Display for Judged {
    /// The verdict, the sentence, what was found and what can be done, on several lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.verdict.word(), self.sentence)?;
        let lines = [("found", Some(&self.found)), ("help", self.help.as_ref())];
        for (word, what) in lines {
            if let Some(what) = what {
                writeln!(f, "  {word:>5}: {}", what.trim_end().replace('\n', "\n         "))?;
            }
        }
        Ok(())
    }
}
