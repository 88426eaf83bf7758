//! What each step above the joins computes: cost and width of the rows between scans and joins,
//! grouping, windows, sorting and the result (`make_group_input_target` and its kin in `planner.c`,
//! `set_pathtarget_cost_width` in `costsize.c`). A step's input holds what the step needs as it stands,
//! and only the columns of everything else.

use super::aggregates::Aggregates;
use super::group_clause::group_exprs;
use super::project_set::returns_set;
use super::windows::ActiveWindow;
use crate::estimate::sql_type::declared_type;
use crate::estimate::types::canonical;
use crate::plan::base::row_mark;
use crate::plan::clause::QualCost;
use crate::plan::cost::qual::qual_cost;
use crate::plan::estimates::expr_width;
use crate::plan::relation::{BaseKind, Target};
use crate::plan::root::Root;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::functions::is_parallel_safe;
use crate::sql::functions::{has_volatile, is_aggregate};
use crate::sql::query::{Command, Target as SelectItem};

/// Expressions of a row, and what they cost.
#[derive(Debug, Clone, Default)]
pub struct TargetList {
    /// The expressions.
    pub exprs: Vec<Expr>,
    /// Cost and width.
    pub target: Target,
    /// May workers compute them?
    pub is_parallel_safe: bool,
}

impl TargetList {
    /// Only columns, each once: what a relation returns anyway.
    pub fn is_plain(&self) -> bool {
        let mut seen: Vec<&Expr> = Vec::new();
        self.exprs.iter().all(|expr| {
            let is_new = matches!(expr, Expr::Column(_)) && !seen.contains(&expr);
            seen.push(expr);
            is_new
        })
    }
}

/// The rows between the steps.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// Of the result, with the columns that only ORDER BY and the like need.
    pub last: TargetList,
    /// Before ORDER BY.
    pub sort_input: TargetList,
    /// Something is computed only after sorting.
    pub is_postponed: bool,
    /// Set-returning functions are among it.
    pub has_postponed_sets: bool,
    /// Of groups, before windows.
    pub grouping: TargetList,
    /// Of scans and joins.
    pub scan_join: TargetList,
}

/// One output column.
struct Column {
    expr: Expr,
    /// GROUP BY, ORDER BY, DISTINCT or a window refers to it.
    is_reference: bool,
}

/// The rows between the steps of a query.
pub fn targets(root: &Root<'_>, windows: &[ActiveWindow], has_grouping: bool) -> Targets {
    let columns = output_columns(root);
    let junk = junk_width(root);
    let all = columns.iter().map(|column| column.expr.clone()).collect();
    let last = list(root, all, junk);
    let mut out = Targets { last, ..Targets::default() };
    let postponed = if root.query.order_by.is_empty() { None } else { postponed(root, &columns) };
    out.is_postponed = postponed.is_some();
    out.sort_input = match &postponed {
        Some((exprs, has_sets)) => {
            out.has_postponed_sets = *has_sets;
            list(root, exprs.clone(), junk)
        }
        None => out.last.clone(),
    };
    let groups = group_exprs(root);
    out.grouping = if windows.is_empty() {
        out.sort_input.clone()
    } else {
        let mut keep = groups.clone();
        for window in windows {
            keep.extend(window.partition_by.iter().cloned());
            keep.extend(window.order_by.iter().map(|key| key.expr.clone()));
        }
        let exprs = split(&out.last.exprs, &[], &keep, Keep::Aggregates);
        list(root, exprs, junk)
    };
    out.scan_join = if has_grouping {
        let exprs = split(&out.last.exprs, &root.query.having, &groups, Keep::Nothing);
        list(root, exprs, 0.0)
    } else {
        out.grouping.clone()
    };
    out
}

