//! Reading definitions: what the documentation shows is read, and what is wrong is reported with its place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write;

use grieta_core::definition::{
    Allocation, Arrivals, Call, Chance, Definition, Expression, Kind, OutcomeChance, Outgoing, Pause, Period, Response,
    Role, Sample, Scalar, Span, Step, Type,
};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::yaml::{Reading, read};

const DOCS: &str = include_str!("../../../docs/format.md");

/// The example of the documentation.
fn example() -> &'static str {
    let (_, rest) = DOCS.split_once("```yaml\n").expect("the page has an example");
    rest.split_once("```").expect("the example ends").0
}

fn clean(text: &str) -> Definition {
    let reading = read("test.yaml", text.as_bytes());
    assert!(reading.problems.is_empty(), "{}", reading.problems);
    reading.definition.expect("a definition without problems")
}

/// A small process with a line added to its step `work`, which begins in column 5 of line 9.
fn step(body: &str) -> String {
    format!(
        "process: p\nversion: 1\nstart: work\nroles:\n  sdr: {{ people: 1 }}\nsteps:\n  done: {{ end: {{}} }}\n  work:\n    {body}\n"
    )
}

/// Each problem as `line:column code: message`.
fn shown(reading: &Reading) -> String {
    let mut lines = String::new();
    for problem in &reading.problems.list {
        let place = problem.place.expect("all that the reader finds has a place");
        writeln!(lines, "{}:{} {}: {}", place.line, place.column, problem.code, problem.message).unwrap();
    }
    lines
}

/// The file has exactly these problems, each given by its beginning.
fn check(text: &str, expected: &[&str]) {
    let reading = read("test.yaml", text.as_bytes());
    let found = shown(&reading);
    let lines: Vec<_> = found.lines().collect();
    let matches =
        lines.len() == expected.len() && lines.iter().zip(expected).all(|(line, start)| line.starts_with(start));
    assert!(matches, "in\n{text}\nexpected {expected:#?}\nfound\n{found}");
}

fn check_step(body: &str, expected: &[&str]) {
    check(&step(body), expected);
}

/// A top level with these lines added after line 4.
fn check_top(lines: &str, expected: &[&str]) {
    check(&format!("process: p\nversion: 1\nstart: a\nsteps: {{ a: {{ end: {{}} }} }}\n{lines}\n"), expected);
}

#[test]
fn the_documented_example_is_read_as_it_stands() {
    let definition = clean(example());
    assert_eq!((definition.process.as_str(), definition.version.as_str()), ("lead-follow-up", "1.0.0"));
    assert_eq!(
        definition.steps.keys().collect::<Vec<_>>(),
        ["call-the-lead", "tried-enough", "another-day", "interested", "given-up"]
    );
    assert_eq!(definition.calendars["office"].week["mon-fri"], "09:00-14:00, 15:00-18:00");
    assert_eq!(definition.roles["sdr"].people.count(), 2);
    assert_eq!(definition.data["attempts"].initial.as_ref().unwrap().0, "0");
    let call = &definition.steps["call-the-lead"];
    assert!(
        matches!(&call.kind, Kind::Human { role, takes: Some(takes), .. } if role == "sdr" && takes.to_string() == "lognormal(6 min, cv 0.7)")
    );
    assert_eq!(call.sets["attempts"].0, "attempts + 1");
    assert_eq!(call.outcomes["reached"].chance, Some(OutcomeChance::Share(Chance::percent(18))));
    assert_eq!(call.outcomes["no-answer"].chance, Some(OutcomeChance::Rest));
    let retry = Response::Retry { after: Some(Span::business_hours(4)), at_most: 3, backoff: 1 };
    assert_eq!(call.cracks["voicemail-full"].response, Some(retry));
    assert!(
        matches!(&definition.steps["tried-enough"].kind, Kind::Choose(branches) if branches.len() == 2 && branches[1].when.is_none())
    );
    let simulation = definition.simulation.unwrap();
    assert!(matches!(simulation.arrivals, Some(Arrivals::Rate { per: Period::BusinessDay, mean: 60.0, .. })));
    assert_eq!(simulation.absences["sdr"].rate_per_year, 1.5);
}

