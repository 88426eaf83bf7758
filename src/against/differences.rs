//! What differs between two schemas, table by table.

use super::data::{Difference, Happens};
use super::locks::same_type;
use super::sides::{Place, Sides};
use crate::advise::ddl::shape_text;
use crate::catalog::{Catalog, Column, ForeignKey, Index, Table, View};
use crate::sql::print::print_expr;

/// All differences: tables, then what is in them, then views.
pub fn differences(sides: &Sides<'_>, equal: &[(Place, Place)]) -> Vec<Difference> {
    let mut out = Vec::new();
    tables(sides, &mut out);
    for (old_at, new_at) in sides.same {
        let old = sides.today.tables.get(*old_at);
        let (Some(old), Some(new)) = (old, sides.proposed.tables.get(*new_at)) else { continue };
        columns(sides, *new_at, old, new, &mut out);
        indexes(sides, (*old_at, *new_at), equal, &mut out);
        constraints(sides, *new_at, old, new, &mut out);
    }
    views(sides, &mut out);
    out
}

fn difference(kind: &str, happens: Happens, table: &Table, name: &str) -> Difference {
    Difference {
        kind: kind.to_owned(),
        happens,
        table: table.name.to_string(),
        name: name.to_owned(),
        before: None,
        after: None,
    }
}

fn tables(sides: &Sides<'_>, out: &mut Vec<Difference>) {
    for (at, old) in sides.today.tables.iter().enumerate() {
        let name = old.name.to_string();
        let new = sides.proposed_of(at).and_then(|new| sides.proposed.tables.get(new));
        match new {
            None => out.push(difference("table", Happens::Dropped, old, &name)),
            Some(new) if new.name.name != old.name.name => out.push(Difference {
                before: Some(name.clone()),
                after: Some(new.name.to_string()),
                ..difference("table", Happens::Renamed, new, &name)
            }),
            Some(_) => {}
        }
    }
    for (at, new) in sides.proposed.tables.iter().enumerate() {
        if sides.today_of(at).is_none() {
            out.push(difference("table", Happens::Added, new, &new.name.to_string()));
        }
    }
}

/// `bigint not null default 0`
pub fn column_text(column: &Column) -> String {
    let mut out = column.data_type.clone();
    if let Some(collation) = &column.collation {
        out.push_str(&format!(" collate {collation}"));
    }
    if column.not_null {
        out.push_str(" not null");
    }
    if let Some(default) = &column.default {
        out.push_str(&format!(" default {default}"));
    }
    if column.generated.is_some() {
        out.push_str(" generated");
    }
    out
}

fn columns(sides: &Sides<'_>, at: usize, old: &Table, new: &Table, out: &mut Vec<Difference>) {
    let find = |table: &Table, name: &str| {
        table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)).cloned()
    };
    for column in &old.columns {
        let name = sides.new_name(at, &column.name);
        let Some(found) = find(new, name) else {
            out.push(Difference {
                before: Some(column_text(column)),
                ..difference("column", Happens::Dropped, new, &column.name)
            });
            continue;
        };
        let mut old_text = column.clone();
        if same_type(&column.data_type, &found.data_type, sides.proposed.dialect) {
            old_text.data_type.clone_from(&found.data_type);
        }
        let (before, after) = (column_text(&old_text), column_text(&found));
        if !found.name.eq_ignore_ascii_case(&column.name) {
            out.push(Difference {
                before: Some(column.name.clone()),
                after: Some(found.name.clone()),
                ..difference("column", Happens::Renamed, new, &column.name)
            });
        }
        if before != after {
            out.push(Difference {
                before: Some(before),
                after: Some(after),
                ..difference("column", Happens::Changed, new, &found.name)
            });
        }
    }
    for column in &new.columns {
        let was = |one: &&Column| sides.new_name(at, &one.name).eq_ignore_ascii_case(&column.name);
        if !old.columns.iter().any(|one| was(&one)) {
            out.push(Difference {
                after: Some(column_text(column)),
                ..difference("column", Happens::Added, new, &column.name)
            });
        }
    }
}

fn index_text(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let unique = match (index.primary, index.unique) {
        (true, _) => "primary key ",
        (_, true) => "unique ",
        _ => "",
    };
    format!("{unique}{}", shape_text(catalog, table, index))
}

