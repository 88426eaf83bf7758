//! The cells and heads of a grid of the coverage matrix. Each has its place in the grid, as ARIA counts:
//! row 1 has the indexes, columns 1 and 2 the query and its path today. There are many cells, so that
//! each is as little as can be: an element and a word; its sign is drawn by the style sheet.

use yew::prelude::*;

use crate::report::{Cell, IndexReport, QueryReport, Role};
use crate::ui::coverage;
use crate::ui::format;
use crate::ui::state::Msg;
use crate::ui::view::parts::{self, on_click};

/// The first row of cells, from 0, the heads counted.
pub const ROW_FIRST: usize = 1;

/// The first column of cells, from 0, the heads counted.
pub const COLUMN_FIRST: usize = 2;

/// Tab comes to one cell of the grid; a key or a click moves it.
pub fn tab_stop(is_active: bool) -> Option<&'static str> {
    is_active.then_some("0")
}

/// The head of a column of cells.
pub fn column_head(index: &IndexReport, column: usize, is_active: bool) -> Html {
    let kind = match index {
        IndexReport { suggested: true, .. } => "new",
        IndexReport { constraint: true, .. } => "constraint",
        IndexReport { unique: true, .. } => "unique",
        _ => "",
    };
    html! {
        <div key={column} role="columnheader" aria-colindex={(column + 1).to_string()}
            class={classes!("index", index.suggested.then_some("suggested"))}
            title={index.definition.clone()} tabindex={tab_stop(is_active)}>
            <span class="index-head">
                <span class="index-shape">{ index.shape.clone() }</span>
                <span class="index-name">{ parts::cuttable(&index.name) }</span>
                if !kind.is_empty() { <span class="index-kind">{ kind }</span> }
            </span>
        </div>
    }
}

/// The head of a row: the query.
pub fn row_head(query: &QueryReport, is_active: bool, send: &Callback<Msg>) -> Html {
    let id = query.id.clone();
    html! {
        <div key="head" role="rowheader" class="row-head" aria-colindex="1">
            <button type="button" class="link" title={query.normalized.clone()}
                tabindex={if is_active { "0" } else { "-1" }}
                onclick={on_click(send, move || Msg::ShowQuery(id.clone()))}>
                { query.name.clone().unwrap_or_else(|| query.id.clone()) }
            </button>
            <span class="calls">{ format!("{}×", format::count(query.calls)) }</span>
        </div>
    }
}

/// How the query reaches the table today.
pub fn path_now(query: &QueryReport, table: &str, is_active: bool) -> Html {
    let of_table = query.access_before.iter().filter(|access| access.table == table);
    let paths: Vec<String> = format::paths(of_table).into_iter().map(|(_, words)| words).collect();
    let text = if paths.is_empty() { "–".to_owned() } else { paths.join(", ") };
    html! {
        <div key="now" role="gridcell" class="now" title={text.clone()} aria-colindex="2"
            tabindex={tab_stop(is_active)}>{ text }</div>
    }
}

/// What one index does for one query.
pub fn cell(cell: Option<&Cell>, suggested: bool, column: usize, is_active: bool) -> Html {
    let (number, tabindex) = ((column + 1).to_string(), tab_stop(is_active));
    let Some(cell) = cell.filter(|cell| cell.role != Role::NotUsed || cell.chosen) else {
        return html! {
            <div key={column} role="gridcell" class="cell role-none" aria-colindex={number} {tabindex}
                data-test="cell">{ "none" }</div>
        };
    };
    let word = coverage::symbol(cell.role).1;
    let when = match (cell.chosen, suggested) {
        (false, _) => "",
        (true, false) => " chosen",
        (true, true) => " chosen suggested",
    };
    let extra = |also: bool, glyph: &'static str, word: &'static str| {
        let hidden = html! { <span class="visually-hidden">{ word }</span> };
        also.then(|| html! { <span class="extra"><span aria-hidden="true">{ glyph }</span>{ hidden }</span> })
    };
    html! {
        <div key={column} role="gridcell" class={format!("cell role-{word}{when}")}
            aria-colindex={number} {tabindex} data-test="cell">
            { word }
            { for extra(cell.sort_free && cell.role != Role::SortOnly, "↕", " no sort") }
            { for extra(cell.covering && cell.role != Role::Covering, "▢", " index-only") }
            if cell.chosen {
                <span class="visually-hidden">{ " " }{ coverage::chosen(suggested) }</span>
            }
        </div>
    }
}
