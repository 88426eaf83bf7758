//! Takes the prompts of psql, mysql and sqlite3 off a pasted session. Lines stay where they are.

use std::borrow::Cow;

use super::lines;

/// The text without prompts in front of its lines.
pub fn strip_prompts(text: &str) -> Cow<'_, str> {
    if !lines(text).any(|(_, line)| prompt_len(line) > 0) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut typing) = (0, false);
    for (start, line) in lines(text) {
        let len = match prompt_len(line) {
            0 if typing => continuation_len(line),
            len => len,
        };
        typing = len > 0;
        if len > 0 {
            out.push_str(text.get(copied..start).unwrap_or(""));
            copied = start + len;
        }
    }
    out.push_str(text.get(copied..).unwrap_or(""));
    Cow::Owned(out)
}

/// `shop=# `, `shop-> `, `shop(# `, `mysql> `, `MariaDB [shop]> `, `sqlite> `.
fn prompt_len(line: &str) -> usize {
    let head = line.get(..line.len().min(80)).unwrap_or("");
    let Some(end) = head.find(['#', '>']).map(|at| at + 1) else { return 0 };
    let ends = line.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let prompt = head.get(..end).unwrap_or("");
    let shell = matches!(prompt, "mysql>" | "sqlite>")
        || (prompt.starts_with("MariaDB [") && prompt.ends_with("]>"));
    let name = prompt.get(..prompt.len().saturating_sub(2)).unwrap_or("");
    let psql = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && prompt
            .get(name.len()..)
            .is_some_and(|mark| mark.starts_with(['=', '-', '(', '\'', '"', '*']));
    if ends && (shell || psql) { (end + 1).min(line.len()) } else { 0 }
}

/// `    -> ` of mysql and `   ...> ` of sqlite3, which mean that only behind a prompt.
fn continuation_len(line: &str) -> usize {
    let content = line.trim_start();
    let lead = line.len() - content.len();
    let mark =
        ["-> ", "'> ", "\"> ", "`> ", "...> "].iter().find(|mark| content.starts_with(**mark));
    mark.filter(|_| (1..=8).contains(&lead)).map_or(0, |mark| lead + mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_every_shell() {
        let cases = [
            ("shop=# select 1\nshop-# + 2;\n ?column?\n", "select 1\n+ 2;\n ?column?\n"),
            ("my_db=> select (\nmy_db(> 1);\n", "select (\n1);\n"),
            ("mysql> select 1\n    -> from t;\n", "select 1\nfrom t;\n"),
            ("MariaDB [shop]> select 1;\n", "select 1;\n"),
            ("sqlite> select 1\n   ...> ;\n", "select 1\n;\n"),
            // An arrow elsewhere is an operator, or a node of a plan.
            (
                "mysql> explain format=tree select 1;\n-> Limit\n    -> Table scan",
                "explain format=tree select 1;\n-> Limit\n    -> Table scan",
            ),
            ("select a -> 'b' from t\n  -> 'c';", "select a -> 'b' from t\n  -> 'c';"),
        ];
        for (text, want) in cases {
            assert_eq!(strip_prompts(text), want, "{text}");
        }
    }
}
