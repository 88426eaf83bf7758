//! Large inputs do not stop the page.

use std::fmt::Write;
use std::path::PathBuf;

use crate::boot::started;
use crate::{Site, Test, scratch_file};

pub const TESTS: &[Test] = &[("a 20 MB log does not freeze the page", large_log)];

/// The longest the page may stand still, in milliseconds.
const GAP_MS_MAX: f64 = 200.0;

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

fn large_log(site: &Site) {
    let page = site.open();
    started(&page);
    let file = log_file();
    // Other programs may make the machine stutter; the page, if it does, does so every time.
    let mut gaps = Vec::new();
    for _ in 0..3 {
        page.eval(
            "window.gap = 0;
             let last = performance.now();
             const tick = (now) => {
               window.gap = Math.max(window.gap, now - last);
               last = now;
               requestAnimationFrame(tick);
             };
             requestAnimationFrame(tick)",
        );
        page.choose_file("[data-test=file-picker]", &file);
        page.wait_for("[data-test=working]");
        page.wait("!document.querySelector('[data-test=working]')");
        page.wait("document.querySelector('[data-test=segment]')");
        let gap = page.eval("return window.gap").as_f64().unwrap_or(f64::INFINITY);
        gaps.push(gap);
        let longest = page.eval(
            "return Math.max(...[...document.querySelectorAll('textarea')].map((f) => f.value.length))",
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
