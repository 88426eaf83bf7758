//! Tables as clients print and export them: CSV, tab-separated, psql's and MySQL's frames, expanded
//! records, JSON arrays. All become rows of cells under named columns.

mod aligned;
mod delimited;
mod records;

use crate::text::Span;

/// Where a table begins and what its columns are called.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Names in lower case.
    pub columns: Vec<String>,
    /// How it is printed, for people: `CSV`, `a psql table`.
    pub shape: &'static str,
    body: Body,
}

/// What follows the header, and where.
#[derive(Debug, Clone, PartialEq)]
enum Body {
    Delimited { start: usize, delimiter: u8 },
    Aligned { start: usize, columns: Vec<Span>, framed: bool },
    Records { start: usize },
    Json { start: usize },
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names in lower case; records may add some to those of the header.
    pub columns: Vec<String>,
    /// Where each row begins, and its cells; missing cells are empty.
    pub rows: Vec<(usize, Vec<String>)>,
    /// One past the last line that belongs to it, `(n rows)` included.
    pub end: usize,
    /// Lines inside it that fit no row.
    pub skipped: usize,
}

/// Does a table begin at the line that starts at `at`? Looks at a few lines only.
pub fn find_header(text: &str, at: usize) -> Option<Header> {
    let first = super::lines(text.get(at..)?).next()?.1;
    let content = first.trim_start();
    match content.bytes().next()? {
        b'[' | b'{' => records::find_json(text, at),
        b'-' | b'*' if content.starts_with("-[ ") || content.starts_with("***") => {
            records::find_records(text, at)
        }
        _ => aligned::find_aligned(text, at).or_else(|| delimited::find_delimited(text, at)),
    }
}

/// Reads the rows behind a header.
pub fn read_rows(text: &str, header: &Header) -> Table {
    match &header.body {
        Body::Delimited { start, delimiter } => {
            delimited::read_delimited(text, *start, *delimiter, &header.columns)
        }
        Body::Aligned { start, columns, framed } => {
            aligned::read_aligned(text, *start, columns, *framed, &header.columns)
        }
        Body::Records { start } => records::read_records(text, *start),
        Body::Json { start } => records::read_json_rows(text, *start),
    }
}

impl Table {
    /// The position of the first of these columns that the table has.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.columns.iter().position(|column| column == name))
    }

    /// The cell of a row, without space around it; none if it is empty or NULL.
    pub fn cell<'a>(&self, row: &'a [String], column: Option<usize>) -> Option<&'a str> {
        let cell = row.get(column?)?.trim();
        let null = matches!(cell, "" | "NULL" | "null" | "\\N" | "[null]" | "¤" | "∅" | "<null>");
        (!null).then_some(cell)
    }

    /// A cell as a number: `1234.5`, `1,234`, `1e6`.
    pub fn number(&self, row: &[String], column: Option<usize>) -> Option<f64> {
        let cell = self.cell(row, column)?;
        let number = cell.parse().or_else(|_| cell.replace([',', '_', ' ', '\u{a0}'], "").parse());
        number.ok().filter(|n: &f64| n.is_finite())
    }
}

/// Is it the name of a column, as a header has it?
fn is_column_name(cell: &str) -> bool {
    let cell = cell.trim();
    !cell.is_empty()
        && cell.len() <= 63
        && cell.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && cell.chars().all(|c| c.is_alphanumeric() || "_ ().%/-".contains(c))
}

/// `(8 rows)`, in any language; MySQL's `8 rows in set (0.01 sec)`.
fn is_footer(line: &str) -> bool {
    if line.contains(" in set (") && line.starts_with(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let inner = line.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| {
        let (count, word) = inner.split_once(' ').unwrap_or((inner, ""));
        count.bytes().all(|b| b.is_ascii_digit()) && !count.is_empty() && !word.contains(' ')
    })
}

/// One past the line that starts at `at`, its break included.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    super::lines(rest).nth(1).map_or(text.len(), |(start, _)| at + start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One table in every shape; the second cell of the first row has a line break and a bar.
    const SHAPES: [(&str, &str); 9] = [
        ("csv", "calls,query\n5,\"select 1\n  || \"\"é\"\"\"\n7,select 2\n"),
        ("semicolons", "\"calls\";\"query\"\n5;\"select 1\n  || \"\"é\"\"\"\n7;\"select 2\"\n"),
        ("tabs", "calls\tquery\n5\tselect 1\\n  || \"é\"\n7\tselect 2\n"),
        (
            "psql",
            " calls |   query   \n-------+-----------\n     5 | select 1 +\n       |   || \"é\" \n     7 | \
             select 2\n(2 rows)\n",
        ),
        (
            "psql border 2",
            "+-------+-----------+\n| calls |   query   |\n+-------+-----------+\n|     5 | select 1 +|\n\
             |       |   || \"é\"  |\n|     7 | select 2  |\n+-------+-----------+\n(2 rows)\n",
        ),
        (
            "psql unicode",
            " calls │   query   \n───────┼───────────\n     5 │ select 1 ↵\n       │   || \"é\" \n     7 │ \
             select 2\n(2 Zeilen)\n",
        ),
        (
            "psql expanded",
            "-[ RECORD 1 ]----\ncalls | 5\nquery | select 1 +\n      |   || \"é\"\n-[ RECORD 2 \
             ]----\ncalls | 7\nquery | select 2\n\n",
        ),
        (
            "mysql vertical",
            "*************************** 1. row ***************************\ncalls: 5\nquery: select \
             1\n  || \"é\"\n*************************** 2. row \
             ***************************\ncalls: 7\nquery: select 2\n",
        ),
        (
            "json",
            "[{\"calls\": 5, \"query\": \"select 1\\n  || \\\"é\\\"\"},\n {\"calls\": 7, \"query\": \
             \"select 2\"}]\n",
        ),
    ];

    #[test]
    fn every_shape_gives_the_same_rows() {
        for (name, text) in SHAPES {
            let header = find_header(text, 0).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(header.columns, ["calls", "query"], "{name}");
            let table = read_rows(text, &header);
            let rows: Vec<_> = table.rows.iter().map(|(_, row)| row.join("~")).collect();
            assert_eq!(rows, ["5~select 1\n  || \"é\"", "7~select 2"], "{name}");
            assert_eq!(text[table.end..].trim(), "", "{name}");
        }
    }

    #[test]
    fn a_table_ends_where_it_ends() {
        for (name, text) in SHAPES {
            let text = format!("{text}\nSELECT calls, query FROM t;\n");
            let table = read_rows(&text, &find_header(&text, 0).unwrap());
            assert_eq!((table.rows.len(), name), (2, name));
            assert!(text[table.end..].trim().starts_with("SELECT"), "{name}");
        }
    }

    #[test]
    fn cut_tables_do_not_panic() {
        for (_, text) in SHAPES {
            for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
                if let Some(header) = find_header(&text[..end], 0) {
                    read_rows(&text[..end], &header);
                }
            }
        }
    }

    #[test]
    fn statements_are_no_tables() {
        let texts = [
            "select a,\n  b from t;",
            "calls,query\nfrom x",
            "a,b\n",
            "insert into t (a, b) values (1, 2),\n(3, 4);",
            "-- a | b\n-- ---+---\n",
        ];
        for text in texts {
            assert_eq!(find_header(text, 0), None, "{text}");
        }
    }
}
