//! What psql's `\d table` and `\d+ table` print: what people paste when they are asked for a schema.
//! Columns, indexes, constraints and partitioning are read; triggers, policies, publications and the
//! column details of `\d+` are skipped.

use super::ddl::{read_constraint_definition, read_index_definition};
use super::facts::{AlterAction, ColumnDef, Constraint, CreateIndex, CreateTable, Ddl, Facts};
use super::{Claim, Format, Segment};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::order;
use crate::sql::expr::Expr;
use crate::sql::parse::parse_expr;
use crate::sql::schema::{Name, TableKind};
use crate::text::{lines, table};

/// The format.
pub const FORMAT: Format = Format { name: "psql-describe", title: "psql \\d output", claim, read };

/// How psql heads each kind of relation, and what becomes of it: nothing for what is no table.
const HEADS: [(&str, Option<TableKind>); 14] = [
    ("Table", Some(TableKind::Ordinary)),
    ("Unlogged table", Some(TableKind::Ordinary)),
    ("Partitioned table", Some(TableKind::Partitioned)),
    ("Unlogged partitioned table", Some(TableKind::Partitioned)),
    ("Materialized view", Some(TableKind::MaterializedView)),
    ("Unlogged materialized view", Some(TableKind::MaterializedView)),
    ("Foreign table", Some(TableKind::Foreign)),
    ("View", None),
    ("Index", None),
    ("Unlogged index", None),
    ("Partitioned index", None),
    ("Sequence", None),
    ("TOAST table", None),
    ("Composite type", None),
];

/// Lines behind the columns that stand for themselves or begin a list.
const FOOTERS: [&str; 32] = [
    "Indexes:",
    "Check constraints:",
    "Foreign-key constraints:",
    "Foreign keys:",
    "Referenced by:",
    "Partition key:",
    "Partition of:",
    "Partition constraint:",
    "Partitions:",
    "Number of partitions:",
    "Inherits:",
    "Child tables:",
    "Number of child tables:",
    "Triggers:",
    "Disabled triggers:",
    "Disabled user triggers:",
    "Triggers firing always:",
    "Rules:",
    "Disabled rules:",
    "Policies:",
    "Policies (forced row security enabled):",
    "Statistics objects:",
    "Publications:",
    "Not-null constraints:",
    "Access method:",
    "Tablespace:",
    "Options:",
    "Typed table of type:",
    "Replica Identity:",
    "Has OIDs:",
    "Server:",
    "FDW options:",
];

/// The head line: what it is, and its name.
fn head(line: &str) -> Option<(Option<TableKind>, Name)> {
    let line = line.trim();
    HEADS.iter().find_map(|(head, kind)| {
        let name = line.strip_prefix(head)?.strip_prefix(" \"")?.strip_suffix('"')?;
        let (schema, name) = name.split_once('.').unwrap_or(("", name));
        let schema = Some(schema.to_owned()).filter(|schema| !schema.is_empty());
        Some((*kind, Name { schema, name: name.to_owned() }))
    })
}

fn is_title(cells: &[String]) -> bool {
    let has = |title: &str| cells.iter().any(|cell| cell == title);
    has("Column") && has("Type")
}

fn is_footer(line: &str) -> bool {
    let line = line.trim_start();
    FOOTERS.iter().any(|footer| line.starts_with(footer)) || line.starts_with("Policies (")
}

/// Does one of a description's lists, definitions or remarks begin with this line?
fn is_remark(line: &str) -> bool {
    let line = line.trim_start();
    is_footer(line)
        || [
            "View definition:",
            "Owned by:",
            "Sequence for identity",
            "Owning table:",
            "No partition",
        ]
        .iter()
        .any(|start| line.starts_with(start))
        || line.contains(", for table \"")
}

