//! How far random runs came.

use std::fmt;

use grieta_core::Plan;
use grieta_core::kernel::Status;

use super::story::Story;

/// How far random runs came: whoever sees that a step was never reached knows that nothing was tried there.
///
/// Shown as text, it is a table of a line for each step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// How many runs there were.
    pub runs: u32,
    /// In how many of them the case came to its end.
    pub completed: u32,
    /// In how many it was cancelled.
    pub cancelled: u32,
    /// In how many something stood still that somebody would have to resolve.
    pub incidents: u32,
    /// How many things happened in all runs together.
    pub happened: u64,
    /// How many things happened in the longest run.
    pub longest: usize,
    /// How many things were refused: what depends on who does it, and what a faulty environment tries in vain.
    pub refused: u64,
    /// By step, in the order of the definition, in how many runs the case came there.
    pub reached: Vec<(String, u32)>,
    /// By end, the same.
    pub ends: Vec<(String, u32)>,
}

impl Statistics {
    pub(super) fn of(plan: &Plan) -> Statistics {
        let steps = || plan.definition().steps.keys().map(|step| (step.clone(), 0));
        let is_end = |(step, _): &(String, u32)| plan.step(step).is_some_and(|step| plan.ends_case(step));
        Statistics {
            runs: 0,
            completed: 0,
            cancelled: 0,
            incidents: 0,
            happened: 0,
            longest: 0,
            refused: 0,
            reached: steps().collect(),
            ends: steps().filter(is_end).collect(),
        }
    }

    /// The steps to which no run came.
    pub fn unreached(&self) -> impl Iterator<Item = &str> {
        self.reached.iter().filter(|(_, runs)| *runs == 0).map(|(step, _)| step.as_str())
    }

    pub(super) fn note(&mut self, story: &Story) {
        let length = story.length();
        self.runs += 1;
        self.happened += length as u64;
        self.longest = self.longest.max(length);
        self.refused += story.refused;
        match story.status() {
            Status::Completed => self.completed += 1,
            Status::Cancelled => self.cancelled += 1,
            _ => {}
        }
        self.incidents += u32::from(!story.incidents().is_empty());
        let mut seen = vec![false; self.reached.len()];
        for step in story.reached() {
            if let (Some(seen), Some((_, runs))) =
                (seen.get_mut(usize::from(step.0)), self.reached.get_mut(usize::from(step.0)))
            {
                *runs += u32::from(!std::mem::replace(seen, true));
            }
        }
        let mut ends = story.ends();
        ends.sort_unstable();
        ends.dedup();
        for (end, runs) in &mut self.ends {
            *runs += u32::from(ends.contains(&end.as_str()));
        }
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Statistics { runs, completed, cancelled, incidents, happened, longest, refused, .. } = self;
        let open = runs.saturating_sub(*completed).saturating_sub(*cancelled);
        writeln!(f, "{runs} runs: {completed} completed, {cancelled} cancelled, {open} cut off or waiting")?;
        writeln!(f, "{happened} things happened, at most {longest} in a run; {refused} were refused")?;
        writeln!(f, "{incidents} runs had an incident")?;
        for (step, runs) in &self.reached {
            writeln!(f, "{runs:>8}  {step}")?;
        }
        Ok(())
    }
}
