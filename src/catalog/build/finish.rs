//! The end of the build: names become positions, dropped tables go.

use crate::sorted::{SortedMap, SortedSet};

use super::Builder;
use super::draft::{Draft, DraftForeignKey, DraftIndex};
use crate::catalog::definition::{constraint_definition, create_definition};
use crate::catalog::index::Computed;
use crate::catalog::{Catalog, Check, Column, ForeignKey, Index, Table};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::read::Facts;
use crate::read::statistics::{Origin, Settings};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::mutable::mutable_part;
use crate::sql::schema::{IndexKey, KeyPart, Method};
use crate::text::lex::{TokenKind, tokens};

/// Rows in INSERTs from which on they are the data of the table, and no seed or example.
const COUNTED_ROWS_MIN: f64 = 100.0;

impl Builder {
    /// The catalog.
    pub fn finish(mut self, facts: &Facts, remarks: &mut Vec<Diagnostic>) -> Catalog {
        self.apply_counts();
        self.resolve_references();
        let in_use = self.words_of_workload(facts);
        // Where each draft goes.
        let mut place = Vec::with_capacity(self.drafts.len());
        let mut n = 0;
        for draft in &self.drafts {
            place.push((!draft.dropped).then_some(n));
            n += usize::from(!draft.dropped);
        }
        let mut tables = Vec::with_capacity(n);
        for draft in std::mem::take(&mut self.drafts) {
            if draft.dropped {
                continue;
            }
            let parent = draft.parents.first().and_then(|at| place.get(*at).copied().flatten());
            let mut table = finish_table(draft, self.dialect, remarks);
            table.parent = parent;
            for column in &mut table.columns {
                self.expand_domain(column);
            }
            table.is_new = table.source.as_ref().is_some_and(|source| {
                !facts.dumps.contains(&source.piece)
                    && table.statistics.origin.is_none()
                    && !in_use.contains(&table.name.name.to_lowercase())
            });
            tables.push(table);
        }
        Catalog {
            dialect: self.dialect,
            tables,
            views: self.views,
            settings: settings_of(facts, self.dialect),
            extended_statistics: facts.extended_statistics.clone(),
            enum_types: self.enum_types,
            extensions: self.extensions,
            home_schema: self.home,
        }
    }

    fn apply_counts(&mut self) {
        for (at, (rows, bytes, copied)) in self.counted.iter() {
            let Some(draft) = self.drafts.get_mut(*at) else { continue };
            let statistics = &mut draft.table.statistics;
            if statistics.reltuples.is_none() && (*copied || *rows >= COUNTED_ROWS_MIN) {
                statistics.reltuples = Some(*rows);
                statistics.size_bytes = statistics.size_bytes.or(Some(*bytes));
                statistics.origin = Some(Origin::Counted);
            }
        }
    }

    /// Foreign keys name their table as the catalog does.
    fn resolve_references(&mut self) {
        for at in 0..self.drafts.len() {
            let keys = self.drafts.get(at).map_or(0, |draft| draft.foreign_keys.len());
            for n in 0..keys {
                let wanted =
                    self.drafts.get(at).and_then(|d| d.foreign_keys.get(n)).map(|k| &k.references);
                let found = wanted.and_then(|name| self.find(name));
                let name = found.and_then(|i| self.drafts.get(i)).map(|d| d.table.name.clone());
                let key = self.drafts.get_mut(at).and_then(|d| d.foreign_keys.get_mut(n));
                if let (Some(name), Some(key)) = (name, key) {
                    key.references = name;
                }
            }
        }
    }

    /// Words of statements that have run: the tables they name exist.
    fn words_of_workload(&self, facts: &Facts) -> SortedSet<String> {
        let mut words = SortedSet::new();
        for statement in facts.statements.iter().filter(|s| s.calls.is_some()).take(2000) {
            for token in tokens(&statement.sql, 0, self.dialect) {
                let text = token.text(&statement.sql);
                match token.kind {
                    TokenKind::Word => words.insert(text.to_lowercase()),
                    TokenKind::QuotedName => {
                        words.insert(text.trim_matches(['"', '`', '[', ']']).to_lowercase())
                    }
                    _ => false,
                };
            }
        }
        for plan in &facts.plans {
            plan.root.walk(&mut |node| {
                words.extend(node.relation_name.as_ref().map(|name| name.to_lowercase()));
            });
        }
        words
    }

