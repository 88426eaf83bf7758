//! `cargo xtask COMMAND`: everything that is done to this repository has a command here; `HELP` lists them.
#![allow(clippy::disallowed_methods, reason = "this tool runs natively and measures time")]

mod args;
mod bench;
mod browser;
mod cluster;
mod dist;
mod fidelity;
mod npm;
mod pack;
mod publish;
mod record;
mod serve;
mod split;
mod step;
mod test;
mod tools;
mod types;
mod types_read;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  serve [--release] [--port N]   build the page, serve it on 127.0.0.1, rebuild on changes
  test [STEP]...                 run all checks, or only the named ones
  dist                           write dist/: the page for any static host; sargable.html, the same
                                 in one file; and npm/, the core as a package for JavaScript
  bench [FILTER | --browser]     how long planning takes, beside what it should stay below; or how
                                 much longer in the published page than natively
  fidelity [DB]... [--worst N] [--update]
                                 compare the modelled plans with PostgreSQL's for the databases beside
                                 this checkout; --update records the table in tests/outside
  record [CASE]...               have a real PostgreSQL 15 answer the cases of tests/oracle again

What is missing is installed once: the wasm target by rustup; trunk and wasm-bindgen into
target/tools; on Debian and Ubuntu, as root, Chromium for the browser tests.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match command.as_str() {
        "serve" => serve::serve(&rest),
        serve::ANNOUNCE => serve::announce(&rest),
        "test" => test::test(&rest),
        "dist" => dist::dist(&rest),
        "bench" => bench::bench(&rest),
        "fidelity" => fidelity::fidelity(&rest),
        "record" => record::record(&rest),
        "" | "help" | "--help" | "-h" => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("there is no command {other:?}\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}
