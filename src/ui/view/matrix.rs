//! The coverage matrix: which index does what for which query.

use yew::prelude::*;

use crate::report::Role;
use crate::ui::coverage::{self, Block};
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::matrix_grid::Grid;
use crate::ui::view::parts;

/// Tables shown before "show all".
const BLOCKS_SHOWN: usize = 12;

/// Properties of [`MatrixTab`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The coverage matrix.
#[component]
pub fn MatrixTab(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let blocks = use_memo(props.review.clone(), |review| {
        coverage::blocks(&review.report).into_iter().map(Shared::new).collect::<Vec<_>>()
    });
    if blocks.is_empty() {
        return parts::nothing(
            "No coverage to show.",
            "It needs tables with indexes and queries that read them.",
        );
    }
    let shown = if *all { blocks.len() } else { blocks.len().min(BLOCKS_SHOWN) };
    html! {
        <>
            { legend() }
            { for blocks.iter().take(shown).map(|block| html! {
                <BlockView key={block.table.clone()} block={block.clone()}
                    review={props.review.clone()} send={props.send.clone()} />
            }) }
            { parts::show_all(shown, blocks.len(), &all) }
        </>
    }
}

fn legend() -> Html {
    let roles = [
        Role::Seek,
        Role::PartialSeek,
        Role::FilterOnly,
        Role::SortOnly,
        Role::Covering,
        Role::NotUsed,
    ];
    let one = |role: Role| {
        let (glyph, word) = coverage::symbol(role);
        html! {
            <li title={coverage::meaning(role)}>
                <span class={classes!("cell", format!("role-{word}"))}>
                    <span class="glyph">{ glyph }</span>{ word }
                </span>
                <span class="meaning">{ coverage::meaning(role) }</span>
            </li>
        }
    };
    html! {
        <details class="legend">
            <summary>
                { "Queries down, indexes across. A frame: the modelled planner chooses it today. \
                   A double frame: once it exists. " }<strong>{ "Legend" }</strong>
            </summary>
            <ul>
                { for roles.into_iter().map(one) }
                <li><span class="cell"><span class="extra">{ "↕" }</span></span>
                    <span class="meaning">{ "also delivers the order: no sort" }</span></li>
                <li><span class="cell"><span class="extra">{ "▢" }</span></span>
                    <span class="meaning">{ "also holds every column needed: index-only" }</span></li>
            </ul>
            <p>{ "Arrow keys move from cell to cell; the line below the grid says why." }</p>
        </details>
    }
}

/// Properties of [`BlockView`].
#[derive(Properties, PartialEq)]
struct BlockProps {
    block: Shared<Block>,
    review: Shared<Review>,
    send: Callback<Msg>,
}

/// One table: its grid, and the line that explains a cell.
#[component]
fn BlockView(props: &BlockProps) -> Html {
    let at = use_state_eq(|| None::<(usize, usize)>);
    let on_cell = {
        let setter = at.setter();
        use_callback((), move |cell: (usize, usize), ()| setter.set(Some(cell)))
    };
    let block = &props.block;
    let explained = at.and_then(|(row, column)| explain(&props.review, block, row, column));
    html! {
        <section class="block" data-test="matrix-block">
            <h3>
                { block.table.clone() }
                <span class="count">
                    { format!(" {} × {}", block.queries.len(), block.indexes.len()) }
                </span>
            </h3>
            <Grid block={block.clone()} review={props.review.clone()} {on_cell}
                send={props.send.clone()} />
            <p class="explained" role="status" data-test="matrix-reason">
                { explained.unwrap_or_else(|| "Point at a cell, or move with the arrow keys: why it \
                    is what it is stands here.".to_owned()) }
            </p>
        </section>
    }
}

fn explain(review: &Review, block: &Block, row: usize, column: usize) -> Option<String> {
    let report = &review.report;
    let query = report.queries.get(*block.queries.get(row)?)?;
    let index = report.indexes.get(*block.indexes.get(column)?)?;
    let cell = block.cells.get(row)?.get(column)?.and_then(|at| report.matrix.cells.get(at));
    let name = query.name.as_ref().unwrap_or(&query.id);
    Some(coverage::sentence(cell, name, index))
}
