//! Every way in: the sample, paste, drop, files, and what is no input at all.

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test, scratch_file};

pub const TESTS: &[Test] = &[
    ("takes a paste", paste),
    ("takes a drop", drop),
    ("takes a file from the picker", picker),
    ("says what it cannot read", wrong_input),
    ("shows pasted HTML as text", hostile_text),
];

pub const SCHEMA: &str = "\
CREATE TABLE shipments (id bigint PRIMARY KEY, parcel_id bigint NOT NULL, sent_at timestamptz);
CREATE INDEX shipments_parcel_id ON shipments (parcel_id);
";

const QUERIES: &str = "SELECT * FROM shipments WHERE parcel_id = 42 ORDER BY sent_at DESC LIMIT 5;";

/// The schema was read: the tables tab names its table and index.
fn shows_schema(page: &Page) {
    page.click("[data-test=tab-tables]");
    page.wait_for_text("shipments_parcel_id");
}

fn paste(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste(SCHEMA);
    shows_schema(&page);
    assert_eq!(page.texts(), [SCHEMA], "the paste replaces the sample");
    page.paste(QUERIES);
    page.click("[data-test=tab-queries]");
    page.wait("document.querySelector('[data-test=query]')?.innerText.includes('shipments')");
    assert_eq!(page.texts(), [SCHEMA, QUERIES], "a second paste is added");
}

fn drop(site: &Site) {
    let page = site.open();
    started(&page);
    page.drop_file("shop.sql", SCHEMA);
    shows_schema(&page);
    page.wait("document.title.includes('shop.sql')");
}

fn picker(site: &Site) {
    let page = site.open();
    started(&page);
    page.choose_file("[data-test=file-picker]", &scratch_file("picked.sql", SCHEMA));
    shows_schema(&page);
    page.wait("document.querySelector('[data-test=piece-name]').value === 'picked.sql'");
}

fn wrong_input(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste("Dear colleagues,\n\nplease find attached the minutes of our last meeting.\n");
    page.wait_for("[data-test=not-recognised]");
    page.click("[data-test=clear]");
    page.paste(&format!("{SCHEMA}CREATE TABLE broken (id bigint,, PRIMARY KEY);\n"));
    shows_schema(&page);
    page.click("[data-test=tab-input]");
    page.wait("document.querySelector('[data-test=diagnostic]')?.innerText.includes(':3')");
    page.click("[data-test=diagnostic] [data-test=place]");
    page.wait(
        "(() => { const field = document.activeElement;
          return field.value?.slice(field.selectionStart).startsWith('CREATE TABLE broken') })()",
    );
}

fn hostile_text(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste(&SCHEMA.replace("shipments", "\"<img src=x onerror=document.title='owned'>\""));
    page.click("[data-test=tab-tables]");
    page.wait_for_text("<img src=x");
    assert_eq!(page.eval("return document.querySelectorAll('img').length"), 0);
}
