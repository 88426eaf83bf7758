//! The pasted plans.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use web_sys::HtmlInputElement;

use crate::dialect::Dialect;
use crate::report::{PlanReport, Report};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::compare;
use crate::ui::view::parts::{self, on_click};

/// Plans shown before "show all".
const SHOWN: usize = 20;

/// Properties of [`Plans`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// The user wants what the plans measured to be taken for statistics.
    pub calibrate: bool,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The pasted plans.
#[component]
pub fn Plans(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let report = &props.review.report;
    let plans = &report.plans;
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
            { calibration(report, props) }
            <p class="hint">
                { "Marks: " }<span class="mark">{ "▲" }</span>
                { " most of the time, rows far from the estimate, many rows read and thrown away, a \
                   sort on disk. " }
                <span class="sign">{ "≠ ⇄" }</span>
                { " the model expects other rows or another path." }
            </p>
            <ol class="plans">{ for plans.iter().take(shown).map(|plan| one(report, plan, &props.send)) }</ol>
            { parts::show_all(shown, plans.len(), &all) }
        </>
    }
}

/// The switch by which measurements are taken over, and what it would change.
fn calibration(report: &Report, props: &Props) -> Html {
    let measured = report.plans.iter().any(|plan| plan.analyze);
    if !measured || report.dialect != Dialect::Postgres {
        return Html::default();
    }
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        let field = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        send.emit(Msg::Calibrate(field.is_some_and(|field| field.checked())));
    });
    let n: usize = report.plans.iter().map(|plan| plan.notes.len()).sum();
    let state = match (report.calibrated, n) {
        _ if report.plans.iter().all(|plan| plan.query.is_none()) => {
            "None of them is of a query that was pasted: put its text above the plan.".to_owned()
        }
        (true, 0) => "The model is calibrated from your plans and agrees with them.".to_owned(),
        (true, n) => format!(
            "The model is calibrated from your plans; they still disagree in {}.",
            format::counted(n, "place", "places")
        ),
        (false, 0) => "The model and your plans agree.".to_owned(),
        (false, n) => {
            format!(
                "The model and your plans disagree in {}.",
                format::counted(n, "place", "places")
            )
        }
    };
    html! {
        <div class="calibration">
            <label>
                <input type="checkbox" checked={props.calibrate} {onchange} data-test="calibrate" />
                <strong>{ "Take over observed rows" }</strong>
            </label>
            <p class="hint">
                { "Table sizes and selectivities that your plans measured go before the statistics, and \
                   the whole review is made again. " }
                <span data-test="agreement">{ state }</span>
            </p>
        </div>
    }
}

fn one(report: &Report, plan: &PlanReport, send: &Callback<Msg>) -> Html {
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
                if plan.query_by_shape {
                    { " " }<span class="basis">{ "by its tables and conditions" }</span>
                }
            </h3>
            { compare::of_plan(report, plan, send) }
        </li>
    }
}
