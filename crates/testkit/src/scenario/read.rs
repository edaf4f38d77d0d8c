//! Reads a file of scenarios: strictly, all problems at once, each with its place.

use grieta_core::Timestamp;
use grieta_core::diagnostic::{Code, Path, Place, Problem, Problems};
use grieta_core::value::Value as Datum;
use grieta_core::yaml::decode::{self, Fields, Value, boolean, formula, names, span, text, whole, word};
use grieta_runtime::{Data, Reply};

use super::examples::EXAMPLES;
use super::simulation::acceptance;
use super::{ENDING, Line, Scenario, Suite};
use crate::acceptance::Acceptance;
use crate::moment;
use crate::verb::{Deed, Expectation, Item, Verb};

pub(super) fn suite(file: &str, bytes: &[u8]) -> Result<Suite, Problems> {
    let (read, mut problems) = decode::document(file, bytes, EXAMPLES, whole_file);
    let source = problems.source.take();
    match (read, source) {
        (Some(File { definition, others, scenarios, acceptance }), Some(source)) if problems.is_empty() => {
            let definition = definition.unwrap_or_else(|| beside(file));
            Ok(Suite { source, definition, others, scenarios, acceptance })
        }
        (_, source) => {
            if problems.is_empty() {
                let empty = Problem::error(Code::Empty, Path::default(), "there are no scenarios in this file");
                problems.list.push(empty.help("begin with `scenarios:`"));
            }
            Err(Problems { source, list: problems.list })
        }
    }
}

/// The definition that is called like the file of its scenarios.
pub(super) fn beside(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{}.yaml", name.strip_suffix(ENDING).unwrap_or(name))
}

/// What scenarios have in common, and what each may add to.
#[derive(Default, Clone)]
struct Setting {
    at: Option<Timestamp>,
    lines: Vec<Line>,
    start: Data,
    begins: Option<Place>,
}

struct File {
    definition: Option<String>,
    others: Vec<String>,
    scenarios: Vec<Scenario>,
    acceptance: Option<Acceptance>,
}

fn whole_file(value: Value<'_>) -> Option<File> {
    let mut fields = value.fields("a file of scenarios")?;
    let definition = fields.optional("definition", text);
    let others = fields.optional("with", names).unwrap_or_default();
    let common = setting(&mut fields, &Setting::default());
    let acceptance = fields.optional("simulation", acceptance);
    let scenarios = |value: Value<'_>| {
        let mut all = Vec::new();
        value.map("scenarios by name", |name, value| {
            all.extend(scenario(name, value, &common)?);
            Some(())
        })?;
        Some(all)
    };
    let scenarios = match fields.has("simulation") {
        true => fields.optional("scenarios", scenarios).or(Some(Vec::new())),
        false => fields.required("scenarios", scenarios),
    };
    fields.finish();
    Some(File { definition, others, scenarios: scenarios?, acceptance })
}

/// A scenario, or one for each of its examples.
fn scenario(name: &str, value: Value<'_>, common: &Setting) -> Option<Vec<Scenario>> {
    let place = value.place();
    let mut fields = value.fields("a scenario")?;
    let own = setting(&mut fields, common);
    let mut case = Vec::new();
    let mut happenings = |value: Value<'_>| {
        value.list("a list of what happens and what is expected", |value| {
            case.extend(happening(value)?);
            Some(())
        })
    };
    if fields.has("examples") {
        fields.optional("case", &mut happenings);
    } else {
        fields.required("case", &mut happenings);
    }
    let scenario = |name: String, place: Place, own: Setting, expected: Vec<Line>| {
        let start = Line { verb: Verb::Start(own.start), place: own.begins.unwrap_or(place) };
        let lines = own.lines.into_iter().chain([start]).chain(case.iter().cloned()).chain(expected);
        Scenario { name, place, at: own.at, lines: lines.collect() }
    };
    let examples = fields.optional("examples", |value| {
        let mut number = 0;
        value.list("a list of examples", |value| {
            number += 1;
            let (setting, expected) = example(value, &own)?;
            Some(scenario(format!("{name} ({number})"), value.place(), setting, expected))
        })
    });
    fields.finish();
    Some(examples.unwrap_or_else(|| vec![scenario(name.to_owned(), place, own.clone(), Vec::new())]))
}

