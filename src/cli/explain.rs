//! `sargable explain`: the modelled plan of every query.

use super::Outcome;
use super::args::{Args, Format};
use crate::input::Input;
use crate::report::explanation::{explain, render_json, render_text};

/// `base` is what exists; `with` is the same with the hypothetical indexes behind it, if any were given.
pub(super) fn run(args: &Args, base: &Input, with: Option<&Input>) -> Outcome {
    let explanation = explain(base, with);
    let output = match args.format {
        Format::Json => render_json(&explanation),
        _ => render_text(&explanation),
    };
    Outcome { output, failed: false }
}
