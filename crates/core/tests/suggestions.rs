//! Whatever has a name or is one of a few words: a slip of the pen is answered with what was probably meant.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;

const SHOP: &str = r#"
process: shop
version: 1.0.0
variant: as-is
start: pick
customer: buyer
outputs: [grade]
calendar: office
calendars:
  office: { zone: Europe/Madrid, week: { mon-fri: "09:00-18:00" } }
roles:
  clerk: { people: [ana, ben], deputies: { ana: ben } }
  boss:  { people: 1, calendar: office }
persons: { ana: { speed: 120% } }
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
    check("outputs: [grade]", "outputs: [gade]", "did you mean `grade`?");
    check("outputs: [grade]", "outputs: grade", "write `[grade]`");
    check("reads: [amount]", "reads: [amuont]", "did you mean `amount`?");
    check("sets: { amount", "sets: { amuont", "did you mean `amount`?");
    check("max(amount", "max(amuont", "did you mean `amount`?");
    check("sample: { amount", "sample: { amuont", "did you mean `amount`?");
    check("skip: poor", "skip: por", "did you mean `poor`?");
    check("grade == \"hot\"", "grade == \"hott\"", "did you mean `hot`?");
    check("ana: ben", "ana: bne", "did you mean `ben`?");
    check("persons: { ana", "persons: { anna", "did you mean `ana`?");
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

/// With that changed, the definition has that problem alone, and with that remedy.
fn check_alone(right: &str, wrong: &str, message: &str, help: &str) {
    assert_eq!(SHOP.matches(right).count(), 1, "{right}");
    let problems = Process::read("shop.yaml", SHOP.replace(right, wrong).as_bytes()).unwrap_err();
    let found: Vec<_> =
        problems.list.iter().map(|problem| (problem.message.as_str(), problem.help.as_deref().unwrap_or(""))).collect();
    assert_eq!(found, [(message, help)], "{wrong}:\n{problems}");
}

#[test]
fn a_step_in_words_of_bpmn_has_one_problem() {
    let bill = "bill: { human: clerk, next: sent }";
    let check = |wrong: &str, message: &str, help: &str| check_alone(bill, wrong, message, help);
    check("bill: { user-task: clerk, next: sent }", "a step has no key `user-task`", "did you mean `human`?");
    check("bill: { exclusiveGateway: [a] }", "a step has no key `exclusiveGateway`", "did you mean `choose`?");
    check(
        "bill: { decide: [{ when: amount > 3, to: sent }] }",
        "expected the name of a decision, found a list",
        "`decide` names a table under `decisions`; to branch on conditions write `choose`",
    );
    check(
        "bill: { choose: [{ condition: amount > 3, to: sent }, { otherwise: sent }] }",
        "a branch has no key `condition`",
        "did you mean `when`?",
    );
    check(
        "bill: { choose: [{ when: amount > 3, to: sent }, { default: sent }] }",
        "a branch has no key `default`",
        "did you mean `otherwise`?",
    );
    check_alone(
        "on: deadline",
        "on: timer",
        "expected one of `failure`, `deadline`, `unavailable`, `external`, `constraint`, found `timer`",
        "did you mean `deadline`?",
    );
}

#[test]
fn an_outcome_is_no_step_though_it_is_like_one() {
    let clock = |until: &str| format!("clocks: {{ c: {{ until: {until}, within: 8 bh, warn: 7 bh }} }}\nrules:\n");
    check_alone(
        "rules:\n",
        &clock("poor"),
        "there is no step `poor`",
        "`poor` is the outcome with which `pick` leads to `sent`: name the step that is meant; the clock stops when that \
         step is done, with whatever outcome",
    );
    check("rules:\n", &clock("pikc"), "did you mean `pick`?");
    check(
        "then: sent, interrupts",
        "then: good, interrupts",
        "`good` is the outcome with which `pick` leads to `pack`: name the step that is meant",
    );
}

