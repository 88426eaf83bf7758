//! DROP, and what goes with it.

use super::Builder;
use super::draft::{mentions, plain_column};
use crate::dialect::Dialect;
use crate::sql::schema::Name;

impl Builder {
    /// DROP TABLE or DROP VIEW; partitions go with their parent.
    pub fn drop_table(&mut self, name: &Name) {
        match self.find(name) {
            Some(at) => self.drop_draft(at),
            None => {
                let dialect = self.dialect;
                let same = |a: &str, b: &str| match dialect {
                    Dialect::Postgres => a == b,
                    _ => a.eq_ignore_ascii_case(b),
                };
                self.views.retain(|view| !same(&view.name.name, &name.name));
            }
        }
    }

    fn drop_draft(&mut self, at: usize) {
        let children = self.children(at, false);
        let Some(draft) = self.drafts.get_mut(at) else { return };
        draft.dropped = true;
        let schema = draft.table.name.schema.clone();
        let mut names: Vec<String> = draft.indexes.iter().map(|i| i.name.clone()).collect();
        let table = draft.table.name.name.clone();
        for name in names.drain(..) {
            let key = self.name_key(schema.as_deref(), &name);
            self.taken.remove(&key);
            self.index_owner.remove(&key);
        }
        let key = self.name_key(schema.as_deref(), &table);
        self.taken.remove(&key);
        for child in children {
            self.drop_draft(child);
        }
    }

    /// DROP INDEX. What a constraint made stays: the server refuses.
    pub fn drop_index(&mut self, name: &Name, table: Option<&Name>) {
        let found = match table {
            Some(table) => self.find(table).and_then(|at| {
                let draft = self.drafts.get(at)?;
                let same = |i: &super::draft::DraftIndex| i.name.eq_ignore_ascii_case(&name.name);
                draft.indexes.iter().position(same).map(|position| (at, position))
            }),
            None => self.find_index(name),
        };
        let Some((at, position)) = found else { return };
        let refuses = !self.dialect.is_mysql_family()
            && self
                .drafts
                .get(at)
                .and_then(|draft| draft.indexes.get(position))
                .is_some_and(|index| index.constraint);
        if !refuses {
            self.remove_index(at, position);
        }
    }

    /// Removes an index and those of the partitions that are part of it.
    pub fn remove_index(&mut self, at: usize, position: usize) {
        let Some(draft) = self.drafts.get_mut(at) else { return };
        if position >= draft.indexes.len() {
            return;
        }
        let index = draft.indexes.remove(position);
        self.dropped.insert((at, index.name.clone()));
        let key = self
            .drafts
            .get(at)
            .map(|draft| self.name_key(draft.table.name.schema.as_deref(), &index.name));
        if let Some(key) = key {
            self.taken.remove(&key);
            self.index_owner.remove(&key);
        }
        for child in self.children(at, false) {
            let part = self.drafts.get(child).and_then(|draft| {
                let is_part =
                    |i: &super::draft::DraftIndex| i.parent.as_deref() == Some(&index.name);
                draft.indexes.iter().position(is_part)
            });
            if let Some(position) = part {
                self.remove_index(child, position);
            }
        }
    }

    /// DROP CONSTRAINT: an index, a foreign key or a check.
    pub fn drop_constraint(&mut self, at: usize, name: &str) {
        let Some(draft) = self.drafts.get_mut(at) else { return };
        let keys = draft.foreign_keys.len() + draft.checks.len();
        draft.foreign_keys.retain(|key| !key.name.eq_ignore_ascii_case(name));
        draft.checks.retain(|(check, _)| check.as_deref() != Some(name));
        if draft.foreign_keys.len() + draft.checks.len() < keys {
            return;
        }
        let is_named = |index: &super::draft::DraftIndex| {
            index.name.eq_ignore_ascii_case(name) || (name == "PRIMARY" && index.primary)
        };
        if let Some(position) = draft.indexes.iter().position(is_named) {
            self.remove_index(at, position);
        }
    }

    /// DROP COLUMN. Indexes on it go with it; MySQL only takes it out of them.
    pub fn drop_column(&mut self, at: usize, name: &str) {
        let Some(draft) = self.drafts.get_mut(at) else { return };
        draft.table.columns.retain(|column| !column.name.eq_ignore_ascii_case(name));
        draft
            .foreign_keys
            .retain(|key| !key.columns.iter().any(|column| column.eq_ignore_ascii_case(name)));
        draft.checks.retain(|(_, condition)| !mentions(condition, name));
        if self.dialect.is_mysql_family() {
            for index in &mut draft.indexes {
                index.spec.keys.retain(|key| {
                    !plain_column(&key.part).is_some_and(|c| c.eq_ignore_ascii_case(name))
                });
            }
            draft.indexes.retain(|index| !index.spec.keys.is_empty());
            return;
        }
        let indexes = draft.indexes.iter().enumerate();
        let gone: Vec<usize> =
            indexes.filter(|(_, index)| index.mentions(name)).map(|(n, _)| n).collect();
        for position in gone.into_iter().rev() {
            self.remove_index(at, position);
        }
    }
}
