//! Definitions in which any key may stand and any text, whether they make sense or not.

use grieta_core::definition::{
    Absence, Again, Allocation, Arrivals, Away, Batch, Branch, CalendarSpec, Call, Chance, Clock, Crack, CrackChange,
    Decision, Definition, Distribution, Each, Effort, Expression, Factor, Field, ForEach, Goal, Hit, Incoming,
    JoinRule, Kind, Late, Literal, Mark, Note, Order, Outcome, OutcomeChance, Outgoing, Pause, Peak, People, Period,
    Person, Question, QueueOrder, Recovery, Recurrence, Response, Role, Row, Rule, Sample, Scalar, SignOff, Simulation,
    Span, Step, Template, Trigger, Type, Unit, ValueClass, Variant, Waiver, WhatIf, WorkQueue,
};
use indexmap::IndexMap;
use proptest::collection::vec;
use proptest::option::of as maybe;
use proptest::prelude::*;
use proptest::sample::select;

/// Texts that YAML could take for something else.
const TRICKY: [&str; 44] = [
    "",
    " ",
    "no",
    "NO",
    "null",
    "~",
    "true",
    "false",
    "0.10",
    "0x1f",
    "1e3",
    "-1",
    "- a",
    "-",
    "--",
    "---",
    "...",
    "? a",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "# a",
    "a#b",
    "{a}",
    "[a, b]",
    "a, b",
    "*a",
    "&a",
    "!a",
    "!has(x)",
    "|",
    ">",
    ">-",
    "%a",
    "@a",
    "`a`",
    "'",
    "\"",
    "it's \"so\"",
    "back\\slash",
    "two\nlines",
    "<<",
    "\u{feff}a\u{2028}b\u{85}c\u{7}\t\r\n",
];

/// Any text at all.
pub fn texts() -> impl Strategy<Value = String> {
    let words = vec(prop_oneof!["[a-z]{1,9}", Just(String::new()), Just("#".to_owned()), "[:,'\"]"], 0..40);
    prop_oneof![
        4 => "[a-z][a-z0-9-]{0,9}",
        3 => select(&TRICKY[..]).prop_map(str::to_owned),
        1 => words.prop_map(|words| words.join(" ")),
        1 => vec("[ -~]{0,60}", 0..4).prop_map(|lines| lines.join("\n")),
        1 => any::<String>(),
    ]
}

fn names() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9-]{0,9}"
}

fn named<T: std::fmt::Debug>(
    keys: impl Strategy<Value = String>,
    values: impl Strategy<Value = T>,
    most: usize,
) -> impl Strategy<Value = IndexMap<String, T>> {
    vec((keys, values), 0..=most).prop_map(|entries| entries.into_iter().collect())
}

fn expressions() -> impl Strategy<Value = Expression> {
    let formula = select(&["attempts >= 6", "!has(x)", "min(a, b)", "grade == \"hot\"", "true", "0", "a ? b : c"][..]);
    prop_oneof![
        formula.prop_map(Expression::from),
        texts().prop_filter("an expression says something", |text| !text.trim().is_empty()).prop_map(Expression),
    ]
}

fn sets() -> impl Strategy<Value = IndexMap<String, Expression>> {
    named(texts(), expressions(), 3)
}

fn spans() -> impl Strategy<Value = Span> {
    let units = select(&[Unit::Elapsed, Unit::Business, Unit::BusinessDays][..]);
    (prop_oneof![0i64..100, 0i64..1_000_000_000_000], units).prop_map(|(amount, unit)| Span { amount, unit })
}

fn chances() -> impl Strategy<Value = Chance> {
    (0..=Chance::WHOLE).prop_map(|parts| Chance::from_trillionths(parts).unwrap())
}

fn distributions(texts: &'static [&'static str]) -> impl Strategy<Value = Distribution> {
    select(texts).prop_map(|text| text.parse().unwrap())
}

fn times() -> impl Strategy<Value = Distribution> {
    distributions(&["6 min", "lognormal(6 min, cv 0.7)", "min(exponential(1 bd), 2 bd)", "empirical(1 h, 2 h)"])
}

fn late() -> impl Strategy<Value = Late> {
    select(&[Late::Ignore, Late::Block, Late::Cancel][..])
}

fn allocations() -> impl Strategy<Value = Allocation> {
    let words = [Allocation::Offer, Allocation::LeastBusy, Allocation::RoundRobin, Allocation::MostSpecialised];
    prop_oneof![3 => select(words.to_vec()), 1 => texts().prop_map(Allocation::SamePersonAs)]
}

