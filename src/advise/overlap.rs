//! Which index does what another one does: the facts behind `duplicate-index` and `redundant-index`.
//!
//! An index is covered by another of the same table when that one has the same access method and
//! predicate, begins with the same keys (resolved columns or expressions, collation, operator class,
//! direction or all of it reversed), and holds what the first INCLUDEs. Beyond that:
//! - a PRIMARY KEY or exclusion constraint is never covered, a UNIQUE key only by an equal unique one;
//! - anything but a B-tree is covered only by an equal index;
//! - InnoDB appends the primary key to every index, so `(b, a)` over primary key `a` is `(b)`, and
//!   `(a)` loses that order to `(a, b)`;
//! - SQLite's INTEGER PRIMARY KEY is the table itself, and covers an index on it.
//!
//! Deliberately left out: partial indexes whose predicates imply each other, and a hash index beside a
//! B-tree. They are smaller or faster than what would replace them.

use crate::sorted::SortedSet;

use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::plan::implication::same;
use crate::sql::schema::{IndexKey, KeyPart, Method};

/// One index that another makes needless.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Position of the table.
    pub table: usize,
    /// Position of the index that is not needed.
    pub victim: usize,
    /// What does its work.
    pub keeper: Keeper,
    /// How they compare.
    pub grade: Grade,
}

/// What does the work of an index that is not needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Another index, by position.
    Index(usize),
    /// The table itself, kept in the order of its rowid (SQLite).
    Rowid,
    /// The same index without the primary key's columns behind it (InnoDB).
    Shorter(usize),
}

/// How two indexes compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The same keys.
    Exact,
    /// A prefix of a wider one.
    Covered,
    /// A prefix, but InnoDB's appended primary key is no longer right behind it.
    CoveredExceptPrimaryKeyOrder,
    /// A prefix of the primary key, which is the table itself: its entries are whole rows.
    CoveredByWholeRows,
}

/// All overlaps, in the order of tables and indexes; an index is needless at most once.
pub fn overlaps(catalog: &Catalog) -> Vec<Overlap> {
    let mut out = Vec::new();
    for (table, content) in catalog.tables.iter().enumerate() {
        let mut comparer = Comparer::new(catalog, content);
        let positions = 0..content.indexes.len();
        comparer.victims = positions.clone().map(|at| comparer.keeper(at).is_some()).collect();
        for victim in positions {
            if let Some((keeper, grade)) = comparer.keeper(victim) {
                out.push(Overlap { table, victim, keeper, grade });
            }
        }
    }
    out
}

/// The indexes that are not needed, and those that do their work and must stay: table and position.
pub fn involved(overlaps: &[Overlap]) -> SortedSet<(usize, usize)> {
    let both = overlaps.iter().flat_map(|overlap| {
        let keeper = match overlap.keeper {
            Keeper::Index(at) => at,
            Keeper::Rowid | Keeper::Shorter(_) => overlap.victim,
        };
        [(overlap.table, overlap.victim), (overlap.table, keeper)]
    });
    both.collect()
}

struct Comparer<'a> {
    catalog: &'a Catalog,
    table: &'a Table,
    /// Keys as the engine keeps them: with InnoDB's primary key behind them.
    full: Vec<Vec<IndexKey>>,
    is_clustered: bool,
    /// Which indexes are themselves needless, once that is known: another keeper is better.
    victims: Vec<bool>,
}

