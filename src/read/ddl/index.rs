//! CREATE INDEX, and the keys and options of every index.

use super::misc::read_options;
use crate::dialect::Dialect;
use crate::read::facts::{CreateIndex, IndexSpec};
use crate::sql::cursor::{Cursor, Unread, expr_of, group_len, span_of};
use crate::sql::expr::Expr;
use crate::sql::schema::{IndexKey, KeyPart, Method};
use crate::text::Source;
use crate::text::lex::{TokenKind, tokens};

/// Reads a definition that stands alone, as statistics exports carry it.
pub fn read_index_definition(definition: &str, dialect: Dialect) -> Option<CreateIndex> {
    let tokens: Vec<_> =
        tokens(definition, 0, dialect).filter(|t| t.kind != TokenKind::Comment).collect();
    let mut at = Cursor::new(definition, &tokens, dialect);
    at.eat("create").then_some(())?;
    read_create_index(&mut at, None).ok()
}

/// Behind CREATE: `[UNIQUE] INDEX ...`.
pub fn read_create_index(
    at: &mut Cursor<'_>,
    source: Option<&Source>,
) -> Result<CreateIndex, Unread> {
    let mut index = CreateIndex {
        source: source.map(|source| source.place(at.offset())),
        ..CreateIndex::default()
    };
    while !at.is("index") {
        match at.word().as_str() {
            "unique" => index.spec.unique = true,
            "fulltext" => index.spec.method = Method::Fulltext,
            "spatial" => index.spec.method = Method::Spatial,
            "or" | "replace" | "clustered" | "nonclustered" | "columnstore" | "online"
            | "offline" => {}
            _ => return Err(at.unread("INDEX")),
        }
        at.bump();
    }
    at.bump();
    at.eat("concurrently");
    index.if_not_exists = at.eat_all("if not exists");
    if !at.is("on") || at.is_at(1, "on") {
        index.name = Some(at.qualified_name()?);
    }
    let mut method = None;
    if at.is("using") {
        method = Some(read_method(at)?);
    }
    if !at.eat("on") {
        return Err(at.unread("ON"));
    }
    index.on_only = at.eat("only");
    index.table = at.qualified_name()?;
    if at.is("using") {
        method = Some(read_method(at)?);
    }
    if let Some(method) = method {
        index.spec.method = method;
    }
    index.spec.keys = read_keys(at)?;
    read_index_tail(at, &mut index.spec, true)?;
    Ok(index)
}

/// `USING method`
pub fn read_method(at: &mut Cursor<'_>) -> Result<Method, Unread> {
    at.eat("using");
    let name = at.name()?.to_lowercase();
    Ok(match name.as_str() {
        "btree" | "lsm" => Method::Btree,
        "hash" => Method::Hash,
        "gin" => Method::Gin,
        "gist" | "rtree" => Method::Gist,
        "spgist" => Method::Spgist,
        "brin" => Method::Brin,
        _ => Method::Other(name),
    })
}

/// The keys in parentheses.
pub fn read_keys(at: &mut Cursor<'_>) -> Result<Vec<IndexKey>, Unread> {
    let group = at.expect_group()?;
    let keys: Result<Vec<_>, _> = group.split_commas().into_iter().map(read_key_part).collect();
    match keys {
        Ok(keys) if keys.is_empty() => Err(group.unread("the columns of the index")),
        keys => keys,
    }
}

fn read_key_part(mut at: Cursor<'_>) -> Result<IndexKey, Unread> {
    let n = expression_len(&at);
    let expression = at.over(at.tokens.get(..n).unwrap_or(&[]));
    at.tokens = at.tokens.get(n..).unwrap_or(&[]);
    let mut key = IndexKey {
        part: key_part(expression)?,
        desc: false,
        nulls_first: false,
        opclass: None,
        collation: None,
        prefix_length: None,
    };
    if at.dialect.is_mysql_family() && at.is_mark("(") {
        let length = at.group().map(|group| group.word().parse());
        key.prefix_length = length.and_then(Result::ok);
    }
    if at.eat("collate") {
        key.collation = Some(at.qualified_name()?.name);
    }
    if !at.is_any(&["asc", "desc", "nulls", "with"]) && !at.is_done() {
        let mut opclass = at.qualified_name()?.name;
        if let Some(parameters) = at.group() {
            opclass = format!("{opclass}({})", parameters.rest());
        }
        key.opclass = Some(opclass);
    }
    key.desc = at.eat("desc");
    at.eat("asc");
    key.nulls_first = key.desc;
    if at.eat("nulls") {
        key.nulls_first = at.is("first");
    }
    Ok(key)
}

