//! The argument of a finding: why, what to do, for which queries, resting on what, instead of what.

use crate::sorted::SortedMap;

use yew::prelude::*;

use crate::advise::{Alternative, Assumption, BreakEven, Finding};
use crate::input::Decision;
use crate::report::words::{grounds_name, sentence};
use crate::report::{QueryReport, Report};
use crate::ui::format;
use crate::ui::state::{Msg, Review};
use crate::ui::view::decide::Decide;
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::sql::Sql;
use crate::ui::wish;

/// Queries listed before "and n more".
const QUERIES_SHOWN: usize = 30;

/// Everything below the title.
pub fn body(
    finding: &Finding,
    review: &Review,
    decision: Option<&Decision>,
    send: &Callback<Msg>,
) -> Html {
    let report = &review.report;
    html! {
        <>
            { limits(finding, review.is_draft) }
            { why(finding) }
            { what_to_do(finding, report, send) }
            { decide(finding, report, decision, send) }
            { queries(finding, report, send) }
            { assumptions(finding, report, send) }
            { alternatives(finding, report) }
            { facts(finding, send) }
        </>
    }
}

fn section(title: &'static str, content: Html) -> Html {
    html! { <section><h4>{ title }</h4>{ content }</section> }
}

/// Where it starts or stops paying.
fn limits(finding: &Finding, is_draft: bool) -> Html {
    if is_draft && finding.code == "missing-index" {
        let text = "Where it stops paying is being worked out.";
        return section("Holds while", html! { <p class="hint">{ text }</p> });
    }
    if finding.break_even.is_empty() {
        return Html::default();
    }
    let one = |limit: &BreakEven| {
        html! { <li>{ sentence(&limit.text) }{ " " }{ parts::basis(limit.basis) }</li> }
    };
    section(
        "Holds while",
        html! {
            <ul class="assumptions" data-test="limits">
                { for finding.break_even.iter().map(one) }
            </ul>
        },
    )
}

fn why(finding: &Finding) -> Html {
    if finding.reasons.is_empty() {
        return Html::default();
    }
    let one = |reason: &String| {
        let (number, text) = step(reason).unwrap_or(("–", reason));
        html! {
            <li><span class="step">{ number.to_owned() }</span><span>{ text.to_owned() }</span></li>
        }
    };
    section("Why", html! { <ul class="reasons">{ for finding.reasons.iter().map(one) }</ul> })
}

/// A step of a derivation, `2. created_at: a range`: its number and the rest.
fn step(reason: &str) -> Option<(&str, &str)> {
    let (number, text) = reason.split_once(". ")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some((number, text))
}

fn what_to_do(finding: &Finding, report: &Report, send: &Callback<Msg>) -> Html {
    let forward: Vec<String> = finding.create.iter().chain(&finding.drop).cloned().collect();
    if forward.is_empty() && finding.advice.is_empty() {
        return Html::default();
    }
    section(
        "What to do",
        html! {
            <>
                { for finding.advice.iter().map(|advice| html! { <p>{ advice.clone() }</p> }) }
                if !forward.is_empty() {
                    <div data-test="ddl">
                        { parts::statements(send, &forward, report.dialect, "statements") }
                    </div>
                }
                if !finding.reverse.is_empty() {
                    <details>
                        <summary>{ "Undo" }</summary>
                        { parts::statements(send, &finding.reverse, report.dialect, "undo statements") }
                    </details>
                }
            </>
        },
    )
}

/// A finding that creates or drops an index is decided about; a remark is not.
fn decide(
    finding: &Finding,
    report: &Report,
    decision: Option<&Decision>,
    send: &Callback<Msg>,
) -> Html {
    let known = decision.map(|decision| decision.statement.clone());
    let Some(statement) = known.or_else(|| wish::decidable(finding, report.dialect)) else {
        return Html::default();
    };
    section(
        "Decide",
        html! { <Decide {statement} decision={decision.cloned()} send={send.clone()} /> },
    )
}

