//! What clients put around a plan. A frame takes the plan's lines and returns a paste.

/// Puts a frame around lines.
pub type Wrap = Box<dyn Fn(&[String]) -> String>;

/// A frame by name.
pub struct Frame {
    pub name: String,
    pub wrap: Wrap,
}

fn frame(name: &str, wrap: impl Fn(&[String]) -> String + 'static) -> Frame {
    Frame { name: name.to_owned(), wrap: Box::new(wrap) }
}

fn lines_of(text: &[String]) -> String {
    text.join("\n") + "\n"
}

fn width(lines: &[String]) -> usize {
    lines.iter().map(|line| line.chars().count()).max().unwrap_or(0).max("QUERY PLAN".len())
}

fn padded(line: &str, width: usize) -> String {
    format!("{line}{}", " ".repeat(width.saturating_sub(line.chars().count())))
}

fn centred(width: usize) -> String {
    format!("{:^width$}", "QUERY PLAN")
}

/// Line-drawing characters of psql: across, down, and the three kinds of corners and joints.
#[derive(Clone, Copy)]
pub struct Style {
    name: &'static str,
    across: char,
    down: char,
    top: [char; 2],
    middle: [char; 2],
    bottom: [char; 2],
    mark: char,
}

pub const ASCII: Style = Style {
    name: "ascii",
    across: '-',
    down: '|',
    top: ['+', '+'],
    middle: ['+', '+'],
    bottom: ['+', '+'],
    mark: '+',
};

const OLD_ASCII: Style = Style { name: "old-ascii", mark: ' ', ..ASCII };

const SINGLE: Style = Style {
    name: "unicode",
    across: '─',
    down: '│',
    top: ['┌', '┐'],
    middle: ['├', '┤'],
    bottom: ['└', '┘'],
    mark: '↵',
};

const DOUBLE: Style = Style {
    name: "unicode double",
    across: '═',
    down: '║',
    top: ['╔', '╗'],
    middle: ['╠', '╣'],
    bottom: ['╚', '╝'],
    mark: '↵',
};

/// psql's aligned output; `one_cell` when the lines are one cell (JSON) and not a row each.
pub fn psql(lines: &[String], border: usize, style: Style, one_cell: bool, footer: &str) -> String {
    let width = width(lines);
    let inner = if border == 0 { width } else { width + 2 };
    let rule = |[left, right]: [char; 2]| {
        let across = style.across.to_string().repeat(inner);
        if border == 2 { format!("{left}{across}{right}\n") } else { format!("{across}\n") }
    };
    let row = |line: &str, goes_on: bool| {
        let mark = if goes_on { style.mark } else { ' ' };
        let cell = padded(line, width);
        match border {
            0 => format!("{cell}{mark}").trim_end().to_owned() + "\n",
            1 => format!(" {cell}{mark}").trim_end().to_owned() + "\n",
            _ => format!("{0} {cell}{mark}{0}\n", style.down),
        }
    };
    let mut out = String::new();
    if border == 2 {
        out += &rule(style.top);
    }
    out += &row(&centred(width), false);
    out += &rule(style.middle);
    for (at, line) in lines.iter().enumerate() {
        out += &row(line, one_cell && at + 1 < lines.len());
    }
    if border == 2 {
        out += &rule(style.bottom);
    }
    out + footer + "\n"
}

/// psql's `\x`.
fn expanded(lines: &[String], one_cell: bool) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if !one_cell || at == 0 {
            out += &format!("-[ RECORD {} ]{}\n", at + 1, "-".repeat(width(lines)));
        }
        let title = if one_cell && at > 0 { "          " } else { "QUERY PLAN" };
        let mark = if one_cell && at + 1 < lines.len() { "+" } else { "" };
        let cell = if one_cell { padded(line, width(lines)) } else { line.clone() };
        out += &format!("{title} | {cell}{mark}\n");
    }
    out
}

fn quoted(lines: &[String], always: bool) -> String {
    let quote = |line: &String| {
        if always || line.contains([',', '"']) {
            format!("\"{}\"", line.replace('"', "\"\""))
        } else {
            line.clone()
        }
    };
    lines_of(&lines.iter().map(quote).collect::<Vec<_>>())
}

fn dbeaver(lines: &[String]) -> String {
    let width = width(lines);
    let mut out = format!("{}|\n{}+\n", padded("QUERY PLAN", width), "-".repeat(width));
    for line in lines {
        out += &format!("{}|\n", padded(line, width));
    }
    out
}