fn calls() -> impl Strategy<Value = Call> {
    (texts(), sets()).prop_map(|(process, with)| Call { process, with })
}

fn branches() -> impl Strategy<Value = Vec<Branch>> {
    vec((maybe(expressions()), texts(), sets()).prop_map(|(when, to, sets)| Branch { when, to, sets }), 0..4)
}

fn kinds() -> impl Strategy<Value = Kind> {
    let human = (texts(), maybe(times()), allocations(), vec(texts(), 0..3), [maybe(times()), maybe(times())]);
    let service = (maybe(texts()), maybe(times()));
    let join = prop_oneof![
        select(&[JoinRule::All, JoinRule::Live][..]),
        (any::<u32>(), late()).prop_map(|(count, then)| JoinRule::First { count, then }),
        (1u32..=1_000).prop_map(JoinRule::Threads),
    ];
    let for_each = (vec(texts(), 0..3), expressions(), any::<[bool; 2]>(), maybe(expressions()), late());
    let receive = (texts(), maybe(texts()), any::<bool>());
    let send = (texts(), maybe(texts()), maybe(spans()), sets());
    let work = prop_oneof![
        human.prop_map(|(role, takes, allocate, needs, [set_up, take_over])| Kind::Human {
            role,
            takes,
            allocate,
            needs,
            set_up,
            take_over
        }),
        service.prop_map(|(handler, takes)| Kind::Service { handler, takes }),
        Just(Kind::Assign),
        (texts(), maybe(times())).prop_map(|(party, takes)| Kind::Wait { party, takes }),
        spans().prop_map(|span| Kind::Pause(Pause::For(span))),
        expressions().prop_map(|date| Kind::Pause(Pause::Until(date))),
        calls().prop_map(Kind::Call),
        receive.prop_map(|(message, key, transient)| Kind::Receive(Incoming { message, key, transient })),
        send.prop_map(|(message, key, keep, with)| Kind::Send(Outgoing { message, key, keep, with })),
    ];
    let shape = prop_oneof![
        texts().prop_map(Kind::Decide),
        branches().prop_map(Kind::Choose),
        branches().prop_map(Kind::Some),
        vec(texts(), 0..4).prop_map(Kind::Fork),
        (texts(), 1usize..9).prop_map(|(to, threads)| Kind::Fork(vec![to; threads])),
        vec(texts(), 0..4).prop_map(Kind::Race),
        join.prop_map(Kind::Join),
        vec(texts(), 0..4).prop_map(Kind::Subprocess),
        vec(texts(), 0..4).prop_map(Kind::Cancel),
        for_each.prop_map(|(steps, times, [one_by_one, growing], enough, rest)| {
            let rest = if rest == Late::Block { Late::Cancel } else { rest };
            Kind::ForEach(ForEach { steps, times, one_by_one, growing, enough, rest })
        }),
        (any::<bool>(), maybe(calls())).prop_map(|(terminate, hand_over)| Kind::End { terminate, hand_over }),
    ];
    prop_oneof![work, shape]
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let chance = prop_oneof![Just(OutcomeChance::Rest), chances().prop_map(OutcomeChance::Share)];
    (texts(), maybe(chance), sets()).prop_map(|(to, chance, sets)| Outcome { to, chance, sets })
}

fn responses() -> impl Strategy<Value = Response> {
    let retry = (maybe(spans()), any::<u32>(), 1u32..4);
    let words = [Response::Restart, Response::Fail, Response::CancelCase, Response::CancelAll, Response::Continue];
    prop_oneof![
        retry.prop_map(|(after, at_most, backoff)| Response::Retry { after, at_most, backoff }),
        select(words.to_vec()),
        maybe(texts()).prop_map(Response::Reoffer),
        maybe(texts()).prop_map(Response::Reallocate),
        maybe(texts()).prop_map(Response::Skip),
    ]
}

fn efforts() -> impl Strategy<Value = Effort> {
    (any::<[u32; 4]>(), maybe(texts())).prop_map(|([floors, interruption, media_break, after_hours], accepted)| {
        Effort { floors, interruption, media_break, after_hours, accepted }
    })
}

