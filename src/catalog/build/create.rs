//! CREATE TABLE and CREATE VIEW.

use super::Builder;
use super::draft::{Draft, DraftForeignKey, DraftIndex, column_of};
use super::index::{is_same_index, purpose_of};
use super::names::Purpose;
use crate::catalog::{Column, View};
use crate::diagnostic::Place;
use crate::dialect::Dialect;
use crate::order;
use crate::read::facts::{ColumnDef, Constraint, CreateTable, IndexSpec};
use crate::sql::expr::Expr;
use crate::sql::parse::parse_query;
use crate::sql::query::{Query, RelationSource, Target};
use crate::sql::schema::{Name, TableKind};

impl Builder {
    /// CREATE TABLE. A table that exists already stays as it is; one that was only implied is filled.
    pub fn create_table(&mut self, create: &CreateTable) {
        let name = self.placed(&create.name);
        let is_internal = self.dialect == Dialect::Sqlite
            && name.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"));
        if is_internal {
            return;
        }
        let at = match self.find(&name).filter(|at| self.is_in_schema_of(*at, &name)) {
            Some(at) if self.drafts.get(at).is_some_and(|draft| draft.implied) => at,
            Some(_) => return,
            None => self.add_draft(Draft::new(name, String::new())),
        };
        let parents: Vec<usize> =
            create.parents.iter().filter_map(|name| self.find(name)).collect();
        let mut columns: Vec<Column> = Vec::new();
        for parent in &parents {
            self.add_columns_of(*parent, &mut columns);
        }
        let likes: Vec<(usize, bool)> =
            create.like.iter().filter_map(|(name, all)| Some((self.find(name)?, *all))).collect();
        for (like, _) in &likes {
            self.add_columns_of(*like, &mut columns);
        }
        add_definitions(&create.columns, &mut columns);
        if let Some(query) = create.as_query.as_deref() {
            self.add_query_columns(query, &mut columns);
        }
        let is_partition = create.partition_bound.is_some() && !parents.is_empty();
        let option = |name: &str| {
            create.options.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        };
        let (engine, collation) = (option("engine").or(option("module")), option("collate"));
        let fillfactor = option("fillfactor").and_then(|value| value.parse().ok());
        let Some(draft) = self.drafts.get_mut(at) else { return };
        draft.implied = false;
        draft.parents = parents.clone();
        draft.is_partition = is_partition;
        draft.partition_by.clone_from(&create.partition_by);
        let table = &mut draft.table;
        table.kind = create.kind;
        table.columns = columns;
        table.partition_bound.clone_from(&create.partition_bound);
        table.without_rowid = create.without_rowid;
        table.engine = engine;
        table.collation = collation;
        table.statistics.fillfactor = fillfactor;
        table.source.clone_from(&create.source);
        self.add_table_constraints(at, create);
        if let Some(parent) = parents.first().filter(|_| is_partition) {
            self.ensure_indexes(*parent, at);
        }
        let (mine, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.unattached)
            .into_iter()
            .partition(|(parent, ..)| self.find(parent) == Some(at));
        self.unattached = others;
        for (_, child, bound) in mine {
            self.attach_partition(at, &child, &bound);
        }
        for (like, with_indexes) in likes {
            if with_indexes {
                self.copy_indexes(like, at);
            }
        }
    }

    fn is_in_schema_of(&self, at: usize, name: &Name) -> bool {
        let key = self.schema_key(name.schema.as_deref());
        self.drafts.get(at).is_some_and(|draft| draft.schema_key == key)
    }

    fn add_columns_of(&self, at: usize, columns: &mut Vec<Column>) {
        let Some(draft) = self.drafts.get(at) else { return };
        for column in &draft.table.columns {
            if !columns.iter().any(|known| known.name == column.name) {
                columns.push(column.clone());
            }
        }
    }

