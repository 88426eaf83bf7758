//! What is known of the relations of one query level, for estimates.

use super::collation::{Collation, collation};
use super::column::{self, ColumnInfo, column_info, info_of};
use super::sql_type;
use super::variable::Variable;
use super::{Basis, types};
use crate::catalog::{Catalog, Table};
use crate::read::statistics::ColumnStatistics;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::relids::{Relids, bit, single};
use crate::sql::schema::KeyPart;

/// The relations of one query level, by position in `Query::relations`.
#[derive(Debug, Clone, Default)]
pub struct Scope<'a> {
    /// Types, extended statistics; absent where only one table counts.
    pub catalog: Option<&'a Catalog>,
    /// The relations.
    pub relations: Vec<ScopeRelation<'a>>,
}

/// One relation.
#[derive(Debug, Clone, Default)]
pub struct ScopeRelation<'a> {
    /// The table, if it is one.
    pub table: Option<&'a Table>,
    /// Rows before the query's conditions on it (`RelOptInfo.tuples`).
    pub tuples: f64,
    /// Rows after them (`RelOptInfo.rows`).
    pub rows: f64,
    /// What is known of the columns of what is no table: of a subquery, the statistics of the table's
    /// column behind a plain column; nothing where it groups or combines. Its own `rows` do not count.
    pub columns: Vec<Option<ColumnInfo<'a>>>,
    /// Types of the columns of what is no table, where known; see [`sql_type::query_types`].
    pub types: Vec<String>,
    /// Average bytes of the columns of what is no table, where known; else their types tell.
    pub widths: Vec<f64>,
    /// It is VALUES: each of its columns is taken for unique.
    pub is_values: bool,
    /// Columns that a proposed B-tree over the whole table begins with: once built, it would tell the
    /// smallest and the largest value as an existing one does.
    pub range_columns: Vec<usize>,
    /// Expressions, over relation 0, of proposed indexes over the whole table: once built, ANALYZE would
    /// count their values too.
    pub expressions: Vec<&'a Expr>,
}

impl ScopeRelation<'_> {
    /// What is no table, with the types of its columns.
    pub fn of_types(types: Vec<String>) -> Self {
        ScopeRelation { types, ..ScopeRelation::default() }
    }
}

impl<'a> Scope<'a> {
    /// Was anything measured in a pasted plan of one of the tables?
    pub fn has_observed(&self) -> bool {
        let tables = self.relations.iter().filter_map(|relation| relation.table);
        tables.into_iter().any(|table| !table.observed.is_empty())
    }

    /// A single table as relation 0, as in index predicates.
    pub fn of(table: &'a Table) -> Scope<'a> {
        let rows = super::size::table_rows(table).value;
        let relation =
            ScopeRelation { table: Some(table), tuples: rows, rows, ..ScopeRelation::default() };
        Scope { catalog: None, relations: vec![relation] }
    }

    /// What is known of an expression over this level's relations: a column, or what an index has
    /// statistics of; else its type alone. `None` for constants.
    pub fn info(&self, expr: &Expr) -> Option<ColumnInfo<'a>> {
        if let Expr::Column(column) = self.strip(expr)
            && let Some(mut info) = self.column(*column)
        {
            info.n_distinct = self.variable(expr, None).num_distinct().0;
            return Some(info);
        }
        let variable = self.variable(expr, None);
        let relation = single(variable.relids)?;
        let table = self.relations.get(relation)?.table?;
        let mut info = info_of(table, "", variable.statistics);
        info.rows = variable.tuples;
        info.width = match variable.statistics.and_then(|s| s.avg_width) {
            Some(width) => width,
            None => types::default_width(&variable.data_type),
        };
        info.family = types::family_of(&variable.data_type);
        info.collation = variable.collation;
        info.is_unique = variable.is_unique;
        info.n_distinct = variable.num_distinct().0;
        Some(info)
    }

