//! Operators other than comparisons and patterns, each with the estimator that `pg_operator.dat`
//! names for it. Operators of extensions are taken for `matchingsel`, as `pg_trgm`, `hstore` and
//! `ltree` declare theirs.

use super::array;
use super::inequality::DEFAULT_INEQ;
use super::join::JoinContext;
use super::json;
use super::restriction::{Other, common_part, histogram_part, restriction};
use super::scope::Scope;
use super::sql_type::expr_type;
use super::value::Value;
use super::variable::clamp;
use crate::sql::expr::{Expr, Function, Literal};

/// `DEFAULT_MATCHING_SEL`.
const DEFAULT_MATCHING: f64 = 0.010;
/// `DEFAULT_TS_MATCH_SEL`.
const DEFAULT_TEXT_SEARCH: f64 = 0.005;
/// `positionsel`, `contsel`, `areasel` of `geo_selfuncs.c`.
const POSITION: f64 = 0.1;
const CONTAINMENT: f64 = 0.001;
const AREA: f64 = 0.005;

/// Families of types that share operators' names.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    Array,
    Range,
    Shape,
    Network,
    TextSearch,
    Other,
}

fn family(name: &str) -> Family {
    match name {
        name if name.ends_with("[]") => Family::Array,
        name if is_range_type(name) => Family::Range,
        "point" | "box" | "circle" | "polygon" | "line" | "lseg" | "path" | "geometry"
        | "geography" => Family::Shape,
        "inet" | "cidr" => Family::Network,
        "tsvector" | "tsquery" => Family::TextSearch,
        _ => Family::Other,
    }
}

/// `int4range`, `tstzmultirange`.
pub fn is_range_type(name: &str) -> bool {
    name.ends_with("range")
}

/// `left op right`, where the result is a boolean.
pub fn operator(
    scope: &Scope<'_>,
    op: &str,
    left: &Expr,
    right: &Expr,
    is_join: bool,
    context: &JoinContext,
) -> f64 {
    let relid = context.var_relid;
    let names = (expr_type(scope, left), expr_type(scope, right));
    let kind = match (family(&names.0), family(&names.1)) {
        (Family::Other, right) => right,
        (left, _) => left,
    };
    match (kind, op, is_join) {
        (Family::Array, "@>" | "<@" | "&&", true) => array::containment_default(op),
        (Family::Array, "@>" | "<@" | "&&", false) => {
            array::containment(scope, op, left, right, relid)
        }
        (Family::Range, "&&", true) => AREA,
        (Family::Range, "@>" | "<@", true) => CONTAINMENT,
        (Family::Range, "-|-", _) => DEFAULT_MATCHING,
        (Family::Range, _, true) => DEFAULT_INEQ,
        (Family::Range, _, false) => range_operator(scope, op, left, right, relid),
        (Family::Shape, "@>" | "<@" | "~", _) => CONTAINMENT,
        (Family::Shape, "&&" | "?#", _) => AREA,
        (Family::Shape, _, _) => POSITION,
        (Family::Network, "&&", _) => 0.01,
        (Family::Network, _, _) => 0.005,
        (Family::TextSearch, "@@" | "@@@", true) => DEFAULT_TEXT_SEARCH,
        (Family::TextSearch, "@@" | "@@@", false) => text_search(scope, left, right, relid),
        (_, _, true) => DEFAULT_MATCHING,
        (_, _, false) => matching(scope, op, left, right, relid),
    }
}

/// `rangesel` without histograms of bounds, which are not part of what is read: the default of the
/// operator, less the NULLs.
pub fn range_operator(
    scope: &Scope<'_>,
    op: &str,
    left: &Expr,
    right: &Expr,
    var_relid: Option<usize>,
) -> f64 {
    let default = match op {
        "&&" => 0.01,
        "@>" | "<@" => 0.005,
        "<" | "<=" | ">" | ">=" | "<<" | ">>" | "&<" | "&>" => DEFAULT_INEQ,
        _ => 0.01,
    };
    match restriction(scope, left, right, var_relid) {
        Some(found) => match found.other {
            Other::Null => 0.0,
            // A range that begins and ends nowhere is still compared by the default.
            Other::Known(_) if is_range_type(&found.variable.data_type) => {
                clamp(default * (1.0 - found.variable.null_frac()))
            }
            _ => default,
        },
        None => default,
    }
}