fn claim(text: &str, at: usize) -> Option<Claim> {
    let rest = text.get(at..)?;
    let mut all = lines(rest);
    let (_, name) = all.next().and_then(|(_, line)| head(line))?;
    let (_, second) = all.find(|(_, line)| !is_rule(line))?;
    if !second.contains("Type") {
        return None;
    }
    let mut end = 0;
    let mut behind_rows = false;
    let mut in_view = false;
    let mut open = 0;
    for (start, line) in lines(rest) {
        let content = line.trim();
        let is_next = start > 0 && (content.is_empty() || head(line).is_some());
        behind_rows |= is_remark(line);
        let is_row = !behind_rows
            && (line.contains(['|', '│']) || is_rule(line) || line.starts_with([' ', 'C']));
        let is_item = behind_rows
            && (line.starts_with([' ', '"', '\t']) || content.starts_with("TABLE") || open > 0);
        if is_next || !(start == 0 || is_row || is_item || in_view || is_remark(line)) {
            break;
        }
        in_view = (in_view || content == "View definition:") && !content.ends_with(';');
        open = if behind_rows { open_after(line, open) } else { 0 };
        end = start + line.len();
    }
    Some(Claim {
        end: at + end,
        reason: format!("psql's description of {:?}", name.to_string()),
        dialect: Some(Dialect::Postgres),
    })
}

/// Parentheses that are open behind a line: a long expression is printed over several.
fn open_after(line: &str, open: usize) -> usize {
    line.bytes().fold(open, |open, byte| match byte {
        b'(' => open + 1,
        b')' => open.saturating_sub(1),
        _ => open,
    })
}

/// A line of nothing but frame.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().all(|c| "+-=─┼═╪┌┐└┘┬┴├┤ ".contains(c))
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    let text = segment.text();
    let mut all = lines(text);
    facts.entries += 1;
    let Some((Some(kind), name)) = all.next().and_then(|(_, line)| head(line)) else { return };
    let place = segment.source.place(segment.span.start);
    let mut table = CreateTable {
        name,
        kind,
        columns: columns(text),
        if_not_exists: true,
        source: Some(place),
        ..CreateTable::default()
    };
    let mut more = Vec::new();
    let mut section = "";
    for (start, line) in footer_lines(text) {
        let content = line.trim();
        if is_footer(&line) {
            section = FOOTERS
                .iter()
                .find(|footer| content.starts_with(**footer))
                .map_or("", |footer| footer.trim_end_matches(':'));
            let value = content.split_once(':').map_or("", |(_, value)| value.trim());
            read_footer(section, value, &mut table, &mut more, segment.span.start + start, segment);
        } else if !content.is_empty() && !section.is_empty() {
            let at = segment.span.start + start;
            if read_item(section, content, &mut table, &mut more, at, segment).is_none() {
                facts.diagnostics.push(not_understood(section, content, segment, at));
            }
        }
    }
    // Partitions are attached when their indexes are known.
    order::sort_by_key(&mut more, |ddl| matches!(ddl, Ddl::AlterTable { .. }));
    facts.dumps.insert(segment.source.piece);
    facts.ddl.push(Ddl::CreateTable(Box::new(table)));
    facts.ddl.append(&mut more);
}

/// The lines behind the columns; one that leaves a parenthesis open goes on in the next.
pub fn footer_lines(text: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = 0;
    for (start, line) in lines(text).skip(1).skip_while(|(_, line)| !is_footer(line)) {
        match out.last_mut().filter(|_| open > 0) {
            Some((_, last)) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            None => out.push((start, line.to_owned())),
        }
        open = open_after(line, open);
    }
    out
}

fn not_understood(section: &str, content: &str, segment: &Segment<'_>, at: usize) -> Diagnostic {
    let message = format!("in {section:?} of the description, cannot read {content:?}");
    Diagnostic::new(Severity::Warning, "describe-line-not-understood", message)
        .help("The line is left out of the review; the rest of the table is kept.")
        .at(segment.source.place(at))
}

fn columns(text: &str) -> Vec<ColumnDef> {
    let (titles, rows) = rows(text);
    rows.iter().filter_map(|row| column(&titles, row)).collect()
}

