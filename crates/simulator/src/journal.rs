//! The records of one replication, written down as it runs: memory does not grow with the number of cases.

use std::collections::BTreeMap;
use std::io::{self, Write};

use grieta_core::definition::{Definition, People};
use grieta_core::kernel::{Case, Event};
use grieta_core::record::{RecordHeader, Recorded, What};
use grieta_core::world::Directory;
use grieta_core::{Plan, RoleIx, StepIx, Timestamp, TokenIx};

use crate::experiment::{Simulation, SimulationError};
use crate::model::Model;

/// Why the records of a simulation could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The experiment cannot be run.
    #[error("{0}")]
    Simulation(#[from] SimulationError),
    /// There is nowhere to write to any more.
    #[error("the records could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Where the records of a replication go.
pub(crate) struct Journal<'a> {
    /// Of the first process: they are the same in all of them.
    people: Directory,
    /// Takes in a record of a process; says whether there is room for more.
    take: &'a mut dyn FnMut(&Plan, &Recorded) -> bool,
    open: bool,
    /// By the place of a case: how many records it has.
    sequences: Vec<u64>,
    /// Who has the work of a token of the case at that place in hand.
    hands: BTreeMap<(u32, TokenIx), (RoleIx, u32)>,
}

/// Whom and what a record is about, beyond its event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    /// Where the case is kept.
    pub slot: u32,
    /// Its number.
    pub ordinal: u64,
    /// Who begins work, where somebody does.
    pub beginning: u32,
}

/// Work that rests because its holder is away, or goes on: the kernel is not told.
pub(crate) struct Rest {
    pub token: TokenIx,
    pub step: StepIx,
    pub role: RoleIx,
    pub person: u32,
    pub visit: u32,
    pub resumed: bool,
}

impl<'a> Journal<'a> {
    pub fn new(model: &Model, take: &'a mut dyn FnMut(&Plan, &Recorded) -> bool) -> Journal<'a> {
        let people = Directory::of(model.plan.definition(), usize::MAX).unwrap_or_default();
        Journal { people, take, open: true, sequences: Vec::new(), hands: BTreeMap::new() }
    }

    /// Writes an event down that was applied to the case.
    pub fn note(&mut self, plan: &Plan, about: About, case: &Case, at: Timestamp, event: &Event) {
        let sequence = self.next_sequence(about.slot, matches!(event, Event::CaseStarted { .. }));
        let name = about.ordinal.to_string();
        let mut record = Recorded::of(plan, &self.people, &name, sequence, case, at, event);
        if let Some(token) = event.token() {
            self.name_resource(plan, about, token, case, event, &mut record.what);
        }
        self.write(plan, &record);
    }

    /// Writes down that work rests, or goes on.
    pub fn note_rest(&mut self, plan: &Plan, about: About, at: Timestamp, rest: &Rest) {
        let sequence = self.next_sequence(about.slot, false);
        let mut what = What {
            step: Some(plan.step_name(rest.step).to_owned()),
            visit: Some(rest.visit),
            resource: resource(plan.definition(), rest.role, rest.person),
            token: Some(rest.token.0),
            ..What::default()
        };
        what.offered_to(plan, rest.role);
        let event = if rest.resumed { "work-resumed" } else { "work-suspended" }.to_owned();
        self.write(plan, &Recorded { case: about.ordinal.to_string(), sequence, at: at.to_string(), event, what });
    }

    /// Whoever has the work in hand: the simulator knows it even where the kernel does not keep track.
    fn name_resource(
        &mut self,
        plan: &Plan,
        about: About,
        token: TokenIx,
        case: &Case,
        event: &Event,
        what: &mut What,
    ) {
        let key = (about.slot, token);
        if let Event::WorkStarted { .. } = event {
            let role = case.token(token).map_or(RoleIx::NONE, |item| item.role);
            self.hands.insert(key, (role, about.beginning));
        }
        if let Some((role, person)) = self.hands.get(&key) {
            what.resource = resource(plan.definition(), *role, *person);
        }
        let is_over = matches!(
            event,
            Event::WorkCompleted { .. }
                | Event::WorkSkipped { .. }
                | Event::WorkFailed { .. }
                | Event::WorkOffered { .. }
                | Event::WorkReallocated { .. }
                | Event::WorkDelayed { .. }
                | Event::TokenPlaced { .. }
                | Event::TokenConsumed { .. }
                | Event::TokenWithdrawn { .. }
                | Event::CompensationBegan { .. }
                | Event::IncidentRaised { .. }
        );
        if is_over {
            self.hands.remove(&key);
        }
    }

    fn next_sequence(&mut self, slot: u32, is_first: bool) -> u64 {
        let at = slot as usize;
        if self.sequences.len() <= at {
            self.sequences.resize(at + 1, 0);
        }
        let sequence = if is_first { 0 } else { self.sequences[at] };
        self.sequences[at] = sequence + 1;
        sequence
    }

    fn write(&mut self, plan: &Plan, record: &Recorded) {
        self.open = self.open && (self.take)(plan, record);
    }
}

/// The name of a person of a role, or the role and a number from 1, as in `sales 2`.
fn resource(definition: &Definition, role: RoleIx, person: u32) -> Option<String> {
    let (name, role) = definition.roles.get_index(role.at())?;
    match &role.people {
        People::Named(names) => names.get(person as usize).cloned(),
        People::Count(count) => (person < *count).then(|| format!("{name} {}", person + 1)),
    }
}

impl Simulation {
    /// Runs one replication and hands over each record as it is made, until `take` says that it wants no more. Says how many
    /// there were.
    ///
    /// Work that an absence interrupts is recorded as `work-suspended` and `work-resumed`, of which the kernel knows nothing.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn record(&self, replication: u64, take: &mut dyn FnMut(&Recorded) -> bool) -> Result<u64, SimulationError> {
        let mut count = 0;
        let mut counted = |_: &Plan, record: &Recorded| {
            count += 1;
            take(record)
        };
        self.replay(replication, &mut counted)?;
        Ok(count)
    }

    /// Writes the records of one replication as JSON lines, behind a line with a [`RecordHeader`]. Says how many there were.
    ///
    /// # Errors
    /// As [`Simulation::run`], and when they cannot be written.
    pub fn record_to(&self, replication: u64, out: &mut impl Write) -> Result<u64, RecordError> {
        let header = RecordHeader {
            seed: Some(self.its_seed()),
            replication: Some(replication),
            ..RecordHeader::of(self.plan().definition())
        };
        let mut out = io::BufWriter::new(out);
        line(&mut out, &header)?;
        let mut written = Ok(());
        let count = self.record(replication, &mut |record| {
            written = line(&mut out, record);
            written.is_ok()
        })?;
        written?;
        out.flush()?;
        Ok(count)
    }
}

fn line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
