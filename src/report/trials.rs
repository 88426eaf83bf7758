//! What one index would do, in words.

use super::data::{Trial, TrialCost};
use super::units::{bytes, count};
use super::words::change;
use crate::input::Verdict;

/// Queries whose costs are named one by one.
const QUERIES_SHOWN_MAX: usize = 12;

/// What was decided: `rejected: `.
pub fn verdict(trial: &Trial) -> &'static str {
    match trial.verdict {
        None => "",
        Some(Verdict::Accept) => "accepted: ",
        Some(Verdict::Reject) => "rejected: ",
        Some(Verdict::Defer) => "deferred: ",
    }
}

/// Its effect, then every query that it changes.
pub fn trial_lines(trial: &Trial) -> Vec<String> {
    let mut lines = Vec::new();
    if !trial.reason.is_empty() {
        lines.push(format!("because: {}", trial.reason));
    }
    if let Some(error) = &trial.error {
        lines.push(format!("cannot be tried: {error}"));
        return lines;
    }
    if let (Some(size), Some(writes)) = (trial.size_bytes, trial.write_cost) {
        let verb = if trial.is_drop { "frees" } else { "takes" };
        let size = bytes(size);
        lines.push(format!("{verb} {size}, write cost {} per 1 000 rows", count(writes)));
    }
    lines.push(format!("by itself: {}", cost(&trial.alone)));
    lines.push(format!("beside what is suggested: {}", cost(&trial.beside)));
    if trial.queries.is_empty() {
        lines.push("no query would be planned otherwise".to_owned());
    }
    for query in trial.queries.iter().take(QUERIES_SHOWN_MAX) {
        let (alone, beside) = (cost(&query.alone), cost(&query.beside));
        lines.push(format!("{}: {alone}; beside what is suggested {beside}", query.id));
    }
    let more = trial.queries.len().saturating_sub(QUERIES_SHOWN_MAX);
    if more > 0 {
        lines.push(format!("and {more} more queries"));
    }
    lines
}

fn cost(cost: &TrialCost) -> String {
    if cost.before == cost.after {
        return format!("cost {}, unchanged", count(cost.before));
    }
    change(cost.before, cost.after)
}
