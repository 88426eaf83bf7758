//! The session as something to be dragged out of the page, to a folder or into another window.

use std::cell::{Cell, RefCell};

use web_sys::{DataTransfer, Url};

use crate::session;
use crate::ui::desk::outside::{KIND, file_name, input_of};
use crate::ui::download;
use crate::ui::protocol::Job;

thread_local! {
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
    /// The address of what is dragged; the last one lives until the next drag.
    static ADDRESS: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Is what is dragged over this page from this page?
pub fn is_own() -> bool {
    IS_OWN.get()
}

/// The drag is over.
pub fn end() {
    IS_OWN.set(false);
}

/// Gives the session of a job to a drag that begins: as a file where the browser has a word for that,
/// and as text. Nothing where the browser holds a part of the input: reading that takes time.
pub fn begin(job: &Job, data: &DataTransfer) -> Option<()> {
    let text = session::write(&input_of(job)?);
    let blob = download::blob(text.as_bytes(), KIND)?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let promise = format!("{KIND}:{}:{address}", file_name(job));
    if let Some(before) = ADDRESS.replace(Some(address)) {
        let _ = Url::revoke_object_url(&before);
    }
    data.set_effect_allowed("copy");
    data.set_data("DownloadURL", &promise).ok()?;
    data.set_data("text/plain", &text).ok()?;
    IS_OWN.set(true);
    Some(())
}
