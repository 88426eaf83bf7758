//! ALTER TABLE.

use super::Builder;
use super::draft::{Draft, column_of, rename_in};
use super::index::index_named;
use crate::diagnostic::Place;
use crate::dialect::Dialect;
use crate::read::facts::{AlterAction, ColumnDef};
use crate::sql::print::print_expr;
use crate::sql::schema::{KeyPart, Name};

impl Builder {
    /// One action of ALTER TABLE.
    pub fn alter_table(&mut self, table: &Name, action: &AlterAction, only: bool, source: &Place) {
        let adds = matches!(action, AlterAction::AddColumn(..) | AlterAction::AddConstraint(_));
        let found = if adds { Some(self.find_or_imply(table)) } else { self.find(table) };
        let Some(at) = found else {
            if let AlterAction::AttachPartition(child, bound) = action {
                self.unattached.push((table.clone(), child.clone(), bound.clone()));
            }
            if let AlterAction::RenameTable(new) = action {
                let views = self.views.iter_mut().filter(|view| view.name.name == table.name);
                views.for_each(|view| view.name.name.clone_from(&new.name));
            }
            return;
        };
        match action {
            AlterAction::AddConstraint(constraint) => {
                self.add_constraint(at, constraint, only, Some(source));
            }
            AlterAction::DropConstraint(name) => self.drop_constraint(at, name),
            AlterAction::RenameTable(name) => self.rename_table(at, name),
            AlterAction::RenameConstraint(old, new) => self.rename_constraint(at, old, new),
            AlterAction::AttachPartition(child, bound) => self.attach_partition(at, child, bound),
            AlterAction::DetachPartition(child) => self.detach_partition(at, child),
            AlterAction::Inherit(parent) => {
                let parent = self.find(parent);
                if let Some(draft) = self.drafts.get_mut(at) {
                    draft.parents.extend(parent);
                }
            }
            AlterAction::SetSchema(schema) => {
                let name = self.drafts.get(at).map(|draft| draft.table.name.name.clone());
                let name = Name { schema: Some(schema.clone()), name: name.unwrap_or_default() };
                self.rename_table(at, &name);
            }
            AlterAction::SetIndexUsable(name, usable) => {
                let draft = self.drafts.get_mut(at);
                if let Some(index) = draft.and_then(|draft| index_named(draft, name)) {
                    index.spec.unusable = !usable;
                }
            }
            AlterAction::DropForeignKey(name) => {
                if let Some(draft) = self.drafts.get_mut(at) {
                    draft.foreign_keys.retain(|key| !key.name.eq_ignore_ascii_case(name));
                }
            }
            _ => self.alter_columns(at, action, source),
        }
    }

    /// What concerns columns goes down to partitions and children.
    fn alter_columns(&mut self, at: usize, action: &AlterAction, source: &Place) {
        match action {
            AlterAction::AddColumn(column, constraints) => {
                self.add_column(at, column);
                for constraint in constraints {
                    self.add_constraint(at, constraint, false, Some(source));
                }
            }
            AlterAction::DropColumn(name) => self.drop_column(at, name),
            _ => {
                if let Some(draft) = self.drafts.get_mut(at) {
                    change_column(draft, action);
                }
            }
        }
        let below = match action {
            AlterAction::AddColumn(column, _) => AlterAction::AddColumn(column.clone(), Vec::new()),
            other => other.clone(),
        };
        for child in self.children(at, true) {
            self.alter_columns(child, &below, source);
        }
    }

    fn add_column(&mut self, at: usize, column: &ColumnDef) {
        if let Some(draft) = self.drafts.get_mut(at)
            && draft.column(&column.name).is_none()
        {
            draft.table.columns.push(column_of(column));
        }
    }

    fn rename_table(&mut self, at: usize, new: &Name) {
        let Some(draft) = self.drafts.get(at) else { return };
        let old = draft.table.name.clone();
        let schema = new.schema.clone().or_else(|| old.schema.clone());
        let new = Name { schema, name: new.name.clone() };
        let indexes: Vec<String> = draft.indexes.iter().map(|i| i.name.clone()).collect();
        let (old_key, new_key) = (
            self.name_key(old.schema.as_deref(), &old.name),
            self.name_key(new.schema.as_deref(), &new.name),
        );
        self.taken.remove(&old_key);
        self.taken.insert(new_key);
        for name in indexes {
            let renamed = match self.dialect {
                Dialect::Sqlite => name.replacen(
                    &format!("sqlite_autoindex_{}_", old.name),
                    &format!("sqlite_autoindex_{}_", new.name),
                    1,
                ),
                _ => name.clone(),
            };
            let key = self.name_key(old.schema.as_deref(), &name);
            self.taken.remove(&key);
            self.index_owner.remove(&key);
            let key = self.name_key(new.schema.as_deref(), &renamed);
            self.taken.insert(key.clone());
            self.index_owner.insert(key, at);
            if let Some(index) = self.drafts.get_mut(at).and_then(|d| index_named(d, &name)) {
                index.name = renamed;
                index.forget_definition();
            }
        }
        for position in 0..self.drafts.len() {
            self.point_keys_to(position, at, &old, &new);
        }
        let schema_key = self.schema_key(new.schema.as_deref());
        self.by_name.get_or_default(new.name.to_lowercase()).push(at);
        if let Some(draft) = self.drafts.get_mut(at) {
            draft.table.name = new;
            draft.schema_key = schema_key;
        }
    }

