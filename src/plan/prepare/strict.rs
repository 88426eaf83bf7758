//! What a condition says of NULLs (PostgreSQL's `find_nonnullable_rels`, `find_nonnullable_vars` and
//! `find_forced_null_vars` in `clauses.c`): which relations' columns cannot all be NULL where it is true.

use crate::sql::expr::{ColumnRef, CompareOp, Expr, Function};
use crate::sql::relids::{Relids, bit};

/// Relations of which a row of NULLs makes the conditions false or unknown.
pub fn nonnullable_rels(conditions: &[Expr]) -> Relids {
    conditions.iter().fold(0, |set, condition| set | nonnullable_rels_of(condition, true))
}

fn nonnullable_rels_of(expr: &Expr, is_top: bool) -> Relids {
    let mut vars = Vec::new();
    nonnullable(expr, is_top, &mut vars);
    match expr {
        // Every arm must be false for the NULL row; different columns of it may make it so.
        Expr::Or(arms) => arms
            .iter()
            .map(|arm| nonnullable_rels_of(arm, is_top))
            .reduce(|all, arm| all & arm)
            .unwrap_or(0),
        Expr::And(parts) if is_top => {
            parts.iter().fold(0, |set, part| set | nonnullable_rels_of(part, true))
        }
        Expr::And(parts) => parts
            .iter()
            .map(|part| nonnullable_rels_of(part, false))
            .reduce(|all, part| all & part)
            .unwrap_or(0),
        _ => vars.iter().fold(0, |set, var| set | bit(usize::from(var.relation))),
    }
}

/// Columns of which a NULL makes the conditions false or unknown.
pub fn nonnullable_vars(conditions: &[Expr]) -> Vec<ColumnRef> {
    let mut vars = Vec::new();
    for condition in conditions {
        nonnullable(condition, true, &mut vars);
    }
    vars
}

/// `is_top`: the expression must be true; else it must be not NULL.
fn nonnullable(expr: &Expr, is_top: bool, out: &mut Vec<ColumnRef>) {
    match expr {
        Expr::Column(column) if column.level == 0 => out.push(*column),
        Expr::And(parts) if is_top => parts.iter().for_each(|part| nonnullable(part, true, out)),
        Expr::And(parts) | Expr::Or(parts) => in_all(parts, is_top, out),
        Expr::Not(inner) => nonnullable(inner, false, out),
        Expr::Compare(CompareOp::Distinct | CompareOp::NotDistinct, ..) => {}
        Expr::Compare(_, left, right) => {
            nonnullable(left, false, out);
            nonnullable(right, false, out);
        }
        Expr::Like { expr: left, pattern: right, .. } => {
            nonnullable(left, false, out);
            nonnullable(right, false, out);
        }
        Expr::Operator { left, right, .. } => {
            left.iter().for_each(|left| nonnullable(left, false, out));
            nonnullable(right, false, out);
        }
        Expr::InList { expr, .. } => nonnullable(expr, false, out),
        Expr::AnyAll { left, all: false, .. } => nonnullable(left, false, out),
        Expr::IsNull { expr, negated: true } if is_top => nonnullable(expr, false, out),
        Expr::IsTruth { expr, truth, negated } if is_top => match (truth, negated) {
            (Some(_), false) | (None, true) => nonnullable(expr, false, out),
            _ => {}
        },
        Expr::Function(call) if is_strict(call) => {
            call.args.iter().for_each(|arg| nonnullable(arg, false, out));
        }
        Expr::Cast { expr, .. } | Expr::Collate { expr, .. } => nonnullable(expr, is_top, out),
        _ => {}
    }
}

/// Columns that every part names.
fn in_all(parts: &[Expr], is_top: bool, out: &mut Vec<ColumnRef>) {
    let mut common: Option<Vec<ColumnRef>> = None;
    for part in parts {
        let mut vars = Vec::new();
        nonnullable(part, is_top, &mut vars);
        common = Some(match common {
            Some(known) => known.into_iter().filter(|var| vars.contains(var)).collect(),
            None => vars,
        });
    }
    out.extend(common.unwrap_or_default());
}

/// NULL for a NULL argument; most built-in functions are.
fn is_strict(call: &Function) -> bool {
    call.over.is_none()
        && !matches!(
            call.name.as_str(),
            "coalesce"
                | "ifnull"
                | "nvl"
                | "isnull"
                | "nullif"
                | "greatest"
                | "least"
                | "concat"
                | "concat_ws"
                | "format"
                | "json_build_object"
                | "jsonb_build_object"
                | "json_build_array"
                | "jsonb_build_array"
                | "num_nulls"
                | "num_nonnulls"
                | "if"
                | "iif"
        )
}

/// Columns that the conditions force to be NULL: `x IS NULL`.
pub fn forced_null_vars(conditions: &[Expr]) -> Vec<ColumnRef> {
    let forced = |condition: &Expr| match condition {
        Expr::IsNull { expr, negated: false } => match **expr {
            Expr::Column(column) if column.level == 0 => Some(column),
            _ => None,
        },
        Expr::IsTruth { expr, truth: None, negated: false } => match **expr {
            Expr::Column(column) if column.level == 0 => Some(column),
            _ => None,
        },
        _ => None,
    };
    conditions.iter().filter_map(forced).collect()
}
