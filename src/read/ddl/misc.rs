//! Options, and the statements that are neither schema nor workload.

use super::read_ddl;
use crate::dialect::Dialect;
use crate::read::facts::{Ddl, Facts};
use crate::sql::cursor::{Cursor, unquote};
use crate::text::lex::TokenKind;
use crate::text::split::{Statement, split_statements};
use crate::text::{Source, Span};

/// Words that begin a schema statement or one that is ignored; the others are left to the workload.
pub fn may_be_schema(first: &str) -> bool {
    const WORDS: [&str; 62] = [
        "abort",
        "alter",
        "analyze",
        "attach",
        "audit",
        "begin",
        "change",
        "checkpoint",
        "close",
        "cluster",
        "comment",
        "commit",
        "copy",
        "create",
        "deallocate",
        "declare",
        "delimiter",
        "deny",
        "desc",
        "describe",
        "detach",
        "disable",
        "discard",
        "do",
        "drop",
        "enable",
        "end",
        "exec",
        "fetch",
        "flush",
        "go",
        "grant",
        "import",
        "install",
        "kill",
        "listen",
        "load",
        "lock",
        "move",
        "notify",
        "optimize",
        "pragma",
        "print",
        "purge",
        "quit",
        "reassign",
        "refresh",
        "reindex",
        "release",
        "rename",
        "reset",
        "revoke",
        "rollback",
        "savepoint",
        "security",
        "select",
        "set",
        "show",
        "start",
        "truncate",
        "use",
        "vacuum",
    ];
    WORDS.contains(&first) || matches!(first, "unlisten" | "unlock" | "source" | "exit")
}

/// `name = value` pairs in parentheses, as behind WITH.
pub fn read_options(group: Cursor<'_>) -> Vec<(String, String)> {
    let pair = |mut part: Cursor<'_>| {
        let name = part.word();
        part.bump();
        part.eat_mark("=");
        (name, unquote_text(part))
    };
    group.split_commas().into_iter().map(pair).collect()
}

fn unquote_text(at: Cursor<'_>) -> String {
    match at.tokens {
        [only] if only.kind == TokenKind::Text => unquote(only.text(at.text)),
        _ => at.rest().to_owned(),
    }
}

/// One of MySQL's table options: `ENGINE=InnoDB`, `DEFAULT CHARSET utf8`, `COMMENT 'x'`.
pub fn read_option(at: &mut Cursor<'_>) -> Option<(String, String)> {
    at.eat("default");
    let known = [
        "engine",
        "type",
        "charset",
        "collate",
        "comment",
        "auto_increment",
        "row_format",
        "key_block_size",
        "min_rows",
        "max_rows",
        "avg_row_length",
        "checksum",
        "pack_keys",
        "stats_persistent",
        "stats_auto_recalc",
        "stats_sample_pages",
        "tablespace",
        "using",
    ];
    let word = at.word();
    let name = if at.eat_all("character set") {
        "charset".to_owned()
    } else if known.contains(&word.as_str()) {
        at.bump();
        word
    } else {
        return None;
    };
    at.eat_mark("=");
    let value = at.peek(0).map_or(String::new(), |token| match token.kind {
        TokenKind::Text | TokenKind::QuotedName => unquote(token.text(at.text)),
        _ => token.text(at.text).to_owned(),
    });
    at.bump();
    Some((name, value))
}

/// `SET search_path`; every other SET is ignored.
pub fn read_set(at: &mut Cursor<'_>, facts: &mut Facts) {
    let _ = at.eat("session") || at.eat("local");
    if !at.eat("search_path") {
        return;
    }
    let _ = at.eat_mark("=") || at.eat("to");
    let first = match at.peek(0) {
        Some(token) if token.kind == TokenKind::Text => Some(unquote(token.text(at.text))),
        _ => { *at }.name().ok(),
    };
    facts.ddl.push(Ddl::DefaultSchema(real_schema(first)));
}

