//! What is counted while a replication runs. Memory does not grow with the number of cases.

use std::collections::BTreeMap;

use crate::analyses::hand_offs::HandOffs;
use crate::analyses::lost::Lost;
use crate::causes::{Cause, Waited};
use crate::figures::Closely;
use crate::littles_law::{Balances, Census};
use crate::model::Model;
use crate::statistics::{Histogram, Moments};

/// Everything counted in one replication, or in several merged ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Totals {
    pub arrived: u64,
    /// Cases that arrived before any counted, and are in no other figure.
    pub left_out: u64,
    /// Cases that other cases started.
    pub started_by_cases: u64,
    /// Hand-overs with which no case could begin.
    pub not_handed_over: u64,
    pub completed: u64,
    pub cancelled: u64,
    pub stuck: u64,
    /// Arrivals and completions of steps.
    pub events: u64,
    pub cycle: Spread,
    pub steps: Vec<StepTotals>,
    pub roles: Vec<RoleTotals>,
    pub cracks: Vec<CrackTotals>,
    pub clocks: Vec<ClockTotals>,
    /// Each stretch that is measured.
    pub stretches: Vec<Spread>,
    pub dead_ends: BTreeMap<DeadEnd, DeadEndTotals>,
    /// Cases that got stuck, by why.
    pub lost: [u64; Lost::ALL.len()],
    pub hand_offs: HandOffs,
    /// By crack that is watched: how long the cases waited for people that it did not strike.
    pub spared: Vec<Moments>,
    /// From the start until the last arrival, in microseconds, summed over replications.
    pub arriving: u128,
    pub closely: Closely,
    /// Cases in the process.
    pub cases: Census,
    /// Microseconds that cases stayed which are not in `cycle`.
    pub stayed: u128,
    /// Both sides of Little's law, once a replication is over.
    pub balances: Balances,
}

/// The quantiles that get intervals.
pub(crate) const QUANTILES: [f64; 3] = [0.5, 0.9, 0.95];

/// Moments and quantiles of one quantity, in microseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    pub moments: Moments,
    pub histogram: Histogram,
}

impl Spread {
    #[inline]
    pub fn add(&mut self, value: u64) {
        self.moments.add(value);
        self.histogram.add(value);
    }

    /// The [`QUANTILES`] of it.
    fn quantiles(&self) -> [Option<f64>; 3] {
        QUANTILES.map(|share| self.histogram.quantile(share).map(|micros| micros as f64))
    }

    fn merge(&mut self, other: &Spread) {
        self.moments.merge(&other.moments);
        self.histogram.merge(&other.histogram);
    }
}

/// What is counted at a step.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepTotals {
    pub visits: u64,
    /// Cases that came here at least once.
    pub cases: u64,
    /// Visits that had to wait for a person.
    pub waited: u64,
    pub wait: Spread,
    /// All that cases wait here, by cause. What they wait for people adds up to `wait` where all of it is begun.
    pub waiting: Waited,
    /// How long people or systems had it in hand, in microseconds, with the nights and absences in between.
    pub in_hand: u128,
    pub touch: Moments,
    /// How much of the work begun was setting up, and taking over.
    pub added: Added,
    /// From the start of the case until the step was first begun.
    pub until_begun: Moments,
}

/// What was added to work, in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Added {
    pub set_up: u128,
    pub take_over: u128,
}

impl StepTotals {
    /// Work is begun that was offered so long before, in microseconds.
    #[inline]
    pub fn begin(&mut self, waited: u64) {
        self.wait.add(waited);
        self.waited += u64::from(waited > 0);
    }

    /// Something has waited so long for a person, and so long of that nobody was there.
    #[inline]
    pub fn end_queueing(&mut self, waited: u64, unattended: u64) {
        if unattended > 0 {
            self.waiting.add(Cause::Unavailability, unattended);
        }
        self.waiting.add(Cause::Contention, waited - unattended);
    }
}

/// What is counted for a role, in microseconds summed over its people.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RoleTotals {
    pub busy: u128,
    pub available: u128,
    /// Work that all arrivals together brought, without what was withdrawn before it was done.
    pub demand: u128,
    /// How often somebody began some of it.
    pub begun: u64,
    /// Work that was begun and never done, because who began it never came back.
    pub undone: u128,
    /// Presence up to the last arrival.
    pub available_while_arriving: u128,
    /// The same two for all roles that have people in common with it: demand, and presence of each of their people once.
    pub together: (u128, u128),
}

impl StepTotals {
    /// How long cases are at the step, waiting included, in microseconds.
    pub fn elapsed(&self) -> u128 {
        self.waiting.total() + self.in_hand
    }
}

impl RoleTotals {
    /// Work of so many microseconds is begun.
    #[inline]
    pub fn begin(&mut self, work: i64) {
        self.demand += work as u128;
        self.begun += 1;
    }

