//! Writes scenarios as a file, which reads again to the same scenarios.

use grieta_core::value::Value;
use grieta_core::yaml;
use grieta_runtime::{Data, Reply};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{ENDING, Scenario, Suite};
use crate::acceptance::Acceptance;
use crate::verb::{Deed, Expectation, Item, Verb};

/// What stands in a file.
#[derive(Debug, Clone, PartialEq)]
enum Page {
    Text(String),
    Number(u64),
    True,
    List(Vec<Page>),
    Map(Keys),
}

/// Keys and what they say, in order.
type Keys = Vec<(String, Page)>;

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Page::Text(text) => serializer.serialize_str(text),
            Page::Number(number) => serializer.serialize_u64(*number),
            Page::True => serializer.serialize_bool(true),
            Page::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|element| seq.serialize_element(element))?;
                seq.end()
            }
            Page::Map(keys) => {
                let mut map = serializer.serialize_map(Some(keys.len()))?;
                keys.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

impl Suite {
    /// The file: what all scenarios begin with stands once, before them. Values of choices must be given as text, as they are
    /// in a file.
    pub fn to_yaml(&self) -> String {
        let mut file = Keys::new();
        let own = self.source.file.rsplit(['/', '\\']).next().unwrap_or_default();
        if own.strip_suffix(ENDING) != self.definition.strip_suffix(".yaml") {
            put(&mut file, "definition", text(&self.definition));
        }
        if !self.others.is_empty() {
            put(&mut file, "with", Page::List(self.others.iter().map(text).collect()));
        }
        let parts: Vec<Parts<'_>> = self.scenarios.iter().map(Parts::of).collect();
        let shared = shared(&parts);
        file.extend(shared.clone());
        if let Some(acceptance) = &self.acceptance {
            put(&mut file, "simulation", simulation(acceptance));
        }
        let scenarios = parts.into_iter().map(|parts| (parts.name.to_owned(), Page::Map(parts.without(&shared))));
        if !self.scenarios.is_empty() || self.acceptance.is_none() {
            put(&mut file, "scenarios", Page::Map(scenarios.collect()));
        }
        yaml::to_text(&Page::Map(file))
    }
}

/// What a simulation is to show.
fn simulation(acceptance: &Acceptance) -> Page {
    let mut keys = Keys::new();
    let numbers = [("cases", acceptance.cases), ("replications", acceptance.replications), ("seed", acceptance.seed)];
    for (key, number) in numbers {
        number.iter().for_each(|number| put(&mut keys, key, Page::Number(*number)));
    }
    acceptance.confidence.iter().for_each(|confidence| put(&mut keys, "confidence", text(confidence)));
    let criteria = acceptance.criteria.iter().map(|criterion| text(criterion.text()));
    put(&mut keys, "expect", Page::List(criteria.collect()));
    Page::Map(keys)
}

/// A scenario as keys: those that may also stand for all, and the rest.
struct Parts<'a> {
    name: &'a str,
    setting: Keys,
    case: Vec<Page>,
}

