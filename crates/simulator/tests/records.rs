//! Records of a run: complete, readable again, and written without growing memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::kernel::Event;
use grieta_core::record::{RecordHeader, Recorded};
use grieta_core::world::Directory;
use grieta_simulator::{RecordError, Simulation};
use support::file;

const MODELS: [&str; 4] = [
    "benches/models/seven-step-flow.yaml",
    "process-templates/lead-qualification/to-be.yaml",
    "process-templates/lead-qualification/as-is.yaml",
    "crates/simulator/tests/models/orders.yaml",
];

fn simulation(process: &Arc<Process>, cases: u64) -> Simulation {
    Simulation::new(process).unwrap().cases(cases).seed(7)
}

/// The header and the records of replication 0, as they were written and read again.
fn written(simulation: &Simulation) -> (RecordHeader, Vec<Recorded>) {
    let mut bytes = Vec::new();
    let count = simulation.record_to(0, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = text.lines();
    let header = serde_json::from_str(lines.next().unwrap()).unwrap();
    let records: Vec<Recorded> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len() as u64, count);
    // The very lines come about again.
    for (record, line) in records.iter().zip(text.lines().skip(1)) {
        assert_eq!(serde_json::to_string(record).unwrap(), line);
    }
    (header, records)
}

#[test]
fn the_story_of_each_case_can_be_told_from_its_records() {
    for model in MODELS {
        let process = file(model);
        let simulation = simulation(&process, 60);
        let (header, records) = written(&simulation);
        assert_eq!((header.records, header.seed, header.replication), (RecordHeader::VERSION, Some(7), Some(0)));
        assert_eq!(header.definition, process.definition().content_hash().to_string());
        let plan = simulation.plan();
        for case in 0..60 {
            let name = case.to_string();
            let of_case = records.iter().filter(|record| record.case == name);
            assert!(
                of_case.clone().map(|record| record.sequence).eq(0..of_case.clone().count() as u64),
                "{model} {case}"
            );
            // Interruptions by absence are known to the simulator alone.
            let events: Vec<_> = of_case
                .map(|record| record.event(plan).unwrap())
                .filter(|(_, event)| !matches!(event, Event::WorkSuspended { .. } | Event::WorkResumed { .. }))
                .collect();
            let expected = simulation.story(0, case).unwrap().events;
            assert_eq!(events, expected, "{model} {case}");
            let told = |events: &[(grieta_core::Timestamp, Event)]| {
                plan.story(&Directory::default(), events.iter().map(|(at, event)| (*at, event)))
            };
            assert_eq!(told(&events), told(&expected));
        }
    }
}

#[test]
fn who_does_what_is_known_and_nobody_does_two_things_at_a_time() {
    let process = file(MODELS[0]);
    let (_, records) = written(&simulation(&process, 500));
    let (mut busy, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for record in &records {
        let Some(resource) = &record.what.resource else { continue };
        let item = (record.case.clone(), record.what.token);
        match record.event.as_str() {
            "work-started" => assert_eq!(busy.insert(resource.clone(), item), None, "{record:?}"),
            "work-completed" => assert_eq!(busy.remove(resource), Some(item), "{record:?}"),
            other => panic!("{other}: {record:?}"),
        }
        seen.insert(resource.clone());
        assert!(resource.starts_with(record.what.role.as_deref().unwrap()), "{record:?}");
    }
    let people: u32 = process.definition().roles.values().map(|role| role.people.count() as u32).sum();
    assert_eq!(seen.len() as u32, people);
    let started = records.iter().filter(|record| record.event == "work-started");
    assert!(started.clone().count() > 500 && started.clone().all(|record| record.what.resource.is_some()));
}

#[test]
fn an_absence_interrupts_work_and_the_records_say_so() {
    let text = r#"
process: desk
version: 1.0.0
start: serve
roles: { clerk: { people: [ana, ben], department: sales } }
steps:
  serve: { human: { role: clerk, takes: "exponential(1 d)" }, next: served }
  served: { end: {} }
simulation: { arrivals: { every: "exponential(2 d)" }, absences: { clerk: { rate: 50/year, lasts: 3 d } } }
"#;
    let process = Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")));
    let (_, records) = written(&simulation(&process, 300));
    let count = |event: &str| records.iter().filter(|record| record.event == event).count();
    assert!(count("work-suspended") > 10, "{}", count("work-suspended"));
    assert_eq!(count("work-suspended"), count("work-resumed"));
    let rested = records.iter().find(|record| record.event == "work-suspended").unwrap();
    assert!(["ana", "ben"].contains(&rested.what.resource.as_deref().unwrap()), "{rested:?}");
    assert_eq!((rested.what.department.as_deref(), rested.what.step.as_deref()), (Some("sales"), Some("serve")));
}

/// Counts what passes through it, and how large the largest piece was.
#[derive(Default)]
struct Passage {
    bytes: usize,
    room: usize,
}

impl Write for Passage {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len();
        match self.bytes > self.room {
            true => Err(io::Error::new(io::ErrorKind::StorageFull, "no room")),
            false => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn records_leave_as_they_are_made_and_a_full_disk_is_reported() {
    let process = file(MODELS[0]);
    let mut passage = Passage { room: usize::MAX, ..Passage::default() };
    // The first record is handed over long before the last case has come.
    let (mut first, mut count) = (None, 0u64);
    simulation(&process, 1_000)
        .record(0, &mut |record| {
            first.get_or_insert_with(|| record.at.clone());
            count += 1;
            true
        })
        .unwrap();
    assert_eq!(simulation(&process, 1_000).record_to(0, &mut passage).unwrap(), count);
    let mut full = Passage { room: 100_000, ..Passage::default() };
    let error = simulation(&process, 1_000).record_to(0, &mut full).unwrap_err();
    assert!(matches!(&error, RecordError::Output(error) if error.kind() == io::ErrorKind::StorageFull), "{error}");
    assert!(full.bytes < 200_000, "nothing is written after the failure: {}", full.bytes);
    // Whoever has seen enough gets no more.
    let mut seen = 0;
    simulation(&process, 1_000)
        .record(0, &mut |_| {
            seen += 1;
            seen < 10
        })
        .unwrap();
    assert_eq!(seen, 10);
}

#[test]
fn a_record_that_does_not_fit_says_what_is_missing() {
    let process = file(MODELS[0]);
    let simulation = simulation(&process, 5);
    let (_, records) = written(&simulation);
    let reached = records.iter().find(|record| record.event == "step-reached").unwrap();
    let read = |change: fn(&mut Recorded)| {
        let mut record = reached.clone();
        change(&mut record);
        record.event(simulation.plan()).unwrap_err().to_string()
    };
    assert!(read(|record| record.what.step = Some("a9".into())).contains("there is no step `a9`"));
    assert!(read(|record| record.what.token = None).contains("expected `token`, which is missing"));
    assert!(read(|record| record.event = "step-left".into()).contains("found `step-left`"));
    assert!(read(|record| record.at = "soon".into()).contains("found `soon`"));
}
