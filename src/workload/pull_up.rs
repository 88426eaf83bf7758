//! Makes subqueries in FROM, views, and CTEs that are read once part of the query around them, where
//! that changes nothing: their tables then take part in its joins and get its conditions. After
//! `pull_up_subqueries` of PostgreSQL's `prepjointree.c`; SQLite and MySQL do the same.
//!
//! Only plain SELECTs: no grouping, ordering, LIMIT, DISTINCT, set operation or CTE, and a select list
//! without aggregates, windows, subqueries and what changes from call to call.

use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::functions::{has_aggregate, has_set_returning, has_volatile, has_window};
use crate::sql::query::{Command, JoinKind, JoinTree, Query, RelationSource, Target};

/// Pulls up what can be, innermost first.
pub fn pull_up_subqueries(query: &mut Query) {
    inline_ctes(query);
    query.for_each_part_mut(&mut pull_up_subqueries);
    query.for_each_expr_mut(&mut |expr| in_expr(expr));
    if query.set_operation.is_none() {
        let own = query.conditions.len();
        for at in 0..query.relations.len() {
            pull_up(query, at, own);
        }
    }
    if query.is_view {
        query.n_of_views = query.conditions.len();
    }
}

fn in_expr(expr: &mut Expr) {
    expr.for_each_query_mut(&mut pull_up_subqueries);
    expr.for_each_child_mut(&mut in_expr);
}

/// Where the columns of the pulled-up query go.
struct Move {
    /// Position of the relation it was.
    at: u16,
    /// Position of its second relation; the first takes the place of the subquery itself.
    rest: u16,
}

impl Move {
    fn relation(&self, inner: u16) -> u16 {
        if inner == 0 { self.at } else { self.rest + inner - 1 }
    }
}

/// `own`: so many conditions, the last ones, are the query's own.
fn pull_up(query: &mut Query, at: usize, own: usize) {
    let n = query.relations.len();
    let Some(RelationSource::Subquery(inner)) = query.relations.get(at).map(|r| &r.source) else {
        return;
    };
    let is_target = at == 0 && query.command != Command::Select;
    let (Ok(position), Ok(rest)) = (u16::try_from(at), u16::try_from(n)) else { return };
    let Some(side) = side_of(&query.from, at) else { return };
    let fits = side == Side::Certain || inner.relations.len() == 1;
    if is_target || !fits || side == Side::Unknown || !is_plain(inner) {
        return;
    }
    let Some(targets) = plain_targets(inner, side) else { return };
    if reads_whole_row(query, position) || inner.relations.len() + n > usize::from(u16::MAX / 2) {
        return;
    }
    let mut inner = (**inner).clone();
    let to = Move { at: position, rest };
    rewrite_query(&mut inner, 0, &mut |expr, depth| shift(expr, depth, &to));
    rebase_ctes(&mut inner, 0);
    let targets: Vec<Expr> = targets
        .into_iter()
        .map(|mut target| {
            rewrite(&mut target, 0, &mut |expr, depth| shift(expr, depth, &to));
            target
        })
        .collect();
    rewrite_query(query, 0, &mut |expr, depth| substitute(expr, depth, position, &targets));
    splice(query, at, inner, &to, side, own);
}

/// Puts the relations, joins and conditions of `inner` in the place of the relation `at`.
fn splice(query: &mut Query, at: usize, mut inner: Query, to: &Move, side: Side, own: usize) {
    let mut relations = inner.relations.into_iter();
    if let (Some(slot), Some(first)) = (query.relations.get_mut(at), relations.next()) {
        *slot = first;
    }
    query.relations.extend(relations);
    for tree in &mut inner.from {
        move_tree(tree, to);
    }
    let joined = inner.from.into_iter().reduce(|left, right| JoinTree::Join {
        kind: JoinKind::Inner,
        left: Box::new(left),
        right: Box::new(right),
        on: Vec::new(),
        using: Vec::new(),
        natural: false,
    });
    let Some(joined) = joined else { return };
    let on = if side == Side::Nullable { inner.conditions.clone() } else { Vec::new() };
    for tree in &mut query.from {
        replace_tree(tree, at, &joined, &on);
    }
    if side == Side::Certain {
        // As when `deconstruct_jointree` walks: down before up.
        let mut of_views = inner.conditions;
        let of_text = of_views.split_off(inner.n_of_views.min(of_views.len()));
        let before = query.conditions.len().saturating_sub(own);
        query.conditions.splice(before..before, of_text);
        let n_views = query.n_of_views;
        query.n_of_views += of_views.len();
        query.conditions.splice(n_views..n_views, of_views);
    }
}

