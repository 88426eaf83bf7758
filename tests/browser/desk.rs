//! The desk as a whole: steps are undone, sessions are saved, opened and kept.

use serde_json::json;

use crate::boot::started;
use crate::input::SCHEMA;
use crate::keyboard::tab_to;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("undoes and redoes", undo),
    ("saves a session and opens it", session_file),
    ("keeps a session only when asked, and forgets it", keep),
    ("keeps what one of two tabs has, and says so in the other", two_tabs),
    ("does not run again what killed the worker", guard),
];

/// WebDriver's characters for keys that type none.
const CTRL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";

const QUERY: &str = "SELECT * FROM shipments WHERE sent_at > '2024-01-01' AND parcel_id = 7;";

#[track_caller]
pub fn wait_for_texts(page: &Page, texts: &[&str]) {
    let fields = "[...document.querySelectorAll('[data-test=textarea]')].map((f) => f.value)";
    page.wait(&format!("JSON.stringify({fields}) === {:?}", json!(texts).to_string()));
}

/// The review is of what lies on the desk.
#[track_caller]
pub fn settled(page: &Page) {
    page.wait(
        "/finding/.test(document.title)
         && !document.querySelector('[data-test=working], [data-test=changed]')",
    );
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

/// What a drag of the session gives: as text, and as a file.
fn dragged(page: &Page) -> (String, String) {
    let given = page.eval(
        "const data = new DataTransfer();
         const save = document.querySelector('[data-test=save]');
         const event = (type) => new DragEvent(type, { dataTransfer: data, bubbles: true });
         save.dispatchEvent(event('dragstart'));
         save.dispatchEvent(event('dragend'));
         return ['text/plain', 'DownloadURL'].map((type) => data.getData(type))",
    );
    let text = |at: usize| given[at].as_str().unwrap_or_default().to_owned();
    (text(0), text(1))
}

fn session_file(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste(SCHEMA);
    page.paste(QUERY);
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    page.click("[data-test=tab-what-if]");
    page.click("[data-test=try-field]");
    page.type_text("CREATE INDEX ON shipments (sent_at)");
    page.press(&["\u{e007}"]);
    page.wait_for("[data-test=trial]");

    let (text, promise) = dragged(&page);
    assert!(text.contains("sargable-session/1") && text.contains("(sent_at)"), "{text}");
    assert!(promise.starts_with("application/json:review.sargable.json:blob:"), "{promise}");
    // The button gives the same file.
    page.eval(
        "URL.createObjectURL = (blob) => { globalThis.given = blob; return 'blob:none'; };
         HTMLAnchorElement.prototype.click = function () { globalThis.givenName = this.download; }",
    );
    page.press(&[CTRL, "s"]);
    page.wait("globalThis.givenName");
    assert_eq!(page.eval("return givenName"), "review.sargable.json");
    assert_eq!(page.eval("return given.text()"), json!(text));

    page.click("[data-test=clear]");
    page.wait_for("[data-test=empty]");
    page.paste("SELECT 1;");
    wait_for_texts(&page, &["SELECT 1;"]);
    page.drop_file("monday.sargable.json", &text);
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    page.click("[data-test=tab-what-if]");
    page.wait("document.querySelector('[data-test=trial]')?.innerText.includes('sent_at')");
    page.click("[data-test=bring-back]");
    wait_for_texts(&page, &["SELECT 1;"]);
    page.paste(&text);
    wait_for_texts(&page, &[SCHEMA, QUERY]);

    page.drop_file("cut.sargable.json", &text[..text.len() / 2]);
    page.wait("document.querySelector('[data-test=refused]')?.innerText.includes('cut off')");
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

fn reload(page: &Page) {
    page.eval("globalThis.isOld = true; setTimeout(() => location.reload())");
    page.wait("!globalThis.isOld");
    started(page);
}

fn keep(site: &Site) {
    let page = site.open();
    started(&page);
    let stored = "return Object.keys(localStorage).concat(Object.keys(sessionStorage))";
    page.paste(SCHEMA);
    settled(&page);
    assert_eq!(page.eval(stored), json!([]));

    tab_to(&page, "[data-test=keep-switch]");
    page.press(&[" "]);
    page.wait("localStorage.getItem('sargable.session')?.includes('shipments_parcel_id')");
    page.paste(QUERY);
    page.wait("localStorage.getItem('sargable.session')?.includes('2024-01-01')");
    reload(&page);
    wait_for_texts(&page, &[SCHEMA, QUERY]);

    // More than a browser keeps is said so, and leaves nothing old behind.
    page.eval("Storage.prototype.setItem = () => { throw new Error('full'); }");
    page.paste("SELECT 2;");
    page.wait("document.querySelector('[data-test=kept]').innerText.includes('Not kept')");
    assert_eq!(page.eval("return localStorage.getItem('sargable.session')"), json!(null));

    tab_to(&page, "[data-test=forget]");
    page.press(&["\u{e007}"]);
    page.wait("localStorage.length === 0");
    reload(&page);
    page.wait_for("[data-test=sample-banner]");
    assert_eq!(
        page.eval("return document.querySelector('[data-test=keep-switch]').checked"),
        false
    );
}

fn two_tabs(site: &Site) {
    let page = site.open();
    started(&page);
    page.click("[data-test=keep-switch]");
    page.paste(SCHEMA);
    page.wait("localStorage.getItem('sargable.session')?.includes('shipments_parcel_id')");
    let (first, second) = page.open_tab();
    page.go(&site.server.address("/"));
    started(&page);
    wait_for_texts(&page, &[SCHEMA]);
    page.paste(QUERY);
    page.wait("localStorage.getItem('sargable.session')?.includes('2024-01-01')");

    page.switch_tab(&first);
    page.wait("document.querySelector('[data-test=kept]').innerText.includes('Another tab')");
    page.paste("SELECT 'of the first';");
    wait_for_texts(&page, &[SCHEMA, "SELECT 'of the first';"]);
    page.click("[data-test=keep-this]");
    page.wait("localStorage.getItem('sargable.session').includes('of the first')");
    page.switch_tab(&second);
    page.wait("document.querySelector('[data-test=kept]').innerText.includes('Another tab')");

    page.click("[data-test=forget]");
    page.wait("localStorage.length === 0");
    page.switch_tab(&first);
    page.wait("!document.querySelector('[data-test=keep-switch]').checked");
    page.paste("SELECT 2;");
    settled(&page);
    assert_eq!(page.eval("return localStorage.length"), 0);
}

fn guard(site: &Site) {
    let page = site.open_at(&site.server.address("/?test-hooks"));
    started(&page);
    page.click("[data-test=keep-switch]");
    page.paste(SCHEMA);
    settled(&page);
    page.wait("localStorage.getItem('sargable.session')?.includes('shipments')");
    page.eval("sargableTest.crashNext()");
    page.click("[data-test=run]");
    page.wait_for("[data-test=failure]");
    reload(&page);
    page.wait_for("[data-test=held]");
    wait_for_texts(&page, &[SCHEMA]);
    assert_eq!(page.eval("return document.querySelector('[data-test=summary]')"), json!(null));
    tab_to(&page, "[data-test=run-anyway]");
    page.press(&["\u{e007}"]);
    settled(&page);
    reload(&page);
    settled(&page);
    page.wait("!document.querySelector('[data-test=held]')");
}
