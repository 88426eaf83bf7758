//! Cuts every piece of input into segments of one format each, and reads them.

use crate::sorted::SortedMap;
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::detect::{Evidence, find_evidence};
use super::proposed::set_apart;
use super::segment::{Part, cut_segments};
use super::tally::Tally;
use super::{FORMATS, Facts, Segment, sql};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::input::{Input, Piece, Side};
use crate::limits::DIAGNOSTICS_PER_CODE_MAX;
use crate::progress::{Progress, Stage};
use crate::text::decode::{binary_help, clean};
use crate::text::prompt::strip_prompts;
use crate::text::{Source, Span, lines};

/// The kind of what nothing recognises.
const UNKNOWN: &str = "unknown";

/// What was read.
#[derive(Debug, Default)]
pub struct Intake {
    /// Everything the segments say.
    pub facts: Facts,
    /// What was read as what.
    pub inputs: Vec<InputReport>,
    /// The dialect set or detected.
    pub dialect: Dialect,
}

/// One segment of the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputReport {
    /// File name, or `input 2`.
    pub name: String,
    /// Position in `Input::pieces`.
    pub piece: u32,
    /// Format name, e.g. `sql`, `postgres-log`; `unknown` for what nothing recognises.
    pub kind: String,
    /// What a person calls it.
    pub title: String,
    /// Why it was recognised as that.
    pub kind_reason: String,
    /// The dialect it was read in.
    pub dialect: Dialect,
    /// First line, from 1.
    pub line: u32,
    /// Entries understood.
    pub entries: usize,
    /// Entries not understood.
    pub skipped: usize,
    /// What was found, in words: "12 tables, 40 indexes".
    pub found: String,
}

/// The pieces as they are read: without what terminals add, each with the dialect of its SQL.
pub struct Texts<'a> {
    /// The dialect of the review.
    pub dialect: Dialect,
    /// The text of each piece and its dialect.
    pub texts: Vec<(Cow<'a, str>, Dialect)>,
}

/// Cleans all pieces and finds their dialects.
pub fn clean_input(input: &Input) -> Texts<'_> {
    let texts: Vec<_> = input.pieces.iter().map(|piece| cleaned(&piece.text)).collect();
    let evidence: Vec<Evidence> = texts.iter().map(|text| find_evidence(text)).collect();
    let all = evidence.iter().fold(Evidence::default(), |sum, piece| sum.plus(piece));
    let dialect = input.dialect.or(all.dialect()).or_else(|| claimed_dialect(&texts));
    let dialect = dialect.unwrap_or_default();
    let own = evidence.iter().map(|own| {
        let own = Some(own).filter(|own| own.is_clear()).and_then(Evidence::dialect);
        input.dialect.unwrap_or_else(|| in_family(own, dialect))
    });
    Texts { dialect, texts: texts.into_iter().zip(own).collect() }
}

/// The segments of a piece whose text was cleaned: one if the user said what it is, none if it is no text.
pub fn cut_piece(piece: &Piece, text: &str, dialect: Dialect) -> Vec<Part> {
    if binary_help(text).is_some() {
        return Vec::new();
    }
    let format = FORMATS.iter().find(|format| piece.kind.as_deref() == Some(format.name));
    let Some(format) = format else { return cut_segments(text, dialect) };
    let span = Span { start: 0, end: text.len() };
    vec![Part { format: Some(format), span, reason: "set by you".to_owned(), dialect: None }]
}

/// Reads all pieces.
pub fn read_input(input: &Input, progress: &mut dyn Progress) -> Intake {
    let Texts { dialect, texts } = clean_input(input);
    let mut intake = Intake { dialect, ..Intake::default() };
    let total = texts.iter().map(|(text, _)| text.len()).sum();
    let mut done = 0;
    for (at, (piece, (text, own))) in input.pieces.iter().zip(&texts).enumerate() {
        let reader = PieceReader {
            source: Source::new(
                &piece_name(piece, at),
                u32::try_from(at).unwrap_or(u32::MAX),
                text,
            ),
            dialect: *own,
            side: piece.side,
            facts: Facts::default(),
            inputs: Vec::new(),
        };
        let mut report = |bytes: usize| progress.at(Stage::Read, done + bytes, total);
        reader.read(piece, &mut intake, &mut report);
        done += text.len();
    }
    if input.is_compared() {
        // What a migration is compared with exists, however it is written.
        let today = input.pieces.iter().enumerate().filter(|(_, piece)| piece.side == Side::Today);
        intake.facts.dumps.extend(today.filter_map(|(at, _)| u32::try_from(at).ok()));
    }
    progress.at(Stage::Read, total, total);
    remark_on_dialects(&mut intake, input.dialect);
    intake
}

