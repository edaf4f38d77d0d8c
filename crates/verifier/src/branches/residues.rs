//! What rest an integer leaves that a step computes: a score that is made of fives is a multiple of five.

use grieta_core::definition::{Definition, Expression, Kind, Step};
use grieta_core::expression::{Arithmetic, Part};
use grieta_core::value::Value;
use grieta_core::{LinkKind, Process};
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

/// The whole numbers that leave that rest when divided by the modulus; only the rest itself where the modulus is 0, and all
/// numbers where it is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Residue {
    pub modulus: i128,
    pub rest: i128,
}

impl Residue {
    const ANY: Residue = Residue { modulus: 1, rest: 0 };

    fn only(number: i128) -> Residue {
        Residue { modulus: 0, rest: number }
    }

    /// What is known of the value of a part, whatever the fields hold.
    pub fn of(part: &Part) -> Residue {
        match part {
            Part::Constant(Value::Integer(number)) => Residue::only((*number).into()),
            Part::Negated(inner) => Residue::of(inner).by(Arithmetic::Multiply, Residue::only(-1)),
            Part::Conditional(parts) => Residue::of(&parts[1]).or(Residue::of(&parts[2])),
            Part::Least(sides) | Part::Greatest(sides) => Residue::of(&sides[0]).or(Residue::of(&sides[1])),
            Part::Chain(first, rest) => {
                rest.iter().fold(Residue::of(first), |before, (operator, side)| before.by(*operator, Residue::of(side)))
            }
            _ => Residue::ANY,
        }
    }

    /// The one or the other.
    fn or(self, other: Residue) -> Residue {
        let apart = self.rest.checked_sub(other.rest);
        Residue::reduced(apart.map(|apart| gcd(gcd(self.modulus, other.modulus), apart)), Some(self.rest))
    }

    fn by(self, operator: Arithmetic, other: Residue) -> Residue {
        let (modulus, rest) = match operator {
            Arithmetic::Add => (Some(gcd(self.modulus, other.modulus)), self.rest.checked_add(other.rest)),
            Arithmetic::Subtract => (Some(gcd(self.modulus, other.modulus)), self.rest.checked_sub(other.rest)),
            Arithmetic::Multiply => {
                let times = |a: i128, b: i128| a.checked_mul(b);
                let modulus = || {
                    let mixed = gcd(times(self.modulus, other.rest)?, times(other.modulus, self.rest)?);
                    Some(gcd(times(self.modulus, other.modulus)?, mixed))
                };
                (modulus(), times(self.rest, other.rest))
            }
            Arithmetic::Divide | Arithmetic::Remainder => (None, None),
        };
        Residue::reduced(modulus, rest)
    }

    /// Anything, where a number became too large.
    fn reduced(modulus: Option<i128>, rest: Option<i128>) -> Residue {
        match (modulus, rest) {
            (Some(0), Some(rest)) => Residue::only(rest),
            (Some(modulus), Some(rest)) => Residue { modulus, rest: rest.rem_euclid(modulus) },
            _ => Residue::ANY,
        }
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.saturating_abs(), b.saturating_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// What is known of fields whenever a case comes to that step: those that all steps set by themselves from which it comes
/// there, right before. Nothing, where a case can come there in another way.
pub(super) fn on_arrival(process: &Process, step: &str) -> Vec<(u16, Residue)> {
    known(process, step).unwrap_or_default()
}

fn known(process: &Process, step: &str) -> Option<Vec<(u16, Residue)>> {
    let definition = process.definition();
    let node = NodeIndex::new(definition.steps.get_index_of(step)?);
    if definition.start == step {
        return None;
    }
    let mut known: Option<Vec<(u16, Residue)>> = None;
    for way in process.graph().edges_directed(node, Direction::Incoming) {
        let (_, from) = definition.steps.get_index(way.source().index())?;
        if !matches!(way.weight().kind, LinkKind::Next | LinkKind::Outcome) || !always_sets(from) {
            return None;
        }
        let set = sets(process, definition, from);
        known = Some(match known {
            None => set,
            Some(before) => both(&before, &set),
        });
    }
    known
}

/// Whether the step goes on only once it has set what it sets; a loop may not be done at all.
fn always_sets(step: &Step) -> bool {
    let kind = matches!(step.kind, Kind::Human { .. } | Kind::Service { .. } | Kind::Wait { .. } | Kind::Assign);
    kind && step.again.is_none() && step.outcomes.values().all(|outcome| outcome.sets.is_empty())
}

fn sets(process: &Process, definition: &Definition, step: &Step) -> Vec<(u16, Residue)> {
    let schema = process.schema();
    let set = |(field, value): (&String, &Expression)| {
        definition.data.get(field)?;
        let slot = schema.slot(field)?;
        // A process was checked: its assignments can be compiled.
        let value = Expression::compile_assignment(&value.0, schema, slot).ok()?;
        Some((slot, Residue::of(&value.parts())))
    };
    step.sets.iter().filter_map(set).collect()
}

fn both(one: &[(u16, Residue)], other: &[(u16, Residue)]) -> Vec<(u16, Residue)> {
    let in_other = |slot: u16| other.iter().find(|(known, _)| *known == slot).map(|(_, residue)| *residue);
    one.iter().filter_map(|(slot, residue)| Some((*slot, residue.or(in_other(*slot)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use grieta_core::definition::{Field, Type};
    use grieta_core::expression::Schema;

    #[test]
    fn sums_of_fives_are_fives() {
        let data = ["a", "b"].map(|name| (name.to_owned(), Field::of(Type::Integer)));
        let schema = Schema::new(&data.into_iter().collect()).unwrap();
        let check = |text: &str, modulus, rest| {
            let compiled = Expression::compile(text, &schema).unwrap();
            assert_eq!(Residue::of(&compiled.parts()), Residue { modulus, rest }, "{text}");
        };
        check("7", 0, 7);
        check("a", 1, 0);
        check("(a > 1 ? 25 : a > 0 ? 20 : 5) + (b > 0 ? 10 : 0) - (b > 9 ? 100 : 0)", 5, 0);
        check("(a > 1 ? 25 : 20) + 3", 5, 3);
        check("(a > 1 ? 25 : 20) + 1 - 7", 5, 4);
        check("10 * a", 10, 0);
        check("10 * a + 4 * b + 1", 2, 1);
        check("(2 * a + 1) * (2 * b + 1)", 2, 1);
        check("-(a > 0 ? 3 : 10)", 7, 4);
        check("max(a > 0 ? 4 : 6, 8)", 2, 0);
        check("10 * a / 2", 1, 0);
        check("5 - 2 * 3", 0, -1);
    }
}
