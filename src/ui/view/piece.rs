//! One piece of input: its name, what was recognised in it, its text.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::ui::effect::field_id;
use crate::ui::format;
use crate::ui::piece::{Excerpt, Piece};
use crate::ui::shared::Shared;
use crate::ui::state::{Jump, Msg, Review, Tab};
use crate::ui::view::parts::{self, on_click};
use crate::ui::view::segments::{kind_menu, segment_chip, side_menu};

/// Properties of [`PieceCard`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The piece.
    pub piece: Shared<Piece>,
    /// Its position in the input.
    pub position: usize,
    /// The last jump, if it went here.
    pub jump: Option<(Jump, Option<Excerpt>)>,
    /// The last good review.
    pub review: Option<Shared<Review>>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// One piece of input.
#[component]
pub fn PieceCard(props: &Props) -> Html {
    let piece = &props.piece;
    let id = piece.id;
    let title = format!("input {}", props.position + 1);
    let name = piece.name.clone().unwrap_or_default();
    let on_name = {
        let send = props.send.clone();
        Callback::from(move |event: Event| {
            if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
            {
                send.emit(Msg::Rename(id, field.value()));
            }
        })
    };
    let shown = piece.name.clone().unwrap_or_else(|| title.clone());
    html! {
        <article class="piece" aria-label={shown.clone()} data-test="piece">
            <div class="piece-head">
                <input class="piece-name" value={name} placeholder={title} onchange={on_name}
                    aria-label={format!("Name of {shown}")} spellcheck="false" data-test="piece-name" />
                <span class="piece-size">{ size(piece) }</span>
                <button type="button" class="quiet" aria-label={format!("Remove {shown}")}
                    title="Remove" onclick={on_click(&props.send, move || Msg::Remove(id))}
                    data-test="piece-remove">{ "×" }</button>
            </div>
            { segments(props, &shown) }
            { text(props, &shown) }
        </article>
    }
}

fn size(piece: &Piece) -> String {
    let size = format::bytes(piece.body.size_bytes());
    match piece.preview.n_lines {
        Some(lines) => format!("{size}, {}", format::counted(lines, "line", "lines")),
        None => size,
    }
}

fn segments(props: &Props, shown: &str) -> Html {
    let (chips, remarks) = recognised(props).unwrap_or_default();
    html! {
        <>
            <ul class="segments" aria-label="Recognised as">{ for chips }</ul>
            <div class="piece-tools">
                { kind_menu(&props.piece, shown, &props.send) }
                { side_menu(&props.piece, shown, &props.send) }
                if remarks > 0 {
                    <button type="button" class="chip chip-remarks" data-test="remarks"
                        onclick={on_click(&props.send, || Msg::Show(Tab::Input))}>
                        { format::counted(remarks, "remark", "remarks") }
                    </button>
                }
            </div>
        </>
    }
}

/// The parts of the piece, as of the last review, and how many remarks there are on it.
fn recognised(props: &Props) -> Option<(Vec<Html>, usize)> {
    let review = props.review.as_ref()?;
    let at = review.pieces.iter().position(|piece| piece.id == props.piece.id)?;
    let report = &review.report;
    let of_this = report.inputs.iter().filter(|input| input.piece as usize == at);
    let chips = of_this.map(|input| segment_chip(input, at, &props.send)).collect();
    let places = report.diagnostics.iter().filter_map(|diagnostic| diagnostic.source.as_ref());
    Some((chips, places.filter(|place| place.piece as usize == at).count()))
}

fn text(props: &Props, shown: &str) -> Html {
    let piece = &props.piece;
    let Some(text) = piece.text() else {
        return long_text(props);
    };
    let id = piece.id;
    let send = props.send.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok()) {
            send.emit(Msg::Edit(id, field.value()));
        }
    });
    let lines = text.bytes().filter(|byte| *byte == b'\n').take(9).count() + 1;
    let rows = lines.clamp(3, 9).to_string();
    html! {
        <textarea id={field_id(id)} class="piece-text" value={text.to_owned()} {oninput} {rows}
            wrap="off" spellcheck="false" autocomplete="off" aria-label={format!("Text of {shown}")}
            data-test="textarea" />
    }
}

/// A text that no field can hold: its first lines, and the lines that a jump went to.
fn long_text(props: &Props) -> Html {
    let excerpt = props.jump.as_ref().and_then(|(jump, lines)| {
        lines.as_ref().map(|lines| parts::excerpt(lines, jump.line, jump.column))
    });
    html! {
        <div class="long-text" id={field_id(props.piece.id)} tabindex="-1" data-test="long-text">
            <p class="hint">{ "Too long to edit here; held as a file." }</p>
            if let Some(excerpt) = excerpt {
                { excerpt }
            } else {
                <pre class="excerpt" tabindex="0">{ props.piece.preview.head.clone() }{ "\n…" }</pre>
            }
        </div>
    }
}
