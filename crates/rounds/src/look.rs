//! Takes stock of a process: everything that is found out about it in a round.

use std::sync::Arc;

use grieta_core::diagnostic::Problems;
use grieta_core::{Plan, Process, criterion};
use grieta_simulator::judging::judge;
use grieta_simulator::{Results, Simulation, SimulationError, compare};
use grieta_testkit::{Stage, Suite};
use grieta_verifier::{Limits, verify};
use indexmap::IndexMap;

use crate::changed::changed;
use crate::effect;
use crate::figure::{Figure, LEVEL};
use crate::found::{self, Search, unit};
use crate::journal::{Effect, Journal, Judged, Runs, Scenarios};
use crate::waves;

/// What is to be looked at, and what it is held against.
pub struct Visit<'a> {
    /// The process as it is now.
    pub process: &'a Arc<Process>,
    /// The process of the round before.
    pub before: Option<&'a Arc<Process>>,
    /// The scenarios beside the definition.
    pub scenarios: Option<(&'a Suite, &'a Stage)>,
    /// What was found so far.
    pub journal: &'a Journal,
    /// How much is simulated.
    pub runs: Runs,
}

/// What was found out.
#[derive(Debug, Clone)]
pub struct Stock {
    pub(crate) search: Search,
    pub(crate) simulated: bool,
    pub(crate) changed: Vec<String>,
    pub(crate) figures: IndexMap<String, Figure>,
    pub(crate) effect: IndexMap<String, Effect>,
    pub(crate) criteria: Vec<Judged>,
    pub(crate) scenarios: Option<Scenarios>,
}

/// Why stock cannot be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// The process cannot be simulated.
    #[error("{0}")]
    Problems(Problems),
    /// The experiment cannot be run.
    #[error("{0}")]
    Simulation(#[from] SimulationError),
    /// What changes is a difference with an interval.
    #[error("expected at least 2 replications, because every effect is a difference with an interval")]
    TooFew,
    /// A finding names a scenario that there is not.
    #[error("the scenario `{scenario}` of the finding `{finding}` is not there; {help}")]
    NoScenario {
        /// The finding.
        finding: String,
        /// The scenario.
        scenario: String,
        /// What can be done.
        help: String,
    },
}

/// Checks the process, simulates it where its definition says who comes, runs its scenarios, and compares it with that of the
/// round before on the same customers.
///
/// # Errors
/// When it cannot be simulated as it was asked for, or a finding names a scenario that is not there.
pub fn look(visit: &Visit<'_>) -> Result<Stock, LookError> {
    let Visit { process, journal, runs, .. } = visit;
    if runs.replications < 2 {
        return Err(LookError::TooFew);
    }
    let plan = Plan::new(Arc::clone(process)).map_err(LookError::Problems)?;
    let mut search = Search::default();
    found::by_check(&verify(&plan, &Limits::default()), &mut search);
    let mut stock = Stock {
        search,
        simulated: process.definition().simulation.is_some(),
        changed: Vec::new(),
        figures: IndexMap::new(),
        effect: IndexMap::new(),
        criteria: Vec::new(),
        scenarios: visit.scenarios.map(|(suite, stage)| run(suite, stage)),
    };
    if let Some(before) = visit.before {
        stock.changed = changed(before.definition(), process.definition());
    }
    if stock.simulated {
        simulated(visit, &mut stock)?;
    } else {
        found::without_simulation(&mut stock.search);
        stock.criteria = waves::unmeasured(journal);
    }
    waves::too_far(journal, &stock.criteria, &mut stock.search);
    failed(journal, visit.scenarios.map(|(suite, _)| suite), stock.scenarios.as_ref(), &mut stock.search)?;
    Ok(stock)
}

/// What a simulation says, and one of the round before beside it.
fn simulated(visit: &Visit<'_>, stock: &mut Stock) -> Result<(), LookError> {
    let Visit { process, journal, runs, .. } = visit;
    let results = simulate(process, *runs)?;
    found::by_simulation(process, &results, &mut stock.search);
    stock.figures = figures(journal, process, &results);
    stock.criteria = waves::judged(journal, process, &results);
    // What could be simulated a round ago may be refused today; then there is no effect to tell of.
    let before = visit.before.filter(|before| before.definition().simulation.is_some());
    let before = before.and_then(|before| simulate(before, *runs).ok());
    if let Some(comparison) = before.and_then(|before| compare(&before, &results)) {
        stock.effect = effect::of(&comparison, &wanted(journal, process), currency(&results));
    }
    Ok(())
}