/// The dialect that the formats in the texts prove, where no word does: that of the first one.
fn claimed_dialect(texts: &[Cow<'_, str>]) -> Option<Dialect> {
    let mut parts = texts.iter().flat_map(|text| cut_segments(text, Dialect::default()));
    parts.find_map(|part| part.dialect)
}

/// The text as it was written, without what a terminal added.
fn cleaned(text: &str) -> Cow<'_, str> {
    match clean(text) {
        Cow::Borrowed(text) => strip_prompts(text),
        Cow::Owned(text) => Cow::Owned(strip_prompts(&text).into_owned()),
    }
}

fn piece_name(piece: &Piece, at: usize) -> String {
    match &piece.name {
        Some(name) if !name.trim().is_empty() => name.clone(),
        _ => format!("input {}", at + 1),
    }
}

/// A piece's own dialect; MySQL and MariaDB are told apart by the input as a whole.
fn in_family(own: Option<Dialect>, whole: Dialect) -> Dialect {
    match own {
        Some(own) if own.is_mysql_family() && whole.is_mysql_family() => whole,
        Some(own) => own,
        None => whole,
    }
}

/// Reads one piece.
struct PieceReader {
    source: Source,
    dialect: Dialect,
    side: Side,
    facts: Facts,
    inputs: Vec<(InputReport, Tally)>,
}

impl PieceReader {
    fn read(mut self, piece: &Piece, intake: &mut Intake, report: &mut dyn FnMut(usize)) {
        let text = self.source.text.clone();
        report(0);
        if let Some((what, help)) = binary_help(&text) {
            self.binary(what, help);
        } else {
            for part in self.parts(piece, &text) {
                self.part(&part);
                report(part.span.end);
            }
            self.remark_on_text(&text);
        }
        cap_diagnostics(&mut self.facts.diagnostics);
        intake.inputs.extend(self.inputs.into_iter().map(|(report, _)| report));
        intake.facts.append(self.facts);
    }

    /// The segments; one if the user said what the piece is.
    fn parts(&mut self, piece: &Piece, text: &str) -> Vec<Part> {
        let parts = cut_piece(piece, text, self.dialect);
        let Some(kind) = piece.kind.as_deref() else { return parts };
        if FORMATS.iter().any(|format| format.name == kind) {
            return parts;
        }
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        let message = format!("there is no kind of input called {kind:?}");
        let help = format!("the kind was detected instead; kinds are {}", names.join(", "));
        let remark = Diagnostic::new(Severity::Warning, "unknown-kind", message).help(help);
        self.facts.diagnostics.push(remark.at(self.source.place(0)));
        parts
    }

    fn part(&mut self, part: &Part) {
        let dialect = part.dialect.unwrap_or(self.dialect);
        let mut facts = Facts::default();
        let segment = Segment { source: &self.source, span: part.span, dialect };
        match part.format {
            Some(format) => (format.read)(&segment, &mut facts),
            None => self.not_recognised(part.span, &mut facts),
        }
        let is_sql = part.format.is_some_and(|format| format.name == sql::FORMAT.name);
        if facts.entries + facts.skipped > 0 || !is_sql {
            self.report(part, dialect, &facts);
        }
        if let (Some(format), true) = (part.format, self.side != Side::Today) {
            let segment = Segment { source: &self.source, span: part.span, dialect };
            set_apart(format, &segment, self.side, &mut facts);
        }
        self.facts.append(facts);
    }

    /// Adds a segment to the report of its kind, or begins one.
    fn report(&mut self, part: &Part, dialect: Dialect, facts: &Facts) {
        let (kind, title) = part.format.map_or((UNKNOWN, "Not recognised"), |f| (f.name, f.title));
        let known = self.inputs.iter().position(|(r, _)| r.kind == kind && r.dialect == dialect);
        let at = known.unwrap_or_else(|| {
            let place = self.source.place(part.span.start);
            let report = InputReport {
                name: place.name.to_string(),
                piece: place.piece,
                kind: kind.to_owned(),
                title: title.to_owned(),
                kind_reason: part.reason.clone(),
                dialect,
                line: place.line,
                entries: 0,
                skipped: 0,
                found: String::new(),
            };
            self.inputs.push((report, Tally::default()));
            self.inputs.len() - 1
        });
        if let Some((report, tally)) = self.inputs.get_mut(at) {
            report.entries += facts.entries;
            report.skipped += facts.skipped;
            tally.add(facts);
            report.found = match self.side {
                Side::Today => tally.describe(),
                _ => tally.describe_change(report.entries),
            };
        }
    }