    /// The share of the presence during arrivals that the work of all arrivals would fill; where people are in several
    /// roles, no less than that of all these roles.
    pub fn load(&self) -> Option<f64> {
        let share = |demand: u128, present: u128| (present > 0).then(|| demand as f64 / present as f64);
        let (own, (demand, present)) = (share(self.demand, self.available_while_arriving), self.together);
        own.into_iter().chain(share(demand, present)).reduce(f64::max)
    }
}

/// What is counted for a crack.
#[derive(Debug, Clone, Default)]
pub(crate) struct CrackTotals {
    pub struck: u64,
    pub answered: u64,
    /// From the strike until the case left the step.
    pub held: Moments,
    /// Visits that it was the first to strike.
    pub visits: u64,
    /// What cases wait because of it: nobody acts, or the next try is to come.
    pub waited: Waited,
}

/// What is counted for a clock.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClockTotals {
    pub started: u64,
    pub run_out: u64,
    /// The time used when what it measures has come about.
    pub used: Spread,
}

/// A way in which cases get stuck: the step, and what is waited for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeadEnd {
    pub step: String,
    pub waits_for: String,
    pub why: Lost,
}

/// How often, and which case shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeadEndTotals {
    pub cases: u64,
    pub replication: u64,
    pub case: u64,
}

impl Totals {
    pub fn new(model: &Model) -> Totals {
        Totals {
            steps: vec![StepTotals::default(); model.steps.len()],
            roles: vec![RoleTotals::default(); model.roles.len()],
            cracks: vec![CrackTotals::default(); model.plan.crack_count()],
            clocks: vec![ClockTotals::default(); model.plan.clock_count()],
            stretches: vec![Spread::default(); model.stretches.len()],
            spared: vec![Moments::default(); model.watched],
            closely: Closely::new(model),
            ..Totals::default()
        }
    }

    /// Adds what another replication counted; in the order of replications the first case of a dead end is kept.
    pub fn merge(&mut self, other: &Totals) {
        self.arrived += other.arrived;
        self.left_out += other.left_out;
        self.started_by_cases += other.started_by_cases;
        self.not_handed_over += other.not_handed_over;
        self.completed += other.completed;
        self.cancelled += other.cancelled;
        self.stuck += other.stuck;
        self.events += other.events;
        self.cycle.merge(&other.cycle);
        for (own, more) in self.steps.iter_mut().zip(&other.steps) {
            own.visits += more.visits;
            own.cases += more.cases;
            own.waited += more.waited;
            own.wait.merge(&more.wait);
            own.waiting.merge(&more.waiting);
            own.in_hand += more.in_hand;
            own.touch.merge(&more.touch);
            own.added.set_up += more.added.set_up;
            own.added.take_over += more.added.take_over;
            own.until_begun.merge(&more.until_begun);
        }
        for (own, more) in self.roles.iter_mut().zip(&other.roles) {
            own.busy += more.busy;
            own.available += more.available;
            own.demand += more.demand;
            own.begun += more.begun;
            own.undone += more.undone;
            own.available_while_arriving += more.available_while_arriving;
            own.together = (own.together.0 + more.together.0, own.together.1 + more.together.1);
        }
        for (own, more) in self.cracks.iter_mut().zip(&other.cracks) {
            own.struck += more.struck;
            own.answered += more.answered;
            own.held.merge(&more.held);
            own.visits += more.visits;
            own.waited.merge(&more.waited);
        }
        for (own, more) in self.clocks.iter_mut().zip(&other.clocks) {
            own.started += more.started;
            own.run_out += more.run_out;
            own.used.merge(&more.used);
        }
        self.hand_offs.merge(&other.hand_offs);
        self.lost.iter_mut().zip(&other.lost).for_each(|(own, more)| *own += more);
        self.spared.iter_mut().zip(&other.spared).for_each(|(own, more)| own.merge(more));
        self.arriving += other.arriving;
        self.stretches.iter_mut().zip(&other.stretches).for_each(|(own, more)| own.merge(more));
        self.balances.merge(&other.balances);
        for (dead_end, more) in &other.dead_ends {
            let own = self.dead_ends.entry(dead_end.clone());
            own.and_modify(|own| own.cases += more.cases).or_insert(*more);
        }
    }

    /// The sums and counts of every quantity that gets an interval.
    pub fn snapshot(&self) -> Snapshot {
        let step = |step: &StepTotals| {
            [part(&step.wait.moments), part(&step.until_begun), Part { sum: step.visits as f64, count: self.ended() }]
        };
        Snapshot {
            cycle: part(&self.cycle.moments),
            times: self.cycle.histogram.clone(),
            stuck: Part { sum: self.stuck as f64, count: self.ended() },
            work: self.roles.iter().map(|role| Part { sum: role.demand as f64, count: self.ended() }).collect(),
            spared: self.spared.iter().map(part).collect(),
            steps: self.steps.iter().map(step).collect(),
            stretches: self.stretches.iter().map(|stretch| part(&stretch.moments)).collect(),
            clocks: self.clocks.iter().map(|clock| Part { sum: clock.run_out as f64, count: clock.started }).collect(),
        }
    }

