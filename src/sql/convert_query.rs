//! From `sqlparser`'s statements to [`Query`].

use sqlparser::ast::{
    self, AssignmentTarget, ConflictTarget, Distinct, FromTable, JoinConstraint, JoinOperator,
    LimitClause, NamedWindowExpr, ObjectName, OnConflictAction, OnInsert, OrderByKind, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableFactor, TableObject, TableWithJoins,
    UpdateTableFromKind,
};

use super::convert_expr::{
    argument, call, conjuncts, convert_expr, convert_window, fold_ident, fold_name,
};
use super::convert_group::convert_group_by;
use super::expr::Expr;
use super::query::{
    Command, Cte, JoinKind, JoinTree, Query, Relation, RelationSource, SetKind, SetOperation,
    SortKey, Target,
};
use crate::dialect::Dialect;

/// Converts a SELECT, VALUES or set operation with its CTEs, ORDER BY and LIMIT.
pub fn convert_query(query: ast::Query, dialect: Dialect) -> Query {
    let mut out = convert_body(*query.body, dialect);
    let has_tail =
        query.order_by.is_some() || query.limit_clause.is_some() || query.fetch.is_some();
    if has_tail && (out.limit.is_some() || out.offset.is_some()) {
        out = wrap(out);
    }
    if let Some(with) = query.with {
        let recursive = with.recursive;
        let ctes = with.cte_tables.into_iter().map(|cte| convert_cte(cte, recursive, dialect));
        let mut ctes: Vec<Cte> = ctes.collect();
        ctes.append(&mut out.ctes);
        out.ctes = ctes;
    }
    if let Some(order_by) = query.order_by
        && let OrderByKind::Expressions(keys) = order_by.kind
    {
        out.order_by = convert_sort_keys(keys, dialect);
    }
    match query.limit_clause {
        Some(LimitClause::LimitOffset { limit, offset, .. }) => {
            out.limit = limit.map(|expr| convert_expr(expr, dialect));
            out.offset = offset.map(|offset| convert_expr(offset.value, dialect));
        }
        Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
            out.limit = Some(convert_expr(limit, dialect));
            out.offset = Some(convert_expr(offset, dialect));
        }
        None => {}
    }
    if let Some(quantity) = query.fetch.and_then(|fetch| fetch.quantity) {
        out.limit = Some(convert_expr(quantity, dialect));
    }
    out.for_update |= !query.locks.is_empty();
    out
}

/// Puts a query into the FROM of another, so that a second ORDER BY or LIMIT has a place.
fn wrap(query: Query) -> Query {
    Query {
        relations: vec![Relation {
            alias: "subquery".to_owned(),
            column_aliases: Vec::new(),
            source: RelationSource::Subquery(Box::new(query)),
            lateral: false,
            only: false,
        }],
        from: vec![JoinTree::Relation(0)],
        targets: vec![Target::Star(None)],
        ..Query::default()
    }
}

fn convert_cte(cte: ast::Cte, recursive: bool, dialect: Dialect) -> Cte {
    let name = fold_ident(&cte.alias.name, dialect);
    let query = convert_query(*cte.query, dialect);
    Cte {
        columns: cte.alias.columns.iter().map(|column| fold_ident(&column.name, dialect)).collect(),
        recursive: recursive && mentions(&query, &name),
        name,
        query,
        materialized: cte
            .materialized
            .map(|said| matches!(said, ast::CteAsMaterialized::Materialized)),
    }
}

/// Does an arm of this query read from `name`?
fn mentions(query: &Query, name: &str) -> bool {
    let here = query.relations.iter().any(|relation| match &relation.source {
        RelationSource::Name(parts) => parts.len() == 1 && parts.iter().any(|part| part == name),
        RelationSource::Subquery(inner) => mentions(inner, name),
        _ => false,
    });
    here || query
        .set_operation
        .as_ref()
        .is_some_and(|set| mentions(&set.left, name) || mentions(&set.right, name))
}

