//! Expressions as EXPLAIN prints them (`get_rule_expr` in `ruleutils.c`): constants with their types,
//! and the casts that the parser put in because an operator or function is of another type. Of other
//! databases than PostgreSQL they are printed as written.

use super::constant::{array, constant, declared_name, is_unknown, type_name};
use super::nodes::Printer;
use crate::dialect::Dialect;
use crate::estimate::sql_type::{common_type, expr_type};
use crate::estimate::types::{TypeFamily, canonical, family_of};
use crate::sql::expr::{ColumnRef, CompareOp, Expr, Function, LikeKind, Literal};
use crate::sql::print::{like_operator, print_expr};
use crate::sql::quote::quote_printed;

/// Functions of text: other strings are cast.
const OF_TEXT: [&str; 23] = [
    "ascii",
    "btrim",
    "char_length",
    "initcap",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "max",
    "md5",
    "min",
    "position",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "substr",
    "substring",
    "upper",
];

/// Prints expressions at one place of a plan.
pub struct Text<'t, 'p, 'a> {
    /// The level.
    pub printer: &'t Printer<'p, 'a>,
    /// In a scan's conditions its own columns stand without its name.
    pub own: Option<usize>,
    /// Columns stand with the name of their relation.
    pub is_qualified: bool,
    /// Columns of text stand without a cast, as in an index-only scan.
    pub is_bare: bool,
}

