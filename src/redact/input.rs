//! An input for other eyes: the parts that are wished for, literals replaced, names too if wished.
//!
//! What goes in is what was understood, written again: schema statements, queries with their names and
//! figures, plans as JSON, statistics. Comments, log lines that are no calls, users, times of day, rows of
//! dumps, other settings, and text of no known kind stay behind.
//!
//! Literals are replaced by others of the same class in the same order: see [`super::order`] for what that
//! keeps. Numbers below 100, texts of at most two characters and words of SQL (`true`, `month`, `infinity`)
//! stay, and so do figures that are no data: counts, times, costs, sizes, limits, lengths of types.

use std::collections::{BTreeMap, BTreeSet};

use super::script::{note_names, walk_script};
use super::stand_in::Learn;
use super::statement::{Reading, walk_sql};
use super::statistics::{walk_conf, walk_index_stats, walk_views};
use super::structured::{
    walk_describe, walk_log, walk_mysql_json, walk_pgss, walk_plan_lines, walk_plans,
};
use super::swap::{Keep, Swap};
use crate::catalog::build::build_catalog;
use crate::estimate::collation::collation;
use crate::input::{Input, Options, Piece};
use crate::progress::Silent;
use crate::read::Segment;
use crate::read::intake::{Texts, clean_input, cut_piece, read_input};
use crate::text::Source;

/// What to share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// CREATE, ALTER and DROP, psql's descriptions.
    pub schema: bool,
    /// Queries: in scripts, logs and pg_stat_statements, and beside plans.
    pub queries: bool,
    /// Plans.
    pub plans: bool,
    /// Statistics exports and settings of the planner.
    pub statistics: bool,
    /// What was decided and tried, with the reasons as they were typed; without names, without reasons.
    pub decisions: bool,
    /// Literals stay as they are.
    pub literals: bool,
    /// Names stay as they are.
    pub names: bool,
}

impl Default for Wish {
    /// Everything, without literals.
    fn default() -> Wish {
        Wish {
            schema: true,
            queries: true,
            plans: true,
            statistics: true,
            decisions: true,
            literals: false,
            names: true,
        }
    }
}

impl Wish {
    /// Everything, as it is.
    pub const ALL: Wish = Wish {
        schema: true,
        queries: true,
        plans: true,
        statistics: true,
        decisions: true,
        literals: true,
        names: true,
    };
}

/// An input that was redacted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Redacted {
    /// What to share.
    pub input: Input,
    /// Names by placeholder, if they were replaced: see [`super::restore`]. It is not for sharing.
    pub key: BTreeMap<String, String>,
    /// What of the input does not go in, in words.
    pub left_out: Vec<String>,
}

/// Redacts an input.
pub fn redact_input(input: &Input, wish: &Wish) -> Redacted {
    if *wish == Wish::ALL {
        return Redacted { input: input.clone(), ..Redacted::default() };
    }
    let mut walk = Walk { input, texts: clean_input(input), wish, left_out: BTreeSet::new() };
    let mut learn = Learn::of_schema(walk.schema_names(), walk.texts.dialect);
    walk.input(&mut learn);
    let database = read_input(input, &mut Silent);
    let settings = database.facts.settings.as_ref();
    let sorts = settings.and_then(|settings| settings.collation.as_deref()).unwrap_or("");
    let catalog = build_catalog(&database.facts, walk.texts.dialect, false, &mut Vec::new());
    let names = (!wish.names).then_some(&catalog);
    let mut stand_ins = learn.stand_ins(collation(sorts), names);
    let key = stand_ins.key();
    let redacted = match (wish.literals, wish.names) {
        (false, _) => walk.input(&mut stand_ins),
        (true, false) => walk.input(&mut stand_ins.of_names_only()),
        (true, true) => walk.input(&mut Keep),
    };
    Redacted { input: redacted, key, left_out: walk.left_out.into_iter().collect() }
}

struct Walk<'a> {
    input: &'a Input,
    texts: Texts<'a>,
    wish: &'a Wish,
    left_out: BTreeSet<String>,
}

