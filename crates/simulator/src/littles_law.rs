//! Little's law, L = λ·W: that what is somewhere on the average is what comes there times how long it stays.
//!
//! Over a run that begins and ends empty it is no law of averages but an identity: the number present, integrated over
//! time, is the sum of all stays, to the microsecond (Little, "A proof for the queuing formula: L = λW", Operations
//! Research 9, 1961; Stidham, "A last word on L = λW", Operations Research 22, 1974). Both sides are counted apart, so
//! that a time that is lost or counted twice is seen.

use grieta_core::{Plan, RoleIx, Timestamp};
use serde::Serialize;

/// How many are somewhere, integrated over time: by parts, ∫N dt = Σ t over those who leave − Σ t over those who come.
///
/// Kept modulo 2^64, in which sums of microseconds stay exact whatever the sums on the way to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Census {
    integral: u64,
    /// How many came.
    came: u64,
    /// How many are there.
    here: i64,
}

impl Census {
    /// One comes.
    #[inline]
    pub fn enter(&mut self, at: Timestamp) {
        self.integral = self.integral.wrapping_sub(at.as_micros() as u64);
        self.came += 1;
        self.here += 1;
    }

    /// One leaves.
    #[inline]
    pub fn leave(&mut self, at: Timestamp) {
        self.integral = self.integral.wrapping_add(at.as_micros() as u64);
        self.here -= 1;
    }

    /// Several, as if they were kept as one.
    pub fn joined<'c>(censuses: impl Iterator<Item = &'c Census>) -> Census {
        censuses.fold(Census::default(), |all, one| Census {
            integral: all.integral.wrapping_add(one.integral),
            came: all.came + one.came,
            here: all.here + one.here,
        })
    }

    /// How many are there now.
    pub fn here(&self) -> usize {
        self.here.unsigned_abs() as usize
    }

    /// One that came then is never heard of again, and counts as if it had not come.
    pub fn forget(&mut self, since: Timestamp) {
        self.leave(since);
        self.came -= 1;
    }
}

/// Both sides of the law for one place, over one or several replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Balance {
    came: u64,
    stays: u128,
    /// ∫N dt − Σ stays of the replication where they differ most, in microseconds; 0 unless there is a mistake.
    off: i64,
}

impl Balance {
    /// What a census and the sum of the stays make together at the end of a replication, when all have left.
    pub fn of(census: &Census, stays: u128) -> Balance {
        debug_assert!(census.here == 0, "{} never left", census.here);
        Balance { came: census.came, stays, off: census.integral.wrapping_sub(stays as u64) as i64 }
    }

    /// The people of a role at work: their work as it passed, and the sum of what was asked of them and done.
    pub fn at_work(busy: u128, came: u64, done: u128) -> Balance {
        Balance { came, stays: done, off: busy.wrapping_sub(done) as i64 }
    }

    fn merge(&mut self, other: &Balance) {
        self.came += other.came;
        self.stays += other.stays;
        if other.off.unsigned_abs() > self.off.unsigned_abs() {
            self.off = other.off;
        }
    }
}

/// Both sides of the law for every place, over one or several replications.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Balances {
    /// How long the replications were together, from the first arrival that counts until the last case was over.
    pub micros: u128,
    pub process: Balance,
    /// What waits for the people of each role, and what is in their hands.
    pub roles: Vec<[Balance; 2]>,
}

impl Balances {
    pub fn merge(&mut self, other: &Balances) {
        self.micros += other.micros;
        self.process.merge(&other.process);
        self.roles.resize(other.roles.len(), Default::default());
        for (own, more) in self.roles.iter_mut().zip(&other.roles) {
            own.iter_mut().zip(more).for_each(|(own, more)| own.merge(more));
        }
    }

    /// Whether the law holds everywhere, to the microsecond.
    pub fn hold(&self) -> bool {
        let roles = self.roles.iter().flatten();
        std::iter::once(&self.process).chain(roles).all(|balance| balance.off == 0)
    }
}

/// Where something is that Little's law is checked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Cases in the process.
    Process,
    /// Work that waits for the people of this role.
    Queue(String),
    /// Work in the hands of the people of this role.
    Hands(String),
}

/// Little's law at one place: `number` = arrivals per second × `stay_s`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LittlesRow {
    /// Where.
    pub place: Place,
    /// L: how many are there on the average, from the integral over time.
    pub number: f64,
    /// λ: how many come in an hour.
    pub per_hour: f64,
    /// W: how long one stays, from the sum of all stays; of people at work, working time.
    pub stay_s: f64,
    /// By how many microseconds the integral and the sum of the stays differ in the replication where they differ most. More
    /// than 0 would be a mistake of the simulator.
    pub off_us: u64,
}

/// Little's law for the process and for each role.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LittlesLaw {
    /// Whether it holds everywhere, in each replication, to the microsecond. It always does, unless the simulator is wrong.
    pub holds: bool,
    /// Each place where anything came.
    pub places: Vec<LittlesRow>,
}

/// What the balances say, in the words of those who read it.
pub(crate) fn littles_law(plan: &Plan, balances: &Balances) -> LittlesLaw {
    let role = |index: usize| plan.role_name(RoleIx(index as u16)).to_owned();
    let roles =
        balances.roles.iter().enumerate().flat_map(|(index, [queue, hands])| {
            [(Place::Queue(role(index)), queue), (Place::Hands(role(index)), hands)]
        });
    let all = std::iter::once((Place::Process, &balances.process)).chain(roles);
    let row = |(place, balance): (Place, &Balance)| LittlesRow {
        place,
        number: (balance.stays as f64 + balance.off as f64) / balances.micros as f64,
        per_hour: balance.came as f64 / (balances.micros as f64 / 3_600e6),
        stay_s: balance.stays as f64 / balance.came as f64 / 1e6,
        off_us: balance.off.unsigned_abs(),
    };
    let came = |(_, balance): &(Place, &Balance)| balance.came > 0 && balances.micros > 0;
    LittlesLaw { holds: balances.hold(), places: all.filter(came).map(row).collect() }
}
