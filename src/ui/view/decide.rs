//! Accept, reject or defer a suggested index; and what was decided, to be taken back.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::input::{Decision, Verdict};
use crate::report::decisions::standing_text;
use crate::report::words::sentence;
use crate::report::{DecisionReport, Report};
use crate::ui::effect;
use crate::ui::state::{Msg, Tab};
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::sql::Sql;
use crate::ui::wish::{self, Wish};

/// Properties of [`Decide`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The `CREATE INDEX` or `DROP INDEX` that is decided about.
    pub statement: String,
    /// What was decided before.
    pub decision: Option<Decision>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Buttons for each verdict, and fields for the reason and the day.
#[component]
pub fn Decide(props: &Props) -> Html {
    let (reason_field, date_field) = (use_node_ref(), use_node_ref());
    let before = props.decision.as_ref();
    let is_drop = wish::is_drop(&props.statement);
    let button = |verdict: Verdict, word: &'static str, title: &'static str, test: &'static str| {
        let (reason, date, send) = (reason_field.clone(), date_field.clone(), props.send.clone());
        let statement = props.statement.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let (reason, date) = (value(&reason), value(&date));
            let statement = statement.clone();
            let decision = Decision { statement, verdict, reason, date, seen: None };
            send.emit(Msg::Wish(Wish::Decide(decision)));
        });
        let pressed = before.is_some_and(|before| before.verdict == verdict).to_string();
        html! {
            <button type="button" {title} {onclick} aria-pressed={pressed} data-test={test}>
                { word }
            </button>
        }
    };
    let today = {
        let date = date_field.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = date.cast::<HtmlInputElement>() {
                field.set_value(&effect::today());
            }
        })
    };
    let reason = before.map(|before| before.reason.clone()).unwrap_or_default();
    let date = before.map(|before| before.date.clone()).unwrap_or_default();
    html! {
        <div class="toolbar decide">
            <input ref={reason_field.clone()} type="text" class="field reason-field" placeholder="Reason"
                aria-label="Reason" value={reason} data-test="reason" />
            <input ref={date_field.clone()} type="date" class="field date-field"
                aria-label="Day of the decision" value={date} data-test="decided-on" />
            <button type="button" class="quiet" onclick={today} title="Fill in the day of today"
                data-test="today">{ "Today" }</button>
            if is_drop {
                { button(Verdict::Accept, "Accept", "It will be dropped", "accept") }
                { button(Verdict::Reject, "Keep it", "It stays, and its loss is not suggested again until \
                    its numbers change", "reject") }
                { button(Verdict::Defer, "Defer", "Not now: it stays, and every report asks again",
                    "defer") }
            } else {
                { button(Verdict::Accept, "Accept", "It will be created: the rest is chosen beside it",
                    "accept") }
                { button(Verdict::Reject, "Reject", "The rest is chosen without it, and it is not \
                    suggested again until its numbers change", "reject") }
                { button(Verdict::Defer, "Defer", "Not now: the rest is chosen without it, and every \
                    report asks again", "defer") }
            }
            if let Some(before) = before {
                { take_back(before, &props.send) }
            }
        </div>
    }
}

fn value(field: &NodeRef) -> String {
    let value = field.cast::<HtmlInputElement>().map(|field| field.value());
    value.unwrap_or_default().trim().to_owned()
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
pub fn decided(decisions: &[Decision], report: &Report, send: &Callback<Msg>) -> Html {
    if decisions.is_empty() {
        return Html::default();
    }
    let one = |decision: &Decision| {
        let is_it = |one: &&DecisionReport| one.decision.statement == decision.statement;
        let standing = report.decisions.iter().find(is_it).map(standing_text);
        html! {
            <li data-test="decided">
                <strong class="verdict">{ wish::verdict(decision.verdict) }</strong>
                <span class="decided-what">
                    <Sql text={decision.statement.clone()} dialect={report.dialect} />
                    <span class="hint">{ format!(" {}", why(decision)) }</span>
                    if let Some(standing) = standing {
                        <span class="hint standing" data-test="standing">{ sentence(&standing) }</span>
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

/// `on 2026-03-02, because: too many writes`.
pub fn why(decision: &Decision) -> String {
    let date = Some(format!("on {}", decision.date)).filter(|_| !decision.date.is_empty());
    let reason = Some(format!("because: {}", decision.reason));
    let reason = reason.filter(|_| !decision.reason.is_empty());
    date.into_iter().chain(reason).collect::<Vec<_>>().join(", ")
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
    let label = format!("What if it went? {name}");
    let onclick = parts::on_click(send, move || Msg::Wish(Wish::Try(statement.clone())));
    html! {
        <button type="button" class="quiet" {onclick} aria-label={label} data-test="what-if-drop">
            { "What if it went?" }
        </button>
    }
}
