//! What each index does for each query, one grid for each table, so that hundreds of queries and
//! indexes stay legible: no row and no column without a use, and never more columns than a page is
//! wide.

use crate::sorted::{SortedMap, SortedSet};
use std::fmt::Write;

use super::findings::query_link;
use super::parts::{escape, prose, write_section};
use crate::report::data::{Cell, IndexReport, QueryReport, Report, Role};
use crate::report::units::bytes;
use crate::report::words::{basis_name, cell_uses};

/// Columns that fit on a page.
const COLUMNS_MAX: usize = 10;

/// What is shown of a table.
struct Grid<'r> {
    table: &'r str,
    /// Cells of use, by query and index.
    cells: SortedMap<(&'r str, &'r str), &'r Cell>,
    /// Columns: indexes that some query can use.
    indexes: Vec<&'r str>,
    /// Indexes that none can use.
    unused: Vec<&'r str>,
    /// Queries that no index of the table does anything for.
    unserved: Vec<&'r str>,
}

/// The section.
pub fn write(out: &mut String, report: &Report) {
    let grids = grids(report);
    write_section(out, "Coverage: queries by indexes", |out| {
        if grids.is_empty() {
            return;
        }
        out.push_str(LEGEND);
        for grid in &grids {
            write_grid(out, report, grid);
        }
    });
}

const LEGEND: &str = "<p class=\"hint\"><b>seek</b>: its keys bound the scan · <b>part</b>: only the \
first keys do, others filter · <b>filter</b>: entries are filtered, all are read · <b>order</b>: it \
delivers the order · <b>cover</b>: it holds all columns. Behind a +: what else it does. ● and a frame: \
the modelled plan uses it, a suggested one after the review. Point at a cell to read why.</p>\n";

/// By table, in the order of the report.
fn grids(report: &Report) -> Vec<Grid<'_>> {
    let mut grids: Vec<Grid<'_>> = Vec::new();
    let mut by_table: SortedMap<&str, Vec<&Cell>> = SortedMap::new();
    for cell in &report.matrix.cells {
        by_table.get_or_default(&cell.table).push(cell);
    }
    for table in &report.tables {
        let Some(cells) = by_table.get(table.name.as_str()) else { continue };
        let of_use = |cell: &&&Cell| cell.role != Role::NotUsed || cell.chosen;
        let useful: Vec<&Cell> = cells.iter().filter(of_use).copied().collect();
        let used: SortedSet<&str> = useful.iter().map(|cell| cell.index.as_str()).collect();
        let served: SortedSet<&str> = useful.iter().map(|cell| cell.query.as_str()).collect();
        let own = report.indexes.iter().filter(|index| index.table == table.name);
        let (indexes, unused): (Vec<&str>, Vec<&str>) =
            own.map(|index| index.name.as_str()).partition(|name| used.contains(name));
        let mut unserved: Vec<&str> = cells.iter().map(|cell| cell.query.as_str()).collect();
        unserved.dedup();
        unserved.retain(|query| !served.contains(query));
        let cells =
            useful.iter().map(|cell| ((cell.query.as_str(), cell.index.as_str()), *cell)).collect();
        grids.push(Grid { table: &table.name, cells, indexes, unused, unserved });
    }
    grids
}

fn write_grid(out: &mut String, report: &Report, grid: &Grid<'_>) {
    let _ = writeln!(out, "<h3>{}</h3>", escape(grid.table));
    write_keys(out, report, grid);
    let numbered: Vec<(usize, &str)> = grid.indexes.iter().copied().enumerate().collect();
    for band in numbered.chunks(COLUMNS_MAX) {
        write_band(out, report, grid, band);
    }
    for (what, names) in [
        ("No query of the workload can use", &grid.unused),
        ("No index of the table does anything for", &grid.unserved),
    ] {
        if !names.is_empty() {
            let _ = writeln!(out, "<p class=\"hint\">{what}: {}.</p>", escape(&names.join(", ")));
        }
    }
}

/// What the numbers of the columns stand for.
fn write_keys(out: &mut String, report: &Report, grid: &Grid<'_>) {
    out.push_str("<ol class=\"keys\">\n");
    let known = |name: &str| {
        report.indexes.iter().find(|index| index.table == grid.table && index.name == name)
    };
    for index in grid.indexes.iter().filter_map(|name| known(name)) {
        let _ = writeln!(out, "<li>{}</li>", key(index));
    }
    out.push_str("</ol>\n");
}

fn key(index: &IndexReport) -> String {
    let suggested = if index.suggested { ", <b class=\"gain\">suggested</b>" } else { "" };
    let size = format!("{} ({})", bytes(index.size_bytes), basis_name(index.size_basis));
    let (name, shape) = (escape(&index.name), escape(&index.shape));
    format!("<code>{name}</code> {shape}, {}{suggested}", prose(&size))
}

fn write_band(out: &mut String, report: &Report, grid: &Grid<'_>, band: &[(usize, &str)]) {
    let cell = |query: &str, index: &str| grid.cells.get(&(query, index)).copied();
    let is_served = |query: &&QueryReport| {
        band.iter().any(|(_, index)| cell(query.id.as_str(), index).is_some())
    };
    out.push_str(
        "<div class=\"scroll\"><table class=\"matrix\">\n<thead><tr><th scope=\"col\">query</th>",
    );
    for (at, name) in band {
        let (number, name) = (at + 1, escape(name));
        // Long names break behind a word.
        let parts = name.replace('_', "_<wbr>");
        let _ = write!(
            out,
            "<th scope=\"col\" title=\"{name}\"><span class=\"name\">{parts}</span> {number}</th>"
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for query in report.queries.iter().filter(is_served) {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", query_link(query));
        for (_, index) in band {
            match cell(&query.id, index) {
                Some(cell) => write_cell(out, cell),
                None => out.push_str("<td class=\"none\">·</td>"),
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn write_cell(out: &mut String, cell: &Cell) {
    let word = match cell.role {
        Role::Seek => "seek",
        Role::PartialSeek => "part",
        Role::FilterOnly => "filter",
        Role::SortOnly => "order",
        Role::Covering => "cover",
        Role::NotUsed => "no",
    };
    let order = cell.sort_free && cell.role != Role::SortOnly;
    let order = if order { "<br>+order" } else { "" };
    let cover = cell.covering && cell.role != Role::Covering;
    let cover = if cover { "<br>+cover" } else { "" };
    let (class, mark) = if cell.chosen { ("chosen", "●&nbsp;") } else { ("use", "") };
    let why = escape(&format!("{}: {}", cell_uses(cell), cell.reason));
    let _ = write!(out, "<td class=\"{class}\" title=\"{why}\">{mark}{word}{order}{cover}</td>");
}
