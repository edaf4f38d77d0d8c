//! What the pages of the templates say of their cracks: the table of prices has a row for each and no other, its figures are what the
//! simulator finds, and the dearest in the README cost what stands in the table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use grieta::definition::{CrackChange, CrackName, Each, Variant, WhatIf};
use grieta::simulator::{Results, Simulation, changed, compare};
use grieta::templates::{self, Template};
use grieta::{Process, definition::Definition};

/// The end that is wanted of each template.
const GOOD_ENDS: [(&str, &str); 5] = [
    ("lead-qualification", "opportunity"),
    ("case-escalation", "closed"),
    ("order-to-service", "in-service"),
    ("customer-reentry", "retained"),
    ("telephone-reception", "handled"),
];

/// The cells of the rows of a page that are about a crack, by its label.
fn rows(id: &str, page: &str) -> BTreeMap<String, Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("process-templates/{id}/{page}"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = text.lines().filter(|line| line.starts_with('|')).map(cells);
    rows.filter_map(|cells| Some((label(&cells[0])?, cells))).collect()
}

/// `O12` of `O12 Service does not know`; nothing where it does not begin so.
fn label(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let number = word.strip_prefix(|c: char| c.is_ascii_uppercase())?;
    (!number.is_empty() && number.chars().all(|c| c.is_ascii_digit())).then(|| word.to_owned())
}

/// Where the cracks with a label strike.
fn places(definition: &Definition) -> BTreeMap<String, Vec<CrackName>> {
    let mut all: BTreeMap<_, Vec<CrackName>> = BTreeMap::new();
    for place in CrackName::all(definition) {
        let name = definition.crack_named(&place).and_then(|crack| crack.name.as_deref());
        if let Some(label) = name.and_then(label) {
            all.entry(label).or_default().push(place);
        }
    }
    all
}

fn both(id: &str) -> [Template; 2] {
    [Variant::AsIs, Variant::ToBe].map(|variant| templates::find(id, variant).unwrap())
}

fn run(process: &Arc<Process>) -> Results {
    Simulation::new(process).unwrap().cases(2_000).replications(6).seed(1).run().unwrap()
}

#[test]
fn the_table_of_prices_has_a_row_for_every_crack_and_no_other() {
    for (id, _) in GOOD_ENDS {
        let declared: BTreeSet<_> =
            both(id).iter().flat_map(|template| places(&template.definition()).into_keys()).collect();
        assert_eq!(rows(id, "prices.md").into_keys().collect::<BTreeSet<_>>(), declared, "{id}");
    }
}

#[test]
fn the_dearest_cracks_of_a_readme_cost_what_stands_in_the_table() {
    for (id, _) in GOOD_ENDS {
        let (short, long) = (rows(id, "README.md"), rows(id, "prices.md"));
        assert_eq!(short.len(), 5, "{id}: {short:?}");
        for (label, cells) in short {
            let figures: Vec<_> = cells.iter().filter(|cell| cell.contains('±')).collect();
            assert!(!figures.is_empty(), "{id}: {label} has no price");
            for figure in figures {
                assert!(long[&label].contains(figure), "{id}: {label} costs {figure}, but {:?}", long[&label]);
            }
        }
    }
}

#[test]
fn the_figures_of_the_table_are_of_the_size_that_the_simulator_finds() {
    for (id, good_end) in GOOD_ENDS {
        let table = rows(id, "prices.md");
        // Name, and then how often it strikes, what is done, and the price, of as-is and of to-be.
        for (template, first) in both(id).iter().zip([1, 4]) {
            let process = Arc::new(template.process().unwrap());
            let found = run(&process);
            let places = places(process.definition());
            for (label, places) in &places {
                let said: f64 =
                    table[label][first].parse().unwrap_or_else(|_| panic!("{template}: {:?}", table[label]));
                let struck = 1_000.0 * struck(&found, places);
                let near = said * 0.7 - 2.0..=said * 1.3 + 2.0;
                assert!(near.contains(&struck), "{template}: {label} strikes {struck:.1} of 1,000, said {said}");
            }
            let price = |label: &String| cases_of(&table[label][first + 2]);
            let dearest = places.keys().max_by(|a, b| price(a).abs().total_cmp(&price(b).abs())).unwrap();
            let cracks = places[dearest].iter().map(|place| (place.to_string(), CrackChange::Never)).collect();
            let without = changed(&process, &WhatIf { cracks: Each::Of(cracks), ..WhatIf::default() }).unwrap();
            let compared = compare(&run(&without), &found).unwrap();
            let [low, high] = compared.ends.iter().find(|(end, _)| end == good_end).unwrap().1.difference;
            let (low, high, said) = (1_000.0 * low - 2.0, 1_000.0 * high + 2.0, price(dearest));
            let wide = 0.3 * said.abs();
            assert!(
                low - wide <= said && said <= high + wide,
                "{template}: {dearest} costs {low} to {high}, said {said}"
            );
        }
    }
}

/// How often they strike, by case.
fn struck(found: &Results, places: &[CrackName]) -> f64 {
    let meant = |step: &str, crack: &str| {
        let at = |place: &CrackName| place.step.as_ref().unwrap_or(&found.process) == step && place.crack == crack;
        places.iter().any(at)
    };
    let struck = found.cracks.iter().filter(|crack| meant(&crack.step, &crack.id)).map(|crack| crack.struck);
    struck.sum::<u64>() as f64 / found.cases as f64
}

/// The cases of 1,000 in `−31 ± 1, +18 ± 4 min`: 0 where they may be chance, as in `–, +18 ± 4 min`.
fn cases_of(price: &str) -> f64 {
    let number = price.split(" ± ").next().unwrap_or_default();
    number.replace('−', "-").parse().unwrap_or(0.0)
}
