//! A figure with its interval, as a journal keeps it, and whether it has become worse.

use grieta_report::words;
use serde::Serialize;

use crate::found::Worse;

/// A figure of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Its value, with six significant digits.
    pub value: f64,
    /// The lower end of its 95 % interval, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// `s` (seconds), `share` (from 0 to 1), `number`, or a currency such as `EUR`.
    pub unit: String,
}

/// Of a figure without an interval: so many times as much is worse.
const MARKEDLY: f64 = 1.25;

impl Figure {
    /// A figure; nothing where it has no end, and so cannot be compared.
    pub fn of(value: f64, interval: Option<[f64; 2]>, unit: &str) -> Option<Figure> {
        let interval = interval.filter(|ends| ends.iter().all(|end| end.is_finite()));
        // Below 0 lies no figure of a process, though the interval of Student may reach there.
        let end = |at: usize| interval.map(|ends| rounded(ends[at].max(0.0)));
        let figure = Figure { value: rounded(value.max(0.0)), low: end(0), high: end(1), unit: unit.to_owned() };
        value.is_finite().then_some(figure)
    }

    /// A share, and over how many cases it was taken: its interval by the cases.
    pub(crate) fn share(count: u64, of: u64) -> Option<Figure> {
        let share = (of > 0).then(|| count as f64 / of as f64)?;
        let interval = grieta_simulator::statistics::Interval::of_share(share, of, LEVEL);
        Figure::of(share, interval.map(|interval| [interval.low, interval.high]), "share")
    }

    /// Whether it is markedly worse than another: its interval lies beyond that of the other; where one of them has none, by a
    /// quarter.
    pub fn is_worse_than(&self, other: &Figure, worse: Worse) -> bool {
        let ends = |figure: &Figure| Some((figure.low?, figure.high?));
        match (worse, ends(self), ends(other)) {
            _ if self.unit != other.unit => false,
            (Worse::More, Some((low, _)), Some((_, high))) => low > high,
            (Worse::Less, Some((_, high)), Some((low, _))) => high < low,
            (Worse::More, ..) => self.value > other.value * MARKEDLY,
            (Worse::Less, ..) => self.value * MARKEDLY < other.value,
        }
    }

    /// `1.2 % (1.1 to 1.4 %)`
    pub fn said(&self) -> String {
        let value = self.say(self.value);
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{value} ({})", words::between([low, high], |end| self.say(end))),
            _ => value,
        }
    }

    /// A value in its unit.
    pub(crate) fn say(&self, value: f64) -> String {
        match self.unit.as_str() {
            "s" => words::time(value),
            "share" => words::share(value),
            "number" => format!("{value:.2}"),
            currency => format!("{value:.2} {currency}"),
        }
    }
}

/// The confidence of every interval.
pub(crate) const LEVEL: f64 = 0.95;

/// With six significant digits: what lies behind them says nothing, and would only make a journal hard to read.
pub(crate) fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_worse_when_its_interval_lies_beyond_the_other() {
        let figure = |value: f64, half: f64| Figure::of(value, Some([value - half, value + half]), "share").unwrap();
        let check = |now: &Figure, then: &Figure, worse, expected| {
            assert_eq!(now.is_worse_than(then, worse), expected, "{now:?} {then:?}");
        };
        let then = figure(0.10, 0.02);
        check(&figure(0.15, 0.02), &then, Worse::More, true);
        check(&figure(0.13, 0.02), &then, Worse::More, false);
        check(&figure(0.05, 0.02), &then, Worse::More, false);
        check(&figure(0.05, 0.02), &then, Worse::Less, true);
        check(&figure(0.15, 0.02), &then, Worse::Less, false);
        let bare = |value| Figure::of(value, None, "share").unwrap();
        check(&bare(0.126), &bare(0.10), Worse::More, true);
        check(&bare(0.124), &then, Worse::More, false);
        check(&bare(0.07), &bare(0.10), Worse::Less, true);
        check(&Figure::of(9.0, None, "s").unwrap(), &then, Worse::More, false);
    }

    #[test]
    fn a_figure_is_said_with_its_unit() {
        let check = |figure: Option<Figure>, expected: &str| assert_eq!(figure.unwrap().said(), expected);
        check(Figure::of(0.0123, Some([0.011, 0.0136]), "share"), "1.2 % (1.1 to 1.4 %)");
        check(Figure::of(5_400.0, Some([3_600.0, 7_200.0]), "s"), "1.5 h (1 to 2 h)");
        check(Figure::of(4.236, None, "EUR"), "4.24 EUR");
        check(Figure::of(2.5, None, "number"), "2.50");
        assert_eq!(Figure::of(f64::INFINITY, None, "s"), None);
    }
}