#[test]
fn every_short_form_is_understood() {
    let kind = |body: &str| clean(&step(body)).steps["work"].clone();
    assert!(matches!(kind("human: sdr").kind, Kind::Human { takes: None, .. }));
    assert!(matches!(kind("service: {}").kind, Kind::Service { handler: None, .. }));
    assert!(matches!(kind("join: all").kind, Kind::Join(_)));
    assert!(matches!(kind("wait: 2 bh").kind, Kind::Pause(Pause::For(span)) if span == Span::business_hours(2)));
    assert_eq!(kind("wait: { until: 2026-12-24 }").kind, Step::wait_until("2026-12-24").kind);
    assert!(matches!(kind("wait: { for: customer, takes: 1 bd }").kind, Kind::Wait { .. }));
    assert!(matches!(kind("fork: [done, done]").kind, Kind::Fork(to) if to.len() == 2));
    assert!(matches!(kind("end: { terminate: true }").kind, Kind::End { terminate: true, .. }));
    assert_eq!(kind("assign: { a: 1, b: \"a == 2, really\" }").sets["b"].0, "a == 2, really");
    assert_eq!(kind("assign: {}").kind, Kind::Assign);
    assert_eq!(kind("human: sdr\n    outcomes: { yes: done, no: { to: done } }").outcomes["no"].to, "done");
    let response = |text: &str| {
        let body = format!("human: sdr\n    cracks: {{ c: {{ on: failure, do: {text} }} }}");
        kind(&body).cracks["c"].response.clone().unwrap()
    };
    assert_eq!(response("fail"), Response::Fail);
    assert_eq!(response("cancel-case"), Response::CancelCase);
    assert_eq!(response("continue"), Response::Continue);
    assert_eq!(response("{ skip: {} }"), Response::Skip(None));
    assert_eq!(response("{ skip: sold }"), Response::Skip(Some("sold".into())));
    assert_eq!(response("{ reallocate: boss }"), Response::Reallocate(Some("boss".into())));
}

#[test]
fn messages_and_people_are_read_as_they_are_documented() {
    let kind = |body: &str| clean(&step(body)).steps["work"].kind.clone();
    let with = || [("sum".to_owned(), Expression::from("a + 1"))].into_iter().collect();
    let built = |step: Step| step.kind;
    assert_eq!(kind("receive: paid"), built(Step::receive("paid")));
    assert_eq!(
        kind("receive: { message: paid, key: order, transient: true }"),
        built(Step::receive("paid").key("order").transient())
    );
    let keep = Span::hours(48);
    assert_eq!(kind("send: { message: paid, keep: 2 d }"), built(Step::send("paid", keep)));
    assert_eq!(
        kind("send: { message: paid, key: order, transient: true, with: { sum: a + 1 } }"),
        Kind::Send(Outgoing { message: "paid".into(), key: Some("order".into()), keep: None, with: with() })
    );
    assert_eq!(
        kind("send: { message: paid, keep: 4 bh, transient: false, with: { sum: a + 1 } }"),
        built(Step::send("paid", Span::business_hours(4)).with("sum", "a + 1"))
    );
    assert_eq!(kind("end: { hand-over: billing }"), built(Step::hand_over("billing")));
    let call = Call { process: "billing".into(), with: with() };
    assert_eq!(
        kind("end: { terminate: true, hand-over: { process: billing, with: { sum: a + 1 } } }"),
        Kind::End { terminate: true, hand_over: Some(call) }
    );
    let allocate = |how: &str| kind(&format!("human: {{ role: sdr, allocate: {how} }}"));
    for (word, allocation) in [
        ("offer", Allocation::Offer),
        ("least-busy", Allocation::LeastBusy),
        ("round-robin", Allocation::RoundRobin),
        ("most-specialised", Allocation::MostSpecialised),
        ("{ same-person-as: done }", Allocation::SamePersonAs("done".into())),
    ] {
        assert_eq!(allocate(word), built(Step::human("sdr").allocate(allocation)));
    }
    let text = step("end: {}").replace("people: 1", "people: [ana, ben], deputies: { ana: ben }");
    let definition = clean(&(text + "rules: [{ four-eyes: [work, done] }]\n"));
    assert_eq!(definition.roles["sdr"], Role::named(["ana", "ben"]).deputy("ana", "ben"));
    assert_eq!(definition.rules, Definition::new("p", "1").four_eyes(["work", "done"]).rules);
}

