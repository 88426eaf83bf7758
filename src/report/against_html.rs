//! Before and after DDL in the static page.

use super::against_text::{
    difference_line, effect_line, lock_line, proposed_name, query_lines, summary, usage,
};
use super::data::Report;
use super::html::{escape, write_list, write_section, write_table};
use super::units::{bytes, count};
use crate::against::{ComparedQuery, Happens, Verdict};

/// The section, where something is proposed.
pub fn write_against(out: &mut String, report: &Report) {
    let Some(against) = &report.against else { return };
    let title = format!("Today against the {}", proposed_name(against));
    write_section(out, &title, |out| {
        out.push_str(&format!("<p>{}.</p>\n", escape(&summary(against))));
        let changed = against.queries.iter().filter(|query| query.verdict != Verdict::Same);
        let head = ["query", "verdict", "#calls", "#cost today", "#cost proposed", "what changes"];
        write_table(out, &head, changed.map(query_row));
        let rows = against.statements.iter().map(|statement| {
            let notes: Vec<String> = statement.notes.iter().map(|note| escape(note)).collect();
            let safer: Vec<String> = statement
                .safer
                .iter()
                .map(|sql| format!("<code>{};</code>", escape(sql)))
                .collect();
            vec![
                format!("<code>{}</code>", escape(&statement.sql)),
                escape(&lock_line(statement)),
                escape(&effect_line(statement)),
                notes.join("<br>"),
                safer.join("<br>"),
            ]
        });
        write_table(out, &["statement", "locks", "effect", "notes", "safer form"], rows);
        let rows = against.indexes.iter().map(|index| {
            let sign = if index.happens == Happens::Added { "" } else { "-" };
            vec![
                index.happens.name().to_owned(),
                escape(&index.table),
                escape(&index.name),
                escape(&index.shape),
                format!("{sign}{}", bytes(index.size_bytes)),
                format!("{sign}{}", count(index.write_cost)),
                escape(&usage(index)),
                index.redundant.as_deref().map(escape).unwrap_or_default(),
            ]
        });
        let head = [
            "",
            "table",
            "index",
            "keys",
            "#size",
            "#write cost per 1 000 rows",
            "used",
            "redundant",
        ];
        write_table(out, &head, rows);
        write_list(out, against.differences.iter().map(|one| escape(&difference_line(one))));
    });
}

fn query_row(query: &ComparedQuery) -> Vec<String> {
    let cost = |cost: Option<f64>| cost.map(count).unwrap_or_default();
    let name = query.name.as_deref().map(|name| format!(" {}", escape(name))).unwrap_or_default();
    let lines: Vec<String> = query_lines(query).iter().map(|line| escape(line)).collect();
    vec![
        format!("{}{name}", escape(&query.id)),
        query.verdict.words().to_owned(),
        count(query.calls),
        cost(query.cost_before),
        cost(query.cost_after),
        lines.join("<br>"),
    ]
}
