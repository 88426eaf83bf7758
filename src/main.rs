//! The native command and, in the browser, the page and its worker.

#[cfg(all(target_arch = "wasm32", feature = "ui"))]
fn main() {
    sargable::ui::run();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    sargable::cli::run()
}

#[cfg(all(target_arch = "wasm32", not(feature = "ui")))]
fn main() {}
