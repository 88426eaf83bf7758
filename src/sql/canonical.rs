//! Conditions in a form in which those that ask the same are equal: what a query says, and what
//! EXPLAIN prints of it (`((status)::text = 'open'::text)`, `(a = ANY ('{1,2}'::integer[]))`).
//!
//! Casts that change no value go; constants become their text, numbers and dates in one spelling;
//! constants stand on the right; the parts of AND, OR and IN are in one order. Two assumptions: a
//! date is midnight of the zone that a plan prints, and texts between which only a cast stands are the
//! same text.

use super::expr::{CompareOp, Expr, Literal};
use super::print::print_expr;
use super::schema::is_text_type;

use crate::order;

/// The canonical form of a condition over one relation, whose position does not matter.
pub fn canonical(condition: &Expr) -> Expr {
    let mut expr = condition.clone();
    canonize(&mut expr);
    expr
}

/// The canonical form of several conditions that all must hold.
pub fn canonical_all(conditions: &[&Expr]) -> Expr {
    let mut all = Expr::And(conditions.iter().map(|condition| (*condition).clone()).collect());
    canonize(&mut all);
    all
}

/// From the leaves up.
fn canonize(expr: &mut Expr) {
    expr.for_each_child_mut(&mut canonize);
    let taken = std::mem::replace(expr, Expr::Literal(Literal::Null));
    *expr = match taken {
        Expr::Column(mut column) => {
            column.relation = 0;
            Expr::Column(column)
        }
        Expr::Literal(literal) => Expr::Literal(one_spelling(literal)),
        Expr::Collate { expr, .. } => *expr,
        Expr::Cast { expr, to } => uncast(expr, to),
        Expr::Operator { op, left: None, right } if op == "-" => negative(op, right),
        Expr::Compare(op, left, right) => compare(op, left, right),
        Expr::AnyAll { op, left, right, all } => any_all(op, left, right, all),
        Expr::InList { expr, list, negated } => in_list(expr, list, negated),
        Expr::IsTruth { expr, truth: Some(truth), negated: false } => truth_of(*expr, truth),
        Expr::Not(inner) => not(*inner),
        Expr::And(parts) => in_order(parts, true),
        Expr::Or(parts) => in_order(parts, false),
        other => other,
    };
}

fn text(expr: &Expr) -> String {
    print_expr(expr, &|column| format!("{}.{}", column.level, column.column))
}

/// A literal keeps its value under any type; a column of one text type is the same under another.
fn uncast(expr: Box<Expr>, to: String) -> Expr {
    match *expr {
        Expr::Literal(_) => *expr,
        Expr::Column(_) | Expr::Name(_) if is_text_type(&to) => *expr,
        _ => Expr::Cast { expr, to },
    }
}

fn one_spelling(literal: Literal) -> Literal {
    let written = match literal {
        Literal::Null => return Literal::Null,
        Literal::Bool(value) => return Literal::Bool(value),
        Literal::Number(text) | Literal::Text(text) => text,
    };
    let is_number = written.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number = written.parse::<f64>().ok().filter(|n| is_number && n.is_finite());
    // Beyond 2^53 numbers that differ would become one.
    if let Some(number) = number.filter(|number| number.abs() < 9.0e15) {
        return Literal::Text(format!("{number}"));
    }
    Literal::Text(date_without_zone(&written))
}

/// `2024-02-01 00:00:00+00` is `2024-02-01`, and 10:00 is 10:00:00.
fn date_without_zone(written: &str) -> String {
    let is_date = written.len() >= 10
        && written.bytes().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_date {
        return written.to_owned();
    }
    let zone = written.get(10..).and_then(|time| time.find(['+', '-', 'Z'])).map(|at| at + 10);
    let local = written.get(..zone.unwrap_or(written.len())).unwrap_or(written);
    let (day, time) = local.split_at_checked(10).unwrap_or((local, ""));
    match time.replace('T', " ").as_str() {
        "" | " 00:00" | " 00:00:00" => day.to_owned(),
        minutes if minutes.len() == 6 => format!("{day}{minutes}:00"),
        time => format!("{day}{time}"),
    }
}

fn negative(op: String, right: Box<Expr>) -> Expr {
    match *right {
        Expr::Literal(Literal::Text(digits)) if digits.parse::<f64>().is_ok() => {
            Expr::Literal(Literal::Text(match digits.strip_prefix('-') {
                Some(positive) => positive.to_owned(),
                None => format!("-{digits}"),
            }))
        }
        _ => Expr::Operator { op, left: None, right },
    }
}

fn compare(op: CompareOp, left: Box<Expr>, right: Box<Expr>) -> Expr {
    let (op, left, right) = match (left.is_constant_here(), right.is_constant_here()) {
        (true, false) => (op.commuted(), right, left),
        (false, false) if text(&right) < text(&left) => (op.commuted(), right, left),
        _ => (op, left, right),
    };
    match (op, &*right) {
        (CompareOp::Eq, Expr::Literal(Literal::Bool(truth))) => truth_of(*left, *truth),
        (CompareOp::Ne, Expr::Literal(Literal::Bool(truth))) => truth_of(*left, !*truth),
        _ => Expr::Compare(op, left, right),
    }
}