/// What an example begins with, and what is expected at last.
fn example(value: Value<'_>, common: &Setting) -> Option<(Setting, Vec<Line>)> {
    let mut fields = value.fields("an example")?;
    let own = setting(&mut fields, common);
    let expected = fields.required("expect", expected).unwrap_or_default();
    fields.finish();
    Some((own, expected))
}

/// The keys that a file and a scenario have in common.
fn setting(fields: &mut Fields<'_>, common: &Setting) -> Setting {
    let mut setting = common.clone();
    setting.at = fields.optional("at", time).or(common.at);
    let people = fields.optional("people", |value| {
        each(value, "people and their roles", |name, value| Some(Verb::Person { name, roles: names(value)? }))
    });
    let deputies = fields.optional("deputies", |value| {
        each(value, "people and their deputies", |person, value| Some(Verb::Deputy { person, deputy: text(value)? }))
    });
    let services = fields.optional("services", services);
    let others = fields.optional("other-services", |value| {
        let verb = word(value, &[("succeed", true), ("wait", false)]).map(|succeed| Verb::OtherServices { succeed })?;
        Some(vec![Line { verb, place: value.place() }])
    });
    for line in [people, deputies, services, others].into_iter().flatten().flatten() {
        // What a scenario says itself takes the place of what the file says.
        setting.lines.retain(|known| subject(&known.verb) != subject(&line.verb));
        setting.lines.push(line);
    }
    setting.lines.sort_by_key(|line| subject(&line.verb).0);
    if let Some((start, place)) = fields.optional("start", |value| Some((data(value)?, value.place()))) {
        setting.begins = Some(place);
        setting.start = start.iter().fold(setting.start, |all, (field, value)| all.with(field, value.clone()));
    }
    setting
}

/// Of what something is said before a case begins.
fn subject(verb: &Verb) -> (u8, &str) {
    match verb {
        Verb::Person { name, .. } => (0, name),
        Verb::Deputy { person, .. } => (1, person),
        Verb::Service { handler, .. } | Verb::ServiceFails { handler, .. } | Verb::ServiceWaits(handler) => {
            (2, handler)
        }
        _ => (3, ""),
    }
}

/// A verb for every entry of a mapping.
fn each(value: Value<'_>, what: &str, mut read: impl FnMut(String, Value<'_>) -> Option<Verb>) -> Option<Vec<Line>> {
    let lines =
        value.map(what, |name, value| Some(Line { verb: read(name.to_owned(), value)?, place: value.place() }))?;
    Some(lines.into_values().collect())
}

fn services(value: Value<'_>) -> Option<Vec<Line>> {
    each(value, "services and how they answer", answer)
}

/// How a service answers: an outcome, or what it writes too, or that it fails, or not at all.
fn answer(handler: String, value: Value<'_>) -> Option<Verb> {
    if !value.is_mapping() {
        return Some(Verb::Service { handler, reply: Data::new().outcome(text(value)?) });
    }
    let mut fields = value.fields("an answer")?;
    for (key, others) in [("waits", &["fails", "outcome", "writes"][..]), ("fails", &["outcome", "writes"])] {
        for other in if fields.has(key) { others } else { &[] } {
            let help = "a service answers, fails, or waits: leave one of the two out";
            fields.contradicts(other, key, Code::WrongType, &format!("`{key}` leaves no room for `{other}`"), help);
        }
    }
    let waits = fields.optional("waits", yes);
    let fails = fields.optional("fails", text);
    let outcome = fields.optional("outcome", text);
    let writes = fields.optional("writes", data).unwrap_or_default();
    fields.finish();
    Some(match (waits, fails, outcome) {
        (Some(()), ..) => Verb::ServiceWaits(handler),
        (None, Some(reason), _) => Verb::ServiceFails { handler, reason },
        (None, None, Some(outcome)) => Verb::Service { handler, reply: writes.outcome(outcome) },
        (None, None, None) => Verb::Service { handler, reply: Reply::from(writes) },
    })
}

