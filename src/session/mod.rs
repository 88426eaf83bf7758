//! A review that is saved or shared: the file `.sargable.json` and the link.
//!
//! Both hold the input and what was asked and decided, never the report: whoever opens one reviews again.
//! What is read here comes from anybody, so it is strict and capped, and an error says what is wrong, where,
//! and what to do, without quoting the content.
//!
//! The version in `format` is raised when an older Sargable would misread a newer file. Fields that may be
//! overlooked can be added without: unknown ones are ignored.

pub mod checksum;
pub mod link;

use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;
use crate::input::{Input, Options, Piece, Side};
use crate::limits;

/// How the name of a session file ends.
pub const EXTENSION: &str = ".sargable.json";

/// What `format` says before the version.
const FAMILY: &str = "sargable-session/";
/// The version that is written and read.
const VERSION: &str = "1";

/// The file as it is written.
#[derive(Serialize)]
struct Written<'a> {
    format: String,
    dialect: Option<Dialect>,
    options: &'a Options,
    pieces: &'a [Piece],
}

/// What tells a session from other JSON.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
}

/// The file as it is read.
#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    dialect: Option<Dialect>,
    #[serde(default)]
    options: Options,
    pieces: Vec<Piece>,
}

/// The session file of an input.
pub fn write(input: &Input) -> String {
    let file = Written {
        format: format!("{FAMILY}{VERSION}"),
        dialect: input.dialect,
        options: &input.options,
        pieces: &input.pieces,
    };
    // Plain data with text keys: there is nothing in it that JSON cannot hold.
    serde_json::to_string(&file).unwrap_or_default()
}

