//! What can be told from the beginning of a line: a client command, the start of a statement.

/// Words that begin a statement, for finding the next one behind damage.
const STARTS: [&str; 36] = [
    "alter", "analyze", "begin", "call", "comment", "commit", "copy", "create", "delete",
    "describe", "do", "drop", "exec", "execute", "explain", "grant", "insert", "lock", "merge",
    "optimize", "pragma", "prepare", "reindex", "replace", "revoke", "rollback", "select", "set",
    "show", "start", "truncate", "unlock", "update", "use", "vacuum", "with",
];

/// What follows CREATE at the start of a statement.
const CREATED: [&str; 33] = [
    "aggregate",
    "cast",
    "collation",
    "database",
    "definer",
    "domain",
    "event",
    "extension",
    "external",
    "foreign",
    "fulltext",
    "function",
    "global",
    "index",
    "keyspace",
    "local",
    "materialized",
    "operator",
    "or",
    "policy",
    "procedure",
    "publication",
    "role",
    "rule",
    "schema",
    "sequence",
    "server",
    "statistics",
    "table",
    "temp",
    "temporary",
    "trigger",
    "type",
];

/// More of what follows CREATE.
const CREATED_TOO: [&str; 9] = [
    "algorithm",
    "clustered",
    "nonclustered",
    "spatial",
    "unique",
    "unlogged",
    "user",
    "view",
    "virtual",
];

/// Does this word begin statements?
pub fn is_start_word(word: &str) -> bool {
    STARTS.iter().any(|start| word.eq_ignore_ascii_case(start))
}

/// The word at `at`, and the one after it.
fn two_words(text: &str, at: usize) -> (&str, &str) {
    let word = |from: usize| {
        let rest = text.get(from..).unwrap_or("");
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        rest.get(..len).unwrap_or("")
    };
    let first = word(at);
    let rest = text.get(at + first.len()..).unwrap_or("");
    let space = rest.len() - rest.trim_start().len();
    if first.is_empty() || space == 0 {
        (first, "")
    } else {
        (first, word(at + first.len() + space))
    }
}

/// Does a statement begin at `at` that can be part of no other: `CREATE TABLE`, `ALTER TABLE`,
/// `DROP TABLE`? (`DROP INDEX` may be an action of ALTER TABLE.)
pub fn is_strong_start(text: &str, at: usize) -> bool {
    // Cheap and first: this is asked of every line of COPY data.
    if !matches!(text.as_bytes().get(at), Some(b'c' | b'C' | b'a' | b'A' | b'd' | b'D')) {
        return false;
    }
    let (first, second) = two_words(text, at);
    let second = second.to_ascii_lowercase();
    let second = second.as_str();
    match first.to_ascii_lowercase().as_str() {
        "create" => CREATED.contains(&second) || CREATED_TOO.contains(&second),
        "alter" | "drop" => matches!(second, "table" | "view" | "sequence" | "function" | "type"),
        _ => false,
    }
}

/// Does a statement begin at `at`, behind a line that ends one? Text in a string rarely goes on like
/// that.
pub fn is_likely_start(text: &str, at: usize) -> bool {
    let (first, second) = two_words(text, at);
    let second = second.to_ascii_lowercase();
    match first.to_ascii_lowercase().as_str() {
        "select" | "update" | "with" => !second.is_empty() || is_spaced(text, at + first.len()),
        "insert" => second == "into",
        "delete" => second == "from",
        _ => is_strong_start(text, at),
    }
}

fn is_spaced(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_whitespace)
}

/// The first line after the one of `from` that begins with a word that begins statements; else the
/// end of the text.
pub fn next_statement_line(text: &str, from: usize) -> usize {
    let mut at = rest_of_line(text, from);
    while at < text.len() {
        let (first, second) = two_words(text, at);
        let whole = !second.is_empty() || text.as_bytes().get(at + first.len()) == Some(&b';');
        if is_start_word(first) && whole {
            return at;
        }
        at = rest_of_line(text, at);
    }
    text.len()
}

/// One past the line that `at` is in, its break included.
pub fn rest_of_line(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
    match rest.iter().position(|b| matches!(b, b'\n' | b'\r')) {
        Some(n) if rest.get(n..n + 2) == Some(b"\r\n") => at + n + 2,
        Some(n) => at + n + 1,
        None => text.len(),
    }
}

/// Is the line from `at` on a command for the client? Then where it ends. `GO` and Oracle's `/` count
/// only alone on their line.
pub fn client_command(text: &str, at: usize, in_delimiter: bool) -> Option<usize> {
    let end = rest_of_line(text, at);
    let bytes = text.as_bytes();
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    let is = match bytes.get(at)? {
        b'\\' => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'.'),
        b'.' => next.is_ascii_alphabetic() && at_line_start(text, at),
        b'/' | b'g' | b'G' if !in_delimiter => {
            let line = text.get(at..end).unwrap_or("").trim();
            (line == "/" || line.eq_ignore_ascii_case("go")) && at_line_start(text, at)
        }
        b'd' | b'D' => {
            let (first, _) = two_words(text, at);
            first.eq_ignore_ascii_case("delimiter") && at_line_start(text, at)
        }
        _ => false,
    };
    is.then_some(end)
}

fn at_line_start(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with(['\n', '\r'])
}
