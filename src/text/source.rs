//! A piece of text that can say where a byte stands.

use std::sync::Arc;

use crate::diagnostic::Place;

/// A range of bytes of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The text of this range; empty when the range is not one of `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// One piece of input: its name, its text, and where its lines begin.
#[derive(Debug, Clone)]
pub struct Source {
    /// File name, or `input 2`.
    pub name: Arc<str>,
    /// Position in `Input::pieces`.
    pub piece: u32,
    /// The text, unchanged: spans are byte offsets into it.
    pub text: Arc<str>,
    line_starts: Vec<usize>,
}

impl Source {
    /// Indexes the lines of `text`.
    pub fn new(name: &str, piece: u32, text: &str) -> Source {
        let line_starts = lines(text).map(|(start, _)| start).collect();
        Source { name: name.into(), piece, text: text.into(), line_starts }
    }

    /// Line and column (both from 1, column in characters) of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |lead| lead.chars().count()) + 1;
        Place {
            name: self.name.clone(),
            piece: self.piece,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// Length in bytes of the line break at `at`: 2 for CR LF, 1 for a lone CR or LF, 0 for none.
fn line_break_len(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\r' | b'\n', ..]) => 1,
        _ => 0,
    }
}

/// The lines of `text` with their byte offsets, without their breaks; LF, CR LF and a lone CR all
/// end a line.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let rest = &text.as_bytes()[start..];
        let len = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        at = start + len + line_break_len(text, start + len);
        text.get(start..start + len).map(|line| (start, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_after_every_kind_of_line_break() {
        let source = Source::new("x.sql", 0, "a\nbé\r\nc\rd");
        let at = |needle: &str| {
            let place = source.place(source.text.find(needle).unwrap());
            (place.line, place.column)
        };
        assert_eq!((at("a"), at("b"), at("é")), ((1, 1), (2, 1), (2, 2)));
        assert_eq!((at("c"), at("d")), ((3, 1), (4, 1)));
    }
}
