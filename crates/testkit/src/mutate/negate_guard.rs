//! Negates a guard: of a branch, a loop, a crack, or of enough instances.

use grieta_core::definition::{Definition, Expression, Purpose, Type};
use grieta_core::expression::Schema;

use super::Found;

pub(super) fn find(definition: &Definition, found: &mut Found) {
    let Ok(schema) = Schema::new(&definition.data) else { return };
    for used in definition.expressions() {
        let is_guard = match used.purpose {
            Purpose::Guard => true,
            Purpose::Enough => is_condition(used.expression, &schema),
            Purpose::Set(_) | Purpose::Told | Purpose::Day | Purpose::Count => false,
        };
        if !is_guard {
            continue;
        }
        let negated = Expression(format!("!({})", used.expression.0));
        let what = format!("the guard `{}` becomes `{}`", used.expression.0, negated.0);
        let path = used.path.clone();
        found.add(used.path, what, move |definition| {
            definition.expression_mut(&path).into_iter().for_each(|guard| guard.clone_from(&negated));
        });
    }
}

fn is_condition(expression: &Expression, schema: &Schema) -> bool {
    Expression::compile(&expression.0, schema).is_ok_and(|compiled| compiled.result_type() == Type::Boolean)
}
