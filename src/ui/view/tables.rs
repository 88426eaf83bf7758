//! Tables and indexes with their sizes, and what the sizes rest on.

use yew::prelude::*;

use crate::report::TableReport;
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::indexes::Indexes;
use crate::ui::view::long::{self, SHOWN, Sort, Value, use_growing};
use crate::ui::view::parts;
use crate::ui::view::writes::Writes;

/// Properties of [`Tables`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Tables and indexes.
#[component]
pub fn Tables(props: &Props) -> Html {
    let words = use_state_eq(String::new);
    if props.review.report.tables.is_empty() {
        return parts::nothing(
            "No tables.",
            "Paste a schema: pg_dump -s, mysqldump, .schema or \\d.",
        );
    }
    let word = words.trim().to_lowercase();
    let (review, send) = (&props.review, &props.send);
    html! {
        <>
            <div class="toolbar">
                { parts::search("Filter by name", &words, "table-filter") }
            </div>
            <TableList review={review.clone()} word={word.clone()} send={send.clone()} />
            if word.is_empty() { <Writes review={review.clone()} /> }
            <Indexes review={review.clone()} {word} send={send.clone()} />
        </>
    }
}

/// Properties of [`TableList`].
#[derive(Properties, PartialEq)]
struct ListProps {
    review: Shared<Review>,
    word: String,
    send: Callback<Msg>,
}

#[component]
fn TableList(props: &ListProps) -> Html {
    let order = use_state_eq(|| (2_usize, true));
    let all = use_state_eq(|| false);
    let list =
        use_memo((props.review.clone(), props.word.clone(), *order), |(review, word, order)| {
            let passes = |table: &TableReport| table.name.to_lowercase().contains(word);
            long::sorted(&review.report.tables, passes, *order, |table, column| match column {
                1 => Value::Number(table.rows),
                2 => Value::Number(table.size_bytes),
                _ => Value::Text(&table.name),
            })
        });
    let shown = if *all { list.len() } else { list.len().min(SHOWN) };
    let drawn = use_growing(shown);
    let report = &props.review.report;
    let heads = [
        ("Table", Sort::Text(0)),
        ("Rows", Sort::Number(1)),
        ("Size", Sort::Number(2)),
        ("Defined", Sort::No),
    ];
    html! {
        <>
            <h3>{ format::counted(list.len(), "table", "tables") }</h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="tables">
                <thead><tr>
                    { for heads.map(|(title, column)| long::head(title, column, &order)) }
                </tr></thead>
                <tbody>
                    { for list.iter().take(drawn).filter_map(|at| report.tables.get(*at))
                        .map(|table| row(table, report.calibrated, &props.send)) }
                </tbody>
            </table></div>
            { parts::show_all(shown, list.len(), &all) }
        </>
    }
}

fn row(table: &TableReport, calibrated: bool, send: &Callback<Msg>) -> Html {
    html! {
        <tr>
            <th scope="row" class="name">{ table.name.clone() }</th>
            <td class="number">
                { format::count(table.rows) }{ " " }{ parts::basis_of_size(table.rows_basis, calibrated) }
            </td>
            <td class="number">
                { format::bytes(table.size_bytes) }{ " " }
                { parts::basis_of_size(table.size_basis, calibrated) }
            </td>
            <td>if let Some(place) = &table.source { { parts::place(send, place) } }</td>
        </tr>
    }
}
