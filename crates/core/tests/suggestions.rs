//! Whatever has a name or is one of a few words: a slip of the pen is answered with what was probably meant.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;

const SHOP: &str = r#"
process: shop
version: 1.0.0
variant: as-is
start: pick
customer: buyer
calendar: office
calendars:
  office: { zone: Europe/Madrid, week: { mon-fri: "09:00-18:00" } }
roles:
  clerk: { people: [ana, ben], deputies: { ana: ben } }
  boss:  { people: 1, calendar: office }
data:
  buyer:  { type: text, required: true }
  amount: { type: integer, initial: 0 }
  grade:  { type: choice, of: [hot, cold] }
steps:
  pick:
    human: { role: clerk, takes: "lognormal(6 min, cv 0.7)", allocate: least-busy }
    value: adds-value
    reads: [amount]
    sets: { amount: "max(amount, 1)" }
    outcomes:
      good: { to: pack, chance: 60% }
      poor: { to: sent, chance: rest }
    cracks:
      broken: { on: failure, do: fail, then: sent, interrupts: true }
      late: { on: deadline, after: 2 d, do: { skip: poor } }
      away: { on: unavailable, after: 4 h, do: { reallocate: boss } }
      missing: { on: constraint, when: "has(grade)", recover: roll-back, do: cancel-case }
  pack:
    human: { role: boss, allocate: { same-person-as: pick } }
    only-while: pick
    until: grade == "hot"
    next: bill
  bill: { human: clerk, next: sent }
  sent: { end: {} }
rules:
  - { four-eyes: [pick, bill] }
simulation:
  arrivals: { per: business-day, mean: 60 }
  sample: { amount: 3 }
  absences: { boss: { rate: 1.5/year, lasts: 5 bd } }
"#;

/// With that changed, the definition has a problem with that remedy.
fn check(right: &str, wrong: &str, help: &str) {
    assert_eq!(SHOP.matches(right).count(), 1, "{right}");
    let problems = Process::read("shop.yaml", SHOP.replace(right, wrong).as_bytes()).unwrap_err();
    let found: Vec<_> = problems.list.iter().filter_map(|problem| problem.help.as_deref()).collect();
    assert!(found.contains(&help), "{wrong}: expected {help}\nfound\n{problems}");
}

#[test]
fn without_a_slip_nothing_is_wrong() {
    let process = Process::read("shop.yaml", SHOP.as_bytes()).unwrap();
    assert!(process.warnings().is_empty(), "{}", process.warnings());
}

#[test]
fn names_of_what_is_declared() {
    check("start: pick", "start: pcik", "did you mean `pick`?");
    check("to: pack", "to: pakc", "did you mean `pack`?");
    check("then: sent", "then: Sent", "did you mean `sent`?");
    check("same-person-as: pick", "same-person-as: pcik", "did you mean `pick`?");
    check("only-while: pick", "only-while: pcik", "did you mean `pick`?");
    check("four-eyes: [pick", "four-eyes: [pcik", "did you mean `pick`?");
    check("role: clerk", "role: clrek", "did you mean `clerk`?");
    check("reallocate: boss", "reallocate: bos", "did you mean `boss`?");
    check("absences: { boss", "absences: { bos", "did you mean `boss`?");
    check("calendar: office\ncalendars", "calendar: ofice\ncalendars", "did you mean `office`?");
    check("people: 1, calendar: office", "people: 1, calendar: offfice", "did you mean `office`?");
    check("customer: buyer", "customer: byuer", "did you mean `buyer`?");
    check("reads: [amount]", "reads: [amuont]", "did you mean `amount`?");
    check("sets: { amount", "sets: { amuont", "did you mean `amount`?");
    check("max(amount", "max(amuont", "did you mean `amount`?");
    check("sample: { amount", "sample: { amuont", "did you mean `amount`?");
    check("skip: poor", "skip: por", "did you mean `poor`?");
    check("grade == \"hot\"", "grade == \"hott\"", "did you mean `hot`?");
    check("ana: ben", "ana: bne", "did you mean `ben`?");
}

#[test]
fn words_of_the_format() {
    check("variant: as-is", "variant: As-Is", "did you mean `as-is`?");
    check("outcomes:", "outcome:", "did you mean `outcomes`?");
    check("only-while:", "only_while:", "did you mean `only-while`?");
    check("type: integer", "type: int", "did you mean `integer`?");
    check("least-busy", "leastbusy", "did you mean `least-busy`?");
    check("adds-value", "add-value", "did you mean `adds-value`?");
    check("on: unavailable", "on: unavailible", "did you mean `unavailable`?");
    check("do: fail,", "do: fial,", "did you mean `fail`?");
    check("do: cancel-case", "do: cancel", "did you mean `cancel-case`?");
    check("do: { skip", "do: { skpi", "did you mean `skip`?");
    check("roll-back", "rollback", "did you mean `roll-back`?");
    check("interrupts: true", "interrupts: ture", "did you mean `true`?");
    check("chance: rest", "chance: rset", "did you mean `rest`?");
    check("max(", "mxa(", "did you mean `max`?");
    check("has(", "hass(", "did you mean `has`?");
    check("business-day", "businessday", "did you mean `business-day`?");
    check("1.5/year", "1.5/yaer", "did you mean `year`?");
}

#[test]
fn quantities_days_and_zones() {
    check("after: 2 d", "after: 2 days", "did you mean `2 d`?");
    check("after: 2 d", "after: 2 working days", "did you mean `2 bd`?");
    check("after: 4 h", "after: 4 hrs", "did you mean `4 h`?");
    check("chance: 60%", "chance: 60", "did you mean `60%`?");
    check("chance: 60%", "chance: 3/5", "did you mean `60%`?");
    check("lognormal(6 min", "lognorml(6 min", "did you mean `lognormal(6 min, cv 0.7)`?");
    check("mon-fri", "Monday-Friday", "did you mean `mon-fri`?");
    check("09:00-18:00", "9-18", "did you mean `09:00-18:00`?");
    check("Europe/Madrid", "Europa/Madrid", "did you mean `Europe/Madrid`?");
    check(
        "process: shop",
        "process: The Shop",
        "did you mean `the-shop`? a name consists of letters a–z, digits and hyphens, and begins with a letter",
    );
}
