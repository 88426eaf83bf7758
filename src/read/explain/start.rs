//! Where a pasted plan begins: below a prompt with its EXPLAIN statement, below auto_explain's
//! `Query Text:`, or right away.

use std::borrow::Cow;

use crate::text::lines;
use crate::text::unframe::{LineKind, unframe};

/// Lines of a query that are looked through for the plan behind it.
const QUERY_LINES_MAX: usize = 400;

/// The beginning of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Start<'a> {
    /// The query above it.
    pub query: Option<Cow<'a, str>>,
    /// Where the plan (or its frame) begins.
    pub body: usize,
    /// The first line inside the frame.
    pub first: String,
    /// A column title stands above it.
    pub titled: bool,
}

/// Looks at the line at byte `at`. None when nothing there announces a plan; cheap then.
pub fn find_start(text: &str, at: usize) -> Option<Start<'_>> {
    let line = first_line(text, at);
    let line = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    if let Some(query) = line.strip_prefix("Query Text:") {
        return below_query(text, at, query);
    }
    if is_prompt_with_explain(line) {
        return below_statement(text, at);
    }
    content(text, at, None)
}

/// The first content at `at`, borders and titles skipped.
fn content<'a>(text: &'a str, at: usize, query: Option<Cow<'a, str>>) -> Option<Start<'a>> {
    let mut titled = false;
    for line in unframe(text, at).take(8) {
        match line.kind {
            LineKind::Header => titled = true,
            LineKind::Rule => {}
            LineKind::Blank if titled => {}
            LineKind::Blank | LineKind::Footer => return None,
            LineKind::Content => {
                let first = line.text.into_owned();
                return Some(Start { query, body: at, first, titled });
            }
        }
    }
    None
}

/// `db=# explain ...`, `mysql> EXPLAIN ...`, or the bare statement.
fn is_prompt_with_explain(line: &str) -> bool {
    if starts_explain(line) {
        return true;
    }
    let lead = line.get(..line.len().min(80)).unwrap_or("");
    ["# ", "> ", "$ "]
        .iter()
        .filter_map(|mark| lead.find(mark).map(|found| found + mark.len()))
        .any(|from| starts_explain(line.get(from..).unwrap_or("").trim_start()))
}

fn starts_explain(line: &str) -> bool {
    ["explain", "analyze"].iter().any(|word| {
        let (lead, next) = (line.get(..word.len()), line.as_bytes().get(word.len()));
        lead.is_some_and(|lead| lead.eq_ignore_ascii_case(word))
            && next.is_none_or(|b| b.is_ascii_whitespace() || *b == b'(')
    })
}

/// The plan below `EXPLAIN ...;`. The statement ends at its semicolon or where the plan begins.
fn below_statement(text: &str, at: usize) -> Option<Start<'_>> {
    let mut ended = None;
    let rest = text.get(at..)?;
    for (n, (offset, line)) in lines(rest).enumerate().take(QUERY_LINES_MAX) {
        let here = at + offset;
        let bare = line.trim();
        if n > 0 {
            if announces_plan(bare) {
                let query = without_prompts(text.get(at..ended.unwrap_or(here))?);
                return content(text, here, Some(Cow::Owned(without_explain(&query).to_owned())));
            }
            if is_prompt_with_explain(bare) {
                return None;
            }
        }
        if let Some(first) = ended {
            if here > first + 400 {
                return None;
            }
        } else if bare.ends_with(';') || bare.ends_with("\\G") {
            ended = Some(here + line.len());
        }
    }
    None
}

