//! How long something takes, or what a number may be, when the simulator has to imagine it.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::quantity::{Span, Unit};
use crate::diagnostic::nearest;

/// A probability distribution over lengths of time or over plain numbers.
///
/// Written as `6 min`, `uniform(1 h, 2 h)`, `triangular(0.5 bd, 1 bd, 2 bd)`, `exponential(5 min)`,
/// `lognormal(6 min, cv 0.7)`, `gamma(6 min, cv 0.7)`, `weibull(6 min, shape 1.5)`, `empirical(3 min, 4 min, 9 min)`,
/// `min(exponential(1 bd), 2 bd)` or `max(…, …)`. Means are means: `lognormal(6 min, cv 0.7)` has mean 6 min and
/// coefficient of variation 0.7.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Distribution {
    /// What the numbers of the shape count, in base units of [`Unit`]; `None` for plain numbers.
    pub unit: Option<Unit>,
    /// The shape.
    pub shape: Shape,
}

/// The shape of a distribution. Numbers are in base units: microseconds, or millionths of a working day.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Always the same.
    Constant(f64),
    /// Anything from low to high alike.
    Uniform {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
    },
    /// Rising from low to mode, falling to high.
    Triangular {
        /// The least value.
        low: f64,
        /// The most likely value.
        mode: f64,
        /// The greatest value.
        high: f64,
    },
    /// Without memory.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// Its logarithm is normal: the shape of human work.
    Lognormal {
        /// The mean of the values themselves, not of their logarithms.
        mean: f64,
        /// Standard deviation divided by mean.
        cv: f64,
    },
    /// Sums of exponentials and all between.
    Gamma {
        /// The mean.
        mean: f64,
        /// Standard deviation divided by mean.
        cv: f64,
    },
    /// Times to failure.
    Weibull {
        /// The mean.
        mean: f64,
        /// Below 1: early failures; above 1: wear.
        shape: f64,
    },
    /// One of the values seen, all alike.
    Empirical(Vec<f64>),
    /// The smaller of two independent draws.
    Min(Box<Shape>, Box<Shape>),
    /// The greater of two independent draws.
    Max(Box<Shape>, Box<Shape>),
}

impl Distribution {
    /// Always that long.
    pub fn constant(span: Span) -> Distribution {
        Distribution { unit: Some(span.unit), shape: Shape::Constant(span.amount as f64) }
    }

    /// Exponential with that mean.
    pub fn exponential(mean: Span) -> Distribution {
        Distribution { unit: Some(mean.unit), shape: Shape::Exponential { mean: mean.amount as f64 } }
    }

    /// Lognormal with that mean and coefficient of variation.
    pub fn lognormal(mean: Span, cv: f64) -> Distribution {
        Distribution { unit: Some(mean.unit), shape: Shape::Lognormal { mean: mean.amount as f64, cv } }
    }

    /// What was probably meant by a text that is no distribution: another name, or another unit.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let Some((name, rest)) = text.split_once('(') else { return Span::meant(text) };
        let meant = format!("{}({rest}", nearest(name.trim(), NAMES)?);
        meant.parse::<Distribution>().ok().map(|_| meant)
    }
}

/// The names of the shapes.
const NAMES: [&str; 10] =
    ["constant", "uniform", "triangular", "exponential", "lognormal", "gamma", "weibull", "empirical", "min", "max"];

/// A distribution may nest `min` and `max` this deep.
const DEEPEST: usize = 16;

impl FromStr for Distribution {
    type Err = String;

    fn from_str(text: &str) -> Result<Distribution, String> {
        let mut unit = None;
        let shape = parse(text, &mut unit, 0)?;
        Ok(Distribution { unit: unit.flatten(), shape })
    }
}

/// What all numbers of one distribution must agree on: nothing seen yet, or plain numbers, or a unit.
type Agreed = Option<Option<Unit>>;

