//! What one command does to one case, for every node kind and every response to a crack.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::definition::{
    CalendarSpec, Crack, Definition, Field, Recovery, Response, Role, Span, Step, Trigger, Type,
};
use grieta_core::kernel::{Case, Command, Event, Reason, Rejection, Resolution, Status, possible};
use grieta_core::value::Value;
use grieta_core::{Duration, PersonIx, Timestamp, TokenIx};
use support::Desk;

fn base() -> Definition {
    Definition::new("test", "1").role("sdr", Role::of(1)).role("boss", Role::of(1))
}

/// A call with this crack, an end `won` and a step `later` where `then` can lead.
fn with_crack(crack: Crack) -> Desk {
    Desk::started(
        base()
            .step(
                "call",
                Step::human("sdr").outcome("reached", "won").outcome("no-answer", "later").crack("crack", crack),
            )
            .step("later", Step::human("boss").next("won"))
            .step("won", Step::end()),
    )
}

#[test]
fn a_person_begins_and_completes_the_work_and_the_outcome_decides_the_way() {
    let mut desk = with_crack(Crack::failure());
    assert_eq!(desk.shown(), "call: Offered");
    desk.begin("call");
    assert_eq!(desk.shown(), "call: Started");
    desk.complete("call", Some("no-answer"));
    assert_eq!(desk.shown(), "later: Offered");
    desk.complete("later", None);
    assert_eq!(desk.case.status(), Status::Completed);
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut desk = with_crack(Crack::failure());
    let token = desk.at("call");
    let before = (desk.case.clone(), desk.events.len());
    let refused = [
        Command::Start { data: vec![] },
        Command::Complete { token, outcome: None, data: vec![] },
        Command::Strike { token, crack: desk.plan.crack(desk.plan.step("call").unwrap(), "crack").unwrap() },
        Command::Begin { token: TokenIx(7), person: PersonIx::NONE },
        Command::TimerDue { timer: grieta_core::TimerIx(0) },
    ];
    for command in refused {
        let rejection = desk.command(&command).unwrap_err();
        assert!(!rejection.to_string().is_empty());
        assert_eq!((desk.case.clone(), desk.events.len()), before, "{command:?}");
    }
    desk.begin("call");
    let outcome = desk.plan.outcome(desk.plan.step("later").unwrap(), None);
    let wrong = desk.command(&Command::Complete { token, outcome, data: vec![] }).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "`call` is completed with one of its outcomes (`reached`, `no-answer`), found `later#0`"
    );
    desk.now = Timestamp::from_micros(-1);
    assert!(matches!(desk.command(&Command::Cancel { compensate: false }), Err(Rejection::TooLate { .. })));
}

#[test]
fn data_decide_at_a_choice_and_sets_see_the_data_as_they_were() {
    let mut desk = Desk::started(
        base()
            .field("attempts", Field::of(Type::Integer).initial("0"))
            .field("before", Field::of(Type::Integer).initial("-1"))
            .step("call", Step::human("sdr").set("attempts", "attempts + 1").set("before", "attempts").next("enough"))
            .step("enough", Step::choose([("attempts >= 2", "lost")], "call"))
            .step("lost", Step::end()),
    );
    desk.complete("call", None);
    assert_eq!(desk.shown(), "call: Offered");
    desk.complete("call", None);
    assert_eq!(desk.case.status(), Status::Completed);
    assert_eq!(desk.case.data(), [Value::Integer(2), Value::Integer(1)]);
}

#[test]
fn a_choice_without_a_branch_to_take_is_an_incident() {
    let mut choose = Step::choose([("amount > 3", "won")], "won");
    if let grieta_core::definition::Kind::Choose(branches) = &mut choose.kind {
        branches.pop();
    }
    let amount = |literal: &str| Field::of(Type::Integer).initial(literal);
    let definition = base().field("amount", amount("1")).step("big", choose).step("won", Step::end());
    let desk = Desk::started(definition.clone());
    assert_eq!(
        desk.explained(),
        ["`big` waits for somebody to resolve an incident: no guard of the choice held, and there is no `otherwise`"]
    );
    let mut absent = definition;
    absent.data.insert("amount".into(), Field::of(Type::Integer));
    let desk = Desk::started(absent);
    assert!(matches!(desk.case.incident(TokenIx(0)), Some(Reason::Evaluation(_))), "{:?}", desk.explained());
}

fn parallel() -> Definition {
    base()
        .step("split", Step::fork(["pack", "bill"]))
        .step("pack", Step::human("sdr").next("both"))
        .step(
            "bill",
            Step::human("boss").outcome("sent", "both").outcome("corrected", "both").outcome("refused", "stop"),
        )
        .step("both", Step::join().next("won"))
        .step("stop", Step::end())
        .step("won", Step::end())
}

#[test]
fn a_join_waits_for_one_token_from_each_step_whatever_its_outcome() {
    let mut desk = Desk::started(parallel());
    assert_eq!(desk.shown(), "bill: Offered, pack: Offered");
    desk.complete("bill", Some("corrected"));
    assert_eq!(desk.shown(), "both: Parked, pack: Offered");
    assert_eq!(desk.explained()[1], "`both` waits for `pack`, which can still arrive");
    desk.complete("pack", None);
    assert_eq!(desk.case.status(), Status::Completed);
}

