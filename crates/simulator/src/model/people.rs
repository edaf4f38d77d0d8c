//! What the simulator needs to know about the people of a role, and about what they do together.

use grieta_core::calendar::Calendar;
use grieta_core::definition::{Absence, Away, Batch, Shape, Simulation, Unit, WorkQueue};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::{Process, Timestamp};

use crate::analyses::hand_offs;
use crate::arrivals;
use crate::random::{Purpose, name_key, salt};
use crate::sampler::Sampler;

/// The people of a role.
#[derive(Debug)]
pub(crate) struct RoleModel {
    pub people: usize,
    /// How many work items each of them has in hand at the most.
    pub hands: usize,
    /// Somebody of the role is in another one, too.
    pub shared: bool,
    /// Somebody of the role may have several cases in hand that are done together.
    pub together: bool,
    /// The hours of each person, where they are not those of the role.
    pub hours: Vec<Calendar>,
    /// The department, by number, if it belongs to one.
    pub unit: u16,
    pub calendar: Option<Calendar>,
    pub queue: WorkQueue,
    pub absences: Option<AbsenceModel>,
    pub away: Option<AwayModel>,
}

/// The first people of a role are away once.
#[derive(Debug)]
pub(crate) struct AwayModel {
    pub people: usize,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// How people fall away.
#[derive(Debug)]
pub(crate) struct AbsenceModel {
    /// Mean gap between absences of one person, in microseconds.
    pub gap: Sampler,
    pub lasts: Sampler,
    pub calendar: Option<Calendar>,
    pub salt: u64,
}

/// Cases that are done together.
#[derive(Debug)]
pub(crate) struct BatchModel {
    pub of: usize,
    /// After how long fewer go, in microseconds.
    pub within: i64,
    /// On which that counts; `None` for elapsed time.
    pub calendar: Option<Calendar>,
}

/// More absences a year are a slip of the pen.
pub(crate) const MOST_ABSENCES: f64 = 1_000.0;

/// A year in microseconds.
const YEAR: f64 = 365.25 * 86_400e6;

impl RoleModel {
    /// The people of that role, as if all were alike and in no other.
    pub fn of(process: &Process, simulation: &Simulation, start: Timestamp, name: &str) -> RoleModel {
        let calendar = process.calendar_of(Some(name));
        let declared = process.definition().roles.get(name);
        let people = declared.map_or(0, |role| role.people.count());
        let absences = simulation.absences.get(name).filter(|absence| absence.rate_per_year > 0.0);
        RoleModel {
            people,
            hands: 1,
            shared: false,
            together: false,
            hours: Vec::new(),
            unit: hand_offs::unit(process.definition(), name),
            queue: declared.map_or_else(WorkQueue::default, |role| role.queue.clone()),
            absences: absences.map(|absence| AbsenceModel::of(absence, name, &calendar)),
            away: simulation.away.get(name).map(|away| AwayModel::of(away, people, start, &calendar)),
            calendar: (!calendar.always_open()).then_some(calendar),
        }
    }
}

impl AwayModel {
    fn of(away: &Away, people: usize, start: Timestamp, calendar: &Calendar) -> AwayModel {
        let from = arrivals::after(calendar, start, away.from);
        AwayModel { people: people.min(away.people as usize), from, until: arrivals::after(calendar, from, away.lasts) }
    }
}

impl AbsenceModel {
    fn of(absence: &Absence, role: &str, calendar: &Calendar) -> AbsenceModel {
        AbsenceModel {
            gap: Sampler::new(&Shape::Exponential { mean: YEAR / absence.rate_per_year }),
            lasts: arrivals::sampler(&absence.lasts, calendar),
            calendar: arrivals::on(&absence.lasts, calendar),
            salt: salt(name_key(role), Purpose::Absence),
        }
    }
}

impl BatchModel {
    /// How many are done together, and for how long they are waited for, on the calendar where that is business time.
    pub fn of(batch: Batch, calendar: &Calendar) -> BatchModel {
        let is_business = batch.within.unit != Unit::Elapsed;
        BatchModel {
            of: (batch.of as usize).max(1),
            within: calendar.length(batch.within).as_micros(),
            calendar: is_business.then(|| calendar.clone()),
        }
    }
}

/// People of a role who fall away more often than anybody does.
pub(super) fn too_often(simulation: &Simulation, role: &str) -> Option<Problem> {
    let rate = simulation.absences.get(role)?.rate_per_year;
    let path = Path::root("simulation").key("absences").key(role).key("rate");
    let message = format!("a person can be away {MOST_ABSENCES} times a year at the most, found {rate}");
    (rate > MOST_ABSENCES).then(|| Problem::error(Code::WrongType, path, message))
}
