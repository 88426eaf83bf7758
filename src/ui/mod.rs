//! The web page: a thin state machine and views over a report; no analysis happens here.
//!
//! One program runs twice: as the page, and as the worker that analyses. They talk in the messages
//! of [`protocol`]. `www/boot.js` starts both, and closes the network before it does.

pub mod body;
pub mod client;
pub mod portion;
pub mod protocol;
pub mod test_hooks;
pub mod worker;

pub mod app;
pub mod archive;
pub mod binary;
pub mod coverage;
pub mod curve;
pub mod desk;
pub mod download;
pub mod effect;
pub mod export;
pub mod files;
pub mod focus;
pub mod format;
pub mod help;
pub mod keys;
pub mod kinds;
pub mod listen;
pub mod piece;
pub mod plan_marks;
pub mod samples;
pub mod select;
pub mod shared;
pub mod state;
pub mod update;
mod update_input;
pub mod view;
pub mod window;
pub mod wire;
pub mod wish;

use wasm_bindgen::{JsCast, JsValue};

/// Runs as what this instance is: the page or the worker.
pub fn run() {
    match web_sys::window() {
        Some(window) => run_page(&window),
        None => worker::run(),
    }
}

fn run_page(window: &web_sys::Window) {
    std::panic::set_hook(Box::new(|panic| show_fatal(&panic.to_string())));
    test_hooks::install(window);
    focus::guard(window);
    let root = window.document().and_then(|document| document.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}

/// The page itself is broken: nothing of it can be trusted any more.
fn show_fatal(message: &str) {
    let _ = call_boot(
        "fail",
        &[
            "Sargable has a bug and stopped".into(),
            "Reload the page. What you pasted is stored only if you switched that on.".into(),
            message.into(),
        ],
    );
}

/// Calls one of the functions that boot.js leaves for the program.
fn call_boot(name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let boot = js_sys::Reflect::get(&js_sys::global(), &"sargable".into())?;
    let function: js_sys::Function = js_sys::Reflect::get(&boot, &name.into())?.dyn_into()?;
    function.apply(&boot, &arguments.iter().collect())
}