    /// A column of a domain has the domain's type.
    fn expand_domain(&self, column: &mut Column) {
        let bare = column.data_type.rsplit('.').next().unwrap_or("");
        if let Some((_, base)) = self.domains.iter().find(|(name, _)| name.name == bare) {
            base.clone_into(&mut column.data_type);
        }
    }
}

fn finish_table(mut draft: Draft, dialect: Dialect, remarks: &mut Vec<Diagnostic>) -> Table {
    if draft.implied {
        imply_columns(&mut draft);
    }
    let indexes: Vec<DraftIndex> = std::mem::take(&mut draft.indexes);
    let keys = std::mem::take(&mut draft.foreign_keys);
    let checks = std::mem::take(&mut draft.checks);
    let partition_by = draft.partition_by.take();
    let finished: Vec<Index> =
        indexes.into_iter().map(|index| finish_index(index, &draft, dialect, remarks)).collect();
    let foreign_keys: Vec<ForeignKey> =
        keys.into_iter().filter_map(|key| finish_foreign_key(key, &draft)).collect();
    let resolved = |mut expr: Expr| {
        resolve(&mut expr, &draft);
        expr
    };
    let checks = checks
        .into_iter()
        .map(|(name, condition)| Check { name, condition: resolved(condition) })
        .collect();
    let partition_by =
        partition_by.map(|(strategy, keys)| (strategy, keys.into_iter().map(resolved).collect()));
    let mut generated: Vec<Option<Expr>> =
        draft.table.columns.iter().map(|column| column.generated.clone()).collect();
    for expr in generated.iter_mut().flatten() {
        resolve(expr, &draft);
    }
    let mut table = draft.table;
    for (column, generated) in table.columns.iter_mut().zip(generated) {
        column.generated = generated;
    }
    Table { indexes: finished, foreign_keys, checks, partition_by, ..table }
}

/// A table that only others speak of has the columns they speak of.
fn imply_columns(draft: &mut Draft) {
    let mut names: Vec<String> = Vec::new();
    for index in &draft.indexes {
        for key in &index.spec.keys {
            if let KeyPart::Expr(expr, _) = &key.part {
                names_in(expr, &mut names);
            }
        }
        names.extend(index.spec.include.iter().cloned());
        if let Some(predicate) = &index.spec.predicate {
            names_in(predicate, &mut names);
        }
    }
    names.extend(draft.foreign_keys.iter().flat_map(|key| key.columns.iter().cloned()));
    for name in names {
        if draft.column(&name).is_none() {
            draft.table.columns.push(Column { name, ..Column::default() });
        }
    }
}

pub(super) fn names_in(expr: &Expr, names: &mut Vec<String>) {
    expr.walk(&mut |part| {
        if let Expr::Name(parts) = part {
            names.extend(parts.last().cloned());
        }
    });
}

/// Names become columns of relation 0; what is no column stays a name.
fn resolve(expr: &mut Expr, draft: &Draft) {
    if let Expr::Name(parts) = expr {
        let column = parts.last().and_then(|name| draft.column(name));
        if let Some(column) = column.and_then(|at| u16::try_from(at).ok()) {
            *expr = Expr::Column(ColumnRef { level: 0, relation: 0, column });
        }
        return;
    }
    expr.for_each_child_mut(&mut |child| resolve(child, draft));
}

/// `USING HASH` makes a B-tree in every engine of MySQL but those in memory.
fn method_in(method: Method, dialect: Dialect, engine: Option<&str>) -> Method {
    let in_memory = engine.is_some_and(|engine| {
        ["memory", "heap", "ndb", "ndbcluster"].iter().any(|e| engine.eq_ignore_ascii_case(e))
    });
    match method {
        Method::Hash if dialect.is_mysql_family() && !in_memory => Method::Btree,
        method => method,
    }
}

