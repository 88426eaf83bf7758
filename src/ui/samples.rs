//! Applications to try the page with. They are also the fixtures of the tests.

/// One application.
pub struct Sample {
    /// Name in the menu.
    pub title: &'static str,
    /// What there is to see.
    pub about: &'static str,
    /// Files: name and text.
    pub files: &'static [(&'static str, &'static str)],
}

/// In the order of the menu; the first one is shown at the start.
pub const SAMPLES: &[Sample] = &[];
