//! The words of the command line.

use std::ffi::OsString;

use lexopt::prelude::*;

use super::help;
use crate::dialect::Dialect;
use crate::input::{Budget, Decision, Options, Verdict, is_date};
use crate::redact::input::Wish;
use crate::report::migration;

/// What the words ask for.
pub(super) enum Parsed {
    /// Run a command.
    Run(Box<Args>),
    /// Only print this: help or version.
    Print(String),
}

/// A command with its options.
#[derive(Debug)]
pub(super) struct Args {
    pub command: Command,
    pub files: Vec<String>,
    pub dialect: Option<Dialect>,
    pub format: Format,
    pub options: Options,
    pub fail_on: Vec<String>,
    /// Files whose indexes are hypothetical.
    pub with: Vec<String>,
    /// Files of today's schema, where the others are of the proposed one.
    pub against: Vec<String>,
    /// Files of statements that change the schema of the others.
    pub migration: Vec<String>,
    /// The migration that takes back, not the one that applies.
    pub reverse: bool,
    /// The file of the report or of a session, or the folder that gets the files of a migration.
    pub output: Option<String>,
    /// The file that decisions are kept in.
    pub decisions: Option<String>,
    /// What a session shares.
    pub wish: Wish,
    /// The session as a link.
    pub link: bool,
    /// The file that the key of replaced names is written to, or read from.
    pub key: Option<String>,
}

/// The commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Review,
    Explain,
    Inspect,
    Session,
}

/// The output formats of all commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Markdown,
    Html,
    Migration(migration::Format),
}

impl Command {
    pub(super) fn name(self) -> &'static str {
        match self {
            Command::Review => "review",
            Command::Explain => "explain",
            Command::Inspect => "inspect",
            Command::Session => "session",
        }
    }

    fn from_name(name: &str) -> Option<Command> {
        let all = [Command::Review, Command::Explain, Command::Inspect, Command::Session];
        all.into_iter().find(|command| command.name() == name)
    }

    fn formats(self) -> Vec<(&'static str, Format)> {
        if self == Command::Session {
            return vec![("json", Format::Json)];
        }
        let mut formats = vec![("text", Format::Text), ("json", Format::Json)];
        if self == Command::Review {
            formats.extend([("markdown", Format::Markdown), ("html", Format::Html)]);
            let forward = migration::Format::ALL.into_iter();
            let forward = forward.filter(|format| *format != migration::Format::Reverse);
            formats.extend(forward.map(|format| (format.name(), Format::Migration(format))));
        }
        formats
    }

    fn help(self) -> &'static str {
        match self {
            Command::Review => help::REVIEW,
            Command::Explain => help::EXPLAIN,
            Command::Inspect => help::INSPECT,
            Command::Session => help::SESSION,
        }
    }
}

/// Reads the words behind the program's name. An error is wrong usage: exit code 2.
pub(super) fn parse_args(words: impl Iterator<Item = OsString>) -> Result<Parsed, String> {
    parse(lexopt::Parser::from_args(words)).map_err(|error| {
        format!("{}\nTry `sargable --help`.", error.to_string().trim_end_matches('.'))
    })
}

