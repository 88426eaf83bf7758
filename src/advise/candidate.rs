//! An index that could be created, and how indexes compare in shape.

use crate::catalog::{Catalog, Index};
use crate::plan::implication::same;
use crate::sql::expr::Expr;
use crate::sql::schema::{IndexKey, KeyPart, Method};

/// An index that could be created.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Position in `Catalog::tables`.
    pub table: usize,
    /// The index; hypothetical.
    pub index: Index,
    /// Its directions are those of an ORDER BY.
    pub is_ordered: bool,
}

impl Candidate {
    /// Does it have the shape of another candidate?
    pub fn is_same(&self, other: &Candidate) -> bool {
        self.table == other.table && same_shape(&self.index, &other.index)
    }
}

/// A new index over keys, without a name and a definition yet.
pub fn new_index(method: Method, keys: Vec<IndexKey>) -> Index {
    Index { method, keys, usable: true, hypothetical: true, ..Index::default() }
}

/// A key over a column, ascending, as the dialects sort without a word.
pub fn column_key(column: usize) -> IndexKey {
    key_over(KeyPart::Column(column))
}

/// A key over anything, ascending.
pub fn key_over(part: KeyPart) -> IndexKey {
    IndexKey {
        part,
        desc: false,
        nulls_first: false,
        opclass: None,
        collation: None,
        prefix_length: None,
    }
}

/// The same column or expression.
pub fn same_part(a: &KeyPart, b: &KeyPart) -> bool {
    match (a, b) {
        (KeyPart::Column(a), KeyPart::Column(b)) => a == b,
        (KeyPart::Expr(a, _), KeyPart::Expr(b, _)) => same(a, b),
        _ => false,
    }
}

/// The same values in the same order but for the direction.
pub fn same_values(a: &IndexKey, b: &IndexKey) -> bool {
    same_part(&a.part, &b.part)
        && a.opclass == b.opclass
        && a.collation == b.collation
        && a.prefix_length == b.prefix_length
}

/// Are the first `n` keys of both alike, in direction too or all against it? A B-tree is read from
/// either end.
pub fn same_keys(a: &[IndexKey], b: &[IndexKey], n: usize) -> bool {
    let mut with = true;
    let mut against = true;
    for at in 0..n {
        let (Some(x), Some(y)) = (a.get(at), b.get(at)) else { return false };
        if !same_values(x, y) {
            return false;
        }
        with &= x.desc == y.desc && x.nulls_first == y.nulls_first;
        against &= x.desc != y.desc && x.nulls_first != y.nulls_first;
    }
    with || against
}

/// The same partial predicate, or none in both.
pub fn same_predicate(a: &Option<Expr>, b: &Option<Expr>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}

/// The same index but for its name.
pub fn same_shape(a: &Index, b: &Index) -> bool {
    a.method == b.method
        && a.keys.len() == b.keys.len()
        && same_keys(&a.keys, &b.keys, a.keys.len())
        && same_predicate(&a.predicate, &b.predicate)
        && a.include.len() == b.include.len()
        && a.include.iter().all(|column| b.include.contains(column))
}

/// The same index but for the directions of its keys.
pub fn same_but_direction(a: &Index, b: &Index) -> bool {
    a.method == b.method
        && a.keys.len() == b.keys.len()
        && a.keys.iter().zip(&b.keys).all(|(x, y)| {
            same_part(&x.part, &y.part) && x.opclass == y.opclass && x.collation == y.collation
        })
        && same_predicate(&a.predicate, &b.predicate)
        && a.include == b.include
}

/// Can `wide` do all that `narrow` can? Its keys begin with those of `narrow` (but for equal
/// directions, which the caller must not need), it holds the included columns, and it is over the
/// same rows.
pub fn is_covered_by(narrow: &Index, wide: &Index) -> bool {
    let n = narrow.keys.len();
    narrow.method == wide.method
        && matches!(narrow.method, Method::Btree)
        && n <= wide.keys.len()
        && same_keys(&narrow.keys, &wide.keys, n)
        && (wide.predicate.is_none() || same_predicate(&narrow.predicate, &wide.predicate))
        && narrow.include.iter().all(|column| {
            wide.include.contains(column)
                || wide.keys.iter().any(|key| key.part == KeyPart::Column(*column))
        })
}

/// Is there an existing index that does all that the candidate would? One that no plan uses does not
/// count.
pub fn exists(catalog: &Catalog, candidate: &Candidate) -> bool {
    let Some(table) = catalog.tables.get(candidate.table) else { return true };
    let rowid_first = matches!(
        candidate.index.keys.first().map(|key| &key.part),
        Some(KeyPart::Column(column)) if table.rowid_column == Some(*column)
    );
    rowid_first
        || table.indexes.iter().any(|index| {
            index.usable
                && (same_shape(&candidate.index, index)
                    || (is_covered_by(&candidate.index, index)
                        && same_predicate(&candidate.index.predicate, &index.predicate)))
        })
}