#[test]
fn a_branch_that_ends_elsewhere_strands_the_other_and_the_case_says_so() {
    let mut desk = Desk::started(parallel());
    desk.complete("pack", None).complete("bill", Some("refused"));
    assert_eq!(desk.shown(), "both: Parked");
    assert_eq!(desk.explained(), ["`both` waits for `bill`, which can never arrive"]);
}

#[test]
fn terminate_withdraws_everything_else() {
    let mut definition = parallel();
    definition.steps.insert("stop".into(), Step::terminate());
    let mut desk = Desk::started(definition);
    desk.complete("bill", Some("refused"));
    assert_eq!(desk.case.status(), Status::Completed);
    assert!(desk.events.iter().any(|(_, event)| matches!(event, Event::TokenWithdrawn { .. })));
}

#[test]
fn a_pause_ends_by_itself_and_an_outside_party_by_command() {
    let mut desk = Desk::started(
        base()
            .step("later", Step::pause(Span::hours(2)).next("reply"))
            .step("reply", Step::wait("customer").outcome("yes", "won").outcome("no", "won"))
            .step("won", Step::end()),
    );
    desk.advance(Duration::HOUR);
    assert_eq!(desk.shown(), "later: Pausing");
    desk.advance(Duration::HOUR);
    assert_eq!(desk.shown(), "reply: Waiting");
    assert_eq!(desk.explained(), ["`reply` waits for `customer` to answer"]);
    desk.complete("reply", Some("yes"));
    assert_eq!(desk.case.status(), Status::Completed);
}

/// A case in Madrid, which begins on the 1st of that month at 08:00 UTC, and waits until that day.
fn waiting(month: &str, until: &str) -> Desk {
    let zone = |zone: &str| CalendarSpec {
        zone: Some(zone.to_owned()),
        week: [("mon-fri".to_owned(), "09:00-17:00".to_owned())].into_iter().collect(),
        ..CalendarSpec::default()
    };
    let data = base().field("due", Field::of(Type::Date)).field("paid", Field::of(Type::Boolean).initial("false"));
    let late = Crack::deadline(Span::hours(24)).respond(Response::Continue);
    let mut desk = Desk::new(
        Definition { calendar: Some("office".to_owned()), ..data }
            .calendar("office", zone("Europe/Madrid"))
            .step("later", Step::wait_until(until).next("won").crack("late", late))
            .step("won", Step::end()),
    );
    desk.now = format!("{month}-01T08:00:00Z").parse().unwrap();
    desk.command(&Command::Start { data: vec![] }).unwrap();
    desk.is_whole().unwrap();
    desk
}

#[test]
fn a_wait_until_a_date_is_over_when_the_day_begins_where_the_process_is() {
    let check = |month: &str, until: &str, over: &str| {
        let mut desk = waiting(month, until);
        assert_eq!(
            desk.explained()[0].split(';').next(),
            Some(&*format!("`later` waits for time to pass, until {over}"))
        );
        let over: Timestamp = over.parse().unwrap();
        let rest = over - desk.now;
        desk.advance(rest - Duration::SECOND);
        assert_eq!(desk.shown(), "later: Pausing");
        desk.advance(Duration::SECOND);
        assert_eq!((desk.case.status(), desk.now), (Status::Completed, over));
    };
    check("2026-12", "2026-12-24", "2026-12-23T23:00:00Z");
    check("2026-06", "\"2026-06-24\"", "2026-06-23T22:00:00Z");
    check("2026-12", "has(due) ? due : \"2027-01-03\"", "2027-01-02T23:00:00Z");
    // A Sunday: the day begins whether anybody works on it or not.
    check("2026-06", "2026-06-28", "2026-06-27T22:00:00Z");
}

#[test]
fn a_wait_until_a_date_that_has_come_is_over_at_once() {
    for until in ["2026-12-01", "2026-11-30", "0001-01-01"] {
        let mut desk = waiting("2026-12", until);
        let began = desk.now;
        desk.advance(Duration::ZERO);
        assert_eq!((desk.case.status(), desk.now), (Status::Completed, began), "{until}");
    }
}

#[test]
fn a_date_that_there_is_not_is_an_incident_that_can_be_mended() {
    let mut desk = waiting("2026-12", "due + \"1 d\"");
    let reason = "an expression could not be evaluated: `due + \"1 d\"` needs a value of `due`, which is absent";
    assert!(desk.explained()[0].contains(reason), "{:?}", desk.explained());
    assert_eq!(desk.case.timers().count(), 0);
    let due: grieta_core::Date = "2026-12-23".parse().unwrap();
    desk.command(&Command::Change { data: vec![(desk.plan.field("due").unwrap(), due.into())] }).unwrap();
    desk.command(&Command::Resolve { token: desk.at("later"), how: Resolution::Retry }).unwrap();
    assert_eq!(desk.shown(), "later: Pausing");
    desk.is_whole().unwrap();
    // What the field becomes while the step waits does not matter to it any more.
    desk.command(&Command::Change { data: vec![(desk.plan.field("due").unwrap(), Value::Absent)] }).unwrap();
    desk.advance(Duration::from_micros(23 * Duration::DAY.as_micros()));
    assert_eq!(desk.case.status(), Status::Completed);
}

