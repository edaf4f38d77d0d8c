//! How the world answers one case: as the transactions say, or else by draws that its key fixes.

use grieta_core::value::Value;
use grieta_core::{CrackIx, FieldIx, FlowIx};

use super::item::Item;
use crate::arrivals;
use crate::model::{CrackModel, FieldDraw, FieldModel, Model, Patience, StepModel, pick};
use crate::random::{Stream, draw_key};
use crate::transactions::{Recorded, RecordedAnswer};

/// Which case it is, and what is written down about it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Customer<'a> {
    pub ordinal: u64,
    /// The how-manieth arrival it is, from 0.
    pub position: u64,
    pub key: u64,
    pub recorded: Option<&'a Recorded>,
    /// It arrived; otherwise another case started it.
    pub is_arrival: bool,
}

impl Customer<'_> {
    /// The values that a case brings when it arrives.
    #[inline]
    pub fn start_data(&self, model: &Model) -> Vec<(FieldIx, Value)> {
        if self.recorded.is_none() && model.fields.is_empty() { Vec::new() } else { self.brought(model) }
    }

    fn brought(&self, model: &Model) -> Vec<(FieldIx, Value)> {
        let given = self.recorded.map_or(&[][..], |transaction| &transaction.data);
        let drawn = self.drawn(model, given, |_| true);
        given.iter().cloned().chain(drawn).collect()
    }

    /// The values that a case begins with which another one starts: what that gives it, and of the rest what there is a
    /// sample of. Who it is, only the other can say.
    pub fn with_drawn(&self, model: &Model, given: Vec<(FieldIx, Value)>) -> Vec<(FieldIx, Value)> {
        let drawn = self.drawn(model, &given, |field| !matches!(field.draw, FieldDraw::Ordinal(_)));
        given.into_iter().chain(drawn).collect()
    }

    /// What is drawn of the fields that are not given.
    fn drawn(
        &self,
        model: &Model,
        given: &[(FieldIx, Value)],
        is_wanted: fn(&FieldModel) -> bool,
    ) -> Vec<(FieldIx, Value)> {
        let missing = |field: &&FieldModel| is_wanted(field) && !given.iter().any(|(known, _)| *known == field.field);
        let draw = |field: &FieldModel| {
            let mut stream = Stream::new(draw_key(self.key, field.salt, 0, 0));
            (field.field, field.value(self.ordinal, &mut stream))
        };
        model.fields.iter().filter(missing).map(draw).collect()
    }

    /// How long the work takes, in microseconds.
    #[inline(always)]
    pub fn duration(&self, step: &StepModel, item: &Item) -> i64 {
        if let Some(takes) = self.answer(item).and_then(|answer| answer.takes) {
            return takes;
        }
        match &step.takes {
            Some(takes) => arrivals::micros(takes.sample(&mut self.stream(step.duration_salt, item))),
            None => 0,
        }
    }

    /// The outcome of the work, where there are several.
    #[inline(always)]
    pub fn outcome(&self, step: &StepModel, item: &Item) -> Option<FlowIx> {
        let first = step.flow?;
        if step.thresholds.is_empty() {
            return None;
        }
        if let Some(outcome) = self.answer(item).and_then(|answer| answer.outcome) {
            return Some(outcome);
        }
        let draw = self.stream(step.outcome_salt, item).next_u64();
        Some(FlowIx(first.0 + pick(&step.thresholds, draw) as u16))
    }

    /// The values that come with the completion.
    #[inline]
    pub fn completion_data(&self, step: &StepModel, item: &Item) -> Vec<(FieldIx, Value)> {
        if step.writes.is_empty() { Vec::new() } else { self.written(step, item) }
    }

    fn written(&self, step: &StepModel, item: &Item) -> Vec<(FieldIx, Value)> {
        let given = self.answer(item).map_or(&[][..], |answer| &answer.data);
        let field = |model: &FieldModel| match given.iter().find(|(field, _)| *field == model.field) {
            Some(known) => known.clone(),
            None => (model.field, model.value(self.ordinal, &mut self.stream(model.salt, item))),
        };
        step.writes.iter().map(field).collect()
    }

    /// The first of these cracks that strikes this visit.
    fn drawn_crack<'c>(&self, cracks: &'c [CrackModel], item: &Item) -> Option<&'c CrackModel> {
        cracks.iter().find(|crack| self.is_struck(crack, item))
    }

    /// Whether a crack strikes this visit.
    #[inline]
    pub fn is_struck(&self, crack: &CrackModel, item: &Item) -> bool {
        match self.answer(item) {
            Some(answer) => answer.cracks.contains(&crack.crack),
            None => crack.strikes(self.stream(crack.salt, item).next_u64()),
        }
    }

    /// How long after the step was reached a crack from outside strikes: anywhere in the time the step takes.
    pub fn strikes_after(&self, step: &StepModel, crack: &CrackModel, item: &Item) -> i64 {
        if let Some(given) = self.answer(item).and_then(|answer| answer.strikes_after) {
            return given;
        }
        let mut stream = self.stream(crack.salt, item);
        stream.next_u64();
        (self.duration(step, item) as f64 * stream.unit_f64()) as i64
    }

    /// How long a case that waits for a person does so, in microseconds; `None` for one that goes on waiting.
    pub fn patience(&self, patience: &Patience, item: &Item) -> Option<i64> {
        let mut stream = self.stream(patience.crack.salt, item);
        let gives_up = patience.crack.strikes(stream.next_u64());
        gives_up.then(|| arrivals::micros(patience.lasts.sample(&mut stream)))
    }

    /// All of it, to be written down.
    pub fn answers(&self, step: &StepModel, item: &Item) -> RecordedAnswer {
        let failing = self.drawn_crack(&step.failing, item);
        let outside = self.drawn_crack(&step.outside, item);
        let silent = self.drawn_crack(&step.silent, item);
        let cracks: Vec<CrackIx> = [silent, outside, failing].into_iter().flatten().map(|crack| crack.crack).collect();
        RecordedAnswer {
            key: (item.step, item.visit, item.attempt),
            takes: step.takes.as_ref().map(|_| self.duration(step, item)),
            outcome: if failing.is_none() { self.outcome(step, item) } else { None },
            cracks,
            strikes_after: outside.map(|crack| self.strikes_after(step, crack, item)),
            data: if failing.is_none() { self.completion_data(step, item) } else { Vec::new() },
        }
    }

    #[inline]
    fn answer(&self, item: &Item) -> Option<&RecordedAnswer> {
        self.recorded?.answer(item.step, item.visit, item.attempt)
    }

    #[inline]
    pub fn stream(&self, salt: u64, item: &Item) -> Stream {
        Stream::new(draw_key(self.key, salt, item.visit, u32::from(item.attempt)))
    }
}
