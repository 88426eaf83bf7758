//! SQL with its words coloured. The lexer does it, so that what is shown as a string is one.

use yew::prelude::*;

use crate::dialect::Dialect;
use crate::text::lex::{Token, TokenKind, tokens};

/// Longer statements are shown without colours.
const COLOURED_BYTES_MAX: usize = 16 << 10;

/// Words that carry the structure of a statement.
const KEYWORDS: &[&str] = &[
    "add",
    "all",
    "alter",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "delete",
    "desc",
    "distinct",
    "drop",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "for",
    "foreign",
    "from",
    "full",
    "group",
    "having",
    "if",
    "ilike",
    "in",
    "include",
    "index",
    "inner",
    "insert",
    "intersect",
    "into",
    "is",
    "join",
    "key",
    "lateral",
    "left",
    "like",
    "limit",
    "not",
    "null",
    "nulls",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "partition",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "set",
    "table",
    "then",
    "true",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
    "with",
];

/// Properties of [`Sql`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The statement.
    pub text: AttrValue,
    /// What it is written for.
    #[prop_or_default]
    pub dialect: Dialect,
}

/// A statement.
#[component]
pub fn Sql(props: &Props) -> Html {
    let text = props.text.as_str();
    if text.len() > COLOURED_BYTES_MAX {
        return html! { <code class="sql">{ props.text.clone() }</code> };
    }
    let mut parts = Vec::new();
    let mut at = 0;
    for token in tokens(text, 0, props.dialect) {
        let Some(class) = class_of(token, text) else { continue };
        parts.push(html! { { text.get(at..token.span.start).unwrap_or_default().to_owned() } });
        parts.push(html! { <span {class}>{ token.text(text).to_owned() }</span> });
        at = token.span.end;
    }
    parts.push(html! { { text.get(at..).unwrap_or_default().to_owned() } });
    html! { <code class="sql">{ for parts }</code> }
}

fn class_of(token: Token, text: &str) -> Option<&'static str> {
    match token.kind {
        TokenKind::Word => {
            let word = token.text(text).to_ascii_lowercase();
            KEYWORDS.binary_search(&word.as_str()).is_ok().then_some("kw")
        }
        TokenKind::Text => Some("str"),
        TokenKind::Number => Some("num"),
        TokenKind::Param => Some("param"),
        TokenKind::Comment => Some("comment"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn keywords_are_sorted() {
        assert!(super::KEYWORDS.is_sorted());
    }
}
