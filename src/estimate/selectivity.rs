//! Which part of a relation's rows a condition keeps. After PostgreSQL's `selfuncs.c` (eqsel,
//! scalarineqsel, patternsel, nulltestsel, boolvarsel), `clausesel.c` (conjunctions, range pairs) and
//! `array_selfuncs.c`. Every result lies in 0 to 1.
//!
//! Left out here: extended statistics and cross-column correlation (conjuncts are independent).

use super::column::{ColumnInfo, column_info, info_of};
use super::inequality::inequality;
use super::join::JoinContext;
use super::pattern;
use super::scalar::scalar;
pub use super::scope::Scope;
use super::types::TypeFamily;
use crate::catalog::{Index, Table};
use crate::sql::expr::{ColumnRef, CompareOp, Expr, Literal};
use crate::sql::relids::{bit, is_multiple};
use crate::sql::schema::KeyPart;

/// `DEFAULT_INEQ_SEL`: a comparison with an unknown value.
pub const DEFAULT_INEQ: f64 = 1.0 / 3.0;
/// `DEFAULT_RANGE_INEQ_SEL`: two such comparisons that bound a range.
const DEFAULT_RANGE: f64 = 0.005;
/// `DEFAULT_MATCHING_SEL`: containment and the like.
const DEFAULT_MATCHING: f64 = 0.010;
/// What PostgreSQL assumes of a condition it knows nothing of (a function returning boolean).
const DEFAULT_FUNCTION: f64 = 1.0 / 3.0;

impl<'a> Scope<'a> {
    /// What is known of an expression: a column, or what an expression index has statistics of.
    pub fn info(&self, expr: &Expr) -> Option<ColumnInfo<'a>> {
        match expr {
            Expr::Column(column) => self.column(*column),
            Expr::Cast { expr: inner, .. } | Expr::Collate { expr: inner, .. } => self.info(inner),
            _ => self.expression(expr),
        }
    }

    fn column(&self, column: ColumnRef) -> Option<ColumnInfo<'a>> {
        if column.level > 0 {
            return None;
        }
        let relation = self.relations.get(usize::from(column.relation))?;
        let Some(table) = relation.table else {
            return relation.columns.get(usize::from(column.column)).copied().flatten();
        };
        table.columns.get(usize::from(column.column))?;
        Some(column_info(table, usize::from(column.column)))
    }

    fn expression(&self, expr: &Expr) -> Option<ColumnInfo<'a>> {
        let relation = expr.columns().first()?.relation;
        let table = self.relations.get(usize::from(relation))?.table?;
        let mut local = expr.clone();
        set_relation(&mut local, 0);
        for index in &table.indexes {
            for (position, key) in index.keys.iter().enumerate() {
                if matches!(&key.part, KeyPart::Expr(indexed, _) if **indexed == local) {
                    let known = index.statistics.expressions.iter().find(|(at, _)| *at == position);
                    if let Some((_, statistics)) = known {
                        return Some(info_of(table, "text", Some(statistics)));
                    }
                }
            }
        }
        Some(info_of(table, "text", None))
    }
}

fn set_relation(expr: &mut Expr, relation: u16) {
    if let Expr::Column(column) = expr {
        column.relation = relation;
    }
    expr.for_each_child_mut(&mut |child| set_relation(child, relation));
}

/// The part of a table's rows that an index's predicate keeps; 1 without one.
pub fn predicate_selectivity(table: &Table, index: &Index) -> f64 {
    match &index.predicate {
        Some(Expr::And(parts)) => conjunction(&Scope::of(table), &parts.iter().collect::<Vec<_>>()),
        Some(predicate) => clause(&Scope::of(table), predicate),
        None => 1.0,
    }
}

