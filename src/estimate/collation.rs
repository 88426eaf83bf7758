//! How texts sort.
//!
//! `C`, `POSIX` and glibc's `C.UTF-8` sort by bytes. Everything else is taken for a language: letters
//! without their case first, digits before letters, other characters before digits; lower case
//! first among equals. That is near to what glibc and ICU do for Latin letters; accents are not
//! known here, so that accented letters sort behind `z`.

use std::cmp::Ordering;

/// Families of collations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Collation {
    /// By bytes.
    Bytes,
    /// As people sort words.
    #[default]
    Language,
}

/// The family of a collation by its name.
pub fn collation(name: &str) -> Collation {
    let upper = name.to_ascii_uppercase();
    match upper.as_str() {
        "C" | "POSIX" | "UCS_BASIC" => Collation::Bytes,
        _ if upper.starts_with("C.") => Collation::Bytes,
        _ => Collation::Language,
    }
}

impl Collation {
    /// The order of two texts.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Collation::Bytes => a.as_bytes().cmp(b.as_bytes()),
            Collation::Language => {
                let by_letters = a.chars().map(weight).cmp(b.chars().map(weight));
                // Lower case comes first.
                by_letters.then_with(|| b.as_bytes().cmp(a.as_bytes()))
            }
        }
    }

    /// A text as bytes that sort as it does (`strxfrm`).
    pub fn key(self, text: &str) -> Vec<u8> {
        match self {
            Collation::Bytes => text.bytes().take_while(|byte| *byte != 0).collect(),
            Collation::Language => text.chars().flat_map(weight_bytes).collect(),
        }
    }
}

/// Class and place of a character: other characters, digits, letters.
fn weight(c: char) -> (u8, char) {
    let class = match c {
        'a'..='z' | 'A'..='Z' => 2,
        '0'..='9' => 1,
        _ if c.is_alphabetic() => 2,
        _ => 0,
    };
    (class, c.to_ascii_lowercase())
}

/// Weights as glibc's tables number them, roughly: one byte for what is ASCII.
fn weight_bytes(c: char) -> Vec<u8> {
    match weight(c) {
        (2, 'a'..='z') => vec![0x80 + (c.to_ascii_lowercase() as u8 - b'a')],
        (1, _) => vec![0x70 + (c as u8).saturating_sub(b'0')],
        (0, c) if c.is_ascii() => vec![0x02 + (c as u8) / 2],
        _ => {
            let mut bytes = vec![0xc0];
            bytes.extend((c as u32).to_be_bytes().iter().skip(1));
            bytes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_ignore_case_at_first() {
        assert_eq!(collation("C.UTF-8"), Collation::Bytes);
        assert_eq!(Collation::Bytes.compare("Zoo", "apple"), Ordering::Less);
        assert_eq!(Collation::Language.compare("Zoo", "apple"), Ordering::Greater);
        assert_eq!(Collation::Language.compare("a", "A"), Ordering::Less);
        assert_eq!(Collation::Language.compare("_1", "1a"), Ordering::Less);
    }
}
