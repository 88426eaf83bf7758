//! What the page is made of: sections, tables, lists, code. Text from outside goes through `escape`.

use std::fmt::Write;

use crate::report::units::unbroken_numbers;
use crate::report::words::terminated;

/// A section of a title and an address; left out when there is nothing in it.
pub fn write_section(out: &mut String, title: &str, write: impl FnOnce(&mut String)) {
    let id = address(title);
    let head = format!("<section id=\"{id}\">\n<h2>{}</h2>", escape(title));
    write_unless_empty(out, &head, "</section>", write);
}

/// A part of a section under a title of its own.
pub fn write_part(out: &mut String, title: &str, write: impl FnOnce(&mut String)) {
    write_unless_empty(out, &format!("<h3>{title}</h3>"), "", write);
}

/// A part that is folded on the screen; `title` is HTML.
pub fn write_details(out: &mut String, title: &str, write: impl FnOnce(&mut String)) {
    let head = format!("<details><summary>{title}</summary>");
    write_unless_empty(out, &head, "</details>", write);
}

fn write_unless_empty(out: &mut String, head: &str, foot: &str, write: impl FnOnce(&mut String)) {
    let mut body = String::new();
    write(&mut body);
    if !body.is_empty() {
        let _ = writeln!(out, "{head}\n{body}{foot}");
    }
}

/// A table; a column whose title starts with `#` holds numbers. Cells are HTML already.
pub fn write_table(out: &mut String, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let class = |title: &str| if title.starts_with('#') { " class=\"number\"" } else { "" };
    out.push_str("<div class=\"scroll\"><table>\n<thead><tr>");
    for title in head {
        let name = title.trim_start_matches('#');
        let _ = write!(out, "<th scope=\"col\"{}>{name}</th>", class(title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (title, cell) in head.iter().zip(row) {
            let _ = write!(out, "<td{}>{cell}</td>", class(title));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// A list of HTML items.
pub fn write_list(out: &mut String, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.map(|item| format!("<li>{item}</li>\n")).collect();
    if !items.is_empty() {
        let _ = writeln!(out, "<ul>\n{}</ul>", items.concat());
    }
}

/// Names and values; values are HTML.
pub fn write_facts(out: &mut String, class: &str, facts: impl Iterator<Item = (String, String)>) {
    let facts: Vec<String> = facts
        .map(|(name, value)| format!("<div><dt>{}</dt><dd>{value}</dd></div>\n", escape(&name)))
        .collect();
    if !facts.is_empty() {
        let _ = writeln!(out, "<dl class=\"{class}\">\n{}</dl>", facts.concat());
    }
}

/// Statements, each with its end.
pub fn write_code<'a>(out: &mut String, statements: impl Iterator<Item = &'a String>) {
    let statements: Vec<String> = statements.map(|s| terminated(s)).collect();
    if !statements.is_empty() {
        write_text(out, &statements.join("\n"));
    }
}

/// A text as it is.
pub fn write_text(out: &mut String, text: &str) {
    let _ = writeln!(out, "<pre><code>{}</code></pre>", escape(text.trim_end()));
}

/// Lines one below the other.
pub fn escape_lines(lines: &[String]) -> String {
    lines.iter().map(|line| prose(line)).collect::<Vec<_>>().join("<br>")
}

/// `Queries by indexes` -> `queries-by-indexes`.
pub fn address(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// A sentence; no number is cut at the end of a line.
pub fn prose(text: &str) -> String {
    escape(&unbroken_numbers(text))
}

/// A number with its unit, never cut at the end of a line.
pub fn figure(text: &str) -> String {
    escape(&text.replace(' ', "\u{a0}"))
}

/// Text as it is, in an element or a quoted attribute. What would turn the direction of the text
/// around or is no character is shown as a mark.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
