//! How many groups GROUP BY or DISTINCT makes. After `estimate_num_groups` of `selfuncs.c`.

use super::extended;
use super::scope::{Scope, relids};
use super::sql_type::expr_type;
use super::variable::{Variable, clamp_rows};
use crate::sql::expr::Expr;
use crate::sql::relids::Relids;

/// Something grouped by that is treated as one variable.
pub struct GroupVariable<'e> {
    /// A column, or an expression with statistics.
    pub expr: &'e Expr,
    relids: Relids,
    tuples: f64,
    rows: f64,
    distinct: f64,
}

/// Distinct combinations of expressions among so many rows. Booleans count two each; other
/// expressions are split into their columns, unless there are statistics of the whole. Columns of one
/// relation multiply, up to its rows, or a tenth of them for several; of n values in N rows,
/// `n * (1 - ((N - p) / N)^(N / n))` are left in p of them. Columns that the caller knows to be equal
/// are to be given once.
pub fn num_groups(scope: &Scope<'_>, exprs: &[&Expr], rows: f64) -> f64 {
    let Some((n_booleans, variables)) = variables(scope, exprs) else { return rows };
    let mut groups = (0..n_booleans).fold(1.0, |groups, _| groups * 2.0);
    let mut left = variables;
    while let Some(first) = left.first() {
        let of = first.relids;
        let (here, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|variable| variable.relids == of);
        groups *= groups_of_relation(scope, here);
        left = others;
    }
    groups = groups.ceil();
    if groups > rows {
        groups = rows;
    }
    if groups < 1.0 { 1.0 } else { groups }
}

/// The variables grouped by, each once, and the number of booleans; `None`: every row is its own
/// group, as something volatile is grouped by.
fn variables<'e>(scope: &Scope<'_>, exprs: &[&'e Expr]) -> Option<(usize, Vec<GroupVariable<'e>>)> {
    let mut n_booleans = 0;
    let mut found: Vec<GroupVariable<'e>> = Vec::new();
    for expr in exprs {
        if expr_type(scope, expr) == "bool" {
            n_booleans += 1;
            continue;
        }
        let variable = scope.variable(expr, None);
        if variable.relids != 0 && (variable.statistics.is_some() || variable.is_unique) {
            add(&mut found, expr, &variable);
            continue;
        }
        if relids(expr) == 0 {
            let mut is_volatile = false;
            expr.walk(&mut |part| {
                if let Expr::Function(call) = part {
                    is_volatile |= crate::sql::visit::is_volatile(&call.name);
                }
            });
            if is_volatile {
                return None;
            }
            continue;
        }
        expr.walk(&mut |part| {
            if let Expr::Column(column) = part
                && column.level == 0
            {
                add(&mut found, part, &scope.variable(part, None));
            }
        });
    }
    Some((n_booleans, found))
}

fn add<'e>(found: &mut Vec<GroupVariable<'e>>, expr: &'e Expr, variable: &Variable<'_>) {
    if found.iter().any(|known| known.expr == expr) {
        return;
    }
    found.push(GroupVariable {
        expr,
        relids: variable.relids,
        tuples: variable.tuples,
        rows: variable.rows.unwrap_or(variable.tuples),
        distinct: variable.num_distinct().0,
    });
}

fn groups_of_relation(scope: &Scope<'_>, mut variables: Vec<GroupVariable<'_>>) -> f64 {
    let (tuples, rows) = variables.first().map_or((0.0, 0.0), |first| (first.tuples, first.rows));
    let (mut product, mut largest, mut count) = (1.0, 1.0, 0);
    let mut multiply = |distinct: f64| {
        product *= distinct;
        if largest < distinct {
            largest = distinct;
        }
        count += 1;
    };
    while let Some(distinct) = extended::take_distinct(scope, &mut variables) {
        multiply(distinct);
    }
    variables.iter().for_each(|variable| multiply(variable.distinct));
    if tuples > 0.0 {
        let mut most = tuples;
        if count > 1 {
            most *= 0.1;
            if most < largest {
                most = if largest > tuples { tuples } else { largest };
            }
        }
        if product > most {
            product = most;
        }
        if product > 0.0 && rows < tuples {
            product *= 1.0 - libm::pow((tuples - rows) / tuples, tuples / product);
        }
        product = clamp_rows(product);
        return product;
    }
    // Of an empty relation nothing is multiplied in.
    1.0
}