fn convert_body(body: SetExpr, dialect: Dialect) -> Query {
    match body {
        SetExpr::Select(select) => convert_select(*select, dialect),
        SetExpr::Query(query) => convert_query(*query, dialect),
        SetExpr::SetOperation { left, op, set_quantifier, right } => {
            let kind = match op {
                ast::SetOperator::Union => SetKind::Union,
                ast::SetOperator::Intersect => SetKind::Intersect,
                ast::SetOperator::Except | ast::SetOperator::Minus => SetKind::Except,
            };
            let all =
                matches!(set_quantifier, ast::SetQuantifier::All | ast::SetQuantifier::AllByName);
            let left = Box::new(convert_body(*left, dialect));
            let right = Box::new(convert_body(*right, dialect));
            let set_operation = Some(SetOperation { kind, all, left, right });
            Query { set_operation, ..Query::default() }
        }
        SetExpr::Values(values) => {
            let rows = values.rows.into_iter().map(|row| {
                row.content.into_iter().map(|expr| convert_expr(expr, dialect)).collect()
            });
            let source = RelationSource::Values(rows.collect());
            Query {
                relations: vec![relation("values", Vec::new(), source)],
                from: vec![JoinTree::Relation(0)],
                targets: vec![Target::Star(None)],
                ..Query::default()
            }
        }
        SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) => {
            match statement {
                ast::Statement::Insert(insert) => convert_insert(insert, dialect),
                ast::Statement::Update(update) => convert_update(update, dialect),
                ast::Statement::Delete(delete) => convert_delete(delete, dialect),
                _ => Query::default(),
            }
        }
        SetExpr::Table(table) => {
            let parts = [table.schema_name, table.table_name].into_iter().flatten().collect();
            let source = RelationSource::Name(parts);
            Query {
                relations: vec![relation("table", Vec::new(), source)],
                from: vec![JoinTree::Relation(0)],
                targets: vec![Target::Star(None)],
                ..Query::default()
            }
        }
        SetExpr::Merge(_) => Query::default(),
    }
}

fn convert_select(select: ast::Select, dialect: Dialect) -> Query {
    let mut out = Query::default();
    for tree in select.from {
        let tree = convert_table_with_joins(tree, dialect, &mut out.relations);
        out.from.push(tree);
    }
    out.conditions = convert_condition(select.selection, dialect);
    out.having = convert_condition(select.having, dialect);
    out.targets = select.projection.into_iter().map(|item| convert_target(item, dialect)).collect();
    out.distinct = match select.distinct {
        Some(Distinct::Distinct) => Some(Vec::new()),
        Some(Distinct::On(keys)) => {
            Some(keys.into_iter().map(|expr| convert_expr(expr, dialect)).collect())
        }
        Some(Distinct::All) | None => None,
    };
    convert_group_by(select.group_by, dialect, &mut out);
    for ast::NamedWindowDefinition(name, definition) in select.named_window {
        if let NamedWindowExpr::WindowSpec(spec) = definition {
            out.windows.push((fold_ident(&name, dialect), convert_window(spec, dialect)));
        }
    }
    out
}

fn convert_condition(condition: Option<ast::Expr>, dialect: Dialect) -> Vec<Expr> {
    condition.map(|expr| conjuncts(convert_expr(expr, dialect))).unwrap_or_default()
}

/// Converts ORDER BY keys.
pub fn convert_sort_keys(keys: Vec<ast::OrderByExpr>, dialect: Dialect) -> Vec<SortKey> {
    let convert = |key: ast::OrderByExpr| SortKey {
        expr: convert_expr(key.expr, dialect),
        desc: matches!(key.options.sort, Some(ast::OrderBySort::Desc)),
        nulls_first: key.options.nulls_first,
    };
    keys.into_iter().map(convert).collect()
}

fn convert_target(item: SelectItem, dialect: Dialect) -> Target {
    match item {
        SelectItem::UnnamedExpr(expr) => Target::Expr(convert_expr(expr, dialect), None),
        SelectItem::ExprWithAlias { expr, alias } => {
            Target::Expr(convert_expr(expr, dialect), Some(fold_ident(&alias, dialect)))
        }
        SelectItem::ExprWithAliases { expr, .. } => Target::Expr(convert_expr(expr, dialect), None),
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
            Target::Star(fold_name(&name, dialect).pop())
        }
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
            Target::Expr(convert_expr(expr, dialect), None)
        }
        SelectItem::Wildcard(_) => Target::Star(None),
    }
}

fn convert_table_with_joins(
    tree: TableWithJoins,
    dialect: Dialect,
    relations: &mut Vec<Relation>,
) -> JoinTree {
    let mut left = convert_factor(tree.relation, dialect, relations);
    for join in tree.joins {
        let right = convert_factor(join.relation, dialect, relations);
        let (kind, constraint) = convert_join(join.join_operator);
        let mut on = Vec::new();
        let mut using = Vec::new();
        let mut natural = false;
        match constraint {
            JoinConstraint::On(expr) => on = conjuncts(convert_expr(expr, dialect)),
            JoinConstraint::Using(names) => {
                using = names.iter().filter_map(|name| fold_name(name, dialect).pop()).collect();
            }
            JoinConstraint::Natural => natural = true,
            JoinConstraint::None => {}
        }
        let (left_side, right_side) = (Box::new(left), Box::new(right));
        left = JoinTree::Join { kind, left: left_side, right: right_side, on, using, natural };
    }
    left
}

