//! Puts the entries of a log together and folds their calls.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::line::{Level, backend_of, split_line};
use super::message::{Message, read_message, read_parameters};
use super::when::when;
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::LOG_CALLS_MAX;
use crate::order;
use crate::read::collect::{Added, Collector};
use crate::read::explain;
use crate::read::facts::{CallFact, Facts, PastedPlan, StatementFact, Timing};
use crate::read::verb::{Verb, inner_query};
use crate::read::{Segment, explain::node::is_node};
use crate::sql::normalize::normalize;
use crate::sql::parse::parse_query;
use crate::text::json::read_json;
use crate::text::lines;

/// Reads the log of a segment.
pub fn read(segment: &Segment<'_>, facts: &mut Facts) {
    let mut reader = Reader {
        segment,
        facts,
        calls: Collector::new(segment.dialect),
        explained: Collector::new(segment.dialect),
        trace: Vec::new(),
        explained_trace: Vec::new(),
        failed: Vec::new(),
        plans: BTreeMap::new(),
        backends: BTreeMap::new(),
    };
    let mut entry: Option<Entry<'_>> = None;
    for (start, line) in lines(segment.text()) {
        match split_line(line).filter(|_| !line.starts_with('\t')) {
            Some(found) => {
                if let Some(entry) = entry.take() {
                    reader.entry(&entry);
                }
                let (lead, level) = (found.lead, found.level);
                entry = Some(Entry { start, lead, level, message: found.message.into() });
            }
            None => {
                if let Some(entry) = &mut entry {
                    entry.extend(line);
                }
            }
        }
    }
    if let Some(entry) = entry {
        reader.entry(&entry);
    }
    reader.finish();
}

/// A line with its continuation lines.
struct Entry<'a> {
    start: usize,
    lead: &'a str,
    level: Level,
    message: Cow<'a, str>,
}

impl Entry<'_> {
    fn extend(&mut self, line: &str) {
        // Only these go on over lines in a way that matters.
        if matches!(self.level, Level::Log | Level::Detail) {
            let message = self.message.to_mut();
            message.push('\n');
            message.push_str(line.strip_prefix('\t').unwrap_or(line));
        }
    }
}

/// A call whose parameters may still come.
struct Call {
    start: usize,
    at_ms: Option<i64>,
    sql: String,
    ms: Option<f64>,
    parameters: Vec<(String, String)>,
}

/// What is known of a process.
#[derive(Default)]
struct Backend {
    /// Which it is, in order of appearance.
    number: u32,
    call: Option<Call>,
    /// The call that a `duration:` line will be about, or none for one that is no query.
    untimed: Option<Option<Untimed>>,
}

/// A call whose duration stands in a line of its own.
#[derive(Clone, Copy)]
struct Untimed {
    /// Its statement in the collector.
    statement: usize,
    /// It, among the calls that have a time of day.
    call: Option<usize>,
}

