//! A predicate as Django's `Q` objects.

use super::words::{is_plain, python};
use crate::advise::change::{Condition, Constant};

/// The condition, where Django can say it.
pub fn write(one: &Condition) -> Option<String> {
    let joined = |parts: &[Condition], sign: &str| {
        let parts: Option<Vec<String>> = parts.iter().map(write).collect();
        Some(format!("({})", parts?.join(sign)))
    };
    match one {
        Condition::And(parts) => joined(parts, " & "),
        Condition::Or(parts) => joined(parts, " | "),
        Condition::IsNull(column, null) => {
            let null = if *null { "True" } else { "False" };
            lookup(column, "__isnull", null)
        }
        Condition::Compare(column, op, value) => {
            let suffix = match op.as_str() {
                "=" => "",
                "<" => "__lt",
                "<=" => "__lte",
                ">" => "__gt",
                ">=" => "__gte",
                _ => return None,
            };
            lookup(column, suffix, &constant(value))
        }
        Condition::In(column, values) => {
            let values: Vec<String> = values.iter().map(constant).collect();
            lookup(column, "__in", &format!("[{}]", values.join(", ")))
        }
    }
}

/// Words that cannot name an argument.
const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else \
                        except finally for from global if import in is lambda nonlocal not or pass \
                        raise return try while with yield";

fn lookup(column: &str, suffix: &str, value: &str) -> Option<String> {
    // Two underscores are Django's path from model to model.
    let is_field = is_plain(column) && !column.contains("__");
    is_field.then(|| match KEYWORDS.split(' ').any(|word| word == column) && suffix.is_empty() {
        true => format!("models.Q(({}, {value}))", python(column)),
        false => format!("models.Q({column}{suffix}={value})"),
    })
}

fn constant(value: &Constant) -> String {
    match value {
        Constant::Text(text) => python(text),
        Constant::Integer(digits) => {
            let digits = digits.trim_start_matches('0');
            if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
        }
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
    }
}
