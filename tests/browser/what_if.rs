//! The review follows what the user asks of it: a budget, decisions, indexes to try.

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("moves along the curve of budgets", budget),
    ("chooses the next best without a rejected index", reject),
    ("tries an index, and what if one went", try_indexes),
    ("reviews other wishes after a crash", wish_after_crash),
];

const INPUT: &str = "\
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, shop_id int NOT NULL,
    created_at timestamptz NOT NULL, total numeric);
CREATE INDEX orders_created_at ON orders (created_at);
CREATE TABLE parts (id bigint PRIMARY KEY, order_id bigint NOT NULL, sku text NOT NULL, n int);

 relname | relkind | reltuples | relpages | relallvisible
---------+---------+-----------+----------+---------------
 orders  | r       |   2000000 |    20000 |             0
 parts   | r       |   8000000 |    60000 |             0
(2 rows)

-- name: of a user; calls: 9000
SELECT id, total FROM orders WHERE user_id = 42 AND shop_id = 7;
-- name: newest; calls: 500
SELECT id, total FROM orders ORDER BY created_at DESC LIMIT 20;
-- name: parts; calls: 700
SELECT sku, n FROM parts WHERE order_id = 5;
";

/// The best index of the costliest query, and the one without it.
const BEST: &str = "(user_id, shop_id)";
const SECOND: &str = "(user_id)";

/// WebDriver's characters for keys that type none.
const LEFT: &str = "\u{e012}";
const ENTER: &str = "\u{e007}";

fn open<'a>(site: &'a Site, address: &str) -> Page<'a> {
    let page = site.open_at(&site.server.address(address));
    started(&page);
    page.paste(INPUT);
    page.wait("document.title === '2 findings'");
    page
}

/// Waits until some finding creates an index of this shape, or until none does.
#[track_caller]
fn wait_for_finding(page: &Page, shape: &str, is_there: bool) {
    let titles = "[...document.querySelectorAll('[data-test=finding] .title')]";
    page.wait(&format!("{titles}.some(t => t.innerText.includes('{shape}')) === {is_there}"));
}

/// Waits until an element shows a text.
#[track_caller]
fn wait_for_words(page: &Page, test: &str, words: &str) {
    page.wait(&format!(
        "document.querySelector('[data-test={test}]')?.innerText.includes({words:?})"
    ));
}

fn budget(site: &Site) {
    let page = open(site, "/");
    wait_for_finding(&page, "(order_id)", true);
    page.eval("document.querySelector('[data-test=budget-slider]').focus()");
    let before = page.eval("return document.querySelector('[data-test=budget-slider]').value");
    page.press(&[LEFT]);
    wait_for_finding(&page, "(order_id)", false);
    wait_for_finding(&page, BEST, true);
    let slider = "const slider = document.querySelector('[data-test=budget-slider]');";
    let now = page.eval(&format!("{slider} return slider.value"));
    assert_ne!(before, now);
    let words = page.eval(&format!("{slider} return slider.getAttribute('aria-valuetext')"));
    assert!(words.as_str().is_some_and(|w| w.contains("1\u{a0}index, ")), "{words}");

    page.click("[data-test=no-budget]");
    wait_for_finding(&page, "(order_id)", true);
    page.click("[data-test=budget-field]");
    page.type_text("much");
    page.press(&[ENTER]);
    page.wait_for("[data-test=budget-wrong]");
    page.eval("document.querySelector('[data-test=budget-field]').value = ''");
    page.type_text("20MB");
    page.press(&[ENTER]);
    wait_for_finding(&page, "(order_id)", false);
    page.wait("!document.querySelector('[data-test=budget-wrong]')");
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

fn reject(site: &Site) {
    let page = open(site, "/");
    wait_for_finding(&page, BEST, true);
    page.click("[data-test=reason]");
    page.type_text("too many writes");
    page.click("[data-test=reject]");
    wait_for_finding(&page, BEST, false);
    wait_for_finding(&page, SECOND, true);
    wait_for_words(&page, "decided", "too many writes");
    page.click("[data-test=tab-what-if]");
    wait_for_words(&page, "trial", "of a user");

    // What was decided stays when the input changes.
    page.paste("SELECT n FROM parts WHERE id = 3;");
    page.wait("document.querySelector('[data-test=tab-queries]').innerText.includes('4')");
    page.click("[data-test=tab-findings]");
    wait_for_finding(&page, BEST, false);
    page.click("[data-test=take-back]");
    wait_for_finding(&page, BEST, true);
    page.wait("!document.querySelector('[data-test=decided]')");
}

fn try_indexes(site: &Site) {
    let page = open(site, "/");
    page.click("[data-test=tab-what-if]");
    let try_one = |statement: &str| {
        page.click("[data-test=try-field]");
        page.type_text(statement);
        page.press(&[ENTER]);
    };
    try_one("CREATE INDEX ON parts (order_id, sku)");
    wait_for_words(&page, "trial", "parts");
    wait_for_words(&page, "trial", "cheaper");
    page.click("[data-test=accept-trial]");
    page.click("[data-test=tab-findings]");
    wait_for_finding(&page, "(order_id, sku)", true);
    page.click("[data-test=take-back]");
    wait_for_finding(&page, "(order_id, sku)", false);

    page.click("[data-test=tab-what-if]");
    try_one("CREATE INDEX ON nowhere (a)");
    wait_for_words(&page, "trial-error", "nowhere");
    page.click("[data-test=remove-trial]");
    page.wait("!document.querySelector('[data-test=trial]')");

    page.click("[data-test=tab-tables]");
    page.click("[data-test=what-if-drop]");
    page.wait_for("[data-test=panel-what-if]");
    wait_for_words(&page, "trial", "newest");
    wait_for_words(&page, "trial", "dearer");
}

fn wish_after_crash(site: &Site) {
    let page = open(site, "/?test-hooks");
    page.eval("sargableTest.crashNext()");
    page.click("[data-test=reject]");
    page.wait_for("[data-test=failure]");
    page.eval("scrollTo(0, 0)");
    page.click("[data-test=run-again]");
    page.wait("!document.querySelector('[data-test=failure]')");
    wait_for_finding(&page, SECOND, true);
    page.click("[data-test=take-back]");
    wait_for_finding(&page, BEST, true);
}
