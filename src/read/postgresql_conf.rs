//! Lines of a `postgresql.conf`: `work_mem = 64MB   # per sort`.

use super::facts::{Facts, SettingFact};
use super::set::value_of;
use super::settings::is_planner_setting;
use super::{Claim, Format, Segment};
use crate::dialect::Dialect;
use crate::text::lines;

/// A configuration file of PostgreSQL, or lines of one.
pub const FORMAT: Format =
    Format { name: "postgresql-conf", title: "postgresql.conf", claim, read };

/// A line that sets something of the planner, with those around it that could stand in such a file. A
/// whole file is also recognised by settings that are commented out.
fn claim(text: &str, at: usize) -> Option<Claim> {
    let rest = text.get(at..)?;
    let begins = lines(rest).next().is_some_and(|(_, line)| sets_planner(line));
    let begins_file = || text.get(..at).is_some_and(|lead| lead.trim_start().is_empty());
    if !begins && !begins_file() {
        return None;
    }
    let mut end = at;
    let mut found = false;
    for (start, line) in lines(rest) {
        let is_blank = line.trim().is_empty();
        if !is_blank && !line.trim_start().starts_with('#') && assignment(line).is_none() {
            break;
        }
        found |= sets_planner(line.trim_start().trim_start_matches('#'));
        if !is_blank {
            end = at + start + line.len();
        }
    }
    let reason = "lines of `setting = value`".to_owned();
    found.then_some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    for (_, line) in lines(segment.text()) {
        let Some((name, value)) = assignment(line) else { continue };
        facts.entries += 1;
        if is_planner_setting(&name) {
            facts.set.push(SettingFact { name, value: Some(value) });
        }
    }
}

fn sets_planner(line: &str) -> bool {
    assignment(line).is_some_and(|(name, _)| is_planner_setting(&name))
}

/// `name = value`, the value without quotes and without the comment behind it.
fn assignment(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
    let value = value.trim();
    let end = match value.strip_prefix('\'') {
        Some(quoted) => quoted.find('\'').map_or(value.len(), |at| at + 2),
        None => value.find([' ', '\t', '#']).unwrap_or(value.len()),
    };
    let (value, comment) = value.split_at_checked(end)?;
    let comment = comment.trim();
    let fits = is_name && (comment.is_empty() || comment.starts_with('#'));
    fits.then(|| (name.to_ascii_lowercase(), value_of(value)))
}
