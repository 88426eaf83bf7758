//! From `sqlparser`'s expressions to ours. Total: what has no counterpart is kept as text together
//! with the expressions inside it.

use sqlparser::ast::{
    self, BinaryOperator, DataType, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, Ident, ObjectName, UnaryOperator, Value,
};

use super::convert_query::{convert_query, convert_sort_keys};
use super::expr::{CompareOp, Expr, Function, LikeKind, Literal};
use super::query::Window;
use crate::dialect::Dialect;

/// A name as the dialect folds it: PostgreSQL lowers what is not quoted.
pub fn fold_ident(ident: &Ident, dialect: Dialect) -> String {
    if ident.quote_style.is_none() && dialect == Dialect::Postgres {
        ident.value.to_lowercase()
    } else {
        ident.value.clone()
    }
}

/// The parts of a qualified name.
pub fn fold_name(name: &ObjectName, dialect: Dialect) -> Vec<String> {
    name.0
        .iter()
        .map(|part| match part.as_ident() {
            Some(ident) => fold_ident(ident, dialect),
            None => part.to_string(),
        })
        .collect()
}

/// The conjuncts of a condition.
pub fn conjuncts(expr: Expr) -> Vec<Expr> {
    match expr {
        Expr::And(parts) => parts,
        other => vec![other],
    }
}

/// Converts one expression.
pub fn convert_expr(expr: ast::Expr, dialect: Dialect) -> Expr {
    Converter { dialect }.expr(expr)
}

/// `AND` of several conditions, flattened; a single one stays itself.
pub fn and_all(parts: Vec<Expr>) -> Expr {
    flatten(parts, true)
}

/// `OR` of several conditions, flattened; a single one stays itself.
pub fn or_all(parts: Vec<Expr>) -> Expr {
    flatten(parts, false)
}

fn flatten(parts: Vec<Expr>, and: bool) -> Expr {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::And(inner) if and => flat.extend(inner),
            Expr::Or(inner) if !and => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        1 => flat.remove(0),
        _ if and => Expr::And(flat),
        _ => Expr::Or(flat),
    }
}

/// `NOT expr`, pushed into comparisons and lists.
pub fn negate(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => *inner,
        Expr::Compare(op, left, right) => Expr::Compare(op.negated(), left, right),
        Expr::IsNull { expr, negated } => Expr::IsNull { expr, negated: !negated },
        Expr::IsTruth { expr, truth, negated } => Expr::IsTruth { expr, truth, negated: !negated },
        Expr::InList { expr, list, negated } => Expr::InList { expr, list, negated: !negated },
        Expr::Like { kind, expr, pattern, negated } => {
            Expr::Like { kind, expr, pattern, negated: !negated }
        }
        Expr::Exists { query, negated } => Expr::Exists { query, negated: !negated },
        Expr::AnyAllSubquery { op, left, query, all } => {
            Expr::AnyAllSubquery { op: op.negated(), left, query, all: !all }
        }
        Expr::AnyAll { op, left, right, all } => {
            Expr::AnyAll { op: op.negated(), left, right, all: !all }
        }
        Expr::And(parts) => or_all(parts.into_iter().map(negate).collect()),
        Expr::Or(parts) => and_all(parts.into_iter().map(negate).collect()),
        other => Expr::Not(Box::new(other)),
    }
}

/// A call of a named function, for syntax that is one in disguise.
pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Function(Box::new(Function {
        name: name.to_owned(),
        args,
        star: false,
        distinct: false,
        filter: None,
        order_by: Vec::new(),
        over: None,
    }))
}

struct Converter {
    dialect: Dialect,
}

