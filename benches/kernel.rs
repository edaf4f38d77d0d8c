//! The kernel alone: one case of the seven-step flow, driven by the commands of people, without a simulator.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may fail")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grieta::kernel::{Case, Command, Evaluate, Event, Phase, Status, execute};
use grieta::{Duration, PersonIx, Plan, Process, Timestamp};

const MODEL: &[u8] = include_bytes!("models/seven-step-flow.yaml");

/// The longest usual way through the flow: one rework, then both branches, to the end.
const ANSWERS: [&str; 4] = ["suitable", "again", "suitable", "qualified"];

/// A case from its start to its end: the commands, and the events they cause.
struct Script {
    plan: Plan,
    commands: Vec<(Timestamp, Command)>,
    events: Vec<(Timestamp, Event)>,
}

impl Script {
    fn new() -> Script {
        let process = Process::read("seven-step-flow.yaml", MODEL).expect("the model of this folder");
        let plan = Plan::new(Arc::new(process)).expect("the model of this folder");
        let mut script = Script { plan, commands: Vec::new(), events: Vec::new() };
        let (mut case, mut now, mut answers) = (Case::default(), Timestamp::EPOCH, ANSWERS.iter());
        let mut command = Command::Start { data: vec![] };
        loop {
            let events = &mut script.events;
            let mut sink = |_: &Case, at: Timestamp, event: &Event| events.push((at, event.clone()));
            execute(&script.plan, &mut case, now, &command, &mut Evaluate, &mut sink).expect("a command in its place");
            script.commands.push((now, command));
            if case.status() == Status::Completed {
                return script;
            }
            now = now + Duration::MINUTE;
            let active = |token: &grieta::kernel::Token| matches!(token.phase, Phase::Offered | Phase::Started);
            let (token, item) = case.tokens().find(|(_, token)| active(token)).expect("work to do");
            command = match item.phase {
                Phase::Offered => Command::Begin { token, person: PersonIx::NONE },
                _ => {
                    let has_outcomes = !script.plan.step_definition(item.step).unwrap().outcomes.is_empty();
                    let outcome = script.plan.outcome(item.step, has_outcomes.then(|| *answers.next().unwrap()));
                    Command::Complete { token, outcome, data: vec![] }
                }
            };
        }
    }
}

fn kernel(criterion: &mut Criterion) {
    let script = Script::new();
    let mut group = criterion.benchmark_group("kernel");
    let mut case = Case::default();
    group.throughput(Throughput::Elements(script.commands.len() as u64));
    group.bench_function("execute, by command", |bencher| {
        bencher.iter(|| {
            case.renew();
            for (at, command) in &script.commands {
                let mut sink = |case: &Case, _: Timestamp, event: &Event| {
                    black_box((case, event));
                };
                execute(&script.plan, &mut case, *at, command, &mut Evaluate, &mut sink).unwrap();
            }
        });
    });
    group.throughput(Throughput::Elements(script.events.len() as u64));
    group.bench_function("apply, by event", |bencher| {
        bencher.iter(|| {
            for (at, event) in &script.events {
                case.apply(*at, black_box(event));
            }
            black_box(&case);
        });
    });
    group.finish();
}

criterion_group!(benches, kernel);
criterion_main!(benches);
