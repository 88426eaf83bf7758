//! A column definition: name, type, and what is written behind them.

use super::constraint::{column_key, read_references};
use crate::dialect::Dialect;
use crate::read::facts::{ColumnDef, Constraint};
use crate::sql::cursor::{Cursor, Unread, unquote};
use crate::text::lex::{Token, TokenKind};

/// Words that end a type or a default.
const OPTION_WORDS: [&str; 49] = [
    "after",
    "always",
    "as",
    "auto_increment",
    "autoincrement",
    "by",
    "character",
    "charset",
    "check",
    "collate",
    "column_format",
    "comment",
    "compression",
    "constraint",
    "default",
    "deferrable",
    "enable",
    "encode",
    "encoding",
    "encryption",
    "engine_attribute",
    "first",
    "generated",
    "identity",
    "initially",
    "invisible",
    "key",
    "not",
    "null",
    "on",
    "options",
    "persistent",
    "primary",
    "references",
    "reference",
    "sparse",
    "srid",
    "storage",
    "stored",
    "unique",
    "using",
    "virtual",
    "visible",
    "with",
    "secondary_engine_attribute",
    "rowguidcol",
    "codec",
    "ttl",
    "alias",
];

/// Reads `name [type] [options]`. Constraints behind the column are added to `constraints`. What is
/// not understood behind the type is returned as the third part.
pub fn read_column<'a>(
    mut at: Cursor<'a>,
    constraints: &mut Vec<Constraint>,
) -> Result<(ColumnDef, Option<Cursor<'a>>), Unread> {
    let mut column = ColumnDef { name: at.name()?, ..ColumnDef::default() };
    column.data_type = read_type(&mut at);
    if column.data_type.is_empty() && !at.is_done() && !is_option(&at) {
        return Err(at.unread(&format!("the type of column {:?}", column.name)));
    }
    // `serial` is a type that implies a constraint.
    column.not_null = column.data_type.contains("serial");
    while !at.is_done() {
        let before = at.tokens.len();
        read_option(&mut at, &mut column, constraints)?;
        if at.tokens.len() == before {
            return Ok((column, Some(at)));
        }
    }
    Ok((column, None))
}

fn is_option(at: &Cursor<'_>) -> bool {
    at.is_any(&OPTION_WORDS)
}

/// A type as written, in lower case and without needless space.
pub fn read_type(at: &mut Cursor<'_>) -> String {
    let mut out = String::new();
    let mut n = 0;
    while let Some(token) = at.peek(0) {
        let with_time = at.is("with") && (at.is_at(1, "time") || at.is_at(1, "local"));
        let varying = n == 0 && at.is("character") && !at.is_at(1, "set");
        if is_option(at) && !with_time && !varying {
            break;
        }
        match token.kind {
            TokenKind::Word | TokenKind::QuotedName | TokenKind::Dot => {}
            TokenKind::Open if n > 0 => {
                push_group(at, &mut out);
                n += 1;
                continue;
            }
            _ => break,
        }
        push_type_token(&mut out, token, at.text);
        at.bump();
        n += 1;
    }
    out
}

fn push_type_token(out: &mut String, token: Token, text: &str) {
    let glued = token.kind == TokenKind::Dot || out.is_empty() || out.ends_with('.');
    if !glued {
        out.push(' ');
    }
    match token.kind {
        TokenKind::QuotedName => out.push_str(&unquote(token.text(text))),
        _ => out.push_str(&token.text(text).to_lowercase()),
    }
}

/// `(10, 2)`, `('a', 'b')`, `[]`
fn push_group(at: &mut Cursor<'_>, out: &mut String) {
    let mut depth = 0_usize;
    while let Some(token) = at.bump() {
        let written = token.text(at.text);
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        match token.kind {
            TokenKind::Text => out.push_str(written),
            _ => out.push_str(&written.to_lowercase()),
        }
        if depth == 0 {
            return;
        }
    }
}

fn read_option(
    at: &mut Cursor<'_>,
    column: &mut ColumnDef,
    constraints: &mut Vec<Constraint>,
) -> Result<(), Unread> {
    let mut name = None;
    if at.eat("constraint") {
        name = Some(at.name()?);
    }
    let mysql = at.dialect.is_mysql_family();
    if at.eat_all("not null") {
        column.not_null = true;
    } else if at.eat_all("primary key") || (mysql && at.eat("key")) {
        column.not_null = true;
        let desc = at.eat("desc");
        at.eat("asc");
        at.eat("clustered");
        constraints.push(Constraint::PrimaryKey(name, column_key(&column.name, desc)));
    } else if at.eat("unique") {
        at.eat("key");
        let mut spec = column_key(&column.name, false);
        spec.nulls_not_distinct = at.eat_all("nulls not distinct");
        at.eat_all("nulls distinct");
        spec.unique = true;
        constraints.push(Constraint::Unique(name, spec));
    } else if at.eat("check") {
        if let Some(condition) = at.group() {
            constraints.push(Constraint::Check(name, condition.expr()));
        }
    } else if at.eat("references") {
        let foreign = read_references(at, name, vec![column.name.clone()])?;
        // MySQL reads this form and ignores it; MariaDB obeys.
        if at.dialect != Dialect::Mysql {
            constraints.push(foreign);
        }
    } else if at.eat("default") {
        column.default = Some(read_default(at));
    } else {
        return read_plain_option(at, column);
    }
    Ok(())
}

/// Options that make no constraint.
fn read_plain_option(at: &mut Cursor<'_>, column: &mut ColumnDef) -> Result<(), Unread> {
    if at.eat("collate") {
        at.eat_mark("=");
        column.collation = Some(at.qualified_name()?.name);
    } else if at.is_any(&["generated", "as", "persistent"]) {
        at.eat("generated");
        let _ = at.eat("always") || at.eat_all("by default");
        at.eat_all("on null");
        at.eat("as");
        if at.eat("identity") {
            column.not_null = true;
            at.group();
        } else if let Some(expression) = at.group() {
            column.generated = Some(expression.expr());
        }
    } else if at.eat_all("on update") || at.eat_all("on conflict") {
        at.bump();
        at.group();
    } else if at.eat_all("character set") || at.eat("charset") {
        at.eat_mark("=");
        at.bump();
    } else if at.eat_all("not enforced") || at.eat_all("not deferrable") || at.eat_all("no inherit")
    {
    } else if at.eat("with") {
        at.eat("options");
        at.eat("without");
        at.group();
    } else if at.eat("initially") || at.eat("comment") || at.eat("after") || at.eat("using") {
        at.eat_mark("=");
        at.bump();
    } else if at
        .is_any(&["null", "enforced", "stored", "virtual", "key", "first", "not", "unsigned"])
    {
        at.bump();
    } else if is_option(at) {
        at.bump();
        at.eat_mark("=");
        if !is_option(at) {
            at.skip_one();
        }
    }
    Ok(())
}

/// DEFAULT's expression: at least one token, up to what can only be an option.
pub fn read_default(at: &mut Cursor<'_>) -> String {
    let start = at.tokens;
    at.skip_one();
    loop {
        let in_type = at.is("with") && at.is_at(1, "time");
        let varying = at.is("character") && at.is_at(1, "varying");
        if at.is_done() || (is_option(at) && !in_type && !varying) {
            break;
        }
        at.skip_one();
    }
    let taken = start.get(..start.len() - at.tokens.len()).unwrap_or(&[]);
    crate::sql::cursor::span_of(taken).of(at.text).to_owned()
}
