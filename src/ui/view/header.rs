//! The top of the page: what this is, samples, help, theme.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::ui::samples::SAMPLES;
use crate::ui::state::{Dialog, Msg, Theme};
use crate::ui::view::parts::on_click;

/// Properties of [`Header`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The theme in force.
    pub theme: Theme,
    /// The sample that is loaded.
    pub sample: Option<usize>,
    /// The intake is folded away.
    pub hidden: bool,
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
                <button type="button" onclick={on_click(send, || Msg::ToggleIntake)}
                    title={fold_hint} aria-expanded={(!props.hidden).to_string()}
                    aria-controls="intake" data-test="toggle-intake">{ fold }</button>
                { sample_menu(props) }
                <button type="button" onclick={on_click(send, || Msg::Open(Dialog::Help))}
                    data-test="help">{ "How to get the input" }</button>
                <button type="button" onclick={on_click(send, || Msg::Open(Dialog::Keys))}
                    title="Keys (?)" aria-label="Keys" data-test="keys"><kbd>{ "?" }</kbd></button>
                <button type="button" onclick={on_click(send, || Msg::NextTheme)}
                    title="Theme: system, light, dark (t)" data-test="theme">
                    <span class="label">{ "Theme: " }</span>{ props.theme.name() }
                </button>
            </nav>
        </header>
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
        html! { <option value={position.to_string()} {selected}>{ sample.title }</option> }
    };
    html! {
        <select aria-label="Load a sample" title="Load a sample" {onchange} data-test="samples">
            <option value="" selected={props.sample.is_none()}>{ "Samples…" }</option>
            { for SAMPLES.iter().enumerate().map(option) }
        </select>
    }
}
