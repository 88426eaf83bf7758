//! Accept, reject or defer a suggested index; and what was decided, to be taken back.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::dialect::Dialect;
use crate::input::{Decision, Verdict};
use crate::ui::state::{Msg, Tab};
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::sql::Sql;
use crate::ui::wish::{self, Wish};

/// Properties of [`Decide`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The `CREATE INDEX` that is decided about.
    pub statement: String,
    /// What was decided before.
    pub decision: Option<Decision>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Buttons for each verdict, and a field for the reason.
#[component]
pub fn Decide(props: &Props) -> Html {
    let field = use_node_ref();
    let before = props.decision.as_ref();
    let button = |verdict: Verdict, word: &'static str, title: &'static str, test: &'static str| {
        let (field, send) = (field.clone(), props.send.clone());
        let statement = props.statement.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let reason = field.cast::<HtmlInputElement>().map(|field| field.value());
            let reason = reason.unwrap_or_default().trim().to_owned();
            let statement = statement.clone();
            send.emit(Msg::Wish(Wish::Decide(Decision { statement, verdict, reason })));
        });
        let pressed = before.is_some_and(|before| before.verdict == verdict).to_string();
        html! {
            <button type="button" {title} {onclick} aria-pressed={pressed} data-test={test}>
                { word }
            </button>
        }
    };
    let reason = before.map(|before| before.reason.clone()).unwrap_or_default();
    html! {
        <div class="toolbar decide">
            { button(Verdict::Accept, "Accept", "It will be created: the rest is chosen beside it",
                "accept") }
            { button(Verdict::Reject, "Reject", "It will not be created: the rest is chosen without it",
                "reject") }
            { button(Verdict::Defer, "Defer", "Not now: the rest is chosen without it", "defer") }
            <input ref={field} type="text" class="field reason-field" placeholder="Reason (optional)"
                aria-label="Reason" value={reason} data-test="reason" />
            if let Some(before) = before {
                { take_back(before, &props.send) }
            }
        </div>
    }
}

/// The button that takes a decision back.
pub fn take_back(decision: &Decision, send: &Callback<Msg>) -> Html {
    let statement = decision.statement.clone();
    let label = format!("Take back: {} {statement}", wish::verdict(decision.verdict));
    let onclick = on_click(send, move || Msg::Wish(Wish::TakeBack(statement.clone())));
    html! {
        <button type="button" {onclick} aria-label={label} data-test="take-back">
            { "Take back" }
        </button>
    }
}

/// What was decided, in short, above the findings that were chosen after it.
pub fn decided(decisions: &[Decision], dialect: Dialect, send: &Callback<Msg>) -> Html {
    if decisions.is_empty() {
        return Html::default();
    }
    let one = |decision: &Decision| {
        html! {
            <li data-test="decided">
                <strong class="verdict">{ wish::verdict(decision.verdict) }</strong>
                <span class="decided-what">
                    <Sql text={decision.statement.clone()} {dialect} />
                    if !decision.reason.is_empty() {
                        <span class="hint">{ format!(" because: {}", decision.reason) }</span>
                    }
                </span>
                { take_back(decision, send) }
            </li>
        }
    };
    html! {
        <section class="decided" aria-label="What was decided">
            <ul>{ for decisions.iter().map(one) }</ul>
            <p class="hint">
                { "The findings are chosen with this. " }
                <button type="button" class="link" onclick={on_click(send, || Msg::Show(Tab::WhatIf))}>
                    { "What each would do" }
                </button>
            </p>
        </section>
    }
}

/// A field for a statement of the user's own.
#[component]
pub fn TryField(props: &TryProps) -> Html {
    let field = use_node_ref();
    let onsubmit = {
        let (field, send) = (field.clone(), props.send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = field.cast::<HtmlInputElement>() {
                send.emit(Msg::Wish(Wish::Try(field.value())));
                field.set_value("");
            }
        })
    };
    html! {
        <form class="try-form" {onsubmit}>
            <label for="try-field">{ "An index of your own, or one to drop" }</label>
            <div class="toolbar">
                <input ref={field} id="try-field" type="text" class="field name" spellcheck="false"
                    autocomplete="off" placeholder="CREATE INDEX ON orders (user_id, created_at DESC)"
                    data-test="try-field" />
                <button type="submit" class="primary" data-test="try">{ "Try it" }</button>
            </div>
        </form>
    }
}

/// Properties of [`TryField`].
#[derive(Properties, PartialEq)]
pub struct TryProps {
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The button that asks what would be if an index went.
pub fn drop_what_if(statement: String, name: &str, send: &Callback<Msg>) -> Html {
    let label = format!("What if {name} went?");
    let onclick = parts::on_click(send, move || Msg::Wish(Wish::Try(statement.clone())));
    html! {
        <button type="button" class="quiet" {onclick} aria-label={label} data-test="what-if-drop">
            { "What if it went?" }
        </button>
    }
}
