//! The top of the page: what this is, samples, help, theme.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::ui::desk::history::Desk;
use crate::ui::desk::message::DeskMsg;
use crate::ui::desk::share::ShareMsg;
use crate::ui::samples::SAMPLES;
use crate::ui::state::{Dialog, Msg, Theme};
use crate::ui::view::parts::on_click;
use crate::ui::view::save::Save;

/// Properties of [`Header`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The theme in force.
    pub theme: Theme,
    /// The sample that is loaded.
    pub sample: Option<usize>,
    /// The intake is folded away.
    pub hidden: bool,
    /// What is saved.
    pub desk: Desk,
    /// What can be undone.
    pub undo: Option<&'static str>,
    /// What can be done again.
    pub redo: Option<&'static str>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The top of the page.
#[component]
pub fn Header(props: &Props) -> Html {
    let send = &props.send;
    let (fold, fold_hint) = if props.hidden {
        ("Show input", "Show the input (i)")
    } else {
        ("Hide input", "Hide the input (i)")
    };
    html! {
        <header class="top">
            <h1>
                <svg class="logo" viewBox="0 0 16 16" aria-hidden="true">
                    <rect width="16" height="16" rx="3.5" />
                    <path d="M3 4.2h10M3 8h6.4M3 11.8h3" />
                </svg>
                { "Sargable" }<span class="tagline">{ "index design review" }</span>
            </h1>
            <nav aria-label="Page">
                { undo_buttons(props) }
                <button type="button" onclick={on_click(send, || Msg::ToggleIntake)}
                    title={fold_hint} aria-expanded={(!props.hidden).to_string()}
                    aria-controls="intake" data-test="toggle-intake">{ fold }</button>
                { sample_menu(props) }
                <span class="group">
                    <Save desk={props.desk.clone()} send={send.clone()} />
                    <button type="button" title="A link or a file for others; opens a dialog first"
                        onclick={on_click(send, || Msg::Desk(DeskMsg::Share(ShareMsg::Open)))}
                        aria-haspopup="dialog" data-test="share">{ "Share…" }</button>
                    <button type="button" onclick={on_click(send, || Msg::Open(Dialog::Report))}
                        title="The review as HTML, Markdown or JSON" aria-haspopup="dialog"
                        data-test="report">{ "Report…" }</button>
                </span>
                <button type="button" onclick={on_click(send, || Msg::Open(Dialog::Help))}
                    aria-haspopup="dialog" data-test="help">{ "How to get the input" }</button>
                <button type="button" onclick={on_click(send, || Msg::Open(Dialog::Keys))}
                    title="Keys (?)" aria-label="Keys" aria-haspopup="dialog" data-test="keys">
                    <kbd>{ "?" }</kbd>
                </button>
                <button type="button" onclick={on_click(send, || Msg::NextTheme)}
                    title="Theme: system, light, dark (t)" data-test="theme">
                    <span class="label">{ "Theme: " }</span>{ props.theme.name() }
                </button>
            </nav>
        </header>
    }
}

/// Never disabled, so that they keep the focus when there is nothing left to undo.
fn undo_buttons(props: &Props) -> Html {
    let button = |what: Option<&str>, verb: &'static str, keys: &str, path: &'static str| {
        let is_undo = verb == "Undo";
        let name = what.map_or_else(
            || format!("Nothing to {}", verb.to_lowercase()),
            |what| format!("{verb} {what}"),
        );
        let onclick = on_click(&props.send, move || {
            Msg::Desk(if is_undo { DeskMsg::Undo } else { DeskMsg::Redo })
        });
        html! {
            <button type="button" class="icon" {onclick} title={format!("{name} ({keys})")}
                aria-label={name} aria-disabled={what.is_none().to_string()}
                data-test={verb.to_lowercase()}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
            </button>
        }
    };
    html! {
        <span class="pair">
            { button(props.undo, "Undo", "Ctrl Z", "M6 3 2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H6") }
            { button(props.redo, "Redo", "Ctrl Y", "M10 3l3.5 3.5L10 10M13 6.5H6.5a4 4 0 0 0 0 8H10") }
        </span>
    }
}

fn sample_menu(props: &Props) -> Html {
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        if let Some(sample) = menu.and_then(|menu| menu.value().parse().ok()) {
            send.emit(Msg::Sample(sample));
        }
    });
    let option = |(position, sample): (usize, &crate::ui::samples::Sample)| {
        let selected = props.sample == Some(position);
        html! { <option value={position.to_string()} {selected}>{ "Sample: " }{ sample.title }</option> }
    };
    html! {
        <select aria-label="Load a sample" title="Load a sample" {onchange} data-test="samples">
            <option value="" selected={props.sample.is_none()}>{ "Samples…" }</option>
            { for SAMPLES.iter().enumerate().map(option) }
        </select>
    }
}
