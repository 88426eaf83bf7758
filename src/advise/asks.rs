//! What one block asks of one table, as keys that an index could have: equalities, joins, ranges,
//! the order.

use crate::sorted::SortedSet;

use super::candidate::{column_key, key_over, same_part};
use super::constant_order::is_constant_order;
use super::immutable::is_immutable;
use super::print::print_expr;
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::plan::implication::strip;
use crate::plan::index_match::{at_relation, fixed_prefix};
use crate::sql::expr::{ColumnRef, Expr, LikeKind};
use crate::sql::query::SortKey;
use crate::sql::schema::{IndexKey, KeyPart};
use crate::workload::predicate::{Ask, Predicate};
use crate::workload::shape::Shape;

/// Keys by what is asked of them, each in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Asks {
    /// Equal to one value.
    pub single: Vec<IndexKey>,
    /// Equal to one of several: IN, ANY, IN (SELECT ...).
    pub several: Vec<IndexKey>,
    /// Equal to columns of other relations, by these relations.
    pub joins: Vec<(SortedSet<u16>, Vec<IndexKey>)>,
    /// Between bounds, or beginning with a text.
    pub ranges: Vec<IndexKey>,
    /// Orders worth having: ORDER BY, then GROUP BY or DISTINCT, each without what is fixed.
    pub orders: Vec<Vec<IndexKey>>,
    /// The arms of ORs: each wants an index of its own.
    pub arms: Vec<Asks>,
}

/// Reads the asks of shapes over one table.
pub struct Asker<'a> {
    /// What exists.
    pub catalog: &'a Catalog,
    /// The table.
    pub table: &'a Table,
}

