//! The report leaves the page as the command writes it, and stands on its own: opened from disk it asks
//! for nothing, and it prints. Decisions with their day outlast the next paste.

use sargable::Input;
use sargable::input::{Options, Piece};
use sargable::progress::Silent;
use sargable::redact::redact_report;
use sargable::report::html::render_html;
use sargable::report::json::render_json;
use sargable::report::markdown::render_markdown;
use serde_json::json;

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test, scratch_file};

pub const TESTS: &[Test] = &[
    ("gives the report as the command writes it", same_bytes),
    ("opens the report from disk without a request, and prints it", alone),
    ("raises a rejection again when its numbers changed", raised_again),
];

const INPUT: &str = "\
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, total numeric NOT NULL);
-- name: of a user; calls: 9000
SELECT total FROM orders WHERE user_id = 424242;
-- name: one; calls: 100
SELECT total FROM orders WHERE id = 5;
";

/// The table has grown.
const GROWN: &str = "
 relname | relkind | reltuples | relpages | relallvisible
---------+---------+-----------+----------+---------------
 orders  | r       | 900000000 |  9000000 |             0
(1 row)
";

fn open<'a>(site: &'a Site, text: &str) -> Page<'a> {
    let page = site.open();
    review(&page, text);
    page
}

#[track_caller]
fn review(page: &Page, text: &str) {
    started(page);
    page.paste(text);
    page.wait("document.title.startsWith('1 finding')");
    page.wait("!document.querySelector('[data-test=working]')");
}

/// The file that the dialog gives in a form.
fn taken(page: &Page, form: &str) -> String {
    page.eval(
        "window.given = [];
         const make = URL.createObjectURL;
         URL.createObjectURL = (blob) => { window.given.push(blob); return make.call(URL, blob); }",
    );
    page.click(&format!("[data-test=report-{form}]"));
    page.click("[data-test=report-download]");
    page.wait("window.given.length");
    let text = page.eval("return await window.given[0].text()");
    text.as_str().unwrap_or_default().to_owned()
}

fn same_bytes(site: &Site) {
    reported_as_the_command_does(&site.open());
}

/// Takes the report in every form.
pub fn reported_as_the_command_does(page: &Page) {
    review(page, INPUT);
    page.click("[data-test=report]");
    let piece = Piece { text: INPUT.to_owned(), ..Piece::default() };
    let input = Input { pieces: vec![piece], options: Options::default(), dialect: None };
    let report = sargable::analyze(&input, &mut Silent);
    let redacted = redact_report(&report);
    assert_eq!(taken(page, "html"), render_html(&redacted));
    assert!(!render_html(&redacted).contains("424242"));
    page.click("[data-test=report-literals]");
    assert_eq!(taken(page, "html"), render_html(&report));
    assert_eq!(taken(page, "markdown"), render_markdown(&report));
    assert_eq!(taken(page, "json"), render_json(&report));
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

fn alone(site: &Site) {
    // Enough queries for several pages.
    let mut text = INPUT.to_owned();
    for at in 0..120 {
        text.push_str(&format!(
            "SELECT total FROM orders WHERE id = {at} AND total > {at} LIMIT {at};\n"
        ));
    }
    let piece = Piece { text, ..Piece::default() };
    let input = Input { pieces: vec![piece], ..Input::default() };
    let html = render_html(&sargable::analyze(&input, &mut Silent));
    let file = scratch_file("review.html", &html);
    let page = site.open_at(&format!("file://{}", file.display()));
    page.wait_for("#finding-1");
    let loaded =
        page.eval("return performance.getEntriesByType('resource').map((one) => one.name)");
    assert_eq!(loaded, json!([]));
    let refused =
        page.eval("return await fetch('https://localhost/').then(() => 'sent', () => 'refused')");
    assert_eq!(refused, "refused");
    assert_eq!(page.eval("return document.scripts.length + document.images.length"), 0);
    // Nothing is wider than the window of a phone.
    let size = json!({ "width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": false });
    page.command("Emulation.setDeviceMetricsOverride", &size);
    let wider =
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(page.eval(wider), false);
    let pages = page.print();
    assert!(pages > 3, "{pages} pages");
}

fn raised_again(site: &Site) {
    let page = open(site, INPUT);
    page.click("[data-test=reason]");
    page.type_text("updated all day");
    page.eval("document.querySelector('[data-test=decided-on]').value = '2026-03-02'");
    page.click("[data-test=reject]");
    let says = |words: &str| {
        page.wait(&format!(
            "document.querySelector('[data-test=decided]')?.innerText.includes({words:?})"
        ));
    };
    says("on 2026-03-02, because: updated all day");
    says("Not raised again");
    page.paste("SELECT total FROM orders WHERE id = 77;");
    page.wait("document.querySelector('[data-test=tab-queries]').innerText.includes('3')");
    says("Not raised again");
    page.paste(GROWN);
    says("Raised again, because");
    says("what it saves in a call went from");
    page.click("[data-test=report]");
    let html = taken(&page, "html");
    assert!(html.contains("2026-03-02") && html.contains("aised again, because"), "{html}");
}
