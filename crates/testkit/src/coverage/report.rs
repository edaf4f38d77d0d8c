//! Coverage of several processes by several scenarios: each scenario for itself, and all together.

use std::fmt;

use grieta_core::Plan;
use grieta_core::definition::Variant;
use grieta_runtime::Recorded;
use serde::{Serialize, Serializer};

use super::{Count, Coverage, Element, ElementKind};

/// What scenarios cover, each for itself and all together.
///
/// As JSON: `covered`, `total` and `share` of all elements; `processes`, each with `process`, `version`, `variant` (where it has
/// one), `covered`, `total`, `share`, `kinds` (by kind `covered` and `total`), `missed` (each with `kind`, `id`, `name`,
/// `path`, and the `step` it belongs to) and `cracks_not_entered` (their ids); `scenarios`, each with `name` and
/// `processes`, which have `process`, `version`, `variant`, `covered`, `total`, `share`, `kinds` and `elements`, the ids of what it
/// covers.
#[derive(Debug, Clone, Default)]
pub struct CoverageReport {
    processes: Vec<Coverage>,
    scenarios: Vec<ScenarioCoverage>,
}

/// What one scenario covers.
#[derive(Debug, Clone)]
pub struct ScenarioCoverage {
    /// Its name.
    pub name: String,
    /// The coverage of each process of which it has cases.
    pub processes: Vec<Coverage>,
}

impl CoverageReport {
    /// Nothing of these processes is covered yet.
    pub fn of<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> CoverageReport {
        let mut report = CoverageReport::default();
        plans.into_iter().for_each(|plan| {
            report.empty(plan);
        });
        report
    }

    /// Adds what a scenario has done: the plan and the history of each of its cases. A process that is not known yet, such
    /// as one that was called, is counted from now on.
    pub fn add<'a>(&mut self, scenario: &str, cases: impl IntoIterator<Item = (&'a Plan, &'a [Recorded])>) {
        let mut processes: Vec<Coverage> = Vec::new();
        for (plan, history) in cases {
            let empty = self.empty(plan);
            let at = processes.iter().position(|own| own.is_of(plan.process())).unwrap_or_else(|| {
                processes.push(empty);
                processes.len() - 1
            });
            // It is of that process, as was just looked up.
            let _ = processes[at].add(plan, history);
        }
        for own in &processes {
            let all = self.processes.iter_mut().filter(|all| all.is_of(own.process()));
            all.for_each(|all| drop(all.merge(own)));
        }
        self.scenarios.push(ScenarioCoverage { name: scenario.to_owned(), processes });
    }

    /// The coverage of each process by all scenarios together.
    pub fn processes(&self) -> &[Coverage] {
        &self.processes
    }

    /// The coverage by each scenario for itself.
    pub fn scenarios(&self) -> &[ScenarioCoverage] {
        &self.scenarios
    }

    /// How many elements of all processes there are, and how many are covered.
    pub fn total(&self) -> Count {
        self.processes.iter().map(Coverage::total).fold(Count::default(), Count::and)
    }

    /// The share of the elements of all processes that is covered, from 0 to 1: what `--min-coverage` asks for.
    pub fn share(&self) -> f64 {
        self.total().share()
    }

    /// The coverage of a process with nothing covered; known from now on.
    fn empty(&mut self, plan: &Plan) -> Coverage {
        if let Some(known) = self.processes.iter().find(|known| known.is_of(plan.process())) {
            return known.emptied();
        }
        let coverage = Coverage::of(plan);
        self.processes.push(coverage.clone());
        coverage
    }
}

/// A coverage as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    process: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<Variant>,
    #[serde(flatten)]
    count: Shares,
    kinds: Vec<KindShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<Vec<&'a Element>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cracks_not_entered: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Option<Vec<&'a str>>,
}

#[derive(Serialize)]
struct Shares {
    #[serde(flatten)]
    count: Count,
    share: f64,
}

impl From<Count> for Shares {
    fn from(count: Count) -> Shares {
        Shares { count, share: count.share() }
    }
}

#[derive(Serialize)]
struct KindShown {
    kind: ElementKind,
    #[serde(flatten)]
    count: Count,
}

impl<'a> Shown<'a> {
    fn of(coverage: &'a Coverage) -> Shown<'a> {
        let definition = coverage.process.definition();
        let kinds = ElementKind::ALL.map(|kind| KindShown { kind, count: coverage.count(kind) });
        Shown {
            process: &definition.process,
            version: &definition.version,
            variant: definition.variant,
            count: coverage.total().into(),
            kinds: kinds.into_iter().filter(|shown| shown.count.total > 0).collect(),
            missed: None,
            cracks_not_entered: None,
            elements: None,
        }
    }

    fn in_total(coverage: &'a Coverage) -> Shown<'a> {
        Shown {
            missed: Some(coverage.missed().collect()),
            cracks_not_entered: Some(coverage.cracks_not_entered().map(|crack| crack.id.as_str()).collect()),
            ..Shown::of(coverage)
        }
    }

    fn by_scenario(coverage: &'a Coverage) -> Shown<'a> {
        let covered = coverage.elements().filter(|(_, covered)| *covered);
        Shown { elements: Some(covered.map(|(element, _)| element.id.as_str()).collect()), ..Shown::of(coverage) }
    }
}

/// How much of each process is covered, and what is missed, a line each.
impl fmt::Display for CoverageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for process in &self.processes {
            let Count { covered, total } = process.total();
            writeln!(f, "`{}`: {covered} of {total} elements are covered", process.process().definition().process)?;
            for element in process.missed() {
                writeln!(f, "  missed: {} {}, at `{}`", element.kind.word(), element.name, element.path)?;
            }
        }
        Ok(())
    }
}

impl Serialize for CoverageReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct All<'a> {
            #[serde(flatten)]
            count: Shares,
            processes: Vec<Shown<'a>>,
            scenarios: Vec<OfScenario<'a>>,
        }
        #[derive(Serialize)]
        struct OfScenario<'a> {
            name: &'a str,
            processes: Vec<Shown<'a>>,
        }
        let scenarios = self.scenarios.iter().map(|scenario| OfScenario {
            name: &scenario.name,
            processes: scenario.processes.iter().map(Shown::by_scenario).collect(),
        });
        let processes = self.processes.iter().map(Shown::in_total).collect();
        All { count: self.total().into(), processes, scenarios: scenarios.collect() }.serialize(serializer)
    }
}
