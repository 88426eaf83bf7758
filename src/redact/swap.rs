//! What an input consists of for redaction, and what becomes of it: one walk over the input meets every
//! literal and every name, and hands them to a [`Swap`]. The first walk learns, the second replaces.

/// What becomes of literals and names.
pub trait Swap {
    /// The content of a string, quotes taken off.
    fn text(&mut self, content: &str) -> String;
    /// A pattern of LIKE, quotes taken off.
    fn pattern(&mut self, content: &str) -> String;
    /// A number as SQL writes it, without its sign.
    fn number(&mut self, number: &str) -> String;
    /// The name of a table, a column, an index, ..., without quotes; in PostgreSQL folded as the server folds
    /// it, elsewhere as it is written.
    fn name(&mut self, name: &str) -> String;
    /// Is it a name that the schema has? SQLite takes any other one in double quotes for a string.
    fn knows(&self, name: &str) -> bool;
}

/// Leaves everything as it is.
pub struct Keep;

impl Swap for Keep {
    fn text(&mut self, content: &str) -> String {
        content.to_owned()
    }

    fn pattern(&mut self, content: &str) -> String {
        content.to_owned()
    }

    fn number(&mut self, number: &str) -> String {
        number.to_owned()
    }

    fn name(&mut self, name: &str) -> String {
        name.to_owned()
    }

    fn knows(&self, _name: &str) -> bool {
        true
    }
}
