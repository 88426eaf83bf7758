//! What is kept in this browser, if the user switched that on.

use crate::ui::desk::message::DeskEffect;
use crate::ui::state::{Effect, State};

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keep {
    /// The user switched it on.
    pub on: bool,
    /// Size of what is kept, in bytes.
    pub size_bytes: Option<usize>,
    /// Another tab keeps its session: this one would take its place.
    pub elsewhere: bool,
    /// Why what lies on the desk is not kept.
    pub trouble: Option<String>,
}

impl State {
    /// Keeps what lies on the desk, if that is wanted. Samples are not, and what came with a link is
    /// the user's only when he says so: it would take the place of what is.
    pub(super) fn keep_desk(&self) -> Option<Effect> {
        let is_wanted =
            self.keep.on && !self.keep.elsewhere && self.sample.is_none() && !self.is_borrowed;
        is_wanted.then(|| Effect::Desk(DeskEffect::Keep(self.job())))
    }

    pub(super) fn switch_keep(&mut self, on: bool) -> Vec<Effect> {
        self.keep = Keep { on, ..Keep::default() };
        if !on {
            self.say("Forgotten: nothing is stored in this browser".to_owned());
        }
        let switch = Effect::Desk(DeskEffect::KeepSwitch(on));
        [switch].into_iter().chain(self.keep_desk()).collect()
    }

    /// Two tabs keep one session, the last that changed: the others say so and stop.
    pub(super) fn elsewhere(&mut self, forgotten: bool) -> Vec<Effect> {
        if !self.keep.on {
            return Vec::new();
        }
        if forgotten {
            self.keep = Keep::default();
            self.say("Forgotten in another tab: nothing is stored in this browser".to_owned());
        } else if !self.keep.elsewhere {
            self.keep = Keep { on: true, elsewhere: true, ..Keep::default() };
            if self.sample.is_none() && !self.pieces.is_empty() {
                self.complain("Another tab keeps its input now; this one is not kept".to_owned());
            }
        }
        vec![Effect::Desk(DeskEffect::KeepNot)]
    }

    pub(super) fn kept(&mut self, outcome: Result<usize, String>) {
        match outcome {
            _ if !self.keep.on || self.keep.elsewhere => {}
            Ok(size_bytes) => {
                self.keep.size_bytes = (size_bytes > 0).then_some(size_bytes);
                self.keep.trouble = None;
            }
            Err(why) => {
                if self.keep.trouble.is_none() {
                    self.complain(format!("Not kept in this browser: {why}"));
                }
                self.keep.size_bytes = None;
                self.keep.trouble = Some(why);
            }
        }
    }
}