/// Selectivity of several conditions that all must hold. A lower and an upper bound on one key are a
/// range: `low + high - 1` (plus the NULLs counted twice), not their product.
pub fn conjunction(scope: &Scope<'_>, conditions: &[&Expr]) -> f64 {
    let mut total = 1.0;
    let mut ranges: Vec<(&Expr, Bounds)> = Vec::new();
    for condition in conditions {
        match range_bound(condition) {
            Some((key, is_low)) => {
                let selectivity = clause(scope, condition);
                let at = ranges.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                    ranges.push((key, Bounds::default()));
                    ranges.len() - 1
                });
                if let Some((_, bounds)) = ranges.get_mut(at) {
                    bounds.add(is_low, selectivity);
                }
            }
            None => total *= clause(scope, condition),
        }
    }
    for (key, bounds) in ranges {
        let null_frac = scope.info(key).map_or(0.0, |info| info.null_frac);
        total *= bounds.selectivity(null_frac);
    }
    total.clamp(0.0, 1.0)
}

/// The bounds of one key, as selectivities.
#[derive(Default)]
struct Bounds {
    low: Option<f64>,
    high: Option<f64>,
}

impl Bounds {
    fn add(&mut self, is_low: bool, selectivity: f64) {
        let side = if is_low { &mut self.low } else { &mut self.high };
        *side = Some(side.map_or(selectivity, |known| known.min(selectivity)));
    }

    fn selectivity(&self, null_frac: f64) -> f64 {
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                if is_default(low) || is_default(high) {
                    return DEFAULT_RANGE;
                }
                let both = low + high - 1.0 + null_frac;
                if both > 0.0 {
                    both
                } else if both < -0.01 {
                    DEFAULT_RANGE
                } else {
                    1.0e-10
                }
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => 1.0,
        }
    }
}

fn is_default(selectivity: f64) -> bool {
    (selectivity - DEFAULT_INEQ).abs() < 1e-9
}

/// The key of `key < value` and whether the value bounds it from below.
fn range_bound(condition: &Expr) -> Option<(&Expr, bool)> {
    use CompareOp::{Ge, Gt, Le, Lt};
    let Expr::Compare(op, left, right) = condition else { return None };
    let (key, op) = match (left.is_constant_here(), right.is_constant_here()) {
        (false, true) => (left, *op),
        (true, false) => (right, op.commuted()),
        _ => return None,
    };
    match op {
        Gt | Ge => Some((key, true)),
        Lt | Le => Some((key, false)),
        _ => None,
    }
}

/// `clause_selectivity`: the part of the rows for which a clause holds.
pub fn clause_selectivity(scope: &Scope<'_>, expr: &Expr, context: &JoinContext) -> f64 {
    let relations = expr.columns().iter().fold(0, |all, c| all | bit(usize::from(c.relation)));
    if context.var_relid.is_none() && context.special.is_some() && is_multiple(relations) {
        return super::join::join_selectivity(scope, expr);
    }
    clause(scope, expr)
}

/// `clauselist_selectivity`: the part of the rows for which all clauses hold.
pub fn clauselist_selectivity(scope: &Scope<'_>, exprs: &[&Expr], context: &JoinContext) -> f64 {
    match exprs {
        [one] => clause_selectivity(scope, one, context),
        _ if context.special.is_some() => {
            exprs.iter().map(|expr| clause_selectivity(scope, expr, context)).product()
        }
        _ => conjunction(scope, exprs),
    }
}

