//! How many hours of work a redesign gives to each role or takes from it.

use serde::Serialize;

use crate::compare::{Change, Counts, change};
use crate::experiment::Simulation;
use crate::results::Results;
use crate::totals::Means;

/// The work of each role in two variants that met the same customers.
#[derive(Debug, Clone, Serialize)]
pub struct RoleHours {
    /// What the hours are for.
    pub per: Per,
    /// By role, those of the second variant in its order, then those that only the first has. Roles without work in either
    /// are left out.
    pub roles: Vec<(String, Change)>,
}

/// For how much the hours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// A week of arrivals as each definition declares them.
    Week,
    /// A hundred cases: where arrivals have peaks, a week is not like another.
    HundredCases,
}

/// A week, in microseconds.
const WEEK: f64 = 7.0 * 86_400e6;

impl Simulation {
    /// How many cases arrive in a week, in the long run; `None` where nothing says so, or where peaks make it hard to say.
    pub fn cases_per_week(&self) -> Option<f64> {
        Some(self.model().arrivals.as_ref()?.rate(self.model().start)? * WEEK)
    }
}

impl RoleHours {
    /// The hours of work in two variants with so many cases a week, as [`Simulation::cases_per_week`] says: the time at work of
    /// the people of a role on a case, times the cases, with the 95 % interval of the paired difference.
    ///
    /// Returns `None` where the two did not meet the same customers, or had fewer than two replications each, as
    /// [`compare`](crate::compare()) does.
    pub fn of(from: &Results, to: &Results, cases_per_week: [Option<f64>; 2]) -> Option<RoleHours> {
        let same = from.seed == to.seed && from.replications == to.replications && from.cases == to.cases;
        if !same || from.replications < 2 {
            return None;
        }
        let (per, [before, after]) = match cases_per_week {
            [Some(before), Some(after)] => (Per::Week, [before, after]),
            _ => (Per::HundredCases, [100.0, 100.0]),
        };
        let gone = from.roles.iter().filter(|role| to.role(&role.id).is_none());
        let one = |role: &String| {
            // Times are scaled to seconds.
            let hours = |results: &Results, cases: f64| {
                let position = results.roles.iter().position(|known| known.id == *role);
                move |means: &Means| match position {
                    Some(position) => Some((*means.work.get(position)?)? * cases / 3_600.0),
                    None => Some(0.0),
                }
            };
            let change = change(from, to, Counts::Time, hours(from, before), hours(to, after))?;
            (change.from > 0.0 || change.to > 0.0).then(|| (role.clone(), change))
        };
        let roles = to.roles.iter().chain(gone).filter_map(|role| one(&role.id)).collect();
        Some(RoleHours { per, roles })
    }
}
