//! Reads the case files.

use std::path::{Path, PathBuf};

use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::{Budget, Decision, Options, Piece, Side, Verdict};
use sargable::progress::Silent;
use sargable::report::migration::{self, Format};
use sargable::report::{explanation, html, inspection, markdown, text};

/// A case file.
pub struct CaseFile {
    pub path: PathBuf,
    pub name: String,
    pub text: String,
    pub cases: Vec<Case>,
}

/// One case.
pub struct Case {
    pub file: String,
    pub title: String,
    /// Blocks of input in order.
    pub blocks: Vec<Block>,
    pub outputs: Vec<(Output, Wanted)>,
    pub options: Options,
    pub dialect: Option<Dialect>,
    /// Laws that do not hold here, and why.
    pub exceptions: Vec<(String, String)>,
    /// Where in the file the case ends.
    pub end: usize,
}

/// A block of input: its kind and its text.
pub struct Block {
    pub kind: String,
    pub text: String,
}

impl Block {
    /// `sql proposed` and `sql migration` are the other schema.
    pub fn side(&self) -> Side {
        Side::from_name(&self.kind).unwrap_or_default()
    }
}

/// What an output block holds, and where in the file.
pub struct Wanted {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// Kinds of output.
#[derive(Clone, Copy)]
pub enum Output {
    Report,
    Inspect,
    Explain,
    Markdown,
    Html,
    Migration(Format),
}

/// The time that migrations of cases are made.
const STAMP: u64 = 20_260_102_030_405;

impl Output {
    /// The output of an info string; `migration django` is `--format django`.
    fn from_name(name: &str) -> Option<Output> {
        let known =
            [Output::Report, Output::Inspect, Output::Explain, Output::Markdown, Output::Html];
        let migrations = Format::ALL.into_iter().map(Output::Migration);
        known.into_iter().chain(migrations).find(|output| output.name() == name)
    }

    pub fn name(self) -> String {
        match self {
            Output::Report => "report".to_owned(),
            Output::Inspect => "inspect".to_owned(),
            Output::Explain => "explain".to_owned(),
            Output::Markdown => "markdown".to_owned(),
            Output::Html => "html".to_owned(),
            Output::Migration(format) => format!("migration {}", format.name()),
        }
    }

    pub fn render(self, case: &Case) -> String {
        match self {
            Output::Report => text::render_text(&sargable::analyze(&case.input(), &mut Silent)),
            Output::Inspect => inspection::render_inspection(&inspection::inspect(&case.input())),
            Output::Explain => case.explain(),
            Output::Markdown => {
                markdown::render_markdown(&sargable::analyze(&case.input(), &mut Silent))
            }
            Output::Html => {
                let html = html::render_html(&sargable::analyze(&case.input(), &mut Silent));
                let (head, rest) = html.split_once("<style>").unwrap();
                format!("{head}<style>{}", &rest[rest.find("</style>").unwrap()..])
            }
            Output::Migration(format) => {
                let report = sargable::analyze(&case.input(), &mut Silent);
                migration::joined(&migration::files(&report, format, STAMP))
            }
        }
    }
}

/// Kinds of input; a kind that is not here is a mistake in the case file.
const KINDS: &[&str] = &[
    "sql schema",
    "sql indexes",
    "sql queries",
    "sql with",
    "sql statistics",
    "sql proposed",
    "sql migration",
    "text plan",
    "json plan",
    "yaml plan",
    "xml plan",
    "text psql",
    "json statistics",
    "csv statistics",
    "text statistics",
    "csv statements",
    "text statements",
    "text log",
    "csv log",
    "json log",
    "text paste",
];

/// Blocks of one statement that are no input: what the user tries or has decided.
const WISHES: &[&str] = &["try", "accept", "reject", "defer"];

impl Case {
    /// All blocks, each one piece named after its kind.
    pub fn input(&self) -> Input {
        let pieces = self.blocks.iter().map(|block| Piece {
            name: Some(block.kind.clone()),
            text: block.text.clone(),
            side: block.side(),
            ..Piece::default()
        });
        self.with_pieces(pieces.collect())
    }

    /// What `sargable explain` prints; indexes of blocks `sql with` are hypothetical.
    fn explain(&self) -> String {
        let mut base = self.input();
        let with = base.clone();
        base.pieces.retain(|piece| piece.name.as_deref() != Some("with"));
        let with = Some(&with).filter(|with| with.pieces.len() > base.pieces.len());
        explanation::render_text(&explanation::explain(&base, with))
    }

