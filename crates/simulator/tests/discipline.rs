//! What a result says about itself: how precise it is, how it began, and what it came from.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_simulator::statistics::Histogram;
use grieta_simulator::{
    Measured, Precision, Results, Simulation, SimulationError, Transactions, WarmUp, compare_precisely,
};
use support::{at_level, file, poisson, station};

const FLOW: &str = "benches/models/seven-step-flow.yaml";

fn json(results: &Results) -> String {
    serde_json::to_string(results).unwrap()
}

#[test]
fn a_result_says_what_it_came_from() {
    let process = file(FLOW);
    let new = || Simulation::new(&process).unwrap().cases(200).replications(2).seed(7);
    let inputs = |simulation: Simulation| simulation.run().unwrap().inputs;
    let plain = inputs(new());
    assert_eq!(plain, inputs(new()));
    assert_eq!(plain.definition, process.definition().content_hash().to_string());
    assert_eq!(plain.grieta, env!("CARGO_PKG_VERSION"));
    let others = [
        new().seed(8),
        new().cases(201),
        new().replications(3),
        new().measuring("a1", "a2").unwrap(),
        new().warm_up(WarmUp::Cases(10)),
        new().precision(Precision::new(0.5)),
        Simulation::new(&station(1, &poisson(0.5), "1 min")).unwrap().cases(200).replications(2).seed(7),
    ];
    let mut hashes: Vec<String> = others.into_iter().map(|other| inputs(other).hash).collect();
    let lines =
        new().generate(50).unwrap().iter().map(|one| serde_json::to_string(one).unwrap() + "\n").collect::<String>();
    let read = Transactions::read(&lines, new().plan()).unwrap();
    let replayed = inputs(Simulation::new(&process).unwrap().seed(7).transactions(read));
    assert!(replayed.transactions.is_some() && plain.transactions.is_none());
    hashes.extend([plain.hash, replayed.hash]);
    let all = hashes.len();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), all, "each input counts");
}

#[test]
fn quantiles_have_intervals_that_cover_the_truth() {
    // M/M/1 at .5: W is exponential with a mean of 2 minutes; its median is 1.3863, its p90 4.6052, its p95 5.9915.
    let (cases, replications) = (20_000, 20);
    let results = support::run(&station(1, &poisson(0.5), "exponential(1 min)"), cases, replications, 11);
    let cycle = results.cycle_time.unwrap();
    for (interval, truth) in
        [(cycle.p50_ci95_s, 1.386_294), (cycle.p90_ci95_s, 4.605_170), (cycle.p95_ci95_s, 5.991_465)]
    {
        let (middle, half) = at_level(interval.unwrap().map(|end| end / 60.0), replications, 0.9999);
        // The histogram adds at most 1/256 of the value.
        assert!((middle - truth).abs() <= half + truth / 256.0, "{middle} ± {half}, expected {truth}");
        assert!(half < 0.1 * truth, "{half} says nothing");
    }
    // Of an exponential time the coefficient of variation is 1, and the p90 is ln 10 / ln 2 times the median.
    assert!((cycle.cv.unwrap() - 1.0).abs() < 0.03, "{:?}", cycle.cv);
    assert!((cycle.p90_over_p50.unwrap() / std::f64::consts::LOG2_10 - 1.0).abs() < 0.03, "{:?}", cycle.p90_over_p50);
    // More than half of the visits do not wait: there is no median to compare with, but a p90 with an interval.
    let step = &results.steps[0];
    assert_eq!((step.wait_p50_s, step.wait_p90_over_p50), (Some(0.0), None));
    assert!(step.wait_p90_ci95_s.is_some() && step.wait_cv.unwrap() > 1.0);
}

#[test]
fn a_single_replication_has_intervals_of_its_quantiles_from_batches() {
    let results = support::run(&station(1, &poisson(0.5), "exponential(1 min)"), 100_000, 1, 5);
    let cycle = results.cycle_time.unwrap();
    let [low, high] = cycle.p90_ci95_s.unwrap();
    // Between 20 and 40 batches; a t-interval of 99.99 % is at most 2.5 times as wide as one of 95 %.
    let (middle, half) = ((low + high) / 120.0, (high - low) / 120.0 * 2.5);
    assert!((middle - 4.605_170).abs() <= half && half < 0.5, "{middle} ± {half}");
}

/// The bound of the sketch, on values as they occur: 0.5 % was asked, 1/256 is kept.
#[test]
fn the_sketch_errs_by_less_than_half_a_per_cent() {
    let mut values: Vec<u64> = (0..200_000u64)
        .map(|n| libm::exp(14.0 + 3.0 * libm::sin(n as f64 * 0.7) * libm::cos(n as f64 * 0.013)) as u64)
        .collect();
    let mut histogram = Histogram::new();
    values.iter().for_each(|value| histogram.add(*value));
    values.sort_unstable();
    for per_mille in 1..1_000u64 {
        let found = histogram.quantile(per_mille as f64 / 1_000.0).unwrap() as f64;
        let exact = values[(per_mille as usize * values.len()).div_ceil(1_000) - 1] as f64;
        assert!((found / exact - 1.0).abs() < 0.005, "{per_mille} ‰: {found} for {exact}");
    }
}

