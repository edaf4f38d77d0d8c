//! What is wrong with a process today, each with an id that is made of names: it is the same tomorrow, whatever is added beside.

use grieta_core::Process;
use grieta_core::criterion::{self, Sentence, Shown};
use grieta_core::diagnostic::{Code, Path, Problem, Segment};
use grieta_report::words;
use grieta_simulator::judging::{Judgement, Verdict, judge};
use grieta_simulator::{Burden, BurdenVerdict, DeadEndResult, Disproportion, Lost, Results, RoleResult};
use grieta_verifier::{Open, Verification};
use indexmap::IndexMap;

use crate::figure::{Figure, LEVEL};

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is called: its kind, and names of the definition, as in `dead-end/mailbox-check/unanswered`.
    pub id: String,
    /// What was found.
    pub says: String,
    /// How much it is, where that can be said.
    pub figure: Option<Figure>,
    /// Of which more is worse.
    pub worse: Worse,
}

/// In which direction a figure becomes worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// More is worse.
    More,
    /// Less is worse.
    Less,
}

/// What was looked for, and what of it could not be told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Search {
    /// What is wrong.
    pub found: Vec<Found>,
    /// Ids, or kinds that end in `/`, of which nothing can be said: whoever has them keeps them.
    pub undecided: Vec<String>,
}

impl Search {
    /// Adds a finding, unless there is one of that id.
    pub fn add(&mut self, id: String, says: String, figure: Option<Figure>, worse: Worse) {
        if !self.found.iter().any(|found| found.id == id) {
            self.found.push(Found { id, says, figure, worse });
        }
    }

    /// Says that nothing can be said of a finding, or of a kind of them.
    pub fn leave(&mut self, what: &str) {
        self.undecided.push(what.to_owned());
    }

    /// Whether nothing can be said of that finding.
    pub fn leaves_open(&self, id: &str) -> bool {
        let covers = |what: &String| id == what || what.ends_with('/') && id.starts_with(what.as_str());
        self.undecided.iter().any(covers)
    }
}

/// The kinds of findings that only a simulation tells.
const SIMULATED: [&str; 6] = ["dead-end/", "overload/", "goal/", "clock/", "disproportionate/", "burden/"];

/// What only a complete exploration tells.
const EXPLORED: [Code; 12] = [
    Code::Stuck,
    Code::Livelock,
    Code::Endless,
    Code::EndAgain,
    Code::UnansweredCrack,
    Code::DeadStep,
    Code::IdleCrack,
    Code::RuleBroken,
    Code::ReadBeforeWritten,
    Code::OutputMissing,
    Code::WrittenTwice,
    Code::NoHappyPath,
];

/// Of the runs of a clock of which no goal says how many may run out, so many.
const RUN_OUT: &str = "5%";

/// What `grieta check` says, and which questions a step leaves open.
pub(crate) fn by_check(verification: &Verification, search: &mut Search) {
    for problem in &verification.problems {
        // Its questions are findings of their own.
        if problem.code != Code::OpenQuestion {
            search.add(id(problem), problem.message.clone(), None, Worse::More);
        }
    }
    for Open { step, questions } in &verification.coverage.open {
        for question in questions {
            let says = format!("`{step}` says nothing about `{question}`");
            search.add(format!("{}/{step}/{question}", Code::OpenQuestion), says, None, Worse::More);
        }
    }
    if !verification.soundness.complete {
        for code in EXPLORED {
            search.leave(code.as_str());
            search.leave(&format!("{code}/"));
        }
    }
}

/// The code and the names on the way to it: those of sections that go without saying, and numbers, are left out.
fn id(problem: &Problem) -> String {
    let mut id = problem.code.to_string();
    let Path(segments) = &problem.path;
    for (position, segment) in segments.iter().enumerate() {
        match segment {
            Segment::Key(key) if position == 0 && key == "steps" || position == 2 && key == "cracks" => {}
            Segment::Key(name) | Segment::Name(name) => id += &format!("/{name}"),
            Segment::Index(_) => {}
        }
    }
    id
}

/// What a simulation shows.
pub(crate) fn by_simulation(process: &Process, results: &Results, search: &mut Search) {
    dead_ends(results, search);
    results.roles.iter().for_each(|role| overload(role, search));
    goals(process, results, search);
    clocks(process, results, search);
    if results.stable {
        results.disproportionate.iter().for_each(|row| disproportion(row, search));
    } else {
        search.leave("disproportionate/");
    }
    results.burden.iter().for_each(|row| burden(row, results, search));
}

/// Where nothing was simulated.
pub(crate) fn without_simulation(search: &mut Search) {
    SIMULATED.iter().for_each(|kind| search.leave(kind));
}

fn dead_ends(results: &Results, search: &mut Search) {
    let mut ways: IndexMap<String, (u64, &DeadEndResult)> = IndexMap::new();
    for end in &results.dead_ends {
        let id = format!("dead-end/{}/{}", end.step, why(end.why));
        ways.entry(id).or_insert((0, end)).0 += end.cases;
    }
    for (id, (cases, end)) in ways {
        let figure = Figure::share(cases, results.all_cases());
        let share = words::share(cases as f64 / results.all_cases().max(1) as f64);
        search.add(id, format!("{share} of cases never end here, and wait for {}", end.waits_for), figure, Worse::More);
    }
}

