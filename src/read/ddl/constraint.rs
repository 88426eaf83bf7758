//! Table constraints and MySQL's keys, in CREATE TABLE and behind ALTER TABLE ... ADD.

use super::index::{read_index_tail, read_keys, read_method};
use crate::dialect::Dialect;
use crate::read::facts::{Constraint, IndexSpec};
use crate::sql::cursor::{Cursor, Unread, closed};
use crate::sql::expr::Expr;
use crate::sql::schema::{IndexKey, KeyPart, Method};
use crate::text::lex::{Token, TokenKind, tokens};

/// Does a constraint or key begin here, and not a column of such a name?
pub fn begins_constraint(at: &Cursor<'_>) -> bool {
    let mysql = at.dialect.is_mysql_family();
    match at.word().as_str() {
        "constraint" => true,
        "primary" | "foreign" => at.is_at(1, "key"),
        "unique" | "check" => true,
        "exclude" => at.is_at(1, "using") || at.is_mark_at(1, "("),
        "key" | "index" => mysql || at.is_mark_at(1, "("),
        "fulltext" | "spatial" => mysql,
        "period" => at.is_at(1, "for"),
        _ => false,
    }
}

/// Reads a definition that stands alone, as `pg_get_constraintdef` prints it.
pub fn read_constraint_definition(definition: &str, dialect: Dialect) -> Option<Constraint> {
    let tokens: Vec<_> =
        tokens(definition, 0, dialect).filter(|t| t.kind != TokenKind::Comment).collect();
    read_constraint(&mut Cursor::new(definition, &tokens, dialect)).ok().flatten()
}

/// Reads one constraint; none for what is no index, key or condition.
pub fn read_constraint(at: &mut Cursor<'_>) -> Result<Option<Constraint>, Unread> {
    let whole = at.tokens;
    let mut name = None;
    if at.eat("constraint") && !at.is_any(&["primary", "foreign", "check"]) {
        // MySQL allows CONSTRAINT without a name, `unique` is a possible name.
        let is_kind = at.is("unique") && !at.is_at(1, "unique");
        if !is_kind {
            name = Some(at.name()?);
        }
    }
    if at.eat_all("foreign key") {
        if !at.is_mark("(") {
            name = name.or(Some(at.name()?));
        }
        let columns = at.names_in_group()?;
        if !at.eat("references") {
            return Err(at.unread("REFERENCES"));
        }
        return read_references(at, name, columns).map(Some);
    }
    if at.eat("check") {
        let condition = at.expect_group()?.expr();
        return Ok(Some(Constraint::Check(name, condition)));
    }
    if at.eat("period") {
        at.tokens = &[];
        return Ok(None);
    }
    if at.eat("exclude") {
        let mut spec = IndexSpec { method: Method::Gist, ..IndexSpec::default() };
        if at.is("using") {
            spec.method = read_method(at)?;
        } else {
            spec.method = Method::Btree;
        }
        spec.keys = read_keys(at)?;
        read_index_tail(at, &mut spec, false)?;
        finish(&mut spec, at, whole);
        return Ok(Some(Constraint::Exclude(name, spec)));
    }
    read_key(at, name, whole).map(Some)
}

/// PRIMARY KEY, UNIQUE, KEY, INDEX, FULLTEXT, SPATIAL.
fn read_key<'a>(
    at: &mut Cursor<'a>,
    mut name: Option<String>,
    whole: &'a [Token],
) -> Result<Constraint, Unread> {
    let mut spec = IndexSpec::default();
    let primary = at.eat_all("primary key");
    spec.unique = primary || at.eat("unique");
    if at.eat("fulltext") {
        spec.method = Method::Fulltext;
    } else if at.eat("spatial") {
        spec.method = Method::Spatial;
    }
    let is_key = !primary && (at.eat("key") || at.eat("index"));
    if !spec.unique && !is_key && spec.method == Method::Btree {
        return Err(at.unread("a constraint"));
    }
    at.eat_all("if not exists");
    spec.nulls_not_distinct = at.eat_all("nulls not distinct");
    at.eat_all("nulls distinct");
    if at.eat_all("using index") {
        return Ok(Constraint::UsingIndex { name, index: at.name()?, primary });
    }
    while at.eat("clustered") || at.eat("nonclustered") {}
    if !at.is_mark("(") && !at.is("using") {
        let written = at.name()?;
        name = name.or(Some(written));
    }
    if at.is("using") {
        let method = read_method(at)?;
        if spec.method == Method::Btree {
            spec.method = method;
        }
    }
    spec.keys = read_keys(at)?;
    read_index_tail(at, &mut spec, true)?;
    finish(&mut spec, at, whole);
    Ok(match (primary, spec.unique) {
        (true, _) => Constraint::PrimaryKey(name, spec),
        (_, true) => Constraint::Unique(name, spec),
        _ => Constraint::Key(name, spec),
    })
}

fn finish(spec: &mut IndexSpec, at: &Cursor<'_>, whole: &[Token]) {
    let taken = whole.get(..whole.len() - at.tokens.len()).unwrap_or(whole);
    spec.definition = closed(crate::sql::cursor::span_of(taken).of(at.text));
}

/// What stands behind REFERENCES.
pub fn read_references(
    at: &mut Cursor<'_>,
    name: Option<String>,
    columns: Vec<String>,
) -> Result<Constraint, Unread> {
    let references = at.qualified_name()?;
    let referenced_columns = if at.is_mark("(") { at.names_in_group()? } else { Vec::new() };
    let (mut on_delete, mut on_update) = (None, None);
    loop {
        if at.eat_all("on delete") {
            on_delete = Some(read_action(at));
        } else if at.eat_all("on update") {
            on_update = Some(read_action(at));
        } else if at.eat("match") {
            at.bump();
        } else if !(at.eat("deferrable")
            || at.eat_all("not deferrable")
            || at.eat_all("initially deferred")
            || at.eat_all("initially immediate")
            || at.eat_all("not valid")
            || at.eat_all("not enforced")
            || at.eat("enforced")
            || at.eat_all("no check"))
        {
            break;
        }
    }
    Ok(Constraint::ForeignKey {
        name,
        columns,
        references,
        referenced_columns,
        on_delete,
        on_update,
    })
}

/// `CASCADE`, `SET NULL [(columns)]`, `SET DEFAULT`, `RESTRICT`, `NO ACTION`.
fn read_action(at: &mut Cursor<'_>) -> String {
    let mut action = at.word();
    let two = matches!(action.as_str(), "set" | "no");
    at.bump();
    if two {
        action = format!("{action} {}", at.word());
        at.bump();
        at.group();
    }
    action
}

/// The key of a constraint written behind its column.
pub fn column_key(column: &str, desc: bool) -> IndexSpec {
    let part = KeyPart::Expr(Box::new(Expr::Name(vec![column.to_owned()])), column.to_owned());
    let key = IndexKey {
        part,
        desc,
        nulls_first: desc,
        opclass: None,
        collation: None,
        prefix_length: None,
    };
    IndexSpec { unique: true, keys: vec![key], ..IndexSpec::default() }
}
