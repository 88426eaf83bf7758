//! The coverage matrix: which index does what for which query.

use crate::sorted::SortedMap;

use yew::prelude::*;

use crate::report::Role;
use crate::ui::coverage::{self, Block};
use crate::ui::format::counted;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::matrix_block::BlockView;
use crate::ui::view::parts;

/// Tables that are unfolded at first.
const UNFOLDED: usize = 6;

/// From so many indexes of a table on, cells are as narrow as their signs at first.
const COMPACT_FROM: usize = 14;

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
    let (queries, indexes) = (use_state_eq(String::new), use_state_eq(String::new));
    let compact = use_state_eq(|| None::<bool>);
    let folded = use_state_eq(SortedMap::<String, bool>::new);
    let all = use_memo(props.review.clone(), |review| {
        coverage::blocks(&review.report).into_iter().map(Shared::new).collect::<Vec<_>>()
    });
    let words = (all.clone(), (*queries).clone(), (*indexes).clone());
    let shown = {
        let review = props.review.clone();
        use_memo(words, move |(all, queries, indexes)| {
            if queries.trim().is_empty() && indexes.trim().is_empty() {
                return all.to_vec();
            }
            let narrow = |block: &Shared<Block>| {
                coverage::narrowed(block, &review.report, queries, indexes).map(Shared::new)
            };
            all.iter().filter_map(narrow).collect::<Vec<_>>()
        })
    };
    if all.is_empty() {
        return parts::nothing(
            "No coverage to show.",
            "It needs tables with indexes and queries that read them.",
        );
    }
    let searching = !queries.trim().is_empty() || !indexes.trim().is_empty();
    let is_compact =
        compact.unwrap_or_else(|| all.iter().any(|block| block.indexes.len() >= COMPACT_FROM));
    let is_folded =
        |at: usize, table: &str| folded.get(table).copied().unwrap_or(at >= UNFOLDED && !searching);
    let on_fold = {
        let folded = folded.clone();
        Callback::from(move |(table, fold): (String, bool)| {
            let mut next = (*folded).clone();
            next.insert(table, fold);
            folded.set(next);
        })
    };
    let any_open = shown.iter().enumerate().any(|(at, block)| !is_folded(at, &block.table));
    let fold_all = {
        let (folded, shown) = (folded.clone(), shown.clone());
        Callback::from(move |_: MouseEvent| {
            folded.set(shown.iter().map(|block| (block.table.clone(), any_open)).collect());
        })
    };
    let toggle_compact = {
        let compact = compact.clone();
        Callback::from(move |_: MouseEvent| compact.set(Some(!is_compact)))
    };
    html! {
        <>
            { legend() }
            <div class="toolbar">
                { parts::search("Find queries", &queries, "matrix-queries") }
                { parts::search("Find indexes", &indexes, "matrix-indexes") }
                <span class="count" role="status">{ found(&shown, all.len()) }</span>
                <div class="group">
                    <button type="button" class="quiet" onclick={fold_all} data-test="matrix-fold">
                        { if any_open { "Fold all" } else { "Unfold all" } }
                    </button>
                    <button type="button" aria-pressed={is_compact.to_string()}
                        onclick={toggle_compact} data-test="matrix-compact">{ "Compact" }</button>
                </div>
            </div>
            if shown.is_empty() {
                { parts::nothing("No query and index with these words.", "Fewer words find more.") }
            }
            { for shown.iter().enumerate().map(|(at, block)| html! {
                <BlockView key={block.table.clone()} block={block.clone()} compact={is_compact}
                    folded={is_folded(at, &block.table)} on_fold={on_fold.clone()}
                    review={props.review.clone()} send={props.send.clone()} />
            }) }
        </>
    }
}

fn found(shown: &[Shared<Block>], n_all: usize) -> String {
    let tables = counted(shown.len(), "table", "tables");
    if shown.len() == n_all { tables } else { format!("{tables} of {n_all}") }
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
        let word = coverage::symbol(role).1;
        html! {
            <li>
                <span class={format!("cell role-{word}")}>{ word }</span>
                <span class="meaning">{ coverage::meaning(role) }</span>
            </li>
        }
    };
    html! {
        <details class="legend">
            <summary>
                { "Point at a cell, or go there with the arrow keys: the reason stands below. Framed: \
                   what the planner chooses today, by the model; twice: once the index exists. " }
                <strong>{ "Legend" }</strong>
            </summary>
            <ul>
                { for roles.into_iter().map(one) }
                <li><span class="cell"><span class="extra">{ "↕" }</span></span>
                    <span class="meaning">{ "also delivers the order: no sort" }</span></li>
                <li><span class="cell"><span class="extra">{ "▢" }</span></span>
                    <span class="meaning">{ "also holds every column needed: index-only" }</span></li>
            </ul>
            <p>
                { "Arrow keys move from cell to cell, Home and End along a row, Page Up and Page Down by \
                   a screen, with Ctrl to the first and the last cell; Enter opens the query." }
            </p>
        </details>
    }
}