impl Walk<'_> {
    fn input(&mut self, swap: &mut dyn Swap) -> Input {
        let mut pieces = Vec::new();
        for (at, piece) in self.input.pieces.iter().enumerate() {
            pieces.extend(self.piece(at, piece, swap));
        }
        let options = self.options(swap);
        Input { pieces, dialect: Some(self.texts.dialect), options }
    }

    fn schema_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (piece, (text, dialect)) in self.input.pieces.iter().zip(&self.texts.texts) {
            let source = Source::new("", 0, text);
            for part in cut_piece(piece, text, *dialect) {
                let segment = Segment { source: &source, span: part.span, dialect: *dialect };
                if part.format.is_some_and(|format| format.name == "sql") {
                    note_names(&segment, &mut names);
                }
            }
        }
        names
    }

    /// The pieces that one becomes: one for each change of format.
    fn piece(&mut self, at: usize, piece: &Piece, swap: &mut dyn Swap) -> Vec<Piece> {
        let Some((text, dialect)) = self.texts.texts.get(at) else { return Vec::new() };
        let parts = cut_piece(piece, text, *dialect);
        let name = self.name(piece);
        let source = Source::new(name.as_deref().unwrap_or(""), 0, text);
        let mut out: Vec<(&str, Piece)> = Vec::new();
        for part in &parts {
            let dialect = part.dialect.unwrap_or(*dialect);
            let segment = Segment { source: &source, span: part.span, dialect };
            let Some(format) = part.format else {
                self.left_out.insert("text of no kind that is known here".to_owned());
                continue;
            };
            let Some(text) = walk_segment(format.name, &segment, self.wish, swap) else {
                self.left_out
                    .insert(format!("{} that is not wished for or holds nothing", format.title));
                continue;
            };
            match out.last_mut() {
                Some((kind, last)) if *kind == format.name => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&text);
                }
                _ => out.push((
                    format.name,
                    Piece { name: name.clone(), text, kind: None, side: piece.side },
                )),
            }
        }
        out.into_iter().map(|(_, piece)| piece).collect()
    }

    /// The name of a file without the folders it is in.
    fn name(&self, piece: &Piece) -> Option<String> {
        let name = piece.name.as_deref().filter(|_| self.wish.names)?;
        Some(name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned())
    }

    fn options(&self, swap: &mut dyn Swap) -> Options {
        let options = self.input.options.clone();
        if !self.wish.decisions {
            return Options { decisions: Vec::new(), trials: Vec::new(), ..options };
        }
        let dialect = self.texts.dialect;
        let mut sql = |sql: &str| walk_sql(sql, dialect, Reading::Schema, swap);
        let trials = options.trials.iter().map(|trial| sql(trial)).collect();
        let mut decisions = options.decisions.clone();
        for decision in &mut decisions {
            decision.statement = sql(&decision.statement);
            // Any word of it may be a name.
            if !self.wish.names {
                decision.reason.clear();
            }
        }
        Options { trials, decisions, ..options }
    }
}

/// A segment of a format, walked over; none if nothing of it goes in.
fn walk_segment(
    format: &str,
    segment: &Segment<'_>,
    wish: &Wish,
    swap: &mut dyn Swap,
) -> Option<String> {
    match format {
        "sql" => walk_script(segment, wish, swap),
        "psql-describe" => walk_describe(segment, wish, swap),
        "mysql-explain-json" => walk_mysql_json(segment, wish, swap),
        "postgres-log" => walk_log(segment, wish, swap),
        "pg-stat-statements" => walk_pgss(segment, wish, swap),
        "pg-statistics" => walk_views(segment, wish, swap),
        "pg-index-stats" => walk_index_stats(segment, wish, swap),
        "postgresql-conf" => walk_conf(segment, wish, swap),
        name if name.starts_with("postgres-explain") => walk_plans(segment, wish, swap),
        "mysql-explain-tree" => walk_plan_lines(segment, Reading::Query, wish, swap),
        "mysql-explain" | "sqlite-eqp" => walk_plan_lines(segment, Reading::Schema, wish, swap),
        _ => None,
    }
}
