//! What can happen to the desk as a whole.

/// What happens to the desk as a whole.
#[derive(Debug)]
pub enum DeskMsg {
    /// The last step is undone.
    Undo,
    /// What was undone last is done again.
    Redo,
}
