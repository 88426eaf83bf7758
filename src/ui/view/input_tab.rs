//! What was read as what, and everything that could not be read, with the place.

use crate::sorted::SortedMap;

use yew::prelude::*;

use crate::diagnostic::{Diagnostic, Severity};
use crate::read::intake::InputReport;
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::parts;

/// Remarks of one kind shown before "show all".
const SHOWN: usize = 8;

/// Properties of [`InputTab`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// What was read.
#[component]
pub fn InputTab(props: &Props) -> Html {
    let report = &props.review.report;
    let mut groups: SortedMap<(Severity, &str), Vec<usize>> = SortedMap::new();
    for (position, diagnostic) in report.diagnostics.iter().enumerate() {
        let group = (diagnostic.severity, diagnostic.code.as_str());
        groups.get_or_default(group).push(position);
    }
    html! {
        <>
            <h3>{ "Recognised" }</h3>
            <div class="table-scroll" tabindex="0"><table class="plain" data-test="inputs">
                <thead><tr>
                    <th scope="col">{ "Where" }</th><th scope="col">{ "As" }</th>
                    <th scope="col">{ "Why" }</th><th scope="col">{ "Found" }</th>
                    <th scope="col">{ "Understood" }</th>
                </tr></thead>
                <tbody>{ for report.inputs.iter().map(input_row) }</tbody>
            </table></div>
            <h3>{ "Remarks" }</h3>
            if groups.is_empty() {
                <p class="hint">{ "None: everything was understood." }</p>
            }
            { for groups.into_values().map(|positions| html! {
                <Group review={props.review.clone()} {positions} send={props.send.clone()} />
            }) }
        </>
    }
}

fn input_row(input: &InputReport) -> Html {
    let total = format::count((input.entries + input.skipped) as f64);
    let understood = format::count(input.entries as f64);
    let dialect = format::dialect(input.dialect);
    html! {
        <tr>
            <th scope="row" class="name">{ format!("{}:{}", input.name, input.line) }</th>
            <td>
                { input.title.clone() }
                if !input.title.contains(dialect) {
                    { " " }<span class="basis">{ dialect }</span>
                }
            </td>
            <td>{ input.kind_reason.clone() }</td>
            <td>{ input.found.clone() }</td>
            <td>{ format!("{understood} of {total}") }</td>
        </tr>
    }
}

/// Properties of [`Group`].
#[derive(Properties, PartialEq)]
struct GroupProps {
    review: Shared<Review>,
    positions: Vec<usize>,
    send: Callback<Msg>,
}

/// Remarks of one kind.
#[component]
fn Group(props: &GroupProps) -> Html {
    let all = use_state_eq(|| false);
    let report = &props.review.report;
    let list: Vec<&Diagnostic> =
        props.positions.iter().filter_map(|p| report.diagnostics.get(*p)).collect();
    let Some(first) = list.first() else { return Html::default() };
    let shown = if *all { list.len() } else { list.len().min(SHOWN) };
    let (glyph, word, class) = match first.severity {
        Severity::Error => ("▲", "lost", "severity-high"),
        Severity::Warning => ("◆", "in part", "severity-medium"),
        Severity::Info => ("●", "note", "severity-low"),
    };
    html! {
        <section class={classes!("remarks", class)} data-test="diagnostics">
            <h4>
                <span class="severity">{ glyph }{ " " }{ word }</span>{ " " }
                <code>{ first.code.clone() }</code>
                <span class="count">{ format!(" {}", list.len()) }</span>
            </h4>
            <ul>{ for list.iter().take(shown).map(|d| remark(d, &props.review, &props.send)) }</ul>
            { parts::show_all(shown, list.len(), &all) }
        </section>
    }
}

fn remark(diagnostic: &Diagnostic, review: &Review, send: &Callback<Msg>) -> Html {
    let excerpt = diagnostic.source.as_ref().and_then(|place| {
        let (line, column) = (place.line as usize, place.column as usize);
        let lines = review.pieces.get(place.piece as usize)?.excerpt(line, 1)?;
        Some(parts::excerpt(&lines, line, column))
    });
    html! {
        <li class="remark" data-test="diagnostic">
            <p>
                if let Some(place) = &diagnostic.source { { parts::place(send, place) }{ " " } }
                { diagnostic.message.clone() }
            </p>
            if let Some(help) = &diagnostic.help { <p class="help">{ help.clone() }</p> }
            { for excerpt }
        </li>
    }
}
