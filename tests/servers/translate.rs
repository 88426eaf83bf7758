//! The samples in the words of other dialects: their types, their quotes, no partial index with now().

use crate::{Sample, read};

/// What PostgreSQL says, and what the other dialect says instead; longer phrases first.
type Words = &'static [(&'static str, &'static str)];

const SQLITE: Words = &[
    ("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "integer PRIMARY KEY"),
    ("integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "integer PRIMARY KEY"),
    ("bigserial PRIMARY KEY", "integer PRIMARY KEY"),
    ("serial PRIMARY KEY", "integer PRIMARY KEY"),
    ("DEFAULT now()", "DEFAULT CURRENT_TIMESTAMP"),
    (" workflow_status", " text"),
];

const MARIADB: Words = &[
    ("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "bigint AUTO_INCREMENT PRIMARY KEY"),
    ("integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "integer AUTO_INCREMENT PRIMARY KEY"),
    ("bigserial PRIMARY KEY", "bigint AUTO_INCREMENT PRIMARY KEY"),
    ("serial PRIMARY KEY", "integer AUTO_INCREMENT PRIMARY KEY"),
    (" workflow_status", " varchar(16)"),
    ("timestamptz", "datetime"),
    ("jsonb", "json"),
    // Only a column of bounded length can be a key.
    ("kind text", "kind varchar(64)"),
    ("status text", "status varchar(64)"),
    ("channel text", "channel varchar(64)"),
    (" key varchar", " `key` varchar"),
    ("WHERE key =", "WHERE `key` ="),
    ("\"", "`"),
];

pub fn to_sqlite(sample: &Sample) -> Sample {
    translate(sample, SQLITE)
}

pub fn to_mariadb(sample: &Sample) -> Sample {
    translate(sample, MARIADB)
}

fn translate(sample: &Sample, words: Words) -> Sample {
    // The sample `agents` is a dump; what it was dumped from is easier to translate.
    let schema = match sample.name {
        "agents" => read("tests/record/agents-schema.sql"),
        _ => sample.schema.clone(),
    };
    let mut statements: Vec<&str> = schema.split(";\n").collect();
    statements.retain(|statement| !statement.contains("CREATE TYPE"));
    statements
        .retain(|statement| !statement.contains("CREATE INDEX") || !statement.contains("now()"));
    let replaced =
        |text: &str| words.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    Sample {
        name: sample.name,
        schema: replaced(&statements.join(";\n")),
        queries: replaced(&sample.queries),
        statistics: None,
    }
}
