//! Reads the file of a life cycle: strictly, all problems at once, each with its place.

use grieta_core::diagnostic::{Code, Path, Place as InFile, Problem, Problems};
use grieta_core::yaml::decode::{self, Examples, Fields, NAME, Value, boolean, names, parsed, span, text, whole, word};
use grieta_core::yaml::parts;
use indexmap::IndexMap;

use crate::definition::{
    Consent, Contact, Department, Direction, Entry, HandOff, LifeCycle, Maturity, Place, Promise, Stage, Touchpoint,
    Volume,
};

impl LifeCycle {
    /// Reads a life cycle from a file; `file` is the name to show. Whether what it names exists is not decided here.
    ///
    /// ```
    /// use grieta_lifecycle::LifeCycle;
    ///
    /// let file = "life-cycle: shop\nversion: 1.0.0\ncustomer: customer_id\nstages: { lead: { departmnt: sales } }\n";
    /// let problems = LifeCycle::read("shop.yaml", file.as_bytes()).unwrap_err();
    /// assert!(problems.to_string().contains("did you mean `department`?"));
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &str, bytes: &[u8]) -> Result<LifeCycle, Problems> {
        let examples = Examples { of_key, ..parts::examples() };
        let (found, mut problems) = decode::document(file, bytes, examples, life_cycle);
        match found {
            Some(found) if problems.is_empty() => Ok(found),
            _ => {
                if problems.is_empty() {
                    let empty = Problem::error(Code::Empty, Path::default(), "there is no life cycle in this file");
                    let place = Some(InFile { line: 1, column: 1, length: 1 });
                    let help = "begin with `life-cycle: name`, `version: 1.0.0`, `customer: customer_id` and `stages:`";
                    problems.list.push(Problem { place, ..empty.help(help) });
                }
                Err(problems)
            }
        }
    }
}

fn life_cycle(value: Value<'_>) -> Option<LifeCycle> {
    let mut fields = value.fields("a life cycle")?;
    let found = LifeCycle {
        life_cycle: fields.required("life-cycle", name).unwrap_or_default(),
        version: fields.required("version", text).unwrap_or_default(),
        title: fields.optional("title", text),
        customer: fields.required("customer", text).unwrap_or_default(),
        departments: section(&mut fields, "departments", department),
        stages: fields
            .required("stages", |value| value.declarations("stages by name", NAME, stage))
            .unwrap_or_default(),
        touchpoints: section(&mut fields, "touchpoints", touchpoint),
        processes: section(&mut fields, "processes", process),
        calendars: fields.optional("calendars", parts::calendars).unwrap_or_default(),
        roles: fields.optional("roles", parts::roles).unwrap_or_default(),
        hand_offs: section(&mut fields, "hand-offs", hand_off),
        agreements: section(&mut fields, "agreements", |_, value| value.list("a list of promises", promise)),
        contact: fields.optional("contact", contact),
        consent: fields.optional("consent", consent),
    };
    fields.finish();
    Some(found)
}

fn section<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    read: impl FnMut(&str, Value<'_>) -> Option<T>,
) -> IndexMap<String, T> {
    fields.optional(key, |value| value.declarations("a mapping by name", NAME, read)).unwrap_or_default()
}

fn name(value: Value<'_>) -> Option<String> {
    let name = text(value)?;
    value.check_name(&name, NAME, None);
    Some(name)
}

fn department(_: &str, value: Value<'_>) -> Option<Department> {
    let mut fields = value.fields("a department")?;
    let department = Department { owner: fields.optional("owner", text) };
    fields.finish();
    Some(department)
}

fn stage(_: &str, value: Value<'_>) -> Option<Stage> {
    let mut fields = value.fields("a stage")?;
    let stage = Stage {
        department: fields.required("department", text).unwrap_or_default(),
        next: fields.optional("next", names).unwrap_or_default(),
        last: fields.optional("last", boolean).unwrap_or_default(),
    };
    fields.finish();
    Some(stage)
}

const DIRECTIONS: &[(&str, Direction)] = &[("in", Direction::In), ("out", Direction::Out)];

fn touchpoint(_: &str, value: Value<'_>) -> Option<Touchpoint> {
    let mut fields = value.fields("a touchpoint")?;
    let touchpoint = Touchpoint {
        stage: fields.required("stage", text).unwrap_or_default(),
        channel: fields.required("channel", text).unwrap_or_default(),
        direction: fields.required("direction", |value| word(value, DIRECTIONS)).unwrap_or_default(),
        owner: fields.optional("owner", text),
        volume: fields.optional("volume", volume),
        process: fields.optional("process", text),
        at: fields.optional("at", names).unwrap_or_default(),
    };
    fields.finish();
    Some(touchpoint)
}

