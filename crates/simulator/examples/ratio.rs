//! How many times as many events a second of computing time the first program handles as each of the others, run in
//! turn: `ratio ROUNDS EVENTS PROGRAM ARGUMENT… -- EVENTS PROGRAM ARGUMENT… -- …`.
//!
//! Computing time is that of the child processes as Linux counts it, in hundredths of a second: let each take a second.

use std::error::Error;
use std::process::{Command, Stdio};

/// A program, and how many events one run of it handles.
struct Contender {
    events: f64,
    words: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "expected a number of rounds, and for each program its number of events and its command line";
    let rounds: usize = arguments.next().ok_or(usage)?.parse()?;
    let words: Vec<String> = arguments.collect();
    let contenders = words.split(|word| word == "--").map(|words| match words {
        [events, words @ ..] if !words.is_empty() => Ok(Contender { events: events.parse()?, words: words.to_vec() }),
        _ => Err(usage.into()),
    });
    let contenders = contenders.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let mut rates = vec![Vec::new(); contenders.len()];
    for _ in 0..rounds {
        for (contender, rates) in contenders.iter().zip(&mut rates) {
            rates.push(contender.events / seconds(&contender.words)?);
        }
    }
    for (contender, own) in contenders.iter().zip(&rates) {
        let ratios = rates[0].iter().zip(own).map(|(first, other)| first / other).collect();
        let (rate, ratio) = (median(own.clone()), median(ratios));
        #[allow(clippy::print_stdout, reason = "a program for people")]
        {
            println!("{:8.3} M events/s   ratio {ratio:8.3}   {}", rate / 1e6, contender.words.join(" "));
        }
    }
    Ok(())
}

/// Runs a program; how much computing time it took.
fn seconds(words: &[String]) -> Result<f64, Box<dyn Error>> {
    let before = of_children()?;
    let status = Command::new(&words[0]).args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("`{}` failed: {status}", words.join(" ")).into());
    }
    Ok((of_children()? - before).max(0.01))
}

/// The computing time of all children so far, in seconds: fields 16 and 17 of `proc_pid_stat(5)`.
fn of_children() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> = after_name.split_whitespace().skip(13).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