#[test]
fn replications_go_on_until_the_figure_is_precise() {
    let process = file(FLOW);
    let simulation = |relative, most| {
        let precision = Precision { most, ..Precision::new(relative) };
        Simulation::new(&process).unwrap().cases(500).seed(3).precision(precision)
    };
    let results = simulation(0.05, 1_000).run().unwrap();
    let said = results.precision.clone().unwrap();
    assert!(said.reached && said.found.unwrap() <= 0.05 && results.replications > 10, "{said:?}");
    assert_eq!(said.replications, results.replications);
    let cycle = results.cycle_time.unwrap();
    let [low, high] = cycle.ci95_s.unwrap();
    assert!((high - low) / 2.0 <= 0.05 / 1.05 * (high + low) / 2.0 + 1e-9, "{low} to {high}");
    let cut_short = simulation(0.01, 20).run().unwrap().precision.unwrap();
    assert!(!cut_short.reached && cut_short.replications == 20, "{cut_short:?}");
    assert_eq!(simulation(0.1, 9).run().unwrap_err(), SimulationError::TooFewForPrecision(9));
    let wrong = [simulation(0.0, 100), simulation(1.0, 100)];
    wrong.iter().for_each(|wrong| assert_eq!(wrong.run().unwrap_err(), SimulationError::Precision));
    let of = Precision { of: Measured::Wait("a9".to_owned()), ..Precision::new(0.1) };
    let unknown = Simulation::new(&process).unwrap().precision(of).run().unwrap_err();
    assert!(unknown.to_string().contains("no such step"), "{unknown}");
}

#[test]
fn how_many_replications_there_are_does_not_depend_on_threads() {
    let process = file(FLOW);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let simulation = Simulation::new(&process).unwrap().cases(300).seed(3).precision(Precision::new(0.1));
        pool.install(|| json(&simulation.warm_up(WarmUp::Auto).run().unwrap()))
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn a_difference_is_precise_after_far_fewer_replications_than_each_mean() {
    let mut definition = file(FLOW).definition().clone();
    definition.roles["sdr"].people = grieta_core::definition::People::Count(7);
    let more = std::sync::Arc::new(grieta_core::Process::new(definition).unwrap());
    let process = file(FLOW);
    let simulation = |process| Simulation::new(process).unwrap().cases(500).seed(3);
    let precision = Precision::new(0.02);
    let (from, to, found) =
        compare_precisely(&simulation(&process), &simulation(&more), &precision, &|_, _| {}).unwrap();
    let said = found.precision.unwrap();
    assert!(said.reached && from.replications == to.replications, "{said:?}");
    let alone = simulation(&process).precision(precision).run().unwrap();
    assert!(alone.replications >= 3 * from.replications, "{} and {}", alone.replications, from.replications);
    assert_ne!(found.inputs[0].hash, found.inputs[1].hash);
}

#[test]
fn an_empty_start_is_seen_and_can_be_left_out() {
    // M/M/1 at .9 from empty: the mean over a short run lies well below 10.
    let process = station(1, &poisson(0.9), "exponential(1 min)");
    let run = |warm_up| {
        let simulation = Simulation::new(&process).unwrap().cases(4_000).replications(40).seed(2);
        simulation.warm_up(warm_up).run().unwrap()
    };
    let all = run(WarmUp::None);
    let seen = all.warm_up.unwrap();
    assert!(seen.long_enough && seen.found_cases > 0 && seen.left_out_cases == 0, "{seen:?}");
    let mean = |results: &Results| results.cycle_time.as_ref().unwrap().mean_s / 60.0;
    assert!(seen.mean_after_s / 60.0 > mean(&all), "{seen:?} {}", mean(&all));
    let cut = run(WarmUp::Auto);
    let left = cut.warm_up.unwrap();
    assert_eq!((left.found_cases, left.left_out_cases), (seen.found_cases, seen.found_cases));
    assert_eq!(cut.cases, 40 * (4_000 - seen.found_cases));
    // What is left out of all figures is what the series says.
    assert!((mean(&cut) / (seen.mean_after_s / 60.0) - 1.0).abs() < 1e-9, "{} {seen:?}", mean(&cut));
    assert!(cut.littles_law.holds);
    let load = cut.roles[0].utilisation.unwrap();
    assert!((load - 0.9).abs() < 0.03, "{load}");
    // The first thousand, and those of the time in which about a thousand come.
    let (by_cases, by_time) = (run(WarmUp::Cases(1_000)), run("18h".parse().unwrap()));
    assert_eq!(by_cases.cases, 40 * 3_000);
    assert!((by_time.cases as f64 / (40.0 * (4_000.0 - 972.0)) - 1.0).abs() < 0.01, "{}", by_time.cases);
    assert!(by_time.littles_law.holds && by_cases.littles_law.holds);
}

#[test]
fn leaving_out_nobody_changes_nothing() {
    let process = file("process-templates/lead-qualification/to-be.yaml");
    let run = |warm_up| {
        let simulation = Simulation::new(&process).unwrap().cases(300).replications(2).seed(4).warm_up(warm_up);
        let mut value = serde_json::to_value(simulation.run().unwrap()).unwrap();
        value.as_object_mut().unwrap().remove("inputs");
        value
    };
    assert_eq!(run(WarmUp::None), run(WarmUp::Cases(0)));
}

#[test]
fn a_run_that_is_mostly_warm_up_is_refused() {
    let process = station(1, &poisson(1.2), "exponential(1 min)");
    let simulation = || Simulation::new(&process).unwrap().cases(1_000).replications(10).seed(2);
    let refused = simulation().warm_up(WarmUp::Auto).run().unwrap_err();
    assert!(matches!(refused, SimulationError::WarmUpTooLong { of: 1_000, .. }), "{refused}");
    let whole = simulation().run().unwrap();
    assert!(!whole.stable && !whole.warm_up.unwrap().long_enough);
    for too_much in ["500", "600min"] {
        let refused = simulation().warm_up(too_much.parse().unwrap()).run().unwrap_err();
        assert!(matches!(refused, SimulationError::MostLeftOut { .. }), "{too_much}: {refused}");
    }
    let short = simulation().cases(50).warm_up(WarmUp::Auto).run().unwrap_err();
    assert_eq!(short, SimulationError::NoWarmUp);
}