impl Text<'_, '_, '_> {
    /// The expression.
    pub fn expr(&self, expr: &Expr) -> String {
        if self.printer.root.configuration.catalog.dialect != Dialect::Postgres {
            return print_expr(expr, &|column| self.column(column));
        }
        let sub = |expr: &Expr| self.expr(expr);
        match expr {
            Expr::Literal(literal) => constant(literal, ""),
            Expr::Compare(op, left, right) => self.compare(*op, left, right),
            Expr::And(parts) => joined(parts.iter().map(sub), " AND "),
            Expr::Or(parts) => joined(parts.iter().map(sub), " OR "),
            Expr::Not(inner) => format!("(NOT {})", self.expr(inner)),
            Expr::IsNull { expr, negated: false } => format!("({} IS NULL)", self.expr(expr)),
            Expr::IsNull { expr, .. } => format!("({} IS NOT NULL)", self.expr(expr)),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::AnyAll { op, left, right, all } => {
                let which = if *all { "ALL" } else { "ANY" };
                let of = operand_types(&self.type_of(left), "unknown").0;
                let right = match &**right {
                    Expr::Array(list) => self.array(list, &of),
                    Expr::Literal(Literal::Text(text)) => format!("'{text}'::{}[]", type_name(&of)),
                    other => self.expr(other),
                };
                format!("({} {} {which} ({right}))", self.coerced(left, &of), op.sql())
            }
            Expr::Like { kind, expr, pattern, negated } => {
                let op = like_operator(*kind, *negated);
                let of = self.type_of(expr);
                let of =
                    if of == "bpchar" && *kind != LikeKind::SimilarTo { "bpchar" } else { "text" };
                format!("({} {op} {})", self.coerced(expr, of), self.coerced(pattern, "text"))
            }
            Expr::Operator { op, left: Some(left), right } => self.operator(op, left, right),
            Expr::Operator { op, left: None, right } => match (&**right, op.as_str()) {
                (Expr::Literal(Literal::Number(digits)), "-") => {
                    constant(&Literal::Number(format!("-{digits}")), "")
                }
                (other, op) => format!("({op} {})", self.expr(other)),
            },
            Expr::Function(call) => self.function(call),
            Expr::Cast { expr, to } => self.cast(expr, to),
            Expr::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())
            }
            Expr::Array(list) => self.array(list, &self.common(list)),
            Expr::Row(parts) => format!("ROW({})", self.list(parts)),
            other => print_expr(other, &|column| self.column(column)),
        }
    }

    fn column(&self, column: ColumnRef) -> String {
        self.printer.column(column, self.own, self.is_qualified)
    }

    fn list(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn type_of(&self, expr: &Expr) -> String {
        match expr {
            Expr::Column(column) => self.printer.column_type(*column),
            other => expr_type(&self.printer.root.scope, other),
        }
    }

    fn common(&self, exprs: &[Expr]) -> String {
        common_type(exprs.iter().map(|expr| self.type_of(expr)))
    }

    /// The expression as a value of a type.
    fn coerced(&self, expr: &Expr, to: &str) -> String {
        let own = self.type_of(expr);
        match expr {
            Expr::Literal(literal) => constant(literal, to),
            _ if is_unknown(to) || is_unknown(&own) || own == to => self.expr(expr),
            Expr::Cast { expr, .. } if matches!(**expr, Expr::Literal(_)) => self.coerced(expr, to),
            Expr::Column(column)
                if self.is_bare && self.own == Some(usize::from(column.relation)) =>
            {
                self.expr(expr)
            }
            _ => format!("({})::{}", self.expr(expr), type_name(to)),
        }
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr) -> String {
        if let (CompareOp::Eq, Expr::Literal(Literal::Bool(value))) = (op, right) {
            let left = self.expr(left);
            return if *value { left } else { format!("(NOT {left})") };
        }
        if let (Expr::Row(_), _) | (_, Expr::Row(_)) = (left, right) {
            return format!("({} {} {})", self.expr(left), op.sql(), self.expr(right));
        }
        let (of_left, of_right) = operand_types(&self.type_of(left), &self.type_of(right));
        let (left, right) = (self.coerced(left, &of_left), self.coerced(right, &of_right));
        match op {
            CompareOp::NotDistinct => format!("(NOT ({left} IS DISTINCT FROM {right}))"),
            op => format!("({left} {} {right})", op.sql()),
        }
    }

    fn operator(&self, op: &str, left: &Expr, right: &Expr) -> String {
        let (of_left, of_right) = (self.type_of(left), self.type_of(right));
        let time = |name: &str| family_of(name) == TypeFamily::Time || name == "interval";
        let (of_left, of_right) = match op {
            "||" if of_left == "jsonb" || of_left.ends_with("[]") => (of_left, of_right),
            "||" => ("text".to_owned(), "text".to_owned()),
            "+" | "-" if time(&of_left) && is_unknown(&of_right) => {
                (of_left, "interval".to_owned())
            }
            "+" | "-" | "*" | "/" | "%" => operand_types(&of_left, &of_right),
            "->" | "->>" if is_unknown(&of_right) => (of_left, "text".to_owned()),
            "#>" | "#>>" if is_unknown(&of_right) => (of_left, "text[]".to_owned()),
            _ if is_unknown(&of_right) => (of_left.clone(), of_left),
            _ => (of_left, of_right),
        };
        format!("({} {op} {})", self.coerced(left, &of_left), self.coerced(right, &of_right))
    }

    fn in_list(&self, expr: &Expr, list: &[Expr], negated: bool) -> String {
        let of = operand_types(&self.type_of(expr), &self.common(list)).0;
        let of = match list.iter().all(|item| is_unknown(&self.type_of(item))) {
            true => operand_types(&self.type_of(expr), "unknown").0,
            false => of,
        };
        let left = self.coerced(expr, &of);
        match (list, negated) {
            ([one], false) => format!("({left} = {})", self.coerced(one, &of)),
            ([one], true) => format!("({left} <> {})", self.coerced(one, &of)),
            (list, false) => format!("({left} = ANY ({}))", self.array(list, &of)),
            (list, true) => format!("({left} <> ALL ({}))", self.array(list, &of)),
        }
    }

    fn array(&self, list: &[Expr], of: &str) -> String {
        let values: Option<Vec<&Literal>> = list.iter().map(literal_of).collect();
        if let Some(values) = values {
            return array(&values, of);
        }
        let items: Vec<String> = list.iter().map(|item| self.coerced(item, of)).collect();
        format!("ARRAY[{}]", items.join(", "))
    }

    fn cast(&self, expr: &Expr, to: &str) -> String {
        let name = canonical(to);
        match expr {
            Expr::Literal(literal) => constant(literal, &name),
            _ if self.type_of(expr) == name && !to.contains('(') => self.expr(expr),
            _ => format!("({})::{}", self.expr(expr), declared_name(to, &name)),
        }
    }

    fn case(
        &self,
        operand: Option<&Expr>,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
    ) -> String {
        let results = branches.iter().map(|(_, result)| result).chain(otherwise);
        let of = common_type(results.map(|result| self.type_of(result)));
        let mut out = String::from("CASE");
        let compared = operand.map(|operand| operand_types(&self.type_of(operand), "unknown").0);
        if let Some((operand, of)) = operand.zip(compared.as_ref()) {
            out.push_str(&format!(" {}", self.coerced(operand, of)));
        }
        for (condition, result) in branches {
            let condition = match &compared {
                Some(of) => self.coerced(condition, of),
                None => self.expr(condition),
            };
            out.push_str(&format!(" WHEN {condition} THEN {}", self.coerced(result, &of)));
        }
        let otherwise = otherwise.unwrap_or(&Expr::Literal(Literal::Null));
        out + &format!(" ELSE {} END", self.coerced(otherwise, &of))
    }

    fn function(&self, call: &Function) -> String {
        let name = call.name.as_str();
        let mut out = match (name, call.args.as_slice()) {
            ("extract", [Expr::Literal(Literal::Text(part)), from]) => {
                return format!("EXTRACT({part} FROM {})", self.expr(from));
            }
            ("coalesce" | "greatest" | "least", args) => {
                let of = self.common(args);
                let args: Vec<String> = args.iter().map(|arg| self.coerced(arg, &of)).collect();
                return format!("{}({})", name.to_ascii_uppercase(), args.join(", "));
            }
            ("array", [query @ Expr::SubPlan(_)]) => return self.expr(query),
            ("nullif", [left, right]) => {
                let of = operand_types(&self.type_of(left), &self.type_of(right));
                let (left, right) = (self.coerced(left, &of.0), self.coerced(right, &of.1));
                return format!("NULLIF({left}, {right})");
            }
            (
                "current_date" | "current_time" | "current_timestamp" | "localtime"
                | "localtimestamp" | "current_user" | "current_role" | "session_user",
                [],
            ) => return name.to_ascii_uppercase(),
            _ if call.star => format!("{}(*", quote_printed(name)),
            (_, args) => {
                let distinct = if call.distinct { "DISTINCT " } else { "" };
                let arg = |(at, arg)| self.argument(name, at, arg);
                let args: Vec<String> = args.iter().enumerate().map(arg).collect();
                format!("{}({distinct}{}", quote_printed(name), args.join(", "))
            }
        };
        for (at, key) in call.order_by.iter().enumerate() {
            out.push_str(if at == 0 { " ORDER BY " } else { ", " });
            out.push_str(&self.expr(&key.expr));
        }
        out.push(')');
        if let Some(filter) = &call.filter {
            out.push_str(&format!(" FILTER (WHERE {})", self.expr(filter)));
        }
        if call.over.is_some() {
            out.push_str(" OVER (?)");
        }
        out
    }

    fn argument(&self, function: &str, at: usize, arg: &Expr) -> String {
        if let (Expr::Literal(Literal::Text(text)), true) = (arg, takes_any(function, at)) {
            return format!("'{}'", text.replace('\'', "''"));
        }
        let of = self.type_of(arg);
        let is_text = OF_TEXT.binary_search(&function).is_ok();
        let own_order = matches!(function, "min" | "max") && of == "bpchar";
        match of.as_str() {
            "varchar" | "bpchar" if is_text && !own_order => self.coerced(arg, "text"),
            _ => self.expr(arg),
        }
    }
}

