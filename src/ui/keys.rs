//! What a key does. By the character it types, so that the layout of the keyboard does not matter.

use crate::ui::desk::message::DeskMsg;
use crate::ui::state::{Dialog, Msg, Tab};

/// A key press.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// `KeyboardEvent.key`.
    pub key: String,
    /// Ctrl or Cmd.
    pub command: bool,
    /// Alt.
    pub alt: bool,
    /// A field has the focus.
    pub in_field: bool,
    /// What has the focus undoes by itself, as a field for text does.
    pub in_text: bool,
    /// Shift.
    pub shift: bool,
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
            "s" | "S" if !key.shift => Some(Msg::Desk(DeskMsg::Save)),
            "z" | "Z" | "y" | "Y" => undo_or_redo(key).map(Msg::Desk),
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

/// Fields for text, and dialogs, have an undo of their own or none.
fn undo_or_redo(key: &Key) -> Option<DeskMsg> {
    let redo = key.shift || key.key.eq_ignore_ascii_case("y");
    let msg = if redo { DeskMsg::Redo } else { DeskMsg::Undo };
    (!key.in_text && !key.in_dialog).then_some(msg)
}

/// Every key and what it does, for the overlay.
pub const KEYS: &[(&[&str], &str)] = &[
    (&["Ctrl V"], "Paste anywhere: a new piece of input"),
    (&["Ctrl Enter"], "Run the review"),
    (&["Ctrl O"], "Open files"),
    (&["Ctrl S"], "Save the session as a file"),
    (&["Ctrl Z", "Ctrl Y"], "Undo, redo: edits, input, decisions, budget"),
    (&["1", "…", "8"], "Findings, Matrix, Queries, Plans, Tables, Input, What if, Before & after"),
    (&["j", "k"], "Next, previous finding"),
    (&["c"], "Copy the migration of the selected findings"),
    (&["/"], "Filter findings"),
    (&["i"], "Hide or show the input"),
    (&["t"], "Theme: system, light, dark"),
    (&["←", "↑", "→", "↓"], "Move in the matrix, in plans and between tabs; ← and → fold in plans"),
    (&["Home", "End"], "In the matrix: begin and end of a row; with Ctrl, of the table"),
    (&["Page Up", "Page Down"], "In the matrix: by a screen"),
    (&["Enter"], "In the matrix: open the query"),
    (&["Esc"], "Close, clear the filter, cancel a running review"),
    (&["?"], "This list"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, in_field: bool) -> Option<Msg> {
        let key = key.to_owned();
        let in_text = in_field;
        action(&Key { key, in_field, in_text, ..Key::default() })
    }

    #[test]
    fn fields_keep_their_keys() {
        assert!(matches!(press("2", false), Some(Msg::Show(Tab::Matrix))));
        assert!(press("2", true).is_none());
        assert!(matches!(press("Escape", true), Some(Msg::Escape)));
        assert!(press("x", false).is_none());
    }

    #[test]
    fn fields_for_text_undo_by_themselves() {
        let press = |key: &str, shift, in_text| {
            let key = key.to_owned();
            action(&Key { key, command: true, shift, in_text, in_field: true, ..Key::default() })
        };
        assert!(matches!(press("z", false, false), Some(Msg::Desk(DeskMsg::Undo))));
        assert!(matches!(press("Z", true, false), Some(Msg::Desk(DeskMsg::Redo))));
        assert!(matches!(press("y", false, false), Some(Msg::Desk(DeskMsg::Redo))));
        assert!(press("z", false, true).is_none());
    }
}
