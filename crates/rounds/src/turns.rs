//! What becomes of findings from round to round: new, fixed, back, accepted.

use std::collections::HashSet;

use grieta_core::diagnostic::suggest;
use grieta_core::{Date, Process};

use crate::found::Found;
use crate::journal::{Accepted, Finding, Journal, Round, Runs, State};
use crate::look::Stock;

/// Why a finding cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// There is none of that id.
    #[error("there is no finding `{id}`; {help}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// The nearest one, or how to see which there are.
        help: String,
    },
    /// It is no longer there.
    #[error("`{0}` is fixed: there is nothing to accept")]
    Fixed(String),
}

impl Journal {
    /// Writes down a round: which findings are new, gone, or back, and what was measured. One that was accepted is open again when
    /// its figure is markedly worse than the one that was accepted.
    pub fn add(&mut self, process: &Process, date: Date, wave: Option<String>, runs: Runs, stock: Stock) {
        let number = self.rounds.last().map_or(1, |last| last.round + 1);
        let definition = process.definition();
        let there: HashSet<String> = stock.search.found.iter().map(|found| found.id.clone()).collect();
        for (id, finding) in &mut self.findings {
            if finding.state() != State::Fixed && !there.contains(id) && !stock.search.leaves_open(id) {
                finding.turn(State::Fixed, number);
            }
        }
        stock.search.found.into_iter().for_each(|found| self.find(found, number));
        let waves = self.phases();
        self.rounds.push(Round {
            round: number,
            date,
            version: definition.version.clone(),
            hash: definition.content_hash().to_string(),
            wave,
            runs: stock.simulated.then_some(runs),
            changed: stock.changed,
            figures: stock.figures,
            effect: stock.effect,
            waves,
            criteria: stock.criteria,
            scenarios: stock.scenarios,
        });
    }

    fn find(&mut self, found: Found, round: u32) {
        let Found { id, says, figure, worse } = found;
        let finding = self.findings.entry(id).or_insert_with(|| Finding {
            says: String::new(),
            figure: None,
            scenario: None,
            note: None,
            accepted: None,
            history: Vec::new(),
        });
        let accepted = finding.accepted.as_ref().and_then(|accepted| accepted.figure.as_ref());
        let is_worse = figure.as_ref().zip(accepted).is_some_and(|(now, then)| now.is_worse_than(then, worse));
        match finding.history.last().map(|turn| turn.state) {
            None | Some(State::Fixed) => finding.turn(State::Open, round),
            Some(State::Accepted) if is_worse => finding.turn(State::Open, round),
            Some(State::Open | State::Accepted) => {}
        }
        (finding.says, finding.figure) = (says, figure);
    }

    /// Leaves a finding as it is, and writes down why; of one that was accepted before, the reason and the figure become those of
    /// now.
    ///
    /// # Errors
    /// When it is not there.
    pub fn accept(&mut self, id: &str, reason: &str) -> Result<(), AcceptError> {
        let round = self.rounds.last().map_or(0, |last| last.round);
        let unknown = || {
            let help = suggest(id, self.findings.keys().map(String::as_str));
            let help = help.unwrap_or_else(|| "the journal has their names under `findings`".to_owned());
            AcceptError::Unknown { id: id.to_owned(), help }
        };
        let Some(position) = self.findings.get_index_of(id) else { return Err(unknown()) };
        let finding = &mut self.findings[position];
        match finding.state() {
            State::Fixed => return Err(AcceptError::Fixed(id.to_owned())),
            State::Open => finding.turn(State::Accepted, round),
            State::Accepted => {}
        }
        finding.accepted = Some(Accepted { reason: reason.to_owned(), figure: finding.figure.clone() });
        Ok(())
    }
}
