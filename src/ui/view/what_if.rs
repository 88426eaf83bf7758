//! What single indexes would do: those that the user typed, and those that were decided about.

use crate::sorted::SortedMap;

use yew::prelude::*;

use crate::input::{Decision, Options, Verdict};
use crate::report::{QueryReport, Report, Trial, TrialCost, TrialQuery};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::decide::{Decide, TryField, why};
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::sql::Sql;
use crate::ui::wish::{self, Wish};

/// Queries listed before "and n more".
const QUERIES_SHOWN: usize = 30;

/// Properties of [`WhatIf`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// What is asked of the advisor.
    pub options: Options,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Names of the queries, by id.
type Names<'a> = SortedMap<&'a str, &'a QueryReport>;

/// Trials and decisions.
#[component]
pub fn WhatIf(props: &Props) -> Html {
    let Props { review, options, send } = props;
    let report = &review.report;
    let names: Names<'_> = report.queries.iter().map(|query| (query.id.as_str(), query)).collect();
    let tried = |sql: &String| {
        let trial = report.trials.iter().find(|t| t.verdict.is_none() && t.statement == *sql);
        let body = effects(trial, &names, send);
        card(sql, report, own_tools(sql, trial, send), Html::default(), body)
    };
    let decided = |decision: &Decision| {
        let is_it = |t: &&Trial| t.verdict.is_some() && t.statement == decision.statement;
        let trial = report.trials.iter().find(is_it);
        let tools = html! {
            <Decide statement={decision.statement.clone()} decision={decision.clone()}
                send={send.clone()} />
        };
        decided_card(decision, trial, report, &names, tools, send)
    };
    html! {
        <>
            <TryField send={send.clone()} />
            if options.trials.is_empty() && options.decisions.is_empty() {
                { parts::nothing(
                    "Nothing tried yet.",
                    "Type an index: every query that it would change is shown, before and after. What is \
                     accepted, rejected or deferred among the findings is listed here too.",
                ) }
            }
            if !options.trials.is_empty() {
                <h3>{ "Tried" }</h3>
                <ol class="findings">{ for options.trials.iter().rev().map(tried) }</ol>
            }
            if !options.decisions.is_empty() {
                <h3>{ "Decided" }</h3>
                <ol class="findings">{ for options.decisions.iter().map(decided) }</ol>
            }
        </>
    }
}

/// Accept, and remove.
fn own_tools(sql: &str, trial: Option<&Trial>, send: &Callback<Msg>) -> Html {
    let create = trial.and_then(|trial| trial.create.clone());
    let removed = sql.to_owned();
    html! {
        <>
            if let Some(statement) = create {
                <button type="button" data-test="accept-trial"
                    title="It will be created: the rest is chosen beside it"
                    onclick={on_click(send, move || Msg::Wish(Wish::Decide(Decision {
                        statement: statement.clone(),
                        ..Decision::default()
                    })))}>{ "Accept it" }</button>
            }
            <button type="button" data-test="remove-trial" aria-label={format!("Remove {sql}")}
                onclick={on_click(send, move || Msg::Wish(Wish::Forget(removed.clone())))}>
                { "Remove" }
            </button>
        </>
    }
}

fn decided_card(
    decision: &Decision,
    trial: Option<&Trial>,
    report: &Report,
    names: &Names<'_>,
    tools: Html,
    send: &Callback<Msg>,
) -> Html {
    let head = html! {
        <>
            <strong class="verdict">{ wish::verdict(decision.verdict) }</strong>{ " " }
            <span class="hint">{ format!("{} ", why(decision)) }</span>
        </>
    };
    let body = match decision.verdict {
        Verdict::Accept => html! {
            <p class="hint">{ "It is among the findings, and the rest is chosen beside it." }</p>
        },
        _ => effects(trial, names, send),
    };
    card(&decision.statement, report, tools, head, body)
}

fn card(sql: &str, report: &Report, tools: Html, before: Html, body: Html) -> Html {
    html! {
        <li class="finding trial" data-test="trial">
            <div class="trial-head">
                <h4>{ before }<Sql text={sql.to_owned()} dialect={report.dialect} /></h4>
                <span class="toolbar">{ tools }</span>
            </div>
            { body }
        </li>
    }
}

/// What it would do, or why that cannot be said.
fn effects(trial: Option<&Trial>, names: &Names<'_>, send: &Callback<Msg>) -> Html {
    let Some(trial) = trial else {
        return html! { <p class="hint">{ "Not reviewed yet." }</p> };
    };
    if let Some(error) = &trial.error {
        return html! {
            <p class="trial-error" role="alert" data-test="trial-error">
                { format!("Cannot be tried: {error}.") }
            </p>
        };
    }
    let size = trial.size_bytes.map(|size| {
        let verb = if trial.is_drop { "Frees" } else { "Takes" };
        html! { <div><dt>{ verb }</dt><dd>{ format::bytes(size) }</dd></div> }
    });
    let verb =
        if trial.is_drop { "Saves per 1000 rows written" } else { "Costs per 1000 rows written" };
    html! {
        <>
            <dl class="facts">
                { size }
                if let Some(write) = trial.write_cost {
                    <div><dt>{ verb }</dt><dd>{ format::cost(write) }</dd></div>
                }
                <div><dt>{ "Workload, by itself" }</dt><dd>{ change(&trial.alone) }</dd></div>
                <div><dt>{ "Workload, beside the suggestions" }</dt>
                    <dd>{ change(&trial.beside) }</dd></div>
            </dl>
            { queries(&trial.queries, names, send) }
        </>
    }
}

fn change(cost: &TrialCost) -> Html {
    if cost.before == cost.after {
        return html! { { format!("{}, unchanged", format::cost(cost.before)) } };
    }
    parts::costs(Some(cost.before), Some(cost.after))
}

fn queries(list: &[TrialQuery], names: &Names<'_>, send: &Callback<Msg>) -> Html {
    if list.is_empty() {
        return html! { <p class="hint">{ "No query would be planned otherwise." }</p> };
    }
    let row = |query: &TrialQuery| {
        let name = names.get(query.id.as_str()).and_then(|found| found.name.clone());
        let (id, name) = (query.id.clone(), name.unwrap_or_else(|| query.id.clone()));
        html! {
            <tr>
                <th scope="row">
                    <button type="button" class="link"
                        onclick={on_click(send, move || Msg::ShowQuery(id.clone()))}>{ name }</button>
                </th>
                <td class="number">{ format::count(query.calls) }</td>
                <td>{ change(&query.alone) }</td>
                <td>{ change(&query.beside) }</td>
            </tr>
        }
    };
    let more = list.len().saturating_sub(QUERIES_SHOWN);
    html! {
        <>
            <div class="table-scroll" tabindex="0"><table class="plain">
                <thead><tr>
                    <th scope="col">{ "Query" }</th>
                    <th scope="col" class="number">{ "Calls" }</th>
                    <th scope="col">{ "Cost of a call, by itself" }</th>
                    <th scope="col">{ "Beside the suggestions" }</th>
                </tr></thead>
                <tbody>{ for list.iter().take(QUERIES_SHOWN).map(row) }</tbody>
            </table></div>
            if more > 0 { <p class="hint">{ format!("and {more} more") }</p> }
        </>
    }
}
