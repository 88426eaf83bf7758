//! Which operators an operator class answers (`op_in_opfamily`): the families that come with PostgreSQL
//! and its extensions `pg_trgm`, `hstore`, `btree_gin`, `btree_gist`. Operators of other extensions
//! (PostGIS, `ltree`, vectors) are taken to be answered by any GiST, GIN or SP-GiST class of their own.

use super::candidate::{Candidate, Key, TypeClass, opclass, type_class};
use crate::dialect::Dialect;
use crate::sql::expr::{CompareOp, LikeKind};
use crate::sql::schema::Method;

/// An operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op<'o> {
    /// `=`, `<`, ...
    Compare(CompareOp),
    /// `LIKE` and its kin.
    Like(LikeKind),
    /// Any other by its name.
    Named(&'o str),
}

const ARRAY: &[&str] = &["&&", "@>", "<@"];
const JSON: &[&str] = &["@>", "?", "?|", "?&", "@?", "@@"];
const RANGE: &[&str] = &["&&", "@>", "<@", "<<", ">>", "&<", "&>", "-|-"];
const TRIGRAM: &[&str] = &["%", "<%", "%>", "<<%", "%>>"];
const NETWORK: &[&str] = &["&&", ">>", ">>=", "<<", "<<="];
const GEOMETRY: &[&str] = &[
    "<<", "&<", "&&", "&>", ">>", "~=", "@>", "<@", "&<|", "<<|", "|>>", "|&>", "~", "@", "<^",
    ">^",
];

/// Does the key's operator class answer the operator?
pub fn is_in_family(candidate: &Candidate<'_>, key: &Key<'_>, op: Op<'_>) -> bool {
    let is_null_safe = op == Op::Compare(CompareOp::NotDistinct);
    let op = match op {
        // MySQL's `<=>` and SQLite's IS are answered like `=`.
        Op::Compare(CompareOp::NotDistinct) if candidate.dialect() != Dialect::Postgres => {
            Op::Compare(CompareOp::Eq)
        }
        _ if is_null_safe => return false,
        op => op,
    };
    match candidate.index.method {
        Method::Btree => is_btree(key, op),
        Method::Hash => op == Op::Compare(CompareOp::Eq),
        Method::Brin => is_brin(key, op),
        Method::Gin => is_gin(key, op),
        Method::Gist => is_gist(key, op),
        Method::Spgist => is_spgist(key, op),
        _ => false,
    }
}

fn is_order(op: CompareOp) -> bool {
    use CompareOp::{Eq, Ge, Gt, Le, Lt};
    matches!(op, Eq | Lt | Le | Gt | Ge)
}

/// The pattern classes order by bytes with operators of their own; only `=` is the same.
pub fn is_pattern_class(key: &Key<'_>) -> bool {
    opclass(key).ends_with("_pattern_ops")
}

fn is_btree(key: &Key<'_>, op: Op<'_>) -> bool {
    match op {
        Op::Compare(CompareOp::Eq) => true,
        Op::Compare(op) => is_order(op) && !is_pattern_class(key),
        _ => false,
    }
}

fn is_brin(key: &Key<'_>, op: Op<'_>) -> bool {
    let class = opclass(key);
    match op {
        Op::Compare(CompareOp::Eq) => true,
        _ if class.contains("bloom") => false,
        Op::Compare(op) => is_order(op) && class != "box_inclusion_ops",
        Op::Named(op) if key.data_type.contains("range") => RANGE.contains(&op),
        Op::Named(op) if class.contains("inet_inclusion") => NETWORK.contains(&op),
        Op::Named(op) if key.data_type == "box" => GEOMETRY.contains(&op),
        _ => false,
    }
}

fn is_gin(key: &Key<'_>, op: Op<'_>) -> bool {
    let class = opclass(key);
    if class.contains("trgm") {
        return is_trigram(op);
    }
    match op {
        Op::Compare(CompareOp::Eq) if key.data_type.ends_with("[]") => true,
        // btree_gin
        Op::Compare(op) => is_order(op) && class.is_empty() && is_scalar(&key.data_type),
        Op::Named(op) => match class {
            "jsonb_path_ops" => ["@>", "@?", "@@"].contains(&op),
            "jsonb_ops" => JSON.contains(&op),
            _ if key.data_type == "jsonb" => JSON.contains(&op),
            _ if key.data_type.ends_with("[]") => ARRAY.contains(&op),
            _ if key.data_type == "hstore" => ["@>", "?", "?|", "?&"].contains(&op),
            _ if key.data_type == "tsvector" => ["@@", "@@@"].contains(&op),
            _ => !is_scalar(&key.data_type),
        },
        Op::Like(_) => false,
    }
}

fn is_gist(key: &Key<'_>, op: Op<'_>) -> bool {
    let class = opclass(key);
    if class.contains("trgm") {
        return is_trigram(op);
    }
    match op {
        Op::Compare(CompareOp::Eq) if key.data_type.contains("range") => true,
        // btree_gist knows `<>` too.
        Op::Compare(op) => (is_order(op) || op == CompareOp::Ne) && is_scalar(&key.data_type),
        Op::Named(op) => match key.data_type.as_str() {
            name if name.contains("range") => RANGE.contains(&op),
            "tsvector" => op == "@@",
            "inet" | "cidr" => NETWORK.contains(&op),
            "point" | "box" | "circle" | "polygon" => GEOMETRY.contains(&op),
            name => !is_scalar(name),
        },
        Op::Like(_) => false,
    }
}

fn is_spgist(key: &Key<'_>, op: Op<'_>) -> bool {
    let is_text = type_class(&key.data_type) == TypeClass::Text;
    match op {
        Op::Compare(CompareOp::Eq) => is_text || key.data_type.contains("range"),
        Op::Compare(op) => is_text && is_order(op),
        Op::Named("^@") => is_text,
        Op::Named(op) => match key.data_type.as_str() {
            name if name.contains("range") => RANGE.contains(&op),
            "inet" | "cidr" => NETWORK.contains(&op),
            name => !is_scalar(name) && GEOMETRY.contains(&op),
        },
        Op::Like(_) => false,
    }
}

fn is_trigram(op: Op<'_>) -> bool {
    match op {
        Op::Like(kind) => !matches!(kind, LikeKind::Glob),
        Op::Compare(op) => op == CompareOp::Eq,
        Op::Named(op) => TRIGRAM.contains(&op),
    }
}

/// Types that sort in one line.
fn is_scalar(data_type: &str) -> bool {
    const NAMES: &[&str] = &[
        "date", "time", "interval", "uuid", "bytea", "money", "oid", "bit", "varbit", "inet",
        "cidr", "macaddr", "citext", "name",
    ];
    !data_type.ends_with(']')
        && !data_type.contains("range")
        && (type_class(data_type) != TypeClass::Other
            || NAMES.iter().any(|name| data_type.starts_with(name)))
}