fn queries(finding: &Finding, report: &Report, send: &Callback<Msg>) -> Html {
    let by_id: SortedMap<&str, &QueryReport> =
        report.queries.iter().map(|query| (query.id.as_str(), query)).collect();
    let found: Vec<&QueryReport> =
        finding.queries.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
    if found.is_empty() {
        return Html::default();
    }
    let full = found.iter().filter_map(|query| query.cost_before).fold(0.0_f64, f64::max);
    let more = found.len().saturating_sub(QUERIES_SHOWN);
    let row = |query: &&QueryReport| query_row(query, full, send);
    section(
        "Queries",
        html! {
            <>
                <div class="table-scroll" tabindex="0"><table class="plain">
                    <thead>
                        <tr>
                            <th scope="col">{ "Query" }</th>
                            <th scope="col" class="number">{ "Calls" }</th>
                            <th scope="col">{ "Cost of a call, before and after all findings" }</th>
                            <th scope="col"><span class="visually-hidden">{ "Bar" }</span></th>
                        </tr>
                    </thead>
                    <tbody>{ for found.iter().take(QUERIES_SHOWN).map(row) }</tbody>
                </table></div>
                if more > 0 { <p class="hint">{ format!("and {more} more") }</p> }
            </>
        },
    )
}

fn query_row(query: &QueryReport, full: f64, send: &Callback<Msg>) -> Html {
    let id = query.id.clone();
    let name = query.name.clone().unwrap_or_else(|| query.id.clone());
    let (before, after) = (query.cost_before, query.cost_after);
    html! {
        <tr>
            <th scope="row">
                <button type="button" class="link" title={query.normalized.clone()}
                    onclick={on_click(send, move || Msg::ShowQuery(id.clone()))}>{ name }</button>
            </th>
            <td class="number">{ format::count(query.calls) }</td>
            <td>{ parts::costs(before, after) }</td>
            <td class="bar-cell">
                if let (Some(before), Some(after)) = (before, after) {
                    { parts::bar(before, after, full) }
                }
            </td>
        </tr>
    }
}

fn assumptions(finding: &Finding, report: &Report, send: &Callback<Msg>) -> Html {
    if finding.assumptions.is_empty() {
        return Html::default();
    }
    let one = |assumption: &Assumption| {
        let query = assumption.replace_with.clone();
        html! {
            <li>
                { assumption.text.clone() }{ " " }{ parts::basis(assumption.basis) }
                if let Some(query) = query {
                    <details>
                        <summary>{ "Replace by a fact: run this and paste the answer" }</summary>
                        { parts::statements(send, &[query], report.dialect, "query") }
                    </details>
                }
            </li>
        }
    };
    section(
        "Rests on",
        html! {
            <ul class="assumptions">{ for finding.assumptions.iter().map(one) }</ul>
        },
    )
}

fn alternatives(finding: &Finding, report: &Report) -> Html {
    if finding.alternatives.is_empty() {
        return Html::default();
    }
    let one = |alternative: &Alternative| {
        html! {
            <li>
                <Sql text={alternative.create.clone()} dialect={report.dialect} />
                <p>
                    { alternative.why_not.clone() }
                    if let Some(cost) = alternative.cost_after {
                        { format!(" (cost {})", format::cost(cost)) }
                    }
                </p>
            </li>
        }
    };
    section(
        "Considered, and why not",
        html! {
            <ul class="alternatives">{ for finding.alternatives.iter().map(one) }</ul>
        },
    )
}

fn facts(finding: &Finding, send: &Callback<Msg>) -> Html {
    let (confidence, meaning) = format::confidence(finding.confidence);
    html! {
        <section>
            <h4>{ "In numbers" }</h4>
            <dl class="facts">
                if let (Some(before), Some(after)) = (finding.cost_before, finding.cost_after) {
                    <div><dt>{ "Cost of its queries, by calls" }</dt>
                        <dd>{ parts::costs(Some(before), Some(after)) }</dd></div>
                }
                if let Some(size) = finding.size_bytes {
                    <div><dt>{ if finding.create.is_empty() { "Frees" } else { "Size" } }</dt>
                        <dd>{ format::bytes(size) }</dd></div>
                }
                if let Some(write) = finding.write_cost {
                    <div><dt>{ "Cost per 1000 rows written" }</dt><dd>{ format::cost(write) }</dd></div>
                }
                <div><dt>{ "Confidence" }</dt><dd>{ format!("{confidence}: {meaning}") }</dd></div>
                if let Some(grounds) = finding.grounds {
                    <div><dt>{ "Not needed" }</dt><dd>{ grounds_name(grounds) }</dd></div>
                }
                if !finding.places.is_empty() {
                    <div><dt>{ "Seen in" }</dt>
                        <dd class="places">
                            { for finding.places.iter().take(20).map(|p| parts::place(send, p)) }
                        </dd></div>
                }
            </dl>
        </section>
    }
}