struct Reader<'a> {
    segment: &'a Segment<'a>,
    facts: &'a mut Facts,
    calls: Collector,
    /// Calls known from auto_explain alone.
    explained: Collector,
    /// The calls one by one, where lines have a time of day.
    trace: Vec<CallFact>,
    /// The same of those known from auto_explain.
    explained_trace: Vec<CallFact>,
    /// Whether the statement at this position of `calls` could not be parsed.
    failed: Vec<bool>,
    /// The slowest plan of each shape, in order of their fingerprints.
    plans: BTreeMap<u64, PastedPlan>,
    backends: BTreeMap<String, Backend>,
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Entry<'_>) {
        let id = backend_of(entry.lead);
        if !self.backends.contains_key(id) {
            let number = u32::try_from(self.backends.len()).unwrap_or(u32::MAX);
            self.backends.insert(id.to_owned(), Backend { number, ..Backend::default() });
        }
        match entry.level {
            Level::More => {}
            Level::Other => self.flush(id),
            Level::Detail => {
                let call = self.backends.get_mut(id).and_then(|backend| backend.call.as_mut());
                if let (Some(call), Some(values)) = (call, read_parameters(&entry.message)) {
                    call.parameters = values;
                }
            }
            Level::Log => {
                self.flush(id);
                self.message(id, entry);
            }
        }
    }

    fn message(&mut self, id: &str, entry: &Entry<'_>) {
        match read_message(&entry.message) {
            Message::Call { ms, sql } => {
                let sql = sql.trim().trim_end_matches(';').to_owned();
                let at_ms = when(entry.lead);
                let call = Call { start: entry.start, at_ms, sql, ms, parameters: Vec::new() };
                if let Some(backend) = self.backends.get_mut(id) {
                    backend.call = Some(call);
                }
            }
            Message::Duration(ms) => {
                let untimed = self.backends.get_mut(id).and_then(|backend| backend.untimed.take());
                if let Some(Some(untimed)) = untimed {
                    self.calls.add_time(untimed.statement, ms);
                    let call = untimed.call.and_then(|at| self.trace.get_mut(at));
                    if let Some(call) = call {
                        call.ms = Some(ms);
                    }
                }
            }
            Message::Plan { ms, body } => self.plan(id, entry, ms, body),
            Message::Preparation | Message::Other => {}
        }
    }

    /// The call of a process is complete: another entry follows.
    fn flush(&mut self, id: &str) {
        let Some(call) = self.backends.get_mut(id).and_then(|backend| backend.call.take()) else {
            return;
        };
        let (start, at_ms, ms) = (call.start, call.at_ms, call.ms);
        let number = self.backends.get(id).map_or(0, |backend| backend.number);
        let statement = self.call(call);
        let untimed = statement.map(|statement| {
            let fact = self.traced(statement, number, (start, at_ms, ms));
            let call = fact.filter(|_| self.trace.len() < LOG_CALLS_MAX).map(|fact| {
                self.trace.push(fact);
                self.trace.len() - 1
            });
            Untimed { statement, call }
        });
        if let Some(backend) = self.backends.get_mut(id) {
            backend.untimed = if ms.is_some() { None } else { Some(untimed) };
        }
    }

    /// A call with its time of day, where its line has one.
    fn traced(
        &self,
        statement: usize,
        session: u32,
        (start, at_ms, ms): (usize, Option<i64>, Option<f64>),
    ) -> Option<CallFact> {
        let at_ms = at_ms?;
        let source = self.segment.source.place(self.segment.span.start + start);
        Some(CallFact { statement, session, at_ms, ms, source })
    }

    /// Adds a call and returns its position; none if it is no query.
    fn call(&mut self, call: Call) -> Option<usize> {
        let dialect = self.segment.dialect;
        let query = match Verb::of(&call.sql, dialect) {
            Verb::Query => inner_query(&call.sql, dialect),
            _ => None,
        };
        let Some((_, span)) = query else {
            self.facts.entries += 1;
            return None;
        };
        let added = self.calls.add(StatementFact {
            sql: span.of(&call.sql).to_owned(),
            calls: Some(1.0),
            timing: call.ms.map(Timing::of_call).unwrap_or_default(),
            parameters: call.parameters,
            ..StatementFact::default()
        });
        if let Added::New(at) = added {
            let place = self.segment.source.place(self.segment.span.start + call.start);
            let parsed = parse_query(span.of(&call.sql), dialect);
            self.failed.push(parsed.is_err());
            if let Err(error) = parsed {
                let message = format!("a query is not understood: {}", error.message);
                let remark = Diagnostic::new(Severity::Error, "query-not-understood", message)
                    .help("it keeps its place in the workload but no index is judged for it")
                    .at(place.clone());
                self.facts.diagnostics.push(remark);
            }
            if let Some(fact) = self.calls.statements.get_mut(at) {
                fact.source = Some(place);
            }
        }
        match self.failed.get(added.at()) {
            Some(true) => self.facts.skipped += 1,
            _ => self.facts.entries += 1,
        }
        Some(added.at())
    }

    fn plan(&mut self, id: &str, entry: &Entry<'_>, ms: f64, body: &str) {
        let Some(mut plan) = read_plan(body) else {
            self.facts.skipped += 1;
            return;
        };
        self.facts.entries += 1;
        plan.duration_ms = Some(ms);
        plan.source = Some(self.segment.source.place(self.segment.span.start + entry.start));
        let query = plan.query.clone().unwrap_or_default();
        let sql = query.trim().trim_end_matches(';').to_owned();
        let shape = normalize(&sql, self.segment.dialect).fingerprint();
        if Verb::of(&sql, self.segment.dialect) == Verb::Query {
            let added = self.explained.add(StatementFact {
                sql,
                calls: Some(1.0),
                timing: Timing::of_call(ms),
                source: plan.source.clone(),
                ..StatementFact::default()
            });
            let number = self.backends.get(id).map_or(0, |backend| backend.number);
            let fact = self.traced(added.at(), number, (entry.start, when(entry.lead), Some(ms)));
            let is_room = self.explained_trace.len() < LOG_CALLS_MAX;
            self.explained_trace.extend(fact.filter(|_| is_room));
        }
        match self.plans.get(&shape).and_then(|known| known.duration_ms) {
            Some(known) if known >= ms => {}
            _ => drop(self.plans.insert(shape, plan)),
        }
    }

    fn finish(mut self) {
        let ids: Vec<String> = self.backends.keys().cloned().collect();
        for id in &ids {
            self.flush(id);
        }
        if self.facts.entries + self.facts.skipped == 0 {
            let message = "the log holds no statements: only connections, checkpoints and the like";
            let remark = Diagnostic::new(Severity::Info, "log-without-statements", message)
                .help("have them logged: `ALTER SYSTEM SET log_min_duration_statement = 0`, reload")
                .at(self.segment.source.place(self.segment.span.start));
            self.facts.diagnostics.push(remark);
        }
        let (trace, calls) = match self.calls.statements.is_empty() {
            true => (self.explained_trace, self.explained.statements),
            false => (self.trace, self.calls.statements),
        };
        let n_sessions = u32::try_from(self.backends.len()).unwrap_or(u32::MAX);
        self.facts.append_calls(trace, n_sessions);
        self.facts.statements.extend(calls);
        let mut plans: Vec<PastedPlan> = self.plans.into_values().collect();
        order::sort_by(&mut plans, |a, b| a.source.cmp(&b.source));
        self.facts.plans.append(&mut plans);
    }
}

