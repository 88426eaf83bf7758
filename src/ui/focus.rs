//! The focus is never lost: when what has it goes away, what was around it gets it, so that the next
//! Tab goes on from there.

use std::cell::RefCell;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Document, Element, FocusOptions, HtmlElement, MutationObserver, MutationObserverInit, Window,
};

thread_local! {
    /// What had the focus last, and everything around it, from the inside.
    static HELD: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// Watches for as long as the page is there.
pub fn guard(window: &Window) {
    let Some(document) = window.document() else { return };
    let Some(body) = document.body() else { return };
    let focused = EventListener::new(&document, "focusin", |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let around = std::iter::successors(target, |element| element.parent_element());
        HELD.with_borrow_mut(|held| *held = around.collect());
    });
    focused.forget();
    let look = Closure::<dyn Fn()>::new(move || restore(&document));
    let Ok(observer) = MutationObserver::new(look.as_ref().unchecked_ref()) else { return };
    let changes = MutationObserverInit::new();
    changes.set_child_list(true);
    changes.set_subtree(true);
    if observer.observe_with_options(&body, &changes).is_ok() {
        look.forget();
    }
}

/// Gives the focus to what was around the element that had it, if that is gone.
fn restore(document: &Document) {
    let lost = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
    if !lost {
        return;
    }
    let around = HELD.with_borrow(|held| {
        let gone = held.first().is_some_and(|element| !element.is_connected());
        held.iter().find(|element| gone && element.is_connected()).cloned()
    });
    let Some(around) = around.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    if around.tag_name() == "BODY" {
        return;
    }
    if around.tab_index() < 0 && !around.has_attribute("tabindex") {
        let _ = around.set_attribute("tabindex", "-1");
    }
    let quiet = FocusOptions::new();
    quiet.set_prevent_scroll(true);
    let _ = around.focus_with_options(&quiet);
}
