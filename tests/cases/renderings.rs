//! The renderings beside the golden text.

use sargable::progress::Silent;
use sargable::report::migration::{self, Format};
use sargable::report::{Report, html, json, markdown};

use crate::canonical::{Modulo, canonical, first_difference};
use crate::case::Case;
use crate::markup;

/// The JSON reads back as the same report; the page holds no markup but its own; every line of the
/// migration is a statement or a comment.
pub fn check(case: &Case) -> Result<(), String> {
    let report = sargable::analyze(&case.input(), &mut Silent);
    let complain = |what: &str| Err(format!("{}: {}: {what}", case.file, case.title));
    let json = json::render_json(&report);
    match serde_json::from_str::<Report>(&json) {
        Ok(back) => {
            let exact = Modulo::default();
            let difference = first_difference(&canonical(&report, exact), &canonical(&back, exact));
            if let Some(difference) = difference {
                return complain(&format!("the JSON reads back as another report: {difference}"));
            }
        }
        Err(error) => return complain(&format!("the JSON does not read back: {error}")),
    }
    let html = html::render_html(&report);
    if let Err(what) = markup::check(&html) {
        return complain(&format!("the page: {what}"));
    }
    let markdown = markdown::render_markdown(&report);
    if outside_code(&markdown).contains("<script") || outside_code(&markdown).contains("<img") {
        return complain("foreign markup in the Markdown");
    }
    if markdown.len() > 65_536 {
        return complain("GitHub does not take so much Markdown");
    }
    for format in Format::ALL {
        for file in migration::files(&report, format, 20_260_102_030_405) {
            if file.text.contains('\r') && format != Format::Verify {
                return complain(&format!("a carriage return in {}", file.name));
            }
        }
    }
    Ok(())
}

/// Markdown without its code: from a run of backticks to the next run of the same length.
fn outside_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(start) = rest.find('`') {
        let fence: String = rest[start..].chars().take_while(|c| *c == '`').collect();
        out.push_str(&rest[..start]);
        let inside = &rest[start + fence.len()..];
        let mut end = 0;
        while let Some(found) = inside[end..].find(&fence) {
            let run = inside[end + found..].chars().take_while(|c| *c == '`').count();
            end += found + run;
            if run == fence.len() {
                break;
            }
        }
        rest = &inside[end..];
    }
    out + rest
}
