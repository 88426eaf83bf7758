//! The pasted plans.

use yew::prelude::*;

use crate::report::PlanReport;
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::plan_tree;

/// Plans shown before "show all".
const SHOWN: usize = 20;

/// Properties of [`Plans`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The pasted plans.
#[component]
pub fn Plans(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let plans = &props.review.report.plans;
    if plans.is_empty() {
        return parts::nothing(
            "No pasted plans.",
            "Paste EXPLAIN (ANALYZE, BUFFERS) output, as text or JSON, in whatever frame your tool \
             puts around it. Modelled plans stand with each query.",
        );
    }
    let shown = if *all { plans.len() } else { plans.len().min(SHOWN) };
    html! {
        <>
            <p class="hint">
                { "Marks: " }<span class="mark">{ "▲" }</span>
                { " most of the time, rows far from the estimate, many rows read and thrown away, a \
                   sort on disk." }
            </p>
            <ol class="plans">{ for plans.iter().take(shown).map(|plan| one(plan, &props.send)) }</ol>
            { parts::show_all(shown, plans.len(), &all) }
        </>
    }
}

fn one(plan: &PlanReport, send: &Callback<Msg>) -> Html {
    let kind = if plan.analyze { "measured" } else { "estimated only" };
    let query = plan.query.clone().map(|id| {
        let target = id.clone();
        html! {
            <button type="button" class="link"
                onclick={on_click(send, move || Msg::ShowQuery(target.clone()))}>{ id }</button>
        }
    });
    html! {
        <li class="plan" data-test="plan">
            <h3>
                { plan.id.clone() }{ " " }<span class="basis">{ kind }</span>
                if let Some(ms) = plan.execution_ms {
                    { " " }<span class="plan-time">{ format::duration(ms) }</span>
                }
                if let Some(place) = &plan.source { { " " }{ parts::place(send, place) } }
                if let Some(query) = query { { " of " }{ query } }
            </h3>
            { plan_tree::tree(&plan.plan) }
        </li>
    }
}
