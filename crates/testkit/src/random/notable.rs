//! The values that matter to a definition: those with which its guards and tables compare a field.

use std::collections::{BTreeMap, BTreeSet};

use grieta_core::Process;
use grieta_core::decision::Table;
use grieta_core::definition::{Definition, Expression, Field, Purpose, Step, Type};
use grieta_core::diagnostic::Path;
use grieta_core::expression::Part;
use grieta_core::value::{Decimal, Value};

/// By field, the constants that stand beside it in some comparison, as values of the field or of its elements.
pub(super) fn constants(process: &Process) -> BTreeMap<String, Vec<Value>> {
    let definition = process.definition();
    let mut beside: BTreeMap<u16, Vec<Value>> = BTreeMap::new();
    for part in compared(process, definition) {
        collect(&part, &mut beside);
    }
    let schema = process.schema();
    let of_field = |(slot, constants): (u16, Vec<Value>)| {
        let (name, field) = (schema.name(slot)?, schema.field(slot)?);
        let own = field.element().unwrap_or_else(|| field.clone());
        let mut fitting: Vec<Value> = Vec::new();
        for value in constants.iter().filter_map(|constant| converted(constant, &own)) {
            if !fitting.contains(&value) {
                fitting.push(value);
            }
        }
        Some((name.to_string(), fitting))
    };
    beside.into_iter().filter_map(of_field).collect()
}

/// All that a definition evaluates.
fn compared(process: &Process, definition: &Definition) -> Vec<Part> {
    let schema = process.schema();
    let whole = definition.whole();
    let steps = definition.steps.values().chain(&whole);
    let parts = steps.flat_map(Step::expressions).filter_map(|used| {
        let source = &used.expression.0;
        let compiled = match used.purpose {
            Purpose::Day => Expression::compile_date(source, schema),
            _ => Expression::compile(source, schema),
        };
        compiled.ok().map(|compiled| compiled.parts())
    });
    let tables = definition.decisions.iter().filter_map(|(name, decision)| {
        let table = Table::compile(name, decision, schema, &Path::default());
        table.ok().map(|table| table.conditions())
    });
    parts.collect::<Vec<_>>().into_iter().chain(tables.flatten()).collect()
}

/// Notes the constants of each comparison at the fields of the same comparison.
fn collect(part: &Part, beside: &mut BTreeMap<u16, Vec<Value>>) {
    if matches!(part, Part::Compare(..) | Part::In(_) | Part::Contains(_)) {
        let (mut fields, mut constants) = (BTreeSet::new(), Vec::new());
        leaves(part, &mut fields, &mut constants);
        for field in fields {
            beside.entry(field).or_default().extend(constants.iter().cloned());
        }
    }
    part.children().into_iter().for_each(|child| collect(child, beside));
}

fn leaves(part: &Part, fields: &mut BTreeSet<u16>, constants: &mut Vec<Value>) {
    match part {
        Part::Field(slot) => _ = fields.insert(*slot),
        Part::Constant(value) => constants.push(value.clone()),
        _ => part.children().into_iter().for_each(|child| leaves(child, fields, constants)),
    }
}

/// A constant as the field has it with which it is compared; `None` where it cannot hold the like.
fn converted(constant: &Value, field: &Field) -> Option<Value> {
    let own = match (constant, field.kind) {
        (Value::Decimal(number), Type::Integer) => {
            let whole = number.billionths().div_euclid(Decimal::from(1).billionths());
            Value::Integer(i64::try_from(whole).ok()?)
        }
        (other, _) => other.like(field),
    };
    own.fits(field).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_found_beside_their_fields() {
        let file = "
process: p
version: 1.0.0
start: ask
data:
  size: { type: integer, required: true }
  rate: { type: decimal }
  tier: { type: choice, of: [low, gold] }
  tags: { type: list, of: text }
  due:  { type: date }
  idle: { type: integer }
decisions:
  grade: { inputs: size, outputs: tier, hit: first, rules: [{ when: \"10..20\", then: gold }, { otherwise: low }] }
steps:
  ask:
    choose:
      - { when: size * 2 > 500 && rate <= 0.5, to: table }
      - { when: 'tier == \"gold\" || \"vip\" in tags', to: table }
      - { when: 'has(due) && due < \"2026-12-24\"', to: table }
      - { otherwise: done }
  table: { decide: grade, next: done }
  done: { end: {} }
";
        let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let found = constants(&process);
        let of = |name: &str| found.get(name).cloned().unwrap_or_default();
        assert_eq!(of("size"), [2, 500, 10, 20].map(Value::from));
        assert_eq!(of("rate"), ["0.5".parse::<Decimal>().unwrap().into()]);
        assert_eq!(of("tier"), [Value::Choice(1)]);
        assert_eq!(of("tags"), [Value::from("vip")]);
        assert_eq!(of("due"), ["2026-12-24".parse::<grieta_core::Date>().unwrap().into()]);
        assert!(of("idle").is_empty());
    }
}
