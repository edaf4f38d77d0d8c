//! What a journal says: the waves that people plan, the findings and what became of them, and the rounds.

use std::fmt;
use std::str::FromStr;

use grieta_core::Date;
use grieta_core::definition::Definition;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::figure::Figure;

/// The journal of a process. What stands before `findings` is people's, and stays as they wrote it; the rest is written by
/// [`Journal::to_yaml`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Journal {
    /// The process.
    pub rounds_of: String,
    /// What is planned together, by name.
    pub waves: IndexMap<String, Wave>,
    /// What was ever found, by id, in the order in which it was found first.
    pub findings: IndexMap<String, Finding>,
    /// The rounds, the first one first.
    pub rounds: Vec<Round>,
    /// The file up to `findings`, as it was written.
    #[serde(skip)]
    pub(crate) head: String,
}

/// Improvements that are planned and brought in together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wave {
    /// What it is to mend: ids of findings, or steps.
    pub scope: Vec<String>,
    /// When it is a success: sentences such as `share(lost) <= 2%`.
    pub expects: Vec<String>,
    /// How far it is.
    pub phase: Phase,
    /// What it is to bring, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
}

/// How far a wave is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// What it is to be is drawn.
    Visualization,
    /// Who does what until when is agreed.
    Planning,
    /// It is being built.
    Implementation,
    /// People begin to work like that. From here on its criteria are to be met.
    Adoption,
    /// Everybody works like that.
    Release,
}

/// Something that was found, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// What was found, when it was last there.
    pub says: String,
    /// Its figure, when it was last there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// The scenario that shows that it is mended: when it fails, the finding is back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// What people have to say of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it was left as it is, when that was last decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
    /// What became of it; it begins with `open`.
    pub history: Vec<Turn>,
}

/// Why a finding is left as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accepted {
    /// Why, such as "once in a blue moon".
    pub reason: String,
    /// The figure that was accepted; one that is markedly worse is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
}

/// What became of a finding in a round, written as `fixed 2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// What it became.
    pub state: State,
    /// The round.
    pub round: u32,
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is there, and something is to be done about it.
    Open,
    /// It is no longer there.
    Fixed,
    /// It is there, and stays.
    Accepted,
}

/// What was found out about one version of the process.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Round {
    /// Its number, from 1.
    pub round: u32,
    /// The day.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// The version that the definition gives itself.
    pub version: String,
    /// The hash of what it says.
    pub hash: String,
    /// The wave that its changes belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wave: Option<String>,
    /// How much was simulated; nothing where the definition does not say who comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
    /// What was changed since the round before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// What was measured, by the name of the measure.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub figures: IndexMap<String, Figure>,
    /// What the changes have brought, by the name of the measure: on the same customers as the round before.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub effect: IndexMap<String, Effect>,
    /// How far each wave was.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub waves: IndexMap<String, Phase>,
    /// Whether the waves are as they are to be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Judged>,
    /// The scenarios that were run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenarios: Option<Scenarios>,
}

/// How much is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Runs {
    /// Cases in each replication.
    pub cases: u64,
    /// Independent replications.
    pub replications: u64,
    /// The seed.
    pub seed: u64,
}

impl Default for Runs {
    fn default() -> Runs {
        Runs { cases: 5_000, replications: 12, seed: 1 }
    }
}

/// What a measure was in the round before, and what it is now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// In the round before.
    pub from: f64,
    /// Now.
    pub to: f64,
    /// As that of a [`Figure`].
    pub unit: String,
    /// What that is worth.
    pub verdict: Gain,
    /// The difference with its interval, in words.
    pub says: String,
}

/// What a change is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gain {
    /// It is surely better.
    Better,
    /// It is surely worse.
    Worse,
    /// There is surely more, and nothing says whether that is good.
    More,
    /// There is surely less.
    Less,
    /// It may be chance, or is too little to matter.
    Nothing,
}

/// A criterion of a wave, judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// The wave.
    pub wave: String,
    /// The criterion.
    pub expect: String,
    /// `met`, `not-met` or `insufficient-data`.
    pub verdict: grieta_simulator::judging::Verdict,
    /// What was found, in words.
    pub found: String,
}

/// The scenarios beside the definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scenarios {
    /// How many were run.
    pub run: u32,
    /// Those that failed.
    pub failed: Vec<String>,
}

