//! The chance-only skeletons of the five flows against the figures of linear flow balance.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{at_level, file, run};

/// Process, measure, name, value; visits and ends are rounded to six places, utilisation to four.
const FIGURES: &str = include_str!("oracle/skeletons.csv");

const SEEDS: [u64; 3] = [1, 2, 3];
const REPLICATIONS: u64 = 20;

/// Every figure of every flow on every seed lies in its interval, with 99.9 % for all of them together (Bonferroni).
#[test]
fn the_skeletons_reproduce_visits_ends_and_utilisation() {
    let figures: Vec<Vec<&str>> = FIGURES.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let level = 1.0 - 0.001 / (figures.len() * SEEDS.len()) as f64;
    let mut processes: Vec<&str> = figures.iter().map(|figure| figure[0]).collect();
    processes.dedup();
    assert_eq!(processes.len(), 5);
    let mut misses = Vec::new();
    for process in processes {
        let model = file(&format!("process-templates/skeletons/{process}.yaml"));
        for seed in SEEDS {
            let results = run(&model, 4_000, REPLICATIONS, seed);
            assert_eq!((results.stuck, results.completed), (0, results.cases), "{process}");
            for figure in figures.iter().filter(|figure| figure[0] == process) {
                let (measure, name, value) = (figure[1], figure[2], figure[3].parse::<f64>().unwrap());
                let (interval, rounding) = match measure {
                    "visits" => (results.step(name).map(|step| step.visits_ci95), 1e-6),
                    "ends" => (results.end(name).map(|end| end.ci95), 1e-6),
                    _ => (results.role(name).map(|role| role.utilisation_ci95), 1e-4),
                };
                // A step that nothing reaches is left out of the skeleton.
                let Some(interval) = interval else {
                    assert_eq!(value, 0.0, "{process}: {name} is missing");
                    continue;
                };
                let (middle, half) = at_level(interval.unwrap(), REPLICATIONS, level);
                if (middle - value).abs() > half + rounding {
                    misses.push(format!(
                        "{process}, seed {seed}: {measure} of {name} {middle} ± {half}, expected {value}"
                    ));
                }
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}
