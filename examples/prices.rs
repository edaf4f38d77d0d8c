//! What each crack of a template costs, with and without its answer: the page `prices.md` beside its README.
//!
//! ```sh
//! cargo run --release --example prices -- case-escalation closed > process-templates/case-escalation/prices.md
//! cargo run --release --example prices -- case-escalation closed 200 2    # 2 × 200 cases instead of 12 × 5,000
//! ```
//!
//! Definitions are read from `process-templates/` here. Cracks whose names begin with the same word are one, wherever they strike.
//! Every figure is a difference on the same customers and half of its 95 % interval: cases of 1,000 that come to the good end, and
//! the time to the end; a dash stands where it may be chance, "overload" where a role gets more work than it can do.
//!
//! - price: the process as it is, less the process without the crack;
//! - worth: the process as it is, less the process in which nobody answers the crack.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use grieta::Process;
use grieta::definition::{CrackChange, CrackName, Definition, Each, WhatIf};
use grieta::simulator::{Change, Results, Simulation, changed, compare};

const USAGE: &str = "prices TEMPLATE GOOD-END[,GOOD-END] [CASES] [REPLICATIONS]";

struct Pricing {
    id: String,
    good_ends: Vec<String>,
    cases: u64,
    replications: u64,
}

/// What is said of a variant: its title, a sentence about all cracks together, and a row for each.
struct Variant {
    title: String,
    together: String,
    rows: BTreeMap<Label, Row>,
}

/// A crack by its number and the first word of its name.
type Label = (u64, String);

struct Row {
    name: String,
    /// How often it strikes in 1,000 cases.
    strikes: String,
    /// What is done about it.
    done: String,
    /// What it makes of the process that it is as it is, for each change.
    differences: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise| arguments.get(at).map_or(Ok(otherwise), |number| number.parse());
    let [Some(id), Some(good_ends)] = [0, 1].map(|at| arguments.get(at).cloned()) else { return Err(USAGE.into()) };
    let good_ends = good_ends.split(',').map(str::to_owned).collect();
    let pricing = Pricing { id, good_ends, cases: number(2, 5_000)?, replications: number(3, 12)? };
    let as_is = pricing.variant("as-is", &[CrackChange::Never])?;
    let to_be = pricing.variant("to-be", &[CrackChange::Never, CrackChange::Unanswered])?;
    Ok(std::io::stdout().lock().write_all(pricing.page(&as_is, &to_be).as_bytes())?)
}

impl Pricing {
    fn page(&self, as_is: &Variant, to_be: &Variant) -> String {
        let Pricing { id, good_ends, cases, replications } = self;
        let mut page = format!(
            "# {}: what the cracks cost\n\n\
             Cases of 1,000 that end as {}, and time from arrival to end; half of the 95 % interval behind ±, a dash for what\n\
             may be chance. *Price*: with the crack, less without it. *Worth*: with its answer, less with nobody answering. *In 1,000*:\n\
             how often it strikes in so many cases. Each crack by itself, on the same customers, so that prices do not add up.\n\n",
            as_is.title,
            self.good()
        );
        for (name, variant) in [("As-is", as_is), ("To-be", to_be)] {
            page += &format!("- **{name}**: {}\n", variant.together);
        }
        page +=
            "\n| crack | as-is, in 1,000 | what is done | price | to-be, in 1,000 | what is done | price | worth |\n";
        page += &format!("{}|\n", "|---".repeat(8));
        let mut labels: Vec<_> = as_is.rows.keys().chain(to_be.rows.keys()).collect();
        labels.sort();
        labels.dedup();
        for label in labels {
            let found = [as_is, to_be].map(|variant| variant.rows.get(label));
            let name = found.iter().flatten().next().map_or("", |row| row.name.as_str());
            let cells = found.iter().zip([1, 2]).flat_map(|(row, differences)| match row {
                Some(row) => [&row.strikes, &row.done].into_iter().chain(&row.differences).cloned().collect(),
                None => vec!["–".to_owned(); 2 + differences],
            });
            page += &format!("| {name} | {} |\n", cells.collect::<Vec<_>>().join(" | "));
        }
        page + &format!(
            "\nMade by `cargo run --release --example prices -- {id} {}`, {replications} runs of {cases} cases.\n",
            good_ends.join(",")
        )
    }

