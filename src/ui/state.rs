//! What the page knows. Data only: [`update`](crate::ui::update) changes it, the views show it.

use crate::sorted::SortedSet;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::advise::Importance;
use crate::diagnostic::Place;
use crate::dialect::Dialect;
use crate::input::{Options, Side};
use crate::progress::Stage;
use crate::report::Report;
use crate::report::migration::{File, Format};
use crate::ui::body::Body;
use crate::ui::client::Failure;
use crate::ui::desk::guard::Guard;
use crate::ui::desk::history::History;
use crate::ui::desk::keep::Keep;
use crate::ui::desk::message::{DeskEffect, DeskMsg, Packet};
use crate::ui::desk::share::Share;
use crate::ui::export::Form;
use crate::ui::keys::Key;
use crate::ui::piece::{Excerpt, Piece, PieceId, Preview};
use crate::ui::protocol::{Job, RunId};
use crate::ui::shared::Shared;
use crate::ui::wish::Wish;

/// Everything the page knows.
#[derive(Debug, Default)]
pub struct State {
    /// The input as it is now.
    pub pieces: Vec<Shared<Piece>>,
    /// The dialect the user set.
    pub dialect: Option<Dialect>,
    /// What the user asks of the advisor.
    pub options: Options,
    /// What the run under way, or the last one, was asked.
    pub asked: Options,
    /// Position in `SAMPLES` while the input is sample data.
    pub sample: Option<usize>,
    /// What is going on.
    pub phase: Phase,
    /// The last good review; it stays while another one is made.
    pub review: Option<Shared<Review>>,
    /// What the results show.
    pub tab: Tab,
    /// Which findings are shown.
    pub filter: Filter,
    /// The finding that `j` and `k` move from, as a position in the report.
    pub current: Option<usize>,
    /// The query that a link went to.
    pub query: Option<String>,
    /// Findings that are unfolded.
    pub unfolded: SortedSet<String>,
    /// Findings left out of the migration.
    pub left_out: SortedSet<String>,
    /// How the migration is written.
    pub format: Format,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// Light or dark.
    pub theme: Theme,
    /// Where the last jump went, with the lines where the text is long.
    pub jump: Option<(Jump, Option<Excerpt>)>,
    /// The last thing that happened, for the status line.
    pub notice: Option<Notice>,
    /// What can be undone and done again.
    pub history: History,
    /// What is kept in this browser.
    pub keep: Keep,
    /// What killed the worker.
    pub guard: Guard,
    /// What is shared.
    pub share: Share,
    /// What lies on the desk came with a link: it is not kept by itself.
    pub is_borrowed: bool,
    /// A session is being read.
    pub is_opening: bool,
    /// Sessions to be read after it.
    pub to_open: VecDeque<Packet>,
    /// The system is dark.
    pub system_dark: bool,
    /// Files that could not be opened.
    pub refused: Vec<Refusal>,
    /// Something is being dragged over the page.
    pub dragging: bool,
    /// The intake is folded away.
    pub intake_hidden: bool,
    /// Number of the last change of the input.
    pub edit: u32,
    /// The next piece's identity.
    pub next_piece: PieceId,
}

/// What is going on.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Phase {
    /// Nothing to review.
    #[default]
    Empty,
    /// The input is not the reviewed one; a run follows by itself or on request.
    Changed,
    /// A run is under way.
    Working {
        /// Which; what another one says is dropped.
        run: RunId,
        /// What it is doing.
        stage: Stage,
        /// Units done.
        done: usize,
        /// Units in all.
        total: usize,
    },
    /// The review is of the input as it is.
    Ready,
    /// The run gave no report.
    Failed(Failure),
    /// It killed the worker before, so it is not run by itself.
    Held,
}

/// A report and the texts it is of, so that its places stay right while the input changes.
#[derive(Debug)]
pub struct Review {
    /// The report.
    pub report: Report,
    /// It lacks where the suggestions stop paying; that follows.
    pub is_draft: bool,
    /// The pieces reviewed, in the order the places count them.
    pub pieces: Vec<Shared<Piece>>,
}

/// A section of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Findings.
    #[default]
    Findings,
    /// Indexes to try, and what was decided.
    WhatIf,
    /// Queries by indexes.
    Matrix,
    /// Queries.
    Queries,
    /// Pasted plans.
    Plans,
    /// Tables and indexes.
    Tables,
    /// What was read and what was not.
    Input,
    /// Today's schema against a proposed one.
    Against,
}

