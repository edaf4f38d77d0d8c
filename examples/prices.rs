//! What each crack of a template costs, with and without its answer: the table of prices in its README.
//!
//! ```sh
//! cargo run --release --example prices -- case-escalation closed          # 12 × 5,000 cases, as in the README
//! cargo run --release --example prices -- case-escalation closed 200 2    # 2 × 200
//! ```
//!
//! Cracks whose names begin with the same word are one, wherever they strike. Every figure is a difference on the same
//! customers and half of its 95 % interval: cases of 1,000 that come to the good end, and the time to the end; a dash stands
//! where it may be chance, "overload" where a role gets more work than it can do.
//!
//! - price: the process as it is, less the process without the crack;
//! - worth: the process as it is, less the process in which nobody answers the crack.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use grieta::Process;
use grieta::definition::{CrackChange, CrackName, Definition, Each, Variant, WhatIf};
use grieta::simulator::{Change, Results, Simulation, changed, compare};

const USAGE: &str = "prices TEMPLATE GOOD-END [CASES] [REPLICATIONS]";

struct Pricing {
    good_end: String,
    cases: u64,
    replications: u64,
}

/// A crack by its number and the first word of its name; a row of the table by its cells.
type Rows = BTreeMap<(u64, String), Vec<String>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise| arguments.get(at).map_or(Ok(otherwise), |number| number.parse());
    let [Some(id), Some(good_end)] = [0, 1].map(|at| arguments.get(at).cloned()) else { return Err(USAGE.into()) };
    let pricing = Pricing { good_end, cases: number(2, 5_000)?, replications: number(3, 12)? };

    let as_is = pricing.rows(&id, Variant::AsIs, &[CrackChange::Never])?;
    let to_be = pricing.rows(&id, Variant::ToBe, &[CrackChange::Never, CrackChange::Unanswered])?;
    let mut names: Vec<_> = as_is.keys().chain(to_be.keys()).collect();
    names.sort();
    names.dedup();
    let mut out = std::io::stdout().lock();
    let what = format!("`{}`, time", pricing.good_end);
    writeln!(
        out,
        "| crack | as-is: in 1,000 | price: {what} | to-be: in 1,000 | price: {what} | worth of the answer: {what} |"
    )?;
    writeln!(out, "{}|", "|---".repeat(6))?;
    for name in names {
        let cells = |rows: &Rows, count: usize| {
            let missing = || std::iter::once("not declared".to_owned()).chain(vec![String::new(); count - 1]).collect();
            rows.get(name).cloned().unwrap_or_else(missing)
        };
        writeln!(out, "| {} | {} | {} |", name.1, cells(&as_is, 2).join(" | "), cells(&to_be, 3).join(" | "))?;
    }
    Ok(())
}

impl Pricing {
    /// By crack: how often it strikes in 1,000 cases, and then, for each change, what it makes of the process.
    fn rows(&self, id: &str, variant: Variant, changes: &[CrackChange]) -> Result<Rows, Box<dyn Error>> {
        let template = grieta::templates::find(id, variant).ok_or_else(|| format!("there is no template `{id}`"))?;
        let process = Arc::new(template.process()?);
        let found = self.run(&process)?;
        let mut rows = Rows::new();
        for (name, places) in cracks(process.definition()) {
            let row = self.row(&process, &found, &places, changes)?;
            rows.insert(name, row);
        }
        Ok(rows)
    }

    fn row(
        &self,
        process: &Arc<Process>,
        found: &Results,
        places: &[CrackName],
        changes: &[CrackChange],
    ) -> Result<Vec<String>, Box<dyn Error>> {
        let at = |place: &CrackName| (place.step.clone().unwrap_or_else(|| found.process.clone()), place.crack.clone());
        let places_struck: Vec<_> = places.iter().map(at).collect();
        let struck =
            found.cracks.iter().filter(|crack| places_struck.contains(&(crack.step.clone(), crack.id.clone())));
        let share = 1_000.0 * struck.map(|crack| crack.struck).sum::<u64>() as f64 / found.cases as f64;
        let mut row = vec![if share < 10.0 { format!("{share:.1}") } else { format!("{share:.0}") }];
        for change in changes {
            let cracks = Each::Of(places.iter().map(|place| (place.to_string(), *change)).collect());
            let other = self.run(&changed(process, &WhatIf { cracks, ..WhatIf::default() })?)?;
            row.push(self.difference(&other, found));
        }
        Ok(row)
    }

    fn run(&self, process: &Arc<Process>) -> Result<Results, Box<dyn Error>> {
        Ok(Simulation::new(process)?.cases(self.cases).replications(self.replications).seed(1).run()?)
    }

    /// From the changed process to the process as it is: cases of 1,000 that come to the good end, and the time to the end.
    fn difference(&self, other: &Results, found: &Results) -> String {
        let compared = compare(other, found);
        let time = compared.as_ref().and_then(|compared| compared.cycle_time);
        let (Some(compared), Some(time)) = (compared, time) else { return "overload".to_owned() };
        let end = compared.ends.iter().find(|(end, _)| *end == self.good_end);
        let share = end.map_or_else(|| "–".to_owned(), |(_, change)| figure(change, 1_000.0, ""));
        let longest = time.difference.iter().fold(0.0, |longest: f64, bound| longest.max(bound.abs()));
        let time =
            if longest > 3_600.0 { figure(&time, 1.0 / 3_600.0, " h") } else { figure(&time, 1.0 / 60.0, " min") };
        if share == "–" && time == "–" { share } else { format!("{share}, {time}") }
    }
}

/// The cracks of a definition by the first words of their names.
fn cracks(definition: &Definition) -> BTreeMap<(u64, String), Vec<CrackName>> {
    let mut all: BTreeMap<_, Vec<CrackName>> = BTreeMap::new();
    for place in CrackName::all(definition) {
        let name = definition.crack_named(&place).and_then(|crack| crack.name.as_deref()).unwrap_or(&place.crack);
        let word = name.split_whitespace().next().unwrap_or(name).to_owned();
        let number: String = word.chars().filter(char::is_ascii_digit).collect();
        all.entry((number.parse().unwrap_or(0), word)).or_default().push(place);
    }
    all
}

/// The middle of the interval of the difference and half of its width, or a dash where it holds 0.
fn figure(change: &Change, unit: f64, name: &str) -> String {
    let [low, high] = change.difference.map(|bound| bound * unit);
    if low <= 0.0 && high >= 0.0 {
        return "–".to_owned();
    }
    let sign = if low > 0.0 { "+" } else { "−" };
    format!("{sign}{} ± {}{name}", digits(0.5 * (low + high)), digits(0.5 * (high - low)))
}

fn digits(value: f64) -> String {
    match value.abs() {
        large @ 10.0.. => format!("{large:.0}"),
        medium @ 1.0.. => format!("{medium:.1}"),
        small => format!("{small:.2}"),
    }
}
