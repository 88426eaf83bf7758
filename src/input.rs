//! What the user gave: any number of pieces of text, of any kind, in any order.

use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;

/// Everything `analyze` knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The pasted or opened texts.
    pub pieces: Vec<Piece>,
    /// The dialect, if the user set it; detected otherwise.
    #[serde(default)]
    pub dialect: Option<Dialect>,
    /// What the user asked of the advisor.
    #[serde(default)]
    pub options: Options,
}

/// One paste or one file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// A file name, where there is one.
    pub name: Option<String>,
    /// The text. Bytes that are no UTF-8 have become U+FFFD before.
    pub text: String,
    /// The kind, if the user overrode the detection: the name of a format of `read::FORMATS`.
    pub kind: Option<String>,
    /// Which schema its schema statements are of. Everything else in it (queries, plans, statistics)
    /// is of today, wherever it stands.
    #[serde(default)]
    pub side: Side,
}

/// Which schema a piece speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What exists.
    #[default]
    Today,
    /// What is proposed: a whole schema, or statements that change today's; its statements tell.
    Proposed,
    /// Statements that change today's schema, whatever they look like.
    Migration,
}

impl Side {
    /// All, in the order menus show them.
    pub const ALL: [Side; 3] = [Side::Today, Side::Proposed, Side::Migration];

    /// On the command line and in the session file.
    pub fn name(self) -> &'static str {
        match self {
            Side::Today => "today",
            Side::Proposed => "proposed",
            Side::Migration => "migration",
        }
    }

    /// The side of a name.
    pub fn from_name(name: &str) -> Option<Side> {
        Side::ALL.into_iter().find(|side| side.name() == name)
    }
}

/// What the user asked of the advisor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Cap on the total size of the suggested indexes.
    pub budget: Option<Budget>,
    /// At most so many new indexes.
    pub max_indexes: Option<usize>,
    /// At most so many key columns in a new index.
    pub max_width: Option<usize>,
    /// Take over as statistics what pasted plans measured.
    #[serde(default)]
    pub calibrate: bool,
    /// What was decided about single indexes.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// `CREATE INDEX` and `DROP INDEX` statements: what would each do?
    #[serde(default)]
    pub trials: Vec<String>,
}

/// What was decided about one index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its `CREATE INDEX`, under any name; or the `DROP INDEX` of one that exists.
    pub statement: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Why, as the user typed it.
    #[serde(default)]
    pub reason: String,
    /// When, as the user typed it: `2026-03-02`. Empty: not said.
    #[serde(default)]
    pub date: String,
    /// What the first review with this decision said of the index.
    #[serde(default)]
    pub seen: Option<Numbers>,
}

/// What a change of one index does by itself, beside what exists: what a decision rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// Part of the workload's cost that it saves, in percent; below zero: what it costs.
    pub saving_percent: f64,
    /// Planner units that it saves in one call of the queries it changes, on average.
    pub saving_per_call: f64,
    /// Calls of those queries.
    pub calls: f64,
    /// Bytes that it takes, or frees.
    pub size_bytes: f64,
    /// Cost of keeping it up to date, per 1000 rows written, in planner units.
    pub write_cost: f64,
}

/// What was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It will be done: everything else is chosen beside it.
    #[default]
    Accept,
    /// It will not be done: everything else is chosen without it, until its numbers change.
    Reject,
    /// Not now: everything else is chosen without it, and every report asks again.
    Defer,
}

impl Verdict {
    /// All, in the order reports show them.
    pub const ALL: [Verdict; 3] = [Verdict::Accept, Verdict::Reject, Verdict::Defer];

    /// `accepted`, `rejected`, `deferred`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accept => "accepted",
            Verdict::Reject => "rejected",
            Verdict::Defer => "deferred",
        }
    }
}

/// A storage budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Budget {
    /// Bytes.
    Bytes(f64),
    /// Percent of the total heap size of the tables in the catalog.
    Percent(f64),
}

impl Input {
    /// Is a schema proposed beside today's?
    pub fn is_compared(&self) -> bool {
        self.pieces.iter().any(|piece| piece.side != Side::Today)
    }
}

impl Budget {
    /// Reads `25%`, `500MB`, `2 GB` or a number of bytes; units are powers of 1024, as everywhere here.
    pub fn parse(text: &str) -> Option<Budget> {
        let text = text.trim();
        let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(unit_at)?;
        let number: f64 = number.parse().ok()?;
        let bytes = |power: i32| Some(Budget::Bytes(number * 1024f64.powi(power)));
        match unit.trim().to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
            "%" => Some(Budget::Percent(number)),
            "" => bytes(0),
            "k" => bytes(1),
            "m" => bytes(2),
            "g" => bytes(3),
            "t" => bytes(4),
            _ => None,
        }
    }
}

impl Options {
    /// Takes a decision; what was decided about the same index before goes.
    pub fn decide(&mut self, decision: Decision) {
        self.decisions.retain(|one| !same_index(&one.statement, &decision.statement));
        self.decisions.push(decision);
    }
}

/// Do both create the same index, under whatever name? As far as the words tell.
pub fn same_index(one: &str, other: &str) -> bool {
    shape_words(one) == shape_words(other)
}

/// What follows `ON`, and the word before `INDEX`.
fn shape_words(statement: &str) -> Vec<String> {
    let statement = statement.trim_end().trim_end_matches(';').to_lowercase();
    let apart = statement.replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
    let words: Vec<String> = apart.split_whitespace().map(str::to_owned).collect();
    let on = words.iter().position(|word| word == "on").unwrap_or(0);
    let (head, shape) = words.split_at(on);
    let unique = head.iter().filter(|word| *word == "unique" || *word == "drop");
    unique.chain(shape).cloned().collect()
}

/// Is this a day, written as `2026-03-02`?
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize, digits: usize| {
        let part = parts.get(at).filter(|part| part.len() == digits);
        let part = part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        part.and_then(|part| part.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(1, 2), number(2, 2)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    parts.len() == 3 && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_as_people_write_them() {
        assert_eq!(Budget::parse("25%"), Some(Budget::Percent(25.0)));
        assert_eq!(Budget::parse("1.5 kB"), Some(Budget::Bytes(1536.0)));
        assert_eq!(Budget::parse("2GiB"), Some(Budget::Bytes(2_147_483_648.0)));
        assert_eq!(Budget::parse("4096"), Some(Budget::Bytes(4096.0)));
        assert_eq!(Budget::parse("1.2.3"), None);
        assert_eq!(Budget::parse("lots"), None);
    }

    #[test]
    fn a_unique_index_is_another_one() {
        assert!(same_index("CREATE INDEX a ON t  (x)", "create index CONCURRENTLY b on T(x);"));
        assert!(!same_index("CREATE UNIQUE INDEX a ON t (x)", "CREATE INDEX a ON t (x)"));
        assert!(!same_index("DROP INDEX a", "DROP INDEX b"));
    }

    #[test]
    fn days_are_written_one_way() {
        assert!(["2026-03-02", "2028-02-29", "2000-02-29"].into_iter().all(is_date));
        let wrong = ["", "2026-3-2", "02.03.2026", "2026-02-29", "2026-13-01", "2026-01-00", "1-2"];
        assert!(!wrong.into_iter().any(is_date));
    }
}
