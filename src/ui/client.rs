//! The page's side of the worker: starts it, asks it, and replaces it when it is dead or not wanted.
//!
//! A worker is one instance of the program. After a panic, or when the browser stops it, nothing in
//! it can be trusted, so it is thrown away and another one is started. The input lives on the page.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{ErrorEvent, MessageEvent, Worker};
use yew::Callback;

use crate::limits::WORKER_SILENCE_MS_MAX;
use crate::progress::Stage;
use crate::report::Report;
use crate::ui::body::describe;
use crate::ui::portion::{self, Portion};
use crate::ui::protocol::{self, Event, Job, Request, RunId};
use crate::ui::{call_boot, test_hooks};

/// What the page is told about the run it started last; earlier runs are not heard of again.
#[derive(Debug, Clone)]
pub enum Notice {
    /// The worker is at `done` of `total` units of `stage`.
    Progress {
        /// The run.
        run: RunId,
        /// Where it is.
        stage: Stage,
        /// Units done.
        done: usize,
        /// Units in all.
        total: usize,
    },
    /// Most of what the run finds.
    Draft {
        /// The run.
        run: RunId,
        /// What it found.
        report: Rc<Report>,
    },
    /// The run is over.
    Report {
        /// The run.
        run: RunId,
        /// What it found.
        report: Rc<Report>,
    },
    /// The run is over without a report. There is a new worker already: the next run may succeed.
    Failed {
        /// The run.
        run: RunId,
        /// Why.
        failure: Failure,
    },
}

/// Why a run gave no report.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What kind.
    pub reason: Reason,
    /// What the browser or the program says; may quote the input.
    pub detail: String,
    /// The last stage heard of.
    pub stage: Option<Stage>,
}

/// Kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The analysis has a bug and stopped at it; `detail` says where.
    Panicked,
    /// The browser stopped the worker, often because it ran out of memory or stack.
    Stopped,
    /// Nothing was heard for [`WORKER_SILENCE_MS_MAX`].
    Silent,
    /// The request could not be taken, e.g. because a file cannot be read any more.
    Refused,
    /// No worker could be started.
    NotStarted,
}

/// A worker and what is asked of it. Clones are the same worker.
#[derive(Clone)]
pub struct Client(Rc<RefCell<State>>);

struct State {
    on_notice: Callback<Notice>,
    connection: Option<Connection>,
    last_run: RunId,
    working: Option<Working>,
    /// Came ahead of the report that they are of.
    portions: Vec<Portion>,
    /// The worker remembers the input that it reviewed last, and listens.
    remembers: bool,
}

struct Connection {
    worker: Worker,
    _listeners: [EventListener; 3],
}

struct Working {
    run: RunId,
    stage: Option<Stage>,
    _watchdog: Timeout,
}

impl Client {
    /// Starts a worker, so that it is ready when the first run is.
    pub fn new(on_notice: Callback<Notice>) -> Client {
        let state = State {
            on_notice,
            connection: None,
            last_run: 0,
            working: None,
            portions: Vec::new(),
            remembers: false,
        };
        let client = Client(Rc::new(RefCell::new(state)));
        // If it cannot be started now, the first run says so.
        let _ = client.connect();
        client
    }

    /// Starts a run and abandons the one before, if it is not over.
    pub fn run(&self, job: Job) -> RunId {
        self.cancel();
        self.start(Request::Analyze(job))
    }

    /// Starts a run with other options on the input of the run before. A worker that does not remember
    /// it, because another one died, gets the whole job.
    pub fn revise(&self, job: Job) -> RunId {
        let remembers = self.0.borrow().remembers;
        if !remembers {
            self.cancel();
        }
        let request = if remembers { Request::Revise(job.options) } else { Request::Analyze(job) };
        self.start(request)
    }

    fn start(&self, request: Request) -> RunId {
        let run = {
            let mut state = self.0.borrow_mut();
            state.last_run += 1;
            state.portions.clear();
            state.remembers = false;
            state.last_run
        };
        let request = if test_hooks::take_crash() { Request::Crash } else { request };
        self.watch(run, None);
        if let Err((reason, detail)) = self.ask(run, request) {
            // Not from within the caller, who does not know the number of the run yet.
            let client = self.clone();
            Timeout::new(0, move || client.fail(run, reason, detail)).forget();
        }
        run
    }

    /// Ends the run in work, if there is one. Nothing more is heard of it.
    pub fn cancel(&self) {
        if self.0.borrow_mut().working.take().is_some() {
            self.replace();
        }
    }

    fn ask(&self, run: RunId, request: Request) -> Result<(), (Reason, String)> {
        let worker = self.connect().map_err(|error| (Reason::NotStarted, error))?;
        let message = protocol::encode(run, request).map_err(|error| (Reason::Refused, error))?;
        worker.post_message(&message).map_err(|error| (Reason::Refused, describe(&error)))
    }

