//! What the fields of a case may hold, as whole numbers: an unknown for the value of each, one for whether there is a value,
//! and back from numbers to values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::{Definition, Field, Type};
use grieta_core::expression::Part;
use grieta_core::value::{Bounds, Decimal, Value};
use grieta_core::{Date, Duration};

use super::formula::Formula;
use super::linear::{Is, Sum, Unknown};
use super::range::{Range, Taste};
use super::texts::Texts;

/// How many microseconds a day has.
pub(super) const DAY: i128 = 86_400_000_000;

/// How many billionths make one.
pub(super) const ONE: i128 = 1_000_000_000;

/// The day near which days are shown, 2026-01-01.
const NEAR: i128 = 20_454;

/// Whole numbers as they are; tens and more read no better than others.
const PLAIN: Taste = Taste { preferred: 0, steps: &[1] };

/// The unknowns of some guards.
pub(super) struct Fields<'p> {
    process: &'p Process,
    /// Fields that may be without a value.
    optional: &'p BTreeSet<u16>,
    pub texts: Texts,
    pub ranges: Vec<Range>,
    pub tastes: Vec<Taste>,
    values: BTreeMap<u16, Unknown>,
    presences: BTreeMap<u16, Unknown>,
    /// All fields that are looked at.
    read: BTreeSet<u16>,
}

