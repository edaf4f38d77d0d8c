//! Whatever is tried with a case of a random definition: it is the fold of its events, no token is lost, and what is
//! refused changes nothing.

#![no_main]

// The same definitions and the same checks as in the tests.
#[path = "../../crates/core/tests/support/explained.rs"]
mod explained;
#[path = "../../crates/core/tests/support/random.rs"]
mod random;
#[path = "../../crates/core/tests/support/run.rs"]
mod run;
#[path = "../../crates/core/tests/support/whole.rs"]
mod whole;

use grieta_core::Date;
use grieta_core::value::Value;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use random::{Draft, Element, Recipe, Shape, Trouble, Watch};
use run::{Attempt, Datum, Run};

/// More attempts than this teach nothing new about a dozen steps.
const MOST_ATTEMPTS: usize = 100;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    if let Ok((draft, size, attempts)) = scenario(&mut bytes) {
        Run::through(draft.definition(), size, &attempts);
    }
});

/// What the bytes say; when there are none left, nothing more is tried.
fn scenario(bytes: &mut Unstructured) -> Result<(Draft, i64, Vec<Attempt>)> {
    let (steps, size) = (recipe(bytes, 12, 2)?, bytes.int_in_range(-1..=5)?);
    let (cracks, clocks) = (some(bytes, trouble)?, some(bytes, watch)?);
    let draft = Draft { steps, cracks, clocks, eyes: some(bytes, number)? };
    let mut attempts = Vec::new();
    while !bytes.is_empty() && attempts.len() < MOST_ATTEMPTS {
        attempts.push(attempt(bytes)?);
    }
    Ok((draft, size, attempts))
}

/// So many elements at most, with steps inside steps so deep.
fn recipe(bytes: &mut Unstructured, most: usize, depth: usize) -> Result<Recipe> {
    let count = bytes.int_in_range(1..=most)?;
    (0..count).map(|_| element(bytes, depth)).collect::<Result<_>>().map(Recipe)
}

fn element(bytes: &mut Unstructured, depth: usize) -> Result<Element> {
    Ok(Element {
        shape: shape(bytes, depth)?,
        first: bytes.int_in_range(0..=2)?,
        others: some(bytes, number)?,
        sets: maybe(bytes, 2)?,
        cracks: some(bytes, trouble)?,
        gate: maybe(bytes, 5)?,
        again: maybe(bytes, 8)?,
        undo: maybe(bytes, 4)?,
    })
}

fn watch(bytes: &mut Unstructured) -> Result<Watch> {
    let (from, until, pause) = (maybe(bytes, 2)?, maybe(bytes, 2)?, maybe(bytes, 2)?);
    Ok(Watch { from, until, pause, detail: number(bytes)? })
}

fn shape(bytes: &mut Unstructured, depth: usize) -> Result<Shape> {
    let inner = |bytes: &mut Unstructured| match depth {
        0 => Ok(Recipe::default()),
        _ => recipe(bytes, 3, depth - 1),
    };
    Ok(match bytes.int_in_range(0..=16)? {
        0 => Shape::Human(bytes.arbitrary()?),
        1 => Shape::Service,
        2 => Shape::Party,
        3 => Shape::Pause,
        4 => Shape::Receive,
        5 => Shape::Call,
        6 => Shape::Assign,
        7 => Shape::Send,
        8 => Shape::Cancel,
        9 => Shape::Choose(bytes.arbitrary()?),
        10 => Shape::Some(bytes.arbitrary()?),
        11 => Shape::Fork,
        12 => Shape::Join(number(bytes)?),
        13 => Shape::Block(number(bytes)?),
        14 => Shape::Race,
        15 => Shape::Subprocess(inner(bytes)?),
        _ => Shape::ForEach(number(bytes)?, inner(bytes)?),
    })
}

fn trouble(bytes: &mut Unstructured) -> Result<Trouble> {
    Ok(Trouble {
        on: bytes.int_in_range(0..=4)?,
        answer: bytes.int_in_range(0..=12)?,
        then: maybe(bytes, 2)?,
        interrupts: bytes.arbitrary()?,
        recover: number(bytes)?,
        detail: number(bytes)?,
    })
}

fn attempt(bytes: &mut Unstructured) -> Result<Attempt> {
    Ok(match bytes.int_in_range(0..=25)? {
        0..=4 => Attempt::Carry(number(bytes)?, some(bytes, datum)?),
        5 => Attempt::Begin(number(bytes)?, person(bytes)?),
        6 => Attempt::Complete(number(bytes)?, number(bytes)?, some(bytes, datum)?),
        7 | 8 => Attempt::Strike(number(bytes)?, number(bytes)?),
        9 | 10 => Attempt::Wait,
        11 => Attempt::Timer(number(bytes)?),
        12 => Attempt::Add(number(bytes)?),
        13 => Attempt::Start(some(bytes, datum)?),
        14 => Attempt::Nonsense(u16::from(bytes.arbitrary::<u8>()?), bytes.arbitrary()?),
        15 => Attempt::Allocate(number(bytes)?, bytes.int_in_range(0..=2)?),
        16 => Attempt::Offer(number(bytes)?, person(bytes)?),
        17 => Attempt::Suspend(number(bytes)?),
        18 => Attempt::Resume(number(bytes)?),
        19 => Attempt::Presence(number(bytes)?, bytes.arbitrary()?),
        20 => Attempt::Fail(number(bytes)?),
        21 => Attempt::Skip(number(bytes)?, number(bytes)?),
        22 | 23 => Attempt::Resolve(number(bytes)?, number(bytes)?, number(bytes)?),
        24 => Attempt::Change(some(bytes, datum)?),
        _ if bytes.ratio(1, 4)? => Attempt::Cancel(bytes.arbitrary()?),
        _ => Attempt::Back,
    })
}

/// The number of a person or role, or none.
fn person(bytes: &mut Unstructured) -> Result<Option<u16>> {
    if bytes.arbitrary()? { bytes.int_in_range(0..=2).map(Some) } else { Ok(None) }
}

fn datum(bytes: &mut Unstructured) -> Result<Datum> {
    let field = bytes.int_in_range(0..=5)?;
    Ok(Datum(
        field,
        match bytes.int_in_range(0..=8)? {
            0..=2 => Value::Integer(bytes.int_in_range(-2..=8)?),
            3..=4 => Value::Boolean(bytes.arbitrary()?),
            5 => Value::Absent,
            6 => Value::Integer(i64::MAX),
            7 => Date::from_days(bytes.int_in_range(-9..=9)?).unwrap_or_default().into(),
            _ => Value::from("text"),
        },
    ))
}

/// A number of one byte: enough to choose among what there is.
fn number(bytes: &mut Unstructured) -> Result<usize> {
    bytes.arbitrary::<u8>().map(usize::from)
}

/// A number once in so many times.
fn maybe(bytes: &mut Unstructured, times: u8) -> Result<Option<usize>> {
    if bytes.ratio(1, times)? { number(bytes).map(Some) } else { Ok(None) }
}

/// None, one or two of them.
fn some<T>(bytes: &mut Unstructured, each: impl Fn(&mut Unstructured) -> Result<T>) -> Result<Vec<T>> {
    (0..bytes.int_in_range(0..=2)?).map(|_| each(bytes)).collect()
}
