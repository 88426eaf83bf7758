//! What can happen to the desk as a whole, and what is then to be done outside.

use std::rc::Rc;

use crate::input::Input;
use crate::redact::input::Wish;
use crate::ui::body::Body;
use crate::ui::desk::share::ShareMsg;
use crate::ui::desk::task::Packed;
use crate::ui::protocol::Job;
use crate::ui::state::Refusal;

/// What happens to the desk as a whole.
#[derive(Debug)]
pub enum DeskMsg {
    /// The page begins.
    Begin(Begin),
    /// The last step is undone.
    Undo,
    /// What was undone last is done again.
    Redo,
    /// The session is saved as a file.
    Save,
    /// A session was pasted, dropped or opened, or came with the address; what came with it and is
    /// left out.
    Open(Packet, Vec<Refusal>),
    /// It was read, or is none.
    Opened(Origin, Result<Rc<Input>, String>),
    /// Keep the session in this browser from now on; or forget it and keep nothing.
    Keep(bool),
    /// Keep also what came with a link, or in place of what another tab keeps.
    KeepThis,
    /// Another tab of this browser kept its session, or forgot everything (`true`).
    Elsewhere(bool),
    /// It was kept, with its size, or could not be.
    Kept(Result<usize, String>),
    /// Review also what killed the worker.
    RunAnyway,
    /// The file was given to the user, or not.
    Saved(Result<&'static str, String>),
    /// About what is shared.
    Share(ShareMsg),
}

/// What the page finds when it begins.
#[derive(Debug, Default)]
pub struct Begin {
    /// Sessions are kept in this browser.
    pub keeps: bool,
    /// The session that is kept.
    pub kept: Option<String>,
    /// The session in the address.
    pub link: Option<String>,
    /// What killed the worker, as far as this browser remembers.
    pub killed: Option<u64>,
}

/// A session that is not read yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// Where it comes from.
    pub origin: Origin,
    /// Its text: what stands behind the `#` of a link, or in a file.
    pub body: Body,
}

/// Where a session comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file or a text.
    File(String),
    /// A link.
    Link,
    /// What this browser kept.
    Kept,
    /// What lies on the desk, with its names turned back.
    Key,
}

impl Origin {
    /// As it is called where it could not be opened.
    pub fn name(&self) -> String {
        match self {
            Origin::File(name) => name.clone(),
            Origin::Link => "The session in the link".to_owned(),
            Origin::Kept => "The session kept in this browser".to_owned(),
            Origin::Key => "The key".to_owned(),
        }
    }
}

/// What the desk wants done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum DeskEffect {
    /// Read a session and send `Opened`.
    Open(Packet),
    /// Write a session file and give it to the user.
    Save(Job),
    /// Keep this soon and send `Kept`.
    Keep(Job),
    /// Do not keep what was to be kept soon.
    KeepNot,
    /// Remember, or not any more, that sessions are kept. When not, everything kept goes.
    KeepSwitch(bool),
    /// Count the bytes of each part and send `Sized`.
    Size(Job),
    /// Make what is shared and send `Made` with this number.
    Pack(u32, Job, Wish),
    /// Give the user the file that is shared, or the key to its names.
    Give(Rc<Packed>, bool),
    /// Turn names back with a key and send `Opened`.
    Unlock(Job, String),
}
