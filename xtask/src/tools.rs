//! What building the page needs beside cargo, in the versions that fit, installed once.

use std::path::PathBuf;
use std::process::Command;

use crate::step::{self, Outcome, cargo, command, output, root, run, target_dir, timed};

/// The last Trunk whose dependencies build with the toolchain of Cargo.toml.
const TRUNK: &str = "0.21.14";
/// Binaryen on npm: carries wasm-opt.
const BINARYEN: &str = "132.0.0";
/// The driver of Firefox.
const GECKODRIVER: &str = "0.37.1";
/// axe-core on npm.
const AXE: &str = "4.14.1";
const WASM: &str = "wasm32-unknown-unknown";

/// Sees to it that the page can be built.
pub fn ensure_all() -> Outcome {
    ensure_wasm_target()?;
    ensure_tool("wasm-bindgen", &wasm_bindgen_version()?, &["wasm-bindgen-cli"])?;
    // Built without its defaults, which want OpenSSL's headers.
    let trunk = ["trunk", "--locked", "--no-default-features", "--features", "rustls"];
    ensure_tool("trunk", TRUNK, &trunk)
}

/// Sees to it that cargo has a subcommand that rustup's smallest profile leaves out.
pub fn ensure_component(subcommand: &str, component: &str) -> Outcome {
    if output(&mut cargo(&[subcommand, "--version"])).is_some() {
        return Ok(());
    }
    timed(&format!("Adding {component}"), || {
        run(&mut command("rustup", &["component", "add", component]))
    })
}

/// Trunk, which finds the other tools on the PATH given here.
pub fn trunk(arguments: &[&str]) -> Outcome<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(tools_dir().join("bin")).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(paths).map_err(|error| error.to_string())?;
    let mut trunk = command(find("trunk", TRUNK).unwrap_or_else(|| "trunk".into()), arguments);
    // All it would fetch is there already. It reads NO_COLOR as true or false only.
    trunk.env("PATH", path).env("TRUNK_OFFLINE", "true").env_remove("NO_COLOR");
    // Its errors are told in words; the stack is for its authors.
    trunk.env_remove("RUST_BACKTRACE");
    Ok(trunk)
}

/// The command of wasm-bindgen.
pub fn wasm_bindgen() -> Outcome<PathBuf> {
    let version = wasm_bindgen_version()?;
    find("wasm-bindgen", &version).ok_or_else(|| format!("there is no wasm-bindgen {version}"))
}

/// The driver of Firefox, installed here.
pub fn geckodriver() -> Outcome<PathBuf> {
    ensure_tool("geckodriver", GECKODRIVER, &["geckodriver", "--locked"])?;
    find("geckodriver", GECKODRIVER).ok_or_else(|| "geckodriver does not run".to_owned())
}

/// wasm-opt, where it is installed or npm can get it.
pub fn find_wasm_opt() -> Option<PathBuf> {
    let local = tools_dir().join("node_modules/.bin/wasm-opt");
    let works = |path: &PathBuf| output(&mut command(path, &["--version"])).is_some();
    if let Some(found) = [PathBuf::from("wasm-opt"), local.clone()].into_iter().find(works) {
        return Some(found);
    }
    npm_install("binaryen", BINARYEN)?;
    Some(local).filter(works)
}

/// The checker of accessibility that the browser tests run in the page; it is no part of the page.
pub fn find_axe() -> Option<PathBuf> {
    let package = tools_dir().join("node_modules/axe-core");
    let installed = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
    if !installed.contains(&format!("\"version\": \"{AXE}\"")) {
        npm_install("axe-core", AXE)?;
    }
    Some(package.join("axe.min.js")).filter(|file| file.is_file())
}

/// Gets a package from npm, where there is npm.
fn npm_install(name: &str, version: &str) -> Option<()> {
    output(&mut command("npm", &["--version"]))?;
    let package = format!("{name}@{version}");
    let prefix = tools_dir().to_string_lossy().into_owned();
    let arguments = ["install", "--no-audit", "--no-fund", "--prefix", &prefix, &package];
    timed(&format!("Getting {name}"), || run(&mut command("npm", &arguments))).ok()
}

fn tools_dir() -> PathBuf {
    target_dir().join("tools")
}

/// Sees to it that the toolchain can build for the browser.
pub fn ensure_wasm_target() -> Outcome {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let there = output(&mut command(rustc, &["--print", "target-libdir", "--target", WASM]))
        .is_some_and(|directory| PathBuf::from(directory).is_dir());
    if there {
        return Ok(());
    }
    timed("Adding the target wasm32-unknown-unknown", || {
        run(&mut command("rustup", &["target", "add", WASM])).map_err(|error| {
            format!(
                "{error}\nThe page is WebAssembly: install Rust by https://rustup.rs, \
                 or add the target {WASM} to the Rust you have"
            )
        })
    })
}

/// The version of the command must be that of the library.
fn wasm_bindgen_version() -> Outcome<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| format!("cannot read Cargo.lock: {error}"))?;
    lock.split("[[package]]")
        .find(|package| package.contains("\nname = \"wasm-bindgen\"\n"))
        .and_then(|package| package.split("\nversion = \"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .ok_or_else(|| "Cargo.lock names no version of wasm-bindgen".to_owned())
}

/// The tool in exactly this version: the one on the PATH, or the one installed here.
fn find(name: &str, version: &str) -> Option<PathBuf> {
    let local = tools_dir().join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    [local, PathBuf::from(name)].into_iter().find(|path| {
        output(&mut command(path, &["--version"]))
            .is_some_and(|printed| printed.split_whitespace().nth(1) == Some(version))
    })
}

fn ensure_tool(name: &str, version: &str, package: &[&str]) -> Outcome {
    if find(name, version).is_some() {
        return Ok(());
    }
    let prefix = tools_dir().to_string_lossy().into_owned();
    let build_dir = tools_dir().join("build");
    let build = build_dir.to_string_lossy().into_owned();
    timed(
        &format!("Installing {name} {version} into target/tools, once; this takes minutes"),
        || {
            // Unoptimised and without debug information: it works on small files, and builds in a
            // third of the time. Its own target directory, so that a cut installation goes on.
            let mut install = cargo(&["install", "--version", version, "--root", &prefix]);
            install.args([
                "--debug",
                "--config",
                "profile.dev.debug=false",
                "--target-dir",
                &build,
            ]);
            install.args(package).env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback");
            // The flags of the project's .cargo/config.toml are not meant for tools.
            run(install.env_remove("CARGO_BUILD_TARGET"))?;
            // What could not be removed does no harm.
            let _ = std::fs::remove_dir_all(&build_dir);
            match find(name, version) {
                Some(_) => Ok(()),
                None => {
                    Err(format!("{name} {version} was installed into {prefix} but does not run"))
                }
            }
        },
    )
}

/// Whether this is root on a Debian or Ubuntu, where packages can be installed.
pub fn can_apt_install() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_debian = release.split('\n').any(|line| {
        let (key, value) = line.split_once('=').unwrap_or_default();
        matches!(key, "ID" | "ID_LIKE") && (value.contains("debian") || value.contains("ubuntu"))
    });
    is_debian && step::output(&mut command("id", &["-u"])).as_deref() == Some("0")
}
