//! The statements that lead from one schema to the other, as a tool would write them that knows nothing
//! of locks. They are read again like any migration, to say what each would lock.

use super::locks::same_type;
use super::sides::{Place, Sides};
use crate::advise::ddl::{column_name, table_name};
use crate::advise::removal::{drop_statement, restore_statement};
use crate::catalog::{Catalog, Column, ForeignKey, Table};
use crate::dialect::Dialect;
use crate::input::Side;
use crate::read::Segment;
use crate::read::facts::ProposedFact;
use crate::read::proposed::statements;
use crate::sql::print::print_expr;
use crate::sql::quote::quote_name;
use crate::text::{Source, Span};

/// First what is new, then what changes, then what goes.
pub fn derived_steps(sides: &Sides<'_>, equal: &[(Place, Place)]) -> Vec<ProposedFact> {
    let mut sql = Vec::new();
    new_tables(sides, &mut sql);
    for (old_at, new_at) in sides.same {
        let old = sides.today.tables.get(*old_at);
        let (Some(old), Some(new)) = (old, sides.proposed.tables.get(*new_at)) else { continue };
        columns(sides.proposed, old, new, &mut sql);
        keys(sides, old, new, &mut sql);
    }
    indexes(sides, equal, &mut sql);
    dropped(sides, &mut sql);
    let text = sql.iter().map(|one| format!("{one};\n")).collect::<String>();
    let source = Source::new("", 0, &text);
    let span = Span { start: 0, end: text.len() };
    let segment = Segment { source: &source, span, dialect: sides.proposed.dialect };
    let mut steps = statements(&segment, Side::Migration);
    steps.iter_mut().for_each(|step| step.source = None);
    steps
}

fn new_tables(sides: &Sides<'_>, sql: &mut Vec<String>) {
    for (at, table) in sides.proposed.tables.iter().enumerate() {
        if sides.today_of(at).is_some() {
            continue;
        }
        let columns = table.columns.iter().map(|column| column_sql(sides.proposed, table, column));
        let columns: Vec<String> = columns.collect();
        let name = table_name(table, sides.proposed.dialect);
        sql.push(format!("CREATE TABLE {name} ({})", columns.join(", ")));
    }
}

fn column_sql(catalog: &Catalog, table: &Table, column: &Column) -> String {
    let mut out = format!("{} {}", quote_name(&column.name, catalog.dialect), column.data_type);
    if let Some(collation) = &column.collation {
        out.push_str(&format!(" COLLATE {}", quote_name(collation, catalog.dialect)));
    }
    if column.not_null {
        out.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        out.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(expression) = &column.generated {
        let text = print_expr(expression, &|one| {
            column_name(table, usize::from(one.column), catalog.dialect)
        });
        out.push_str(&format!(" GENERATED ALWAYS AS ({text}) STORED"));
    }
    out
}

fn columns(catalog: &Catalog, old: &Table, new: &Table, sql: &mut Vec<String>) {
    let on = table_name(new, catalog.dialect);
    let find = |table: &'_ Table, name: &str| {
        table.columns.iter().find(|one| one.name.eq_ignore_ascii_case(name)).cloned()
    };
    for column in &new.columns {
        let Some(was) = find(old, &column.name) else {
            sql.push(format!("ALTER TABLE {on} ADD COLUMN {}", column_sql(catalog, new, column)));
            continue;
        };
        let retyped = !same_type(&was.data_type, &column.data_type, catalog.dialect);
        if !retyped && was.not_null == column.not_null {
            continue;
        }
        if catalog.dialect.is_mysql_family() {
            let definition = column_sql(catalog, new, column);
            sql.push(format!("ALTER TABLE {on} MODIFY COLUMN {definition}"));
            continue;
        }
        let name = quote_name(&column.name, catalog.dialect);
        if retyped && !column.data_type.is_empty() {
            let data_type = &column.data_type;
            sql.push(format!("ALTER TABLE {on} ALTER COLUMN {name} TYPE {data_type}"));
        }
        if was.not_null != column.not_null {
            let verb = if column.not_null { "SET" } else { "DROP" };
            sql.push(format!("ALTER TABLE {on} ALTER COLUMN {name} {verb} NOT NULL"));
        }
    }
}

