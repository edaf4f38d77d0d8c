//! What a process would be like if something were otherwise: more arrivals, more people, fewer cracks, somebody away.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use super::form::absent;
use super::quantity::{decimal, fixed};
use super::{Away, Definition, Peak, Span};
use crate::diagnostic::{Path, Problem};

/// A change of a process. What it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct WhatIf {
    /// So many times as many cases arrive.
    #[serde(skip_serializing_if = "absent")]
    pub arrivals: Option<Factor>,
    /// Times at which more cases come, or fewer, by name; besides those of the definition, or instead of one of that name.
    #[serde(skip_serializing_if = "absent")]
    pub peaks: IndexMap<String, Peak>,
    /// How many people there are, by role.
    #[serde(skip_serializing_if = "absent")]
    pub people: IndexMap<String, u32>,
    /// By how much longer people are there each day, by role: the last opening of each day of the week ends so much later.
    #[serde(skip_serializing_if = "absent")]
    pub open_longer: IndexMap<String, Span>,
    /// People of a role who are away for a while, by role.
    #[serde(skip_serializing_if = "absent")]
    pub away: IndexMap<String, Away>,
    /// How often people fall away unannounced: one factor for all, or by role.
    #[serde(skip_serializing_if = "absent")]
    pub absences: Each<Factor>,
    /// How long work takes: one factor for all that people do, or by step.
    #[serde(skip_serializing_if = "absent")]
    pub takes: Each<Factor>,
    /// What becomes of cracks: the same for all, or by crack, as `step/crack`; one of the process has no step.
    #[serde(skip_serializing_if = "absent")]
    pub cracks: Each<CrackChange>,
}

impl WhatIf {
    /// What is wrong with it as a change of that definition; `at` is where it stands.
    pub fn problems(&self, definition: &Definition, at: &Path) -> Vec<Problem> {
        crate::check::change(definition, self, at)
    }

    /// So many times as many cases arrive.
    pub fn arrivals(factor: Factor) -> WhatIf {
        WhatIf { arrivals: Some(factor), ..WhatIf::default() }
    }

    /// There are so many people of a role.
    pub fn people(role: &str, count: u32) -> WhatIf {
        WhatIf { people: IndexMap::from([(role.to_owned(), count)]), ..WhatIf::default() }
    }

    /// The people of a role are there so much longer each day.
    pub fn open_longer(role: &str, by: Span) -> WhatIf {
        WhatIf { open_longer: IndexMap::from([(role.to_owned(), by)]), ..WhatIf::default() }
    }

    /// One crack is changed, or all of them are.
    pub fn cracks(crack: Option<&CrackName>, change: CrackChange) -> WhatIf {
        WhatIf { cracks: Each::one_or_all(crack.map(ToString::to_string), change), ..WhatIf::default() }
    }

    /// People of one role, or all who fall away, do so that many times as often.
    pub fn absences(role: Option<&str>, factor: Factor) -> WhatIf {
        WhatIf { absences: Each::one_or_all(role.map(str::to_owned), factor), ..WhatIf::default() }
    }
}

/// A value that holds for all, or one for each name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Each<T> {
    /// The same for all.
    All(T),
    /// By name.
    Of(IndexMap<String, T>),
}

impl<T: Copy> Each<T> {
    fn one_or_all(name: Option<String>, value: T) -> Each<T> {
        name.map_or(Each::All(value), |name| Each::Of(IndexMap::from([(name, value)])))
    }

    /// What holds for that name.
    pub fn of(&self, name: &str) -> Option<T> {
        match self {
            Each::All(value) => Some(*value),
            Each::Of(named) => named.get(name).copied(),
        }
    }
}

impl<T> Default for Each<T> {
    /// For none.
    fn default() -> Each<T> {
        Each::Of(IndexMap::new())
    }
}

/// What becomes of a crack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub enum CrackChange {
    /// It never strikes.
    Never,
    /// It strikes, and nobody answers.
    Unanswered,
    /// Its chance is so many times as great, and never more than certainty.
    Times(Factor),
}

impl FromStr for CrackChange {
    type Err = String;

    fn from_str(text: &str) -> Result<CrackChange, String> {
        match text.trim() {
            "never" => Ok(CrackChange::Never),
            "unanswered" => Ok(CrackChange::Unanswered),
            other => other.parse().map(CrackChange::Times).map_err(|message: String| {
                message.replace("a share of what it is", "`never`, `unanswered` or a share of what it is")
            }),
        }
    }
}

impl CrackChange {
    /// What was probably meant by a text that says none.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let word = crate::diagnostic::nearest(text, ["never", "unanswered"]).map(str::to_owned);
        word.or_else(|| Factor::meant(text))
    }
}

