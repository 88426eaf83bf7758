//! The kinds of input a user can choose from.

/// Name and title of every format.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::read::FORMATS.iter().map(|format| (format.name, format.title))
}
