//! The published page in a real browser. `cargo xtask test` builds it, finds the browser and runs
//! these; without it they only say that they did not run. Arguments choose tests by name.
//!
//! Tests wait for what a person would wait for, never for a time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]
#![allow(clippy::disallowed_methods, reason = "tests run natively and wait, so they need a clock")]

mod against;
mod axe;
mod boot;
mod desk;
mod firefox;
mod input;
mod keyboard;
mod large;
mod matrix;
mod npm;
mod offline;
mod page;
mod plans;
mod report;
mod same;
mod sample;
mod server;
mod share;
mod speed;
mod types;
mod webdriver;
mod what_if;
mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use page::Page;
use server::Server;
use webdriver::Driver;

/// What a test has.
struct Site {
    /// The published files.
    dist: PathBuf,
    /// The same over HTTP.
    server: Server,
    driver: Driver,
}

impl Site {
    /// The page over HTTP, in a browser that has never seen it.
    fn open(&self) -> Page<'_> {
        self.open_at(&self.server.address("/"))
    }

    /// Any address.
    fn open_at(&self, address: &str) -> Page<'_> {
        let page = self.blank();
        page.go(address);
        page
    }

    /// No address yet.
    fn blank(&self) -> Page<'_> {
        self.server.forget();
        Page::new(self.driver.session())
    }

    /// The address of the single file, on disk.
    fn single_file(&self) -> String {
        format!("file://{}", self.dist.join("sargable.html").display())
    }
}

fn scratch_directory() -> PathBuf {
    std::env::temp_dir().join(format!("sargable-files-{}", std::process::id()))
}

/// A file of a name and a text, in a directory of its own.
fn scratch_file(name: &str, text: &str) -> PathBuf {
    let directory = scratch_directory();
    std::fs::create_dir_all(&directory).expect("a directory for files");
    let path = directory.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

/// A test: its name and what it does.
type Test = (&'static str, fn(&Site));

fn main() -> ExitCode {
    let Some(dist) = std::env::var_os("SARGABLE_DIST").map(PathBuf::from) else {
        println!("browser tests: SKIPPED. `cargo xtask test dist browser` runs them.");
        return ExitCode::SUCCESS;
    };
    let tests: Vec<Test> = [
        boot::TESTS,
        axe::TESTS,
        sample::TESTS,
        same::TESTS,
        input::TESTS,
        keyboard::TESTS,
        worker::TESTS,
        large::TESTS,
        matrix::TESTS,
        plans::TESTS,
        report::TESTS,
        what_if::TESTS,
        desk::TESTS,
        share::TESTS,
        against::TESTS,
        offline::TESTS,
        firefox::TESTS,
        npm::TESTS,
        speed::TESTS,
    ]
    .concat();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let chosen = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word));

    let server = Server::start(&dist);
    let site = Site { dist, server, driver: Driver::chromium() };
    let mut failed = Vec::new();
    for (name, test) in tests.into_iter().filter(|(name, _)| chosen(name)) {
        let start = Instant::now();
        let passed = catch_unwind(AssertUnwindSafe(|| test(&site))).is_ok();
        let verdict = if passed { "ok" } else { "FAILED" };
        println!("browser: {name} ... {verdict} ({:.1} s)", start.elapsed().as_secs_f64());
        if !passed {
            failed.push(name);
        }
    }
    let _ = std::fs::remove_dir_all(scratch_directory());
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("browser tests failed: {}", failed.join(", "));
    ExitCode::FAILURE
}
