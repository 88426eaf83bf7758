//! `LIKE 'abc%'` and regular expressions as a range (`match_pattern_prefix` and `make_greater_string` in
//! `like_support.c`): `>= 'abc'` and `< 'abd'`, on an index that sorts by bytes. SQLite and MySQL have
//! rules of their own.

use super::candidate::{Candidate, Key, TypeClass, type_class};
use super::operators::{Op, is_in_family, is_pattern_class};
use crate::dialect::Dialect;
use crate::plan::implication::strip;
use crate::sql::expr::{CompareOp, Expr, LikeKind, Literal};
use crate::sql::schema::Method;

/// What all matches begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// The text.
    pub text: String,
    /// A match is nothing else.
    pub is_exact: bool,
}

/// The conditions an index on this key is searched with for a pattern; none if it cannot help.
pub fn pattern_conditions(
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    kind: LikeKind,
    pattern: &Expr,
) -> Vec<Expr> {
    let Some(prefix) = fixed_prefix(kind, pattern) else { return Vec::new() };
    if prefix.text.is_empty() && !prefix.is_exact {
        return Vec::new();
    }
    let fits = match candidate.dialect() {
        Dialect::Postgres => return prefix_conditions(candidate, key, &prefix),
        Dialect::Mysql | Dialect::Mariadb => kind == LikeKind::Like,
        Dialect::Sqlite => {
            let nocase = key.collation.as_ref().is_some_and(|c| c.eq_ignore_ascii_case("nocase"));
            (kind == LikeKind::Like && nocase) || (kind == LikeKind::Glob && !nocase)
        }
    };
    if fits { range(key, &prefix) } else { Vec::new() }
}

/// The same for a known prefix, as `starts_with` and `^@` give one, in PostgreSQL.
pub fn prefix_conditions(candidate: &Candidate<'_>, key: &Key<'_>, prefix: &Prefix) -> Vec<Expr> {
    let class = type_class(&key.data_type);
    if !matches!(class, TypeClass::Text | TypeClass::Padded) && !key.data_type.is_empty() {
        return Vec::new();
    }
    let answers = |op| is_in_family(candidate, key, Op::Compare(op));
    if prefix.is_exact {
        return if answers(CompareOp::Eq) { range(key, prefix) } else { Vec::new() };
    }
    if candidate.index.method == Method::Spgist && class == TypeClass::Text {
        return vec![Expr::Operator {
            op: "^@".to_owned(),
            left: Some(Box::new((*key.expr).clone())),
            right: Box::new(text(&prefix.text)),
        }];
    }
    let by_bytes = is_pattern_class(key) || candidate.sorts_by_bytes(key);
    if by_bytes && (is_pattern_class(key) || answers(CompareOp::Ge)) {
        range(key, prefix)
    } else {
        Vec::new()
    }
}

fn text(text: &str) -> Expr {
    Expr::Literal(Literal::Text(text.to_owned()))
}

fn range(key: &Key<'_>, prefix: &Prefix) -> Vec<Expr> {
    let compare =
        |op, value: &str| Expr::Compare(op, Box::new((*key.expr).clone()), Box::new(text(value)));
    if prefix.is_exact {
        return vec![compare(CompareOp::Eq, &prefix.text)];
    }
    let mut out = vec![compare(CompareOp::Ge, &prefix.text)];
    out.extend(greater_text(&prefix.text).map(|end| compare(CompareOp::Lt, &end)));
    out
}

/// `make_greater_string`: the last character raised, or dropped where it is the last there is.
fn greater_text(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = char::from_u32(u32::from(last) + 1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// `pattern_fixed_prefix`; `None` where the pattern is not known or begins with anything.
pub fn fixed_prefix(kind: LikeKind, pattern: &Expr) -> Option<Prefix> {
    let Expr::Literal(Literal::Text(pattern)) = strip(pattern) else { return None };
    match kind {
        LikeKind::Like => Some(like_prefix(pattern, false)),
        LikeKind::ILike => Some(like_prefix(pattern, true)),
        LikeKind::Glob => Some(glob_prefix(pattern)),
        LikeKind::Regex => regex_prefix(pattern.strip_prefix('^')?, false),
        LikeKind::IRegex => regex_prefix(pattern.strip_prefix('^')?, true),
        LikeKind::SimilarTo => similar_prefix(pattern),
    }
}

/// `like_fixed_prefix`. Where case does not count, letters are not fixed.
fn like_prefix(pattern: &str, any_case: bool) -> Prefix {
    let mut out = Prefix { text: String::new(), is_exact: false };
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '%' | '_' => return out,
            '\\' => match chars.next() {
                Some(escaped) => escaped,
                None => break,
            },
            c => c,
        };
        if any_case && (c.is_alphabetic() || !c.is_ascii()) {
            return out;
        }
        out.text.push(c);
    }
    out.is_exact = true;
    out
}

