//! What only the browser can pass on: files. They go beside the bytes of a message, in the order in which
//! they are met; in the bytes stand their places.

use std::cell::RefCell;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use web_sys::Blob;

thread_local! {
    /// Those of the message that is being written or read.
    static HELD: RefCell<Vec<Blob>> = const { RefCell::new(Vec::new()) };
}

/// Does something, then gives what was met meanwhile.
pub fn gather<T>(write: impl FnOnce() -> T) -> (T, Vec<Blob>) {
    HELD.set(Vec::new());
    let written = write();
    (written, HELD.take())
}

/// Does something that may ask for these.
pub fn hand_out<T>(held: Vec<Blob>, read: impl FnOnce() -> T) -> T {
    HELD.set(held);
    let value = read();
    HELD.take();
    value
}

/// Writes the place of a file.
pub fn serialize<S: Serializer>(blob: &Blob, to: S) -> Result<S::Ok, S::Error> {
    let place = HELD.with_borrow_mut(|held| {
        held.push(blob.clone());
        held.len() - 1
    });
    to.serialize_u64(place as u64)
}

/// The file of a place.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Blob, D::Error> {
    let place = usize::deserialize(from)?;
    HELD.with_borrow(|held| held.get(place).cloned())
        .ok_or_else(|| D::Error::custom("no such file"))
}
