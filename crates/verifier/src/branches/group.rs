//! Guards that are looked at together: for which data some of them hold and others do not.

use std::cell::Cell;

use grieta_core::expression::Part;
use grieta_core::value::Value;

use super::Analysis;
use super::fields::Fields;
use super::formula::Formula;
use super::linear::{Is, Sum};
use super::range::Range;
use super::read::Reader;
use super::residues::Residue;
use super::search::{Answer, search};

/// Conditions over the same fields, read.
pub(super) struct Group<'p> {
    fields: Fields<'p>,
    effort: &'p Cell<u32>,
    /// What has to hold for each of them to be true.
    holds: Vec<Formula>,
    /// What has to hold for each of them to be false.
    fails: Vec<Formula>,
    /// What holds anyway.
    known: Vec<Formula>,
}

impl<'p> Group<'p> {
    /// Reads conditions.
    pub fn of(analysis: &Analysis<'p>, parts: &[Part]) -> Group<'p> {
        let mut reader = Reader::new(Fields::of(analysis.process, analysis.optional, parts));
        let holds = parts.iter().map(|part| reader.condition(part, true)).collect();
        let fails = parts.iter().map(|part| reader.condition(part, false)).collect();
        Group { fields: reader.fields, effort: analysis.effort, holds, fails, known: Vec::new() }
    }

    /// Says what rest a field leaves, if the conditions look at it.
    pub fn know(&mut self, slot: u16, Residue { modulus, rest }: Residue) {
        let Some(value) = self.fields.value(slot) else { return };
        let times = Sum::of(self.fields.any(Range::ANY)).times(modulus);
        let apart = times.and_then(|times| Sum::of(value).minus(&times)?.minus(&Sum::constant(rest)));
        self.known.extend(apart.map(|apart| Formula::that(apart, Is::Zero)));
    }

    /// Whether a condition has a value for all data.
    pub fn always_evaluated(&self, part: &Part) -> bool {
        self.fields.always_evaluated(part)
    }

    /// Data for which these conditions are true and those false; `confirm` asks the evaluator whether they are.
    pub fn ask(
        &self,
        hold: impl IntoIterator<Item = usize>,
        fail: impl IntoIterator<Item = usize>,
        confirm: impl Fn(&[Value]) -> bool,
    ) -> Answer<Vec<Value>> {
        let hold = hold.into_iter().map(|index| &self.holds[index]);
        let fail = fail.into_iter().map(|index| &self.fails[index]);
        let formulas: Vec<&Formula> = hold.chain(fail).chain(&self.known).collect();
        let accept = |numbers: &[i128]| self.fields.data(numbers).filter(|data| confirm(data));
        search(&formulas, &self.fields.ranges, &self.fields.tastes, self.effort, accept)
    }

    /// The values of the fields that the conditions look at, as a message begins with them.
    pub fn with(&self, data: &[Value]) -> String {
        match self.fields.show(data) {
            nothing if nothing.is_empty() => "whatever the data,".to_owned(),
            values => format!("with {values}"),
        }
    }
}
