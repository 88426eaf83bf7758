//! Selectivity of LIKE and its kin. After PostgreSQL's `like_support.c` (patternsel): common values are
//! matched one by one; so is the histogram where it is long enough; else the fixed prefix is a range
//! and every further character and wildcard takes its part.

use super::column::ColumnInfo;
use super::selectivity::common_values;
use crate::sql::expr::{Expr, LikeKind, Literal};

/// `FIXED_CHAR_SEL`, `ANY_CHAR_SEL`, `FULL_WILDCARD_SEL` of `like_support.c`.
const FIXED_CHAR: f64 = 0.20;
const ANY_CHAR: f64 = 0.9;
const FULL_WILDCARD: f64 = 5.0;
/// `DEFAULT_MATCH_SEL`: the pattern is not known.
const DEFAULT_MATCH: f64 = 0.005;

/// The part of the rows whose value matches.
pub fn like_selectivity(info: &ColumnInfo<'_>, kind: LikeKind, pattern: &Expr) -> f64 {
    let text = match pattern {
        Expr::Literal(Literal::Text(text)) => text,
        Expr::Cast { expr, .. } | Expr::Collate { expr, .. } => {
            return like_selectivity(info, kind, expr);
        }
        _ => return DEFAULT_MATCH,
    };
    let Some(matcher) = Matcher::new(kind, text) else { return DEFAULT_MATCH };
    if matcher.is_exact() {
        return super::selectivity::equal(info, Some(text));
    }
    let (values, frequencies) = common_values(info);
    let matching = |(value, frequency): (&String, &f64)| {
        if matcher.matches(value) { *frequency } else { 0.0 }
    };
    let common_matching: f64 = values.iter().zip(frequencies).map(matching).sum();
    let common: f64 = frequencies.iter().sum();
    let rest = (1.0 - info.null_frac - common).max(0.0);
    (common_matching + rest * histogram_part(info, &matcher)).clamp(0.0, 1.0)
}

/// The part of the values that are not common ones. A histogram of 100 bounds and more is believed
/// alone, one of 10 to 99 in proportion, a shorter one not at all.
fn histogram_part(info: &ColumnInfo<'_>, matcher: &Matcher) -> f64 {
    let bounds = info.statistics.map_or(&[][..], |statistics| &statistics.histogram_bounds);
    let heuristic = matcher.heuristic();
    let inner = bounds.get(1..bounds.len().saturating_sub(1)).unwrap_or(&[]);
    if bounds.len() < 10 || inner.is_empty() {
        return heuristic;
    }
    let n = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let matching = inner.iter().filter(|bound| matcher.matches(bound)).count();
    let measured = n(matching) / n(inner.len());
    let weight = (n(bounds.len()) / 100.0).min(1.0);
    (measured * weight + heuristic * (1.0 - weight)).clamp(0.0001, 0.9999)
}

/// A pattern as a list of what must come.
struct Matcher {
    parts: Vec<Part>,
    fold_case: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Char(char),
    AnyChar,
    AnyText,
}

impl Matcher {
    /// `None` for regular expressions that are more than an anchored prefix.
    fn new(kind: LikeKind, text: &str) -> Option<Matcher> {
        let fold_case = matches!(kind, LikeKind::ILike | LikeKind::IRegex);
        let parts = match kind {
            LikeKind::Like | LikeKind::ILike => like_parts(text, '%', '_'),
            LikeKind::Glob => like_parts(text, '*', '?'),
            LikeKind::Regex | LikeKind::IRegex => regex_parts(text)?,
            LikeKind::SimilarTo => return None,
        };
        Some(Matcher { parts, fold_case })
    }

    fn is_exact(&self) -> bool {
        !self.fold_case && self.parts.iter().all(|part| matches!(part, Part::Char(_)))
    }

    fn same(&self, a: char, b: char) -> bool {
        a == b || (self.fold_case && a.to_lowercase().eq(b.to_lowercase()))
    }

    /// Greedy matching with one point to come back to, linear but for repeated `%`.
    fn matches(&self, value: &str) -> bool {
        let value: Vec<char> = value.chars().take(1000).collect();
        let (mut at, mut part) = (0, 0);
        let mut back: Option<(usize, usize)> = None;
        loop {
            match (self.parts.get(part), value.get(at)) {
                (Some(Part::AnyText), _) => {
                    back = Some((part, at));
                    part += 1;
                    continue;
                }
                (Some(Part::AnyChar), Some(_)) => {
                    at += 1;
                    part += 1;
                    continue;
                }
                (Some(Part::Char(c)), Some(v)) if self.same(*c, *v) => {
                    at += 1;
                    part += 1;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            match back {
                Some((star, from)) if from < value.len() => {
                    back = Some((star, from + 1));
                    part = star + 1;
                    at = from + 1;
                }
                _ => return false,
            }
        }
    }

    /// A fifth for every fixed character, nine tenths for every single wildcard, five times for every
    /// full one. The fixed prefix is a range of its own and counts like its characters here.
    fn heuristic(&self) -> f64 {
        let product = self.parts.iter().fold(1.0, |product, part| {
            product
                * match part {
                    Part::Char(_) => FIXED_CHAR,
                    Part::AnyChar => ANY_CHAR,
                    Part::AnyText => FULL_WILDCARD,
                }
        });
        product.clamp(0.0001, 1.0)
    }
}

fn like_parts(text: &str, any_text: char, any_char: char) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == any_text {
            if parts.last() != Some(&Part::AnyText) {
                parts.push(Part::AnyText);
            }
        } else if c == any_char {
            parts.push(Part::AnyChar);
        } else if c == '\\' {
            parts.extend(chars.next().map(Part::Char));
        } else {
            parts.push(Part::Char(c));
        }
    }
    parts
}

/// Plain text, optionally anchored: `^abc`, `abc$`, `abc`.
fn regex_parts(text: &str) -> Option<Vec<Part>> {
    let (start, text) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (end, text) = match text.strip_suffix('$') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if text.contains(['(', ')', '[', ']', '{', '}', '*', '+', '?', '|', '\\', '^', '$']) {
        return None;
    }
    let mut parts = Vec::new();
    parts.extend((!start).then_some(Part::AnyText));
    parts.extend(text.chars().map(|c| if c == '.' { Part::AnyChar } else { Part::Char(c) }));
    parts.extend((!end).then_some(Part::AnyText));
    Some(parts)
}
