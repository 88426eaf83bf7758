//! The dialog that gives the review to the user: in which form, and with or without literals.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::export::Form;
use crate::ui::state::{Msg, Way};
use crate::ui::view::parts::on_click;

/// Properties of [`ReportDialog`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Form, literals, and what to do with it.
#[component]
pub fn ReportDialog(props: &Props) -> Html {
    let form = use_state_eq(Form::default);
    let literals = use_state_eq(|| false);
    let choice = |one: Form| {
        let (title, what) = one.words();
        let onchange = {
            let form = form.clone();
            Callback::from(move |_: Event| form.set(one))
        };
        html! {
            <label class="choice">
                <input type="radio" name="report-form" checked={*form == one} {onchange}
                    data-test={format!("report-{}", one.name())} />
                <span><strong>{ title }</strong><span class="hint">{ what }</span></span>
            </label>
        }
    };
    let on_literals = {
        let literals = literals.clone();
        Callback::from(move |event: Event| {
            let field = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            literals.set(field.is_some_and(|field| field.checked()));
        })
    };
    let take = |way: Way| {
        let (form, literals) = (*form, *literals);
        on_click(&props.send, move || Msg::TakeReport(form, literals, way))
    };
    html! {
        <div class="report-dialog">
            <fieldset>
                <legend class="visually-hidden">{ "Form of the report" }</legend>
                { for Form::ALL.into_iter().map(choice) }
            </fieldset>
            <label class="choice">
                <input type="checkbox" checked={*literals} onchange={on_literals}
                    data-test="report-literals" />
                <span>
                    <strong>{ "Literals as they are" }</strong>
                    <span class="hint">
                        { "Off: each is replaced by a stand-in, the same one everywhere it occurs. Names \
                           stay as they are." }
                    </span>
                </span>
            </label>
            <div class="toolbar">
                <button type="button" class="primary" onclick={take(Way::Download)}
                    data-test="report-download">{ "Download" }</button>
                <button type="button" onclick={take(Way::Copy)} data-test="report-copy">
                    { "Copy" }
                </button>
                <span class="spacer"></span>
                <button type="button" class="quiet" onclick={on_click(&props.send, || Msg::Print)}
                    title="Print what the page shows now" data-test="print">
                    { "Print this view" }
                </button>
            </div>
            <p class="hint">
                { "For print, download the HTML. The command writes the same bytes: " }
                <code>{ format!("sargable review FILE... --format {}", form.name()) }</code>
            </p>
        </div>
    }
}
