//! Random values of the declared types: those that matter to the definition, and any others.

use std::collections::BTreeSet;

use grieta_core::definition::{Definition, Field, Kind, Type};
use grieta_core::value::{Bounds, Decimal, Value};
use grieta_core::{Date, Duration, Process, StepIx};
use grieta_runtime::Data;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::notable;

/// No more values that matter are looked at, of one field.
const MOST_NOTABLE: usize = 64;

/// Lists have no more elements.
const MOST_ELEMENTS: usize = 4;

/// Data with which a case of the process can start: all required fields, and some of the others that somebody may know by
/// then. As often as not a value is one that matters: what a guard or a table compares the field with, its bounds, or what
/// lies one unit beside.
///
/// ```
/// use grieta_core::Process;
/// use grieta_testkit::random;
/// use proptest::prelude::*;
///
/// let file = "
/// process: orders
/// version: 1.0.0
/// start: large
/// data: { amount: { type: integer, required: true, at-least: 0 } }
/// steps:
///   large: { choose: [{ when: amount > 500, to: refused }, { otherwise: done }] }
///   refused: { end: {} }
///   done: { end: {} }
/// ";
/// let process = Process::read("orders.yaml", file.as_bytes())?;
/// proptest!(|(data in random::data(&process))| {
///     prop_assert_eq!(data.iter().count(), 1);
/// });
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
pub fn data(process: &Process) -> impl Strategy<Value = Data> + use<> {
    let given = Values::of(process).start;
    let fields = given.into_iter().map(|given| {
        let field = given.field;
        let named = move |value| (field.clone(), value);
        match given.sure {
            true => given.value.prop_map(move |value| Some(named(value))).sboxed(),
            false => proptest::option::of(given.value.prop_map(named)).sboxed(),
        }
    });
    fields.collect::<Vec<_>>().prop_map(|fields| Data::from(fields.into_iter().flatten().collect::<Vec<_>>()))
}

/// Values that a field may hold; a choice as its position. Numbers without bounds are small, durations are of up to a month,
/// dates lie within ten years of 2026.
///
/// ```
/// use grieta_core::definition::{Field, Type};
/// use grieta_testkit::random;
/// use proptest::prelude::*;
///
/// let score = Field::of(Type::Integer).at_least("0").at_most("100");
/// proptest!(|(value in random::value(&score))| {
///     prop_assert!(value.fits(&score));
/// });
/// ```
pub fn value(field: &Field) -> impl Strategy<Value = Value> + use<> {
    among(field, &notable(field, &[]))
}

/// How the data of a process are drawn.
#[derive(Debug)]
pub(crate) struct Values {
    /// What a case can start with.
    pub start: Vec<Given>,
    /// By step, what its completion brings.
    steps: Vec<Vec<Given>>,
    /// By field, the values that matter, the plainest first.
    notable: Vec<(String, Vec<Value>)>,
}

/// A field that is given a value.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub field: String,
    pub value: SBoxedStrategy<Value>,
    /// Whether it is always given.
    sure: bool,
}

impl Values {
    pub fn of(process: &Process) -> Values {
        let definition = process.definition();
        let mut constants = notable::constants(process);
        let mut fields = Vec::new();
        for (name, field) in &definition.data {
            let notable = notable(field, &constants.remove(name).unwrap_or_default());
            let told: Vec<Value> = notable.iter().map(|value| value.told(field)).collect();
            let own = field.clone();
            fields.push((name.clone(), told, among(field, &notable).prop_map(move |value| value.told(&own)).sboxed()));
        }
        let given = |name: &str, sure: bool| {
            let (field, _, value) = fields.iter().find(|(known, ..)| known == name)?;
            Some(Given { field: field.clone(), value: value.clone(), sure })
        };
        let steps = definition.steps.values();
        let steps = steps.map(|step| step.writes.iter().filter_map(|name| given(name, true)).collect()).collect();
        let known = definition.data.iter().filter(|(name, field)| is_known_at_start(definition, name, field));
        let start = known.filter_map(|(name, field)| given(name, field.required)).collect();
        Values { start, steps, notable: fields.into_iter().map(|(name, told, _)| (name, told)).collect() }
    }

