//! GROUP BY: its expressions and grouping sets, multiplied out.

use sqlparser::ast::{self, GroupByExpr, GroupByWithModifier};

use super::convert_expr::convert_expr;
use super::expr::Expr;
use super::query::Query;
use crate::dialect::Dialect;

/// Most grouping sets of one query, as in PostgreSQL.
const SETS_MAX: usize = 4096;

/// Takes over GROUP BY into `group_by` and `grouping_sets`.
pub fn convert_group_by(group_by: GroupByExpr, dialect: Dialect, out: &mut Query) {
    let GroupByExpr::Expressions(items, modifiers) = group_by else { return };
    let mut has_sets = false;
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    for item in items {
        let choices = match item {
            ast::Expr::Rollup(parts) => {
                has_sets = true;
                rollup(&columns(parts, dialect, out))
            }
            ast::Expr::Cube(parts) => {
                has_sets = true;
                cube(&columns(parts, dialect, out))
            }
            ast::Expr::GroupingSets(parts) => {
                has_sets = true;
                columns(parts, dialect, out)
            }
            other => columns(vec![vec![other]], dialect, out),
        };
        multiply(&mut sets, &choices);
    }
    let all: Vec<Vec<usize>> = (0..out.group_by.len()).map(|at| vec![at]).collect();
    for modifier in modifiers {
        match modifier {
            GroupByWithModifier::Rollup => sets = rollup(&all),
            GroupByWithModifier::Cube => sets = cube(&all),
            GroupByWithModifier::GroupingSets(ast::Expr::GroupingSets(parts)) => {
                sets = columns(parts, dialect, out);
            }
            _ => continue,
        }
        has_sets = true;
    }
    if has_sets {
        out.grouping_sets = sets;
    }
}

/// Adds the expressions to `group_by`; their positions there.
fn columns(parts: Vec<Vec<ast::Expr>>, dialect: Dialect, out: &mut Query) -> Vec<Vec<usize>> {
    let mut position = |expr: Expr| {
        out.group_by.iter().position(|known| *known == expr).unwrap_or_else(|| {
            out.group_by.push(expr);
            out.group_by.len() - 1
        })
    };
    let mut set = |part: Vec<ast::Expr>| {
        let mut positions = Vec::new();
        for expr in part {
            match convert_expr(expr, dialect) {
                Expr::Row(exprs) => positions.extend(exprs.into_iter().map(&mut position)),
                expr => positions.push(position(expr)),
            }
        }
        positions
    };
    parts.into_iter().map(&mut set).collect()
}

/// All beginnings of the list, the longest first.
fn rollup(parts: &[Vec<usize>]) -> Vec<Vec<usize>> {
    (0..=parts.len()).rev().map(|n| parts.iter().take(n).flatten().copied().collect()).collect()
}

/// All subsets.
fn cube(parts: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut sets = vec![Vec::new()];
    for part in parts.iter().take(12) {
        multiply(&mut sets, &[part.clone(), Vec::new()]);
    }
    sets
}

/// Every set with every choice added.
fn multiply(sets: &mut Vec<Vec<usize>>, choices: &[Vec<usize>]) {
    let with = |set: &Vec<usize>, choice: &Vec<usize>| {
        let mut set = set.clone();
        set.extend(choice.iter().filter(|at| !set.contains(at)).copied().collect::<Vec<_>>());
        set
    };
    let all = sets.iter().flat_map(|set| choices.iter().map(move |choice| with(set, choice)));
    *sets = all.take(SETS_MAX).collect();
}