fn glob_prefix(pattern: &str) -> Prefix {
    let text: String = pattern.chars().take_while(|c| !['*', '?', '['].contains(c)).collect();
    Prefix { is_exact: text.len() == pattern.len(), text }
}

/// What follows `^`: the characters up to the first that stands for something else. One that may be
/// left out or repeated is not fixed, and nothing is where there are alternatives.
fn regex_prefix(pattern: &str, any_case: bool) -> Option<Prefix> {
    if pattern.contains('|') {
        return None;
    }
    let grouped = pattern.strip_prefix('(').and_then(|inner| inner.strip_suffix(")$"));
    let whole = grouped.filter(|inner| !inner.contains(['(', ')']));
    let (pattern, ends) = match whole {
        Some(inner) => (inner, true),
        None => (pattern, false),
    };
    let mut out = Prefix { text: String::new(), is_exact: ends };
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let literal = match c {
            '$' if chars.peek().is_none() => {
                out.is_exact = true;
                return some(out);
            }
            '\\' => chars.next().filter(|c| !c.is_alphanumeric()),
            '.' | '[' | '(' | ')' | '*' | '+' | '?' | '{' | '^' | '$' => None,
            c => Some(c).filter(|c| !any_case || !c.is_alphabetic()),
        };
        let may_be_missing = matches!(chars.peek(), Some('*' | '?' | '{'));
        let Some(literal) = literal.filter(|_| !may_be_missing) else {
            out.is_exact = false;
            return some(out);
        };
        out.text.push(literal);
        if chars.peek() == Some(&'+') {
            out.is_exact = false;
            return some(out);
        }
    }
    some(out)
}

fn some(prefix: Prefix) -> Option<Prefix> {
    (!prefix.text.is_empty() || prefix.is_exact).then_some(prefix)
}

/// `SIMILAR TO` is a regular expression over the whole text with `%` and `_`.
fn similar_prefix(pattern: &str) -> Option<Prefix> {
    let mut regex = String::new();
    for c in pattern.chars() {
        match c {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '.' | '^' | '$' => regex.extend(['\\', c]),
            c => regex.push(c),
        }
    }
    regex.push('$');
    regex_prefix(&regex, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(kind: LikeKind, pattern: &str) -> (String, bool) {
        let found = fixed_prefix(kind, &text(pattern));
        found.map_or((String::new(), false), |found| (found.text, found.is_exact))
    }

    #[test]
    fn what_patterns_begin_with() {
        for (kind, pattern, start, is_exact) in [
            (LikeKind::Like, "abc%", "abc", false),
            (LikeKind::Like, "abc", "abc", true),
            (LikeKind::Like, "%abc", "", false),
            (LikeKind::Like, "a\\%b_", "a%b", false),
            (LikeKind::ILike, "12ab%", "12", false),
            (LikeKind::Regex, "^abc", "abc", false),
            (LikeKind::Regex, "^abc$", "abc", true),
            (LikeKind::Regex, "^(abc)$", "abc", true),
            (LikeKind::Regex, "^abc*", "ab", false),
            (LikeKind::Regex, "^ab+c", "ab", false),
            (LikeKind::Regex, "^a|b", "", false),
            (LikeKind::Regex, "abc", "", false),
            (LikeKind::IRegex, "^12ab", "12", false),
            (LikeKind::SimilarTo, "ab%", "ab", false),
            (LikeKind::SimilarTo, "ab", "ab", true),
        ] {
            assert_eq!(prefix(kind, pattern), (start.to_owned(), is_exact), "{pattern}");
        }
    }
}
