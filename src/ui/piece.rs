//! A piece of input as the page holds it.

use crate::input::Side;
use crate::text;
use crate::ui::body::Body;

/// Identity of a piece for as long as the page lives.
pub type PieceId = u32;

/// One paste or one file.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Stays the same when the text changes.
    pub id: PieceId,
    /// A file name, where there is one.
    pub name: Option<String>,
    /// The text.
    pub body: Body,
    /// The kind the user set: a format name.
    pub kind: Option<String>,
    /// Which schema it speaks of.
    pub side: Side,
    /// What is known of a text that the browser holds.
    pub preview: Preview,
}

/// What is shown of a text that is too long for a field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// The first lines.
    pub head: String,
    /// Number of lines; `None` while they are counted.
    pub n_lines: Option<usize>,
}

/// Lines of a text, and one of them that matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// Number of the first line.
    pub first: usize,
    /// The lines, cut where they are very long.
    pub lines: Vec<String>,
}

impl Piece {
    /// The text, if it is short enough to be edited.
    pub fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) => Some(text),
            Body::Held(_) => None,
        }
    }

    /// Nothing but white space?
    pub fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.trim().is_empty())
    }

    /// The lines around `line` (from 1).
    pub fn excerpt(&self, line: usize, around: usize) -> Option<Excerpt> {
        Excerpt::of(self.text()?, 1, line, around)
    }
}

impl Excerpt {
    /// Longest line shown, in characters.
    const WIDTH: usize = 400;

    /// The lines of `text` around `line`, where `text` begins at line `begins`.
    pub fn of(text: &str, begins: usize, line: usize, around: usize) -> Option<Excerpt> {
        let first = line.saturating_sub(around).max(begins);
        let wanted = text::lines(text).skip(first - begins).take(line + around + 1 - first);
        let cut = |line: &str| line.chars().take(Excerpt::WIDTH).collect();
        let lines: Vec<String> = wanted.map(|(_, line)| cut(line)).collect();
        (!lines.is_empty()).then_some(Excerpt { first, lines })
    }
}

/// Where a line (from 1) begins and ends, in UTF-16 units as a field of the page counts them: it
/// turns every line break into one LF.
pub fn line_utf16(text: &str, line: usize) -> Option<(u32, u32)> {
    let units = |line: &str| u32::try_from(line.encode_utf16().count()).unwrap_or(u32::MAX);
    let mut start = 0_u32;
    for (number, (_, content)) in (1..).zip(text::lines(text)) {
        let end = start.saturating_add(units(content));
        if number == line {
            return Some((start, end));
        }
        start = end.saturating_add(1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_a_field() {
        let text = "a\r\nb😀\n\nd";
        assert_eq!(line_utf16(text, 1), Some((0, 1)));
        assert_eq!(line_utf16(text, 2), Some((2, 5)));
        assert_eq!(line_utf16(text, 4), Some((7, 8)));
        assert_eq!(line_utf16(text, 5), None);
    }

    #[test]
    fn excerpts_end_with_the_text() {
        let lines = |line, around| Excerpt::of("a\nb\nc\nd", 1, line, around);
        let excerpt = |first, lines: &[&str]| {
            Some(Excerpt { first, lines: lines.iter().map(|l| (*l).to_owned()).collect() })
        };
        assert_eq!(lines(1, 1), excerpt(1, &["a", "b"]));
        assert_eq!(lines(4, 1), excerpt(3, &["c", "d"]));
        assert_eq!(lines(9, 1), None);
        assert_eq!(Excerpt::of("x\ny\nz", 10, 11, 1), excerpt(10, &["x", "y", "z"]));
    }
}
