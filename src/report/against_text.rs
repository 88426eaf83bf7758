//! Before and after DDL for a terminal, and the words that its other renderings share.

use std::fmt::Write;

use super::data::{Access, Against, Report};
use super::units::{bytes, count, plural};
use super::words::{basis_name, change, place};
use crate::against::locks::{Blocks, Lasts, StatementReport};
use crate::against::{ComparedIndex, ComparedQuery, Difference, Happens, Verdict};

/// The section, where something is proposed.
pub fn write_against(out: &mut String, report: &Report) {
    let Some(against) = &report.against else { return };
    let _ = writeln!(out, "\ntoday against the {}", proposed_name(against));
    let _ = writeln!(out, "  {}", summary(against));
    for query in against.queries.iter().filter(|query| query.verdict != Verdict::Same) {
        let _ = writeln!(out, "  {}", query_line(query));
        for line in query_lines(query) {
            let _ = writeln!(out, "    {line}");
        }
    }
    for statement in &against.statements {
        let _ = writeln!(out, "\n  {};", statement.sql);
        for line in statement_lines(statement) {
            let _ = writeln!(out, "    {line}");
        }
    }
    write_lines(out, "indexes", against.indexes.iter().map(index_line));
    write_lines(out, "differences", against.differences.iter().map(difference_line));
}

fn write_lines(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "\n  {title}");
    }
    for line in lines {
        let _ = writeln!(out, "    {line}");
    }
}

/// `proposed schema` or `migration`.
pub fn proposed_name(against: &Against) -> &'static str {
    if against.is_schema { "proposed schema" } else { "migration" }
}

/// How many queries of each verdict, what all of them cost, and what new indexes take.
pub fn summary(against: &Against) -> String {
    let mut parts = Vec::new();
    for verdict in Verdict::ALL {
        let n = against.queries.iter().filter(|query| query.verdict == verdict).count();
        if n > 0 {
            parts.push(format!("{n} {}", verdict.words()));
        }
    }
    if parts.is_empty() {
        parts.push("no queries".to_owned());
    }
    let mut out = parts.join(", ");
    if against.cost_before > 0.0 {
        let _ = write!(out, "; {}", change(against.cost_before, against.cost_after));
    }
    let sizes = [("take", against.added_bytes), ("free", against.freed_bytes)];
    for (verb, size) in sizes.into_iter().filter(|(_, size)| *size > 0.0) {
        let which = if verb == "take" { "new indexes" } else { "dropped indexes" };
        let _ = write!(out, "; {which} {verb} {}", bytes(size));
    }
    let blocking = blocking(against);
    if blocking > 0 {
        let statements = plural(blocking, "statement blocks", "statements block");
        let _ = write!(out, "; {statements} reads or writes for longer than a moment");
    }
    out
}

/// Statements that block for longer than a moment.
pub fn blocking(against: &Against) -> usize {
    against.statements.iter().filter(|one| is_blocking(one)).count()
}

/// Does it block reads or writes for longer than a moment?
pub fn is_blocking(statement: &StatementReport) -> bool {
    statement.blocks >= Blocks::Writes && statement.lasts > Lasts::Rows
}

/// `loses: q1 dashboard, 540 calls, cost 8.3 -> 4 500`.
pub fn query_line(query: &ComparedQuery) -> String {
    let mut out = format!("{}: {}", query.verdict.words(), query.id);
    if let Some(name) = &query.name {
        let _ = write!(out, " {name}");
    }
    let _ = write!(out, ", {} calls", count(query.calls));
    if let Some(cost) = cost_text(query) {
        let _ = write!(out, ", {cost}");
    }
    out
}

/// `cost 8.3 -> 4 500`, or the one that is known.
pub fn cost_text(query: &ComparedQuery) -> Option<String> {
    match (query.cost_before, query.cost_after) {
        (Some(before), Some(after)) if before != after => Some(change(before, after)),
        (Some(cost), None) => Some(format!("cost {} today", count(cost))),
        (_, Some(cost)) => Some(format!("cost {}", count(cost))),
        _ => None,
    }
}

/// What it loses, how its tables are reached, what would repair it.
pub fn query_lines(query: &ComparedQuery) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(query.error.clone());
    out.extend(access_lines(query));
    if !query.lost.is_empty() {
        out.push(format!("loses {}", query.lost.join(", ")));
    }
    if let Some(repair) = &query.repair {
        out.push(format!("with {} kept: cost {}", repair.index, count(repair.cost)));
    }
    out
}

