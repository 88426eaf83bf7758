//! Sends one task to a worker of its own, so that neither the page nor a review under way waits for
//! it, and whatever is wrong with a session kills that worker and nothing else.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::limits::WORKER_SILENCE_MS_MAX;
use crate::ui::body::describe;
use crate::ui::call_boot;
use crate::ui::desk::task::{Answer, Task};
use crate::ui::protocol::{self, Event, Request};

/// The answer to a task, or why there is none.
pub async fn ask(task: Task) -> Result<Answer, String> {
    let worker: Worker =
        call_boot("spawn", &[]).and_then(JsCast::dyn_into).map_err(|error| describe(&error))?;
    let answer = wait_for(&worker, task).await;
    worker.terminate();
    match answer?.body {
        Event::Task(answer) => Ok(*answer),
        Event::Refused(why) => Err(why),
        Event::Panicked { message, place } => {
            Err(format!("Sargable has a bug: {place}: {message}"))
        }
        _ => Err("the worker answered something else".to_owned()),
    }
}

async fn wait_for(worker: &Worker, task: Task) -> Result<protocol::Envelope<Event>, String> {
    let request = protocol::encode(0, Request::Task(Box::new(task)))?;
    let mut listening = Vec::new();
    let mut watchdog = None;
    let promise = Promise::new(&mut |resolve, reject| {
        listening = listen(worker, &resolve, &reject);
        watchdog = Some(Timeout::new(WORKER_SILENCE_MS_MAX, move || {
            let _ = reject.call1(&JsValue::NULL, &"it took longer than a minute".into());
        }));
    });
    worker.post_message(&request).map_err(|error| describe(&error))?;
    let message = JsFuture::from(promise).await;
    drop((listening, watchdog));
    let message = message.map_err(|why| why.as_string().unwrap_or_else(|| describe(&why)))?;
    protocol::decode(message)
}

fn listen(worker: &Worker, resolve: &Function, reject: &Function) -> Vec<EventListener> {
    let on = |kind: &'static str| {
        let (resolve, reject) = (resolve.clone(), reject.clone());
        EventListener::new(worker, kind, move |event| {
            let _ = match event.dyn_ref::<MessageEvent>().filter(|_| kind == "message") {
                Some(message) => resolve.call1(&JsValue::NULL, &message.data()),
                None => {
                    let said = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                    reject.call1(&JsValue::NULL, &said.unwrap_or_else(|| kind.to_owned()).into())
                }
            };
        })
    };
    vec![on("message"), on("error"), on("messageerror")]
}