#[test]
fn a_constraint_crack_answers_for_a_wait_without_a_date_and_for_what_must_not_be_when_it_is_over() {
    let started = |until: &str, when: Option<&str>| {
        let crack = Crack { when: when.map(Into::into), ..Crack::on(Trigger::Constraint) }.then("ask");
        Desk::started(
            base()
                .field("due", Field::of(Type::Date))
                .field("paid", Field::of(Type::Boolean).initial("false"))
                .step("later", Step::wait_until(until).next("won").crack("c", crack))
                .step("ask", Step::human("sdr").next("won"))
                .step("won", Step::end()),
        )
    };
    assert_eq!(started("due", None).shown(), "ask: Offered");
    let mut desk = started("1970-01-02", Some("!paid"));
    assert_eq!(desk.shown(), "later: Pausing");
    desk.advance(Duration::DAY);
    assert_eq!(desk.shown(), "ask: Offered");
}

#[test]
fn a_failure_is_retried_so_many_times_and_then_goes_on_elsewhere() {
    let retry = Response::Retry { after: Some(Span::hours(4)), at_most: 2, backoff: 1 };
    let mut desk = with_crack(Crack::failure().respond(retry).then("later"));
    for _ in 0..2 {
        desk.begin("call").strike("call", "crack");
        assert_eq!(desk.shown(), "call: Delayed");
        desk.advance(Duration::from_micros(4 * Duration::HOUR.as_micros()));
        assert_eq!(desk.shown(), "call: Offered");
    }
    desk.begin("call").strike("call", "crack");
    assert_eq!(desk.shown(), "later: Offered");
}

#[test]
fn without_a_response_a_failure_is_an_incident() {
    let mut desk = with_crack(Crack::failure());
    desk.begin("call").strike("call", "crack");
    assert_eq!(
        desk.explained(),
        ["`call` waits for somebody to resolve an incident: crack `crack` struck and has no response"]
    );
    let mut desk = with_crack(Crack::failure().respond(Response::Retry { after: None, at_most: 1, backoff: 1 }));
    desk.begin("call").strike("call", "crack");
    assert_eq!(desk.shown(), "call: Offered");
    desk.begin("call").strike("call", "crack");
    assert_eq!(desk.shown(), "call: Incident");
    assert!(
        desk.explained()[0].ends_with("its retries are used up, and it does not say what then"),
        "{:?}",
        desk.explained()
    );
    let struck = desk.events.iter().filter_map(|(_, event)| match event {
        Event::CrackStruck { answered, .. } => Some(*answered),
        _ => None,
    });
    assert_eq!(struck.collect::<Vec<_>>(), [true, false], "the last retry is used up, and nothing says what then");
}

#[test]
fn what_nobody_takes_in_time_is_reallocated_and_what_is_taken_is_not() {
    let crack = || Crack::unavailable(Span::hours(1)).respond(Response::Reallocate(Some("boss".into())));
    let mut desk = with_crack(crack());
    desk.advance(Duration::HOUR);
    assert_eq!(desk.explained(), ["`call` waits for somebody of `boss` to be found for it"]);
    let mut desk = with_crack(crack());
    desk.begin("call").advance(Duration::HOUR);
    assert_eq!(desk.explained(), ["`call` waits for `sdr` to finish"]);
    assert_eq!(desk.case.timers().count(), 0);
}

#[test]
fn a_deadline_may_skip_the_work_or_note_that_nobody_answers() {
    let mut desk = with_crack(Crack::deadline(Span::hours(24)).respond(Response::Skip(Some("reached".into()))));
    desk.advance(Duration::DAY);
    assert_eq!(desk.case.status(), Status::Completed);
    let mut desk = with_crack(Crack::deadline(Span::hours(24)));
    desk.advance(Duration::DAY);
    assert_eq!(
        desk.explained(),
        ["`call` waits for somebody of `sdr` to begin; crack `crack` struck and has no response"]
    );
    desk.complete("call", Some("reached"));
    assert_eq!(desk.case.status(), Status::Completed);
}

#[test]
fn a_crack_that_does_not_interrupt_starts_a_second_token() {
    let mut desk = with_crack(Crack::deadline(Span::hours(24)).then("later"));
    desk.advance(Duration::DAY);
    assert_eq!(desk.shown(), "call: Offered, later: Offered");
    desk.complete("call", Some("reached")).complete("later", None);
    assert_eq!(desk.case.status(), Status::Completed);
    let interrupting = Crack { interrupts: Some(true), ..Crack::deadline(Span::hours(24)).then("later") };
    let mut desk = with_crack(interrupting);
    desk.advance(Duration::DAY);
    assert_eq!(desk.shown(), "later: Offered");
}

