//! What an index can do for one relation of a query: which keys bound the scan, which only filter
//! inside the index, whether it delivers the order, whether it covers, whether its predicate holds.
//! After PostgreSQL's `indxpath.c` and `pathkeys.c`; the dialects differ where it says so.
//!
//! B-tree rule: keys are walked from the first. An equality bounds the scan and lets the walk go on;
//! a range bounds it and ends the walk; a key without a predicate ends it. Predicates on later keys
//! are checked inside the index, before the heap is visited, but narrow nothing.

use crate::sorted::SortedSet;

use super::implication::{implies, same, strip};
use super::operators::{has_trigram, is_scalar, operators_of};
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::sql::expr::{ColumnRef, CompareOp, Expr, LikeKind, Literal};
use crate::sql::query::SortKey;
use crate::sql::schema::{IndexKey, KeyPart, Method};
use crate::workload::predicate::{Ask, Predicate};
use crate::workload::shape::Shape;

/// What an index does for a relation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexMatch {
    /// Predicates that bound the scan: `(key position, predicate position in the shape)`.
    pub boundary: Vec<(usize, usize)>,
    /// Predicates checked inside the index: `(key position, predicate position)`.
    pub in_index: Vec<(usize, usize)>,
    /// Leading keys that a single-value equality fixes.
    pub n_fixed: usize,
    /// Delivers the shape's ORDER BY (or GROUP BY / DISTINCT): scanned backward if `Some(true)`.
    pub order: Option<bool>,
    /// Leading ORDER BY keys delivered; all of them when `order` is there.
    pub n_ordered: usize,
    /// Holds every column the query needs.
    pub is_covering: bool,
    /// Has a predicate (and it holds, else there is no match).
    pub is_partial: bool,
}

impl IndexMatch {
    /// Does it bound, filter or order the scan?
    fn narrows_or_orders(&self) -> bool {
        !self.boundary.is_empty() || !self.in_index.is_empty() || self.n_ordered > 0
    }

    /// Is there anything it is good for?
    pub fn is_useful(&self) -> bool {
        self.narrows_or_orders() || self.is_covering || self.is_partial
    }
}

/// Why an index cannot serve a relation at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMatch {
    /// INVALID, INVISIBLE, IGNORED.
    Unusable,
    /// The query does not imply the predicate.
    Predicate,
    /// Nothing the query asks is among its keys.
    Nothing,
}

/// Matches an index of `table` with what a query asks of it.
pub fn match_index(
    catalog: &Catalog,
    table: &Table,
    shape: &Shape,
    index: &Index,
) -> Result<IndexMatch, NoMatch> {
    if !index.usable {
        return Err(NoMatch::Unusable);
    }
    if let Some(predicate) = &index.predicate
        && !predicate_holds(shape, predicate)
    {
        return Err(NoMatch::Predicate);
    }
    let matcher = Matcher { catalog, table, shape };
    let mut found = matcher.keys(index);
    found.is_partial = index.predicate.is_some();
    found.is_covering = matcher.covers(index);
    matcher.order(index, &mut found);
    // InnoDB's primary key is the table: read whole, it is a sequential scan.
    if index.primary && catalog.dialect.is_mysql_family() && !found.narrows_or_orders() {
        return Err(NoMatch::Nothing);
    }
    if found.is_useful() { Ok(found) } else { Err(NoMatch::Nothing) }
}

/// Does the query imply a partial index's predicate? Join clauses do not count: they hold only after
/// the join.
pub fn predicate_holds(shape: &Shape, predicate: &Expr) -> bool {
    let own = shape.predicates.iter().filter(|p| !p.is_join());
    let conjuncts: Vec<&Expr> = own.map(|p| &p.clause).collect();
    implies(&conjuncts, &at_relation(predicate, shape.relation))
}

/// The columns read by a scan of an index with this predicate: a condition that the predicate
/// guarantees is not checked again, so its columns are not read (`check_index_only` in `indxpath.c`).
pub fn columns_to_read(shape: &Shape, predicate: Option<&Expr>) -> SortedSet<u16> {
    let Some(predicate) = predicate else { return shape.needed.clone() };
    let predicate = at_relation(predicate, shape.relation);
    let mut columns = shape.output.clone();
    for asked in &shape.predicates {
        if !implies(&[&predicate], &asked.clause) {
            let read = asked.clause.columns();
            let own = read.iter().filter(|c| usize::from(c.relation) == shape.relation);
            columns.extend(own.map(|column| column.column));
        }
    }
    columns
}

/// An index expression (relation 0) as an expression over the query's relation.
pub fn at_relation(expr: &Expr, relation: usize) -> Expr {
    let mut moved = expr.clone();
    move_columns(&mut moved, u16::try_from(relation).unwrap_or(u16::MAX));
    moved
}