    /// Prose between the parts of a paste is nothing lost; what looks like a statement is.
    fn not_recognised(&self, span: Span, facts: &mut Facts) {
        let text = span.of(&self.source.text);
        let n_lines = lines(text).filter(|(_, line)| !line.trim().is_empty()).count();
        let n_statements = lines(text).filter(|(_, line)| line.trim_end().ends_with(';')).count();
        facts.skipped = n_statements;
        let what = if n_lines == 1 { "a line is".into() } else { format!("{n_lines} lines are") };
        let message = format!("{what} neither SQL nor of any other kind that is read here");
        let severity = if n_statements > 0 { Severity::Error } else { Severity::Info };
        let remark = Diagnostic::new(severity, "text-not-recognised", message)
            .help("correct or remove it, or set the kind of this input if it was detected wrongly");
        facts.diagnostics.push(remark.at(self.source.place(span.start)));
    }

    fn binary(&mut self, what: &str, help: &str) {
        let message = format!("the file is {what}, not text");
        let remark = Diagnostic::new(Severity::Error, "binary-file", message).help(help);
        self.facts.diagnostics.push(remark.at(self.source.place(0)));
        self.facts.skipped = 1;
    }

    /// What concerns the piece as a whole: damaged characters, nothing recognised.
    fn remark_on_text(&mut self, text: &str) {
        if let Some(at) = text.find(char::REPLACEMENT_CHARACTER) {
            let n = text.matches(char::REPLACEMENT_CHARACTER).count();
            let message = format!("{n} bytes are no UTF-8 and were replaced by U+FFFD");
            let remark = Diagnostic::new(Severity::Warning, "not-utf8", message)
                .help("convert the file, for example with `iconv -f latin1 -t utf8 FILE`");
            self.facts.diagnostics.push(remark.at(self.source.place(at)));
        }
        let known = self.inputs.iter().any(|(report, _)| report.kind != UNKNOWN);
        if !known && !text.trim().is_empty() {
            let titles: Vec<&str> = FORMATS.iter().map(|format| format.title).collect();
            let message = "nothing here is recognised";
            let help = format!("accepted are: {}", titles.join("; "));
            let remark = Diagnostic::new(Severity::Error, "nothing-recognised", message);
            self.facts.diagnostics.push(remark.help(help).at(self.source.place(0)));
        }
    }
}

/// Keeps the first diagnostics of each code; the last one kept says how many more there were.
fn cap_diagnostics(diagnostics: &mut Vec<Diagnostic>) {
    let mut counts: SortedMap<String, usize> = SortedMap::new();
    for diagnostic in diagnostics.iter() {
        *counts.get_or_default(diagnostic.code.clone()) += 1;
    }
    let mut seen: SortedMap<String, usize> = SortedMap::new();
    diagnostics.retain_mut(|diagnostic| {
        let n = seen.get_or_default(diagnostic.code.clone());
        *n += 1;
        let more = counts.get(&diagnostic.code).map_or(0, |all| all - (*n).min(*all));
        if *n == DIAGNOSTICS_PER_CODE_MAX && more > 0 {
            diagnostic.message = format!("{} (and {more} more like this)", diagnostic.message);
        }
        *n <= DIAGNOSTICS_PER_CODE_MAX
    });
}