#[test]
fn the_case_can_be_cancelled_or_the_work_given_up() {
    let mut desk = with_crack(Crack::on(Trigger::External).respond(Response::CancelCase));
    desk.strike("call", "crack");
    assert_eq!(desk.case.status(), Status::Cancelled);
    let mut desk = with_crack(Crack::failure().respond(Response::Fail).then("later"));
    desk.begin("call").strike("call", "crack");
    assert_eq!(desk.shown(), "later: Offered");
    assert!(desk.events.iter().any(|(_, event)| matches!(event, Event::WorkFailed { .. })));
    let mut desk = with_crack(Crack::on(Trigger::External).respond(Response::Continue));
    desk.strike("call", "crack");
    assert_eq!(desk.shown(), "call: Offered");
}

#[test]
fn a_constraint_strikes_when_the_data_break_it_or_cannot_be_evaluated() {
    let crack = |then: &str| Crack { when: Some("discount > 15".into()), ..Crack::on(Trigger::Constraint).then(then) };
    let definition = |sets: &str| {
        base()
            .field("discount", Field::of(Type::Integer))
            .field("half", Field::of(Type::Integer))
            .step(
                "offer",
                Step::human("sdr").writes("discount").set("half", sets).next("won").crack("too-much", crack("check")),
            )
            .step("check", Step::human("boss").next("won"))
            .step("won", Step::end())
    };
    let discount = |desk: &Desk, percent| vec![(desk.plan.field("discount").unwrap(), Value::Integer(percent))];
    for (percent, sets, expected) in [
        (10, "discount / 2", "completed"),
        (20, "discount / 2", "check: Offered"),
        (10, "1 / (discount - 10)", "check: Offered"),
    ] {
        let mut desk = Desk::started(definition(sets));
        let data = discount(&desk, percent);
        desk.complete_with("offer", None, data).unwrap();
        assert_eq!(desk.shown(), expected, "{percent} {sets}");
        let kept = expected == "completed";
        assert_eq!(desk.case.data()[0] != Value::Absent, kept, "what was refused must not be written");
    }
}

#[test]
fn only_declared_data_of_the_right_type_come_with_a_command() {
    let mut desk = Desk::new(
        base()
            .field("name", Field::of(Type::Text).required())
            .field("size", Field::of(Type::Integer))
            .step("call", Step::human("sdr").writes("size").next("won"))
            .step("won", Step::end()),
    );
    let (name, size) = (desk.plan.field("name").unwrap(), desk.plan.field("size").unwrap());
    let missing = desk.command(&Command::Start { data: vec![] }).unwrap_err();
    assert_eq!(missing.to_string(), "the case cannot start without `name`; give it a value");
    let wrong = desk.command(&Command::Start { data: vec![(name, Value::Integer(3))] }).unwrap_err();
    assert!(matches!(wrong, Rejection::WrongType { .. }), "{wrong}");
    desk.command(&Command::Start { data: vec![(name, "acme".into())] }).unwrap();
    let not_here = desk.complete_with("call", None, vec![(name, "other".into())]).unwrap_err();
    assert_eq!(not_here.to_string(), "`name` may not be written here; `call` lists under `writes`: `size`");
    desk.complete_with("call", None, vec![(size, Value::Integer(3))]).unwrap();
    assert_eq!(desk.case.data(), ["acme".into(), Value::Integer(3)]);
}

/// A case whose score is from 0 to 100, with work that may write it and add to it.
fn scored(work: Step) -> Definition {
    base()
        .field("score", Field::of(Type::Integer).at_least("0").at_most("100").required())
        .field("late", Field::of(Type::Duration).at_most("1 d"))
        .field("bonus", Field::of(Type::Decimal).at_least("-0.5").initial("0"))
        .step("rate", work)
        .step("by-hand", Step::human("boss").next("won"))
        .step("won", Step::end())
}

#[test]
fn what_lies_outside_the_bounds_of_its_field_does_not_come_with_a_command() {
    let mut desk = Desk::new(scored(Step::human("sdr").writes("score").writes("late").next("won")));
    let [score, late] = ["score", "late"].map(|name| desk.plan.field(name).unwrap());
    for wrong in [-1, 101] {
        let refused = desk.command(&Command::Start { data: vec![(score, Value::Integer(wrong))] }).unwrap_err();
        let message = format!("`score` must be at least 0 and at most 100, found {wrong}; give it such a value");
        assert_eq!(refused.to_string(), message);
        assert_eq!((desk.case.status(), desk.events.len()), (Status::New, 0));
    }
    desk.command(&Command::Start { data: vec![(score, Value::Integer(100))] }).unwrap();
    desk.begin("rate");
    let before = (desk.case.clone(), desk.events.len());
    let long = vec![(score, Value::Integer(7)), (late, Value::Duration(Duration::from_micros(86_400_000_001)))];
    for command in [
        Command::Change { data: long.clone() },
        Command::Complete { token: desk.at("rate"), outcome: None, data: long },
    ] {
        let refused = desk.command(&command).unwrap_err();
        assert!(matches!(&refused, Rejection::OutOfBounds { field, .. } if field == "late"), "{refused}");
        assert_eq!((desk.case.clone(), desk.events.len()), before, "{command:?}");
    }
    desk.complete_with("rate", None, vec![(score, Value::Integer(0)), (late, Value::Absent)]).unwrap();
    assert_eq!(desk.case.data()[..2], [Value::Integer(0), Value::Absent]);
}

