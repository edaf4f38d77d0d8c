//! What the scenarios cover of the definitions.

use std::collections::BTreeMap;
use std::sync::Arc;

use grieta_core::yaml::{self, Reading};
use grieta_report as report;
use grieta_testkit::Scenario;
use grieta_testkit::coverage::{Coverage, CoverageReport, Element, ElementKind, Mark};
use grieta_testkit::scenario::Run;

use super::Loaded;

/// The coverage of every definition that is tested; others that they start are counted by the tests of their own.
pub(super) fn of(suites: &[Loaded], runs: &[Vec<(&Scenario, Run)>]) -> CoverageReport {
    let tested = || suites.iter().filter_map(|(_, stage)| stage.plans().first());
    let mut report = CoverageReport::of(tested().map(AsRef::as_ref));
    for (scenario, run) in runs.iter().flatten() {
        let is_tested = |process| tested().any(|plan| Arc::ptr_eq(plan.process(), process));
        report.add(&scenario.name, run.histories().filter(|(plan, _)| is_tested(plan.process())));
    }
    report
}

pub(super) fn text(found: &CoverageReport, suites: &[Loaded]) -> String {
    let files = files(suites);
    report::coverage(&shown(found, &files))
}

pub(super) fn page(found: &CoverageReport, suites: &[Loaded]) -> String {
    let files = files(suites);
    report::coverage_page(&shown(found, &files))
}

/// The files of the definitions, for the places in them.
fn files(suites: &[Loaded]) -> Vec<(String, Reading)> {
    let read = |(suite, _): &Loaded| {
        let file = suite.beside(&suite.definition);
        let name = file.display().to_string();
        Some((name.clone(), yaml::read(&name, &std::fs::read(&file).ok()?)))
    };
    suites.iter().filter_map(read).collect()
}

fn shown<'c>(found: &'c CoverageReport, files: &[(String, Reading)]) -> Vec<report::Covered<'c>> {
    found.processes().iter().map(|coverage| covered(found, coverage, files)).collect()
}

fn covered<'c>(found: &'c CoverageReport, coverage: &'c Coverage, files: &[(String, Reading)]) -> report::Covered<'c> {
    let definition = coverage.process().definition();
    let file = files.iter().find(|(_, reading)| reading.definition.as_ref() == Some(definition));
    let place = |element: &Element| {
        let place = file.and_then(|(name, reading)| Some((name, reading.place_of(&element.path, None)?)));
        place.map_or_else(|| element.path.to_string(), |(name, place)| format!("{name}:{}", place.line))
    };
    let missed = |element: &Element| report::Missed {
        kind: element.kind.word(),
        name: element.name.clone(),
        place: place(element),
    };
    let by_scenario = found.scenarios().iter().filter_map(|scenario| {
        let own = scenario.processes.iter().find(|own| own.is_of(coverage.process()))?;
        Some((scenario.name.clone(), own.total().covered))
    });
    report::Covered {
        process: coverage.process(),
        kinds: ElementKind::ALL
            .map(|kind| (kind.plural(), coverage.count(kind).covered, coverage.count(kind).total))
            .to_vec(),
        missed: coverage.missed().map(missed).collect(),
        cracks: coverage.cracks_not_entered().map(|crack| crack.name.clone()).collect(),
        marks: coverage.marks().into_iter().map(|(id, mark)| (id, of_report(mark))).collect::<BTreeMap<_, _>>(),
        scenarios: by_scenario.collect(),
    }
}

fn of_report(mark: Mark) -> report::Mark {
    match mark {
        Mark::Covered => report::Mark::Covered,
        Mark::Partly => report::Mark::Partly,
        Mark::Missed => report::Mark::Missed,
    }
}
