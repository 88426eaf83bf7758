//! The coverage matrix as it is drawn: one block per table, its queries by its indexes. A query that
//! reads two tables stands in two blocks; nothing is ever as wide as all the indexes of a schema.

use crate::sorted::{SortedMap, SortedSet};

use crate::order;
use crate::report::{Cell, IndexReport, QueryReport, Report, Role};

/// Queries by indexes of one table, as positions in the report.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// The table.
    pub table: String,
    /// Positions of the queries, costliest first.
    pub queries: Vec<usize>,
    /// Positions of the indexes: suggested ones, then existing ones, the most useful first.
    pub indexes: Vec<usize>,
    /// Positions of the cells, by row, then column; `None`: of no use.
    pub cells: Vec<Vec<Option<usize>>>,
}

impl Block {
    /// The cells of a row.
    pub fn row(&self, row: Option<usize>) -> Option<&[Option<usize>]> {
        self.cells.get(row?).map(Vec::as_slice)
    }
}

/// The blocks, the one with the costliest queries first.
pub fn blocks(report: &Report) -> Vec<Block> {
    let cells: SortedMap<(&str, &str), usize> = (0..)
        .zip(&report.matrix.cells)
        .map(|(at, cell)| ((cell.query.as_str(), cell.index.as_str()), at))
        .collect();
    let mut indexes: SortedMap<&str, Vec<usize>> = SortedMap::new();
    for (at, index) in report.indexes.iter().enumerate() {
        indexes.get_or_default(&index.table).push(at);
    }
    let touching = queries_by_table(report);
    let mut uses: SortedMap<&str, (usize, usize)> = SortedMap::new();
    for cell in &report.matrix.cells {
        let (chosen, useful) = uses.get_or_default(&cell.index);
        *chosen += usize::from(cell.chosen);
        *useful += usize::from(cell.role != Role::NotUsed);
    }
    let mut blocks: Vec<(f64, Block)> = Vec::new();
    for (table, mut columns) in indexes {
        order::sort_by_key(&mut columns, |at| std::cmp::Reverse(usefulness(report, &uses, *at)));
        let Some(queries) = touching.get(table) else { continue };
        let mut rows: Vec<usize> = queries.iter().copied().collect();
        order::sort_by(&mut rows, |a, b| weight(report, *b).total_cmp(&weight(report, *a)));
        let heaviest = rows.first().map_or(0.0, |row| weight(report, *row));
        let row = |row: &usize| columns.iter().map(|c| cell_at(report, &cells, *row, *c)).collect();
        let grid = rows.iter().map(row).collect();
        let block = Block { table: table.to_owned(), queries: rows, indexes: columns, cells: grid };
        blocks.push((heaviest, block));
    }
    order::sort_by(&mut blocks, |a, b| b.0.total_cmp(&a.0));
    blocks.into_iter().map(|(_, block)| block).collect()
}

fn weight(report: &Report, query: usize) -> f64 {
    report.queries.get(query).map_or(0.0, |query| {
        query.total_ms.unwrap_or_else(|| query.calls * query.cost_before.unwrap_or(0.0))
    })
}

/// Suggested, chosen by so many queries, of use to so many.
fn usefulness(
    report: &Report,
    uses: &SortedMap<&str, (usize, usize)>,
    index: usize,
) -> Option<(bool, (usize, usize))> {
    let index = report.indexes.get(index)?;
    Some((index.suggested, uses.get(index.name.as_str()).copied().unwrap_or_default()))
}

fn cell_at(
    report: &Report,
    cells: &SortedMap<(&str, &str), usize>,
    query: usize,
    index: usize,
) -> Option<usize> {
    let query: &QueryReport = report.queries.get(query)?;
    let index: &IndexReport = report.indexes.get(index)?;
    cells.get(&(query.id.as_str(), index.name.as_str())).copied()
}

/// Which queries read or write which table, by what the planner and the matrix say.
fn queries_by_table(report: &Report) -> SortedMap<&str, SortedSet<usize>> {
    let positions: SortedMap<&str, usize> =
        (0..).zip(&report.queries).map(|(at, query)| (query.id.as_str(), at)).collect();
    let mut touching: SortedMap<&str, SortedSet<usize>> = SortedMap::new();
    for cell in &report.matrix.cells {
        if let Some(at) = positions.get(cell.query.as_str()) {
            touching.get_or_default(&cell.table).insert(*at);
        }
    }
    for (at, query) in report.queries.iter().enumerate() {
        for access in query.access_before.iter().chain(&query.access_after) {
            touching.get_or_default(&access.table).insert(at);
        }
    }
    touching
}

