//! The worker's side: takes a request, analyses, tells how far it is.

use std::cell::{Cell, RefCell};

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync, MessageEvent};

use crate::Analysis;
use crate::input::{Budget, Input, Options, Piece};
use crate::limits::{LOOK_AHEAD_MS_MAX, PROGRESS_INTERVAL_MS};
use crate::order;
use crate::progress::{Progress, Silent, Stage};
use crate::report::Report;
use crate::text;
use crate::ui::body::{Body, describe};
use crate::ui::portion;
use crate::ui::protocol::{self, Event, Job, Request, RunId};

/// Bytes of a held text that are read at once.
const CHUNK_BYTES: f64 = 4_194_304.0;

thread_local! {
    /// The run in work: what the panic hook reports.
    static RUN: Cell<RunId> = const { Cell::new(0) };
    /// What was reviewed last, to be reviewed again with other options.
    static ANALYSIS: RefCell<Option<Analysis>> = const { RefCell::new(None) };
    /// Budgets that are still to be reviewed ahead, under these options.
    static AHEAD: RefCell<Option<(Options, Vec<f64>)>> = const { RefCell::new(None) };
}

/// Waits for requests.
pub fn run() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message").to_owned();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        post(Event::Panicked { message, place });
    }));
    let listener = EventListener::new(&scope(), "message", |event| {
        if let Some(message) = event.dyn_ref::<MessageEvent>() {
            take(message.data());
        }
    });
    listener.forget();
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(event: Event) {
    let run = RUN.get();
    let message = protocol::encode(run, event)
        .or_else(|error| protocol::encode(run, Event::Refused(format!("report: {error}"))));
    if let Ok(message) = message {
        let _ = scope().post_message(&message);
    }
}

fn take(message: JsValue) {
    match protocol::decode::<Request>(message) {
        Ok(envelope) => {
            RUN.set(envelope.run);
            answer(envelope.body);
        }
        Err(error) => post(Event::Refused(error)),
    }
}

#[expect(clippy::panic, reason = "tests ask for one to see that the page survives it")]
fn answer(request: Request) {
    match request {
        Request::Analyze(job) => match read_job(job) {
            Ok(input) => analyze(input),
            Err(error) => post(Event::Refused(error)),
        },
        Request::Revise(options) => review(&options),
        Request::Task(task) => post(match task.perform() {
            Ok(answer) => Event::Task(Box::new(answer)),
            Err(error) => Event::Refused(error),
        }),
        Request::Crash => panic!("asked for by a test"),
        Request::Fetch(address) => spawn_local(async move {
            let outcome = JsFuture::from(scope().fetch_with_str(&address)).await;
            post(Event::Fetched(match outcome {
                Ok(_) => "sent".to_owned(),
                Err(error) => format!("refused: {}", describe(&error)),
            }));
        }),
    }
}

fn analyze(input: Input) {
    // The one before goes first: there may not be room for both.
    ANALYSIS.set(None);
    AHEAD.set(None);
    let analysis = Analysis::open(&input, &mut Reporter::default());
    ANALYSIS.set(Some(analysis));
    review(&input.options);
}

/// Asks the analysis, if there is one.
fn again<T>(ask: impl FnOnce(&mut Analysis) -> T) -> Option<T> {
    ANALYSIS.with_borrow_mut(|analysis| analysis.as_mut().map(ask))
}

/// Posts the draft, and then what is missing of it, unless another request has come in between.
fn review(options: &Options) {
    match again(|analysis| analysis.draft(options, &mut Reporter::default())) {
        Some(draft) => {
            let draft = Box::new(draft);
            hand_over(draft.clone(), Event::Draft);
            argue(RUN.get(), draft, options.clone());
        }
        None => post(Event::Refused("there is no review to go on from".to_owned())),
    }
}

fn hand_over(mut report: Box<Report>, as_event: fn(Box<Report>) -> Event) {
    for portion in portion::cut(&mut report) {
        post(Event::Portion(Box::new(portion)));
    }
    post(as_event(report));
}

