//! JSON for other programs: plain data, one object, pretty-printed.

use serde::Serialize;

/// `value` as JSON with a final newline.
pub fn render_json<T: Serialize>(value: &T) -> String {
    // Serialising plain data to a string fails only for maps with keys that are no strings; the
    // report has none.
    serde_json::to_string_pretty(value).map_or_else(|error| error.to_string(), |json| json + "\n")
}
