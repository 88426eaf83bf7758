//! The main path in Firefox: the same steps as in Chromium, where there is a Firefox.

use crate::page::Page;
use crate::webdriver::Driver;
use crate::{Site, Test, report, sample, share};

pub const TESTS: &[Test] = &[("firefox: a sample, a paste, a link and a report", main_path)];

fn main_path(site: &Site) {
    let Some(driver) = Driver::firefox() else {
        println!("  SKIPPED: there is no Firefox; `cargo xtask test browser` says why");
        return;
    };
    let open = || {
        site.server.forget();
        let page = Page::new(driver.session());
        page.go(&site.server.address("/"));
        page
    };
    // One after the other: geckodriver has one browser at a time.
    sample::all_shown(site, &open());
    share::shared_and_opened(&open());
    report::reported_as_the_command_does(&open());
}
