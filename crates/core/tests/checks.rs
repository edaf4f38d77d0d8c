//! What the checks refuse: each table holds steps as they stand in a file, and the problems that must be found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write;

use grieta_core::Process;

/// A process that starts at `a` and ends at `done` has exactly these problems with these steps. Each is given by its code,
/// the text it points at, and the beginning of its message.
fn check(steps: &str, expected: &[&str]) {
    check_with("", steps, expected);
}

/// The same with more at the top level.
fn check_with(top: &str, steps: &str, expected: &[&str]) {
    let roles = if top.contains("roles:") { "" } else { "roles: { clerk: { people: 1 } }\n" };
    let mut text = format!(
        "process: p
version: 1
start: a
{roles}data: {{ count: {{ type: integer, initial: 0, owner: it }} }}
steps:
  done: {{ end: {{}} }}
"
    );
    steps.lines().for_each(|line| writeln!(text, "  {line}").unwrap());
    text += top;
    let problems = match Process::read("test.yaml", text.as_bytes()) {
        Ok(process) => process.warnings().clone(),
        Err(problems) => problems,
    };
    let lines: Vec<&str> = text.lines().collect();
    let shown = problems.list.iter().map(|problem| {
        let place = problem.place.expect("a place in the file");
        let at = &lines[place.line as usize - 1][place.column as usize - 1..][..place.length as usize];
        format!("{} at {at}: {}", problem.code, problem.message)
    });
    let found: Vec<String> = shown.collect();
    let matches =
        found.len() == expected.len() && found.iter().zip(expected).all(|(line, start)| line.starts_with(start));
    assert!(matches, "in\n{text}\nexpected {expected:#?}\nfound {found:#?}");
}

#[test]
fn a_join_waits_for_no_more_branches_than_lead_to_it() {
    let check = |rule: &str, expected: &[&str]| {
        let steps = format!(
            "a: {{ fork: [b, c] }}
b: {{ human: clerk, outcomes: {{ yes: j, no: j }} }}
c: {{ human: clerk, next: j }}
j: {{ join: {rule}, next: done }}"
        );
        check(&steps, expected);
    };
    check("{ first: 2 }", &[]);
    check("{ first: 3 }", &["impossible-count at 3: `first: 3` can never be reached: 2 branches lead to `j`"]);
    check("{ first: 0 }", &["impossible-count at 0"]);
    check("{ threads: 2 }", &[]);
    check("{ threads: 0 }", &["wrong-type at 0: expected a number of threads from 1 to 1000"]);
    check("{ threads: 2, then: block }", &["unknown-key at then: `then` has no meaning without `first`"]);
    check("{ first: 1, threads: 2 }", &["wrong-type at join: expected either `first` or `threads`"]);
    check("some", &["wrong-type at some"]);
}

#[test]
fn nothing_begins_at_a_join_that_waits_for_several() {
    let check_first = |rule: &str, expected: &[&str]| {
        check(&format!("a: {{ join: {rule}, next: b }}\nb: {{ fork: [a, a, done] }}"), expected);
    };
    let alone = "impossible-count at 2: `a` waits for 2 branches, but it comes first: only one can come";
    check_first("{ threads: 2 }", &[alone]);
    check_first("{ threads: 1 }", &[]);
    check_first("{ first: 2 }", &[alone]);
    check_first("{ first: 3 }", &["impossible-count at 3: `first: 3` can never be reached"]);
    check_first("all", &["impossible-count at all: `a` waits for 2 branches"]);
    check_first("live", &[]);
    check("a: { join: { threads: 2 }, next: done }", &[alone]);
    check(
        "a: { subprocess: [b, c], next: done }\nb: { join: { threads: 2 }, next: c }\nc: { end: {} }",
        &["impossible-count at 2: `b` waits for 2 branches"],
    );
    check(
        "a: { human: clerk, undo: b, next: done }\nb: { join: { threads: 2 }, next: done }",
        &["impossible-count at 2: `b` waits for 2 branches"],
    );
}

#[test]
fn every_way_of_a_fork_is_a_branch_of_its_own() {
    check("a: { fork: [j, j, j] }\nj: { join: { first: 3 }, next: done }", &[]);
    check(
        "a: { fork: [j, j] }\nj: { join: { first: 3 }, next: done }",
        &["impossible-count at 3: `first: 3` can never be reached: 2 branches"],
    );
}

#[test]
fn the_branches_of_a_race_begin_where_something_can_happen() {
    check(
        "a: { race: [b, done] }\nb: { wait: 1 h, next: done }",
        &["race-branch at done: nothing can happen at `done` (`end`) that would win the race"],
    );
    check(
        "a: { race: [b, c] }\nb: { receive: paid, next: done }\nc: { assign: { count: 1 }, next: done }",
        &["race-branch at c: nothing can happen at `c` (`assign`)"],
    );
    check("a: { race: [b] }\nb: { wait: 1 h, next: done }", &["no-successor at race: a `race` needs at least two"]);
    check(
        "a: { race: [b, c] }\nb: { subprocess: [d], next: done }\nc: { human: clerk, next: done }\nd: { end: {} }",
        &[],
    );
}