    /// What the completion of a step brings.
    pub fn of_step(&self, step: StepIx) -> &[Given] {
        self.steps.get(usize::from(step.0)).map_or(&[], Vec::as_slice)
    }

    /// The values of a field that matter, the plainest first.
    pub fn notable(&self, field: &str) -> &[Value] {
        self.notable.iter().find(|(known, _)| known == field).map_or(&[], |(_, values)| values.as_slice())
    }
}

/// Of so many fields that should be given, a faulty environment leaves one out.
const LEFT_OUT: u32 = 8;

/// Draws data.
pub(crate) fn draw(given: &[Given], faulty: bool, runner: &mut TestRunner) -> Data {
    let mut fields = Vec::new();
    for Given { field, value, sure } in given {
        let is_given = match sure {
            true => !faulty || !runner.rng().next_u32().is_multiple_of(LEFT_OUT),
            false => runner.rng().next_u32().is_multiple_of(2),
        };
        if is_given {
            fields.extend(value.new_tree(runner).map(|tree| (field.clone(), tree.current())));
        }
    }
    Data::from(fields)
}

/// The same as other data but for one field, which is drawn.
pub(crate) fn draw_one(given: &[Given], other: &Data, runner: &mut TestRunner) -> Data {
    let drawn = runner.rng().next_u32() as usize;
    let Some(changed) = drawn.checked_rem(given.len()).and_then(|at| given.get(at)) else { return other.clone() };
    let rest = other.iter().filter(|(field, _)| *field != changed.field);
    let mut fields: Vec<(String, Value)> = rest.map(|(field, value)| (field.to_owned(), value.clone())).collect();
    if let Some(value) = draw(std::slice::from_ref(changed), false, runner).iter().next() {
        fields.push((value.0.to_owned(), value.1.clone()));
    }
    Data::from(fields)
}

/// Whether a case may start with a value: a required one, or one that the process does not work out, and that is not
/// brought later by somebody unless it has a value before.
fn is_known_at_start(definition: &Definition, name: &str, field: &Field) -> bool {
    let written = || definition.steps.values().any(|step| step.writes.iter().any(|written| written == name));
    let worked_out: BTreeSet<&str> = definition.steps.values().flat_map(worked_out).collect();
    let decided = definition.decisions.values().any(|decision| decision.outputs.iter().any(|output| output == name));
    field.required || !(worked_out.contains(name) || decided) && (field.initial.is_some() || !written())
}

/// The fields that a step sets by itself.
fn worked_out(step: &grieta_core::definition::Step) -> impl Iterator<Item = &str> {
    let branches = match &step.kind {
        Kind::Choose(branches) | Kind::Some(branches) => branches.as_slice(),
        _ => &[],
    };
    let sets = step.outcomes.values().map(|outcome| &outcome.sets).chain(branches.iter().map(|branch| &branch.sets));
    step.sets.keys().chain(sets.flat_map(|sets| sets.keys())).map(String::as_str)
}

/// Values of the field that matter as often as any others.
fn among(field: &Field, notable: &[Value]) -> SBoxedStrategy<Value> {
    match (field.element(), notable) {
        (Some(element), notable) => {
            let element = among(&element, notable);
            proptest::collection::vec(element, 0..=MOST_ELEMENTS).prop_map(|values| Value::List(values.into())).sboxed()
        }
        (None, []) => anything(field),
        (None, notable) => prop_oneof![select(notable.to_vec()), anything(field)].sboxed(),
    }
}

/// The values of a field, or of its elements, that matter, the plainest first: the plainest of the type, bounds, constants,
/// and what lies one unit beside.
fn notable(field: &Field, constants: &[Value]) -> Vec<Value> {
    let own = field.element().unwrap_or_else(|| field.clone());
    let Bounds { least, most } = Bounds::of(&own);
    // Nobody calls anything by an empty text, but it may come.
    let letter = (own.kind == Type::Text).then(|| Value::from("a"));
    let mut found: Vec<Value> = letter.into_iter().chain([Value::plainest(&own)]).collect();
    for value in least.iter().chain(&most).chain(constants) {
        let beside = Measure::of(own.kind).and_then(|measure| Some((measure, number(value)?)));
        let beside = beside.into_iter().flat_map(|(measure, number)| {
            [number - measure.unit, number + measure.unit].into_iter().filter_map(move |number| measure.value(number))
        });
        found.extend(std::iter::once(value.clone()).chain(beside));
    }
    let mut known = Vec::new();
    found.retain(|value| {
        let new = value.fits(&own) && !known.contains(value);
        known.extend(new.then(|| value.clone()));
        new
    });
    if let Some(others) = found.get_mut(1..) {
        others.sort_by_key(|value| number(value).map(i128::unsigned_abs));
    }
    found.truncate(MOST_NOTABLE);
    found
}

