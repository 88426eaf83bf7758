//! Large inputs do not stop the page.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::boot::started;
use crate::{Site, Test, scratch_file};

pub const TESTS: &[Test] = &[
    ("a 20 MB log does not freeze the page", large_log),
    ("6,000 indexes do not freeze the page", large_schema),
];

/// The longest the page may stand still, in milliseconds.
const GAP_MS_MAX: f64 = 200.0;

/// Notes the longest time between two frames.
pub const WATCH_FRAMES: &str = "
    window.gap = 0;
    let last = performance.now();
    const tick = (now) => {
      window.gap = Math.max(window.gap, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick)";

/// A server log of 20 MB: many statements, few kinds of them.
pub fn log_file() -> PathBuf {
    let mut log = String::from("");
    let mut number = 1_u64;
    while log.len() < 20 << 20 {
        // A fixed sequence without a pattern that the eye or a cache could find.
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (table, key, micros) =
            (number >> 60, (number >> 40) & 0xff_ffff, (number >> 30) & 0xffff);
        let (minute, second) = ((number >> 20) % 60, (number >> 26) % 60);
        let _ = writeln!(
            log,
            "2026-03-01 10:{minute:02}:{second:02}.123 UTC [4242] app@shop LOG:  duration: {}.{:03} ms  \
             statement: SELECT id, name FROM items_{table} WHERE owner_id = {key} ORDER BY id LIMIT 10",
            micros / 1000,
            micros % 1000
        );
    }
    scratch_file("server.log", &log)
}

/// A schema of 900 tables with 6,000 indexes, 2 MB of it.
fn schema_file() -> PathBuf {
    let mut schema = String::new();
    for table in 0..900 {
        let _ = writeln!(schema, "CREATE TABLE public.items_{table} (\n    id bigint NOT NULL,");
        for column in 0..24 {
            let _ =
                writeln!(schema, "    attribute_{column} character varying(255) DEFAULT ''::text,");
        }
        let _ = writeln!(schema, "    owner_id bigint\n);");
    }
    for index in 0..6000 {
        let (table, first, second) = (index % 900, index / 900, index % 24);
        let _ = writeln!(
            schema,
            "CREATE INDEX index_items_{table}_on_{first}_and_{second} ON public.items_{table} \
             USING btree (attribute_{first}, attribute_{second});"
        );
    }
    scratch_file("structure.sql", &schema)
}

fn large_log(site: &Site) {
    stays_alive(site, &log_file());
}

fn large_schema(site: &Site) {
    stays_alive(site, &schema_file());
}

/// Opens a file; the page must move all the while, and hold no long text in a field.
fn stays_alive(site: &Site, file: &Path) {
    let page = site.open();
    started(&page);
    // Other programs may make the machine stutter; the page, if it does, does so every time.
    let mut gaps = Vec::new();
    for _ in 0..3 {
        page.wait("!document.querySelector('[data-test=working]')");
        page.eval(WATCH_FRAMES);
        page.choose_file("[data-test=file-picker]", file);
        page.wait_for("[data-test=working]");
        page.wait("!document.querySelector('[data-test=working]')");
        page.wait_for("[data-test=segment]");
        page.click("[data-test=tab-tables]");
        page.wait_for("[data-test=panel-tables]");
        page.eval("await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        let gap = page.eval("return window.gap").as_f64().unwrap_or(f64::INFINITY);
        gaps.push(gap);
        let longest = page.eval(
            "const fields = [...document.querySelectorAll('textarea')];
             return Math.max(...fields.map((field) => field.value.length))",
        );
        assert!(
            longest.as_f64().is_some_and(|length| length < 300_000.0),
            "a field holds {longest}"
        );
        if gap < GAP_MS_MAX {
            println!("  the longest the page stood still: {gap:.0} ms");
            return;
        }
        page.click("[data-test=clear]");
    }
    panic!("the page stood still for {gaps:?} ms");
}