/// `orders o: index-scan orders_a -> seq-scan`, where that changes.
pub fn access_lines(query: &ComparedQuery) -> Vec<String> {
    if query.access_after.is_empty() || query.access_before.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (at, old) in query.access_before.iter().enumerate() {
        let same = |one: &&Access| one.alias == old.alias;
        let new = query.access_after.iter().find(same).or_else(|| query.access_after.get(at));
        let (before, after) = (path(old), new.map(path).unwrap_or_default());
        if before != after {
            let alias =
                if old.alias == old.table { String::new() } else { format!(" {}", old.alias) };
            out.push(format!("{}{alias}: {before} -> {after}", old.table));
        }
    }
    out
}

fn path(access: &Access) -> String {
    match access.indexes.as_slice() {
        [] => access.path.clone(),
        indexes => format!("{} {}", access.path, indexes.join(" + ")),
    }
}

/// `blocks writes while an index is built (1.2 GB, 10 million rows; statistics)`.
pub fn effect_line(statement: &StatementReport) -> String {
    let mut out = match statement.blocks {
        Blocks::Nothing => "blocks nothing".to_owned(),
        blocks => format!("blocks {}", blocks.words()),
    };
    let _ = match (statement.blocks, statement.lasts) {
        (Blocks::Nothing, Lasts::Moment) => Ok(()),
        (_, Lasts::Moment) => write!(out, " for a moment"),
        (_, lasts) => write!(out, " {}", lasts.words()),
    };
    if let Some(scanned) = &statement.scanned {
        let basis = basis_name(scanned.basis);
        let _ = write!(out, " ({}, {} rows; {basis})", bytes(scanned.bytes), count(scanned.rows));
    }
    out
}

/// `ACCESS EXCLUSIVE on orders; SHARE ROW EXCLUSIVE on customers`.
pub fn lock_line(statement: &StatementReport) -> String {
    let locks = statement.locks.iter().map(|lock| format!("{} on {}", lock.mode, lock.on));
    locks.collect::<Vec<_>>().join("; ")
}

fn statement_lines(statement: &StatementReport) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(at) = &statement.source {
        out.push(place(at));
    }
    out.push(statement.does.join(", "));
    if !statement.locks.is_empty() {
        out.push(format!("lock: {}", lock_line(statement)));
    }
    out.push(effect_line(statement));
    out.extend(statement.notes.iter().cloned());
    if statement.transaction != crate::against::locks::Transaction::Allowed {
        out.push(statement.transaction.words().to_owned());
    }
    out.extend(statement.safer.iter().map(|sql| format!("safer: {sql};")));
    out
}

/// `added orders_a on orders (a): takes 1.2 MB, write cost 9 per 1 000 rows, used by q1`.
pub fn index_line(index: &ComparedIndex) -> String {
    let verb = if index.happens == Happens::Added { "takes" } else { "frees" };
    let mut out = format!(
        "{} {} on {} {}: {verb} {} ({}), write cost {} per 1 000 rows",
        index.happens.name(),
        index.name,
        index.table,
        index.shape,
        bytes(index.size_bytes),
        basis_name(index.size_basis),
        count(index.write_cost)
    );
    let _ = write!(out, ", {}", usage(index));
    if let Some(redundant) = &index.redundant {
        let _ = write!(out, "; redundant: {redundant}");
    }
    out
}

/// Who uses it, or that nobody does.
pub fn usage(index: &ComparedIndex) -> String {
    match (index.used_by.as_slice(), index.happens, index.constraint) {
        ([], _, true) => "holds a constraint".to_owned(),
        ([], Happens::Added, _) => "no query uses it".to_owned(),
        ([], ..) => "no query used it".to_owned(),
        (queries, Happens::Added, _) => format!("used by {}", queries.join(", ")),
        (queries, ..) => format!("was used by {}", queries.join(", ")),
    }
}

/// `column orders.total changed: int -> bigint`.
pub fn difference_line(difference: &Difference) -> String {
    let name = match difference.kind.as_str() {
        "table" | "view" => difference.name.clone(),
        "column" => format!("{}.{}", difference.table, difference.name),
        _ => format!("{} of {}", difference.name, difference.table),
    };
    let what = match (&difference.before, &difference.after) {
        (Some(before), Some(after)) => format!(": {before} -> {after}"),
        (Some(only), None) | (None, Some(only)) => format!(": {only}"),
        (None, None) => String::new(),
    };
    format!("{} {name} {}{what}", difference.kind, difference.happens.name())
}