fn truth_of(expr: Expr, truth: bool) -> Expr {
    if truth { expr } else { not(expr) }
}

fn not(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => *inner,
        Expr::Compare(op, left, right) => Expr::Compare(op.negated(), left, right),
        Expr::InList { expr, list, negated } => Expr::InList { expr, list, negated: !negated },
        Expr::IsNull { expr, negated } => Expr::IsNull { expr, negated: !negated },
        Expr::Like { kind, expr, pattern, negated } => {
            Expr::Like { kind, expr, pattern, negated: !negated }
        }
        other => Expr::Not(Box::new(other)),
    }
}

/// `= ANY ('{1,2}'::integer[])` and `<> ALL` are IN and NOT IN.
fn any_all(op: CompareOp, left: Box<Expr>, right: Box<Expr>, all: bool) -> Expr {
    let negated = match (op, all) {
        (CompareOp::Eq, false) => false,
        (CompareOp::Ne, true) => true,
        _ => return Expr::AnyAll { op, left, right, all },
    };
    match *right {
        Expr::Array(list) => in_list(left, list, negated),
        Expr::Cast { expr, .. } if matches!(*expr, Expr::Array(_)) => any_all(op, left, expr, all),
        Expr::Literal(Literal::Text(array)) if array.starts_with('{') && !array.contains('\\') => {
            let items = array.trim_matches(['{', '}']).split(',').map(|item| {
                Expr::Literal(one_spelling(Literal::Text(item.trim().trim_matches('"').to_owned())))
            });
            in_list(left, items.collect(), negated)
        }
        right => Expr::AnyAll { op, left, right: Box::new(right), all },
    }
}

fn in_list(expr: Box<Expr>, mut list: Vec<Expr>, negated: bool) -> Expr {
    order::sort_by_key(&mut list, text);
    list.dedup();
    let op = if negated { CompareOp::Ne } else { CompareOp::Eq };
    match list.pop() {
        Some(only) if list.is_empty() => compare(op, expr, Box::new(only)),
        last => {
            list.extend(last);
            Expr::InList { expr, list, negated }
        }
    }
}

fn in_order(parts: Vec<Expr>, and: bool) -> Expr {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::And(inner) if and => flat.extend(inner),
            Expr::Or(inner) if !and => flat.extend(inner),
            other => flat.push(other),
        }
    }
    order::sort_by_key(&mut flat, text);
    flat.dedup();
    match flat.pop() {
        Some(only) if flat.is_empty() => only,
        last => {
            flat.extend(last);
            if and { Expr::And(flat) } else { Expr::Or(flat) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::sql::parse::parse_expr;

    fn same(query: &str, plan: &str) -> bool {
        let read = |text: &str| canonical(&parse_expr(text, Dialect::Postgres).unwrap());
        read(query) == read(plan)
    }

    #[test]
    fn what_a_query_says_is_what_its_plan_prints() {
        for (query, plan) in [
            ("status = 'open'", "((status)::text = 'open'::text)"),
            ("12 < a", "(a > 12)"),
            ("a = 1 and b > 2", "((b > 2) AND (a = 1))"),
            ("a in (2, 1)", "(a = ANY ('{1,2}'::integer[]))"),
            ("s in ('x y', 'z')", "(s = ANY ('{\"x y\",z}'::text[]))"),
            ("a not in (1, 2)", "(a <> ALL ('{1,2}'::integer[]))"),
            ("a between 1 and 3", "((a >= 1) AND (a <= 3))"),
            ("d >= '2024-02-01'", "(d >= '2024-02-01 00:00:00+00'::timestamp with time zone)"),
            ("d < '2024-02-01 10:00'", "(d < '2024-02-01 10:00:00'::timestamp without time zone)"),
            ("d = '2024-02-01T10:00:07Z'", "(d = '2024-02-01 10:00:07+00'::timestamptz)"),
            ("fare > 8.50", "(fare > 8.5)"),
            ("id = -1", "(id = '-1'::integer)"),
            ("active = true", "active"),
            ("not active", "(NOT active)"),
            ("name like 'a%'", "(name ~~ 'a%'::text)"),
            ("name not ilike 'a%'", "(name !~~* 'a%'::text)"),
            ("lower(name) = 'x'", "(lower(name) = 'x'::text)"),
            ("at > now() - interval '7 days'", "(at > (now() - '7 days'::interval))"),
            ("deleted_at is null", "(deleted_at IS NULL)"),
        ] {
            assert!(same(query, plan), "{query} is {plan}");
        }
        for (query, plan) in [("a = 1", "(a = 2)"), ("a > 1", "(a >= 1)"), ("a = 1", "(b = 1)")] {
            assert!(!same(query, plan), "{query} is not {plan}");
        }
    }
}
