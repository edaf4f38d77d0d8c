//! A round on one page: what was changed and found, what it is worth, how far the waves are, and where it leads.

use grieta_core::Process;
use grieta_report::tables::{Column, table};
use grieta_report::words::{count, counted, dash};

use crate::figure::Figure;
use crate::journal::{Effect, Finding, Gain, Journal, Round, State};

/// So many findings of a kind are shown.
const SHOWN: usize = 12;

/// So many rounds are shown side by side.
const ROUNDS: usize = 6;

/// What the last round says; `due` tells whether it was taken just now.
pub fn screen(journal: &Journal, process: &Process, due: bool) -> String {
    let Some(round) = journal.rounds.last() else { return "there is no round yet\n".to_owned() };
    let definition = process.definition();
    let title = definition.title.as_ref().unwrap_or(&definition.process);
    let mut text = format!("{title}, round {} of {}, version {}\n", round.round, round.date, round.version);
    if !due {
        text += "Nothing has changed since.\n";
    }
    let sections = [
        ("What was changed", lines(&round.changed)),
        ("What was found", findings(journal, round.round)),
        ("What it is worth", worth(round)),
        ("Scenarios", scenarios(round)),
        ("Waves", waves(journal, process, round)),
        ("From round to round", trend(journal)),
    ];
    for (title, section) in sections.iter().filter(|(_, section)| !section.is_empty()) {
        text += &format!("\n{title}\n");
        section.lines().for_each(|line| text += &format!("  {}\n", line.trim_end()));
    }
    text
}

fn lines(list: &[String]) -> String {
    list.join("\n")
}

/// What became of a finding in a round, in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Became {
    New,
    Reopened,
    Fixed,
    Open,
    Accepted,
}

impl Became {
    /// Nothing for what was not yet found, or was fixed before.
    fn of(finding: &Finding, round: u32) -> Option<Became> {
        let turned = finding.history.iter().any(|turn| turn.round == round);
        Some(match finding.state_in(round)? {
            State::Fixed if !turned => return None,
            State::Fixed => Became::Fixed,
            State::Accepted => Became::Accepted,
            State::Open if !turned => Became::Open,
            State::Open if finding.since() == round => Became::New,
            State::Open => Became::Reopened,
        })
    }

    fn word(self) -> &'static str {
        match self {
            Became::New => "new",
            Became::Reopened => "reopened",
            Became::Fixed => "fixed",
            Became::Open => "open",
            Became::Accepted => "accepted",
        }
    }
}

fn findings(journal: &Journal, round: u32) -> String {
    let mut all: Vec<(Became, &String, &Finding)> =
        journal.findings.iter().filter_map(|(id, finding)| Some((Became::of(finding, round)?, id, finding))).collect();
    if all.is_empty() {
        return "nothing".to_owned();
    }
    all.sort_by_key(|(became, ..)| *became);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for group in all.chunk_by(|one, other| one.0 == other.0) {
        for (became, id, finding) in group.iter().take(SHOWN) {
            rows.push(vec![became.word().to_owned(), (*id).clone(), said(*became, finding)]);
        }
        if let (Some((became, ..)), more @ 1..) = (group.first(), group.len().saturating_sub(SHOWN)) {
            rows.push(vec![became.word().to_owned(), format!("and {} more", count(more as u64)), String::new()]);
        }
    }
    table(&[("", Column::Name), ("finding", Column::Name), ("what", Column::Text)], rows)
}

fn said(became: Became, finding: &Finding) -> String {
    let Finding { says, accepted, note, .. } = finding;
    let said = match became {
        Became::New => says.clone(),
        Became::Fixed => format!("was: {says}"),
        Became::Open => format!("{says} (since round {})", finding.since()),
        Became::Reopened => {
            let was = accepted.as_ref().map(|accepted| format!("; accepted before: {}", accepted.reason));
            format!("{says} (found first in round {}{})", finding.since(), was.unwrap_or_default())
        }
        Became::Accepted => match accepted {
            Some(accepted) => format!("{says}: {}", accepted.reason),
            None => says.clone(),
        },
    };
    note.iter().fold(said, |said, note| format!("{said}; {note}"))
}

