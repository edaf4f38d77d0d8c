//! What is looked for in a run, as a life cycle says.

use grieta_core::Duration;
use grieta_core::definition::Unit;
use grieta_core::record::Recorded;

use super::{ContactRule, Milestone, Promised, Route};
use crate::connections::connections;
use crate::definition::{HandOff, LifeCycle, Touchpoint};
use crate::processes::Processes;

/// Something that happens in a process: a step, `step/outcome` or `step!crack`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The process.
    pub process: String,
    /// What, as the life cycle writes it.
    pub what: String,
}

impl Way {
    /// Whether a record of the process says that it happens.
    pub(crate) fn happens(&self, process: &str, record: &Recorded) -> bool {
        if self.process != process {
            return false;
        }
        match (record.event.as_str(), self.what.split_once('!')) {
            ("crack-struck", Some((step, crack))) => {
                record.what.crack.as_ref().and_then(|struck| struck.split_once('/')) == Some((step, crack))
            }
            ("work-completed" | "work-skipped", None) => record.what.flow.as_ref() == Some(&self.what),
            ("step-reached", None) => record.what.step.as_ref() == Some(&self.what),
            _ => false,
        }
    }
}

impl Route {
    /// What a life cycle says of a run of its processes.
    pub fn of(life_cycle: &LifeCycle, processes: &Processes) -> Route {
        let departments = life_cycle.processes.iter().map(|(name, entry)| (name.clone(), entry.department.clone()));
        let milestones = connections(life_cycle, processes).into_iter().map(|connection| {
            let way = |place: fn(&HandOff) -> &Option<String>| {
                let what = connection.hand_off.and_then(|(_, hand_off)| place(hand_off).clone())?;
                Some(Way { process: connection.to.to_owned(), what })
            };
            Milestone {
                name: connection
                    .hand_off
                    .map_or_else(|| format!("{} → {}", connection.from, connection.to), |(name, _)| name.to_owned()),
                from: Way { process: connection.from.to_owned(), what: connection.step.to_owned() },
                accepted: way(|hand_off| &hand_off.accepted),
                returned: way(|hand_off| &hand_off.returned),
            }
        });
        let promises = life_cycle.agreements.iter().flat_map(|(agreement, promises)| {
            promises.iter().map(|promise| Promised {
                agreement: agreement.clone(),
                by: promise.by.clone(),
                to: promise.to.clone(),
                process: promise.process.clone(),
                promise: promise.promise.clone(),
            })
        });
        Route {
            departments: departments.collect(),
            milestones: milestones.collect(),
            contact: contact_rule(life_cycle),
            promises: promises.collect(),
        }
    }
}

fn contact_rule(life_cycle: &LifeCycle) -> ContactRule {
    let places = |(_, touchpoint): (&String, &Touchpoint)| -> Vec<(String, String)> {
        let Some(process) = &touchpoint.process else { return Vec::new() };
        touchpoint.at.iter().map(|step| (process.clone(), step.clone())).collect()
    };
    let listed = |at: &[String]| life_cycle.contacts(at).flat_map(places).collect();
    let contact = life_cycle.contact.as_ref();
    let within = contact.filter(|contact| contact.within.unit == Unit::Elapsed);
    ContactRule {
        counted_at: contact.map_or_else(|| listed(&[]), |contact| listed(&contact.at)),
        at_most: within.map(|contact| (contact.at_most as usize, Duration::from_micros(contact.within.amount))),
        asked_at: life_cycle.consent.as_ref().map(|consent| listed(&consent.at)).unwrap_or_default(),
        consent: life_cycle.consent.as_ref().map(|consent| (consent.field.clone(), consent.refused.clone())),
    }
}
