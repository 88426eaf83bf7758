//! The table of figures as text: written, read back, held against another.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::fidelity::figures::Figures;

/// A line of the table.
pub struct Line {
    /// Database and configuration.
    pub name: String,
    pub figures: Figures,
}

/// A column.
struct Column {
    name: &'static str,
    figure: fn(&Figures) -> f64,
    judged: Judged,
}

#[derive(Clone, Copy, PartialEq)]
enum Judged {
    /// How many there are: says how much a share means.
    Count,
    /// A share of 1, shown in percent.
    HigherIsBetter,
    /// A q-error, or what has no plan.
    LowerIsBetter,
}

const COLUMNS: [Column; 12] = [
    column("queries", |f| f.n_queries, Judged::Count),
    column("unplanned", |f| f.n_unplanned, Judged::LowerIsBetter),
    column("of-scans", |f| f.n_scans, Judged::Count),
    column("scans%", |f| 100.0 * f.scans, Judged::HigherIsBetter),
    column("of-joins", |f| f.n_joins, Judged::Count),
    column("joins%", |f| 100.0 * f.joins, Judged::HigherIsBetter),
    column("methods%", |f| 100.0 * f.methods, Judged::HigherIsBetter),
    column("rows-q50", |f| f.rows_q50, Judged::LowerIsBetter),
    column("rows-q95", |f| f.rows_q95, Judged::LowerIsBetter),
    column("top-q50", |f| f.top_q50, Judged::LowerIsBetter),
    column("top-q95", |f| f.top_q95, Judged::LowerIsBetter),
    column("cost10%", |f| 100.0 * f.cost_within10, Judged::HigherIsBetter),
];

const fn column(name: &'static str, figure: fn(&Figures) -> f64, judged: Judged) -> Column {
    Column { name, figure, judged }
}

const HEAD: &str = "\
# How near the modelled plans come to PostgreSQL's; `cargo xtask fidelity` prints it, with --update
# writes it here. scans: same access path and index; joins: same two sides; methods: also the same join
# method; rows, top: q-error of estimated rows at scans and of the query; cost10: cost within 10 %.
";

impl Column {
    fn show(&self, figures: &Figures) -> String {
        let value = (self.figure)(figures);
        match (self.judged, self.name) {
            (Judged::Count, _) | (_, "unplanned") => format!("{value:.0}"),
            (Judged::HigherIsBetter, _) => format!("{value:.1}"),
            (Judged::LowerIsBetter, _) if value < 100.0 => format!("{value:.3}"),
            (Judged::LowerIsBetter, _) => format!("{value:.0}"),
        }
    }
}

/// The table.
pub fn render(lines: &[Line]) -> String {
    let mut out = HEAD.to_owned();
    let row = |name: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>10}")).collect();
        format!("{name:<22}{cells}\n")
    };
    out += &row("", COLUMNS.iter().map(|column| column.name.to_owned()).collect());
    let mut database = "";
    for line in lines {
        let of = line.name.split(' ').next().unwrap_or_default();
        if std::mem::replace(&mut database, of) != of {
            out.push('\n');
        }
        out += &row(&line.name, COLUMNS.iter().map(|column| column.show(&line.figures)).collect());
    }
    out
}

/// What is worse and what is better than in a recorded table, to the digits that are shown. A line
/// that is not recorded is better than nothing.
pub fn worse_and_better(recorded: &str, lines: &[Line]) -> (String, String) {
    let recorded: BTreeMap<String, Vec<&str>> = recorded
        .split('\n')
        .filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty())
        .map(read_row)
        .collect();
    let (mut worse, mut better) = (String::new(), String::new());
    for line in lines {
        let Some(cells) = recorded.get(&line.name) else {
            let _ = writeln!(better, "  {}: new", line.name);
            continue;
        };
        for (column, old) in COLUMNS.iter().zip(cells) {
            let new = column.show(&line.figures);
            let by = number(&new) - number(old);
            let out = match column.judged {
                _ if by == 0.0 => continue,
                Judged::Count => continue,
                Judged::HigherIsBetter if by > 0.0 => &mut better,
                Judged::LowerIsBetter if by < 0.0 => &mut better,
                _ => &mut worse,
            };
            let _ = writeln!(out, "  {}: {} {old} -> {new}", line.name, column.name);
        }
    }
    (worse, better)
}

/// The name, which may be of several words, and the cells behind it.
fn read_row(line: &str) -> (String, Vec<&str>) {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let (name, cells) = words.split_at(words.len().saturating_sub(COLUMNS.len()));
    (name.join(" "), cells.to_vec())
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or(f64::NAN)
}
