//! A first page: one text, one button, what came of it.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::ui::body::Body;
use crate::ui::client::{Client, Notice};
use crate::ui::protocol::{Job, JobPiece};

/// The page.
#[function_component(Page)]
pub fn page() -> Html {
    let status = use_state(|| "Ready".to_owned());
    let field = use_node_ref();
    let client = {
        let status = status.clone();
        use_memo((), move |()| {
            Client::new(Callback::from(move |notice| {
                status.set(match notice {
                    Notice::Progress { stage, done, total, .. } => {
                        format!("{stage:?}: {done} of {total}")
                    }
                    Notice::Report { report, .. } => {
                        format!("{} findings", report.findings.len())
                    }
                    Notice::Failed { failure, .. } => {
                        format!("The analysis failed: {:?} {}", failure.reason, failure.detail)
                    }
                });
            }))
        })
    };
    let run = {
        let field = field.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                let body = Body::from_text(&field.value());
                let piece = JobPiece { name: None, kind: None, body };
                client.run(Job { pieces: vec![piece], ..Job::default() });
            }
        })
    };
    html! {
        <main>
            <h1>{ "Sargable" }</h1>
            <textarea ref={field} data-test="text" aria-label="Schema, queries, plans" />
            <button onclick={run} data-test="run">{ "Review" }</button>
            <p role="status" data-test="status">{ (*status).clone() }</p>
        </main>
    }
}
