//! Reads a journal: strictly, all problems at once, each with its place.

use std::str::FromStr;

use grieta_core::Date;
use grieta_core::criterion::sentence;
use grieta_core::diagnostic::{Code, Path, Place, Problem, Problems};
use grieta_core::yaml::decode::{self, NAME, Value, names, number, parsed, text, whole, word};
use grieta_simulator::judging::Verdict;

use crate::examples::EXAMPLES;
use crate::figure::Figure;
use crate::journal::{
    Accepted, Effect, Finding, Gain, Journal, Judged, Phase, Round, Runs, Scenarios, State, Turn, Wave,
};

const VERDICTS: [(&str, Verdict); 3] =
    [("met", Verdict::Met), ("not-met", Verdict::NotMet), ("insufficient-data", Verdict::Insufficient)];

impl Journal {
    /// Reads a journal; `file` is its name, for messages.
    ///
    /// # Errors
    /// With everything that cannot be read, or that contradicts itself.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Journal, Problems> {
        let (read, mut problems) = decode::document(file, bytes, EXAMPLES, journal);
        let source = problems.source.take();
        let text = source.as_ref().map(|source| head(&source.text)).unwrap_or_default();
        match read {
            Some(journal) if problems.is_empty() => Ok(Journal { head: text.to_owned(), ..journal }),
            _ => {
                if problems.is_empty() {
                    let problem = Problem::error(Code::Empty, Path::default(), "there is no journal in this file");
                    let place = Some(Place { line: 1, column: 1, length: 1 });
                    let help = "begin with `rounds-of:` and the name of the process, or remove the file";
                    problems.list.push(Problem { place, ..problem.help(help) });
                }
                Err(Problems { source, list: problems.list })
            }
        }
    }
}

/// What stands above the part that is written anew.
fn head(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if ["findings:", "rounds:"].iter().any(|key| line.starts_with(key)) {
            break;
        }
        at += line.len();
    }
    text[..at].trim_end()
}

fn journal(value: Value<'_>) -> Option<Journal> {
    let mut fields = value.fields("a journal")?;
    let keys = value.keys().unwrap_or_default();
    let position = |key: &str| keys.iter().position(|known| *known == key);
    let kept = [position("findings"), position("rounds")].into_iter().flatten().min();
    for key in ["rounds-of", "waves"] {
        if position(key).zip(kept).is_some_and(|(own, kept)| own > kept) {
            let message = format!("`{key}` stands below what is written anew each time, and would be lost");
            fields.misplaced(key, Code::UnknownKey, &message, "write it above `findings:` and `rounds:`");
        }
    }
    let rounds_of = fields.required("rounds-of", text);
    let waves = fields.optional("waves", |value| value.declarations("waves by name", NAME, |_, value| wave(value)));
    let rounds = fields.optional("rounds", |value| value.list("a list of rounds", round)).unwrap_or_default();
    let findings =
        fields.optional("findings", |value| value.map("findings by id", |_, value| finding(value, rounds.len())));
    fields.finish();
    for (number, (at, _)) in (1..).zip(&rounds) {
        if *at != number {
            let message = format!("expected round {number}, found round {at}");
            let problem = value.problem(Code::WrongType, message);
            return value.refuse(problem.help("rounds are numbered from 1, one after the other, and none is left out"));
        }
    }
    Some(Journal {
        rounds_of: rounds_of?,
        waves: waves.unwrap_or_default(),
        findings: findings.unwrap_or_default(),
        rounds: rounds.into_iter().filter_map(|(_, round)| round).collect(),
        head: String::new(),
    })
}

fn wave(value: Value<'_>) -> Option<Wave> {
    let mut fields = value.fields("a wave")?;
    let scope = fields.optional("scope", names).unwrap_or_default();
    let expects = fields.optional("expects", criteria).unwrap_or_default();
    let phase = fields.required("phase", |value| word(value, &Phase::ALL));
    let benefit = fields.optional("benefit", text);
    fields.finish();
    Some(Wave { scope, expects, phase: phase?, benefit })
}

/// A criterion, or a list of them.
fn criteria(value: Value<'_>) -> Option<Vec<String>> {
    if value.scalar().is_some() { Some(vec![criterion(value)?]) } else { value.list("a list of criteria", criterion) }
}

fn criterion(value: Value<'_>) -> Option<String> {
    let written = text(value)?;
    match sentence(&written) {
        Ok(_) => Some(written),
        Err(misread) => value.refuse(value.problem(Code::WrongType, misread.message).maybe_help(misread.help)),
    }
}

fn finding(value: Value<'_>, rounds: usize) -> Option<Finding> {
    let mut fields = value.fields("a finding")?;
    let says = fields.required("says", text);
    let figure = fields.optional("figure", figure);
    let scenario = fields.optional("scenario", text);
    let note = fields.optional("note", text);
    let accepted = fields.optional("accepted", accepted);
    let history = fields.required("history", |value| history(value, rounds));
    let was_accepted = history.iter().flatten().any(|turn| turn.state == State::Accepted);
    let has_reason = fields.has("accepted") || fields.misspelt(&["accepted"]);
    fields.finish();
    if was_accepted && !has_reason {
        let problem = value.problem(Code::MissingKey, "it was accepted, and nothing says why");
        return value.refuse(problem.help("add it, as in `accepted: { reason: once in a blue moon }`"));
    }
    Some(Finding { says: says?, figure, scenario, note, accepted, history: history? })
}