impl<'a> Comparer<'a> {
    fn new(catalog: &'a Catalog, table: &'a Table) -> Comparer<'a> {
        let mysql = catalog.dialect.is_mysql_family();
        let engine = table.engine.as_deref().unwrap_or("innodb");
        let is_innodb = mysql && engine.eq_ignore_ascii_case("innodb");
        let primary = table.indexes.iter().find(|index| index.primary);
        let suffix = primary.filter(|_| is_innodb).map_or(&[][..], |index| index.keys.as_slice());
        let full = table.indexes.iter().map(|index| {
            let mut keys = index.keys.clone();
            if index.method == Method::Btree {
                let missing = suffix.iter().filter(|key| !holds(&index.keys, key));
                keys.extend(missing.cloned());
            }
            keys
        });
        Comparer {
            catalog,
            table,
            full: full.collect(),
            is_clustered: is_innodb || table.without_rowid,
            victims: Vec::new(),
        }
    }

    /// The best reason to do without the index.
    fn keeper(&self, victim: usize) -> Option<(Keeper, Grade)> {
        let index = self.table.indexes.get(victim)?;
        if index.primary || index.parent.is_some() || (index.constraint && !index.unique) {
            return None;
        }
        if self.is_rowid(index) {
            return Some((Keeper::Rowid, Grade::Exact));
        }
        let others = (0..self.table.indexes.len()).filter(|other| *other != victim);
        let best = others
            .filter_map(|other| {
                let grade = self.covers(victim, other)?;
                let keeper = self.table.indexes.get(other)?;
                let goes_too = self.victims.get(other).copied().unwrap_or(false);
                // One that stays, the best grade, the narrowest index.
                let rank = (goes_too, grade, keeper.keys.len(), &keeper.name);
                Some((rank, (Keeper::Index(other), grade)))
            })
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, found)| found);
        best.or_else(|| self.ends_with_primary_key(victim))
    }

    /// Does `other` do all that `victim` does, and should it be the one to stay?
    fn covers(&self, victim: usize, other: usize) -> Option<Grade> {
        let (a, b) = (self.table.indexes.get(victim)?, self.table.indexes.get(other)?);
        if !b.usable || a.method != b.method || !self.same_predicate(a, b) || !self.includes(a, b) {
            return None;
        }
        let equal = a.keys.len() == b.keys.len() && self.is_prefix(&a.keys, &b.keys);
        if a.unique && !(equal && b.unique && self.enforces_as_much(a, b)) {
            return None;
        }
        if equal {
            let stays = self.is_preferred(other, victim);
            return stays.then_some(Grade::Exact);
        }
        if a.method != Method::Btree {
            return None;
        }
        let (full_a, full_b) = (self.full.get(victim)?, self.full.get(other)?);
        let is_same_inside = full_a.len() == full_b.len() && self.is_prefix(full_a, full_b);
        if is_same_inside && !a.unique && !b.unique && !a.primary && !b.primary {
            // InnoDB: (b) and (b, id) are one and the same inside; the shorter definition stays.
            return (b.keys.len() < a.keys.len()).then_some(Grade::Exact);
        }
        if a.keys.len() > b.keys.len() || !self.is_prefix(&a.keys, &b.keys) {
            return None;
        }
        Some(if b.primary && self.is_clustered {
            Grade::CoveredByWholeRows
        } else if full_a.len() > a.keys.len() && !self.is_prefix(full_a, full_b) {
            Grade::CoveredExceptPrimaryKeyOrder
        } else {
            Grade::Covered
        })
    }

    /// InnoDB: the last keys are the first of the primary key, which is appended anyway.
    fn ends_with_primary_key(&self, victim: usize) -> Option<(Keeper, Grade)> {
        let index = self.table.indexes.get(victim)?;
        let primary = self.table.indexes.iter().position(|index| index.primary)?;
        let engine = self.table.engine.as_deref().unwrap_or("innodb");
        let applies = self.catalog.dialect.is_mysql_family()
            && engine.eq_ignore_ascii_case("innodb")
            && index.method == Method::Btree
            && !index.unique;
        let keys = &self.table.indexes.get(primary)?.keys;
        let ends = (1..index.keys.len()).any(|n| {
            let tail = index.keys.get(n..).unwrap_or(&[]);
            tail.len() <= keys.len() && self.is_prefix(tail, keys)
        });
        (applies && ends).then_some((Keeper::Shorter(primary), Grade::Exact))
    }

    /// SQLite: an index on the rowid alone.
    fn is_rowid(&self, index: &Index) -> bool {
        let [key] = index.keys.as_slice() else { return false };
        self.catalog.dialect == Dialect::Sqlite
            && index.predicate.is_none()
            && self.table.rowid_column.is_some_and(|at| key.part == KeyPart::Column(at))
    }

    fn same_predicate(&self, a: &Index, b: &Index) -> bool {
        match (&a.predicate, &b.predicate) {
            (None, None) => true,
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        }
    }

    /// Are the INCLUDE columns of `a` in `b`, be it as keys?
    fn includes(&self, a: &Index, b: &Index) -> bool {
        a.include.iter().all(|column| {
            b.include.contains(column)
                || b.keys.iter().any(|key| key.part == KeyPart::Column(*column))
        })
    }

    /// NULLS NOT DISTINCT is the stronger rule, unless there are no NULLs.
    fn enforces_as_much(&self, a: &Index, b: &Index) -> bool {
        b.nulls_not_distinct == a.nulls_not_distinct
            || b.nulls_not_distinct
            || a.keys.iter().all(|key| self.is_not_null(key))
    }

    /// Of two equal indexes the one that enforces more stays, then the one in use, then the one of the
    /// shorter name: not the earlier, because the order of statements says nothing.
    fn is_preferred(&self, stays: usize, goes: usize) -> bool {
        let rank = |at: usize| {
            let index = self.table.indexes.get(at)?;
            let scans = index.statistics.idx_scan.unwrap_or(0.0).max(0.0);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A counter.
            let scans = scans as u64;
            Some((
                index.primary,
                index.unique,
                index.constraint,
                index.parent.is_some(),
                index.usable,
                index.include.len(),
                scans,
                std::cmp::Reverse((index.name.len(), index.name.clone(), at)),
            ))
        };
        rank(stays) > rank(goes)
    }

    /// Are `a`'s keys the first of `b`'s, all in their direction or all against it?
    fn is_prefix(&self, a: &[IndexKey], b: &[IndexKey]) -> bool {
        let directed = |reversed: bool| {
            a.len() <= b.len()
                && a.iter().zip(b).enumerate().all(|(at, (x, y))| {
                    let is_last = at + 1 == a.len();
                    self.same_key(x, y, is_last) && self.same_direction(x, y, reversed)
                })
        };
        directed(false) || directed(true)
    }

    fn same_key(&self, a: &IndexKey, b: &IndexKey, is_last: bool) -> bool {
        let same_part = match (&a.part, &b.part) {
            (KeyPart::Column(a), KeyPart::Column(b)) => a == b,
            (KeyPart::Expr(a, _), KeyPart::Expr(b, _)) => same(a, b),
            _ => false,
        };
        // A longer prefix of the same text does what a shorter one does, as the last key.
        let same_length = a.prefix_length == b.prefix_length
            || is_last
                && a.prefix_length
                    .is_some_and(|n| b.prefix_length.is_none_or(|longer| longer >= n));
        same_part
            && same_length
            && class_of(a) == class_of(b)
            && self.collation(a) == self.collation(b)
    }

    fn same_direction(&self, a: &IndexKey, b: &IndexKey, reversed: bool) -> bool {
        let turned = (a.desc != b.desc) == reversed;
        let nulls = (a.nulls_first != b.nulls_first) == reversed;
        turned && (nulls || self.is_not_null(a) || self.catalog.dialect != Dialect::Postgres)
    }

    fn collation(&self, key: &IndexKey) -> Option<String> {
        let column = match key.part {
            KeyPart::Column(at) => self.table.columns.get(at),
            KeyPart::Expr(..) => None,
        };
        let written = key.collation.as_ref().or_else(|| column?.collation.as_ref());
        let name = written.or(self.table.collation.as_ref())?.to_lowercase();
        // The default of the database, or of SQLite, however it is written.
        (!matches!(name.as_str(), "default" | "binary")).then_some(name)
    }

    fn is_not_null(&self, key: &IndexKey) -> bool {
        match key.part {
            KeyPart::Column(at) => self.table.columns.get(at).is_some_and(|c| c.not_null),
            KeyPart::Expr(..) => false,
        }
    }
}

fn holds(keys: &[IndexKey], wanted: &IndexKey) -> bool {
    keys.iter().any(|key| key.part == wanted.part && key.prefix_length.is_none())
}

/// The operator class, unless it is the one that is taken without being written.
fn class_of(key: &IndexKey) -> Option<&str> {
    let defaults = [
        "text_ops",
        "varchar_ops",
        "int2_ops",
        "int4_ops",
        "int8_ops",
        "float4_ops",
        "float8_ops",
        "numeric_ops",
        "bool_ops",
        "date_ops",
        "time_ops",
        "timestamp_ops",
        "timestamptz_ops",
        "uuid_ops",
        "bytea_ops",
        "enum_ops",
        "array_ops",
        "oid_ops",
        "jsonb_ops",
        "tsvector_ops",
    ];
    key.opclass.as_deref().filter(|class| !defaults.contains(class))
}