#[test]
fn what_other_cases_bring_lies_within_the_bounds_or_is_not_taken() {
    let plan = Desk::new(scored(Step::human("sdr").next("won"))).plan;
    let taken = |field: &str, value: Value| plan.from_others(field, &value).map(|(_, value)| value);
    assert_eq!(taken("score", 100.into()), Some(100.into()));
    assert_eq!(taken("score", 101.into()), None);
    assert_eq!(taken("late", "24 h".into()), Some(Value::Duration(Duration::DAY)));
    assert_eq!(taken("late", "25 h".into()), None);
    assert_eq!(taken("bonus", 0.into()), Some(Value::Decimal(0.into())));
    assert_eq!(taken("bonus", (-1).into()), None);
}

#[test]
fn an_expression_that_gives_a_field_what_lies_outside_its_bounds_has_failed() {
    let constraint = || Crack { on: Trigger::Constraint, then: Some("by-hand".to_owned()), ..Crack::failure() };
    let check = |work: Step, expected: &str| {
        let mut desk = Desk::new(scored(work));
        let score = desk.plan.field("score").unwrap();
        desk.command(&Command::Start { data: vec![(score, Value::Integer(60))] }).unwrap();
        if desk.shown() == "rate: Offered" {
            desk.complete("rate", None);
        }
        desk.is_whole().unwrap();
        let shown = if desk.shown() == "rate: Incident" { desk.explained().join("") } else { desk.shown() };
        assert_eq!(shown, expected);
        desk.case.data()[0].clone()
    };
    let human = || Step::human("sdr").next("won");
    assert_eq!(check(human().set("score", "score + 40"), "completed"), Value::Integer(100));
    let failed = "`rate` waits for somebody to resolve an incident: an expression could not be evaluated: \
                  `score + 41` gives `score` the value 101, but it must be at least 0 and at most 100";
    let kept = Value::Integer(60);
    for work in [human().set("score", "score + 41"), Step::assign().set("score", "score + 41").next("won")] {
        assert_eq!(check(work.clone(), failed), kept);
        assert_eq!(check(work.crack("too-much", constraint()), "by-hand: Offered"), kept);
    }
}

#[test]
fn a_case_that_may_be_is_started_with_values_within_the_bounds() {
    let started = |field: Field| {
        let plan = Desk::new(base().field("f", field.required()).step("won", Step::end())).plan;
        let commands = possible(&plan, &Case::default());
        let [Command::Start { data }] = &commands[..] else { panic!("{commands:?}") };
        data[0].1.clone()
    };
    assert_eq!(started(Field::of(Type::Integer).at_least("18")), 18.into());
    assert_eq!(started(Field::of(Type::Integer).at_least("-1").at_most("1")), 0.into());
    assert_eq!(started(Field::of(Type::Decimal).at_most("-0.5")), Value::Decimal("-0.5".parse().unwrap()));
}

#[test]
fn a_loop_without_a_pause_is_stopped_and_explained() {
    let mut desk = Desk::new(
        base()
            .field("never", Field::of(Type::Boolean).initial("false"))
            .step("round", Step::assign().next("again"))
            .step("again", Step::choose([("never", "won")], "round"))
            .step("won", Step::end()),
    );
    desk.command(&Command::Start { data: vec![] }).unwrap();
    assert!(desk.explained()[0].contains("a loop without a pause"), "{:?}", desk.explained());
    let mut bomb = Desk::new(
        base()
            .field("never", Field::of(Type::Boolean).initial("false"))
            .step("again", Step::choose([("never", "won")], "split"))
            .step("split", Step::fork(["again", "again", "again"]))
            .step("won", Step::end()),
    );
    bomb.command(&Command::Start { data: vec![] }).unwrap();
    assert!(bomb.case.live() <= grieta_core::kernel::MOST_TOKENS);
    assert_eq!(bomb.case.status(), Status::Running);
}

#[test]
fn the_graph_shows_where_every_crack_leads() {
    use grieta_core::Process;
    let crack = |response: Option<Response>, then: Option<&str>| Crack {
        response,
        then: then.map(str::to_owned),
        ..Crack::failure()
    };
    let retry = Response::Retry { after: None, at_most: 1, backoff: 1 };
    let definition = base()
        .step(
            "call",
            Step::human("sdr")
                .outcome("reached", "won")
                .crack("retried", crack(Some(retry), Some("later")))
                .crack("skipped", crack(Some(Response::Skip(Some("reached".into()))), None))
                .crack("unanswered", crack(None, None)),
        )
        .step("later", Step::human("boss").next("won"))
        .step("won", Step::end());
    let process = Process::new(definition).unwrap();
    let graph = process.graph();
    let mut edges: Vec<String> = graph
        .edge_indices()
        .map(|edge| {
            let (_, to) = graph.edge_endpoints(edge).unwrap();
            format!("{} -> {}", graph[edge].id, graph[to])
        })
        .collect();
    edges.sort();
    assert_eq!(
        edges,
        [
            "call!retried -> call",
            "call!retried -> later",
            "call!skipped -> won",
            "call/reached -> won",
            "later#0 -> won"
        ]
    );
}