#[test]
fn a_message_says_what_becomes_of_it_when_nobody_waits() {
    check_step("send: paid", &["9:11 wrong-type: expected `send` as a mapping, found `paid`"]);
    check_step("send: { message: paid }", &["9:5 missing-key: `send` needs `keep`"]);
    check_step("send: { message: paid, transient: false }", &["9:5 missing-key: `send` needs `keep`"]);
    check_step("send: { message: paid, kep: 2 d }", &["9:28 unknown-key: `send` has no key `kep`"]);
    check_step("send: { message: paid, transient: maybe }", &["9:39 wrong-type: expected `true` or `false`"]);
    check_step("send: { message: paid, keep: 2 }", &["9:34 invalid-duration"]);
    check_step(
        "send: { message: paid, keep: 2 d, transient: true }",
        &["9:28 unknown-key: a `transient` message is not kept"],
    );
    check_step("receive: { message: paid, keep: 2 d }", &["9:31 unknown-key: `receive` has no key `keep`"]);
    check_step("end: { hand-over: { with: {} } }", &["9:12 missing-key: `hand-over` needs `process`"]);
}

#[test]
fn ways_to_find_a_person_are_checked() {
    let check = |how: &str, expected: &[&str]| {
        check_step(&format!("human: {{ role: sdr, allocate: {how} }}"), expected);
    };
    check("least-bsy", &["9:35 wrong-type: expected one of `offer`, `least-busy`, `round-robin`"]);
    check("same-person-as", &["9:35 wrong-type: expected the step whose person is meant"]);
    check("{ same-person: done }", &["9:37 unknown-key: `allocate` has no key `same-person`"]);
    check("[offer]", &["9:25 wrong-type: expected one of"]);
    check_top("rules: { four-eyes: [a, a] }", &["5:1 wrong-type: expected a list of rules"]);
    check_top("rules: [{ four-eyes: a }]", &["5:22 wrong-type: expected a list, found `a`"]);
    check_top("rules: [{}]", &["5:9 invalid-rule: nothing says what this rule demands"]);
    check_top("rules: [{ init: a, last: a }]", &["5:9 invalid-rule: this rule is several at once: `init`, `last`"]);
    check_top("rules: [{ response: a }]", &["5:21 wrong-type: expected a list, found `a`"]);
    check_top("rules: [{ four-eyes: [], times: 2 }]", &["5:26 invalid-rule: `four-eyes` does not count"]);
    check_top("roles: { r: { people: 1, deputies: [a] } }", &["5:26 wrong-type: expected deputies by person"]);
}

#[test]
fn text_stays_as_it_is_written() {
    let version = |text: &str| clean(&step("end: {}").replace("version: 1", &format!("version: {text}"))).version;
    assert_eq!(version("0.10"), "0.10");
    assert_eq!(version("1e3"), "1e3");
    assert_eq!(version("12:30"), "12:30");
    assert_eq!(version("0x1F"), "0x1F");
    assert_eq!(version("\"no\""), "no");
    assert_eq!(version("2026-01-05"), "2026-01-05");
    assert_eq!(version("123456789012345678901234567890"), "123456789012345678901234567890");
    assert_eq!(clean(&step("end: {}\n    why: >\n      one\n      two")).steps["work"].why.as_deref(), Some("one two"));
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let plain = clean(example());
    assert_eq!(clean(&example().replace('\n', "\r\n")), plain);
    assert_eq!(clean(&format!("\u{feff}{}", example().replacen('\n', "\r\n", 7))), plain);
    assert_eq!(clean(&example().replace('\n', "\r")), plain);
    check(
        "\u{feff}process: p\r\nversion: 1\nstrat: a\r\nsteps: { a: { end: {} } }",
        &["3:1 unknown-key: a process definition has no key `strat`"],
    );
}

#[test]
fn what_is_no_definition_at_all_is_said_in_one_problem() {
    check("", &["1:1 empty"]);
    check("# nothing but a comment\n", &["1:1 empty"]);
    check("~: ~", &["1:1 missing-key", "1:1 missing-key", "1:1 missing-key", "1:1 missing-key", "1:1 unknown-key"]);
    check("- a", &["1:1 wrong-type: expected a process definition as a mapping, found a list"]);
    check("hello", &["1:1 wrong-type: expected a process definition as a mapping, found `hello`"]);
    check(&format!("{}---\nprocess: q\n", step("end: {}")), &["10:1 several-documents"]);
    let latin = read("test.yaml", b"process: p\ntitle: Ca\xf1a");
    assert_eq!(shown(&latin), "2:10 not-utf8: byte 20 of the file is not UTF-8 text\n");
}

