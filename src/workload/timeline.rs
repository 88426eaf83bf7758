//! When the queries of a log ran, and bursts: one session runs the same query many times in a row
//! within a short time. That is how N+1 queries look, and loops that write row by row.

use crate::sorted::SortedMap;

use crate::diagnostic::Place;
use crate::order;
use crate::read::facts::CallFact;

/// So many calls make a burst.
const CALLS_MIN: usize = 10;

/// How long a session may be idle between two calls of a burst, in milliseconds.
const IDLE_MS_MAX: f64 = 100.0;

/// Other queries of the session that may stand between two calls of a burst: N+1 of an N+1 alternate.
const OTHERS_MAX: usize = 2;

/// Bursts that are kept, the longest first.
const BURSTS_MAX: usize = 200;

/// A time line has no more steps than this.
const STEPS_MAX: i64 = 120;

/// Lengths of a step that a person can read, in milliseconds.
const STEPS_MS: [i64; 27] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000,
    120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000,
    43_200_000, 86_400_000,
];

/// The calls of a log over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// Where the first step begins: milliseconds since 1970 by the log's clock.
    pub from_ms: i64,
    /// Length of a step.
    pub step_ms: i64,
    /// From the first call to the last, without gaps.
    pub steps: Vec<Step>,
    /// In order of time.
    pub bursts: Vec<Burst>,
    /// Bursts that were found; no more than a few hundred are kept.
    pub n_bursts: usize,
    /// Sessions that ran something.
    pub n_sessions: usize,
}

/// What ran in one step of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Step {
    /// Calls.
    pub calls: f64,
    /// Their time, where it was logged.
    pub total_ms: f64,
    /// Calls that are part of a burst.
    pub in_bursts: f64,
}

/// The same query many times in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Burst {
    /// The query, by its position in the workload.
    pub entry: usize,
    /// The first call.
    pub from_ms: i64,
    /// The last call.
    pub to_ms: i64,
    /// Calls.
    pub n_calls: usize,
    /// Their time, where it was logged.
    pub total_ms: f64,
    /// Where the first one stands.
    pub source: Place,
}

/// A burst in the making.
struct Run {
    burst: Burst,
    /// Number of the last call among those of its session.
    last: usize,
    /// The calls, by their positions.
    calls: Vec<usize>,
}

/// The time line of calls; `entry_of` says which entry each statement is part of.
pub fn timeline(calls: &[CallFact], entry_of: &[usize]) -> Option<Timeline> {
    let mut in_time: Vec<&CallFact> = calls.iter().collect();
    order::sort_by_key(&mut in_time, |call| call.at_ms);
    let (first, last) = (in_time.first()?.at_ms, in_time.last()?.at_ms);
    let step_ms = step_for(last - first);
    let from_ms = first - first.rem_euclid(step_ms);
    let n_steps = usize::try_from((last - from_ms) / step_ms).ok()? + 1;
    let mut steps = vec![Step::default(); n_steps];
    let at = |ms: i64| usize::try_from((ms - from_ms) / step_ms).unwrap_or(0);
    for call in &in_time {
        if let Some(step) = steps.get_mut(at(call.at_ms)) {
            step.calls += 1.0;
            step.total_ms += call.ms.unwrap_or(0.0);
        }
    }
    let runs = runs(&in_time, entry_of);
    for call in runs.iter().flat_map(|run| &run.calls).filter_map(|at| in_time.get(*at)) {
        if let Some(step) = steps.get_mut(at(call.at_ms)) {
            step.in_bursts += 1.0;
        }
    }
    let n_bursts = runs.len();
    let mut bursts: Vec<Burst> = runs.into_iter().map(|run| run.burst).collect();
    order::sort_by(&mut bursts, |a, b| b.n_calls.cmp(&a.n_calls).then(a.from_ms.cmp(&b.from_ms)));
    bursts.truncate(BURSTS_MAX);
    order::sort_by_key(&mut bursts, |burst| (burst.from_ms, burst.entry));
    let mut sessions: Vec<u32> = calls.iter().map(|call| call.session).collect();
    order::sort(&mut sessions);
    sessions.dedup();
    Some(Timeline { from_ms, step_ms, steps, bursts, n_bursts, n_sessions: sessions.len() })
}

/// The shortest step by which so long a time is not cut into too many.
fn step_for(span_ms: i64) -> i64 {
    let fits = |step: &i64| span_ms / step < STEPS_MAX - 1;
    let days = span_ms / (86_400_000 * (STEPS_MAX - 1)) + 1;
    STEPS_MS.into_iter().find(fits).unwrap_or(86_400_000 * days)
}

