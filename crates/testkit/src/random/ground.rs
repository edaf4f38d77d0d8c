//! What all runs of a process have in common: the processes, the people, the values, and what the environment may do.

use std::sync::Arc;

use grieta_core::definition::{People, Rule};
use grieta_core::value::Value;
use grieta_core::{Plan, Timestamp};

use super::values::Values;
use crate::verb::Verb;

/// So many people of a role without names are there at the most: more would do nothing that these cannot do.
const MOST_PEOPLE: u32 = 3;

/// What all runs have in common.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// The processes, the one that is tested first.
    pub plans: Vec<Arc<Plan>>,
    /// How the data of each are drawn.
    pub values: Vec<Arc<Values>>,
    /// The rules that are demanded besides those of the definitions.
    pub rules: Vec<Rule>,
    /// When a run begins.
    pub at: Option<Timestamp>,
    /// No more things happen in a run.
    pub longest: usize,
    /// Whether the environment also does what it should not.
    pub faulty: bool,
}

impl Ground {
    pub fn of(plan: Arc<Plan>) -> Ground {
        let mut ground =
            Ground { plans: Vec::new(), values: Vec::new(), rules: Vec::new(), at: None, longest: 60, faulty: false };
        ground.add(plan);
        ground
    }

    /// Another process, which the first one calls or hands over to.
    pub fn add(&mut self, plan: Arc<Plan>) {
        self.values.push(Arc::new(Values::of(plan.process())));
        self.plans.push(plan);
    }

    /// The process that is tested.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plans[0]
    }

    /// The people whom the definitions do not name.
    pub fn people(&self) -> Vec<Verb> {
        let roles = self.plans.iter().flat_map(|plan| &plan.definition().roles);
        let people = roles.flat_map(|(role, declared)| {
            let count = if let People::Count(count) = declared.people { count.min(MOST_PEOPLE) } else { 0 };
            (1..=count).map(move |number| (format!("{role}-{number}"), role))
        });
        people.map(|(name, role)| Verb::Person { name, roles: vec![role.clone()] }).collect()
    }

    /// Those who have a role of that person and are named before them.
    pub fn colleagues(&self, person: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (role, declared) in self.plans.iter().flat_map(|plan| &plan.definition().roles) {
            let own = self.people().into_iter().filter_map(|verb| match verb {
                Verb::Person { name, roles } if roles.contains(role) => Some(name),
                _ => None,
            });
            let all: Vec<String> = declared.people.names().iter().cloned().chain(own).collect();
            if let Some(at) = all.iter().position(|name| name == person) {
                found.extend(all.into_iter().take(at));
            }
        }
        found
    }

    /// The values of a field that matter, of whichever process has it.
    pub fn notable(&self, field: &str) -> &[Value] {
        self.values.iter().map(|values| values.notable(field)).find(|values| !values.is_empty()).unwrap_or_default()
    }
}
