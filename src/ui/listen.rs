//! What happens anywhere on the page: keys, paste, drag and drop.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, File, KeyboardEvent, StorageEvent,
};
use yew::Callback;

use crate::limits::EDITABLE_BYTES_MAX;
use crate::ui::body::Body;
use crate::ui::desk::message::{DeskMsg, Origin, Packet};
use crate::ui::desk::share::ShareMsg;
use crate::ui::desk::{detect, drag, outside, storage};
use crate::ui::files;
use crate::ui::keys::{self, Key};
use crate::ui::state::{Msg, NewPiece};

/// Listens until dropped.
pub fn listen(send: &Callback<Msg>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let on = |kind: &'static str, hear: fn(&Event, &Callback<Msg>)| {
        let send = send.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, kind, options, move |event| hear(event, &send))
    };
    vec![
        on("keydown", key_down),
        on("paste", paste),
        on("dragenter", drag_over),
        on("dragover", drag_over),
        on("dragleave", drag_leave),
        on("drop", drop),
        on("hashchange", hash_changed),
        on("storage", stored_elsewhere),
        on("pagehide", |_, _| storage::leave()),
    ]
}

fn stored_elsewhere(event: &Event, send: &Callback<Msg>) {
    if let Some(forgotten) = event.dyn_ref::<StorageEvent>().and_then(storage::elsewhere) {
        send.emit(Msg::Desk(DeskMsg::Elsewhere(forgotten)));
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn in_field(event: &Event) -> bool {
    target(event).is_some_and(|element| {
        element.matches("textarea, select, [contenteditable], input:not([type=checkbox])")
            == Ok(true)
    })
}

/// Does what has the focus undo by itself?
fn in_text(event: &Event) -> bool {
    let kinds =
        "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])";
    target(event).is_some_and(|element| element.matches(kinds) == Ok(true))
}

fn key_down(event: &Event, send: &Callback<Msg>) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    let dialog = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("dialog[open]").ok().flatten());
    let key = Key {
        key: event.key(),
        command: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
        in_field: in_field(event),
        in_text: in_text(event),
        in_dialog: dialog.is_some(),
    };
    if let Some(msg) = keys::action(&key).filter(|_| !event.default_prevented()) {
        event.prevent_default();
        send.emit(msg);
    }
}

/// A paste into a field stays there, unless it is too long for a field.
fn paste(event: &Event, send: &Callback<Msg>) {
    let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
    let Some(data) = event.clipboard_data() else { return };
    let new = target(event).is_some_and(|target| target.id() == "new-piece");
    let length = || data.get_data("text/plain").unwrap_or_default().len();
    if new || !in_field(event) || length() > EDITABLE_BYTES_MAX {
        take(&data, event, send);
    }
}

/// Takes files, or else the text, of a paste or a drop.
fn take(data: &DataTransfer, event: &Event, send: &Callback<Msg>) {
    let list = data.files();
    let files: Vec<File> = list
        .iter()
        .flat_map(|list| (0..list.length()).filter_map(|i| list.get(i)).collect::<Vec<_>>())
        .collect();
    if !files.is_empty() {
        event.prevent_default();
        return open(files, send);
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    if !text.trim().is_empty() {
        event.prevent_default();
        add(vec![NewPiece { name: None, body: Body::from_text(&text) }], send);
    }
}

/// Reads files and adds them.
pub fn open(files: Vec<File>, send: &Callback<Msg>) {
    let send = send.clone();
    spawn_local(async move {
        let (pieces, refused) = files::open(files).await;
        send.emit(detect::sort(pieces, refused).await);
    });
}

/// Adds texts, or opens the session among them.
pub fn add(pieces: Vec<NewPiece>, send: &Callback<Msg>) {
    let send = send.clone();
    spawn_local(async move { send.emit(detect::sort(pieces, Vec::new()).await) });
}

/// Turns names back with a key.
pub fn open_key(file: File, send: &Callback<Msg>) {
    let send = send.clone();
    spawn_local(async move {
        let (pieces, refused) = files::open(vec![file]).await;
        send.emit(match pieces.first().map(|piece| &piece.body) {
            Some(Body::Text(key)) => Msg::Desk(DeskMsg::Share(ShareMsg::UseKey(key.to_string()))),
            Some(Body::Held(_)) => Msg::Desk(DeskMsg::Opened(
                Origin::Key,
                Err("it is far too large for a key".to_owned()),
            )),
            None => Msg::Add(Vec::new(), refused),
        });
    });
}

/// A link was put into the address bar of this page.
fn hash_changed(_: &Event, send: &Callback<Msg>) {
    if let Some(link) = outside::take_link() {
        let packet = Packet { origin: Origin::Link, body: Body::from_text(&link) };
        send.emit(Msg::Desk(DeskMsg::Open(packet, Vec::new())));
    }
}

/// Is it a file or a text from elsewhere, not a text moved within a field?
fn is_foreign(event: &DragEvent) -> bool {
    let has_files = event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0));
    !drag::is_own() && (has_files || !in_field(event))
}

fn drag_over(event: &Event, send: &Callback<Msg>) {
    let Some(event) = event.dyn_ref::<DragEvent>().filter(|event| is_foreign(event)) else {
        return;
    };
    event.prevent_default();
    if event.type_() == "dragenter" {
        send.emit(Msg::Drag(true));
    }
}

fn drag_leave(event: &Event, send: &Callback<Msg>) {
    // Without a related target the pointer left the window.
    if event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none()) {
        send.emit(Msg::Drag(false));
    }
}

fn drop(event: &Event, send: &Callback<Msg>) {
    let Some(event) = event.dyn_ref::<DragEvent>().filter(|event| is_foreign(event)) else {
        return;
    };
    event.prevent_default();
    send.emit(Msg::Drag(false));
    if let Some(data) = event.data_transfer() {
        take(&data, event, send);
    }
}
