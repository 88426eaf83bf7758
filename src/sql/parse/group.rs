//! GROUP BY: its expressions and grouping sets, multiplied out.

use super::{Parser, Result};
use crate::sql::expr::Expr;
use crate::sql::query::Query;

/// Most grouping sets of one query, as in PostgreSQL.
const SETS_MAX: usize = 4096;

/// Columns of a CUBE that are multiplied out: these are as many sets.
const CUBE_MAX: usize = 12;

/// Sets of columns, as positions in `Query::group_by`.
type Sets = Vec<Vec<usize>>;

impl Parser<'_> {
    /// What stands behind GROUP BY, into `group_by` and `grouping_sets`.
    pub fn group_by(&mut self, out: &mut Query) -> Result<()> {
        if self.at.is_any(&["all", "distinct"]) {
            self.at.bump();
        }
        let mut has_sets = false;
        let mut sets: Sets = vec![Vec::new()];
        loop {
            let (choices, are_sets) = self.grouping(out)?;
            has_sets |= are_sets;
            multiply(&mut sets, &choices);
            if sets.len() > 1 {
                self.copy(sets.len())?;
            }
            self.check_size(&sets, out)?;
            // MySQL 5 took GROUP BY a DESC.
            let _ = self.at.eat("asc") || self.at.eat("desc");
            if !self.at.eat_mark(",") {
                break;
            }
        }
        let all: Sets = (0..out.group_by.len()).map(|at| vec![at]).collect();
        if self.at.eat_all("with rollup") {
            (sets, has_sets) = (rollup(&all), true);
        } else if self.at.eat_all("with cube") {
            (sets, has_sets) = (cube(&all), true);
        }
        if has_sets {
            self.check_size(&sets, out)?;
            out.grouping_sets = sets;
        }
        Ok(())
    }

    /// A cube of many columns times many others is more than anybody can use.
    fn check_size(&self, sets: &Sets, out: &Query) -> Result<()> {
        if sets.len() * out.group_by.len() <= SETS_MAX * CUBE_MAX * 4 {
            return Ok(());
        }
        self.refuse("its grouping sets are too many and too long")
    }

    /// An item: the sets it offers, and whether it was written as sets.
    fn grouping(&mut self, out: &mut Query) -> Result<(Sets, bool)> {
        self.enter()?;
        let opens = self.at.is_mark_at(1, "(");
        let choices = if opens && self.at.eat("rollup") {
            (rollup(&self.columns_in_parens(out)?), true)
        } else if opens && self.at.eat("cube") {
            (cube(&self.columns_in_parens(out)?), true)
        } else if self.at.is_mark_at(2, "(") && self.at.eat_all("grouping sets") {
            self.expect_mark("(")?;
            let mut sets = self.grouping(out)?.0;
            while self.at.eat_mark(",") {
                sets.append(&mut self.grouping(out)?.0);
                sets.truncate(SETS_MAX);
            }
            self.expect_mark(")")?;
            (sets, true)
        } else {
            (vec![self.columns(out)?], false)
        };
        self.leave();
        Ok(choices)
    }

    fn columns_in_parens(&mut self, out: &mut Query) -> Result<Sets> {
        self.expect_mark("(")?;
        let mut sets = vec![self.columns(out)?];
        while self.at.eat_mark(",") {
            sets.push(self.columns(out)?);
        }
        self.expect_mark(")")?;
        Ok(sets)
    }

    /// An expression, or several in a parenthesis; their positions in `group_by`.
    fn columns(&mut self, out: &mut Query) -> Result<Vec<usize>> {
        self.link()?;
        let exprs = match self.expr()? {
            Expr::Row(exprs) => exprs,
            expr => vec![expr],
        };
        Ok(exprs.into_iter().map(|expr| position(out, expr)).collect())
    }
}

fn position(out: &mut Query, expr: Expr) -> usize {
    out.group_by.iter().position(|known| *known == expr).unwrap_or_else(|| {
        out.group_by.push(expr);
        out.group_by.len() - 1
    })
}

/// All beginnings of the list, the longest first.
fn rollup(parts: &[Vec<usize>]) -> Sets {
    let sets = (0..=parts.len()).rev();
    let sets = sets.map(|n| parts.iter().take(n).flatten().copied().collect());
    sets.take(SETS_MAX).collect()
}

/// All subsets.
fn cube(parts: &[Vec<usize>]) -> Sets {
    let mut sets = vec![Vec::new()];
    for part in parts.iter().take(CUBE_MAX) {
        multiply(&mut sets, &[part.clone(), Vec::new()]);
    }
    sets
}

/// Every set with every choice added.
fn multiply(sets: &mut Sets, choices: &[Vec<usize>]) {
    let with = |set: &Vec<usize>, choice: &Vec<usize>| {
        let mut set = set.clone();
        set.extend(choice.iter().filter(|at| !set.contains(at)).copied().collect::<Vec<_>>());
        set
    };
    let all = sets.iter().flat_map(|set| choices.iter().map(move |choice| with(set, choice)));
    *sets = all.take(SETS_MAX).collect();
}
