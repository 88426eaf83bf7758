//! The page as a test sees it: look, act, wait.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::webdriver::Session;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// WebDriver's name of an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// WebDriver's characters for keys that type none.
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const PAGE_DOWN: &str = "\u{e00f}";
pub const END: &str = "\u{e010}";
pub const HOME: &str = "\u{e011}";
pub const RIGHT: &str = "\u{e014}";
pub const DOWN: &str = "\u{e015}";

/// A page in a browser of its own.
pub struct Page<'a> {
    session: Session,
    _site: std::marker::PhantomData<&'a ()>,
}

impl Page<'_> {
    pub fn new(session: Session) -> Self {
        Page { session, _site: std::marker::PhantomData }
    }

    pub fn go(&self, address: &str) {
        let answer = self.session.post("/url", &json!({ "url": address }));
        assert!(answer.is_null(), "{address}: {answer}");
    }

    /// A command of Chromium's own protocol.
    pub fn command(&self, name: &str, params: &Value) {
        self.session.post("/goog/cdp/execute", &json!({ "cmd": name, "params": params }));
    }

    /// Opens another tab of the same browser and goes there; what they are called, the first and the new.
    pub fn open_tab(&self) -> (String, String) {
        let name = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let first = name(self.session.get("/window"));
        let answer = self.session.post("/window/new", &json!({ "type": "tab" }));
        let second = name(answer["handle"].clone());
        self.switch_tab(&second);
        (first, second)
    }

    pub fn switch_tab(&self, tab: &str) {
        let answer = self.session.post("/window", &json!({ "handle": tab }));
        assert!(answer.is_null(), "{answer}");
    }

    /// The number of pages of the print.
    #[track_caller]
    pub fn print(&self) -> usize {
        let pdf = self.session.post("/print", &json!({}));
        let pdf = pdf.as_str().map(decode_base64).unwrap_or_default();
        assert!(pdf.starts_with(b"%PDF"), "no PDF");
        let page = b"/Type /Page\n";
        pdf.windows(page.len()).filter(|part| part == page).count()
    }

    /// What the body of an async JavaScript function returns.
    #[track_caller]
    pub fn eval(&self, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {body} }})().then((v) => done([v ?? null]), (e) => done(String(e)))"
        );
        let mut answer =
            self.session.post("/execute/async", &json!({"script": script, "args": []}));
        assert!(answer.is_array(), "{body}: {answer}");
        answer[0].take()
    }

    /// Waits until a JavaScript expression is true.
    #[track_caller]
    pub fn wait(&self, expression: &str) {
        let start = Instant::now();
        while self.eval(&format!("return Boolean({expression})")) != true {
            if start.elapsed() > PATIENCE {
                panic!("never true: {expression}\n{}", self.describe());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until there is such an element.
    #[track_caller]
    pub fn wait_for(&self, selector: &str) {
        self.wait(&format!("document.querySelector({})", json!(selector)));
    }

    /// Waits until the page shows a text.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) {
        self.wait(&format!("document.body.innerText.includes({})", json!(text)));
    }

    /// Clicks as a user does: the element must be there to be clicked.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.wait_for(selector);
        let answer =
            self.session.post(&format!("/element/{}/click", self.find(selector)), &json!({}));
        assert!(answer.is_null(), "click on {selector}: {answer}");
    }

    /// Pastes a text where no field has the focus.
    pub fn paste(&self, text: &str) {
        self.eval(&format!(
            "const data = new DataTransfer();
             data.setData('text/plain', {});
             const event = new ClipboardEvent('paste', {{ bubbles: true, cancelable: true }});
             // Firefox takes no data from a script when an event is made.
             Object.defineProperty(event, 'clipboardData', {{ value: data }});
             document.activeElement.blur();
             document.body.dispatchEvent(event)",
            json!(text)
        ));
    }

    /// Drops a file somewhere on the page.
    pub fn drop_file(&self, name: &str, text: &str) {
        self.eval(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{}], {}));
             for (const type of ['dragenter', 'dragover', 'drop']) {{
               const options = {{ dataTransfer: data, bubbles: true, cancelable: true }};
               document.querySelector('main').dispatchEvent(new DragEvent(type, options));
             }}",
            json!(text),
            json!(name)
        ));
    }

    /// The texts in the fields of the input.
    pub fn texts(&self) -> Vec<String> {
        let texts = self.eval(
            "return [...document.querySelectorAll('[data-test=textarea]')].map((f) => f.value)",
        );
        serde_json::from_value(texts).unwrap_or_default()
    }

    /// Chooses a file in a file picker.
    #[track_caller]
    pub fn choose_file(&self, selector: &str, file: &Path) {
        let path = format!("/element/{}/value", self.find(selector));
        let answer = self.session.post(&path, &json!({ "text": file.to_string_lossy() }));
        assert!(answer.is_null(), "file into {selector}: {answer}");
    }

    /// Types keys to what has the focus; a chord holds the first down while the second is hit.
    #[track_caller]
    pub fn press(&self, keys: &[&str]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        let source = json!({ "type": "key", "id": "keyboard", "actions": actions });
        let answer = self.session.post("/actions", &json!({ "actions": [source] }));
        assert!(answer.is_null(), "{keys:?}: {answer}");
    }

    /// Types a text to what has the focus.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        for character in text.chars() {
            let key = if character == '\n' { '\u{e007}' } else { character };
            self.press(&[&key.to_string()]);
        }
    }

    /// What the browser complained about. Firefox does not tell.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.session.post("/se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| entry["message"].to_string()).collect()
    }

    #[track_caller]
    fn find(&self, selector: &str) -> String {
        let query = json!({ "using": "css selector", "value": selector });
        let answer = self.session.post("/element", &query);
        let id = answer[ELEMENT].as_str();
        id.unwrap_or_else(|| panic!("{selector}: {answer}")).to_owned()
    }

    fn describe(&self) -> String {
        let title = self.session.get("/title");
        let text = self.eval("return document.body.innerText");
        let text: String = text.as_str().unwrap_or_default().chars().take(2000).collect();
        format!("title: {title}\n{text}\ncomplaints: {:#?}", self.complaints())
    }
}

fn decode_base64(text: &str) -> Vec<u8> {
    let six = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    let (mut bits, mut n_bits) = (0u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        bits = (bits << 6 | u32::from(six(c))) & 0xffff;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push((bits >> n_bits) as u8);
        }
    }
    out
}