/// Reads a session file.
pub fn read(text: &str) -> Result<Input, String> {
    if text.len() > limits::SESSION_BYTES_MAX {
        return Err(format!(
            "the session is too large: {} MB, at most {} MB; give the files it was made of",
            text.len() >> 20,
            limits::SESSION_BYTES_MAX >> 20
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head: Head = serde_json::from_str(text).map_err(|error| damage(&error, text))?;
    check_version(head.format.as_deref())?;
    let file: Read = serde_json::from_str(text).map_err(|error| damage(&error, text))?;
    let input = Input { pieces: file.pieces, dialect: file.dialect, options: file.options };
    check(&input)?;
    Ok(input)
}

/// Does the text begin like a session file, whole or damaged?
pub fn is_session(text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    let name = head.strip_prefix('{').map(str::trim_start);
    let value = name.and_then(|rest| rest.strip_prefix("\"format\"")).map(str::trim_start);
    let value = value.and_then(|rest| rest.strip_prefix(':')).map(str::trim_start);
    value.is_some_and(|rest| rest.starts_with('"') && rest[1..].starts_with(FAMILY))
}

/// The input with its sessions opened: their pieces, their dialect, and their options where the input has
/// none of its own. The error says which piece is a session that cannot be read, and why.
pub fn take_up(input: Input) -> Result<Input, String> {
    let Input { pieces, mut dialect, mut options } = input;
    let mut out = Vec::new();
    for piece in pieces {
        if piece.kind.is_some() || !is_session(&piece.text) {
            out.push(piece);
            continue;
        }
        let name = piece.name.as_deref().unwrap_or("the input");
        let saved = read(&piece.text).map_err(|error| format!("{error}: {name:?}"))?;
        let side = piece.side;
        out.extend(saved.pieces.into_iter().map(|own| match own.side {
            Side::Today => Piece { side, ..own },
            _ => own,
        }));
        dialect = dialect.or(saved.dialect);
        options = with_defaults(options, saved.options);
    }
    Ok(Input { pieces: out, dialect, options })
}

fn with_defaults(own: Options, saved: Options) -> Options {
    let mut options = saved;
    options.budget = own.budget.or(options.budget);
    options.max_indexes = own.max_indexes.or(options.max_indexes);
    options.max_width = own.max_width.or(options.max_width);
    options.calibrate |= own.calibrate;
    options.decisions.extend(own.decisions);
    options.trials.extend(own.trials);
    options
}

fn check_version(format: Option<&str>) -> Result<(), String> {
    match format.map(|format| format.strip_prefix(FAMILY)) {
        Some(Some(VERSION)) => Ok(()),
        Some(Some(_)) => {
            Err("the session is of another version than this Sargable reads; open it \
                              with the one that saved it, or with a newer one"
                .to_owned())
        }
        _ => Err(format!(
            "the file is no session of Sargable: its \"format\" is not \"{FAMILY}{VERSION}\""
        )),
    }
}

/// What serde has nothing to say about: values that mean nothing, and numbers of things.
fn check(input: &Input) -> Result<(), String> {
    let options = &input.options;
    if options.max_indexes == Some(0) || options.max_width == Some(0) {
        return Err("the session asks for at most 0 indexes or columns; at least 1".to_owned());
    }
    for (what, n) in [
        ("pieces of input", input.pieces.len()),
        ("decisions", options.decisions.len()),
        ("statements to try", options.trials.len()),
    ] {
        if n > limits::SESSION_ITEMS_MAX {
            let most = limits::SESSION_ITEMS_MAX;
            return Err(format!("the session holds {n} {what}, at most {most}"));
        }
    }
    Ok(())
}

/// What is wrong with the JSON, and where; serde's own words quote the content.
fn damage(error: &serde_json::Error, text: &str) -> String {
    use serde_json::error::Category;
    let last =
        text.split('\n').enumerate().last().map_or((0, 0), |(at, line)| (at + 1, line.len()));
    let at_end = (error.line(), error.column()) >= last;
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => damage_by_cut(&place),
        Category::Syntax if at_end => damage_by_cut(&place),
        Category::Syntax | Category::Io => {
            format!("the session is damaged: no JSON at {place}; copy it again")
        }
        Category::Data => {
            let message = error.to_string();
            let expected = message.split_once("expected ").map_or("another value", |(_, e)| e);
            let expected = expected.split(" at line ").next().unwrap_or(expected);
            let missing = message.split(" at line ").next().filter(|m| m.starts_with("missing"));
            let what = missing.map_or_else(|| format!("expected {expected}"), str::to_owned);
            format!("the session cannot be understood at {place}: {what}; was it edited by hand?")
        }
    }
}

fn damage_by_cut(place: &str) -> String {
    format!("the session is cut off: it ends at {place}; copy it again whole")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Budget, Decision, Side, Verdict};

    pub(super) fn sample() -> Input {
        let piece = |name: &str, text: &str| Piece {
            name: Some(name.to_owned()),
            text: text.to_owned(),
            kind: None,
            side: Side::Migration,
        };
        let decision = Decision { verdict: Verdict::Reject, ..Decision::default() };
        Input {
            pieces: vec![piece("a.sql", "CREATE TABLE t (a int);\n"), piece("é", "\u{1}\"\\")],
            dialect: Some(Dialect::Sqlite),
            options: Options {
                budget: Some(Budget::Percent(12.5)),
                decisions: vec![decision],
                ..Options::default()
            },
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for input in [Input::default(), sample()] {
            let text = write(&input);
            assert!(is_session(&text));
            assert_eq!(read(&text), Ok(input.clone()));
            assert_eq!(read(&format!("\u{feff}{text}\n")), Ok(input));
        }
    }

    #[test]
    fn a_session_among_the_input_is_taken_up() {
        let piece = |text: String| Piece { text, ..Piece::default() };
        let pieces = vec![piece(write(&sample())), piece("SELECT 1".to_owned())];
        let options = Options { budget: Some(Budget::Bytes(5.0)), ..Options::default() };
        let got = take_up(Input { pieces, options, dialect: None }).unwrap();
        assert_eq!((got.pieces.len(), got.dialect), (3, Some(Dialect::Sqlite)));
        assert_eq!(
            (got.options.budget, got.options.decisions.len()),
            (Some(Budget::Bytes(5.0)), 1)
        );
        let cut = piece(write(&sample())[..60].to_owned());
        let error = take_up(Input { pieces: vec![cut], ..Input::default() }).unwrap_err();
        assert!(error.contains("cut off"), "{error}");
    }

    #[test]
    fn what_later_versions_add_is_overlooked() {
        let text = "{\"format\": \"sargable-session/1\", \"pieces\": [{\"text\": \"\", \"x\": 1}], \
                    \"later\": {}}";
        assert_eq!(read(text).unwrap().pieces.len(), 1);
    }

    #[test]
    fn each_damage_is_named_and_nothing_is_quoted() {
        let whole = write(&sample());
        for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
            let error = read(&whole[..at]).unwrap_err();
            assert!(error.contains("cut off"), "{at}: {error}");
        }
        let session = |rest: &str| format!("{{\"format\":\"sargable-session/1\",{rest}}}");
        for (text, part) in [
            ("secret\n\n".to_owned(), "damaged: no JSON at line 1"),
            ("[1]".to_owned(), "cannot be understood"),
            ("{}".to_owned(), "no session"),
            ("{\"format\":\"sargable-review/1\"}".to_owned(), "no session"),
            ("{\"format\":\"sargable-session/2\",\"pieces\":[]}".to_owned(), "another version"),
            (session("\"pieces\":[]").replace("]}", "]}}  "), "damaged"),
            (session("\"options\":{\"max_width\":null}"), "missing field"),
            (session("\"pieces\":\"secret\""), "expected a sequence"),
            (session("\"pieces\":[{\"text\":[\"secret\"]}]"), "expected a string"),
            (session("\"pieces\":[],\"dialect\":\"secret\""), "expected one of `postgres`"),
            (session("\"pieces\":[],\"options\":{\"max_width\":0}"), "at least 1"),
            (session(&format!("\"pieces\":[{}]", "[".repeat(1 << 20))), "session"),
            (session("\"pieces\":[{\"text\":\"\"},]"), "damaged"),
            (
                session(&format!(
                    "\"pieces\":[{}{{\"text\":\"\"}}]",
                    r#"{"text":""},"#.repeat(2000)
                )),
                "2001 pieces",
            ),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(part), "{part}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
