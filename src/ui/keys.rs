//! What a key does. By the character it types, so that the layout of the keyboard does not matter.

use crate::ui::state::{Dialog, Msg, Tab};

/// A key press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `KeyboardEvent.key`.
    pub key: String,
    /// Ctrl or Cmd.
    pub command: bool,
    /// Alt.
    pub alt: bool,
    /// A field has the focus.
    pub in_field: bool,
    /// A dialog is open.
    pub in_dialog: bool,
}

/// What a key does, if anything. Every action is also reachable by Tab.
pub fn action(key: &Key) -> Option<Msg> {
    if key.alt {
        return None;
    }
    if key.command {
        return match key.key.as_str() {
            "Enter" => Some(Msg::Run),
            "o" | "O" => Some(Msg::PickFiles),
            _ => None,
        };
    }
    if key.key == "Escape" {
        return (!key.in_dialog).then_some(Msg::Escape);
    }
    if key.in_field || key.in_dialog {
        return None;
    }
    match key.key.as_str() {
        "?" => Some(Msg::Open(Dialog::Keys)),
        "/" => Some(Msg::FocusFilter),
        "j" => Some(Msg::Step(true)),
        "k" => Some(Msg::Step(false)),
        "c" => Some(Msg::CopyDdl),
        "i" => Some(Msg::ToggleIntake),
        "t" => Some(Msg::NextTheme),
        digit => {
            let tab = Tab::ALL.iter().position(|tab| digit == tab.key())?;
            Tab::ALL.get(tab).map(|tab| Msg::Show(*tab))
        }
    }
}

/// Every key and what it does, for the overlay.
pub const KEYS: &[(&[&str], &str)] = &[
    (&["Ctrl V"], "Paste anywhere: a new piece of input"),
    (&["Ctrl Enter"], "Run the review"),
    (&["Ctrl O"], "Open files"),
    (&["1", "…", "7"], "Findings, Matrix, Queries, Plans, Tables, Input, What if"),
    (&["j", "k"], "Next, previous finding"),
    (&["c"], "Copy the migration of the selected findings"),
    (&["/"], "Filter findings"),
    (&["i"], "Hide or show the input"),
    (&["t"], "Theme: system, light, dark"),
    (&["←", "↑", "→", "↓"], "Move in the matrix and between tabs"),
    (&["Esc"], "Close, clear the filter, cancel a running review"),
    (&["?"], "This list"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, in_field: bool) -> Option<Msg> {
        let key = key.to_owned();
        action(&Key { key, command: false, alt: false, in_field, in_dialog: false })
    }

    #[test]
    fn fields_keep_their_keys() {
        assert!(matches!(press("2", false), Some(Msg::Show(Tab::Matrix))));
        assert!(press("2", true).is_none());
        assert!(matches!(press("Escape", true), Some(Msg::Escape)));
        assert!(press("x", false).is_none());
    }
}