/// `matchingsel` (`generic_restriction_selectivity`): the operator is tried on the statistics' own
/// values where its meaning is known here, which is so for `jsonb`.
fn matching(
    scope: &Scope<'_>,
    op: &str,
    left: &Expr,
    right: &Expr,
    var_relid: Option<usize>,
) -> f64 {
    let Some(found) = restriction(scope, left, right, var_relid) else { return DEFAULT_MATCHING };
    let value = match &found.other {
        Other::Unknown => return DEFAULT_MATCHING,
        Other::Null => return 0.0,
        Other::Known(value) => value,
    };
    let variable = &found.variable;
    let is_jsonb = variable.data_type == "jsonb";
    let Some(tester) = json::Tester::new(op, value, found.is_var_left).filter(|_| is_jsonb) else {
        return DEFAULT_MATCHING;
    };
    let test = |value: &Value<'_>| value.text().is_some_and(|text| tester.test(text));
    let (matching, common) = common_part(variable, &test);
    let (part, n_bounds) = histogram_part(variable, &test);
    let part = weighted(part, n_bounds, DEFAULT_MATCHING);
    clamp(part * (1.0 - variable.null_frac() - common) + matching)
}

/// What a histogram's bounds say, trusted the more the more there are, but never that it is nothing
/// or all.
pub fn weighted(part: Option<f64>, n_bounds: usize, heuristic: f64) -> f64 {
    let weight = n_bounds as f64 / 100.0;
    let part = match part {
        None => heuristic,
        Some(part) if n_bounds < 100 => part * weight + heuristic * (1.0 - weight),
        Some(part) => part,
    };
    part.clamp(0.0001, 0.9999)
}

/// `tsmatchsel` without statistics of lexemes: each word of the query has the default, a prefix four
/// times that; stop words are not known and count.
fn text_search(scope: &Scope<'_>, left: &Expr, right: &Expr, var_relid: Option<usize>) -> f64 {
    let sides = (scope.variable(left, var_relid), scope.variable(right, var_relid));
    let (variable, query) = match (sides.0.relids != 0, sides.1.relids != 0) {
        (true, false) => (sides.0, right),
        (false, true) => (sides.1, left),
        _ => return DEFAULT_TEXT_SEARCH,
    };
    let part = match query_part(scope, query) {
        Some(part) if variable.data_type == "tsvector" => part,
        _ => return DEFAULT_TEXT_SEARCH,
    };
    clamp(part * (1.0 - variable.null_frac()))
}

fn query_part(scope: &Scope<'_>, query: &Expr) -> Option<f64> {
    match query {
        Expr::Function(call) => {
            let text = words(scope, call)?;
            match call.name.as_str() {
                "plainto_tsquery" | "phraseto_tsquery" | "websearch_to_tsquery" => {
                    let n = text.split_whitespace().count();
                    Some(
                        (0..n).fold(if n == 0 { 0.0 } else { 1.0 }, |all, _| {
                            all * DEFAULT_TEXT_SEARCH
                        }),
                    )
                }
                "to_tsquery" => Some(parsed_query(&text)),
                _ => None,
            }
        }
        Expr::Cast { expr, .. } => match &**expr {
            Expr::Literal(Literal::Text(text)) => Some(parsed_query(text)),
            _ => None,
        },
        _ => None,
    }
}

fn words(scope: &Scope<'_>, call: &Function) -> Option<String> {
    let value = super::fold::estimate_value(scope, call.args.last()?)?.value?;
    Some(value.text()?.to_owned())
}

/// `a & b | !c:*` without parentheses: OR of ANDs of words.
fn parsed_query(text: &str) -> f64 {
    let word = |word: &str| {
        let word = word.trim_matches([' ', '(', ')']);
        let (is_not, word) = match word.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let part =
            if word.ends_with(":*") { DEFAULT_TEXT_SEARCH * 4.0 } else { DEFAULT_TEXT_SEARCH };
        if is_not { 1.0 - part } else { part }
    };
    text.split('|').fold(0.0, |sum, arm| {
        let part: f64 = arm.replace("<->", "&").split('&').map(word).product();
        clamp(sum + part - sum * part)
    })
}