/// The plan of an auto_explain entry, in text or JSON.
pub fn read_plan(body: &str) -> Option<PastedPlan> {
    let open = body.len() - body.trim_start().len();
    if let Some(parsed) = read_json(body, open) {
        return explain::json::plans_of(&parsed.value).into_iter().next();
    }
    let (first, _) = lines(body).find(|(_, line)| is_node(line.trim_start()))?;
    let (lead, tree) = body.split_at_checked(first)?;
    let query = lead.trim().strip_prefix("Query Text:").map(|sql| {
        let sql = sql.split("\nQuery Parameters:").next().unwrap_or(sql);
        sql.trim().to_owned()
    });
    let plan = explain::text::plans_in(tree).into_iter().next()?;
    Some(PastedPlan { query: query.or(plan.query), ..plan })
}

#[cfg(test)]
mod tests {
    use crate::input::{Input, Piece};
    use crate::progress::Silent;
    use crate::read::intake::{Intake, read_input};

    fn intake(text: &str) -> Intake {
        let piece = Piece { text: text.to_owned(), ..Piece::default() };
        read_input(&Input { pieces: vec![piece], ..Input::default() }, &mut Silent)
    }

    /// Two processes whose lines mix; tabs, parameters, a duration on its own line, parse and bind.
    const LOG: &str = "\
2024-01-01 10:00:00 UTC [1] LOG:  duration: 0.2 ms  parse <unnamed>: SELECT a FROM t WHERE b = $1
2024-01-01 10:00:00 UTC [1] LOG:  duration: 2.5 ms  execute <unnamed>: SELECT a
\tFROM t
\t\tWHERE b = $1
2024-01-01 10:00:00 UTC [2] LOG:  statement: SELECT c FROM u WHERE d = 4;
2024-01-01 10:00:00 UTC [1] DETAIL:  Parameters: $1 = 'x, ''y'''
2024-01-01 10:00:01 UTC [1] LOG:  duration: 1.5 ms  execute <unnamed>: SELECT a FROM t WHERE b = $1
2024-01-01 10:00:01 UTC [1] DETAIL:  Parameters: $1 = NULL
2024-01-01 10:00:02 UTC [2] LOG:  duration: 7 ms
2024-01-01 10:00:02 UTC [2] LOG:  statement: BEGIN
2024-01-01 10:00:02 UTC [2] LOG:  duration: 1 ms
2024-01-01 10:00:03 UTC [2] ERROR:  relation \"nope\" does not exist at character 15
2024-01-01 10:00:03 UTC [2] STATEMENT:  SELECT * FROM nope
";

