//! The plans of one query side by side: those pasted, the modelled one, and the modelled one with the
//! suggested indexes; one below the other where the page is narrow.

use yew::prelude::*;

use crate::report::basis::{missing, sentence};
use crate::report::{PlanReport, QueryReport, Report};
use crate::ui::format;
use crate::ui::state::Msg;
use crate::ui::view::parts;
use crate::ui::view::plan_tree;

/// Pasted plans of one query that are shown with it; the others stand with the plans.
const PASTED_MAX: usize = 3;

/// Plans that were pasted of a query, and what the model says.
pub fn of_query(report: &Report, query: &QueryReport, send: &Callback<Msg>) -> Html {
    let own = |plan: &&PlanReport| plan.query.as_deref() == Some(query.id.as_str());
    let pasted = report.plans.iter().filter(own).take(PASTED_MAX);
    html! {
        <>
            <div class="before-after" data-test="compare">
                { for pasted.map(|plan| pasted_section(plan, send)) }
                { modelled(query) }
            </div>
            { basis(report, query, send) }
        </>
    }
}

/// A pasted plan, and what the model says of its query.
pub fn of_plan(report: &Report, plan: &PlanReport, send: &Callback<Msg>) -> Html {
    let query = report.queries.iter().find(|query| Some(&query.id) == plan.query.as_ref());
    let Some(query) = query else { return plan_tree::tree(&plan.plan, &plan.notes) };
    html! {
        <>
            <div class="before-after" data-test="compare">
                <section data-test="pasted-plan">
                    <h4>{ "Your plan" }</h4>
                    { plan_tree::tree(&plan.plan, &plan.notes) }
                </section>
                { modelled(query) }
            </div>
            { basis(report, query, send) }
        </>
    }
}

fn pasted_section(plan: &PlanReport, send: &Callback<Msg>) -> Html {
    html! {
        <section data-test="pasted-plan">
            <h4>
                { "Your plan" }{ " " }
                <span class="basis">{ if plan.analyze { "measured" } else { "estimated only" } }</span>
                if let Some(ms) = plan.execution_ms { { " " }{ format::duration(ms) } }
                if let Some(place) = &plan.source { { " " }{ parts::place(send, place) } }
            </h4>
            { plan_tree::tree(&plan.plan, &plan.notes) }
        </section>
    }
}

/// The modelled plan as things are and, where that is another, with the suggested indexes.
fn modelled(query: &QueryReport) -> Html {
    let changed = query.plan_after.is_some() && query.plan_after != query.plan_before;
    html! {
        <>
            <section data-test="model-now">
                <h4>
                    { if changed { "The model, as things are" } else { "The model" } }
                    { ", cost " }{ parts::costs(query.cost_before, None) }
                </h4>
                if let Some(plan) = &query.plan_before {
                    { plan_tree::tree(plan, &query.notes_before) }
                }
            </section>
            if changed {
                <section data-test="model-after">
                    <h4>
                        { "The model, with the suggested indexes, cost " }
                        { parts::costs(query.cost_before, query.cost_after) }
                    </h4>
                    if let Some(plan) = &query.plan_after {
                        { plan_tree::tree(plan, &query.notes_after) }
                    }
                </section>
            }
        </>
    }
}

/// What the modelled numbers rest on, and what replaces those that are only assumed.
fn basis(report: &Report, query: &QueryReport, send: &Callback<Msg>) -> Html {
    if query.basis.is_empty() {
        return Html::default();
    }
    let calibrated = report.calibrated;
    let missing = missing(&query.basis.iter().collect::<Vec<_>>(), true, report.dialect);
    html! {
        <div class="rests-on" data-test="basis">
            <h4>{ "The model's numbers rest on" }</h4>
            <ul>
                { for query.basis.iter().map(|table| html! { <li>{ sentence(table, calibrated) }</li> }) }
            </ul>
            if !missing.ask.is_empty() {
                <details data-test="missing">
                    <summary>
                        { format!("Not given, and assumed: {}", missing.facts.join("; ")) }
                    </summary>
                    <p class="hint">{ "Add the output of this to the input:" }</p>
                    <div class="code-block">
                        { parts::copy_button(send, missing.ask.join("\n"), "commands") }
                        <pre tabindex="0">{ missing.ask.join("\n") }</pre>
                    </div>
                </details>
            }
        </div>
    }
}