#[test]
fn marks_of_a_clock_count_from_its_start() {
    let clock = |warn: &str| format!("clocks: {{ c: {{ within: 8 bh, warn: {warn} }} }}\nrules:\n");
    let message = "a mark counts from the start of the clock, not back from its end, found `1 bh before`";
    check_alone("rules:\n", &clock("1 bh before"), message, "write `7 bh`, `1 bh` before the end of `8 bh`");
    let no_time = "write how long the clock has run by then, or a share such as `75%`";
    check("rules:\n", &clock("-9 bh"), no_time);
    check("rules:\n", &clock("2 h left"), no_time);
    check("after: 2 d, do", "clock: c, after: 75%, do", "write `at: 75%` beside `clock`");
    check(
        "after: 2 d, do",
        "after: 75%, do",
        "write a length of time such as `4 bh`, or `at: 75%` with the `clock` that is meant",
    );
    let both = SHOP.replace("after: 2 d, do", "clock: c, after: 2 d, do").replace("rules:\n", &clock("7 bh"));
    let problems = Process::read("shop.yaml", both.as_bytes()).unwrap_err();
    let help = "write `at: 2 d` for when the clock has run so long, or else leave `clock` out";
    assert_eq!(problems.list[0].help.as_deref(), Some(help), "{problems}");
}

#[test]
fn what_stands_beside_a_response_does_not_stand_in_it() {
    check_alone(
        "do: { skip: poor }",
        "do: { skip: poor, then: sent }",
        "`then` stands beside `do`, not in it",
        "write it after the response, as in `do: { … }, then: …`, or on a line that begins where `do` does",
    );
    let step = "bill: { service: {}, next: sent, cracks: { down: { on: unavailable, do: { retry: { at-most: 3 }, then: sent } } } }";
    let text = SHOP
        .replace("bill: { human: clerk, next: sent }", step)
        .replace("rules:\n  - { four-eyes: [pick, bill] }\n", "");
    let problems = Process::read("shop.yaml", text.as_bytes()).unwrap_err();
    let found: Vec<_> = problems.list.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(found, ["crack-trigger", "unknown-key"], "both at once:\n{problems}");
    let help = "it can have `failure` (the work cannot be done, or a system is down), `deadline` (it takes too long), \
                `external` (something happens outside), `constraint` (the data break a rule)";
    assert_eq!(problems.list[0].help.as_deref(), Some(help));
}

#[test]
fn a_list_where_one_is_meant_and_the_other_way_round() {
    check_alone(
        "to: pack, chance",
        "to: [pack, sent], chance",
        "expected the name of a step, found a list",
        "name one step: for all of these at once, one with `fork: [pack, sent]`; for one of them by the data, one with `choose`",
    );
    check("next: bill", "next: [bill]", "write `bill`, without brackets");
    check(
        "bill: { human: clerk, next: sent }",
        "bill: { for-each: { steps: { one: {}, over: { end: {} } }, times: 3 }, next: sent }",
        "write `[one, over]` here, their names; the steps themselves stand under `steps` of the process like all others",
    );
    check(
        "sent: { end: {} }",
        "sent: { end: { hand-over: { process: other, with: [buyer, amount] } } }",
        "write `{ buyer: buyer, amount: amount }`: left a field of the other process, right what it becomes there",
    );
    check(
        "bill: { human: clerk, next: sent }",
        "bill: { join: [pick, pack], next: sent }",
        "`all` waits for every branch, `live` for every branch that can still come; branches are not named, they lead here",
    );
}

#[test]
fn fields_values_and_numbers() {
    check(
        "reads: [amount]",
        "reads: [contract_no]",
        "there are `buyer`, `amount`, `grade`; or declare it under `data`, as in `contract_no: { type: text }`",
    );
    check_alone(
        "until: grade == \"hot\"",
        "until: grade == hot",
        "there is no data field `hot`",
        "`hot` is a value of `grade`: write it in quotes, `\"hot\"`",
    );
    let hyphens = SHOP.replace("[hot, cold]", "[hot-lead, cold]").replace("grade == \"hot\"", "grade == hot-lead");
    let problems = Process::read("shop.yaml", hyphens.as_bytes()).unwrap_err();
    assert_eq!(problems.list.len(), 1, "{problems}");
    assert_eq!(problems.list[0].message, "there is no data field `hot-lead`");
    let dates = SHOP.replace("grade:  {", "from: { type: date }\n  to_day: { type: date }\n  grade:  {");
    let dates = dates.replace("grade == \"hot\"", "to_day - from > 14");
    let problems = Process::read("shop.yaml", dates.as_bytes()).unwrap_err();
    let help = "a duration has a unit and stands in quotes, as in `\"14 d\"` for days";
    assert_eq!(problems.list[0].help.as_deref(), Some(help), "{problems}");
    check("rate: 1.5/year", "rate: 2 per year", "did you mean `2/year`?");
}

