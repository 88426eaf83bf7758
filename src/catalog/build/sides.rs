//! Today's schema and the proposed one. Statistics are of today's and go with the tables, columns and
//! indexes of the same name; a migration's renames are followed. Of two whole schemas, what neither
//! speaks of (a table known from statistics alone) is the same in both.

use crate::sorted::SortedSet;

use super::plans::add_sizes_of_plans;
use super::{Builder, calibrate};
use crate::catalog::{Catalog, Index, Table};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::input::Side;
use crate::read::Facts;
use crate::read::facts::{AlterAction, Ddl};
use crate::sql::expr::ColumnRef;
use crate::sql::print::print_expr;
use crate::sql::schema::{KeyPart, Name};

/// Both schemas.
pub struct Sides {
    /// What exists.
    pub today: Catalog,
    /// What is proposed.
    pub proposed: Catalog,
    /// Tables that are in both: position in today's, position in the proposed one.
    pub same: Vec<(usize, usize)>,
    /// The proposed side is a whole schema, not statements that change today's.
    pub is_schema: bool,
}

/// Both catalogs, of facts with a proposed side.
pub fn build_sides(
    facts: &Facts,
    dialect: Dialect,
    calibrate: bool,
    remarks: &mut Vec<Diagnostic>,
) -> Sides {
    let mut builder = Builder { dialect, ..Builder::default() };
    facts.ddl.iter().for_each(|ddl| builder.apply(ddl));
    let own = is_schema(&builder, facts);
    let mut proposed = match own {
        true => Builder { dialect, ..Builder::default() },
        false => {
            let mut today = builder.clone();
            today.add_statistics(&facts.tables);
            today
        }
    };
    builder.add_statistics(&facts.tables);
    for ddl in facts.proposed.iter().flat_map(|statement| &statement.ddl) {
        proposed.apply(ddl);
    }
    let drafted = (places(&builder), places(&proposed));
    // What is wrong with today's definitions is of no concern where others are proposed.
    let mut today = builder.finish(facts, &mut Vec::new());
    let mut proposed = proposed.finish(facts, remarks);
    add_sizes_of_plans(&mut today, &facts.plans, calibrate);
    if calibrate {
        calibrate::add_selectivities_of_plans(&mut today, &facts.plans);
    }
    let same = match own {
        true => {
            keep_unspoken(&today, &mut proposed);
            by_name(&today, &proposed)
        }
        false => drafted.0.into_iter().zip(drafted.1).filter_map(both).collect(),
    };
    for (old, new) in &same {
        if let (Some(old), Some(new)) = (today.tables.get(*old), proposed.tables.get_mut(*new)) {
            new.statistics = old.statistics.clone();
            new.observed.clone_from(&old.observed);
            new.is_new = false;
            new.stored = Some(old.columns.clone());
            if own {
                carry(old, new);
            }
        }
    }
    Sides { today, proposed, same, is_schema: own }
}

fn both((old, new): (Option<usize>, Option<usize>)) -> Option<(usize, usize)> {
    Some((old?, new?))
}

/// Where the tables of a builder will stand in its catalog.
fn places(builder: &Builder) -> Vec<Option<usize>> {
    let mut n = 0;
    let place = |dropped: bool| {
        n += usize::from(!dropped);
        (!dropped).then(|| n - 1)
    };
    builder.drafts.iter().map(|draft| draft.dropped).map(place).collect()
}

/// Statements that create most tables of today again, and change none that they do not create, are a
/// whole schema. A dump may drop and alter what is there before it creates it.
fn is_schema(today: &Builder, facts: &Facts) -> bool {
    // A migration may follow a schema; it says nothing of what that is.
    let own = facts.proposed.iter().filter(|one| one.side != Side::Migration);
    let own: Vec<&Ddl> = own.flat_map(|statement| &statement.ddl).collect();
    let mut created: SortedSet<&Name> = SortedSet::new();
    let mut again: SortedSet<usize> = SortedSet::new();
    for ddl in &own {
        if let Ddl::CreateTable(table) = ddl {
            again.extend(today.find(&table.name));
            created.insert(&table.name);
        }
    }
    let changes_today = own.iter().any(|ddl| match ddl {
        Ddl::CreateIndex(index) => !created.contains(&index.table),
        Ddl::AlterTable { table, action, .. } => {
            !created.contains(table) || matches!(action, AlterAction::RenameTable(_))
        }
        _ => false,
    });
    let defined = |draft: &&super::Draft| !draft.dropped && draft.table.source.is_some();
    let n_today = today.drafts.iter().filter(defined).count();
    !again.is_empty() && 2 * again.len() >= n_today && !changes_today
}

/// Tables that no schema speaks of go on as they are.
fn keep_unspoken(today: &Catalog, proposed: &mut Catalog) {
    let unspoken = today.tables.iter().filter(|table| table.source.is_none());
    let kept: Vec<Table> =
        unspoken.filter(|table| proposed.find_table(&table.name).is_none()).cloned().collect();
    for mut table in kept {
        let parent = table.parent.and_then(|at| today.tables.get(at));
        table.parent = parent.and_then(|parent| proposed.find_table(&parent.name));
        proposed.tables.push(table);
    }
}

fn by_name(today: &Catalog, proposed: &Catalog) -> Vec<(usize, usize)> {
    let tables = today.tables.iter().enumerate();
    tables.filter_map(|(at, table)| Some((at, proposed.find_table(&table.name)?))).collect()
}

/// What is known of columns and indexes today is known of those of the same name.
fn carry(old: &Table, new: &mut Table) {
    for column in &mut new.columns {
        let known = old.columns.iter().find(|one| one.name.eq_ignore_ascii_case(&column.name));
        if let (None, Some(known)) = (&column.statistics, known) {
            column.statistics.clone_from(&known.statistics);
        }
    }
    let table = Table { indexes: Vec::new(), ..new.clone() };
    for index in &mut new.indexes {
        let known = old.indexes.iter().find(|one| {
            one.name.eq_ignore_ascii_case(&index.name) && same_index(old, one, &table, index)
        });
        if let Some(known) = known {
            index.statistics = known.statistics.clone();
        }
    }
}

/// Do two indexes of two tables hold the same, by the names of their columns?
pub fn same_index(a_table: &Table, a: &Index, b_table: &Table, b: &Index) -> bool {
    a.method == b.method
        && (a.unique, a.usable, a.nulls_not_distinct) == (b.unique, b.usable, b.nulls_not_distinct)
        && contents(a_table, a) == contents(b_table, b)
}

/// Keys, INCLUDE and WHERE with columns by their names.
fn contents(table: &Table, index: &Index) -> (Vec<String>, Vec<String>, Option<String>) {
    let name = |at: usize| table.columns.get(at).map_or("", |column| &column.name).to_lowercase();
    let of_expr = |column: ColumnRef| name(usize::from(column.column));
    let keys = index.keys.iter().map(|key| {
        let part = match &key.part {
            KeyPart::Column(at) => name(*at),
            KeyPart::Expr(expr, _) => print_expr(expr, &of_expr),
        };
        let kind = (key.desc, key.nulls_first, &key.opclass, &key.collation, key.prefix_length);
        format!("{part} {kind:?}")
    });
    let mut include: Vec<String> = index.include.iter().map(|at| name(*at)).collect();
    crate::order::sort(&mut include);
    let predicate = index.predicate.as_ref().map(|expr| print_expr(expr, &of_expr));
    (keys.collect(), include, predicate)
}
