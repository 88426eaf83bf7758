//! The definition of an index, for one that is not written as it now is: copied to a partition, renamed,
//! or written behind its column.

use crate::catalog::Table;
use crate::dialect::Dialect;
use crate::read::facts::IndexSpec;
use crate::sql::quote::quote_name;
use crate::sql::schema::{IndexKey, KeyPart, Method};

/// `CREATE INDEX name ON table ...`; `keys` are resolved.
pub fn create_definition(
    name: &str,
    table: &Table,
    spec: &IndexSpec,
    keys: &[IndexKey],
    dialect: Dialect,
) -> String {
    let quote = |name: &str| quote_name(name, dialect);
    let schema = table.name.schema.as_deref().map(|s| format!("{}.", quote(s)));
    let mut out = format!(
        "CREATE {}INDEX {} ON {}{}",
        if spec.unique { "UNIQUE " } else { "" },
        quote(name),
        schema.unwrap_or_default(),
        quote(&table.name.name)
    );
    match spec.method {
        Method::Btree => {}
        Method::Fulltext => out = out.replacen("CREATE ", "CREATE FULLTEXT ", 1),
        Method::Spatial => out = out.replacen("CREATE ", "CREATE SPATIAL ", 1),
        ref method => out.push_str(&format!(" USING {}", method.name())),
    }
    out.push_str(&format!(" ({})", key_list(table, keys, dialect)));
    if !spec.include.is_empty() {
        let columns: Vec<String> = spec.include.iter().map(|column| quote(column)).collect();
        out.push_str(&format!(" INCLUDE ({})", columns.join(", ")));
    }
    if spec.nulls_not_distinct {
        out.push_str(" NULLS NOT DISTINCT");
    }
    if !spec.options.is_empty() {
        let options = spec.options.iter().map(|(name, value)| format!("{name} = {value}"));
        out.push_str(&format!(" WITH ({})", options.collect::<Vec<_>>().join(", ")));
    }
    if let Some(predicate) = &spec.predicate_sql {
        out.push_str(&format!(" WHERE {predicate}"));
    }
    out
}

/// `[CONSTRAINT name] PRIMARY KEY (a, b)`
pub fn constraint_definition(
    name: Option<&str>,
    is_primary: bool,
    table: &Table,
    spec: &IndexSpec,
    keys: &[IndexKey],
    dialect: Dialect,
) -> String {
    let name = name.map(|name| format!("CONSTRAINT {} ", quote_name(name, dialect)));
    let kind = if is_primary { "PRIMARY KEY" } else { "UNIQUE" };
    let mut out =
        format!("{}{kind} ({})", name.unwrap_or_default(), key_list(table, keys, dialect));
    if !spec.include.is_empty() {
        let columns: Vec<String> =
            spec.include.iter().map(|column| quote_name(column, dialect)).collect();
        out.push_str(&format!(" INCLUDE ({})", columns.join(", ")));
    }
    out
}

fn key_list(table: &Table, keys: &[IndexKey], dialect: Dialect) -> String {
    let keys: Vec<String> = keys.iter().map(|key| key_text(table, key, dialect)).collect();
    keys.join(", ")
}

fn key_text(table: &Table, key: &IndexKey, dialect: Dialect) -> String {
    let mut out = match &key.part {
        KeyPart::Column(at) => {
            table.columns.get(*at).map_or(String::new(), |c| quote_name(&c.name, dialect))
        }
        KeyPart::Expr(_, text) if text.starts_with('(') => text.clone(),
        KeyPart::Expr(_, text) => format!("({text})"),
    };
    out.push_str(&key_suffix(key, dialect));
    out
}

/// What stands behind an index key: prefix length, collation, operator class, direction, NULLS.
pub fn key_suffix(key: &IndexKey, dialect: Dialect) -> String {
    let (collation, opclass) = (key.collation.as_deref(), key.opclass.as_deref());
    let order = order(key.desc, key.nulls_first, dialect);
    suffix(key.prefix_length, collation, opclass, order, dialect)
}

/// The same of its parts.
pub fn suffix(
    prefix_length: Option<u32>,
    collation: Option<&str>,
    opclass: Option<&str>,
    order: Option<&str>,
    dialect: Dialect,
) -> String {
    let mut out = String::new();
    if let Some(length) = prefix_length {
        out.push_str(&format!("({length})"));
    }
    if let Some(collation) = collation {
        out.push_str(&format!(" COLLATE {}", quote_name(collation, dialect)));
    }
    for word in opclass.into_iter().chain(order) {
        out.push(' ');
        out.push_str(word);
    }
    out
}

/// `DESC NULLS LAST`, where it is not the default.
pub fn order(desc: bool, nulls_first: bool, dialect: Dialect) -> Option<&'static str> {
    let nulls_matter = dialect == Dialect::Postgres;
    match (desc, nulls_first) {
        (true, false) if nulls_matter => Some("DESC NULLS LAST"),
        (true, _) => Some("DESC"),
        (false, true) if nulls_matter => Some("NULLS FIRST"),
        (false, _) => None,
    }
}