#[test]
fn each_step_is_inside_one_other() {
    check("a: { subprocess: [], next: done }", &["containment at subprocess: there is no step inside"]);
    check("a: { subprocess: [b, b], next: done }\nb: { end: {} }", &["containment at b: `b` is inside `a` already"]);
    check(
        "a: { subprocess: [b], next: c }\nc: { for-each: { steps: [b], times: 2 }, next: done }\nb: { end: {} }",
        &["containment at b: `b` is inside `a` already"],
    );
    check(
        "a: { wait: 1 h, next: done }\nb: { subprocess: [c], next: e }\ne: { end: {} }\nc: { subprocess: [b, e], next: e }",
        &[
            "containment at b: `b` is inside itself",
            "containment at c: `c` is inside itself",
            "crosses-scope at e: `e` is not inside the same step as `c`",
        ],
    );
    check(
        "a: { end: {} }\nb: { subprocess: [a], next: done }",
        &["containment at a: `a` is inside `b` and cannot be the start"],
    );
    let deep = |count: usize| {
        let inner = |n: usize| format!("s{n}: {{ subprocess: [s{}], next: e{n} }}\ne{n}: {{ end: {{}} }}\n", n + 1);
        let mut steps = "a: { subprocess: [s0], next: done }\n".to_owned();
        (0..count)
            .for_each(|n| steps += &inner(n).replace(&format!("[s{}]", n + 1), &format!("[s{}, e{}]", n + 1, n + 1)));
        steps.replace("[s0]", "[s0, e0]")
            + &format!("s{count}: {{ human: clerk, next: e{count} }}\ne{count}: {{ end: {{}} }}")
    };
    check(&deep(63), &[]);
    check(&deep(64), &["containment at s64: `s64` is more than 64 steps deep", "containment at e64"]);
}

#[test]
fn nothing_leads_across_the_border_of_a_step() {
    let check = |inner: &str, expected: &[&str]| {
        check(
            &format!(
                "a: {{ subprocess: [b, c], next: f }}\n{inner}\nc: {{ end: {{}} }}\nf: {{ wait: 1 h, next: done }}"
            ),
            expected,
        );
    };
    check("b: { human: clerk, next: c }", &[]);
    check("b: { human: clerk, next: f }", &["crosses-scope at f: `f` is not inside the same step as `b`"]);
    check("b: { human: clerk, only-while: f, next: c }", &["crosses-scope at f"]);
    check("b: { cancel: [c, a], next: c }", &["crosses-scope at a: `a` is not inside the same step as `b`"]);
    check("b: { cancel: [], next: c }", &["missing-key at cancel: there is no step to cancel"]);
    check("b: { human: clerk, next: c, cracks: { lost: { on: failure, then: f } } }", &["crosses-scope at f"]);
}

#[test]
fn what_goes_on_inside_a_step_does_not_end_the_case() {
    check(
        "a: { subprocess: [b], next: f }\nb: { end: {} }\nf: { wait: 1 h, next: a }",
        &["unreachable-step at done", "no-end at a: no end can be reached from `a`", "no-end at f"],
    );
}

#[test]
fn attributes_of_time_belong_to_steps_that_take_time() {
    check("a: { assign: {}, lock: desk, next: done }", &["unknown-key at desk: `lock` has no meaning for this kind"]);
    check(
        "a: { assign: { count: count + 1 }, until: count > 3, next: done }",
        &["unknown-key at count > 3: `until` has no meaning for this kind of step (`assign`)"],
    );
    check("a: { human: clerk, only-while: a, next: done }", &["unknown-key at a: `a` would wait for itself"]);
    check(
        "a: { human: clerk, only-while: done, next: done }",
        &["unknown-key at done: no case stays at `done` (`end`), so `a` can never begin"],
    );
    check(
        "a: { human: clerk, while: count < 3, outcomes: { yes: done, no: done } }",
        &["unknown-key at count < 3: with `while` the step may not be done at all"],
    );
    check(
        "a: { human: clerk, while: count < 3, until: count > 3, next: done }",
        &["unknown-key at until: a step has either `while` or `until`"],
    );
    check("a: { human: clerk, until: count, next: done }", &["type-mismatch at count"]);
    check("a: { human: clerk, lock: desk, only-while: b, next: b }\nb: { human: clerk, lock: desk, next: done }", &[]);
}

#[test]
fn a_wait_until_a_date_needs_one() {
    let check = |until: &str, expected: &[&str]| {
        check(&format!("a: {{ wait: {{ until: {until} }}, next: done, reads: [count] }}"), expected);
    };
    check("2026-12-24", &[]);
    check("'\"2026-12-24\"'", &[]);
    check("'count > 2 ? \"2026-12-24\" : \"2026-12-31\"'", &[]);
    check("count", &["type-mismatch at count: expected a date, found an integer"]);
    check("2026-02-30", &["type-mismatch at 2026-02-30: expected a date, found an integer"]);
    check("due", &["unknown-field at due: there is no data field `due`"]);
    check("2 h", &["invalid-expression"]);
    check("'\"24.12.\"'", &["type-mismatch at \"24.12.\": expected a day such as `2026-12-24`, found `24.12.`"]);
}

