//! The whole way with the keyboard alone.

use crate::boot::started;
use crate::input::SCHEMA;
use crate::page::{ENTER, ESCAPE, Page, TAB};
use crate::{Site, Test};

pub const TESTS: &[Test] = &[("works with the keyboard alone", keyboard_alone)];

/// Presses Tab until an element has the focus; fails when Tab never gets there.
#[track_caller]
pub fn tab_to(page: &Page, selector: &str) {
    for _ in 0..200 {
        if page.eval(&format!("return document.activeElement.matches({selector:?})")) == true {
            return;
        }
        page.press(&[TAB]);
    }
    panic!("Tab does not reach {selector}");
}

fn keyboard_alone(site: &Site) {
    let page = site.open();
    started(&page);
    page.press(&[TAB]);
    assert_eq!(page.eval("return document.activeElement.className"), "skip");

    tab_to(&page, "[data-test=paste-field]");
    page.type_text(SCHEMA);
    page.press(&[TAB]);
    page.wait("document.querySelector('[data-test=textarea]')?.value.includes('shipments')");

    tab_to(&page, "[role=tab]");
    page.press(&["5"]);
    page.wait_for_text("shipments_parcel_id");

    tab_to(&page, "[data-test=help]");
    page.press(&[ENTER]);
    page.wait_for("dialog[open]");
    page.press(&[ESCAPE]);
    page.wait("!document.querySelector('dialog[open]')");
    page.wait("document.activeElement.matches('[data-test=help]')");

    page.press(&["?"]);
    page.wait_for("dialog[open]");
    page.press(&[ESCAPE]);
    page.wait("!document.querySelector('dialog[open]')");
}