fn cracks() -> impl Strategy<Value = IndexMap<String, Crack>> {
    use Trigger::{Constraint, Deadline, External, Failure, Unavailable};
    let on = select(&[Failure, Deadline, Unavailable, External, Constraint][..]);
    let recover = select(&[Recovery::Nothing, Recovery::RollBack, Recovery::Compensate][..]);
    let first = (on, maybe(texts()), maybe(chances()), maybe(spans()), maybe(expressions()));
    let by = (maybe(texts()), maybe(marks()));
    let answers = vec(select(&Question::ALL[..]), 0..3);
    let waits = (any::<bool>(), maybe(times()));
    let crack =
        (first, by, waits, maybe(responses()), maybe(texts()), any::<Option<bool>>(), (answers, recover, efforts()));
    let crack = crack.prop_map(
        |(
            (on, name, chance, after, when),
            (clock, at),
            (when_full, patience),
            response,
            then,
            interrupts,
            (answers, recover, effort),
        )| Crack {
            on,
            name,
            chance,
            after,
            clock,
            at,
            when,
            when_full,
            patience,
            response,
            then,
            interrupts,
            answers,
            recover,
            effort,
        },
    );
    named(names(), crack, 2)
}

fn marks() -> impl Strategy<Value = Mark> {
    prop_oneof![chances().prop_map(Mark::Share), spans().prop_map(Mark::After)]
}

fn clocks() -> impl Strategy<Value = Clock> {
    let recurs = select(&[Recurrence::None, Recurrence::Sequential, Recurrence::Independent][..]);
    let steps = || vec(texts(), 0..3);
    (steps(), steps(), spans(), maybe(texts()), steps(), maybe(marks()), recurs).prop_map(
        |(from, until, within, calendar, pause_in, warn, recurs)| Clock {
            from,
            until,
            within,
            calendar,
            pause_in,
            warn,
            recurs,
        },
    )
}

