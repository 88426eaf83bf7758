//! Statistics facts, merged onto the tables they are about. Tables and indexes known from nothing else
//! are made of them.

use super::Builder;
use super::draft::{Draft, DraftIndex};
use super::index::{index_named, is_same_index, purpose_of};
use crate::catalog::Column;
use crate::read::ddl::{read_constraint_definition, read_index_definition};
use crate::read::facts::{Constraint, IndexFacts, TableFacts};
use crate::read::statistics::{ColumnStatistics, IndexStatistics, TableStatistics};
use crate::sql::schema::{Name, TableKind};

impl Builder {
    /// Applies all of them; later ones fill what earlier ones leave open.
    pub fn add_statistics(&mut self, tables: &[TableFacts]) {
        for facts in tables {
            if !facts.name.name.is_empty() {
                self.add_table_statistics(facts);
            }
        }
    }

    fn add_table_statistics(&mut self, facts: &TableFacts) {
        let at = match self.find(&facts.name) {
            Some(at) => at,
            None => {
                let unqualified = Name { schema: None, name: facts.name.name.clone() };
                match self.find(&unqualified).filter(|at| self.has_no_schema(*at)) {
                    Some(at) => at,
                    None => self.add_draft(Draft::new(facts.name.clone(), String::new())),
                }
            }
        };
        let Some(draft) = self.drafts.get_mut(at) else { return };
        match facts.kind.as_deref() {
            Some("p") => draft.table.kind = TableKind::Partitioned,
            Some("m") => draft.table.kind = TableKind::MaterializedView,
            Some("f") => draft.table.kind = TableKind::Foreign,
            _ => {}
        }
        merge_table(&mut draft.table.statistics, &facts.statistics);
        for (name, data_type, not_null, statistics) in &facts.columns {
            add_column(draft, name, data_type, *not_null, statistics);
        }
        for index in &facts.indexes {
            self.add_index_statistics(at, index);
        }
        for (name, definition) in &facts.foreign_keys {
            self.add_exported_key(at, name, definition);
        }
    }

    fn has_no_schema(&self, at: usize) -> bool {
        self.drafts.get(at).is_some_and(|draft| draft.table.name.schema.is_none())
    }

    fn add_index_statistics(&mut self, at: usize, facts: &IndexFacts) {
        let parsed = read_index_definition(&facts.definition, self.dialect);
        let Some(draft) = self.drafts.get_mut(at) else { return };
        let known = draft.indexes.iter().position(|index| index.name == facts.name).or_else(|| {
            // The same index under a name that was made up here.
            let spec = &parsed.as_ref()?.spec;
            let is_it =
                |index: &DraftIndex| index.generated_name && is_same_index(&index.spec, spec);
            draft.indexes.iter().position(is_it)
        });
        if let Some(index) = known.and_then(|position| draft.indexes.get_mut(position)) {
            facts.name.clone_into(&mut index.name);
            merge_index(&mut index.statistics, &facts.statistics);
            index.valid = facts.valid.or(index.valid);
            return;
        }
        let Some(parsed) = parsed else { return };
        if self.dropped.contains(&(at, facts.name.clone())) {
            return;
        }
        let index = DraftIndex {
            name: facts.name.clone(),
            primary: facts.primary == Some(true),
            constraint: facts.is_constraint == Some(true) || facts.primary == Some(true),
            on_only: true,
            statistics: facts.statistics.clone(),
            valid: facts.valid,
            spec: crate::read::facts::IndexSpec {
                definition: facts.definition.clone(),
                ..parsed.spec
            },
            ..DraftIndex::default()
        };
        let purpose = purpose_of(&index);
        if let Some(name) = self.add_index(at, index, purpose)
            && let Some(draft) = self.drafts.get_mut(at)
            && let Some(index) = index_named(draft, &name)
        {
            index.on_only = parsed.on_only;
        }
    }

    fn add_exported_key(&mut self, at: usize, name: &str, definition: &str) {
        let exists = self
            .drafts
            .get(at)
            .is_some_and(|draft| draft.foreign_keys.iter().any(|key| key.name == name));
        if exists {
            return;
        }
        if let Some(Constraint::ForeignKey {
            columns,
            references,
            referenced_columns,
            on_delete,
            on_update,
            ..
        }) = read_constraint_definition(definition, self.dialect)
        {
            let name = Some(name.to_owned());
            let key = Constraint::ForeignKey {
                name,
                columns,
                references,
                referenced_columns,
                on_delete,
                on_update,
            };
            self.add_constraint(at, &key, false, None);
        }
    }
}

fn add_column(
    draft: &mut Draft,
    name: &str,
    data_type: &str,
    not_null: Option<bool>,
    statistics: &ColumnStatistics,
) {
    let position = draft.column(name).unwrap_or_else(|| {
        draft.table.columns.push(Column { name: name.to_owned(), ..Column::default() });
        draft.table.columns.len() - 1
    });
    let Some(column) = draft.table.columns.get_mut(position) else { return };
    if column.data_type.is_empty() {
        data_type.clone_into(&mut column.data_type);
    }
    column.not_null |= not_null == Some(true);
    if *statistics != ColumnStatistics::default() {
        column.statistics = Some(statistics.clone());
    }
}

/// Later figures win over earlier ones where they are given.
fn merge_table(known: &mut TableStatistics, new: &TableStatistics) {
    let fields = [
        (&mut known.reltuples, new.reltuples),
        (&mut known.relpages, new.relpages),
        (&mut known.relallvisible, new.relallvisible),
        (&mut known.size_bytes, new.size_bytes),
        (&mut known.n_tup_ins, new.n_tup_ins),
        (&mut known.n_tup_upd, new.n_tup_upd),
        (&mut known.n_tup_hot_upd, new.n_tup_hot_upd),
        (&mut known.n_tup_del, new.n_tup_del),
        (&mut known.seq_scan, new.seq_scan),
        (&mut known.fillfactor, new.fillfactor),
    ];
    for (known, new) in fields {
        *known = new.or(*known);
    }
    known.origin = new.origin.or(known.origin);
}

fn merge_index(known: &mut IndexStatistics, new: &IndexStatistics) {
    let fields = [
        (&mut known.relpages, new.relpages),
        (&mut known.reltuples, new.reltuples),
        (&mut known.size_bytes, new.size_bytes),
        (&mut known.tree_height, new.tree_height),
        (&mut known.idx_scan, new.idx_scan),
    ];
    for (known, new) in fields {
        *known = new.or(*known);
    }
    if !new.expressions.is_empty() {
        known.expressions.clone_from(&new.expressions);
    }
}