/// Says which segments were read in another dialect than the review is for.
fn remark_on_dialects(intake: &mut Intake, set: Option<Dialect>) {
    if set.is_some() {
        return;
    }
    let whole = intake.dialect;
    // Plans of MySQL and MariaDB look alike.
    let same = |own: Dialect| own == whole || (own.is_mysql_family() && whole.is_mysql_family());
    let others: Vec<String> = intake
        .inputs
        .iter()
        .filter(|input| !same(input.dialect) && input.entries > 0)
        .map(|input| format!("{} line {} as {}", input.name, input.line, input.dialect.name()))
        .take(5)
        .collect();
    if !others.is_empty() {
        let message = format!(
            "the input mixes databases: the review is for {}, but was read {}",
            intake.dialect.name(),
            others.join(", ")
        );
        let remark = Diagnostic::new(Severity::Warning, "mixed-dialects", message)
            .help("review one database at a time, or set the dialect");
        intake.facts.diagnostics.push(remark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn intake(texts: &[&str]) -> Intake {
        let piece = |text: &&str| Piece { text: (*text).to_owned(), ..Piece::default() };
        let input = Input { pieces: texts.iter().map(piece).collect(), ..Input::default() };
        read_input(&input, &mut Silent)
    }

    fn kinds(intake: &Intake) -> Vec<(&str, usize, usize)> {
        let inputs = intake.inputs.iter();
        inputs.map(|input| (input.kind.as_str(), input.entries, input.skipped)).collect()
    }

    const STATS: &str =
        r#"{"format": "pg-index-stats/1", "tables": [{"name": "t", "reltuples": 9}]}"#;
    const PLAN: &str = "Seq Scan on t  (cost=0.00..35.50 rows=2550 width=4)\n  Filter: (a = 1)";

    #[test]
    fn a_mixed_paste_is_cut_into_its_parts() {
        let text = format!(
            "Here's the schema:\n\nCREATE TABLE t (a int);\n{STATS}\n-- name: q1; calls: 7\n\
             SELECT a FROM t WHERE a = 1\n\n{PLAN}\n\nSELECT 2; SELECT 3;\n"
        );
        let got = intake(&[&text]);
        assert_eq!(
            kinds(&got),
            [
                ("unknown", 0, 0),
                ("sql", 4, 0),
                ("pg-index-stats", 1, 0),
                ("postgres-explain", 1, 0)
            ]
        );
        assert_eq!(got.facts.statements[0].calls, Some(7.0));
        assert_eq!(got.facts.statements[0].name.as_deref(), Some("q1"));
        assert_eq!(got.facts.tables[0].statistics.reltuples, Some(9.0));
    }

    #[test]
    fn a_plan_inside_a_string_is_no_plan() {
        let text = format!("CREATE FUNCTION f() RETURNS void AS $$\n\n{PLAN}\n\n$$ LANGUAGE sql;");
        assert_eq!(kinds(&intake(&[&text])).len(), 1);
    }

    #[test]
    fn dumps_have_rows_and_scripts_have_statements() {
        let dump = "create table t (a int);\ninsert into t values (1);\ninsert into t values (2);";
        assert_eq!(intake(&[dump]).facts.statements.len(), 0);
        assert_eq!(intake(&["insert into t values (1);"]).facts.statements.len(), 0);
        let script = "insert into t values (1);\nselect a from t;\ninsert into t values (3);";
        let facts = intake(&[script]).facts;
        assert_eq!((facts.statements.len(), facts.statements[0].n_folded), (2, 2));
        let log = "create table t (a int); insert into t values ($1); -- calls=5";
        assert_eq!(intake(&[log]).facts.statements[0].calls, Some(5.0));
    }

    #[test]
    fn what_is_not_recognised_is_said() {
        let codes = |text: &str| -> Vec<String> {
            intake(&[text]).facts.diagnostics.into_iter().map(|d| d.code).collect()
        };
        assert_eq!(codes("lorem ipsum"), ["text-not-recognised", "nothing-recognised"]);
        let labelled =
            intake(&["Question: how many?\nSQL:  select count(*) from t\n\nQuestion 2:"]);
        assert_eq!(labelled.facts.statements[0].sql, "select count(*) from t");
        assert_eq!(labelled.facts.skipped, 0);
        assert_eq!(codes("PGDMP\u{1}\u{e}"), ["binary-file"]);
        assert_eq!(codes("select 'caf\u{fffd}';"), ["not-utf8"]);
        assert!(codes("").is_empty());
        let many = "SELEKT 1;\n\nselect 1;\n".repeat(80);
        let got = intake(&[&many]).facts;
        assert_eq!((got.skipped, got.diagnostics.len()), (80, DIAGNOSTICS_PER_CODE_MAX));
        assert!(got.diagnostics[49].message.ends_with("(and 30 more like this)"));
    }

    #[test]
    fn the_majority_decides_on_the_dialect() {
        let pg = "create table a (id bigserial, d jsonb, t timestamptz);";
        let mysql = "create table `b` (`id` int unsigned auto_increment) engine=innodb;";
        let got = intake(&[pg, mysql, pg]);
        assert_eq!(got.dialect, Dialect::Postgres);
        assert_eq!(got.inputs[1].dialect, Dialect::Mysql);
        assert!(got.facts.diagnostics.iter().any(|d| d.code == "mixed-dialects"));
        assert_eq!(intake(&["select 1"]).dialect, Dialect::Postgres);
    }

    #[test]
    fn the_user_overrides_the_kind() {
        let piece = |kind: &str| Piece {
            text: PLAN.to_owned(),
            kind: Some(kind.to_owned()),
            ..Piece::default()
        };
        let read = |kind| {
            let input = Input { pieces: vec![piece(kind)], ..Input::default() };
            read_input(&input, &mut Silent)
        };
        assert_eq!(read("sql").inputs[0].kind, "sql");
        let unknown = read("tea-leaves");
        assert_eq!(unknown.inputs[0].kind, "postgres-explain");
        assert_eq!(unknown.facts.diagnostics[0].code, "unknown-kind");
    }
}
