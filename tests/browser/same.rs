//! The page computes what the command computes: the same review and the same plans, byte for byte; and
//! how much longer WebAssembly takes for it.

use std::path::Path;
use std::time::Instant;

use sargable::Input;
use sargable::input::Piece;
use sargable::plan::{Configuration, plan_query};
use sargable::progress::Silent;
use sargable::report::json::render_json;
use sargable::understand::understand;
use serde_json::json;

use crate::boot::started;
use crate::{Site, Test};

pub const TESTS: &[Test] =
    &[("reviews as the command does", same_reviews), ("plans as the command does", same_plans)];

/// How often the workload is planned to take the time.
const ROUNDS: u32 = 20;

/// The files of a folder, from the root of the repository.
fn input(folder: &str, files: &[&str]) -> Input {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let piece = |file: &&str| Piece {
        name: Some((*file).to_owned()),
        text: std::fs::read_to_string(folder.join(file)).expect(file),
        kind: None,
        ..Piece::default()
    };
    Input { pieces: files.iter().map(piece).collect(), ..Input::default() }
}

fn same_reviews(site: &Site) {
    let page = site.open_at(&site.server.address("/?test-hooks"));
    started(&page);
    for sample in ["bots", "health", "agents"] {
        let input = input(
            &format!("www/samples/{sample}"),
            &["schema.sql", "queries.sql", "plans.txt", "statistics.json"],
        );
        let native = render_json(&sargable::analyze(&input, &mut Silent));
        let text = json!(serde_json::to_string(&input).expect("an input"));
        let here = page.eval(&format!("return sargableTest.review({text})"));
        assert_same(sample, here.as_str().unwrap_or_default(), &native);
    }
}

fn same_plans(site: &Site) {
    let page = site.open_at(&site.server.address("/?test-hooks"));
    started(&page);
    let files = ["schema.sql", "stats.json", "queries.sql"];
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases");
    for entry in std::fs::read_dir(cases).expect("the cases of tests/oracle") {
        let case = entry.expect("a case").file_name().to_string_lossy().into_owned();
        let input = input(&format!("tests/oracle/cases/{case}"), &files);
        let rounds = if case == "trade" { ROUNDS } else { 0 };
        let (native, native_ms) = plan(&input, rounds);
        let text = json!(serde_json::to_string(&input).expect("an input"));
        let here = page.eval(&format!("return sargableTest.plan({text}, {rounds})"));
        assert_same(&case, here["plans"].as_str().unwrap_or_default(), &native);
        if rounds > 0 {
            report_times(here["ms"].as_f64().unwrap_or(f64::NAN), native_ms);
        }
    }
}

/// Times are told, not judged: they depend on the machine and on what else it does.
fn report_times(here_ms: f64, native_ms: f64) {
    let ratio = here_ms / native_ms;
    let build = if cfg!(debug_assertions) { ", built without optimisation" } else { "" };
    println!(
        "browser: planning a workload takes {here_ms:.2} ms in WebAssembly, {native_ms:.2} ms natively\
         {build}: x{ratio:.2}"
    );
}

/// The plans as the page's hook gives them, and the milliseconds of a round.
fn plan(input: &Input, rounds: u32) -> (String, f64) {
    let understood = understand(input, &mut Silent);
    let configuration = Configuration::existing(&understood.catalog);
    let queries = understood.workload.entries.iter().filter_map(|entry| entry.query.as_ref());
    let plan_all = || queries.clone().map(|query| plan_query(&configuration, query));
    let plans: Vec<_> = plan_all().map(|plan| plan.map(|plan| plan.root)).collect();
    let start = Instant::now();
    for _ in 0..rounds {
        let cost: f64 = plan_all().flatten().map(|plan| plan.total_cost).sum();
        std::hint::black_box(cost);
    }
    let ms = start.elapsed().as_secs_f64() * 1e3 / f64::from(rounds.max(1));
    (render_json(&plans), ms)
}

/// On a difference, only the place of it.
fn assert_same(what: &str, here: &str, native: &str) {
    if here == native {
        return;
    }
    let at = here.bytes().zip(native.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| -> String {
        let from = text.floor_char_boundary(at.saturating_sub(80));
        text[from..].chars().take(160).collect()
    };
    panic!("{what}: differs at byte {at}:\npage:   {}\nnative: {}", around(here), around(native));
}
