//! Constant folding (`eval_const_expressions` and `estimate_expression_value`).

use super::scope::Scope;
use crate::sql::expr::{Expr, Literal};

/// Simplifies an expression where its value is known; what is not known stays as it is.
pub fn fold_constants(expr: &mut Expr, scope: &Scope<'_>) {
    expr.for_each_child_mut(&mut |child| fold_constants(child, scope));
    if let Expr::Not(inner) = expr
        && let Expr::Literal(Literal::Bool(value)) = **inner
    {
        *expr = Expr::Literal(Literal::Bool(!value));
    }
}
