//! Predicates that no B-tree serves: containment in jsonb and arrays, full text, patterns without a
//! fixed beginning, overlapping ranges. PostgreSQL only.

use super::asks::Asker;
use super::candidate::{Candidate, key_over, new_index};
use super::immutable::is_immutable;
use super::print::print_expr;
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::plan::implication::strip;
use crate::plan::index_match::{at_relation, fixed_prefix};
use crate::sql::expr::{Expr, LikeKind, Literal};
use crate::sql::schema::{IndexKey, KeyPart, Method, is_text_type};
use crate::workload::predicate::{Ask, Predicate};
use crate::workload::shape::Shape;

/// GIN and GiST candidates for a shape.
pub fn inverted_candidates(catalog: &Catalog, table: &Table, shape: &Shape) -> Vec<Candidate> {
    if catalog.dialect != Dialect::Postgres {
        return Vec::new();
    }
    let made = shape.predicates.iter().filter_map(|predicate| {
        let key = any_key(catalog, table, &predicate.key)?;
        let (method, class) = class_for(catalog, table, &key, predicate)?;
        let key = IndexKey { opclass: class.map(str::to_owned), ..key };
        let index = new_index(method, vec![key]);
        Some(Candidate { table: shape.table, index, is_ordered: false })
    });
    made.collect()
}

/// A key of any type: what a B-tree cannot hold is the point here.
fn any_key(catalog: &Catalog, table: &Table, expr: &Expr) -> Option<IndexKey> {
    if let Expr::Column(column) = strip(expr) {
        table.columns.get(usize::from(column.column))?;
        return Some(key_over(KeyPart::Column(usize::from(column.column))));
    }
    let moved = at_relation(expr, 0);
    let is_key = matches!(moved, Expr::Function(_) | Expr::Operator { .. })
        && is_immutable(&moved, table, catalog.dialect);
    let text = is_key.then(|| print_expr(&moved, table, catalog.dialect))??;
    Some(key_over(KeyPart::Expr(Box::new(moved), text)))
}

fn class_for(
    catalog: &Catalog,
    table: &Table,
    key: &IndexKey,
    predicate: &Predicate,
) -> Option<(Method, Option<&'static str>)> {
    let data_type = Asker { catalog, table }.key_type(key).to_owned();
    match &predicate.ask {
        Ask::Operator(op, _) => operator_class(op, &data_type, key),
        Ask::Like(kind, pattern) => {
            let is_text = is_text_type(&data_type) || data_type.is_empty();
            (is_text && has_trigrams(catalog) && wants_trigrams(*kind, pattern))
                .then_some((Method::Gin, Some("gin_trgm_ops")))
        }
        _ => None,
    }
}

fn operator_class(
    op: &str,
    data_type: &str,
    key: &IndexKey,
) -> Option<(Method, Option<&'static str>)> {
    let is_json_part = data_type.is_empty()
        && matches!(&key.part, KeyPart::Expr(expr, _)
        if matches!(&**expr, Expr::Operator { op, .. } if matches!(op.as_str(), "->" | "#>")));
    let is_vector = data_type == "tsvector"
        || matches!(&key.part, KeyPart::Expr(expr, _)
            if matches!(&**expr, Expr::Function(call) if call.name == "to_tsvector"));
    match op {
        "@>" | "@?" | "@@" if data_type == "jsonb" || is_json_part => {
            Some((Method::Gin, Some("jsonb_path_ops")))
        }
        "?" | "?|" | "?&" if data_type == "jsonb" || is_json_part => Some((Method::Gin, None)),
        "@>" | "?" | "?|" | "?&" if data_type == "hstore" => Some((Method::Gin, None)),
        "&&" | "@>" | "<@" if data_type.ends_with("[]") => Some((Method::Gin, None)),
        "@@" if is_vector => Some((Method::Gin, None)),
        "&&" | "@>" | "<@" | "-|-" if data_type.ends_with("range") => Some((Method::Gist, None)),
        "<<" | "<<=" | ">>" | ">>=" | "&&" if data_type == "inet" || data_type == "cidr" => {
            Some((Method::Gist, Some("inet_ops")))
        }
        "&&" | "@>" | "<@" | "~=" if is_geometric(data_type) => Some((Method::Gist, None)),
        _ => None,
    }
}

fn is_geometric(data_type: &str) -> bool {
    ["point", "box", "polygon", "circle", "geometry", "geography"]
        .iter()
        .any(|known| data_type.starts_with(known))
}

/// `pg_trgm` is installed: said so, or an index uses it.
pub fn has_trigrams(catalog: &Catalog) -> bool {
    let uses = |table: &Table| {
        table
            .indexes
            .iter()
            .flat_map(|index| &index.keys)
            .any(|key| key.opclass.as_deref().is_some_and(|class| class.contains("trgm")))
    };
    catalog.extensions.iter().any(|name| name == "pg_trgm") || catalog.tables.iter().any(uses)
}

/// A pattern that no B-tree bounds and that has three characters in a row, or may have.
pub fn wants_trigrams(kind: LikeKind, pattern: &Expr) -> bool {
    let Expr::Literal(Literal::Text(text)) = strip(pattern) else {
        return matches!(kind, LikeKind::Like | LikeKind::ILike);
    };
    let has_run = text
        .split(['%', '_', '.', '*', '?', '[', ']', '(', ')', '^', '$', '|', '+'])
        .any(|run| run.chars().count() >= 3);
    let is_bounded = kind == LikeKind::Like
        && fixed_prefix(kind, pattern).is_some_and(|prefix| !prefix.is_empty());
    has_run && !is_bounded && kind != LikeKind::Glob
}
