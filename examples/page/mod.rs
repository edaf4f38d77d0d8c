//! A template on one page, as a manager would read it: what stops it, what slows it, what each crack costs, what the redesign
//! gains and what it does not.

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::sync::Arc;

use grieta::Process;
use grieta::definition::Variant;
use grieta::report::{Screen, words};
use grieta::simulator::{Change, Comparison, Price, Prices, Results, Simulation, Verdict, changed, compare};

/// As many cracks, and as many answers, are shown.
const SHOWN: usize = 5;

/// What the page is about.
pub struct Page {
    /// The identifier of the template.
    pub template: &'static str,
    /// The end that is wanted.
    pub good_end: &'static str,
    /// Cases in each replication.
    pub cases: u64,
    /// Changes under `what-if` that are tried in both variants.
    pub what_if: &'static [&'static str],
}

/// How a figure is said.
type Say = fn(f64) -> String;

impl Page {
    /// Simulates both variants and writes the page.
    pub fn print(&self) -> Result<(), Box<dyn Error>> {
        let (as_is, to_be) = (self.process(Variant::AsIs)?, self.process(Variant::ToBe)?);
        let (found_as_is, found_to_be) = (self.run(&as_is)?, self.run(&to_be)?);
        let compared = compare(&found_as_is, &found_to_be).ok_or("variants are compared over several replications")?;
        let prices = |process| Prices::of(process, |simulation| self.set_up(simulation), &|_, _| ());
        let (gained, not_gained) = self.changes(&compared).into_iter().partition(|(good, _)| *good);
        let page = [
            Screen::new(&as_is, &found_as_is).to_string(),
            section("What each crack costs, as-is", costs(&prices(&as_is)?)),
            section("What the answers are worth, to-be", worths(&prices(&to_be)?)),
            section("What the redesign gains", lines(gained)),
            section("What it does not", lines(not_gained)),
            section("What is promised, to-be", goals(&found_to_be)),
            section(
                "What if",
                [self.asks("as-is", &as_is, &found_as_is)?, self.asks("to-be", &to_be, &found_to_be)?].concat(),
            ),
        ];
        match std::io::stdout().write_all(page.concat().as_bytes()) {
            // Whoever reads it has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }

    fn process(&self, variant: Variant) -> Result<Arc<Process>, Box<dyn Error>> {
        let template = grieta::templates::find(self.template, variant).ok_or("there is no such template")?;
        Ok(Arc::new(template.process()?))
    }

    fn set_up(&self, simulation: Simulation) -> Simulation {
        simulation.cases(self.cases).replications(6).seed(7)
    }

    fn run(&self, process: &Arc<Process>) -> Result<Results, Box<dyn Error>> {
        Ok(self.set_up(Simulation::new(process)?).run()?)
    }

    /// What changes from one variant to the other, and whether that is a gain.
    fn changes(&self, compared: &Comparison) -> Vec<(bool, String)> {
        let money: Say = |amount| format!("{amount:.2}");
        let single: [(&str, Say, Option<Change>); 5] = [
            ("cases that never end", words::share, compared.stuck),
            ("from arrival to end", words::time, compared.cycle_time),
            ("the same, nine of ten", words::time, compared.cycle_p90),
            ("work of people on a case", words::time, compared.work),
            ("what that costs", money, compared.cost),
        ];
        let single =
            single.into_iter().filter_map(|(name, say, change)| Some((name.to_owned(), say, change?, Verdict::Less)));
        let clocks = compared
            .clocks
            .iter()
            .map(|(id, change)| (format!("{id} runs out"), words::share as Say, *change, Verdict::Less));
        let ends = compared.ends.iter().filter(|(end, _)| end == self.good_end);
        let ends = ends.map(|(end, change)| (end.clone(), words::share as Say, *change, Verdict::More));
        let said = |(name, say, change, good): (String, Say, Change, Verdict)| {
            (
                change.verdict == good,
                format!("{name:26} {} → {}{}", say(change.from), say(change.to), how_sure(&change, say)),
            )
        };
        ends.chain(single).chain(clocks).map(said).collect()
    }

    /// What becomes of the good end with each of the changes.
    fn asks(&self, variant: &str, process: &Arc<Process>, as_it_is: &Results) -> Result<Vec<String>, Box<dyn Error>> {
        let mut said = Vec::new();
        for name in self.what_if {
            let simulated = process.definition().simulation.as_ref();
            let Some(what_if) = simulated.and_then(|simulated| simulated.what_if.get(*name)) else { continue };
            let found = self.run(&changed(process, what_if)?)?;
            let compared = compare(as_it_is, &found).ok_or("changes are compared over several replications")?;
            let end =
                compared.ends.iter().find(|(end, _)| end == self.good_end).map(|(end, change)| (end.as_str(), *change));
            let told =
                [end, compared.stuck.map(|stuck| ("never end", stuck))].into_iter().flatten().map(|(name, change)| {
                    format!(
                        "{name} {} → {}{}",
                        words::share(change.from),
                        words::share(change.to),
                        how_sure(&change, words::share)
                    )
                });
            said.push(format!("{name}, {variant}: {}", told.collect::<Vec<_>>().join("; ")));
        }
        Ok(said)
    }
}

/// The cracks by which most is lost: cases that never end, and time of those that do.
fn costs(prices: &Prices) -> Vec<String> {
    let cost = |price: &Price| Some((price_name(price), price.cost.as_ref()?.comparison.clone()));
    shown(prices.cracks.iter().filter_map(cost))
}

/// The answers by which fewest cases are left standing.
fn worths(prices: &Prices) -> Vec<String> {
    let worth = |price: &Price| Some((price_name(price), price.worth.as_ref()?.comparison.clone()));
    let mut all: Vec<_> = prices.cracks.iter().filter_map(worth).collect();
    let fewer = |(_, compared): &(String, Comparison)| compared.stuck.map_or(0.0, |stuck| stuck.to - stuck.from);
    all.sort_by(|one, other| fewer(one).total_cmp(&fewer(other)));
    shown(all.into_iter())
}

fn price_name(price: &Price) -> String {
    let name = price.name.clone().unwrap_or_else(|| price.crack.clone());
    format!("{name}, {:.0} in 1,000 cases", 1_000.0 * price.struck_per_case)
}

fn shown(all: impl Iterator<Item = (String, Comparison)>) -> Vec<String> {
    let said = |(name, compared): (String, Comparison)| {
        let figures: [(&str, Say, Option<Change>); 2] =
            [("never end", words::share, compared.stuck), ("to the end", words::time, compared.cycle_time)];
        let told = figures.into_iter().filter_map(|(what, say, change)| {
            let change = change.filter(|change| matches!(change.verdict, Verdict::Less | Verdict::More))?;
            Some(format!("{what}{}", how_sure(&change, say)))
        });
        let told: Vec<_> = told.collect();
        (!told.is_empty()).then(|| format!("{name}: {}", told.join("; ")))
    };
    all.filter_map(said).take(SHOWN).collect()
}

fn goals(found: &Results) -> Vec<String> {
    let said = found.goals.iter().map(|goal| {
        let judgement = &goal.judgement;
        format!("{}: {}, {} ({})", goal.id, judgement.verdict.word(), judgement.found, goal.expect)
    });
    said.collect()
}

/// ` (−93 to −92 %)`, the 95 % interval of the difference.
fn how_sure(change: &Change, say: Say) -> String {
    match change.verdict {
        Verdict::NoSignificantDifference => " (may be chance)".to_owned(),
        Verdict::Negligible => " (too little to matter)".to_owned(),
        _ => format!(
            " ({})",
            words::between(change.difference, |bound| if bound > 0.0 {
                format!("+{}", say(bound))
            } else {
                say(bound)
            })
        ),
    }
}

fn lines(changes: Vec<(bool, String)>) -> Vec<String> {
    changes.into_iter().map(|(_, line)| line).collect()
}

fn section(title: &str, lines: Vec<String>) -> String {
    let lines = if lines.is_empty() { vec!["nothing that is surely more than chance".to_owned()] } else { lines };
    format!("\n{title}\n{}", lines.iter().map(|line| format!("  {line}\n")).collect::<String>())
}