/// Selectivity of one condition.
pub fn clause(scope: &Scope<'_>, condition: &Expr) -> f64 {
    let selectivity = match condition {
        Expr::And(parts) => conjunction(scope, &parts.iter().collect::<Vec<_>>()),
        Expr::Or(arms) => arms.iter().fold(0.0, |sum, arm| {
            let one = clause(scope, arm);
            sum + one - sum * one
        }),
        Expr::Not(inner) => 1.0 - clause(scope, inner),
        Expr::Compare(op, left, right) => compare(scope, *op, left, right),
        Expr::IsNull { expr, negated } => {
            let null_frac = scope.info(expr).map_or(0.005, |info| null_fraction(&info));
            if *negated { 1.0 - null_frac } else { null_frac }
        }
        Expr::IsTruth { expr, truth, negated } => {
            let one = match truth {
                Some(truth) => boolean(scope, expr, *truth),
                None => scope.info(expr).map_or(0.005, |info| info.null_frac),
            };
            if *negated { 1.0 - one } else { one }
        }
        Expr::Column(_) => boolean(scope, condition, true),
        Expr::InList { expr, list, negated } => in_list(scope, expr, list, *negated),
        Expr::AnyAll { op, left, right, all } => any_all(scope, *op, left, right, *all),
        Expr::Like { kind, expr, pattern, negated } => {
            let matching = scope
                .info(expr)
                .map_or(DEFAULT_MATCHING, |info| pattern::like_selectivity(&info, *kind, pattern));
            if *negated {
                let null_frac = scope.info(expr).map_or(0.0, |info| info.null_frac);
                1.0 - matching - null_frac
            } else {
                matching
            }
        }
        Expr::Literal(Literal::Bool(value)) => f64::from(u8::from(*value)),
        Expr::Literal(Literal::Null) => 0.0,
        Expr::Exists { .. } | Expr::AnyAllSubquery { .. } => 0.5,
        Expr::Operator { op, .. } => operator_default(op),
        Expr::Function(_) | Expr::Other { .. } => DEFAULT_FUNCTION,
        _ => 0.5,
    };
    selectivity.clamp(0.0, 1.0)
}

/// Defaults of `contsel`, `tsmatchsel`, `areasel` and `matchingsel`.
fn operator_default(op: &str) -> f64 {
    match op {
        "@@" => 0.001,
        "&&" => 0.005,
        "<<" | ">>" | "&<" | "&>" => DEFAULT_INEQ,
        "?" | "?|" | "?&" | "@>" | "<@" | "@?" | "%" => DEFAULT_MATCHING,
        _ => DEFAULT_FUNCTION,
    }
}

fn null_fraction(info: &ColumnInfo<'_>) -> f64 {
    // `DEFAULT_UNK_SEL`
    info.statistics.and_then(|statistics| statistics.null_frac).unwrap_or(0.005)
}

fn compare(scope: &Scope<'_>, op: CompareOp, left: &Expr, right: &Expr) -> f64 {
    let (key, value, op) = match (scope.info(left), left.is_constant_here()) {
        (Some(_), false) => (left, right, op),
        _ => (right, left, op.commuted()),
    };
    let Some(info) = scope.info(key) else {
        return match op {
            CompareOp::Eq | CompareOp::NotDistinct => 0.005,
            CompareOp::Ne | CompareOp::Distinct => 0.995,
            _ => DEFAULT_INEQ,
        };
    };
    let truth = boolean_literal(value);
    match op {
        CompareOp::Eq | CompareOp::NotDistinct => match truth {
            Some(truth) if info.family == TypeFamily::Bool => boolean(scope, key, truth),
            _ => equal(&info, constant(value).as_deref()),
        },
        CompareOp::Ne | CompareOp::Distinct => {
            1.0 - equal(&info, constant(value).as_deref()) - info.null_frac
        }
        CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
            inequality(&info, op, value)
        }
    }
}

fn boolean_literal(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Literal(Literal::Bool(value)) => Some(*value),
        _ => None,
    }
}

/// The text of a constant, through casts; `None` when its value is not known.
pub fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Literal(Literal::Number(text) | Literal::Text(text)) => Some(text.clone()),
        Expr::Literal(Literal::Bool(value)) => Some((if *value { "t" } else { "f" }).to_owned()),
        Expr::Cast { expr, .. } | Expr::Collate { expr, .. } => constant(expr),
        _ => None,
    }
}

