//! Statements over indexes read beside a catalog, which stays as it is.

use super::draft::{Draft, DraftIndex};
use super::finish::{finish_index, names_in};
use crate::catalog::{Catalog, Index};
use crate::input::{Input, Piece};
use crate::progress::Silent;
use crate::read::facts::{CreateIndex, Ddl, IndexSpec};
use crate::read::intake::read_input;
use crate::sql::schema::{KeyPart, Name};

/// A change of the indexes that is only thought of.
#[derive(Debug, Clone)]
pub enum IndexChange {
    /// A new index on the table at this position.
    Create(usize, Box<Index>),
    /// The index of a table goes: positions of both.
    Drop(usize, usize),
}

/// The change that one `CREATE INDEX` or `DROP INDEX` makes. The error says why it makes none.
pub fn read_change(catalog: &Catalog, sql: &str) -> Result<IndexChange, String> {
    let piece = Piece {
        name: None,
        text: sql.to_owned(),
        kind: Some("sql".to_owned()),
        ..Piece::default()
    };
    let dialect = Some(catalog.dialect);
    let input = Input { pieces: vec![piece], dialect, ..Input::default() };
    let facts = read_input(&input, &mut Silent).facts;
    match facts.ddl.as_slice() {
        [Ddl::CreateIndex(create)] => new_index(catalog, create),
        [Ddl::DropIndex { name, table }] => find_index(catalog, name, table.as_ref()),
        [] => Err(match facts.diagnostics.first() {
            Some(remark) => remark.message.clone(),
            None => "this is no CREATE INDEX or DROP INDEX statement".to_owned(),
        }),
        [_] => Err("only CREATE INDEX and DROP INDEX can be tried".to_owned()),
        _ => Err("one statement at a time, please".to_owned()),
    }
}

fn new_index(catalog: &Catalog, create: &CreateIndex) -> Result<IndexChange, String> {
    let unknown = || format!("there is no table {} in the schema", create.table);
    let at = catalog.find_table(&create.table).ok_or_else(unknown)?;
    let table = catalog.tables.get(at).ok_or_else(unknown)?;
    let draft = Draft { table: table.clone(), ..Draft::default() };
    let name = create.name.as_ref();
    let index = DraftIndex {
        name: name.map_or_else(String::new, |name| name.name.clone()),
        schema: name.and_then(|name| name.schema.clone()),
        spec: create.spec.clone(),
        on_only: create.on_only,
        ..DraftIndex::default()
    };
    let mut remarks = Vec::new();
    if let Some(column) = unknown_column(&draft, &create.spec) {
        return Err(format!("table {} has no column {column}", create.table));
    }
    let index = finish_index(index, &draft, catalog.dialect, &mut remarks);
    if !index.usable {
        return Err("the server refuses the WHERE of this index: it must be immutable".to_owned());
    }
    Ok(IndexChange::Create(at, Box::new(Index { hypothetical: true, ..index })))
}

/// The first name in an index that is no column of its table.
fn unknown_column(draft: &Draft, spec: &IndexSpec) -> Option<String> {
    let mut names: Vec<String> = spec.include.clone();
    let keys = spec.keys.iter().filter_map(|key| match &key.part {
        KeyPart::Expr(expr, _) => Some(&**expr),
        KeyPart::Column(_) => None,
    });
    for expr in keys.chain(spec.predicate.as_ref()) {
        names_in(expr, &mut names);
    }
    names.into_iter().find(|name| draft.column(name).is_none())
}

fn find_index(catalog: &Catalog, name: &Name, table: Option<&Name>) -> Result<IndexChange, String> {
    let only = table.and_then(|table| catalog.find_table(table));
    let tables = catalog.tables.iter().enumerate();
    let mut tables = tables.filter(|(at, _)| only.is_none_or(|only| only == *at));
    tables
        .find_map(|(at, table)| {
            let same = |index: &Index| index.name.eq_ignore_ascii_case(&name.name);
            table.indexes.iter().position(same).map(|index| IndexChange::Drop(at, index))
        })
        .ok_or_else(|| format!("there is no index {name} in the schema"))
}