/// A call in a process with these cracks of its own, an end `won` and a step `later` where `then` can lead.
fn whole(cracks: &[(&str, Crack)]) -> Definition {
    let steps = base()
        .step("call", Step::human("sdr").next("won").crack("lost", Crack::failure()))
        .step("later", Step::human("boss").next("won"))
        .step("won", Step::end());
    cracks.iter().fold(steps, |definition, (name, crack)| definition.crack(name, crack.clone()))
}

#[test]
fn a_process_with_cracks_of_its_own_is_the_last_node_and_one_without_is_none() {
    let plain = Desk::new(whole(&[]));
    assert_eq!((plain.plan.root(), plain.plan.step("test"), plain.plan.step_count()), (None, None, 3));
    assert_eq!(plain.plan.process().graph().node_count(), 3);
    let continued = Crack::external().respond(Response::Continue);
    let desk = Desk::new(whole(&[("noted", continued), ("lost", Crack::failure().then("later"))]));
    let (plan, root) = (&desk.plan, desk.plan.root().unwrap());
    assert_eq!((root.at(), plan.step_count(), plan.crack_count()), (3, 3, 3));
    assert_eq!((plan.step("test"), plan.step_name(root)), (Some(root), "test"));
    assert_eq!(plan.declared_cracks(root).unwrap().keys().collect::<Vec<_>>(), ["noted", "lost"]);
    assert_eq!(plan.crack_name(root, plan.crack(root, "lost").unwrap()), "lost");
    assert_ne!(plan.crack(root, "lost"), plan.crack(plan.step("call").unwrap(), "lost"));
    let graph = plan.process().graph();
    let own = graph.edges(petgraph::graph::NodeIndex::new(root.at()));
    let mut edges: Vec<String> = own.map(|edge| edge.weight().id.clone()).collect();
    edges.sort();
    assert_eq!(edges, ["test!lost", "test!noted", "test>call"]);
}

#[test]
fn the_process_waits_for_its_steps_and_ends_with_them() {
    let mut desk = Desk::started(whole(&[("lost", Crack::failure().then("later"))]));
    assert_eq!(desk.shown(), "call: Offered, test: Inside");
    assert_eq!(desk.explained()[0], "`test` waits for the steps inside it");
    desk.complete("call", None);
    let last: Vec<Event> = desk.events.iter().rev().take(3).rev().map(|(_, event)| event.clone()).collect();
    let scope = grieta_core::ScopeIx(1);
    assert_eq!(last, [Event::ScopeClosed { scope }, Event::TokenConsumed { token: TokenIx(0) }, Event::CaseCompleted]);
}

#[test]
fn a_crack_of_the_process_that_nobody_answers_stops_the_case_there() {
    let mut desk = Desk::started(whole(&[("lost", Crack::failure())]));
    desk.begin("call").strike("call", "lost");
    assert_eq!(desk.shown(), "call: Incident, test: Inside");
    desk.strike("test", "lost");
    assert_eq!(
        desk.explained(),
        ["`test` waits for somebody to resolve an incident: crack `lost` struck and has no response"]
    );
}

#[test]
fn a_fork_without_room_for_all_its_branches_starts_none() {
    // Each round leaves a call behind and has an end before it, so room runs out within a fork.
    let mut desk = Desk::new(
        base()
            .step("split", Step::fork(["call", "split", "won"]))
            .step("call", Step::human("sdr").next("won"))
            .step("won", Step::end()),
    );
    desk.command(&Command::Start { data: vec![] }).unwrap();
    let split = desk.events.iter().filter(|(_, event)| matches!(event, Event::TokenSplit { .. }));
    assert_eq!(split.count() % 2, 0, "two more tokens for each fork, or none");
    let shown = desk.shown();
    assert!(shown.contains("split: Incident") && !shown.contains("Leaving"), "a branch was begun and never taken");
}

/// A subprocess with one call inside; both with these cracks.
fn around(inner: Crack, outer: Crack) -> Desk {
    use grieta_core::definition::Kind;
    let inside = Kind::Subprocess(vec!["call".into(), "called".into()]);
    Desk::started(
        base()
            .step("day", Step::of(inside).next("won").crack("outer", outer))
            .step("call", Step::human("sdr").next("called").crack("inner", inner))
            .step("called", Step::end())
            .step("later", Step::human("boss").next("won"))
            .step("won", Step::end()),
    )
}

/// The cracks that struck, each with whether anybody answered.
fn struck(desk: &Desk) -> Vec<(u16, bool)> {
    let cracks = desk.events.iter().filter_map(|(_, event)| match event {
        Event::CrackStruck { crack, answered, .. } => Some((crack.0, *answered)),
        _ => None,
    });
    cracks.collect()
}