#[test]
fn what_is_not_yaml_is_explained_at_its_place() {
    check("a: [1, 2", &["1:4 not-yaml: this `[` is never closed"]);
    check("a: \"x", &["1:4 not-yaml: this quote is never closed"]);
    check("a:\n  b: 1\n c: 2", &["3:2 not-yaml: this line does not fit the lines above it"]);
    check("a:\n\tb: 1", &["2:2 not-yaml: a tab stands where the line is indented"]);
    check("when: has(x) ? 1 : 2", &["1:18 not-yaml: a `:` stands where no key can be"]);
    check("when: \"x\" == b", &["1:11 not-yaml: something follows the closing quote"]);
    check("{ a: b }\nc: d", &["2:1 not-yaml: something follows where the definition has ended"]);
    check("a: @x", &["1:4 not-yaml: a value cannot go on with `@`"]);
    check(
        "a: *x",
        &[
            "1:1 missing-key",
            "1:1 missing-key",
            "1:1 missing-key",
            "1:1 missing-key",
            "1:1 unknown-key",
            "1:4 not-yaml: `*x` repeats",
        ],
    );
    let reading = read("test.yaml", b"when: !(a || b)");
    assert_eq!(
        reading.problems.list[0].help.as_deref(),
        Some("an expression that begins with `!` must be put in quotes: \"!(a || b)\"")
    );
}

#[test]
fn keys_are_checked() {
    check_step("human: sdr\n    nxt: done", &["10:5 unknown-key: a step has no key `nxt`"]);
    check_step(
        "human: sdr\n    next: done\n    next: work",
        &["11:5 duplicate-key: the key `next` stands twice in one mapping"],
    );
    check_step("human: { rol: sdr }", &["9:14 unknown-key: `human` has no key `rol`"]);
    check_step("human: { takes: 1 h }", &["9:5 missing-key: `human` needs `role`"]);
    check_step("<<: { next: done }\n    human: sdr", &["9:5 unknown-key: merge keys (`<<`) are not supported"]);
    check_step("human: sdr\n    ? [a]\n    : b", &["10:7 wrong-type: a key must be text"]);
    check_step("human: sdr\n    : b", &["10:5 wrong-type: a key is missing"]);
    check_top("Roles: { a: { people: 1 } }", &["5:1 unknown-key: a process definition has no key `Roles`"]);
    check(
        "process: p\nsteps: {}\n",
        &[
            "1:1 missing-key: a process definition needs `version`",
            "1:1 missing-key: a process definition needs `start`",
            "2:1 missing-key: a process needs at least one step",
        ],
    );
}

#[test]
fn a_step_is_exactly_one_thing() {
    check_step("next: done", &["8:3 step-kind: nothing says what this step is"]);
    check_step("humna: sdr", &["9:5 unknown-key"]);
    check_step(
        "human: sdr\n    service: {}",
        &["8:3 step-kind: this step is several things at once: `human`, `service`"],
    );
    check_step("human: [sdr]", &["9:5 wrong-type: expected text, found a list"]);
    check_step("service: mail", &["9:14 wrong-type: expected `service` as a mapping, found `mail`"]);
    check_step("join: any", &["9:11 wrong-type: expected one of `all`, `live`, found `any`"]);
    check_step("end:", &["9:5 wrong-type: expected `{}` or `{ terminate: true }`, found nothing"]);
    check_step("wait: 2 moons", &["9:11 invalid-duration"]);
    check_step("wait: { until: 2026-12-24, takes: 2 d }", &["9:32 unknown-key: a `wait` until a date has no `takes`"]);
    check_step("wait: { for: us, until: due }", &["9:13 unknown-key: a `wait` until a date has no `for`"]);
    check_step("wait: { untill: due }", &["9:13 unknown-key"]);
    check(
        "process: p\nversion: 1\nstart: a\nsteps: { a: human }",
        &["4:13 wrong-type: expected a step as a mapping, found `human`"],
    );
}

