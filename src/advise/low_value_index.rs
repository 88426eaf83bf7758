//! `low-value-index`: an index that the planner will hardly ever choose, whatever the workload: over a
//! flag or a state that nearly every row has alike, or on a table of a few pages.
//!
//! An index saves only while it leads to few rows: each row it finds costs a page at random, a
//! sequential scan reads some hundred rows a page. Left out are constraints, UNIQUE and partial
//! indexes, indexes that the modelled plans of the workload use or that the server counted scans of,
//! and those that other findings are about already.

use crate::sorted::SortedSet;

use super::Context;
use super::ddl::{part_text, table_name};
use super::duplicate_index::removal;
use super::finding::{Assumption, Confidence, Finding, Grounds, Importance};
use super::needs::{Needs, query_ids};
use super::overlap::{involved, overlaps};
use crate::catalog::{Index, Table};
use crate::estimate::Basis;
use crate::estimate::column::{ColumnInfo, column_info};
use crate::estimate::size::{table_pages, table_rows};
use crate::estimate::types::TypeFamily;
use crate::order;
use crate::plan::implication::strip;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::schema::{KeyPart, Method};
use crate::workload::predicate::Ask;

/// A table of so many pages is read whole sooner than through an index.
const FEW_PAGES: f64 = 3.0;

/// At most so many values make a column a state.
const STATE_VALUES_MAX: f64 = 4.0;

/// A value that so many of the rows have leads nowhere.
const COMMON_SHARE: f64 = 0.2;

/// All findings of this kind; `used` are the indexes that modelled plans use.
pub fn find(context: &Context<'_>, used: &SortedSet<(usize, usize)>) -> Vec<Finding> {
    let known = involved(&overlaps(context.catalog));
    let mut out = Vec::new();
    for (at, table) in context.catalog.tables.iter().enumerate() {
        for (position, index) in table.indexes.iter().enumerate() {
            let place = (at, position);
            let is_candidate = !index.unique
                && !index.constraint
                && index.predicate.is_none()
                && index.parent.is_none()
                && matches!(index.method, Method::Btree | Method::Hash)
                && index.statistics.idx_scan.is_none()
                && !known.contains(&place)
                && !used.contains(&place);
            if is_candidate {
                out.extend(flag(context, at, table, index).or_else(|| tiny(context, table, index)));
            }
        }
    }
    out
}

/// The table fits a few pages.
fn tiny(context: &Context<'_>, table: &Table, index: &Index) -> Option<Finding> {
    let (pages, rows) = (table_pages(table), table_rows(table));
    if pages.basis == Basis::Default || pages.value > FEW_PAGES || serves_reference(table, index) {
        return None;
    }
    let mut found = removal(context, table, index);
    found.code = "low-value-index".to_owned();
    found.grounds = Some(Grounds::Model);
    found.severity = Importance::Low;
    found.confidence = Confidence::Medium;
    found.title = format!("{} is on a table that is read whole anyway", index.name);
    found.reasons.insert(
        0,
        format!(
            "{} has {} rows on {} of 8 kB: reading them all costs less than one descent of a tree",
            table.name,
            rows.value,
            if pages.value > 1.0 { format!("{} pages", pages.value) } else { "a page".to_owned() }
        ),
    );
    found.advice.insert(0, "Keep it if the table will grow beyond a few hundred rows".to_owned());
    Some(found)
}

/// A flag, or a state of few values.
fn flag(context: &Context<'_>, at: usize, table: &Table, index: &Index) -> Option<Finding> {
    let [key] = index.keys.as_slice() else { return None };
    let KeyPart::Column(column) = key.part else { return None };
    let info = column_info(table, column);
    let is_flag = info.family == TypeFamily::Bool;
    let is_state = info.basis != Basis::Default && info.n_distinct <= STATE_VALUES_MAX;
    if !(is_flag || is_state) || serves_reference(table, index) {
        return None;
    }
    let asked = asked_values(context, at, column);
    let share = asked.iter().map(|value| share_of(&info, value)).fold(0.0, f64::max);
    if !asked.is_empty() && share < COMMON_SHARE {
        return None;
    }
    let name = part_text(table, &key.part, context.catalog.dialect);
    let mut found = removal(context, table, index);
    found.code = "low-value-index".to_owned();
    found.grounds = Some(Grounds::Model);
    found.severity = Importance::Low;
    found.confidence =
        if info.basis == Basis::Default { Confidence::Low } else { Confidence::Medium };
    found.title = format!("{} leads to too many rows to be used", index.name);
    found.reasons.insert(0, why_text(&name, &info, &asked, share));
    if let Some(needs) = Needs::of(context, at) {
        found.queries = query_ids(&needs.served(index));
    }
    found.advice.insert(0, instead(context, table, &name, &info));
    if info.basis == Basis::Default {
        found.assumptions.push(Assumption {
            text: format!("about half of the rows have either value of {name}"),
            basis: Basis::Default,
            replace_with: Some(format!(
                "SELECT {name}, count(*) FROM {} GROUP BY 1",
                table_name(table, context.catalog.dialect)
            )),
        });
    }
    Some(found)
}

