//! The native command and, in the browser, the page and its worker.

#[cfg(all(target_arch = "wasm32", feature = "ui"))]
fn main() {
    sargable::ui::run();
}

#[cfg(not(all(target_arch = "wasm32", feature = "ui")))]
fn main() {}
