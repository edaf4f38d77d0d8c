//! How a definition is written in a file where that differs from how it is held: short forms, and parts left out.
//!
//! Whatever is serialised has the form of the file, so that one description of the format holds for YAML, JSON and the
//! JSON Schema. The types say the rest with attributes.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

#[cfg(feature = "schema")]
use super::schema;
use super::{
    Allocation, Call, Distribution, Expression, Incoming, Kind, Literal, Outcome, Response, Scalar, Span, Step, Type,
};

/// True for what need not be written: nothing, no entries, the default.
pub(super) fn absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// True for a factor that changes nothing.
pub(super) fn once(factor: &u32) -> bool {
    *factor == 1
}

pub(super) fn is_assign(kind: &Kind) -> bool {
    matches!(kind, Kind::Assign)
}

/// What an `assign` step sets stands under that key.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Assign<'a> {
            assign: &'a IndexMap<String, Expression>,
            #[serde(flatten, serialize_with = "Step::serialize")]
            rest: Step,
        }
        if !is_assign(&self.kind) {
            return Step::serialize(self, serializer);
        }
        Assign { assign: &self.sets, rest: Step { sets: IndexMap::new(), ..self.clone() } }.serialize(serializer)
    }
}

/// `human: sdr`, or a mapping that says more.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self", rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", schemars(transform = schema::or_text))]
pub(super) struct Human {
    /// The role whose people may do it.
    role: String,
    /// How long the work takes (for simulation).
    #[serde(skip_serializing_if = "absent")]
    takes: Option<Distribution>,
    /// Which of them gets it.
    #[serde(skip_serializing_if = "absent")]
    allocate: Allocation,
    /// The skills that whoever does it has.
    #[serde(skip_serializing_if = "absent")]
    needs: Vec<String>,
    /// How much longer it takes whoever did another step before (for simulation).
    #[serde(skip_serializing_if = "absent")]
    set_up: Option<Distribution>,
    /// How much longer it takes whoever takes the case over from somebody else (for simulation).
    #[serde(skip_serializing_if = "absent")]
    take_over: Option<Distribution>,
}

pub(super) fn human<S: Serializer>(
    role: &str,
    takes: &Option<Distribution>,
    allocate: &Allocation,
    needs: &[String],
    set_up: &Option<Distribution>,
    take_over: &Option<Distribution>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let human = Human {
        role: role.to_owned(),
        takes: takes.clone(),
        allocate: allocate.clone(),
        needs: needs.to_vec(),
        set_up: set_up.clone(),
        take_over: take_over.clone(),
    };
    Serialize::serialize(&human, serializer)
}

impl Serialize for Human {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Human { role, takes: None, allocate: Allocation::Offer, needs, set_up: None, take_over: None }
                if needs.is_empty() =>
            {
                serializer.serialize_str(role)
            }
            _ => Human::serialize(self, serializer),
        }
    }
}

impl Serialize for Incoming {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Incoming { message, key: None, transient: false } => serializer.serialize_str(message),
            _ => Incoming::serialize(self, serializer),
        }
    }
}

impl Serialize for Call {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Call { process, with } if with.is_empty() => serializer.serialize_str(process),
            _ => Call::serialize(self, serializer),
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Outcome { to, chance: None, sets } if sets.is_empty() => serializer.serialize_str(to),
            _ => Outcome::serialize(self, serializer),
        }
    }
}

/// A list of steps, or one step and how many times it is meant.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Fork {
    Steps(Vec<String>),
    Threads {
        /// The step that all of them go to.
        to: String,
        /// How many.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
        threads: usize,
    },
}

pub(super) fn fork<S: Serializer>(steps: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    let form = match steps {
        [to, others @ ..] if (1..1_000).contains(&others.len()) && others.iter().all(|other| other == to) => {
            Fork::Threads { to: to.clone(), threads: steps.len() }
        }
        _ => Fork::Steps(steps.to_vec()),
    };
    form.serialize(serializer)
}

/// How long a message is kept, or that it is not.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transform = schema::keep))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Keep {
    /// How long it is kept when nobody waits for it.
    Keep(Span),
    /// True: it is lost when nobody waits for it.
    Transient(bool),
}

pub(super) fn keep<S: Serializer>(keep: &Option<Span>, serializer: S) -> Result<S::Ok, S::Error> {
    keep.map_or(Keep::Transient(true), Keep::Keep).serialize(serializer)
}

/// A guard, or what is taken otherwise.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Branch {
    Guarded {
        /// The guard.
        when: Expression,
        /// The step it leads to.
        to: String,
        /// Fields it sets.
        #[serde(skip_serializing_if = "absent")]
        sets: IndexMap<String, Expression>,
    },
    Otherwise {
        /// The step that is next when no guard holds.
        otherwise: String,
        /// Fields it sets.
        #[serde(skip_serializing_if = "absent")]
        sets: IndexMap<String, Expression>,
    },
}

