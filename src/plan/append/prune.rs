//! Which partitions a query can need (`prune_append_rel_partitions` in `partprune.c`), by comparisons
//! of partition keys with constants. Parameters and `now()` prune when the statement runs: all
//! partitions stay in the plan. PostgreSQL's hash functions are not modelled: of a table that is
//! partitioned by hash all partitions stay.

use super::bounds::{Bound, read_bound};
use super::pieces::{Piece, pieces};
use crate::estimate::fold::estimate_value;
use crate::estimate::value::Value;
use crate::estimate::variable::Variable;
use crate::plan::clause::Clauses;
use crate::plan::root::Root;
use crate::sql::expr::{CompareOp, Expr};

/// The partitions that are left: positions among `children`, and whether each holds only values that
/// are greater than those of the ones before.
#[derive(Debug, Default)]
pub struct Live {
    /// Positions, in the server's order.
    pub partitions: Vec<usize>,
    /// The order of partitions is that of their keys.
    pub is_ordered: bool,
}

struct Test<'t, 'a> {
    root: &'t Root<'a>,
    keys: &'t [Expr],
    variables: &'t [Variable<'t>],
}

/// Prunes the partitions (tables) of a relation by its restrictions.
pub fn live_partitions(
    root: &Root<'_>,
    keys: &[Expr],
    children: &[usize],
    restrictions: &Clauses,
) -> Live {
    let tables = &root.configuration.catalog.tables;
    let bounds: Vec<Option<Bound>> = children
        .iter()
        .map(|at| read_bound(tables.get(*at)?.partition_bound.as_deref()?))
        .collect();
    let variables: Vec<Variable<'_>> =
        keys.iter().map(|key| root.scope.variable(key, None)).collect();
    let test = Test { root, keys, variables: &variables };
    let mut live = Live { partitions: Vec::new(), is_ordered: true };
    for (at, pieces) in pieces(&bounds, &variables) {
        let can_hold =
            |piece: &Piece<'_>| restrictions.iter().all(|clause| test.passes(&clause.expr, piece));
        if !pieces.iter().any(can_hold) {
            continue;
        }
        live.partitions.push(at);
        live.is_ordered &= match bounds.get(at) {
            Some(Some(Bound::Range(..))) => true,
            Some(Some(Bound::List(values))) => values.len() == 1,
            _ => false,
        };
    }
    live
}

impl Test<'_, '_> {
    /// Could a row of this piece satisfy the condition?
    fn passes(&self, expr: &Expr, piece: &Piece<'_>) -> bool {
        match expr {
            Expr::And(parts) => parts.iter().all(|part| self.passes(part, piece)),
            Expr::Or(arms) => arms.iter().any(|arm| self.passes(arm, piece)),
            Expr::Compare(op, left, right) => {
                if let Some(key) = self.key(left) {
                    self.compares(key, *op, right, piece)
                } else if let Some(key) = self.key(right) {
                    self.compares(key, op.commuted(), left, piece)
                } else {
                    true
                }
            }
            Expr::InList { expr, list, negated: false } => self.key(expr).is_none_or(|key| {
                list.iter().any(|value| self.compares(key, CompareOp::Eq, value, piece))
            }),
            Expr::AnyAll { op, left, right, all: false } => match (self.key(left), &**right) {
                (Some(key), Expr::Array(values)) => {
                    values.iter().any(|value| self.compares(key, *op, value, piece))
                }
                _ => true,
            },
            Expr::IsNull { expr, negated } => {
                self.key(expr).is_none() || piece.may_be_null(!negated)
            }
            _ => true,
        }
    }

    fn key(&self, expr: &Expr) -> Option<usize> {
        let expr = self.root.scope.strip(expr);
        self.keys.iter().position(|key| self.root.scope.strip(key) == expr)
    }

    fn compares(&self, key: usize, op: CompareOp, value: &Expr, piece: &Piece<'_>) -> bool {
        if matches!(op, CompareOp::Ne | CompareOp::NotDistinct | CompareOp::Distinct) {
            return true;
        }
        let is_constant = match value {
            Expr::Literal(_) => true,
            Expr::Cast { expr, .. } => matches!(**expr, Expr::Literal(_)),
            _ => false,
        };
        let Some(variable) = self.variables.get(key).filter(|_| is_constant) else { return true };
        let Some(constant) = estimate_value(&self.root.scope, value) else { return true };
        // Nothing compares with NULL.
        let Some(known) = &constant.value else { return false };
        match known {
            Value::Text(text) if constant.data_type == "unknown" => {
                Value::parse(&variable.data_type, text)
                    .is_none_or(|typed| piece.may_hold(key, op, &typed, self.variables))
            }
            known => piece.may_hold(key, op, known, self.variables),
        }
    }
}