/// The table of columns: its titles and its rows.
pub fn rows(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let Some((start, title)) = lines(text).find(|(_, line)| line.contains("Column")) else {
        return (Vec::new(), Vec::new());
    };
    if !title.contains(['|', '│']) {
        let plain = table::read_table(text, start, is_title).unwrap_or_default();
        return (plain.columns, plain.rows.into_iter().map(|(_, row)| row).collect());
    }
    let rows = lines(text)
        .skip_while(|(at, _)| *at <= start)
        .take_while(|(_, line)| is_rule(line) || (line.contains(['|', '│']) && !is_footer(line)))
        .filter(|(_, line)| !is_rule(line))
        .map(|(_, line)| cells(line));
    (cells(title), rows.collect())
}

/// Cells of a line; a lone `|` with space around it separates, so that `a || b` stays whole.
fn cells(line: &str) -> Vec<String> {
    let line = line.replace('│', "|");
    let body = line.trim();
    let body = body.strip_prefix('|').map_or(body, |b| b.strip_suffix('|').unwrap_or(b));
    let padded = format!(" {body} ");
    let separator = if padded.contains(" | ") { " | " } else { "|" };
    padded.split(separator).map(|cell| cell.trim().to_owned()).collect()
}

fn column(titles: &[String], row: &[String]) -> Option<ColumnDef> {
    let cell = |title: &str| {
        let at = titles.iter().position(|known| known == title)?;
        row.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    };
    let name = cell("Column")?.to_owned();
    // Before PostgreSQL 10 NOT NULL and DEFAULT stood in one cell.
    let modifiers = cell("Modifiers").unwrap_or("");
    let default = cell("Default").or_else(|| modifiers.split_once("default ").map(|(_, d)| d));
    let not_null = cell("Nullable").or(Some(modifiers)).is_some_and(|n| n.contains("not null"));
    let expression = default
        .and_then(|text| text.strip_prefix("generated always as ("))
        .and_then(|text| text.trim_end_matches(" stored").strip_suffix(')'))
        .and_then(|text| parse_expr(text, Dialect::Postgres).ok());
    Some(ColumnDef {
        name,
        data_type: cell("Type").unwrap_or("").to_owned(),
        not_null,
        default: default.map(str::to_owned),
        generated: expression,
        collation: cell("Collation").map(str::to_owned),
    })
}

