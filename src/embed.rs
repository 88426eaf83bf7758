//! The core for other programs that run JavaScript: what `cargo xtask dist` packs as `dist/npm`.

use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Input;
use crate::progress::Silent;

/// Reviews an input. Both are plain objects: the input as [`Input`] is written in JSON, the report as
/// `sargable review --format json` prints it. Throws only if the input is not of that form.
#[wasm_bindgen(skip_typescript)]
pub fn analyze(input: JsValue) -> Result<JsValue, JsValue> {
    let input: Input = from_value(input)?;
    let report = crate::analyze(&input, &mut Silent);
    Ok(report.serialize(&Serializer::json_compatible())?)
}
