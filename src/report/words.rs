//! The words and phrases that every rendering shares.

use super::data::{
    Access, Basis, Cell, Confidence, Finding, Grounds, Importance, QueryReport, Role,
};
use super::units::{bytes, count, gain};
use crate::diagnostic::{Place, Severity};

/// `name:line:column`, as editors and terminals open it.
pub fn place(place: &Place) -> String {
    format!("{}:{}:{}", place.name, place.line, place.column)
}

/// How each table is reached, and how it would be where that changes.
pub fn access_changes(query: &QueryReport) -> Vec<String> {
    let show = |access: &Access| match access.indexes.as_slice() {
        [] => access.path.clone(),
        indexes => format!("{} {}", access.path, indexes.join(" + ")),
    };
    let after = |access: &Access| {
        let same = |other: &&Access| other.table == access.table && other.alias == access.alias;
        query.access_after.iter().find(same).map(show)
    };
    let named = |access: &Access| match access.alias == access.table {
        true => access.table.clone(),
        false => format!("{} {}", access.table, access.alias),
    };
    let line = |access: &Access| match after(access) {
        Some(after) if after != show(access) => {
            format!("{}: {} -> {after}", named(access), show(access))
        }
        _ => format!("{}: {}", named(access), show(access)),
    };
    query.access_before.iter().map(line).collect()
}

/// Cost, size, write cost and confidence on one line.
pub fn effect(finding: &Finding) -> String {
    let mut parts = Vec::new();
    if let (Some(before), Some(after)) = (finding.cost_before, finding.cost_after) {
        parts.push(change(before, after));
    }
    if let Some(size) = finding.size_bytes {
        let verb = if finding.create.is_empty() { "frees" } else { "takes" };
        parts.push(format!("{verb} {}", bytes(size)));
    }
    if let Some(cost) = finding.write_cost {
        parts.push(format!("write cost {} per 1 000 rows", count(cost)));
    }
    let grounds = finding.grounds.map(|grounds| format!(" ({})", grounds_name(grounds)));
    let confidence = confidence_name(finding.confidence);
    parts.push(format!("confidence {confidence}{}", grounds.unwrap_or_default()));
    parts.join(", ")
}

/// `cost 1 234 -> 8.4 (147x)`.
pub fn change(before: f64, after: f64) -> String {
    let gain = gain(before, after).map(|gain| format!(" ({gain})")).unwrap_or_default();
    format!("cost {} -> {}{gain}", count(before), count(after))
}

/// All that an index does for a query: `seek, sort-free, chosen`.
pub fn cell_uses(cell: &Cell) -> String {
    let mut uses = vec![role_name(cell.role)];
    uses.extend(cell.sort_free.then_some("sort-free"));
    uses.extend((cell.covering && cell.role != Role::Covering).then_some("covering"));
    uses.extend(cell.chosen.then_some("chosen"));
    uses.join(", ")
}

/// A statement with exactly one terminator.
pub fn terminated(statement: &str) -> String {
    format!("{};", statement.trim().trim_end_matches(';').trim_end())
}

/// `error`, `warning`, `info`.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// `high`, `medium`, `low`.
pub fn importance_name(importance: Importance) -> &'static str {
    match importance {
        Importance::High => "high",
        Importance::Medium => "medium",
        Importance::Low => "low",
    }
}

/// `high`, `medium`, `low`.
pub fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// What says that an index is not needed.
pub fn grounds_name(grounds: Grounds) -> &'static str {
    match grounds {
        Grounds::Structure => "by structure alone",
        Grounds::Counters => "by the server's counters",
        Grounds::Model => "by the model",
    }
}

/// What a number rests on; a default is called a default.
pub fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "measured",
        Basis::Plan => "from a plan",
        Basis::Statistics => "statistics",
        Basis::Constraint => "constraint",
        Basis::Default => "default",
    }
}

/// A basis behind a number: `5 rows from statistics`.
pub fn basis_phrase(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "counted",
        Basis::Plan => "from your plan",
        Basis::Statistics => "from statistics",
        Basis::Constraint => "by a constraint",
        Basis::Default => "by default",
    }
}

/// What an index does for a query.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Seek => "seek",
        Role::PartialSeek => "partial seek",
        Role::FilterOnly => "filter only",
        Role::SortOnly => "sort only",
        Role::Covering => "covering",
        Role::NotUsed => "not used",
    }
}

/// A phrase that begins like a sentence.
pub fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
