//! Statements with their locks, indexes that come and go, differences of two schemas.

use yew::prelude::*;

use crate::against::locks::{StatementReport, Transaction};
use crate::against::{Against, ComparedIndex, Difference, Happens};
use crate::dialect::Dialect;
use crate::report::against_text::{is_blocking, lock_line, usage};
use crate::ui::format;
use crate::ui::state::Msg;
use crate::ui::view::parts;

/// A statement: what it does, what it locks, who waits, and its safer form.
pub fn statement(one: &StatementReport, dialect: Dialect, send: &Callback<Msg>) -> Html {
    let blocking = is_blocking(one);
    let waits = match one.blocks {
        crate::against::locks::Blocks::Nothing => "Nobody".to_owned(),
        blocks => format!("{}, {}", capital(blocks.words()), one.lasts.words()),
    };
    let scanned = one.scanned.as_ref().map(|scanned| html! {
        <div><dt>{ "Goes through" }</dt><dd>
            { format!("{}, {} rows ", format::bytes(scanned.bytes), format::count(scanned.rows)) }
            { parts::basis(scanned.basis) }
        </dd></div>
    });
    html! {
        <li class={classes!("statement", blocking.then_some("statement-blocking"))}
            data-test="against-statement">
            { parts::statements(send, std::slice::from_ref(&one.sql), dialect, "the statement") }
            <dl class="facts">
                <div><dt>{ "Does" }</dt><dd>{ one.does.join(", ") }</dd></div>
                if !one.locks.is_empty() {
                    <div><dt>{ "Locks" }</dt><dd>{ lock_line(one) }</dd></div>
                }
                <div><dt>{ "Waits" }</dt><dd>
                    if blocking { <strong>{ waits }</strong> } else { { waits } }
                </dd></div>
                { for scanned }
                if let Some(place) = &one.source {
                    <div><dt>{ "At" }</dt><dd>{ parts::place(send, place) }</dd></div>
                }
            </dl>
            <ul class="notes">
                { for one.notes.iter().map(|note| html! { <li>{ note.clone() }</li> }) }
                if one.transaction != Transaction::Allowed {
                    <li>{ one.transaction.words() }</li>
                }
            </ul>
            if !one.safer.is_empty() {
                <p>{ "Safer:" }</p>
                { parts::statements(send, &one.safer, dialect, "the safer form") }
            }
        </li>
    }
}

fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Indexes that come and go.
pub fn indexes(against: &Against, send: &Callback<Msg>) -> Html {
    if against.indexes.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ "Indexes that come and go" }</h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="against-indexes">
                <thead><tr>
                    <th scope="col">{ "Index" }</th>
                    <th scope="col">{ "Definition" }</th>
                    <th scope="col" class="number">{ "Size" }</th>
                    <th scope="col" class="number">{ "Per 1000 rows written" }</th>
                    <th scope="col">{ "Used" }</th>
                    <th scope="col">{ "Redundant" }</th>
                </tr></thead>
                <tbody>{ for against.indexes.iter().map(|index| index_row(index, send)) }</tbody>
            </table></div>
        </>
    }
}

fn index_row(index: &ComparedIndex, send: &Callback<Msg>) -> Html {
    let sign = if index.happens == Happens::Added { "+" } else { "−" };
    let link = |id: &String| {
        let (id, target) = (id.clone(), id.clone());
        let onclick = parts::on_click(send, move || Msg::ShowQuery(target.clone()));
        html! { <><button type="button" class="link" {onclick}>{ id }</button>{ " " }</> }
    };
    html! {
        <tr data-test="against-index">
            <th scope="row" class="name">{ index.name.clone() }
                <span class="tag">{ index.happens.name() }</span></th>
            <td><code>{ format!("{} {}", index.table, index.shape) }</code></td>
            <td class="number">{ sign }{ format::bytes(index.size_bytes) }{ " " }
                { parts::basis(index.size_basis) }</td>
            <td class="number">{ sign }{ format::cost(index.write_cost) }</td>
            <td class="used-by">
                if index.used_by.is_empty() {
                    { usage(index) }
                } else {
                    { for index.used_by.iter().take(8).map(link) }
                }
            </td>
            <td>{ index.redundant.clone() }</td>
        </tr>
    }
}

/// What differs between the schemas.
pub fn differences(against: &Against) -> Html {
    if against.differences.is_empty() {
        return html! { <p class="hint">{ "The schemas do not differ." }</p> };
    }
    let row = |one: &Difference| {
        html! {
            <tr>
                <th scope="row">{ one.kind.clone() }</th>
                <td>{ one.happens.name() }</td>
                <td class="name">{ one.table.clone() }</td>
                <td class="name">{ one.name.clone() }</td>
                <td><code>{ one.before.clone() }</code></td>
                <td><code>{ one.after.clone() }</code></td>
            </tr>
        }
    };
    html! {
        <>
            <h3>{ format::counted(against.differences.len(), "difference", "differences") }</h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="differences">
                <thead><tr>
                    { for ["Kind", "Is", "Table", "Name", "Today", "Proposed"].map(|title| html! {
                        <th scope="col">{ title }</th>
                    }) }
                </tr></thead>
                <tbody>{ for against.differences.iter().map(row) }</tbody>
            </table></div>
        </>
    }
}
