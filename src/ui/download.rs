//! Files that the page gives to the user: one as it is, several in an archive.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::report::migration::File;
use crate::ui::archive::archive;
use crate::ui::call_boot;

/// Begins the download; nothing if there is nothing to give or the browser refuses.
pub fn download(files: &[File], name: &str) -> Option<()> {
    match files {
        [] => None,
        [only] => {
            let name = only.name.rsplit('/').next().unwrap_or(&only.name);
            give(only.text.as_bytes(), name, "text/plain;charset=utf-8")
        }
        several => give(&archive(several)?, &format!("migration_{name}.zip"), "application/zip"),
    }
}

/// Begins the download of the page itself, as one file.
pub fn download_page() {
    // The script that does it says itself what goes wrong.
    let _ = call_boot("download", &[]);
}

/// Begins the download of some bytes.
pub fn give(bytes: &[u8], name: &str, kind: &str) -> Option<()> {
    give_blob(&blob(bytes, kind)?, name)
}

/// Bytes that the browser holds.
pub fn blob(bytes: &[u8], kind: &str) -> Option<Blob> {
    let parts = Array::of1(&JsValue::from(Uint8Array::from(bytes)));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// Begins the download of what the browser holds.
pub fn give_blob(blob: &Blob, name: &str) -> Option<()> {
    let address = Url::create_object_url_with_blob(blob).ok()?;
    let document = web_sys::window()?.document()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The download has begun when click() returns; what it reads stays alive.
    Url::revoke_object_url(&address).ok()
}