impl Tab {
    /// In the order of the keys.
    pub const ALL: [Tab; 8] = [
        Tab::Findings,
        Tab::Matrix,
        Tab::Queries,
        Tab::Plans,
        Tab::Tables,
        Tab::Input,
        Tab::WhatIf,
        Tab::Against,
    ];

    /// Label.
    pub fn title(self) -> &'static str {
        match self {
            Tab::Findings => "Findings",
            Tab::WhatIf => "What if",
            Tab::Matrix => "Matrix",
            Tab::Queries => "Queries",
            Tab::Plans => "Plans",
            Tab::Tables => "Tables",
            Tab::Input => "Input",
            Tab::Against => "Before & after",
        }
    }

    /// Stable name in the page.
    pub fn id(self) -> &'static str {
        match self {
            Tab::Findings => "findings",
            Tab::WhatIf => "what-if",
            Tab::Matrix => "matrix",
            Tab::Queries => "queries",
            Tab::Plans => "plans",
            Tab::Tables => "tables",
            Tab::Input => "input",
            Tab::Against => "against",
        }
    }

    /// The key that shows it.
    pub fn key(self) -> &'static str {
        match self {
            Tab::Findings => "1",
            Tab::WhatIf => "7",
            Tab::Matrix => "2",
            Tab::Queries => "3",
            Tab::Plans => "4",
            Tab::Tables => "5",
            Tab::Input => "6",
            Tab::Against => "8",
        }
    }
}

/// Which findings are shown; empty means all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Words in the title, the statements, the names.
    pub text: String,
    /// Code.
    pub code: Option<String>,
    /// Table.
    pub table: Option<String>,
    /// Importance.
    pub severity: Option<Importance>,
}

/// A dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// How to get every kind of input.
    Help,
    /// The keys.
    Keys,
    /// The review in its forms.
    Report,
    /// What leaves this page: nothing, and how to check.
    Privacy,
    /// A link or a file for others.
    Share,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Name, also in the page.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The one after it. The first step away from the system always shows.
    pub fn next(self, system_dark: bool) -> Theme {
        match (self, system_dark) {
            (Theme::System, true) | (Theme::Dark, false) => Theme::Light,
            (Theme::System, false) | (Theme::Light, true) => Theme::Dark,
            (Theme::Light, false) | (Theme::Dark, true) => Theme::System,
        }
    }
}

/// A line the user asked to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// In which piece.
    pub piece: PieceId,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What.
    pub text: String,
    /// How it is told.
    pub weight: Weight,
    /// Distinguishes it from the same text before.
    pub number: u32,
}

/// How something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Only read aloud: the page shows it by itself.
    Heard,
    /// Shown for a while.
    Seen,
    /// Something went wrong: shown until the next thing happens.
    Bad,
}

/// A file that could not be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Its name.
    pub name: String,
    /// Why, and what to do.
    pub why: String,
}

/// A text to add.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPiece {
    /// A file name, where there is one.
    pub name: Option<String>,
    /// The text.
    pub body: Body,
}