fn move_columns(expr: &mut Expr, relation: u16) {
    if let Expr::Column(column) = expr {
        column.relation = relation;
    }
    expr.for_each_child_mut(&mut |child| move_columns(child, relation));
}

/// Can a key of an index be searched with a predicate? Of `shape` only the relation counts.
pub fn key_fits(
    (catalog, table): (&Catalog, &Table),
    shape: &Shape,
    index: &Index,
    key: &IndexKey,
    predicate: &Predicate,
) -> bool {
    let matcher = Matcher { catalog, table, shape };
    matcher.is_key(key, &predicate.key) && matcher.operator_fits(index, key, predicate)
}

/// A column that the engine adds to every secondary index: InnoDB's primary key, SQLite's rowid.
pub fn is_implicit(catalog: &Catalog, table: &Table, column: usize) -> bool {
    match catalog.dialect {
        Dialect::Postgres => false,
        Dialect::Sqlite if !table.without_rowid => table.rowid_column == Some(column),
        _ => table
            .indexes
            .iter()
            .filter(|index| index.primary)
            .any(|primary| primary.keys.iter().any(|key| key.part == KeyPart::Column(column))),
    }
}

/// What the engine appends to every index: InnoDB its primary key, SQLite its rowid.
pub fn implicit_keys(catalog: &Catalog, table: &Table, index: &Index) -> Vec<IndexKey> {
    let rowid = match catalog.dialect {
        Dialect::Postgres => return Vec::new(),
        Dialect::Sqlite => table.rowid_column,
        _ => None,
    };
    let engine = table.engine.as_deref().unwrap_or("innodb");
    let is_clustered = match catalog.dialect {
        Dialect::Sqlite => table.without_rowid,
        _ => engine.eq_ignore_ascii_case("innodb"),
    };
    let primary = table.indexes.iter().find(|other| other.primary && is_clustered);
    let mut keys = primary.map_or(Vec::new(), |primary| primary.keys.clone());
    keys.extend(rowid.map(IndexKey::of_column));
    keys.retain(|key| !index.keys.iter().any(|known| known.part == key.part));
    keys
}

struct Matcher<'a> {
    catalog: &'a Catalog,
    table: &'a Table,
    shape: &'a Shape,
}

