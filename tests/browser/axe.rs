//! axe-core reports nothing: on every view, dialog and state, light and dark. It is fetched for the
//! tests alone and is no part of the page.

use serde_json::json;

use crate::boot::started;
use crate::page::{ENTER, Page, TAB};
use crate::{Site, Test, against};

pub const TESTS: &[Test] = &[
    ("axe reports nothing on the views of the samples", samples),
    ("axe reports nothing on the dialogs", dialogs),
    ("axe reports nothing on what is shared and reported", shared),
    ("axe reports nothing on decisions, trials and what a migration changes", decided),
    ("axe reports nothing where there is nothing, or something broken", states),
    ("axe reports nothing on a narrow screen", narrow),
    ("what has the focus is never hidden under what stays", focus_is_visible),
    ("large and widely spaced text is not cut off sideways", enlarged),
];

/// The tabs, by the ends of their ids.
const TABS: [&str; 8] =
    ["findings", "matrix", "queries", "plans", "tables", "input", "what-if", "against"];

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
            "const rules = { 'target-size': { enabled: true } };
             const found = await axe.run(document, { resultTypes: ['violations'], rules });
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

/// The dialogs to share and to report, with what they say once they were asked.
fn shared(site: &Site) {
    let Some(page) = open(site, "/") else { return };
    page.click("[data-test=share]");
    page.wait_for("[data-test=share-make]");
    page.wait("/[0-9]\\s.?B/.test(document.querySelector('dialog').innerText)");
    check(&page, "sharing");
    page.click("[data-test=share-names]");
    page.click("[data-test=share-make]");
    page.wait_for("[data-test=share-link]");
    page.wait_for("[data-test=share-same], [data-test=share-differs]");
    page.eval("document.querySelectorAll('dialog details').forEach((d) => { d.open = true })");
    check(&page, "a link with other names");
    narrow_to(&page, 360);
    check(&page, "a link on a narrow screen");
    page.click("[data-test=dialog-close]");
    page.eval("document.querySelector('[data-test=report]').click()");
    page.wait_for("[data-test=report-download]");
    for form in ["html", "markdown", "json"] {
        page.click(&format!("[data-test=report-{form}]"));
        check(&page, &format!("a report as {form}"));
    }
}

fn decided(site: &Site) {
    let Some(page) = open(site, "/") else { return };
    page.paste(against::SCHEMA);
    page.wait("document.querySelector('[data-test=tab-queries]')?.innerText.includes('2')");
    page.wait("!document.querySelector('[data-test=working]')");
    against::propose(&page);
    check_tabs(&page, "before and after");
    choose_sample(&page, 0);
    page.click("[data-test=tab-findings]");
    page.wait_for("[data-test=reject]");
    page.eval("document.querySelector('[data-test=reject]').click()");
    page.wait_for("[data-test=decided]");
    page.eval("document.querySelector('[data-test=defer]')?.click()");
    page.wait("!document.querySelector('[data-test=working]')");
    page.click("[data-test=tab-what-if]");
    for statement in ["CREATE INDEX ON bots (name)", "CREATE INDEX ON nowhere (a)"] {
        page.click("[data-test=try-field]");
        page.type_text(statement);
        page.press(&[ENTER]);
        page.wait("!document.querySelector('[data-test=working]')");
    }
    page.wait_for("[data-test=trial-error]");
    check_tabs(&page, "decisions and trials");
    narrow_to(&page, 360);
    check_narrow_tabs(&page, 360, "decisions and trials");
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

fn narrow_to(page: &Page, width: u32) {
    page.command(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": width, "height": 700, "deviceScaleFactor": 1, "mobile": false }),
    );
}

#[track_caller]
fn check_narrow_tabs(page: &Page, width: u64, what: &str) {
    for tab in TABS {
        page.eval(&format!("document.querySelector('[data-test=tab-{tab}]').click()"));
        page.wait_for(&format!("[data-test=panel-{tab}]"));
        check(page, &format!("{what}, {width} wide, {tab}"));
        fits(page, width, tab);
    }
}

/// Nothing makes the page wider than the screen.
#[track_caller]
fn fits(page: &Page, width: u64, what: &str) {
    let wide = page.eval("return document.documentElement.scrollWidth");
    assert!(wide.as_u64().is_some_and(|wide| wide <= width), "{what} is {wide} wide");
}

fn narrow(site: &Site) {
    let Some(page) = open(site, "/") else { return };
    narrow_to(&page, 320);
    check_narrow_tabs(&page, 320, "narrow");
}

/// Tab and Shift+Tab through a tab: what gets the focus can be seen, whatever stays on the screen.
fn focus_is_visible(site: &Site) {
    let page = site.open();
    started(&page);
    page.wait("!document.querySelector('[data-test=working]')");
    for tab in TABS {
        page.click(&format!("[data-test=tab-{tab}]"));
        page.wait_for(&format!("[data-test=panel-{tab}]"));
        for keys in [&[TAB] as &[&str], &["\u{e008}", TAB]] {
            for _ in 0..25 {
                page.press(keys);
                let hidden = page.eval(
                    "const active = document.activeElement;
                     const area = active.getBoundingClientRect();
                     if (active === document.body || area.width < 2) return null;
                     const [x, y] = [Math.max(area.left, 0), Math.max(area.top, 0)];
                     const right = Math.min(area.right, innerWidth);
                     const bottom = Math.min(area.bottom, innerHeight);
                     for (const part of [0.1, 0.5, 0.9]) {
                       const at = document.elementFromPoint(
                         x + (right - x) * part, y + (bottom - y) * part);
                       if (at && (active.contains(at) || at.contains(active))) return null;
                     }
                     const over = document.elementFromPoint((x + right) / 2, (y + bottom) / 2);
                     return [active, over].map((one) => one?.outerHTML.slice(0, 200))
                       .concat(JSON.stringify(area), scrollY)",
                );
                assert!(hidden.is_null(), "{tab}: {hidden}");
            }
        }
    }
}

/// Zoomed to 200 %, and with the spacing that readers may set (WCAG 1.4.12).
fn enlarged(site: &Site) {
    let page = site.open();
    started(&page);
    page.wait("!document.querySelector('[data-test=working]')");
    page.eval(
        "const sheet = new CSSStyleSheet();
         sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
           word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
         document.adoptedStyleSheets = [sheet]",
    );
    for width in [640, 320] {
        narrow_to(&page, width);
        for tab in TABS {
            page.eval(&format!("document.querySelector('[data-test=tab-{tab}]').click()"));
            page.wait_for(&format!("[data-test=panel-{tab}]"));
            fits(&page, width.into(), tab);
        }
    }
}