impl fmt::Display for CrackChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CrackChange::Never => f.write_str("never"),
            CrackChange::Unanswered => f.write_str("unanswered"),
            CrackChange::Times(factor) => factor.fmt(f),
        }
    }
}

impl Serialize for CrackChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How many times as much, held in billionths and written in per cent: `150%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Factor(u64);

impl Factor {
    const ONE: u64 = 1_000_000_000;
    /// More is a slip of the pen.
    const MOST: u64 = 1_000 * Factor::ONE;

    /// The factor nearest to a number, from 0 to 1,000.
    pub fn of(number: f64) -> Factor {
        // A cast saturates, and makes 0 of what is no number.
        Factor(((number * Factor::ONE as f64 + 0.5) as u64).min(Factor::MOST))
    }

    /// The factor in billionths.
    pub const fn billionths(self) -> u64 {
        self.0
    }

    /// The factor as a number.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Factor::ONE as f64
    }

    /// The factor that was probably meant by a text that is none: `1.5` and `150` by `150%`.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let number = text.trim_matches(|c: char| c.is_alphabetic() || matches!(c, ' ' | '×' | '*'));
        let percent = decimal(number, 7)?;
        // Hardly anybody asks what would be if there were 20 times as much.
        let percent = if percent < 20 * 10_000_000 { percent * 100 } else { percent };
        let meant = format!("{}%", fixed(percent, 10_000_000));
        meant.parse::<Factor>().ok().map(|_| meant)
    }
}

impl FromStr for Factor {
    type Err = String;

    fn from_str(text: &str) -> Result<Factor, String> {
        let text = text.trim();
        let percent = text.strip_suffix('%').and_then(|percent| decimal(percent.trim_end(), 7));
        let parts = percent.ok_or_else(|| format!("expected a share of what it is, such as `150%`, found `{text}`"))?;
        let parts = u64::try_from(parts).ok().filter(|parts| *parts <= Factor::MOST);
        parts.map(Factor).ok_or_else(|| format!("expected 0% to {}, found `{text}`", Factor(Factor::MOST)))
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", fixed(i128::from(self.0), i128::from(Factor::ONE / 100)))
    }
}

impl Serialize for Factor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which crack: that of a step, written `step/crack`, or that of the whole process.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct CrackName {
    /// The step; `None` for a crack of the process.
    pub step: Option<String>,
    /// Its name there.
    pub crack: String,
}

impl CrackName {
    /// The crack that a text names, whether there is such a crack or not.
    pub fn of(text: &str) -> CrackName {
        match text.split_once('/') {
            Some((step, crack)) => CrackName { step: Some(step.to_owned()), crack: crack.to_owned() },
            None => CrackName { step: None, crack: text.to_owned() },
        }
    }

    /// All cracks of a definition, those of the steps first.
    pub fn all(definition: &Definition) -> Vec<CrackName> {
        let of_steps = definition.steps.iter().map(|(step, declared)| (Some(step), &declared.cracks));
        let all = of_steps.chain([(None, &definition.cracks)]);
        all.flat_map(|(step, cracks)| cracks.keys().map(move |crack| (step, crack)))
            .map(|(step, crack)| CrackName { step: step.cloned(), crack: crack.clone() })
            .collect()
    }
}

impl fmt::Display for CrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Some(step) => write!(f, "{step}/{}", self.crack),
            None => f.write_str(&self.crack),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_read_and_written_without_loss() {
        for billionths in (0..Factor::MOST).step_by(7_919_999_983).chain([1, 333_333_333, Factor::MOST]) {
            let factor = Factor(billionths);
            assert_eq!(factor.to_string().parse::<Factor>(), Ok(factor));
            assert_eq!(Factor::of(factor.as_f64()), factor);
        }
        assert_eq!("150%".parse::<Factor>().unwrap().as_f64(), 1.5);
        assert_eq!((Factor::of(f64::NAN).0, Factor::of(-1.0).0, Factor::of(1e9).0), (0, 0, Factor::MOST));
        for text in ["", "1.5", "150", "-5%", "100001%", "half", "%"] {
            assert!(text.parse::<Factor>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_alone_is_not_guessed_at() {
        let check = |text: &str, meant: &str| assert_eq!(Factor::meant(text).as_deref(), Some(meant), "{text}");
        check("1.5", "150%");
        check("x1.5", "150%");
        check("2 times", "200%");
        check("150", "150%");
        assert_eq!(CrackChange::meant("nevr").as_deref(), Some("never"));
    }
}
