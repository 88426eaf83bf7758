//! What a type says before any statistic: its width and how its values compare.

/// Families of types whose literals are compared alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeFamily {
    /// Integers, numerics, floats.
    Number,
    /// Text.
    Text,
    /// Dates and times; compared as seconds.
    Time,
    /// Booleans.
    Bool,
    /// UUIDs.
    Uuid,
    /// Anything else.
    Other,
}

/// The family of a type as written.
pub fn family(data_type: &str) -> TypeFamily {
    let name = base_name(data_type);
    match name {
        "bool" | "boolean" => TypeFamily::Bool,
        "uuid" => TypeFamily::Uuid,
        _ if data_type.ends_with("[]") || data_type.ends_with("range") => TypeFamily::Other,
        _ if [
            "int",
            "bigint",
            "smallint",
            "tinyint",
            "mediumint",
            "serial",
            "bigserial",
            "smallserial",
            "numeric",
            "decimal",
            "real",
            "double",
            "float",
            "money",
            "oid",
            "year",
            "number",
        ]
        .iter()
        .any(|known| name.starts_with(known))
            && name != "interval" =>
        {
            TypeFamily::Number
        }
        "date" | "datetime" => TypeFamily::Time,
        _ if name.starts_with("time") => TypeFamily::Time,
        _ if crate::sql::schema::is_text_type(name)
            || name == "name"
            || name.starts_with("enum")
            || name.starts_with("nvarchar")
            || name.starts_with("clob") =>
        {
            TypeFamily::Text
        }
        _ => TypeFamily::Other,
    }
}

/// The type's first word, without length and modifiers.
fn base_name(data_type: &str) -> &str {
    let end = data_type.find(['(', ' ', '[']).unwrap_or(data_type.len());
    data_type.get(..end).unwrap_or(data_type)
}

/// The average width in bytes that PostgreSQL's `get_typavgwidth` assumes without statistics: the
/// fixed length; for `varchar(n)` n up to 32, else `32 + (n - 32) / 2`; 32 for everything unbounded.
pub fn default_width(data_type: &str) -> f64 {
    let name = base_name(data_type);
    match name {
        "bool" | "boolean" | "\"char\"" | "tinyint" => 1.0,
        "smallint" | "int2" | "smallserial" => 2.0,
        "integer" | "int" | "int4" | "serial" | "serial4" | "date" | "real" | "float4" | "oid"
        | "mediumint" | "enum" => 4.0,
        "bigint" | "int8" | "bigserial" | "serial8" | "double" | "float8" | "float" | "money"
        | "timestamp" | "timestamptz" | "time" | "datetime" => 8.0,
        "uuid" | "interval" => 16.0,
        "numeric" | "decimal" => 8.0,
        "name" => 64.0,
        "inet" | "cidr" => 10.0,
        "point" => 16.0,
        _ => match declared_length(data_type) {
            Some(length) if length <= 32.0 => length,
            Some(length) if length < 1000.0 => 32.0 + (length - 32.0) / 2.0,
            Some(_) => 32.0 + (1000.0 - 32.0) / 2.0,
            None => 32.0,
        },
    }
}

/// `n` of `varchar(n)`.
fn declared_length(data_type: &str) -> Option<f64> {
    let (_, rest) = data_type.split_once('(')?;
    let digits = rest.split([')', ',']).next()?;
    digits.trim().parse().ok()
}

/// Alignment in bytes, as `pg_type.typalign`: what a value is padded to in front.
pub fn alignment(data_type: &str) -> f64 {
    match base_name(data_type) {
        "bool" | "boolean" | "\"char\"" | "uuid" | "tinyint" | "name" => 1.0,
        "smallint" | "int2" | "smallserial" => 2.0,
        "bigint" | "int8" | "bigserial" | "serial8" | "double" | "float8" | "float" | "money"
        | "timestamp" | "timestamptz" | "time" | "interval" | "datetime" | "point" => 8.0,
        "integer" | "int" | "int4" | "serial" | "serial4" | "date" | "real" | "float4" | "oid" => {
            4.0
        }
        // A short varlena has a one-byte header and no alignment.
        _ => 1.0,
    }
}

/// Fixed width, by value.
pub fn is_fixed_width(data_type: &str) -> bool {
    !matches!(family(data_type), TypeFamily::Text | TypeFamily::Other)
        && !matches!(base_name(data_type), "numeric" | "decimal")
}
