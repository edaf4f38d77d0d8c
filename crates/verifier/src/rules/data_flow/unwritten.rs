//! Reads that come before anything has written the field, where some step does write it, and ends at which a case may lack
//! what the process promises.
//!
//! An end is normal if some way leads there from the start on which no crack strikes. A case that has come to one must have
//! every output when it is over, whoever has written it.

use std::collections::BTreeMap;

use grieta_core::diagnostic::{Code, Path, Problem};

use super::fields::{Fields, Read};
use crate::rules::{Subject, flow};
use crate::soundness::{Limits, Missed, Watched, missed};

/// So many states are found for all fields together, and for each as many as for a rule.
const MOST_STATES: usize = 1_000_000;

/// Where a problem stands among the others: first the reads by steps, then the outputs by ends.
type Place = (bool, usize, usize);

pub(super) fn find(subject: &Subject<'_>, fields: &Fields<'_>) -> Vec<Problem> {
    let steps = fields.definition.steps.len();
    let mut left = MOST_STATES;
    let most = subject.limits.most_states.min(Limits::FOR_A_RULE);
    let mut found: BTreeMap<Place, Problem> = BTreeMap::new();
    let mut cut: Vec<usize> = Vec::new();
    for field in (0..fields.definition.data.len()).filter(|field| fields.may_be_missed(*field)) {
        if left == 0 {
            cut.push(field);
            continue;
        }
        let limits = Limits { most_states: left.min(most), ..*subject.limits };
        let misses = missed(subject.plan, fields.watched(subject, field), &limits);
        cut.extend(misses.cut.then_some(field));
        for (missed, trace) in misses.missed {
            let told = match missed {
                Missed::Read { step, source } => fields.too_early(field, step.at(), source.as_deref()),
                Missed::Output { end } => fields.missing(field, end.at()),
            };
            let story = trace.map(|trace| trace.story(subject.plan)).unwrap_or_default();
            if let Some((place, problem)) = told {
                found.entry(place).or_insert_with(|| problem.told(story));
            }
        }
        // To look at every step takes its time, too.
        left = left.saturating_sub(misses.states.max(steps));
    }
    found.into_values().chain(fields.too_much(&cut)).collect()
}

impl Fields<'_> {
    /// Whether somebody needs a field that a case does not bring with it.
    fn may_be_missed(&self, field: usize) -> bool {
        let declared = self.definition.data.get_index(field);
        declared.is_some_and(|(name, declared)| {
            let read = !self.readers[field].is_empty() && !self.writers[field].is_empty();
            !declared.required && declared.initial.is_none() && (read || self.definition.outputs.contains(name))
        })
    }

    fn watched(&self, subject: &Subject<'_>, field: usize) -> Watched {
        let mut watched = self.watched_reads(field);
        if self.definition.outputs.iter().any(|output| output == self.name(field)) {
            let ends = flow::normal_ends(subject.plan.process());
            ends.into_iter().for_each(|end| watched.promised[end.index()] = true);
        }
        watched
    }

    fn too_early(&self, field: usize, step: usize, source: Option<&str>) -> Option<(Place, Problem)> {
        let read = self.readers[field].iter().find(|read| read.step == step && read.source == source)?;
        let writers = &self.writers[field];
        let other = writers.iter().copied().find(|writer| *writer != step);
        // Whoever lists a field that nobody else writes finds what came with the case.
        let writer = other.or_else(|| writers.first().copied().filter(|_| !read.is_listed()))?;
        let (name, field_name) = (self.step(step), self.name(field));
        let place = Path([self.path(step).0, read.at.0.clone()].concat());
        let message = format!("`{name}` may read `{field_name}` before anything has written it");
        let problem = Problem::warning(Code::ReadBeforeWritten, place, message);
        let known = format!("`{}` writes it, but is not on every way", self.step(writer));
        let problem = problem.related(known, self.path(writer));
        let help = "let it be written on every way there, give it an `initial`, or ask `has(…)`";
        Some(((false, step, field), problem.help(help)))
    }

    /// What is said of the fields of which not everything was looked at.
    fn too_much(&self, fields: &[usize]) -> Option<Problem> {
        let (first, others) = fields.split_first()?;
        let name = self.name(*first);
        let and = match others.len() {
            0 => String::new(),
            1 => " and of one other field".to_owned(),
            more => format!(" and of {more} other fields"),
        };
        let message = format!("more can happen than was looked at: other reads of `{name}`{and} may come too early");
        let problem = Problem::advice(Code::ReadBeforeWritten, Path::root("data").key(name), message);
        Some(problem.help("split the process, or give an `initial` to what is needed everywhere"))
    }

    fn missing(&self, field: usize, end: usize) -> Option<(Place, Problem)> {
        let (name, field) = (self.step(end), self.name(field));
        let promised = self.definition.outputs.iter().position(|output| output == field)?;
        let message = format!("a case may end at `{name}` without the output `{field}`");
        let problem = Problem::warning(Code::OutputMissing, self.path(end), message);
        let problem = problem.related("promised here", Path::root("outputs").index(promised));
        let help = "let it be written on every way there, give it an `initial`, or waive it at this end where the case has no \
                    such result";
        Some(((true, promised, end), problem.help(help)))
    }
}

impl Read<'_> {
    /// Whether it stands under what the step reads.
    pub fn is_listed(&self) -> bool {
        self.at.0.first() == Path::root("reads").0.first()
    }
}
