//! The dialogs. The browser's own: it keeps the focus inside, closes on Esc, and gives it back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::ui::desk::share::Share;
use crate::ui::keys::KEYS;
use crate::ui::state::{Dialog, Msg};
use crate::ui::view::help::help;
use crate::ui::view::parts::on_click;
use crate::ui::view::report_dialog::ReportDialog;
use crate::ui::view::share::share;

/// Properties of [`Dialogs`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The dialog that is open.
    pub open: Option<Dialog>,
    /// What the dialog to share knows.
    pub share: Share,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The dialog that is open, if one is.
#[component]
pub fn Dialogs(props: &Props) -> Html {
    let element = use_node_ref();
    {
        let element = element.clone();
        use_effect_with(props.open, move |open| {
            if let Some(dialog) = element.cast::<HtmlDialogElement>() {
                match open {
                    Some(_) if !dialog.open() => {
                        let _ = dialog.show_modal();
                    }
                    None if dialog.open() => dialog.close(),
                    _ => {}
                }
            }
        });
    }
    let onclose = {
        let send = props.send.clone();
        let element = element.clone();
        // The event comes some time after Esc: by then a key may have opened the next dialog.
        Callback::from(move |_: Event| {
            let is_open = element.cast::<HtmlDialogElement>().is_some_and(|dialog| dialog.open());
            if !is_open {
                send.emit(Msg::Closed);
            }
        })
    };
    let (title, content) = match props.open {
        Some(Dialog::Help) => ("How to get the input", help(&props.send)),
        Some(Dialog::Keys) => ("Keys", keys()),
        Some(Dialog::Report) => ("Report", html! { <ReportDialog send={props.send.clone()} /> }),
        Some(Dialog::Share) => ("Share this review", share(&props.share, &props.send)),
        Some(Dialog::Privacy) => ("What leaves this tab: nothing", privacy()),
        None => ("", Html::default()),
    };
    html! {
        <dialog ref={element} {onclose} aria-labelledby="dialog-title" data-test="dialog">
            <div class="dialog-head">
                <h2 id="dialog-title">{ title }</h2>
                <button type="button" class="quiet" aria-label="Close" title="Close (Esc)"
                    onclick={on_click(&props.send, || Msg::Closed)} data-test="dialog-close">
                    { "×" }
                </button>
            </div>
            { content }
        </dialog>
    }
}

fn keys() -> Html {
    let row = |(keys, what): &(&'static [&'static str], &'static str)| {
        html! {
            <div>
                <dt>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> }) }</dt>
                <dd>{ *what }</dd>
            </div>
        }
    };
    html! {
        <>
            <p class="hint">
                { "On a Mac, Cmd instead of Ctrl. Letters do nothing while a field has the focus; \
                   everything is also reachable by Tab." }
            </p>
            <dl class="keys">{ for KEYS.iter().map(row) }</dl>
        </>
    }
}

fn privacy() -> Html {
    html! {
        <div class="privacy-text">
            <p>
                { "The analysis is a program that runs in this tab. After it has loaded, and before \
                   there is a place to paste anything into, the page tells the browser to refuse \
                   every connection, for itself and for the worker that analyses:" }
            </p>
            <pre><code>{ "Content-Security-Policy: connect-src 'none'" }</code></pre>
            <p>
                { "Nothing that you paste is stored, unless you switch on \"Keep my input in this \
                   browser\". Then it lies in the local storage of this browser, as plain text, \
                   until you press \"Forget everything\". No cookie in either case. So that an \
                   input that crashes the analysis does not lock you out, the tab remembers one \
                   number computed from what is being reviewed, until it is closed." }
            </p>
            <p>
                { "What the browser keeps for when there is no network is the page itself, without \
                   anything of yours." }
            </p>
            <p>
                { "A link from \"Share…\" holds what you ticked, behind the # of the address: \
                   browsers do not send that to any server. Whoever gets the link can read it." }
            </p>
            <h3>{ "How to check" }</h3>
            <ol>
                <li>{ "Open the developer tools, tab Network, and use the page: nothing appears." }</li>
                <li>
                    { "In the console, try to send something: " }<code>{ "fetch(\"/\")" }</code>
                    { ". The browser refuses, and names the policy." }
                </li>
                <li>{ "Switch the network off after loading: everything goes on working." }</li>
                <li>
                    { "Or use the single file sargable.html from disk, or the command sargable on a \
                       machine without any network." }
                </li>
            </ol>
        </div>
    }
}