impl Asker<'_> {
    /// The asks of a shape; the predicate at `without` is left to a partial index.
    pub fn asks(&self, shape: &Shape, without: Option<usize>) -> Asks {
        let mut asks = Asks::default();
        for (at, predicate) in shape.predicates.iter().enumerate() {
            if Some(at) != without {
                self.add(predicate, &mut asks);
            }
        }
        let fixed = |key: &IndexKey| asks.single.iter().any(|s| same_part(&s.part, &key.part));
        let orders = orders_of(shape, self.table).into_iter().filter_map(|order| {
            let keys = order.iter().map(|sort| self.sort_key(sort));
            let keys = keys.collect::<Option<Vec<_>>>()?;
            let mut keys: Vec<IndexKey> = keys.into_iter().filter(|key| !fixed(key)).collect();
            drop_repeated(&mut keys);
            (!keys.is_empty()).then_some(keys)
        });
        let orders: Vec<Vec<IndexKey>> = orders.collect();
        asks.orders = orders;
        asks
    }

    fn add(&self, predicate: &Predicate, asks: &mut Asks) {
        if let Ask::Or(arms) = &predicate.ask {
            for arm in arms {
                let mut asked = Asks::default();
                for predicate in arm {
                    self.add(predicate, &mut asked);
                }
                asks.arms.push(asked);
            }
            return;
        }
        if let Ask::Like(kind, pattern) = &predicate.ask {
            if let Some(key) = self.like_key(predicate, *kind, pattern) {
                push(&mut asks.ranges, key);
            }
            return;
        }
        let Some(key) = self.key(&predicate.key) else { return };
        if predicate.is_join() && predicate.is_equality() {
            let others = other_relations(predicate);
            match asks.joins.iter_mut().find(|(known, _)| *known == others) {
                Some((_, keys)) => push(keys, key),
                None => asks.joins.push((others, vec![key])),
            }
        } else if predicate.is_single_value() {
            push(&mut asks.single, key);
        } else if predicate.is_equality() {
            push(&mut asks.several, key);
        } else if predicate.is_range() {
            push(&mut asks.ranges, key);
        }
    }

    /// The key that an expression over one relation would be, if it may be one.
    pub fn key(&self, expr: &Expr) -> Option<IndexKey> {
        if let Expr::Collate { expr, collation } = expr {
            let mut key = self.key(expr)?;
            key.collation = Some(collation.clone());
            return Some(key);
        }
        if let Expr::Column(column) = strip(expr) {
            return self.column(*column);
        }
        let moved = at_relation(expr, 0);
        let dialect = self.catalog.dialect;
        if !may_be_expression_key(&moved, dialect) || !is_immutable(&moved, self.table, dialect) {
            return None;
        }
        let text = print_expr(&moved, self.table, dialect)?;
        Some(key_over(KeyPart::Expr(Box::new(moved), text)))
    }

    fn column(&self, column: ColumnRef) -> Option<IndexKey> {
        if column.level > 0 || ColumnRef::is_of_any_row(column.column) {
            return None;
        }
        let position = usize::from(column.column);
        let definition = self.table.columns.get(position)?;
        let mut key = column_key(position);
        match self.catalog.dialect {
            Dialect::Postgres if !is_btree_type(&definition.data_type) => return None,
            Dialect::Mysql | Dialect::Mariadb => {
                key.prefix_length = prefix_length(&definition.data_type)?;
            }
            _ => {}
        }
        Some(key)
    }

    fn sort_key(&self, sort: &SortKey) -> Option<IndexKey> {
        let mut key = self.key(&sort.expr)?;
        if key.prefix_length.is_some() {
            return None;
        }
        key.desc = sort.desc;
        key.nulls_first = match self.catalog.dialect {
            Dialect::Postgres => sort.nulls_first.unwrap_or(sort.desc),
            _ => sort.desc,
        };
        Some(key)
    }

    /// `LIKE 'abc%'` is a range where the index sorts as the pattern compares.
    fn like_key(&self, predicate: &Predicate, kind: LikeKind, pattern: &Expr) -> Option<IndexKey> {
        if fixed_prefix(kind, pattern)?.is_empty() {
            return None;
        }
        let mut key = self.key(&predicate.key)?;
        match self.catalog.dialect {
            Dialect::Mysql | Dialect::Mariadb => (kind == LikeKind::Like).then_some(key),
            Dialect::Sqlite => {
                match kind {
                    LikeKind::Glob => {}
                    LikeKind::Like if self.collation(&key).is_some_and(|c| is_nocase(&c)) => {}
                    LikeKind::Like => key.collation = Some("NOCASE".to_owned()),
                    _ => return None,
                }
                Some(key)
            }
            Dialect::Postgres => {
                if !self.sorts_by_bytes(&key) {
                    key.opclass = Some(pattern_class(self.key_type(&key)).to_owned());
                }
                Some(key)
            }
        }
    }

    fn sorts_by_bytes(&self, key: &IndexKey) -> bool {
        let own = self.collation(key);
        let collation = own.as_deref().or(self.catalog.settings.collation.as_deref());
        collation.is_some_and(|name| matches!(name, "C" | "POSIX"))
    }

    fn collation(&self, key: &IndexKey) -> Option<String> {
        key.collation.clone().or_else(|| match key.part {
            KeyPart::Column(column) => self.table.columns.get(column)?.collation.clone(),
            KeyPart::Expr(..) => None,
        })
    }

    /// Type of a key, empty for an expression.
    pub fn key_type(&self, key: &IndexKey) -> &str {
        match key.part {
            KeyPart::Column(column) => {
                self.table.columns.get(column).map_or("", |column| column.data_type.as_str())
            }
            KeyPart::Expr(..) => "",
        }
    }
}

/// ORDER BY, where it tells rows apart, then what groups, makes distinct, or is the one `min` or `max`.
fn orders_of(shape: &Shape, table: &Table) -> Vec<Vec<SortKey>> {
    let plain = |expr: &Expr| SortKey { expr: expr.clone(), desc: false, nulls_first: None };
    let is_constant = is_constant_order(table, shape);
    let mut orders = vec![
        if is_constant { Vec::new() } else { shape.order_by.clone() },
        shape.group_by.iter().map(plain).collect(),
        shape.distinct.iter().map(plain).collect(),
    ];
    for (expr, is_max) in &shape.min_max {
        orders.push(vec![SortKey { expr: expr.clone(), desc: *is_max, nulls_first: None }]);
    }
    orders.retain(|order| !order.is_empty());
    orders
}

