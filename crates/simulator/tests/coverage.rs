//! The reported 95 % interval covers the truth about 95 times in a hundred, and is no wider than it must be.
//!
//! This is the small version; `cargo run --release -p grieta-simulator --example coverage` is the large one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{poisson, run, station};

const EXPERIMENTS: u64 = 100;
const REPLICATIONS: u64 = 10;
const CUSTOMERS: u64 = 5_000;

#[test]
fn the_interval_of_the_mean_wait_covers_it_as_often_as_it_says() {
    let process = station(1, &poisson(0.8), "exponential(1 min)");
    let (mut covered, mut half) = (0, 0.0);
    for seed in 0..EXPERIMENTS {
        let results = run(&process, CUSTOMERS, REPLICATIONS, seed);
        let [low, high] = results.step("serve").unwrap().wait_ci95_s.unwrap().map(|end| end / 60.0);
        covered += u64::from(low <= 4.0 && 4.0 <= high);
        half += (high - low) / 2.0 / EXPERIMENTS as f64;
    }
    // Of 100 tosses with a chance of 95 %, 86 or fewer succeed once in 2,000 times.
    assert!(covered > 86, "{covered} of {EXPERIMENTS} intervals cover the truth");
    // An interval that is too wide covers too often. From the asymptotic variance of the mean wait at ρ .8, which is
    // 1976 a customer, with t(0.975, 9) = 2.262 and E s = 0.973 σ for ten values, the half-width is 0.4375. That of one
    // experiment varies by 1/√18, the mean of 100 by 2.4 %; four of these are 10 %.
    let expected = 2.262 * 0.973 * (1976.0 / (REPLICATIONS * CUSTOMERS) as f64).sqrt();
    assert!((half / expected - 1.0).abs() < 0.1, "mean half-width {half}, expected {expected}");
}
