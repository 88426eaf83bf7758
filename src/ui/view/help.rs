//! How to get every kind of input: one command each.

use yew::prelude::*;

use crate::ui::help::{TOPICS, Topic};
use crate::ui::state::Msg;
use crate::ui::view::parts;

/// The topics.
pub fn help(send: &Callback<Msg>) -> Html {
    html! {
        <>
            <p>
                { "A schema and queries are enough to begin; each further kind replaces an \
                   assumption by a fact. All of them only read." }
            </p>
            { for TOPICS.iter().map(|topic| one(topic, send)) }
        </>
    }
}

fn one(topic: &Topic, send: &Callback<Msg>) -> Html {
    let commands = topic.commands.iter().map(|(label, command)| {
        let long = command.bytes().filter(|byte| *byte == b'\n').count() > 12;
        html! {
            <div class="command">
                <p>{ *label }</p>
                <div class="code-block">
                    { parts::copy_button(send, (*command).to_owned(), "command") }
                    <pre class={classes!(long.then_some("long"))} tabindex="0"><code>{ *command }</code></pre>
                </div>
            </div>
        }
    });
    html! {
        <section class="topic" data-test="topic">
            <h3>{ topic.title }</h3>
            <p class="hint">{ topic.gives }</p>
            { for commands }
        </section>
    }
}