/// The part of a block whose queries and indexes have all of the words; none where nothing is left.
pub fn narrowed(block: &Block, report: &Report, queries: &str, indexes: &str) -> Option<Block> {
    let has = |text: &str, words: &str| {
        let text = text.to_lowercase();
        words.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
    };
    let passing = |list: &[usize], passes: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..list.len()).filter(|at| list.get(*at).is_some_and(|at| passes(*at))).collect()
    };
    let rows = passing(&block.queries, &|at| {
        report.queries.get(at).is_some_and(|query| {
            let name = query.name.as_deref().unwrap_or_default();
            has(&format!("{} {name} {}", query.id, query.normalized), queries)
        })
    });
    let columns = passing(&block.indexes, &|at| {
        report.indexes.get(at).is_some_and(|index| {
            has(&format!("{} {} {}", index.table, index.name, index.definition), indexes)
        })
    });
    if rows.is_empty() || columns.is_empty() {
        return None;
    }
    let pick = |list: &[usize], at: &[usize]| -> Vec<usize> {
        at.iter().filter_map(|at| list.get(*at).copied()).collect()
    };
    let cells = rows.iter().filter_map(|row| block.cells.get(*row));
    let cells = cells.map(|row| columns.iter().map(|c| row.get(*c).copied().flatten()).collect());
    Some(Block {
        table: block.table.clone(),
        cells: cells.collect(),
        queries: pick(&block.queries, &rows),
        indexes: pick(&block.indexes, &columns),
    })
}

/// A shape and a word for what an index does: never colour alone.
pub fn symbol(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Seek => ("●", "seek"),
        Role::PartialSeek => ("◐", "partial"),
        Role::FilterOnly => ("○", "filter"),
        Role::SortOnly => ("↕", "order"),
        Role::Covering => ("▢", "covers"),
        Role::NotUsed => ("·", "none"),
    }
}

/// What a role means.
pub fn meaning(role: Role) -> &'static str {
    match role {
        Role::Seek => "goes straight to the rows: every restricted key bounds the search",
        Role::PartialSeek => "a prefix bounds the search, the other keys only filter",
        Role::FilterOnly => "bounds nothing, filters inside the index",
        Role::SortOnly => "restricts nothing, delivers the order",
        Role::Covering => "restricts and orders nothing, but holds every column needed",
        Role::NotUsed => "of no use to the query",
    }
}

/// When the modelled planner chooses an index.
pub fn chosen(suggested: bool) -> &'static str {
    if suggested { "chosen once it exists" } else { "chosen today" }
}

/// Everything a cell says, in one line.
pub fn sentence(cell: Option<&Cell>, query: &str, index: &IndexReport) -> String {
    let name = format!("{} {}", index.name, index.shape);
    let Some(cell) = cell else {
        return format!("{name} is of no use to {query}");
    };
    let mut parts = vec![symbol(cell.role).1];
    parts.extend((cell.sort_free && cell.role != Role::SortOnly).then_some("no sort"));
    parts.extend((cell.covering && cell.role != Role::Covering).then_some("index-only"));
    parts.extend(cell.chosen.then_some(chosen(index.suggested)));
    format!("{name} for {query}: {}. {}", parts.join(", "), cell.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Access, Matrix};

    fn query(id: &str, table: &str, calls: f64) -> QueryReport {
        let access = Access {
            table: table.to_owned(),
            alias: table.to_owned(),
            path: "seq-scan".to_owned(),
            indexes: Vec::new(),
        };
        QueryReport {
            id: id.to_owned(),
            calls,
            cost_before: Some(10.0),
            access_before: vec![access],
            ..QueryReport::default()
        }
    }

    #[test]
    fn rows_are_ordered_by_weight_and_columns_by_use() {
        let index = |name: &str, suggested: bool| IndexReport {
            name: name.to_owned(),
            table: "t".to_owned(),
            definition: name.to_owned(),
            shape: "(a)".to_owned(),
            unique: false,
            constraint: false,
            suggested,
            size_bytes: 0.0,
            size_basis: crate::estimate::Basis::Default,
            idx_scan: None,
            used_by: Vec::new(),
            source: None,
        };
        let cell = Cell {
            query: "q2".to_owned(),
            index: "new".to_owned(),
            table: "t".to_owned(),
            role: Role::Seek,
            sort_free: false,
            covering: true,
            chosen: true,
            reason: "equality on a".to_owned(),
        };
        let report = Report {
            indexes: vec![index("new", true), index("old", false)],
            queries: vec![query("q1", "t", 1.0), query("q2", "t", 5.0), query("q3", "u", 1.0)],
            matrix: Matrix { cells: vec![cell] },
            ..Report::default()
        };
        let blocks = blocks(&report);
        assert_eq!(blocks.len(), 1);
        assert_eq!((&blocks[0].queries, &blocks[0].indexes), (&vec![1, 0], &vec![0, 1]));
        assert_eq!(blocks[0].cells, [[Some(0), None], [None, None]]);
        let narrow = |queries: &str, indexes: &str| {
            let narrowed = narrowed(&blocks[0], &report, queries, indexes)?;
            Some((narrowed.queries, narrowed.indexes, narrowed.cells))
        };
        assert_eq!(narrow("q2", ""), Some((vec![1], vec![0, 1], vec![vec![Some(0), None]])));
        assert_eq!(narrow("", " OLD"), Some((vec![1, 0], vec![1], vec![vec![None], vec![None]])));
        assert_eq!(narrow("q3", ""), None);
        let said = sentence(report.matrix.cells.first(), "q2", &report.indexes[0]);
        assert_eq!(said, "new (a) for q2: seek, index-only, chosen once it exists. equality on a");
    }
}
