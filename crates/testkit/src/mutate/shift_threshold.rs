//! Shifts a limit by one unit, down and up: what an expression or a cell of a decision compares with, how long a clock, a
//! crack or a `wait` takes, and how often work is tried again.
//!
//! The unit is that of the last place that is written: 1 for `50`, 0.1 for `0.5`, an hour for `4 bh`, a day for a date.

use std::ops::Range;

use grieta_core::Date;
use grieta_core::definition::{Crack, Decision, Definition, Expression, Kind, Mark, Pause, Response, Span, Type};
use grieta_core::diagnostic::Path;
use grieta_core::expression::Schema;

use super::{Found, cracks};

pub(super) fn find(definition: &Definition, found: &mut Found) {
    let Ok(schema) = Schema::new(&definition.data) else { return };
    expressions(definition, &schema, found);
    for (name, decision) in &definition.decisions {
        cells(name, decision, &schema, found);
    }
    for (name, clock) in &definition.clocks {
        let path = Path::root("clocks").key(name).key("within");
        for span in neighbours(clock.within) {
            let (what, name) = (format!("`within: {}` becomes `within: {span}`", clock.within), name.clone());
            found.add(path.clone(), what, move |definition| {
                definition.clocks.get_mut(&name).into_iter().for_each(|clock| clock.within = span);
            });
        }
    }
    waits(definition, found);
    for (place, crack) in cracks::all(definition) {
        for (keys, what, change) in limits(crack) {
            let path = keys.iter().fold(place.path(), |path, key| path.key(key));
            let (what, place) = (format!("{}: {what}", place.words()), place.clone());
            found.add(path, what, move |definition| place.change(definition, |crack| change(crack)));
        }
    }
}

/// Literals that something is compared with.
fn expressions(definition: &Definition, schema: &Schema, found: &mut Found) {
    for used in definition.expressions() {
        let text = &used.expression.0;
        for [one, other] in used.expression.comparisons() {
            let whole = one.start..other.end;
            let literals = literals(text, &one, &other, schema).into_iter().chain(literals(text, &other, &one, schema));
            for (range, shifted) in literals {
                let new = replaced(text, &range, &shifted);
                let until = whole.end + shifted.len() - range.len();
                let what = format!("`{}` becomes `{}`", &text[whole.clone()], &new[whole.start..until]);
                let (path, new) = (used.path.clone(), Expression(new));
                found.add_within(used.path.clone(), characters(text, &range), what, move |definition| {
                    definition.expression_mut(&path).into_iter().for_each(|expression| expression.clone_from(&new));
                });
            }
        }
    }
}

/// What a literal on one side becomes, by the type of the other.
fn literals(text: &str, literal: &Range<usize>, other: &Range<usize>, schema: &Schema) -> Vec<(Range<usize>, String)> {
    let (Some(written), Some(side)) = (text.get(literal.clone()), text.get(other.clone())) else { return Vec::new() };
    let bare = written.trim_start_matches('"').trim_end_matches('"');
    let Ok(kind) = Expression::compile(side, schema).map(|side| side.result_type()) else { return Vec::new() };
    let is_literal = match kind {
        Type::Integer | Type::Decimal => number(written) == Some(written.len()),
        Type::Date | Type::Duration => written.len() == bare.len() + 2,
        _ => false,
    };
    if is_literal { shifts(text, literal, kind) } else { Vec::new() }
}

/// The tests of a decision.
fn cells(name: &str, decision: &Decision, schema: &Schema, found: &mut Found) {
    let kind = |input: &Expression| Expression::compile(&input.0, schema).ok().map(|input| input.result_type());
    let kinds: Vec<Option<Type>> = decision.inputs.iter().map(kind).collect();
    for (index, row) in decision.rules.iter().enumerate() {
        for (column, (cell, kind)) in row.when.iter().flatten().zip(&kinds).enumerate() {
            let shifts = kind.map(|kind| shifts(&cell.0, &(0..cell.0.len()), kind)).unwrap_or_default();
            for (range, shifted) in shifts {
                let new = replaced(&cell.0, &range, &shifted);
                let what = format!("`{}` in rule {} of `{name}` becomes `{new}`", cell.0, index + 1);
                let path = Path::root("decisions").key(name).key("rules").index(index).key("when").index(column);
                let name = name.to_owned();
                found.add_within(path, characters(&cell.0, &range), what, move |definition| {
                    let row = definition.decisions.get_mut(&name).and_then(|decision| decision.rules.get_mut(index));
                    let cell = row.and_then(|row| row.when.as_mut()?.get_mut(column));
                    cell.into_iter().for_each(|cell| cell.0.clone_from(&new));
                });
            }
        }
    }
}