#[test]
fn the_events_say_which_crack_answers_for_what_is_inside() {
    let inner = |trigger| Crack { interrupts: Some(true), ..Crack::on(trigger) };
    let check = |inner: Crack, outer: Crack, expected: &str, cracks: &[(u16, bool)]| {
        let mut desk = around(inner, outer);
        desk.begin("call").strike("call", "inner");
        assert_eq!((desk.shown().as_str(), struck(&desk).as_slice()), (expected, cracks));
        desk.is_whole().unwrap();
    };
    let (failure, external) = (Trigger::Failure, Trigger::External);
    check(inner(failure), Crack::failure().then("later"), "later: Offered", &[(1, true), (0, true)]);
    check(inner(failure), Crack::failure().respond(Response::Skip(None)), "completed", &[(1, true), (0, true)]);
    check(inner(failure), Crack::failure().respond(Response::CancelCase), "cancelled", &[(1, true), (0, true)]);
    check(inner(external), Crack::failure().then("later"), "call: Incident, day: Inside", &[(1, false)]);
    check(inner(failure), Crack::failure(), "call: Incident, day: Inside", &[(1, false)]);
    check(inner(external), Crack::on(external).then("later"), "call: Incident, day: Inside", &[(1, false)]);
    check(Crack::on(external), inner(external).then("later"), "call: Started, day: Inside", &[(1, false)]);
    check(inner(failure).then("called"), Crack::failure().then("later"), "completed", &[(1, true)]);
}

#[test]
fn a_deadline_inside_that_nobody_answers_is_no_deadline_outside() {
    let inner = Crack { interrupts: Some(true), ..Crack::deadline(Span::hours(1)) };
    let outer = Crack { interrupts: Some(true), ..Crack::deadline(Span::hours(9)).then("later") };
    let mut desk = around(inner, outer);
    desk.advance(Duration::HOUR);
    assert_eq!(desk.shown(), "call: Incident, day: Inside");
    desk.advance(Duration::DAY);
    assert_eq!(desk.shown(), "later: Offered");
}

#[test]
fn what_waits_for_others_can_fail_too() {
    use grieta_core::definition::{Call, Kind};
    let call = Kind::Call(Call { process: "credit-check".into(), with: Default::default() });
    let mut desk = Desk::started(
        base()
            .step("check", Step::of(call).next("won").crack("refused", Crack::failure().then("won")))
            .step("won", Step::end()),
    );
    desk.strike("check", "refused");
    assert_eq!(desk.case.status(), Status::Completed);
    let mut desk = around(Crack::failure(), Crack::failure().then("later"));
    desk.strike("day", "outer");
    assert_eq!(desk.shown(), "later: Offered");
}

#[test]
fn a_system_is_not_asked_until_the_milestone_is_reached_again() {
    let remind = Step { only_while: Some("open".into()), ..Step::service().next("won") };
    let mut desk = Desk::started(
        base()
            .step("both", Step::fork(["open", "ask"]))
            .step("open", Step::human("sdr").next("shut"))
            .step("shut", Step::fork(["ask", "later"]))
            .step("ask", Step::assign().next("remind"))
            .step("remind", remind)
            .step("later", Step::human("sdr").next("open"))
            .step("won", Step::end()),
    );
    assert_eq!(desk.shown(), "open: Offered, remind: Requested");
    desk.complete("open", None);
    assert_eq!(desk.shown(), "later: Offered, remind: Gated, remind: Requested");
    assert!(desk.explained().contains(&"`remind` waits for the case to be at `open`".to_owned()));
    desk.complete("later", None);
    assert_eq!(desk.shown(), "open: Offered, remind: Requested, remind: Requested");
}

#[test]
fn a_join_says_what_it_waits_for() {
    use grieta_core::definition::{JoinRule, Kind, Late};
    let desk = |rule: JoinRule, branches: &[&str]| {
        let mut desk = Desk::started(
            base()
                .step("split", Step::fork(branches.iter().copied()))
                .step("one", Step::human("sdr").outcome("done", "join").outcome("not", "won"))
                .step("two", Step::human("sdr").outcome("done", "join").outcome("not", "won"))
                .step("join", Step::of(Kind::Join(rule)).next("again"))
                .step("again", Step::human("boss").outcome("yes", "split").outcome("no", "won"))
                .step("won", Step::end()),
        );
        desk.complete("one", Some("done"));
        desk
    };
    let said = |desk: &Desk| desk.explained().into_iter().find(|line| line.starts_with("`join`")).unwrap();
    let threads = desk(JoinRule::Threads(3), &["one", "one", "two"]);
    assert_eq!(said(&threads), "`join` waits for `one`, which can still arrive and for `two`, which can still arrive");
    assert_eq!(said(&desk(JoinRule::Live, &["one", "two"])), "`join` waits for `two`, which can still arrive");
    let mut blocked = desk(JoinRule::First { count: 1, then: Late::Block }, &["one", "two"]);
    blocked.complete("again", Some("yes")).complete("one", Some("done"));
    assert_eq!(said(&blocked), "`join` waits for `two`, which can still arrive");
}

#[test]
fn too_many_branches_leave_one_incident_and_nothing_half_way() {
    let many = vec!["won"; 300];
    let mut definition = base()
        .step("first", Step::fork(vec!["second"; 100]))
        .step("second", Step::fork(many))
        .step("won", Step::human("sdr").next("over"))
        .step("over", Step::end());
    definition.start = "first".into();
    let desk = Desk::started(definition);
    assert!(desk.case.live() <= grieta_core::kernel::MOST_TOKENS);
    desk.is_whole().unwrap();
}

