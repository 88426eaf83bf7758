//! The statements of a proposed schema or migration, one by one: what a reader of a pull request looks
//! at. The facts of today's schema stay apart from them.

use super::ddl::read_ddl;
use super::facts::{Ddl, Facts, ProposedFact};
use super::{Format, Segment, sql};
use crate::input::Side;
use crate::text::split::{StatementKind, split_statements};

/// Takes the schema statements of a segment out of its facts, and its writes out of the workload where
/// they stand in a migration: there they are steps of it.
pub fn set_apart(format: &Format, segment: &Segment<'_>, side: Side, facts: &mut Facts) {
    let is_schema = |ddl: &Ddl| !matches!(ddl, Ddl::Rows(..) | Ddl::DefaultSchema(_));
    if side != Side::Migration && !facts.ddl.iter().any(is_schema) {
        // Queries beside the schema, not steps of a migration.
        return;
    }
    let ddl = std::mem::take(&mut facts.ddl);
    if format.name != sql::FORMAT.name {
        facts.proposed.push(ProposedFact { ddl, side, ..ProposedFact::default() });
        return;
    }
    facts.proposed = statements(segment, side);
    let is_step = |sql: &str| facts.proposed.iter().any(|step| step.sql == sql);
    facts.statements.retain(|one| one.calls.is_some() || !is_step(&one.sql));
}

/// Every statement but those that only read.
pub fn statements(segment: &Segment<'_>, side: Side) -> Vec<ProposedFact> {
    let text = &segment.source.text;
    let mut out = Vec::new();
    for statement in split_statements(text, segment.span, segment.dialect) {
        let mut own = Facts::default();
        let is_schema = read_ddl(segment.source, &statement, segment.dialect, &mut own);
        let sql = statement.span.of(text);
        let is_step = match statement.kind {
            StatementKind::Client | StatementKind::Copy => false,
            StatementKind::Sql => is_schema || writes_or_locks(sql),
            StatementKind::Insert => true,
        };
        if is_step || !own.ddl.is_empty() {
            out.push(ProposedFact {
                sql: if is_step { sql.to_owned() } else { String::new() },
                ddl: own.ddl,
                side,
                source: Some(segment.source.place(statement.span.start)),
            });
        }
    }
    out
}

/// Does it change rows or take locks?
fn writes_or_locks(sql: &str) -> bool {
    const WORDS: [&str; 19] = [
        "update", "delete", "insert", "merge", "replace", "begin", "start", "commit", "end",
        "rollback", "set", "lock", "vacuum", "cluster", "reindex", "analyze", "refresh",
        "truncate", "optimize",
    ];
    let first = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    WORDS.iter().any(|word| first.eq_ignore_ascii_case(word))
}