/// Fields and their values, as text that is read as the types of the fields.
fn data(value: Value<'_>) -> Option<Data> {
    let fields = value.map("fields and values, as in `{ amount: 10 }`", |_, value| datum(value))?;
    Some(Data::from(fields.into_iter().collect::<Vec<_>>()))
}

fn datum(value: Value<'_>) -> Option<Datum> {
    match value.scalar() {
        Some(_) => written(value),
        None => value.list("a value, or a list of values", written).map(|values| Datum::List(values.into())),
    }
}

/// A value as it stands in the file; the type of its field says how it is read.
fn written(value: Value<'_>) -> Option<Datum> {
    formula(value).map(|text| Datum::Text(text.into()))
}

fn time(value: Value<'_>) -> Option<Timestamp> {
    let (written, _) = value.scalar().or_else(|| value.expected("a time"))?;
    let problem = |problem| value.refuse(value.problem(Code::WrongType, problem));
    moment::read(written).map_or_else(problem, Some)
}

/// The keys of which one says what an entry is about.
const HAPPENINGS: [&str; 12] = [
    "step",
    "after",
    "until",
    "next-timer",
    "message",
    "absent",
    "back",
    "service",
    "change",
    "cancel",
    "case-of",
    "expect",
];

/// Something that happens, or several things that are expected.
fn happening(value: Value<'_>) -> Option<Vec<Line>> {
    let place = value.place();
    let one = |verb: Option<Verb>| verb.map(|verb| vec![Line { verb, place }]);
    let mut fields = value.fields("something that happens")?;
    let found: Vec<&str> = HAPPENINGS.into_iter().filter(|key| fields.has(key)).collect();
    let lines = match found.as_slice() {
        ["step"] => one(work(&mut fields)),
        ["after"] => {
            let span = fields.optional("after", span);
            let of = fields.optional("of", text);
            one(span.map(|span| Verb::Advance { span, of }))
        }
        ["until"] => one(fields.optional("until", time).map(Verb::AdvanceTo)),
        ["next-timer"] => one(fields.optional("next-timer", yes).map(|()| Verb::AdvanceToNextTimer)),
        ["message"] => one(message(&mut fields)),
        ["absent"] => one(fields.optional("absent", text).map(Verb::Absent)),
        ["back"] => one(fields.optional("back", text).map(Verb::Back)),
        ["service"] => fields.optional("service", services),
        ["change"] => one(fields.optional("change", data).map(Verb::Change)),
        ["cancel"] => one(fields.optional("cancel", |value| word(value, CANCELS)).map(|undo| Verb::Cancel { undo })),
        ["case-of"] => one(fields.optional("case-of", text).map(Verb::CaseOf)),
        ["expect"] => fields.optional("expect", expected),
        [] if fields.misspelt(&HAPPENINGS) => None,
        several => {
            let message = match several {
                [] => "nothing says what happens".to_owned(),
                several => format!("these are several things at once: `{}`", several.join("`, `")),
            };
            let help = format!("an entry has exactly one of `{}`", HAPPENINGS.join("`, `"));
            return fields.value().refuse(fields.value().problem(Code::WrongType, message).help(help));
        }
    };
    fields.alike(&HAPPENINGS);
    fields.finish();
    lines
}

const CANCELS: &[(&str, bool)] = &[("at-once", false), ("and-undo", true)];

fn yes(value: Value<'_>) -> Option<()> {
    match boolean(value)? {
        true => Some(()),
        false => value.expected_with("`true`", Some("leave the key out instead")),
    }
}

fn message(fields: &mut Fields<'_>) -> Option<Verb> {
    let name = fields.optional("message", text);
    let key = fields.optional("key", written).unwrap_or(Datum::Absent);
    let data = fields.optional("data", data).unwrap_or_default();
    let keep = fields.optional("keep", span);
    Some(Verb::Message { name: name?, key, data, keep })
}

