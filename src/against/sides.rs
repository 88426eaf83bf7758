//! Both schemas side by side: which table and which index of one is which of the other.

use crate::advise::writes::indexed_columns;
use crate::catalog::build::sides::same_index;
use crate::catalog::{Catalog, Index, Table};
use crate::plan::parts::part_of;
use crate::read::facts::{AlterAction, Ddl};
use crate::understand::Today;

/// What is compared.
pub struct Sides<'a> {
    /// What exists.
    pub today: &'a Catalog,
    /// What is proposed.
    pub proposed: &'a Catalog,
    /// Tables that are in both.
    pub same: &'a [(usize, usize)],
    /// Columns that a migration renames: table as it is proposed, old name, new name.
    renamed: Vec<(usize, String, String)>,
}

/// An index by its table and position.
pub type Place = (usize, usize);

impl<'a> Sides<'a> {
    /// Both sides of what was understood.
    pub fn new(today: &'a Today, proposed: &'a Catalog) -> Sides<'a> {
        let mut sides =
            Sides { today: &today.catalog, proposed, same: &today.same, renamed: Vec::new() };
        for ddl in today.steps.iter().flat_map(|step| &step.ddl) {
            let Ddl::AlterTable { table, action, .. } = ddl else { continue };
            let (old, new) = match action {
                AlterAction::RenameColumn(old, new) => (old, new),
                AlterAction::ChangeColumn(old, column) => (old, &column.name),
                _ => continue,
            };
            let at = proposed.find_table(table);
            let of_old = || sides.proposed_of(sides.today.find_table(table)?);
            if let Some(at) = at.or_else(of_old)
                && old != new
            {
                sides.renamed.push((at, old.clone(), new.clone()));
            }
        }
        sides
    }

    /// The table of today as it is proposed.
    pub fn proposed_of(&self, today: usize) -> Option<usize> {
        self.same.iter().find(|(old, _)| *old == today).map(|(_, new)| *new)
    }

    /// The proposed table as it is today.
    pub fn today_of(&self, proposed: usize) -> Option<usize> {
        self.same.iter().find(|(_, new)| *new == proposed).map(|(old, _)| *old)
    }

    /// What a column of today is called in the proposed table.
    pub fn new_name<'n>(&'n self, proposed: usize, column: &'n str) -> &'n str {
        let renamed = self.renamed.iter().filter(|(table, ..)| *table == proposed);
        renamed.fold(
            column,
            |name, (_, old, new)| {
                if old.eq_ignore_ascii_case(name) { new } else { name }
            },
        )
    }

    /// Today's table with the names of its columns as they are proposed.
    pub fn renamed_table(&self, today: usize, proposed: usize) -> Option<Table> {
        let mut table = self.today.tables.get(today)?.clone();
        for column in &mut table.columns {
            column.name = self.new_name(proposed, &column.name).to_owned();
        }
        Some(table)
    }

    /// Pairs of equal indexes, today's and the proposed; the same name first.
    pub fn equal_indexes(&self) -> Vec<(Place, Place)> {
        let mut out: Vec<(Place, Place)> = Vec::new();
        for (old_at, new_at) in self.same {
            let Some(old) = self.renamed_table(*old_at, *new_at) else { continue };
            let Some(new) = self.proposed.tables.get(*new_at) else { continue };
            for by_name in [true, false] {
                for (a, index) in old.indexes.iter().enumerate() {
                    if out.iter().any(|(known, _)| *known == (*old_at, a)) {
                        continue;
                    }
                    let fits = |(b, other): &(usize, &Index)| {
                        !out.iter().any(|(_, known)| *known == (*new_at, *b))
                            && (!by_name || index.name.eq_ignore_ascii_case(&other.name))
                            && index.constraint == other.constraint
                            && same_index(&old, index, new, other)
                    };
                    let found = new.indexes.iter().enumerate().find(fits).map(|(b, _)| b);
                    out.extend(found.map(|b| ((*old_at, a), (*new_at, b))));
                }
            }
        }
        out
    }

    /// An index of today over the columns of the proposed table, if that still has them all.
    pub fn kept(&self, place: Place) -> Option<(usize, Index)> {
        let new_at = self.proposed_of(place.0)?;
        let old = self.renamed_table(place.0, new_at)?;
        let new = self.proposed.tables.get(new_at)?;
        let index = old.indexes.get(place.1)?;
        let has = |at: &usize| {
            let name = old.columns.get(*at).map(|column| &column.name);
            new.columns.iter().any(|column| Some(&column.name) == name)
        };
        if !indexed_columns(index).iter().all(has) {
            return None;
        }
        let moved = part_of(&old, new, index);
        Some((new_at, Index { parent: index.parent.clone(), hypothetical: true, ..moved }))
    }
}