impl Matcher<'_> {
    fn keys(&self, index: &Index) -> IndexMatch {
        let mut found = IndexMatch::default();
        let mut walking = true;
        let mut fixed = true;
        for (position, key) in index.keys.iter().enumerate() {
            let asks: Vec<usize> = (0..self.shape.predicates.len())
                .filter(|at| self.key_answers(index, key, *at))
                .collect();
            let is = |test: fn(&Predicate) -> bool| {
                asks.iter().any(|at| self.shape.predicates.get(*at).is_some_and(test))
            };
            // GIN, GiST and BRIN look at every key on its own.
            let bounds = walking || !is_ordered(&index.method);
            let list = if bounds { &mut found.boundary } else { &mut found.in_index };
            list.extend(asks.iter().map(|at| (position, *at)));
            fixed &= is(Predicate::is_single_value);
            found.n_fixed += usize::from(fixed);
            walking &= is(Predicate::is_equality);
        }
        if index.method == Method::Hash && found.boundary.len() < index.keys.len() {
            found.boundary.clear();
        }
        found
    }

    /// Is the predicate one that this key of this index can be searched with?
    fn key_answers(&self, index: &Index, key: &IndexKey, predicate: usize) -> bool {
        let Some(predicate) = self.shape.predicates.get(predicate) else { return false };
        self.is_key(key, &predicate.key) && self.operator_fits(index, key, predicate)
    }

    /// Is `expr` what this key indexes?
    pub fn is_key(&self, key: &IndexKey, expr: &Expr) -> bool {
        match &key.part {
            KeyPart::Column(column) => match strip(expr) {
                Expr::Column(read) => {
                    usize::from(read.column) == *column
                        && read.level == 0
                        && usize::from(read.relation) == self.shape.relation
                }
                _ => false,
            },
            KeyPart::Expr(indexed, _) => same(&at_relation(indexed, self.shape.relation), expr),
        }
    }

    fn operator_fits(&self, index: &Index, key: &IndexKey, predicate: &Predicate) -> bool {
        match index.method {
            Method::Btree | Method::Brin => self.btree_fits(index, key, predicate),
            Method::Hash => match predicate.ask {
                Ask::Compare(op, _) => op == CompareOp::Eq,
                Ask::In(_) | Ask::Any(_) | Ask::InQuery => true,
                _ => false,
            },
            Method::Gin | Method::Gist | Method::Spgist => {
                self.inverted_fits(index, key, predicate)
            }
            Method::Fulltext | Method::Spatial | Method::Other(_) => false,
        }
    }

    fn btree_fits(&self, index: &Index, key: &IndexKey, predicate: &Predicate) -> bool {
        let pattern_class = key.opclass.as_deref().is_some_and(|c| c.ends_with("_pattern_ops"));
        match &predicate.ask {
            Ask::Compare(CompareOp::Eq, _) | Ask::In(_) | Ask::Any(_) | Ask::InQuery => true,
            Ask::Compare(CompareOp::NotDistinct, _) => self.catalog.dialect != Dialect::Postgres,
            Ask::Compare(op, _) => {
                !matches!(op, CompareOp::Ne | CompareOp::Distinct) && !pattern_class
            }
            Ask::IsNull => true,
            Ask::IsNotNull => index.method == Method::Btree,
            Ask::Truth(_) => true,
            Ask::Like(kind, pattern) => self.like_fits(key, pattern_class, *kind, pattern),
            Ask::Operator(..) | Ask::Or(_) | Ask::Opaque => false,
        }
    }

    /// `LIKE 'abc%'` is a range only where the index sorts by bytes: a pattern operator class or the
    /// C collation (PostgreSQL); a NOCASE index or GLOB (SQLite); always (MySQL).
    fn like_fits(&self, key: &IndexKey, class: bool, kind: LikeKind, pattern: &Expr) -> bool {
        let Some(prefix) = fixed_prefix(kind, pattern) else { return false };
        if prefix.is_empty() {
            return false;
        }
        match self.catalog.dialect {
            Dialect::Mysql | Dialect::Mariadb => kind == LikeKind::Like,
            Dialect::Sqlite => {
                let nocase =
                    self.key_collation(key).is_some_and(|c| c.eq_ignore_ascii_case("nocase"));
                (kind == LikeKind::Like && nocase) || (kind == LikeKind::Glob && !nocase)
            }
            Dialect::Postgres => class || self.sorts_by_bytes(key),
        }
    }

    fn sorts_by_bytes(&self, key: &IndexKey) -> bool {
        let is_c = |name: &str| {
            let name = name.split('.').next().unwrap_or(name);
            name.eq_ignore_ascii_case("c")
                || name.eq_ignore_ascii_case("posix")
                || name.eq_ignore_ascii_case("ucs_basic")
        };
        match self.key_collation(key) {
            Some(collation) if collation != "default" => is_c(&collation),
            // libc's C.UTF-8 is not the C collation to PostgreSQL before 17.
            _ => {
                self.catalog.settings.collation.as_deref().is_some_and(|c| c == "C" || c == "POSIX")
            }
        }
    }

    fn key_collation(&self, key: &IndexKey) -> Option<String> {
        key.collation.clone().or_else(|| match key.part {
            KeyPart::Column(column) => {
                self.table.columns.get(column).and_then(|column| column.collation.clone())
            }
            KeyPart::Expr(..) => None,
        })
    }

    fn inverted_fits(&self, index: &Index, key: &IndexKey, predicate: &Predicate) -> bool {
        let opclass = key.opclass.as_deref().unwrap_or("");
        let data_type = match key.part {
            KeyPart::Column(column) => {
                self.table.columns.get(column).map_or("", |column| column.data_type.as_str())
            }
            KeyPart::Expr(..) => "",
        };
        match &predicate.ask {
            Ask::Like(kind, pattern) => {
                opclass.contains("trgm") && *kind != LikeKind::Glob && has_trigram(pattern)
            }
            Ask::Operator(op, _) => operators_of(opclass, data_type).contains(&op.as_str()),
            Ask::Compare(CompareOp::Eq, _) if data_type.ends_with("[]") => true,
            // btree_gin and btree_gist index scalars, `=` and ranges.
            Ask::Compare(op, _) => {
                *op != CompareOp::Ne
                    && opclass.is_empty()
                    && is_scalar(data_type)
                    && index.method != Method::Spgist
            }
            _ => false,
        }
    }

    /// Everything needed is in the index. PostgreSQL needs the columns themselves, so an expression
    /// key does not help; InnoDB and SQLite append the primary key.
    fn covers(&self, index: &Index) -> bool {
        if !is_ordered(&index.method) || index.method == Method::Hash {
            return false;
        }
        let in_keys = |column: usize| {
            index
                .keys
                .iter()
                .any(|key| key.part == KeyPart::Column(column) && key.prefix_length.is_none())
        };
        let implicit = |column: usize| is_implicit(self.catalog, self.table, column);
        let is_clustered_key = index.primary && self.catalog.dialect.is_mysql_family();
        is_clustered_key
            || columns_to_read(self.shape, index.predicate.as_ref())
                .into_iter()
                .map(usize::from)
                .all(|column| {
                    column != usize::from(ColumnRef::WHOLE_ROW)
                        && (in_keys(column) || index.include.contains(&column) || implicit(column))
                })
    }

    /// Order: keys fixed by a single value drop out of both lists; the rest must agree key by key,
    /// all in their direction or all against it.
    fn order(&self, index: &Index, found: &mut IndexMatch) {
        if index.method != Method::Btree {
            return;
        }
        let wanted = wanted_order(self.shape);
        let implicit = implicit_keys(self.catalog, self.table, index);
        let mut keys = index.keys.iter().chain(&implicit).skip(found.n_fixed).peekable();
        let mut backward = None;
        let mut n_ordered = 0;
        for sort in &wanted {
            if self.is_fixed(&sort.expr) {
                n_ordered += 1;
                continue;
            }
            while keys.peek().is_some_and(|key| self.is_fixed_key(key)) {
                keys.next();
            }
            let Some(key) = keys.next() else { break };
            let nulls_first = self.nulls_first(sort);
            let against = key.desc != sort.desc;
            let nulls_fit = (key.nulls_first != nulls_first) == against || self.is_not_null(key);
            if !self.is_key(key, &sort.expr)
                || key.prefix_length.is_some()
                || !nulls_fit
                || backward.is_some_and(|known| known != against)
            {
                break;
            }
            backward = Some(against);
            n_ordered += 1;
        }
        found.n_ordered = n_ordered;
        if !wanted.is_empty() && n_ordered == wanted.len() {
            found.order = Some(backward.unwrap_or(false));
        }
    }

    /// As index keys say it: NULLs first in DESC is what goes without saying. The other dialects sort
    /// NULLs as the smallest, so there it is the other way round when it is said.
    fn nulls_first(&self, sort: &SortKey) -> bool {
        match (sort.nulls_first, self.catalog.dialect) {
            (None, _) => sort.desc,
            (Some(first), Dialect::Postgres) => first,
            (Some(first), _) => !first,
        }
    }

    fn is_not_null(&self, key: &IndexKey) -> bool {
        match key.part {
            KeyPart::Column(column) => {
                self.table.columns.get(column).is_some_and(|column| column.not_null)
            }
            KeyPart::Expr(..) => false,
        }
    }

    fn is_fixed_key(&self, key: &IndexKey) -> bool {
        self.shape.predicates.iter().any(|p| p.is_single_value() && self.is_key(key, &p.key))
    }

    fn is_fixed(&self, expr: &Expr) -> bool {
        self.shape
            .predicates
            .iter()
            .any(|p| p.is_single_value() && !p.is_join() && same(&p.key, expr))
    }
}

