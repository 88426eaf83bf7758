//! What browser tests need and nobody else can reach: active only with `?test-hooks` in the address.
//!
//! Sets `sargableTest` with `crashNext()`, which makes the worker panic at the next run, and
//! `fetchInWorker(address)`, which lets the worker try to fetch and leaves the outcome in
//! `sargableTest.fetched`; and, to compare this build with the native one, `review(input)` and
//! `plan(input, rounds)`, where an input is the JSON of `Input`.

use std::cell::{Cell, RefCell};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::Window;

use crate::Input;
use crate::plan::{Configuration, plan_query};
use crate::progress::Silent;
use crate::report::json::render_json;
use crate::ui::client::Client;
use crate::understand::understand;

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
    let review = Closure::<dyn Fn(String) -> Option<String>>::new(review).into_js_value();
    let plan = Closure::<dyn Fn(String, u32) -> JsValue>::new(plan).into_js_value();
    let hooks = js_sys::Object::new();
    let _ = Reflect::set(&hooks, &"crashNext".into(), &crash_next);
    let _ = Reflect::set(&hooks, &"fetchInWorker".into(), &fetch);
    let _ = Reflect::set(&hooks, &"review".into(), &review);
    let _ = Reflect::set(&hooks, &"plan".into(), &plan);
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

/// The review of an input, as `sargable review --format json` prints it.
fn review(input: String) -> Option<String> {
    let input: Input = serde_json::from_str(&input).ok()?;
    Some(render_json(&crate::analyze(&input, &mut Silent)))
}

/// Plans every query of an input in rounds: the plans as JSON, and the milliseconds of a round.
fn plan(input: String, rounds: u32) -> JsValue {
    let Ok(input) = serde_json::from_str::<Input>(&input) else { return JsValue::NULL };
    let understood = understand(&input, &mut Silent);
    let configuration = Configuration::existing(&understood.catalog);
    let queries = understood.workload.entries.iter().filter_map(|entry| entry.query.as_ref());
    let plan_all = || queries.clone().map(|query| plan_query(&configuration, query));
    let plans: Vec<_> = plan_all().map(|plan| plan.map(|plan| plan.root)).collect();
    let start = js_sys::Date::now();
    for _ in 0..rounds {
        let cost: f64 = plan_all().flatten().map(|plan| plan.total_cost).sum();
        std::hint::black_box(cost);
    }
    let ms = (js_sys::Date::now() - start) / f64::from(rounds.max(1));
    let result = js_sys::Object::new();
    let _ = Reflect::set(&result, &"plans".into(), &render_json(&plans).into());
    let _ = Reflect::set(&result, &"ms".into(), &ms.into());
    result.into()
}