impl Converter {
    fn boxed(&self, expr: ast::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn all(&self, exprs: Vec<ast::Expr>) -> Vec<Expr> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    fn expr(&self, expr: ast::Expr) -> Expr {
        use ast::Expr as E;
        match expr {
            E::Identifier(ident) => Expr::Name(vec![fold_ident(&ident, self.dialect)]),
            E::CompoundIdentifier(parts) => {
                Expr::Name(parts.iter().map(|part| fold_ident(part, self.dialect)).collect())
            }
            E::Nested(inner) => self.expr(*inner),
            E::Value(value) => literal(value.value),
            E::BinaryOp { left, op, right } => self.binary(*left, op, *right),
            E::UnaryOp { op, expr } => self.unary(op, *expr),
            E::IsNull(expr) => Expr::IsNull { expr: self.boxed(*expr), negated: false },
            E::IsNotNull(expr) => Expr::IsNull { expr: self.boxed(*expr), negated: true },
            E::IsTrue(expr) => self.truth(*expr, Some(true), false),
            E::IsNotTrue(expr) => self.truth(*expr, Some(true), true),
            E::IsFalse(expr) => self.truth(*expr, Some(false), false),
            E::IsNotFalse(expr) => self.truth(*expr, Some(false), true),
            E::IsUnknown(expr) => self.truth(*expr, None, false),
            E::IsNotUnknown(expr) => self.truth(*expr, None, true),
            E::IsDistinctFrom(a, b) => self.compare(CompareOp::Distinct, *a, *b),
            E::IsNotDistinctFrom(a, b) => self.compare(CompareOp::NotDistinct, *a, *b),
            E::Between { expr, negated, low, high } => self.between(*expr, negated, *low, *high),
            E::Exists { subquery, negated } => {
                Expr::Exists { query: Box::new(convert_query(*subquery, self.dialect)), negated }
            }
            E::Subquery(query) => Expr::Subquery(Box::new(convert_query(*query, self.dialect))),
            E::Tuple(parts) => Expr::Row(self.all(parts)),
            E::Array(array) => Expr::Array(self.all(array.elem)),
            E::Function(function) => self.function(function),
            E::Case { operand, conditions, else_result, .. } => Expr::Case {
                operand: operand.map(|expr| self.boxed(*expr)),
                branches: conditions
                    .into_iter()
                    .map(|branch| (self.expr(branch.condition), self.expr(branch.result)))
                    .collect(),
                otherwise: else_result.map(|expr| self.boxed(*expr)),
            },
            E::Collate { expr, collation } => Expr::Collate {
                expr: self.boxed(*expr),
                collation: fold_name(&collation, self.dialect).pop().unwrap_or_default(),
            },
            other => self.membership(other),
        }
    }

    /// IN, ANY, ALL and patterns.
    fn membership(&self, expr: ast::Expr) -> Expr {
        use ast::Expr as E;
        match expr {
            E::InList { expr, list, negated } => {
                Expr::InList { expr: self.boxed(*expr), list: self.all(list), negated }
            }
            E::InSubquery { expr, subquery, negated } => Expr::AnyAllSubquery {
                op: if negated { CompareOp::Ne } else { CompareOp::Eq },
                left: self.boxed(*expr),
                query: Box::new(convert_query(*subquery, self.dialect)),
                all: negated,
            },
            E::AnyOp { left, compare_op, right, .. } => {
                self.any_all(*left, &compare_op, *right, false)
            }
            E::AllOp { left, compare_op, right } => self.any_all(*left, &compare_op, *right, true),
            E::Like { negated, expr, pattern, .. } => {
                self.like(LikeKind::Like, negated, *expr, *pattern)
            }
            E::ILike { negated, expr, pattern, .. } => {
                self.like(LikeKind::ILike, negated, *expr, *pattern)
            }
            E::SimilarTo { negated, expr, pattern, .. } => {
                self.like(LikeKind::SimilarTo, negated, *expr, *pattern)
            }
            E::RLike { negated, expr, pattern, .. } => {
                self.like(LikeKind::Regex, negated, *expr, *pattern)
            }
            other => self.typed(other),
        }
    }

    /// Casts, and functions with a syntax of their own.
    fn typed(&self, expr: ast::Expr) -> Expr {
        use ast::Expr as E;
        match expr {
            E::Cast { expr, data_type, .. } => self.cast(*expr, &data_type),
            E::Convert { expr, data_type: Some(data_type), .. } => self.cast(*expr, &data_type),
            E::TypedString(typed) => Expr::Cast {
                expr: Box::new(literal(typed.value.value)),
                to: typed.data_type.to_string().to_lowercase(),
            },
            E::Interval(interval) => self.interval(interval),
            E::AtTimeZone { timestamp, time_zone } => {
                call("timezone", vec![self.expr(*time_zone), self.expr(*timestamp)])
            }
            E::Extract { field, expr, .. } => {
                let field = Literal::Text(field.to_string().to_lowercase());
                call("extract", vec![Expr::Literal(field), self.expr(*expr)])
            }
            E::Ceil { expr, .. } => call("ceil", vec![self.expr(*expr)]),
            E::Floor { expr, .. } => call("floor", vec![self.expr(*expr)]),
            E::Position { expr, r#in } => {
                call("position", vec![self.expr(*expr), self.expr(*r#in)])
            }
            E::Substring { expr, substring_from, substring_for, .. } => {
                let mut args = vec![self.expr(*expr)];
                args.extend(substring_from.map(|from| self.expr(*from)));
                args.extend(substring_for.map(|length| self.expr(*length)));
                call("substring", args)
            }
            E::Trim { trim_what, expr, .. } => {
                let mut args = vec![self.expr(*expr)];
                args.extend(trim_what.map(|what| self.expr(*what)));
                call("btrim", args)
            }
            E::CompoundFieldAccess { root, access_chain } => {
                let text = access_chain.iter().map(ToString::to_string).collect();
                Expr::Other { text, inputs: vec![self.expr(*root)] }
            }
            E::MatchAgainst { columns, .. } => Expr::Other {
                text: "MATCH AGAINST".to_owned(),
                inputs: columns
                    .iter()
                    .map(|name| Expr::Name(fold_name(name, self.dialect)))
                    .collect(),
            },
            E::GroupingSets(sets) | E::Cube(sets) | E::Rollup(sets) => {
                Expr::Row(sets.into_iter().flatten().map(|expr| self.expr(expr)).collect())
            }
            E::Named { expr, .. } | E::Prefixed { value: expr, .. } => self.expr(*expr),
            E::JsonAccess { value, path } => {
                Expr::Other { text: path.to_string(), inputs: vec![self.expr(*value)] }
            }
            other => Expr::Other { text: other.to_string(), inputs: Vec::new() },
        }
    }

    fn truth(&self, expr: ast::Expr, truth: Option<bool>, negated: bool) -> Expr {
        Expr::IsTruth { expr: self.boxed(expr), truth, negated }
    }

    fn compare(&self, op: CompareOp, left: ast::Expr, right: ast::Expr) -> Expr {
        Expr::Compare(op, self.boxed(left), self.boxed(right))
    }

    fn like(&self, kind: LikeKind, negated: bool, expr: ast::Expr, pattern: ast::Expr) -> Expr {
        Expr::Like { kind, expr: self.boxed(expr), pattern: self.boxed(pattern), negated }
    }

    fn between(&self, expr: ast::Expr, negated: bool, low: ast::Expr, high: ast::Expr) -> Expr {
        let expr = self.boxed(expr);
        let both = and_all(vec![
            Expr::Compare(CompareOp::Ge, expr.clone(), self.boxed(low)),
            Expr::Compare(CompareOp::Le, expr, self.boxed(high)),
        ]);
        if negated { negate(both) } else { both }
    }

    fn any_all(&self, left: ast::Expr, op: &BinaryOperator, right: ast::Expr, all: bool) -> Expr {
        let Some(op) = compare_op(op) else {
            let text = format!("{op} {}", if all { "ALL" } else { "ANY" });
            return Expr::Other { text, inputs: vec![self.expr(left), self.expr(right)] };
        };
        let left = self.boxed(left);
        match self.expr(right) {
            Expr::Subquery(query) => Expr::AnyAllSubquery { op, left, query, all },
            right => Expr::AnyAll { op, left, right: Box::new(right), all },
        }
    }

    fn cast(&self, expr: ast::Expr, data_type: &DataType) -> Expr {
        Expr::Cast { expr: self.boxed(expr), to: data_type.to_string().to_lowercase() }
    }

    /// `INTERVAL '30 days'`, `INTERVAL 30 DAY`: text with its unit, cast to interval.
    fn interval(&self, interval: ast::Interval) -> Expr {
        let unit = interval.leading_field.map(|field| field.to_string().to_lowercase());
        let value = match (self.expr(*interval.value), unit) {
            (Expr::Literal(Literal::Text(text) | Literal::Number(text)), Some(unit)) => {
                Expr::Literal(Literal::Text(format!("{text} {unit}")))
            }
            (value, _) => value,
        };
        Expr::Cast { expr: Box::new(value), to: "interval".to_owned() }
    }

    /// Chains of AND and OR come as deep left-leaning trees: walked in a loop, not by recursion.
    fn binary(&self, left: ast::Expr, op: BinaryOperator, right: ast::Expr) -> Expr {
        if matches!(op, BinaryOperator::And | BinaryOperator::Or) {
            let mut parts = vec![self.expr(right)];
            let mut rest = left;
            loop {
                match rest {
                    ast::Expr::BinaryOp { left, op: same, right } if same == op => {
                        parts.push(self.expr(*right));
                        rest = *left;
                    }
                    other => {
                        parts.push(self.expr(other));
                        break;
                    }
                }
            }
            parts.reverse();
            return flatten(parts, op == BinaryOperator::And);
        }
        if let Some(compare) = compare_op(&op) {
            return self.compare(compare, left, right);
        }
        let (kind, negated) = match op {
            BinaryOperator::PGLikeMatch => (LikeKind::Like, false),
            BinaryOperator::PGNotLikeMatch => (LikeKind::Like, true),
            BinaryOperator::PGILikeMatch => (LikeKind::ILike, false),
            BinaryOperator::PGNotILikeMatch => (LikeKind::ILike, true),
            BinaryOperator::PGRegexMatch | BinaryOperator::Regexp => (LikeKind::Regex, false),
            BinaryOperator::PGRegexNotMatch => (LikeKind::Regex, true),
            BinaryOperator::PGRegexIMatch => (LikeKind::IRegex, false),
            BinaryOperator::PGRegexNotIMatch => (LikeKind::IRegex, true),
            BinaryOperator::Glob => (LikeKind::Glob, false),
            other => {
                return Expr::Operator {
                    op: operator_name(&other),
                    left: Some(self.boxed(left)),
                    right: self.boxed(right),
                };
            }
        };
        self.like(kind, negated, left, right)
    }

    fn unary(&self, op: UnaryOperator, expr: ast::Expr) -> Expr {
        let inner = self.expr(expr);
        match (op, inner) {
            (UnaryOperator::Not | UnaryOperator::BangNot, inner) => negate(inner),
            (UnaryOperator::Plus, inner) => inner,
            (UnaryOperator::Minus, Expr::Literal(Literal::Number(digits))) => {
                Expr::Literal(Literal::Number(format!("-{digits}")))
            }
            (op, inner) => {
                Expr::Operator { op: op.to_string(), left: None, right: Box::new(inner) }
            }
        }
    }

    fn function(&self, function: ast::Function) -> Expr {
        let mut out = Function {
            name: fold_name(&function.name, self.dialect).pop().unwrap_or_default().to_lowercase(),
            args: Vec::new(),
            star: false,
            distinct: false,
            filter: function.filter.map(|filter| self.expr(*filter)),
            order_by: convert_sort_keys(function.within_group, self.dialect),
            over: function.over.map(|over| self.window(over)),
        };
        match function.args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => {
                out.args.push(Expr::Subquery(Box::new(convert_query(*query, self.dialect))));
            }
            FunctionArguments::List(list) => {
                out.distinct =
                    matches!(list.duplicate_treatment, Some(ast::DuplicateTreatment::Distinct));
                for arg in list.args {
                    match argument(arg) {
                        FunctionArgExpr::Expr(expr) => out.args.push(self.expr(expr)),
                        FunctionArgExpr::QualifiedWildcard(name) => {
                            out.args.push(Expr::Name(fold_name(&name, self.dialect)));
                        }
                        _ => out.star = true,
                    }
                }
                for clause in list.clauses {
                    if let FunctionArgumentClause::OrderBy(keys) = clause {
                        out.order_by = convert_sort_keys(keys, self.dialect);
                    }
                }
            }
        }
        Expr::Function(Box::new(out))
    }

    fn window(&self, window: ast::WindowType) -> Window {
        match window {
            ast::WindowType::NamedWindow(name) => {
                Window { name: Some(fold_ident(&name, self.dialect)), ..Window::default() }
            }
            ast::WindowType::WindowSpec(spec) => self.window_spec(spec),
        }
    }

    fn window_spec(&self, spec: ast::WindowSpec) -> Window {
        Window {
            name: spec.window_name.map(|name| fold_ident(&name, self.dialect)),
            partition_by: self.all(spec.partition_by),
            order_by: convert_sort_keys(spec.order_by, self.dialect),
            frame: spec.window_frame.map(|frame| frame_text(&frame)).unwrap_or_default(),
        }
    }
}

fn frame_text(frame: &ast::WindowFrame) -> String {
    let end = frame.end_bound.as_ref().map(|end| format!(" {end}")).unwrap_or_default();
    format!("{} {}{end}", frame.units, frame.start_bound)
}

/// Converts a named window's definition.
pub fn convert_window(spec: ast::WindowSpec, dialect: Dialect) -> Window {
    Converter { dialect }.window_spec(spec)
}

/// The value of a function argument, whatever its name.
pub fn argument(arg: FunctionArg) -> FunctionArgExpr {
    match arg {
        FunctionArg::Named { arg, .. }
        | FunctionArg::ExprNamed { arg, .. }
        | FunctionArg::Unnamed(arg) => arg,
    }
}

fn compare_op(op: &BinaryOperator) -> Option<CompareOp> {
    Some(match op {
        BinaryOperator::Eq => CompareOp::Eq,
        BinaryOperator::NotEq => CompareOp::Ne,
        BinaryOperator::Lt => CompareOp::Lt,
        BinaryOperator::LtEq => CompareOp::Le,
        BinaryOperator::Gt => CompareOp::Gt,
        BinaryOperator::GtEq => CompareOp::Ge,
        BinaryOperator::Spaceship => CompareOp::NotDistinct,
        BinaryOperator::PGCustomBinaryOperator(parts) => {
            return match parts.last().map(String::as_str) {
                Some("=") => Some(CompareOp::Eq),
                Some("<>") => Some(CompareOp::Ne),
                Some("<") => Some(CompareOp::Lt),
                Some("<=") => Some(CompareOp::Le),
                Some(">") => Some(CompareOp::Gt),
                Some(">=") => Some(CompareOp::Ge),
                _ => None,
            };
        }
        _ => return None,
    })
}

fn operator_name(op: &BinaryOperator) -> String {
    match op {
        BinaryOperator::PGCustomBinaryOperator(parts) => parts.last().cloned().unwrap_or_default(),
        other => other.to_string(),
    }
}

fn literal(value: Value) -> Expr {
    Expr::Literal(match value {
        Value::Number(digits, _) => Literal::Number(digits),
        Value::Boolean(value) => Literal::Bool(value),
        Value::Null => Literal::Null,
        Value::Placeholder(name) => return Expr::Param(name),
        Value::DollarQuotedString(text) => Literal::Text(text.value),
        Value::SingleQuotedString(text)
        | Value::DoubleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::NationalStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::HexStringLiteral(text) => Literal::Text(text),
        other => Literal::Text(other.to_string()),
    })
}
