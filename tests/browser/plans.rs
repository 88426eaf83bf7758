//! Modelled and pasted plans of one query side by side, and what happens when the model is told what
//! the pasted ones measured.

use crate::boot::started;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("shows the pasted plan beside the model", side_by_side),
    ("takes over observed rows", calibration),
    ("marks what suggested indexes change in a plan", before_and_after),
];

/// Statistics of a thousand rows, a plan of sixty thousand.
const INPUT: &str = "\
CREATE TABLE parcels (id int PRIMARY KEY, depot int NOT NULL, status text NOT NULL, note text);

 relname | relkind | reltuples | relpages | relallvisible
---------+---------+-----------+----------+---------------
 parcels | r       |      1000 |        7 |             0
(1 row)

EXPLAIN ANALYZE SELECT id FROM parcels WHERE status = 'open' AND depot = 10;
Seq Scan on parcels  (cost=0.00..1203.71 rows=1 width=4) (actual rows=1475 loops=1)
  Filter: ((status = 'open'::text) AND (depot = 10))
  Rows Removed by Filter: 58525
";

fn pasted(site: &Site) -> Page<'_> {
    let page = site.open();
    started(&page);
    page.paste(INPUT);
    page.click("[data-test=tab-plans]");
    page.wait("document.querySelectorAll('[data-test=plan]').length === 1");
    page
}

fn side_by_side(site: &Site) {
    let page = pasted(site);
    let text = |part: &str| format!("document.querySelector('[data-test={part}]')?.innerText");
    page.wait(&format!("{}?.includes('your plan measured 1\u{a0}475')", text("pasted-plan")));
    page.wait(&format!("{}?.includes('Seq Scan')", text("model-now")));
    page.wait(&format!("{}?.includes('1 000 rows')", text("basis")));
    let beside = "const [a, b] = ['pasted-plan', 'model-now'].map(name =>
        document.querySelector(`[data-test=${name}]`).getBoundingClientRect());";
    page.command(
        "Emulation.setDeviceMetricsOverride",
        &serde_json::json!({ "width": 1400, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
    );
    assert_eq!(page.eval(&format!("{beside} return a.top === b.top && a.right <= b.left")), true);
    page.command(
        "Emulation.setDeviceMetricsOverride",
        &serde_json::json!({ "width": 420, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
    );
    assert_eq!(page.eval(&format!("{beside} return a.bottom <= b.top && a.left === b.left")), true);
}

fn calibration(site: &Site) {
    let page = pasted(site);
    page.wait_for("[data-test=note]");
    page.click("[data-test=calibrate]");
    page.wait(
        "document.querySelector('[data-test=model-now]')?.innerText.includes('1\u{a0}475 rows')",
    );
    page.wait("!document.querySelector('[data-test=pasted-plan] [data-test=note]')");
    page.wait(
        "document.querySelector('[data-test=basis]').innerText.includes('calibrated from your plan')",
    );
    page.click("[data-test=calibrate]");
    page.wait_for("[data-test=pasted-plan] [data-test=note]");
}

fn before_and_after(site: &Site) {
    let page = pasted(site);
    page.paste("-- calls: 9000\nSELECT note FROM parcels WHERE depot = 3 AND status = 'open';");
    page.wait("document.querySelector('[data-test=tab-queries]').innerText.includes('2')");
    page.click("[data-test=calibrate]");
    page.click("[data-test=tab-queries]");
    page.wait("document.querySelectorAll('[data-test=query]').length === 2");
    page.eval("document.querySelectorAll('.query-toggle').forEach(toggle => toggle.click())");
    page.wait(
        "[...document.querySelectorAll('[data-test=model-after] [data-test=note]')]
            .some(note => note.innerText.includes('was Seq Scan'))",
    );
}
