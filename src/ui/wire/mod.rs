//! How messages pass between the page and its worker: as bytes that only the same program reads, without
//! names of fields. As JSON or as objects each name would be looked for, in whatever order; that took
//! longer, and the code for it was a part of what a first visit loads.
//!
//! Fields stand one after the other, texts and lists after their lengths, variants after their numbers.
//! Properties of plan nodes have names that are not known here; they go as JSON.

pub mod held;
mod read;
mod write;

use std::fmt::{Display, Formatter};

use serde::de::{DeserializeOwned, Expected, Unexpected};
use serde::{Serialize, de, ser};

/// What was written is not what was to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl Display for Unreadable {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("the page and its worker do not understand each other; reload the page")
    }
}

impl std::error::Error for Unreadable {}

impl ser::Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Unreadable
    }
}

// Nobody could do anything with the details: no code is spent on them.
impl de::Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Unreadable
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Unreadable
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Unreadable
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Unreadable
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Unreadable
    }
}

/// The bytes of a value.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Unreadable> {
    let mut out = Vec::new();
    value.serialize(write::Writer { out: &mut out })?;
    Ok(out)
}

/// The value of such bytes.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    let mut reader = read::Reader { left: bytes };
    let value = T::deserialize(&mut reader)?;
    if reader.left.is_empty() { Ok(value) } else { Err(Unreadable) }
}

#[cfg(test)]
mod tests {
    use super::{from_bytes, to_bytes};
    use crate::input::{Input, Piece};
    use crate::progress::Silent;
    use crate::report::Report;
    use crate::ui::samples::SAMPLES;

    #[test]
    fn reports_pass_as_they_are() {
        for sample in SAMPLES {
            let piece = |(name, text): &(&str, &str)| Piece {
                name: Some((*name).to_owned()),
                text: (*text).to_owned(),
                ..Piece::default()
            };
            let pieces = sample.files.iter().map(piece).collect();
            let report = crate::analyze(&Input { pieces, ..Input::default() }, &mut Silent);
            let bytes = to_bytes(&report).unwrap();
            assert!(from_bytes::<Report>(&bytes).unwrap() == report, "{}", sample.title);
            // Cut off anywhere, it is an error and no panic.
            for end in (0..bytes.len()).step_by(bytes.len() / 200) {
                assert!(from_bytes::<Report>(&bytes[..end]).is_err());
            }
        }
    }
}
