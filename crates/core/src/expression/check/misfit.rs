//! What is said where types do not go together.

use super::super::ast::{Arithmetic, Comparison, Function, Kind, Node, Span};
use super::Checker;
use super::kinds::{Kin, Kinds, One};
use super::sum::{Misfit, Sum};

impl Checker<'_> {
    /// Checks the parts of what has no type, and says why it has none unless a part already does.
    pub(super) fn untyped(&mut self, node: &Node) {
        if let Kind::Conditional(parts) = &node.kind {
            self.branches(parts);
        } else {
            for child in node.children() {
                let kin = self.kin(child);
                self.typed(child, kin);
            }
        }
        match &node.kind {
            Kind::Arithmetic(first, rest) => {
                if let Err(misfit) = Sum::read(Kinds(self.schema), first, rest) {
                    self.operands(first, rest, misfit);
                }
            }
            Kind::Negate(inner) => match self.kin(inner) {
                Kin::Unknown => {}
                found => self.operand(inner, "a number or a duration", found),
            },
            Kind::Call(Some(function @ (Function::Min | Function::Max)), _, sides) => {
                if let [a, b] = &sides[..] {
                    self.extremes(*function, a, b, node.span);
                }
            }
            Kind::List(elements) => self.elements_differ(elements),
            _ => {}
        }
        if self.problems.is_empty() {
            self.mismatch(node.span, "expected an expression of a known type, found none".to_owned(), None);
        }
    }

    fn branches(&mut self, parts: &[Node; 3]) {
        let [condition, then, otherwise] = parts;
        self.boolean(condition);
        let kinds = (self.kin(then), self.kin(otherwise));
        self.typed(then, kinds.0);
        self.typed(otherwise, kinds.1);
        if Kinds(self.schema).common(kinds.0, kinds.1).is_none() {
            let (then_kind, otherwise_kind) = (kinds.0.described(), kinds.1.described());
            let message = format!("expected two values of one type after `?`, found {then_kind} and {otherwise_kind}");
            self.mismatch(then.span.to(otherwise.span), message, None);
        }
    }

    fn operands(&mut self, first: &Node, rest: &[(Arithmetic, Node)], misfit: Misfit) {
        let Misfit { index, before, found } = misfit;
        let Some((operator, side)) = rest.get(index) else { return };
        let symbol = operator.symbol();
        let (a, b) = (before.described(), found.described());
        let message = match operator {
            Arithmetic::Add => format!("`+` cannot add {b} to {a}"),
            Arithmetic::Subtract => format!("`-` cannot subtract {b} from {a}"),
            _ => format!("`{symbol}` cannot compute with {a} and {b}"),
        };
        let time = |kin| matches!(kin, Kin::One(One::Date | One::Duration));
        let help = match (before, operator, found) {
            (Kin::One(One::Duration), Arithmetic::Add, Kin::One(One::Date)) => Some("write the date first"),
            (Kin::One(One::Integer), Arithmetic::Multiply, Kin::One(One::Duration)) => Some("write the duration first"),
            (Kin::One(One::Date), _, Kin::One(One::Integer)) => {
                Some("say what is counted in quotes, as in `due + \"3 d\"`")
            }
            (Kin::One(One::Duration), Arithmetic::Multiply | Arithmetic::Divide, Kin::One(One::Decimal)) => {
                Some("a duration is multiplied and divided by integers, as in `delay * 3 / 2`")
            }
            (before, _, Kin::One(One::Text)) if time(before) => {
                Some("only a text in quotes can be read as a date or a duration")
            }
            (before, _, found) if before.is_number() && found == Kin::One(One::Quoted) => {
                Some("numbers stand without quotes")
            }
            (before, Arithmetic::Add, found) if before.is_text() || found.is_text() => {
                Some("only texts can be joined to texts")
            }
            (before, _, found) if before.is_text() || found.is_text() => {
                Some("texts can be compared and joined with `+`, but not computed with")
            }
            (Kin::List(_), ..) | (.., Kin::List(_)) => Some("lists can be compared, and asked with `in` and `length`"),
            _ => None,
        };
        self.mismatch(first.span.to(side.span), message, help);
    }

    fn extremes(&mut self, function: Function, a: &Node, b: &Node, span: Span) {
        let kinds = [self.kin(a), self.kin(b)];
        if kinds.contains(&Kin::Unknown) {
            return;
        }
        // A text in quotes may be fine beside a date.
        let fits = |kin: Kin| kin.is_measure() || kin == Kin::One(One::Quoted);
        if kinds.iter().all(|kin| fits(*kin)) && kinds.iter().any(|kin| kin.is_measure()) {
            self.incomparable(if function == Function::Min { "min" } else { "max" }, kinds, [a, b], span);
            return;
        }
        for (side, kin) in [a, b].into_iter().zip(kinds).filter(|(_, kin)| !kin.is_measure()) {
            self.operand(side, "a number, a date or a duration", kin);
        }
    }

    fn elements_differ(&mut self, elements: &[Node]) {
        let kinds = Kinds(self.schema);
        let mut common = Kin::Unknown;
        for element in elements {
            let found = self.kin(element);
            if matches!(found, Kin::List(_)) {
                self.mismatch(element.span, "a list cannot hold lists".to_owned(), None);
                return;
            }
            common = match (common, found) {
                (_, Kin::Unknown) => return,
                (Kin::Unknown, found) => found,
                (before, found) => match kinds.common(before, found) {
                    Some(both) => both,
                    None => {
                        let (a, b) = (before.described(), found.described());
                        let message = format!("a list holds values of one type, found {b} after {a}");
                        self.mismatch(element.span, message, None);
                        return;
                    }
                },
            };
        }
    }

    pub(super) fn not_assignable(&mut self, span: Span, found: Kin, slot: u16, wanted: Kin) {
        let name = self.schema.name(slot).map_or("", |name| name);
        let message = format!("the field `{name}` holds {}, found {}", wanted.described(), found.described());
        let help = match (found, wanted) {
            (Kin::One(One::Decimal), Kin::One(One::Integer)) => {
                Some("declare the field as `decimal`, or compute it from integers only")
            }
            (Kin::One(One::Choice(_)), Kin::One(One::Choice(_)))
            | (Kin::List(Some(One::Choice(_))), Kin::List(Some(One::Choice(_)))) => {
                Some("the two fields have different lists under `of`")
            }
            (Kin::One(One::Text), Kin::One(One::Choice(_))) => {
                Some("only a text in quotes can be checked to be one of the choices")
            }
            (Kin::One(One::Text), Kin::One(One::Date)) => Some("only a text in quotes can be read as a date"),
            (Kin::One(One::Text), Kin::One(One::Duration)) => Some("only a text in quotes can be read as a duration"),
            (Kin::One(_), Kin::List(_)) => Some("a list stands in brackets, as in `[1, 2]`"),
            _ => None,
        };
        self.mismatch(span, message, help);
        self.because_of(slot, span);
    }

    pub(super) fn no_order(&mut self, comparison: Comparison, kinds: [Kin; 2], span: Span) {
        let found = kinds.into_iter().find(|kin| kin.has_no_order()).map_or("", Kin::described);
        let symbol = comparison.symbol();
        let message =
            format!("`{symbol}` compares numbers, texts, dates or durations, found {found}, which has no order");
        self.mismatch(span, message, Some("use `==` or `!=`"));
    }

    pub(super) fn incomparable(&mut self, symbol: &str, [a, b]: [Kin; 2], sides: [&Node; 2], span: Span) {
        let message = format!("`{symbol}` cannot compare {} with {}", a.described(), b.described());
        let quoted = Kin::One(One::Quoted);
        let number =
            sides.iter().find_map(|side| if let Kind::Integer(number) = side.kind { Some(number) } else { None });
        let with_unit =
            format!("a duration has a unit and stands in quotes, as in `\"{} d\"` for days", number.unwrap_or(2));
        let help = match (a, b) {
            (Kin::One(One::Duration), b) if b.is_number() => Some(with_unit.as_str()),
            (a, Kin::One(One::Duration)) if a.is_number() => Some(with_unit.as_str()),
            (Kin::One(One::Choice(_)), Kin::One(One::Choice(_))) => {
                Some("the two fields have different lists under `of`")
            }
            (a, b) if (a == quoted && b.is_number()) || (b == quoted && a.is_number()) => {
                Some("numbers stand without quotes")
            }
            (Kin::One(One::Text), Kin::One(One::Date | One::Duration))
            | (Kin::One(One::Date | One::Duration), Kin::One(One::Text)) => {
                Some("only a text in quotes can be read as a date or a duration")
            }
            (Kin::List(_), Kin::One(_)) | (Kin::One(_), Kin::List(_)) => {
                Some("whether a list holds a value is asked with `in`, as in `x in [1, 2]`")
            }
            _ => None,
        };
        self.mismatch(span, message, help);
    }

    pub(super) fn not_a_list(&mut self, span: Span, found: Kin) {
        let help = match found.is_text() {
            true => "whether a text holds another is asked with `contains(text, part)`",
            false => "a list stands in brackets, as in `x in [1, 2]`",
        };
        let message = format!("`in` asks whether a list holds a value, found {} instead of a list", found.described());
        self.mismatch(span, message, Some(help));
    }

    pub(super) fn never_in(&mut self, span: Span, found: Kin, list: Kin) {
        let help = match (found, list) {
            (Kin::One(One::Choice(_)), Kin::List(Some(One::Choice(_)))) => {
                Some("the two fields have different lists under `of`")
            }
            (Kin::One(One::Quoted), Kin::List(Some(One::Integer | One::Decimal))) => {
                Some("numbers stand without quotes")
            }
            (Kin::List(_), _) => Some("ask for one value after the other"),
            _ => None,
        };
        self.mismatch(span, format!("{} never holds {}", list.described(), found.described()), help);
    }

    pub(super) fn operand(&mut self, node: &Node, expected: &str, found: Kin) {
        let help = match (expected, found) {
            ("a number", Kin::One(One::Quoted)) => Some("numbers stand without quotes"),
            ("a date" | "a duration", Kin::One(One::Text)) => {
                Some("only a text in quotes can be read as a date or a duration")
            }
            ("a boolean", _) => {
                Some("compare it with something; what a `!` or `-` in front means can be made clear with parentheses")
            }
            _ => None,
        };
        self.mismatch(node.span, format!("expected {expected}, found {}", found.described()), help);
    }
}
