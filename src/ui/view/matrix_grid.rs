//! The grid of one table. Only what is in view is drawn, and pointing and moving only tell which cell
//! it is, so that a grid of tens of thousands of cells stays quick.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::report::Report;
use crate::ui::coverage::Block;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::matrix_cell::{
    At, COLUMN_FIRST, ROW_FIRST, cell, column_head, path_now, row_head,
};
use crate::ui::window::{Part, Span, parts};

/// Properties of [`Grid`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The table's part of the matrix.
    pub block: Shared<Block>,
    /// Cells as narrow as their signs.
    pub compact: bool,
    /// The review.
    pub review: Shared<Review>,
    /// Told which cell is pointed at, heads counted.
    pub on_cell: Callback<(usize, usize)>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// What is drawn, and how much of it shows at once.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    rows: Span,
    columns: Span,
    row_px: f64,
    /// Rows that Page Up and Page Down go by.
    page: usize,
}

/// Before anything was measured.
const AT_FIRST: View = View {
    rows: Span { first: 0, end: 24 },
    columns: Span { first: 0, end: 16 },
    row_px: 28.0,
    page: 10,
};

/// The grid.
#[component]
pub fn Grid(props: &Props) -> Html {
    let scroller = use_node_ref();
    let view = use_state_eq(|| AT_FIRST);
    // The cell that Tab comes to, heads counted, and whether a key went there.
    let active = use_state_eq(|| (ROW_FIRST, COLUMN_FIRST, false));
    let block = &props.block;
    let last = (block.queries.len(), block.indexes.len() + COLUMN_FIRST - 1);
    let (row, column) = (active.0.min(last.0), active.1.min(last.1));
    use_measured(&scroller, &view, (props.block.clone(), props.compact));
    {
        let scroller = scroller.clone();
        use_effect_with((row, column, active.2), move |(row, column, by_key)| {
            if *by_key && let Some(scroller) = scroller.cast::<Element>() {
                focus(&scroller, *row, *column);
            }
        });
    }
    let onscroll = {
        let (scroller, view) = (scroller.clone(), view.clone());
        Callback::from(move |_: Event| measure(&scroller, &view))
    };
    let onmouseover = {
        let on_cell = props.on_cell.clone();
        Callback::from(move |event: MouseEvent| {
            for_cell(&event, |row, column| on_cell.emit((row, column)));
        })
    };
    let onfocusin = {
        let (on_cell, active) = (props.on_cell.clone(), active.clone());
        Callback::from(move |event: FocusEvent| {
            for_cell(&event, |row, column| {
                on_cell.emit((row, column));
                active.set((row, column, active.2 && (row, column) == (active.0, active.1)));
            });
        })
    };
    let onkeydown = {
        let (active, send, page) = (active.clone(), props.send.clone(), view.page);
        let (block, review) = (props.block.clone(), props.review.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && column > 0 {
                let query = block.queries.get(row.wrapping_sub(ROW_FIRST));
                if let Some(query) = query.and_then(|at| review.report.queries.get(*at)) {
                    event.prevent_default();
                    send.emit(Msg::ShowQuery(query.id.clone()));
                }
            } else if let Some((row, column)) = moved(&event, (row, column), last, page) {
                event.prevent_default();
                active.set((row, column, true));
            }
        })
    };
    html! {
        <div class={classes!("grid-scroll", props.compact.then_some("compact"))} ref={scroller}
            {onscroll} {onmouseover} {onfocusin} {onkeydown}>
            { table(props, *view, (row, column)) }
        </div>
    }
}

/// Measures what is in view once drawn, and whenever the window changes.
#[hook]
fn use_measured(scroller: &NodeRef, view: &UseStateHandle<View>, when: (Shared<Block>, bool)) {
    let (scroller, view) = (scroller.clone(), view.clone());
    use_effect_with(when, move |_| {
        measure(&scroller, &view);
        let hear = |kind: &'static str, act: fn(&NodeRef, &UseStateHandle<View>)| {
            let (scroller, view) = (scroller.clone(), view.clone());
            let window = web_sys::window()?;
            Some(EventListener::new(&window, kind, move |_| act(&scroller, &view)))
        };
        // Paper does not scroll: all of it is drawn.
        let all = |_: &NodeRef, view: &UseStateHandle<View>| {
            view.set(View { rows: Span::ALL, columns: Span::ALL, ..**view });
        };
        let heard =
            [hear("resize", measure), hear("beforeprint", all), hear("afterprint", measure)];
        move || drop(heard)
    });
}

fn measure(scroller: &NodeRef, view: &UseStateHandle<View>) {
    let Some(scroller) = scroller.cast::<Element>() else { return };
    let size = |selector: &str| {
        let found = scroller.query_selector(selector).ok().flatten();
        found.map_or((0.0, 0.0), |found| {
            let area = found.get_bounding_client_rect();
            (area.width(), area.height())
        })
    };
    let (column_px, head_px) = size("th.index");
    let (_, row_px) = size("tbody th");
    let (side_px, _) = size(".corner");
    let (width, height) = (f64::from(scroller.client_width()), f64::from(scroller.client_height()));
    let (left, top) = (f64::from(scroller.scroll_left()), f64::from(scroller.scroll_top()));
    let rows_px = (height - head_px).max(0.0);
    let page = if row_px > 0.0 { (rows_px / row_px) as usize } else { 0 };
    view.set(View {
        rows: Span::in_view(top, rows_px, row_px),
        columns: Span::in_view(left, width - side_px, column_px),
        row_px: if row_px > 0.0 { row_px } else { AT_FIRST.row_px },
        page: page.saturating_sub(1).max(1),
    });
}

