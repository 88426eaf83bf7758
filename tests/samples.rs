//! The sample applications of the page: what the review must find in them, from the same files that
//! the page shows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::path::Path;

use sargable::diagnostic::Severity;
use sargable::input::{Input, Piece};
use sargable::progress::Silent;
use sargable::report::{Finding, QueryReport, Report};

/// Largest sample, in bytes: the page carries all of them.
const BYTES_MAX: usize = 60_000;

fn pieces(name: &str) -> Vec<Piece> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples").join(name);
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.collect();
    paths.sort();
    let piece = |path: &std::path::PathBuf| Piece {
        name: Some(path.file_name().unwrap().to_string_lossy().into_owned()),
        text: std::fs::read_to_string(path).unwrap(),
        kind: None,
        ..Piece::default()
    };
    paths.iter().map(piece).collect()
}

fn review(name: &str) -> Report {
    let input = Input { pieces: pieces(name), ..Input::default() };
    sargable::analyze(&input, &mut Silent)
}

fn findings<'a>(report: &'a Report, code: &'a str) -> impl Iterator<Item = &'a Finding> {
    report.findings.iter().filter(move |finding| finding.code == code)
}

/// The finding that calls an index superfluous for its shape.
fn redundancy<'a>(report: &'a Report, index: &str) -> &'a Finding {
    let mut found = findings(report, "redundant-index").chain(findings(report, "duplicate-index"));
    found
        .find(|finding| finding.indexes.iter().any(|name| name == index))
        .unwrap_or_else(|| panic!("{index} is not called redundant"))
}

/// A suggested statement that contains all of `parts`.
fn assert_suggested(report: &Report, parts: &[&str]) {
    let mut statements = findings(report, "missing-index").flat_map(|finding| &finding.create);
    let all_parts = |sql: &&String| parts.iter().all(|part| sql.replace('"', "").contains(part));
    assert!(statements.any(|sql| all_parts(&sql)), "no suggestion has {parts:?}");
}

fn query<'a>(report: &'a Report, name: &str) -> &'a QueryReport {
    report.queries.iter().find(|query| query.name.as_deref() == Some(name)).unwrap()
}

#[test]
fn everything_in_them_is_understood() {
    for name in ["bots", "health", "agents"] {
        let n_bytes: usize = pieces(name).iter().map(|piece| piece.text.len()).sum();
        assert!(n_bytes <= BYTES_MAX, "{name}: {n_bytes} bytes");
        let report = review(name);
        for input in &report.inputs {
            assert_eq!((input.skipped, input.entries > 0), (0, true), "{name}: {}", input.name);
        }
        let bad = report.diagnostics.iter().find(|remark| remark.severity != Severity::Info);
        assert!(bad.is_none(), "{name}: {bad:?}");
        assert_eq!(report.summary.n_understood, report.summary.n_queries, "{name}");
    }
}

#[test]
fn nothing_that_exists_is_suggested() {
    for name in ["bots", "health", "agents"] {
        let report = review(name);
        let (suggested, existing): (Vec<_>, Vec<_>) =
            report.indexes.iter().partition(|index| index.suggested);
        for new in suggested {
            let twin = existing.iter().find(|old| old.table == new.table && old.shape == new.shape);
            // An index that the server refuses does not exist.
            let is_refused = |old: &str| {
                findings(&report, "invalid-partial-predicate").any(|f| f.indexes == [old])
            };
            assert!(twin.is_none_or(|old| is_refused(&old.name)), "{name}: {}", new.shape);
        }
    }
}

#[test]
fn bots_has_redundant_indexes_after_all() {
    let report = review("bots");
    for index in ["messages_bot_idx", "messages_chat_idx", "messages_bot_created_idx"] {
        let finding = redundancy(&report, index);
        assert!(!finding.queries.is_empty(), "no query proves that {index} is redundant");
        assert!(finding.drop.iter().any(|sql| sql.contains(index)), "{:?}", finding.drop);
    }
    let mut invalid = findings(&report, "invalid-partial-predicate");
    assert!(invalid.any(|finding| finding.indexes == ["bot_stances_cooling_idx"]));
    // One page each: the flag's index cannot help, and no other is suggested.
    assert_eq!(query(&report, "tick_bots").access_before[0].path, "seq-scan");
    let about_flags =
        |finding: &Finding| matches!(finding.table.as_deref(), Some("bots" | "chats" | "settings"));
    assert!(!findings(&report, "missing-index").any(about_flags));
}