fn parse(mut words: lexopt::Parser) -> Result<Parsed, lexopt::Error> {
    let mut args = Args {
        command: match parse_command(&mut words)? {
            Ok(command) => command,
            Err(text) => return Ok(Parsed::Print(text)),
        },
        files: Vec::new(),
        dialect: None,
        format: Format::Text,
        options: Options::default(),
        fail_on: Vec::new(),
        with: Vec::new(),
        against: Vec::new(),
        migration: Vec::new(),
        reverse: false,
        output: None,
        decisions: None,
        wish: Wish::default(),
        link: false,
        key: None,
    };
    while let Some(word) = words.next()? {
        match word {
            Short('h') | Long("help") => return Ok(Parsed::Print(args.command.help().to_owned())),
            Value(file) => args.files.push(file.string()?),
            Long("dialect") => args.dialect = Some(words.value()?.parse_with(dialect)?),
            Long("format") => {
                let command = args.command;
                args.format = words.value()?.parse_with(|name| format(command, name))?;
            }
            Long("calibrate") if args.command != Command::Inspect => args.options.calibrate = true,
            Long("with") if args.command == Command::Explain => {
                args.with.push(words.value()?.string()?);
            }
            Long("names") => args.key = Some(words.value()?.string()?),
            Long(name) if args.command == Command::Session => {
                let name = name.to_owned();
                session_option(&name, &mut args, &mut words)?;
            }
            Long(name) if args.command == Command::Review => {
                let name = name.to_owned();
                review_option(&name, &mut args, &mut words)?;
            }
            other => return Err(other.unexpected()),
        }
    }
    check_migration(&mut args)?;
    if !args.against.is_empty() && !args.migration.is_empty() {
        let why = "`--against` names today's schema and `--migration` what changes it: one of them";
        return Err(why.into());
    }
    let files = args.files.iter().chain(&args.against).chain(&args.migration);
    if files.filter(|file| *file == "-").count() > 1 {
        return Err("standard input can be read once only: `-` is given twice".into());
    }
    Ok(Parsed::Run(Box::new(args)))
}

/// `--reverse` is for SQL, whose tools know nothing of a way back.
fn check_migration(args: &mut Args) -> Result<(), lexopt::Error> {
    if args.reverse {
        if args.format != Format::Migration(migration::Format::Sql) {
            return Err("`--reverse` goes with `--format sql`; others carry their way back".into());
        }
        args.format = Format::Migration(migration::Format::Reverse);
    }
    Ok(())
}

/// The command, or what to print instead.
fn parse_command(words: &mut lexopt::Parser) -> Result<Result<Command, String>, lexopt::Error> {
    let name = match words.next()? {
        None => return Err("no command given".into()),
        Some(Short('h') | Long("help")) => return Ok(Err(help::MAIN.to_owned())),
        Some(Short('V') | Long("version")) => {
            return Ok(Err(format!("sargable {}\n", env!("CARGO_PKG_VERSION"))));
        }
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected()),
    };
    if name == "help" {
        let about = words.next()?.and_then(|word| match word {
            Value(name) => Command::from_name(&name.to_string_lossy()),
            _ => None,
        });
        return Ok(Err(about.map_or(help::MAIN, Command::help).to_owned()));
    }
    match Command::from_name(&name) {
        Some(command) => Ok(Ok(command)),
        None => Err(format!("no such command: {name:?}").into()),
    }
}

fn review_option(
    name: &str,
    args: &mut Args,
    words: &mut lexopt::Parser,
) -> Result<(), lexopt::Error> {
    match name {
        "reverse" => args.reverse = true,
        "output" => args.output = Some(words.value()?.string()?),
        "fail-on" => args.fail_on.push(words.value()?.string()?.to_lowercase()),
        _ => return wish_option(name, args, words),
    }
    Ok(())
}

fn session_option(
    name: &str,
    args: &mut Args,
    words: &mut lexopt::Parser,
) -> Result<(), lexopt::Error> {
    match name {
        "parts" => words.value()?.parse_with(|parts| share(parts, &mut args.wish))?,
        "keep-literals" => args.wish.literals = true,
        "link" => args.link = true,
        "output" => args.output = Some(words.value()?.string()?),
        _ => return wish_option(name, args, words),
    }
    Ok(())
}

/// `schema,queries`: of all parts only these.
fn share(parts: &str, wish: &mut Wish) -> Result<(), String> {
    let all = [
        ("schema", &mut wish.schema),
        ("queries", &mut wish.queries),
        ("plans", &mut wish.plans),
        ("statistics", &mut wish.statistics),
        ("decisions", &mut wish.decisions),
    ];
    let known: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    if parts.split(',').any(|part| !known.contains(&part.trim())) {
        return Err(format!("parts are {}", known.join(", ")));
    }
    for (name, flag) in all {
        *flag = parts.split(',').any(|part| part.trim() == name);
    }
    Ok(())
}

