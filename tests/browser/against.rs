//! Before and after DDL: a piece is marked, and the tab says what loses and what is locked.

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[("compares today with a migration", migration)];

pub const SCHEMA: &str = "\
CREATE TABLE shipments (id bigint PRIMARY KEY, parcel_id bigint NOT NULL, sent_at timestamptz);
CREATE INDEX shipments_parcel_id ON shipments (parcel_id);
-- name: of a parcel; calls: 700
SELECT * FROM shipments WHERE parcel_id = 42;
-- name: by id; calls: 3
SELECT * FROM shipments WHERE id = 4;
";

const MIGRATION: &str = "\
DROP INDEX shipments_parcel_id;
CREATE INDEX shipments_sent_at ON shipments (sent_at);
";

/// Proposes a migration of [`SCHEMA`], and goes to what it changes.
#[track_caller]
pub fn propose(page: &Page) {
    page.paste(MIGRATION);
    page.wait("document.querySelectorAll('[data-test=side]').length === 2");
    page.eval(
        "const menu = document.querySelectorAll('[data-test=side]')[1];
         menu.value = 'migration'; menu.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.click("[data-test=tab-against]");
    page.wait_for("[data-test=against-query][data-verdict=loses]");
}

fn migration(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste(SCHEMA);
    page.wait_for("[data-test=finding], [data-test=panel-findings]");
    page.click("[data-test=tab-against]");
    page.wait_for_text("Nothing is proposed");
    propose(&page);
    page.wait_for_text("with shipments_parcel_id kept");
    page.wait("document.querySelectorAll('[data-test=against-query]').length === 1");
    page.click("[data-test=against-same]");
    page.wait("document.querySelectorAll('[data-test=against-query]').length === 2");
    page.wait("document.querySelectorAll('[data-test=against-statement]').length === 2");
    page.wait_for_text("DROP INDEX CONCURRENTLY shipments_parcel_id");
    page.wait_for_text("ACCESS EXCLUSIVE on shipments");

    page.eval("document.body.focus()");
    page.press(&["1"]);
    page.wait("document.querySelector('[data-test=finding]')?.dataset.code === 'regression'");
    page.press(&["8"]);
    page.wait_for("[data-test=panel-against]");
}
