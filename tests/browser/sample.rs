//! The first screen is a review, and all of it can be looked at.

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("opens with a sample review", sample_visible),
    ("copies the migration", copy_migration),
    ("downloads the migration for other tools", download_migration),
    ("shows every sample", every_sample),
];

const TABS: [&str; 7] = ["findings", "matrix", "queries", "plans", "tables", "input", "what-if"];

fn reviewed(page: &Page) {
    page.wait("/^[1-9][0-9]* findings?/.test(document.title)");
}

fn sample_visible(site: &Site) {
    all_shown(site, &site.open());
}

/// A sample is reviewed, every tab shows something of it, and nothing more is loaded for that.
pub fn all_shown(site: &Site, page: &Page) {
    started(page);
    page.wait_for("[data-test=sample-banner]");
    reviewed(page);
    let before = site.server.requests();
    for tab in TABS {
        page.click(&format!("[data-test=tab-{tab}]"));
        page.wait_for(&format!("[data-test=panel-{tab}]"));
        let text = page.eval(&format!(
            "return document.querySelector('[data-test=panel-{tab}]').innerText.length"
        ));
        assert!(text.as_u64() > Some(100), "{tab} shows {text} characters");
    }
    assert_eq!(site.server.requests(), before);
    // Nothing on any tab is against the policy either, such as a style attribute.
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

fn copy_migration(site: &Site) {
    let page = site.open();
    started(&page);
    reviewed(&page);
    page.click("[data-test=copy-ddl]");
    page.wait("document.querySelector('[data-test=notice]').innerText.includes('Copied')");
    page.click("[data-test=clear]");
    page.click("[data-test=paste-field]");
    page.press(&["\u{e009}", "v"]);
    page.wait("document.querySelector('[data-test=textarea]')?.value.includes('INDEX')");
}

fn download_migration(site: &Site) {
    let page = site.open();
    started(&page);
    reviewed(&page);
    page.eval(
        "window.given = [];
         const make = URL.createObjectURL;
         URL.createObjectURL = (blob) => { window.given.push(blob); return make.call(URL, blob); }",
    );
    let choose = |format: &str| {
        page.eval(&format!(
            "const menu = document.querySelector('[data-test=migration-format]');
             menu.value = '{format}';
             menu.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ))
    };
    for (format, begins) in [("sql", "-- Index review"), ("flyway", "PK"), ("verify", "-- After")] {
        choose(format);
        page.eval("window.given.length = 0");
        page.click("[data-test=download-ddl]");
        page.wait("window.given.length === 1");
        let text = page.eval("return await window.given[0].text()");
        let text = text.as_str().unwrap_or_default();
        assert!(text.starts_with(begins), "{format}: {text}");
        assert!(text.contains("INDEX"), "{format}: {text}");
    }
    // What is left out of the migration is not in the file.
    page.eval(
        "for (const box of document.querySelectorAll('[data-test=choose]'))
             if (box.checked) { box.click(); await new Promise((done) => setTimeout(done)); }
         window.given.length = 0",
    );
    page.click("[data-test=download-ddl]");
    page.wait_for_text("no migration");
    assert_eq!(page.eval("return window.given.length"), 0);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

fn every_sample(site: &Site) {
    let page = site.open();
    started(&page);
    let count = page.eval("return document.querySelectorAll('[data-test=samples] option').length");
    // The first option is the title of the menu.
    for at in 1..count.as_u64().unwrap_or(0) {
        page.eval(&format!(
            "const menu = document.querySelector('[data-test=samples]');
             menu.selectedIndex = {at};
             menu.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ));
        page.wait("document.querySelector('[data-test=samples]').selectedIndex > 0");
        page.wait("!document.querySelector('[data-test=working]')");
        reviewed(&page);
    }
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}