/// A schema that names may be in; none for `""`, `"$user"`, `DEFAULT`.
fn real_schema(name: Option<String>) -> Option<String> {
    let first = name.as_deref().and_then(|path| path.split(',').next()).map(str::trim);
    first.filter(|name| !matches!(*name, "" | "$user" | "default" | "public")).map(str::to_owned)
}

/// The calls of `pg_catalog` that dumps contain; `false` for every other SELECT.
pub fn read_select(at: &mut Cursor<'_>, facts: &mut Facts) -> bool {
    let in_catalog = at.eat("pg_catalog") && at.eat_mark(".");
    let function = at.word();
    let is_noise = match function.as_str() {
        "set_config" => true,
        "setval" | "nextval" => in_catalog || at.is_mark_at(1, "("),
        _ => false,
    };
    at.bump();
    if is_noise && function == "set_config" {
        let arguments = at.group().map_or(Vec::new(), |group| group.split_commas());
        if let [name, value, ..] = arguments.as_slice()
            && unquote(name.rest()) == "search_path"
        {
            facts.ddl.push(Ddl::DefaultSchema(real_schema(Some(unquote(value.rest())))));
        }
    }
    is_noise
}

/// `DO $$ BEGIN ... END $$`: migrations wrap schema statements in it to make them repeatable. Those
/// that stand in it as they are, also behind IF ... THEN, are read; no other code is.
pub fn read_do(at: &mut Cursor<'_>, source: &Source, facts: &mut Facts) {
    let Some(body) = at.tokens.iter().find(|token| token.kind == TokenKind::Text) else { return };
    let quoted = body.text(at.text);
    let Some(tag) = quoted.get(1..).and_then(|rest| rest.find('$')).map(|n| n + 2) else { return };
    if !quoted.starts_with('$') || quoted.len() < 2 * tag {
        return;
    }
    let span = Span { start: body.span.start + tag, end: body.span.end - tag };
    for statement in split_statements(&source.text, span, Dialect::Postgres) {
        if let Some(start) = schema_start(&source.text, statement.span) {
            let span = Span { start, end: statement.span.end };
            let (entries, skipped) = (facts.entries, facts.skipped);
            read_ddl(source, &Statement { span, ..statement }, Dialect::Postgres, facts);
            (facts.entries, facts.skipped) = (entries, skipped);
        }
    }
}

/// Where a schema statement begins in a statement of a DO block: behind BEGIN or THEN.
fn schema_start(text: &str, span: Span) -> Option<usize> {
    let whole = text.get(..span.end)?;
    let mut may_start = true;
    for token in crate::text::lex::tokens(whole, span.start, Dialect::Postgres) {
        let starts = ["create", "alter", "drop"].iter().any(|word| token.is_word(whole, word));
        if may_start && starts {
            return Some(token.span.start);
        }
        may_start = ["begin", "then", "else"].iter().any(|word| token.is_word(whole, word));
    }
    None
}

/// `\connect db`: names are in another database from here on.
pub fn read_client_line(line: &str, facts: &mut Facts) {
    let mut words = line.split_ascii_whitespace();
    if matches!(words.next(), Some("\\c" | "\\connect")) {
        facts.ddl.push(Ddl::DefaultSchema(None));
    }
}

/// Notes what only a dump of an existing database contains.
pub fn note_dump(source: &Source, statement: &Statement, facts: &mut Facts) {
    let lead = statement.lead.of(&source.text);
    let marks = ["database dump", "MySQL dump", "MariaDB dump", "; Type: TABLE", "Dumping data"];
    let start = statement.span.of(&source.text);
    let settings = ["SET default_table_access_method", "SET check_function_bodies", "/*!40"];
    let is_dump = statement.kind == crate::text::split::StatementKind::Copy
        || settings.iter().any(|setting| start.starts_with(setting))
        || marks.iter().any(|mark| lead.contains(mark));
    if is_dump {
        facts.dumps.insert(source.piece);
    }
}