/// How many tokens of a key are its expression: a name, a call, a parenthesis, and whatever is joined
/// to it by operators.
fn expression_len(at: &Cursor<'_>) -> usize {
    let mysql_prefix = at.dialect.is_mysql_family()
        && at.is_mark_at(1, "(")
        && at.peek(2).is_some_and(|token| token.kind == TokenKind::Number);
    if mysql_prefix {
        return 1;
    }
    let mut n = 0;
    let mut operand_before = false;
    while let Some(token) = at.peek(n) {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
        let ends = ["collate", "asc", "desc", "nulls", "with"];
        if n > 0 && is_name && ends.iter().any(|word| at.is_at(n, word)) {
            break;
        }
        // A word right behind an operand: an operator class.
        if n > 0 && is_name && operand_before && at.dialect == Dialect::Postgres {
            break;
        }
        operand_before =
            !matches!(token.kind, TokenKind::Operator | TokenKind::Dot | TokenKind::Comma);
        let rest = at.tokens.get(n..).unwrap_or(&[]);
        n += if token.kind == TokenKind::Open { group_len(rest) } else { 1 };
    }
    n
}

/// A column, or an expression without the parentheses around it.
fn key_part(expression: Cursor<'_>) -> Result<KeyPart, Unread> {
    let mut inner = expression;
    while inner.is_mark("(") && group_len(inner.tokens) == inner.tokens.len() {
        inner = inner.expect_group()?;
    }
    let dotted = inner.tokens.len() == 3 && inner.is_mark_at(1, ".");
    if inner.tokens.len() == 1 || dotted {
        let mut name = inner;
        if let Ok(name) = name.qualified_name() {
            return Ok(KeyPart::Expr(Box::new(Expr::Name(vec![name.name.clone()])), name.name));
        }
    }
    if inner.is_done() {
        return Err(expression.unread("a column or an expression"));
    }
    let written = span_of(expression.tokens).of(expression.text).to_owned();
    let expr = expr_of(inner.rest(), expression.dialect);
    Ok(KeyPart::Expr(Box::new(expr), written))
}

/// What may follow the keys. `whole` says that a WHERE goes to the end of the statement.
pub fn read_index_tail(
    at: &mut Cursor<'_>,
    spec: &mut IndexSpec,
    whole: bool,
) -> Result<(), Unread> {
    loop {
        if at.eat("include") || at.eat("storing") || at.eat("covering") {
            spec.include = at.names_in_group()?;
        } else if at.eat_all("nulls not distinct") {
            spec.nulls_not_distinct = true;
        } else if at.eat_all("using index tablespace") || at.eat("tablespace") || at.eat("comment")
        {
            at.eat_mark("=");
            at.bump();
        } else if at.eat_all("with parser") || at.eat_all("on conflict") {
            at.bump();
        } else if at.is("using") {
            let method = read_method(at)?;
            if spec.method == Method::Btree {
                spec.method = method;
            }
        } else if at.eat("with") {
            if let Some(options) = at.group() {
                spec.options = read_options(options);
            }
        } else if at.eat("where") {
            let predicate = if whole { *at } else { at.group().unwrap_or(*at) };
            spec.predicate_sql = Some(predicate.rest().to_owned());
            spec.predicate = Some(predicate.expr());
            if whole {
                at.tokens = &[];
            }
        } else if at.eat_all("not ignored") || at.eat("visible") || at.eat_all("nulls distinct") {
        } else if at.eat("invisible") || at.eat("ignored") {
            spec.unusable = true;
        } else if at.is_any(&["key_block_size", "algorithm", "lock", "engine_attribute"]) {
            at.bump();
            at.eat_mark("=");
            at.bump();
        } else if !(at.eat("deferrable")
            || at.eat_all("not deferrable")
            || at.eat_all("initially deferred")
            || at.eat_all("initially immediate")
            || at.eat("clustering")
            || at.eat_all("not valid"))
        {
            return Ok(());
        }
    }
}