fn convert_join(operator: JoinOperator) -> (JoinKind, JoinConstraint) {
    use JoinOperator as J;
    match operator {
        J::Left(on) | J::LeftOuter(on) => (JoinKind::Left, on),
        J::Right(on) | J::RightOuter(on) => (JoinKind::Right, on),
        J::FullOuter(on) => (JoinKind::Full, on),
        J::Join(on) | J::Inner(on) | J::CrossJoin(on) | J::StraightJoin(on) => {
            (JoinKind::Inner, on)
        }
        J::Semi(on) | J::LeftSemi(on) | J::RightSemi(on) => (JoinKind::Inner, on),
        J::Anti(on) | J::LeftAnti(on) | J::RightAnti(on) => (JoinKind::Left, on),
        J::AsOf { constraint, .. } => (JoinKind::Left, constraint),
        J::OuterApply => (JoinKind::Left, JoinConstraint::None),
        _ => (JoinKind::Inner, JoinConstraint::None),
    }
}

fn relation(alias: &str, column_aliases: Vec<String>, source: RelationSource) -> Relation {
    Relation { alias: alias.to_owned(), column_aliases, source, lateral: false, only: false }
}

fn convert_factor(
    factor: TableFactor,
    dialect: Dialect,
    relations: &mut Vec<Relation>,
) -> JoinTree {
    let (mut source, alias, lateral) = match factor {
        TableFactor::NestedJoin { table_with_joins, .. } => {
            return convert_table_with_joins(*table_with_joins, dialect, relations);
        }
        TableFactor::Table { name, alias, args: Some(args), .. } => {
            (function_source(&name, args.args, dialect), alias, true)
        }
        TableFactor::Table { name, alias, args: None, .. } => {
            (RelationSource::Name(fold_name(&name, dialect)), alias, false)
        }
        TableFactor::Derived { lateral, subquery, alias, .. } => {
            let query = Box::new(convert_query(*subquery, dialect));
            (RelationSource::Subquery(query), alias, lateral)
        }
        TableFactor::Function { name, args, alias, .. } => {
            (function_source(&name, args, dialect), alias, true)
        }
        TableFactor::TableFunction { expr, alias } => {
            (RelationSource::Function(convert_expr(expr, dialect)), alias, true)
        }
        TableFactor::UNNEST { array_exprs, alias, .. } => {
            let args = array_exprs.into_iter().map(|expr| convert_expr(expr, dialect)).collect();
            (RelationSource::Function(call("unnest", args)), alias, true)
        }
        TableFactor::JsonTable { json_expr, alias, .. } => {
            let args = vec![convert_expr(json_expr, dialect)];
            (RelationSource::Function(call("json_table", args)), alias, true)
        }
        other => {
            let text = Expr::Other { text: other.to_string(), inputs: Vec::new() };
            (RelationSource::Function(text), None, false)
        }
    };
    // A parenthesised VALUES or plain query needs no block of its own.
    if let RelationSource::Subquery(query) = &mut source
        && let [Relation { source: values @ RelationSource::Values(_), .. }] =
            query.relations.as_mut_slice()
        && query.limit.is_none()
    {
        source = std::mem::replace(values, RelationSource::Values(Vec::new()));
    }
    let (name, column_aliases) = match alias {
        Some(alias) => (
            fold_ident(&alias.name, dialect),
            alias.columns.iter().map(|column| fold_ident(&column.name, dialect)).collect(),
        ),
        None => (default_alias(&source), Vec::new()),
    };
    let only = take_only(&mut source);
    relations.push(Relation { alias: name, column_aliases, source, lateral, only });
    JoinTree::Relation(relations.len() - 1)
}

/// The empty name that stands for `ONLY` in front of a table's.
fn take_only(source: &mut RelationSource) -> bool {
    match source {
        RelationSource::Name(parts) if parts.first().is_some_and(String::is_empty) => {
            parts.remove(0);
            true
        }
        _ => false,
    }
}

fn default_alias(source: &RelationSource) -> String {
    match source {
        RelationSource::Name(parts) => parts.last().cloned().unwrap_or_default(),
        RelationSource::Function(Expr::Function(function)) => function.name.clone(),
        _ => "subquery".to_owned(),
    }
}