fn why(lost: Lost) -> &'static str {
    match lost {
        Lost::Unanswered => "unanswered",
        Lost::NothingComes => "nothing-comes",
        Lost::NobodyOwnsIt => "nobody-owns-it",
        Lost::GoesRound => "goes-round",
    }
}

fn overload(role: &RoleResult, search: &mut Search) {
    let Some(load) = role.utilisation.filter(|load| *load >= 1.0) else { return };
    let says = format!("`{}` gets {} of the work it can do: its queue grows for ever", role.id, words::share(load));
    let figure = Figure::of(load, role.utilisation_ci95, "share");
    search.add(format!("overload/{}", role.id), says, figure, Worse::More);
}

fn goals(process: &Process, results: &Results, search: &mut Search) {
    for goal in &results.goals {
        let (id, judgement) = (format!("goal/{}", goal.id), &goal.judgement);
        match judgement.verdict {
            Verdict::Met => {}
            Verdict::Insufficient => search.leave(&id),
            Verdict::NotMet => {
                let says = format!("{} is not met: {}", goal.expect, judgement.found);
                let Ok(wanted) = criterion::sentence(&goal.expect) else { continue };
                let figure = measured(judgement, unit(&wanted, process));
                search.add(id, says, figure, direction(&wanted, judgement));
            }
        }
    }
}

/// On which side of what is demanded the figure lies.
fn direction(wanted: &Sentence, judgement: &Judgement) -> Worse {
    match (wanted.demand.low, wanted.demand.high) {
        (Some(_), None) => Worse::Less,
        (Some(low), Some(_)) => {
            let below = match low.quantity {
                criterion::Quantity::Number(low) | criterion::Quantity::Rate(low, _) => {
                    judgement.figure.is_some_and(|figure| figure < low)
                }
                criterion::Quantity::Time(..) => false,
            };
            if below { Worse::Less } else { Worse::More }
        }
        (None, _) => Worse::More,
    }
}

pub(crate) fn measured(judgement: &Judgement, unit: &str) -> Option<Figure> {
    Figure::of(judgement.figure?, judgement.interval, unit)
}

/// In what a measure is said.
pub(crate) fn unit(wanted: &Sentence, process: &Process) -> &'static str {
    match criterion::measure_of_changed(wanted, process.definition()).map(|measure| measure.unit) {
        Ok(Shown::Time(_)) => "s",
        Ok(Shown::Share) => "share",
        Ok(Shown::Number | Shown::Rate(_)) | Err(_) => "number",
    }
}

/// Promises that are not kept, as far as no goal says what is enough.
fn clocks(process: &Process, results: &Results, search: &mut Search) {
    let definition = process.definition();
    for clock in definition.clocks.keys() {
        let is_it = |wanted: Sentence| wanted.measure.name == "run_out" && wanted.measure.of == [clock.clone()];
        if definition.goals.values().any(|goal| criterion::sentence(&goal.expect).is_ok_and(is_it)) {
            continue;
        }
        let wanted = format!("run_out({clock}) <= {RUN_OUT}");
        let judged = criterion::sentence(&wanted).and_then(|wanted| judge(&wanted, process, results, LEVEL));
        let id = format!("clock/{clock}");
        match judged {
            Ok(judgement) if judgement.verdict == Verdict::NotMet => {
                let says = format!("`{clock}` runs out in {} of its runs, more than {RUN_OUT}", judgement.found);
                search.add(id, says, measured(&judgement, "share"), Worse::More);
            }
            Ok(judgement) if judgement.verdict == Verdict::Met => {}
            _ => search.leave(&id),
        }
    }
}

fn disproportion(row: &Disproportion, search: &mut Search) {
    let id = format!("disproportionate/{}", place(&row.step, row.crack.as_ref()));
    let (cases, time) = (words::share(row.cases_share), words::share(row.time_share));
    let (says, value) = match row.outliers {
        Some(outliers) if !row.is_out_of_proportion() => {
            (format!("one visit in twenty takes {outliers:.1} times as long as half of them"), outliers)
        }
        _ => (format!("{time} of all time is spent on {cases} of cases"), row.ratio),
    };
    search.add(id, says, Figure::of(value, None, "number"), Worse::More);
}

fn burden(row: &Burden, results: &Results, search: &mut Search) {
    if row.verdict != BurdenVerdict::TooOften {
        return;
    }
    let id = format!("burden/{}", place(&row.step, row.crack.as_ref()));
    let each = match (row.per_person_month, &row.role) {
        (Some(points), Some(role)) => format!("{points:.1} points a month for each `{role}`"),
        _ => format!("{:.1} points in 1,000 cases", row.per_case * 1_000.0),
    };
    let says = format!("what is asked of people here is no longer once in a blue moon: {each}");
    // The points of a case, with the interval of a number of rare events.
    let scale = row.points as f64 / results.all_cases().max(1) as f64;
    let half = 1.96 * (row.times as f64).sqrt() * scale;
    let figure = Figure::of(row.per_case, Some([row.per_case - half, row.per_case + half]), "number");
    search.add(id, says, figure, Worse::More);
}

fn place(step: &str, crack: Option<&String>) -> String {
    crack.map_or_else(|| step.to_owned(), |crack| format!("{step}/{crack}"))
}
