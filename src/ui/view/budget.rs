//! What every budget buys: the curve of size and cost, and the slider that moves along it.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use crate::input::Budget;
use crate::report::Report;
use crate::ui::curve::{self, Scale};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::budget_curve::curve_drawing;
use crate::ui::view::parts;
use crate::ui::wish::Wish;

/// Properties of [`BudgetPanel`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// The budget that is asked for.
    pub budget: Option<Budget>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The curve and its slider.
#[component]
pub fn BudgetPanel(props: &Props) -> Html {
    // Where the slider is while it is moved; forgotten when another review has come.
    let moved = use_state_eq(|| None::<(Shared<Review>, usize)>);
    let report = &props.review.report;
    let front = &report.front;
    if front.points.len() < 2 {
        return Html::default();
    }
    let today = report.summary.cost_before;
    let chosen = curve::chosen(report);
    let here = moved.as_ref().filter(|(review, _)| *review == props.review).map(|(_, at)| *at);
    let shown = here.unwrap_or(chosen).min(front.points.len() - 1);
    let Some(point) = front.points.get(shown) else { return Html::default() };
    let move_to = {
        let (moved, review) = (moved.clone(), props.review.clone());
        Callback::from(move |at: usize| moved.set(Some((review.clone(), at))))
    };
    let choose = {
        let (send, review, move_to) = (props.send.clone(), props.review.clone(), move_to.clone());
        Callback::from(move |at: usize| {
            move_to.emit(at);
            if let Some(point) = review.report.front.points.get(at) {
                send.emit(Msg::Wish(Wish::Budget(Some(Budget::Bytes(point.size_bytes)))));
            }
        })
    };
    let scale = Scale::new(front, today, curve::WIDTH, curve::HEIGHT);
    let words = curve::describe(point, today);
    html! {
        <section class="budget" aria-label="What each size buys" data-test="budget">
            { curve_drawing(front, &scale, shown, chosen, &choose) }
            <div class="budget-side">
                <p class="budget-point" data-test="budget-point">
                    <strong>{ words.clone() }</strong>
                    <span class="hint">{ if shown == chosen { note(report, props.budget) } else {
                        "not reviewed yet: let go to review".to_owned() } }</span>
                </p>
                { slider(shown, front.points.len(), words, &move_to, &choose) }
                <div class="toolbar">
                    <BudgetField budget={props.budget} send={props.send.clone()} />
                    <button type="button" disabled={props.budget.is_none()} data-test="no-budget"
                        onclick={parts::on_click(&props.send, || Msg::Wish(Wish::Budget(None)))}>
                        { "No budget" }
                    </button>
                </div>
                { gap(report) }
                { statements(&point.create, report, &props.send) }
                { table(report, shown) }
            </div>
        </section>
    }
}

fn note(report: &Report, budget: Option<Budget>) -> String {
    match (budget, report.summary.budget_bytes) {
        (Some(Budget::Percent(percent)), Some(bytes)) => {
            format!("within {percent} % of the tables, {}", format::bytes(bytes))
        }
        (Some(_), Some(bytes)) => format!("within {}", format::bytes(bytes)),
        _ => "what is worth its size, without a budget".to_owned(),
    }
}

fn slider(
    shown: usize,
    n: usize,
    words: String,
    move_to: &Callback<usize>,
    choose: &Callback<usize>,
) -> Html {
    let oninput = position_of::<InputEvent>(move_to);
    let onchange = position_of::<Event>(choose);
    html! {
        <label class="slider">
            <span class="visually-hidden">{ "Size of the new indexes" }</span>
            <input type="range" min="0" max={(n - 1).to_string()} step="1" value={shown.to_string()}
                aria-valuetext={words} {oninput} {onchange} data-test="budget-slider" />
        </label>
    }
}

fn position_of<E: JsCast + AsRef<web_sys::Event> + 'static>(to: &Callback<usize>) -> Callback<E> {
    let to = to.clone();
    Callback::from(move |event: E| {
        let field = AsRef::<web_sys::Event>::as_ref(&event)
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some(at) = field.and_then(|field| field.value().parse().ok()) {
            to.emit(at);
        }
    })
}

/// How far it may be from the best there is.
fn gap(report: &Report) -> Html {
    let Some(gap) = report.front.gap_percent.filter(|gap| *gap < 100.0) else {
        return Html::default();
    };
    let size =
        if report.summary.budget_bytes.is_some() { "within this budget" } else { "in this size" };
    let text = match gap {
        gap if gap < 0.5 => {
            format!("No set of these candidates is better {size}, under this model.")
        }
        gap => format!(
            "At most {} % above the best that these candidates could give {size}, under this model.",
            gap.ceil()
        ),
    };
    html! { <p class="hint" data-test="gap">{ text }</p> }
}

fn statements(list: &[String], report: &Report, send: &Callback<Msg>) -> Html {
    if list.is_empty() {
        return Html::default();
    }
    html! {
        <div class="budget-statements" data-test="budget-statements">
            { parts::statements(send, list, report.dialect, "statements") }
        </div>
    }
}

fn table(report: &Report, shown: usize) -> Html {
    let today = report.summary.cost_before;
    let row = |(at, point): (usize, &crate::advise::FrontPoint)| {
        html! {
            <tr class={classes!((at == shown).then_some("suggested"))}
                aria-current={(at == shown).then_some("true")}>
                <td class="number">{ format::bytes(point.size_bytes) }</td>
                <td class="number">{ point.create.len() }</td>
                <td class="number">{ format::cost(point.cost_after) }</td>
                <td class="number">{ curve::percent(point.cost_after, today) }</td>
            </tr>
        }
    };
    html! {
        <details data-test="budget-table">
            <summary>{ format!("All {} points as a table", report.front.points.len()) }</summary>
            <div class="table-scroll" tabindex="0"><table class="plain points">
                <thead><tr>
                    <th scope="col" class="number">{ "Size" }</th>
                    <th scope="col" class="number">{ "Indexes" }</th>
                    <th scope="col" class="number">{ "Cost, by calls" }</th>
                    <th scope="col" class="number">{ "Of today's" }</th>
                </tr></thead>
                <tbody>{ for report.front.points.iter().enumerate().map(row) }</tbody>
            </table></div>
        </details>
    }
}

/// Properties of [`BudgetField`].
#[derive(Properties, PartialEq)]
struct FieldProps {
    budget: Option<Budget>,
    send: Callback<Msg>,
}

/// A budget typed as `25%` or `500MB`.
#[component]
fn BudgetField(props: &FieldProps) -> Html {
    let field = use_node_ref();
    let wrong = use_state_eq(|| false);
    let onsubmit = {
        let (field, wrong, send) = (field.clone(), wrong.clone(), props.send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = field.cast::<HtmlInputElement>().map(|field| field.value());
            let budget = text.as_deref().and_then(Budget::parse);
            wrong.set(budget.is_none());
            if budget.is_some() {
                send.emit(Msg::Wish(Wish::Budget(budget)));
            }
        })
    };
    html! {
        <form class="budget-field" {onsubmit}>
            <input ref={field} type="text" class="field" placeholder="25% or 500MB" size="12"
                aria-label="Budget: 25% of the tables, or 500MB" spellcheck="false"
                aria-invalid={wrong.to_string()} data-test="budget-field" />
            <button type="submit" data-test="budget-set">{ "Set" }</button>
            if *wrong {
                <span class="loss" role="alert" data-test="budget-wrong">
                    { "A size such as 500MB, or a part of the tables such as 25%" }
                </span>
            }
        </form>
    }
}