/// A statement without the prompts before its further lines: `app-# `, `    -> `, `   ...> `.
fn without_prompts(statement: &str) -> String {
    let bare = lines(statement).map(|(_, line)| {
        let (lead, rest) = match line.find("> ").or_else(|| line.find("# ")) {
            Some(at) => line.split_at_checked(at + 2).unwrap_or(("", line)),
            None => ("", line),
        };
        let name = lead.trim_end_matches(['#', '>', ' ']).trim_start();
        let words = name.trim_end_matches(['-', '\'', '"', '(', '*', '$', '.']);
        let marked =
            words.len() < name.len() && words.chars().all(|c| c.is_alphanumeric() || c == '_');
        if marked { rest } else { line }
    });
    bare.collect::<Vec<_>>().join("\n")
}

/// The query without prompt, EXPLAIN, its options and its terminator.
fn without_explain(statement: &str) -> &str {
    let lower = statement.to_ascii_lowercase();
    let mut at = ["explain", "analyze"].iter().filter_map(|w| lower.find(w)).min().unwrap_or(0);
    loop {
        let rest = lower.get(at..).unwrap_or("");
        let space = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let words = ["explain", "analyze", "verbose", "extended", "partitions", "query plan"];
        let step = words.iter().find(|word| rest.starts_with(**word)).map(|word| word.len());
        let step = step.or_else(|| {
            let format = rest.strip_prefix("format")?.trim_start().strip_prefix('=')?.trim_start();
            let value = format.find(char::is_whitespace)?;
            Some(rest.len() - format.len() + value)
        });
        let step = step.or_else(|| {
            let options =
                rest.starts_with('(') && !rest.trim_start_matches(['(', ' ']).starts_with("select");
            options.then(|| rest.find(')').map(|end| end + 1)).flatten()
        });
        match step {
            Some(step) => at += space + step,
            None => break,
        }
    }
    let query = statement.get(at..).unwrap_or("").trim();
    query.trim_end_matches("\\G").trim_end_matches(';').trim_end()
}

/// The plan below auto_explain's `Query Text:`.
fn below_query<'a>(text: &'a str, at: usize, first: &'a str) -> Option<Start<'a>> {
    let from = text.get(at..)?.find("Query Text:")? + at + "Query Text:".len();
    let rest = text.get(at..)?;
    for (n, (offset, line)) in lines(rest).enumerate().take(QUERY_LINES_MAX) {
        let bare = line.trim_start();
        if n > 0 && bare.starts_with("Query Text:") {
            return None;
        }
        if n > 0 && (announces_plan(bare) || bare.starts_with("Query Parameters:")) {
            let query = text.get(from..at + offset).unwrap_or(first).trim();
            let query = query.trim_end_matches(';').trim_end();
            let mut body = at + offset;
            if bare.starts_with("Query Parameters:") {
                body += line.len();
                body = text.get(body..)?.find(|c: char| !c.is_whitespace())? + body;
                body = text.get(..body)?.rfind(['\n', '\r']).map_or(body, |n| n + 1);
            }
            return content(text, body, Some(Cow::Borrowed(query)));
        }
    }
    None
}

/// A line that no query has: a title, a frame, a node with its numbers, the top of a structure.
fn announces_plan(line: &str) -> bool {
    let bare = line.trim_matches(['|', '│', '║', ' ', '"', '+', '↵']);
    let node = bare.contains("  (cost=") || bare.contains("  (actual ");
    let json = matches!(bare, "[" | "{") || bare.starts_with("{\"") || bare.starts_with("[{");
    let title = matches!(bare, "QUERY PLAN" | "EXPLAIN" | "ANALYZE" | "QUERY PLA");
    let yaml = matches!(bare.trim(), "- Plan:" | "Plan:");
    let xml = bare.starts_with("<explain");
    let tree = bare.starts_with("-> ") && line.starts_with(['|', '-', 'E']);
    let rows = bare.starts_with("id\tselect_type") || bare.starts_with("id|parent");
    let frame = line.starts_with("+--") || line.starts_with("***") || line.starts_with('┌');
    node || json || title || yaml || xml || tree || rows || frame
}

fn first_line(text: &str, at: usize) -> &str {
    text.get(at..).and_then(|rest| lines(rest).next()).map_or("", |(_, line)| line)
}
