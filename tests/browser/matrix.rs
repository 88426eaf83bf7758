//! The coverage matrix stays quick and legible when it is large, and is used by keyboard.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::boot::started;
use crate::large::WATCH_FRAMES;
use crate::page::{DOWN, END, ENTER, HOME, PAGE_DOWN, Page, RIGHT};
use crate::{Site, Test, scratch_file};

pub const TESTS: &[Test] = &[
    ("a matrix of 300 queries and 100 indexes draws what is in view", scrolls),
    ("the matrix is used by keyboard", by_keyboard),
    ("the matrix is searched and folded", searched),
];

const N_QUERIES: usize = 300;

/// One table of 100 indexes, 300 queries on it: the largest grid that so many can make. Every query
/// finds one row, so that the advisor has little to think about.
fn input() -> String {
    let mut text = String::from("CREATE TABLE events (id bigint PRIMARY KEY");
    for column in 0..99 {
        let _ = write!(text, ", c{column} int NOT NULL UNIQUE");
    }
    text.push_str(");\n");
    for query in 0..N_QUERIES {
        let (a, b) = (query % 99, (query * 7 + 1) % 99);
        let _ = writeln!(
            text,
            "-- name: read_{query:03}; calls: {}\nSELECT * FROM events WHERE c{a} = {query} AND c{b} > 3;",
            1000 + query
        );
    }
    text
}

fn open(site: &Site) -> Page<'_> {
    let page = site.open();
    started(&page);
    page.choose_file("[data-test=file-picker]", &scratch_file("events.sql", &input()));
    page.wait("document.querySelector('[data-test=tab-queries]')?.innerText.includes('300')");
    page.wait("!document.querySelector('[data-test=working]')");
    page.click("[data-test=tab-matrix]");
    page.wait_for("[data-test=cell]");
    page
}

/// Scrolls as a wheel or a finger does, and says the longest time between two frames.
fn gap_while_scrolling(page: &Page, what: &Value) -> f64 {
    let mut gesture = json!({ "x": 900, "y": 600, "speed": 4000, "gestureSourceType": "mouse" });
    if let (Some(gesture), Some(what)) = (gesture.as_object_mut(), what.as_object()) {
        gesture.extend(what.clone());
    }
    page.eval(WATCH_FRAMES);
    page.command("Input.synthesizeScrollGesture", &gesture);
    page.eval(
        "await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))",
    );
    page.eval("return window.gap").as_f64().unwrap_or(f64::INFINITY)
}

fn scrolls(site: &Site) {
    let page = open(site);
    page.eval("document.querySelector('.grid-scroll').scrollIntoView({ block: 'center' })");
    let n_cells = page.eval("return document.querySelectorAll('[data-test=cell]').length");
    assert!(n_cells.as_u64().is_some_and(|n| n < 4000), "{n_cells} cells are drawn");
    let ways = [
        ("down", json!({ "yDistance": -6000 })),
        ("up", json!({ "yDistance": 6000 })),
        ("right", json!({ "xDistance": -4000 })),
        ("left", json!({ "xDistance": 4000 })),
    ];
    // Other programs make the machine stutter: what the page itself costs is what it costs every time.
    let mut best = [f64::INFINITY; 4];
    for _ in 0..3 {
        for (best, (_, way)) in best.iter_mut().zip(&ways) {
            *best = best.min(gap_while_scrolling(&page, way));
        }
    }
    let told: Vec<String> =
        ways.iter().zip(best).map(|((name, _), gap)| format!("{name} {gap:.0} ms")).collect();
    println!("  the longest time between two frames, best of three: {}", told.join(", "));
}

/// The row and the column of what has the focus, from 0, heads counted.
const FOCUS: &str = "['aria-rowindex', 'aria-colindex'].map((name) =>
    Number(document.activeElement.closest(`[${name}]`)?.getAttribute(name)) - 1)";

fn focus(page: &Page) -> Value {
    page.eval(&format!("return {FOCUS}"))
}

#[track_caller]
fn wait_for_focus(page: &Page, condition: &str) {
    page.wait(&format!("(([row, column]) => {condition})({FOCUS})"));
}

fn by_keyboard(site: &Site) {
    let page = open(site);
    page.eval("document.querySelector('[data-test=cell][tabindex=\"0\"]').focus()");
    assert_eq!(focus(&page), json!([1, 2]));
    page.press(&[DOWN]);
    page.press(&[RIGHT]);
    wait_for_focus(&page, "row === 2 && column === 3");
    page.wait("document.querySelector('[data-test=matrix-reason]').innerText.includes('read_')");
    page.press(&[PAGE_DOWN]);
    wait_for_focus(&page, "row > 10");
    let control = "\u{e009}";
    page.press(&[control, END]);
    wait_for_focus(&page, "row === 300 && column > 99");
    assert_eq!(
        page.eval(
            "const cell = document.activeElement.getBoundingClientRect();
             const grid = document.querySelector('.grid-scroll').getBoundingClientRect();
             return cell.bottom <= grid.bottom && cell.right <= grid.right && cell.left > grid.left"
        ),
        true
    );
    // What scrolls away keeps the focus.
    page.eval("document.querySelector('.grid-scroll').scrollTo(0, 0)");
    page.wait("document.querySelector('[aria-rowindex=\"4\"]')");
    assert_eq!(focus(&page)[0], 300);
    page.press(&[HOME]);
    page.wait("document.activeElement.matches('button.link')");
    page.press(&[ENTER]);
    page.wait_for("[data-test=panel-queries]");
}

fn searched(site: &Site) {
    let page = open(site);
    let grid = "document.querySelector('[role=grid]')";
    page.wait(&format!("{grid}.ariaRowCount === '301'"));
    page.click("[data-test=matrix-queries]");
    page.type_text("read_01");
    page.wait(&format!("{grid}.ariaRowCount === '11'"));
    page.click("[data-test=matrix-indexes]");
    page.type_text("c42_");
    page.wait(&format!("{grid}.ariaColCount === '3'"));
    page.click(".fold");
    page.wait(&format!("!{grid}"));
    page.click(".fold");
    page.wait(grid);
    page.click("[data-test=matrix-compact]");
}
