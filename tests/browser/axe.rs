//! axe-core reports nothing: on every view, dialog and state, light and dark. It is fetched for the
//! tests alone and is no part of the page.

use serde_json::json;

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("axe reports nothing on the views of the samples", samples),
    ("axe reports nothing on the dialogs", dialogs),
    ("axe reports nothing where there is nothing, or something broken", states),
    ("axe reports nothing on a narrow screen", narrow),
];

/// The tabs, by the ends of their ids.
const TABS: [&str; 7] = ["findings", "matrix", "queries", "plans", "tables", "input", "what-if"];

/// What has a fold, unfolded.
const UNFOLD: &str = "
    document.querySelectorAll('#panel details:not([open])').forEach((part) => { part.open = true });
    const folded = [...document.querySelectorAll('#panel [aria-expanded=false]')].slice(0, 12);
    folded.forEach((button) => button.click());
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))";

/// The page with axe in it, or nothing where it could not be fetched.
fn open<'a>(site: &'a Site, path: &str) -> Option<Page<'a>> {
    let Some(axe) = std::env::var_os("SARGABLE_AXE") else {
        println!("  SKIPPED: axe-core is not there; `cargo xtask test browser` fetches it");
        return None;
    };
    let page = site.open_at(&site.server.address(path));
    started(&page);
    page.eval(&std::fs::read_to_string(axe).expect("axe.min.js"));
    page.wait("window.axe");
    page.wait("!document.querySelector('[data-test=working]')");
    Some(page)
}

/// Runs axe in light and in dark.
#[track_caller]
fn check(page: &Page, what: &str) {
    for scheme in ["light", "dark"] {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        page.command("Emulation.setEmulatedMedia", &json!({ "features": features }));
        let found = page.eval(
            "const found = await axe.run(document, { resultTypes: ['violations'] });
             return found.violations.map((rule) => [rule.id, rule.help, rule.nodes.slice(0, 5).map(
               (node) => `${node.target.join(' ')}: ${node.failureSummary.split('\\n')[1] ?? ''}`)])",
        );
        assert!(
            found.as_array().is_some_and(Vec::is_empty),
            "{what}, {scheme}: {}",
            serde_json::to_string_pretty(&found).unwrap_or_default()
        );
    }
}

fn check_tabs(page: &Page, what: &str) {
    for tab in TABS {
        page.click(&format!("[data-test=tab-{tab}]"));
        page.wait_for(&format!("[data-test=panel-{tab}]"));
        page.eval(UNFOLD);
        check(page, &format!("{what}, {tab}"));
    }
}

fn samples(site: &Site) {
    let Some(page) = open(site, "/") else { return };
    let n = page.eval("return document.querySelectorAll('[data-test=samples] option').length");
    for sample in 0..n.as_u64().unwrap_or(1).min(3) {
        choose_sample(&page, sample);
        check_tabs(&page, &format!("sample {sample}"));
    }
}

fn choose_sample(page: &Page, sample: u64) {
    page.eval(&format!(
        "const menu = document.querySelector('[data-test=samples]');
         const options = [...menu.options].filter((option) => !option.disabled && option.value !== '');
         menu.value = options[{sample}].value;
         menu.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ));
    page.wait("!document.querySelector('[data-test=working]')");
    page.wait("document.querySelector('[data-test=finding]') || true");
}

fn dialogs(site: &Site) {
    let Some(page) = open(site, "/") else { return };
    let buttons = page.eval(
        "return [...document.querySelectorAll('[aria-haspopup=dialog]')].map((b) => b.dataset.test)",
    );
    let buttons: Vec<String> = serde_json::from_value(buttons).unwrap_or_default();
    assert!(buttons.len() >= 3, "{buttons:?}");
    for button in buttons {
        page.click(&format!("[data-test={button}]"));
        page.wait_for("dialog[open]");
        check(&page, &button);
        page.click("[data-test=dialog-close]");
        page.wait("!document.querySelector('dialog[open]')");
    }
}

fn states(site: &Site) {
    let Some(page) = open(site, "/?test-hooks") else { return };
    page.click("[data-test=clear]");
    page.wait_for("[data-test=empty]");
    check(&page, "empty");
    page.paste("a letter to a friend, and no schema at all");
    page.wait_for("[data-test=not-recognised]");
    check(&page, "not recognised");
    check_tabs(&page, "not recognised");
    page.click("[data-test=clear]");
    page.paste(
        "CREATE TABLE parts (id int PRIMARY KEY, n int); CREATE TABLE (;\nSELECT n FRM parts;",
    );
    page.wait_for("[data-test=diagnostic], [data-test=tab-input]");
    page.wait("!document.querySelector('[data-test=working]')");
    check_tabs(&page, "input with mistakes");
    page.eval("sargableTest.crashNext()");
    page.click("[data-test=run]");
    page.wait_for("[data-test=failure]");
    check(&page, "a crash");
}

fn narrow(site: &Site) {
    let Some(page) = open(site, "/") else { return };
    page.command(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 320, "height": 700, "deviceScaleFactor": 1, "mobile": false }),
    );
    for tab in TABS {
        page.eval(&format!("document.querySelector('[data-test=tab-{tab}]').click()"));
        page.wait_for(&format!("[data-test=panel-{tab}]"));
        check(&page, &format!("narrow, {tab}"));
        let wide = page.eval("return document.documentElement.scrollWidth");
        assert!(wide.as_u64().is_some_and(|wide| wide <= 320), "{tab} is {wide} wide");
    }
}
