//! Which fields a step reads, and which it writes.

use fixedbitset::FixedBitSet;
use grieta_core::definition::{Definition, Expression, Kind, Purpose, Step};
use grieta_core::diagnostic::Path;
use grieta_core::expression::{Arithmetic, Part, Schema};

/// The fields of a process, by their position in the definition.
pub(super) struct Fields<'a> {
    pub definition: &'a Definition,
    schema: &'a Schema,
    /// For each field the steps that write it, on whatever way on.
    pub writers: Vec<Vec<usize>>,
    /// For each field who reads it: steps, and the process itself.
    pub readers: Vec<Vec<Read<'a>>>,
}

/// What reads a field.
pub(super) struct Read<'a> {
    /// The step; for the process itself, how many there are.
    pub step: usize,
    /// Where, below the step.
    pub at: Path,
    /// The expression that reads it, if one does.
    pub source: Option<&'a str>,
}

impl<'a> Fields<'a> {
    /// With the process itself as a step, where it is one.
    pub fn new(definition: &'a Definition, schema: &'a Schema, whole: Option<&'a Step>) -> Fields<'a> {
        let mut fields = Fields { definition, schema, writers: Vec::new(), readers: Vec::new() };
        let mut writers = vec![Vec::new(); definition.data.len()];
        let mut readers: Vec<Vec<Read<'a>>> = definition.data.iter().map(|_| Vec::new()).collect();
        for (at, step) in definition.steps.values().chain(whole).enumerate() {
            fields.may_write(step).ones().for_each(|field| writers[field].push(at));
            fields.read(at, step, |field, read| readers[field].push(read));
        }
        (fields.writers, fields.readers) = (writers, readers);
        fields
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.definition.data.get_index_of(name)
    }

    pub fn name(&self, field: usize) -> &str {
        self.definition.data.get_index(field).map_or("", |(name, _)| name)
    }

    /// The name of a step; the process itself stands behind them.
    pub fn step(&self, at: usize) -> &str {
        self.definition.steps.get_index(at).map_or(&self.definition.process, |(name, _)| name)
    }

    pub fn path(&self, step: usize) -> Path {
        match self.definition.steps.get_index(step) {
            Some((name, _)) => Path::root("steps").key(name),
            None => Path::default(),
        }
    }

    pub fn set<'n>(&self, names: impl Iterator<Item = &'n String>) -> FixedBitSet {
        let mut set = FixedBitSet::with_capacity(self.definition.data.len());
        names.filter_map(|name| self.named(name)).for_each(|field| set.insert(field));
        set
    }

    /// Gives `each` what a step reads.
    fn read(&self, step: usize, declared: &'a Step, mut each: impl FnMut(usize, Read<'a>)) {
        let at = Path::default();
        let listed =
            declared.reads.iter().enumerate().map(|(index, name)| (name.as_str(), at.key("reads").index(index)));
        let key = declared.message_key().map(|key| (key, at.key(declared.kind.key()).key("key")));
        for (name, at) in listed.chain(key) {
            self.named(name).into_iter().for_each(|field| each(field, Read { step, at: at.clone(), source: None }));
        }
        for found in declared.expressions() {
            for field in self.read_by(found.expression) {
                each(field, Read { step, at: found.path.clone(), source: Some(&found.expression.0) });
            }
        }
        if let Kind::Decide(table) = &declared.kind {
            let inputs = self.definition.decisions.get(table).into_iter().flat_map(|table| &table.inputs);
            for field in inputs.flat_map(|input| self.read_by(input)) {
                each(field, Read { step, at: at.key("decide"), source: None });
            }
        }
    }

    /// What an expression reads.
    pub fn read_by(&self, expression: &Expression) -> Vec<usize> {
        let compiled = Expression::compile(&expression.0, self.schema);
        compiled.iter().flat_map(|compiled| compiled.reads()).filter_map(|slot| self.slot(*slot)).collect()
    }

    fn slot(&self, slot: u16) -> Option<usize> {
        self.named(self.schema.name(slot)?)
    }

    /// What a step may write, whichever way it is left.
    pub fn may_write(&self, step: &Step) -> FixedBitSet {
        let table = match &step.kind {
            Kind::Decide(table) => self.definition.decisions.get(table),
            _ => None,
        };
        let outputs = table.into_iter().flat_map(|table| &table.outputs);
        let mut written = self.set(step.writes.iter().chain(outputs));
        step.expressions().into_iter().filter_map(|found| self.named(set_by(found.purpose)?)).for_each(|field| {
            written.insert(field);
        });
        written
    }

    /// Whether a step adds to a field, or takes from it, so that several may do it in any order.
    pub fn adds_up(&self, step: &Step, field: usize) -> bool {
        let adds = |expression: &Expression| {
            Expression::compile(&expression.0, self.schema)
                .is_ok_and(|compiled| self.is_sum_with(&compiled.parts(), field))
        };
        self.only_set(step, field).is_some_and(|set| set.into_iter().all(adds))
    }

    /// Whether it is the field, and more or less of what does not look at the field; or where the field has no value yet,
    /// anything.
    fn is_sum_with(&self, part: &Part, field: usize) -> bool {
        if let Part::Conditional(parts) = part {
            let [Part::Has(_), there, absent] = &**parts else { return false };
            return self.is_sum_with(there, field) && !self.is_about(absent, field);
        }
        let Part::Chain(first, rest) = part else { return false };
        let all = std::iter::once((&Arithmetic::Add, &**first)).chain(rest.iter().map(|(how, part)| (how, part)));
        let (own, others): (Vec<_>, Vec<_>) = all.partition(|(_, part)| self.is_about(part, field));
        let itself = |part: &Part| matches!(part, Part::Field(slot) if self.slot(*slot) == Some(field));
        matches!(own.as_slice(), [(Arithmetic::Add, part)] if itself(part))
            && others.iter().all(|(how, _)| matches!(how, Arithmetic::Add | Arithmetic::Subtract))
    }

    fn is_about(&self, part: &Part, field: usize) -> bool {
        let own = matches!(part, Part::Field(slot) | Part::Has(slot) if self.slot(*slot) == Some(field));
        own || part.children().into_iter().any(|part| self.is_about(part, field))
    }

    /// Whether a step sets a field to the same value each time.
    pub fn is_constant(&self, step: &Step, field: usize) -> bool {
        let constant = |expression: &Expression| {
            Expression::compile(&expression.0, self.schema).is_ok_and(|compiled| compiled.reads().is_empty())
        };
        let set = self.only_set(step, field);
        set.is_some_and(|set| set.iter().all(|one| constant(one) && Some(one) == set.first()))
    }

    /// The expressions by which a step sets a field; `None` where it writes it in other ways.
    fn only_set<'s>(&self, step: &'s Step, field: usize) -> Option<Vec<&'s Expression>> {
        let of_field = |purpose| set_by(purpose).and_then(|name| self.named(name)) == Some(field);
        let uses = step.expressions().into_iter().filter(|found| of_field(found.purpose));
        let set: Vec<&Expression> = uses.map(|found| found.expression).collect();
        let otherwise = matches!(step.kind, Kind::Decide(_)) || self.set(step.writes.iter()).contains(field);
        (!otherwise && !set.is_empty()).then_some(set)
    }
}

/// The field that an expression sets.
fn set_by(purpose: Purpose<'_>) -> Option<&str> {
    match purpose {
        Purpose::Set(field) => Some(field),
        _ => None,
    }
}