fn accepted(value: Value<'_>) -> Option<Accepted> {
    let mut fields = value.fields("why it is accepted")?;
    let (reason, figure) = (fields.required("reason", text), fields.optional("figure", figure));
    fields.finish();
    Some(Accepted { reason: reason?, figure })
}

/// It begins with `open`, every turn changes something, and all of them are in rounds that there were.
fn history(value: Value<'_>, rounds: usize) -> Option<Vec<Turn>> {
    let turns = value.list("a list such as `[open 1, fixed 2]`", |value| {
        parsed::<Turn>(value, "a turn such as `fixed 2`", Code::WrongType, |_| None)
    })?;
    let wrong = |message: String| {
        let help = "it begins with `open`, and goes on in the order of the rounds, as in `[open 1, fixed 2, open 3]`";
        value.refuse(value.problem(Code::WrongType, message).help(help))
    };
    match turns.first() {
        None => return wrong("expected what became of the finding, found an empty list".to_owned()),
        Some(first) if first.state != State::Open => return wrong(format!("expected `open` first, found `{first}`")),
        Some(_) => {}
    }
    for pair in turns.windows(2) {
        let possible = match (pair[0].state, pair[1].state) {
            (State::Open, next) => next != State::Open,
            (State::Accepted, next) => next != State::Accepted,
            (State::Fixed, next) => next == State::Open,
        };
        if !possible || pair[1].round < pair[0].round {
            return wrong(format!("`{}` cannot come after `{}`", pair[1], pair[0]));
        }
    }
    match turns.iter().find(|turn| turn.round == 0 || turn.round as usize > rounds) {
        Some(turn) => wrong(format!("expected rounds from 1 to {rounds}, found `{turn}`")),
        None => Some(turns),
    }
}

/// A round, where it can be read, and the number that it gives itself.
fn round(value: Value<'_>) -> Option<(u32, Option<Round>)> {
    let mut fields = value.fields("a round")?;
    let number = fields.required("round", whole);
    let date = fields.required("date", day);
    let version = fields.required("version", text);
    let hash = fields.required("hash", text);
    let wave = fields.optional("wave", text);
    let runs = fields.optional("runs", runs);
    let changed = fields.optional("changed", names).unwrap_or_default();
    let figures = fields.optional("figures", |value| value.map("figures by name", |_, value| figure(value)));
    let effect = fields.optional("effect", |value| value.map("effects by name", |_, value| effect(value)));
    let waves = fields.optional("waves", |value| value.map("phases by wave", |_, value| word(value, &Phase::ALL)));
    let criteria = fields.optional("criteria", |value| value.list("a list of criteria", judged));
    let scenarios = fields.optional("scenarios", scenarios);
    fields.finish();
    let number = number?;
    let read = || {
        Some(Round {
            round: number,
            date: date?,
            version: version?,
            hash: hash?,
            wave,
            runs,
            changed,
            figures: figures.unwrap_or_default(),
            effect: effect.unwrap_or_default(),
            waves: waves.unwrap_or_default(),
            criteria: criteria.unwrap_or_default(),
            scenarios,
        })
    };
    Some((number, read()))
}

fn day(value: Value<'_>) -> Option<Date> {
    parsed(value, "a day such as `2026-11-20`", Code::WrongType, |_| None)
}

fn runs(value: Value<'_>) -> Option<Runs> {
    let mut fields = value.fields("how much was simulated")?;
    let mut count = |key| fields.required(key, large);
    let (cases, replications, seed) = (count("cases"), count("replications"), count("seed"));
    fields.finish();
    Some(Runs { cases: cases?, replications: replications?, seed: seed? })
}

fn large(value: Value<'_>) -> Option<u64> {
    parsed(value, "a whole number", Code::WrongType, |_| None).map(|Large(number)| number)
}

/// A whole number, which may be as long as a seed.
struct Large(u64);

impl FromStr for Large {
    type Err = String;

    fn from_str(text: &str) -> Result<Large, String> {
        text.parse().map(Large).map_err(|_| format!("expected a whole number, found `{text}`"))
    }
}

fn figure(value: Value<'_>) -> Option<Figure> {
    let mut fields = value.fields("a figure")?;
    let amount = fields.required("value", number);
    let (low, high) = (fields.optional("low", number), fields.optional("high", number));
    let unit = fields.required("unit", text);
    fields.finish();
    Some(Figure { value: amount?, low, high, unit: unit? })
}

fn effect(value: Value<'_>) -> Option<Effect> {
    let mut fields = value.fields("an effect")?;
    let (from, to) = (fields.required("from", number), fields.required("to", number));
    let unit = fields.required("unit", text);
    let verdict = fields.required("verdict", |value| word(value, &Gain::ALL));
    let says = fields.required("says", text);
    fields.finish();
    Some(Effect { from: from?, to: to?, unit: unit?, verdict: verdict?, says: says? })
}

fn judged(value: Value<'_>) -> Option<Judged> {
    let mut fields = value.fields("a judged criterion")?;
    let wave = fields.required("wave", text);
    let expect = fields.required("expect", text);
    let verdict = fields.required("verdict", |value| word(value, &VERDICTS));
    let found = fields.required("found", text);
    fields.finish();
    Some(Judged { wave: wave?, expect: expect?, verdict: verdict?, found: found? })
}

fn scenarios(value: Value<'_>) -> Option<Scenarios> {
    let mut fields = value.fields("scenarios that were run")?;
    let run = fields.required("run", whole);
    let failed = fields.optional("failed", names).unwrap_or_default();
    fields.finish();
    Some(Scenarios { run: run?, failed })
}