fn parse(text: &str, unit: &mut Agreed, depth: usize) -> Result<Shape, String> {
    let text = text.trim();
    if depth > DEEPEST {
        return Err(format!("`min` and `max` are nested more than {DEEPEST} deep"));
    }
    let Some(open) = text.find('(') else { return value(text, unit).map(Shape::Constant) };
    let inner =
        text[open + 1..].strip_suffix(')').ok_or_else(|| format!("expected a closing `)` at the end of `{text}`"))?;
    let parts = split(inner)?;
    let name = text[..open].trim();
    let shape = match (name, parts.as_slice()) {
        ("constant", [only]) => Shape::Constant(value(only, unit)?),
        ("uniform", [low, high]) => Shape::Uniform { low: value(low, unit)?, high: value(high, unit)? },
        ("triangular", [low, mode, high]) => {
            Shape::Triangular { low: value(low, unit)?, mode: value(mode, unit)?, high: value(high, unit)? }
        }
        ("exponential", [mean]) => Shape::Exponential { mean: value(mean, unit)? },
        ("lognormal", [mean, cv]) => Shape::Lognormal { mean: value(mean, unit)?, cv: named("cv", cv)? },
        ("gamma", [mean, cv]) => Shape::Gamma { mean: value(mean, unit)?, cv: named("cv", cv)? },
        ("weibull", [mean, shape]) => Shape::Weibull { mean: value(mean, unit)?, shape: named("shape", shape)? },
        ("empirical", values) => Shape::Empirical(values.iter().map(|v| value(v, unit)).collect::<Result<_, _>>()?),
        ("min", [a, b]) => Shape::Min(Box::new(parse(a, unit, depth + 1)?), Box::new(parse(b, unit, depth + 1)?)),
        ("max", [a, b]) => Shape::Max(Box::new(parse(a, unit, depth + 1)?), Box::new(parse(b, unit, depth + 1)?)),
        _ => return Err(wrong_call(name, parts.len())),
    };
    possible(&shape).map(|()| shape)
}

fn wrong_call(name: &str, found: usize) -> String {
    let signature = match name {
        "constant" => "constant(6 min)",
        "uniform" => "uniform(low, high)",
        "triangular" => "triangular(low, mode, high)",
        "exponential" => "exponential(mean)",
        "lognormal" => "lognormal(mean, cv 0.7)",
        "gamma" => "gamma(mean, cv 0.7)",
        "weibull" => "weibull(mean, shape 1.5)",
        "min" | "max" => "min(one, other)",
        _ => {
            return format!("there is no distribution `{name}`; there are {}", NAMES.join(", "));
        }
    };
    format!("`{name}` is written `{signature}`, found {found} part(s)")
}

/// The parts between commas that stand outside inner parentheses.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or_else(|| format!("a `)` too many in `{text}`"))?,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    Ok(parts)
}

fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    text.parse().ok().filter(|value: &f64| plain && value.is_finite())
}

fn value(text: &str, unit: &mut Agreed) -> Result<f64, String> {
    let text = text.trim();
    let (found, amount) = match number(text) {
        Some(plain) => (None, plain),
        None => text.parse::<Span>().map(|span| (Some(span.unit), span.amount as f64))?,
    };
    match *unit.get_or_insert(found) {
        agreed if agreed == found => Ok(amount),
        _ => Err(format!(
            "one distribution must keep to elapsed time, to `bh` or to `bd`; `{text}` differs from the rest"
        )),
    }
}

fn named(name: &str, text: &str) -> Result<f64, String> {
    let text = text.trim();
    text.strip_prefix(name)
        .and_then(|rest| number(rest.trim()))
        .ok_or_else(|| format!("expected `{name}` and a number, as in `{name} 0.7`, found `{text}`"))
}