fn function_source(
    name: &ObjectName,
    args: Vec<ast::FunctionArg>,
    dialect: Dialect,
) -> RelationSource {
    let args = args.into_iter().filter_map(|arg| match argument(arg) {
        ast::FunctionArgExpr::Expr(expr) => Some(convert_expr(expr, dialect)),
        _ => None,
    });
    let name = fold_name(name, dialect).pop().unwrap_or_default().to_lowercase();
    RelationSource::Function(call(&name, args.collect()))
}

fn convert_assignments(assignments: Vec<ast::Assignment>, dialect: Dialect) -> Vec<(String, Expr)> {
    let mut set = Vec::new();
    for assignment in assignments {
        let value = convert_expr(assignment.value, dialect);
        let names = match assignment.target {
            AssignmentTarget::ColumnName(name) => vec![name],
            AssignmentTarget::Tuple(names) => names,
        };
        for name in names {
            let column = fold_name(&name, dialect).pop().unwrap_or_default();
            set.push((column, value.clone()));
        }
    }
    set
}

/// Converts INSERT and REPLACE.
pub fn convert_insert(insert: ast::Insert, dialect: Dialect) -> Query {
    let source = match insert.table {
        TableObject::TableName(name) => RelationSource::Name(fold_name(&name, dialect)),
        other => RelationSource::Name(vec![other.to_string()]),
    };
    let alias = insert.table_alias.map(|alias| fold_ident(&alias.alias, dialect));
    let alias = alias.unwrap_or_else(|| default_alias(&source));
    let mut n_values = 0;
    let rows = match insert.source {
        Some(query) => match *query.body {
            SetExpr::Values(values) => {
                n_values = values.rows.len();
                None
            }
            _ => Some(Box::new(convert_query(*query, dialect))),
        },
        None => {
            n_values = 1;
            None
        }
    };
    let columns = insert.columns.iter().filter_map(|name| fold_name(name, dialect).pop()).collect();
    let (conflict, set) = match insert.on {
        Some(OnInsert::DuplicateKeyUpdate(set)) => {
            (Some(Vec::new()), convert_assignments(set, dialect))
        }
        Some(OnInsert::OnConflict(on)) => {
            let target = match on.conflict_target {
                Some(ConflictTarget::Columns(columns)) => columns
                    .iter()
                    .map(|column| Expr::Name(vec![fold_ident(column, dialect)]))
                    .collect(),
                _ => Vec::new(),
            };
            let set = match on.action {
                OnConflictAction::DoUpdate(update) => {
                    convert_assignments(update.assignments, dialect)
                }
                OnConflictAction::DoNothing => Vec::new(),
            };
            (Some(target), set)
        }
        _ => (None, Vec::new()),
    };
    Query {
        command: Command::Insert { columns, source: rows, n_values, conflict, set },
        relations: vec![relation(&alias, Vec::new(), source)],
        from: vec![JoinTree::Relation(0)],
        targets: convert_targets(insert.returning, dialect),
        ..Query::default()
    }
}

fn convert_targets(items: Option<Vec<SelectItem>>, dialect: Dialect) -> Vec<Target> {
    items.unwrap_or_default().into_iter().map(|item| convert_target(item, dialect)).collect()
}

/// Converts UPDATE.
pub fn convert_update(update: ast::Update, dialect: Dialect) -> Query {
    let mut out = Query {
        command: Command::Update { set: convert_assignments(update.assignments, dialect) },
        conditions: convert_condition(update.selection, dialect),
        targets: convert_targets(update.returning, dialect),
        order_by: convert_sort_keys(update.order_by, dialect),
        limit: update.limit.map(|expr| convert_expr(expr, dialect)),
        ..Query::default()
    };
    let more = match update.from {
        Some(UpdateTableFromKind::BeforeSet(more) | UpdateTableFromKind::AfterSet(more)) => more,
        None => Vec::new(),
    };
    for tree in std::iter::once(update.table).chain(more) {
        let tree = convert_table_with_joins(tree, dialect, &mut out.relations);
        out.from.push(tree);
    }
    out
}

/// Converts DELETE.
pub fn convert_delete(delete: ast::Delete, dialect: Dialect) -> Query {
    let mut out = Query {
        command: Command::Delete,
        conditions: convert_condition(delete.selection, dialect),
        targets: convert_targets(delete.returning, dialect),
        order_by: convert_sort_keys(delete.order_by, dialect),
        limit: delete.limit.map(|expr| convert_expr(expr, dialect)),
        ..Query::default()
    };
    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = delete.from;
    for tree in from.into_iter().chain(delete.using.unwrap_or_default()) {
        let tree = convert_table_with_joins(tree, dialect, &mut out.relations);
        out.from.push(tree);
    }
    out
}
