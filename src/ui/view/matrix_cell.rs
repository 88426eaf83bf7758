//! The cells and heads of a grid of the coverage matrix. Each has its place in the grid; heads count
//! too: row 0 has the indexes, columns 0 and 1 the query and its path today.

use yew::prelude::*;

use crate::report::{Cell, IndexReport, QueryReport, Role};
use crate::ui::coverage;
use crate::ui::format;
use crate::ui::state::Msg;
use crate::ui::view::parts::{self, on_click};

/// The first row of cells.
pub const ROW_FIRST: usize = 1;

/// The first column of cells.
pub const COLUMN_FIRST: usize = 2;

/// A place in the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// From 0, which is the head.
    pub row: usize,
    /// From 0.
    pub column: usize,
    /// Tab comes to it.
    pub is_active: bool,
}

impl At {
    fn tabindex(self) -> &'static str {
        if self.is_active { "0" } else { "-1" }
    }

    fn number(self) -> String {
        (self.column + 1).to_string()
    }
}

/// The head of a column of cells.
pub fn column_head(index: &IndexReport, at: At) -> Html {
    let kind = match index {
        IndexReport { suggested: true, .. } => "new",
        IndexReport { constraint: true, .. } => "constraint",
        IndexReport { unique: true, .. } => "unique",
        _ => "",
    };
    html! {
        <th key={at.column} scope="col" class={classes!("index", index.suggested.then_some("suggested"))}
            title={index.definition.clone()} tabindex={at.tabindex()} aria-colindex={at.number()}
            data-row={at.row.to_string()} data-column={at.column.to_string()}>
            <span class="index-head">
                <span class="index-shape">{ index.shape.clone() }</span>
                <span class="index-name">{ parts::cuttable(&index.name) }</span>
                if !kind.is_empty() { <span class="index-kind">{ kind }</span> }
            </span>
        </th>
    }
}

/// The head of a row: the query.
pub fn row_head(query: &QueryReport, at: At, send: &Callback<Msg>) -> Html {
    let id = query.id.clone();
    html! {
        <th scope="row" aria-colindex="1">
            <span class="row-head">
                <button type="button" class="link" title={query.normalized.clone()}
                    tabindex={at.tabindex()} data-row={at.row.to_string()} data-column="0"
                    onclick={on_click(send, move || Msg::ShowQuery(id.clone()))}>
                    { query.name.clone().unwrap_or_else(|| query.id.clone()) }
                </button>
                <span class="calls">{ format!("{}×", format::count(query.calls)) }</span>
            </span>
        </th>
    }
}

/// How the query reaches the table today.
pub fn path_now(query: &QueryReport, table: &str, at: At) -> Html {
    let of_table = query.access_before.iter().filter(|access| access.table == table);
    let paths: Vec<&str> = of_table.map(|access| format::path(&access.path)).collect();
    let text = if paths.is_empty() { "–".to_owned() } else { paths.join(", ") };
    html! {
        <td class="now" title={text.clone()} tabindex={at.tabindex()} aria-colindex="2"
            data-row={at.row.to_string()} data-column="1">{ text }</td>
    }
}

/// What one index does for one query.
pub fn cell(cell: Option<&Cell>, suggested: bool, at: At) -> Html {
    let (data_row, data_column) = (at.row.to_string(), at.column.to_string());
    let Some(cell) = cell.filter(|cell| cell.role != Role::NotUsed || cell.chosen) else {
        // Most cells are of this kind, so they are as little as can be.
        return html! {
            <td key={at.column} class="cell role-none" tabindex={at.tabindex()} aria-colindex={at.number()}
                data-row={data_row} data-column={data_column} data-test="cell">
                { "·" }<span class="visually-hidden">{ "none" }</span>
            </td>
        };
    };
    let (glyph, word) = coverage::symbol(cell.role);
    let chosen = cell.chosen.then(|| coverage::chosen(suggested));
    let sorts = cell.sort_free && cell.role != Role::SortOnly;
    let covers = cell.covering && cell.role != Role::Covering;
    let extra = |also: bool, glyph: &'static str, word: &'static str| {
        let hidden = html! { <span class="visually-hidden">{ word }</span> };
        also.then(|| html! { <span class="extra"><span aria-hidden="true">{ glyph }</span>{ hidden }</span> })
    };
    html! {
        <td key={at.column} class={classes!("cell", format!("role-{word}"), chosen.map(|_| "chosen"),
            suggested.then_some("suggested"))}
            tabindex={at.tabindex()} aria-colindex={at.number()}
            data-row={data_row} data-column={data_column} data-test="cell">
            <span class="glyph" aria-hidden="true">{ glyph }</span>
            <span class="word">{ word }</span>
            { for extra(sorts, "↕", " no sort") }
            { for extra(covers, "▢", " index-only") }
            if let Some(when) = chosen { <span class="visually-hidden">{ " " }{ when }</span> }
        </td>
    }
}
