//! JSON as people paste it: with MySQL's `/* end markers */`, raw line breaks inside strings that a
//! terminal cut, trailing commas, and cut off in the middle.

use serde_json::{Map, Number, Value};

use crate::limits;

/// A JSON value and how far it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The value; what is missing behind a cut is left out.
    pub value: Value,
    /// One past its last byte.
    pub end: usize,
    /// It ended where it should.
    pub complete: bool,
}

/// Reads the object or array that begins at byte `at`.
pub fn read_json(text: &str, at: usize) -> Option<Parsed> {
    let mut reader = Reader { text, at, complete: true };
    if !matches!(reader.peek(), Some(b'[' | b'{')) {
        return None;
    }
    let value = reader.value(0)?;
    Some(Parsed { value, end: reader.at, complete: reader.complete })
}

/// The content of the string that `text` begins with.
pub fn read_string(text: &str) -> String {
    Reader { text, at: 0, complete: true }.string()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    complete: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no space and no comment.
    fn next_token(&mut self) -> Option<u8> {
        loop {
            let byte = self.peek()?;
            if byte.is_ascii_whitespace() {
                self.at += 1;
            } else if self.rest().starts_with("/*") {
                self.at = self.rest().find("*/").map_or(self.text.len(), |n| self.at + n + 2);
            } else if let Some(space) = self.rest().chars().next().filter(|c| c.is_whitespace()) {
                self.at += space.len_utf8();
            } else {
                return Some(byte);
            }
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > limits::JSON_DEPTH_MAX {
            self.complete = false;
            return None;
        }
        match self.next_token()? {
            b'{' => Some(self.object(depth)),
            b'[' => Some(self.array(depth)),
            b'"' => Some(Value::String(self.string())),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut map = Map::new();
        self.at += 1;
        loop {
            match self.next_token() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(b'"') => {
                    let name = self.string();
                    if self.next_token() != Some(b':') {
                        self.complete = false;
                        break;
                    }
                    self.at += 1;
                    let Some(value) = self.value(depth + 1) else {
                        self.complete = false;
                        break;
                    };
                    insert(&mut map, name, value);
                    if !self.complete {
                        break;
                    }
                }
                _ => {
                    self.complete = false;
                    break;
                }
            }
        }
        Value::Object(map)
    }

    fn array(&mut self, depth: usize) -> Value {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            match self.next_token() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => match self.value(depth + 1) {
                    Some(value) => items.push(value),
                    None => {
                        self.complete = false;
                        break;
                    }
                },
                None => self.complete = false,
            }
            if !self.complete {
                break;
            }
        }
        Value::Array(items)
    }

    /// A string; a line break inside it is where a terminal cut the line, and is no part of it.
    fn string(&mut self) -> String {
        let mut out = String::new();
        self.at += 1;
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\', '\n', '\r']).unwrap_or(rest.len());
            out.push_str(rest.get(..plain).unwrap_or(""));
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return out;
                }
                Some(b'\\') => self.escape(&mut out),
                Some(_) => self.at += 1,
                None => {
                    self.complete = false;
                    return out;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let rest = self.rest();
        let Some(code) = rest.chars().nth(1) else {
            self.at = self.text.len();
            return;
        };
        self.at += 1 + code.len_utf8();
        match code {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => {
                let digits = self.rest().get(..4).unwrap_or("");
                let unit = u32::from_str_radix(digits, 16).unwrap_or(0xfffd);
                self.at += digits.len();
                out.push(char::from_u32(unit).unwrap_or('\u{fffd}'));
            }
            other => out.push(other),
        }
    }

    /// A number, `true`, `false`, `null`; anything else means that the text was cut here.
    fn word(&mut self) -> Option<Value> {
        let rest = self.rest();
        let len = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
            .unwrap_or(rest.len());
        let word = rest.get(..len)?;
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => number(word)?,
        };
        self.at += len;
        Some(value)
    }
}

/// A number of either kind; none for `NaN` and words.
pub fn number(word: &str) -> Option<Value> {
    if !word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return None;
    }
    if let Ok(whole) = word.parse::<i64>() {
        return Some(Value::Number(whole.into()));
    }
    Number::from_f64(word.parse::<f64>().ok()?).map(Value::Number)
}

/// A name that comes twice keeps both values, as `name`, `name 2`, ... (MySQL repeats `table`).
fn insert(map: &mut Map<String, Value>, name: String, value: Value) {
    if !map.contains_key(&name) {
        map.insert(name, value);
        return;
    }
    let next = (2..100).map(|n| format!("{name} {n}")).find(|other| !map.contains_key(other));
    if let Some(other) = next {
        map.insert(other, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_a_strict_parser_refuses() {
        let text = "[{\"a\": {\"b\": 1,} /* a */, \"c\": \"x\ny\\u00e9\"}] tail";
        let got = read_json(text, 0).unwrap();
        assert_eq!(got.value, json!([{"a": {"b": 1}, "c": "xyé"}]));
        assert_eq!((&text[got.end..], got.complete), (" tail", true));
    }

    #[test]
    fn keeps_what_stands_before_a_cut() {
        for text in ["{\"a\": [1, {\"b\": 2", "{\"a\": [1, {\"b\": 2}], \"c\": CREATE"] {
            let got = read_json(text, 0).unwrap();
            assert_eq!((got.value, got.complete), (json!({"a": [1, {"b": 2}]}), false));
        }
    }
}