fn waits(definition: &Definition, found: &mut Found) {
    for (name, step) in &definition.steps {
        let Kind::Pause(Pause::For(span)) = &step.kind else { continue };
        for shifted in neighbours(*span) {
            let path = Path::root("steps").key(name).key("wait");
            let (what, name) = (format!("`wait: {span}` becomes `wait: {shifted}`"), name.clone());
            found.add(path, what, move |definition| {
                let step = definition.steps.get_mut(&name);
                step.into_iter().for_each(|step| step.kind = Kind::Pause(Pause::For(shifted)));
            });
        }
    }
}

type Limit = (&'static [&'static str], String, Box<dyn Fn(&mut Crack) + Send + Sync>);

/// The limits of a crack, each with where it stands and what it becomes.
fn limits(crack: &Crack) -> Vec<Limit> {
    let mut limits: Vec<Limit> = Vec::new();
    let says = |key, before: &dyn std::fmt::Display, after: &dyn std::fmt::Display| {
        format!("`{key}: {before}` becomes `{key}: {after}`")
    };
    for (before, after) in crack.after.into_iter().flat_map(|span| neighbours(span).map(move |after| (span, after))) {
        limits.push((
            &["after"],
            says("after", &before, &after),
            Box::new(move |crack: &mut Crack| crack.after = Some(after)),
        ));
    }
    if let Some(Mark::After(before)) = crack.at {
        for after in neighbours(before) {
            let change = move |crack: &mut Crack| crack.at = Some(Mark::After(after));
            limits.push((&["at"], says("at", &before, &after), Box::new(change)));
        }
    }
    let Some(Response::Retry { after, at_most, backoff }) = crack.response else { return limits };
    let mut retry = |keys: &'static [&'static str], what, after, at_most| {
        let response = Response::Retry { after, at_most, backoff };
        limits.push((keys, what, Box::new(move |crack: &mut Crack| crack.response = Some(response.clone()))));
    };
    for (before, shifted) in after.into_iter().flat_map(|span| neighbours(span).map(move |after| (span, after))) {
        retry(&["do", "retry", "after"], says("after", &before, &shifted), Some(shifted), at_most);
    }
    for shifted in [at_most.checked_sub(1), at_most.checked_add(1)].into_iter().flatten() {
        retry(&["do", "retry", "at-most"], says("at-most", &at_most, &shifted), after, shifted);
    }
    limits
}

/// One unit less and more, as it is written: no length of time is below zero.
fn neighbours(span: Span) -> impl Iterator<Item = Span> {
    let text = span.to_string();
    let shifted = shifts(&text, &(0..text.len()), Type::Duration);
    shifted.into_iter().filter_map(move |(range, shifted)| replaced(&text, &range, &shifted).parse().ok())
}

/// Where in a part of a text a number or a date stands, and what it becomes: one unit less, then more.
fn shifts(text: &str, part: &Range<usize>, kind: Type) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut at = part.start;
    while let Some(rest) = text.get(at..part.end).filter(|rest| !rest.is_empty()) {
        let (length, shifted) = match kind {
            Type::Integer | Type::Decimal | Type::Duration => {
                (number(rest), shifted_number as fn(&str, i64) -> Option<String>)
            }
            Type::Date => (date(rest), shifted_date as fn(&str, i64) -> Option<String>),
            _ => return found,
        };
        if let Some(length) = length {
            let written = &rest[..length];
            found.extend([-1, 1].into_iter().filter_map(|by| Some((at..at + length, shifted(written, by)?))));
        }
        at += length.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
    }
    found
}

/// How long the number is with which a text begins: `10`, `-0.5`, but only `10` of `10..20`.
fn number(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(text.starts_with('-'));
    let whole = digits(&text[sign..]);
    let places = text[sign + whole..].strip_prefix('.').map_or(0, digits);
    let length = sign + whole + if places > 0 { places + 1 } else { 0 };
    (whole > 0).then_some(length)
}

fn shifted_number(text: &str, by: i64) -> Option<String> {
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    let shifted = text.replace('.', "").parse::<i128>().ok()?.checked_add(by.into())?;
    let sign = if shifted < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", shifted.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - places)?;
    Some(if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

fn date(text: &str) -> Option<usize> {
    const LENGTH: usize = "2026-12-24".len();
    text.get(..LENGTH)?.parse::<Date>().ok().map(|_| LENGTH)
}

fn shifted_date(text: &str, by: i64) -> Option<String> {
    Some(text.parse::<Date>().ok()?.checked_add_days(by)?.to_string())
}

fn replaced(text: &str, range: &Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// A range of bytes as one of characters.
fn characters(text: &str, range: &Range<usize>) -> Range<usize> {
    let count = |until: usize| text[..until].chars().count();
    count(range.start)..count(range.end)
}