    /// Columns of CREATE TABLE ... AS: named by the select list, typed where that names a column.
    fn add_query_columns(&self, query: &str, columns: &mut Vec<Column>) {
        let Ok(query) = parse_query(query, self.dialect) else { return };
        let query = first_arm(&query);
        let sources: Vec<Option<usize>> = query
            .relations
            .iter()
            .map(|relation| match &relation.source {
                RelationSource::Name(parts) => self.find(&name_of(parts)),
                _ => None,
            })
            .collect();
        let tables = || sources.iter().flatten().filter_map(|at| self.drafts.get(*at));
        for target in &query.targets {
            match target {
                Target::Star(_) => tables().for_each(|draft| {
                    columns.extend(draft.table.columns.iter().cloned());
                }),
                Target::Expr(expr, alias) => {
                    let named = match expr {
                        Expr::Name(parts) => parts.last().cloned(),
                        _ => None,
                    };
                    let known = named.as_deref().and_then(|name| {
                        tables().find_map(|draft| draft.table.columns.get(draft.column(name)?))
                    });
                    let name = alias.clone().or(named).unwrap_or_else(|| "?column?".to_owned());
                    let data_type = known.map_or(String::new(), |c| c.data_type.clone());
                    columns.push(Column { name, data_type, ..Column::default() });
                }
            }
        }
    }

    fn copy_indexes(&mut self, from: usize, to: usize) {
        let indexes = self.drafts.get(from).map_or(Vec::new(), |draft| draft.indexes.clone());
        for mut index in indexes {
            let purpose = purpose_of(&index);
            if self.dialect == Dialect::Postgres {
                index.name = String::new();
            }
            index.forget_definition();
            index.parent = None;
            index.schema = None;
            self.add_index(to, index, purpose);
        }
    }

    fn add_table_constraints(&mut self, at: usize, create: &CreateTable) {
        let mut constraints: Vec<&Constraint> = create.constraints.iter().collect();
        if self.dialect == Dialect::Postgres {
            // The primary key is made first, and what repeats another key is left out.
            order::sort_by_key(&mut constraints, |constraint| !is_primary(constraint));
            let mut seen: Vec<&IndexSpec> = Vec::new();
            constraints.retain(|constraint| match constraint {
                Constraint::PrimaryKey(_, spec) | Constraint::Unique(_, spec) => {
                    let is_new = !seen.iter().any(|other| is_same_index(other, spec));
                    seen.push(spec);
                    is_new
                }
                _ => true,
            });
        }
        // MySQL looks for an index to serve a foreign key when it has them all.
        order::sort_by_key(&mut constraints, |constraint| {
            matches!(constraint, Constraint::ForeignKey { .. })
        });
        for constraint in constraints {
            self.add_constraint(at, constraint, false, create.source.as_ref());
        }
    }

    /// Adds a constraint or key to a table.
    pub fn add_constraint(
        &mut self,
        at: usize,
        constraint: &Constraint,
        only: bool,
        source: Option<&Place>,
    ) {
        let is_constraint = !self.dialect.is_mysql_family();
        let index = |name: &Option<String>, spec: &IndexSpec, constraint: bool| DraftIndex {
            name: name.clone().unwrap_or_default(),
            spec: spec.clone(),
            on_only: only,
            constraint,
            source: source.cloned(),
            ..DraftIndex::default()
        };
        match constraint {
            Constraint::PrimaryKey(name, spec) => {
                self.add_primary_key(at, index(name, spec, true));
            }
            Constraint::Unique(_, spec) if self.dialect == Dialect::Sqlite => {
                self.add_sqlite_key(at, index(&None, spec, true));
            }
            Constraint::Unique(name, spec) => {
                self.add_index(at, index(name, spec, is_constraint), Purpose::Unique);
            }
            Constraint::Exclude(name, spec) => {
                let index = DraftIndex { exclusion: true, ..index(name, spec, true) };
                self.add_index(at, index, Purpose::Exclusion);
            }
            Constraint::Key(name, spec) => {
                self.add_index(at, index(name, spec, false), Purpose::Index);
            }
            Constraint::UsingIndex { name, index, primary } => {
                self.promote_index(at, index, name.as_deref(), *primary);
            }
            Constraint::ForeignKey { .. } => self.add_foreign_key(at, constraint, source),
            Constraint::Check(name, condition) => {
                if let Some(draft) = self.drafts.get_mut(at) {
                    draft.checks.push((name.clone(), condition.clone()));
                }
            }
        }
    }

    fn add_primary_key(&mut self, at: usize, mut index: DraftIndex) {
        index.primary = true;
        index.spec.unique = true;
        let columns: Vec<String> = index.key_columns().flatten().map(str::to_owned).collect();
        let Some(draft) = self.drafts.get_mut(at) else { return };
        for column in &columns {
            if let Some(position) = draft.column(column)
                && let Some(column) = draft.table.columns.get_mut(position)
            {
                column.not_null = true;
            }
        }
        if self.dialect == Dialect::Sqlite {
            self.add_sqlite_key(at, index);
        } else {
            self.add_index(at, index, Purpose::PrimaryKey);
        }
    }

