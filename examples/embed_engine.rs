//! A sales desk in one file: a process, two people, a service, and a lead that is called twice.
//!
//! ```sh
//! cargo run --example embed_engine
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use grieta::{Engine, Process, Timestamp, data};

const SALES: &str = r#"
process: sales
version: 1.0.0
start: score
calendar: office
calendars:
  office: { zone: Europe/Madrid, week: { mon-fri: "09:00-18:00" } }
roles:
  sdr:  { people: [ana, ben] }
  boss: { people: [marta] }
data:
  size: { type: integer, required: true }
  fit:  { type: integer }
steps:
  score: { service: {}, writes: [fit], next: worth-a-call }
  worth-a-call:
    choose: [{ when: fit >= 3, to: call }, { otherwise: given-up }]
  call:
    human: sdr
    outcomes: { reached: won, not-interested: given-up }
    cracks:
      voicemail-full: { on: failure, do: { retry: { after: 4 bh, at-most: 3 } }, then: given-up }
      nobody-calls:   { on: unavailable, after: 1 bh, do: { reallocate: boss } }
  won:      { end: {} }
  given-up: { end: {} }
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut desk = Engine::in_memory() // add `.clock(SystemClock)` to live in the present
        .service("score", |case| Ok(data! { fit: case.integer("size")? / 10 }))
        .deploy(Process::read("sales.yaml", SALES.as_bytes())?)?;
    desk.advance_to("2026-03-02T09:00:00+01:00".parse::<Timestamp>()?)?;

    let case = desk.start("sales", "lead-4711", data! { size: 40 })?;
    let item = desk.worklist("ana")?.first().ok_or("no work")?.id();
    desk.claim(item, "ana")?;
    desk.fail(item, "voicemail-full")?; // a crack of the step: it is tried again in four business hours
    println!("{}\n", desk.explain(case)?);

    let due = desk.next_due().ok_or("nothing is due")?; // your loop would sleep until then
    desk.advance_to(due)?;
    println!("{}\n", desk.explain(case)?);

    desk.claim(item, "ben")?;
    desk.complete(item, "reached", data! {})?;
    println!("{}", desk.explain(case)?);
    Ok(())
}
