//! Tables and indexes with their sizes, and what the sizes rest on.

use yew::prelude::*;

use crate::dialect::Dialect;
use crate::order;
use crate::report::{IndexReport, TableReport};
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::decide::drop_what_if;
use crate::ui::view::parts;
use crate::ui::view::writes::writes;
use crate::ui::wish;

/// Rows shown before "show all".
const SHOWN: usize = 150;

/// Properties of [`Tables`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// A column to sort by, and whether downwards.
type Order = (usize, bool);

/// Tables and indexes.
#[component]
pub fn Tables(props: &Props) -> Html {
    let report = &props.review.report;
    let (all_tables, all_indexes) = (use_state_eq(|| false), use_state_eq(|| false));
    let words = use_state_eq(String::new);
    let table_order = use_state_eq(|| (2_usize, true));
    let index_order = use_state_eq(|| (1_usize, false));
    if report.tables.is_empty() {
        return parts::nothing(
            "No tables.",
            "Paste a schema: pg_dump -s, mysqldump, .schema or \\d.",
        );
    }
    let word = words.to_lowercase();
    let named = |name: &str| name.to_lowercase().contains(&word);
    let mut tables: Vec<&TableReport> = report.tables.iter().filter(|t| named(&t.name)).collect();
    sort(&mut tables, *table_order, |table, column| match column {
        1 => Value::Number(table.rows),
        2 => Value::Number(table.size_bytes),
        _ => Value::Text(&table.name),
    });
    let in_name = |index: &&IndexReport| named(&index.name) || named(&index.table);
    let mut indexes: Vec<&IndexReport> = report.indexes.iter().filter(in_name).collect();
    sort(&mut indexes, *index_order, |index, column| match column {
        1 => Value::Text(&index.table),
        3 => Value::Number(index.size_bytes),
        4 => Value::Number(index.idx_scan.unwrap_or(-1.0)),
        5 => Value::Number(index.used_by.len() as f64),
        _ => Value::Text(&index.name),
    });
    let calibrated = props.review.report.calibrated;
    let n_tables = if *all_tables { tables.len() } else { tables.len().min(SHOWN) };
    let n_indexes = if *all_indexes { indexes.len() } else { indexes.len().min(SHOWN) };
    html! {
        <>
            <div class="toolbar">
                { parts::search("Filter by name", &words, "table-filter") }
            </div>
            <h3>{ format::counted(tables.len(), "table", "tables") }</h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="tables">
                <thead><tr>
                    { for [("Table", Some(0)), ("Rows", Some(1)), ("Size", Some(2)), ("Defined", None)]
                        .map(|(title, column)| head(title, column, &table_order)) }
                </tr></thead>
                <tbody>
                    { for tables.iter().take(n_tables).map(|t| table_row(t, calibrated, &props.send)) }
                </tbody>
            </table></div>
            { parts::show_all(n_tables, tables.len(), &all_tables) }
            if word.is_empty() { { writes(report) } }
            <h3>{ format::counted(indexes.len(), "index", "indexes") }</h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="indexes">
                <thead><tr>
                    { for [("Index", Some(0)), ("Table", Some(1)), ("Definition", None),
                        ("Size", Some(3)), ("Scans", Some(4)), ("Used by", Some(5)), ("Without it", None)]
                        .map(|(title, column)| head(title, column, &index_order)) }
                </tr></thead>
                <tbody>
                    { for indexes.iter().take(n_indexes)
                        .map(|i| index_row(i, report.dialect, &props.send)) }
                </tbody>
            </table></div>
            { parts::show_all(n_indexes, indexes.len(), &all_indexes) }
        </>
    }
}

/// What a column is sorted by.
enum Value<'a> {
    Number(f64),
    Text(&'a str),
}

fn sort<T>(list: &mut [&T], order: Order, value: fn(&T, usize) -> Value<'_>) {
    let (column, downwards) = order;
    order::sort_by(list, |a, b| {
        let ordering = match (value(a, column), value(b, column)) {
            (Value::Number(a), Value::Number(b)) => a.total_cmp(&b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        };
        if downwards { ordering.reverse() } else { ordering }
    });
}

fn head(title: &'static str, column: Option<usize>, order: &UseStateHandle<Order>) -> Html {
    let Some(column) = column else {
        return html! { <th scope="col">{ title }</th> };
    };
    let number = !matches!(title, "Table" | "Index" | "Used by");
    let (current, downwards) = **order;
    let (sorted, arrow) = match (current == column, downwards) {
        (false, _) => ("none", ""),
        (true, true) => ("descending", " ↓"),
        (true, false) => ("ascending", " ↑"),
    };
    let order = order.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let next = if current == column { !downwards } else { column > 1 };
        order.set((column, next));
    });
    html! {
        <th scope="col" aria-sort={sorted} class={classes!(number.then_some("number"))}>
            <button type="button" class="sort" {onclick}>{ title }{ arrow }</button>
        </th>
    }
}

fn table_row(table: &TableReport, calibrated: bool, send: &Callback<Msg>) -> Html {
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

fn index_row(index: &IndexReport, dialect: Dialect, send: &Callback<Msg>) -> Html {
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
                if let Some(place) = &index.source { { parts::place(send, place) } }</td>
            <td class="number">
                { format::bytes(index.size_bytes) }{ " " }{ parts::basis(index.size_basis) }
            </td>
            <td class="number">{ scans }</td>
            <td class="used-by">{ used_by(&index.used_by, send) }</td>
            <td>
                if !index.suggested && !index.constraint {
                    { drop_what_if(wish::drop_of(index, dialect), &index.name, send) }
                }
            </td>
        </tr>
    }
}

fn used_by(ids: &[String], send: &Callback<Msg>) -> Html {
    if ids.is_empty() {
        return html! { <span class="hint">{ "no query here" }</span> };
    }
    let more = ids.len().saturating_sub(8);
    let link = |id: &String| {
        let (id, target) = (id.clone(), id.clone());
        let onclick = parts::on_click(send, move || Msg::ShowQuery(target.clone()));
        html! { <><button type="button" class="link" {onclick}>{ id }</button>{ " " }</> }
    };
    html! {
        <>
            { for ids.iter().take(8).map(link) }
            if more > 0 { { format!("and {more} more") } }
        </>
    }
}