    /// The worker; a new one where there is none.
    fn connect(&self) -> Result<Worker, String> {
        if let Some(connection) = &self.0.borrow().connection {
            return Ok(connection.worker.clone());
        }
        let worker: Worker =
            call_boot("spawn", &[]).and_then(JsCast::dyn_into).map_err(|error| describe(&error))?;
        let listeners = [
            self.listen(&worker, "message"),
            self.listen(&worker, "error"),
            self.listen(&worker, "messageerror"),
        ];
        let connection = Connection { worker: worker.clone(), _listeners: listeners };
        self.0.borrow_mut().connection = Some(connection);
        Ok(worker)
    }

    fn listen(&self, worker: &Worker, kind: &'static str) -> EventListener {
        let client = self.clone();
        EventListener::new(worker, kind, move |event| {
            if let Some(message) = event.dyn_ref::<MessageEvent>().filter(|_| kind == "message") {
                client.hear(message);
            } else {
                let detail = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                client.lose(Reason::Stopped, detail.unwrap_or_else(|| kind.to_owned()));
            }
        })
    }

    fn hear(&self, message: &MessageEvent) {
        let envelope = match protocol::decode::<Event>(message.data()) {
            Ok(envelope) => envelope,
            Err(error) => return self.lose(Reason::Refused, error),
        };
        let run = envelope.run;
        if let Event::Fetched(outcome) = envelope.body {
            return test_hooks::show_fetched(&outcome);
        }
        if self.0.borrow().working.as_ref().map(|working| working.run) != Some(run) {
            return;
        }
        match envelope.body {
            Event::Progress { stage, done, total } => {
                self.watch(run, Some(stage));
                self.tell(Notice::Progress { run, stage, done, total });
            }
            Event::Portion(portion) => self.0.borrow_mut().portions.push(*portion),
            Event::Draft(report) => {
                self.0.borrow_mut().remembers = true;
                self.watch(run, Some(Stage::Report));
                self.tell(Notice::Draft { run, report: self.whole(*report) });
            }
            Event::Report(report) => {
                {
                    let mut state = self.0.borrow_mut();
                    state.working = None;
                    state.remembers = true;
                }
                self.tell(Notice::Report { run, report: self.whole(*report) });
            }
            Event::Panicked { message, place } => {
                self.fail(run, Reason::Panicked, format!("{place}: {message}"));
            }
            Event::Refused(detail) => self.fail(run, Reason::Refused, detail),
            Event::Fetched(_) | Event::Task(_) => {}
        }
    }

    /// A report with what came ahead of it.
    fn whole(&self, mut report: Report) -> Rc<Report> {
        portion::join(&mut report, std::mem::take(&mut self.0.borrow_mut().portions));
        Rc::new(report)
    }

    /// Notes that the worker lives, and when to stop believing so.
    fn watch(&self, run: RunId, stage: Option<Stage>) {
        let client = self.clone();
        let watchdog = Timeout::new(WORKER_SILENCE_MS_MAX, move || {
            client.fail(run, Reason::Silent, String::new());
        });
        self.0.borrow_mut().working = Some(Working { run, stage, _watchdog: watchdog });
    }

    /// The worker is gone, with the run in work if there is one.
    fn lose(&self, reason: Reason, detail: String) {
        let run = self.0.borrow().working.as_ref().map(|working| working.run);
        match run {
            Some(run) => self.fail(run, reason, detail),
            // Not replaced before it is needed: one that dies while idle may do so again at once.
            None => self.drop_worker(),
        }
    }

    fn fail(&self, run: RunId, reason: Reason, detail: String) {
        let Some(working) = self.0.borrow_mut().working.take_if(|working| working.run == run)
        else {
            return;
        };
        self.replace();
        let failure = Failure { reason, detail, stage: working.stage };
        self.tell(Notice::Failed { run, failure });
    }

    fn replace(&self) {
        self.drop_worker();
        // If it cannot be started now, the next run says so.
        let _ = self.connect();
    }

    fn drop_worker(&self) {
        let connection = {
            let mut state = self.0.borrow_mut();
            state.remembers = false;
            state.connection.take()
        };
        if let Some(connection) = connection {
            connection.worker.terminate();
        }
    }

    fn tell(&self, notice: Notice) {
        let on_notice = self.0.borrow().on_notice.clone();
        on_notice.emit(notice);
    }

    /// Asks the worker to fetch an address, for a test.
    pub(crate) fn try_fetch(&self, address: String) -> Result<(), String> {
        self.ask(0, Request::Fetch(address)).map_err(|(_, error)| error)
    }
}