fn move_tree(tree: &mut JoinTree, to: &Move) {
    match tree {
        JoinTree::Relation(at) => {
            *at = usize::from(to.relation(u16::try_from(*at).unwrap_or(u16::MAX)));
        }
        JoinTree::Join { left, right, .. } => {
            move_tree(left, to);
            move_tree(right, to);
        }
    }
}

/// Replaces the leaf; `on` goes to the outer join whose right side it is.
fn replace_tree(tree: &mut JoinTree, at: usize, with: &JoinTree, on: &[Expr]) {
    match tree {
        JoinTree::Relation(known) if *known == at => *tree = with.clone(),
        JoinTree::Relation(_) => {}
        JoinTree::Join { left, right, on: conditions, .. } => {
            if **right == JoinTree::Relation(at) {
                conditions.extend(on.iter().cloned());
            }
            replace_tree(left, at, with, on);
            replace_tree(right, at, with, on);
        }
    }
}

/// Where a relation stands among the joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Only inner joins, or the preserved side.
    Certain,
    /// Right side of a LEFT JOIN, itself on a certain side.
    Nullable,
    /// Deeper below outer joins.
    Unknown,
}

fn side_of(trees: &[JoinTree], at: usize) -> Option<Side> {
    trees.iter().find_map(|tree| side_in(tree, at))
}

fn side_in(tree: &JoinTree, at: usize) -> Option<Side> {
    match tree {
        JoinTree::Relation(known) => (*known == at).then_some(Side::Certain),
        JoinTree::Join { kind, left, right, .. } => match (kind, side_in(left, at)) {
            (JoinKind::Inner | JoinKind::Left, Some(side)) => Some(side),
            (JoinKind::Right | JoinKind::Full, Some(_)) => Some(Side::Unknown),
            (_, None) => side_in(right, at).map(|side| match (kind, side) {
                (JoinKind::Inner | JoinKind::Right, side) => side,
                (JoinKind::Left, Side::Certain) if **right == JoinTree::Relation(at) => {
                    Side::Nullable
                }
                _ => Side::Unknown,
            }),
        },
    }
}

/// No grouping, order, limit, DISTINCT, set operation, CTE or lock: joins and conditions only.
pub fn is_plain(query: &Query) -> bool {
    query.command == Command::Select
        && query.ctes.is_empty()
        && query.set_operation.is_none()
        && query.group_by.is_empty()
        && query.having.is_empty()
        && query.distinct.is_none()
        && query.order_by.is_empty()
        && query.limit.is_none()
        && query.offset.is_none()
        && query.windows.is_empty()
        && !query.for_update
        && !query.relations.is_empty()
        && !query.from.is_empty()
}

/// The select list, if it holds nothing that must run inside. On the nullable side only columns: an
/// expression could make a value of a row that is not there.
fn plain_targets(query: &Query, side: Side) -> Option<Vec<Expr>> {
    let plain = |target: &Target| match target {
        Target::Expr(expr @ Expr::Column(_), _) => Some(expr.clone()),
        Target::Expr(expr, _) if side == Side::Certain && is_simple(expr) => Some(expr.clone()),
        _ => None,
    };
    query.targets.iter().map(plain).collect()
}

/// Nothing that must be computed where it stands: no aggregate, window or set-returning function,
/// nothing volatile (`is_simple_subquery`); subqueries stay where they are.
fn is_simple(expr: &Expr) -> bool {
    let mut is_known = true;
    expr.walk(&mut |part| is_known &= part.query().is_none() && !matches!(part, Expr::Name(_)));
    is_known
        && !has_aggregate(expr)
        && !has_window(expr)
        && !has_set_returning(expr)
        && !has_volatile(expr)
}

fn reads_whole_row(query: &Query, relation: u16) -> bool {
    let mut columns = Vec::new();
    query.columns_at(0, &mut columns);
    columns.iter().any(|c| c.relation == relation && c.column == ColumnRef::WHOLE_ROW)
}

/// Columns of the inner query become those of the outer one; outer columns come a level nearer.
fn shift(expr: &mut Expr, depth: u16, to: &Move) {
    if let Expr::Column(column) = expr {
        if column.level == depth {
            column.relation = to.relation(column.relation);
        } else if column.level > depth {
            column.level -= 1;
        }
    }
}

/// Columns of the subquery become what its select list says.
fn substitute(expr: &mut Expr, depth: u16, relation: u16, targets: &[Expr]) {
    let Expr::Column(column) = expr else { return };
    if column.level != depth || column.relation != relation {
        return;
    }
    if let Some(target) = targets.get(usize::from(column.column)) {
        let mut target = target.clone();
        rewrite(&mut target, 0, &mut |part, inside| {
            if let Expr::Column(column) = part
                && column.level >= inside
            {
                column.level += depth;
            }
        });
        *expr = target;
    }
}