/// What is asked of the advisor.
fn wish_option(
    name: &str,
    args: &mut Args,
    words: &mut lexopt::Parser,
) -> Result<(), lexopt::Error> {
    match name {
        "budget" => args.options.budget = Some(words.value()?.parse_with(budget)?),
        "max-indexes" => args.options.max_indexes = Some(words.value()?.parse_with(count)?),
        "max-width" => args.options.max_width = Some(words.value()?.parse_with(count)?),
        "against" => args.against.push(words.value()?.string()?),
        "migration" => args.migration.push(words.value()?.string()?),
        "try" => args.options.trials.push(words.value()?.string()?),
        "accept" => decide(args, words, Verdict::Accept)?,
        "reject" => decide(args, words, Verdict::Reject)?,
        "defer" => decide(args, words, Verdict::Defer)?,
        "reason" => decided(args, name)?.reason = words.value()?.string()?,
        "date" => decided(args, name)?.date = words.value()?.parse_with(date)?,
        "decisions" => args.decisions = Some(words.value()?.string()?),
        _ => return Err(Long(name).unexpected()),
    }
    Ok(())
}

fn decide(
    args: &mut Args,
    words: &mut lexopt::Parser,
    verdict: Verdict,
) -> Result<(), lexopt::Error> {
    let statement = words.value()?.string()?;
    args.options.decide(Decision { statement, verdict, ..Decision::default() });
    Ok(())
}

/// The decision that stands before `--reason` and `--date`.
fn decided<'a>(args: &'a mut Args, name: &str) -> Result<&'a mut Decision, lexopt::Error> {
    let last = args.options.decisions.last_mut();
    last.ok_or_else(|| format!("`--{name}` goes behind `--accept`, `--reject` or `--defer`").into())
}

fn date(text: &str) -> Result<String, String> {
    match is_date(text) {
        true => Ok(text.to_owned()),
        false => Err("must be a day like 2026-03-02".to_owned()),
    }
}

fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::from_name(name).ok_or_else(|| {
        let names = Dialect::ALL.map(Dialect::name).join(", ");
        format!("no such dialect; one of {names}")
    })
}

fn format(command: Command, name: &str) -> Result<Format, String> {
    let formats = command.formats();
    let found = formats.iter().find(|(known, _)| *known == name);
    found.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<&str> = formats.iter().map(|(known, _)| *known).collect();
        format!("`{}` prints {}", command.name(), names.join(", "))
    })
}

fn count(number: &str) -> Result<usize, String> {
    match number.parse() {
        Ok(0) | Err(_) => Err("must be a whole number from 1".to_owned()),
        Ok(n) => Ok(n),
    }
}

fn budget(text: &str) -> Result<Budget, String> {
    Budget::parse(text).ok_or_else(|| "must be like `25%`, `500MB` or `2GB`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Args, String> {
        match parse_args(words.split_whitespace().map(OsString::from))? {
            Parsed::Run(args) => Ok(*args),
            Parsed::Print(text) => Err(text),
        }
    }

    #[test]
    fn options_may_stand_anywhere() {
        let args = parsed("review a.sql --budget 25% - --fail-on high --fail-on=unused-index");
        let args = args.unwrap();
        assert_eq!(args.files, ["a.sql", "-"]);
        assert_eq!(args.options.budget, Some(Budget::Percent(25.0)));
        assert_eq!(args.fail_on, ["high", "unused-index"]);
    }

    #[test]
    fn wrong_usage_says_what_would_be_right() {
        for (words, part) in [
            ("", "no command"),
            ("revue", "\"revue\""),
            ("review --budget lots", "500MB"),
            ("review --max-indexes 0", "whole number"),
            ("review - -", "once only"),
            ("review a --against - --against -", "once only"),
            ("review a --against b --migration c", "one of them"),
            ("review x --date 2026-03-02", "`--date` goes behind"),
            ("review x --reject y --date 2.3.2026", "2026-03-02"),
            ("inspect x --budget 5%", "--budget"),
            ("inspect x --format html", "prints text, json"),
            ("inspect x --dialect oracle", "mariadb"),
        ] {
            let error = parsed(words).unwrap_err();
            assert!(error.contains(part), "{words}: {error}");
        }
    }
}
