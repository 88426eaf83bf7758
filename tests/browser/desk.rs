//! The desk as a whole: steps are undone.

use crate::boot::started;
use crate::input::SCHEMA;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[("undoes and redoes", undo)];

/// WebDriver's characters for keys that type none.
const CTRL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";

const QUERY: &str = "SELECT * FROM shipments WHERE sent_at > '2024-01-01' AND parcel_id = 7;";

#[track_caller]
fn wait_for_texts(page: &Page, texts: &[&str]) {
    let fields = "[...document.querySelectorAll('[data-test=textarea]')].map((f) => f.value)";
    page.wait(&format!("JSON.stringify({fields}) === {:?}", serde_json::json!(texts).to_string()));
}

fn undo(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste(SCHEMA);
    wait_for_texts(&page, &[SCHEMA]);
    page.paste(QUERY);
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    page.press(&[CTRL, "z"]);
    wait_for_texts(&page, &[SCHEMA]);
    page.press(&[CTRL, SHIFT, "z"]);
    wait_for_texts(&page, &[SCHEMA, QUERY]);

    // In a field, undoing is the field's own business.
    page.click("[data-test=textarea]");
    page.press(&[CTRL, "z"]);
    wait_for_texts(&page, &[SCHEMA, QUERY]);

    page.click("[data-test=clear]");
    page.wait_for("[data-test=empty]");
    page.click("[data-test=bring-back]");
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    page.wait("!document.querySelector('[data-test=aside]')");
    page.click("[data-test=undo]");
    page.click("[data-test=undo]");
    page.wait("document.querySelector('[data-test=undo]').matches(':focus')");
    page.click("[data-test=redo]");
    page.click("[data-test=redo]");
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}
