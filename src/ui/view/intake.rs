//! The one place for everything that goes in.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::dialect::Dialect;
use crate::ui::body::Body;
use crate::ui::desk::keep::Keep;
use crate::ui::desk::message::DeskMsg;
use crate::ui::download;
use crate::ui::format;
use crate::ui::listen;
use crate::ui::piece::{Excerpt, Piece};
use crate::ui::samples::SAMPLES;
use crate::ui::shared::Shared;
use crate::ui::state::{Dialog, Jump, Msg, NewPiece, Phase, Refusal, Review};
use crate::ui::view::keep::keep;
use crate::ui::view::parts::on_click;
use crate::ui::view::piece::PieceCard;

/// Properties of [`Intake`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The input.
    pub pieces: Vec<Shared<Piece>>,
    /// The dialect the user set.
    pub dialect: Option<Dialect>,
    /// The sample that is loaded.
    pub sample: Option<usize>,
    /// What is going on.
    pub phase: Phase,
    /// The last good review.
    pub review: Option<Shared<Review>>,
    /// Where the last jump went.
    pub jump: Option<(Jump, Option<Excerpt>)>,
    /// Files that could not be opened.
    pub refused: Vec<Refusal>,
    /// What is kept in this browser.
    pub keep: Keep,
    /// The input came with a link.
    pub is_borrowed: bool,
    /// Number of the user's pieces that the last step took away.
    pub n_lost: usize,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The intake.
#[component]
pub fn Intake(props: &Props) -> Html {
    let send = &props.send;
    let card = |(position, piece): (usize, &Shared<Piece>)| {
        let jump = props.jump.clone().filter(|(jump, _)| jump.piece == piece.id);
        html! {
            <PieceCard key={piece.id} piece={piece.clone()} {position} {jump}
                review={props.review.clone()} send={send.clone()} />
        }
    };
    html! {
        <section id="intake" class="intake" aria-labelledby="intake-title" data-test="intake">
            <div class="intake-head">
                <h2 id="intake-title">{ "Input" }</h2>
                { dialect_menu(props) }
            </div>
            // Notes and pieces come and go in elements of their own: yew would else make their
            // neighbours anew, with the focus and the selection in them.
            <div class="notes">
                { banner(props.sample) }
                { refusals(&props.refused, &props.send) }
                if props.n_lost > 0 {
                    <p class="banner" data-test="aside">
                        { "Your previous input was put aside. " }
                        <button type="button" class="link" data-test="bring-back"
                            onclick={on_click(send, || Msg::Desk(DeskMsg::Undo))}>{ "Bring it back" }</button>
                    </p>
                }
            </div>
            { toolbar(props) }
            <div class="pieces">{ for props.pieces.iter().enumerate().map(card) }</div>
            { new_piece(props) }
            { keep(&props.keep, props.is_borrowed, send) }
            <p class="privacy">
                { "Your SQL stays in this tab: after loading, the browser refuses this page every \
                   network request. " }
                <button type="button" class="link" aria-haspopup="dialog" data-test="privacy"
                    onclick={on_click(send, || Msg::Open(Dialog::Privacy))}>
                    { "How to check" }
                </button>
                { " It also works offline, and " }
                <button type="button" class="link" data-test="single-file"
                    onclick={|_| download::download_page()}>
                    { "as one file" }
                </button>
                { "." }
            </p>
        </section>
    }
}

/// Says that what is seen is a sample.
pub fn banner(sample: Option<usize>) -> Html {
    let Some(sample) = sample.and_then(|sample| SAMPLES.get(sample)) else {
        return Html::default();
    };
    html! {
        <p class="banner" data-test="sample-banner">
            <strong>{ "Sample data: paste or drop yours." }</strong>{ " " }{ sample.about }
        </p>
    }
}

fn toolbar(props: &Props) -> Html {
    let send = &props.send;
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let picker = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(list) = picker.and_then(|picker| picker.files()) {
                listen::open((0..list.length()).filter_map(|i| list.get(i)).collect(), &send);
            }
        })
    };
    let working = matches!(props.phase, Phase::Working { .. });
    let due = matches!(props.phase, Phase::Changed | Phase::Failed(_));
    html! {
        <div class="toolbar">
            <button type="button" onclick={on_click(send, || Msg::PickFiles)} title="Open files (Ctrl O)"
                data-test="open">{ "Open files…" }</button>
            <input id="file-picker" type="file" multiple=true class="visually-hidden" tabindex="-1"
                aria-label="Files" {onchange} data-test="file-picker" />
            <span class="spacer"></span>
            if !props.pieces.is_empty() {
                <button type="button" class="quiet" onclick={on_click(send, || Msg::Clear)}
                    data-test="clear">{ "Clear" }</button>
            }
            if working {
                <button type="button" onclick={on_click(send, || Msg::Cancel)} data-test="cancel">
                    { "Cancel" }
                </button>
            } else {
                <button type="button" class={classes!(due.then_some("primary"))}
                    disabled={props.pieces.is_empty()} title="Run (Ctrl Enter)"
                    onclick={on_click(send, || Msg::Run)} data-test="run">{ "Run" }</button>
            }
        </div>
    }
}

fn dialect_menu(props: &Props) -> Html {
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let name = menu.map(|menu| menu.value()).unwrap_or_default();
        send.emit(Msg::SetDialect(Dialect::from_name(&name)));
    });
    let detected = match &props.review {
        Some(review) if props.dialect.is_none() => {
            format!("Detect ({})", format::dialect(review.report.dialect))
        }
        _ => "Detect".to_owned(),
    };
    let option = |dialect: Dialect| {
        let selected = props.dialect == Some(dialect);
        html! { <option value={dialect.name()} {selected}>{ format::dialect(dialect) }</option> }
    };
    html! {
        <label class="menu">
            <span class="visually-hidden">{ "Dialect" }</span>
            <select {onchange} title="Dialect" data-test="dialect">
                <option value="" selected={props.dialect.is_none()}>{ detected }</option>
                { for Dialect::ALL.into_iter().map(option) }
            </select>
        </label>
    }
}

/// What could not be opened.
pub fn refusals(refused: &[Refusal], send: &Callback<Msg>) -> Html {
    if refused.is_empty() {
        return Html::default();
    }
    let one = |refusal: &Refusal| {
        html! { <li><strong>{ refusal.name.clone() }</strong>{ ": " }{ refusal.why.clone() }</li> }
    };
    html! {
        <div class="alert" role="alert" data-test="refused">
            <p>{ "Not opened:" }</p>
            <ul>{ for refused.iter().map(one) }</ul>
            <button type="button" onclick={on_click(send, || Msg::DismissRefusals)}>
                { "Dismiss" }
            </button>
        </div>
    }
}

/// The empty field at the end: what is typed or pasted there is a new piece.
fn new_piece(props: &Props) -> Html {
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        let field = event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok());
        let Some(field) = field.filter(|field| !field.value().trim().is_empty()) else { return };
        let piece = NewPiece { name: None, body: Body::from_text(&field.value()) };
        field.set_value("");
        listen::add(vec![piece], &send);
    });
    let onkeydown = {
        let add = onchange.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                add.emit(event.into());
            }
        })
    };
    let rows = if props.pieces.is_empty() { "12" } else { "2" };
    html! {
        <label class="new-piece">
            <span>
                { "Paste or drop anything, anywhere: a schema, queries, a log, plans, statistics" }
            </span>
            <textarea id="new-piece" {rows} spellcheck="false" {onchange} {onkeydown}
                placeholder="CREATE TABLE …, SELECT …, EXPLAIN output, a log" data-test="paste-field" />
        </label>
    }
}
