//! The native command: reads files, runs the core, prints. The contract of its words, its JSON and
//! its exit codes is in the help texts; content that cannot be read is a diagnostic in the output,
//! never an exit code.

mod args;
mod decisions;
mod explain;
mod help;
mod inspect;
mod review;
mod session;
mod stamp;

use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use crate::input::{Input, Piece, Side};
use crate::redact::key::{read_key, restore_input};
use crate::text::decode;
use args::{Args, Command, Parsed};

/// What a command prints, and whether `--fail-on` matched.
struct Outcome {
    output: String,
    failed: bool,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let args = match args::parse_args(std::env::args_os().skip(1)) {
        Ok(Parsed::Run(args)) => args,
        Ok(Parsed::Print(text)) => return print(&text, ExitCode::SUCCESS),
        Err(message) => return complain(&message),
    };
    let input = match read_input(&args) {
        Ok(input) => input,
        Err(message) => return complain(&message),
    };
    let with = match read_with(&args, &input) {
        Ok(with) => with,
        Err(message) => return complain(&message),
    };
    let outcome = match args.command {
        Command::Review => review::run(&args, &input),
        Command::Explain => Ok(explain::run(&args, &input, with.as_ref())),
        Command::Inspect => Ok(inspect::run(&args, &input)),
        Command::Session => session::run(&args, &input),
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(message) => return complain(&message),
    };
    print(&outcome.output, ExitCode::from(u8::from(outcome.failed)))
}

fn complain(message: &str) -> ExitCode {
    eprintln!("sargable: {message}");
    ExitCode::from(2)
}

/// Prints to standard output; a reader that has left (`| head`) is no failure.
fn print(text: &str, code: ExitCode) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("cannot write the output: {error}"))
        }
        _ => code,
    }
}

fn read_input(args: &Args) -> Result<Input, String> {
    let stdin = || vec!["-".to_owned()];
    let files = match args.files.as_slice() {
        [] if io::stdin().is_terminal() => {
            return Err(format!(
                "nothing to read: name files, or `-` for standard input; try `sargable {} --help`",
                args.command.name()
            ));
        }
        [] => stdin(),
        files => files.to_vec(),
    };
    let own = if args.against.is_empty() { Side::Today } else { Side::Proposed };
    let sides = [(&args.against, Side::Today), (&files, own), (&args.migration, Side::Migration)];
    let all =
        sides.into_iter().flat_map(|(files, side)| files.iter().map(move |file| (file, side)));
    let pieces = all.map(|(file, side)| Ok(Piece { side, ..read_piece(file)? }));
    let pieces = pieces.collect::<Result<_, String>>()?;
    let options = decisions::with_kept(args)?;
    let input = Input { pieces, dialect: args.dialect, options };
    let input = crate::session::take_up(input)?;
    match &args.key {
        Some(path) if args.command != Command::Session => {
            let key = read_key(&read_piece(path)?.text)?;
            Ok(restore_input(&input, &key))
        }
        _ => Ok(input),
    }
}

/// The input with the files of `--with` behind it.
fn read_with(args: &Args, input: &Input) -> Result<Option<Input>, String> {
    let mut with = input.clone();
    for file in &args.with {
        with.pieces.push(read_piece(file)?);
    }
    Ok((!args.with.is_empty()).then_some(with))
}

fn read_piece(file: &str) -> Result<Piece, String> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => io::stdin().read_to_end(&mut bytes).map(|_| ()),
        path => std::fs::read(path).map(|content| bytes = content),
    };
    read.map_err(|error| format!("cannot read the file: {error}: {file:?}"))?;
    let name = if file == "-" { "stdin" } else { file };
    Ok(Piece { name: Some(name.to_owned()), text: decode(bytes), kind: None, ..Piece::default() })
}