    /// `examine_variable`. With `var_relid` only that relation's columns vary.
    pub fn variable(&self, expr: &Expr, var_relid: Option<usize>) -> Variable<'a> {
        let vartype = sql_type::expr_type(self, expr);
        let base = self.strip(expr);
        let all = relids(base);
        let relids = match var_relid {
            Some(relation) => all & bit(relation),
            None => all,
        };
        let relation = single(relids);
        let scope_relation = relation.and_then(|relation| self.relations.get(relation));
        let mut variable = Variable {
            relids,
            tuples: scope_relation.map_or(0.0, |relation| relation.tuples),
            rows: scope_relation.map(|relation| relation.rows),
            statistics: None,
            is_unique: false,
            is_values: scope_relation.is_some_and(|relation| relation.is_values),
            data_type: vartype,
            collation: self.default_collation(),
            values_max: None,
            has_range_index: false,
            place_in: None,
        };
        if relids == 0 {
            return variable;
        }
        match base {
            Expr::Column(column) if column.column == ColumnRef::CTID => {
                variable.is_unique = true;
                variable.place_in = scope_relation.and_then(|relation| relation.table);
            }
            Expr::Column(column) => {
                self.examine_column(*column, &mut variable);
                self.examine_indexes(*column, scope_relation, &mut variable);
            }
            // With columns of other relations in it, no index can match.
            base if single(all).is_some() => self.examine_expression(base, &mut variable),
            _ => {}
        }
        if let Expr::Collate { collation: name, .. } = expr {
            variable.collation = collation(name);
        }
        variable
    }

    fn examine_column(&self, column: ColumnRef, variable: &mut Variable<'a>) {
        let Some(info) = self.column(column) else { return };
        variable.statistics = info.statistics;
        variable.is_unique = info.is_unique;
        variable.collation = info.collation;
        if variable.data_type.is_empty() {
            variable.data_type = types::canonical(info.data_type).into_owned();
        }
    }

    fn examine_indexes(
        &self,
        column: ColumnRef,
        relation: Option<&ScopeRelation<'a>>,
        variable: &mut Variable<'a>,
    ) {
        let at = usize::from(column.column);
        let Some(relation) = relation else { return };
        variable.has_range_index = relation.range_columns.contains(&at)
            || relation.table.is_some_and(|table| column::has_range_index(table, at));
    }

    /// Statistics of an index on the expression, which are of the whole table only if the index is.
    fn examine_expression(&self, expr: &Expr, variable: &mut Variable<'a>) {
        let relation = single(variable.relids);
        let of_relation = relation.and_then(|relation| self.relations.get(relation));
        let Some(table) = of_relation.and_then(|of_relation| of_relation.table) else { return };
        let proposed = of_relation.map_or(&[][..], |of_relation| &of_relation.expressions);
        if !proposed.is_empty() {
            let wanted = self.comparable(expr);
            let is_same = |indexed: &&Expr| self.indexed(indexed, relation) == wanted;
            if proposed.iter().any(is_same) {
                variable.values_max = self.values_of_columns(expr);
            }
        }
        let indexes = table.indexes.iter().filter(|index| {
            index.usable && index.keys.iter().any(|key| matches!(key.part, KeyPart::Expr(..)))
        });
        let mut wanted = None;
        for index in indexes {
            let wanted = wanted.get_or_insert_with(|| self.comparable(expr));
            for (position, key) in index.keys.iter().enumerate() {
                let KeyPart::Expr(indexed, _) = &key.part else { continue };
                if self.indexed(indexed, relation) != *wanted {
                    continue;
                }
                let is_alone = position == 0 && index.keys.len() == 1;
                variable.is_unique |=
                    index.unique && is_alone && index.predicate.is_none() && !index.hypothetical;
                if variable.statistics.is_none() && index.predicate.is_none() {
                    variable.statistics = statistics_of(&index.statistics.expressions, position);
                }
            }
            if variable.statistics.is_some() {
                return;
            }
        }
    }

    /// An indexed expression as it would stand in the query.
    fn indexed(&self, expr: &Expr, relation: Option<usize>) -> Expr {
        let mut indexed = expr.clone();
        set_relation(&mut indexed, relation.unwrap_or(0));
        self.comparable(&indexed)
    }

    /// What is computed of columns has no more values than they have together; none where these are
    /// not known.
    fn values_of_columns(&self, expr: &Expr) -> Option<f64> {
        let mut columns = expr.columns();
        crate::order::sort_by_key(&mut columns, |column| column.column);
        columns.dedup();
        let values = columns.into_iter().map(|column| {
            let info = self.column(column)?;
            (info.basis != Basis::Default).then_some(info.n_distinct)
        });
        values.product()
    }

    fn column(&self, column: ColumnRef) -> Option<ColumnInfo<'a>> {
        if column.level > 0 {
            return None;
        }
        let relation = self.relations.get(usize::from(column.relation))?;
        let at = usize::from(column.column);
        let Some(table) = relation.table else {
            let mut info = relation.columns.get(at).copied().flatten()?;
            info.rows = relation.tuples;
            return Some(info);
        };
        let definition = table.columns.get(at)?;
        let mut info = column_info(table, at);
        if definition.collation.is_none() {
            info.collation = self.default_collation();
        }
        info.rows = relation.tuples;
        Some(info)
    }

    /// The database's collation.
    pub fn default_collation(&self) -> Collation {
        let name = self.catalog.and_then(|catalog| catalog.settings.collation.as_deref());
        name.map_or(Collation::default(), collation)
    }

    /// The expression below casts that change nothing in the value's bytes, and below COLLATE
    /// (PostgreSQL's `RelabelType`).
    pub fn strip<'e>(&self, expr: &'e Expr) -> &'e Expr {
        match expr {
            Expr::Collate { expr, .. } => self.strip(expr),
            Expr::Cast { expr: inner, to } if self.is_relabel(inner, to) => self.strip(inner),
            other => other,
        }
    }

    fn is_relabel(&self, inner: &Expr, to: &str) -> bool {
        if matches!(inner, Expr::Literal(_) | Expr::Param(_)) {
            return false;
        }
        let from = sql_type::declared_type(self, inner);
        is_relabel(&from, to)
    }

    /// An expression without such casts anywhere, so that two that mean the same are equal.
    fn comparable(&self, expr: &Expr) -> Expr {
        let mut out = match self.strip(expr) {
            // `2` and `2::numeric` are one constant.
            Expr::Cast { expr, .. } if matches!(**expr, Expr::Literal(_)) => (**expr).clone(),
            other => other.clone(),
        };
        out.for_each_child_mut(&mut |child| *child = self.comparable(child));
        out
    }
}

