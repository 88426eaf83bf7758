//! The little of the WebDriver protocol that these tests need, spoken to chromedriver and geckodriver.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// Whose driver it is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Chromium,
    Firefox,
}

/// A running driver.
pub struct Driver {
    kind: Kind,
    process: Child,
    port: u16,
    browser: String,
    _output: BufReader<ChildStdout>,
}

fn variable(name: &str, usual: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| usual.into())
}

impl Driver {
    pub fn chromium() -> Driver {
        let driver = variable("SARGABLE_CHROMEDRIVER", "chromedriver");
        Driver::start(Kind::Chromium, &driver, variable("SARGABLE_CHROME", "chromium"))
    }

    /// None where the environment names none.
    pub fn firefox() -> Option<Driver> {
        let browser = std::env::var("SARGABLE_FIREFOX").ok()?;
        let driver = variable("SARGABLE_GECKODRIVER", "geckodriver");
        Some(Driver::start(Kind::Firefox, &driver, browser))
    }

    fn start(kind: Kind, path: &str, browser: String) -> Driver {
        let mut process = Command::new(path)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut output = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let port = read_port(&mut output);
        Driver { kind, process, port, browser, _output: output }
    }

    /// A fresh browser with an empty profile.
    pub fn session(&self) -> Session {
        let (capabilities, profile) = match self.kind {
            Kind::Chromium => self.chromium_options(),
            Kind::Firefox => (self.firefox_options(), None),
        };
        let capabilities = json!({ "capabilities": { "alwaysMatch": capabilities }});
        let answer = call(self.port, "POST", "/session", &capabilities);
        let id = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}"));
        Session { port: self.port, base: format!("/session/{id}"), profile }
    }

    fn chromium_options(&self) -> (Value, Option<PathBuf>) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile =
            std::env::temp_dir().join(format!("sargable-browser-{}-{number}", std::process::id()));
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--window-size=1280,900", format!("--user-data-dir={}", profile.display()),
        ]});
        self.name_browser(&mut options);
        let logs = json!({ "browser": "ALL" });
        let all = json!({ "goog:loggingPrefs": logs, "goog:chromeOptions": options });
        (all, Some(profile))
    }

    fn firefox_options(&self) -> Value {
        let mut options = json!({ "args": ["-headless", "-width", "1280", "-height", "900"] });
        self.name_browser(&mut options);
        json!({ "moz:firefoxOptions": options })
    }

    /// A bare name is left to the driver, which knows where its browser is.
    fn name_browser(&self, options: &mut Value) {
        if self.browser.contains(['/', '\\']) {
            options["binary"] = json!(self.browser);
        }
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
    /// Where the driver does not make and remove one itself.
    profile: Option<PathBuf>,
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
        if let Some(profile) = &self.profile {
            let _ = std::fs::remove_dir_all(profile);
        }
    }
}

/// Both drivers end the line that says where they listen with the port.
fn read_port(output: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    while output.read_line(&mut line).expect("the driver's output") > 0 {
        if line.contains("successfully on port ") || line.contains("Listening on ") {
            let port = line.trim().trim_end_matches('.').rsplit([' ', ':']).next();
            return port.and_then(|port| port.parse().ok()).expect("a port");
        }
        line.clear();
    }
    panic!("the driver did not start");
}

/// One request; the `value` of the answer, which is an object with `error` when it went wrong.
fn call(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let body = if method == "POST" { body.to_string() } else { String::new() };
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the driver listens");
    stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("the driver reads");
    let body = read_body(BufReader::new(stream)).expect("the driver answers");
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
