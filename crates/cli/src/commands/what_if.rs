//! Which change of a process is asked for: `--what-if` and `--overlay`.

use std::sync::Arc;

use clap::Args;
use grieta_core::definition::WhatIf;
use grieta_core::diagnostic::suggest;
use grieta_core::{Process, yaml};

use super::simulate::quoted;
use crate::input::Input;
use crate::output::Failure;

/// The change, by its name.
#[derive(Debug, Args)]
pub struct Change {
    /// With the change of that name, which stands under `what-if` of the definition or of the overlay
    #[arg(long, value_name = "NAME")]
    pub what_if: Option<String>,
    /// A file with the key `what-if`, whose changes go before those of the definition
    #[arg(long, value_name = "FILE")]
    overlay: Option<String>,
}

impl Change {
    /// The process with the change; as it is where none is asked for.
    pub fn apply(&self, input: &Input, process: Arc<Process>) -> Result<Arc<Process>, Failure> {
        self.check()?;
        let Some(name) = &self.what_if else { return Ok(process) };
        let what_if = self.find(name, &process)?;
        grieta_simulator::changed(&process, &what_if).map_err(|problems| Failure::Found(input.locate(problems)))
    }

    /// An overlay holds changes, of which one is named.
    pub fn check(&self) -> Result<(), Failure> {
        match (&self.overlay, &self.what_if) {
            (Some(_), None) => {
                Err(Failure::Usage("`--overlay` needs `--what-if`, which names one of its changes".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// The options that ask for the same change again.
    pub fn again(&self) -> String {
        let option = |name: &str, value: &String| format!(" --{name} {}", quoted(value));
        let options = [("what-if", &self.what_if), ("overlay", &self.overlay)];
        options.into_iter().filter_map(|(name, value)| Some(option(name, value.as_ref()?))).collect()
    }

    fn find(&self, name: &str, process: &Process) -> Result<WhatIf, Failure> {
        let definition = process.definition();
        let overlay = match &self.overlay {
            Some(file) => {
                let overlay = Input::read(file)?;
                yaml::overlay(&overlay.name, overlay.bytes(), definition).map_err(Failure::Found)?
            }
            None => Default::default(),
        };
        let declared = definition.simulation.iter().flat_map(|simulation| &simulation.what_if);
        let all: Vec<(&String, &WhatIf)> = overlay.iter().chain(declared).collect();
        let found = all.iter().find(|(known, _)| *known == name).map(|(_, what_if)| (*what_if).clone());
        found.ok_or_else(|| {
            let help = suggest(name, all.iter().map(|(known, _)| known.as_str()));
            let help = help.unwrap_or_else(|| {
                "write one, as in `simulation: { what-if: { more-customers: { arrivals: 150% } } }`".to_owned()
            });
            Failure::Usage(format!("there is no change `{name}` under `what-if`; {help}"))
        })
    }
}