    /// The options of this case with other pieces.
    pub fn with_pieces(&self, pieces: Vec<Piece>) -> Input {
        Input { pieces, dialect: self.dialect, options: self.options.clone() }
    }
}

/// All case files, in the order of their names.
pub fn load_files() -> Vec<CaseFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    paths.sort();
    paths.into_iter().map(load_file).collect()
}

/// All cases of all files.
pub fn load_cases() -> Vec<Case> {
    load_files().into_iter().flat_map(|file| file.cases).collect()
}

fn load_file(path: PathBuf) -> CaseFile {
    let text = std::fs::read_to_string(&path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut reader = Reader { file: &name, cases: Vec::new(), open: None };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        reader.line(&text, at, line);
        at += line.len();
    }
    assert!(reader.open.is_none(), "{name}: a block is never closed");
    let cases = reader.cases;
    CaseFile { cases, path, name, text }
}

/// An open fenced block.
struct Open {
    fence: String,
    info: String,
    start: usize,
}

struct Reader<'a> {
    file: &'a str,
    cases: Vec<Case>,
    open: Option<Open>,
}

impl Reader<'_> {
    fn line(&mut self, text: &str, at: usize, line: &str) {
        let content = line.trim_end();
        if let Some(open) = self.open.take() {
            match content == open.fence {
                true => self.close(open, text, at, at + line.len()),
                false => self.open = Some(open),
            }
        } else if let Some(title) = content.strip_prefix("## ") {
            self.cases.push(self.new_case(title, at + line.len()));
        } else if content.starts_with("```") {
            let info = content.trim_start_matches('`');
            self.open = Some(Open {
                fence: content[..content.len() - info.len()].to_owned(),
                info: info.trim().to_owned(),
                start: at + line.len(),
            });
        } else if let Some(case) = self.cases.last_mut() {
            case.read_line(content);
            if !content.is_empty() {
                case.end = at + line.len();
            }
        }
    }

    fn new_case(&self, title: &str, end: usize) -> Case {
        Case {
            file: self.file.to_owned(),
            title: title.to_owned(),
            blocks: Vec::new(),
            outputs: Vec::new(),
            options: Options::default(),
            dialect: None,
            exceptions: Vec::new(),
            end,
        }
    }

    fn close(&mut self, open: Open, text: &str, at: usize, end: usize) {
        let file = self.file;
        let case = self.cases.last_mut().unwrap_or_else(|| panic!("{file}: a block before `## `"));
        case.end = end;
        let body = text[open.start..at].to_owned();
        let output = Output::from_name(&open.info);
        if let Some(output) = output {
            case.outputs.push((output, Wanted { text: body, start: open.start, end: at }));
        } else if KINDS.contains(&open.info.as_str()) {
            let kind = open.info.split_once(' ').map_or("", |(_, kind)| kind).to_owned();
            case.blocks.push(Block { kind, text: body });
        } else if open.info == "json decisions" {
            case.options.decisions = serde_json::from_str(&body).unwrap();
        } else if let Some(wish) = open.info.strip_prefix("sql ").filter(|w| WISHES.contains(w)) {
            case.wish(wish, body);
        } else {
            panic!("{file}: {}: no such kind of block: {:?}", case.title, open.info);
        }
    }
}

impl Case {
    fn wish(&mut self, wish: &str, statement: String) {
        let verdict = match wish {
            "try" => return self.options.trials.push(statement),
            "accept" => Verdict::Accept,
            "reject" => Verdict::Reject,
            _ => Verdict::Defer,
        };
        self.options.decide(Decision { statement, verdict, ..Decision::default() });
    }

    fn read_line(&mut self, line: &str) {
        if let Some(options) = line.strip_prefix("Options: ") {
            self.read_options(options);
        } else if let Some(exception) = line.strip_prefix("Not law(") {
            let (law, reason) = exception.split_once("): ").unwrap_or((exception, ""));
            assert!(crate::LAWS.contains(&law), "{}: no such law: {law:?}", self.title);
            assert!(reason.len() > 10, "{}: a law is excepted without a reason", self.title);
            self.exceptions.push((law.to_owned(), reason.to_owned()));
        }
    }

    fn read_options(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            if word == "--calibrate" {
                self.options.calibrate = true;
                continue;
            }
            let value = words.next().unwrap_or_else(|| panic!("{word} has no value"));
            match word {
                "--dialect" => self.dialect = Some(Dialect::from_name(value).unwrap()),
                "--budget" => self.options.budget = Some(Budget::parse(value).unwrap()),
                "--max-indexes" => self.options.max_indexes = Some(value.parse().unwrap()),
                "--max-width" => self.options.max_width = Some(value.parse().unwrap()),
                _ => panic!("{}: no such option: {word}", self.title),
            }
        }
    }
}
