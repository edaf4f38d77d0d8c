//! Whether the types of an expression fit, and the typed tree that evaluates it when they do.
//!
//! A type is first read off an expression from below (`type_of`), then the tree is built from above for the type that
//! is wanted there. So a text in quotes becomes one of the values of a choice wherever a choice is wanted.

use std::sync::Arc;

use super::ast::{Arithmetic, Comparison, Function, Kind, Node, Span};
use super::eval::{Boolean, Chain, Choice, Number, Text, Typed};
use super::{ExpressionProblem, Schema};
use crate::definition::Type;
use crate::diagnostic::{Code, suggest};
use crate::value::Decimal;

/// Nobody reads on after so many problems of one expression, and looking for suggestions takes time.
const MOST_PROBLEMS: usize = 20;

/// What an expression is wanted for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Any value.
    Value,
    /// A condition.
    Guard,
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

/// What is known of the type of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kin {
    /// Nothing, because of a problem.
    Unknown,
    Boolean,
    Integer,
    Decimal,
    Text,
    /// A text in quotes, or several to choose from: a text, or a value of a choice where one is wanted.
    Quoted,
    /// A value of the choice that the field in that slot declares.
    Choice(u16),
}

impl Kin {
    fn described(self) -> &'static str {
        match self {
            Kin::Unknown => "a value",
            Kin::Boolean => "a boolean",
            Kin::Integer => "an integer",
            Kin::Decimal => "a decimal",
            Kin::Text | Kin::Quoted => "a text",
            Kin::Choice(_) => "a choice",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Kin::Integer | Kin::Decimal)
    }
}

struct Checker<'s> {
    schema: &'s Schema,
    problems: Vec<ExpressionProblem>,
    reads: Vec<u16>,
    /// Names already reported, so that each is reported once.
    unknown: Vec<Arc<str>>,
}

/// Names and numbers of arguments: what can be said without types.
impl Checker<'_> {
    fn resolve(&mut self, node: &Node) {
        match &node.kind {
            Kind::Field(name) => match self.schema.slot(name) {
                Some(slot) => self.reads.push(slot),
                None => self.unknown_field(name, node.span),
            },
            Kind::Call(None, name, _) => {
                let help = suggest(name, Function::NAMES);
                self.report(Code::InvalidExpression, node.span, format!("there is no function `{name}`"), help);
            }
            Kind::Call(Some(function), _, arguments) => self.call(*function, arguments, node.span),
            _ => {}
        }
        for child in node.children() {
            self.resolve(child);
        }
    }

    fn unknown_field(&mut self, name: &Arc<str>, span: Span) {
        if self.problems.len() < MOST_PROBLEMS && !self.unknown.contains(name) {
            self.unknown.push(Arc::clone(name));
            let help = suggest(name, self.schema.likely_names());
            let help = help.or_else(|| Some("declare it under `data`, or put quotes around a text".to_owned()));
            self.report(Code::UnknownField, span, format!("there is no data field `{name}`"), help);
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
}

/// Types from below.
impl Checker<'_> {
    fn type_of(&self, node: &Node) -> Kin {
        match &node.kind {
            Kind::Boolean(_) | Kind::Not(_) | Kind::Compare(..) | Kind::All(_) | Kind::Any(_) => Kin::Boolean,
            Kind::Integer(_) => Kin::Integer,
            Kind::Decimal(_) => Kin::Decimal,
            Kind::Text(_) => Kin::Quoted,
            Kind::Field(name) => self.type_of_field(name),
            Kind::Negate(inner) => self.number_type([&**inner]),
            Kind::Arithmetic(first, rest) => {
                self.number_type(std::iter::once(&**first).chain(rest.iter().map(|(_, term)| term)))
            }
            Kind::Conditional(parts) => {
                let [_, then, otherwise] = &**parts;
                self.common(self.type_of(then), self.type_of(otherwise)).unwrap_or(Kin::Unknown)
            }
            Kind::Call(Some(Function::Has), ..) => Kin::Boolean,
            Kind::Call(Some(Function::Min | Function::Max), _, arguments) => self.number_type(arguments),
            Kind::Call(None, ..) => Kin::Unknown,
        }
    }

    fn type_of_field(&self, name: &str) -> Kin {
        let slot = self.schema.slot(name);
        slot.and_then(|slot| self.type_of_slot(slot)).unwrap_or(Kin::Unknown)
    }

    fn type_of_slot(&self, slot: u16) -> Option<Kin> {
        Some(match self.schema.kind(slot)? {
            Type::Text => Kin::Text,
            Type::Boolean => Kin::Boolean,
            Type::Integer => Kin::Integer,
            Type::Decimal => Kin::Decimal,
            Type::Choice => Kin::Choice(slot),
        })
    }

    /// The type of a number computed from these: decimal as soon as one of them is.
    fn number_type<'n>(&self, parts: impl IntoIterator<Item = &'n Node>) -> Kin {
        let mut sum = Kin::Integer;
        for part in parts {
            match self.type_of(part) {
                Kin::Unknown => return Kin::Unknown,
                Kin::Decimal => sum = Kin::Decimal,
                _ => {}
            }
        }
        sum
    }

    /// The type as which both can be compared, or stand for each other.
    fn common(&self, a: Kin, b: Kin) -> Option<Kin> {
        Some(match (a, b) {
            (Kin::Unknown, _) | (_, Kin::Unknown) => Kin::Unknown,
            (a, b) if a == b => a,
            (Kin::Integer | Kin::Decimal, Kin::Integer | Kin::Decimal) => Kin::Decimal,
            (Kin::Choice(slot), Kin::Quoted) | (Kin::Quoted, Kin::Choice(slot)) => Kin::Choice(slot),
            (Kin::Choice(one), Kin::Choice(other)) if self.same_choices(one, other) => Kin::Choice(one),
            (Kin::Text | Kin::Quoted, Kin::Text | Kin::Quoted) => Kin::Text,
            (Kin::Text, Kin::Choice(_)) | (Kin::Choice(_), Kin::Text) => Kin::Text,
            _ => return None,
        })
    }

    fn same_choices(&self, one: u16, other: u16) -> bool {
        self.schema.choices(one) == self.schema.choices(other)
    }

    /// Whether a value of that type can be kept in the field.
    fn assignable(&self, value: Kin, field: Kin) -> bool {
        match (value, field) {
            (Kin::Unknown, _) | (_, Kin::Unknown) => true,
            (Kin::Integer, Kin::Decimal) | (Kin::Quoted, Kin::Text | Kin::Choice(_)) => true,
            (Kin::Choice(_), Kin::Text) => true,
            (Kin::Choice(one), Kin::Choice(other)) => self.same_choices(one, other),
            _ => value == field,
        }
    }
}

