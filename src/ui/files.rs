//! Files and long texts, as the browser gives them: read, measured, looked into. All of it waits
//! without stopping the page.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::limits::PIECE_BYTES_MAX;
use crate::text;
use crate::ui::binary;
use crate::ui::body::{Body, describe};
use crate::ui::format;
use crate::ui::piece::{Excerpt, Preview};
use crate::ui::state::{NewPiece, Refusal};

/// Bytes read at once.
const CHUNK_BYTES: f64 = 4_194_304.0;

/// Bytes of a long text that its card shows.
const HEAD_BYTES: usize = 600;

/// Bytes read for an excerpt.
const EXCERPT_BYTES: f64 = 32_768.0;

/// Opens files: those that can be read, and why the others cannot.
pub async fn open(files: Vec<File>) -> (Vec<NewPiece>, Vec<Refusal>) {
    let (mut pieces, mut refused) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.name();
        match read(&file).await {
            Ok(body) => pieces.push(NewPiece { name: Some(name), body }),
            Err(why) => refused.push(Refusal { name, why }),
        }
    }
    (pieces, refused)
}

async fn read(file: &File) -> Result<Body, String> {
    if file.size() > PIECE_BYTES_MAX as f64 {
        let (size, limit) = (format::bytes(file.size()), format::bytes(PIECE_BYTES_MAX as f64));
        return Err(format!(
            "too large: {size}, and this page opens up to {limit}. The command has no limit: \
             sargable review FILE"
        ));
    }
    let head = slice(file, 0.0, 4096.0).await.map_err(|error| unreadable(&error))?;
    if let Some(advice) = binary::refusal(&head) {
        return Err(advice.to_owned());
    }
    if head.is_empty() {
        return Err("it is empty".to_owned());
    }
    Body::from_file(file).await
}

fn unreadable(error: &JsValue) -> String {
    format!("it cannot be read, perhaps because it is a folder ({})", describe(error))
}

async fn slice(blob: &Blob, start: f64, end: f64) -> Result<Vec<u8>, JsValue> {
    let part = blob.slice_with_f64_and_f64(start, end)?;
    Ok(Uint8Array::new(&JsFuture::from(part.array_buffer()).await?).to_vec())
}

/// The first lines of a long text, and how many there are.
pub async fn measure(body: Body) -> Preview {
    let head = body.head(HEAD_BYTES).await;
    let Body::Held(blob) = &body else {
        return Preview { head, n_lines: None };
    };
    let mut breaks = Breaks::default();
    let mut start = 0.0;
    while start < blob.size() {
        let Ok(chunk) = slice(blob, start, start + CHUNK_BYTES).await else { break };
        breaks.skip(&chunk, usize::MAX);
        start += CHUNK_BYTES;
    }
    Preview { head, n_lines: Some(breaks.count + usize::from(!breaks.at_end)) }
}

/// The lines around `line` (from 1) of a long text.
pub async fn excerpt(body: Body, line: usize, around: usize) -> Option<Excerpt> {
    let Body::Held(blob) = &body else { return None };
    let first = line.saturating_sub(around).max(1);
    let mut breaks = Breaks::default();
    let mut start = 0.0;
    while start < blob.size() {
        let chunk = slice(blob, start, start + CHUNK_BYTES).await.ok()?;
        let skipped = breaks.skip(&chunk, first - 1);
        if breaks.count >= first - 1 {
            let at = start + skipped as f64;
            let bytes = slice(blob, at, at + EXCERPT_BYTES).await.ok()?;
            return Excerpt::of(&text::decode(bytes), first, line, around);
        }
        start += CHUNK_BYTES;
    }
    None
}

/// Counts line breaks over chunks of a text.
#[derive(Default)]
struct Breaks {
    count: usize,
    after_cr: bool,
    at_end: bool,
}

impl Breaks {
    /// Counts up to `wanted` breaks in all; returns where in the chunk it stopped.
    fn skip(&mut self, chunk: &[u8], wanted: usize) -> usize {
        for (at, byte) in chunk.iter().enumerate() {
            let second_half = self.after_cr && *byte == b'\n';
            if self.count >= wanted && !second_half {
                return at;
            }
            self.at_end = matches!(byte, b'\n' | b'\r');
            self.count += usize::from(self.at_end && !second_half);
            self.after_cr = *byte == b'\r';
        }
        chunk.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Breaks;

    #[test]
    fn a_break_across_chunks_is_one() {
        let mut breaks = Breaks::default();
        assert_eq!(breaks.skip(b"a\r", usize::MAX), 2);
        assert_eq!(breaks.skip(b"\nb\nc", usize::MAX), 4);
        assert_eq!((breaks.count, breaks.at_end), (2, false));
        let mut breaks = Breaks::default();
        assert_eq!(breaks.skip(b"a\r\nb", 1), 3);
    }
}