fn statistics_of(
    expressions: &[(usize, ColumnStatistics)],
    position: usize,
) -> Option<&ColumnStatistics> {
    expressions.iter().find(|(at, _)| *at == position).map(|(_, statistics)| statistics)
}

/// Does a cast leave the bytes as they are?
fn is_relabel(from: &str, to: &str) -> bool {
    if from == to {
        return true;
    }
    if to.contains('(') {
        return false;
    }
    let (from, to) = (types::canonical(from), types::canonical(to));
    from == to
        || matches!(
            (from.as_ref(), to.as_ref()),
            ("varchar" | "citext", "text")
                | ("text" | "bpchar", "varchar")
                | ("text" | "varchar", "bpchar")
                | ("cidr", "inet")
                | ("int4", "oid")
        )
}

fn set_relation(expr: &mut Expr, relation: usize) {
    if let Expr::Column(column) = expr {
        column.relation = u16::try_from(relation).unwrap_or(u16::MAX);
    }
    expr.for_each_child_mut(&mut |child| set_relation(child, relation));
}

/// The relations of this level that an expression reads, also through subqueries in it.
pub fn relids(expr: &Expr) -> Relids {
    let mut all = 0;
    expr.walk(&mut |part| {
        if let Expr::Column(column) = part
            && column.level == 0
        {
            all |= bit(usize::from(column.relation));
        }
        if let Some(query) = part.query() {
            let mut columns = Vec::new();
            query.columns_at(1, &mut columns);
            for column in columns {
                all |= bit(usize::from(column.relation));
            }
        }
    });
    all
}
