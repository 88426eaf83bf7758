//! The whole page.

use yew::prelude::*;

use crate::ui::state::{Msg, Notice, Phase, State, Weight};
use crate::ui::view::dialogs::Dialogs;
use crate::ui::view::guide::Guide;
use crate::ui::view::header::Header;
use crate::ui::view::intake::{Intake, banner, refusals};
use crate::ui::view::outcome::Outcome;
use crate::ui::view::summary::Summary;
use crate::ui::view::tabs::Tabs;

/// Draws the state.
pub fn view(state: &State, send: &Callback<Msg>) -> Html {
    let working = matches!(state.phase, Phase::Working { .. });
    let stale = state.review.is_some() && state.phase != Phase::Ready;
    html! {
        <>
            <a class="skip" href="#results">{ "Skip to the results" }</a>
            <Header theme={state.theme} sample={state.sample} hidden={state.intake_hidden}
                desk={state.desk()} undo={state.history.last().map(|step| step.what)}
                redo={state.history.next().map(|step| step.what)}
                send={send.clone()} />
            <div class={classes!("panes", state.intake_hidden.then_some("intake-hidden"))}>
                if !state.intake_hidden {
                    { intake(state, send) }
                }
                <main id="results" tabindex="-1" aria-busy={working.to_string()}>
                    <h2 class="visually-hidden">{ "Review" }</h2>
                    if state.intake_hidden {
                        <div class="main-banner">
                            { banner(state.sample) }{ refusals(&state.refused, send) }
                        </div>
                    }
                    if state.sample.is_some() {
                        <Guide tab={state.tab} intake_hidden={state.intake_hidden} send={send.clone()} />
                    }
                    if state.is_opening {
                        <p class="state-line" role="status" data-test="opening">
                            { "Opening the session…" }
                        </p>
                    }
                    <Outcome is_opening={state.is_opening} phase={state.phase.clone()}
                        has_review={state.review.is_some()} review={state.review.clone()}
                        send={send.clone()} />
                    if let Some(review) = &state.review {
                        <div class={classes!("review", stale.then_some("stale"))}>
                            <Summary review={review.clone()} send={send.clone()} />
                            <Tabs tab={state.tab} review={review.clone()} send={send.clone()}
                                filter={state.filter.clone()} current={state.current}
                                unfolded={state.unfolded.clone()} left_out={state.left_out.clone()}
                                format={state.format}
                                query={state.query.clone()} options={state.options.clone()} />
                        </div>
                    }
                </main>
            </div>
            if state.dragging {
                <div class="drop-overlay" aria-hidden="true" data-test="drop-overlay">
                    <p>{ "Drop files or text anywhere" }</p>
                </div>
            }
            { patterns() }
            <Dialogs open={state.dialog} share={state.share.clone()} send={send.clone()} />
            { notice(state) }
        </>
    }
}

/// What drawings are hatched with, so that they need no colour.
fn patterns() -> Html {
    let one = |id: &'static str, class: &'static str| {
        html! {
            <pattern {id} width="4" height="4" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)">
                <rect class="hatch-ground" width="4" height="4" />
                <line {class} x1="0" x2="0" y1="0" y2="4" />
            </pattern>
        }
    };
    html! {
        <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
            <defs>{ one("hatch", "hatch-line") }{ one("hatch-new", "hatch-new") }</defs>
        </svg>
    }
}

fn intake(state: &State, send: &Callback<Msg>) -> Html {
    let n_lost = state.history.last().map_or(0, |step| step.n_lost);
    html! {
        <Intake pieces={state.pieces.clone()} dialect={state.dialect} sample={state.sample}
            phase={state.phase.clone()} review={state.review.clone()} jump={state.jump.clone()}
            refused={state.refused.clone()} {n_lost}
            keep={state.keep.clone()} is_borrowed={state.is_borrowed} send={send.clone()} />
    }
}

/// What just happened: read aloud, and seen where the page does not show it by itself.
fn notice(state: &State) -> Html {
    let Some(Notice { text, weight, number }) = state.notice.clone() else {
        return html! { <p class="visually-hidden" role="status" data-test="notice"></p> };
    };
    if weight == Weight::Bad {
        return html! { <p class="notice bad" role="alert">{ text }</p> };
    }
    html! {
        <>
            <p class="visually-hidden" role="status" data-test="notice">{ text.clone() }</p>
            if weight == Weight::Seen {
                // Another key each time, so that it appears anew.
                <p key={number} class="notice" aria-hidden="true">{ text }</p>
            }
        </>
    }
}