/// References to CTEs around a pulled-up query come a level nearer.
pub fn rebase_ctes(query: &mut Query, depth: u16) {
    for relation in &mut query.relations {
        if let RelationSource::Cte { level, .. } = &mut relation.source
            && *level > depth
        {
            *level -= 1;
        }
    }
    for_each_inner(query, &mut |inner| rebase_ctes(inner, depth + 1));
}

/// Every query directly inside, those in expressions too.
fn for_each_inner(query: &mut Query, visit: &mut dyn FnMut(&mut Query)) {
    fn inside(expr: &mut Expr, visit: &mut dyn FnMut(&mut Query)) {
        expr.for_each_query_mut(visit);
        expr.for_each_child_mut(&mut |child| inside(child, visit));
    }
    query.for_each_part_mut(visit);
    query.for_each_expr_mut(&mut |expr| inside(expr, visit));
}

/// Changes the columns of a query, those in its subqueries too; `change` gets the depth below `depth`.
pub fn rewrite_query(query: &mut Query, depth: u16, change: &mut dyn FnMut(&mut Expr, u16)) {
    query.for_each_expr_mut(&mut |expr| rewrite(expr, depth, change));
    query.for_each_part_mut(&mut |inner| rewrite_query(inner, depth + 1, change));
}

/// Changes the columns of an expression, those in its subqueries too.
pub fn rewrite(expr: &mut Expr, depth: u16, change: &mut dyn FnMut(&mut Expr, u16)) {
    if let Expr::Column(_) = expr {
        change(expr, depth);
        return;
    }
    expr.for_each_query_mut(&mut |query| rewrite_query(query, depth + 1, change));
    expr.for_each_child_mut(&mut |child| rewrite(child, depth, change));
}

/// A CTE that is read once becomes a subquery where it is read (PostgreSQL's `inline_cte`); one that is
/// NOT MATERIALIZED wherever it is.
fn inline_ctes(query: &mut Query) {
    for at in 0..query.ctes.len() {
        let uses = count_uses(query, at, 0);
        let Some(cte) = query.ctes.get(at) else { continue };
        let may = match cte.materialized {
            Some(materialized) => !materialized && uses > 0,
            None => uses == 1,
        };
        let is_read_only = cte.query.command == Command::Select && !cte.query.for_update;
        if cte.recursive || !may || !is_read_only {
            continue;
        }
        let (inner, columns) = (cte.query.clone(), cte.columns.clone());
        if let Some(cte) = query.ctes.get_mut(at) {
            cte.query = Query::default();
        }
        put_cte(query, at, 0, &inner, &columns);
    }
    if (0..query.ctes.len()).all(|at| count_uses(query, at, 0) == 0) {
        let writes = query.ctes.iter().any(|cte| cte.query.command != Command::Select);
        if !writes {
            query.ctes.clear();
        }
    }
}

/// Replaces every reference to a CTE, `depth` queries down, by its query.
fn put_cte(query: &mut Query, cte: usize, depth: u16, inner: &Query, columns: &[String]) {
    for relation in &mut query.relations {
        if relation.source != (RelationSource::Cte { level: depth, cte }) {
            continue;
        }
        let mut moved = inner.clone();
        rewrite_query(&mut moved, 0, &mut |expr, inside| {
            if let Expr::Column(column) = expr
                && column.level > inside
            {
                column.level += depth;
            }
        });
        lower_ctes(&mut moved, 0, depth);
        name_outputs(&mut moved, columns);
        relation.source = RelationSource::Subquery(Box::new(moved));
    }
    for_each_inner(query, &mut |nested| put_cte(nested, cte, depth + 1, inner, columns));
}

/// References to CTEs around a query that moves `by` levels down.
fn lower_ctes(query: &mut Query, depth: u16, by: u16) {
    for relation in &mut query.relations {
        if let RelationSource::Cte { level, .. } = &mut relation.source
            && *level > depth
        {
            *level += by;
        }
    }
    for_each_inner(query, &mut |inner| lower_ctes(inner, depth + 1, by));
}

/// `WITH name (a, b)`: the names its columns go by.
fn name_outputs(query: &mut Query, columns: &[String]) {
    match &mut query.set_operation {
        Some(set) => name_outputs(&mut set.left, columns),
        None => {
            for (target, name) in query.targets.iter_mut().zip(columns) {
                if let Target::Expr(_, alias) = target {
                    *alias = Some(name.clone());
                }
            }
        }
    }
}

fn count_uses(query: &Query, cte: usize, depth: u16) -> usize {
    let here = query
        .relations
        .iter()
        .filter(|relation| relation.source == RelationSource::Cte { level: depth, cte });
    let mut count = here.count();
    query.for_each_query(&mut |inner| count += count_uses(inner, cte, depth + 1));
    count
}
