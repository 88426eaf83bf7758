//! What each statement of a migration locks: the tables of `locks/*.md`, one file a dialect. Each file
//! has the schema the statements are run on, and rows `statement | lock | who waits | first safer form`.
//! A row is a migration of its own; statements before its last one are set apart by `;;`.
//! `UPDATE=1 cargo test --test cases` writes the answers anew.

use std::path::Path;

use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::{Piece, Side};
use sargable::progress::Silent;
use sargable::report::against_text::{effect_line, lock_line};

const SAFER_SHOWN_MAX: usize = 1;

#[test]
fn every_statement_locks_what_the_manual_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/locks");
    let mut complaints = Vec::new();
    for dialect in Dialect::ALL {
        let path = folder.join(format!("{}.md", dialect.name()));
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let schema = text.split("```").nth(1).unwrap().trim_start_matches("sql");
        let mut out = String::new();
        for line in text.split_inclusive('\n') {
            let statement = line.strip_prefix("| `").and_then(|rest| rest.split('`').next());
            let row = statement.map(|sql| row(schema, sql, dialect));
            let line = line.to_owned();
            if let Some(row) = row.as_ref().filter(|row| **row != line) {
                complaints.push(format!("{}:\n  want: {line}  got:  {row}", dialect.name()));
            }
            out.push_str(&row.unwrap_or(line));
        }
        if std::env::var_os("UPDATE").is_some() && out != text {
            std::fs::write(&path, out).unwrap();
            complaints.clear();
        }
    }
    crate::assert_none(&complaints, "`UPDATE=1 cargo test --test cases` accepts what came out.");
}

fn row(schema: &str, sql: &str, dialect: Dialect) -> String {
    let today = Piece { text: schema.to_owned(), ..Piece::default() };
    let text = sql.replace(";;", ";\n") + ";";
    let migration = Piece { text, side: Side::Migration, ..Piece::default() };
    let input =
        Input { pieces: vec![today, migration], dialect: Some(dialect), ..Input::default() };
    let against = sargable::analyze(&input, &mut Silent).against.unwrap();
    let (lock, effect, safer) = match against.statements.last() {
        Some(one) => (
            lock_line(one),
            effect_line(one).split(" (").next().unwrap().to_owned(),
            one.safer.iter().take(SAFER_SHOWN_MAX).map(|sql| format!("`{sql}`")).collect(),
        ),
        None => ("none".to_owned(), String::new(), String::new()),
    };
    format!("| `{sql}` | {lock} | {effect} | {safer} |\n")
}
