//! What a figure of a simulation is to be: sentences such as `p90(cycle_time) < 2 bd`, as goals and acceptance criteria say
//! them. Here they are read, and what they name is found; the simulator measures and judges.

mod figure;
mod measure;
mod parse;

use std::fmt;

pub use figure::{Counted, Figure, Statistic};
pub use measure::{Measure, Shown, measure, measure_of_changed};
pub use parse::{Bound, Call, Demand, Quantity, Sentence, sentence};

/// Why a sentence cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// What was expected, and what was found.
    pub message: String,
    /// The remedy, where there is one to name.
    pub help: Option<String>,
}

impl Misread {
    fn expected(what: &str, found: &str) -> Misread {
        let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{}`", excerpt(found)) };
        Misread { message: format!("expected {what}, found {found}"), help: None }
    }

    fn help(self, help: impl Into<String>) -> Misread {
        Misread { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))
    }
}

/// What was written, cut where it is long.
fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    let line = text.replace(['\n', '\r'], " ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
