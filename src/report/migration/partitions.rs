//! An index on a partitioned table of PostgreSQL, where CONCURRENTLY is refused: an empty index on the
//! parent alone, one built concurrently on each partition, and these attached to it.

use super::statement::{Statement, qualified, qualified_in};
use super::steps::{Stage, Step, cleanup};
use crate::advise::Change;
use crate::advise::change::Partition;
use crate::dialect::Dialect;
use crate::sql::rewrite::{behind_table, flat};

const PG: Dialect = Dialect::Postgres;

/// Said where the partitions were not pasted.
pub const UNKNOWN: &str = "\
    The partitions are not known here, or some are foreign tables: this locks writes on all of them \
    while it builds. Without that lock: CREATE INDEX ... ON ONLY the parent, CREATE INDEX CONCURRENTLY on \
    each partition, then ALTER INDEX ... ATTACH PARTITION. They are listed by: SELECT relid::regclass, \
    isleaf FROM pg_partition_tree('the parent')";

/// One statement of the recipe, and the index that a failure leaves invalid.
struct Part {
    statement: Statement,
    built: Option<String>,
}

/// The steps that create it. Only the first is undone: dropping the parent's index takes all with it.
pub fn creation(change: &Change, title: &str) -> Vec<Step> {
    let parts = recipe(change, &change.statement);
    let n = parts.len();
    let mut out = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        out.push(Step {
            stage: Stage::Create,
            title: format!("{title} (part {} of {n})", at + 1),
            forward: part.statement,
            reverse: Vec::new(),
            cleanup: part.built.map(|index| cleanup(&index)),
            notes: Vec::new(),
            change: None,
        });
    }
    if let Some(first) = out.first_mut() {
        first.reverse = vec![super::statement::drop_statement(change, PG)];
        first.notes = vec![
            "The index stays invalid until every partition's is attached. Undone by dropping it: that \
             drops what is attached with it."
                .to_owned(),
        ];
    }
    out
}

/// The statements that bring a dropped one back.
pub fn restoration(change: &Change, sql: &str) -> Vec<Statement> {
    recipe(change, sql).into_iter().map(|part| part.statement).collect()
}

fn recipe(change: &Change, sql: &str) -> Vec<Part> {
    let sql = flat(sql, PG);
    let Some(rest) = behind_table(&sql) else { return Vec::new() };
    let create = if change.unique { "CREATE UNIQUE INDEX" } else { "CREATE INDEX" };
    // An index is made in the schema of its table: its name carries none there.
    let name = |index: &str| crate::sql::quote::quote_name(index, PG);
    let only = |index: &str, table: &str| {
        let sql = format!("{create} {} ON ONLY {table}{rest}", name(index));
        Part { statement: Statement::create_on_only(sql, table), built: None }
    };
    let mut out = vec![only(&change.index, &qualified(change, &change.table, PG))];
    for part in change.partitions.iter().filter(|part| part.partitioned) {
        out.push(only(&part.index, &table_of(part)));
    }
    for part in change.partitions.iter().filter(|part| !part.partitioned) {
        let table = table_of(part);
        let sql = format!("{create} CONCURRENTLY {} ON {table}{rest}", name(&part.index));
        let statement = Statement::create_concurrently(sql, &table);
        out.push(Part { statement, built: Some(index_of(part)) });
    }
    // Those below first, so that each is whole when it is attached.
    for part in change.partitions.iter().rev() {
        let above = part.of.and_then(|at| change.partitions.get(at));
        let above = above.map_or_else(|| qualified(change, &change.index, PG), index_of);
        let index = index_of(part);
        let sql = format!("ALTER INDEX {above} ATTACH PARTITION {index}");
        out.push(Part { statement: Statement::attach(sql, &index), built: None });
    }
    out
}

fn table_of(part: &Partition) -> String {
    qualified_in(part.schema.as_deref(), &part.table, PG)
}

fn index_of(part: &Partition) -> String {
    qualified_in(part.schema.as_deref(), &part.index, PG)
}
