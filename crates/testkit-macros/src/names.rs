//! The names of the scenarios of a file, as the testkit calls them: one that has examples is a scenario for each.

use granit_parser::{Event, Parser};

/// A way through the file.
#[derive(Default)]
struct Walk {
    /// The blocks around, outermost first.
    open: Vec<Block>,
    /// Those found so far, and how many examples each has, where it has any.
    scenarios: Vec<(String, Option<usize>)>,
}

enum Block {
    /// With the key whose value has not come yet.
    Mapping(Option<String>),
    List,
}

/// The names, in the order of the file.
pub fn of(yaml: &str) -> Result<Vec<String>, String> {
    let mut walk = Walk::default();
    for event in Parser::new_from_str(yaml) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        walk.see(event);
    }
    let named = walk.scenarios.into_iter().flat_map(|(name, examples)| match examples {
        None => vec![name],
        Some(number) => (1..=number).map(|position| format!("{name} ({position})")).collect(),
    });
    Ok(named.collect())
}

/// Whether the file says what a simulation is to show.
pub fn has_simulation(yaml: &str) -> bool {
    let mut walk = Walk::default();
    Parser::new_from_str(yaml).filter_map(Result::ok).any(|(event, _)| {
        walk.see(event);
        path(&walk.open) == ["simulation"]
    })
}

impl Walk {
    fn see(&mut self, event: Event<'_>) {
        match event {
            Event::Scalar(text, ..) => match self.open.last_mut() {
                Some(Block::Mapping(key @ None)) => {
                    *key = Some(text.into_owned());
                    self.is_named();
                }
                _ => self.done(),
            },
            Event::MappingStart(..) => {
                self.begins();
                self.open.push(Block::Mapping(None));
            }
            Event::SequenceStart(..) => {
                self.begins();
                self.open.push(Block::List);
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
                self.done();
            }
            Event::Alias(..) => self.done(),
            _ => {}
        }
    }

    /// A key has come: perhaps the name of a scenario.
    fn is_named(&mut self) {
        if let ["scenarios", name] = path(&self.open).as_slice() {
            let name = (*name).to_owned();
            self.scenarios.push((name, None));
        }
    }

    /// A block begins: perhaps the examples of a scenario.
    fn begins(&mut self) {
        if let (["scenarios", _, "examples"], Some((_, examples))) =
            (path(&self.open).as_slice(), self.scenarios.last_mut())
        {
            *examples = Some(0);
        }
    }

    /// A value is complete: perhaps an example. The next scalar of its mapping is a key.
    fn done(&mut self) {
        if let ["scenarios", _, "examples", ""] = path(&self.open).as_slice()
            && let Some((_, Some(examples))) = self.scenarios.last_mut()
        {
            *examples += 1;
        }
        if let Some(Block::Mapping(key)) = self.open.last_mut() {
            *key = None;
        }
    }
}

/// The keys that lead to what comes next; nothing for an element of a list.
fn path(open: &[Block]) -> Vec<&str> {
    fn key(block: &Block) -> &str {
        if let Block::Mapping(Some(key)) = block { key } else { "" }
    }
    open.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_with_examples_is_several() {
        let yaml = "people: { scenarios: [a] }\nscenarios:\n  one: { case: [{ expect: { at: x } }] }\n  two:\n    \
                    examples: [{ start: {} }, &it { start: { examples: [1, 2] } }, *it]\n  none: { examples: [] }\n  last: {}\n";
        assert_eq!(of(yaml), Ok(["one", "two (1)", "two (2)", "two (3)", "last"].map(str::to_owned).to_vec()));
        assert_eq!(of(""), Ok(vec![]));
        assert!(of("a: [").is_err());
    }

    #[test]
    fn only_a_key_of_the_whole_file_asks_for_a_simulation() {
        assert!(has_simulation("at: now\nsimulation: { expect: [p90(cycle_time) < 2 bd] }\nscenarios: {}\n"));
        assert!(!has_simulation("scenarios: { simulation: { case: [{ simulation: x }] } }"));
        assert!(!has_simulation("definition: simulation"));
    }
}