/// What is more than chance.
fn worth(round: &Round) -> String {
    if round.effect.is_empty() {
        return String::new();
    }
    let row = |(name, effect): (&String, &Effect)| {
        let say = |value: f64| Figure { value, low: None, high: None, unit: effect.unit.clone() }.said();
        vec![
            effect.verdict.word().to_owned(),
            name.clone(),
            format!("{} → {}", say(effect.from), say(effect.to)),
            effect.says.clone(),
        ]
    };
    let sure: Vec<_> = round.effect.iter().filter(|(_, effect)| effect.verdict != Gain::Nothing).map(row).collect();
    if sure.is_empty() {
        return format!("nothing that is more than chance, of {}", counted(round.effect.len() as u64, "measure"));
    }
    let columns = [("", Column::Name), ("measure", Column::Name), ("from → to", Column::Name), ("", Column::Text)];
    table(&columns, sure)
}

fn scenarios(round: &Round) -> String {
    round.scenarios.as_ref().map_or_else(String::new, |scenarios| {
        let run = format!("{} run", counted(u64::from(scenarios.run), "scenario"));
        match scenarios.failed.as_slice() {
            [] => format!("{run}, none failed"),
            failed => format!("{run}, {} failed: {}", failed.len(), failed.join("; ")),
        }
    })
}

/// How far each wave is, and whether it is as it is to be.
fn waves(journal: &Journal, process: &Process, round: &Round) -> String {
    let mut lines = Vec::new();
    for (name, wave) in &journal.waves {
        let (done, all) = wave.progress(journal);
        let benefit = wave.benefit.as_ref().map(|benefit| format!(" ({benefit})")).unwrap_or_default();
        let phase = wave.phase.word();
        lines.push(format!("{name}{benefit}, in {phase}: {done} of {} no longer open", counted(all as u64, "finding")));
        for term in wave.unknown(journal, process) {
            lines.push(format!("  `{term}` is neither a finding nor a step"));
        }
        for judged in round.criteria.iter().filter(|judged| judged.wave == *name) {
            lines.push(format!("  {}: {}, {}", judged.verdict.word(), judged.expect, judged.found));
        }
    }
    lines.join("\n")
}

/// The last rounds side by side: how many findings there were, and the figures that the last one has.
fn trend(journal: &Journal) -> String {
    let shown = &journal.rounds[journal.rounds.len().saturating_sub(ROUNDS)..];
    let Some(last) = shown.last().filter(|_| shown.len() > 1) else { return String::new() };
    let row = |name: &str, of: &dyn Fn(&Round) -> String| {
        std::iter::once(name.to_owned()).chain(shown.iter().map(of)).collect::<Vec<_>>()
    };
    let number = |state: State| {
        move |round: &Round| {
            let are = |finding: &&Finding| finding.state_in(round.round) == Some(state);
            count(journal.findings.values().filter(are).count() as u64)
        }
    };
    let mut rows = vec![
        row("version", &|round| round.version.clone()),
        row("open findings", &number(State::Open)),
        row("accepted", &number(State::Accepted)),
        row("fixed so far", &number(State::Fixed)),
    ];
    for name in last.figures.keys() {
        let say = |round: &Round| round.figures.get(name).map_or_else(dash, |figure| figure.say(figure.value));
        rows.push(row(name, &say));
    }
    let titles: Vec<String> = shown.iter().map(|round| round.round.to_string()).collect();
    let columns = titles.iter().map(|title| (title.as_str(), Column::Right));
    let columns: Vec<_> = std::iter::once(("round", Column::Name)).chain(columns).collect();
    table(&columns, rows)
}