/// `boolvarsel`: the frequency of true (or false) where known, else one half.
fn boolean(scope: &Scope<'_>, expr: &Expr, truth: bool) -> f64 {
    let Some(info) = scope.info(expr).filter(|info| info.family == TypeFamily::Bool) else {
        return 0.5;
    };
    equal(&info, Some(if truth { "t" } else { "f" }))
}

/// `eqsel`: the frequency of a most common value; else what is left, shared by the other values and
/// no more than the rarest of the common ones. Unknown value: an average one.
pub fn equal(info: &ColumnInfo<'_>, value: Option<&str>) -> f64 {
    let present = 1.0 - info.null_frac;
    if info.is_unique && info.rows >= 1.0 {
        return 1.0 / info.rows;
    }
    let (values, frequencies) = common_values(info);
    let Some(value) = value else {
        let average = present / info.n_distinct.max(1.0);
        return frequencies.first().map_or(average, |most| average.min(*most));
    };
    let same = |known: &String| known == value || same_scalar(info.family, known, value);
    if let Some(at) = values.iter().position(same) {
        return frequencies.get(at).copied().unwrap_or(0.0);
    }
    let common: f64 = frequencies.iter().sum();
    let others = info.n_distinct - f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
    let rest = (present - common).max(0.0);
    let share = if others > 1.0 { rest / others } else { rest };
    match frequencies.last() {
        Some(rarest) => share.min(*rarest),
        None => share,
    }
}

fn same_scalar(family: TypeFamily, a: &str, b: &str) -> bool {
    match (scalar(family, a), scalar(family, b)) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        _ => false,
    }
}

/// Most common values and their frequencies, equally long.
pub fn common_values<'a>(info: &ColumnInfo<'a>) -> (&'a [String], &'a [f64]) {
    let Some(statistics) = info.statistics else { return (&[], &[]) };
    let n = statistics.most_common_vals.len().min(statistics.most_common_freqs.len());
    (
        statistics.most_common_vals.get(..n).unwrap_or(&[]),
        statistics.most_common_freqs.get(..n).unwrap_or(&[]),
    )
}

/// `scalararraysel` for `= ANY`: the values exclude each other, so their selectivities add up.
fn in_list(scope: &Scope<'_>, expr: &Expr, list: &[Expr], negated: bool) -> f64 {
    let Some(info) = scope.info(expr) else {
        return if negated { 0.995 } else { 0.005 };
    };
    let mut seen: Vec<&Expr> = Vec::new();
    let mut sum = 0.0;
    for value in list {
        let known = constant(value);
        if known.is_some() {
            if seen.contains(&value) {
                continue;
            }
            seen.push(value);
        }
        sum += equal(&info, known.as_deref());
    }
    let matching = sum.min(1.0);
    if negated { (1.0 - matching - info.null_frac).max(0.0) } else { matching }
}

/// An array of unknown length counts as ten values, as in PostgreSQL.
fn any_all(scope: &Scope<'_>, op: CompareOp, left: &Expr, right: &Expr, all: bool) -> f64 {
    match right {
        Expr::Array(list) if op == CompareOp::Eq && !all => in_list(scope, left, list, false),
        Expr::Array(list) if op == CompareOp::Ne && all => in_list(scope, left, list, true),
        Expr::Cast { expr, .. } => any_all(scope, op, left, expr, all),
        Expr::Literal(Literal::Text(text)) if text.starts_with('{') => {
            let items = text.trim_matches(['{', '}']).split(',');
            let list = items
                .map(|item| Expr::Literal(Literal::Text(item.trim().trim_matches('"').to_owned())));
            in_list(scope, left, &list.collect::<Vec<_>>(), op == CompareOp::Ne)
        }
        _ => {
            let one = compare(scope, op, left, &Expr::Param("$".to_owned()));
            if all { libm::pow(one, 10.0) } else { 1.0 - libm::pow(1.0 - one, 10.0) }
        }
    }
}
