//! `sargable inspect`.

use super::Outcome;
use super::args::{Args, Format};
use crate::input::Input;
use crate::report::inspection::{inspect, render_inspection};
use crate::report::json::render_json;

pub(super) fn run(args: &Args, input: &Input) -> Outcome {
    let inspection = inspect(input);
    let output = match args.format {
        Format::Json => render_json(&inspection),
        _ => render_inspection(&inspection),
    };
    Outcome { output, failed: false }
}