    fn variant(&self, variant: &str, changes: &[CrackChange]) -> Result<Variant, Box<dyn Error>> {
        let process = Arc::new(grieta::load(format!("process-templates/{}/{variant}.yaml", self.id))?);
        let definition = process.definition();
        let found = self.run(&process)?;
        let all = |change| self.run(&changed(&process, &WhatIf { cracks: Each::All(change), ..WhatIf::default() })?);
        let together = format!(
            "without cracks {}; with cracks that nobody answers {}; as it is {}.",
            self.outcome(&all(CrackChange::Never)?),
            self.outcome(&all(CrackChange::Unanswered)?),
            self.outcome(&found),
        );
        let mut rows = BTreeMap::new();
        for (label, places) in cracks(definition) {
            let mut differences = Vec::new();
            for change in changes {
                let cracks = Each::Of(places.iter().map(|place| (place.to_string(), *change)).collect());
                let other = self.run(&changed(&process, &WhatIf { cracks, ..WhatIf::default() })?)?;
                differences.push(self.difference(&other, &found));
            }
            rows.insert(label, Row { strikes: strikes(&found, &places), differences, ..said(definition, &places) });
        }
        Ok(Variant { title: definition.title.clone().unwrap_or_else(|| self.id.clone()), together, rows })
    }

    fn run(&self, process: &Arc<Process>) -> Result<Results, Box<dyn Error>> {
        Ok(Simulation::new(process)?.cases(self.cases).replications(self.replications).seed(1).run()?)
    }

    /// How many come to the good end, and how many never end.
    fn outcome(&self, found: &Results) -> String {
        let share = |good: &String| {
            let shares = found.ends.iter().filter(|end| end.id == *good).map(|end| end.share);
            digits(100.0 * shares.sum::<f64>())
        };
        let good: Vec<_> = self.good_ends.iter().map(share).collect();
        let never = digits(100.0 * found.stuck as f64 / found.cases as f64);
        format!("{} % end as {} and {never} % never", good.join(" / "), self.good())
    }

    fn good(&self) -> String {
        let quoted: Vec<_> = self.good_ends.iter().map(|end| format!("`{end}`")).collect();
        quoted.join(" / ")
    }

    /// From the changed process to the process as it is: cases of 1,000 that come to the good end, and the time to the end.
    fn difference(&self, other: &Results, found: &Results) -> String {
        let compared = compare(other, found);
        let time = compared.as_ref().and_then(|compared| compared.cycle_time);
        let (Some(compared), Some(time)) = (compared, time) else { return "overload".to_owned() };
        let share = |good: &String| {
            let end = compared.ends.iter().find(|(end, _)| end == good);
            end.map_or_else(|| "–".to_owned(), |(_, change)| figure(change, 1_000.0, ""))
        };
        let shares: Vec<_> = self.good_ends.iter().map(share).collect();
        let none = shares.iter().all(|share| share == "–");
        let share = if none { "–".to_owned() } else { shares.join(" / ") };
        let longest = time.difference.iter().fold(0.0, |longest: f64, bound| longest.max(bound.abs()));
        let time =
            if longest > 3_600.0 { figure(&time, 1.0 / 3_600.0, " h") } else { figure(&time, 1.0 / 60.0, " min") };
        if none && time == "–" { share } else { format!("{share}, {time}") }
    }
}

/// The cracks of a definition by the first words of their names; those without a number come last.
fn cracks(definition: &Definition) -> BTreeMap<Label, Vec<CrackName>> {
    let mut all: BTreeMap<_, Vec<CrackName>> = BTreeMap::new();
    for place in CrackName::all(definition) {
        let name = definition.crack_named(&place).and_then(|crack| crack.name.as_deref()).unwrap_or(&place.crack);
        let word = name.split_whitespace().next().unwrap_or(name).to_owned();
        let number: String = word.chars().filter(char::is_ascii_digit).collect();
        all.entry((number.parse().unwrap_or(u64::MAX), word)).or_default().push(place);
    }
    all
}

/// The name of the first of them, and what is done about them.
fn said(definition: &Definition, places: &[CrackName]) -> Row {
    let declared: Vec<_> = places.iter().filter_map(|place| definition.crack_named(place)).collect();
    let name = declared.first().and_then(|crack| crack.name.clone()).or_else(|| Some(places.first()?.crack.clone()));
    let mut done: Vec<String> = Vec::new();
    for answer in declared.iter().map(|crack| crack.answer()) {
        if !done.contains(&answer) {
            done.push(answer);
        }
    }
    Row { name: name.unwrap_or_default(), strikes: String::new(), done: done.join("; "), differences: Vec::new() }
}

fn strikes(found: &Results, places: &[CrackName]) -> String {
    let at = |place: &CrackName| (place.step.clone().unwrap_or_else(|| found.process.clone()), place.crack.clone());
    let places: Vec<_> = places.iter().map(at).collect();
    let struck = found.cracks.iter().filter(|crack| places.contains(&(crack.step.clone(), crack.id.clone())));
    digits(1_000.0 * struck.map(|crack| crack.struck).sum::<u64>() as f64 / found.cases as f64)
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

/// Two digits, or as many as stand before the point.
fn digits(value: f64) -> String {
    match value.abs() {
        nothing if nothing < 0.005 => "0".to_owned(),
        large @ 9.95.. => format!("{large:.0}"),
        medium @ 0.995.. => format!("{medium:.1}"),
        small => format!("{small:.2}"),
    }
}