/// May the argument be of any type, so that a literal has none?
fn takes_any(function: &str, at: usize) -> bool {
    match function {
        "concat" | "json_build_object" | "jsonb_build_object" | "json_build_array"
        | "jsonb_build_array" => true,
        "concat_ws" | "format" => at > 0,
        _ => false,
    }
}

fn literal_of(expr: &Expr) -> Option<&Literal> {
    match expr {
        Expr::Literal(literal) => Some(literal),
        Expr::Cast { expr, .. } => literal_of(expr),
        _ => None,
    }
}

fn joined(parts: impl Iterator<Item = String>, with: &str) -> String {
    format!("({})", parts.collect::<Vec<_>>().join(with))
}

/// The types of an operator's sides once the parser has found one for both. Integers, and times, of
/// different types have operators of their own.
fn operand_types(left: &str, right: &str) -> (String, String) {
    let text = |name: &str| if name == "varchar" { "text".to_owned() } else { name.to_owned() };
    let float = |name: &str| matches!(name, "float4" | "float8");
    match (left, right) {
        _ if is_unknown(left) => (text(right), text(right)),
        _ if is_unknown(right) => (text(left), text(left)),
        ("numeric", other) if float(other) => ("float8".to_owned(), text(other)),
        (other, "numeric") if float(other) => (text(other), "float8".to_owned()),
        ("numeric", other) | (other, "numeric") if family_of(other) == TypeFamily::Number => {
            ("numeric".to_owned(), "numeric".to_owned())
        }
        (left, right) if float(left) != float(right) && family_of(left) == family_of(right) => {
            ("float8".to_owned(), "float8".to_owned())
        }
        ("bpchar", "text" | "varchar") | ("text" | "varchar", "bpchar") => {
            ("text".to_owned(), "text".to_owned())
        }
        (left, right) => (text(left), text(right)),
    }
}
