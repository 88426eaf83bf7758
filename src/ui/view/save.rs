//! The button that saves the session; it can be dragged out of the page, too.

use web_sys::DragEvent;
use yew::prelude::*;

use crate::ui::desk::drag;
use crate::ui::desk::history::Desk;
use crate::ui::desk::message::DeskMsg;
use crate::ui::state::Msg;
use crate::ui::view::parts::on_click;

/// Properties of [`Save`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is saved.
    pub desk: Desk,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// Saves the session.
#[component]
pub fn Save(props: &Props) -> Html {
    let ondragstart = {
        let desk = props.desk.clone();
        Callback::from(move |event: DragEvent| {
            let given = event.data_transfer().and_then(|data| drag::begin(&desk.job(), &data));
            if given.is_none() {
                event.prevent_default();
            }
        })
    };
    html! {
        <button type="button" draggable="true" {ondragstart}
            ondragend={Callback::from(|_: DragEvent| drag::end())}
            onclick={on_click(&props.send, || Msg::Desk(DeskMsg::Save))}
            title="Save input and decisions as a session file (Ctrl S), or drag it to a folder"
            data-test="save">{ "Save" }</button>
    }
}
