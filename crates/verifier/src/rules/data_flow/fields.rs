//! Which fields a step reads, which it writes, and which have a value once it is left on some way.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;
use grieta_core::definition::{Again, Branch, Crack, Definition, Expression, Kind, Moment, Purpose, Response, Step};
use grieta_core::diagnostic::{Path, Segment};
use grieta_core::expression::{Arithmetic, Part, Schema};
use grieta_core::{Link, LinkKind};

use super::guards::Known;

/// So many guards before a branch are asked what they have found; a choice of a sensible size has a fraction of them.
const MOST_GUARDS: usize = 100;

/// The fields of a process, by their position in the definition.
pub(super) struct Fields<'a> {
    pub definition: &'a Definition,
    schema: &'a Schema,
    /// For each field the steps that write it, on whatever way on.
    pub writers: Vec<Vec<usize>>,
}

/// A field that a step reads.
pub(super) struct Read {
    pub field: usize,
    /// Where, below the step.
    pub at: Path,
    pub moment: Moment,
    /// It asks whether the field has a value, and so copes without.
    pub copes: bool,
}

impl<'a> Fields<'a> {
    pub fn new(definition: &'a Definition, schema: &'a Schema) -> Fields<'a> {
        let mut fields = Fields { definition, schema, writers: Vec::new() };
        let mut writers = vec![Vec::new(); definition.data.len()];
        for (at, step) in definition.steps.values().enumerate() {
            fields.may_write(step).ones().for_each(|field| writers[field].push(at));
        }
        fields.writers = writers;
        fields
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.definition.data.get_index_of(name)
    }

    pub fn name(&self, field: usize) -> &str {
        self.definition.data.get_index(field).map_or("", |(name, _)| name)
    }

    pub fn step(&self, at: usize) -> &str {
        self.definition.steps.get_index(at).map_or("", |(name, _)| name)
    }

    pub fn kind(&self, at: usize) -> Option<&'a Kind> {
        self.definition.steps.get_index(at).map(|(_, step)| &step.kind)
    }

    pub fn path(&self, step: usize) -> Path {
        Path::root("steps").key(self.step(step))
    }

    pub fn none(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.definition.data.len())
    }

    pub fn all(&self) -> FixedBitSet {
        let mut all = self.none();
        all.insert_range(..);
        all
    }

    pub fn set<'n>(&self, names: impl Iterator<Item = &'n String>) -> FixedBitSet {
        let mut set = self.none();
        names.filter_map(|name| self.named(name)).for_each(|field| set.insert(field));
        set
    }

    /// What a case brings with it.
    pub fn given(&self) -> FixedBitSet {
        let given = self.definition.data.iter().filter(|(_, field)| field.required || field.initial.is_some());
        self.set(given.map(|(name, _)| name))
    }

    /// What a step writes whichever way it is left.
    pub fn writes(&self, step: &Step) -> FixedBitSet {
        let table = match &step.kind {
            Kind::Decide(table) => self.definition.decisions.get(table),
            _ => None,
        };
        let outputs = table.into_iter().flat_map(|table| &table.outputs);
        self.set(step.writes.iter().chain(step.sets.keys()).chain(outputs))
    }

    /// What a step reads.
    pub fn reads(&self, step: &Step) -> Vec<Read> {
        let at = Path::default();
        let listed = step.reads.iter().enumerate().map(|(index, name)| (name.as_str(), at.key("reads").index(index)));
        let key = step.message_key().map(|key| (key, at.key(step.kind.key()).key("key")));
        let named = listed.chain(key).filter_map(|(name, at)| Some((self.named(name)?, at)));
        let named = named.map(|(field, at)| Read { field, at, moment: Moment::Reached, copes: false });
        let mut reads: Vec<Read> = named.collect();
        for found in step.expressions() {
            self.read_by(found.expression, &found.path, found.moment, &mut reads);
        }
        if let Kind::Decide(table) = &step.kind {
            let inputs = self.definition.decisions.get(table).into_iter().flat_map(|table| &table.inputs);
            inputs.for_each(|input| self.read_by(input, &at.key("decide"), Moment::Reached, &mut reads));
        }
        reads
    }

    fn read_by(&self, expression: &Expression, at: &Path, moment: Moment, reads: &mut Vec<Read>) {
        let Ok(compiled) = Expression::compile(&expression.0, self.schema) else { return };
        let parts = compiled.parts();
        let fields = compiled.reads().iter().filter_map(|slot| Some((*slot, self.slot(*slot)?)));
        let read = fields.map(|(slot, field)| Read { field, at: at.clone(), moment, copes: parts.asks_for(slot) });
        reads.extend(read);
    }

    fn slot(&self, slot: u16) -> Option<usize> {
        self.named(self.schema.name(slot)?)
    }

    /// What a step may write, whichever way it is left.
    pub fn may_write(&self, step: &Step) -> FixedBitSet {
        let mut written = self.writes(step);
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

    /// What has a value besides where a case takes a way on from a step, if it was not there before: what the step writes,
    /// and what must be there for the case to take that way.
    pub fn brings(&self, step: &Step, link: &Link) -> FixedBitSet {
        match link.kind {
            LinkKind::Inside => self.none(),
            LinkKind::Crack { .. } => self.brought_by_skipping(step, link),
            // It may never be done.
            _ if matches!(step.again, Some(Again::While(_))) => self.known_on(step, link),
            _ => {
                let mut brings = self.writes(step);
                brings.union_with(&self.set(sets_on(step, link).into_iter().flat_map(|sets| sets.keys())));
                brings.union_with(&self.known_on(step, link));
                brings
            }
        }
    }

    /// Who completes a step without the work sets what it sets.
    fn brought_by_skipping(&self, step: &Step, link: &Link) -> FixedBitSet {
        let crack = link.id.split_once('!').and_then(|(_, crack)| step.cracks.get(crack));
        let Some(Response::Skip(outcome)) = crack.and_then(|crack| crack.response.as_ref()) else { return self.none() };
        let outcome = outcome.as_ref().and_then(|outcome| step.outcomes.get(outcome));
        self.set(step.sets.keys().chain(outcome.into_iter().flat_map(|outcome| outcome.sets.keys())))
    }

    /// What guards have found to be there where a case takes a way on from a step.
    fn known_on(&self, step: &Step, link: &Link) -> FixedBitSet {
        let mut known = match (&step.kind, link.kind, number(link)) {
            (_, LinkKind::Branch | LinkKind::Otherwise, Some(branch)) => self.known_at_branch(step, branch, true),
            _ => self.none(),
        };
        match &step.again {
            Some(Again::Until(guard)) => known.union_with(&self.known_by(guard, true)),
            Some(Again::While(guard)) => known.union_with(&self.known_by(guard, false)),
            None => {}
        }
        known.union_with(&self.kept(step));
        known
    }

    /// What is there when the data break none of the rules that would stop a step as it is completed.
    fn kept(&self, step: &Step) -> FixedBitSet {
        let stops = |crack: &&Crack| crack.interrupts();
        let rules = step.cracks.values().filter(stops).filter_map(|crack| crack.when.as_ref());
        self.union(rules.map(|rule| self.known_by(rule, false)))
    }

    /// What is there when a choice has come to one of its branches, and when that is taken.
    fn known_at_branch(&self, step: &Step, index: usize, taken: bool) -> FixedBitSet {
        let (Kind::Choose(branches) | Kind::Some(branches)) = &step.kind else { return self.none() };
        // An inclusive choice asks each guard by itself, and comes to `otherwise` when none holds.
        let alone =
            matches!(step.kind, Kind::Some(_)) && branches.get(index).is_some_and(|branch| branch.when.is_some());
        let before = branches.iter().take(if alone { 0 } else { index.min(MOST_GUARDS) });
        let guards = |branch: &'_ Branch| branch.when.clone();
        let mut known = self.union(before.filter_map(guards).map(|guard| self.known_by(&guard, false)));
        let own = branches.get(index).filter(|_| taken).and_then(guards);
        own.iter().for_each(|guard| known.union_with(&self.known_by(guard, true)));
        known
    }

    /// What is known to be there where a step reads, by what it has asked before.
    pub fn known_where(&self, step: &Step, read: &Read) -> FixedBitSet {
        match (read.at.0.as_slice(), read.moment) {
            ([Segment::Key(choice), Segment::Index(branch), Segment::Key(part), ..], _)
                if *choice == step.kind.key() =>
            {
                self.union([self.known_at_branch(step, *branch, part == "sets"), self.kept(step)].into_iter())
            }
            // The rules of a step are asked before it sets anything, unless it does nothing else.
            ([Segment::Key(rule), ..], Moment::Completed) if rule == "cracks" => match step.kind {
                Kind::Assign | Kind::Decide(_) => self.writes(step),
                _ => self.set(step.writes.iter()),
            },
            (_, Moment::Completed) => self.union([self.kept(step), self.set(step.writes.iter())].into_iter()),
            ([Segment::Key(asked), ..], Moment::Reached) if asked == "while" => self.none(),
            (_, Moment::Reached) => match &step.again {
                Some(Again::While(guard)) => self.known_by(guard, true),
                _ => self.none(),
            },
        }
    }

    fn known_by(&self, guard: &Expression, holds: bool) -> FixedBitSet {
        let mut set = self.none();
        let Ok(compiled) = Expression::compile(&guard.0, self.schema) else { return set };
        let Known { holds: there, fails } = Known::by(&compiled.parts());
        let slots: Option<BTreeSet<u16>> = if holds { there } else { fails };
        slots.into_iter().flatten().filter_map(|slot| self.slot(slot)).for_each(|field| set.insert(field));
        set
    }

    fn union(&self, sets: impl Iterator<Item = FixedBitSet>) -> FixedBitSet {
        sets.fold(self.none(), |mut all, set| {
            all.union_with(&set);
            all
        })
    }
}

/// The field that an expression sets.
fn set_by(purpose: Purpose<'_>) -> Option<&str> {
    match purpose {
        Purpose::Set(field) => Some(field),
        _ => None,
    }
}

/// The number of a way on that has no name.
fn number(link: &Link) -> Option<usize> {
    link.id.split_once('#')?.1.parse().ok()
}

/// What is set besides on one way on from a step.
fn sets_on<'a>(step: &'a Step, link: &Link) -> Option<&'a indexmap::IndexMap<String, Expression>> {
    match (link.id.split_once('/'), &step.kind) {
        (Some((_, outcome)), _) => step.outcomes.get(outcome).map(|outcome| &outcome.sets),
        (None, Kind::Choose(branches) | Kind::Some(branches)) => branches.get(number(link)?).map(|branch| &branch.sets),
        (None, _) => None,
    }
}