impl<'p> Fields<'p> {
    /// The unknowns of all fields that these parts look at.
    pub fn of(process: &'p Process, optional: &'p BTreeSet<u16>, parts: &[Part]) -> Fields<'p> {
        let mut read = BTreeSet::new();
        parts.iter().for_each(|part| collect(part, &mut read));
        let texts = read.iter().filter(|slot| process.schema().field(**slot).is_some_and(|it| it.kind == Type::Text));
        let texts = Texts::among(parts, texts.count());
        let mut fields = Fields {
            process,
            optional,
            texts,
            ranges: Vec::new(),
            tastes: Vec::new(),
            values: BTreeMap::new(),
            presences: BTreeMap::new(),
            read: BTreeSet::new(),
        };
        for slot in &read {
            fields.declare(*slot);
        }
        fields.read = read;
        fields
    }

    fn declare(&mut self, slot: u16) {
        let Some(field) = self.process.schema().field(slot) else { return };
        if self.optional.contains(&slot) {
            let unknown = self.add(Range::between(0, 1), Taste { preferred: 1, ..PLAIN });
            self.presences.insert(slot, unknown);
        }
        let bits = Range::between(i64::MIN.into(), i64::MAX.into());
        let (range, taste) = match field.kind {
            Type::Boolean => (Range::between(0, 1), PLAIN),
            Type::Integer => (bits, PLAIN),
            Type::Decimal => (
                Range::ANY,
                Taste { preferred: 0, steps: &[ONE, ONE / 2, ONE / 10, ONE / 100, ONE / 1_000, ONE / 1_000_000, 1] },
            ),
            Type::Choice => (Range::between(0, field.of.len() as i128 - 1), PLAIN),
            Type::Date => (
                Range::between(Date::MIN.as_days().into(), Date::MAX.as_days().into()),
                Taste { preferred: NEAR, ..PLAIN },
            ),
            Type::Duration => {
                (bits, Taste { preferred: 0, steps: &[DAY, DAY / 24, DAY / 1_440, DAY / 86_400, 1_000, 1] })
            }
            Type::Text => (self.texts.range(), self.texts.taste()),
            Type::List(_) => return,
        };
        let unknown = self.add(range.within(declared(field)), taste);
        self.values.insert(slot, unknown);
    }

    /// A further unknown.
    pub fn add(&mut self, range: Range, taste: Taste) -> Unknown {
        self.ranges.push(range);
        self.tastes.push(taste);
        Unknown(self.ranges.len() - 1)
    }

    /// A further unknown that nothing is known of but its bounds.
    pub fn any(&mut self, range: Range) -> Unknown {
        self.add(range, PLAIN)
    }

    /// The unknown for the value of a field; `None` for lists.
    pub fn value(&self, slot: u16) -> Option<Unknown> {
        self.values.get(&slot).copied()
    }

    /// That the field has a value, or has none.
    pub fn has(&self, slot: u16, value: bool) -> Formula {
        match self.presences.get(&slot) {
            Some(unknown) => Formula::that(Sum { constant: -i128::from(value), ..Sum::of(*unknown) }, Is::Zero),
            None => Formula::known(value),
        }
    }

    /// Whether nothing that a part looks at can be absent.
    pub fn always_there(&self, part: &Part) -> bool {
        let mut read = BTreeSet::new();
        collect(part, &mut read);
        read.is_disjoint(self.optional)
    }

    pub fn kind(&self, slot: u16) -> Option<Type> {
        self.process.schema().field(slot).map(|field| field.kind)
    }

    /// The data that the numbers stand for. A field of which they say nothing has the plainest value of its type.
    pub fn data(&self, numbers: &[i128]) -> Option<Vec<Value>> {
        let texts = self.texts_of(numbers);
        let value = |slot: usize| {
            let slot = u16::try_from(slot).ok()?;
            if !self.read.contains(&slot) || self.presences.get(&slot).is_some_and(|unknown| numbers[unknown.0] == 0) {
                return Some(Value::Absent);
            }
            let kind = self.kind(slot)?;
            let Some(number) = self.value(slot).map(|unknown| numbers[unknown.0]) else {
                return Some(Value::plain(kind));
            };
            Some(match kind {
                Type::Boolean => Value::Boolean(number != 0),
                Type::Integer => Value::Integer(number.try_into().ok()?),
                Type::Decimal => Value::Decimal(Decimal::from_billionths(number)),
                Type::Choice => Value::Choice(number.try_into().ok()?),
                Type::Date => Value::Date(Date::from_days(number.try_into().ok()?)?),
                Type::Duration => Value::Duration(Duration::from_micros(number.try_into().ok()?)),
                Type::Text => Value::Text(texts.get(&number)?.clone()),
                Type::List(_) => Value::plain(kind),
            })
        };
        (0..self.process.schema().len()).map(value).collect()
    }

    /// A text for each number that stands for one.
    fn texts_of(&self, numbers: &[i128]) -> BTreeMap<i128, Arc<str>> {
        let texts = self.values.iter().filter(|(slot, _)| self.kind(**slot) == Some(Type::Text));
        self.texts.at(texts.map(|(_, unknown)| numbers[unknown.0]))
    }

    /// The values of the fields that are looked at, as one writes them.
    pub fn show(&self, data: &[Value]) -> String {
        let shown = self.read.iter().filter_map(|slot| {
            let schema = self.process.schema();
            let (name, field) = (schema.name(*slot)?, schema.field(*slot)?);
            let value = data.get(usize::from(*slot))?;
            Some(match value {
                Value::Absent => format!("`{name}` absent"),
                Value::Text(_) | Value::Choice(_) | Value::Date(_) | Value::Duration(_) => {
                    format!("`{name} = \"{}\"`", value.show(field))
                }
                _ => format!("`{name} = {}`", value.show(field)),
            })
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

/// The bounds that a field declares.
fn declared(field: &Field) -> Range {
    let Bounds { least, most } = Bounds::of(field);
    Range { least: least.as_ref().and_then(number), most: most.as_ref().and_then(number) }
}

/// The number that stands for a value, whatever the texts are among which it is found.
pub(super) fn number(value: &Value) -> Option<i128> {
    Some(match value {
        Value::Integer(number) => (*number).into(),
        Value::Decimal(number) => number.billionths(),
        Value::Date(day) => day.as_days().into(),
        Value::Duration(duration) => duration.as_micros().into(),
        Value::Choice(position) => (*position).into(),
        _ => return None,
    })
}

/// The slots that may be without a value: fields that are neither required nor have an initial one, and those that whoever
/// completes a step may empty.
pub(super) fn optional(process: &Process) -> BTreeSet<u16> {
    let Definition { data, steps, .. } = process.definition();
    let emptied = |name: &String| steps.values().any(|step| step.writes.contains(name));
    let may_miss = data.iter().filter(|(name, field)| !field.required && field.initial.is_none() || emptied(name));
    may_miss.filter_map(|(name, _)| process.schema().slot(name)).collect()
}

/// The fields that a part looks at.
fn collect(part: &Part, read: &mut BTreeSet<u16>) {
    if let Part::Field(slot) | Part::Has(slot) = part {
        read.insert(*slot);
    }
    part.children().into_iter().for_each(|child| collect(child, read));
}
