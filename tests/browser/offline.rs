//! Without a network: the service worker keeps the page, takes a new version, and sends nothing; the page
//! gives itself as one file.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::boot::started;
use crate::input::SCHEMA;
use crate::page::Page;
use crate::server::Server;
use crate::{Site, Test, scratch_directory};

pub const TESTS: &[Test] = &[
    ("opens again without a network", reloads_offline),
    ("tells of a new version and takes it", updates),
    ("sends nothing that was pasted to its service worker's host", sends_no_input),
    ("gives itself as one file", one_file),
];

/// The service worker has everything and answers for this page.
pub fn kept(page: &Page) {
    page.wait("navigator.serviceWorker.controller?.state === 'activated'");
}

/// A copy of the published files that a test may change and take away.
fn copy_of(site: &Site, name: &str) -> PathBuf {
    let copy = scratch_directory().join(name);
    std::fs::create_dir_all(&copy).expect("a directory");
    for entry in std::fs::read_dir(&site.dist).expect("dist").flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), copy.join(entry.file_name())).expect("a copy");
        }
    }
    copy
}

fn reloads_offline(site: &Site) {
    let dist = copy_of(site, "offline");
    for path in ["/", "/deep/path/"] {
        let server = Server::start(&dist);
        let page = site.blank();
        page.go(&server.address(path));
        started(&page);
        kept(&page);
        // No trick of the browser: there is nobody at that address any more.
        server.stop();
        page.go(&server.address(path));
        started(&page);
        page.paste(SCHEMA);
        page.click("[data-test=tab-tables]");
        page.wait_for_text("shipments_parcel_id");
        drop(page);
    }
}

/// Makes another version of what is published: the page says something else and is named otherwise.
fn next_version(dist: &Path) {
    let index = dist.join("index.html");
    let html = std::fs::read_to_string(&index).expect("the page");
    let version = html.split("data-version=\"").nth(1).and_then(|rest| rest.split('"').next());
    let version = version.expect("a version").to_owned();
    let html = html.replace("Loading Sargable", "Loading the new Sargable");
    std::fs::write(&index, html.replace(&version, "0123456789abcdef")).expect("a page");
    let worker = dist.join("sw.js");
    let code = std::fs::read_to_string(&worker).expect("the service worker");
    std::fs::write(&worker, code.replace(&version, "0123456789abcdef")).expect("a service worker");
}

fn updates(site: &Site) {
    let dist = copy_of(site, "update");
    let server = Server::start(&dist);
    let page = site.blank();
    page.go(&server.address("/"));
    started(&page);
    kept(&page);
    assert_eq!(page.eval("return document.querySelector('[data-test=new-version]')"), json!(null));

    next_version(&dist);
    // As when the user comes back to the tab.
    page.eval("document.dispatchEvent(new Event('visibilitychange'))");
    page.wait_for("[data-test=new-version]");
    page.click("[data-test=reload]");
    page.wait("document.getElementById('glue')?.dataset.version === '0123456789abcdef'");
    started(&page);
    assert_eq!(page.eval("return document.querySelector('[data-test=new-version]')"), json!(null));
    let caches = page.eval("return (await caches.keys()).length");
    assert_eq!(caches, json!(1), "the old version is gone");
    server.stop();
    page.go(&server.address("/"));
    started(&page);
    let version = page.eval("return document.getElementById('glue').dataset.version");
    assert_eq!(version, json!("0123456789abcdef"));
}

fn sends_no_input(site: &Site) {
    let page = site.open();
    started(&page);
    kept(&page);
    let known: Vec<String> = site.server.requests();
    page.paste("CREATE TABLE zanzibar (id int); SELECT id FROM zanzibar WHERE id = 7");
    page.click("[data-test=tab-tables]");
    page.wait_for_text("zanzibar");
    page.eval("document.dispatchEvent(new Event('visibilitychange'))");
    page.click("[data-test=single-file]");
    let later = site.server.requests().split_off(known.len());
    // The browser may look whether the service worker has changed; that address says nothing.
    assert!(later.iter().all(|path| path == "/sw.js"), "{later:?}");
    let stored = page.eval(
        "const kept = [];
         for (const name of await caches.keys())
           for (const request of await (await caches.open(name)).keys()) kept.push(request.url);
         return kept.filter((url) => url.includes('?') || url.includes('#'))",
    );
    assert_eq!(stored, json!([]));
}

/// The text of the file that the page gives.
const ASK_FOR_FILE: &str = "
  const given = new Promise((done) => {
    URL.createObjectURL = (blob) => { done(blob); return 'data:,'; };
  });
  document.querySelector('[data-test=single-file]').click();
  return await (await given).text()";

fn one_file(site: &Site) {
    let expected = std::fs::read_to_string(site.dist.join("sargable.html")).expect("the file");
    let page = site.open();
    started(&page);
    kept(&page);
    let given = page.eval(ASK_FOR_FILE);
    assert!(given.as_str() == Some(&expected), "the file that was given is not sargable.html");

    // The single file gives itself, and what it gives runs.
    let page = site.open_at(&site.single_file());
    started(&page);
    let given = page.eval(ASK_FOR_FILE);
    let copy = crate::scratch_file("given.html", given.as_str().expect("a text"));
    let page = site.open_at(&format!("file://{}", copy.display()));
    started(&page);
}
