//! Partitions have the indexes of their parent: those that match are taken over, the others made.

use super::Builder;
use super::draft::DraftIndex;
use super::index::{index_named, is_same_index, purpose_of};
use crate::sql::schema::{Name, TableKind};

impl Builder {
    /// The partitions of a table, or with `inherited` also the tables that inherit from it.
    pub fn children(&self, at: usize, inherited: bool) -> Vec<usize> {
        let is_child = |(_, draft): &(usize, &super::draft::Draft)| {
            !draft.dropped && draft.parents.contains(&at) && (inherited || draft.is_partition)
        };
        self.drafts.iter().enumerate().filter(is_child).map(|(child, _)| child).collect()
    }

    /// Gives every partition of a table the table's index of this name.
    pub fn propagate_index(&mut self, at: usize, name: &str) {
        for child in self.children(at, false) {
            self.ensure_index(at, child, name);
        }
    }

    /// Gives a new partition all indexes of its parent.
    pub fn ensure_indexes(&mut self, parent: usize, child: usize) {
        let names: Vec<String> = self
            .drafts
            .get(parent)
            .map_or(Vec::new(), |draft| draft.indexes.iter().map(|i| i.name.clone()).collect());
        for name in names {
            self.ensure_index(parent, child, &name);
        }
    }

    /// An index of the partition that does the same becomes part of the parent's; else one is made.
    fn ensure_index(&mut self, parent: usize, child: usize, name: &str) {
        let Some(index) = self
            .drafts
            .get(parent)
            .and_then(|draft| draft.indexes.iter().find(|index| index.name == name).cloned())
        else {
            return;
        };
        let Some(draft) = self.drafts.get_mut(child) else { return };
        let existing = draft.indexes.iter_mut().find(|other| {
            other.parent.is_none()
                && is_same_index(&other.spec, &index.spec)
                && (!index.constraint || other.constraint)
        });
        if let Some(existing) = existing {
            existing.parent = Some(index.name.clone());
            let (name, is_parent) =
                (existing.name.clone(), draft.table.kind == TableKind::Partitioned);
            if is_parent {
                self.propagate_index(child, &name);
            }
            return;
        }
        let purpose = purpose_of(&index);
        let mut copy = DraftIndex {
            name: String::new(),
            schema: None,
            parent: Some(index.name.clone()),
            on_only: false,
            ..index
        };
        copy.forget_definition();
        self.add_index(child, copy, purpose);
    }

    /// ALTER INDEX parent ATTACH PARTITION child.
    pub fn attach_index(&mut self, parent: &Name, child: &Name) {
        if let Some((at, position)) = self.find_index(child)
            && let Some(draft) = self.drafts.get_mut(at)
            && let Some(index) = draft.indexes.get_mut(position)
        {
            index.parent = Some(parent.name.clone());
        }
    }

    /// ALTER TABLE parent ATTACH PARTITION child.
    pub fn attach_partition(&mut self, parent: usize, child: &Name, bound: &str) {
        let Some(child) = self.find(child) else { return };
        if let Some(draft) = self.drafts.get_mut(child) {
            draft.parents = vec![parent];
            draft.is_partition = true;
            draft.table.partition_bound = Some(bound.to_owned());
            if draft.table.kind == TableKind::Ordinary {
                draft.table.kind = TableKind::Partition;
            }
        }
        self.ensure_indexes(parent, child);
    }

    /// ALTER TABLE parent DETACH PARTITION child; also NO INHERIT.
    pub fn detach_partition(&mut self, parent: usize, child: &Name) {
        let Some(draft) = self.find(child).and_then(|at| self.drafts.get_mut(at)) else { return };
        draft.parents.retain(|at| *at != parent);
        draft.is_partition = false;
        draft.table.partition_bound = None;
        if draft.table.kind == TableKind::Partition {
            draft.table.kind = TableKind::Ordinary;
        }
        for index in &mut draft.indexes {
            index.parent = None;
        }
    }

    /// Renames an index, and what its partitions' indexes say of it.
    pub fn rename_index(&mut self, name: &Name, new: &str) {
        let Some((at, position)) = self.find_index(name) else { return };
        let Some(draft) = self.drafts.get_mut(at) else { return };
        let schema = draft.table.name.schema.clone();
        let Some(index) = draft.indexes.get_mut(position) else { return };
        let old = std::mem::replace(&mut index.name, new.to_owned());
        index.generated_name = false;
        index.forget_definition();
        let old_key = self.name_key(schema.as_deref(), &old);
        let new_key = self.name_key(schema.as_deref(), new);
        self.taken.remove(&old_key);
        self.taken.insert(new_key.clone());
        self.index_owner.remove(&old_key);
        self.index_owner.insert(new_key, at);
        for child in self.children(at, false) {
            let Some(draft) = self.drafts.get_mut(child) else { continue };
            let parts = draft.indexes.iter_mut().filter(|i| i.parent.as_deref() == Some(&old));
            parts.for_each(|index| index.parent = Some(new.to_owned()));
        }
    }

    /// ALTER TABLE ... ADD CONSTRAINT ... USING INDEX: the index becomes the constraint's.
    pub fn promote_index(&mut self, at: usize, index: &str, name: Option<&str>, primary: bool) {
        let Some(draft) = self.drafts.get_mut(at) else { return };
        let schema = draft.table.name.schema.clone();
        let Some(found) = index_named(draft, index) else { return };
        found.constraint = true;
        found.primary = primary;
        found.spec.unique = true;
        found.forget_definition();
        if let Some(name) = name {
            self.rename_index(&Name { schema, name: index.to_owned() }, name);
        }
    }
}