/// Trees from above. After a problem, a stand-in keeps the check going; it is never evaluated.
impl Checker<'_> {
    fn whole(&mut self, node: &Node, purpose: Purpose) -> Typed {
        let found = self.type_of(node);
        match purpose {
            Purpose::Value => self.typed(node, found),
            Purpose::Others if matches!(found, Kin::Choice(_)) => self.typed(node, Kin::Text),
            Purpose::Others => self.typed(node, found),
            Purpose::Guard if matches!(found, Kin::Boolean | Kin::Unknown) => Typed::Boolean(self.boolean(node)),
            Purpose::Guard => {
                let message = format!("expected a condition that is true or false, found {}", found.described());
                self.mismatch(node.span, message, Some("compare it with something, as in `attempts >= 6`"));
                self.typed(node, found)
            }
            Purpose::Field(slot) => self.assignment(node, found, slot),
        }
    }

    fn assignment(&mut self, node: &Node, found: Kin, slot: u16) -> Typed {
        let wanted = self.type_of_slot(slot).unwrap_or(Kin::Unknown);
        if self.assignable(found, wanted) {
            return self.typed(node, if wanted == Kin::Unknown { found } else { wanted });
        }
        let name = self.schema.name(slot).map_or("", |name| name);
        let message = format!("the field `{name}` holds {}, found {}", wanted.described(), found.described());
        let help = match (found, wanted) {
            (Kin::Decimal, Kin::Integer) => Some("declare the field as `decimal`, or compute it from integers only"),
            (Kin::Choice(_), Kin::Choice(_)) => Some("the two fields have different lists under `of`"),
            (Kin::Text, Kin::Choice(_)) => Some("only a text in quotes can be checked to be one of the choices"),
            _ => None,
        };
        self.mismatch(node.span, message, help);
        self.because_of(slot, node.span);
        self.typed(node, found)
    }

    fn typed(&mut self, node: &Node, wanted: Kin) -> Typed {
        match wanted {
            Kin::Boolean => Typed::Boolean(self.boolean(node)),
            Kin::Integer => Typed::Integer(self.integer(node)),
            Kin::Decimal => Typed::Decimal(self.decimal(node)),
            Kin::Text | Kin::Quoted => Typed::Text(self.text(node)),
            Kin::Choice(slot) => Typed::Choice(self.choice(node, slot)),
            Kin::Unknown => {
                self.untyped(node);
                Typed::Boolean(Boolean::Constant(false))
            }
        }
    }

    /// Checks the parts of what has no type, and says why it has none unless a part already does.
    fn untyped(&mut self, node: &Node) {
        if let Kind::Conditional(parts) = &node.kind {
            let [condition, then, otherwise] = &**parts;
            self.boolean(condition);
            let kinds = (self.type_of(then), self.type_of(otherwise));
            self.typed(then, kinds.0);
            self.typed(otherwise, kinds.1);
            if self.common(kinds.0, kinds.1).is_none() {
                let (then_kind, otherwise_kind) = (kinds.0.described(), kinds.1.described());
                let message =
                    format!("expected two values of one type after `?`, found {then_kind} and {otherwise_kind}");
                self.mismatch(then.span.to(otherwise.span), message, None);
            }
        } else {
            for child in node.children() {
                let kind = self.type_of(child);
                self.typed(child, kind);
            }
        }
        if self.problems.is_empty() {
            self.mismatch(node.span, "expected an expression of a known type, found none".to_owned(), None);
        }
    }

    fn boolean(&mut self, node: &Node) -> Boolean {
        let found = self.type_of(node);
        if !matches!(found, Kin::Boolean | Kin::Unknown) {
            self.operand(node, "a boolean", found);
            return Boolean::Constant(false);
        }
        match &node.kind {
            Kind::Boolean(value) => Boolean::Constant(*value),
            Kind::Field(name) => Boolean::Field(self.slot(name)),
            Kind::Not(inner) => Boolean::Not(Box::new(self.boolean(inner))),
            Kind::All(parts) => Boolean::All(parts.iter().map(|part| self.boolean(part)).collect()),
            Kind::Any(parts) => Boolean::Any(parts.iter().map(|part| self.boolean(part)).collect()),
            Kind::Compare(comparison, sides) => self.compare(*comparison, sides, node.span),
            Kind::Call(Some(Function::Has), _, arguments) => self.has(arguments),
            Kind::Conditional(parts) => Boolean::Conditional(self.conditional(parts, Self::boolean)),
            _ => {
                self.untyped(node);
                Boolean::Constant(false)
            }
        }
    }

    fn has(&self, arguments: &[Node]) -> Boolean {
        match arguments {
            [Node { kind: Kind::Field(name), .. }] => Boolean::Has(self.slot(name)),
            _ => Boolean::Constant(false),
        }
    }

    fn compare(&mut self, comparison: Comparison, sides: &[Node; 2], span: Span) -> Boolean {
        let [a, b] = [self.type_of(&sides[0]), self.type_of(&sides[1])];
        let equal = comparison == Comparison::Equal;
        let unordered = matches!(a, Kin::Boolean | Kin::Choice(_)) || matches!(b, Kin::Boolean | Kin::Choice(_));
        match self.common(a, b) {
            Some(kind) if kind != Kin::Unknown && unordered && !comparison.is_equality() => {
                self.no_order(comparison, [a, b], span)
            }
            Some(Kin::Boolean) => Boolean::Booleans { equal, sides: self.both(sides, Self::boolean) },
            Some(Kin::Integer) => Boolean::Integers(comparison, self.both(sides, Self::integer)),
            Some(Kin::Decimal) => Boolean::Decimals(comparison, self.both(sides, Self::decimal)),
            Some(Kin::Text | Kin::Quoted) => Boolean::Texts(comparison, self.both(sides, Self::text)),
            Some(Kin::Choice(slot)) => {
                Boolean::Choices { equal, sides: self.both(sides, |me, side| me.choice(side, slot)) }
            }
            Some(Kin::Unknown) => {
                self.typed(&sides[0], a);
                self.typed(&sides[1], b);
                Boolean::Constant(false)
            }
            None => self.incomparable(comparison, [a, b], span),
        }
    }

    fn no_order(&mut self, comparison: Comparison, kinds: [Kin; 2], span: Span) -> Boolean {
        let unordered = kinds.into_iter().find(|kind| matches!(kind, Kin::Boolean | Kin::Choice(_)));
        let found = unordered.map_or("", Kin::described);
        let message = format!("`{}` compares numbers or texts, found {found}, which has no order", comparison.symbol());
        self.mismatch(span, message, Some("use `==` or `!=`"));
        Boolean::Constant(false)
    }

    fn incomparable(&mut self, comparison: Comparison, [a, b]: [Kin; 2], span: Span) -> Boolean {
        let message = format!("`{}` cannot compare {} with {}", comparison.symbol(), a.described(), b.described());
        let help = match (a, b) {
            (Kin::Choice(_), Kin::Choice(_)) => Some("the two fields have different lists under `of`"),
            (Kin::Quoted, b) if b.is_number() => Some("numbers stand without quotes"),
            (a, Kin::Quoted) if a.is_number() => Some("numbers stand without quotes"),
            _ => None,
        };
        self.mismatch(span, message, help);
        Boolean::Constant(false)
    }

    fn integer(&mut self, node: &Node) -> Number<i64> {
        match (&node.kind, self.type_of(node)) {
            (Kind::Integer(value), _) => Number::Constant(*value),
            (_, Kin::Integer | Kin::Unknown) => self.number(node, Self::integer),
            (_, Kin::Decimal) => self.not_a_number(node, "an integer", Kin::Decimal),
            (_, found) => self.not_a_number(node, "a number", found),
        }
    }

    fn decimal(&mut self, node: &Node) -> Number<Decimal> {
        match (&node.kind, self.type_of(node)) {
            (Kind::Integer(value), _) => Number::Constant(Decimal::from(*value)),
            (Kind::Decimal(value), _) => Number::Constant(*value),
            (_, Kin::Integer) => Number::Widened(Box::new(self.integer(node))),
            (Kind::Arithmetic(first, rest), Kin::Decimal) => self.mixed_chain(first, rest),
            (_, Kin::Decimal | Kin::Unknown) => self.number(node, Self::decimal),
            (_, found) => self.not_a_number(node, "a number", found),
        }
    }

    /// What integers and decimals have in common; `of` builds the parts.
    fn number<T>(&mut self, node: &Node, of: fn(&mut Self, &Node) -> Number<T>) -> Number<T>
    where
        Number<T>: StandIn,
    {
        match &node.kind {
            Kind::Field(name) => Number::Field(self.slot(name)),
            Kind::Negate(inner) => Number::Negated(Box::new(of(self, inner)), node.span),
            Kind::Arithmetic(first, rest) => {
                let start = first.span;
                let first = of(self, first);
                self.chain(first, rest, start, of)
            }
            Kind::Conditional(parts) => Number::Conditional(self.conditional(parts, of)),
            Kind::Call(Some(function @ (Function::Min | Function::Max)), _, arguments) => {
                match <&[Node; 2]>::try_from(&arguments[..]) {
                    Ok(sides) if *function == Function::Min => Number::Least(self.both(sides, of)),
                    Ok(sides) => Number::Greatest(self.both(sides, of)),
                    Err(_) => StandIn::stand_in(),
                }
            }
            _ => {
                self.untyped(node);
                StandIn::stand_in()
            }
        }
    }

    fn chain<T>(
        &mut self,
        first: Number<T>,
        rest: &[(Arithmetic, Node)],
        start: Span,
        of: fn(&mut Self, &Node) -> Number<T>,
    ) -> Number<T> {
        let rest = rest.iter().map(|(operator, term)| (*operator, of(self, term), start.to(term.span))).collect();
        Number::Chain(Box::new(Chain { first, rest }))
    }

    /// Operators apply from the left, so integers before the first decimal are computed as integers.
    fn mixed_chain(&mut self, first: &Node, rest: &[(Arithmetic, Node)]) -> Number<Decimal> {
        let start = first.span;
        if self.type_of(first) == Kin::Decimal {
            let first = self.decimal(first);
            return self.chain(first, rest, start, Self::decimal);
        }
        let whole = rest.iter().take_while(|(_, term)| self.type_of(term) != Kin::Decimal).count();
        let mut integers = self.integer(first);
        if whole > 0 {
            integers = self.chain(integers, &rest[..whole], start, Self::integer);
        }
        let first = match integers {
            Number::Constant(value) => Number::Constant(Decimal::from(value)),
            integers => Number::Widened(Box::new(integers)),
        };
        self.chain(first, &rest[whole..], start, Self::decimal)
    }

    fn not_a_number<T>(&mut self, node: &Node, expected: &str, found: Kin) -> Number<T>
    where
        Number<T>: StandIn,
    {
        self.operand(node, expected, found);
        StandIn::stand_in()
    }

    fn text(&mut self, node: &Node) -> Text {
        match (&node.kind, self.type_of(node)) {
            (_, Kin::Choice(slot)) => Text::Name(self.choice(node, slot), self.schema.choices(slot), slot),
            (Kind::Text(text), _) => Text::Constant(Arc::clone(text)),
            (Kind::Field(name), Kin::Text) => Text::Field(self.slot(name)),
            (Kind::Conditional(parts), Kin::Text | Kin::Quoted) => {
                Text::Conditional(self.conditional(parts, Self::text))
            }
            (_, Kin::Unknown) => {
                self.untyped(node);
                Text::Field(0)
            }
            (_, found) => {
                self.operand(node, "a text", found);
                Text::Field(0)
            }
        }
    }

    /// One of the values of the choice that the field in `slot` declares.
    fn choice(&mut self, node: &Node, slot: u16) -> Choice {
        match (&node.kind, self.type_of(node)) {
            (Kind::Text(text), _) => Choice::Constant(self.choice_named(text, slot, node.span)),
            (Kind::Conditional(parts), Kin::Choice(_) | Kin::Quoted) => {
                Choice::Conditional(self.conditional(parts, |me, part| me.choice(part, slot)))
            }
            (Kind::Field(name), Kin::Choice(other)) if self.same_choices(slot, other) => Choice::Field(self.slot(name)),
            (_, Kin::Unknown) => {
                self.untyped(node);
                Choice::Constant(0)
            }
            (_, found) => {
                self.operand(node, "a value of the same choice", found);
                Choice::Constant(0)
            }
        }
    }

    fn choice_named(&mut self, text: &str, slot: u16, span: Span) -> u16 {
        let choices = self.schema.choices(slot);
        let position = choices.iter().position(|choice| **choice == *text);
        if position.is_none() {
            let name = self.schema.name(slot).map_or("", |name| name);
            let help = suggest(text, choices.iter().map(|choice| &**choice));
            self.report(Code::TypeMismatch, span, format!("`{text}` is not one of the values of `{name}`"), help);
            self.because_of(slot, span);
        }
        position.and_then(|position| u16::try_from(position).ok()).unwrap_or(0)
    }

    fn conditional<T>(&mut self, parts: &[Node; 3], of: impl Fn(&mut Self, &Node) -> T) -> Box<(Boolean, T, T)> {
        let [condition, then, otherwise] = parts;
        Box::new((self.boolean(condition), of(self, then), of(self, otherwise)))
    }

    fn both<T>(&mut self, sides: &[Node; 2], of: impl Fn(&mut Self, &Node) -> T) -> Box<[T; 2]> {
        Box::new([of(self, &sides[0]), of(self, &sides[1])])
    }

    fn operand(&mut self, node: &Node, expected: &str, found: Kin) {
        let help = match (expected, found) {
            ("a number", Kin::Quoted) => Some("numbers stand without quotes, and texts cannot be joined"),
            ("a number", Kin::Text | Kin::Choice(_)) => Some("texts can be compared, but not joined or computed with"),
            ("a boolean", _) => {
                Some("compare it with something; what a `!` or `-` in front means can be made clear with parentheses")
            }
            _ => None,
        };
        self.mismatch(node.span, format!("expected {expected}, found {}", found.described()), help);
    }

    /// The slot of a field; that of an unknown one does not matter, because it has been reported.
    fn slot(&self, name: &str) -> u16 {
        self.schema.slot(name).unwrap_or(0)
    }
}

/// A tree that stands where a problem was found.
trait StandIn {
    fn stand_in() -> Self;
}

impl StandIn for Number<i64> {
    fn stand_in() -> Self {
        Number::Constant(0)
    }
}

impl StandIn for Number<Decimal> {
    fn stand_in() -> Self {
        Number::Constant(Decimal::ZERO)
    }
}
