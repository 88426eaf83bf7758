//! The grid of one table. Only what is in view is drawn, and pointing and moving only tell which cell
//! it is, so that a grid of tens of thousands of cells stays quick.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, FocusOptions, HtmlElement, ResizeObserver, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};
use yew::prelude::*;

use crate::ui::coverage::Block;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::matrix_cell::{COLUMN_FIRST, ROW_FIRST};
use crate::ui::view::matrix_row::{CHUNK, Heads, Row};
use crate::ui::window::{Margin, Part, Span, parts};

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
    /// In chunks of columns.
    chunks: Span,
    row_px: f64,
    column_px: f64,
    /// Rows that Page Up and Page Down go by.
    page: usize,
}

/// Before anything was measured.
const AT_FIRST: View = View {
    rows: Span { first: 0, end: 24 },
    chunks: Span { first: 0, end: 4 },
    row_px: 28.0,
    column_px: 153.6,
    page: 10,
};

const AROUND_ROWS: Margin = Margin { around: 8, step: 4 };
const AROUND_CHUNKS: Margin = Margin { around: 1, step: 1 };

/// Lengths that change with the window and the table alone: asked then, not at every scroll.
#[derive(Debug, Clone, Copy, Default)]
struct Lengths {
    column: f64,
    row: f64,
    /// What rows and columns show in, clear of the heads.
    width: f64,
    height: f64,
}

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
    let lengths = use_mut_ref(Lengths::default);
    use_measured(&scroller, &lengths, &view, (props.block.clone(), props.compact));
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
        Callback::from(move |_: Event| {
            if let Some(scroller) = scroller.cast::<Element>() {
                look(&scroller, *lengths.borrow(), &view);
            }
        })
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
    let onclick = {
        let active = active.clone();
        Callback::from(move |event: MouseEvent| {
            for_cell(&event, |row, column| active.set((row, column, true)));
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
            {onscroll} {onmouseover} {onclick} {onfocusin} {onkeydown}>
            { grid(props, *view, (row, column)) }
        </div>
    }
}

/// Measures what is drawn, and again whenever its size changes.
#[hook]
fn use_measured(
    scroller: &NodeRef,
    lengths: &Rc<RefCell<Lengths>>,
    view: &UseStateHandle<View>,
    when: (Shared<Block>, bool),
) {
    let (scroller, lengths, view) = (scroller.clone(), lengths.clone(), view.clone());
    use_effect_with(when, move |_| {
        let element = scroller.cast::<Element>();
        let update = {
            let (element, view) = (element.clone(), view.clone());
            move || {
                let Some(scroller) = &element else { return };
                lengths.replace(measure(scroller));
                look(scroller, *lengths.borrow(), &view);
            }
        };
        update();
        let resized = Closure::<dyn Fn()>::new(update.clone());
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        // Paper does not scroll: all of it is drawn.
        let all = move || view.set(View { rows: Span::ALL, chunks: Span::ALL, ..AT_FIRST });
        let heard = web_sys::window().map(|window| {
            let before = EventListener::new(&window, "beforeprint", move |_| all());
            (before, EventListener::new(&window, "afterprint", move |_| update()))
        });
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((heard, resized));
        }
    });
}

fn measure(scroller: &Element) -> Lengths {
    let size = |selector: &str| {
        let found = scroller.query_selector(selector).ok().flatten();
        found.map_or((0.0, 0.0), |found| {
            let area = found.get_bounding_client_rect();
            (area.width(), area.height())
        })
    };
    let (side, head) = size(".corner");
    let (width, height) = (f64::from(scroller.client_width()), f64::from(scroller.client_height()));
    Lengths {
        column: size(".index").0,
        row: size(".row-head").1,
        width: (width - side).max(0.0),
        height: (height - head).max(0.0),
    }
}

/// What is in view, scrolled as it is.
fn look(scroller: &Element, lengths: Lengths, view: &UseStateHandle<View>) {
    let Lengths { column, row, width, height } = lengths;
    let (left, top) = (f64::from(scroller.scroll_left()), f64::from(scroller.scroll_top()));
    let page = if row > 0.0 { (height / row) as usize } else { 0 };
    view.set(View {
        rows: Span::in_view(top, height, row, AROUND_ROWS),
        chunks: Span::in_view(left, width, column * CHUNK as f64, AROUND_CHUNKS),
        row_px: if row > 0.0 { row } else { AT_FIRST.row_px },
        column_px: if column > 0.0 { column } else { AT_FIRST.column_px },
        page: page.saturating_sub(1).max(1),
    });
}

fn grid(props: &Props, view: View, active: (usize, usize)) -> Html {
    let block = &props.block;
    let in_row = |row: usize| (active.0 == row).then_some(active.1);
    let rows = parts(block.queries.len(), view.rows, active.0.checked_sub(ROW_FIRST));
    let one = |part: Part| match part {
        Part::Gap(from, n) => html! {
            <svg key={format!("gap-{from}")} class="gap" aria-hidden="true" width="1"
                height={format!("{:.2}", n as f64 * view.row_px)} />
        },
        Part::Item(r) => html! {
            <Row key={r} block={props.block.clone()} review={props.review.clone()}
                row={r + ROW_FIRST} active={in_row(r + ROW_FIRST)} chunks={view.chunks}
                column_px={view.column_px} send={props.send.clone()} />
        },
    };
    html! {
        <div class="matrix" role="grid" aria-label={format!("Coverage of {}", block.table)}
            aria-rowcount={(block.queries.len() + ROW_FIRST).to_string()}
            aria-colcount={(block.indexes.len() + COLUMN_FIRST).to_string()}>
            <Heads key="heads" block={props.block.clone()} review={props.review.clone()} row={0}
                active={in_row(0)} chunks={view.chunks} column_px={view.column_px}
                send={props.send.clone()} />
            { for rows.into_iter().map(one) }
        </div>
    }
}

/// Calls with the place of the cell that an event is about.
fn for_cell(event: &Event, act: impl FnOnce(usize, usize)) {
    let place = || {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let number = |name: &str| {
            let found = target.closest(&format!("[{name}]")).ok()??;
            found.get_attribute(name)?.parse::<usize>().ok()?.checked_sub(1)
        };
        Some((number("aria-rowindex")?, number("aria-colindex")?))
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
    // A head of a row has the focus in its button.
    let cell = format!("[aria-rowindex='{}'] [aria-colindex='{}']", row + 1, column + 1);
    let found = scroller.query_selector(&format!("{cell}[tabindex], {cell} button")).ok().flatten();
    let Some(cell) = found.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) else { return };
    let quiet = FocusOptions::new();
    quiet.set_prevent_scroll(true);
    let _ = cell.focus_with_options(&quiet);
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    nearest.set_inline(ScrollLogicalPosition::Nearest);
    cell.scroll_into_view_with_scroll_into_view_options(&nearest);
}
