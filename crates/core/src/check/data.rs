//! Fields, expressions and values must agree in type.

use super::step_path;
use crate::decision::Table;
use crate::definition::{Definition, Expression, Field, Purpose, Sample, Scalar, Step, Type, Unit};
use crate::diagnostic::{Code, Path, Problem, suggest_field};
use crate::expression::{Compiled, ExpressionProblem, Schema, is_reserved};
use crate::value::{Bounds, Value};

pub(super) fn check(definition: &Definition, schema: &Schema, problems: &mut Vec<Problem>) {
    for (name, field) in &definition.data {
        problems.extend(declaration(name, field));
    }
    let mut used = vec![false; definition.data.len()];
    for (name, step) in &definition.steps {
        Expressions { schema, used: &mut used, problems }.step(&step_path(name), step);
        if let Some(field) = step.message_key() {
            mark(schema, &mut used, field);
            let path = step_path(name).key(step.kind.key()).key("key");
            problems.extend(list_as_key(definition, field, path));
        }
        for field in step.reads.iter().chain(&step.writes) {
            mark(schema, &mut used, field);
        }
    }
    if let Some(whole) = definition.whole() {
        Expressions { schema, used: &mut used, problems }.step(&Path::default(), &whole);
    }
    for (name, role) in &definition.roles {
        if let Some(priority) = &role.queue.priority {
            let path = Path::root("roles").key(name).key("queue").key("priority");
            let help = "what has more is taken first, as in `value` or `tier == \"gold\"`";
            let types = [Type::Integer, Type::Decimal, Type::Boolean];
            Expressions { schema, used: &mut used, problems }.typed(&path, priority, &types, help);
        }
    }
    for (name, decision) in &definition.decisions {
        match Table::compile(name, decision, schema, &Path::root("decisions").key(name)) {
            Ok(table) => {
                table.reads().chain(table.sets().iter().copied()).for_each(|slot| used[usize::from(slot)] = true)
            }
            Err(found) => problems.extend(found),
        }
    }
    for (name, sample) in definition.simulation.iter().flat_map(|simulation| &simulation.sample) {
        mark(schema, &mut used, name);
        let path = Path::root("simulation").key("sample").key(name);
        problems.extend(definition.data.get(name).and_then(|field| unit_of_sample(field, sample, path)));
    }
    definition.customer.iter().chain(&definition.outputs).for_each(|field| mark(schema, &mut used, field));
    // What is meant by an expression or table that makes no sense is not known, so no field can be called unused.
    let unclear =
        [Code::InvalidExpression, Code::TypeMismatch, Code::OutOfBounds, Code::UnknownField, Code::InvalidDecision];
    if problems.iter().any(|problem| unclear.contains(&problem.code)) {
        return;
    }
    for ((name, _), _) in
        definition.data.iter().zip(&used).filter(|((_, field), used)| !**used && field.owner.is_none())
    {
        let message = format!("nothing reads or writes `{name}`");
        let help = "use it, list it under `reads` or `writes` of a step, or remove it";
        problems.push(Problem::warning(Code::UnusedField, Path::root("data").key(name), message).help(help));
    }
}

fn mark(schema: &Schema, used: &mut [bool], field: &str) {
    if let Some(used) = schema.slot(field).and_then(|slot| used.get_mut(usize::from(slot))) {
        *used = true;
    }
}

/// Messages find a case by one value.
fn list_as_key(definition: &Definition, field: &str, path: Path) -> Option<Problem> {
    let declared = definition.data.get(field)?;
    matches!(declared.kind, Type::List(_)).then(|| {
        let message = format!("a message is known by one value, and `{field}` is a list");
        Problem::error(Code::TypeMismatch, path, message).help("name a field of another type")
    })
}

/// Time is drawn for durations, plain numbers for the rest.
fn unit_of_sample(field: &Field, sample: &Sample, path: Path) -> Option<Problem> {
    let Sample::Number(distribution) = sample else { return None };
    let problem = |message, help| Some(Problem::error(Code::InvalidDistribution, path, message).help(help));
    match (field.kind, distribution.unit) {
        (Type::Duration, Some(Unit::Elapsed)) => None,
        (Type::Duration, _) => {
            let message = format!("`{distribution}` is no elapsed time, but the field holds a duration");
            problem(message, "write it in s, min, h, d or w, as in `exponential(2 h)`")
        }
        (_, None) => None,
        (_, Some(_)) => {
            let message = format!("`{distribution}` is a length of time, but the field holds none");
            problem(message, "write the numbers without units here, as in `triangular(0, 40, 100)`")
        }
    }
}

