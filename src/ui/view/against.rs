//! Before and after DDL: what loses first, then what each statement locks, the indexes that come and go,
//! and what differs between the schemas.

use yew::prelude::*;

use crate::against::{Against, ComparedQuery, Verdict};
use crate::report::against_text::{access_lines, blocking, proposed_name};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::against_parts::{differences, indexes, statement};
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::plan_tree;

/// Rows shown before "show all".
const SHOWN: usize = 150;

/// Properties of [`AgainstTab`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Today's schema against the proposed one.
#[component]
pub fn AgainstTab(props: &Props) -> Html {
    let (all, same) = (use_state_eq(|| false), use_state_eq(|| false));
    let Some(against) = &props.review.report.against else {
        return parts::nothing(
            "Nothing is proposed.",
            "Paste a migration, or the whole new schema, as a piece of its own; then change Today to \
             Migration or Proposed in the menu under its name. You see what each query gains or loses, \
             and what each statement locks.",
        );
    };
    let changed = against.queries.iter().filter(|query| query.verdict != Verdict::Same);
    let shown: Vec<&ComparedQuery> =
        if *same { against.queries.iter().collect() } else { changed.collect() };
    let n_same = against.queries.iter().filter(|query| query.verdict == Verdict::Same).count();
    let n = if *all { shown.len() } else { shown.len().min(SHOWN) };
    let (send, dialect) = (&props.send, props.review.report.dialect);
    html! {
        <div class="against">
            { head(against) }
            <h3>{ "Queries" }</h3>
            if shown.is_empty() {
                <p class="hint">
                    { if against.queries.is_empty() {
                        "None pasted. With queries, this says which of them gain and which lose."
                    } else {
                        "No query is planned otherwise."
                    } }
                </p>
            } else {
                { queries(&shown, n, send) }
                { parts::show_all(n, shown.len(), &all) }
            }
            if n_same > 0 {
                { same_switch(n_same, &same) }
            }
            if !against.statements.is_empty() {
                <h3>{ format::counted(against.statements.len(), "statement", "statements") }</h3>
                if against.is_schema {
                    <p class="hint">{ "Derived from the two schemas, as a tool would write them that knows \
                        nothing of locks." }</p>
                }
                <ol class="statements" data-test="against-statements">
                    { for against.statements.iter().map(|one| statement(one, dialect, send)) }
                </ol>
            }
            { indexes(against, send) }
            { differences(against) }
        </div>
    }
}

/// How many queries of each verdict, and what all of it comes to.
fn head(against: &Against) -> Html {
    let chips = Verdict::ALL.into_iter().filter_map(|verdict| {
        let n = against.queries.iter().filter(|query| query.verdict == verdict).count();
        (n > 0).then(|| html! {
            <li class={verdict_class(verdict)}>{ format::count(n as f64) }{ " " }{ verdict.words() }</li>
        })
    });
    let locks = match blocking(against) {
        0 => "No statement blocks reads or writes for longer than a moment.".to_owned(),
        1 => "1 statement blocks reads or writes for longer than a moment.".to_owned(),
        n => format!("{n} statements block reads or writes for longer than a moment."),
    };
    html! {
        <>
            <h3>{ format!("Today against the {}", proposed_name(against)) }</h3>
            <ul class="verdicts" aria-label="Verdicts" data-test="verdicts">{ for chips }</ul>
            <p>
                if !against.queries.is_empty() {
                    { "All queries by their calls: " }
                    { parts::costs(Some(against.cost_before), Some(against.cost_after)) }{ ". " }
                }
                if against.added_bytes > 0.0 {
                    { format!("New indexes take {}. ", format::bytes(against.added_bytes)) }
                }
                if against.freed_bytes > 0.0 {
                    { format!("Dropped ones free {}. ", format::bytes(against.freed_bytes)) }
                }
                { locks }
            </p>
            <p class="hint">{ "Statistics are of today on both sides. The rest of this review is of what is \
                proposed." }</p>
        </>
    }
}

fn verdict_class(verdict: Verdict) -> Classes {
    let kind = match verdict {
        verdict if verdict.is_loss() => "verdict-loss",
        Verdict::Gains => "verdict-gain",
        _ => "verdict-same",
    };
    classes!("tag", kind)
}

fn same_switch(n: usize, same: &UseStateHandle<bool>) -> Html {
    let words = match **same {
        true => "Hide those that stay the same".to_owned(),
        false => {
            format!("Show {} the same", format::counted(n, "query that stays", "queries that stay"))
        }
    };
    let (pressed, same) = (**same, same.clone());
    let onclick = Callback::from(move |_: MouseEvent| same.set(!pressed));
    html! {
        <p><button type="button" {onclick} aria-pressed={pressed.to_string()} data-test="against-same">
            { words }</button></p>
    }
}

fn queries(shown: &[&ComparedQuery], n: usize, send: &Callback<Msg>) -> Html {
    html! {
        <div class="table-scroll" tabindex="0"><table class="plain" data-test="against-queries">
            <thead><tr>
                <th scope="col">{ "Query" }</th>
                <th scope="col">{ "Verdict" }</th>
                <th scope="col" class="number">{ "Calls" }</th>
                <th scope="col">{ "Cost of a call" }</th>
                <th scope="col">{ "What changes" }</th>
            </tr></thead>
            <tbody>{ for shown.iter().take(n).map(|query| row(query, send)) }</tbody>
        </table></div>
    }
}

fn row(query: &ComparedQuery, send: &Callback<Msg>) -> Html {
    let (id, name) = (query.id.clone(), query.name.clone().unwrap_or_else(|| query.id.clone()));
    html! {
        <tr data-test="against-query" data-verdict={query.verdict.name()}>
            <th scope="row">
                <button type="button" class="link"
                    onclick={on_click(send, move || Msg::ShowQuery(id.clone()))}>{ name }</button>
            </th>
            <td><span class={verdict_class(query.verdict)}>{ query.verdict.words() }</span></td>
            <td class="number">{ format::count(query.calls) }</td>
            <td>{ parts::costs(query.cost_before, query.cost_after) }</td>
            <td>{ what_changes(query) }</td>
        </tr>
    }
}

fn what_changes(query: &ComparedQuery) -> Html {
    let mut lines = Vec::new();
    lines.extend(query.error.clone());
    lines.extend(access_lines(query));
    if !query.lost.is_empty() {
        lines.push(format!("loses {}", query.lost.join(", ")));
    }
    if let Some(repair) = &query.repair {
        lines.push(format!("with {} kept: {}", repair.index, format::cost(repair.cost)));
    }
    let plans = query.plan_before.as_ref().zip(query.plan_after.as_ref());
    html! {
        <>
            { for lines.into_iter().map(|line| html! { <div>{ line }</div> }) }
            if let Some((before, after)) = plans {
                <details data-test="against-plans">
                    <summary>{ "Plans side by side" }</summary>
                    <div class="before-after">
                        <section><h4>{ "Today" }</h4>{ plan_tree::tree(before, &[]) }</section>
                        <section><h4>{ "Proposed" }</h4>{ plan_tree::tree(after, &[]) }</section>
                    </div>
                </details>
            }
        </>
    }
}
