//! What can be raised: arrivals, cracks or absences.

use std::fmt;
use std::str::FromStr;

use grieta_core::definition::{CrackChange, CrackName, Definition, Factor, WhatIf};
use serde::{Serialize, Serializer};

use crate::model::MOST_ABSENCES;

/// Something of which there may be more.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Raise {
    /// So many times as many cases arrive.
    #[default]
    Arrivals,
    /// The chance of every crack, or of one of them.
    Cracks(Option<CrackName>),
    /// How often people fall away: those of all roles, or of one.
    Absences(Option<String>),
}

/// More arrivals, absences or cracks than so many times those of today are not tried.
const MOST: f64 = 64.0;

impl Raise {
    /// The change that makes so many times as much of it.
    pub fn by(&self, factor: Factor) -> WhatIf {
        match self {
            Raise::Arrivals => WhatIf::arrivals(factor),
            Raise::Cracks(crack) => WhatIf::cracks(crack.as_ref(), CrackChange::Times(factor)),
            Raise::Absences(role) => WhatIf::absences(role.as_deref(), factor),
        }
    }

    /// The greatest factor that is tried: beyond it nothing more would happen, or nobody asks.
    pub(crate) fn most(&self, definition: &Definition) -> f64 {
        let most = match self {
            Raise::Arrivals => return MOST,
            Raise::Cracks(one) => {
                let names =
                    CrackName::all(definition).into_iter().filter(|name| one.as_ref().is_none_or(|one| one == name));
                let chances = names.filter_map(|name| definition.crack_named(&name)?.chance);
                chances
                    .filter(|chance| chance.trillionths() > 0)
                    .map(|chance| 1.0 / chance.as_f64())
                    .fold(1.0, f64::max)
            }
            Raise::Absences(one) => {
                let all = definition.simulation.iter().flat_map(|simulation| &simulation.absences);
                let named = all.filter(|(role, _)| one.as_ref().is_none_or(|one| one == *role));
                let rate = named.map(|(_, absence)| absence.rate_per_year).fold(0.0, f64::max);
                MOST_ABSENCES / rate.max(1.0)
            }
        };
        most.min(MOST)
    }
}

impl FromStr for Raise {
    type Err = String;

    /// `arrivals`, `cracks`, `cracks:call/voicemail-full`, `absences` or `absences:sdr`.
    fn from_str(text: &str) -> Result<Raise, String> {
        match text.split_once(':').map_or((text, None), |(what, which)| (what, Some(which))) {
            ("arrivals", None) => Ok(Raise::Arrivals),
            ("cracks", crack) => Ok(Raise::Cracks(crack.map(CrackName::of))),
            ("absences", role) => Ok(Raise::Absences(role.map(str::to_owned))),
            _ => Err(format!(
                "expected `arrivals`, `cracks`, `cracks:STEP/CRACK`, `absences` or `absences:ROLE`, found `{text}`"
            )),
        }
    }
}

impl fmt::Display for Raise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Raise::Arrivals => f.write_str("arrivals"),
            Raise::Cracks(None) => f.write_str("cracks"),
            Raise::Cracks(Some(crack)) => write!(f, "cracks:{crack}"),
            Raise::Absences(None) => f.write_str("absences"),
            Raise::Absences(Some(role)) => write!(f, "absences:{role}"),
        }
    }
}

impl Serialize for Raise {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_raised_is_read_as_it_is_written() {
        for text in ["arrivals", "cracks", "cracks:call/voicemail-full", "cracks:outage", "absences", "absences:sdr"] {
            assert_eq!(text.parse::<Raise>().unwrap().to_string(), text);
        }
        for text in ["", "arrivals:sdr", "people", "crack:call/voicemail-full"] {
            assert!(text.parse::<Raise>().is_err(), "{text}");
        }
    }
}