pub(super) fn finish_index(
    index: DraftIndex,
    draft: &Draft,
    dialect: Dialect,
    remarks: &mut Vec<Diagnostic>,
) -> Index {
    let DraftIndex { mut spec, name, .. } = index;
    let mut keys = Vec::with_capacity(spec.keys.len());
    for key in std::mem::take(&mut spec.keys) {
        let part = match key.part {
            KeyPart::Expr(mut expr, text) => {
                resolve(&mut expr, draft);
                match expr.as_ref() {
                    Expr::Column(column) => KeyPart::Column(usize::from(column.column)),
                    Expr::Name(parts) => {
                        remarks.extend(unknown_column(parts, &name, draft, index.source.as_ref()));
                        KeyPart::Expr(expr, text)
                    }
                    _ => KeyPart::Expr(expr, text),
                }
            }
            column => column,
        };
        keys.push(IndexKey { part, ..key });
    }
    let predicate = spec.predicate.take().map(|mut predicate| {
        resolve(&mut predicate, draft);
        predicate
    });
    let type_of = |column: ColumnRef| {
        let column = draft.table.columns.get(usize::from(column.column))?;
        Some(column.data_type.as_str())
    };
    // The server refuses such a predicate: the index is kept to be talked about, not to be used.
    let is_refused = predicate.as_ref().is_some_and(|predicate| {
        dialect.is_mysql_family() || mutable_part(predicate, dialect, &type_of).is_some()
    });
    let definition = if !spec.definition.is_empty() {
        spec.definition
    } else if index.constraint || index.primary {
        let written = (!index.generated_name && dialect == Dialect::Postgres).then_some(&*name);
        constraint_definition(written, index.primary, &draft.table, &spec, &keys, dialect)
    } else {
        create_definition(&name, &draft.table, &spec, &keys, dialect)
    };
    Index {
        name,
        schema: index.schema,
        method: method_in(spec.method, dialect, draft.table.engine.as_deref()),
        keys,
        include: spec.include.iter().filter_map(|column| draft.column(column)).collect(),
        predicate,
        predicate_sql: spec.predicate_sql,
        unique: spec.unique || index.primary,
        primary: index.primary,
        constraint: index.constraint,
        nulls_not_distinct: spec.nulls_not_distinct,
        usable: !spec.unusable && index.valid != Some(false) && !is_refused,
        on_only: index.on_only,
        parent: index.parent,
        for_foreign_key: index.for_foreign_key,
        options: spec.options,
        statistics: index.statistics,
        definition,
        source: index.source,
        hypothetical: false,
        computed: Computed::default(),
    }
}

fn unknown_column(
    parts: &[String],
    index: &str,
    draft: &Draft,
    source: Option<&crate::diagnostic::Place>,
) -> Option<Diagnostic> {
    let column = parts.last().filter(|_| !draft.table.columns.is_empty())?;
    let table = draft.table.name.to_string();
    let message = format!("index {index:?} is on a column that table {table:?} lacks: {column:?}");
    let mut remark = Diagnostic::new(Severity::Warning, "unknown-column", message)
        .help("Paste the statement that adds the column, or correct the name.");
    remark.source = source.cloned();
    Some(remark)
}

fn finish_foreign_key(key: DraftForeignKey, draft: &Draft) -> Option<ForeignKey> {
    let columns: Option<Vec<usize>> = key.columns.iter().map(|name| draft.column(name)).collect();
    Some(ForeignKey {
        name: Some(key.name).filter(|name| !name.is_empty()),
        columns: columns?,
        references: key.references,
        referenced_columns: key.referenced_columns,
        on_delete: key.on_delete,
        on_update: key.on_update,
        source: key.source,
    })
}

/// What was exported or is assumed, and over it what statements set.
fn settings_of(facts: &Facts, dialect: Dialect) -> Settings {
    let mut values: SortedMap<&str, &str> = SortedMap::new();
    for fact in &facts.set {
        match &fact.value {
            Some(value) => drop(values.insert(&fact.name, value)),
            None if fact.name == "all" => values.clear(),
            None => drop(values.remove(fact.name.as_str())),
        }
    }
    let mut settings = facts.settings.clone().unwrap_or_else(|| Settings::assumed(dialect));
    for (name, value) in values {
        settings.set(name, value, "");
    }
    settings
}