/// Any value of a field that is no list.
fn anything(field: &Field) -> SBoxedStrategy<Value> {
    match field.kind {
        Type::Boolean => any::<bool>().prop_map(Value::from).sboxed(),
        Type::Choice => (0..u16::try_from(field.of.len()).unwrap_or(u16::MAX).max(1)).prop_map(Value::Choice).sboxed(),
        Type::Text => {
            let letters = proptest::collection::vec(proptest::char::range('a', 'z'), 0..=6);
            letters.prop_map(|letters| Value::from(letters.into_iter().collect::<String>().as_str())).sboxed()
        }
        kind => match Measure::of(kind) {
            Some(measure) => measure.within(&Bounds::of(field)),
            None => Just(Value::plain(kind)).sboxed(),
        },
    }
}

/// How values with an order are counted.
#[derive(Debug, Clone, Copy)]
struct Measure {
    kind: Type,
    /// What counts as one: a whole, a hundredth, a day, a minute.
    unit: i128,
    /// What is likely where there are no bounds, from and to.
    likely: [i128; 2],
}

/// The first day of 2026.
const NEW_YEAR: i128 = 20_454;

impl Measure {
    fn of(kind: Type) -> Option<Measure> {
        let (unit, likely) = match kind {
            Type::Integer => (1, [-10, 1_000]),
            Type::Decimal => (10_000_000, [-10_000_000_000, 1_000_000_000_000]),
            Type::Date => (1, [NEW_YEAR - 3_650, NEW_YEAR + 3_650]),
            Type::Duration => (Duration::MINUTE.as_micros().into(), [0, 30 * i128::from(Duration::DAY.as_micros())]),
            _ => return None,
        };
        Some(Measure { kind, unit, likely })
    }

    /// Values between bounds; where one is missing, as far from the other as is likely.
    fn within(self, bounds: &Bounds) -> SBoxedStrategy<Value> {
        let [from, to] = self.likely;
        let (from, to) = match (bounds.least.as_ref().and_then(number), bounds.most.as_ref().and_then(number)) {
            (Some(least), Some(most)) => (least, most),
            (Some(least), None) => (least, least + (to - from)),
            (None, Some(most)) => (most - (to - from), most),
            (None, None) => (from, to),
        };
        let steps = i64::try_from((to - from).max(0) / self.unit).unwrap_or(i64::MAX);
        let few = steps.min(10);
        let near = if from <= 0 && to >= 0 { 0 } else { from };
        let value = move |number: i128| self.value(number.clamp(from, to)).unwrap_or_default();
        let close = (0..=few).prop_map(move |step| value(near + i128::from(step) * self.unit));
        let far = (0..=steps).prop_map(move |step| value(from + i128::from(step) * self.unit));
        prop_oneof![close, far].sboxed()
    }

    fn value(self, number: i128) -> Option<Value> {
        Some(match self.kind {
            Type::Integer => Value::Integer(number.try_into().ok()?),
            Type::Decimal => Value::Decimal(Decimal::from_billionths(number)),
            Type::Date => Value::Date(Date::from_days(number.try_into().ok()?)?),
            Type::Duration => Value::Duration(Duration::from_micros(number.try_into().ok()?)),
            _ => return None,
        })
    }
}

/// The number that stands for a value with an order.
fn number(value: &Value) -> Option<i128> {
    Some(match value {
        Value::Integer(number) => (*number).into(),
        Value::Decimal(number) => number.billionths(),
        Value::Date(day) => day.as_days().into(),
        Value::Duration(duration) => duration.as_micros().into(),
        _ => return None,
    })
}
