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

/// What was decided about an index that does not exist.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its `CREATE INDEX`, under any name.
    pub statement: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Why, as the user typed it.
    #[serde(default)]
    pub reason: String,
}

/// What was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It will be created: everything else is chosen beside it.
    #[default]
    Accept,
    /// It will not be created: everything else is chosen without it.
    Reject,
    /// Not now: everything else is chosen without it.
    Defer,
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
}
