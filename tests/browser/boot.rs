//! The page starts, wherever it lies, and then the network is closed.

use serde_json::json;

use crate::input::SCHEMA;
use crate::offline::kept;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("boots over http", over_http),
    ("boots under a path", under_a_path),
    ("boots from one file without a network", from_one_file),
    ("says what is wrong when the browser cannot run it", no_webassembly),
    ("says what to do when opened from disk", index_from_disk),
    ("says what is wrong when a part is missing", part_missing),
    ("sends nothing after boot", sends_nothing),
    ("refuses to fetch in the worker", worker_cannot_fetch),
];

/// The program has replaced the boot screen.
const BOOTED: &str = "!document.getElementById('boot') && document.querySelector('main')";

pub fn started(page: &Page) {
    page.wait(BOOTED);
    assert_eq!(page.eval("return document.querySelector('[data-test=fatal]')"), json!(null));
}

fn over_http(site: &Site) {
    let page = site.open();
    started(&page);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

fn under_a_path(site: &Site) {
    let page = site.open_at(&site.server.address("/deep/path/"));
    started(&page);
    let outside: Vec<String> = site
        .server
        .requests()
        .into_iter()
        .filter(|path| !path.starts_with("/deep/path/"))
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
}

fn from_one_file(site: &Site) {
    let page = site.blank();
    page.command("Network.enable", &json!({}));
    page.command(
        "Network.emulateNetworkConditions",
        &json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 }),
    );
    page.go(&site.single_file());
    started(&page);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
    assert_eq!(page.eval("return performance.getEntriesByType('resource').length"), json!(0));
    page.paste(SCHEMA);
    page.click("[data-test=tab-tables]");
    page.wait_for_text("shipments_parcel_id");
}

fn no_webassembly(site: &Site) {
    let page = site.blank();
    let source = json!({ "source": "delete globalThis.WebAssembly" });
    page.command("Page.addScriptToEvaluateOnNewDocument", &source);
    page.go(&site.server.address("/"));
    page.wait_for("[data-test=fatal]");
    page.wait_for_text("Missing: WebAssembly");
}

fn part_missing(site: &Site) {
    let page = site.open_at(&site.server.address("/without-program/"));
    page.wait_for("[data-test=fatal]");
    page.wait_for_text("404");
}

fn index_from_disk(site: &Site) {
    let page = site.open_at(&format!("file://{}", site.dist.join("index.html").display()));
    page.wait_for("[data-test=fatal]");
    page.wait_for_text("sargable.html");
}

fn sends_nothing(site: &Site) {
    let page = site.open();
    started(&page);
    kept(&page);
    let before = site.server.requests();
    let refused = page.eval(
        "const tries = [fetch('./'), fetch('https://example.com/'), new Promise((done, fail) => {
           const image = new Image();
           image.onload = done;
           image.onerror = fail;
           image.src = './index.html?image';
         }), new Promise((done, fail) => {
           const script = document.createElement('script');
           script.onload = done;
           script.onerror = fail;
           script.src = './index.html?script';
           document.head.append(script);
         })];
         navigator.sendBeacon('./?beacon', 'x');
         return (await Promise.allSettled(tries)).map((outcome) => outcome.status)",
    );
    assert_eq!(refused, json!(["rejected", "rejected", "rejected", "rejected"]));
    assert_eq!(site.server.requests(), before);
}

fn worker_cannot_fetch(site: &Site) {
    let page = site.open_at(&site.server.address("/?test-hooks"));
    started(&page);
    kept(&page);
    let before = site.server.requests();
    let address = json!(site.server.address("/?worker"));
    page.eval(&format!("return sargableTest.fetchInWorker({address})"));
    page.wait("sargableTest.fetched");
    let outcome = page.eval("return sargableTest.fetched");
    assert!(outcome.as_str().is_some_and(|outcome| outcome.starts_with("refused")), "{outcome}");
    assert_eq!(site.server.requests(), before);
}