/// Makes a draft the review, one suggestion at a time: between two of them the next request is heard, and
/// this one forgotten.
fn argue(run: RunId, mut draft: Box<Report>, options: Options) {
    let next = move || {
        if RUN.get() != run {
            return;
        }
        match again(|analysis| analysis.argue(&options, &mut draft)) {
            Some(true) => argue(run, draft, options),
            Some(false) => {
                note_other_budgets(&options, &draft);
                hand_over(draft, Event::Report);
                look_ahead(run);
            }
            None => {}
        }
    };
    Timeout::new(0, next).forget();
}

/// Notes the sizes of the front, the nearest to what is suggested last, unless they are under way already.
fn note_other_budgets(options: &Options, report: &Report) {
    let options = Options { budget: None, ..options.clone() };
    AHEAD.with_borrow_mut(|ahead| {
        if ahead.as_ref().is_none_or(|(known, _)| *known != options) {
            *ahead = Some((options, other_budgets(report)));
        }
    });
}

fn other_budgets(report: &Report) -> Vec<f64> {
    let now = report.front.chosen.unwrap_or(0);
    let mut points: Vec<usize> = (0..report.front.points.len()).collect();
    order::sort_by(&mut points, |a, b| b.abs_diff(now).cmp(&a.abs_diff(now)));
    let sizes = points.into_iter().filter_map(|at| report.front.points.get(at));
    sizes.map(|point| point.size_bytes).collect()
}

/// Reviews with the other budgets of the front, one after the other, while nobody asks for anything: the
/// next step of the budget then finds its plans made. Where one takes long it would keep somebody
/// waiting rather than spare it.
fn look_ahead(run: RunId) {
    let next = move || {
        let take = |ahead: &mut Option<(Options, Vec<f64>)>| {
            let (options, budgets) = ahead.as_mut()?;
            let budget = Some(Budget::Bytes(budgets.pop()?));
            Some(Options { budget, ..options.clone() })
        };
        let Some(options) = (RUN.get() == run).then(|| AHEAD.with_borrow_mut(take)).flatten()
        else {
            return;
        };
        let start_ms = js_sys::Date::now();
        again(|analysis| analysis.draft(&options, &mut Silent));
        if js_sys::Date::now() - start_ms < LOOK_AHEAD_MS_MAX {
            look_ahead(run);
        }
    };
    Timeout::new(0, next).forget();
}

/// The input of a job, its files read.
pub(super) fn read_job(job: Job) -> Result<Input, String> {
    let mut pieces = Vec::with_capacity(job.pieces.len());
    for piece in job.pieces {
        let text = match &piece.body {
            Body::Text(text) => text.to_string(),
            Body::Held(blob) => text::decode(
                read_blob(blob)
                    .map_err(|error| format!("the text could not be read: {}", describe(&error)))?,
            ),
        };
        pieces.push(Piece { name: piece.name, kind: piece.kind, text, side: piece.side });
    }
    Ok(Input { pieces, dialect: job.dialect, options: job.options })
}

fn read_blob(blob: &Blob) -> Result<Vec<u8>, JsValue> {
    let reader = FileReaderSync::new()?;
    let mut bytes = Vec::new();
    let mut start = 0.0;
    while start < blob.size() {
        let chunk = blob.slice_with_f64_and_f64(start, start + CHUNK_BYTES)?;
        bytes.extend(Uint8Array::new(&reader.read_as_array_buffer(&chunk)?.into()).to_vec());
        start += CHUNK_BYTES;
    }
    Ok(bytes)
}

/// Sends on how far the analysis is, not too often.
#[derive(Default)]
struct Reporter {
    stage: Option<Stage>,
    sent_ms: f64,
}

impl Progress for Reporter {
    fn at(&mut self, stage: Stage, done: usize, total: usize) {
        let now_ms = js_sys::Date::now();
        if self.stage == Some(stage) && (now_ms - self.sent_ms).abs() < PROGRESS_INTERVAL_MS {
            return;
        }
        self.stage = Some(stage);
        self.sent_ms = now_ms;
        post(Event::Progress { stage, done, total });
    }
}
