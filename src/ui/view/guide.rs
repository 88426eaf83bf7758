//! A strip for the first minute with a sample. It asks for nothing, is in nobody's way, and is not
//! remembered when it is closed.

use yew::prelude::*;

use crate::ui::effect;
use crate::ui::state::{Msg, Tab};

/// Properties of [`Guide`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The section shown.
    pub tab: Tab,
    /// The intake is folded away.
    pub intake_hidden: bool,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// What there is to look at, in three steps.
const STEPS: [(Tab, &str, &str); 2] = [
    (Tab::Findings, "Read a finding and move the budget", "why, how sure, what it rests on"),
    (Tab::Matrix, "Check it in the matrix", "what every index does for every query"),
];

/// The strip.
#[component]
pub fn Guide(props: &Props) -> Html {
    let closed = use_state_eq(|| false);
    if *closed {
        return Html::default();
    }
    let close = {
        let closed = closed.clone();
        Callback::from(move |_: MouseEvent| {
            closed.set(true);
            effect::focus("results");
        })
    };
    let step = |(tab, title, what): (Tab, &'static str, &'static str)| {
        let send = props.send.clone();
        let onclick = Callback::from(move |_: MouseEvent| send.emit(Msg::Show(tab)));
        let current = (props.tab == tab).then_some("step");
        html! {
            <li>
                <button type="button" class="link" title={what} {onclick} aria-current={current}>
                    { title }
                </button>
            </li>
        }
    };
    let paste = {
        let (send, hidden) = (props.send.clone(), props.intake_hidden);
        Callback::from(move |_: MouseEvent| {
            if hidden {
                send.emit(Msg::ToggleIntake);
            }
            effect::focus("new-piece");
        })
    };
    html! {
        <section class="guide" aria-label="First steps" data-test="guide">
            <strong>{ "First time here?" }</strong>
            <ol>
                { for STEPS.into_iter().map(step) }
                <li>
                    <button type="button" class="link" onclick={paste}
                        title="schema, queries, a log, in any order; nothing leaves this tab">
                        { "Paste your own" }
                    </button>
                </li>
            </ol>
            <button type="button" class="quiet" onclick={close} aria-label="Close the first steps"
                data-test="guide-close">{ "×" }</button>
        </section>
    }
}
