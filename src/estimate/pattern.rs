//! LIKE and its kin. After `patternsel_common` of `like_support.c`: common values are matched one by
//! one, and so is the histogram where it is long enough; else the fixed prefix is a range, and every
//! further character and wildcard takes its part.

use super::collation::Collation;
use super::equality::equal_to_value;
use super::inequality::histogram_below;
use super::like;
use super::operator::weighted;
use super::regex::{self, Regex};
use super::restriction::{Other, common_part, histogram_part, restriction};
use super::scope::Scope;
use super::value::Value;
use super::variable::{Variable, clamp};
use crate::sql::expr::{CompareOp, Expr, LikeKind};

/// `DEFAULT_MATCH_SEL`: the pattern is not known.
const DEFAULT_MATCH: f64 = 0.005;

/// What every matching text begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Prefix {
    /// The text.
    pub text: String,
    /// Nothing may follow.
    pub is_exact: bool,
    /// The part of the texts with the prefix that the rest of the pattern keeps.
    pub rest: f64,
}

/// `x [NOT] LIKE pattern`, as a restriction or as a join clause.
pub fn pattern(
    scope: &Scope<'_>,
    kind: LikeKind,
    expr: &Expr,
    pattern: &Expr,
    is_negated: bool,
    is_join: bool,
    var_relid: Option<usize>,
) -> f64 {
    let default = if is_negated { 1.0 - DEFAULT_MATCH } else { DEFAULT_MATCH };
    if is_join {
        return default;
    }
    let Some(found) = restriction(scope, expr, pattern, var_relid) else { return default };
    let value = match (found.is_var_left, found.other) {
        (true, Other::Null) => return 0.0,
        (true, Other::Known(value)) => value,
        _ => return default,
    };
    let (Some(text), Some(matcher)) = (value.text(), value.text().and_then(|t| matcher(kind, t)))
    else {
        return default;
    };
    let prefix = prefix_of(kind, text);
    let part = matching_part(&found.variable, &prefix, &*matcher);
    clamp(if is_negated { 1.0 - part - found.variable.null_frac() } else { part })
}

/// `starts_with(x, prefix)`.
pub fn starts_with(
    scope: &Scope<'_>,
    args: &[Expr],
    is_join: bool,
    var_relid: Option<usize>,
) -> f64 {
    let [expr, prefix] = args else { return DEFAULT_MATCH };
    let Some(found) = restriction(scope, expr, prefix, var_relid).filter(|_| !is_join) else {
        return DEFAULT_MATCH;
    };
    let text = match (found.is_var_left, &found.other) {
        (true, Other::Null) => return 0.0,
        (true, Other::Known(Value::Text(text))) => text.to_string(),
        _ => return DEFAULT_MATCH,
    };
    let prefix = Prefix { text: text.clone(), is_exact: false, rest: 1.0 };
    clamp(matching_part(&found.variable, &prefix, &move |value: &str| value.starts_with(&text)))
}

type Matcher = dyn Fn(&str) -> bool;

fn matcher(kind: LikeKind, pattern: &str) -> Option<Box<Matcher>> {
    let pattern = pattern.to_owned();
    Some(match kind {
        LikeKind::Like => Box::new(move |value| like::matches(value, &pattern, false)),
        LikeKind::ILike => Box::new(move |value| like::matches(value, &pattern, true)),
        LikeKind::Glob => {
            let pattern = like::of_glob(&pattern);
            Box::new(move |value| like::matches(value, &pattern, false))
        }
        LikeKind::Regex | LikeKind::IRegex => {
            let regex = Regex::parse(&pattern, kind == LikeKind::IRegex)?;
            Box::new(move |value| regex.is_match(value))
        }
        LikeKind::SimilarTo => {
            let regex = Regex::parse(&like::of_similar(&pattern), false)?;
            Box::new(move |value| regex.is_match(value))
        }
    })
}

fn prefix_of(kind: LikeKind, pattern: &str) -> Prefix {
    match kind {
        LikeKind::Like => like::prefix(pattern, false),
        LikeKind::ILike => like::prefix(pattern, true),
        LikeKind::Glob => like::prefix(&like::of_glob(pattern), false),
        LikeKind::Regex => regex::prefix(pattern, false),
        LikeKind::IRegex => regex::prefix(pattern, true),
        LikeKind::SimilarTo => regex::prefix(&like::of_similar(pattern), false),
    }
}

fn matching_part(variable: &Variable<'_>, prefix: &Prefix, matcher: &Matcher) -> f64 {
    if prefix.is_exact {
        return equal_to_value(variable, &Value::Text(prefix.text.as_str().into()));
    }
    let test = |value: &Value<'_>| value.text().is_some_and(matcher);
    let (part, n_bounds) = histogram_part(variable, &test);
    let heuristic = match n_bounds {
        100.. => 0.0,
        _ if prefix.text.is_empty() => prefix.rest,
        _ => prefix_part(variable, &prefix.text) * prefix.rest,
    };
    let part = weighted(part, n_bounds, heuristic);
    let (matching, common) = common_part(variable, &test);
    part * (1.0 - variable.null_frac() - common) + matching
}

/// `prefix_selectivity`: the range from the prefix to the next text that does not begin with it, but
/// no less than the prefix alone.
fn prefix_part(variable: &Variable<'_>, prefix: &str) -> f64 {
    let low = Value::Text(prefix.into());
    let Some(mut part) = histogram_below(variable, CompareOp::Ge, &low) else {
        return DEFAULT_MATCH;
    };
    if let Some(greater) = greater_text(prefix, variable.collation) {
        let high = Value::Text(greater.into());
        let top = histogram_below(variable, CompareOp::Lt, &high).unwrap_or(1.0);
        part = top + part - 1.0;
    }
    part.max(clamp(equal_to_value(variable, &low)))
}

/// `make_greater_string`: the prefix with its last character raised to the next one that sorts behind
/// all that begins with the prefix; without one the last character is dropped.
fn greater_text(prefix: &str, collation: Collation) -> Option<String> {
    let compared = match collation {
        Collation::Bytes => format!("{prefix}z"),
        Collation::Language => format!("{prefix}Z"),
    };
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let mut next = last;
        // PostgreSQL raises a character's last byte first: 64 of several bytes, 128 of one.
        for _ in 0..64 {
            next = match char::from_u32(u32::from(next).saturating_add(1)) {
                Some(next) if last.is_ascii() != next.is_ascii() => break,
                Some(next) => next,
                None => break,
            };
            let greater: String = chars.iter().copied().chain([next]).collect();
            if collation.compare(&compared, &greater).is_lt() {
                return Some(greater);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_text_behind_a_prefix() {
        assert_eq!(greater_text("foo", Collation::Bytes).as_deref(), Some("fop"));
        assert_eq!(greater_text("foo", Collation::Language).as_deref(), Some("fop"));
        assert_eq!(greater_text("", Collation::Bytes), None);
    }
}
