//! The dialog that makes a link or a file for others.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::limits::LINK_CHARS_SAFE;
use crate::redact::input::Wish;
use crate::ui::desk::message::DeskMsg;
use crate::ui::desk::share::{Packing, Part, Share, ShareMsg};
use crate::ui::desk::task::Packed;
use crate::ui::format;
use crate::ui::listen;
use crate::ui::state::Msg;
use crate::ui::view::parts::on_click;

/// The content of the dialog.
pub fn share(share: &Share, send: &Callback<Msg>) -> Html {
    let is_working = matches!(share.packing, Packing::Working);
    let is_wanted = |part: Part| *part.of(&mut { share.wish });
    let is_there = share.sizes.as_ref();
    let nothing = is_there.is_some_and(|sizes| !sizes.iter().any(|(part, _)| is_wanted(*part)));
    let make = msg(send, || ShareMsg::Make);
    html! {
        <div class="share">
            <p>
                { "Makes a link that holds the review itself, behind the # of the address, which \
                   browsers do not send to any server. Nothing is made before you press the button." }
            </p>
            <fieldset>
                <legend>{ "What goes in" }</legend>
                { for Part::ALL.into_iter().map(|part| part_row(part, share, send)) }
            </fieldset>
            <fieldset>
                <legend>{ "How" }</legend>
                { option("share-literals", "Literals as they are",
                    "Off: each is replaced by a stand-in, the same one everywhere it occurs, and \
                     comments and reasons are left out",
                    share.wish.literals, send, &share.wish, |wish, on| wish.literals = on) }
                { option("share-names", "Names of tables, columns, indexes and files as they are",
                    "Off: each is replaced, and a key file for you alone turns them back",
                    share.wish.names, send, &share.wish, |wish, on| wish.names = on) }
            </fieldset>
            <div class="toolbar">
                <button type="button" class="primary" onclick={make} data-test="share-make"
                    disabled={nothing} aria-disabled={is_working.to_string()}>
                    { "Make the link" }
                </button>
                if nothing { <span class="hint">{ "Nothing is ticked." }</span> }
            </div>
            <div aria-live="polite" data-test="share-outcome">{ outcome(&share.packing, send) }</div>
            { key_loader(send) }
        </div>
    }
}

fn msg(send: &Callback<Msg>, make: fn() -> ShareMsg) -> Callback<MouseEvent> {
    on_click(send, move || Msg::Desk(DeskMsg::Share(make())))
}

/// A box that changes what is wanted.
fn tick(
    test: &'static str,
    checked: bool,
    send: &Callback<Msg>,
    wish: &Wish,
    change: impl Fn(&mut Wish, bool) + 'static,
) -> Html {
    let (send, wish) = (send.clone(), *wish);
    let onchange = Callback::from(move |event: Event| {
        let field = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let mut wish = wish;
        change(&mut wish, field.is_some_and(|field| field.checked()));
        send.emit(Msg::Desk(DeskMsg::Share(ShareMsg::Wish(wish))));
    });
    html! { <input type="checkbox" {checked} {onchange} data-test={test} /> }
}

fn part_row(part: Part, share: &Share, send: &Callback<Msg>) -> Html {
    let (test, title, what) = match part {
        Part::Schema => ("share-schema", "Schema", "tables, indexes, constraints"),
        Part::Queries => ("share-queries", "Queries", "and logs, with calls and times"),
        Part::Plans => ("share-plans", "Plans", "pasted EXPLAIN output"),
        Part::Statistics => ("share-statistics", "Statistics", "and settings of the server"),
        Part::Decisions => ("share-decisions", "Decisions", "and trials"),
    };
    // Parts that are not there are not listed; before that is known, all are.
    let size = share
        .sizes
        .as_ref()
        .map(|sizes| sizes.iter().find(|(one, _)| *one == part).map(|(_, size)| *size));
    if size == Some(None) {
        return Html::default();
    }
    let checked = *part.of(&mut { share.wish });
    let change = move |wish: &mut Wish, on: bool| *part.of(wish) = on;
    let size = size.flatten().map_or("…".to_owned(), |size| format::bytes(size as f64));
    html! {
        <label class="share-row">
            { tick(test, checked, send, &share.wish, change) }
            <span>{ title }<span class="hint">{ " " }{ what }</span></span>
            <span class="number">{ size }</span>
        </label>
    }
}

