//! Whether a wave of improvements is where it is said to be.

use grieta_core::Process;
use grieta_core::criterion::sentence;
use grieta_simulator::Results;
use grieta_simulator::judging::{Verdict, judge};

use crate::figure::LEVEL;
use crate::found::{Search, Worse};
use crate::journal::{Finding, Journal, Judged, Phase, State, Wave};

/// Every criterion of every wave, by the intervals of a simulation.
pub(crate) fn judged(journal: &Journal, process: &Process, results: &Results) -> Vec<Judged> {
    all(journal, |expect| match sentence(expect).and_then(|wanted| judge(&wanted, process, results, LEVEL)) {
        Ok(judgement) => (judgement.verdict, judgement.found),
        Err(misread) => (Verdict::Insufficient, misread.message),
    })
}

/// The same where nothing was simulated.
pub(crate) fn unmeasured(journal: &Journal) -> Vec<Judged> {
    all(journal, |_| {
        (Verdict::Insufficient, "the definition does not say who comes, so nothing was simulated".to_owned())
    })
}

fn all(journal: &Journal, judge: impl Fn(&str) -> (Verdict, String)) -> Vec<Judged> {
    let judged = |(wave, expect): (&str, &str)| {
        let (verdict, found) = judge(expect);
        Judged { wave: wave.to_owned(), expect: expect.to_owned(), verdict, found }
    };
    journal.criteria().map(judged).collect()
}

/// Waves with which people begin to work, or do, although what they were to bring is not met, or was never measured.
pub(crate) fn too_far(journal: &Journal, judged: &[Judged], search: &mut Search) {
    for (name, wave) in journal.waves.iter().filter(|(_, wave)| wave.phase >= Phase::Adoption) {
        let missed: Vec<String> = judged
            .iter()
            .filter(|judged| judged.wave == *name && judged.verdict != Verdict::Met)
            .map(|judged| match judged.verdict {
                Verdict::NotMet => format!("`{}` is not met ({})", judged.expect, judged.found),
                _ => format!("of `{}` it cannot be told whether it is met ({})", judged.expect, judged.found),
            })
            .collect();
        let why = match (wave.expects.is_empty(), missed.is_empty()) {
            (true, _) => "nothing says when it is a success".to_owned(),
            (_, false) => missed.join("; "),
            (_, true) => continue,
        };
        let says = format!("it is in {}, and {why}", wave.phase.word());
        search.add(format!("wave/{name}"), says, None, Worse::More);
    }
}

impl Wave {
    /// The findings that it is to mend, of whatever state.
    pub fn findings<'j>(&self, journal: &'j Journal) -> Vec<(&'j String, &'j Finding)> {
        let is_meant = |id: &str| self.scope.iter().any(|term| concerns(term, id));
        journal.findings.iter().filter(|(id, _)| is_meant(id)).collect()
    }

    /// How many of them are no longer open, and how many there are.
    pub fn progress(&self, journal: &Journal) -> (usize, usize) {
        let all = self.findings(journal);
        (all.iter().filter(|(_, finding)| finding.state() != State::Open).count(), all.len())
    }

    /// What stands in its scope, and is neither a finding nor a step of the process.
    pub fn unknown<'w>(&'w self, journal: &Journal, process: &Process) -> Vec<&'w str> {
        let is_known = |term: &str| {
            process.definition().steps.contains_key(term) || journal.findings.keys().any(|id| concerns(term, id))
        };
        self.scope.iter().map(String::as_str).filter(|term| !is_known(term)).collect()
    }
}

/// Whether a finding is the one of that id, or one of that step.
fn concerns(term: &str, id: &str) -> bool {
    term == id || id.split('/').skip(1).any(|name| name == term)
}
