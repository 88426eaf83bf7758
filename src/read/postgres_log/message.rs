//! What the message of a log entry says of a statement.

/// A message that is about a statement. Texts are as logged, without their continuation tabs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Message<'a> {
    /// A call: `duration: N ms  statement: SQL`, or with `execute name:`; or without the duration.
    Call {
        /// Milliseconds.
        ms: Option<f64>,
        /// The statement.
        sql: &'a str,
    },
    /// `duration: N ms` of the statement logged before, or of parse and bind.
    Duration(f64),
    /// `duration: N ms  plan:`, from auto_explain.
    Plan {
        /// Milliseconds.
        ms: f64,
        /// Query text and plan.
        body: &'a str,
    },
    /// `duration: N ms  parse|bind|prepare ...`, and the same without a duration: no call of its own.
    Preparation,
    /// Anything else.
    Other,
}

/// Reads the message of a LOG entry.
pub fn read_message(message: &str) -> Message<'_> {
    let Some(rest) = message.strip_prefix("duration: ") else { return statement(message, None) };
    let len = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let ms = rest.get(..len).and_then(|digits| digits.parse::<f64>().ok());
    let behind = rest.get(len..).and_then(|rest| rest.strip_prefix(" ms"));
    let (Some(ms), Some(behind)) = (ms.filter(|ms| ms.is_finite()), behind) else {
        return Message::Other;
    };
    let what = without_size(behind.trim_start());
    if what.is_empty() {
        Message::Duration(ms)
    } else if let Some(body) = what.strip_prefix("plan:") {
        Message::Plan { ms, body }
    } else {
        statement(what, Some(ms))
    }
}

/// Some versions write `rows: n size: n bytes` behind the time.
fn without_size(text: &str) -> &str {
    if !text.starts_with("rows: ") {
        return text;
    }
    let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let mut rest = text;
    while let Some((word, more)) = rest.split_once([' ', '\n']) {
        let counts = matches!(word, "rows:" | "size:" | "bytes" | "bytes," | "") || digits(word);
        if !counts {
            return rest;
        }
        rest = more.trim_start();
    }
    if matches!(rest, "bytes") || digits(rest) { "" } else { rest }
}

/// `statement: SQL`, `execute <unnamed>: SQL`, `execute S_1/C_2: SQL`.
fn statement(text: &str, ms: Option<f64>) -> Message<'_> {
    if let Some(sql) = text.strip_prefix("statement: ") {
        return Message::Call { ms, sql };
    }
    let word = text.split(' ').next().unwrap_or("");
    if !matches!(word, "execute" | "parse" | "bind" | "prepare") {
        return Message::Other;
    }
    // The name of a prepared statement may hold anything but a colon and a space, in practice.
    let Some((head, sql)) = text.split_once(": ") else { return Message::Other };
    let is_execute = word == "execute" && !head.contains(" fetch from ");
    if is_execute { Message::Call { ms, sql } } else { Message::Preparation }
}

/// `Parameters: $1 = 'x', $2 = NULL` as names and values in SQL.
pub fn read_parameters(detail: &str) -> Option<Vec<(String, String)>> {
    let lead = detail.split_once(": ").filter(|(word, _)| word.eq_ignore_ascii_case("parameters"));
    let mut rest = lead?.1.trim();
    let mut parameters = Vec::new();
    while let Some((name, more)) = rest.split_once(" = ") {
        let len = value_len(more);
        let value = more.get(..len)?;
        parameters.push((name.trim().to_owned(), value.trim().to_owned()));
        rest = more.get(len..)?.trim_start_matches(',').trim_start();
    }
    Some(parameters)
}

/// Length of the value in front: a quoted one with doubled quotes, or up to the comma.
fn value_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'\'') {
        return bytes.iter().position(|b| *b == b',').unwrap_or(bytes.len());
    }
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads() {
        let call = |ms, sql| Message::Call { ms, sql };
        let cases = [
            ("duration: 1.5 ms  statement: select 1", call(Some(1.5), "select 1")),
            (
                "duration: 2 ms  execute <unnamed>: select $1::text",
                call(Some(2.0), "select $1::text"),
            ),
            (
                "duration: 2 ms rows: 3 size: 40 bytes statement: select 1",
                call(Some(2.0), "select 1"),
            ),
            ("statement: select 1", call(None, "select 1")),
            ("execute S_1/C_2: select 1", call(None, "select 1")),
            ("execute fetch from S_1: select 1", Message::Preparation),
            ("duration: 0.1 ms  parse <unnamed>: select 1", Message::Preparation),
            ("bind a: select 1", Message::Preparation),
            ("duration: 0.25 ms", Message::Duration(0.25)),
            (
                "duration: 3 ms  plan:\nQuery Text: x",
                Message::Plan { ms: 3.0, body: "\nQuery Text: x" },
            ),
            ("duration: much", Message::Other),
            ("checkpoint starting: time", Message::Other),
        ];
        for (text, want) in cases {
            assert_eq!(read_message(text), want, "{text}");
        }
    }

    #[test]
    fn parameters_are_tokens() {
        let got = read_parameters("Parameters: $1 = 'a, $2 = ''b''', $2 = NULL, $3 = '4'").unwrap();
        let values: Vec<_> = got.iter().map(|(name, value)| format!("{name} {value}")).collect();
        assert_eq!(values, ["$1 'a, $2 = ''b'''", "$2 NULL", "$3 '4'"]);
        assert_eq!(read_parameters("parameters: $1 = 'cut").unwrap().len(), 1);
        assert_eq!(read_parameters("Process holding the lock: 1"), None);
    }
}