#[test]
fn instances_are_counted_in_whole_numbers() {
    let check = |keys: &str, expected: &[&str]| {
        check(&format!("a: {{ for-each: {{ steps: [b], {keys} }}, next: done }}\nb: {{ end: {{}} }}"), expected);
    };
    check("times: count, enough: count - 1, rest: cancel", &[]);
    check("times: 3, enough: count > 2", &[]);
    check("times: count > 2", &["type-mismatch at count > 2: expected integer, found boolean"]);
    check("times: 3, enough: \"'some'\"", &["invalid-expression"]);
    check("times: 3, rest: cancel", &["unknown-key at cancel: `rest` has no meaning without `enough`"]);
    check("times: 3, rest: block", &["wrong-type at block"]);
    check("growing: true", &["missing-key"]);
}

#[test]
fn rules_between_people_name_steps_that_people_do() {
    let check = |rule: &str, expected: &[&str]| {
        let top = format!("roles: {{ clerk: {{ people: 2 }} }}\nrules: [{{ four-eyes: {rule} }}]");
        let steps = "a: { human: clerk, next: b }
b: { human: { role: clerk, allocate: { same-person-as: a } }, next: c }
c: { human: clerk, next: done }";
        check_with(&top, steps, expected);
    };
    check("[a, c]", &[]);
    check("[]", &["four-eyes at four-eyes: `four-eyes` needs at least two steps, found 0"]);
    check("[a]", &["four-eyes at four-eyes: `four-eyes` needs at least two steps, found 1"]);
    check("[a, c, a]", &["four-eyes at a: `a` stands here twice"]);
    check("[a, done]", &["not-human at done: no person does `done` (`end`)"]);
    check("[a, d]", &["unknown-step at d: there is no step `d`"]);
    check("[c, b, a]", &["four-eyes at b: `b` is given to whoever did `a`, which this rule forbids"]);
}

#[test]
fn rules_on_the_order_of_steps_name_as_many_as_they_are_about() {
    let check = |rule: &str, expected: &[&str]| {
        let top = format!("roles: {{ clerk: {{ people: 2 }} }}\nrules: [{{ {rule} }}]");
        check_with(&top, "a: { human: clerk, next: b }\nb: { choose: [{ otherwise: done }] }", expected);
    };
    check("response: [a, done]", &[]);
    check("existence: a, times: 3", &[]);
    check("response: [a]", &["invalid-rule at response: `response` is about two steps, found 1"]);
    check("response: [a, a]", &["invalid-rule at response: `response` is about two steps, found `a` twice"]);
    check("response: [a, b]", &["invalid-rule at b: nothing is done at `b` (`choose`)"]);
    check("init: c", &["unknown-step at c: there is no step `c`"]);
    check("init: a, times: 2", &["invalid-rule at a: `init` does not count, found `times: 2`"]);
    check("precedence: [a, done], times: 2", &["invalid-rule at precedence: `precedence` does not count"]);
    check("exactly: a, times: 0", &["invalid-rule at a: `times: 0` says nothing of `exactly`"]);
}

#[test]
fn a_rule_that_cannot_be_read_is_reported_once() {
    let steps = "a: { human: clerk, next: b }\nb: { human: clerk, next: done }";
    let top =
        "roles: { clerk: { people: 2 } }\nrules: [{ for-eyes: [a, b] }, { four-eyes: [a, no] }, { four-eyes: [a] }]";
    let expected = [
        "unknown-key at for-eyes",
        "ambiguous-scalar at no",
        "four-eyes at four-eyes: `four-eyes` needs at least two steps, found 1",
    ];
    check_with(top, steps, &expected);
    check(
        "a: { human: { role: clerk, allocate: { same-person-as: b } }, next: b }\nb: { humna: clerk, next: done }",
        &["unknown-key at humna"],
    );
}

#[test]
fn the_same_person_did_a_step_that_people_do() {
    let check = |step: &str, expected: &[&str]| {
        check(
            &format!("a: {{ human: {{ role: clerk, allocate: {{ same-person-as: {step} }} }}, next: done }}"),
            expected,
        );
    };
    check("a", &[]);
    check("done", &["not-human at done: no person does `done` (`end`)"]);
    check("b", &["unknown-step at b"]);
}

