//! What browser tests need and nobody else can reach: active only with `?test-hooks` in the address.
//!
//! Sets `sargableTest` with `crashNext()`, which makes the worker panic at the next run, and
//! `fetchInWorker(address)`, which lets the worker try to fetch and leaves the outcome in
//! `sargableTest.fetched`.

use std::cell::{Cell, RefCell};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::Window;

use crate::ui::client::Client;

const NAME: &str = "sargableTest";

thread_local! {
    static CRASH_NEXT: Cell<bool> = const { Cell::new(false) };
    static FETCHER: RefCell<Option<Client>> = const { RefCell::new(None) };
}

/// Offers the hooks, if the address asks for them.
pub fn install(window: &Window) {
    if !window.location().search().is_ok_and(|query| query == "?test-hooks") {
        return;
    }
    let crash_next = Closure::<dyn Fn()>::new(|| CRASH_NEXT.set(true)).into_js_value();
    let fetch = Closure::<dyn Fn(String) -> JsValue>::new(fetch_in_worker).into_js_value();
    let hooks = js_sys::Object::new();
    let _ = Reflect::set(&hooks, &"crashNext".into(), &crash_next);
    let _ = Reflect::set(&hooks, &"fetchInWorker".into(), &fetch);
    let _ = Reflect::set(&js_sys::global(), &NAME.into(), &hooks);
}

/// Whether this run is to crash.
pub fn take_crash() -> bool {
    CRASH_NEXT.replace(false)
}

/// Leaves the outcome of a fetch for the test.
pub fn show_fetched(outcome: &str) {
    if let Ok(hooks) = Reflect::get(&js_sys::global(), &NAME.into()) {
        let _ = Reflect::set(&hooks, &"fetched".into(), &outcome.into());
    }
}

/// Uses a worker of its own, made as every worker is.
fn fetch_in_worker(address: String) -> JsValue {
    FETCHER.with_borrow_mut(|fetcher| {
        let client = fetcher.get_or_insert_with(|| Client::new(yew::Callback::noop()));
        client.try_fetch(address).err().map_or(JsValue::NULL, JsValue::from)
    })
}