const ONLY: &[(&str, Option<Last>)] = &[
    ("claim", None),
    ("begin", Some(Last::Begin)),
    ("suspend", Some(Last::Suspend)),
    ("resume", Some(Last::Resume)),
    ("release", Some(Last::Release)),
    ("add-instance", Some(Last::AddInstance)),
];

/// A deed that needs nothing said.
#[derive(Clone, Copy)]
enum Last {
    Begin,
    Suspend,
    Resume,
    Release,
    AddInstance,
}

impl Last {
    fn deed(self) -> Deed {
        match self {
            Last::Begin => Deed::Begin,
            Last::Suspend => Deed::Suspend,
            Last::Resume => Deed::Resume,
            Last::Release => Deed::Release,
            Last::AddInstance => Deed::AddInstance,
        }
    }
}

/// The keys of which at most one says how the work ends; without any, it is done.
const ENDINGS: [&str; 8] = ["outcome", "only", "crack", "breaks", "skip", "retry", "pass-over", "go-to"];

/// What is done with the work of a step.
fn work(fields: &mut Fields<'_>) -> Option<Verb> {
    let step = fields.optional("step", text);
    let nth = fields.optional("nth", whole).map(|nth| nth as usize);
    let by = fields.optional("by", text).map(Deed::Claim);
    let delegate = fields.optional("delegate", text).map(Deed::Delegate);
    let offer = fields.optional("offer", text).map(Deed::Offer);
    let handed = delegate.is_some() || offer.is_some();
    let endings: Vec<&str> = ENDINGS.into_iter().filter(|key| fields.has(key)).collect();
    if let [first, second, ..] = endings.as_slice() {
        fields.alike(&ENDINGS);
        let message = format!("the work cannot end by `{first}` and by `{second}`");
        let help = "make two entries of it, or leave one of the two out";
        return fields.value().refuse(fields.value().problem(Code::WrongType, message).help(help));
    }
    let outcome = fields.optional("outcome", text);
    let last = [
        fields.optional("only", |value| word(value, ONLY)).map(|last| last.map(Last::deed)),
        fields.optional("crack", text).map(Deed::Strike).map(Some),
        fields.optional("breaks", text).map(Deed::Breaks).map(Some),
        fields.optional("skip", which).map(Deed::Skip).map(Some),
        fields.optional("retry", yes).map(|()| Some(Deed::Retry)),
        fields.optional("pass-over", which).map(Deed::PassOver).map(Some),
        fields.optional("go-to", text).map(Deed::GoTo).map(Some),
    ];
    let last = last.into_iter().flatten().next();
    let done = last.is_none() && !handed;
    if !done {
        let help = "fields are written where the work is done: with `outcome`, or with nothing else said";
        fields.misplaced("writes", Code::UnknownKey, "`writes` belongs to work that is done", help);
    }
    if fields.has("only") && by.is_none() && matches!(last, Some(None)) {
        let problem = fields.value().problem(Code::MissingKey, "`only: claim` needs to know who: `by`");
        return fields.value().refuse(problem.help("add it, as in `by: ana`"));
    }
    let data = fields.optional("writes", data).unwrap_or_default();
    let complete = (done || outcome.is_some()).then_some(Deed::Complete { outcome, data });
    let deeds = [by, delegate, offer, last.flatten(), complete].into_iter().flatten().collect();
    Some(Verb::On { item: Item { step: step?, nth }, deeds })
}

/// An outcome, or `true` where the step has none.
fn which(value: Value<'_>) -> Option<Option<String>> {
    match value.scalar() {
        Some(("true", false)) => Some(None),
        _ => text(value).map(Some),
    }
}