fn other_relations(predicate: &Predicate) -> SortedSet<u16> {
    let (Ask::Compare(_, value) | Ask::Any(value) | Ask::Operator(_, value)) = &predicate.ask
    else {
        return SortedSet::new();
    };
    value.columns().iter().map(|column| column.relation).collect()
}

fn push(keys: &mut Vec<IndexKey>, key: IndexKey) {
    if !keys.iter().any(|known| same_part(&known.part, &key.part)) {
        keys.push(key);
    }
}

/// Keeps the first of keys over the same part: the later ones sort nothing.
pub fn drop_repeated(keys: &mut Vec<IndexKey>) {
    let mut kept: Vec<IndexKey> = Vec::with_capacity(keys.len());
    for key in keys.drain(..) {
        push(&mut kept, key);
    }
    *keys = kept;
}

/// MariaDB has no expression keys; arithmetic is better rewritten than indexed.
fn may_be_expression_key(expr: &Expr, dialect: Dialect) -> bool {
    if expr.columns().iter().any(|column| ColumnRef::is_of_any_row(column.column)) {
        return false;
    }
    match expr {
        Expr::Function(_) => dialect != Dialect::Mariadb,
        Expr::Operator { op, left: Some(_), .. } => {
            matches!(op.as_str(), "->>" | "#>>" | "||")
                && matches!(dialect, Dialect::Postgres | Dialect::Sqlite)
        }
        // `(data ->> 'n')::int`: the cast is part of what is compared.
        Expr::Cast { expr, .. } => {
            dialect == Dialect::Postgres && may_be_expression_key(expr, dialect)
        }
        _ => false,
    }
}

/// Types with a default B-tree operator class that is worth an index.
pub fn is_btree_type(data_type: &str) -> bool {
    const OTHERS: [&str; 20] = [
        "json",
        "xml",
        "point",
        "line",
        "lseg",
        "box",
        "path",
        "polygon",
        "circle",
        "hstore",
        "tsvector",
        "tsquery",
        "geometry",
        "geography",
        "vector",
        "txid_snapshot",
        "pg_snapshot",
        "aclitem",
        "halfvec",
        "sparsevec",
    ];
    !data_type.ends_with(']') && !OTHERS.iter().any(|other| data_type.starts_with(other))
}

/// `Some(None)`: the whole column can be a key; `Some(Some(n))`: only its beginning; `None`: not at
/// all. InnoDB's keys have at most 3072 bytes, 768 characters of four.
fn prefix_length(data_type: &str) -> Option<Option<u32>> {
    let name = data_type.split(['(', ' ']).next().unwrap_or(data_type);
    match name {
        "text" | "tinytext" | "mediumtext" | "longtext" | "blob" | "tinyblob" | "mediumblob"
        | "longblob" => Some(Some(64)),
        "json" | "geometry" | "point" | "linestring" | "polygon" | "multipoint"
        | "multilinestring" | "multipolygon" | "geometrycollection" | "vector" => None,
        "varchar" | "varbinary" => {
            let length = data_type.split(['(', ')']).nth(1).and_then(|n| n.parse::<u32>().ok());
            Some(length.filter(|length| *length > 768).map(|_| 191))
        }
        _ => Some(None),
    }
}

fn is_nocase(collation: &str) -> bool {
    collation.eq_ignore_ascii_case("nocase")
}

/// The class that compares byte by byte for a type.
fn pattern_class(data_type: &str) -> &'static str {
    if data_type.starts_with("varchar") || data_type.starts_with("character varying") {
        "varchar_pattern_ops"
    } else if data_type.starts_with("char") || data_type.starts_with("bpchar") {
        "bpchar_pattern_ops"
    } else {
        "text_pattern_ops"
    }
}