impl Journal {
    /// A journal in which nothing stands yet.
    pub fn new(process: &str) -> Journal {
        Journal {
            rounds_of: process.to_owned(),
            waves: IndexMap::new(),
            findings: IndexMap::new(),
            rounds: Vec::new(),
            head: format!("{HEAD}rounds-of: {process}"),
        }
    }

    /// Whether a round would say anything new: the definition says something else than in the last one, or the phase or the
    /// criteria of a wave do.
    pub fn is_due(&self, definition: &Definition) -> bool {
        let Some(last) = self.rounds.last() else { return true };
        let judged = last.criteria.iter().map(|judged| (judged.wave.as_str(), judged.expect.as_str()));
        let planned = last.waves == self.phases() && judged.eq(self.criteria());
        last.hash != definition.content_hash().to_string() || !planned
    }

    /// How far each wave is.
    pub(crate) fn phases(&self) -> IndexMap<String, Phase> {
        self.waves.iter().map(|(name, wave)| (name.clone(), wave.phase)).collect()
    }

    /// Every criterion of every wave, with its wave.
    pub(crate) fn criteria(&self) -> impl Iterator<Item = (&str, &str)> {
        self.waves
            .iter()
            .flat_map(|(name, wave)| wave.expects.iter().map(move |expect| (name.as_str(), expect.as_str())))
    }

    /// The findings that are so now.
    pub fn that_are(&self, state: State) -> impl Iterator<Item = (&String, &Finding)> {
        self.findings.iter().filter(move |(_, finding)| finding.state() == state)
    }
}

/// What stands above a journal.
const HEAD: &str = "\
# Rounds of improvement, kept by `grieta round`. What stands above `findings:` is yours, such as `waves:`, and stays as it is.
# From there on the file is written anew each time; what you write to a finding under `note` and `scenario` stays.

";

impl Finding {
    /// How it stands now.
    pub fn state(&self) -> State {
        self.history.last().map_or(State::Open, |turn| turn.state)
    }

    /// How it stood at the end of a round; nothing before it was found.
    pub fn state_in(&self, round: u32) -> Option<State> {
        self.history.iter().rev().find(|turn| turn.round <= round).map(|turn| turn.state)
    }

    /// The round in which it was found first.
    pub fn since(&self) -> u32 {
        self.history.first().map_or(0, |turn| turn.round)
    }

    /// How often it has come back, after it was fixed or accepted.
    pub fn reopened(&self) -> usize {
        self.history.iter().skip(1).filter(|turn| turn.state == State::Open).count()
    }

    pub(crate) fn turn(&mut self, state: State, round: u32) {
        self.history.push(Turn { state, round });
    }
}

impl Phase {
    /// All of them, in their order, by the words by which they are written.
    pub const ALL: [(&str, Phase); 5] = [
        ("visualization", Phase::Visualization),
        ("planning", Phase::Planning),
        ("implementation", Phase::Implementation),
        ("adoption", Phase::Adoption),
        ("release", Phase::Release),
    ];

    /// The word by which it is written.
    pub fn word(self) -> &'static str {
        Phase::ALL[self as usize].0
    }
}

impl State {
    /// All of them, by the words by which they are written.
    pub const ALL: [(&str, State); 3] = [("open", State::Open), ("fixed", State::Fixed), ("accepted", State::Accepted)];

    /// The word by which it is written.
    pub fn word(self) -> &'static str {
        State::ALL[self as usize].0
    }
}

impl Gain {
    /// All of them, by the words by which they are written.
    pub const ALL: [(&str, Gain); 5] = [
        ("better", Gain::Better),
        ("worse", Gain::Worse),
        ("more", Gain::More),
        ("less", Gain::Less),
        ("nothing", Gain::Nothing),
    ];

    /// The word by which it is written.
    pub fn word(self) -> &'static str {
        Gain::ALL[self as usize].0
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.state.word(), self.round)
    }
}

impl FromStr for Turn {
    type Err = String;

    fn from_str(text: &str) -> Result<Turn, String> {
        let read = || {
            let (word, round) = text.split_once(' ')?;
            let (_, state) = State::ALL.into_iter().find(|(known, _)| *known == word)?;
            Some(Turn { state, round: round.parse().ok()? })
        };
        read().ok_or_else(|| {
            format!("expected `open`, `fixed` or `accepted` and the number of a round, as in `fixed 2`, found `{text}`")
        })
    }
}

impl Serialize for Turn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_text(self, serializer)
    }
}

fn as_text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
