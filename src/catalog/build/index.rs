//! Adding and finding indexes.

use super::Builder;
use super::draft::{Draft, DraftIndex, plain_column};
use super::names::Purpose;
use crate::dialect::Dialect;
use crate::read::facts::{CreateIndex, IndexSpec};
use crate::sql::schema::{Name, TableKind};

impl Builder {
    /// CREATE INDEX. An index of that name that exists already stays as it is.
    pub fn create_index(&mut self, create: &CreateIndex) {
        let at = self.find_or_imply(&create.table);
        let index = DraftIndex {
            name: create.name.as_ref().map_or(String::new(), |name| name.name.clone()),
            schema: create.name.as_ref().and_then(|name| name.schema.clone()),
            spec: create.spec.clone(),
            on_only: create.on_only,
            source: create.source.clone(),
            ..DraftIndex::default()
        };
        self.add_index(at, index, Purpose::Index);
    }

    /// Adds an index to a table, with a made-up name if it has none, and to the table's partitions.
    /// Returns its name; none if that name is taken.
    pub fn add_index(
        &mut self,
        at: usize,
        mut index: DraftIndex,
        purpose: Purpose,
    ) -> Option<String> {
        let draft = self.drafts.get(at)?;
        if index.primary && draft.indexes.iter().any(|other| other.primary) {
            return None;
        }
        if index.name.is_empty() || self.dialect == Dialect::Sqlite && index.constraint {
            index.name = self.index_name(draft, &index.spec, purpose);
            index.generated_name = true;
        } else if self.dialect.is_mysql_family() && index.primary {
            index.name = "PRIMARY".to_owned();
        }
        let schema = draft.table.name.schema.clone();
        if self.dialect.is_mysql_family() {
            let is_taken =
                draft.indexes.iter().any(|other| other.name.eq_ignore_ascii_case(&index.name));
            if is_taken {
                return None;
            }
        } else {
            let key = self.name_key(schema.as_deref(), &index.name);
            if !self.taken.insert(key.clone()) {
                return None;
            }
            self.index_owner.insert(key, at);
        }
        let name = index.name.clone();
        let propagate = !index.on_only && draft.table.kind == TableKind::Partitioned;
        let draft = self.drafts.get_mut(at)?;
        if self.dialect.is_mysql_family() {
            draft.indexes.retain(|old| !(old.for_foreign_key && serves(&index, &key_names(old))));
        }
        draft.indexes.push(index);
        if propagate {
            self.propagate_index(at, &name);
        }
        Some(name)
    }

    /// The table and position of an index.
    pub fn find_index(&self, name: &Name) -> Option<(usize, usize)> {
        let mut keys = vec![self.name_key(name.schema.as_deref(), &name.name)];
        if name.schema.is_none() {
            keys.push((String::new(), keys.first()?.1.clone()));
        }
        let owner = keys.iter().find_map(|key| self.index_owner.get(key)).copied();
        let candidates = match owner {
            Some(at) => at..at + 1,
            None => 0..self.drafts.len(),
        };
        candidates.into_iter().find_map(|at| {
            let draft = self.drafts.get(at).filter(|draft| !draft.dropped)?;
            let same = |index: &DraftIndex| self.same_name(&index.name, &name.name);
            draft.indexes.iter().position(same).map(|position| (at, position))
        })
    }

    /// MySQL makes an index for a foreign key that no other index can serve.
    pub fn index_foreign_key(&mut self, at: usize, name: Option<&str>, columns: &[String]) {
        let Some(draft) = self.drafts.get(at) else { return };
        if !self.dialect.is_mysql_family()
            || draft.indexes.iter().any(|index| serves(index, columns))
        {
            return;
        }
        let mut index = DraftIndex { for_foreign_key: true, ..DraftIndex::default() };
        index.spec.keys = columns
            .iter()
            .flat_map(|column| crate::read::ddl::column_key(column, false).keys)
            .collect();
        index.name = name.map_or(String::new(), str::to_owned);
        index.spec.definition = format!("KEY ({})", columns.join(", "));
        self.add_index(at, index, Purpose::Index);
    }
}

fn key_names(index: &DraftIndex) -> Vec<String> {
    index.key_columns().flatten().map(str::to_owned).collect()
}

/// Are the index's first keys these columns, in their order?
fn serves(index: &DraftIndex, columns: &[String]) -> bool {
    let keys = &index.spec.keys;
    keys.len() >= columns.len()
        && keys.iter().zip(columns).all(|(key, column)| {
            key.prefix_length.is_none()
                && plain_column(&key.part).is_some_and(|name| name.eq_ignore_ascii_case(column))
        })
}

/// Do two definitions index the same thing in the same way? Names and storage options do not count.
pub fn is_same_index(a: &IndexSpec, b: &IndexSpec) -> bool {
    a.method == b.method
        && a.unique == b.unique
        && a.nulls_not_distinct == b.nulls_not_distinct
        && a.include == b.include
        && a.predicate == b.predicate
        && a.keys.len() == b.keys.len()
        && a.keys.iter().zip(&b.keys).all(|(a, b)| {
            let same_part = match (plain_column(&a.part), plain_column(&b.part)) {
                (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                _ => a.part == b.part,
            };
            same_part && a.opclass == b.opclass && a.collation == b.collation
        })
}

/// Which key of a name was asked for: the primary key has a purpose of its own.
pub fn purpose_of(index: &DraftIndex) -> Purpose {
    match (index.primary, index.exclusion, index.constraint) {
        (true, ..) => Purpose::PrimaryKey,
        (_, true, _) => Purpose::Exclusion,
        (_, _, true) => Purpose::Unique,
        _ => Purpose::Index,
    }
}

/// The index of a draft with this name.
pub fn index_named<'a>(draft: &'a mut Draft, name: &str) -> Option<&'a mut DraftIndex> {
    draft.indexes.iter_mut().find(|index| index.name == name)
}
