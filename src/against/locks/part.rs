//! What one action of a statement does, and the statement as the report shows it.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Place;
use crate::estimate::Basis;
use crate::sql::schema::Name;

/// A statement of a migration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StatementReport {
    /// The statement, on one line.
    pub sql: String,
    /// Where it stands; absent when it was derived from two schemas.
    pub source: Option<Place>,
    /// The table it is about.
    pub table: Option<String>,
    /// What it does, in words, one for each action.
    pub does: Vec<String>,
    /// What it locks.
    pub locks: Vec<Lock>,
    /// Who waits.
    pub blocks: Blocks,
    /// For how long.
    pub lasts: Lasts,
    /// What it reads or writes from end to end.
    pub scanned: Option<Scanned>,
    /// What a transaction does to it.
    pub transaction: Transaction,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// Statements that do the same and let others work.
    pub safer: Vec<String>,
}

/// A lock as the server calls it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// `ACCESS EXCLUSIVE`, `metadata lock, LOCK=NONE`, ...
    pub mode: String,
    /// What is locked.
    pub on: String,
}

/// A table that is gone through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scanned {
    /// Its rows.
    pub rows: f64,
    /// Its bytes.
    pub bytes: f64,
    /// Where both come from.
    pub basis: Basis,
}

/// Who waits for a statement. Ordered: the worse the higher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocks {
    /// Nobody who reads or writes.
    #[default]
    Nothing,
    /// Who writes the same rows.
    Rows,
    /// Who writes.
    Writes,
    /// Who reads or writes.
    All,
}

impl Blocks {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Blocks::Nothing => "nothing",
            Blocks::Rows => "writes to the same rows",
            Blocks::Writes => "writes",
            Blocks::All => "reads and writes",
        }
    }
}

/// How long, in kind. Ordered: the longer the higher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lasts {
    /// Only the catalog is changed.
    #[default]
    Moment,
    /// As long as it takes to change the rows, and then to the end of the transaction.
    Rows,
    /// The table is read.
    Scan,
    /// An index is built.
    Build,
    /// The table is written anew, with its indexes.
    Rewrite,
}

impl Lasts {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Lasts::Moment => "a moment",
            Lasts::Rows => "while rows are changed",
            Lasts::Scan => "while the table is read",
            Lasts::Build => "while an index is built",
            Lasts::Rewrite => "while the table is rewritten",
        }
    }
}

/// What a transaction block does to a statement. Ordered: the stricter the higher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transaction {
    /// It may hold it, and takes it back with the rest.
    #[default]
    Allowed,
    /// The statement commits what came before it.
    Commits,
    /// The server refuses it inside.
    Refused,
}

impl Transaction {
    /// As a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Transaction::Allowed => "May run in a transaction.",
            Transaction::Refused => "Not in a transaction block: the server refuses.",
            Transaction::Commits => "Commits the transaction it is run in.",
        }
    }
}

/// One action of a statement.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub does: String,
    /// The table that is read or written, under its name at the time.
    pub table: Option<Name>,
    pub locks: Vec<Lock>,
    pub blocks: Blocks,
    pub lasts: Lasts,
    pub transaction: Transaction,
    pub notes: Vec<String>,
    pub safer: Vec<String>,
}

impl Part {
    /// An action on a table under a lock of it.
    pub fn on(table: &Name, does: impl Into<String>, mode: &str, blocks: Blocks) -> Part {
        let lock = Lock { mode: mode.to_owned(), on: table.to_string() };
        Part {
            does: does.into(),
            table: Some(table.clone()),
            locks: vec![lock],
            blocks,
            ..Part::default()
        }
    }

    /// An action that locks nothing that others use.
    pub fn free(does: impl Into<String>) -> Part {
        Part { does: does.into(), ..Part::default() }
    }

    pub fn lasting(self, lasts: Lasts) -> Part {
        Part { lasts, ..self }
    }

    pub fn outside(self) -> Part {
        Part { transaction: Transaction::Refused, ..self }
    }

    pub fn committing(self) -> Part {
        Part { transaction: Transaction::Commits, ..self }
    }

    pub fn locking(mut self, mode: &str, on: &str) -> Part {
        self.locks.push(Lock { mode: mode.to_owned(), on: on.to_owned() });
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Part {
        self.notes.push(note.into());
        self
    }

    pub fn safer<T: Into<String>>(mut self, statements: impl IntoIterator<Item = T>) -> Part {
        self.safer.extend(statements.into_iter().map(Into::into));
        self
    }
}
