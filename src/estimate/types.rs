//! What a type says before any statistic: its canonical name, its width, how its values compare.

use std::borrow::Cow;

/// Families of types whose literals are compared alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeFamily {
    /// Integers, numerics, floats.
    Number,
    /// Text.
    Text,
    /// Dates and times.
    Time,
    /// Booleans.
    Bool,
    /// UUIDs.
    Uuid,
    /// Anything else.
    Other,
}

/// The name of a type as PostgreSQL's catalog has it, without modifiers: `int4`, `varchar`,
/// `timestamptz`; arrays end in `[]`. Types of other servers get the name of their nearest kin;
/// enums and other types of the user keep theirs.
pub fn canonical(data_type: &str) -> Cow<'_, str> {
    if let "int4" | "int8" | "text" | "varchar" | "numeric" | "bool" | "date" | "timestamptz" =
        data_type
    {
        return Cow::Borrowed(data_type);
    }
    let text = data_type.trim();
    if let Some(element) = text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        return Cow::Owned(format!("{}[]", canonical(element.0).trim_end_matches("[]")));
    }
    match without_modifier(text) {
        Cow::Borrowed(name) => Cow::Borrowed(known_name(name)),
        Cow::Owned(name) => Cow::Owned(known_name(&name).to_owned()),
    }
}

fn known_name(name: &str) -> &str {
    match base_name(name) {
        "bool" | "boolean" => "bool",
        "smallint" | "int2" | "smallserial" | "serial2" | "tinyint" | "year" => "int2",
        "integer" | "int" | "int4" | "serial" | "serial4" | "mediumint" => "int4",
        "bigint" | "int8" | "bigserial" | "serial8" => "int8",
        "real" | "float4" => "float4",
        "double" | "float8" | "float" => "float8",
        "numeric" | "decimal" | "number" => "numeric",
        "character" | "char" | "bpchar" if !name.contains("varying") => "bpchar",
        "character" | "char" | "varchar" | "nvarchar" => "varchar",
        "text" | "tinytext" | "mediumtext" | "longtext" | "clob" => "text",
        "timestamp" | "timestamptz" if is_zoned(name) => "timestamptz",
        "timestamp" | "datetime" => "timestamp",
        "time" | "timetz" if is_zoned(name) => "timetz",
        "time" => "time",
        "blob" | "bytea" | "varbinary" | "binary" => "bytea",
        other => other,
    }
}

fn is_zoned(name: &str) -> bool {
    name.contains("with time zone") || name.starts_with("timestamptz") || name.starts_with("timetz")
}

/// `numeric(15,2)` is `numeric`, `timestamp(3) with time zone` keeps its zone.
fn without_modifier(text: &str) -> Cow<'_, str> {
    match (text.find('('), text.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            let (before, after) = (text.get(..open), text.get(close + 1..));
            Cow::Owned(format!("{}{}", before.unwrap_or(""), after.unwrap_or("")))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The type's first word.
fn base_name(data_type: &str) -> &str {
    let end = data_type.find(['(', ' ', '[']).unwrap_or(data_type.len());
    data_type.get(..end).unwrap_or(data_type)
}

/// The family of a type as written.
pub fn family(data_type: &str) -> TypeFamily {
    family_of(&canonical(data_type))
}

/// The family of a canonical name.
pub fn family_of(name: &str) -> TypeFamily {
    match name {
        "bool" => TypeFamily::Bool,
        "uuid" => TypeFamily::Uuid,
        "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" | "money" | "oid" => {
            TypeFamily::Number
        }
        "date" | "timestamp" | "timestamptz" | "time" | "timetz" => TypeFamily::Time,
        "text" | "varchar" | "bpchar" | "name" | "\"char\"" | "citext" | "enum" | "set" => {
            TypeFamily::Text
        }
        _ => TypeFamily::Other,
    }
}

/// The fixed length of a type (`pg_type.typlen`); `None` for what varies. Enums of the user are not
/// known here: see [`super::sql_type`].
pub fn fixed_length(name: &str) -> Option<f64> {
    Some(match name {
        "bool" | "\"char\"" => 1.0,
        "int2" => 2.0,
        "int4" | "date" | "float4" | "oid" | "enum" | "regclass" | "xid" => 4.0,
        "int8" | "float8" | "money" | "timestamp" | "timestamptz" | "time" | "macaddr8" => 8.0,
        "macaddr" | "tid" => 6.0,
        "timetz" => 12.0,
        "uuid" | "interval" | "point" => 16.0,
        "line" | "circle" => 24.0,
        "box" | "lseg" => 32.0,
        "name" => 64.0,
        _ => return None,
    })
}

/// Bytes of a value without statistics (`get_typavgwidth`): the fixed length; of a declared maximum
/// all up to 32 bytes, and half of what is above that; 32 for what is unbounded. Characters count
/// four bytes, the most that one of UTF-8 takes.
pub fn default_width(data_type: &str) -> f64 {
    let name = canonical(data_type);
    if let Some(length) = fixed_length(&name) {
        return length;
    }
    let declared = declared_length(data_type);
    let longest = match (name.as_ref(), declared) {
        ("bpchar", length) => return length.unwrap_or(1.0) * 4.0 + 4.0,
        ("varchar", Some(length)) => length * 4.0 + 4.0,
        // Two bytes for every four digits, and a header.
        ("numeric", Some(digits)) => 8.0 + 2.0 * ((digits + 6.0) / 4.0).floor(),
        _ => return 32.0,
    };
    if longest <= 32.0 { longest } else { 32.0 + ((longest.min(1000.0) - 32.0) / 2.0).floor() }
}

/// `n` of `varchar(n)`.
fn declared_length(data_type: &str) -> Option<f64> {
    let (_, rest) = data_type.split_once('(')?;
    let digits = rest.split([')', ',']).next()?;
    digits.trim().parse().ok().filter(|n: &f64| *n >= 0.0)
}

/// Alignment in bytes (`pg_type.typalign`). A varying value with a short header needs none.
pub fn alignment(data_type: &str) -> f64 {
    match canonical(data_type).as_ref() {
        "int2" => 2.0,
        "int4" | "date" | "float4" | "oid" | "enum" => 4.0,
        "int8" | "float8" | "money" | "timestamp" | "timestamptz" | "time" | "timetz"
        | "interval" | "point" | "line" | "circle" | "box" | "lseg" => 8.0,
        _ => 1.0,
    }
}

/// Has a value always the same length?
pub fn is_fixed_width(data_type: &str) -> bool {
    fixed_length(&canonical(data_type)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_widths() {
        assert_eq!(canonical("character varying(64)"), "varchar");
        assert_eq!(canonical("timestamp(3) with time zone"), "timestamptz");
        assert_eq!(canonical("numeric(15,2)"), "numeric");
        assert_eq!(canonical("character(10)"), "bpchar");
        assert_eq!(canonical("text[]"), "text[]");
        assert_eq!(canonical("my_enum"), "my_enum");
        // type_maximum_size: 15 digits take 5 groups of 2 bytes, and the header 8.
        assert_eq!(default_width("numeric(15,2)"), 18.0);
        assert_eq!(default_width("varchar(64)"), 146.0);
        assert_eq!(default_width("char(10)"), 44.0);
        assert_eq!(default_width("text"), 32.0);
        assert_eq!(default_width("varchar(5000)"), 516.0);
    }
}
