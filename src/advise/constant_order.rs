//! `constant-order`: a query sorts by columns that have one value in all rows, by the statistics.
//!
//! The order says nothing then: with LIMIT, any rows come first, other ones from call to call. The
//! server sorts all the same, as it cannot know. An index would save the sort, but the right answer is
//! another ORDER BY, so none is proposed for it. Left out are orders that go on with a column that
//! tells rows apart, orders behind an equality, and what the statistics do not count.

use super::ddl::{part_text, table_name};
use super::{Assumption, Confidence, Context, Finding, Importance};
use crate::catalog::Table;
use crate::estimate::Basis;
use crate::estimate::column::column_info;
use crate::estimate::size::table_rows;
use crate::plan::implication::strip;
use crate::sql::expr::Expr;
use crate::sql::query::SortKey;
use crate::sql::schema::KeyPart;
use crate::workload::Entry;
use crate::workload::predicate::Predicate;
use crate::workload::shape::{Shape, blocks};

/// All findings of this kind.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for entry in &context.workload.entries {
        let shapes = entry.query.iter().flat_map(blocks).flat_map(|block| block.shapes);
        for shape in shapes {
            let Some(table) = context.catalog.tables.get(shape.table) else { continue };
            if is_constant_order(table, &shape) {
                out.push(finding(context, entry, table, &shape));
            }
        }
    }
    out
}

/// Is the order all that an index could serve, and do all rows have the same values of its keys? Behind
/// an equality it may stay: the key in front leads to few rows, and what follows costs little.
pub fn is_constant_order(table: &Table, shape: &Shape) -> bool {
    let is_equality = |predicate: &Predicate| predicate.is_single_value() && !predicate.is_join();
    let order = &shape.order_by;
    table_rows(table).value > 1.0
        && !order.is_empty()
        && order.iter().all(|key| constant_column(table, key).is_some())
        && !shape.predicates.iter().any(is_equality)
}

/// The column of a sort key, if it has one value and no NULL.
fn constant_column(table: &Table, key: &SortKey) -> Option<usize> {
    let Expr::Column(column) = strip(&key.expr) else { return None };
    let position = usize::from(column.column);
    let info = column_info(table, position);
    let has_one = column.level == 0
        && info.basis == Basis::Statistics
        && info.n_distinct <= 1.0
        && info.null_frac == 0.0;
    has_one.then_some(position)
}

fn finding(context: &Context<'_>, entry: &Entry, table: &Table, shape: &Shape) -> Finding {
    let dialect = context.catalog.dialect;
    let columns = shape.order_by.iter().filter_map(|key| constant_column(table, key));
    let names: Vec<String> =
        columns.map(|column| part_text(table, &KeyPart::Column(column), dialect)).collect();
    let counts: Vec<String> = names.iter().map(|name| format!("count(DISTINCT {name})")).collect();
    let (columns, have) = (names.join(", "), if names.len() == 1 { "has" } else { "have" });
    let meaning = match shape.limit {
        Some(_) => "with LIMIT any of them come back, other ones from call to call",
        None => "they come back in no order",
    };
    let name = entry.name.as_ref().unwrap_or(&entry.id);
    Finding {
        code: "constant-order".to_owned(),
        severity: Importance::Low,
        title: format!("{name} sorts {} by {columns}, which {have} one value", table.name),
        table: Some(table.name.to_string()),
        queries: vec![entry.id.clone()],
        confidence: Confidence::Medium,
        reasons: vec![format!(
            "The statistics count one value and no NULL, so the order tells no two rows apart: {meaning}"
        )],
        advice: vec![format!(
            "Leave the ORDER BY out, or end it with what tells rows apart, such as the primary key. An \
             index on {columns} is not proposed: it would save a sort that means nothing"
        )],
        assumptions: vec![Assumption {
            text: format!("{columns} will go on having one value"),
            basis: Basis::Statistics,
            replace_with: Some(format!(
                "SELECT {} FROM {}",
                counts.join(", "),
                table_name(table, dialect)
            )),
        }],
        places: entry.source.iter().cloned().collect(),
        ..Finding::default()
    }
}