/// The order worth having: ORDER BY, else what groups or makes distinct, else `min`/`max`.
pub fn wanted_order(shape: &Shape) -> Vec<SortKey> {
    if !shape.order_by.is_empty() {
        return shape.order_by.clone();
    }
    let plain = |expr: &Expr, desc| SortKey { expr: expr.clone(), desc, nulls_first: None };
    if !shape.group_by.is_empty() {
        return shape.group_by.iter().map(|expr| plain(expr, false)).collect();
    }
    if !shape.distinct.is_empty() {
        return shape.distinct.iter().map(|expr| plain(expr, false)).collect();
    }
    match shape.min_max.as_slice() {
        [(expr, is_max)] => vec![plain(expr, *is_max)],
        _ => Vec::new(),
    }
}

/// Methods whose scans are bounded by leading keys.
fn is_ordered(method: &Method) -> bool {
    matches!(method, Method::Btree | Method::Hash)
}

/// The text before the first wildcard; `None` when the pattern is unknown.
pub fn fixed_prefix(kind: LikeKind, pattern: &Expr) -> Option<String> {
    let Expr::Literal(Literal::Text(pattern)) = strip(pattern) else { return None };
    let mut prefix = String::new();
    let mut chars = pattern.chars();
    if matches!(kind, LikeKind::Regex) {
        if chars.next() != Some('^') {
            return Some(prefix);
        }
        prefix.extend(chars.take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ' '));
        return Some(prefix);
    }
    if matches!(kind, LikeKind::ILike | LikeKind::IRegex | LikeKind::SimilarTo) {
        let letters = pattern.chars().take_while(|c| c.is_ascii_digit());
        return Some(letters.collect());
    }
    while let Some(c) = chars.next() {
        match (kind, c) {
            (LikeKind::Like, '%' | '_') | (LikeKind::Glob, '*' | '?' | '[') => break,
            (LikeKind::Like, '\\') => prefix.extend(chars.next()),
            _ => prefix.push(c),
        }
    }
    Some(prefix)
}