    /// The means of everything that was counted, and the quantiles of the waits and stretches.
    pub fn means(&self) -> Means {
        let mut means = self.snapshot().means_since(&Snapshot::default());
        means.stretch_quantiles = self.stretches.iter().map(Spread::quantiles).collect();
        for (step, counted) in means.steps.iter_mut().zip(&self.steps) {
            step.wait_quantiles = counted.wait.quantiles();
        }
        means
    }

    /// Cases that began, whoever started them.
    pub fn begun(&self) -> u64 {
        self.arrived + self.started_by_cases
    }

    /// Cases that are over, one way or the other.
    pub fn ended(&self) -> u64 {
        self.completed + self.cancelled + self.stuck
    }
}

/// A sum and how much went into it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    pub sum: f64,
    pub count: u64,
}

fn part(moments: &Moments) -> Part {
    Part { sum: moments.sum() as f64, count: moments.count() }
}

/// Cumulative sums at one moment; differences of two give the means in between.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub cycle: Part,
    /// The times behind it.
    pub times: Histogram,
    pub stuck: Part,
    /// Work of each role.
    pub work: Vec<Part>,
    /// Waiting of the cases that each crack that is watched did not strike.
    pub spared: Vec<Part>,
    /// Waiting, time until begun, visits.
    pub steps: Vec<[Part; 3]>,
    pub stretches: Vec<Part>,
    /// Runs of each clock that ran out, of those that started.
    pub clocks: Vec<Part>,
}

/// The means of one replication or batch; `None` where nothing was seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Means {
    pub cycle: Option<f64>,
    /// The [`QUANTILES`] of the same times.
    pub cycle_quantiles: [Option<f64>; 3],
    /// The share of cases that got stuck.
    pub stuck: Option<f64>,
    /// The work of each role, per case.
    pub work: Vec<Option<f64>>,
    /// How long a case waits for people that a watched crack does not strike.
    pub spared: Vec<Option<f64>>,
    pub steps: Vec<StepMeans>,
    pub stretches: Vec<Option<f64>>,
    /// The share of the runs of each clock that ran out.
    pub clocks: Vec<Option<f64>>,
    /// The [`QUANTILES`] of each stretch; only known of whole replications.
    pub stretch_quantiles: Vec<[Option<f64>; 3]>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StepMeans {
    pub wait: Option<f64>,
    /// The [`QUANTILES`] of it; only known of whole replications.
    pub wait_quantiles: [Option<f64>; 3],
    pub until_begun: Option<f64>,
    /// Visits per case.
    pub visits: Option<f64>,
}

impl Means {
    /// The work of all roles per case, each role with a weight; `None` where no role has one.
    pub fn work(&self, weight: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let weighted = self.work.iter().enumerate().filter_map(|(role, work)| Some((*work)? * weight(role)?));
        weighted.reduce(|sum, work| sum + work)
    }
}

impl Snapshot {
    /// The means of what came after an earlier snapshot.
    pub fn means_since(&self, earlier: &Snapshot) -> Means {
        let mean = |late: Part, early: Part| {
            let count = late.count - early.count;
            (count > 0).then(|| (late.sum - early.sum) / count as f64)
        };
        let nothing = [Part::default(); 3];
        let steps = self.steps.iter().enumerate().map(|(index, late)| {
            let early = earlier.steps.get(index).unwrap_or(&nothing);
            StepMeans {
                wait: mean(late[0], early[0]),
                wait_quantiles: [None; 3],
                until_begun: mean(late[1], early[1]),
                visits: mean(late[2], early[2]),
            }
        });
        let each = |late: &[Part], early: &[Part]| {
            let early = |index: usize| early.get(index).copied().unwrap_or_default();
            late.iter().enumerate().map(|(index, late)| mean(*late, early(index))).collect()
        };
        Means {
            cycle: mean(self.cycle, earlier.cycle),
            cycle_quantiles: QUANTILES
                .map(|share| self.times.quantile_since(&earlier.times, share).map(|micros| micros as f64)),
            stuck: mean(self.stuck, earlier.stuck),
            work: each(&self.work, &earlier.work),
            spared: each(&self.spared, &earlier.spared),
            steps: steps.collect(),
            stretches: each(&self.stretches, &earlier.stretches),
            clocks: each(&self.clocks, &earlier.clocks),
            stretch_quantiles: vec![[None; 3]; self.stretches.len()],
        }
    }
}
