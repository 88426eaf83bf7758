//! Names that the server makes up of others: an index `orders_email_key` that only the statistics speak of
//! is the one that the schema makes without a name, and must stay it when `orders` and `email` are replaced.

use crate::catalog::build::names::made_up_otherwise;
use crate::catalog::{Catalog, Table};
use crate::sql::expr::Expr;
use crate::sql::schema::KeyPart;

/// The made-up names of a catalog, each with what the server would make up of the stand-ins.
pub fn made_up_names(
    catalog: &Catalog,
    stand_in: &dyn Fn(&str) -> String,
) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for table in &catalog.tables {
        let column = |at: usize| table.columns.get(at).map(|column| column.name.as_str());
        let mut note = |name: &str, parts: &[&str]| {
            let own = &table.name.name;
            let other = made_up_otherwise(catalog.dialect, name, own, parts, stand_in);
            names.extend(other.map(|other| (name.to_owned(), other)));
        };
        for index in &table.indexes {
            let keys = index.keys.iter().filter_map(|key| key_part(table, &key.part));
            let include = index.include.iter().filter_map(|at| column(*at));
            note(&index.name, &keys.chain(include).collect::<Vec<_>>());
        }
        for key in &table.foreign_keys {
            let parts: Vec<&str> = key.columns.iter().filter_map(|at| column(*at)).collect();
            note(key.name.as_deref().unwrap_or(""), &parts);
        }
    }
    names
}

fn key_part<'a>(table: &'a Table, part: &'a KeyPart) -> Option<&'a str> {
    match part {
        KeyPart::Column(at) => table.columns.get(*at).map(|column| column.name.as_str()),
        KeyPart::Expr(expr, _) => match expr.as_ref() {
            Expr::Function(function) => Some(&function.name),
            _ => Some("expr"),
        },
    }
}
