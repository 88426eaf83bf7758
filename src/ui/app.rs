//! The page: holds the state, asks the worker, does what the state wants done.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::report::migration;
use crate::ui::client::{Client, Notice};
use crate::ui::desk::message::DeskMsg;
use crate::ui::desk::outside::{self, Outside};
use crate::ui::download;
use crate::ui::effect;
use crate::ui::files;
use crate::ui::listen;
use crate::ui::state::{Effect, Msg, State, Way};
use crate::ui::view::page;

/// Pause after an edit before it is reviewed.
const SETTLE_MS: u32 = 450;

/// Lines shown on either side of a place in a long text.
const EXCERPT_LINES: usize = 4;

/// The page.
pub struct App {
    state: State,
    client: Client,
    send: Callback<Msg>,
    settling: Option<Timeout>,
    desk: Outside,
    /// What needs the page as it will be after the next drawing.
    after_drawing: Vec<Effect>,
    _listeners: Vec<EventListener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(context: &Context<App>) -> App {
        let send = context.link().callback(|msg: Msg| msg);
        let client = Client::new(context.link().callback(heard));
        let mut app = App {
            state: State { system_dark: effect::system_is_dark(), ..State::default() },
            client,
            _listeners: listen::listen(&send),
            send,
            settling: None,
            desk: Outside::default(),
            after_drawing: Vec::new(),
        };
        app.take(Msg::Desk(DeskMsg::Begin(outside::begin())));
        if effect::is_narrow() {
            // The results first: what is above them would fill the screen.
            app.take(Msg::ToggleIntake);
        }
        app
    }

    fn update(&mut self, _: &Context<App>, msg: Msg) -> bool {
        self.take(msg);
        true
    }

    fn view(&self, _: &Context<App>) -> Html {
        page::view(&self.state, &self.send)
    }

    fn rendered(&mut self, _: &Context<App>, _: bool) {
        effect::set_title(&self.state.title());
        for wanted in std::mem::take(&mut self.after_drawing) {
            match wanted {
                Effect::Focus(id) => effect::focus(&id),
                Effect::SelectLine(jump) => effect::select_line(jump),
                _ => {}
            }
        }
    }
}

/// What the worker says, as a message.
fn heard(notice: Notice) -> Msg {
    match notice {
        Notice::Progress { run, stage, done, total } => Msg::Progress(run, stage, done, total),
        Notice::Draft { run, report } => Msg::Draft(run, report),
        Notice::Report { run, report } => Msg::Done(run, report),
        Notice::Failed { run, failure } => Msg::Failed(run, failure),
    }
}

impl App {
    fn take(&mut self, msg: Msg) {
        for wanted in self.state.update(msg) {
            self.perform(wanted);
        }
        self.desk.mark(self.state.guard, self.state.keep.on);
    }

    fn perform(&mut self, wanted: Effect) {
        let send = self.send.clone();
        match wanted {
            Effect::Run(job) => {
                let run = self.client.run(job);
                self.state.started(run);
            }
            Effect::Revise(job) => {
                let run = self.client.revise(job);
                self.state.started(run);
            }
            Effect::Stop => self.client.cancel(),
            Effect::Settle(edit) => {
                let settled = Timeout::new(SETTLE_MS, move || send.emit(Msg::Settled(edit)));
                self.settling = Some(settled);
            }
            Effect::Copy(text, what) => spawn_local(async move {
                send.emit(Msg::Copied(what, effect::copy(text).await));
            }),
            Effect::Migrate(report, format, way) => {
                let files = migration::files(&report, format, effect::stamp());
                let what = format.title();
                match way {
                    Way::Copy => spawn_local(async move {
                        let copied = effect::copy(migration::joined(&files)).await;
                        send.emit(Msg::Copied(what, copied));
                    }),
                    Way::Download => {
                        let begun = download::download(&files, format.name()).is_some();
                        send.emit(Msg::Downloaded(what, begun));
                    }
                }
            }
            Effect::Desk(wanted) => self.desk.perform(wanted, &send),
            Effect::Give(file, what, Way::Copy) => spawn_local(async move {
                send.emit(Msg::Copied(what, effect::copy(file.text).await));
            }),
            Effect::Give(file, what, Way::Download) => {
                let begun = download::download(&[file], "report").is_some();
                send.emit(Msg::Downloaded(what, begun));
            }
            Effect::Print => effect::print(),
            Effect::PickFiles => effect::pick_files(),
            Effect::Theme(theme) => effect::apply_theme(theme),
            Effect::Measure(id, body) => spawn_local(async move {
                send.emit(Msg::Measured(id, files::measure(body).await));
            }),
            Effect::Excerpt(jump, body) => spawn_local(async move {
                if let Some(excerpt) = files::excerpt(body, jump.line, EXCERPT_LINES).await {
                    send.emit(Msg::Excerpt(jump, excerpt));
                }
            }),
            Effect::Focus(_) | Effect::SelectLine(_) => self.after_drawing.push(wanted),
        }
    }
}
