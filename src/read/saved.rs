//! A session file among the pieces of an input. Whoever opens one takes it up before reading; here stands
//! what that could not be done with: a damaged one, or one inside another.

use super::{Claim, Facts, Format, Segment};
use crate::diagnostic::{Diagnostic, Severity};

/// A session file.
pub const FORMAT: Format =
    Format { name: "sargable-session", title: "Sargable session", claim, read };

/// What a session file begins with, but for spaces.
const LEAD: &str = "{\"format\":\"sargable-session/";

fn claim(text: &str, at: usize) -> Option<Claim> {
    let rest = text.get(at..)?;
    let mut lead = rest.chars().filter(|c| !c.is_whitespace());
    if !LEAD.chars().all(|c| lead.next() == Some(c)) {
        return None;
    }
    let reason = "an object with \"format\": \"sargable-session/...\"".to_owned();
    Some(Claim { end: text.len(), reason, dialect: None })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    facts.skipped += 1;
    let message = "a session is opened as a file of its own, not as a part of another input";
    let remark = Diagnostic::new(Severity::Error, "session-not-opened", message)
        .help("open the file itself, or save the session again if it cannot be opened")
        .at(segment.source.place(segment.span.start));
    facts.diagnostics.push(remark);
}
