//! The queries: how often, how long, how they reach their tables now and then.

use crate::sorted::SortedSet;

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::order;
use crate::report::QueryReport;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::parts;
use crate::ui::view::query::QueryRow;
use crate::ui::view::timeline::timeline;

/// Queries shown before "show all".
const SHOWN: usize = 100;

/// Properties of [`Queries`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// The query that a link went to.
    pub target: Option<String>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// In which order.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Weight,
    Gain,
    Source,
}

impl Order {
    const ALL: [(Order, &'static str); 3] = [
        (Order::Weight, "Costliest first"),
        (Order::Gain, "Largest gain first"),
        (Order::Source, "As in the input"),
    ];

    fn key(self, query: &QueryReport) -> f64 {
        let of = |cost: Option<f64>| query.calls * cost.unwrap_or(0.0);
        match self {
            Order::Weight => query.total_ms.unwrap_or_else(|| of(query.cost_before)),
            Order::Gain => of(query.cost_before) - of(query.cost_after),
            Order::Source => 0.0,
        }
    }
}

/// The queries.
#[component]
pub fn Queries(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let words = use_state_eq(String::new);
    let order = use_state_eq(|| Order::Weight);
    let unfolded = use_state_eq(SortedSet::<String>::new);
    {
        let unfolded = unfolded.clone();
        use_effect_with(props.target.clone(), move |target| {
            if let Some(id) = target {
                let mut with = (*unfolded).clone();
                with.insert(id.clone());
                unfolded.set(with);
            }
        });
    }
    let report = &props.review.report;
    if report.queries.is_empty() {
        return parts::nothing(
            "No queries.",
            "Paste SQL, a pg_stat_statements export or a log, and every query is judged against \
             the indexes.",
        );
    }
    let passing = ordered(&report.queries, &words, *order);
    let target = props.target.as_deref();
    let reach = passing.iter().position(|query| Some(query.id.as_str()) == target).unwrap_or(0);
    let shown = if *all { passing.len() } else { passing.len().min(SHOWN.max(reach + 1)) };
    let on_toggle = {
        let unfolded = unfolded.clone();
        Callback::from(move |id: String| {
            let mut next = (*unfolded).clone();
            if !next.remove(&id) {
                next.insert(id);
            }
            unfolded.set(next);
        })
    };
    let row = |query: &&QueryReport| {
        let position = report.queries.iter().position(|other| other.id == query.id).unwrap_or(0);
        html! {
            <QueryRow key={query.id.clone()} review={props.review.clone()} {position}
                unfolded={unfolded.contains(&query.id)} on_toggle={on_toggle.clone()}
                send={props.send.clone()} />
        }
    };
    html! {
        <>
            { timeline(report, &props.send) }
            { toolbar(&words, &order, passing.len(), report.queries.len()) }
            <ol class="queries">{ for passing.iter().take(shown).map(row) }</ol>
            { parts::show_all(shown, passing.len(), &all) }
        </>
    }
}

fn ordered<'a>(queries: &'a [QueryReport], words: &str, order: Order) -> Vec<&'a QueryReport> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let passes = |query: &&QueryReport| {
        let name = query.name.as_deref().unwrap_or("");
        let text = format!("{} {name} {}", query.id, query.sql).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut passing: Vec<_> = queries.iter().filter(passes).collect();
    order::sort_by(&mut passing, |a, b| order.key(b).total_cmp(&order.key(a)));
    passing
}

fn toolbar(
    words: &UseStateHandle<String>,
    order: &UseStateHandle<Order>,
    n_passing: usize,
    n: usize,
) -> Html {
    let onchange = {
        let order = order.clone();
        Callback::from(move |event: Event| {
            let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            let title = menu.map(|menu| menu.value()).unwrap_or_default();
            if let Some((chosen, _)) = Order::ALL.into_iter().find(|(_, name)| *name == title) {
                order.set(chosen);
            }
        })
    };
    let current = **order;
    let option = |(order, title): (Order, &'static str)| {
        html! { <option value={title} selected={order == current}>{ title }</option> }
    };
    html! {
        <div class="toolbar">
            { parts::search("Filter queries", words, "query-filter") }
            <select aria-label="Order" {onchange}>{ for Order::ALL.into_iter().map(option) }</select>
            <span class="count" role="status">{ format!("{n_passing} of {n}") }</span>
        </div>
    }
}
