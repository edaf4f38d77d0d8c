//! The telephone story: what the plain drawing of a call leaves out, and how each crack is answered.
//!
//! ```sh
//! cargo run --example cracks
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use grieta::kernel::Phase;
use grieta::runtime::{CaseId, ItemId};
use grieta::{Duration, Engine, Process, Timestamp, data};

const TELEPHONE: &str = r#"
process: telephone
version: 1.0.0
start: reception
roles:
  reception:  { people: [rosa], department: office }
  switch:     { people: [luis], department: office }
  specialist: { people: [ana, ben], deputies: { ana: ben } }
steps:
  reception:
    name: Answer the telephone
    human: reception
    outcomes: { knows-whom: specialist, wrong-number: over }
    cracks:
      nobody-there: { on: unavailable, do: { reallocate: switch } }
  specialist:
    name: Speak with the specialist
    human: { role: specialist, allocate: least-busy }
    outcomes: { solved: over, call-back: call-back }
    cracks:
      wrong-person: { on: failure, do: fail, then: reception }
      in-hospital:  { on: unavailable, do: reallocate }
  call-back:
    name: Call the customer back
    human: specialist
    next: over
    cracks:
      voicemail-full: { on: failure, do: { retry: { after: 4 h, at-most: 2 } } }
  over: { end: {} }
"#;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut desk = Engine::in_memory().deploy(Process::read("telephone.yaml", TELEPHONE.as_bytes())?)?;
    desk.advance_to("2026-03-02T09:00:00+01:00".parse::<Timestamp>()?)?;
    nobody_at_reception(&mut desk)?;
    the_wrong_person(&mut desk)?;
    a_week_in_hospital(&mut desk)?;
    the_voicemail_is_full(&mut desk)
}

fn nobody_at_reception(desk: &mut Engine) -> Outcome {
    desk.leaves("rosa")?;
    let case = desk.start("telephone", "call-1", data! {})?;
    tell(desk, "Nobody sits at reception: the call goes to the switchboard.", case)?;
    desk.returns("rosa")?;
    Ok(())
}

fn the_wrong_person(desk: &mut Engine) -> Outcome {
    let case = with_a_specialist(desk, "call-2")?;
    desk.fail(item(desk, case)?, "wrong-person")?;
    tell(desk, "The customer reached the wrong person: back to reception, which asks again.", case)
}

fn a_week_in_hospital(desk: &mut Engine) -> Outcome {
    let case = with_a_specialist(desk, "call-3")?;
    desk.leaves("ana")?;
    tell(desk, "Ana is in hospital for a week, with a customer on the line: her deputy takes over.", case)?;
    desk.advance(Duration::WEEK)?;
    desk.returns("ana")?;
    Ok(())
}

fn the_voicemail_is_full(desk: &mut Engine) -> Outcome {
    let case = with_a_specialist(desk, "call-4")?;
    desk.complete(item(desk, case)?, "call-back", data! {})?;
    for _ in 0..3 {
        let call = item(desk, case)?;
        desk.claim(call, "ben")?;
        desk.fail(call, "voicemail-full")?;
        if desk.item(call)?.phase() == Phase::Delayed {
            tell(desk, "The voicemail is full: tried again four hours later.", case)?;
            desk.advance_to(desk.next_due().ok_or("nothing is due")?)?;
        }
    }
    tell(desk, "Full again, the third time. Nobody said what then: an incident, seen and never lost.", case)?;
    let stuck = desk.incidents().first().ok_or("no incident")?.id();
    desk.go_to(stuck, "reception")?;
    tell(desk, "Somebody resolves it: reception looks for another number.", case)
}

/// A call that reception has put through to Ana.
fn with_a_specialist(desk: &mut Engine, key: &str) -> Result<CaseId, Box<dyn std::error::Error>> {
    let case = desk.start("telephone", key, data! {})?;
    let call = item(desk, case)?;
    desk.claim(call, "rosa")?;
    desk.complete(call, "knows-whom", data! {})?;
    let talk = item(desk, case)?;
    if desk.item(talk)?.holder() != Some("ana") {
        desk.delegate(talk, "ana")?;
    }
    desk.begin(talk)?;
    Ok(case)
}

fn item(desk: &Engine, case: CaseId) -> Result<ItemId, grieta::runtime::EngineError> {
    let items = desk.items(case)?;
    items.first().map(|item| item.id()).ok_or(grieta::runtime::EngineError::NoSuchCase(case))
}

fn tell(desk: &Engine, what: &str, case: CaseId) -> Outcome {
    println!("{what}");
    for line in desk.explain(case)?.lines() {
        println!("    {line}");
    }
    println!();
    Ok(())
}