fn table(props: &Props, view: View, active: (usize, usize)) -> Html {
    let (block, report) = (&props.block, &props.review.report);
    let n_columns = block.indexes.len();
    let columns = parts(n_columns, view.columns, active.1.checked_sub(COLUMN_FIRST));
    let rows = parts(block.queries.len(), view.rows, active.0.checked_sub(ROW_FIRST));
    let at = |row, column| At { row, column, is_active: active == (row, column) };
    let row = |part: Part| match part {
        Part::Gap(from, n) => html! {
            <tr key={format!("gap-{from}")} class="gap" aria-hidden="true">
                <td class="gap" colspan={(n_columns + COLUMN_FIRST).to_string()}
                    height={format!("{:.2}", n as f64 * view.row_px)}></td>
            </tr>
        },
        Part::Item(r) => self::row(props, report, r, &columns, &at),
    };
    let index = |c: usize| report.indexes.get(*block.indexes.get(c)?);
    html! {
        <table class="matrix" role="grid" aria-label={format!("Coverage of {}", block.table)}
            aria-rowcount={(block.queries.len() + ROW_FIRST).to_string()}
            aria-colcount={(n_columns + COLUMN_FIRST).to_string()}>
            <colgroup>
                <col class="side" /><col class="path" />
                <col class="column" span={n_columns.to_string()} />
            </colgroup>
            <thead><tr aria-rowindex="1">
                <th scope="col" class="corner" aria-colindex="1" data-row="0" data-column="0"
                    tabindex={if active == (0, 0) { "0" } else { "-1" }}>{ "Query" }</th>
                <th scope="col" class="now" aria-colindex="2" data-row="0" data-column="1"
                    tabindex={if active == (0, 1) { "0" } else { "-1" }}>{ "Path now" }</th>
                { for columns.iter().map(|part| match *part {
                    Part::Gap(from, n) => gap(from, n),
                    Part::Item(c) => index(c)
                        .map(|index| column_head(index, at(0, c + COLUMN_FIRST)))
                        .unwrap_or_default(),
                }) }
            </tr></thead>
            <tbody>{ for rows.into_iter().map(row) }</tbody>
        </table>
    }
}

fn gap(from: usize, n: usize) -> Html {
    let key = format!("gap-{from}");
    html! { <td {key} class="gap" aria-hidden="true" colspan={n.to_string()}></td> }
}

fn row(
    props: &Props,
    report: &Report,
    r: usize,
    columns: &[Part],
    at: &dyn Fn(usize, usize) -> At,
) -> Html {
    let block = &props.block;
    let Some(query) = block.queries.get(r).and_then(|at| report.queries.get(*at)) else {
        return Html::default();
    };
    let row = r + ROW_FIRST;
    let one = |c: usize| {
        let suggested = block.indexes.get(c).and_then(|at| report.indexes.get(*at));
        let found = block.cells.get(r).and_then(|row| row.get(c).copied().flatten());
        let found = found.and_then(|at| report.matrix.cells.get(at));
        cell(found, suggested.is_some_and(|index| index.suggested), at(row, c + COLUMN_FIRST))
    };
    html! {
        <tr key={query.id.clone()} aria-rowindex={(row + 1).to_string()}>
            { row_head(query, at(row, 0), &props.send) }
            { path_now(query, &block.table, at(row, 1)) }
            { for columns.iter().map(|part| match *part {
                Part::Gap(from, n) => gap(from, n),
                Part::Item(c) => one(c),
            }) }
        </tr>
    }
}

/// Calls with the place of the cell that an event is about.
fn for_cell(event: &Event, act: impl FnOnce(usize, usize)) {
    let place = || {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let cell = target.closest("[data-row]").ok().flatten();
        // A head of a row has its place in its button.
        let within =
            || target.closest("tbody th").ok()??.query_selector("[data-row]").ok().flatten();
        let cell = cell.or_else(within)?;
        let number = |name: &str| cell.get_attribute(name)?.parse().ok();
        Some((number("data-row")?, number("data-column")?))
    };
    if let Some((row, column)) = place() {
        act(row, column);
    }
}

/// Where a key goes.
fn moved(
    event: &KeyboardEvent,
    (row, column): (usize, usize),
    last: (usize, usize),
    page: usize,
) -> Option<(usize, usize)> {
    let far = event.ctrl_key() || event.meta_key();
    let to = match event.key().as_str() {
        "ArrowRight" => (row, column + 1),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowDown" => (row + 1, column),
        "ArrowUp" => (row.saturating_sub(1), column),
        "PageDown" => (row + page, column),
        "PageUp" => (row.saturating_sub(page).max(row.min(ROW_FIRST)), column),
        "Home" => (if far { ROW_FIRST } else { row }, 0),
        "End" => (if far { last.0 } else { row }, last.1),
        _ => return None,
    };
    Some((to.0.min(last.0), to.1.min(last.1)))
}

/// Puts the focus on a cell, which is drawn by now, and shows it clear of the heads.
fn focus(scroller: &Element, row: usize, column: usize) {
    let selector = format!("[data-row='{row}'][data-column='{column}']");
    let found = scroller.query_selector(&selector).ok().flatten();
    let Some(cell) = found.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) else { return };
    let quiet = FocusOptions::new();
    quiet.set_prevent_scroll(true);
    let _ = cell.focus_with_options(&quiet);
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    nearest.set_inline(ScrollLogicalPosition::Nearest);
    cell.scroll_into_view_with_scroll_into_view_options(&nearest);
}