#[test]
fn keys_in_the_wrong_place_are_reported() {
    let choose = "choose: [{ otherwise: done }]\n    ";
    check_step(
        &format!("{choose}outcomes: {{ a: done }}"),
        &["10:5 unknown-key: `outcomes` has no meaning for this kind of step (`choose`)"],
    );
    check_step(&format!("{choose}next: done"), &["10:5 too-many-successors"]);
    check_step(&format!("{choose}sets: {{ a: 1 }}"), &["10:5 unknown-key: a choice has no `sets` of its own"]);
    check_step("assign: {}\n    sets: { a: 1 }", &["10:5 unknown-key: an `assign` step has no `sets`"]);
    check_step("fork: [done]\n    next: done", &["10:5 too-many-successors"]);
    check_step("end: {}\n    next: done", &["10:5 unknown-key: nothing comes after an `end`"]);
    check_step("wait: 1 h\n    outcomes: { a: done }", &["10:5 unknown-key"]);
    check_step(
        "human: sdr\n    next: done\n    outcomes: { a: done }",
        &["10:5 too-many-successors: a step has either"],
    );
    check_step("choose: [{ when: a, to: done, chance: 3% }]", &["9:35 chance-on-guard: a branch has no chance"]);
    check_step("choose: [{ otherwise: done, to: done }]", &["9:33 unknown-key: `otherwise` itself"]);
    check_step("choose: [{ to: done }]", &["9:14 missing-key: a branch needs `when`"]);
    check_step(
        "human: sdr\n    outcomes: { a: { to: done, when: b } }",
        &["10:32 chance-on-guard: an outcome has no `when`"],
    );
}

#[test]
fn names_are_checked_where_they_are_declared() {
    check(
        "process: Lead_1\nversion: 1\nstart: a\nsteps: { a: { end: {} } }",
        &["1:10 invalid-name: `Lead_1` is not a valid name"],
    );
    check("process: p\nversion: 1\nstart: A\nsteps: { A: { end: {} } }", &["4:10 invalid-name: `A`"]);
    check_top(
        "roles: { a_b: { people: 1 } }\ndata: { a-b: { type: text } }",
        &["5:10 invalid-name: `a_b`", "6:9 invalid-name: `a-b`"],
    );
    check_step(
        "human: sdr\n    outcomes: { \"Not Sold\": done }\n    cracks: { 1: { on: failure } }",
        &["10:17 invalid-name", "11:15 invalid-name"],
    );
}

#[test]
fn what_yaml_readers_disagree_on_must_be_quoted() {
    check_top("title: NO", &["5:8 ambiguous-scalar: some YAML readers take `NO` for a boolean"]);
    check_top("title: ~", &["5:8 ambiguous-scalar: `~` means nothing at all"]);
    check_top("title: true", &["5:8 ambiguous-scalar: `true` is a boolean"]);
    check_top("title:", &["5:1 wrong-type: expected text, found nothing"]);
    check_top("data: { a: { type: choice, of: [NO, ES] } }", &["5:33 ambiguous-scalar: some YAML readers take `NO`"]);
    check_top("data: { a: { type: text, required: yes } }", &["5:36 ambiguous-scalar: some YAML readers take `yes`"]);
    check_top("data: { a: { type: text, required: \"true\" } }", &["5:36 wrong-type"]);
    check_top("data: { a: { type: text, initial: null } }", &["5:35 ambiguous-scalar"]);
    check_step("human: sdr\n    next: no", &["10:11 ambiguous-scalar"]);
    clean(&step("human: sdr\n    next: done\n    sets: { a: true, b: \"no\" }\n    cracks: { c: { on: failure } }"));
}

#[test]
fn expressions_that_yaml_would_tear_apart_are_recognised() {
    check_step("choose: [{ when: !has(x), to: done }]", &["9:22 explicit-tag: `!has(x)` is a YAML tag"]);
    check_step("assign: { a: !!str 1 }", &["9:18 explicit-tag: `!!str` is a YAML tag"]);
    let torn = step("human: { role: sdr, takes: triangular(1 h, 2 h, 3 h) }");
    check(&torn, &["9:32 ambiguous-scalar: inside braces a comma ends the value"]);
    let reading = read("test.yaml", torn.as_bytes());
    assert_eq!(reading.problems.list[0].help.as_deref(), Some("put it in quotes: \"triangular(1 h, 2 h, 3 h)\""));
    let kind = reading.definition.unwrap().steps["work"].kind.clone();
    assert!(matches!(kind, Kind::Human { takes: Some(takes), .. } if takes.to_string() == "triangular(1 h, 2 h, 3 h)"));
    let reading = read("test.yaml", step("choose: [{ when: !ok && grade == \"hot\", to: done }]").as_bytes());
    assert_eq!(
        reading.problems.list[0].help.as_deref(),
        Some("if it is an expression, put all of it in quotes: '!ok && grade == \"hot\"'")
    );
}

