//! Expressions as SQL text.

use super::expr::{ColumnRef, Expr, LikeKind, Literal};

/// Prints an expression; `name` gives the text of a resolved column. Subqueries print as `(SubPlan)`.
pub fn print_expr(expr: &Expr, name: &dyn Fn(ColumnRef) -> String) -> String {
    let sub = |expr: &Expr| print_expr(expr, name);
    let list = |exprs: &[Expr]| exprs.iter().map(sub).collect::<Vec<_>>().join(", ");
    match expr {
        Expr::Name(parts) => parts.join("."),
        Expr::Column(column) => name(*column),
        Expr::Literal(literal) => print_literal(literal),
        Expr::Param(param) => param.clone(),
        Expr::Compare(op, left, right) => format!("({} {} {})", sub(left), op.sql(), sub(right)),
        Expr::And(parts) => join(parts, " AND ", &sub),
        Expr::Or(parts) => join(parts, " OR ", &sub),
        Expr::Not(inner) => format!("(NOT {})", sub(inner)),
        Expr::IsNull { expr, negated } => {
            format!("({} IS {}NULL)", sub(expr), not(*negated))
        }
        Expr::IsTruth { expr, truth, negated } => {
            let truth = match truth {
                Some(true) => "TRUE",
                Some(false) => "FALSE",
                None => "UNKNOWN",
            };
            format!("({} IS {}{truth})", sub(expr), not(*negated))
        }
        Expr::InList { expr, list: values, negated } => {
            format!("({} {}IN ({}))", sub(expr), not(*negated), list(values))
        }
        Expr::AnyAll { op, left, right, all } => {
            let which = if *all { "ALL" } else { "ANY" };
            format!("({} {} {which} ({}))", sub(left), op.sql(), sub(right))
        }
        Expr::AnyAllSubquery { op, left, all, .. } => {
            let which = if *all { "ALL" } else { "ANY" };
            format!("({} {} {which} (SubPlan))", sub(left), op.sql())
        }
        Expr::Exists { negated, .. } => format!("({}EXISTS(SubPlan))", not(*negated)),
        Expr::Subquery(_) => "(SubPlan)".to_owned(),
        Expr::Like { kind, expr, pattern, negated } => {
            let op = like_operator(*kind, *negated);
            format!("({} {op} {})", sub(expr), sub(pattern))
        }
        Expr::Operator { op, left: Some(left), right } => {
            format!("({} {op} {})", sub(left), sub(right))
        }
        Expr::Operator { op, left: None, right } => format!("({op} {})", sub(right)),
        Expr::Function(call) => {
            let args = if call.star { "*".to_owned() } else { list(&call.args) };
            let distinct = if call.distinct { "DISTINCT " } else { "" };
            format!("{}({distinct}{args})", call.name)
        }
        Expr::Cast { expr, to } => match **expr {
            Expr::Literal(_) | Expr::Param(_) => format!("{}::{to}", sub(expr)),
            _ => format!("({})::{to}", sub(expr)),
        },
        Expr::Case { operand, branches, otherwise } => {
            let mut out = String::from("CASE");
            out.extend(operand.iter().map(|operand| format!(" {}", sub(operand))));
            for (condition, result) in branches {
                out.push_str(&format!(" WHEN {} THEN {}", sub(condition), sub(result)));
            }
            out.extend(otherwise.iter().map(|expr| format!(" ELSE {}", sub(expr))));
            out + " END"
        }
        Expr::Row(parts) => format!("ROW({})", list(parts)),
        Expr::Array(parts) => format!("ARRAY[{}]", list(parts)),
        Expr::Collate { expr, collation } => format!("({} COLLATE \"{collation}\")", sub(expr)),
        Expr::SubPlan(plan) if plan.is_init => format!("${}", plan.param),
        Expr::SubPlan(plan) if plan.is_hashed => format!("(hashed SubPlan {})", plan.number),
        Expr::SubPlan(plan) => format!("(SubPlan {})", plan.number),
        Expr::Other { text, inputs } if inputs.is_empty() => text.clone(),
        Expr::Other { text, inputs } => format!("({} {text})", list(inputs)),
    }
}

fn join(parts: &[Expr], with: &str, sub: &dyn Fn(&Expr) -> String) -> String {
    format!("({})", parts.iter().map(sub).collect::<Vec<_>>().join(with))
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

/// The operator PostgreSQL prints for a pattern match.
pub fn like_operator(kind: LikeKind, negated: bool) -> &'static str {
    match (kind, negated) {
        (LikeKind::Like, false) => "~~",
        (LikeKind::Like, true) => "!~~",
        (LikeKind::ILike, false) => "~~*",
        (LikeKind::ILike, true) => "!~~*",
        (LikeKind::Regex, false) => "~",
        (LikeKind::Regex, true) => "!~",
        (LikeKind::IRegex, false) => "~*",
        (LikeKind::IRegex, true) => "!~*",
        (LikeKind::SimilarTo, false) => "SIMILAR TO",
        (LikeKind::SimilarTo, true) => "NOT SIMILAR TO",
        (LikeKind::Glob, false) => "GLOB",
        (LikeKind::Glob, true) => "NOT GLOB",
    }
}

/// A literal as SQL, quotes doubled.
pub fn print_literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(digits) => digits.clone(),
        Literal::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}