impl From<super::Branch> for Branch {
    fn from(super::Branch { when, to, sets }: super::Branch) -> Branch {
        match when {
            Some(when) => Branch::Guarded { when, to, sets },
            None => Branch::Otherwise { otherwise: to, sets },
        }
    }
}

/// A response that says no more than its name is a word.
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Response::Reoffer(None) => serializer.serialize_str("reoffer"),
            Response::Reallocate(None) => serializer.serialize_str("reallocate"),
            _ => Response::serialize(self, serializer),
        }
    }
}

/// The outcome to skip to; `{}` where there are none.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Skip {
    To(String),
    On {},
}

pub(super) fn skip<S: Serializer>(outcome: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    outcome.clone().map_or(Skip::On {}, Skip::To).serialize(serializer)
}

/// An expression or a value: what is a boolean or a whole number is written as such.
pub(super) fn formula<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match (text, text.parse::<i64>()) {
        ("true", _) => serializer.serialize_bool(true),
        ("false", _) => serializer.serialize_bool(false),
        (_, Ok(whole)) if whole.to_string() == text => serializer.serialize_i64(whole),
        _ => serializer.serialize_str(text),
    }
}

/// A number of times per year.
pub(super) fn yearly<S: Serializer>(rate: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{rate}/year"))
}

/// A data field: under `of` stand the values of a choice, or the type of the elements of a list.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transform = schema::field))]
pub(super) struct Field {
    /// What it holds.
    #[serde(rename = "type")]
    kind: Word,
    /// The values of a choice, or the type of the elements of a list.
    #[serde(skip_serializing_if = "absent")]
    of: Option<Of>,
    /// The least value of an integer, a decimal, a date or a duration.
    #[serde(rename = "at-least", skip_serializing_if = "absent")]
    at_least: Option<Literal>,
    /// The greatest value of an integer, a decimal, a date or a duration.
    #[serde(rename = "at-most", skip_serializing_if = "absent")]
    at_most: Option<Literal>,
    /// True when a case cannot start without it.
    #[serde(skip_serializing_if = "absent")]
    required: bool,
    /// Its value when the case starts; absent when there is none.
    #[serde(skip_serializing_if = "absent")]
    initial: Option<Literal>,
    /// Who answers for its being right.
    #[serde(skip_serializing_if = "absent")]
    owner: Option<String>,
}

/// The name of a type.
#[derive(Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    Text,
    Boolean,
    Integer,
    Decimal,
    Choice,
    Date,
    Duration,
    List,
}

#[derive(PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Of {
    Type(Word),
    Values(#[cfg_attr(feature = "schema", schemars(length(min = 1)))] Vec<String>),
}

impl From<Type> for Word {
    fn from(kind: Type) -> Word {
        match kind {
            Type::Text => Word::Text,
            Type::Boolean => Word::Boolean,
            Type::Integer => Word::Integer,
            Type::Decimal => Word::Decimal,
            Type::Choice => Word::Choice,
            Type::Date => Word::Date,
            Type::Duration => Word::Duration,
            Type::List(_) => Word::List,
        }
    }
}

impl From<super::Field> for Field {
    fn from(super::Field { kind, of, at_least, at_most, required, initial, owner }: super::Field) -> Field {
        let of = match kind {
            Type::List(scalar) if scalar != Scalar::Choice => Some(Of::Type(Type::from(scalar).into())),
            _ => (!of.is_empty()).then_some(Of::Values(of)),
        };
        Field { kind: kind.into(), of, at_least, at_most, required, initial, owner }
    }
}

/// A list, or the only one without brackets.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

pub(super) fn one_or_more<T: Clone + Serialize, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let form = match list {
        [only] => OneOrMore::One(only.clone()),
        several => OneOrMore::More(several.to_vec()),
    };
    form.serialize(serializer)
}

/// A rule of a decision table.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Row {
    When {
        /// A test for each input.
        #[serde(serialize_with = "one_or_more")]
        #[cfg_attr(feature = "schema", schemars(with = "OneOrMore<Literal>"))]
        when: Vec<Literal>,
        /// A value for each output.
        #[serde(serialize_with = "one_or_more")]
        #[cfg_attr(feature = "schema", schemars(with = "OneOrMore<Literal>"))]
        then: Vec<Literal>,
    },
    Otherwise {
        /// A value for each output, where no rule matches.
        #[serde(serialize_with = "one_or_more")]
        #[cfg_attr(feature = "schema", schemars(with = "OneOrMore<Literal>"))]
        otherwise: Vec<Literal>,
    },
}

impl From<super::Row> for Row {
    fn from(super::Row { when, then }: super::Row) -> Row {
        match when {
            Some(when) => Row::When { when, then },
            None => Row::Otherwise { otherwise: then },
        }
    }
}