fn indexes(
    sides: &Sides<'_>,
    (old_at, new_at): (usize, usize),
    equal: &[(Place, Place)],
    out: &mut Vec<Difference>,
) {
    let old = sides.today.tables.get(old_at);
    let (Some(old), Some(new)) = (old, sides.proposed.tables.get(new_at)) else { return };
    let kind = |index: &Index| if index.constraint { "constraint" } else { "index" };
    let mut changed = Vec::new();
    for (at, index) in old.indexes.iter().enumerate() {
        let text = index_text(sides.today, old, index);
        let pair = equal.iter().find(|(known, _)| *known == (old_at, at));
        if let Some((_, (_, n))) = pair {
            let other = new.indexes.get(*n).filter(|other| other.name != index.name);
            // Names that the server made up say nothing.
            if let Some(other) = other.filter(|_| !index.constraint) {
                out.push(Difference {
                    before: Some(index.name.clone()),
                    after: Some(other.name.clone()),
                    ..difference(kind(index), Happens::Renamed, new, &index.name)
                });
            }
            continue;
        }
        let same_name = |one: &(usize, &Index)| {
            one.1.name == index.name && !equal.iter().any(|(_, known)| *known == (new_at, one.0))
        };
        match new.indexes.iter().enumerate().find(same_name) {
            Some((n, other)) => {
                changed.push(n);
                out.push(Difference {
                    before: Some(text),
                    after: Some(index_text(sides.proposed, new, other)),
                    ..difference(kind(index), Happens::Changed, new, &index.name)
                });
            }
            None => out.push(Difference {
                before: Some(text),
                ..difference(kind(index), Happens::Dropped, new, &index.name)
            }),
        }
    }
    for (at, index) in new.indexes.iter().enumerate() {
        let known = equal.iter().any(|(_, place)| *place == (new_at, at));
        if !known && !changed.contains(&at) {
            out.push(Difference {
                after: Some(index_text(sides.proposed, new, index)),
                ..difference(kind(index), Happens::Added, new, &index.name)
            });
        }
    }
}

/// `(customer_id) references customers (id) on delete cascade`; columns by their proposed names.
fn key_text(table: &Table, key: &ForeignKey, name: &dyn Fn(&str) -> String) -> String {
    let columns = key.columns.iter().filter_map(|at| table.columns.get(*at));
    let columns: Vec<String> = columns.map(|column| name(&column.name)).collect();
    let mut out = format!("({}) references {}", columns.join(", "), key.references.name);
    if !key.referenced_columns.is_empty() {
        out.push_str(&format!(" ({})", key.referenced_columns.join(", ")));
    }
    for (word, action) in [("delete", &key.on_delete), ("update", &key.on_update)] {
        if let Some(action) = action.as_deref().filter(|action| *action != "no action") {
            out.push_str(&format!(" on {word} {action}"));
        }
    }
    out
}

/// Foreign keys and CHECKs, by what they say.
fn constraints(sides: &Sides<'_>, at: usize, old: &Table, new: &Table, out: &mut Vec<Difference>) {
    let renamed = |name: &str| sides.new_name(at, name).to_owned();
    let as_is = |name: &str| name.to_owned();
    let all = |table: &Table, name: &dyn Fn(&str) -> String| -> Vec<(String, String)> {
        let keys = table
            .foreign_keys
            .iter()
            .map(|key| (key.name.clone().unwrap_or_default(), key_text(table, key, name)));
        let checks = table.checks.iter().map(|check| {
            let column = |column: crate::sql::expr::ColumnRef| {
                let column = table.columns.get(usize::from(column.column));
                column.map(|column| name(&column.name)).unwrap_or_default()
            };
            let text = format!("check {}", print_expr(&check.condition, &column));
            (check.name.clone().unwrap_or_default(), text)
        });
        keys.chain(checks).collect()
    };
    let (before, after) = (all(old, &renamed), all(new, &as_is));
    for (name, text) in before.iter().filter(|(_, text)| !after.iter().any(|(_, b)| b == text)) {
        out.push(Difference {
            before: Some(text.clone()),
            ..difference("constraint", Happens::Dropped, new, name)
        });
    }
    for (name, text) in after.iter().filter(|(_, text)| !before.iter().any(|(_, a)| a == text)) {
        out.push(Difference {
            after: Some(text.clone()),
            ..difference("constraint", Happens::Added, new, name)
        });
    }
}

fn views(sides: &Sides<'_>, out: &mut Vec<Difference>) {
    let find =
        |views: &[View], name: &View| views.iter().find(|one| one.name == name.name).cloned();
    let of = |view: &View, happens| Difference {
        kind: "view".to_owned(),
        happens,
        table: view.name.to_string(),
        name: view.name.to_string(),
        before: None,
        after: None,
    };
    let words = |view: &View| view.query.split_whitespace().collect::<Vec<_>>().join(" ");
    for view in &sides.today.views {
        match find(&sides.proposed.views, view) {
            None => out.push(of(view, Happens::Dropped)),
            Some(new) if words(&new) != words(view) => out.push(of(view, Happens::Changed)),
            Some(_) => {}
        }
    }
    let added = sides.proposed.views.iter().filter(|view| find(&sides.today.views, view).is_none());
    out.extend(added.map(|view| of(view, Happens::Added)));
}
