//! One table of the coverage matrix: its heading that folds, its grid, and the line that explains what
//! is pointed at.

use yew::prelude::*;

use crate::report::IndexReport;
use crate::ui::coverage::{self, Block};
use crate::ui::format::{self, counted};
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::matrix_cell::{COLUMN_FIRST, ROW_FIRST};
use crate::ui::view::matrix_grid::Grid;

/// Properties of [`BlockView`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The table's part of the matrix.
    pub block: Shared<Block>,
    /// Only its heading is shown.
    pub folded: bool,
    /// Told the table, and whether to fold it.
    pub on_fold: Callback<(String, bool)>,
    /// Cells as narrow as their signs.
    pub compact: bool,
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// One table.
#[component]
pub fn BlockView(props: &Props) -> Html {
    let at = use_state_eq(|| None::<(usize, usize)>);
    let on_cell = {
        let setter = at.setter();
        use_callback((), move |cell: (usize, usize), ()| setter.set(Some(cell)))
    };
    let block = &props.block;
    let onclick = {
        let (on_fold, table, fold) = (props.on_fold.clone(), block.table.clone(), !props.folded);
        Callback::from(move |_: MouseEvent| on_fold.emit((table.clone(), fold)))
    };
    let explained = at.and_then(|(row, column)| explain(&props.review, block, row, column));
    html! {
        <section class="block" data-test="matrix-block">
            <h3>
                <button type="button" class="fold" {onclick} aria-expanded={(!props.folded).to_string()}>
                    <span class="name">{ block.table.clone() }</span>
                    <span class="count">{ size(block) }</span>
                </button>
            </h3>
            if !props.folded {
                <Grid block={block.clone()} compact={props.compact} review={props.review.clone()}
                    {on_cell} send={props.send.clone()} />
                <p class="explained" role="status" data-test="matrix-reason">
                    { explained.unwrap_or_default() }
                </p>
            }
        </section>
    }
}

fn size(block: &Block) -> String {
    format!(
        "{} × {}",
        counted(block.queries.len(), "query", "queries"),
        counted(block.indexes.len(), "index", "indexes")
    )
}

/// What there is to say of a cell or a head, by its place in the grid.
fn explain(review: &Review, block: &Block, row: usize, column: usize) -> Option<String> {
    let report = &review.report;
    let query = row.checked_sub(ROW_FIRST).and_then(|row| block.queries.get(row));
    let query = query.and_then(|at| report.queries.get(*at));
    let index = column.checked_sub(COLUMN_FIRST).and_then(|column| block.indexes.get(column));
    let index = index.and_then(|at| report.indexes.get(*at));
    match (query, index) {
        (Some(query), Some(index)) => {
            let at = block.cells.get(row - ROW_FIRST)?.get(column - COLUMN_FIRST)?;
            let cell = at.and_then(|at| report.matrix.cells.get(at));
            Some(coverage::sentence(cell, query.name.as_ref().unwrap_or(&query.id), index))
        }
        (Some(query), None) => {
            let calls = counted_calls(query.calls);
            Some(format!("{}, {calls}: {}", query.id, query.normalized))
        }
        (None, Some(index)) => Some(about_index(index)),
        (None, None) => None,
    }
}

fn counted_calls(calls: f64) -> String {
    format!("{} {}", format::count(calls), if calls == 1.0 { "call" } else { "calls" })
}

fn about_index(index: &IndexReport) -> String {
    let uses = counted(index.used_by.len(), "query", "queries");
    format!("{}; {}, used by {uses} here", index.definition, format::bytes(index.size_bytes))
}