#[test]
fn quantities_are_checked() {
    check_step("human: { role: sdr, takes: 6 }", &["9:32 invalid-distribution: `6` has no unit of time"]);
    check_step(
        "human: { role: sdr, takes: \"normal(1 h, 2 h)\" }",
        &["9:32 invalid-distribution: there is no distribution `normal`"],
    );
    check_step("human: { role: sdr, takes: [1 h] }", &["9:25 wrong-type: expected a length of time"]);
    check_step(
        "human: sdr\n    outcomes: { a: { to: done, chance: 120% } }",
        &["10:40 invalid-chance: a share lies between"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: deadline, after: -1 h } }",
        &["10:41 invalid-duration: a duration cannot be negative"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: failure, do: { retry: { at-most: 1_000 } } } }",
        &["10:57 wrong-type: expected a whole number, found `1_000`"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: failure, do: { retry: {} } } }",
        &["10:39 missing-key: `retry` needs `at-most`"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: failure, do: { fail: {} } } }",
        &["10:39 wrong-type: `fail` stands alone"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: failure, do: stop } }",
        &["10:37 wrong-type: expected one of `fail`"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: failure, do: { skip: a, reallocate: b } } }",
        &["10:33 wrong-type: expected exactly one response"],
    );
    check_step(
        "human: sdr\n    cracks: { a: { on: always, interrupts: maybe } }",
        &["10:24 wrong-type: expected one of `failure`", "10:44 wrong-type"],
    );
    check_step("human: sdr\n    cracks: { a: { do: fail } }", &["10:15 missing-key: a crack needs `on`"]);
}

#[test]
fn cracks_of_the_process_are_read_like_those_of_a_step() {
    let steps = "process: p\nversion: 1\nstart: a\nsteps: { a: { end: {} } }\n";
    let definition = clean(&format!("{steps}cracks: {{ late: {{ on: deadline, after: 3 d, then: a }} }}\n"));
    assert_eq!(definition.cracks["late"].after, Some(Span::hours(72)));
    assert_eq!(definition.cracks["late"].then.as_deref(), Some("a"));
    check_top("cracks: { Late: { on: external } }", &["5:11 invalid-name"]);
    check_top("cracks: { late: { upon: external } }", &["5:11 missing-key: a crack needs `on`", "5:19 unknown-key"]);
    check_top("cracks: [late]", &["5:1 wrong-type: expected cracks by name, found a list"]);
}

#[test]
fn people_and_data_are_checked() {
    check_top("roles: { a: { people: 0x10 } }", &["5:23 wrong-type: expected a whole number, found `0x10`"]);
    check_top("roles: { a: { people: marta } }", &["5:23 wrong-type: expected a number or a list of names"]);
    check_top("roles: { a: {} }", &["5:10 missing-key: a role needs `people`"]);
    check_top("roles: [a]", &["5:1 wrong-type: expected roles by name, found a list"]);
    check_top("calendars: { a: { week: always } }", &["5:25 wrong-type: expected windows by day"]);
    check_top("calendars: { a: { holidays: 2026-12-25 } }", &["5:29 wrong-type: expected a list"]);
    check_top("data: { a: { type: number } }", &["5:20 wrong-type: expected one of `text`, `boolean`"]);
    check_top("data: { a: { type: text, of: [x] } }", &["5:26 unknown-key: `of` has no meaning for the type `text`"]);
    check_top("data: { a: { type: choice } }", &["5:9 missing-key: a data field needs `of`"]);
    check_top("data: { a: { type: list } }", &["5:9 missing-key: a data field needs `of`"]);
    check_top("data: { a: { type: list, of: list } }", &["5:30 wrong-type: expected one of `text`, `boolean`"]);
    check_top("data: { a: { type: list, of: [] } }", &["5:26 wrong-type: expected at least one value"]);
    check_top("data: { a: { type: date, of: text } }", &["5:26 unknown-key: `of` has no meaning for the type `date`"]);
    check_top("variant: tobe", &["5:10 wrong-type: expected one of `as-is`, `to-be`, found `tobe`"]);
}