#[test]
fn health_gets_covering_partial_and_descending_indexes() {
    let report = review("health");
    assert_suggested(
        &report,
        &["conversation_history (user_id, timestamp DESC) INCLUDE (", "role", "content"],
    );
    let history = query(&report, "history");
    assert_eq!(history.access_after[0].path, "index-only-scan");
    assert_suggested(&report, &["reminders (next_execution)", "WHERE active"]);
    assert_suggested(&report, &["users (telegram_id)", "WHERE is_active"]);
    assert_suggested(&report, &["user_xp (total_xp DESC"]);
    let invalid: Vec<&Finding> = findings(&report, "invalid-partial-predicate").collect();
    assert_eq!(invalid.len(), 1);
    assert_eq!(invalid[0].indexes, ["food_entries_recent_idx"]);
    let proposals = report.findings.iter().flat_map(|finding| &finding.create);
    assert!(!proposals.into_iter().any(|sql| sql.contains("now()")));
}

#[test]
fn agents_has_sixteen_indexes_of_which_several_are_redundant() {
    let report = review("agents");
    let own = report.indexes.iter().filter(|index| !index.constraint && !index.suggested);
    assert_eq!(own.count(), 16);
    for index in [
        "idx_tasks_workflow",
        "idx_messages_sender",
        "idx_messages_channel",
        "idx_workflows_status",
        "idx_agents_kind",
    ] {
        redundancy(&report, index);
    }
    assert_suggested(&report, &["workflows (owner_id, created_at DESC"]);
}

/// Every sample of the data in a statistics export.
fn samples_of(value: &serde_json::Value, out: &mut std::collections::BTreeSet<String>) {
    if let Some(list) = value.as_array() {
        list.iter().for_each(|item| samples_of(item, out));
    }
    for (name, item) in value.as_object().into_iter().flatten() {
        match item.as_array().filter(|_| name == "most_common_vals" || name == "histogram_bounds") {
            Some(list) => out.extend(list.iter().filter_map(|v| v.as_str().map(str::to_owned))),
            None => samples_of(item, out),
        }
    }
}

#[test]
fn they_are_shared_as_a_link_without_their_literals() {
    use sargable::redact::check::compare;
    use sargable::redact::input::{Wish, redact_input};
    use sargable::session::link;

    for name in ["bots", "health", "agents"] {
        let input = Input { pieces: pieces(name), ..Input::default() };
        let redacted = redact_input(&input, &Wish::default());
        let link = link::encode(&redacted.input);
        assert!(link.len() <= sargable::limits::LINK_CHARS_SAFE, "{name}: {}", link.len());

        let opened = link::decode(&link).unwrap();
        let shared = sargable::analyze(&opened, &mut Silent);
        let original = review(name);
        assert_eq!(compare(&original, &shared, &redacted.key), [], "{name}");

        let mut literals = std::collections::BTreeSet::new();
        let statistics = input.pieces.iter().find(|p| p.name.as_deref() == Some("statistics.json"));
        samples_of(&serde_json::from_str(&statistics.unwrap().text).unwrap(), &mut literals);
        for piece in input.pieces.iter().filter(|p| p.name.as_deref() != Some("statistics.json")) {
            literals.extend(piece.text.split('\'').skip(1).step_by(2).map(str::to_owned));
        }
        let session = sargable::session::write(&opened);
        let report = sargable::report::json::render_json(&shared);
        let named = |text: &str| original.tables.iter().any(|table| table.name == text);
        // Numbers below 100 stay.
        let stays = |text: &str| text.len() < 7 || text.ends_with("days") || named(text);
        for literal in literals.iter().filter(|literal| !stays(literal)) {
            for (what, text) in [("session", &session), ("report", &report)] {
                let quoted = ["'", "\"", "\\\""].map(|quote| format!("{quote}{literal}"));
                let found = quoted.iter().any(|quoted| text.contains(quoted.as_str()));
                assert!(!found, "{name}: {literal:?} is in the {what}");
            }
        }
    }
}
