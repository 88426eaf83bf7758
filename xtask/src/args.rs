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