/// Everything that can happen.
#[derive(Debug)]
pub enum Msg {
    /// Texts were pasted, dropped or opened; some could not be.
    Add(Vec<NewPiece>, Vec<Refusal>),
    /// What is known of a long text.
    Measured(PieceId, Preview),
    /// The lines that a jump went to, in a long text.
    Excerpt(Jump, Excerpt),
    /// A piece was edited.
    Edit(PieceId, String),
    /// A piece got a name.
    Rename(PieceId, String),
    /// The user says what a piece is; `None`: detect.
    SetKind(PieceId, Option<String>),
    /// The user says which schema a piece speaks of.
    SetSide(PieceId, Side),
    /// The user says which dialect; `None`: detect.
    SetDialect(Option<Dialect>),
    /// Take what pasted plans measured for statistics, or do not.
    Calibrate(bool),
    /// A piece goes.
    Remove(PieceId),
    /// Everything goes.
    Clear,
    /// About the desk as a whole.
    Desk(DeskMsg),
    /// Load a sample.
    Sample(usize),
    /// Open the file picker.
    PickFiles,
    /// Hide the refusals.
    DismissRefusals,
    /// Ask the advisor for something else.
    Wish(Wish),
    /// Review now.
    Run,
    /// The pause after an edit is over.
    Settled(u32),
    /// Stop the run.
    Cancel,
    /// The worker is so far.
    Progress(RunId, Stage, usize, usize),
    /// The worker has a review that lacks where the suggestions stop paying.
    Draft(RunId, Rc<Report>),
    /// The worker is done.
    Done(RunId, Rc<Report>),
    /// The run ended without a report.
    Failed(RunId, Failure),
    /// Show a section.
    Show(Tab),
    /// Show a query, by its id.
    ShowQuery(String),
    /// Filter the findings.
    Filter(Filter),
    /// Put the focus into the filter.
    FocusFilter,
    /// To the next finding, or the one before.
    Step(bool),
    /// Fold or unfold a finding.
    Toggle(usize),
    /// Fold or unfold all of them.
    ToggleAll(bool),
    /// Put a finding into the migration or leave it out.
    Choose(usize, bool),
    /// Show a place in the input.
    Jump(Place),
    /// Open a dialog.
    Open(Dialog),
    /// The dialog was closed.
    Closed,
    /// Escape outside a dialog.
    Escape,
    /// The next theme.
    NextTheme,
    /// Fold the intake away or back.
    ToggleIntake,
    /// Something is dragged over the page, or no longer.
    Drag(bool),
    /// Copy a text; the second says what it is.
    Copy(String, &'static str),
    /// Copy the chosen findings' statements.
    CopyDdl,
    /// Download it as a file, or as an archive of its files.
    DownloadDdl,
    /// Write migrations for this tool.
    SetFormat(Format),
    /// A download was begun, or refused.
    Downloaded(&'static str, bool),
    /// Copy the review as Markdown.
    CopyMarkdown,
    /// Take the review in a form, with literals or without.
    TakeReport(Form, bool, Way),
    /// Print what the page shows.
    Print,
    /// A copy worked, or did not.
    Copied(&'static str, bool),
    /// A key.
    Key(Key),
}

/// What [`update`](crate::ui::update) wants done outside.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Analyse; a run under way ends.
    Run(Job),
    /// Review the input of the last run with the job's options.
    Revise(Job),
    /// End the run under way.
    Stop,
    /// Send `Settled` after the pause.
    Settle(u32),
    /// Copy a text and send `Copied`.
    Copy(String, &'static str),
    /// Write the migration of a report and give it to the user.
    Migrate(Box<Report>, Format, Way),
    /// Give a file to the user.
    Give(File, &'static str, Way),
    /// Print the page.
    Print,
    /// Open the file picker.
    PickFiles,
    /// Focus the element with this id, after the page is redrawn.
    Focus(String),
    /// Select a line of a piece, after the page is redrawn.
    SelectLine(Jump),
    /// Apply the theme.
    Theme(Theme),
    /// Find out what there is to know of a long text.
    Measure(PieceId, Body),
    /// Read the lines around a place in a long text.
    Excerpt(Jump, Body),
    /// For the desk as a whole.
    Desk(DeskEffect),
}

/// How the user gets a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the clipboard.
    Copy,
    /// As a file.
    Download,
}

impl State {
    /// Bytes of input.
    pub fn size_bytes(&self) -> f64 {
        self.pieces.iter().map(|piece| piece.body.size_bytes()).sum()
    }

    /// A piece by identity.
    pub fn piece(&self, id: PieceId) -> Option<&Shared<Piece>> {
        self.pieces.iter().find(|piece| piece.id == id)
    }

    /// What the worker gets.
    pub fn job(&self) -> Job {
        self.desk().job()
    }

    /// The title of the window: `3 findings - shop.sql`.
    pub fn title(&self) -> String {
        let name = self.pieces.iter().find_map(|piece| piece.name.as_deref());
        let subject = name.map(|name| format!(" - {name}")).unwrap_or_default();
        match (&self.phase, &self.review) {
            (Phase::Working { .. }, _) => format!("Working{subject}"),
            (Phase::Failed(_), _) => format!("No review{subject}"),
            (_, Some(review)) => {
                let n = review.report.findings.len();
                let noun = if n == 1 { "finding" } else { "findings" };
                format!("{n} {noun}{subject}")
            }
            _ => "Sargable: index design review".to_owned(),
        }
    }
}