#[test]
fn a_list_may_begin_with_a_list_or_its_text() {
    let field = |field: &str| {
        let text = step("end: {}") + &format!("\ndata: {{ f: {{ {field} }} }}\n");
        clean(&text).data["f"].clone()
    };
    let integers = field("type: list, of: integer, initial: [1, -2]");
    assert_eq!(
        (integers.kind, integers.initial.as_ref().unwrap().0.as_str()),
        (Type::List(Scalar::Integer), "[1, -2]")
    );
    assert_eq!(integers, field("type: list, of: integer, initial: \"[1, -2]\""));
    let days = field("type: list, of: date, initial: [2026-12-24]");
    assert_eq!(days.initial.unwrap().0, r#"["2026-12-24"]"#);
    let choices = field("type: list, of: [low, high], initial: [high, \"a \\\"b\\\"\"]");
    assert_eq!((choices.kind, choices.of.len()), (Type::List(Scalar::Choice), 2));
    assert_eq!(choices.initial.unwrap().0, r#"["high", "a \"b\""]"#);
}

#[test]
fn the_simulation_section_is_checked() {
    check_top("simulation: { arrivals: { every: 9 } }", &["5:34 invalid-distribution"]);
    check_top("simulation: { arrivals: { every: 9 min, per: day } }", &["5:41 invalid-arrivals"]);
    check_top("simulation: { arrivals: {} }", &["5:15 invalid-arrivals: arrivals have one of"]);
    check_top("simulation: { arrivals: { per: day } }", &["5:15 missing-key: `arrivals` needs `mean`"]);
    check_top(
        "simulation: { arrivals: { per: month, mean: -4 } }",
        &["5:32 wrong-type", "5:45 wrong-type: expected a number that is not negative"],
    );
    check_top(
        "simulation: { sample: { a: 4 mni, b: { x: 0x1f } } }",
        &["5:28 invalid-distribution", "5:43 wrong-type"],
    );
    check_top(
        "simulation: { absences: { a: { rate: 2, lasts: 5 } } }",
        &["5:38 wrong-type: expected a rate such as", "5:48 invalid-distribution"],
    );
    let rate = |text: &str| {
        let file = format!(
            "{}simulation: {{ sample: {{ f: 3, g: {{ a: 1.5 }} }}, absences: {{ sdr: {{ rate: {text}, lasts: 5 bd }} }} }}\n",
            step("end: {}")
        );
        let simulation = clean(&file).simulation.unwrap();
        assert!(matches!(&simulation.sample["f"], Sample::Number(n) if n.unit.is_none()));
        assert!(matches!(&simulation.sample["g"], Sample::Weights(weights) if weights["a"] == 1.5));
        simulation.absences["sdr"].rate_per_year
    };
    assert_eq!(rate("2/month"), 24.0);
    assert_eq!(rate("0.5 / week"), 26.0);
}

#[test]
fn eight_mistakes_are_reported_at_once() {
    let text = r#"process: lead follow-up
version: 1.0
titel: Leads
start: call
roles:
  sdr: { people: two }
data:
  region: { type: choice, of: [NO, ES] }
steps:
  call:
    human: { role: sdr, takes: 6 }
    outcomes:
      reached: { chance: 18%, to: decide }
      silent: { chance: often, to: done }
  decide:
    choose:
      - { when: !has(region), to: done }
      - { otherwise: done, chance: 5% }
  done: { end: {} }
"#;
    let reading = read("leads.yaml", text.as_bytes());
    assert_eq!(reading.problems.list.len(), 8);
    let definition = reading.definition.as_ref().unwrap();
    assert_eq!(definition.steps.keys().collect::<Vec<_>>(), ["call", "decide", "done"]);
    assert!(
        reading.damaged.contains("call") && reading.damaged.contains("decide") && !reading.damaged.contains("done")
    );
    assert!(reading.damaged_fields.contains("region"));
    insta::assert_snapshot!(reading.problems, @r#"
    error[invalid-name]: `lead follow-up` is not a valid name
      --> leads.yaml:1:10
      |
    1 | process: lead follow-up
      |          ^^^^^^^^^^^^^^
      help: did you mean `lead-follow-up`? a name consists of letters a–z, digits and hyphens, and begins with a letter

    error[unknown-key]: a process definition has no key `titel`
      --> leads.yaml:3:1
      |
    3 | titel: Leads
      | ^^^^^
      help: did you mean `title`?

    error[wrong-type]: expected a number or a list of names, found `two`
      --> leads.yaml:6:18
      |
    6 |   sdr: { people: two }
      |                  ^^^
      help: write a number such as `2`, or `[two]` for one person

    error[ambiguous-scalar]: some YAML readers take `NO` for a boolean
      --> leads.yaml:8:32
      |
    8 |   region: { type: choice, of: [NO, ES] }
      |                                ^^
      help: quote it: "NO"

    error[invalid-distribution]: `6` has no unit of time
      --> leads.yaml:11:32
       |
    11 |     human: { role: sdr, takes: 6 }
       |                                ^
      help: add one of s, min, h, d, w, bmin, bh, bd, as in `6 min`

    error[invalid-chance]: expected a share such as `18%` or `0.18`, found `often`
      --> leads.yaml:14:25
       |
    14 |       silent: { chance: often, to: done }
       |                         ^^^^^

    error[explicit-tag]: `!has(region)` is a YAML tag, which has no meaning here
      --> leads.yaml:17:17
       |
    17 |       - { when: !has(region), to: done }
       |                 ^^^^^^^^^^^^
      help: if it is an expression, put all of it in quotes: "!has(region)"

    error[chance-on-guard]: a branch has no chance, because the data decide here
      --> leads.yaml:18:28
       |
    18 |       - { otherwise: done, chance: 5% }
       |                            ^^^^^^
      help: remove it; what the world decides by chance are the `outcomes` of a step
    "#);
}

#[test]
fn what_is_damaged_keeps_its_name() {
    let text = step("human: {}\n    next: done").replace("sdr: { people: 1 }", "sdr: { people: many }");
    let reading = read("test.yaml", text.as_bytes());
    let definition = reading.definition.unwrap();
    assert_eq!(definition.steps["work"].kind, Kind::End { terminate: false, hand_over: None });
    assert_eq!(definition.steps["work"].next.as_deref(), Some("done"));
    assert_eq!(definition.roles["sdr"].people.count(), 1);
    assert_eq!(reading.damaged.into_iter().collect::<Vec<_>>(), ["work"]);
    let reading = read("test.yaml", b"process: p\nversion: 1\nstart: a\ndata: { x: { type: float } }\nsteps: { a: 5 }");
    assert_eq!(reading.definition.unwrap().data["x"].kind, Type::Text);
    assert!(reading.damaged_fields.contains("x"));
}

#[test]
fn places_are_found_for_problems_of_others() {
    let text = step("human: sdr\n    next: nowhere\n    cracks:\n      c: { on: failure }")
        + "  sum:\n    assign:\n      a: 1\n  pick:\n    choose:\n      - when: a\n        to: x\n      - otherwise: y\n";
    let reading = read("test.yaml", text.as_bytes());
    let check = |path: Path, expected: (u32, u32, u32)| {
        let mut problem = Problem::error(Code::UnknownStep, path, "");
        reading.locate(&mut problem);
        let place = problem.place.unwrap();
        assert_eq!((place.line, place.column, place.length), expected, "{}", problem.path);
    };
    let work = Path::root("steps").key("work");
    check(work.key("next"), (10, 11, 7));
    check(work.clone(), (8, 3, 4));
    check(work.key("outcomes").key("a"), (8, 3, 4));
    check(work.key("human").key("role"), (9, 12, 3));
    check(work.key("cracks").key("c").key("then"), (12, 7, 1));
    check(Path::root("steps").key("sum").key("sets").key("a"), (15, 10, 1));
    check(Path::root("steps").key("pick").key("choose").index(0).key("to"), (19, 13, 1));
    check(Path::root("steps").key("pick").key("choose").index(1).key("to"), (20, 20, 1));
    check(Path::root("steps").key("pick").key("choose").index(7), (17, 5, 6));
    check(Path::default(), (1, 1, 1));
}

#[test]
fn aliases_repeat_what_they_name() {
    let definition = clean(&step("human: &who sdr\n    next: *who"));
    assert_eq!(definition.steps["work"].next.as_deref(), Some("sdr"));
    check_step(
        "human: sdr\n    reads: &r [*r]",
        &["10:16 not-yaml: this alias repeats the very block in which it stands"],
    );
    check_step("human: &who yes\n    next: *who", &["9:17 ambiguous-scalar", "10:11 ambiguous-scalar"]);
}
