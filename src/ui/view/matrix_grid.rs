//! The grid of one table. It is drawn once per review: pointing and moving only tell which cell it
//! is, so that a grid of thousands of cells stays quick.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::report::{Cell, IndexReport, QueryReport, Report, Role};
use crate::ui::coverage::{self, Block};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::parts::{self, on_click};

/// Rows and columns shown before "show all".
const SHOWN: (usize, usize) = (40, 24);

/// Properties of [`Grid`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The table's part of the matrix.
    pub block: Shared<Block>,
    /// The review.
    pub review: Shared<Review>,
    /// Told which cell is pointed at.
    pub on_cell: Callback<(usize, usize)>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The grid.
#[component]
pub fn Grid(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let block = &props.block;
    let report = &props.review.report;
    let (rows, columns) = if *all { (usize::MAX, usize::MAX) } else { SHOWN };
    let shown_rows = block.queries.len().min(rows);
    let shown_columns = block.indexes.len().min(columns);
    let point = {
        let on_cell = props.on_cell.clone();
        move |event: &Event| {
            if let Some(at) = cell_of(event).and_then(|cell| position(&cell)) {
                on_cell.emit(at);
            }
        }
    };
    let onfocusin = {
        let point = point.clone();
        Callback::from(move |event: FocusEvent| point(&event))
    };
    let onmouseover = Callback::from(move |event: MouseEvent| point(&event));
    html! {
        <>
            <div class="grid-scroll" {onmouseover} {onfocusin} onkeydown={Callback::from(on_key)}>
                <table class="matrix" role="grid" aria-label={format!("Coverage of {}", block.table)}>
                    <thead><tr>
                        <th scope="col" class="corner">{ "Query" }</th>
                        <th scope="col" class="now">{ "Path now" }</th>
                        { for block.indexes.iter().take(shown_columns)
                            .filter_map(|at| report.indexes.get(*at)).map(column_head) }
                    </tr></thead>
                    <tbody>
                        { for (0..shown_rows).map(|r| row(props, report, r, shown_columns)) }
                    </tbody>
                </table>
            </div>
            { parts::show_all(shown_rows, block.queries.len(), &all) }
            if shown_rows >= block.queries.len() {
                { parts::show_all(shown_columns, block.indexes.len(), &all) }
            }
        </>
    }
}

fn column_head(index: &IndexReport) -> Html {
    let kind = match index {
        IndexReport { suggested: true, .. } => "new",
        IndexReport { constraint: true, .. } => "constraint",
        IndexReport { unique: true, .. } => "unique",
        _ => "",
    };
    html! {
        <th scope="col" class={classes!("index", index.suggested.then_some("suggested"))}
            title={index.definition.clone()}>
            <span class="index-shape">{ parts::cuttable(&index.shape) }</span>
            <span class="index-name">{ parts::cuttable(&index.name) }</span>
            if !kind.is_empty() { <span class="index-kind">{ kind }</span> }
        </th>
    }
}

fn row(props: &Props, report: &Report, r: usize, columns: usize) -> Html {
    let block = &props.block;
    let Some(query) = block.queries.get(r).and_then(|at| report.queries.get(*at)) else {
        return Html::default();
    };
    let id = query.id.clone();
    let cells = block.cells.get(r).into_iter().flatten().take(columns).enumerate();
    html! {
        <tr>
            <th scope="row">
                <button type="button" class="link" title={query.normalized.clone()} tabindex="-1"
                    onclick={on_click(&props.send, move || Msg::ShowQuery(id.clone()))}>
                    { query.name.clone().unwrap_or_else(|| query.id.clone()) }
                </button>
                <span class="calls">{ format!("{}×", format::count(query.calls)) }</span>
            </th>
            <td class="now">{ path_now(query, &block.table) }</td>
            { for cells.map(|(c, at)| {
                let index = block.indexes.get(c).and_then(|at| report.indexes.get(*at));
                let suggested = index.is_some_and(|index| index.suggested);
                cell(at.and_then(|at| report.matrix.cells.get(at)), suggested, r, c)
            }) }
        </tr>
    }
}

/// How the query reaches the table today.
fn path_now(query: &QueryReport, table: &str) -> String {
    let of_table = query.access_before.iter().filter(|access| access.table == table);
    let paths: Vec<&str> = of_table.map(|access| format::path(&access.path)).collect();
    if paths.is_empty() { "–".to_owned() } else { paths.join(", ") }
}

fn cell(cell: Option<&Cell>, suggested: bool, row: usize, column: usize) -> Html {
    let tabindex = if row == 0 && column == 0 { "0" } else { "-1" };
    let (data_row, data_column) = (row.to_string(), column.to_string());
    let Some(cell) = cell.filter(|cell| cell.role != Role::NotUsed || cell.chosen) else {
        // Most cells are of this kind, so they are as little as can be.
        return html! {
            <td class="cell role-none" aria-label="none" {tabindex} data-row={data_row}
                data-column={data_column} data-test="cell">{ "·" }</td>
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
        <td class={classes!("cell", format!("role-{word}"), chosen.map(|_| "chosen"),
            suggested.then_some("suggested"))}
            {tabindex} data-row={data_row} data-column={data_column} data-test="cell">
            <span class="glyph" aria-hidden="true">{ glyph }</span>
            <span class="word">{ word }</span>
            { for extra(sorts, "↕", " no sort") }
            { for extra(covers, "▢", " index-only") }
            if let Some(when) = chosen { <span class="visually-hidden">{ " " }{ when }</span> }
        </td>
    }
}

fn cell_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("td[data-row]").ok()?
}

fn position(cell: &Element) -> Option<(usize, usize)> {
    let number = |name: &str| cell.get_attribute(name)?.parse().ok();
    Some((number("data-row")?, number("data-column")?))
}

/// Moves the focus; the cell that has it is the one that Tab comes back to.
fn on_key(event: KeyboardEvent) {
    let Some(cell) = cell_of(&event) else { return };
    let Some((row, column)) = position(&cell) else { return };
    let at = |row: Option<usize>, column: Option<usize>| {
        let selector = format!("td[data-row='{}'][data-column='{}']", row?, column?);
        cell.closest("table").ok()??.query_selector(&selector).ok()?
    };
    let next = match event.key().as_str() {
        "ArrowRight" => at(Some(row), Some(column + 1)),
        "ArrowLeft" => at(Some(row), column.checked_sub(1)),
        "ArrowDown" => at(Some(row + 1), Some(column)),
        "ArrowUp" => at(row.checked_sub(1), Some(column)),
        "Home" => at(Some(row), Some(0)),
        "End" => cell.parent_element().and_then(|row| row.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = cell.set_attribute("tabindex", "-1");
        let _ = next.set_attribute("tabindex", "0");
        let _ = next.focus();
    }
}