/// A footer that has its value on its line.
fn read_footer(
    section: &str,
    value: &str,
    table: &mut CreateTable,
    more: &mut Vec<Ddl>,
    at: usize,
    segment: &Segment<'_>,
) {
    match section {
        "Partition key" => {
            let (strategy, keys) = value.split_once(' ').unwrap_or((value, ""));
            let keys = keys.trim().trim_start_matches('(').trim_end_matches(')');
            let expr = parse_expr(keys, Dialect::Postgres)
                .or_else(|_| parse_expr(&format!("({keys})"), Dialect::Postgres));
            let keys = match expr {
                Ok(Expr::Row(parts)) => parts,
                Ok(expr) => vec![expr],
                Err(_) => Vec::new(),
            };
            table.partition_by = Some((strategy.to_ascii_lowercase(), keys));
        }
        "Partition of" => {
            let (parent, bound) = value.split_once(' ').unwrap_or((value, ""));
            let bound = bound.trim().trim_start_matches("FOR VALUES").trim().to_owned();
            let parent = written_name(parent);
            if table.kind == TableKind::Ordinary {
                table.kind = TableKind::Partition;
            }
            more.push(Ddl::AlterTable {
                table: parent,
                action: AlterAction::AttachPartition(table.name.clone(), bound),
                only: true,
                source: segment.source.place(at),
            });
        }
        "Inherits" => {
            more.extend(value.split(',').map(str::trim).filter(|p| !p.is_empty()).map(|parent| {
                Ddl::AlterTable {
                    table: table.name.clone(),
                    action: AlterAction::Inherit(written_name(parent)),
                    only: true,
                    source: segment.source.place(at),
                }
            }))
        }
        "Options" => {
            let pairs = value.split(',').filter_map(|pair| pair.trim().split_once('='));
            table.options.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        _ => {}
    }
}

/// One line of a list. None when it should have been understood and was not.
fn read_item(
    section: &str,
    content: &str,
    table: &mut CreateTable,
    more: &mut Vec<Ddl>,
    at: usize,
    segment: &Segment<'_>,
) -> Option<()> {
    match section {
        "Indexes" => {
            let (name, definition) = named(content)?;
            match index(&name, definition, &table.name)? {
                Entry::Constraint(constraint) => table.constraints.push(*constraint),
                Entry::Index(mut index) => {
                    index.source = Some(segment.source.place(at));
                    more.push(Ddl::CreateIndex(index));
                }
            }
        }
        "Check constraints" | "Foreign-key constraints" | "Foreign keys" => {
            // A partition shows its parent's key as `TABLE "parent" CONSTRAINT "name" ...`.
            if content.starts_with("TABLE ") {
                return Some(());
            }
            let (name, definition) = named(content)?;
            let mut constraint = read_constraint_definition(definition, Dialect::Postgres)?;
            if let Constraint::ForeignKey { name: slot, .. } | Constraint::Check(slot, _) =
                &mut constraint
            {
                *slot = Some(name);
            }
            table.constraints.push(constraint);
        }
        _ => {}
    }
    Some(())
}

/// `"name" rest`
fn named(content: &str) -> Option<(String, &str)> {
    let rest = content.strip_prefix('"')?;
    let (name, rest) = rest.split_once("\" ")?;
    Some((name.to_owned(), rest.trim()))
}

enum Entry {
    Constraint(Box<Constraint>),
    Index(Box<CreateIndex>),
}

/// `PRIMARY KEY, btree (id)`, `UNIQUE CONSTRAINT, btree (a)`, `btree (a) WHERE b INVALID`.
fn index(name: &str, described: &str, table: &Name) -> Option<Entry> {
    let mut definition = described;
    let mut unusable = false;
    let marks = [" CLUSTER", " INVALID", " REPLICA IDENTITY", " INITIALLY DEFERRED", " DEFERRABLE"];
    while let Some(mark) = marks.iter().find(|mark| definition.ends_with(**mark)) {
        unusable |= *mark == " INVALID";
        definition = definition.trim_end_matches(mark);
    }
    if let Some((before, _)) = definition.rsplit_once(", tablespace \"") {
        definition = before;
    }
    let (kind, keys) = match definition.split_once(", ") {
        Some((kind, keys)) if !kind.contains('(') => (kind, keys),
        _ => ("", definition),
    };
    let kind = kind.to_ascii_uppercase();
    let quoted = name.replace('"', "\"\"");
    if matches!(kind.as_str(), "PRIMARY KEY" | "UNIQUE CONSTRAINT") || keys.starts_with("EXCLUDE") {
        let what = kind.strip_suffix(" CONSTRAINT").unwrap_or(&kind);
        let using = if what.is_empty() { "" } else { " USING " };
        let sql = format!("CONSTRAINT \"{quoted}\" {what}{using}{keys}");
        return read_constraint_definition(&sql, Dialect::Postgres)
            .map(|c| Entry::Constraint(Box::new(c)));
    }
    let schema = table.schema.as_ref().map_or(String::new(), |schema| format!("\"{schema}\"."));
    let sql = format!(
        "CREATE {kind}{}INDEX \"{quoted}\" ON {schema}\"{}\" USING {keys}",
        if kind.is_empty() { "" } else { " " },
        table.name
    );
    let mut index = read_index_definition(&sql, Dialect::Postgres)?;
    index.spec.definition = sql;
    index.spec.unusable = unusable;
    index.if_not_exists = true;
    Some(Entry::Index(Box::new(index)))
}

/// A name as psql prints it in a footer, quoted where it must be.
fn written_name(written: &str) -> Name {
    let mut parts = written.split('.').map(|part| part.trim_matches('"').to_owned()).rev();
    let name = parts.next().unwrap_or_default();
    Name { schema: parts.next(), name }
}
