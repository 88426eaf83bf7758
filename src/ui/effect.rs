//! What the page does outside of itself: the clipboard, the focus, the theme, the title.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use crate::ui::piece::{PieceId, line_utf16};
use crate::ui::state::{Jump, Theme};

/// Height of a line in a field, in pixels; the style sheet says the same.
const LINE_HEIGHT_PX: usize = 19;

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Width in pixels below which the panes stand one above the other; the style sheet says the same.
const NARROW_PX: f64 = 992.0;

/// Do the panes stand one above the other?
pub fn is_narrow() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
    width.is_some_and(|width| width < NARROW_PX)
}

/// Does the system ask for dark colours?
pub fn system_is_dark() -> bool {
    let query = web_sys::window()
        .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// An element of the page.
pub fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Puts the focus on an element and shows it.
pub fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
        show(&element);
    }
}

fn show(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Id of the field of a piece.
pub fn field_id(piece: PieceId) -> String {
    format!("piece-{piece}")
}

/// Selects a line in the field of its piece.
pub fn select_line(jump: Jump) {
    let Some(field) = element::<HtmlTextAreaElement>(&field_id(jump.piece)) else { return };
    let Some((start, end)) = line_utf16(&field.value(), jump.line) else { return };
    let _ = field.focus();
    let _ = field.set_selection_range(start, end);
    let top = jump.line.saturating_sub(4) * LINE_HEIGHT_PX;
    field.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
    show(&field);
}

/// Applies a theme.
pub fn apply_theme(theme: Theme) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    if let Some(document) = document().filter(|document| document.title() != title) {
        document.set_title(title);
    }
}

/// Opens the file picker.
pub fn pick_files() {
    if let Some(picker) = element::<HtmlInputElement>("file-picker") {
        picker.set_value("");
        picker.click();
    }
}

/// Opens the browser's dialog for printing.
pub fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}

/// The time that migrations are numbered by.
pub fn stamp() -> u64 {
    // Whole seconds since 1970 are far below what a float holds exactly.
    crate::report::migration::stamp((js_sys::Date::now() / 1000.0) as u64)
}

/// The day of today where the user is: `2026-03-02`.
pub fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// Copies a text; says whether that worked.
pub async fn copy(text: String) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let navigator = window.navigator();
    // Absent where the page does not come from a secure origin.
    let absent = Reflect::get(&navigator, &"clipboard".into()).map_or(true, |c| c.is_undefined());
    if !absent && JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok() {
        return true;
    }
    copy_by_selection(&text).unwrap_or(false)
}

/// The old way, which needs no permission.
fn copy_by_selection(text: &str) -> Option<bool> {
    let document = document()?;
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    let before = document.active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok());
    // Beside what has the focus: a modal dialog makes everything else inert.
    let host = before.as_ref().and_then(|b| b.parent_element());
    let host = host.or_else(|| document.body().map(Into::into))?;
    host.append_child(&field).ok()?;
    field.select();
    let copied = document.dyn_ref::<web_sys::HtmlDocument>()?.exec_command("copy").ok();
    field.remove();
    if let Some(before) = before {
        let _ = before.focus();
    }
    copied
}
