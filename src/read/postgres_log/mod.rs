//! PostgreSQL's text log (`log_destination = stderr` or syslog), whatever `log_line_prefix` is: the
//! level is searched for, what stands before it is opaque, and the process id is found in it.
//!
//! A call is a `statement:` or `execute` entry, with its duration on the same line or in a later
//! `duration:` line of the same process; parse and bind are no calls. Parameters come from DETAIL.
//! Calls are folded by shape while reading. Plans of auto_explain are kept, the slowest of each shape;
//! they count as calls only in a log that has no others. Where lines have a time of day, calls are
//! also kept one by one, for the time line.

pub mod line;
pub mod message;
mod reader;
mod when;

use super::{Claim, Facts, Format, Segment};
use crate::dialect::Dialect;
use crate::text::lines;
use line::{Level, split_line};
pub use reader::read_plan;

/// A server log.
pub const FORMAT: Format =
    Format { name: "postgres-log", title: "PostgreSQL log (stderr or syslog)", claim, read };

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    reader::read(segment, facts);
}

fn claim(text: &str, at: usize) -> Option<Claim> {
    let rest = text.get(at..)?;
    let first = lines(rest).next()?.1;
    let begins = split_line(first).filter(|line| is_plausible(line.lead))?;
    let reason = match begins.lead.trim() {
        "" => "a line with a level such as LOG and two spaces".to_owned(),
        _ => "a line with a prefix and a level such as LOG".to_owned(),
    };
    let end = at + log_end(rest);
    Some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

/// A prefix has a time, a process or a user in it; prose in front of a level has not.
fn is_plausible(lead: &str) -> bool {
    lead.is_empty() || lead.contains(|c: char| c.is_ascii_digit()) || lead.contains(['@', '=', '['])
}

/// Where the log ends: before a line that neither begins an entry nor can continue one.
fn log_end(text: &str) -> usize {
    let (mut end, mut open, mut blank) = (0, false, false);
    for (start, line) in lines(text) {
        let next = start + line.len();
        if line.starts_with('\t') {
            (end, blank) = (next, false);
        } else if let Some(line) = split_line(line).filter(|line| is_plausible(line.lead)) {
            // Only a statement goes on over lines; the tab may have been lost on the way here.
            open = matches!(line.level, Level::Log | Level::Detail | Level::More)
                && line.message.contains(": ")
                || line.level == Level::More;
            (end, blank) = (next, false);
        } else if line.trim().is_empty() {
            blank = true;
        } else if open && !blank {
            end = next;
        } else {
            break;
        }
    }
    // The break behind the last line belongs to it.
    lines(text.get(end..).unwrap_or("")).nth(1).map_or(text.len(), |(start, _)| end + start)
}
