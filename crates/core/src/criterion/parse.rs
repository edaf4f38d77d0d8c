//! Reads the sentence of a criterion: `measure < bound`, or `measure in [low, high]`.

use crate::definition::{Period, Span, Unit};

use super::Misread;

/// A sentence that was understood; what it names may still be missing in the process.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// What is measured.
    pub measure: Call,
    /// Where it is to lie.
    pub demand: Demand,
}

/// A measure, as in `p90(cycle_time, won)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The word before the brackets.
    pub name: String,
    /// What stands in the brackets; at least one name.
    pub of: Vec<String>,
}

/// Between which bounds a figure is to lie. There is at least one; both are of the same kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// What it is to be above.
    pub low: Option<Bound>,
    /// What it is to be below.
    pub high: Option<Bound>,
}

/// An end of what is demanded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Its value.
    pub quantity: Quantity,
    /// Whether the figure may lie on it.
    pub included: bool,
}

/// What a bound is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A length of time, and the word of its unit as it was written.
    Time(Span, &'static str),
    /// A number; a share between 0 and 1.
    Number(f64),
    /// So many in a period.
    Rate(f64, Period),
}

impl Demand {
    /// One of its bounds, of whose kind the other one is too.
    pub fn kind(self) -> Option<Quantity> {
        self.low.or(self.high).map(|bound| bound.quantity)
    }
}

const SENTENCE: &str = "a sentence such as `p90(cycle_time) < 2 bd` or `share(won) in [2%, 5%]`";

/// The ways to compare, the longer ones first.
const COMPARISONS: [&str; 5] = ["<=", ">=", "<", ">", "in"];

/// Reads a sentence: `measure < bound`, or `measure in [low, high]`.
///
/// # Errors
/// What was expected and found, and the remedy.
pub fn sentence(text: &str) -> Result<Sentence, Misread> {
    let text = text.trim();
    let (Some(open), Some(close)) = (text.find('('), text.find(')')) else {
        return Err(Misread::expected(SENTENCE, text));
    };
    if close < open {
        return Err(Misread::expected(SENTENCE, text));
    }
    let (name, of, rest) = (text[..open].trim(), &text[open + 1..close], text[close + 1..].trim());
    let of: Vec<String> = of.split(',').map(|name| name.trim().to_owned()).collect();
    if name.is_empty() || of.iter().any(|name| name.is_empty() || name.contains(['(', ' '])) {
        let what = "a measure with what it is of, such as `p90(cycle_time)` or `share(won)`";
        return Err(Misread::expected(what, &text[..=close]));
    }
    let measure = Call { name: name.to_owned(), of };
    Ok(Sentence { measure, demand: demand(rest)? })
}

fn demand(text: &str) -> Result<Demand, Misread> {
    let Some(comparison) = COMPARISONS.into_iter().find(|comparison| text.starts_with(comparison)) else {
        let equal = text.starts_with(['=', '≈']);
        let misread = Misread::expected("`<`, `<=`, `>`, `>=` or `in` after the measure", text);
        return Err(match equal {
            true => misread.help("no figure of a simulation equals a number: say between which it lies, `in [2%, 5%]`"),
            false => misread.help("write for example `< 2 bd` or `in [2%, 5%]`"),
        });
    };
    let bound = text[comparison.len()..].trim();
    let one = |included: bool| Ok::<_, Misread>(Some(Bound { quantity: quantity(bound)?, included }));
    Ok(match comparison {
        "<" => Demand { low: None, high: one(false)? },
        "<=" => Demand { low: None, high: one(true)? },
        ">" => Demand { low: one(false)?, high: None },
        ">=" => Demand { low: one(true)?, high: None },
        _ => range(bound)?,
    })
}

/// `[low, high]`, both ends included.
fn range(text: &str) -> Result<Demand, Misread> {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).and_then(|text| text.split_once(','));
    let Some((low, high)) = inside.filter(|(_, high)| !high.contains(',')) else {
        return Err(Misread::expected("two bounds after `in`, such as `[2%, 5%]`", text));
    };
    let ends = (quantity(low.trim())?, quantity(high.trim())?);
    let in_order = match ends {
        (Quantity::Time(low, _), Quantity::Time(high, _)) if low.unit == high.unit => low.amount <= high.amount,
        (Quantity::Number(low), Quantity::Number(high)) => low <= high,
        (Quantity::Rate(low, one), Quantity::Rate(high, other)) if one == other => low <= high,
        _ => {
            let misread = Misread::expected("two bounds of the same kind", text);
            return Err(misread.help("write both as shares, or both as times in the same unit: `[1 bd, 2 bd]`"));
        }
    };
    if !in_order {
        return Err(Misread::expected("the lower bound first", text));
    }
    let bound = |quantity: Quantity| Some(Bound { quantity, included: true });
    Ok(Demand { low: bound(ends.0), high: bound(ends.1) })
}

/// A share, a number, or a length of time.
fn quantity(text: &str) -> Result<Quantity, Misread> {
    if let Some((amount, per)) = text.split_once(" per ") {
        let known = Period::ALL.iter().find(|(word, _)| *word == per.trim());
        return match (quantity(amount.trim())?, known) {
            (Quantity::Number(amount), Some((_, per))) => Ok(Quantity::Rate(amount, *per)),
            _ => Err(Misread::expected(
                "so many in a period, such as `20 per business-day`, `2 per hour` or `5 per day`",
                text,
            )),
        };
    }
    let (digits, size) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), 100.0),
        None => (text, 1.0),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if let Some(number) = digits.parse::<f64>().ok().filter(|number| plain && number.is_finite()) {
        return Ok(Quantity::Number(number / size));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('%') {
        let unit = UNITS.into_iter().find(|unit| text.ends_with(unit)).unwrap_or("s");
        let span = text.parse().map_err(|message| Misread { message, help: None });
        return span.map(|span| Quantity::Time(span, unit));
    }
    let what = "a bound: a share such as `5%`, a time such as `2 bd` or `4 h`, or a number";
    Err(Misread::expected(what, text))
}

/// The words for units of time.
const UNITS: [&str; 8] = ["bmin", "bh", "bd", "min", "s", "h", "d", "w"];

pub(super) fn is_business(span: Span) -> bool {
    span.unit != Unit::Elapsed
}
