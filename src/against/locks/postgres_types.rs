//! PostgreSQL: which change of a column's type keeps the bytes of its values (`ATColumnChangeRequiresRewrite`
//! of `tablecmds.c`, and the casts WITHOUT FUNCTION of `pg_cast`).

/// What a change of type has to touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The catalog alone.
    Catalog,
    /// Nothing while the session's time zone is UTC, else everything.
    TimeZone,
    /// The indexes on the column.
    Indexes,
    /// The whole table.
    Rewrite,
}

/// From one type to another, both as written.
pub fn type_change(old: &str, new: &str) -> Change {
    let (old, new) = (Type::of(old), Type::of(new));
    if old == new {
        return Change::Catalog;
    }
    let longer = || match (old.size(), new.size()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => new >= old,
    };
    match (old.name.as_str(), new.name.as_str()) {
        ("varchar", "varchar") | ("varbit", "varbit") if longer() => Change::Catalog,
        ("varchar" | "text", "text") => Change::Catalog,
        ("text", "varchar") if new.sizes.is_empty() => Change::Catalog,
        ("numeric", "numeric") if new.sizes.is_empty() => Change::Catalog,
        ("numeric", "numeric") => match (old.sizes.as_slice(), new.sizes.as_slice()) {
            // The same scale and room for as many digits before the point.
            ([p, rest_old @ ..], [q, rest_new @ ..]) if rest_old == rest_new && q >= p => {
                Change::Catalog
            }
            _ => Change::Rewrite,
        },
        ("timestamp", "timestamp")
        | ("timestamptz", "timestamptz")
        | ("time", "time")
        | ("interval", "interval")
            if longer() =>
        {
            Change::Catalog
        }
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") if longer() => Change::TimeZone,
        ("cidr", "inet") => Change::Catalog,
        ("text" | "varchar", "citext") | ("citext", "text") => Change::Indexes,
        _ => Change::Rewrite,
    }
}

/// Do two ways of writing a type mean the same?
pub fn same_type(old: &str, new: &str) -> bool {
    Type::of(old) == Type::of(new)
}

/// A type with its sizes: `numeric(10, 2)`.
#[derive(PartialEq)]
struct Type {
    name: String,
    sizes: Vec<u32>,
}

impl Type {
    fn of(written: &str) -> Type {
        let lower = written.to_ascii_lowercase();
        let (head, tail) = lower.split_once('(').unwrap_or((&lower, ""));
        let (inside, behind) = tail.split_once(')').unwrap_or((tail, ""));
        let sizes = inside.split(',').filter_map(|size| size.trim().parse().ok()).collect();
        let words: Vec<&str> = head.split_whitespace().chain(behind.split_whitespace()).collect();
        let name = words.join(" ");
        let name = name.trim_start_matches("pg_catalog.");
        let zoned = name.ends_with("with time zone");
        let bare = name.trim_end_matches(" with time zone").trim_end_matches(" without time zone");
        let name = match bare {
            "timestamp" if zoned => "timestamptz",
            "character varying" => "varchar",
            "bit varying" => "varbit",
            "character" | "char" | "bpchar" => "char",
            "decimal" => "numeric",
            "int" | "integer" | "int4" | "serial" => "int4",
            "bigint" | "int8" | "bigserial" => "int8",
            "smallint" | "int2" => "int2",
            "double precision" | "float8" | "float" => "float8",
            "real" | "float4" => "float4",
            "boolean" | "bool" => "bool",
            other => other,
        };
        Type { name: name.to_owned(), sizes }
    }

    fn size(&self) -> Option<u32> {
        self.sizes.first().copied()
    }
}