#[test]
fn beginning_one_branch_of_a_race_may_be_all_that_a_join_waits_for() {
    use grieta_core::definition::{JoinRule, Kind};
    let mut desk = Desk::started(
        base()
            .step("split", Step::fork(["note", "race"]))
            .step("note", Step::human("sdr").next("noted"))
            .step("race", Step::of(Kind::Race(vec!["reply".into(), "ring".into()])))
            .step("reply", Step::wait("customer").next("noted"))
            .step("ring", Step::human("sdr").next("won"))
            .step("noted", Step::of(Kind::Join(JoinRule::Live)).next("file"))
            .step("file", Step::human("boss").next("won"))
            .step("won", Step::end()),
    );
    desk.complete("note", None);
    assert_eq!(desk.shown(), "noted: Parked, reply: Waiting, ring: Offered");
    desk.begin("ring");
    assert_eq!(desk.shown(), "file: Offered, ring: Started");
}

/// Pay and reserve can be undone; `check` is the step with the crack.
fn order(crack: Crack) -> Desk {
    let mut desk = Desk::new(
        base()
            .field("paid", Field::of(Type::Integer).initial("0"))
            .field("refunded", Field::of(Type::Integer).initial("0"))
            .step("pay", Step::human("sdr").set("paid", "paid + 7").next("reserve").undone_by("refund"))
            .step("reserve", Step::human("sdr").set("paid", "100").next("check").undone_by("release"))
            .step(
                "check",
                Step::human("sdr")
                    .next("done")
                    .crack("bad", crack)
                    .crack("late", Crack::deadline(Span::hours(1)).then("done")),
            )
            .step("done", Step::end())
            .step("refund", Step::human("boss").set("refunded", "paid").next("refunded"))
            .step("refunded", Step::end())
            .step("release", Step::service().next("released"))
            .step("released", Step::end())
            .step("sorry", Step::human("boss").next("done")),
    );
    desk.command(&Command::Start { data: vec![] }).unwrap();
    desk.complete("pay", None).complete("reserve", None).begin("check");
    desk
}

#[test]
fn what_was_done_is_undone_in_reverse_with_the_data_as_they_were() {
    let mut desk = order(Crack::failure().respond(Response::Fail).recover(Recovery::Compensate).then("sorry"));
    desk.strike("check", "bad");
    assert_eq!(desk.shown(), "check: Compensating, release: Requested");
    desk.is_whole().unwrap();
    desk.complete("release", None);
    assert_eq!(desk.shown(), "check: Compensating, refund: Offered");
    desk.complete("refund", None);
    assert_eq!(desk.shown(), "sorry: Offered");
    let refunded = desk.plan.field("refunded").unwrap();
    assert_eq!(desk.case.data()[refunded.at()], Value::Integer(7));
    desk.is_whole().unwrap();
}

#[test]
fn a_case_is_cancelled_once_all_has_been_undone() {
    let mut desk = order(Crack::failure().respond(Response::CancelCase).recover(Recovery::Compensate));
    desk.strike("check", "bad").complete("release", None).complete("refund", None);
    assert_eq!(desk.shown(), "cancelled");
    let mut desk = order(Crack::failure());
    desk.command(&Command::Cancel { compensate: true }).unwrap();
    assert_eq!(desk.shown(), "check: Compensating, release: Requested");
    desk.is_whole().unwrap();
    desk.complete("release", None).complete("refund", None);
    assert_eq!(desk.shown(), "cancelled");
}

#[test]
fn work_is_restarted_once_all_has_been_undone() {
    let mut desk = order(Crack::failure().respond(Response::Restart).interrupting(false).recover(Recovery::Compensate));
    desk.strike("check", "bad").complete("release", None).complete("refund", None);
    assert_eq!(desk.shown(), "check: Started");
    desk.strike("check", "bad");
    assert_eq!(desk.shown(), "check: Started");
    desk.complete("check", None);
    assert_eq!(desk.shown(), "completed");
}

#[test]
fn data_are_rolled_back_to_when_the_case_began() {
    let mut desk = order(Crack::failure().respond(Response::Fail).recover(Recovery::RollBack).then("sorry"));
    let paid = desk.plan.field("paid").unwrap();
    assert_eq!(desk.case.data()[paid.at()], Value::Integer(100));
    desk.strike("check", "bad");
    assert_eq!(desk.case.data()[paid.at()], Value::Integer(0));
    desk.is_whole().unwrap();
}

#[test]
fn work_that_nobody_had_begun_is_offered_again_once_all_has_been_undone() {
    let crack = Crack::external().respond(Response::Restart).recover(Recovery::Compensate);
    let late = Crack::deadline(Span::hours(1)).then("done");
    let mut desk = Desk::started(
        base()
            .step("pay", Step::human("sdr").next("check").undone_by("refund"))
            .step("check", Step::human("sdr").next("done").crack("bad", crack).crack("late", late))
            .step("done", Step::end())
            .step("refund", Step::service().next("refunded"))
            .step("refunded", Step::end()),
    );
    desk.complete("pay", None);
    desk.strike("check", "bad").complete("refund", None);
    assert_eq!(desk.shown(), "check: Offered");
    assert_eq!(desk.case.timers().count(), 1, "its deadline is watched again");
    desk.is_whole().unwrap();
}
