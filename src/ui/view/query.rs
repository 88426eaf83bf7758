//! One query: one line when folded; its text, its paths and its plans when not.

use yew::prelude::*;

use crate::report::{Access, QueryReport};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::compare;
use crate::ui::view::latency::latency;
use crate::ui::view::parts;
use crate::ui::view::timeline::bursts_of;

/// Properties of [`QueryRow`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Position of the query in the report.
    pub position: usize,
    /// Shows everything.
    pub unfolded: bool,
    /// Told the id when it is to be folded or unfolded.
    pub on_toggle: Callback<String>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// One query.
#[component]
pub fn QueryRow(props: &Props) -> Html {
    let Some(query) = props.review.report.queries.get(props.position) else {
        return Html::default();
    };
    let (id, on_toggle) = (query.id.clone(), props.on_toggle.clone());
    let onclick = Callback::from(move |_: MouseEvent| on_toggle.emit(id.clone()));
    let body = format!("query-{}-body", query.id);
    html! {
        <li class={classes!("query", props.unfolded.then_some("unfolded"))} data-test="query">
            <h3>
                <button type="button" id={format!("query-{}", query.id)} class="query-toggle" {onclick}
                    aria-expanded={props.unfolded.to_string()} aria-controls={body.clone()}>
                    <span class="query-id">{ query.id.clone() }</span>
                    <span class="query-sql">{ label(query) }</span>
                </button>
            </h3>
            <dl class="query-facts">
                <div><dt>{ "Calls" }</dt><dd>{ format::count(query.calls) }</dd></div>
                if let Some(mean) = query.mean_ms {
                    <div><dt>{ "Mean" }</dt><dd>{ format::duration(mean) }</dd></div>
                }
                if let Some(total) = query.total_ms {
                    <div><dt>{ "Total" }</dt><dd>{ format::duration(total) }</dd></div>
                }
                if let Some(p95) = query.p95_ms {
                    <div><dt>{ "95 %" }</dt><dd>{ format::duration(p95) }</dd></div>
                }
                if let Some(bursts) = bursts_of(&props.review.report, query) {
                    <div><dt>{ "In a row" }</dt><dd class="loss">{ "▼ " }{ bursts }</dd></div>
                }
                <div><dt>{ "Path" }</dt><dd>{ paths(query) }</dd></div>
                <div><dt>{ "Cost" }</dt><dd>{ parts::costs(query.cost_before, query.cost_after) }</dd></div>
            </dl>
            <div id={body} class="query-body" hidden={!props.unfolded}>
                if props.unfolded { { details(query, props) } }
            </div>
        </li>
    }
}

/// `Seq Scan → Index Only Scan`
fn paths(query: &QueryReport) -> Html {
    let list = |accesses: &[Access]| {
        let one = |(path, words): (&str, String)| {
            let class = classes!((path == "seq-scan").then_some("access-seq"));
            html! { <span {class}>{ words }</span> }
        };
        let parts = format::paths(accesses.iter()).into_iter().map(one).enumerate();
        html! { for (at, part) in parts { if at > 0 { { ", " } }{ part } } }
    };
    let changed = query.access_before != query.access_after && !query.access_after.is_empty();
    html! {
        <>
            { list(&query.access_before) }
            if query.access_before.is_empty() { { "none" } }
            if changed {
                <span class="arrow" aria-label="to">{ " → " }</span>{ list(&query.access_after) }
            }
        </>
    }
}

/// The name if it has one, and the text in one line.
fn label(query: &QueryReport) -> Html {
    let text: Vec<&str> = query.normalized.split_whitespace().collect();
    let text: String = text.join(" ").chars().take(240).collect();
    html! {
        <>
            if let Some(name) = query.name.as_ref().filter(|name| **name != query.id) {
                <strong>{ name.clone() }</strong>{ " " }
            }
            <code>{ text }</code>
        </>
    }
}

fn details(query: &QueryReport, props: &Props) -> Html {
    let report = &props.review.report;
    html! {
        <>
            if let Some(error) = &query.error {
                <p class="alert">{ "Not planned: " }{ error.clone() }</p>
            }
            { parts::statements(&props.send, std::slice::from_ref(&query.sql), report.dialect, "query") }
            <p class="query-source">
                if let Some(place) = &query.source { { parts::place(&props.send, place) } }
            </p>
            { latency(query) }
            { compare::of_query(report, query, &props.send) }
        </>
    }
}
