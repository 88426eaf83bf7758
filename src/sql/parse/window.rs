//! OVER, WINDOW, and the keys of ORDER BY.

use super::{Parser, Result};
use crate::sql::query::{SortKey, Window};
use crate::text::Span;

impl Parser<'_> {
    /// `name` or `(...)`, behind OVER.
    pub fn over(&mut self) -> Result<Window> {
        if self.at.is_mark("(") {
            return self.in_parens(Self::window);
        }
        Ok(Window { name: Some(self.at.name()?), ..Window::default() })
    }

    /// `w AS (...), ...`, behind WINDOW.
    pub fn named_windows(&mut self) -> Result<Vec<(String, Window)>> {
        self.list(|parser| {
            let name = parser.at.name()?;
            parser.expect("as")?;
            Ok((name, parser.in_parens(Self::window)?))
        })
    }

    /// What stands in the parenthesis of a window.
    fn window(&mut self) -> Result<Window> {
        const CLAUSES: [&str; 5] = ["partition", "order", "rows", "range", "groups"];
        let mut window = Window::default();
        if !self.at.is_mark(")") && !self.at.is_any(&CLAUSES) {
            window.name = Some(self.at.name()?);
        }
        if self.at.eat_all("partition by") {
            window.partition_by = self.list(Self::expr)?;
        }
        if self.at.is_all("order by") {
            window.order_by = self.order_by()?;
        }
        if self.at.is_any(&["rows", "range", "groups"]) {
            window.frame = self.frame()?;
        }
        Ok(window)
    }

    /// `ROWS BETWEEN start AND end` as `ROWS start end`.
    fn frame(&mut self) -> Result<String> {
        let mut text = self.at.word().to_ascii_uppercase();
        self.at.bump();
        let both = self.at.eat("between");
        text = format!("{text} {}", self.frame_bound()?);
        if both {
            self.expect("and")?;
            text = format!("{text} {}", self.frame_bound()?);
        }
        if self.at.eat("exclude") {
            while !self.at.is_done() && !self.at.is_mark(")") {
                self.at.skip_one();
            }
        }
        Ok(text)
    }

    /// `CURRENT ROW`, `UNBOUNDED PRECEDING`, `5 FOLLOWING`
    fn frame_bound(&mut self) -> Result<String> {
        if self.at.eat_all("current row") {
            return Ok("CURRENT ROW".to_owned());
        }
        let start = self.at.offset();
        let what = if self.at.eat("unbounded") {
            "UNBOUNDED"
        } else {
            self.expr()?;
            Span { start, end: self.at.offset() }.of(self.at.text).trim()
        };
        let side = if self.at.eat("preceding") {
            "PRECEDING"
        } else {
            self.expect("following")?;
            "FOLLOWING"
        };
        Ok(format!("{what} {side}"))
    }

    /// `ORDER BY key, ...`
    pub fn order_by(&mut self) -> Result<Vec<SortKey>> {
        self.expect("order")?;
        self.expect("by")?;
        self.list(Self::sort_key)
    }

    fn sort_key(&mut self) -> Result<SortKey> {
        let expr = self.expr()?;
        let mut desc = self.at.eat("desc");
        if !desc {
            self.at.eat("asc");
        }
        if self.at.eat("using") {
            desc = self.at.is_mark(">") || self.at.is_mark(">=");
            self.at.skip_one();
        }
        let nulls_first = if self.at.eat_all("nulls first") {
            Some(true)
        } else if self.at.eat_all("nulls last") {
            Some(false)
        } else {
            None
        };
        Ok(SortKey { expr, desc, nulls_first })
    }
}
