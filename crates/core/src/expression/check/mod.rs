//! Whether the types of an expression fit, and the typed tree that evaluates it when they do.
//!
//! A type is first read off an expression from below (`kinds`), then the tree is built from above for the type that
//! is wanted there (`build`). So a text in quotes becomes one of the values of a choice, a date or a duration wherever
//! one is wanted.

mod build;
mod condition;
mod kinds;
mod list;
mod measure;
mod misfit;
mod sum;

use std::sync::Arc;

use super::ast::{Arithmetic, Function, Kind, Node, Span};
use super::eval::Typed;
use super::{ExpressionProblem, Schema};
use crate::diagnostic::{Code, nearest, suggest, suggest_field};
use kinds::{Kin, Kinds};

/// Nobody reads on after so many problems of one expression, and looking for suggestions takes time.
const MOST_PROBLEMS: usize = 20;

/// What an expression is wanted for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Any value.
    Value,
    /// A condition.
    Guard,
    /// A day.
    Date,
    /// A value for others, to whom our choices mean nothing.
    Others,
    /// A value for the field in that slot.
    Field(u16),
}

/// The typed tree of an expression and the slots it reads, in order; or everything that does not fit.
pub(super) fn check(
    node: &Node,
    schema: &Schema,
    purpose: Purpose,
) -> Result<(Typed, Vec<u16>), Vec<ExpressionProblem>> {
    let mut checker = Checker { schema, problems: Vec::new(), reads: Vec::new(), unknown: Vec::new() };
    checker.resolve(node);
    let typed = checker.whole(node, purpose);
    if !checker.problems.is_empty() {
        checker.problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
        checker.problems.dedup();
        checker.problems.iter_mut().for_each(|problem| name_fields(problem, node, schema));
        return Err(checker.problems);
    }
    checker.reads.sort_unstable();
    checker.reads.dedup();
    Ok((typed, checker.reads))
}

/// Two sides of a comparison and what it is for are all that one needs to see.
const MOST_FIELDS: usize = 3;

/// A type does not fit because of how the fields within the spot are declared.
fn name_fields(problem: &mut ExpressionProblem, node: &Node, schema: &Schema) {
    if problem.code != Code::TypeMismatch {
        return;
    }
    let mut parts = vec![node];
    while let Some(part) = parts.pop() {
        let range = std::ops::Range::from(part.span);
        let within = problem.range.start <= range.start && range.end <= problem.range.end;
        match &part.kind {
            Kind::Field(name) if within && schema.slot(name).is_some() && !problem.fields.contains(name) => {
                problem.fields.push(Arc::clone(name));
            }
            _ => parts.extend(part.children().into_iter().rev()),
        }
    }
    problem.fields.truncate(MOST_FIELDS);
}

struct Checker<'s> {
    schema: &'s Schema,
    problems: Vec<ExpressionProblem>,
    reads: Vec<u16>,
    /// Names already reported, so that each is reported once.
    unknown: Vec<Arc<str>>,
}

impl Checker<'_> {
    fn kin(&self, node: &Node) -> Kin {
        Kinds(self.schema).of(node)
    }

    /// Names and numbers of arguments: what can be said without types.
    fn resolve(&mut self, node: &Node) {
        if let Some((value, field)) = self.bare_choice(node) {
            let message = format!("there is no data field `{value}`");
            let help = format!("`{value}` is a value of `{field}`: write it in quotes, `\"{value}\"`");
            return self.report(Code::UnknownField, node.span, message, Some(help));
        }
        match &node.kind {
            Kind::Field(name) => match self.schema.slot(name) {
                Some(slot) => self.reads.push(slot),
                None => self.unknown_field(name, node.span),
            },
            Kind::Call(None, name, _) => {
                let help = Function::remedy(name).map(str::to_owned).or_else(|| suggest(name, Function::NAMES));
                self.report(Code::InvalidExpression, node.span, format!("there is no function `{name}`"), help);
            }
            Kind::Call(Some(function), _, arguments) => self.call(*function, arguments, node.span),
            _ => {}
        }
        for child in node.children() {
            self.resolve(child);
        }
    }

    /// A value of a choice that was written without quotes, where it is read as fields and the hyphens as minus; and the
    /// first field that may have it.
    fn bare_choice(&self, node: &Node) -> Option<(String, Arc<str>)> {
        let names: Vec<&Arc<str>> = match &node.kind {
            Kind::Field(name) => vec![name],
            Kind::Arithmetic(first, rest) if rest.iter().all(|(operator, _)| *operator == Arithmetic::Subtract) => {
                let parts = std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part));
                parts
                    .map(|part| if let Kind::Field(name) = &part.kind { Some(name) } else { None })
                    .collect::<Option<_>>()?
            }
            _ => return None,
        };
        if self.problems.len() >= MOST_PROBLEMS || names.iter().all(|name| self.schema.slot(name).is_some()) {
            return None;
        }
        let value = names.iter().map(|name| &***name).collect::<Vec<_>>().join("-");
        let field = self.schema.likely_names().find(|field| {
            let choices = self.schema.slot(field).map(|slot| self.schema.choices(slot)).unwrap_or_default();
            choices.iter().any(|choice| **choice == *value)
        })?;
        Some((value, field.into()))
    }

    fn unknown_field(&mut self, name: &Arc<str>, span: Span) {
        if self.problems.len() < MOST_PROBLEMS && !self.unknown.contains(name) {
            self.unknown.push(Arc::clone(name));
            let mut help = suggest_field(name, self.schema.likely_names());
            if nearest(name, self.schema.likely_names()).is_none() {
                help.push_str("; a text stands in quotes");
            }
            self.report(Code::UnknownField, span, format!("there is no data field `{name}`"), Some(help));
        }
    }

    fn call(&mut self, function: Function, arguments: &[Node], span: Span) {
        let usage = function.usage();
        if arguments.len() != function.arity() {
            let plural = if arguments.len() == 1 { "" } else { "s" };
            let message = format!("expected `{usage}`, found {} argument{plural}", arguments.len());
            self.report(Code::InvalidExpression, span, message, None);
        } else if let (Function::Has, [argument]) = (function, arguments)
            && !matches!(argument.kind, Kind::Field(_))
        {
            let help = "`has` asks whether a field has a value; it takes the name of the field without quotes";
            let message = format!("expected a data field as in `{usage}`, found another expression");
            self.report(Code::InvalidExpression, argument.span, message, Some(help.to_owned()));
        }
    }

    fn report(&mut self, code: Code, span: Span, message: String, help: Option<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(ExpressionProblem { code, message, help, range: span.into(), fields: Vec::new() });
        }
    }

    fn mismatch(&mut self, span: Span, message: String, help: Option<&str>) {
        self.report(Code::TypeMismatch, span, message, help.map(str::to_owned));
    }

    /// What was just reported there lies in the declaration of that field.
    fn because_of(&mut self, field: u16, span: Span) {
        let last = self.problems.last_mut().filter(|last| last.range == span.into());
        if let (Some(problem), Some(name)) = (last, self.schema.name(field)) {
            problem.fields = vec![Arc::clone(name)];
        }
    }

    /// The slot of a field; that of an unknown one does not matter, because it has been reported.
    fn slot(&self, name: &str) -> u16 {
        self.schema.slot(name).unwrap_or(0)
    }
}
