//! What each table takes on disk and what its indexes cost when rows are written: as things are, and
//! with the suggested indexes.

use crate::sorted::SortedMap;

use yew::prelude::*;

use crate::order;
use crate::report::{Report, TableReport, WriteReport};
use crate::ui::format::{self, counted};
use crate::ui::shared::Shared;
use crate::ui::state::Review;
use crate::ui::view::long::{SHOWN, use_growing};

/// Properties of [`Writes`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
}

/// Bytes of the indexes of a table: existing, suggested; and how many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Indexes {
    bytes: (f64, f64),
    n: (usize, usize),
}

/// The tables that have indexes, those that cost most first.
fn costliest(report: &Report) -> Vec<(usize, Indexes)> {
    let mut indexes: SortedMap<&str, Indexes> = SortedMap::new();
    for index in &report.indexes {
        let of = indexes.get_or_default(&index.table);
        match index.suggested {
            true => (of.bytes.1, of.n.1) = (of.bytes.1 + index.size_bytes, of.n.1 + 1),
            false => (of.bytes.0, of.n.0) = (of.bytes.0 + index.size_bytes, of.n.0 + 1),
        }
    }
    let entries = |table: &TableReport| table.writes.as_ref().map_or(0.0, |w| w.after.entries);
    let mut tables: Vec<(usize, &TableReport, Indexes)> = report
        .tables
        .iter()
        .enumerate()
        .filter_map(|(at, table)| Some((at, table, *indexes.get(table.name.as_str())?)))
        .collect();
    order::sort_by(&mut tables, |(_, a, of_a), (_, b, of_b)| {
        entries(b).total_cmp(&entries(a)).then(whole(b, *of_b).total_cmp(&whole(a, *of_a)))
    });
    tables.into_iter().map(|(at, _, of)| (at, of)).collect()
}

fn whole(table: &TableReport, of: Indexes) -> f64 {
    table.size_bytes + of.bytes.0 + of.bytes.1
}

/// The table of sizes and write bills.
#[component]
pub fn Writes(props: &Props) -> Html {
    let tables = use_memo(props.review.clone(), |review| costliest(&review.report));
    let drawn = use_growing(tables.len().min(SHOWN));
    if tables.is_empty() {
        return Html::default();
    }
    let tables =
        tables.iter().filter_map(|(at, of)| Some((props.review.report.tables.get(*at)?, *of)));
    let tables: Vec<(&TableReport, Indexes)> = tables.collect();
    let largest = tables.iter().map(|(table, of)| whole(table, *of)).fold(1.0, f64::max);
    html! {
        <>
            <h3>{ "Sizes and what writing costs" }</h3>
            <p class="hint">
                { "Index entries that a row inserted or updated adds, or a row deleted leaves \
                   behind; then what all rows written here add. An UPDATE that is HOT adds none." }
            </p>
            <div class="table-scroll" tabindex="0"><table class="plain writes" data-test="writes">
                <thead>
                    <tr>
                        <th scope="col">{ "Table" }</th>
                        <th scope="col" class="number">{ "Heap" }</th>
                        <th scope="col" class="number">{ "Indexes" }</th>
                        <th scope="col">{ "Heap ░ indexes █ new ▨" }</th>
                        <th scope="col" class="number">{ "INSERT, DELETE" }</th>
                        <th scope="col" class="number">{ "UPDATE" }</th>
                        <th scope="col" class="number">{ "Rows written here" }</th>
                        <th scope="col" class="number">{ "Entries for them" }</th>
                    </tr>
                </thead>
                <tbody>
                    { for tables.iter().take(drawn).map(|(table, of)| row(table, *of, largest)) }
                </tbody>
            </table></div>
            if tables.len() > SHOWN {
                <p class="hint">{ format!("The {SHOWN} of {} that cost most.", tables.len()) }</p>
            }
        </>
    }
}

fn row(table: &TableReport, indexes: Indexes, largest: f64) -> Html {
    let (now, new) = indexes.bytes;
    let writes = table.writes.clone().unwrap_or_default();
    let (before, after) = (&writes.before, &writes.after);
    html! {
        <tr>
            <th scope="row" class="name">{ table.name.clone() }</th>
            <td class="number">{ format::bytes(table.size_bytes) }</td>
            <td class="number">
                { change(now, now + new, format::bytes) }
                <span class="hint">{ format!(" in {}", indexes.n.0 + indexes.n.1) }</span>
            </td>
            <td>{ bar([table.size_bytes, now, new], largest) }</td>
            <td class="number">{ change(before.per_insert, after.per_insert, entries) }</td>
            <td class="number">
                { match (before.per_update, after.per_update) {
                    (Some(before), Some(after)) => change(before, after, entries),
                    _ => html! { <span class="hint">{ "none here" }</span> },
                } }
                { for hot(&writes) }
            </td>
            <td class="number written">{ rows_written(&writes) }</td>
            <td class="number">{ change(before.entries, after.entries, format::count) }</td>
        </tr>
    }
}

/// `3 → 4`, or what it stays at.
fn change(before: f64, after: f64, text: fn(f64) -> String) -> Html {
    let (before, after) = (text(before), text(after));
    if before == after {
        return html! { { before } };
    }
    html! { <>{ before }<span class="arrow" aria-label="to">{ " → " }</span><strong>{ after }</strong></> }
}

/// Entries for one row: partial indexes take a part of the rows.
fn entries(n: f64) -> String {
    let rounded = libm::rint(n);
    if (n - rounded).abs() < 0.05 { format::count(rounded) } else { format!("{n:.1}") }
}

fn hot(writes: &WriteReport) -> Option<Html> {
    let lost = writes.hot_lost.len();
    (lost > 0).then(|| {
        html! {
            <span class="loss" title={writes.hot_lost.join(", ")}>
                { format!(" {} no longer HOT", counted(lost, "query", "queries")) }
            </span>
        }
    })
}

fn rows_written(writes: &WriteReport) -> Html {
    let parts =
        [(writes.inserted, "inserted"), (writes.updated, "updated"), (writes.deleted, "deleted")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0.0)
        .map(|(n, what)| format!("{}\u{a0}{what}", format::count(*n)))
        .collect();
    if parts.is_empty() {
        return html! { <span class="hint">{ "none" }</span> };
    }
    html! { { parts.join(", ") } }
}

/// Heap, indexes, new indexes, one behind the other.
fn bar(lengths: [f64; 3], full: f64) -> Html {
    let width = |bytes: f64| 160.0 * (bytes / full).clamp(0.0, 1.0);
    let mut x = 0.0;
    let mut part = |bytes: f64, class: &'static str| {
        let (left, width) = (x, width(bytes));
        x += width;
        html! {
            <rect {class} x={format!("{left:.1}")} width={format!("{width:.1}")} height="10" />
        }
    };
    let [heap, now, new] = lengths;
    html! {
        <svg class="size-bar" viewBox="0 0 160 10" aria-hidden="true" focusable="false">
            { part(heap, "size-heap") }{ part(now, "size-index") }{ part(new, "size-new") }
        </svg>
    }
}
