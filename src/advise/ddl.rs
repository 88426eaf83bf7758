//! The statements: CREATE INDEX as each dialect wants it, its reverse, and names.

use crate::sorted::SortedSet;

use super::print::{print_expr, quote_name};
use crate::catalog::definition::key_suffix;
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::sql::schema::{IndexKey, KeyPart, Method, TableKind};

/// Longest name in bytes: `NAMEDATALEN - 1` of PostgreSQL, 64 characters in MySQL; SQLite has none.
const NAME_BYTES_MAX: usize = 63;

/// `CREATE INDEX ...` for a candidate with a name.
pub fn create_statement(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let dialect = catalog.dialect;
    let concurrently = if is_concurrent(catalog, table) { "CONCURRENTLY " } else { "" };
    let mut out = format!(
        "CREATE INDEX {concurrently}{} ON {}",
        quote_name(&index.name, dialect),
        table_name(table, dialect)
    );
    if index.method != Method::Btree {
        out.push_str(&format!(" USING {}", index.method.name()));
    }
    out.push(' ');
    out.push_str(&shape_text(catalog, table, index));
    out
}

/// `(a, b DESC) INCLUDE (c) WHERE d`: what is behind the table's name.
pub fn shape_text(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let dialect = catalog.dialect;
    let keys: Vec<String> = index.keys.iter().map(|key| key_text(table, key, dialect)).collect();
    let mut out = format!("({})", keys.join(", "));
    if !index.include.is_empty() {
        let columns: Vec<String> =
            index.include.iter().map(|column| column_name(table, *column, dialect)).collect();
        out.push_str(&format!(" INCLUDE ({})", columns.join(", ")));
    }
    let predicate = index.predicate.as_ref();
    if let Some(predicate) = predicate.and_then(|p| print_expr(p, table, dialect)) {
        out.push_str(&format!(" WHERE {predicate}"));
    } else if let Some(predicate) = &index.predicate_sql {
        out.push_str(&format!(" WHERE {predicate}"));
    }
    out
}

/// `DROP INDEX ...` that undoes [`create_statement`].
pub fn drop_statement(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let dialect = catalog.dialect;
    let name = quote_name(&index.name, dialect);
    match dialect {
        Dialect::Mysql | Dialect::Mariadb => {
            format!("DROP INDEX {name} ON {}", table_name(table, dialect))
        }
        _ => {
            let concurrently = if is_concurrent(catalog, table) { "CONCURRENTLY " } else { "" };
            let schema = table.name.schema.as_deref();
            let schema = schema.map(|s| format!("{}.", quote_name(s, dialect))).unwrap_or_default();
            format!("DROP INDEX {concurrently}{schema}{name}")
        }
    }
}

/// The statements that take a new index back. InnoDB makes an index for a foreign key that has none and
/// drops it unasked once another serves: it has to be there again before the new one can go.
pub fn undo_statements(catalog: &Catalog, table: &Table, index: &Index) -> Vec<String> {
    let displaced = table.indexes.iter().filter(|old| {
        let parts = old.keys.iter().map(|key| &key.part);
        old.for_foreign_key
            && old.keys.len() <= index.keys.len()
            && parts.zip(&index.keys).all(|(part, key)| *part == key.part)
    });
    let restored = displaced.map(|old| create_statement(catalog, table, old));
    restored.chain(std::iter::once(drop_statement(catalog, table, index))).collect()
}

/// CONCURRENTLY: PostgreSQL, on a table that is in use, and not on a partitioned parent.
pub fn is_concurrent(catalog: &Catalog, table: &Table) -> bool {
    catalog.dialect == Dialect::Postgres
        && !table.is_new
        && !matches!(table.kind, TableKind::Partitioned | TableKind::Temporary)
}

/// The table as it is named in statements.
pub fn table_name(table: &Table, dialect: Dialect) -> String {
    let name = quote_name(&table.name.name, dialect);
    match &table.name.schema {
        Some(schema) => format!("{}.{name}", quote_name(schema, dialect)),
        None => name,
    }
}

/// A column as it is named in statements.
pub fn column_name(table: &Table, column: usize, dialect: Dialect) -> String {
    table.columns.get(column).map_or_else(String::new, |c| quote_name(&c.name, dialect))
}

/// The column or expression alone.
pub fn part_text(table: &Table, part: &KeyPart, dialect: Dialect) -> String {
    match part {
        KeyPart::Column(column) => column_name(table, *column, dialect),
        KeyPart::Expr(expr, text) => {
            let text = print_expr(expr, table, dialect).unwrap_or_else(|| text.clone());
            format!("({text})")
        }
    }
}

/// One key: column or expression, prefix length, collation, operator class, direction, NULLS.
pub fn key_text(table: &Table, key: &IndexKey, dialect: Dialect) -> String {
    part_text(table, &key.part, dialect) + &key_suffix(key, dialect)
}

/// `messages_chat_db_id_created_at_idx`, cut to the dialect's length and made unique among `taken`.
pub fn index_name(table: &Table, index: &Index, taken: &SortedSet<String>) -> String {
    let words = index.keys.iter().map(|key| match &key.part {
        KeyPart::Column(column) => {
            table.columns.get(*column).map_or_else(String::new, |column| column.name.clone())
        }
        KeyPart::Expr(_, text) => text.clone(),
    });
    let mut parts = vec![table.name.name.clone()];
    parts.extend(words.map(|word| plain_word(&word)).filter(|word| !word.is_empty()));
    if index.predicate.is_some() {
        parts.push("partial".to_owned());
    }
    let base = cut(&parts.join("_"), NAME_BYTES_MAX - "_idx".len());
    let mut name = format!("{base}_idx");
    let mut n = 1;
    while taken.contains(&name.to_ascii_lowercase()) {
        n += 1;
        let suffix = format!("_idx{n}");
        name = format!("{}{suffix}", cut(&base, NAME_BYTES_MAX - suffix.len()));
    }
    name
}

/// Letters, digits and single underscores of an expression's text.
fn plain_word(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_")
}

/// At most `n` bytes, at a character boundary, without a trailing underscore.
fn cut(text: &str, n: usize) -> String {
    let mut end = n.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("").trim_end_matches('_').to_owned()
}

/// The names of all existing indexes, lower case.
pub fn existing_names(catalog: &Catalog) -> SortedSet<String> {
    let tables = catalog.tables.iter();
    let names = tables.flat_map(|table| {
        let indexes = table.indexes.iter().map(|index| index.name.to_ascii_lowercase());
        indexes.chain([table.name.name.to_ascii_lowercase()])
    });
    names.collect()
}
