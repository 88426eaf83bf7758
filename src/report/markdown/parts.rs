//! What the Markdown is made of. Text from outside is data, never markup.

use std::fmt::Write;

use crate::report::html;

pub(in crate::report) fn write_list(out: &mut String, items: impl Iterator<Item = String>) {
    let before = out.len();
    for item in items {
        let _ = writeln!(out, "- {item}");
    }
    if out.len() > before {
        out.push('\n');
    }
}

/// A collapsed section; left out when there is nothing in it.
pub(in crate::report) fn write_details(
    out: &mut String,
    title: &str,
    write: impl FnOnce(&mut String),
) {
    let mut body = String::new();
    write(&mut body);
    if !body.is_empty() {
        let body = body.trim_end();
        let _ = writeln!(out, "<details><summary>{title}</summary>\n\n{body}\n\n</details>\n");
    }
}

/// A table; a column whose title starts with `#` holds numbers. No more than `rows_max` rows; the others
/// are counted.
pub(in crate::report) fn write_table(
    out: &mut String,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    rows_max: usize,
) {
    let mut written = 0;
    let mut more = 0;
    for row in rows {
        if written == rows_max {
            more += 1;
            continue;
        }
        if written == 0 {
            let name = |title: &&str| title.trim_start_matches('#').to_owned();
            let rule = |title: &&str| if title.starts_with('#') { "---:" } else { "---" };
            let _ = writeln!(out, "| {} |", head.iter().map(name).collect::<Vec<_>>().join(" | "));
            let _ = writeln!(out, "|{}|", head.iter().map(rule).collect::<Vec<_>>().join("|"));
        }
        let _ = writeln!(out, "| {} |", row.join(" | "));
        written += 1;
    }
    if more > 0 {
        let _ = writeln!(out, "\nand {more} more");
    }
    if written > 0 {
        out.push('\n');
    }
}

/// A code block whose fence is longer than any run of backticks inside.
pub(in crate::report) fn write_code(out: &mut String, statements: &[String]) {
    if statements.is_empty() {
        return;
    }
    let fence = "`".repeat(longest_backticks(&statements.concat()).max(2) + 1);
    let _ = writeln!(out, "{fence}sql\n{}\n{fence}\n", statements.join("\n").trim_end());
}

/// Inline code on one line, in a table cell too.
pub(in crate::report) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let fence = "`".repeat(longest_backticks(&text) + 1);
    format!("{fence} {text} {fence}")
}

fn longest_backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text inside of a summary, which is HTML: no markup, no mention of a person or an issue.
pub(in crate::report) fn escape_html(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // The marks that escaping makes hold `#` too.
    html::escape(&text.replace('@', "@\u{2060}").replace('#', "#\u{2060}"))
}

/// Text as it is: no markup, no HTML, no list, no mention of a person.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut is_number = true;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let before = out.chars().next_back().is_some_and(char::is_alphanumeric);
        let after = rest.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@<!-- -->"),
            '_' if before && after => out.push(c),
            // `1.` at the beginning would make a list.
            '.' if is_number => out.push_str("\\."),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        is_number &= c.is_ascii_digit();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_is_never_markup() {
        assert_eq!(escape("<img> a_b _c @me |"), "&lt;img&gt; a_b \\_c @<!-- -->me \\|");
        assert_eq!(escape("1. b.c"), "1\\. b.c");
        assert_eq!(escape_html("<b> @me #1"), "&lt;b&gt; @\u{2060}me #\u{2060}1");
        assert_eq!(code("a ``b`` |\n c"), "``` a ``b`` \\| c ```");
    }
}
