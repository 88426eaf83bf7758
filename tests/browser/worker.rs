//! A run can be stopped, and a worker that dies takes nothing with it.

use crate::boot::started;
use crate::input::SCHEMA;
use crate::large::log_file;
use crate::{Site, Test};

pub const TESTS: &[Test] =
    &[("cancels a run", cancel), ("survives a panic of the worker", survive_panic)];

fn cancel(site: &Site) {
    let page = site.open();
    started(&page);
    page.choose_file("[data-test=file-picker]", &log_file());
    page.wait_for("[data-test=working]");
    page.click("[data-test=cancel]");
    page.wait("!document.querySelector('[data-test=working]')");
    page.wait_for("[data-test=piece]");
    page.click("[data-test=clear]");
    page.paste(SCHEMA);
    page.click("[data-test=tab-tables]");
    page.wait_for_text("shipments_parcel_id");
}

fn survive_panic(site: &Site) {
    let page = site.open_at(&site.server.address("/?test-hooks"));
    started(&page);
    page.paste(SCHEMA);
    page.click("[data-test=tab-tables]");
    page.wait_for_text("shipments_parcel_id");

    page.eval("sargableTest.crashNext()");
    page.click("[data-test=run]");
    page.wait_for("[data-test=failure]");
    assert_eq!(page.texts(), [SCHEMA]);
    let failure = page.eval("return document.querySelector('[data-test=failure]').textContent");
    assert!(failure.as_str().is_some_and(|text| text.contains("asked for by a test")), "{failure}");
    page.wait_for_text("shipments_parcel_id");

    page.click("[data-test=run-again]");
    page.wait("!document.querySelector('[data-test=failure]')");
    page.wait("!document.querySelector('[data-test=working]')");
    assert_eq!(page.texts(), [SCHEMA]);
    page.wait_for_text("shipments_parcel_id");
}