/// All that is expected at once.
fn expected(value: Value<'_>) -> Option<Vec<Line>> {
    let place = value.place();
    let mut fields = value.fields("what is expected")?;
    let mut lines = Vec::new();
    let mut add = |found: Option<Vec<Verb>>| {
        lines.extend(found.into_iter().flatten().map(|verb| Line { verb, place }));
    };
    let one = |expectation| vec![Verb::Expect(expectation)];
    add(fields.optional("at", one_or_more).map(|steps| one(Expectation::At(steps))));
    add(fields.optional("not-at", one_or_more).map(|steps| expect_each(steps, Expectation::NotAt)));
    add(fields.optional("ended-at", one_or_more).map(|steps| expect_each(steps, Expectation::EndedAt)));
    add(fields.optional("status", |value| word(value, STATUSES)).map(|status| one(status.expectation())));
    add(fields.optional("offered", |value| at_each(value, Deed::OfferedTo)));
    add(fields.optional("allocated", |value| at_each(value, Deed::AllocatedTo)));
    add(fields.optional("cracks", names).map(|cracks| {
        let mut all = expect_each(cracks, Expectation::Crack);
        all.push(Verb::Expect(Expectation::NoCrack));
        all
    }));
    add(fields.optional("incident", text).map(|text| one(Expectation::Incident(text))));
    add(fields.optional("data", data).map(|data| one(Expectation::Data(data))));
    add(fields.optional("without", names).map(|names| {
        let absent = names.into_iter().fold(Data::new(), |data, field| data.with(field, Datum::Absent));
        one(Expectation::Data(absent))
    }));
    add(fields.optional("visits", |value| {
        let visits = value.map("steps and numbers", |_, value| whole(value))?;
        Some(visits.into_iter().map(|(step, visits)| Verb::Expect(Expectation::Visits { step, visits })).collect())
    }));
    add(fields.optional("waiting", one_or_more).map(|texts| expect_each(texts, Expectation::Waiting)));
    add(fields.optional("sent", one_or_more).map(|messages| expect_each(messages, Expectation::MessageSent)));
    add(fields.optional("started", one_or_more).map(|processes| expect_each(processes, Expectation::Started)));
    add(fields.optional("due", |value| {
        let due = value.map("clocks and times", |_, value| time(value))?;
        Some(due.into_iter().map(|(clock, at)| Verb::Expect(Expectation::Due { clock, at })).collect())
    }));
    add(fields.optional("paused", one_or_more).map(|clocks| expect_each(clocks, Expectation::Paused)));
    add(fields.optional("in-time", one_or_more).map(|clocks| expect_each(clocks, Expectation::InTime)));
    add(fields.optional("run-out", one_or_more).map(|clocks| expect_each(clocks, Expectation::RunOut)));
    add(fields.optional("rules", |value| word(value, &[("kept", ())])).map(|()| one(Expectation::RulesKept)));
    fields.finish();
    Some(lines)
}

#[derive(Clone, Copy)]
enum Over {
    Completed,
    Cancelled,
    Either,
}

impl Over {
    fn expectation(self) -> Expectation {
        match self {
            Over::Completed => Expectation::Completed,
            Over::Cancelled => Expectation::Cancelled,
            Over::Either => Expectation::Over,
        }
    }
}

const STATUSES: &[(&str, Over)] =
    &[("completed", Over::Completed), ("cancelled", Over::Cancelled), ("over", Over::Either)];

fn expect_each(all: Vec<String>, expectation: fn(String) -> Expectation) -> Vec<Verb> {
    all.into_iter().map(|one| Verb::Expect(expectation(one))).collect()
}

/// Something expected of the work at each of several steps.
fn at_each(value: Value<'_>, deed: fn(String) -> Deed) -> Option<Vec<Verb>> {
    let all = value.map("steps and who is meant", |_, value| text(value))?;
    let verb = |(step, who)| Verb::On { item: Item { step, nth: None }, deeds: vec![deed(who)] };
    Some(all.into_iter().map(verb).collect())
}

/// A name, or a list of names.
fn one_or_more(value: Value<'_>) -> Option<Vec<String>> {
    if value.scalar().is_some() { Some(vec![text(value)?]) } else { names(value) }
}