fn inserts(lines: &[String], one_statement: bool) -> String {
    let cell = |line: &String| format!("('{}')", line.replace('\'', "''"));
    let lead = "INSERT INTO \"MY_TABLE\" (\"QUERY PLAN\") VALUES ";
    if one_statement {
        let cells: Vec<String> = lines.iter().map(cell).collect();
        return format!("{lead}{};\n", cells.join(",\n"));
    }
    lines.iter().map(|line| format!("{lead}{};\n", cell(line))).collect()
}

/// A terminal that is `columns` wide cuts every line there.
fn cut(text: &str, columns: usize) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let chars: Vec<char> = line.trim_end_matches('\n').chars().collect();
        if chars.is_empty() {
            out.push('\n');
        }
        for part in chars.chunks(columns) {
            out.extend(part);
            out.push('\n');
        }
    }
    out
}

fn footer(lines: &[String], word: &str) -> String {
    format!("({} {word})", lines.len())
}

/// Every frame for a plan in the text format.
pub fn for_text() -> Vec<Frame> {
    let mut frames = vec![
        frame("plain", lines_of),
        frame("pgAdmin quotes", |lines| quoted(lines, true)),
        frame("csv", |lines| format!("QUERY PLAN\n{}", quoted(lines, false))),
        frame("dbeaver", dbeaver),
        frame("inserts", |lines| inserts(lines, false)),
        frame("one insert", |lines| inserts(lines, true)),
        frame("psql expanded", |lines| expanded(lines, false)),
        frame("psql unaligned", |lines| {
            format!("QUERY PLAN\n{}{}\n", lines_of(lines), footer(lines, "rows"))
        }),
        frame("crlf", |lines| lines_of(lines).replace('\n', "\r\n")),
        frame("trailing space and blank lines", |lines| lines_of(lines).replace('\n', "  \n\n")),
        frame("tabs", |lines| lines_of(lines).replace("    ", "\t")),
        frame("no-break spaces", |lines| lines_of(lines).replace("  ", "\u{a0} ")),
        frame("indented", |lines| lines_of(lines).replace('\n', "\n     ")),
        frame("first line not indented", |lines| lines_of(lines).replace('\n', "\n        ")),
        frame("prompt above", |lines| {
            let footer = footer(lines, "rows");
            format!(
                "app=# explain (analyze, buffers)\napp-# select a\n   from t;\n{}",
                psql(lines, 1, ASCII, false, &footer)
            )
        }),
        frame("query text above", |lines| {
            format!("Query Text: select a\n   from t;\n{}", lines_of(lines))
        }),
    ];
    for style in [ASCII, OLD_ASCII, SINGLE, DOUBLE] {
        for border in 0..3 {
            frames.push(frame(&format!("psql border {border} {}", style.name), move |lines| {
                psql(lines, border, style, false, &footer(lines, "rows"))
            }));
        }
    }
    for word in ["lignes", "Zeilen", "строк", "filas", "行"] {
        frames.push(frame(&format!("psql ({word})"), move |lines| {
            psql(lines, 1, ASCII, false, &footer(lines, word))
        }));
    }
    for columns in [60, 80, 100, 120, 137] {
        frames.push(frame(&format!("cut at {columns}"), move |lines| {
            cut(&psql(lines, 1, ASCII, false, &footer(lines, "rows")), columns)
        }));
        frames.push(frame(&format!("bare cut at {columns}"), move |lines| {
            cut(&lines_of(lines), columns)
        }));
    }
    frames
}

/// Every frame for a plan that is one cell: JSON, YAML, XML.
pub fn for_cell() -> Vec<Frame> {
    let mut frames = vec![
        frame("plain", lines_of),
        frame("pgAdmin quotes", |lines| format!("\"{}\"\n", lines.join("\n").replace('"', "\"\""))),
        frame("csv", |lines| {
            format!("QUERY PLAN\n\"{}\"\n", lines.join("\n").replace('"', "\"\""))
        }),
        frame("psql expanded", |lines| expanded(lines, true)),
        frame("psql unaligned", |lines| format!("QUERY PLAN\n{}(1 row)\n", lines_of(lines))),
        frame("crlf", |lines| lines_of(lines).replace('\n', "\r\n")),
        frame("prompt above", |lines| {
            let framed = psql(lines, 1, ASCII, true, "(1 row)");
            format!("app=# explain (analyze, format json) select a from t;\n{framed}")
        }),
        frame("prose around", |lines| {
            format!("Here is what it does:\n\n{}\nWhat is wrong?\n", lines_of(lines))
        }),
    ];
    for style in [ASCII, OLD_ASCII, SINGLE, DOUBLE] {
        for border in 0..3 {
            frames.push(frame(&format!("psql border {border} {}", style.name), move |lines| {
                psql(lines, border, style, true, "(1 row)")
            }));
        }
    }
    frames
}