#[test]
fn cells_of_a_decision_table() {
    let table = |rules: &str| {
        format!("decisions: {{ d: {{ inputs: [amount, grade], outputs: [share], rules: [{rules}] }} }}\nrules:\n")
    };
    let check = |rules: &str, help: &str| {
        let text = SHOP.replace("rules:\n", &table(rules)).replace("data:\n", "data:\n  share: { type: decimal }\n");
        let problems = Process::read("shop.yaml", text.as_bytes()).unwrap_err();
        let found: Vec<_> = problems.list.iter().map(|problem| problem.help.as_deref().unwrap_or("")).collect();
        assert_eq!(found, [help], "{problems}");
    };
    let row = |then: &str| format!("{{ when: [\"> 9\", hot], then: {then} }}");
    check("{ when: [hot, \"> 9\"], then: 5 }", "tests stand in the order of `inputs`: `> 9` before `hot`");
    check(
        &format!("{}, {{ otherwise: 5 }}", row("15%")),
        "a number stands without `%`: write `15`, as `5` stands in another rule",
    );
    check(
        &format!("{}, {{ otherwise: 0.05 }}", row("15%")),
        "a number stands without `%`: write `0.15`, as `0.05` stands in another rule",
    );
    check(
        &format!("{}, {{ otherwise: 0 }}", row("15%")),
        "a number stands without `%`: write `15` or `0.15`, the same way wherever the field is used",
    );
}

#[test]
fn what_is_no_yaml_because_of_a_bracket_or_a_tab() {
    check(
        "value: adds-value",
        "name: {buyer} gets it, now",
        "a text that begins with `{` stands in quotes: \"{buyer} gets it, now\"",
    );
    check("    value: adds-value\n", "\tvalue: adds-value\n", "indent with spaces: 4 of them here");
    check(
        "  pack:\n    human: { role: boss, allocate: { same-person-as: pick } }\n    only-while: pick\n",
        "  pack:\n\thuman: { role: boss, allocate: { same-person-as: pick } }\n\tonly-while: pick\n",
        "indent with spaces: 4 of them here; another line begins with a tab too",
    );
}

#[test]
fn names_that_are_wrong_are_pointed_at() {
    let check = |right: &str, wrong: &str, name: &str| {
        let text = SHOP.replace(right, wrong);
        let problems = Process::read("shop.yaml", text.as_bytes()).unwrap_err();
        let place = problems.list[0].place.unwrap();
        let line = text.lines().nth(place.line as usize - 1).unwrap();
        assert_eq!(&line[place.column as usize - 1..][..place.length as usize], name, "{problems}");
    };
    check("sample: { amount: 3 }", "sample: { last_amount: 3 }", "last_amount");
    check("sets: { amount:", "sets: { last_amount:", "last_amount");
    check("mon-fri", "mo-fr", "mo-fr");
}

/// The end of the value that begins there, in a line of the file.
fn end_of_value(line: &str, from: usize) -> usize {
    let (mut depth, mut quoted) = (0, false);
    for (at, character) in line.char_indices().skip_while(|(at, _)| *at < from) {
        match character {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' | ',' if !quoted && depth == 0 => return at,
            '}' | ']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    line.len()
}

#[test]
fn wherever_a_list_or_a_mapping_does_not_belong_there_is_a_line_to_write() {
    let mut refused = 0;
    for (line_start, line) in SHOP.lines().scan(0, |at, line| Some((std::mem::replace(at, *at + line.len() + 1), line)))
    {
        for (colon, _) in line.match_indices(": ") {
            let from = colon + 2 + line[colon + 2..].chars().take_while(|c| *c == ' ').count();
            for other in ["[[a]]", "{ a: [b] }"] {
                let (before, after) = (line_start + from, line_start + end_of_value(line, from));
                let text = format!("{}{other}{}", &SHOP[..before], &SHOP[after..]);
                let Err(problems) = Process::read("shop.yaml", text.as_bytes()) else { continue };
                let bare = |problem: &&grieta_core::diagnostic::Problem| problem.code.as_str() == "wrong-type";
                for problem in problems.list.iter().filter(bare) {
                    refused += 1;
                    assert!(problem.help.is_some(), "{}:\n{problems}", &line[..from]);
                }
            }
        }
    }
    assert!(refused > 60, "{refused} values refused");
}
