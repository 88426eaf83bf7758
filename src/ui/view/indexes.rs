//! All indexes with their sizes, who uses them, and what if they were gone.

use yew::prelude::*;

use crate::report::IndexReport;
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::decide::drop_what_if;
use crate::ui::view::long::{self, SHOWN, Sort, Value, use_growing};
use crate::ui::view::parts;
use crate::ui::wish;

/// Queries named in a row.
const QUERIES_NAMED: usize = 8;

/// Properties of [`Indexes`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// What the name of an index or its table has, in lower case.
    pub word: String,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The list.
#[component]
pub fn Indexes(props: &Props) -> Html {
    let order = use_state_eq(|| (1_usize, false));
    let all = use_state_eq(|| false);
    let list =
        use_memo((props.review.clone(), props.word.clone(), *order), |(review, word, order)| {
            let named = |name: &str| name.to_lowercase().contains(word);
            let passes = |index: &IndexReport| named(&index.name) || named(&index.table);
            long::sorted(&review.report.indexes, passes, *order, |index, column| match column {
                1 => Value::Text(&index.table),
                3 => Value::Number(index.size_bytes),
                4 => Value::Number(index.idx_scan.unwrap_or(-1.0)),
                5 => Value::Number(index.used_by.len() as f64),
                _ => Value::Text(&index.name),
            })
        });
    let shown = if *all { list.len() } else { list.len().min(SHOWN) };
    let drawn = use_growing(shown);
    let is_suggested =
        |at: &&usize| props.review.report.indexes.get(**at).is_some_and(|index| index.suggested);
    let suggested = list.iter().filter(is_suggested).count();
    let heads = [
        ("Index", Sort::Text(0)),
        ("Table", Sort::Text(1)),
        ("Columns", Sort::No),
        ("Size", Sort::Number(3)),
        ("Scans", Sort::Number(4)),
        ("Used by", Sort::Count(5)),
        ("Without it", Sort::No),
    ];
    html! {
        <>
            <h3>
                { format::counted(list.len() - suggested, "index", "indexes") }
                if suggested > 0 { { format!(", {suggested} suggested") } }
            </h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="indexes">
                <thead><tr>
                    { for heads.map(|(title, column)| long::head(title, column, &order)) }
                </tr></thead>
                <tbody>{ for list.iter().take(drawn).map(|at| html! {
                    <Row key={*at} at={*at} review={props.review.clone()} send={props.send.clone()} />
                }) }</tbody>
            </table></div>
            { parts::show_all(shown, list.len(), &all) }
        </>
    }
}

/// Properties of [`Row`].
#[derive(Properties, PartialEq)]
struct RowProps {
    at: usize,
    review: Shared<Review>,
    send: Callback<Msg>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let report = &props.review.report;
    let Some(index) = report.indexes.get(props.at) else { return Html::default() };
    let tags = [
        (index.suggested, "suggested"),
        (index.constraint, "constraint"),
        (index.unique, "unique"),
    ];
    let scans = index.idx_scan.map_or_else(|| "not given".to_owned(), format::count);
    html! {
        <tr class={classes!(index.suggested.then_some("suggested"))}>
            <th scope="row" class="name">
                { index.name.clone() }
                { for tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| html! {
                    <span class="tag">{ tag }</span>
                }) }
            </th>
            <td class="name">{ index.table.clone() }</td>
            <td><code title={index.definition.clone()}>{ index.shape.clone() }</code>{ " " }
                if let Some(place) = &index.source { { parts::place(&props.send, place) } }</td>
            <td class="number">
                { format::bytes(index.size_bytes) }{ " " }{ parts::basis(index.size_basis) }
            </td>
            <td class="number">{ scans }</td>
            <td class="used-by">{ used_by(&index.used_by, &props.send) }</td>
            <td>
                if !index.suggested && !index.constraint {
                    { drop_what_if(wish::drop_of(index, report.dialect), &index.name, &props.send) }
                }
            </td>
        </tr>
    }
}

fn used_by(ids: &[String], send: &Callback<Msg>) -> Html {
    if ids.is_empty() {
        return html! { <span class="hint">{ "no query here" }</span> };
    }
    let more = ids.len().saturating_sub(QUERIES_NAMED);
    let link = |id: &String| {
        let (id, target) = (id.clone(), id.clone());
        let onclick = parts::on_click(send, move || Msg::ShowQuery(target.clone()));
        html! { <><button type="button" class="link" {onclick}>{ id }</button>{ " " }</> }
    };
    html! {
        <>
            { for ids.iter().take(QUERIES_NAMED).map(link) }
            if more > 0 { { format!("and {more} more") } }
        </>
    }
}