fn why_text(name: &str, info: &ColumnInfo<'_>, asked: &[String], share: f64) -> String {
    let values = format!("{name} has {:.0} values", info.n_distinct);
    if asked.is_empty() {
        return format!("{values}, and no query of the workload asks for one of them alone");
    }
    format!(
        "{values}, and {:.0} % of the rows have the one that is asked for: fetching them one by one \
         costs more than reading the table",
        share * 100.0
    )
}

fn instead(context: &Context<'_>, table: &Table, name: &str, info: &ColumnInfo<'_>) -> String {
    let rare = info.statistics.and_then(|statistics| {
        let pairs = statistics.most_common_vals.iter().zip(&statistics.most_common_freqs);
        pairs.filter(|(_, share)| **share < COMMON_SHARE).map(|(value, _)| value.clone()).next()
    });
    if context.catalog.dialect.is_mysql_family() {
        return format!(
            "If queries look for a rare value of {name}, put {name} in front of what they order by"
        );
    }
    let example = match rare {
        Some(value) => format!(" (here {})", value_text(&value, info)),
        None => String::new(),
    };
    format!(
        "If queries look for a rare value of {name}{example}, index what they filter or order by with \
         WHERE {name} = that value: small, and written only for these rows of {}",
        table.name
    )
}

fn value_text(value: &str, info: &ColumnInfo<'_>) -> String {
    match (info.family, value) {
        (TypeFamily::Bool, "t") => "true".to_owned(),
        (TypeFamily::Bool, "f") => "false".to_owned(),
        _ => value.to_owned(),
    }
}

/// The values of a column that queries ask for, as `pg_stats` writes them; `?` for unknown ones.
fn asked_values(context: &Context<'_>, at: usize, column: usize) -> Vec<String> {
    let mut values = Vec::new();
    for entry in &context.workload.entries {
        let blocks = entry.query.iter().flat_map(crate::workload::shape::blocks);
        for shape in blocks.flat_map(|block| block.shapes).filter(|shape| shape.table == at) {
            for predicate in &shape.predicates {
                let is_column = matches!(strip(&predicate.key), Expr::Column(read)
                    if usize::from(read.column) == column);
                if is_column {
                    values.extend(asked_value(&predicate.ask));
                }
            }
        }
    }
    order::sort(&mut values);
    values.dedup();
    values
}

fn asked_value(ask: &Ask) -> Option<String> {
    match ask {
        Ask::Truth(true) => Some("t".to_owned()),
        Ask::Truth(false) => Some("f".to_owned()),
        Ask::Compare(CompareOp::Eq, value) => Some(match strip(value) {
            Expr::Literal(Literal::Number(text) | Literal::Text(text)) => text.clone(),
            _ => "?".to_owned(),
        }),
        _ => None,
    }
}

/// The part of the rows that have a value.
fn share_of(info: &ColumnInfo<'_>, value: &str) -> f64 {
    let average = (1.0 - info.null_frac) / info.n_distinct.max(1.0);
    let Some(statistics) = info.statistics else { return average };
    let known = statistics.most_common_vals.iter().zip(&statistics.most_common_freqs);
    known.filter(|(known, _)| *known == value).map(|(_, share)| *share).next().unwrap_or(average)
}

/// A foreign key's columns: deletes from the other table look here.
fn serves_reference(table: &Table, index: &Index) -> bool {
    let first = index.keys.first().map(|key| &key.part);
    table.foreign_keys.iter().any(|key| {
        key.columns.first().is_some_and(|column| first == Some(&KeyPart::Column(*column)))
    })
}
