//! `grieta generate`: synthetic transactions, one JSON object a line.

use std::io::{self, BufWriter, Write};

use clap::Args;
use grieta_simulator::Simulation;

use crate::input::Input;
use crate::output::{Failure, Findings};

/// Write synthetic transactions: who arrives when, with what data, and how the world answers
///
/// One JSON object a line, to be edited or replayed: `grieta simulate FILE --transactions transactions.jsonl`.
#[derive(Debug, Args)]
pub struct Generate {
    /// Definition file (YAML); `-` is the standard input
    file: String,
    /// How many cases
    #[arg(short = 'n', long)]
    number: u64,
    /// The seed; the same seed gives the same transactions
    #[arg(long, default_value_t = super::DEFAULT_SEED)]
    seed: u64,
}

impl Generate {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let simulation = Simulation::new(&process).map_err(|problems| Failure::Found(input.locate(problems)))?;
        let transactions = simulation.seed(self.seed).generate(self.number)?;
        let mut out = BufWriter::new(io::stdout().lock());
        for transaction in &transactions {
            serde_json::to_writer(&mut out, transaction).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(Findings::None)
    }
}