/// `make_partial_grouping_target`: what a worker's part of the groups returns: the states of aggregates
/// instead of their values.
pub fn partial_grouping(root: &Root<'_>, grouping: &TargetList, parts: &Aggregates) -> Target {
    let groups = group_exprs(root);
    let exprs = split(&grouping.exprs, &root.query.having, &groups, Keep::Aggregates);
    let is_call = |expr: &Expr| matches!(expr, Expr::Function(call) if is_aggregate(call));
    let (calls, others): (Vec<Expr>, Vec<Expr>) = exprs.into_iter().partition(is_call);
    let mut target = cost_width(root, &others);
    for call in &calls {
        let known = parts
            .calls
            .iter()
            .find(|(known, _)| matches!(call, Expr::Function(call) if **call == *known));
        target.width += known.map_or(32.0, |(_, function)| function.partial_width);
    }
    target
}

/// `set_pathtarget_cost_width`
pub fn cost_width(root: &Root<'_>, exprs: &[Expr]) -> Target {
    let mut target = Target::default();
    for expr in exprs {
        target.width += expr_width(root, expr);
        if !matches!(expr, Expr::Column(column) if column.level == 0) {
            target.cost += eval_cost(root, expr);
        }
    }
    target
}

/// `cost_qual_eval_node`
pub fn eval_cost(root: &Root<'_>, expr: &Expr) -> QualCost {
    qual_cost(root, expr)
}

fn list(root: &Root<'_>, exprs: Vec<Expr>, junk: f64) -> TargetList {
    let mut target = cost_width(root, &exprs);
    target.width += junk;
    let is_parallel_safe = exprs.iter().all(is_parallel_safe);
    TargetList { exprs, target, is_parallel_safe }
}

/// The select list, then what only ORDER BY, GROUP BY, DISTINCT ON and windows name.
fn output_columns(root: &Root<'_>) -> Vec<Column> {
    let query = &root.query;
    let mut columns: Vec<Column> = Vec::new();
    let is_distinct = query.distinct.as_ref().is_some_and(Vec::is_empty);
    if let Command::Update { set } = &query.command {
        columns.extend(set.iter().map(|(name, value)| Column {
            expr: assigned(root, name, value),
            is_reference: false,
        }));
    } else if query.command == Command::Select {
        for item in &query.targets {
            if let SelectItem::Expr(expr, _) = item {
                columns.push(Column { expr: expr.clone(), is_reference: is_distinct });
            }
        }
    }
    let mut refer = |expr: &Expr| match columns.iter_mut().find(|known| known.expr == *expr) {
        Some(known) => known.is_reference = true,
        None => columns.push(Column { expr: expr.clone(), is_reference: true }),
    };
    query.order_by.iter().for_each(|key| refer(&key.expr));
    query.group_by.iter().for_each(&mut refer);
    query.distinct.iter().flatten().for_each(&mut refer);
    for window in super::windows::all_windows(root) {
        window.partition_by.iter().for_each(&mut refer);
        window.order_by.iter().for_each(|key| refer(&key.expr));
    }
    columns
}

/// A new value as UPDATE writes it: cast to the column's type and length.
fn assigned(root: &Root<'_>, column: &str, value: &Expr) -> Expr {
    let target = match root.base(0).map(|base| &base.kind) {
        Some(BaseKind::Table(table, _)) => table.columns.iter().find(|known| known.name == column),
        _ => None,
    };
    let Some(to) = target.map(|column| column.data_type.clone()) else { return value.clone() };
    let own = declared_type(&root.scope, value);
    let is_alike = own == to || (canonical(&own) == canonical(&to) && !to.contains('('));
    let is_unknown = own.is_empty() || own == "unknown";
    let is_literal = matches!(value, Expr::Literal(_));
    if matches!(value, Expr::Param(_)) || is_alike || (is_unknown && !is_literal) {
        return value.clone();
    }
    Expr::Cast { expr: Box::new(value.clone()), to }
}

