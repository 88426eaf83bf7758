//! What was recognised in a piece, why, and how much of it was understood.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::diagnostic::Place;
use crate::input::Side;
use crate::read::intake::InputReport;
use crate::ui::format;
use crate::ui::kinds;
use crate::ui::piece::Piece;
use crate::ui::state::Msg;
use crate::ui::view::parts::on_click;

/// One part of a piece that is of one kind.
pub fn segment_chip(input: &InputReport, piece: usize, send: &Callback<Msg>) -> Html {
    let total = input.entries + input.skipped;
    let understood = if input.skipped == 0 {
        format!("{} understood", all(total))
    } else {
        let (understood, total) =
            (format::count(input.entries as f64), format::count(total as f64));
        format!("{understood} of {total} understood")
    };
    let class = match (input.entries, input.skipped) {
        (0, _) => "chip chip-none",
        (_, 0) => "chip chip-whole",
        _ => "chip chip-part",
    };
    let place = Place {
        name: input.name.as_str().into(),
        piece: u32::try_from(piece).unwrap_or(u32::MAX),
        line: input.line,
        column: 1,
    };
    let onclick = on_click(send, move || Msg::Jump(place.clone()));
    let found = if input.found.is_empty() { understood.clone() } else { input.found.clone() };
    html! {
        <li>
            <button type="button" {class} {onclick} title={input.kind_reason.clone()}
                data-test="segment">
                <span class="chip-title">{ input.title.clone() }</span>
                <span class="chip-found">{ found }</span>
                if input.skipped > 0 { <span class="chip-part-note">{ understood }</span> }
            </button>
            <span class="reason">
                if input.line > 1 { { format!("line {}: ", input.line) } }
                { input.kind_reason.clone() }
                { format!(", read as {}", format::dialect(input.dialect)) }
            </span>
        </li>
    }
}

fn all(total: usize) -> String {
    if total == 1 { "1 entry".to_owned() } else { format!("all {total}") }
}

/// The menu that overrides the detection.
pub fn kind_menu(piece: &Piece, shown: &str, send: &Callback<Msg>) -> Html {
    let id = piece.id;
    let send = send.clone();
    let onchange = Callback::from(move |event: Event| {
        let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let kind = menu.map(|menu| menu.value()).filter(|kind| !kind.is_empty());
        send.emit(Msg::SetKind(id, kind));
    });
    let option = |(name, title): (&'static str, &'static str)| {
        let selected = piece.kind.as_deref() == Some(name);
        html! { <option value={name} {selected}>{ title }</option> }
    };
    html! {
        <select class="kind" {onchange} aria-label={format!("Kind of {shown}")}
            title="What this is; detected unless you say" data-test="kind">
            <option value="" selected={piece.kind.is_none()}>{ "Detect kind" }</option>
            { for kinds::all().map(option) }
        </select>
    }
}

/// The menu that says whether a piece is of today's schema or of the proposed one.
pub fn side_menu(piece: &Piece, shown: &str, send: &Callback<Msg>) -> Html {
    let id = piece.id;
    let send = send.clone();
    let onchange = Callback::from(move |event: Event| {
        let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let side = menu.and_then(|menu| Side::from_name(&menu.value()));
        send.emit(Msg::SetSide(id, side.unwrap_or_default()));
    });
    let option = |side: Side| {
        let title = match side {
            Side::Today => "Today",
            Side::Proposed => "Proposed",
            Side::Migration => "Migration",
        };
        html! { <option value={side.name()} selected={piece.side == side}>{ title }</option> }
    };
    let proposed = (piece.side != Side::Today).then_some("side-proposed");
    html! {
        <select class={classes!("kind", proposed)} {onchange}
            aria-label={format!("Schema that {shown} is of")}
            title="Today's schema, the proposed one, or statements that change today's" data-test="side">
            { for Side::ALL.map(option) }
        </select>
    }
}
