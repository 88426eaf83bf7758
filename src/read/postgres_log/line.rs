//! One line of a PostgreSQL log: `<log_line_prefix>LEVEL:  text`, whatever the prefix is.

/// How far from its start a line may have its level: prefixes are short, statements are not.
const LEAD_BYTES_MAX: usize = 400;

/// What the word in front of the colon says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// LOG: durations, statements, plans.
    Log,
    /// DETAIL: may have the parameters.
    Detail,
    /// HINT, CONTEXT, STATEMENT, QUERY, LOCATION: belong to the line before.
    More,
    /// ERROR, WARNING, FATAL, NOTICE, ...
    Other,
}

const LEVELS: [(&str, Level); 20] = [
    ("LOG", Level::Log),
    ("DETAIL", Level::Detail),
    ("STATEMENT", Level::More),
    ("HINT", Level::More),
    ("CONTEXT", Level::More),
    ("QUERY", Level::More),
    ("LOCATION", Level::More),
    ("BACKTRACE", Level::More),
    ("ERROR", Level::Other),
    ("WARNING", Level::Other),
    ("FATAL", Level::Other),
    ("PANIC", Level::Other),
    ("NOTICE", Level::Other),
    ("INFO", Level::Other),
    ("DEBUG", Level::Other),
    ("DEBUG1", Level::Other),
    ("DEBUG2", Level::Other),
    ("DEBUG3", Level::Other),
    ("DEBUG4", Level::Other),
    ("DEBUG5", Level::Other),
];

/// A line that begins an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLine<'a> {
    /// The prefix.
    pub lead: &'a str,
    /// Its level.
    pub level: Level,
    /// What follows the level.
    pub message: &'a str,
}

/// The first level in a line. Two spaces follow its colon; one will do behind a prefix.
pub fn split_line(line: &str) -> Option<LogLine<'_>> {
    let bytes = line.as_bytes();
    let mut from = 0;
    loop {
        let head = bytes.get(from..bytes.len().min(LEAD_BYTES_MAX))?;
        let colon = from + head.iter().position(|b| *b == b':')?;
        from = colon + 1;
        let spaces = bytes.get(from..)?.iter().take_while(|b| **b == b' ').count();
        if spaces == 0 {
            continue;
        }
        let word = bytes.get(..colon)?.iter().rev();
        let len = word.take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
        let Some(level) = level_of(line.get(colon - len..colon)?) else { continue };
        let lead = line.get(..colon - len)?;
        if spaces >= 2 || lead.ends_with(' ') {
            let message = line.get(from + spaces.min(2)..)?;
            return Some(LogLine { lead, level, message: without_sqlstate(message) });
        }
    }
}

fn level_of(word: &str) -> Option<Level> {
    LEVELS.iter().find(|(known, _)| *known == word).map(|(_, level)| *level)
}

/// `log_error_verbosity = verbose` puts the SQLSTATE in front: `00000: duration: ...`.
fn without_sqlstate(message: &str) -> &str {
    let state = message.as_bytes().get(..7);
    let is_state = state.is_some_and(|state| {
        state.ends_with(b": ")
            && state.iter().take(5).all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && state.iter().any(u8::is_ascii_digit)
    });
    if is_state { message.get(7..).unwrap_or(message) } else { message }
}

/// What tells the backends apart in a prefix: the process or session id. Empty where there is none;
/// then the lines of one statement are taken to follow each other.
pub fn backend_of(lead: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    for (at, _) in lead.match_indices('[') {
        let inner = lead.get(at + 1..).and_then(|rest| rest.split(']').next()).unwrap_or("");
        // Heroku writes [postgres.3188942].
        let id = inner.rsplit('.').next().unwrap_or(inner);
        if digits(id) {
            return id;
        }
    }
    for key in ["pid=", "p="] {
        let value = lead.split(key).nth(1).unwrap_or("");
        let len = value.bytes().take_while(u8::is_ascii_digit).count();
        if len > 0 {
            return value.get(..len).unwrap_or("");
        }
    }
    // %c: two hexadecimal numbers.
    let words = lead.split([' ', '|', ',', '-', '[', ']']);
    let session = |word: &&str| {
        let hex = |text: &str| text.len() >= 2 && text.bytes().all(|b| b.is_ascii_hexdigit());
        word.split_once('.').is_some_and(|(a, b)| a.len() == 8 && hex(a) && hex(b))
    };
    words.rev().find(session).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_every_kind() {
        let cases = [
            ("LOG:  duration: 1 ms", "", "duration: 1 ms"),
            ("2024-01-01 10:00:00.123 UTC [42] LOG:  x: y", "42", "x: y"),
            ("2024-01-01 10:00:00 UTC [42]: [3-1] user=a,db=b,app=c,client=::1 LOG:  x", "42", "x"),
            ("2024-01-01 10:00:00 UTC:10.0.0.1(4337):u@d:[20584]:LOG:  x", "20584", "x"),
            ("2024-01-01 10:00:00 GMT|alice|shop|5c7404eb.d6bd|LOG:  x", "5c7404eb.d6bd", "x"),
            ("pid=8284,user=u,db=d LOG: x", "8284", "x"),
            ("Feb 10 23:15:39 host postgres[108]: [1-1] db= LOG:  x", "108", "x"),
            ("2024-01-01T00:00:00+00:00 app[postgres.48]: [BLUE] [15-1]  LOG:  x", "48", "x"),
            ("[7] LOG:  00000: duration: 1 ms", "7", "duration: 1 ms"),
        ];
        for (line, backend, message) in cases {
            let got = split_line(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (backend_of(got.lead), got.message, got.level),
                (backend, message, Level::Log)
            );
        }
    }

    #[test]
    fn other_lines() {
        for line in ["", "SELECT 'LOG: x'", "CATALOG:  x", "a::int", "LOG:", "Log:  x", "LOG: x"] {
            assert_eq!(split_line(line), None, "{line}");
        }
        assert_eq!(split_line("[1] STATEMENT:  select 1").unwrap().level, Level::More);
    }
}