fn volume(value: Value<'_>) -> Option<Volume> {
    parsed(value, "how often, such as `60 per business-day`", Code::WrongType, |_| None)
}

fn process(_: &str, value: Value<'_>) -> Option<Entry> {
    let mut fields = value.fields("a process of a life cycle")?;
    let entry = Entry {
        file: fields.optional("file", text),
        department: fields.required("department", text).unwrap_or_default(),
        maturity: fields.required("maturity", |value| word(value, &Maturity::ALL)).unwrap_or_default(),
        support: fields.optional("support", boolean).unwrap_or_default(),
        sees: fields
            .optional("sees", |value| value.map("fields and processes", |_, value| text(value)))
            .unwrap_or_default(),
    };
    fields.finish();
    Some(entry)
}

fn hand_off(_: &str, value: Value<'_>) -> Option<HandOff> {
    let mut fields = value.fields("a hand-off")?;
    let place = |value: Value<'_>| parsed::<Place>(value, "`process/end`", Code::WrongType, |_| None);
    let hand_off = HandOff {
        from: fields.required("from", place).unwrap_or_default(),
        to: fields.required("to", text).unwrap_or_default(),
        with: fields.optional("with", parts::given).unwrap_or_default(),
        entry: fields.optional("entry", parts::expression),
        accepted: fields.optional("accepted", text),
        returned: fields.optional("returned", text),
        reasons: fields.optional("reasons", names).unwrap_or_default(),
        within: fields.optional("within", span),
    };
    fields.finish();
    Some(hand_off)
}

fn promise(value: Value<'_>) -> Option<Promise> {
    let mut fields = value.fields("a promise")?;
    let promise = Promise {
        by: fields.required("by", text).unwrap_or_default(),
        to: fields.required("to", text).unwrap_or_default(),
        process: fields.required("in", text).unwrap_or_default(),
        promise: fields.required("promise", text).unwrap_or_default(),
        why: fields.optional("why", text),
    };
    fields.finish();
    Some(promise)
}

fn contact(value: Value<'_>) -> Option<Contact> {
    let mut fields = value.fields("a rule of contact")?;
    let (at_most, within) = (fields.required("at-most", whole), fields.required("within", span));
    let at = fields.optional("at", names).unwrap_or_default();
    fields.finish();
    Some(Contact { at_most: at_most?, within: within?, at })
}

fn consent(value: Value<'_>) -> Option<Consent> {
    let mut fields = value.fields("a rule of consent")?;
    let consent = Consent {
        field: fields.required("field", text).unwrap_or_default(),
        refused: fields.required("refused", names).unwrap_or_default(),
        at: fields.optional("at", names).unwrap_or_default(),
    };
    fields.finish();
    Some(consent)
}

/// What a key may look like, for messages.
fn of_key(of: &str, key: &str) -> Option<&'static str> {
    Some(match (of, key) {
        ("a life cycle", "life-cycle") => "life-cycle: customer",
        ("a life cycle", "version") => "version: 1.0.0",
        ("a life cycle", "customer") => "customer: customer_id",
        ("a life cycle", "stages") => "stages: { lead: { department: sales, next: [customer] } }",
        ("a stage" | "a process of a life cycle", "department") => "department: sales",
        ("a touchpoint", "stage") => "stage: lead",
        ("a touchpoint", "channel") => "channel: telephone",
        ("a touchpoint", "direction") => "direction: in",
        ("a process of a life cycle", "maturity") => "maturity: documented",
        ("a hand-off", "from") => "from: selling/sold",
        ("a hand-off", "to") => "to: service",
        ("a promise", "by") => "by: marketing",
        ("a promise", "to") => "to: sales",
        ("a promise", "in") => "in: lead-qualification",
        ("a promise", "promise") => "promise: share(accepted) >= 75%",
        ("a rule of contact", "at-most") => "at-most: 3",
        ("a rule of contact", "within") => "within: 30 d",
        ("a rule of consent", "field") => "field: consent",
        ("a rule of consent", "refused") => "refused: [refused]",
        _ => return (parts::examples().of_key)(of, key),
    })
}
