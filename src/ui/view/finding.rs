//! One finding: one line when folded, the whole argument when not.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::advise::{Finding, Importance};
use crate::input::Decision;
use crate::ui::format;
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, Review};
use crate::ui::view::finding_parts;
use crate::ui::view::parts::on_click;
use crate::ui::wish;

/// Properties of [`FindingCard`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Position of the finding in the report.
    pub position: usize,
    /// Shows the whole argument.
    pub unfolded: bool,
    /// Is part of the migration.
    pub chosen: bool,
    /// What was decided about the index it creates.
    pub decision: Option<Decision>,
    /// `j` and `k` are here.
    pub current: bool,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// One finding.
#[component]
pub fn FindingCard(props: &Props) -> Html {
    let Some(finding) = props.review.report.findings.get(props.position) else {
        return Html::default();
    };
    let position = props.position;
    let class = classes!(
        "finding",
        format!("severity-{}", format::importance(finding.severity)),
        props.unfolded.then_some("unfolded"),
        props.current.then_some("current"),
    );
    let body = format!("finding-{position}-body");
    html! {
        <li {class} data-test="finding" data-code={finding.code.clone()}>
            <div class="finding-head">
                { choice(props, finding) }
                <h3>
                    <button type="button" id={format!("finding-{position}")} class="finding-toggle"
                        aria-expanded={props.unfolded.to_string()} aria-controls={body.clone()}
                        onclick={on_click(&props.send, move || Msg::Toggle(position))}
                        data-test="finding-toggle">
                        <span class="severity">{ severity(finding.severity) }</span>
                        <span class="title">{ finding.title.clone() }</span>
                    </button>
                </h3>
                { tags(finding, props.decision.as_ref()) }
            </div>
            <div id={body} class="finding-body" hidden={!props.unfolded}>
                if props.unfolded {
                    { finding_parts::body(finding, &props.review, props.decision.as_ref(), &props.send) }
                }
            </div>
        </li>
    }
}

/// A shape beside the word, so that it is found by looking and does not need colour.
fn severity(importance: Importance) -> &'static str {
    match importance {
        Importance::High => "▲ high",
        Importance::Medium => "◆ medium",
        Importance::Low => "● low",
    }
}

fn choice(props: &Props, finding: &Finding) -> Html {
    if finding.create.is_empty() && finding.drop.is_empty() {
        return html! { <span class="no-choice"></span> };
    }
    let (send, position) = (props.send.clone(), props.position);
    let onchange = Callback::from(move |event: Event| {
        if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
            send.emit(Msg::Choose(position, field.checked()));
        }
    });
    html! {
        <input type="checkbox" checked={props.chosen} {onchange} title="Part of the migration"
            aria-label={format!("Part of the migration: {}", finding.title)} data-test="choose" />
    }
}

fn tags(finding: &Finding, decision: Option<&Decision>) -> Html {
    let gain = match (finding.cost_before, finding.cost_after) {
        (Some(before), Some(after)) if after < before => format::gain(before, after),
        _ => String::new(),
    };
    let size = finding.size_bytes.filter(|size| *size > 0.0).map(|size| {
        let sign = if finding.create.is_empty() { "frees" } else { "adds" };
        format!("{sign} {}", format::bytes(size))
    });
    let (confidence, why) = format::confidence(finding.confidence);
    html! {
        <ul class="tags">
            if let Some(decision) = decision {
                <li class="verdict">{ wish::verdict(decision.verdict) }</li>
            }
            if !gain.is_empty() { <li class="gain">{ gain }</li> }
            <li class="code">{ finding.code.clone() }</li>
            if let Some(table) = &finding.table { <li class="name">{ table.clone() }</li> }
            if let Some(size) = size { <li>{ size }</li> }
            <li title={why}>{ format!("confidence {confidence}") }</li>
        </ul>
    }
}