    /// Foreign keys follow the table they refer to.
    fn point_keys_to(&mut self, from: usize, target: usize, old: &Name, new: &Name) {
        let Some(draft) = self.drafts.get(from) else { return };
        let follows: Vec<usize> = draft
            .foreign_keys
            .iter()
            .enumerate()
            .filter(|(_, key)| self.same_name(&key.references.name, &old.name))
            .filter(|(_, key)| self.find(&key.references) == Some(target))
            .map(|(n, _)| n)
            .collect();
        for n in follows {
            let draft = self.drafts.get_mut(from);
            if let Some(key) = draft.and_then(|draft| draft.foreign_keys.get_mut(n)) {
                key.references.clone_from(new);
            }
        }
    }

    fn rename_constraint(&mut self, at: usize, old: &str, new: &str) {
        let Some(draft) = self.drafts.get_mut(at) else { return };
        for key in draft.foreign_keys.iter_mut().filter(|key| key.name == old) {
            new.clone_into(&mut key.name);
        }
        for (name, _) in draft.checks.iter_mut().filter(|(name, _)| name.as_deref() == Some(old)) {
            *name = Some(new.to_owned());
        }
        let schema = draft.table.name.schema.clone();
        if self.dialect.is_mysql_family() {
            if let Some(index) = index_named(draft, old) {
                new.clone_into(&mut index.name);
                index.generated_name = false;
                index.forget_definition();
            }
        } else if draft.indexes.iter().any(|index| index.name == old) {
            self.rename_index(&Name { schema, name: old.to_owned() }, new);
        }
    }
}

fn change_column(draft: &mut Draft, action: &AlterAction) {
    match action {
        AlterAction::RenameColumn(old, new) => rename_column(draft, old, new),
        AlterAction::ChangeColumn(old, definition) => {
            if !old.eq_ignore_ascii_case(&definition.name) {
                rename_column(draft, old, &definition.name);
            }
            let position = draft.column(&definition.name);
            let in_key = draft.indexes.iter().any(|index| {
                index.primary && index.key_columns().any(|key| key == Some(&definition.name))
            });
            if let Some(column) = position.and_then(|at| draft.table.columns.get_mut(at)) {
                *column = column_of(definition);
                column.not_null |= in_key;
            }
        }
        AlterAction::SetType(name, data_type) => {
            let position = draft.column(name);
            if let Some(column) = position.and_then(|at| draft.table.columns.get_mut(at)) {
                data_type.clone_into(&mut column.data_type);
            }
        }
        AlterAction::SetNotNull(name, not_null) => {
            let position = draft.column(name);
            if let Some(column) = position.and_then(|at| draft.table.columns.get_mut(at)) {
                column.not_null = *not_null;
            }
        }
        _ => {}
    }
}

fn rename_column(draft: &mut Draft, old: &str, new: &str) {
    if let Some(column) = draft.column(old).and_then(|at| draft.table.columns.get_mut(at)) {
        new.clone_into(&mut column.name);
    }
    let rename = |name: &mut String| {
        if name.eq_ignore_ascii_case(old) {
            new.clone_into(name);
        }
    };
    for index in draft.indexes.iter_mut().filter(|index| index.mentions(old)) {
        for key in &mut index.spec.keys {
            if let KeyPart::Expr(expr, text) = &mut key.part {
                rename_in(expr, old, new);
                *text = print_expr(expr, &|_| String::new());
            }
        }
        if let Some(predicate) = &mut index.spec.predicate {
            rename_in(predicate, old, new);
            index.spec.predicate_sql = Some(print_expr(predicate, &|_| String::new()));
        }
        index.forget_definition();
        index.spec.include.iter_mut().for_each(rename);
    }
    for key in &mut draft.foreign_keys {
        key.columns.iter_mut().for_each(rename);
    }
    for (_, condition) in &mut draft.checks {
        rename_in(condition, old, new);
    }
}
