//! What stands in for each literal: the same one wherever the same literal stood, of the same class,
//! so that the text stays valid and its shape can still be argued about.

use std::collections::BTreeMap;

/// Shorter literals say nothing of anybody: `1`, `'DE'`.
const KEPT_CHARS_MAX: usize = 2;

/// Literals met so far with their stand-ins.
#[derive(Debug, Default)]
pub struct Literals {
    /// By the content of the literal, quotes taken off.
    known: BTreeMap<String, String>,
    /// Literals of the whole report, learnt in a first pass: no stand-in may look like one.
    avoid: BTreeMap<String, String>,
    next: usize,
}

impl Literals {
    /// Nothing known; stand-ins differ from everything that `learnt` has met.
    pub fn avoiding(learnt: Literals) -> Literals {
        Literals { avoid: learnt.known, ..Literals::default() }
    }

    /// Every literal that is replaced.
    pub fn originals(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// The stand-in for the content of a string.
    pub fn string(&mut self, content: &str) -> String {
        let bare = content.trim_matches('%');
        if bare.chars().count() <= KEPT_CHARS_MAX || is_switch(bare) {
            return content.to_owned();
        }
        if content.contains('%') {
            let parts: Vec<String> = content.split('%').map(|part| self.string(part)).collect();
            return parts.join("%");
        }
        self.stand_in(content, class_of(content))
    }

    /// The stand-in for a number: as many digits, the point where it was.
    pub fn number(&mut self, number: &str) -> String {
        let n_digits = number.bytes().filter(u8::is_ascii_digit).count();
        if n_digits <= KEPT_CHARS_MAX {
            return number.to_owned();
        }
        self.stand_in(number, number_like)
    }

    fn stand_in(&mut self, content: &str, make: fn(&str, usize) -> String) -> String {
        if let Some(known) = self.known.get(content) {
            return known.clone();
        }
        let stand_in = loop {
            self.next += 1;
            let candidate = make(content, self.next);
            if !self.avoid.contains_key(&candidate) && candidate != content {
                break candidate;
            }
        };
        self.known.insert(content.to_owned(), stand_in.clone());
        stand_in
    }
}

/// Words that are no data: `'true'`, `'off'`.
fn is_switch(content: &str) -> bool {
    ["true", "false", "yes", "off", "null"].iter().any(|word| word.eq_ignore_ascii_case(content))
}

/// How a stand-in of the same class is made of a content and a counter.
fn class_of(content: &str) -> fn(&str, usize) -> String {
    let bytes = content.as_bytes();
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let date = bytes.len() >= 10
        && bytes.iter().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if date {
        date_like
    } else if is_uuid(bytes) {
        |_, n| format!("00000000-0000-4000-8000-{n:012}")
    } else if content.chars().all(numeric) && content.contains(|c: char| c.is_ascii_digit()) {
        number_like
    } else if is_interval(content) {
        interval_like
    } else if content.starts_with(['{', '[']) && content.contains([':', '"']) {
        |_, n| format!("{{\"text{n}\": {n}}}")
    } else if content.starts_with('{') {
        |_, n| format!("{{text{n}}}")
    } else {
        |_, n| format!("text{n}")
    }
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `30 days`, `1 year 2 months`.
fn is_interval(content: &str) -> bool {
    const UNITS: [&str; 8] = ["sec", "min", "hour", "day", "week", "mon", "year", "decade"];
    let mut words = content.split_ascii_whitespace();
    content.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && words.all(|word| {
            let word = word.to_ascii_lowercase();
            word.parse::<f64>().is_ok() || UNITS.iter().any(|unit| word.starts_with(unit))
        })
}

fn interval_like(content: &str, n: usize) -> String {
    let words = content.split_ascii_whitespace();
    let words: Vec<String> = words
        .map(|word| if word.parse::<f64>().is_ok() { n.to_string() } else { word.to_owned() })
        .collect();
    words.join(" ")
}

/// Another day; the time of day becomes midnight.
fn date_like(content: &str, n: usize) -> String {
    let (day, month, year) = (n % 28 + 1, n / 28 % 12 + 1, 2001 + n / 336);
    let time = content.get(10..).unwrap_or("");
    let zeros: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    format!("{year:04}-{month:02}-{day:02}{zeros}")
}

/// A number of as many digits, distinct for each counter, with sign and point where they were.
fn number_like(content: &str, n: usize) -> String {
    let n_digits = content.bytes().filter(u8::is_ascii_digit).count();
    let digits = format!("1{n:0width$}", width = n_digits.saturating_sub(1));
    let extra = digits.len().saturating_sub(n_digits);
    let mut digits = digits.chars();
    let mut out: String = String::new();
    let mut begun = false;
    for c in content.chars() {
        if c.is_ascii_digit() {
            if !begun {
                out.extend(digits.by_ref().take(extra));
                begun = true;
            }
            out.extend(digits.next());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_of_the_same_class() {
        let mut literals = Literals::default();
        let cases = [
            ("alice@example.com", "text1"),
            ("alice@example.com", "text1"),
            ("DE", "DE"),
            ("%smith%", "%text2%"),
            ("2024-05-06 07:08:09+02", "2001-01-04 00:00:00+00"),
            ("12345", "10004"),
            ("30 days", "5 days"),
            ("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "00000000-0000-4000-8000-000000000006"),
            ("{\"name\": \"bob\"}", "{\"text7\": 7}"),
            ("{red,green}", "{text8}"),
            ("true", "true"),
        ];
        for (content, want) in cases {
            assert_eq!(literals.string(content), want, "{content}");
        }
        assert_eq!(literals.number("12345"), "10004");
        assert_eq!(literals.number("-123.45"), "-100.09");
        assert_eq!(literals.number("42"), "42");
    }

    #[test]
    fn no_stand_in_is_an_original() {
        let mut first = Literals::default();
        first.string("text1");
        first.string("bob");
        let mut second = Literals::avoiding(first);
        assert_eq!(
            (second.string("bob"), second.string("text1")),
            ("text2".into(), "text3".into())
        );
    }
}
