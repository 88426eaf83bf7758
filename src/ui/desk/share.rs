//! What of the session is shared, and how. Nothing is made before the user asks for it.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::redact::input::Wish;
use crate::ui::desk::message::DeskEffect;
use crate::ui::desk::task::Packed;
use crate::ui::state::{Dialog, Effect, State};

/// A part of the session that may stay behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Tables, indexes, constraints.
    Schema,
    /// Queries and logs, with their calls and times.
    Queries,
    /// Pasted plans.
    Plans,
    /// Statistics and settings.
    Statistics,
    /// What was decided and tried.
    Decisions,
}

impl Part {
    /// In the order of a review.
    pub const ALL: [Part; 5] =
        [Part::Schema, Part::Queries, Part::Plans, Part::Statistics, Part::Decisions];

    /// Is it wished for?
    pub fn of(self, wish: &mut Wish) -> &mut bool {
        match self {
            Part::Schema => &mut wish.schema,
            Part::Queries => &mut wish.queries,
            Part::Plans => &mut wish.plans,
            Part::Statistics => &mut wish.statistics,
            Part::Decisions => &mut wish.decisions,
        }
    }

    /// A wish for this part alone.
    pub fn alone(self, wish: &Wish) -> Wish {
        let mut alone = *wish;
        for part in Part::ALL {
            *part.of(&mut alone) = part == self;
        }
        alone
    }
}

/// What the dialog knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Share {
    /// What is wanted.
    pub wish: Wish,
    /// Bytes of each part that is there; `None` while they are counted.
    pub sizes: Option<Vec<(Part, usize)>>,
    /// What was made.
    pub packing: Packing,
    /// Tells what was asked last from what comes late.
    pub number: u32,
}

/// What was made of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Packing {
    /// Nothing yet.
    #[default]
    NotAsked,
    /// It is being made.
    Working,
    /// This.
    Ready(Rc<Packed>),
    /// Nothing, and why.
    Failed(String),
}

/// What happens to the dialog.
#[derive(Debug)]
pub enum ShareMsg {
    /// It is opened.
    Open,
    /// The sizes of the parts.
    Sized(Result<Vec<(Part, usize)>, String>),
    /// Something else is wanted.
    Wish(Wish),
    /// Make it.
    Make,
    /// It was made.
    Made(u32, Result<Rc<Packed>, String>),
    /// Save it as a file.
    SaveFile,
    /// Save the key to the names.
    SaveKey,
    /// The names come back with this key.
    UseKey(String),
}

impl State {
    pub(in crate::ui) fn share_update(&mut self, msg: ShareMsg) -> Vec<Effect> {
        match msg {
            ShareMsg::Open => return self.open_share(),
            // Why there are none is said when it is to be made.
            ShareMsg::Sized(sizes) => self.share.sizes = sizes.ok(),
            ShareMsg::Wish(wish) => {
                self.share.wish = wish;
                // What was made is of something else.
                self.share.number += 1;
                self.share.packing = Packing::NotAsked;
            }
            ShareMsg::Make if self.share.packing == Packing::Working => {}
            ShareMsg::Make => {
                self.share.number += 1;
                self.share.packing = Packing::Working;
                let (job, wish) = (self.job(), self.share.wish);
                return vec![Effect::Desk(DeskEffect::Pack(self.share.number, job, wish))];
            }
            ShareMsg::Made(number, outcome) if number == self.share.number => {
                self.share.packing = match outcome {
                    Ok(packed) => Packing::Ready(packed),
                    Err(why) => Packing::Failed(why),
                };
                return vec![Effect::Focus("shared".to_owned())];
            }
            ShareMsg::Made(..) => {}
            ShareMsg::SaveFile => return self.give(false),
            ShareMsg::SaveKey => return self.give(true),
            ShareMsg::UseKey(key) => {
                let job = self.job();
                self.dialog = None;
                return vec![Effect::Desk(DeskEffect::Unlock(job, key))];
            }
        }
        Vec::new()
    }

    fn open_share(&mut self) -> Vec<Effect> {
        self.dialog = Some(Dialog::Share);
        self.share.number += 1;
        self.share.sizes = None;
        self.share.packing = Packing::NotAsked;
        vec![Effect::Desk(DeskEffect::Size(self.job()))]
    }

    fn give(&self, key: bool) -> Vec<Effect> {
        let Packing::Ready(packed) = &self.share.packing else { return Vec::new() };
        vec![Effect::Desk(DeskEffect::Give(packed.clone(), key))]
    }
}
