//! The time line of a log, for a reader: times as the log's clock shows them, queries by their ids.

use serde::{Deserialize, Serialize};

use super::migration::stamp;
use crate::diagnostic::Place;
use crate::workload::Workload;
use crate::workload::timeline::Timeline;

/// The calls of a log over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineReport {
    /// Where the first step begins, by the log's clock: `2026-03-01 10:00:00.000`.
    pub from: String,
    /// Length of a step.
    pub step_ms: f64,
    /// Without gaps.
    pub steps: Vec<TimelineStep>,
    /// One session ran the same query many times in a row: how N+1 queries look. In order of time.
    pub bursts: Vec<Burst>,
    /// Bursts that were found; the longest are listed.
    pub n_bursts: usize,
    /// Sessions that ran something.
    pub n_sessions: usize,
}

/// What ran in one step of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineStep {
    /// Calls.
    pub calls: f64,
    /// Their time, where it was logged.
    pub total_ms: f64,
    /// Calls that are part of a burst.
    pub in_bursts: f64,
}

/// The same query many times in a row, in one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Burst {
    /// Its id.
    pub query: String,
    /// The first call, by the log's clock.
    pub at: String,
    /// The same, in milliseconds behind the begin of the time line.
    pub from_ms: f64,
    /// From the first call to the last.
    pub span_ms: f64,
    /// Calls.
    pub calls: usize,
    /// Their time, where it was logged.
    pub total_ms: f64,
    /// Where the first one stands.
    pub source: Option<Place>,
}

/// The time line with names in place of positions.
pub fn timeline_report(line: &Timeline, workload: &Workload) -> TimelineReport {
    let step = |step: &crate::workload::timeline::Step| TimelineStep {
        calls: step.calls,
        total_ms: step.total_ms,
        in_bursts: step.in_bursts,
    };
    let burst = |burst: &crate::workload::timeline::Burst| Burst {
        query: workload.entries.get(burst.entry).map(|e| e.id.clone()).unwrap_or_default(),
        at: clock(burst.from_ms),
        from_ms: (burst.from_ms - line.from_ms) as f64,
        span_ms: (burst.to_ms - burst.from_ms) as f64,
        calls: burst.n_calls,
        total_ms: burst.total_ms,
        source: Some(burst.source.clone()),
    };
    TimelineReport {
        from: clock(line.from_ms),
        step_ms: line.step_ms as f64,
        steps: line.steps.iter().map(step).collect(),
        bursts: line.bursts.iter().map(burst).collect(),
        n_bursts: line.n_bursts,
        n_sessions: line.n_sessions,
    }
}

/// `2026-03-01 10:00:00.123`
pub fn clock(ms: i64) -> String {
    let ms = u64::try_from(ms).unwrap_or(0);
    let digits = format!("{:014}", stamp(ms / 1000));
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("");
    format!(
        "{}-{}-{} {}:{}:{}.{:03}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14),
        ms % 1000
    )
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn a_clock_shows_what_the_log_says() {
        assert_eq!(clock(1_704_103_200_123), "2024-01-01 10:00:00.123");
        assert_eq!(clock(-1), "1970-01-01 00:00:00.000");
    }
}
