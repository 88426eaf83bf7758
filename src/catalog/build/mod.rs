//! Applies the facts in source order, as the server would, and resolves names to positions. Until the
//! end everything refers to columns by name, so that a dropped or renamed column moves nothing.

mod alter;
mod calibrate;
mod create;
mod draft;
mod drop;
mod finish;
pub mod hypothetical;
mod index;
pub mod names;
mod partition;
mod plans;
mod seen;
pub mod sides;
mod statistics;

use crate::sorted::{SortedMap, SortedSet};

use crate::catalog::{Catalog, View};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::read::Facts;
use crate::read::facts::Ddl;
use crate::sql::schema::Name;
use draft::Draft;

/// The catalog that the facts describe. `calibrate`: what pasted plans measured goes before statistics.
pub fn build_catalog(
    facts: &Facts,
    dialect: Dialect,
    calibrate: bool,
    remarks: &mut Vec<Diagnostic>,
) -> Catalog {
    let mut builder = Builder { dialect, ..Builder::default() };
    for ddl in &facts.ddl {
        builder.apply(ddl);
    }
    builder.add_statistics(&facts.tables);
    let mut catalog = builder.finish(facts, remarks);
    plans::add_sizes_of_plans(&mut catalog, &facts.plans, calibrate);
    if calibrate {
        calibrate::add_selectivities_of_plans(&mut catalog, &facts.plans);
    }
    catalog
}

/// A catalog in the making.
#[derive(Default, Clone)]
struct Builder {
    dialect: Dialect,
    /// Every table ever created, dropped ones included, so that positions stay.
    drafts: Vec<Draft>,
    /// Positions in `drafts` by name in lower case.
    by_name: SortedMap<String, Vec<usize>>,
    /// Names in use where the dialect has one name space for tables and indexes: schema and name.
    taken: SortedSet<(String, String)>,
    /// Tables by the name of an index on them, schema and name; MySQL has none.
    index_owner: SortedMap<(String, String), usize>,
    /// Indexes that were dropped, table and name: statistics taken before do not bring them back.
    dropped: SortedSet<(usize, String)>,
    /// The schema that names without one mean now; none is the home schema.
    default_schema: Option<String>,
    /// What names without a schema mean at first: `public`, `main`, the first database USEd.
    home: Option<String>,
    views: Vec<View>,
    enum_types: Vec<String>,
    domains: Vec<(Name, String)>,
    extensions: Vec<String>,
    /// Partitions that came before their parent: parent, partition, bound.
    unattached: Vec<(Name, Name, String)>,
    /// Rows counted by table: rows, bytes, whether from COPY.
    counted: SortedMap<usize, (f64, f64, bool)>,
}

impl Builder {
    fn apply(&mut self, ddl: &Ddl) {
        match ddl {
            Ddl::CreateTable(table) => self.create_table(table),
            Ddl::CreateIndex(index) => self.create_index(index),
            Ddl::CreateView { name, columns, query, materialized, source } => {
                let view = View {
                    name: self.placed(name),
                    columns: columns.clone(),
                    query: query.clone(),
                    source: Some(source.clone()),
                };
                self.create_view(view, *materialized);
            }
            Ddl::AlterTable { table, action, only, source } => {
                self.alter_table(table, action, *only, source);
            }
            Ddl::DropTable(name) => self.drop_table(name),
            Ddl::DropIndex { name, table } => self.drop_index(name, table.as_ref()),
            Ddl::RenameIndex(name, new) => self.rename_index(name, new),
            Ddl::AttachIndex { parent, child } => self.attach_index(parent, child),
            Ddl::CreateEnum(name) => self.enum_types.push(name.name.clone()),
            Ddl::CreateDomain(name, base) => self.domains.push((name.clone(), base.clone())),
            Ddl::CreateExtension(name) => self.extensions.push(name.clone()),
            Ddl::Rows(name, rows, bytes, copied) => self.count_rows(name, *rows, *bytes, *copied),
            Ddl::DefaultSchema(schema) => self.set_default_schema(schema.as_deref()),
        }
    }

    fn set_default_schema(&mut self, schema: Option<&str>) {
        if self.home.is_none() && self.dialect.is_mysql_family() {
            self.home = schema.map(str::to_owned);
        }
        self.default_schema = schema.filter(|s| !self.is_home(s)).map(str::to_owned);
    }

    fn is_home(&self, schema: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => schema == "public",
            Dialect::Sqlite => schema.eq_ignore_ascii_case("main"),
            _ => self.home.as_deref() == Some(schema),
        }
    }

    /// The schema a name is in, empty for the home schema.
    fn schema_key(&self, schema: Option<&str>) -> String {
        match schema.or(self.default_schema.as_deref()) {
            Some(schema) if !self.is_home(schema) => schema.to_lowercase(),
            _ => String::new(),
        }
    }

    /// The key of a relation's name where there is one name space.
    fn name_key(&self, schema: Option<&str>, name: &str) -> (String, String) {
        let name =
            if self.dialect == Dialect::Postgres { name.to_owned() } else { name.to_lowercase() };
        (self.schema_key(schema), name)
    }

    /// The name with the schema that it is created in, where that is not the home schema.
    fn placed(&self, name: &Name) -> Name {
        Name {
            schema: name.schema.clone().or_else(|| self.default_schema.clone()),
            name: name.name.clone(),
        }
    }

    /// The table that a name means now.
    fn find(&self, name: &Name) -> Option<usize> {
        let candidates = self.by_name.get(&name.name.to_lowercase())?;
        let wanted = self.schema_key(name.schema.as_deref());
        let exact =
            name.schema.is_some() && !(self.dialect.is_mysql_family() && self.home.is_none());
        candidates
            .iter()
            .copied()
            .filter(|at| {
                self.drafts.get(*at).is_some_and(|draft| {
                    !draft.dropped
                        && self.same_name(&draft.table.name.name, &name.name)
                        && (!exact || draft.schema_key == wanted)
                })
            })
            .min_by_key(|at| {
                let key = self.drafts.get(*at).map_or("", |draft| draft.schema_key.as_str());
                (key != wanted, !key.is_empty())
            })
    }

    fn same_name(&self, a: &str, b: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => a == b,
            _ => a.eq_ignore_ascii_case(b),
        }
    }

    /// The table that a name means; one known by nothing else is made up, so that what refers to it
    /// is not lost.
    fn find_or_imply(&mut self, name: &Name) -> usize {
        match self.find(name) {
            Some(at) => at,
            None => {
                let mut draft = Draft::new(self.placed(name), String::new());
                draft.implied = true;
                self.add_draft(draft)
            }
        }
    }

    fn add_draft(&mut self, mut draft: Draft) -> usize {
        draft.schema_key = self.schema_key(draft.table.name.schema.as_deref());
        let at = self.drafts.len();
        let name = &draft.table.name.name;
        self.by_name.get_or_default(name.to_lowercase()).push(at);
        let key = self.name_key(draft.table.name.schema.as_deref(), name);
        self.taken.insert(key);
        self.drafts.push(draft);
        at
    }

    fn count_rows(&mut self, name: &Name, rows: f64, bytes: f64, copied: bool) {
        if let Some(at) = self.find(name) {
            let entry = self.counted.get_or_default(at);
            entry.0 += rows;
            entry.1 += bytes;
            entry.2 |= copied;
        }
    }
}
