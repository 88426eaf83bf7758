//! The switch that keeps the session in this browser, and what is said of it.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::desk::keep::Keep;
use crate::ui::desk::message::DeskMsg;
use crate::ui::format;
use crate::ui::state::Msg;
use crate::ui::view::parts::on_click;

/// The switch.
pub fn keep(keep: &Keep, is_borrowed: bool, send: &Callback<Msg>) -> Html {
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let switch = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            let on = switch.is_some_and(|switch| switch.checked());
            send.emit(Msg::Desk(DeskMsg::Keep(on)));
        })
    };
    html! {
        <div class="keep" data-test="keep">
            <label>
                <input type="checkbox" checked={keep.on} {onchange} data-test="keep-switch" />
                <span>{ "Keep my input in this browser" }</span>
            </label>
            <p class="hint" data-test="kept">
                { words(keep, is_borrowed) }
                if keep.on && (is_borrowed || keep.elsewhere) {
                    <button type="button" class="link" data-test="keep-this"
                        onclick={on_click(send, || Msg::Desk(DeskMsg::KeepThis))}>
                        { "Keep this one instead" }
                    </button>
                    { " " }
                }
                if keep.on {
                    <button type="button" class="link" data-test="forget"
                        onclick={on_click(send, || Msg::Desk(DeskMsg::Keep(false)))}>
                        { "Forget everything" }
                    </button>
                }
            </p>
        </div>
    }
}

fn words(keep: &Keep, is_borrowed: bool) -> String {
    match (keep.on, &keep.trouble, keep.size_bytes) {
        (false, ..) => "Off: none of it is stored. Reload, and it is gone.".to_owned(),
        (true, ..) if keep.elsewhere => {
            "Another tab keeps its input; this one is not kept. ".to_owned()
        }
        (true, Some(why), _) => format!("Not kept: {why}. "),
        (true, None, _) if is_borrowed => {
            "What came with the link is not kept; what was kept before still is. ".to_owned()
        }
        (true, None, Some(size)) => format!(
            "On: {} on this computer, readable for whoever uses this browser. ",
            format::bytes(size as f64)
        ),
        (true, None, None) => "On: what you paste from now on. ".to_owned(),
    }
}
