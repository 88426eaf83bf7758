//! What a segment held, in words.

use super::facts::{Ddl, Facts};

/// Counts of what was found.
#[derive(Default)]
pub struct Tally {
    counts: [f64; 9],
}

const WHAT: [(&str, &str); 9] = [
    ("table", "tables"),
    ("index", "indexes"),
    ("view", "views"),
    ("query", "queries"),
    ("call", "calls"),
    ("plan", "plans"),
    ("table with statistics", "tables with statistics"),
    ("row of data", "rows of data"),
    ("setting", "settings"),
];

impl Tally {
    /// Adds what these facts hold.
    pub fn add(&mut self, facts: &Facts) {
        for ddl in &facts.ddl {
            match ddl {
                Ddl::CreateTable(_) => self.counts[0] += 1.0,
                Ddl::CreateIndex(_) => self.counts[1] += 1.0,
                Ddl::CreateView { .. } => self.counts[2] += 1.0,
                Ddl::Rows(_, rows, ..) => self.counts[7] += rows,
                _ => {}
            }
        }
        self.counts[3] += facts.statements.len() as f64;
        self.counts[4] += facts.statements.iter().filter_map(|s| s.calls).sum::<f64>();
        self.counts[5] += facts.plans.len() as f64;
        self.counts[6] += facts.tables.len() as f64;
        let exported = facts.settings.as_ref().map_or(0, |settings| settings.n_exported);
        self.counts[8] += (facts.set.len() + exported) as f64;
    }

    /// "12 tables, 40 indexes, 3 queries".
    pub fn describe(&self) -> String {
        let found = self.counts.iter().zip(WHAT).filter(|(n, _)| **n > 0.0);
        let words: Vec<String> = found.map(|(n, what)| counted(*n, what)).collect();
        if words.is_empty() { "nothing of use".to_owned() } else { words.join(", ") }
    }

    /// The same of a migration, which may create nothing.
    pub fn describe_change(&self, entries: usize) -> String {
        let is_empty = self.counts.iter().all(|n| *n == 0.0);
        match is_empty {
            true => counted(entries as f64, ("statement", "statements")),
            false => self.describe(),
        }
    }
}

/// "1 index", "1 204 indexes".
fn counted(n: f64, (one, many): (&str, &str)) -> String {
    let digits = format!("{n:.0}");
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if digits == "1" { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_words() {
        assert_eq!(counted(1.0, WHAT[1]), "1 index");
        assert_eq!(counted(1_234_567.0, WHAT[4]), "1\u{a0}234\u{a0}567 calls");
        assert_eq!(Tally::default().describe(), "nothing of use");
    }
}