/// What writing and locking find rows again by.
fn junk_width(root: &Root<'_>) -> f64 {
    let query = &root.query;
    let writes = matches!(query.command, Command::Update { .. } | Command::Delete);
    if !writes && !query.for_update {
        return 0.0;
    }
    let marks = query.relations.iter().enumerate().map(row_mark);
    marks.map(|mark| mark_width(root, mark)).sum()
}

fn mark_width(root: &Root<'_>, mark: ColumnRef) -> f64 {
    let base = root.base(usize::from(mark.relation));
    // Parts are marked with the whole.
    let Some(base) = base.filter(|base| base.parent.is_none()) else { return 0.0 };
    let at = base.attr_needed.keys().position(|column| *column == mark.column);
    at.and_then(|at| base.column_widths.get(at)).map_or(0.0, |(_, width)| *width)
}

/// `make_sort_input_target`: what to compute before sorting if something is better computed after it:
/// volatile and set-returning functions always, dear expressions if not all rows may be wanted.
fn postponed(root: &Root<'_>, columns: &[Column]) -> Option<(Vec<Expr>, bool)> {
    let query = &root.query;
    let dear = 10.0 * root.settings().cpu_operator_cost;
    let is_set: Vec<bool> = columns.iter().map(|column| returns_set(&column.expr)).collect();
    let mut late = vec![false; columns.len()];
    let (mut has_set, mut is_volatile, mut has_dear, mut sorts_set) = (false, false, false, false);
    for ((column, is_set), late) in columns.iter().zip(&is_set).zip(&mut late) {
        if column.is_reference {
            sorts_set |= is_set;
        } else if *is_set {
            has_set = true;
        } else if has_volatile(&column.expr) {
            *late = true;
            is_volatile = true;
        } else if eval_cost(root, &column.expr).per_tuple > dear {
            *late = true;
            has_dear = true;
        }
    }
    let sets_late = has_set && !sorts_set;
    let wants_part = query.limit.is_some() || root.tuple_fraction > 0.0;
    if !(sets_late || is_volatile || (has_dear && wants_part)) {
        return None;
    }
    let mut exprs: Vec<Expr> = Vec::new();
    let mut rest: Vec<&Expr> = Vec::new();
    for ((column, is_set), late) in columns.iter().zip(&is_set).zip(&late) {
        if *late || (sets_late && *is_set && !column.is_reference) {
            rest.push(&column.expr);
        } else {
            exprs.push(column.expr.clone());
        }
    }
    for expr in rest {
        add_parts(expr, Keep::AggregatesAndWindows, &mut exprs);
    }
    Some((exprs, sets_late))
}

/// What counts as one value when an expression is taken apart (flags of `pull_var_clause`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Nothing,
    Aggregates,
    AggregatesAndWindows,
}

/// The expressions of `whole` as they stand, and the parts of all others.
fn split(exprs: &[Expr], more: &[Expr], whole: &[Expr], keep: Keep) -> Vec<Expr> {
    let (mut out, rest): (Vec<Expr>, Vec<Expr>) =
        exprs.iter().cloned().partition(|expr| whole.contains(expr));
    for expr in rest.iter().chain(more) {
        add_parts(expr, keep, &mut out);
    }
    out
}

/// Adds the columns of an expression, and its aggregates and windows where these are kept.
fn add_parts(expr: &Expr, keep: Keep, out: &mut Vec<Expr>) {
    let is_kept = match expr {
        Expr::Column(column) => column.level == 0,
        Expr::Function(call) if call.over.is_some() => keep == Keep::AggregatesAndWindows,
        Expr::Function(call) => keep != Keep::Nothing && is_aggregate(call),
        _ => false,
    };
    if is_kept {
        if !out.contains(expr) {
            out.push(expr.clone());
        }
        return;
    }
    if let Some(query) = expr.query() {
        let mut columns = Vec::new();
        query.columns_at(1, &mut columns);
        for column in columns {
            let column = Expr::Column(column);
            if !out.contains(&column) {
                out.push(column);
            }
        }
    }
    expr.for_each_child(&mut |child| add_parts(child, keep, out));
}