    #[test]
    fn calls_are_folded_and_joined_by_process() {
        let got = intake(LOG);
        let inputs = got.inputs.iter();
        let inputs: Vec<_> = inputs.map(|i| (i.kind.as_str(), i.entries, i.skipped)).collect();
        assert_eq!(inputs, [("postgres-log", 4, 0)]);
        let [first, second] = got.facts.statements.as_slice() else { panic!("two statements") };
        assert_eq!(first.sql, "SELECT a\nFROM t\n\tWHERE b = $1");
        assert_eq!((first.calls, first.timing.total_ms), (Some(2.0), Some(4.0)));
        assert_eq!((first.timing.min_ms, first.timing.max_ms), (Some(1.5), Some(2.5)));
        assert_eq!(first.parameters, [("$1".to_owned(), "'x, ''y'''".to_owned())]);
        assert_eq!(first.source.as_ref().unwrap().line, 2);
        assert_eq!(second.sql, "SELECT c FROM u WHERE d = 4");
        assert_eq!(second.timing.total_ms, Some(7.0));
    }

    #[test]
    fn plans_of_auto_explain_are_kept_the_slowest_of_each_shape() {
        let entry = |ms: f64, id: u32| {
            format!(
                "[9] LOG:  duration: {ms:.3} ms  plan:\n\tQuery Text: SELECT *\n\tFROM t WHERE a = \
                 {id};\n\tSeq Scan on t  (cost=0.00..35.50 rows=2550 width=4)\n\t  Filter: (a = \
                 {id})\n"
            )
        };
        let got = intake(&[entry(1.0, 1), entry(9.0, 2), entry(3.0, 3)].concat());
        assert_eq!(got.facts.plans.len(), 1);
        let plan = &got.facts.plans[0];
        assert_eq!((plan.duration_ms, plan.root.text("Filter")), (Some(9.0), Some("(a = 2)")));
        assert_eq!(plan.query.as_deref(), Some("SELECT *\nFROM t WHERE a = 2;"));
        assert_eq!(got.facts.statements[0].calls, Some(3.0));
        // A log that has the calls themselves counts them once.
        let call = "[9] LOG:  duration: 1 ms  statement: SELECT * FROM t WHERE a = 1\n";
        let both = intake(&format!("{}{call}", entry(1.0, 1)));
        assert_eq!(both.facts.statements[0].calls, Some(1.0));
    }

    #[test]
    fn a_log_ends_where_sql_begins() {
        let got = intake(&format!("{LOG}\nSELECT 1;\n"));
        let kinds: Vec<_> = got.inputs.iter().map(|i| i.kind.as_str()).collect();
        assert_eq!(kinds, ["postgres-log", "sql"]);
        let quiet = intake("2024-01-01 10:00:00 UTC [1] LOG:  checkpoint starting: time\n");
        assert_eq!(quiet.inputs[0].kind, "postgres-log");
        assert_eq!(quiet.facts.diagnostics[0].code, "log-without-statements");
    }

    #[test]
    fn a_cut_log_does_not_panic() {
        for end in (0..LOG.len()).step_by(3) {
            intake(&LOG[..end]);
        }
    }
}
