//! Which rows and columns of a long grid are drawn: those in view, some around them, and the one that
//! has the focus, so that scrolling never takes the focus away.

/// How far drawing goes beyond what is in view.
#[derive(Debug, Clone, Copy)]
pub struct Margin {
    /// Items drawn before and behind those in view.
    pub around: usize,
    /// The drawn range moves in steps of this many items, so that not every scrolled pixel draws anew.
    pub step: usize,
}

/// Items in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: usize,
    /// One past the last.
    pub end: usize,
}

impl Span {
    /// All there are.
    pub const ALL: Span = Span { first: 0, end: usize::MAX };

    /// The items of one length that show in a view of `length`, scrolled by `from`.
    pub fn in_view(from: f64, length: f64, item: f64, margin: Margin) -> Span {
        let Margin { around, step } = margin;
        if item <= 0.0 {
            return Span { first: 0, end: 8 * step };
        }
        // Lengths are of a screen, far below what a float holds exactly.
        let first = (from.max(0.0) / item) as usize;
        let end = ((from.max(0.0) + length.max(0.0)) / item) as usize + 1;
        Span {
            first: first.saturating_sub(around) / step * step,
            end: end.saturating_add(around).div_ceil(step).saturating_mul(step),
        }
    }
}

/// A stretch of rows or columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One that is drawn.
    Item(usize),
    /// From where on so many are not.
    Gap(usize, usize),
}

/// `n` items of which those in view are drawn, and the pinned one.
pub fn parts(n: usize, view: Span, pinned: Option<usize>) -> Vec<Part> {
    let pinned = pinned.filter(|at| *at < n && !(view.first..view.end).contains(at));
    let (first, end) = (view.first.min(n), view.end.min(n));
    let mut drawn: Vec<usize> = pinned.into_iter().filter(|at| *at < first).collect();
    drawn.extend(first..end);
    drawn.extend(pinned.filter(|at| *at >= end));
    let mut parts = Vec::new();
    let mut next = 0;
    for at in drawn {
        if at > next {
            parts.push(Part::Gap(next, at - next));
        }
        parts.push(Part::Item(at));
        next = at + 1;
    }
    if next < n {
        parts.push(Part::Gap(next, n - next));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_drawn_or_in_a_gap() {
        for n in [0, 1, 7, 40] {
            for (first, end) in [(0, 8), (4, 12), (36, 60), (80, 90), (0, usize::MAX)] {
                for pinned in [None, Some(0), Some(6), Some(39), Some(99)] {
                    let mut next = 0;
                    let parts = parts(n, Span { first, end }, pinned);
                    for part in &parts {
                        let (at, length) = match part {
                            Part::Item(at) => (*at, 1),
                            Part::Gap(at, length) => (*at, *length),
                        };
                        assert!(at == next && length > 0, "{parts:?}");
                        next = at + length;
                    }
                    assert_eq!(next, n, "{parts:?}");
                    let is_drawn = |at: usize| parts.contains(&Part::Item(at));
                    assert!(pinned.is_none_or(|at| at >= n || is_drawn(at)), "{parts:?}");
                }
            }
        }
    }

    #[test]
    fn a_view_moves_in_steps() {
        let margin = Margin { around: 4, step: 4 };
        let view = |from| Span::in_view(from, 280.0, 28.0, margin);
        assert_eq!(view(0.0), Span { first: 0, end: 16 });
        assert_eq!(view(30.0), view(0.0));
        assert_eq!(view(2800.0), Span { first: 96, end: 116 });
        assert_eq!(view(-5.0), view(0.0));
    }
}