/// The bursts, with their calls.
fn runs(order: &[&CallFact], entry_of: &[usize]) -> Vec<Run> {
    // Some prefixes show whole seconds: then calls of one second may be any time apart within it.
    let whole_seconds = order.iter().all(|call| call.at_ms % 1000 == 0);
    let idle_max = IDLE_MS_MAX + if whole_seconds { 1000.0 } else { 0.0 };
    let mut open: SortedMap<u32, (usize, SortedMap<usize, Run>)> = SortedMap::new();
    let mut done = Vec::new();
    for (at, call) in order.iter().enumerate() {
        let Some(entry) = entry_of.get(call.statement).copied() else { continue };
        let (n, runs) = open.get_or_default(call.session);
        *n += 1;
        match runs.get_mut(&entry) {
            Some(run) if goes_on(run, call, *n, idle_max) => {
                run.burst.n_calls += 1;
                run.burst.to_ms = call.at_ms;
                run.burst.total_ms += call.ms.unwrap_or(0.0);
                run.last = *n;
                run.calls.push(at);
            }
            _ => done.extend(runs.insert(entry, Run::of(at, call, entry, *n))),
        }
    }
    done.extend(open.into_values().flat_map(|(_, runs)| runs.into_values()));
    done.retain(|run| run.burst.n_calls >= CALLS_MIN);
    done
}

/// Does the call, the n-th of its session, follow the run closely enough?
fn goes_on(run: &Run, call: &CallFact, n: usize, idle_max: f64) -> bool {
    // A line is written when its call is over.
    let idle = (call.at_ms - run.burst.to_ms) as f64 - call.ms.unwrap_or(0.0);
    n - run.last <= OTHERS_MAX + 1 && idle <= idle_max
}

impl Run {
    fn of(at: usize, call: &CallFact, entry: usize, n: usize) -> Run {
        let burst = Burst {
            entry,
            from_ms: call.at_ms,
            to_ms: call.at_ms,
            n_calls: 1,
            total_ms: call.ms.unwrap_or(0.0),
            source: call.source.clone(),
        };
        Run { burst, last: n, calls: vec![at] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { name: "log".into(), piece: 0, line: 1, column: 1 }
    }

    fn call(statement: usize, session: u32, at_ms: i64) -> CallFact {
        CallFact { statement, session, at_ms, ms: Some(1.0), source: place() }
    }

    #[test]
    fn n_plus_one_is_told_from_traffic() {
        let mut calls = Vec::new();
        // One list, then a query for each of its rows, with the same look-up between them.
        calls.push(call(0, 1, 1_001));
        for i in 0..20 {
            calls.push(call(1, 1, 1_003 + 5 * i));
            calls.push(call(2, 1, 1_005 + 5 * i));
        }
        // The same queries from everybody, a second apart in each session.
        for i in 0..60 {
            calls.push(call(1, 100 + (i % 20) as u32, 900 + 50 * i));
        }
        let line = timeline(&calls, &[0, 1, 1]).unwrap();
        let bursts: Vec<_> =
            line.bursts.iter().map(|b| (b.entry, b.n_calls, b.from_ms, b.to_ms)).collect();
        assert_eq!(bursts, [(1, 40, 1_003, 1_100)]);
        let line = timeline(&calls, &[0, 1, 2]).unwrap();
        assert_eq!(line.bursts.iter().map(|b| b.n_calls).collect::<Vec<_>>(), [20, 20]);
        assert_eq!(line.n_sessions, 21);
        assert_eq!(line.steps.iter().map(|step| step.calls).sum::<f64>(), 101.0);
        assert_eq!(line.steps.iter().map(|step| step.in_bursts).sum::<f64>(), 40.0);
    }

    #[test]
    fn any_span_has_few_steps() {
        for span in [0, 1, 118, 999, 86_400_000, 90_000_000_000, 9_000_000_000_000] {
            let line = timeline(&[call(0, 1, 7), call(0, 1, 7 + span)], &[0]).unwrap();
            assert!((line.steps.len() as i64) <= STEPS_MAX, "{span}: {}", line.steps.len());
            assert_eq!(line.steps.iter().map(|step| step.calls).sum::<f64>(), 2.0);
        }
        assert_eq!(timeline(&[], &[]), None);
    }
}