fn simulate(process: &Arc<Process>, runs: Runs) -> Result<Results, LookError> {
    let simulation = Simulation::new(process).map_err(LookError::Problems)?.keeping_figures();
    Ok(simulation.cases(runs.cases).replications(runs.replications).seed(runs.seed).run()?)
}

fn run(suite: &Suite, stage: &Stage) -> Scenarios {
    let failed = suite.scenarios.iter().filter(|scenario| suite.run(scenario, stage).failed.is_some());
    let failed = failed.map(|scenario| scenario.name.clone()).collect();
    Scenarios { run: u32::try_from(suite.scenarios.len()).unwrap_or(u32::MAX), failed }
}

/// A scenario that fails is a finding, or shows that one is back. Where there are no scenarios any more, nothing is known of them.
fn failed(
    journal: &Journal,
    suite: Option<&Suite>,
    ran: Option<&Scenarios>,
    search: &mut Search,
) -> Result<(), LookError> {
    let known = |name: &str| suite.is_some_and(|suite| suite.scenarios.iter().any(|scenario| scenario.name == name));
    let fails = |name: &String| ran.is_some_and(|ran| ran.failed.contains(name));
    let of_findings = || journal.findings.iter().filter_map(|(id, finding)| Some((id, finding.scenario.as_ref()?)));
    for (id, scenario) in of_findings() {
        if !known(scenario) {
            let names = suite.iter().flat_map(|suite| &suite.scenarios).map(|scenario| scenario.name.as_str());
            let help = grieta_core::diagnostic::suggest(scenario, names);
            let help = help.unwrap_or_else(|| "write it, or take it out of the journal".to_owned());
            return Err(LookError::NoScenario { finding: id.clone(), scenario: scenario.clone(), help });
        }
        if fails(scenario) {
            search.add(id.clone(), format!("the scenario `{scenario}` fails"), None, found::Worse::More);
        }
    }
    let Some(ran) = ran else {
        search.leave("scenario/");
        return Ok(());
    };
    for name in ran.failed.iter().filter(|name| !of_findings().any(|(_, scenario)| scenario == *name)) {
        search.add(format!("scenario/{name}"), "it fails".to_owned(), None, found::Worse::More);
    }
    Ok(())
}

/// What is followed from round to round: times, cases that never end, cost, and whatever a goal or a wave asks for.
fn figures(journal: &Journal, process: &Process, results: &Results) -> IndexMap<String, Figure> {
    let mut figures = IndexMap::new();
    let mut put = |name: &str, figure: Option<Figure>| {
        figure.into_iter().for_each(|figure| drop(figures.insert(name.to_owned(), figure)));
    };
    if let Some(times) = &results.cycle_time {
        put("mean(cycle_time)", Figure::of(times.mean_s, times.ci95_s, "s"));
        put("p90(cycle_time)", times.p90_s.and_then(|p90| Figure::of(p90, times.p90_ci95_s, "s")));
    }
    let stuck = results.stuck as f64 / results.all_cases().max(1) as f64;
    put("share(stuck)", Figure::of(stuck, results.stuck_ci95, "share"));
    let costs = results.value.classes.iter().filter_map(|class| class.cost_per_case);
    if let Some(currency) = currency(results) {
        put("cost", Figure::of(costs.sum(), None, currency));
    }
    for sentence in wanted(journal, process) {
        let name = measure(&sentence);
        if let Ok(judgement) = judge(&sentence, process, results, LEVEL) {
            put(&name, found::measured(&judgement, unit(&sentence, process)));
        }
    }
    figures
}

fn currency(results: &Results) -> Option<&str> {
    results.value.currency.as_deref()
}

/// What goals and waves demand.
fn wanted(journal: &Journal, process: &Process) -> Vec<criterion::Sentence> {
    let goals = process.definition().goals.values().map(|goal| goal.expect.as_str());
    let waves = journal.criteria().map(|(_, expect)| expect);
    goals.chain(waves).filter_map(|text| criterion::sentence(text).ok()).collect()
}

/// What is measured, as it is written: `share(won)`.
fn measure(sentence: &criterion::Sentence) -> String {
    format!("{}({})", sentence.measure.name, sentence.measure.of.join(", "))
}