/// Foreign keys that are on one side alone, by their names.
fn keys(sides: &Sides<'_>, old: &Table, new: &Table, sql: &mut Vec<String>) {
    let catalog = sides.proposed;
    let on = table_name(new, catalog.dialect);
    let has = |table: &Table, key: &ForeignKey| {
        table.foreign_keys.iter().any(|one| {
            one.references.name == key.references.name
                && one.columns.len() == key.columns.len()
                && names(table, one) == names(if std::ptr::eq(table, old) { new } else { old }, key)
        })
    };
    for key in old.foreign_keys.iter().filter(|key| !has(new, key)) {
        let word = if catalog.dialect.is_mysql_family() { "FOREIGN KEY" } else { "CONSTRAINT" };
        if let Some(name) = &key.name {
            let name = quote_name(name, catalog.dialect);
            sql.push(format!("ALTER TABLE {on} DROP {word} {name}"));
        }
    }
    for key in new.foreign_keys.iter().filter(|key| !has(old, key)) {
        let quote = |name: &String| quote_name(name, catalog.dialect);
        let name = key.name.as_ref().map(|name| format!("CONSTRAINT {} ", quote(name)));
        let columns: Vec<String> = names(new, key).iter().map(quote).collect();
        let target: Vec<String> = key.referenced_columns.iter().map(quote).collect();
        let target =
            if target.is_empty() { String::new() } else { format!(" ({})", target.join(", ")) };
        sql.push(format!(
            "ALTER TABLE {on} ADD {}FOREIGN KEY ({}) REFERENCES {}{target}",
            name.unwrap_or_default(),
            columns.join(", "),
            quote_name(&key.references.name, catalog.dialect)
        ));
    }
}

fn names(table: &Table, key: &ForeignKey) -> Vec<String> {
    let columns = key.columns.iter().filter_map(|at| table.columns.get(*at));
    columns.map(|column| column.name.clone()).collect()
}

fn indexes(sides: &Sides<'_>, equal: &[(Place, Place)], sql: &mut Vec<String>) {
    for (at, table) in sides.proposed.tables.iter().enumerate() {
        for (n, index) in table.indexes.iter().enumerate() {
            let is_known = equal.iter().any(|(_, new)| *new == (at, n));
            if !is_known && index.parent.is_none() {
                sql.push(restore_statement(sides.proposed, table, index));
            }
        }
    }
    for (at, table) in sides.today.tables.iter().enumerate() {
        if sides.proposed_of(at).is_none() {
            continue;
        }
        for (n, index) in table.indexes.iter().enumerate() {
            if !equal.iter().any(|(old, _)| *old == (at, n)) {
                let plain = drop_statement(sides.today, table, index);
                sql.extend(plain.map(|sql| sql.replacen("CONCURRENTLY ", "", 1)));
            }
        }
    }
}

fn dropped(sides: &Sides<'_>, sql: &mut Vec<String>) {
    let dialect: Dialect = sides.today.dialect;
    for (old_at, new_at) in sides.same {
        let old = sides.today.tables.get(*old_at);
        let (Some(old), Some(new)) = (old, sides.proposed.tables.get(*new_at)) else { continue };
        let has = |name: &str| new.columns.iter().any(|one| one.name.eq_ignore_ascii_case(name));
        for column in old.columns.iter().filter(|column| !has(&column.name)) {
            let name = quote_name(&column.name, dialect);
            sql.push(format!("ALTER TABLE {} DROP COLUMN {name}", table_name(old, dialect)));
        }
    }
    for (at, table) in sides.today.tables.iter().enumerate() {
        if sides.proposed_of(at).is_none() {
            sql.push(format!("DROP TABLE {}", table_name(table, dialect)));
        }
    }
}