    /// SQLite: an INTEGER PRIMARY KEY is the rowid and needs no index; a key on the same columns as one
    /// before shares its index.
    fn add_sqlite_key(&mut self, at: usize, index: DraftIndex) {
        let Some(draft) = self.drafts.get_mut(at) else { return };
        let only_column = match index.key_columns().collect::<Vec<_>>().as_slice() {
            [Some(column)] => draft.column(column),
            _ => None,
        };
        let is_integer = only_column
            .and_then(|position| draft.table.columns.get(position))
            .is_some_and(|column| column.data_type == "integer");
        // PRIMARY KEY DESC behind a column is, by an old mistake, no rowid; in a list it is.
        let spec = &index.spec;
        let in_column = spec.definition.is_empty() && spec.keys.iter().any(|key| key.desc);
        if index.primary && is_integer && !draft.table.without_rowid && !in_column {
            draft.table.rowid_column = only_column;
            return;
        }
        let same = draft
            .indexes
            .iter_mut()
            .find(|other| other.constraint && is_same_index(&other.spec, &index.spec));
        match same {
            Some(same) => same.primary |= index.primary,
            None => {
                self.add_index(at, index, Purpose::Unique);
            }
        }
    }

    fn add_foreign_key(&mut self, at: usize, constraint: &Constraint, source: Option<&Place>) {
        let Constraint::ForeignKey {
            name,
            columns,
            references,
            referenced_columns,
            on_delete,
            on_update,
        } = constraint
        else {
            return;
        };
        let Some(draft) = self.drafts.get(at) else { return };
        let made_up = match self.dialect {
            Dialect::Postgres => self.free_name(draft, &columns.join("_"), "fkey"),
            Dialect::Sqlite => String::new(),
            _ => format!("{}_ibfk_{}", draft.table.name.name, draft.foreign_keys.len() + 1),
        };
        let references = match (references.schema.as_ref(), self.find(references)) {
            (None, None) => self.placed(references),
            _ => references.clone(),
        };
        let key = DraftForeignKey {
            name: name.clone().unwrap_or(made_up),
            columns: columns.clone(),
            references,
            referenced_columns: referenced_columns.clone(),
            on_delete: on_delete.clone(),
            on_update: on_update.clone(),
            source: source.cloned(),
        };
        if let Some(draft) = self.drafts.get_mut(at) {
            draft.foreign_keys.push(key);
        }
        self.index_foreign_key(at, name.as_deref(), columns);
    }

    /// CREATE VIEW; a materialised one is a table.
    pub fn create_view(&mut self, view: View, materialized: bool) {
        if !materialized {
            self.views.retain(|other| other.name != view.name);
            self.views.push(view);
            return;
        }
        if self.find(&view.name).is_some_and(|at| self.is_in_schema_of(at, &view.name)) {
            return;
        }
        let mut columns = Vec::new();
        self.add_query_columns(&view.query, &mut columns);
        for (column, name) in columns.iter_mut().zip(&view.columns) {
            column.name.clone_from(name);
        }
        let mut draft = Draft::new(view.name, String::new());
        draft.table.kind = TableKind::MaterializedView;
        draft.table.columns = columns;
        draft.table.source = view.source;
        self.add_draft(draft);
    }
}

fn is_primary(constraint: &Constraint) -> bool {
    matches!(constraint, Constraint::PrimaryKey(..))
}

fn first_arm(query: &Query) -> &Query {
    let mut query = query;
    while let Some(set) = &query.set_operation {
        query = &set.left;
    }
    query
}

fn name_of(parts: &[String]) -> Name {
    let mut from_last = parts.iter().rev();
    let name = from_last.next().cloned().unwrap_or_default();
    Name { schema: from_last.next().cloned(), name }
}

/// Adds columns, merging those that an ancestor has already given.
fn add_definitions(definitions: &[ColumnDef], columns: &mut Vec<Column>) {
    for definition in definitions {
        match columns.iter_mut().find(|column| column.name == definition.name) {
            Some(known) => {
                known.not_null |= definition.not_null;
                if definition.default.is_some() {
                    known.default.clone_from(&definition.default);
                }
            }
            None => columns.push(column_of(definition)),
        }
    }
}
