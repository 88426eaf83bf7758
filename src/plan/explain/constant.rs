//! Constants and names of types as the server writes them (`get_const_expr` in `ruleutils.c`,
//! `format_type.c`): with the type behind them wherever the digits alone do not tell it.

use crate::sql::expr::Literal;

/// The SQL name of a type by its canonical name.
pub fn type_name(canonical: &str) -> String {
    if let Some(element) = canonical.strip_suffix("[]") {
        return format!("{}[]", type_name(element));
    }
    let name = match canonical {
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "bool" => "boolean",
        "varchar" => "character varying",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        other => other,
    };
    name.to_owned()
}

/// The name of a type as declared, with its modifier: `character varying(10)`.
pub fn declared_name(declared: &str, canonical: &str) -> String {
    let modifier = declared.find('(').zip(declared.find(')'));
    let modifier = modifier.and_then(|(open, close)| declared.get(open..=close));
    match (canonical, modifier) {
        ("bpchar", modifier) => format!("character{}", modifier.unwrap_or("(1)")),
        ("varchar" | "numeric", Some(modifier)) => format!("{}{modifier}", type_name(canonical)),
        _ => type_name(canonical),
    }
}

/// A constant of a type; of an unknown one, what its form says.
pub fn constant(literal: &Literal, canonical: &str) -> String {
    let text = match literal {
        Literal::Null if is_unknown(canonical) => return "NULL".to_owned(),
        Literal::Null => return format!("NULL::{}", type_name(canonical)),
        Literal::Bool(value) => return value.to_string(),
        Literal::Number(digits) if is_unknown(canonical) => {
            return constant(literal, crate::estimate::sql_type::number_type(digits));
        }
        Literal::Number(text) | Literal::Text(text) => text,
    };
    let begins_digit = text.starts_with(|c: char| c.is_ascii_digit());
    match canonical {
        "bool" if matches!(text.as_str(), "t" | "true" | "f" | "false") => {
            return text.starts_with('t').to_string();
        }
        "int4" if begins_digit => return text.clone(),
        "numeric" if begins_digit && text.contains(['.', 'e', 'E']) => return text.clone(),
        _ => {}
    }
    let name = if is_unknown(canonical) { "text".to_owned() } else { type_name(canonical) };
    format!("'{}'::{name}", in_full(text, canonical).replace('\'', "''"))
}

/// Elements of an array constant: `'{1,2}'::integer[]`.
pub fn array(elements: &[&Literal], canonical: &str) -> String {
    let element = |literal: &&Literal| match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Bool(value) => value.to_string().chars().take(1).collect(),
        Literal::Number(text) | Literal::Text(text) => quoted_element(&in_full(text, canonical)),
    };
    let list: Vec<String> = elements.iter().map(element).collect();
    let text = format!("{{{}}}", list.join(",")).replace('\'', "''");
    format!("'{text}'::{}[]", type_name(canonical))
}

fn quoted_element(text: &str) -> String {
    let is_plain = !text.is_empty()
        && !text.eq_ignore_ascii_case("null")
        && !text.contains(|c: char| c.is_ascii_whitespace() || "{},\"\\".contains(c));
    if is_plain {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A day as a point in time is its midnight.
fn in_full(text: &str, canonical: &str) -> String {
    let is_day = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match canonical {
        "timestamp" if is_day => format!("{text} 00:00:00"),
        "timestamptz" if is_day => format!("{text} 00:00:00+00"),
        _ => text.to_owned(),
    }
}

/// Is nothing known of the type?
pub fn is_unknown(canonical: &str) -> bool {
    matches!(canonical, "" | "unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_server_prints_them() {
        let text = |text: &str| Literal::Text(text.to_owned());
        let number = |digits: &str| Literal::Number(digits.to_owned());
        assert_eq!(constant(&number("5"), "int4"), "5");
        assert_eq!(constant(&number("-5"), "int4"), "'-5'::integer");
        assert_eq!(constant(&number("5"), "numeric"), "'5'::numeric");
        assert_eq!(constant(&number("0.5"), ""), "0.5");
        assert_eq!(constant(&text("it's"), "unknown"), "'it''s'::text");
        let midnight = "'2026-01-02 00:00:00+00'::timestamp with time zone";
        assert_eq!(constant(&text("2026-01-02"), "timestamptz"), midnight);
        let both = [&text("a b"), &Literal::Null];
        assert_eq!(array(&both, "bpchar"), "'{\"a b\",NULL}'::bpchar[]");
        assert_eq!(declared_name("char(3)", "bpchar"), "character(3)");
    }
}