fn decisions() -> impl Strategy<Value = Decision> {
    let hit = select(&[Hit::Unique, Hit::First, Hit::Any, Hit::Collect, Hit::Sum][..]);
    let literals = || vec(texts().prop_map(Literal), 0..3);
    let rules = vec((maybe(literals()), literals()).prop_map(|(when, then)| Row { when, then }), 0..4);
    (vec(expressions(), 0..3), vec(texts(), 0..3), hit, rules).prop_map(|(inputs, outputs, hit, rules)| Decision {
        inputs,
        outputs,
        hit,
        rules,
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    let order = (select(&Template::ALL[..]), texts(), texts(), 2u32..9).prop_map(|(template, a, b, times)| {
        let steps = if template.arity() == 1 { vec![a] } else { vec![a, b] };
        Rule::Order(Order { template, steps, times: if template.is_counted() { times } else { 1 } })
    });
    prop_oneof![vec(texts(), 0..4).prop_map(Rule::FourEyes), order]
}

fn goals() -> impl Strategy<Value = Goal> {
    let expect = prop_oneof![Just("p90(cycle_time) < 2 bd".to_owned()), texts()];
    (expect, texts(), texts(), maybe(texts())).prop_map(|(expect, by, owner, because)| Goal {
        expect,
        by,
        owner,
        because,
    })
}

fn waivers() -> impl Strategy<Value = Vec<Waiver>> {
    vec((texts(), vec(texts(), 0..3), texts()).prop_map(|(code, of, reason)| Waiver { code, of, reason }), 0..3)
}

fn batches() -> impl Strategy<Value = Batch> {
    (any::<u32>(), spans()).prop_map(|(of, within)| Batch { of, within })
}

fn steps() -> impl Strategy<Value = Step> {
    let value = select(&[ValueClass::AddsValue, ValueClass::Needed, ValueClass::Waste][..]);
    let again = prop_oneof![expressions().prop_map(Again::While), expressions().prop_map(Again::Until)];
    let texts_of = (maybe(texts()), maybe(texts()), maybe(texts()), maybe(texts()), maybe(texts()), maybe(texts()));
    let first = (kinds(), maybe(texts()), maybe(value), vec(texts(), 0..20), vec(texts(), 0..3), sets());
    (first, texts_of, named(names(), outcomes(), 3), cracks(), (maybe(again), waivers(), efforts(), maybe(batches())))
        .prop_map(
            |(
                (kind, name, value, reads, writes, sets),
                (why, next, same_as, lock, only_while, undo),
                outcomes,
                cracks,
                (again, allow, effort, batch),
            )| {
                // What a kind of step has no place for is left out, as a file could not say it.
                let answered =
                    matches!(kind, Kind::Human { .. } | Kind::Service { .. } | Kind::Wait { .. } | Kind::Call(_));
                let outcomes = if answered { outcomes } else { IndexMap::new() };
                let choice = matches!(kind, Kind::Choose(_) | Kind::Some(_));
                let last = choice || matches!(kind, Kind::Fork(_) | Kind::Race(_) | Kind::End { .. });
                let next = next.filter(|_| !last && outcomes.is_empty());
                let sets = if choice { IndexMap::new() } else { sets };
                Step {
                    kind,
                    name,
                    value,
                    why,
                    effort,
                    batch,
                    reads,
                    writes,
                    sets,
                    next,
                    outcomes,
                    cracks,
                    same_as,
                    lock,
                    only_while,
                    undo,
                    allow,
                    again,
                }
            },
        )
}

fn fields() -> impl Strategy<Value = Field> {
    let kind = select(
        &[
            Type::Text,
            Type::Boolean,
            Type::Integer,
            Type::Decimal,
            Type::Choice,
            Type::Date,
            Type::Duration,
            Type::List(Scalar::Date),
            Type::List(Scalar::Choice),
        ][..],
    );
    (kind, vec(texts(), 1..4), [maybe(texts()), maybe(texts())], any::<bool>(), maybe(texts()), maybe(texts()))
        .prop_map(|(kind, of, bounds, required, initial, owner)| {
            let of = if matches!(kind, Type::Choice | Type::List(Scalar::Choice)) { of } else { Vec::new() };
            let [at_least, at_most] = bounds.map(|bound| bound.filter(|_| kind.has_bounds()).map(Literal));
            Field { kind, of, at_least, at_most, required, initial: initial.map(Literal), owner }
        })
}

fn roles() -> impl Strategy<Value = Role> {
    let people = prop_oneof![any::<u32>().prop_map(People::Count), vec(texts(), 0..4).prop_map(People::Named)];
    let cost = (0u32..100_000, select(&["EUR", "CHF"][..]));
    let cost = cost.prop_map(|(cents, currency)| format!("{}.{:02} {currency}/h", cents / 100, cents % 100));
    let cost = cost.prop_map(|text| text.parse().unwrap());
    let rest = (named(texts(), texts(), 2), queues(), maybe(1u32..9));
    (maybe(texts()), people, maybe(texts()), maybe(cost), rest).prop_map(
        |(department, people, calendar, cost, (deputies, queue, at_once))| Role {
            department,
            people,
            calendar,
            cost,
            deputies,
            queue,
            at_once,
        },
    )
}

fn persons() -> impl Strategy<Value = Person> {
    (maybe((0.0..10.0).prop_map(Factor::of)), maybe(texts()), vec(texts(), 0..3))
        .prop_map(|(speed, calendar, skills)| Person { speed, calendar, skills })
}

fn queues() -> impl Strategy<Value = WorkQueue> {
    let order = select(&[QueueOrder::FirstCome, QueueOrder::EarliestDue, QueueOrder::ShortestFirst][..]);
    (order, maybe(expressions()), any::<bool>(), any::<Option<u32>>())
        .prop_map(|(order, priority, interrupts, room)| WorkQueue { order, priority, interrupts, room })
}

fn calendars() -> impl Strategy<Value = CalendarSpec> {
    (maybe(texts()), named(texts(), texts(), 3), vec(texts(), 0..3), named(texts(), texts(), 2))
        .prop_map(|(zone, week, holidays, exceptions)| CalendarSpec { zone, week, holidays, exceptions })
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![(0u32..1_000).prop_map(f64::from), 0.0..10.0f64, proptest::num::f64::POSITIVE]
}

fn simulations() -> impl Strategy<Value = Simulation> {
    let per = select(&[Period::Hour, Period::Day, Period::BusinessDay][..]);
    let rate = (per, numbers(), named(texts(), numbers(), 2), prop_oneof![Just(Chance::percent(0)), chances()]);
    let arrivals = prop_oneof![
        times().prop_map(Arrivals::Every),
        vec(texts(), 0..3).prop_map(Arrivals::At),
        rate.prop_map(|(per, mean, profile, outside)| Arrivals::Rate { per, mean, profile, outside }),
    ];
    let sample = prop_oneof![
        distributions(&["5", "triangular(0, 40, 100)", "uniform(-20, 20)"]).prop_map(Sample::Number),
        named(texts(), numbers(), 3).prop_map(Sample::Weights),
    ];
    let absence = (numbers(), times()).prop_map(|(rate_per_year, lasts)| Absence { rate_per_year, lasts });
    let absences = (named(texts(), absence, 2), named(texts(), away(), 2));
    let together = maybe(distributions(&["5", "triangular(0, 40, 100)", "uniform(-20, 20)"]));
    let arrivals = (maybe(arrivals), together, named(names(), peaks(), 2));
    (maybe(texts()), arrivals, named(texts(), sample, 2), absences, named(names(), what_ifs(), 2)).prop_map(
        |(start, (arrivals, together, peaks), sample, (absences, away), what_if)| Simulation {
            start,
            arrivals,
            together,
            peaks,
            sample,
            absences,
            away,
            what_if,
        },
    )
}

fn peaks() -> impl Strategy<Value = Peak> {
    let days = select(&["26-31", "1", "1-31"][..]).prop_map(|days| days.parse().unwrap());
    prop_oneof![
        (spans(), spans(), maybe(spans()), factors()).prop_map(|(from, lasts, every, times)| Peak::From {
            from,
            lasts,
            every,
            times
        }),
        (days, factors()).prop_map(|(days, times)| Peak::OfMonth { days, times }),
    ]
}

fn away() -> impl Strategy<Value = Away> {
    (any::<u32>(), spans(), spans()).prop_map(|(people, from, lasts)| Away { people, from, lasts })
}

fn factors() -> impl Strategy<Value = Factor> {
    (0.0..1_000.0).prop_map(Factor::of)
}

fn each<T: Clone + std::fmt::Debug + 'static>(
    values: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Each<T>> {
    prop_oneof![values.clone().prop_map(Each::All), named(texts(), values, 2).prop_map(Each::Of)]
}

fn what_ifs() -> impl Strategy<Value = WhatIf> {
    let cracks = prop_oneof![
        Just(CrackChange::Never),
        Just(CrackChange::Unanswered),
        (0.0..1_000.0).prop_map(|factor| CrackChange::Times(Factor::of(factor))),
    ];
    let factors_of = each((0.0..1_000.0).prop_map(Factor::of));
    let takes = each((0.0..1_000.0).prop_map(Factor::of));
    let people = (named(texts(), any::<u32>(), 2), named(texts(), spans(), 2), named(texts(), away(), 2));
    let arrivals = (maybe(factors()), named(names(), peaks(), 2));
    (arrivals, people, factors_of, takes, each(cracks)).prop_map(
        |((arrivals, peaks), (people, open_longer, away), absences, takes, cracks)| WhatIf {
            arrivals,
            peaks,
            people,
            open_longer,
            away,
            absences,
            takes,
            cracks,
        },
    )
}

fn sign_offs() -> impl Strategy<Value = SignOff> {
    (texts(), texts(), texts(), texts()).prop_map(|(role, person, date, hash)| SignOff { role, person, date, hash })
}

fn notes() -> impl Strategy<Value = Note> {
    (texts(), texts(), maybe(texts()), texts(), texts(), maybe(texts()))
        .prop_map(|(step, by, role, date, says, answer)| Note { step, by, role, date, says, answer })
}

/// Any definition that a file can say.
pub fn definitions() -> impl Strategy<Value = Definition> {
    let version = texts().prop_filter("a version says something", |text| !text.trim().is_empty());
    let variant = select(&[Variant::AsIs, Variant::ToBe][..]);
    let head =
        (names(), version, maybe(texts()), maybe(variant), maybe(texts()), maybe(texts()), texts(), maybe(texts()));
    let sections = (
        named(names(), calendars(), 2),
        (named(names(), roles(), 3), named(texts(), persons(), 2)),
        named("[a-zA-Z][a-zA-Z0-9_]{0,9}", fields(), 3),
        vec((names(), steps()), 1..4),
        (named(names(), decisions(), 2), named(names(), clocks(), 2), vec(texts(), 0..3)),
        (vec(rules(), 0..2), named(names(), goals(), 2)),
        (cracks(), waivers(), maybe(vec(sign_offs(), 0..3)), vec(notes(), 0..3)),
        maybe(simulations()),
    );
    (head, sections).prop_map(
        |(
            (process, version, title, variant, owner, customer, start, calendar),
            (
                calendars,
                (roles, persons),
                data,
                steps,
                (decisions, clocks, outputs),
                (rules, goals),
                (cracks, allow, sign_off, notes),
                simulation,
            ),
        )| {
            let steps = steps.into_iter().collect();
            Definition {
                process,
                version,
                title,
                variant,
                owner,
                customer,
                start,
                calendar,
                calendars,
                roles,
                persons,
                data,
                outputs,
                steps,
                decisions,
                clocks,
                rules,
                goals,
                cracks,
                allow,
                sign_off,
                notes,
                simulation,
            }
        },
    )
}
