//! What the desk does outside of itself: reads and writes sessions, stores them, marks what is run.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::input::{Input, Piece};
use crate::limits::KEPT_BYTES_MAX;
use crate::redact::input::Wish;
use crate::session;
use crate::session::link::is_link;
use crate::ui::body::Body;
use crate::ui::desk::clerk;
use crate::ui::desk::guard::Guard;
use crate::ui::desk::message::{Begin, DeskEffect, DeskMsg, Origin, Packet};
use crate::ui::desk::share::{Part, ShareMsg};
use crate::ui::desk::storage;
use crate::ui::desk::task::{Answer, Packed, Task};
use crate::ui::download;
use crate::ui::protocol::{Job, JobPiece};
use crate::ui::state::Msg;

/// What session files and keys are.
pub const KIND: &str = "application/json";

/// Pause after a change before it is kept.
const KEEP_MS: u32 = 300;

/// What is under way.
#[derive(Default)]
pub struct Outside {
    keeping: Option<Timeout>,
    marked: (Guard, bool),
}

/// What the page finds when it begins.
pub fn begin() -> Begin {
    Begin { link: take_link(), ..storage::read() }
}

/// The session in the address, which leaves the address bar.
pub fn take_link() -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let hash = location.hash().ok()?;
    let fragment = hash.strip_prefix('#').filter(|fragment| is_link(fragment))?;
    let address = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    let history = window.history().ok()?;
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    Some(fragment.to_owned())
}

impl Outside {
    /// Notes what is run and what killed the worker, when that changed.
    pub fn mark(&mut self, guard: Guard, keeps: bool) {
        if self.marked != (guard, keeps) {
            self.marked = (guard, keeps);
            storage::mark(guard, keeps);
        }
    }

    /// Does what is wanted.
    pub fn perform(&mut self, wanted: DeskEffect, send: &Callback<Msg>) {
        let send = send.clone();
        let tell = move |msg: DeskMsg| send.emit(Msg::Desk(msg));
        match wanted {
            DeskEffect::Open(packet) => spawn_local(async move {
                let Packet { origin, body } = packet;
                let is_link = origin == Origin::Link;
                let outcome = read(Task::Read { body, is_link }).await;
                tell(DeskMsg::Opened(origin, outcome.map(Rc::new)));
            }),
            DeskEffect::Save(job) => spawn_local(async move {
                tell(DeskMsg::Saved(save(job).await.map(|()| "the session file")));
            }),
            DeskEffect::Keep(job) => {
                self.keeping = Some(Timeout::new(KEEP_MS, move || {
                    spawn_local(async move { tell(DeskMsg::Kept(keep(job).await)) });
                }));
            }
            DeskEffect::KeepNot => self.keeping = None,
            DeskEffect::Size(job) => spawn_local(async move {
                tell(DeskMsg::Share(ShareMsg::Sized(size(job).await)));
            }),
            DeskEffect::Pack(number, job, wish) => spawn_local(async move {
                let made = pack(job, wish).await.map(Rc::new);
                tell(DeskMsg::Share(ShareMsg::Made(number, made)));
            }),
            DeskEffect::Give(packed, key) => tell(DeskMsg::Saved(give(&packed, key))),
            DeskEffect::Unlock(job, key) => spawn_local(async move {
                let outcome = read(Task::Unlock(job, key)).await.map(Rc::new);
                tell(DeskMsg::Opened(Origin::Key, outcome));
            }),
            DeskEffect::KeepSwitch(on) => {
                self.keeping = None;
                if let Err(why) = storage::switch(on) {
                    tell(DeskMsg::Kept(Err(why)));
                }
            }
        }
    }
}

async fn read(task: Task) -> Result<Input, String> {
    match clerk::ask(task).await? {
        Answer::Read(outcome) => outcome,
        _ => Err("it could not be read".to_owned()),
    }
}

async fn size(job: Job) -> Result<Vec<(Part, usize)>, String> {
    match clerk::ask(Task::Size(job)).await? {
        Answer::Sizes(sizes) => Ok(sizes),
        _ => Err("it could not be measured".to_owned()),
    }
}

async fn pack(job: Job, wish: Wish) -> Result<Packed, String> {
    let Answer::Packed(packed) = clerk::ask(Task::Pack(job, wish)).await? else {
        return Err("it could not be made".to_owned());
    };
    let link = format!("{}#{}", address().unwrap_or_default(), packed.link);
    Ok(Packed { link, ..*packed })
}

/// The address of this page, without what stands behind `#`.
fn address() -> Option<String> {
    let href = web_sys::window()?.location().href().ok()?;
    Some(href.split('#').next().unwrap_or_default().to_owned())
}

/// Gives the user the file that is shared, or the key to its names.
fn give(packed: &Packed, key: bool) -> Result<&'static str, String> {
    let (given, what) = match &packed.key {
        Some(text) if key => {
            (download::give(text.as_bytes(), "names.sargable-key.json", KIND), "the key")
        }
        _ => {
            let name = format!("shared{}", session::EXTENSION);
            (download::give_blob(&packed.file, &name), "the session file")
        }
    };
    given.map(|()| what).ok_or_else(|| "the browser refuses to download".to_owned())
}

async fn save(job: Job) -> Result<(), String> {
    let name = file_name(&job);
    let Answer::Written(blob) = clerk::ask(Task::Write(job)).await? else {
        return Err("it could not be written".to_owned());
    };
    download::give_blob(&blob, &name).ok_or_else(|| "the browser refuses to download".to_owned())
}

/// Keeps a session, or nothing where it is empty.
async fn keep(job: Job) -> Result<usize, String> {
    if job.pieces.is_empty() {
        return storage::keep(None);
    }
    let size_bytes: f64 = job.pieces.iter().map(|piece| piece.body.size_bytes()).sum();
    if size_bytes > KEPT_BYTES_MAX as f64 {
        // The one before would come back in its place.
        let _ = storage::keep(None);
        return Err(storage::too_large(size_bytes));
    }
    let mut pieces = Vec::with_capacity(job.pieces.len());
    for JobPiece { name, kind, side, body } in job.pieces {
        pieces.push(Piece { name, kind, side, text: body.head(KEPT_BYTES_MAX).await });
    }
    let input = Input { pieces, dialect: job.dialect, options: job.options };
    storage::keep(Some(&session::write(&input)))
}

/// The input of a job whose texts are all at hand.
pub fn input_of(job: &Job) -> Option<Input> {
    let pieces = job.pieces.iter().map(|piece| match &piece.body {
        Body::Text(text) => {
            let (name, kind) = (piece.name.clone(), piece.kind.clone());
            Some(Piece { name, kind, side: piece.side, text: text.to_string() })
        }
        Body::Held(_) => None,
    });
    let pieces = pieces.collect::<Option<Vec<_>>>()?;
    Some(Input { pieces, dialect: job.dialect, options: job.options.clone() })
}

/// The name of its session file, after the first piece that has one.
pub fn file_name(job: &Job) -> String {
    let named = job.pieces.iter().find_map(|piece| piece.name.as_deref());
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let name = named.unwrap_or_default().trim();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let stem: String = stem.chars().filter(|c| is_plain(*c)).take(40).collect();
    let stem = if stem.is_empty() { "review" } else { &stem };
    format!("{stem}{}", session::EXTENSION)
}
