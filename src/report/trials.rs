//! What one index would do, in words.

use super::data::{DecisionReport, Report, Standing, Trial, TrialCost};
use super::units::{bytes, count};
use super::words::change;

/// Queries whose costs are named one by one.
const QUERIES_SHOWN_MAX: usize = 12;

/// What the user wants to know, as opposed to what was decided.
pub fn tried(report: &Report) -> impl Iterator<Item = &Trial> {
    report.trials.iter().filter(|trial| trial.verdict.is_none())
}

/// The effect of what was decided against, where it still stands.
pub fn trial_of<'r>(report: &'r Report, one: &DecisionReport) -> Option<&'r Trial> {
    let stands = one.standing == Standing::Stands;
    let is_it =
        |trial: &&Trial| trial.verdict.is_some() && trial.statement == one.decision.statement;
    report.trials.iter().find(is_it).filter(|_| stands)
}

/// Its effect, then every query that it changes.
pub fn trial_lines(trial: &Trial) -> Vec<String> {
    if let Some(error) = &trial.error {
        return vec![format!("cannot be tried: {error}")];
    }
    let mut lines = Vec::new();
    if let (Some(size), Some(writes)) = (trial.size_bytes, trial.write_cost) {
        let verb = if trial.is_drop { "frees" } else { "takes" };
        let size = bytes(size);
        lines.push(format!("{verb} {size}, write cost {} per 1 000 rows", count(writes)));
    }
    lines.extend(effect_lines(trial));
    lines
}

/// The costs of the workload, and of every query that changes.
pub fn effect_lines(trial: &Trial) -> Vec<String> {
    let mut lines = Vec::new();
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