fn declaration(name: &str, field: &Field) -> Vec<Problem> {
    let path = Path::root("data").key(name);
    let mut found = Vec::new();
    if is_reserved(name) {
        let message = format!("`{name}` is a word of the expression language and cannot name a field");
        found.push(Problem::error(Code::InvalidName, path.clone(), message).help("give it another name"));
    }
    match (field.kind, field.of.is_empty()) {
        (Type::Choice, true) => found.push(
            Problem::error(Code::MissingKey, path.clone(), "a `choice` needs the values it may take")
                .help("add `of: [low, high]` or the like"),
        ),
        (Type::List(Scalar::Choice), true) => found.push(
            Problem::error(Code::MissingKey, path.clone(), "a list of choices needs the values it may hold")
                .help("add `of: [low, high]` or the like, or the name of a type, as in `of: integer`"),
        ),
        (Type::Choice | Type::List(Scalar::Choice), false) => {}
        (_, true) => {}
        (other, false) => found.push(
            Problem::error(
                Code::TypeMismatch,
                path.key("of"),
                format!("`of` has no meaning for a field of type {other}"),
            )
            .help("remove it, or make the field a `choice`"),
        ),
    }
    for (key, literal) in [("at-least", &field.at_least), ("at-most", &field.at_most), ("initial", &field.initial)] {
        let Some(literal) = literal else { continue };
        if key != "initial" && !field.kind.has_bounds() {
            let message = format!("`{key}` has no meaning for a field of type {}", field.kind);
            let help = "only an integer, a decimal, a date or a duration has bounds";
            found.push(Problem::error(Code::TypeMismatch, path.key(key), message).help(help));
        } else if let Err(message) = Value::parse_unbounded(field, &literal.0) {
            let problem = Problem::error(Code::TypeMismatch, path.key(key), message);
            found.push(problem.related(format!("`{name}` is declared here"), path.key("type")));
        }
    }
    found.extend(bounds(name, field));
    found
}

/// There are values between the bounds of a field, and its first is one of them.
fn bounds(name: &str, field: &Field) -> Option<Problem> {
    let (bounds, path) = (Bounds::of(field), Path::root("data").key(name));
    if bounds.are_empty() {
        let message = format!("no value of `{name}` is {bounds}");
        let problem = Problem::error(Code::OutOfBounds, path.key("at-most"), message);
        let problem = problem.related("`at-least` stands here", path.key("at-least"));
        return Some(problem.help("write the lesser value under `at-least`, the greater one under `at-most`"));
    }
    let initial = Value::parse_unbounded(field, &field.initial.as_ref()?.0).ok()?;
    bounds.refuse(name, &initial, path.key("initial"))
}

/// What a number of instances is.
const COUNT: &str = "a number of instances is an integer, such as `3` or a field of that type";

/// Compiles every expression of a step once, for what is wrong with it and for the fields it uses.
struct Expressions<'a> {
    schema: &'a Schema,
    used: &'a mut Vec<bool>,
    problems: &'a mut Vec<Problem>,
}

impl Expressions<'_> {
    fn step(&mut self, path: &Path, step: &Step) {
        for found in step.expressions() {
            let (expression, schema) = (&found.expression.0, self.schema);
            let at = Path([path.0.clone(), found.path.0].concat());
            match found.purpose {
                Purpose::Guard => self.take(&at, Expression::compile_guard(expression, schema)),
                Purpose::Set(field) => self.set(&at, field, expression),
                Purpose::Told => self.take(&at, Expression::compile(expression, schema)),
                Purpose::Day => self.take(&at, Expression::compile_date(expression, schema)),
                Purpose::Count => self.typed(&at, found.expression, &[Type::Integer], COUNT),
                Purpose::Enough => self.typed(&at, found.expression, &[Type::Integer, Type::Boolean], COUNT),
            }
        }
    }

    fn typed(&mut self, path: &Path, expression: &Expression, types: &[Type], help: &str) {
        let compiled = Expression::compile(&expression.0, self.schema);
        if let Ok(compiled) = &compiled
            && !types.contains(&compiled.result_type())
        {
            let expected: Vec<String> = types.iter().map(ToString::to_string).collect();
            let message = format!("expected {}, found {}", expected.join(" or "), compiled.result_type());
            let help = match compiled.result_type() {
                Type::List(_) => format!("write `length({})` for as many as the list holds", expression.0.trim()),
                _ => help.to_owned(),
            };
            let problem = Problem::error(Code::TypeMismatch, path.clone(), message).help(help);
            let fields = compiled.reads().iter().filter_map(|slot| self.schema.name(*slot)).take(3);
            self.problems.push(fields.fold(problem, |problem, field| problem.declared(field)));
        }
        self.take(path, compiled);
    }

    fn set(&mut self, at: &Path, field: &str, expression: &str) {
        match self.schema.slot(field) {
            Some(slot) => {
                mark(self.schema, self.used, field);
                let compiled = Expression::compile_assignment(expression, self.schema, slot);
                self.problems
                    .extend(compiled.as_ref().ok().and_then(|compiled| self.out_of_bounds(at, slot, compiled)));
                self.take(at, compiled);
            }
            None => {
                let help = suggest_field(field, self.schema.likely_names());
                let message = format!("there is no data field `{field}`");
                let sets = Path(at.0.iter().take(at.0.len() - 1).cloned().collect());
                self.problems.push(Problem::error(Code::UnknownField, sets.name(field), message).help(help));
            }
        }
    }

    /// What looks at no field always has the same value.
    fn out_of_bounds(&self, at: &Path, slot: u16, compiled: &Compiled) -> Option<Problem> {
        let declared =
            self.schema.field(slot).filter(|declared| declared.is_bounded() && compiled.reads().is_empty())?;
        let value = compiled.eval(&[][..]).ok()?;
        Bounds::of(declared).refuse(self.schema.name(slot)?, &value, at.clone())
    }

    fn take(&mut self, path: &Path, compiled: Result<Compiled, Vec<ExpressionProblem>>) {
        match compiled {
            Ok(compiled) => compiled.reads().iter().for_each(|slot| self.used[usize::from(*slot)] = true),
            Err(found) => self.problems.extend(found.into_iter().map(|problem| problem.at(path))),
        }
    }
}
