//! Hostile names in migrations: whatever a table, column or index is called, it is data in every language
//! that a migration is written in. Here every name holds the word `Evil`, which therefore may stand only
//! in quoted names, in texts and in comments.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::Piece;
use sargable::progress::Silent;
use sargable::report::migration::{File, Format, files};
use sargable::text::lex::{TokenKind, tokens};

/// What ends a name, a text, a comment or a line in one of the languages, and what is run inside of them.
const HOSTILE: [&str; 14] = [
    "Evil \" Evil",
    "Evil ' Evil",
    "Evil ` Evil",
    "Evil \"\"\" Evil",
    "Evil ''' Evil",
    "Evil */ Evil",
    "Evil -- Evil",
    "x\nEvil();\n--changeset Evil:1\n--rollback Evil\nend\nEvil",
    "Evil #{Evil} \\#{Evil} #$Evil #@Evil",
    "Evil \\ Evil \\' Evil \\\" Evil",
    "Evil ${Evil} %(Evil)s :Evil %s",
    "Evil $$ Evil ; Evil",
    "Evil \u{2028} \u{202e} \u{1} Evil",
    "Evil \u{1f409} \u{e9} Evil",
];

fn quoted(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Mysql | Dialect::Mariadb => format!("`{}`", name.replace('`', "``")),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Two indexes that are the same, and a query that has none.
fn schema(name: &str, dialect: Dialect) -> String {
    let of = |suffix: &str| quoted(&format!("{name}{suffix}"), dialect);
    let (table, a, b) = (of(" t"), of(" a"), of(" b"));
    let text = name.replace('\'', "''");
    let text = if dialect.is_mysql_family() { text.replace('\\', "\\\\") } else { text };
    let condition = match dialect {
        Dialect::Mysql | Dialect::Mariadb => String::new(),
        _ => format!(" WHERE {b} = '{text}'"),
    };
    format!(
        "CREATE TABLE {table} (id int PRIMARY KEY, {a} int, {b} varchar(99));\n\
         CREATE INDEX {} ON {table} ({b}){condition};\nCREATE INDEX {} ON {table} ({b}){condition};\n\
         -- name: of one; calls: 40000\nSELECT id FROM {table} WHERE {a} = 5 AND {b} = '{text}';\n",
        of(" i"),
        of(" j"),
    )
}

fn migration(sql: &str, dialect: Dialect, format: Format) -> Vec<File> {
    let piece = Piece { text: sql.to_owned(), ..Piece::default() };
    let input = Input { pieces: vec![piece], dialect: Some(dialect), ..Input::default() };
    let report = sargable::analyze(&input, &mut Silent);
    let changes = report.findings.iter().map(|finding| finding.changes.len()).sum::<usize>();
    assert!(changes >= 2, "{changes} changes of {sql}");
    files(&report, format, 1)
}

/// SQL without names in quotes, texts and comments.
fn bare_sql(text: &str, dialect: Dialect) -> String {
    let kept = |kind| !matches!(kind, TokenKind::QuotedName | TokenKind::Text | TokenKind::Comment);
    let words = tokens(text, 0, dialect).filter(|token| kept(token.kind));
    words.map(|token| token.text(text)).collect::<Vec<_>>().join(" ")
}

/// Python or Ruby without strings on one line and comments.
fn bare_code(text: &str, is_ruby: bool) -> String {
    let mut out = String::new();
    for line in text.split('\n') {
        let mut rest = line.chars();
        while let Some(c) = rest.next() {
            match c {
                '#' => break,
                '"' | '\'' => {
                    let interpolates = string(c, &mut rest);
                    assert!(!(is_ruby && interpolates), "interpolation in {line}");
                }
                c => out.push(c),
            }
        }
        out.push('\n');
    }
    out
}

/// Reads a string to its end, which must be on this line; says whether Ruby would run what is in it.
fn string(quote: char, rest: &mut std::str::Chars<'_>) -> bool {
    let mut interpolates = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '#' if quote == '"' && rest.as_str().starts_with(['{', '$', '@']) => {
                interpolates = true
            }
            c if c == quote => return interpolates,
            _ => {}
        }
    }
    panic!("a string without end");
}

fn check(format: Format) {
    for dialect in Dialect::ALL {
        for name in HOSTILE {
            let files = migration(&schema(name, dialect), dialect, format);
            assert!(!files.is_empty());
            for file in files {
                let bare = match file.name.rsplit('.').next() {
                    Some("py") => bare_code(&file.text, false),
                    Some("rb") => bare_code(&file.text, true),
                    Some("conf") => file.text.clone(),
                    _ => bare_sql(&file.text, dialect),
                };
                assert!(
                    !bare.contains("Evil"),
                    "{dialect:?} {name:?} in {}:\n{}",
                    file.name,
                    file.text
                );
                let control = |c: char| c.is_control() && c != '\n';
                let lines = file.text.split('\n').filter(|line| line.trim_start().starts_with('#'));
                assert!(!lines.flat_map(str::chars).any(control), "{:?}", file.text);
            }
        }
    }
}

/// A test for each format.
macro_rules! formats {
    ($($name:ident $format:ident)*) => {
        $(#[test] fn $name() { check(Format::$format); })*
    };
}

formats! {
    sql Sql
    reverse Reverse
    alembic Alembic
    django Django
    rails Rails
    flyway Flyway
    liquibase Liquibase
    prisma Prisma
    verify Verify
}

/// Liquibase reads its commands line by line, whatever is quoted.
#[test]
fn liquibase_sees_no_command_but_its_own() {
    for name in HOSTILE {
        for file in
            migration(&schema(name, Dialect::Postgres), Dialect::Postgres, Format::Liquibase)
        {
            let commands = file.text.split('\n').filter(|line| {
                let line = line.trim_start().trim_start_matches('-').trim_start();
                line.starts_with("changeset")
            });
            let foreign = commands.filter(|line| !line.starts_with("--changeset sargable:"));
            assert_eq!(foreign.collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }
}
