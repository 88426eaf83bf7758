//! The little of the WebDriver protocol that these tests need, spoken to chromedriver.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// A running chromedriver.
pub struct Driver {
    process: Child,
    port: u16,
    browser: String,
    _output: BufReader<ChildStdout>,
}

impl Driver {
    pub fn start() -> Driver {
        let variable =
            |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.into());
        let path = variable("SARGABLE_CHROMEDRIVER", "chromedriver");
        let mut process = Command::new(&path)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut output = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let port = read_port(&mut output);
        let browser = variable("SARGABLE_CHROME", "chromium");
        Driver { process, port, browser, _output: output }
    }

    /// A fresh browser with an empty profile.
    pub fn session(&self) -> Session {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile =
            std::env::temp_dir().join(format!("sargable-browser-{}-{number}", std::process::id()));
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--window-size=1280,900", format!("--user-data-dir={}", profile.display()),
        ]});
        // A bare name is left to the driver, which knows where its browser is.
        if self.browser.contains(['/', '\\']) {
            options["binary"] = json!(self.browser);
        }
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": options,
        }}});
        let answer = call(self.port, "POST", "/session", &capabilities);
        let id = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}"));
        Session { port: self.port, base: format!("/session/{id}"), profile }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser.
pub struct Session {
    port: u16,
    base: String,
    profile: PathBuf,
}

impl Session {
    pub fn post(&self, path: &str, body: &Value) -> Value {
        call(self.port, "POST", &format!("{}{path}", self.base), body)
    }

    pub fn get(&self, path: &str) -> Value {
        call(self.port, "GET", &format!("{}{path}", self.base), &Value::Null)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        call(self.port, "DELETE", &self.base, &Value::Null);
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn read_port(output: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    while output.read_line(&mut line).expect("chromedriver's output") > 0 {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim().trim_end_matches('.').parse().expect("a port");
        }
        line.clear();
    }
    panic!("chromedriver did not start");
}

/// One request; the `value` of the answer, which is an object with `error` when it went wrong.
fn call(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let body = if method == "POST" { body.to_string() } else { String::new() };
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("chromedriver listens");
    stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("chromedriver reads");
    let body = read_body(BufReader::new(stream)).expect("chromedriver answers");
    let mut answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    answer["value"].take()
}

/// The driver keeps the connection open, so the length says where the answer ends.
fn read_body(mut stream: impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}