#[test]
fn a_queue_has_a_meaning_and_whoever_finds_it_full_is_answered() {
    let check = |queue: &str, crack: &str, expected: &[&str]| {
        let head = format!("roles: {{ clerk: {{ people: 2, queue: {{ {queue} }} }} }}");
        check_with(&head, &format!("a: {{ human: clerk, cracks: {{ {crack} }}, next: done }}"), expected);
    };
    let full = "full: { on: unavailable, when-full: true, do: fail, then: done }";
    check("priority: count, interrupts: true, order: earliest-due", "", &[]);
    check("room: 0", full, &[]);
    check(r#"priority: '"x"'"#, "", &["type-mismatch at '\"x\"': expected integer or decimal or boolean, found text"]);
    check(
        "interrupts: true",
        "",
        &["invalid-queue at true: work is interrupted for work of a higher priority, and nothing says what has one"],
    );
    let unanswered = "invalid-queue at 3: the work of `a` may find no room, and nothing says what happens then";
    check("room: 3", "", &[unanswered]);
    check(
        "order: first-come",
        full,
        &["invalid-queue at true: the queue of `clerk` has room for any number of work items, and is never full"],
    );
    let late = "full: { on: deadline, after: 2 h, when-full: true, do: fail, then: done }";
    check("room: 3", late, &["crack-trigger at true: `when-full` has no meaning on `deadline`"]);
    let by_chance = "full: { on: unavailable, when-full: true, chance: 5%, do: fail, then: done }";
    check("room: 3", by_chance, &["crack-trigger at 5%: whether the queue is full is no matter of chance"]);
    let after = "full: { on: unavailable, when-full: true, after: 5 min, do: fail, then: done }";
    check("room: 3", after, &["crack-trigger at 5 min: a crack that strikes when the queue is full strikes at once"]);
    let impatient = "gone: { on: failure, patience: 5 min, do: fail, then: done }";
    check("order: first-come", impatient, &["crack-trigger at 5 min: `patience` has no meaning on `failure`"]);
    check_with(
        "roles: { clerk: { people: 2 } }",
        "a: { service: {}, cracks: { gone: { on: external, patience: 5 min, do: fail, then: done } }, next: done }",
        &["crack-trigger at 5 min: nobody waits for a person at a `service` step"],
    );
}

#[test]
fn deputies_are_among_the_people_of_the_role() {
    let check = |role: &str, expected: &[&str]| {
        check_with(&format!("roles: {{ clerk: {{ {role} }} }}"), "a: { human: clerk, next: done }", expected);
    };
    check("people: [ana, ben], deputies: { ana: ben, ben: ana }", &[]);
    check("people: 2, deputies: { ana: ben }", &["deputy at deputies: the people of this role have no names"]);
    check("people: [ana, ben], deputies: { ana: bne }", &["deputy at bne: `bne` is not among the people of this role"]);
    check("people: [ana, ben], deputies: { eva: ben }", &["deputy at ben: `eva` is not among the people of this role"]);
    check("people: [ana, ben], deputies: { ana: ana }", &["deputy at ana: `ana` cannot stand in for themselves"]);
    check("people: some, deputies: { ana: ben }", &["wrong-type at some"]);
}

#[test]
fn what_is_particular_to_a_person_is_said_of_somebody_of_a_role() {
    let check = |persons: &str, expected: &[&str]| {
        let top = format!("roles: {{ clerk: {{ people: [ana, ben] }} }}\npersons: {{ {persons} }}");
        check_with(&top, "a: { human: clerk, next: done }", expected);
    };
    check("ana: { speed: 120%, skills: [german] }, ben: {}", &[]);
    check("bne: { speed: 120% }", &["unknown-person at bne: `bne` is in no role"]);
    check("ana: { speed: 0% }", &["invalid-chance at 0%: expected a speed of at least 1%, found `0%`"]);
    check("ana: { speed: 1.2 }", &["invalid-chance at 1.2"]);
    check("ana: { calendar: mornings }", &["unknown-calendar at mornings"]);
    let at_once = |role: &str, expected: &[&str]| {
        check_with(&format!("roles: {{ clerk: {{ {role} }} }}"), "a: { human: clerk, next: done }", expected);
    };
    at_once("people: 2, at-once: 3", &[]);
    at_once("people: 2, at-once: 0", &["invalid-queue at 0: expected 1 to 100 work items at once, found 0"]);
}

#[test]
fn whoever_is_in_a_role_is_there_once_and_has_a_name() {
    let check = |people: &str, expected: &[&str]| {
        check_with(&format!("roles: {{ clerk: {{ people: {people} }} }}"), "a: { human: clerk, next: done }", expected);
    };
    check("[ana, ben, Ana]", &[]);
    check("[ana, ben, ana]", &["duplicate-key at ana: `ana` is among the people of this role already"]);
    check("[ana, \" \"]", &["invalid-name at \" \": a person of this role has no name"]);
}

#[test]
fn a_change_that_could_not_be_read_is_not_said_to_change_nothing() {
    let check = |change: &str, expected: &[&str]| {
        let top = format!(
            "calendars: {{ office: {{ week: {{ mon-fri: \"09:00-17:00\" }} }} }}\n\
             roles: {{ clerk: {{ people: 2, calendar: office }}, boss: {{ people: 1 }} }}\n\
             simulation: {{ arrivals: {{ every: 1 h }}, what-if: {{ w: {change} }} }}"
        );
        check_with(&top, "a: { human: clerk, next: b }\nb: { human: boss, next: done }", expected);
    };
    check("{}", &["invalid-what-if"]);
    check("{ people: { clerk: many } }", &["wrong-type at many"]);
    check("{ people: { clerk: 0 } }", &["empty-role at 0: nobody would fill the role `clerk`"]);
    check(
        "{ away: { clerk: { people: 1, from: 1 d, lasts: 0 d } } }",
        &["invalid-duration at 0 d: expected more than no time, found 0 s"],
    );
    check("{ open-longer: { clerk: 90 min } }", &[]);
    check("{ open-longer: { clrk: 1 h } }", &["unknown-role at clrk"]);
    let length = |found: &str| {
        format!("invalid-duration at {found}: expected whole minutes of elapsed time, up to 1 d, found {found}")
    };
    for found in ["1 bh", "30 s", "25 h", "0 s"] {
        check(&format!("{{ open-longer: {{ clerk: {found} }} }}"), &[&length(found)]);
    }
    check("{ open-longer: { boss: 1 h } }", &["invalid-what-if at 1 h: `boss` is always there"]);
}

#[test]
fn somebody_of_the_role_has_the_skills() {
    let check = |roles: &str, steps: &str, expected: &[&str]| {
        let top = format!(
            "roles: {{ clerk: {{ {roles} }}, boss: {{ people: [max] }} }}\n\
             persons: {{ max: {{ skills: [german, law] }} }}"
        );
        check_with(&top, steps, expected);
    };
    let asks = |needs: &str| format!("a: {{ human: {{ role: clerk, needs: [{needs}] }}, next: done }}");
    check("people: [ana, max]", &asks("german, law"), &[]);
    check("people: [ana, max]", &asks(""), &[]);
    let nobody = "missing-skill at french: nobody of `clerk` has `french`, which `a` needs";
    check("people: [ana, max]", &asks("french"), &[nobody]);
    check("people: 3", &asks("german"), &["missing-skill at german: nobody of `clerk` has `german`, which `a` needs"]);
    let given = "a: { human: { role: boss, needs: [law] }, next: done,\n\
                   cracks: { ill: { on: unavailable, do: { reallocate: clerk } } } }";
    check("people: [ana]", given, &["missing-skill at law: nobody of `clerk` has `law`, which `a` needs"]);
}

#[test]
fn what_another_case_is_given_comes_from_the_data_of_this_one() {
    let check = |before: &str, after: &str| {
        let check = |value: &str, expected: &[&str]| {
            let step = format!("{before}{{ theirs: {value} }}{after}");
            check(&step, expected);
        };
        check("count + 1", &[]);
        check("cuont + 1", &["unknown-field at cuont"]);
        check("count + true", &["type-mismatch at"]);
    };
    check("a: { call: { process: other, with: ", " }, next: done }");
    check("a: { send: { message: paid, keep: 2 d, with: ", " }, next: done }");
    check(
        "a: { some: [{ when: count > 0, to: b }, { otherwise: done }] }\nb: { end: { hand-over: { process: other, with: ",
        " } } }",
    );
}

#[test]
fn the_key_of_a_message_is_a_field() {
    check("a: { send: { message: paid, key: cuont, keep: 2 d }, next: done }", &["unknown-field at cuont"]);
    check("a: { receive: { message: paid, key: count }, next: done }", &[]);
}

/// The problems of a process with that field and that guard, each with the text it points at.
fn field_and_guard(field: &str, guard: &str) -> Vec<String> {
    let text = format!(
        "process: p
version: 1
start: a
data: {{ f: {{ {field}, owner: it }}, key: {{ type: list, of: text, owner: it }} }}
steps:
  a: {{ choose: [{{ when: '{guard}', to: done }}, {{ otherwise: done }}] }}
  done: {{ end: {{}} }}
"
    );
    let problems = Process::read("test.yaml", text.as_bytes()).err().map(|problems| problems.list).unwrap_or_default();
    let shown = problems.into_iter().map(|problem| {
        let place = problem.place.expect("a place in the file");
        let line = text.lines().nth(place.line as usize - 1).unwrap();
        let at = &line[place.column as usize - 1..][..place.length as usize];
        format!("{} at {at}: {}", problem.code, problem.message)
    });
    shown.collect()
}

#[test]
fn a_list_is_no_key_of_a_message() {
    let text = "process: p\nversion: 1\nstart: a\ndata: { f: { type: list, of: text } }\nsteps:\n  \
                a: { receive: { message: m, key: f }, next: b }\n  b: { end: {} }";
    let problems = Process::read("test.yaml", text.as_bytes()).unwrap_err();
    assert_eq!(problems.list[0].message, "a message is known by one value, and `f` is a list");
    assert!(Process::read("test.yaml", text.replace("list, of: text", "date").as_bytes()).is_ok());
}

#[test]
fn the_first_value_of_a_field_is_of_its_type() {
    let check = |field: &str, expected: &[&str]| assert_eq!(field_and_guard(field, "has(f)"), expected, "{field}");
    check("type: date, initial: 2026-12-24", &[]);
    check("type: duration, initial: 90 min", &[]);
    check("type: list, of: integer, initial: [1, -2]", &[]);
    check("type: list, of: integer, initial: \"[1, -2]\"", &[]);
    check("type: list, of: [low, high], initial: [high]", &[]);
    check("type: list, of: date, initial: []", &[]);
    check(
        "type: date, initial: 2026-02-29",
        &["type-mismatch at 2026-02-29: there is no day `2026-02-29` in the years 0001 to 9999"],
    );
    check(
        "type: duration, initial: 4 bh",
        &["type-mismatch at 4 bh: expected elapsed time in s, min, h, d or w, as in `90 min`, found `4 bh`"],
    );
    check(
        "type: list, of: integer, initial: [a]",
        &["type-mismatch at initial: expected a whole number such as `12`, found `a`"],
    );
    check(
        "type: list, of: [low, high], initial: [hihg]",
        &["type-mismatch at initial: `hihg` is not one of the choices: did you mean `high`?"],
    );
}

#[test]
fn the_bounds_of_a_field_fit_its_type_and_hold_a_value() {
    let check = |field: &str, expected: &[&str]| assert_eq!(field_and_guard(field, "has(f)"), expected, "{field}");
    check("type: integer, at-least: 0, at-most: 0, initial: 0", &[]);
    check("type: decimal, at-least: -0.5", &[]);
    check("type: date, at-least: 2026-01-01, at-most: 2026-12-31, initial: 2026-12-31", &[]);
    check("type: duration, at-most: 2 d, initial: 48 h", &[]);
    check("type: text, at-least: a", &["unknown-key at at-least: `at-least` has no meaning for the type `text`"]);
    check(
        "type: list, of: integer, at-most: 3",
        &["unknown-key at at-most: `at-most` has no meaning for the type `list`"],
    );
    check("type: integer, at-least: 0.5", &["type-mismatch at 0.5: expected a whole number such as `12`, found `0.5`"]);
    check(
        "type: duration, at-most: 4 bh",
        &["type-mismatch at 4 bh: expected elapsed time in s, min, h, d or w, as in `90 min`, found `4 bh`"],
    );
    check("type: date, at-least: [1]", &["wrong-type at at-least: expected an expression, found a list"]);
    check(
        "type: integer, at-least: 10, at-most: 9",
        &["out-of-bounds at 9: no value of `f` is at least 10 and at most 9"],
    );
    check("type: integer, at-least: 1, initial: 0", &["out-of-bounds at 0: `f` must be at least 1, found `0`"]);
    check(
        "type: date, at-most: 2026-12-31, initial: 2027-01-01",
        &["out-of-bounds at 2027-01-01: `f` must be at most 2026-12-31, found `2027-01-01`"],
    );
    check(
        "type: number, at-least: 0",
        &["wrong-type at number: expected one of `text`, `boolean`, `integer`, \
           `decimal`, `choice`, `date`, `duration`, `list`, found `number`"],
    );
}

#[test]
fn bounds_of_a_field_that_was_built_without_an_order_are_refused() {
    use grieta_core::definition::{Definition, Field, Step, Type};
    let refused = Definition::new("p", "1").field("f", Field::of(Type::Text).at_most("z")).step("a", Step::end());
    let problems = Process::new(refused).unwrap_err();
    assert_eq!(problems.list[0].message, "`at-most` has no meaning for a field of type text");
    assert_eq!(problems.list[0].path.to_string(), "data.f.at-most");
}

#[test]
fn what_always_becomes_a_value_outside_the_bounds_is_found() {
    let found = |value: &str| {
        let text = format!(
            "process: p\nversion: 1\nstart: a\ndata: {{ f: {{ type: decimal, at-least: 0, at-most: 1 }}, g: {{ type: decimal, required: true, owner: it }} }}
steps: {{ a: {{ assign: {{ f: {value} }}, next: b }}, b: {{ end: {{}} }} }}"
        );
        let problems = Process::read("test.yaml", text.as_bytes()).err().map(|problems| problems.list);
        problems
            .unwrap_or_default()
            .into_iter()
            .map(|problem| format!("{} at {}: {}", problem.code, problem.path, problem.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(found("1"), [""; 0]);
    assert_eq!(found("g + 2"), [""; 0]);
    assert_eq!(found("2"), ["out-of-bounds at steps.a.assign.f: `f` must be at least 0 and at most 1, found `2`"]);
    assert_eq!(
        found("-0.5"),
        ["out-of-bounds at steps.a.assign.f: `f` must be at least 0 and at most 1, found `-0.5`"]
    );
}

#[test]
fn time_is_drawn_for_durations_and_numbers_for_the_rest() {
    let check = |kind: &str, sample: &str, expected: Option<&str>| {
        let text = format!(
            "process: p\nversion: 1\nstart: a\ndata: {{ f: {{ type: {kind}, owner: it }} }}\nsteps: {{ a: {{ end: {{}} }} }}\n\
             simulation: {{ sample: {{ f: {sample} }} }}"
        );
        let problems = Process::read("test.yaml", text.as_bytes()).err();
        assert_eq!(problems.as_ref().map(|problems| problems.list[0].message.as_str()), expected, "{kind} {sample}");
    };
    check("duration", "exponential(2 h)", None);
    check("duration", "{ 2 h: 1 }", None);
    check("duration", "4", Some("`4` is no elapsed time, but the field holds a duration"));
    check("duration", "4 bh", Some("`4 bh` is no elapsed time, but the field holds a duration"));
    check("integer", "4", None);
    check("integer", "4 min", Some("`4 min` is a length of time, but the field holds none"));
}

#[test]
fn what_cannot_be_read_as_a_date_is_marked_in_the_file() {
    let guard = |guard: &str, expected: &[&str]| assert_eq!(field_and_guard("type: date", guard), expected, "{guard}");
    guard("f < \"2026-12-24\" && \"x\" in key", &[]);
    guard(
        "f < \"24.12.2026\"",
        &["type-mismatch at \"24.12.2026\": expected a day such as `2026-12-24`, found `24.12.2026`"],
    );
}

#[test]
fn cracks_of_the_process_fit_it() {
    let steps = "a: { fork: [b, c] }
b: { human: clerk, next: j }
c: { subprocess: [d, e], next: j }
d: { human: clerk, next: e }
e: { end: {} }
j: { join: all, next: done }";
    let check =
        |crack: &str, expected: &[&str]| check_with(&format!("cracks: {{ x: {{ {crack} }} }}"), steps, expected);
    check("on: failure, then: a", &[]);
    check("on: failure", &[]);
    check("on: external, do: cancel-case", &[]);
    check("on: external, do: continue, then: b", &[]);
    check("on: deadline, after: 3 d, do: fail, then: done", &[]);
    check("on: constraint, when: count > 3, then: b", &[]);
    check("on: constraint, when: count, then: b", &["type-mismatch at count"]);
    check("on: constraint, when: kount > 1, then: b", &["unknown-field at kount"]);
    check(
        "on: unavailable, then: a",
        &["crack-trigger at unavailable: the process cannot have a crack on `unavailable`"],
    );
    check("on: deadline, then: a", &["crack-trigger at deadline: a `deadline` needs `after`"]);
    check("on: external, after: 1 h, then: a", &["crack-trigger at 1 h: `after` has no meaning on `external`"]);
    check("on: failure, do: { retry: { at-most: 2 } }, then: a", &["crack-response at do: a process is not retried"]);
    check("on: external, do: { reallocate: clerk }", &["crack-response at do: only the work of a `human`"]);
    check("on: external, do: { skip: {} }", &["crack-response at do: a process is not skipped"]);
    check("on: external, do: fail", &["crack-response at fail: `fail` gives the work up"]);
    check("on: failure, then: dnoe", &["unknown-step at dnoe: there is no step `dnoe`"]);
    check("on: failure, then: d", &["crosses-scope at d: `d` is inside `c`, where a crack of the process cannot lead"]);
    check("on: failure, then: j", &["crack-response at j: `j` is a join"]);
}

#[test]
fn a_step_may_be_reached_by_a_crack_of_the_process_alone() {
    let steps = "a: { human: clerk, next: done }\nb: { human: clerk, next: done }";
    check(steps, &["unreachable-step at b"]);
    check_with("cracks: { x: { on: external, then: b } }", steps, &[]);
    check_with("cracks: { x: { on: external, do: continue } }", steps, &["unreachable-step at b"]);
}

#[test]
fn no_step_has_the_name_of_a_process_with_cracks() {
    let steps = "a: { human: clerk, next: p }\np: { human: clerk, next: done }";
    check(steps, &[]);
    check_with(
        "cracks: { x: { on: external, do: continue } }",
        steps,
        &["invalid-name at p: `p` is the process, which has cracks of its own"],
    );
}

#[test]
fn a_wait_between_tries_grows_from_something() {
    let check = |retry: &str, expected: &[&str]| {
        let crack = format!("cracks: {{ c: {{ on: failure, do: {{ retry: {{ at-most: 2, {retry} }} }} }} }}");
        check(&format!("a: {{ human: clerk, next: done, {crack} }}"), expected);
    };
    check("after: 1 h, backoff: 2", &[]);
    check("after: 1 h, backoff: 0", &["crack-response at do: the next wait cannot be 0 times as long"]);
    check("backoff: 2", &["crack-response at do: `backoff` has no meaning without `after`"]);
    check("after: 1 h, backoff: many", &["wrong-type at many"]);
}

#[test]
fn what_undoes_a_step_has_a_path_of_its_own() {
    let check = |undo: &str, expected: &[&str]| {
        let steps = format!(
            "a: {{ human: clerk, next: b, undo: {undo}, cracks: {{ c: {{ on: failure, do: cancel-case, recover: compensate }} }} }}
b: {{ human: clerk, next: done }}
back: {{ human: clerk, next: gone }}
gone: {{ end: {{}} }}"
        );
        check(&steps, expected);
    };
    check("back", &[]);
    let unreachable = ["unreachable-step at back", "unreachable-step at gone"];
    check("b", &["undo-path at b: `b` undoes `a`, and is also on the way of the case", unreachable[0], unreachable[1]]);
}

#[test]
fn clocks_can_be_kept_and_their_cracks_can_strike() {
    let steps = |crack: &str| {
        format!(
            "a: {{ for-each: {{ steps: [b, c], times: 2 }}, next: d, cracks: {{ x: {{ on: deadline, {crack} }} }} }}
b: {{ human: clerk, next: c, cracks: {{ y: {{ on: deadline, clock: each, then: c }} }} }}
c: {{ end: {{}} }}
d: {{ human: clerk, next: done, reads: [count] }}"
        )
    };
    let clocks = "clocks:\n  each: { from: b, until: b, within: 2 bh }\n  all: { within: 8 h }\n";
    let check = |crack: &str, expected: &[&str]| check_with(clocks, &steps(crack), expected);
    check("clock: all, at: 50%, do: continue", &[]);
    check("clock: all, at: 12 h, do: continue", &[]);
    check("clock: each, do: continue", &[]);
    check("clock: eech, do: continue", &["unknown-clock at eech"]);
    check("clock: all, at: 2 bh, do: continue", &["invalid-clock at 2 bh: the clock counts elapsed time"]);
    check("clock: all, after: 2 h, do: continue", &["crack-trigger at 2 h: a deadline counts by a clock, or since"]);
    check("after: 2 h, at: 50%, do: continue", &["crack-trigger at 50%: `at` has no meaning without `clock`"]);
    check("clock: all, chance: 5%, do: continue", &["crack-trigger at 5%: `chance` has no meaning with `clock`"]);
    let check = |clock: &str, expected: &[&str]| {
        let plain = "a: { human: clerk, next: j, reads: [count] }\nj: { join: all, next: done }";
        check_with(
            &format!("calendars: {{ office: {{ week: {{ mon: \"09:00-17:00\" }} }} }}\nclocks: {{ k: {clock} }}\n"),
            plain,
            expected,
        );
    };
    check("{ within: 0 h }", &["invalid-clock at 0 h: a clock that gives no time"]);
    check("{ within: 2 h, warn: 2 h }", &["invalid-clock at 2 h: a warning comes while the clock runs"]);
    check("{ within: 2 h, warn: 0% }", &["invalid-clock at 0%: a warning comes while the clock runs"]);
    check("{ within: 2 h, warn: 1 bh }", &["invalid-clock at 1 bh: the clock counts elapsed time"]);
    check(
        "{ within: 1 bd, calendar: office, warn: 8 bh }",
        &["invalid-clock at 8 bh: a warning comes while the clock"],
    );
    check(
        "{ within: 31 bh, calendar: office, warn: 4 bd }",
        &["invalid-clock at 4 bd: a warning comes while the clock"],
    );
    check("{ within: 1 bd, calendar: office, warn: 7.9 bh }", &[]);
    check("{ within: 1 bd, warn: 23 bh }", &[]);
    check("{ within: 1 bd, calendar: ofice, warn: 30 bh }", &["unknown-calendar at ofice"]);
    check("{ within: 2 h, until: j }", &["invalid-clock at j: `j` is a join"]);
    check("{ within: 2 h, calendar: office }", &["invalid-clock at office: the clock counts elapsed time"]);
    check("{ within: 2 bh, calendar: ofice }", &["unknown-calendar at ofice"]);
    check("{ within: 2 h, from: b, pause-in: [a, x] }", &["unknown-step at b", "unknown-step at x"]);
    check("{ from: a }", &["missing-key at k: a clock needs `within`"]);
}

#[test]
fn a_crack_around_leads_to_an_end_too() {
    let round = "a: { human: clerk, next: b }\nb: { wait: 1 d, next: a }";
    let none = ["unreachable-step at done", "no-end at a", "no-end at b"];
    let of_process = |crack: &str| format!("cracks: {{ withdrawn: {{ on: external, {crack} }} }}\n");
    check_with(&of_process("do: fail, then: done"), round, &[]);
    check_with(&of_process("do: cancel-case"), round, &none[..1]);
    check_with(&of_process("then: done"), round, &none[1..]);
    check_with(
        &of_process("do: fail, then: c"),
        &format!("{round}\nc: {{ wait: 1 d, next: c }}"),
        &[none[0], none[1], none[2], "no-end at c"],
    );
    let inside = |crack: &str| {
        format!(
            "a: {{ subprocess: [b, c], next: done, cracks: {{ late: {{ on: deadline, after: 1 d, {crack} }} }} }}\n\
             b: {{ human: clerk, next: c }}\nc: {{ wait: 1 d, next: b }}"
        )
    };
    check("a: { human: clerk, next: a, cracks: { off: { on: external, do: cancel-case } } }", &none[..1]);
    check(&inside("do: fail, then: done"), &[]);
    check(&inside("do: continue"), &["no-end at b", "no-end at c"]);
}
