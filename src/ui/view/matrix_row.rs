//! A row of a grid of the coverage matrix, and its cells in chunks. Each is drawn anew only when
//! something about it changes: scrolling builds what comes into view and nothing else.

use yew::prelude::*;

use crate::ui::coverage::Block;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::matrix_cell::{
    COLUMN_FIRST, ROW_FIRST, cell, column_head, path_now, row_head, tab_stop,
};
use crate::ui::window::{Part, Span, parts};

/// Columns that come and go together.
pub const CHUNK: usize = 4;

/// Properties of [`Row`] and [`Heads`].
#[derive(Properties, PartialEq)]
pub struct RowProps {
    /// The table's part of the matrix.
    pub block: Shared<Block>,
    /// The review.
    pub review: Shared<Review>,
    /// From 0, heads counted.
    pub row: usize,
    /// The column that Tab comes to, heads counted, where it is in this row.
    pub active: Option<usize>,
    /// The chunks in view.
    pub chunks: Span,
    /// The width of a column.
    pub column_px: f64,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Properties of [`Cells`].
#[derive(Properties, PartialEq)]
pub struct CellsProps {
    block: Shared<Block>,
    review: Shared<Review>,
    row: usize,
    chunk: usize,
    active: Option<usize>,
}

/// The heads of the columns.
#[component]
pub fn Heads(props: &RowProps) -> Html {
    let tabindex = |column: usize| tab_stop(props.active == Some(column));
    html! {
        <div class="grid-row heads" role="row" aria-rowindex="1">
            <div key="head" role="columnheader" class="corner" aria-colindex="1" tabindex={tabindex(0)}>
                { "Query" }
            </div>
            <div key="now" role="columnheader" class="now" aria-colindex="2" tabindex={tabindex(1)}>
                { "Path now" }
            </div>
            { for chunks(props) }
        </div>
    }
}

/// A query.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let block = &props.block;
    let query = block.queries.get(props.row.wrapping_sub(ROW_FIRST));
    let Some(query) = query.and_then(|at| props.review.report.queries.get(*at)) else {
        return Html::default();
    };
    let is_active = |column: usize| props.active == Some(column);
    html! {
        <div class="grid-row" role="row" aria-rowindex={(props.row + 1).to_string()}>
            { row_head(query, is_active(0), &props.send) }
            { path_now(query, &block.table, is_active(1)) }
            { for chunks(props) }
        </div>
    }
}

/// The chunks in view and the one that has the focus.
fn chunks(props: &RowProps) -> impl Iterator<Item = Html> {
    let n = props.block.indexes.len();
    let active = props.active.and_then(|column| column.checked_sub(COLUMN_FIRST));
    let parts = parts(n.div_ceil(CHUNK), props.chunks, active.map(|column| column / CHUNK));
    parts.into_iter().map(move |part| match part {
        Part::Gap(from, n_chunks) => {
            let end = ((from + n_chunks) * CHUNK).min(n);
            let width = end.saturating_sub(from * CHUNK) as f64 * props.column_px;
            html! {
                <svg key={format!("gap-{from}")} class="gap" aria-hidden="true" height="1"
                    width={format!("{width:.2}")} />
            }
        }
        Part::Item(chunk) => {
            let within = |column: &usize| *column / CHUNK == chunk;
            let active = active.filter(within).map(|column| column + COLUMN_FIRST);
            html! {
                <Cells key={chunk} block={props.block.clone()} review={props.review.clone()}
                    row={props.row} {chunk} {active} />
            }
        }
    })
}

/// Some cells of a row that stand beside each other.
#[component]
fn Cells(props: &CellsProps) -> Html {
    let (block, report) = (&props.block, &props.review.report);
    let first = props.chunk * CHUNK;
    let cells = block.row(props.row.checked_sub(ROW_FIRST));
    let indexes = block.indexes.iter().enumerate().skip(first).take(CHUNK);
    indexes
        .filter_map(|(c, at)| Some((c, report.indexes.get(*at)?)))
        .map(|(c, index)| {
            let column = c + COLUMN_FIRST;
            let is_active = props.active == Some(column);
            let Some(cells) = cells else { return column_head(index, column, is_active) };
            let found = cells.get(c).copied().flatten().and_then(|at| report.matrix.cells.get(at));
            cell(found, index.suggested, column, is_active)
        })
        .collect()
}
