//! The few options the commands take.

use crate::step::Outcome;

/// Options of `serve`.
#[derive(Debug, PartialEq, Eq)]
pub struct Serve {
    /// Build as for a release: slower to build, faster to use.
    pub release: bool,
    /// Where to listen.
    pub port: u16,
}

/// Reads the options of `serve`.
pub fn read_serve(words: &[String]) -> Outcome<Serve> {
    let mut options = Serve { release: false, port: 8080 };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--release" => options.release = true,
            "--port" => {
                let port = words.next().map(String::as_str).unwrap_or_default();
                options.port =
                    port.parse().map_err(|_| format!("--port wants a number, not {port:?}"))?;
            }
            other => return Err(format!("serve knows --release and --port N, not {other:?}")),
        }
    }
    Ok(options)
}

/// Options of `fidelity`.
#[derive(Debug, PartialEq, Eq)]
pub struct Fidelity {
    /// Only these databases; all when empty.
    pub databases: Vec<String>,
    /// How many of the worst queries of each to show.
    pub worst: usize,
    /// Record the table.
    pub update: bool,
}

/// Reads the options of `fidelity`.
pub fn read_fidelity(words: &[String]) -> Outcome<Fidelity> {
    let mut options = Fidelity { databases: Vec::new(), worst: 3, update: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--update" => options.update = true,
            "--worst" => {
                let n = words.next().map(String::as_str).unwrap_or_default();
                options.worst =
                    n.parse().map_err(|_| format!("--worst wants a number, not {n:?}"))?;
            }
            option if option.starts_with('-') => {
                return Err(format!("fidelity knows --worst N and --update, not {option:?}"));
            }
            database => options.databases.push(database.to_owned()),
        }
    }
    Ok(options)
}
