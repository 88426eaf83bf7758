//! The native command and, in the browser, the page and its worker.
fn main() {}
