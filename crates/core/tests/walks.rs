//! Random commands on the definitions of all pattern fixtures: whatever is accepted leaves the case whole, and what is
//! refused leaves it as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::path::Path;

use grieta_core::definition::{Held, Type};
use grieta_core::kernel::{Command, Status};
use grieta_core::value::Value;
use grieta_core::{Duration, FieldIx, PersonIx, Process, TimerIx, TokenIx};
use support::Desk;

const WALKS: u64 = 100;
const MOVES: usize = 60;

#[test]
fn random_commands_leave_every_case_whole() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for place in ["patterns", "cases"] {
        for folder in std::fs::read_dir(tests.join(place)).unwrap() {
            let folder = folder.unwrap().path();
            let process = Process::read("process.yaml", &std::fs::read(folder.join("process.yaml")).unwrap()).unwrap();
            (0..WALKS).for_each(|seed| walk(&process, seed, &folder.display().to_string()));
        }
    }
}

fn walk(process: &Process, seed: u64, name: &str) {
    let mut random = Random(seed);
    let mut desk = Desk::new(process.definition().clone());
    let data = start_data(&desk, &mut random);
    desk.command(&Command::Start { data }).unwrap();
    for count in 0..MOVES {
        if desk.case.status() != Status::Running {
            return;
        }
        let (command, before) = (random_command(&mut desk, &mut random), desk.case.clone());
        if desk.command(&command).is_err() {
            assert_eq!(desk.case, before, "{name}, seed {seed}: {command:?} was refused, but changed the case");
        }
        if let Err(message) = desk.is_whole() {
            panic!("{name}, seed {seed}, move {count}: after {command:?} {message}; {}", desk.shown());
        }
        assert_eq!(desk.explained().len(), desk.case.live());
    }
}

fn start_data(desk: &Desk, random: &mut Random) -> Vec<(FieldIx, Value)> {
    let definition = desk.plan.definition();
    let required = definition.data.iter().enumerate().filter(|(_, (_, field))| field.required);
    let value = |kind: Type, random: &mut Random| match kind {
        Type::Boolean => Value::Boolean(random.below(2) == 0),
        Type::Integer => Value::Integer(random.below(5) as i64),
        _ => "some".into(),
    };
    required.map(|(index, (_, field))| (FieldIx(index as u16), value(field.kind, random))).collect()
}

fn random_command(desk: &mut Desk, random: &mut Random) -> Command {
    let tokens: Vec<TokenIx> = desk.case.tokens().map(|(token, _)| token).collect();
    let token = tokens[random.below(tokens.len())];
    let item = *desk.case.token(token).unwrap();
    let step = desk.plan.step_definition(item.step).unwrap();
    match random.below(20) {
        0 => {
            desk.now = desk.now + Duration::DAY;
            let timers: Vec<TimerIx> = desk.case.timers().map(|(timer, _)| timer).collect();
            let timer = if timers.is_empty() { TimerIx(0) } else { timers[random.below(timers.len())] };
            Command::TimerDue { timer }
        }
        1 | 2 if !step.cracks.is_empty() => {
            let cracks = desk.plan.declared_cracks(item.step).unwrap();
            let name = cracks.get_index(random.below(cracks.len())).unwrap().0;
            Command::Strike { token, crack: desk.plan.crack(item.step, name).unwrap() }
        }
        3 => Command::AddInstance { token },
        4 if random.below(20) == 0 => Command::Cancel { compensate: false },
        5 => Command::Begin { token, person: PersonIx::NONE },
        _ if item.phase.held() == Some(Held::Offered) => Command::Begin { token, person: PersonIx::NONE },
        _ => {
            let named =
                step.outcomes.get_index(random.below(step.outcomes.len().max(1))).map(|(name, _)| name.as_str());
            Command::Complete { token, outcome: desk.plan.outcome(item.step, named), data: vec![] }
        }
    }
}

/// The generator of Steele, Lea and Flood (2014), enough for choosing among commands.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}