impl<'a> Parts<'a> {
    fn of(scenario: &'a Scenario) -> Parts<'a> {
        let verbs = || scenario.lines.iter().map(|line| &line.verb);
        let begins = verbs().position(|verb| matches!(verb, Verb::Start(_))).unwrap_or(0);
        let mut setting = Keys::new();
        if let Some(at) = scenario.at {
            put(&mut setting, "at", text(at));
        }
        verbs().take(begins + 1).for_each(|verb| set(&mut setting, verb));
        let mut case: Vec<Page> = Vec::new();
        for verb in verbs().skip(begins + 1) {
            add(&mut case, verb);
        }
        Parts { name: &scenario.name, setting, case }
    }

    /// What the scenario says that is not said for all of them.
    fn without(self, shared: &Keys) -> Keys {
        let mut keys: Keys = self.setting.into_iter().filter(|key| !shared.contains(key)).collect();
        put(&mut keys, "case", Page::List(self.case));
        keys
    }
}

/// What every scenario begins with.
fn shared(parts: &[Parts<'_>]) -> Keys {
    let Some((first, others)) = parts.split_first() else { return Keys::new() };
    let by_all = |key: &&(String, Page)| others.iter().all(|other| other.setting.contains(key));
    first.setting.iter().filter(by_all).cloned().collect()
}

/// Says under its key what a case begins with.
fn set(setting: &mut Keys, verb: &Verb) {
    let (section, key, value) = match verb {
        Verb::Person { name, roles } => ("people", name, Page::List(roles.iter().map(text).collect())),
        Verb::Deputy { person, deputy } => ("deputies", person, text(deputy)),
        Verb::Service { .. } | Verb::ServiceFails { .. } | Verb::ServiceWaits(_) => {
            let Some((handler, answer)) = answer(verb) else { return };
            ("services", handler, answer)
        }
        Verb::OtherServices { succeed } => {
            let word = if *succeed { "succeed" } else { "wait" };
            return put(setting, "other-services", text(word));
        }
        Verb::Start(data) if data.iter().next().is_some() => return put(setting, "start", fields(data)),
        _ => return,
    };
    let section = match setting.iter_mut().find(|(known, _)| known == section) {
        Some((_, Page::Map(section))) => section,
        _ => {
            put(setting, section, Page::Map(Keys::new()));
            match setting.last_mut() {
                Some((_, Page::Map(section))) => section,
                _ => return,
            }
        }
    };
    section.retain(|(known, _)| known != key);
    put(section, key, value);
}

fn answer(verb: &Verb) -> Option<(&String, Page)> {
    Some(match verb {
        Verb::Service { handler, reply } => (handler, reply_page(reply)),
        Verb::ServiceFails { handler, reason } => (handler, Page::Map(vec![("fails".to_owned(), text(reason))])),
        Verb::ServiceWaits(handler) => (handler, Page::Map(vec![("waits".to_owned(), Page::True)])),
        _ => return None,
    })
}

fn reply_page(reply: &Reply) -> Page {
    let writes = reply.data().iter().next().map(|_| fields(reply.data()));
    match (reply.outcome(), writes) {
        (Some(outcome), None) => text(outcome),
        (outcome, writes) => {
            let mut keys = Keys::new();
            outcome.into_iter().for_each(|outcome| put(&mut keys, "outcome", text(outcome)));
            writes.into_iter().for_each(|writes| put(&mut keys, "writes", writes));
            Page::Map(keys)
        }
    }
}

/// Adds the entries of a verb. What is expected at one and the same time stands together.
fn add(case: &mut Vec<Page>, verb: &Verb) {
    let one = |key: &str, value: Page| Page::Map(vec![(key.to_owned(), value)]);
    let entry = match verb {
        Verb::Expect(expectation) => return expect(case, expected(expectation)),
        Verb::On { item, deeds } => return work(case, item, deeds),
        Verb::Message { name, key, data, keep } => {
            let mut keys = vec![("message".to_owned(), text(name))];
            if !key.is_absent() {
                put(&mut keys, "key", value(key));
            }
            if data.iter().next().is_some() {
                put(&mut keys, "data", fields(data));
            }
            keep.iter().for_each(|keep| put(&mut keys, "keep", text(keep)));
            Page::Map(keys)
        }
        Verb::Advance { span, of } => {
            let mut keys = vec![("after".to_owned(), text(span))];
            of.iter().for_each(|role| put(&mut keys, "of", text(role)));
            Page::Map(keys)
        }
        Verb::AdvanceTo(time) => one("until", text(time)),
        Verb::AdvanceToNextTimer => one("next-timer", Page::True),
        Verb::Absent(person) => one("absent", text(person)),
        Verb::Back(person) => one("back", text(person)),
        Verb::Change(data) => one("change", fields(data)),
        Verb::Cancel { undo } => one("cancel", text(if *undo { "and-undo" } else { "at-once" })),
        Verb::CaseOf(process) => one("case-of", text(process)),
        Verb::Service { .. } | Verb::ServiceFails { .. } | Verb::ServiceWaits(_) => {
            let Some((handler, answer)) = answer(verb) else { return };
            one("service", one(handler, answer))
        }
        // These stand at the beginning.
        Verb::Person { .. } | Verb::Deputy { .. } | Verb::OtherServices { .. } | Verb::Start(_) => return,
    };
    case.push(entry);
}

/// The deeds of one item, with an entry for each that ends one.
fn work(case: &mut Vec<Page>, item: &Item, deeds: &[Deed]) {
    let begun = || {
        let mut keys = vec![("step".to_owned(), text(&item.step))];
        item.nth.iter().for_each(|nth| put(&mut keys, "nth", Page::Number(*nth as u64)));
        keys
    };
    let mut open = begun();
    let bare = open.len();
    for (position, deed) in deeds.iter().enumerate() {
        let last = position + 1 == deeds.len();
        if let Deed::OfferedTo(who) | Deed::AllocatedTo(who) = deed {
            let key = if matches!(deed, Deed::OfferedTo(_)) { "offered" } else { "allocated" };
            expect(case, (key, Page::Map(vec![(item.step.clone(), text(who))])));
            continue;
        }
        if let (Deed::Claim(person), true) = (deed, open.len() == bare) {
            put(&mut open, "by", text(person));
            if last {
                put(&mut open, "only", text("claim"));
                case.push(Page::Map(std::mem::take(&mut open)));
            }
            continue;
        }
        open.extend(ends(deed));
        case.push(Page::Map(std::mem::replace(&mut open, begun())));
    }
}

/// What is said of work where it ends, or goes on to somebody else.
fn ends(deed: &Deed) -> Keys {
    let mut keys = Keys::new();
    match deed {
        Deed::Complete { outcome, data } => {
            outcome.iter().for_each(|outcome| put(&mut keys, "outcome", text(outcome)));
            if data.iter().next().is_some() {
                put(&mut keys, "writes", fields(data));
            }
        }
        Deed::Claim(person) => {
            put(&mut keys, "by", text(person));
            put(&mut keys, "only", text("claim"));
        }
        Deed::Delegate(person) => put(&mut keys, "delegate", text(person)),
        Deed::Begin => put(&mut keys, "only", text("begin")),
        Deed::Suspend => put(&mut keys, "only", text("suspend")),
        Deed::Resume => put(&mut keys, "only", text("resume")),
        Deed::Release => put(&mut keys, "only", text("release")),
        Deed::AddInstance => put(&mut keys, "only", text("add-instance")),
        Deed::Offer(role) => put(&mut keys, "offer", text(role)),
        Deed::Fail(crack) | Deed::Strike(crack) => put(&mut keys, "crack", text(crack)),
        Deed::Breaks(reason) => put(&mut keys, "breaks", text(reason)),
        Deed::Skip(outcome) => put(&mut keys, "skip", which(outcome.as_deref())),
        Deed::Retry => put(&mut keys, "retry", Page::True),
        Deed::PassOver(outcome) => put(&mut keys, "pass-over", which(outcome.as_deref())),
        Deed::GoTo(step) => put(&mut keys, "go-to", text(step)),
        Deed::OfferedTo(_) | Deed::AllocatedTo(_) => {}
    }
    keys
}

fn which(outcome: Option<&str>) -> Page {
    outcome.map_or(Page::True, text)
}

/// Adds an expectation to those that come right before, unless one of them says the same or something else of it.
fn expect(case: &mut Vec<Page>, (key, value): (&'static str, Page)) {
    let last = match case.last_mut() {
        Some(Page::Map(entry)) => match entry.as_mut_slice() {
            [(word, Page::Map(expected))] if word == "expect" => Some(expected),
            _ => None,
        },
        _ => None,
    };
    let Some(expected) = last else {
        return case.push(Page::Map(vec![("expect".to_owned(), Page::Map(vec![(key.to_owned(), value)]))]));
    };
    match (expected.iter_mut().find(|(known, _)| known == key), value) {
        (None, value) => put(expected, key, value),
        // That no other crack struck is said by the list of those that did.
        (Some((_, Page::List(known))), Page::List(new)) if key == "cracks" || key == "without" => known.extend(new),
        (Some((_, Page::Map(known))), Page::Map(new)) => known.extend(new),
        (Some(_), value) => case.push(Page::Map(vec![("expect".to_owned(), Page::Map(vec![(key.to_owned(), value)]))])),
    }
}

fn expected(expectation: &Expectation) -> (&'static str, Page) {
    match expectation {
        Expectation::At(steps) => match steps.as_slice() {
            [step] => ("at", text(step)),
            steps => ("at", Page::List(steps.iter().map(text).collect())),
        },
        Expectation::NotAt(step) => ("not-at", text(step)),
        Expectation::Over => ("status", text("over")),
        Expectation::Completed => ("status", text("completed")),
        Expectation::Cancelled => ("status", text("cancelled")),
        Expectation::EndedAt(step) => ("ended-at", text(step)),
        Expectation::Crack(crack) => ("cracks", Page::List(vec![text(crack)])),
        Expectation::NoCrack => ("cracks", Page::List(Vec::new())),
        Expectation::RulesKept => ("rules", text("kept")),
        Expectation::Incident(reason) => ("incident", text(reason)),
        Expectation::Data(data) if data.iter().next().is_some_and(|(_, value)| value.is_absent()) => {
            ("without", Page::List(data.iter().map(|(field, _)| text(field)).collect()))
        }
        Expectation::Data(data) => ("data", fields(data)),
        Expectation::Waiting(words) => ("waiting", text(words)),
        Expectation::RunOut(clock) => ("run-out", text(clock)),
        Expectation::InTime(clock) => ("in-time", text(clock)),
        Expectation::Paused(clock) => ("paused", text(clock)),
        Expectation::Due { clock, at } => ("due", Page::Map(vec![(clock.clone(), text(at))])),
        Expectation::Visits { step, visits } => {
            ("visits", Page::Map(vec![(step.clone(), Page::Number(u64::from(*visits)))]))
        }
        Expectation::MessageSent(message) => ("sent", text(message)),
        Expectation::Started(process) => ("started", text(process)),
    }
}

fn put(keys: &mut Keys, key: &str, value: Page) {
    keys.push((key.to_owned(), value));
}

fn text(what: impl ToString) -> Page {
    Page::Text(what.to_string())
}

fn fields(data: &Data) -> Page {
    Page::Map(data.iter().map(|(field, given)| (field.to_owned(), value(given))).collect())
}

fn value(given: &Value) -> Page {
    match given {
        Value::List(values) => Page::List(values.iter().map(value).collect()),
        other => Page::Text(other.to_string()),
    }
}
