//! What this browser stores: with the user's consent a session, and else, for as long as the tab
//! lives, a number that tells which one killed the worker.

use web_sys::{Storage, StorageEvent};

use crate::limits::KEPT_BYTES_MAX;
use crate::ui::desk::guard::Guard;
use crate::ui::desk::message::Begin;
use crate::ui::format;

const SWITCH: &str = "sargable.keep";
const SESSION: &str = "sargable.session";
const RUNNING: &str = "sargable.running";
const KILLED: &str = "sargable.killed";

/// Outlives the page.
fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Lives as long as the tab.
fn of_tab() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn get(storage: Option<&Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok().flatten()
}

/// What earlier visits left.
pub fn read() -> Begin {
    let (local, tab) = (local(), of_tab());
    let keeps = get(local.as_ref(), SWITCH).is_some();
    let mark = |key| get(tab.as_ref(), key).or_else(|| get(local.as_ref(), key));
    let killed = mark(RUNNING).or_else(|| mark(KILLED));
    Begin {
        keeps,
        kept: get(local.as_ref(), SESSION).filter(|_| keeps),
        link: None,
        killed: killed.and_then(|digits| u64::from_str_radix(&digits, 16).ok()),
    }
}

/// Remembers that sessions are kept; or forgets that, and everything kept.
pub fn switch(on: bool) -> Result<(), String> {
    let local = local().ok_or("it lets no page store anything here")?;
    if on {
        return local.set_item(SWITCH, "on").map_err(|_| "it refuses to store anything".to_owned());
    }
    for key in [SESSION, RUNNING, KILLED, SWITCH] {
        let _ = local.remove_item(key);
    }
    Ok(())
}

/// What another tab did to what is kept: kept its own, or (`true`) forgot everything.
pub fn elsewhere(event: &StorageEvent) -> Option<bool> {
    match (event.key().as_deref(), event.new_value()) {
        (Some(SESSION), _) => Some(false),
        (Some(SWITCH) | None, None) => Some(true),
        _ => None,
    }
}

/// Keeps a session, or nothing where it is empty. One that cannot be kept leaves none behind: the one
/// before would come back in its place. Returns the bytes it takes.
pub fn keep(session: Option<&str>) -> Result<usize, String> {
    let local = local().ok_or("this browser lets no page store anything here")?;
    let Some(session) = session else {
        let _ = local.remove_item(SESSION);
        return Ok(0);
    };
    let is_kept = session.len() <= KEPT_BYTES_MAX && local.set_item(SESSION, session).is_ok();
    if is_kept {
        return Ok(session.len());
    }
    let _ = local.remove_item(SESSION);
    Err(too_large(session.len() as f64))
}

/// What is said of a session that has no room.
pub fn too_large(size_bytes: f64) -> String {
    format!(
        "the session takes {}, and browsers give a page about {}. Save it as a file instead",
        format::bytes(size_bytes),
        format::bytes(KEPT_BYTES_MAX as f64)
    )
}

/// Notes what is run and what killed the worker; beyond the tab only where sessions are kept.
pub fn mark(guard: Guard, keeps: bool) {
    for storage in [of_tab(), local().filter(|_| keeps)].into_iter().flatten() {
        for (key, digest) in [(RUNNING, guard.running), (KILLED, guard.killed)] {
            let _ = match digest {
                Some(digest) => storage.set_item(key, &format!("{digest:x}")),
                None => storage.remove_item(key),
            };
        }
    }
}

/// The page is left while it runs: that is no crash.
pub fn leave() {
    for storage in [of_tab(), local()].into_iter().flatten() {
        let _ = storage.remove_item(RUNNING);
    }
}
