//! What is going on: working, failed, changed, nothing yet, nothing recognised.

use yew::prelude::*;

use crate::progress::Stage;
use crate::ui::client::{Failure, Reason};
use crate::ui::desk::message::DeskMsg;
use crate::ui::format;
use crate::ui::help::TOPICS;
use crate::ui::samples::SAMPLES;
use crate::ui::shared::Shared;
use crate::ui::state::{Dialog, Msg, Phase, Review};
use crate::ui::view::parts::on_click;

/// Properties of [`Outcome`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is going on.
    pub phase: Phase,
    /// A session is being read.
    pub is_opening: bool,
    /// There is an earlier review on the page.
    pub has_review: bool,
    /// That review.
    pub review: Option<Shared<Review>>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// What is going on.
#[component]
pub fn Outcome(props: &Props) -> Html {
    let send = &props.send;
    match &props.phase {
        Phase::Empty if props.is_opening => Html::default(),
        Phase::Empty => empty(send),
        Phase::Held => held(send),
        Phase::Changed if props.has_review => html! {
            <p class="state-line floating changed" role="status" data-test="changed">
                { "The input has changed since this review. " }
                <button type="button" onclick={on_click(send, || Msg::Run)}>{ "Run" }</button>
            </p>
        },
        Phase::Changed => html! {
            <p class="state-line" role="status" data-test="changed">
                { "Not reviewed yet. " }
                <button type="button" onclick={on_click(send, || Msg::Run)}>{ "Run" }</button>
            </p>
        },
        Phase::Working { stage, done, total, .. } => working(*stage, *done, *total, props),
        Phase::Failed(failure) => failed(failure, props.has_review, send),
        Phase::Ready => match &props.review {
            Some(review) if recognised_nothing(review) => not_recognised(send),
            _ => Html::default(),
        },
    }
}

fn working(stage: Stage, done: usize, total: usize, props: &Props) -> Html {
    let class = classes!("state-line", "working", props.has_review.then_some("floating"));
    let (title, unit) = format::stage(stage);
    let counts = match stage {
        _ if total == 0 => String::new(),
        Stage::Read => {
            format!("{} of {}", format::bytes(done as f64), format::bytes(total as f64))
        }
        _ => format!("{done} of {total} {unit}"),
    };
    let max = (total > 0).then(|| total.to_string());
    let value = (total > 0).then(|| done.to_string());
    html! {
        <div {class} data-test="working">
            <label>
                <span role="status">{ title }</span>
                <progress {max} {value} />
            </label>
            <span class="counts">{ counts }</span>
            <button type="button" onclick={on_click(&props.send, || Msg::Cancel)}>
                { "Cancel" }
            </button>
        </div>
    }
}

fn failed(failure: &Failure, has_review: bool, send: &Callback<Msg>) -> Html {
    let (what, help) = match failure.reason {
        Reason::Panicked => (
            "Sargable has a bug and stopped at this input",
            "The analysis was started afresh. Remove the piece that causes it, or run again.",
        ),
        Reason::Stopped => (
            "The browser stopped the analysis",
            "Often because it ran out of memory. Try a part of the input, or the command: \
             sargable review FILE",
        ),
        Reason::Silent => (
            "The analysis did not answer for a minute and was stopped",
            "Try a part of the input, or the command, which has no time limit: sargable review FILE",
        ),
        Reason::Refused => (
            "The input could not be handed over",
            "If it came from a file that was changed or moved since, open it again.",
        ),
        Reason::NotStarted => (
            "The browser refused to start the analysis",
            "It needs web workers. Reload the page; if it stays so, use another browser.",
        ),
    };
    let during = failure.stage.map(|stage| format!("While: {}", format::stage(stage).0));
    html! {
        <section class="alert failure" role="alert" data-test="failure">
            <h2>{ what }</h2>
            <p>{ "Your text is as it was. " }{ help }</p>
            if let Some(during) = during { <p>{ during }</p> }
            if !failure.detail.is_empty() {
                <details>
                    <summary>{ "What the program said (it may quote your input)" }</summary>
                    <pre>{ failure.detail.clone() }</pre>
                </details>
            }
            <button type="button" class="primary" onclick={on_click(send, || Msg::Run)}
                data-test="run-again">{ "Run again" }</button>
            if has_review { <p class="hint">{ "Below is the last review that succeeded." }</p> }
        </section>
    }
}

fn held(send: &Callback<Msg>) -> Html {
    html! {
        <section class="alert failure" role="alert" data-test="held">
            <h2>{ "Not run: this stopped the analysis before" }</h2>
            <p>
                { "The last review of this input crashed, ran out of memory or never ended, so it is \
                   not run by itself. Remove the piece that causes it, or run it anyway: the page and \
                   your text survive a crash of the analysis." }
            </p>
            <button type="button" onclick={on_click(send, || Msg::Desk(DeskMsg::RunAnyway))}
                data-test="run-anyway">{ "Run anyway" }</button>
        </section>
    }
}

fn recognised_nothing(review: &Review) -> bool {
    let report = &review.report;
    report.tables.is_empty()
        && report.queries.is_empty()
        && report.plans.is_empty()
        && report.inputs.iter().all(|input| input.entries == 0)
}

fn accepted(send: &Callback<Msg>) -> Html {
    html! {
        <>
            <ul class="accepted">
                { for TOPICS.iter().map(|topic| html! {
                    <li><strong>{ topic.title }</strong>{ ": " }{ topic.gives }</li>
                }) }
            </ul>
            <button type="button" onclick={on_click(send, || Msg::Open(Dialog::Help))}>
                { "The command for each" }
            </button>
        </>
    }
}

fn not_recognised(send: &Callback<Msg>) -> Html {
    html! {
        <section class="alert" role="alert" data-test="not-recognised">
            <h2>{ "Not recognised" }</h2>
            <p>
                { "Nothing in this text is a schema, a query, a plan or a log that Sargable knows. \
                   If it is, set its kind beside its name. It reads:" }
            </p>
            { accepted(send) }
        </section>
    }
}

fn empty(send: &Callback<Msg>) -> Html {
    html! {
        <section class="empty" data-test="empty">
            <h2>{ "Which index is missing, which is redundant, and why?" }</h2>
            <p>
                { "Paste a schema and the queries that run on it; plans, a log and statistics make \
                   the answer sharper. Everything goes into one place, in any order:" }
            </p>
            { accepted(send) }
            <p class="sample-list">
                { "Or look at a sample: " }
                { for SAMPLES.iter().enumerate().map(|(position, sample)| html! {
                    <button type="button" title={sample.about}
                        onclick={on_click(send, move || Msg::Sample(position))}>
                        { sample.title }
                    </button>
                }) }
            </p>
        </section>
    }
}