fn possible(shape: &Shape) -> Result<(), String> {
    let must = |condition: bool, rule: &str| if condition { Ok(()) } else { Err(rule.to_owned()) };
    match shape {
        Shape::Constant(_) | Shape::Min(..) | Shape::Max(..) => Ok(()),
        Shape::Uniform { low, high } => must(low <= high, "`uniform(low, high)` needs low ≤ high"),
        Shape::Triangular { low, mode, high } => {
            must(low <= mode && mode <= high, "`triangular(low, mode, high)` needs low ≤ mode ≤ high")
        }
        Shape::Exponential { mean } => must(*mean > 0.0, "`exponential` needs a mean above 0"),
        Shape::Lognormal { mean, cv } | Shape::Gamma { mean, cv } => {
            must(*mean > 0.0 && (0.01..=100.0).contains(cv), "needs a mean above 0 and a `cv` between 0.01 and 100")
        }
        Shape::Weibull { mean, shape } => must(
            *mean > 0.0 && (0.1..=100.0).contains(shape),
            "`weibull` needs a mean above 0 and a `shape` between 0.1 and 100",
        ),
        Shape::Empirical(values) => must(!values.is_empty(), "`empirical` needs at least one value"),
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.shape, self.unit, f)
    }
}

fn show(shape: &Shape, unit: Option<Unit>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = |amount: f64| match unit {
        Some(unit) => Span { amount: amount as i64, unit }.to_string(),
        None => amount.to_string(),
    };
    match shape {
        Shape::Constant(only) => f.write_str(&value(*only)),
        Shape::Uniform { low, high } => write!(f, "uniform({}, {})", value(*low), value(*high)),
        Shape::Triangular { low, mode, high } => {
            write!(f, "triangular({}, {}, {})", value(*low), value(*mode), value(*high))
        }
        Shape::Exponential { mean } => write!(f, "exponential({})", value(*mean)),
        Shape::Lognormal { mean, cv } => write!(f, "lognormal({}, cv {cv})", value(*mean)),
        Shape::Gamma { mean, cv } => write!(f, "gamma({}, cv {cv})", value(*mean)),
        Shape::Weibull { mean, shape } => write!(f, "weibull({}, shape {shape})", value(*mean)),
        Shape::Empirical(values) => {
            write!(f, "empirical({})", values.iter().map(|v| value(*v)).collect::<Vec<_>>().join(", "))
        }
        Shape::Min(a, b) | Shape::Max(a, b) => {
            f.write_str(if matches!(shape, Shape::Min(..)) { "min(" } else { "max(" })?;
            show(a, unit, f)?;
            f.write_str(", ")?;
            show(b, unit, f)?;
            f.write_str(")")
        }
    }
}

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_are_read_and_written() {
        for text in [
            "6 min",
            "uniform(1 h, 2 h)",
            "triangular(0.5 bd, 1 bd, 2 bd)",
            "exponential(5 min)",
            "lognormal(6 min, cv 0.7)",
            "gamma(6 bh, cv 2)",
            "weibull(6 min, shape 1.5)",
            "empirical(3 min, 4 min, 9 min)",
            "min(exponential(1 bd), 2 bd)",
            "triangular(0, 40, 100)",
            "uniform(-20, 20)",
        ] {
            let read: Distribution = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_the_reason() {
        let check = |text: &str, part: &str| {
            let message = text.parse::<Distribution>().unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        };
        check("lognormal(6 min, 0.7)", "expected `cv`");
        check("lognormal(6 min)", "lognormal(mean, cv 0.7)");
        check("normal(1 h, 2 h)", "there is no distribution `normal`");
        check("uniform(2 h, 1 h)", "low ≤ high");
        check("uniform(1 h, 1 bh)", "differs");
        check("min(1 h, 5)", "differs");
        check("exponential(0 s)", "above 0");
        check("exponential(-1 h)", "negative");
        check("empirical()", "expected a number");
        check("uniform(1 h, 2 h", "closing");
        check("", "expected a number");
        check(&format!("{}1 h", "min(1 h, ".repeat(100)), "closing");
        check(&format!("{}1 h{}", "min(1 h, ".repeat(100), ")".repeat(100)), "nested");
    }
}
