//! How soon the sample review is seen by someone who was never here. Told, not judged: it depends on the
//! machine and on what else it does.

use serde_json::json;

use crate::{Site, Test};

pub const TESTS: &[Test] = &[("shows the sample review soon", first_review)];

/// Notes when the first finding has been drawn, in milliseconds from the navigation.
const WATCH: &str = "
  new MutationObserver((_, watcher) => {
    if (!document.querySelector('[data-test=finding]')) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => { globalThis.reviewSeen = performance.now(); }));
  }).observe(document, { childList: true, subtree: true });";

fn first_review(site: &Site) {
    let mut times = Vec::new();
    for _ in 0..3 {
        let page = site.blank();
        page.command("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": WATCH }));
        page.go(&site.server.address("/"));
        page.wait("globalThis.reviewSeen");
        let seen = page.eval(
            "const paint = performance.getEntriesByName('first-contentful-paint')[0];
             return [reviewSeen, paint ? paint.startTime : null]",
        );
        times.push((seen[0].as_f64().unwrap_or(f64::NAN), seen[1].as_f64().unwrap_or(f64::NAN)));
    }
    for (review_ms, paint_ms) in times {
        println!(
            "browser: first paint after {paint_ms:.0} ms, the sample review after {review_ms:.0} ms"
        );
    }
}