fn option(
    test: &'static str,
    title: &'static str,
    help: &'static str,
    checked: bool,
    send: &Callback<Msg>,
    wish: &Wish,
    change: fn(&mut Wish, bool),
) -> Html {
    html! {
        <label class="share-row">
            { tick(test, checked, send, wish, change) }
            <span>{ title }<span class="hint share-help">{ help }</span></span>
        </label>
    }
}

fn outcome(packing: &Packing, send: &Callback<Msg>) -> Html {
    match packing {
        Packing::NotAsked => Html::default(),
        Packing::Working => html! {
            <p class="state-line">
                { "Making it, and reviewing what is shared to see whether it says the same…" }
            </p>
        },
        Packing::Failed(why) => html! {
            <p class="alert" data-test="share-failed">{ format!("Nothing was made: {why}") }</p>
        },
        Packing::Ready(packed) => ready(packed, send),
    }
}

fn ready(packed: &Packed, send: &Callback<Msg>) -> Html {
    let n_chars = packed.link.chars().count();
    let is_long = n_chars > LINK_CHARS_SAFE;
    let copy = {
        let link = packed.link.clone();
        on_click(send, move || Msg::Copy(link.clone(), "link"))
    };
    let class = |is_best: bool| if is_best { "primary" } else { "" };
    let link = html! {
        <button type="button" class={class(!is_long)} onclick={copy} data-test="share-copy">
            { if is_long { "Copy the link all the same" } else { "Copy the link" } }
        </button>
    };
    let file = html! {
        <button type="button" class={class(is_long)} data-test="share-file"
            onclick={msg(send, || ShareMsg::SaveFile)}>{ "Save as a file" }</button>
    };
    html! {
        <section id="shared" class="shared" tabindex="-1" aria-label="What was made" data-test="shared">
            if is_long {
                <p class="long" data-test="share-long">
                    { format!("The link has {} characters. Chats and mail programs cut links beyond \
                               some {}: send the file instead.",
                        format::count(n_chars as f64), format::count(LINK_CHARS_SAFE as f64)) }
                </p>
            } else {
                <p data-test="share-length">
                    { format!("{} characters", format::count(n_chars as f64)) }
                </p>
            }
            <label class="share-link">
                <span class="visually-hidden">{ "The link" }</span>
                <input type="text" class="field name" readonly=true value={packed.link.clone()}
                    data-test="share-link" />
            </label>
            <div class="toolbar">
                { for if is_long { [file, link] } else { [link, file] } }
                if packed.key.is_some() {
                    <button type="button" data-test="share-key"
                        onclick={msg(send, || ShareMsg::SaveKey)}>
                        { "Save the key to the names" }
                    </button>
                }
            </div>
            { differences(packed) }
            if !packed.left_out.is_empty() {
                <details data-test="share-left-out">
                    <summary>{ "What does not go in" }</summary>
                    <ul class="left-out">
                        { for packed.left_out.iter().map(|what| html! { <li>{ what.clone() }</li> }) }
                    </ul>
                </details>
            }
            if packed.link.starts_with("file:") {
                <p class="hint">
                    { "This page was opened from a file, so the link names a file on this computer. \
                       What stands behind the # opens at any address of Sargable: paste it there." }
                </p>
            }
        </section>
    }
}

/// Whether the review of what is shared says the same.
fn differences(packed: &Packed) -> Html {
    if packed.differences.is_empty() {
        return html! {
            <p class="same" data-test="share-same">
                { "✓ Whoever opens it gets the same findings as you: it was reviewed to check that." }
            </p>
        };
    }
    html! {
        <div class="differs" data-test="share-differs">
            <p>{ "◆ The review of what is shared differs from yours:" }</p>
            <ul>
                { for packed.differences.iter().map(|(title, is_lost)| html! {
                    <li>
                        <strong>{ if *is_lost { "Only yours: " } else { "Only theirs: " } }</strong>
                        { title.clone() }
                    </li>
                }) }
            </ul>
        </div>
    }
}

/// Where names that were replaced are turned back.
fn key_loader(send: &Callback<Msg>) -> Html {
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let picker = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(file) = picker.and_then(|picker| picker.files()).and_then(|f| f.get(0)) {
                listen::open_key(file, &send);
            }
        })
    };
    html! {
        <details class="key-loader">
            <summary>{ "Turn replaced names back" }</summary>
            <label>
                { "If the names in the page were replaced and you have the key file: " }
                <input type="file" accept=".json" {onchange} data-test="share-use-key" />
            </label>
        </details>
    }
}
