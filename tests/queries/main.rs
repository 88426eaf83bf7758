//! The parser of queries: what it takes (`*.sql`), how operators bind (`operators.md`), what it says of
//! what it does not take (`refused.md`), and that damage and hostility are an error at worst.

#![allow(clippy::disallowed_methods, reason = "tests measure time")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod damage;
mod hostile;

use std::path::Path;

use sargable::dialect::Dialect;
use sargable::sql::parse::{parse_expr, parse_query};
use sargable::sql::print::print_expr;
use sargable::text::lex::{TokenKind, tokens};

/// The files of statements, with their dialects.
const FILES: [(&str, Dialect); 3] = [
    ("postgres.sql", Dialect::Postgres),
    ("mysql.sql", Dialect::Mysql),
    ("sqlite.sql", Dialect::Sqlite),
];

fn read(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// Every statement of the files.
fn statements() -> Vec<(Dialect, String)> {
    let mut all = Vec::new();
    for (file, dialect) in FILES {
        let text = read(file);
        let mut start = 0;
        for token in tokens(&text, 0, dialect) {
            if token.kind == TokenKind::Comment && text[start..token.span.start].trim().is_empty() {
                start = token.span.end;
            } else if token.kind == TokenKind::Semicolon {
                all.push((dialect, text[start..token.span.start].trim().to_owned()));
                start = token.span.end;
            }
        }
    }
    all
}

/// The rows of a table, as cells; marks of code are taken off.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.split('\n').filter(|line| line.starts_with("| `"));
    let cells = |line: &str| {
        let line = line.replace("\\|", "\u{1}");
        let cells = line.trim_matches('|').split('|');
        let plain = |cell: &str| cell.trim().trim_matches('`').replace('\u{1}', "|");
        cells.map(plain).collect()
    };
    lines.map(cells).collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_statement_is_understood() {
    let mut complaints = Vec::new();
    for (dialect, sql) in statements() {
        if let Err(error) = parse_query(&sql, dialect) {
            let rest: String = sql[error.at..].chars().take(30).collect();
            complaints.push(format!("{dialect:?}: {sql}\n    {} at {rest:?}", error.message));
        }
    }
    assert_none(&complaints);
}

#[test]
fn operators_bind_as_the_server_says() {
    let mut complaints = Vec::new();
    for row in rows(&read("operators.md")) {
        let [sql, wants @ ..] = row.as_slice() else { continue };
        for (dialect, want) in
            [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite].iter().zip(wants)
        {
            let got = match parse_expr(sql, *dialect) {
                Ok(expr) => print_expr(&expr, &|_| String::new()),
                Err(error) => error.message,
            };
            if !want.is_empty() && got != *want {
                complaints.push(format!("{dialect:?}: {sql}\n    want {want}\n    got  {got}"));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn what_is_refused_says_what_and_where() {
    let mut complaints = Vec::new();
    for row in rows(&read("refused.md")) {
        let [sql, message, place] = row.as_slice() else { panic!("not three cells: {row:?}") };
        match parse_query(sql, Dialect::Postgres) {
            Ok(_) => complaints.push(format!("understood: {sql}")),
            Err(error) if error.message == *message && sql[error.at..].starts_with(place) => {}
            Err(error) => {
                let rest = &sql[error.at..];
                complaints.push(format!("{sql}\n    got {} at {rest:?}", error.message));
            }
        }
    }
    assert_none(&complaints);
}
