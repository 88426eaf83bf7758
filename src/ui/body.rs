//! The text of a piece of input as the page holds it.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::limits::EDITABLE_BYTES_MAX;
use crate::text;

/// A text, short enough to be edited or not. Both live on the page and survive the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// Can be shown and edited.
    Text(Rc<str>),
    /// Too long for that (see [`EDITABLE_BYTES_MAX`]): bytes that the browser keeps and the worker
    /// reads, without a copy in this program.
    Held(#[serde(with = "crate::ui::wire::held")] Blob),
}

impl Body {
    /// Holds a pasted or typed text.
    pub fn from_text(text: &str) -> Body {
        if text.len() <= EDITABLE_BYTES_MAX {
            return Body::Text(text.into());
        }
        let parts = js_sys::Array::of1(&text.into());
        Blob::new_with_str_sequence(&parts).map_or_else(|_| Body::Text(text.into()), Body::Held)
    }

    /// Holds a dropped or opened file. Its bytes are read now: the file may change or go.
    pub async fn from_file(file: &Blob) -> Result<Body, String> {
        let buffer = read_bytes(file).await?;
        if file.size() <= EDITABLE_BYTES_MAX as f64 {
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            return Ok(Body::Text(text::decode(bytes).into()));
        }
        let parts = js_sys::Array::of1(&buffer);
        Blob::new_with_u8_array_sequence(&parts).map(Body::Held).map_err(|error| describe(&error))
    }

    /// Its size.
    pub fn size_bytes(&self) -> f64 {
        match self {
            Body::Text(text) => text.len() as f64,
            Body::Held(blob) => blob.size(),
        }
    }

    /// Its first characters, about `bytes` of them, for a preview.
    pub async fn head(&self, bytes: usize) -> String {
        match self {
            Body::Text(text) => {
                let end = (0..=bytes.min(text.len())).rfind(|at| text.is_char_boundary(*at));
                text.get(..end.unwrap_or(0)).unwrap_or_default().to_owned()
            }
            Body::Held(blob) => {
                let Ok(head) = blob.slice_with_f64_and_f64(0.0, bytes as f64) else {
                    return String::new();
                };
                let bytes = read_bytes(&head).await.unwrap_or_default();
                text::decode(js_sys::Uint8Array::new(&bytes).to_vec())
            }
        }
    }
}

async fn read_bytes(blob: &Blob) -> Result<JsValue, String> {
    JsFuture::from(blob.array_buffer()).await.map_err(|error| describe(&error))
}

/// What a browser's exception says.
pub fn describe(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}
