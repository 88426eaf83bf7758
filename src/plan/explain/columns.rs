//! Columns by name. A subquery whose scan is not in the plan is looked through: its columns are the
//! expressions behind them.

use super::nodes::Printer;
use crate::dialect::Dialect;
use crate::estimate::sql_type::expr_type;
use crate::plan::relation::BaseKind;
use crate::plan::root::Root;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::query::{Query, RelationSource, Target};
use crate::sql::quote::quote_printed;
use crate::workload::bind::output_names;

impl<'a> Printer<'_, 'a> {
    /// The column's name, with that of its relation unless it is the scan's `own`.
    pub(super) fn column(&self, column: ColumnRef, own: Option<usize>, qualify: bool) -> String {
        if let Some(level) = column.level.checked_sub(1) {
            let Some(around) = self.around else { return "$outer".to_owned() };
            return around.column(ColumnRef { level, ..column }, None, true);
        }
        if let Some((sub, expr)) = self.behind(column) {
            let text = self.inside(sub).expr(expr);
            return if matches!(expr, Expr::Column(_)) { text } else { format!("({text})") };
        }
        let relation = usize::from(column.relation);
        if let Some(expr) = self.first_arm(relation, column.column) {
            return match expr {
                Expr::Column(own) => self.column(*own, None, qualify),
                other => format!("({})", self.expr(other)),
            };
        }
        let name = match column.column {
            ColumnRef::WHOLE_ROW => "*".to_owned(),
            ColumnRef::CTID => "ctid".to_owned(),
            at => self.quoted(&self.column_name(relation, usize::from(at))),
        };
        match own {
            _ if !qualify => name,
            Some(own) if own == relation => name,
            _ => format!("{}.{name}", self.quoted(&self.aliases.get(self.root, relation))),
        }
    }

    fn quoted(&self, name: &str) -> String {
        match self.root.configuration.catalog.dialect {
            Dialect::Postgres => quote_printed(name),
            _ => name.to_owned(),
        }
    }

    /// The type of a column, in its canonical name.
    pub(super) fn column_type(&self, column: ColumnRef) -> String {
        match (column.level.checked_sub(1), self.around) {
            (Some(level), Some(around)) => around.column_type(ColumnRef { level, ..column }),
            _ => expr_type(&self.root.scope, &Expr::Column(column)),
        }
    }

    /// What stands behind a column of a subquery that has no scan in the plan.
    pub(super) fn behind(&self, column: ColumnRef) -> Option<(&Root<'a>, &Expr)> {
        let relation = usize::from(column.relation);
        if column.level > 0 || self.aliases.is_shown(self.root, relation) {
            return None;
        }
        if self.root.query.set_operation.is_some() {
            return first_target(self.root, usize::from(column.column));
        }
        let BaseKind::Subquery(sub) = &self.root.base(relation)?.kind else { return None };
        first_target(sub, usize::from(column.column))
    }

    /// What the first arm of a UNION ALL in FROM has for a column.
    fn first_arm(&self, relation: usize, column: u16) -> Option<&Expr> {
        let base = self.root.base(relation)?;
        let BaseKind::UnionAll = base.kind else { return None };
        let first = *base.children.as_ref()?.relations.first()?;
        self.root.base(first)?.translation.as_ref()?.expr_of(column)
    }

    fn column_name(&self, relation: usize, at: usize) -> String {
        let Some(entry) = self.root.query.relations.get(relation) else { return "?".to_owned() };
        if let Some(alias) = entry.column_aliases.get(at) {
            return alias.clone();
        }
        let name = match &entry.source {
            RelationSource::Table(table) => {
                let table = self.root.configuration.catalog.tables.get(*table);
                table.and_then(|table| table.columns.get(at)).map(|column| column.name.clone())
            }
            RelationSource::Subquery(query) => output_names(query).get(at).cloned(),
            RelationSource::Cte { level, cte } => {
                let cte = self.query_around(*level).and_then(|query| query.ctes.get(*cte));
                cte.and_then(|cte| {
                    cte.columns
                        .get(at)
                        .cloned()
                        .or_else(|| output_names(&cte.query).get(at).cloned())
                })
            }
            RelationSource::Values(_) => Some(format!("column{}", at + 1)),
            RelationSource::Function(_) => Some(entry.alias.clone()),
            RelationSource::Name(_) => None,
        };
        name.unwrap_or_else(|| "column".to_owned())
    }

    /// The query so many levels up.
    fn query_around(&self, level: u16) -> Option<&Query> {
        match level.checked_sub(1) {
            None => Some(&self.root.query),
            Some(level) => self.around?.query_around(level),
        }
    }
}

/// A column of a level's result: of several combined queries, the first one's.
fn first_target<'r, 'a>(root: &'r Root<'a>, at: usize) -> Option<(&'r Root<'a>, &'r Expr)> {
    if root.query.set_operation.is_some() {
        return first_target(root.arms.first()?, at);
    }
    match root.query.targets.get(at)? {
        Target::Expr(expr, _) => Some((root, expr)),
        Target::Star(_) => None,
    }
}
