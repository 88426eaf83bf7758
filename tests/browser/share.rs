//! Links: made on request, without literals, opened strictly.

use miniz_oxide::deflate::compress_to_vec;
use sargable::session::checksum::crc32;
use serde_json::json;

use crate::boot::started;
use crate::desk::{settled, wait_for_texts};
use crate::input::SCHEMA;
use crate::keyboard::tab_to;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("shares a link and opens it", round_trip),
    ("shares no literal of the samples", no_literals),
    ("shares other names and turns them back", other_names),
    ("offers a file where a link is too long", long_link),
    ("says what is wrong with a link", damaged),
];

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

const QUERY: &str = "SELECT * FROM shipments WHERE sent_at > '2024-01-01' AND parcel_id = 70707;";

/// Makes the link in the open dialog.
#[track_caller]
fn make(page: &Page) -> String {
    page.click("[data-test=share-make]");
    page.wait_for("[data-test=share-link]");
    let link = page.eval("return document.querySelector('[data-test=share-link]').value");
    link.as_str().unwrap().to_owned()
}

/// Opens an address as if it came from elsewhere.
#[track_caller]
fn open(page: &Page, address: &str) {
    page.go("about:blank");
    page.go(address);
    started(page);
}

fn round_trip(site: &Site) {
    shared_and_opened(&site.open());
}

/// Makes a link by keyboard, opens it afresh and over another text.
pub fn shared_and_opened(page: &Page) {
    started(page);
    page.paste(SCHEMA);
    page.paste(QUERY);
    settled(page);
    tab_to(page, "[data-test=share]");
    page.press(&[ENTER]);
    page.wait_for("dialog[open] [data-test=share-make]");
    assert_eq!(page.eval("return document.querySelector('[data-test=share-link]')"), json!(null));
    page.wait("/[0-9]\\sB/.test(document.querySelector('dialog').innerText)");
    tab_to(page, "[data-test=share-literals]");
    page.press(&[" "]);
    tab_to(page, "[data-test=share-make]");
    page.press(&[ENTER]);
    page.wait_for("[data-test=share-same]");
    let link = page.eval("return document.querySelector('[data-test=share-link]').value");
    let link = link.as_str().unwrap();
    tab_to(page, "[data-test=share-copy]");
    page.press(&[ESCAPE]);
    page.wait("document.activeElement.matches('[data-test=share]')");

    open(page, link);
    wait_for_texts(page, &[SCHEMA, QUERY]);
    assert_eq!(page.eval("return location.hash"), "");
    settled(page);

    // In a page that is open already, over the user's own text.
    page.click("[data-test=clear]");
    page.wait_for("[data-test=empty]");
    page.paste("SELECT 1;");
    wait_for_texts(page, &["SELECT 1;"]);
    page.eval(&format!("location.href = {link:?}"));
    wait_for_texts(page, &[SCHEMA, QUERY]);
    assert_eq!(page.eval("return location.hash"), "");
    page.click("[data-test=bring-back]");
    wait_for_texts(page, &["SELECT 1;"]);
    page.paste(link);
    wait_for_texts(page, &[SCHEMA, QUERY]);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
}

/// Strings in quotes, and long numbers, in the statements of a text.
fn literals(text: &str) -> Vec<String> {
    let lines = text.split('\n').filter(|line| !line.starts_with("--"));
    let statements = lines.collect::<Vec<_>>().join("\n");
    // Short times such as '1 day' stay.
    let is_time = |s: &str| s.contains(' ') && s.starts_with(|c: char| c.is_ascii_digit());
    let is_kept = |s: &str| s.len() < 4 || (s.len() < 12 && is_time(s));
    let strings = statements.split('\'').skip(1).step_by(2).filter(|s| !is_kept(s));
    let words = statements.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let numbers = words.filter(|w| w.len() > 4 && w.bytes().all(|b| b.is_ascii_digit()));
    strings.chain(numbers).map(str::to_owned).collect()
}

fn no_literals(site: &Site) {
    let page = site.open();
    started(&page);
    for sample in 0..3 {
        page.eval(&format!(
            "const menu = document.querySelector('[data-test=samples]');
             menu.value = '{sample}';
             menu.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ));
        settled(&page);
        let texts = page.texts();
        page.click("[data-test=share]");
        let link = make(&page);
        open(&page, &link);
        settled(&page);
        let shared = page.texts().join("\n");
        assert!(shared.len() > 200, "{shared}");
        // A name may be the same word as a literal, so what counts is a literal among literals.
        let left = literals(&shared);
        let queries = texts.iter().filter(|text| text.contains("SELECT"));
        for literal in queries.flat_map(|text| literals(text)) {
            assert!(!left.contains(&literal), "{literal} of sample {sample} is left");
        }
    }
}

fn other_names(site: &Site) {
    let page = site.open();
    started(&page);
    page.paste(SCHEMA);
    settled(&page);
    page.eval(
        "URL.createObjectURL = (blob) => { globalThis.given = blob; return 'blob:none'; };
         HTMLAnchorElement.prototype.click = function () {}",
    );
    page.click("[data-test=share]");
    page.click("[data-test=share-names]");
    let link = make(&page);
    page.click("[data-test=share-key]");
    page.wait("globalThis.given");
    let key = page.eval("return given.text()");
    open(&page, &link);
    settled(&page);
    let shared = page.texts().join("\n");
    assert!(shared.contains("CREATE TABLE") && !shared.contains("shipment"), "{shared}");

    page.click("[data-test=share]");
    page.click(".key-loader summary");
    let file = crate::scratch_file("key.sargable-key.json", key.as_str().unwrap());
    page.choose_file("[data-test=share-use-key]", &file);
    page.wait(
        "document.querySelector('[data-test=textarea]').value.includes('shipments_parcel_id')",
    );
}

fn long_link(site: &Site) {
    let page = site.open();
    started(&page);
    let mut number = 7_u64;
    let mut word = || {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        format!("c{:x}", number >> 16)
    };
    let columns: Vec<String> = (0..900).map(|_| format!("{} int", word())).collect();
    page.paste(&format!("CREATE TABLE wide ({});", columns.join(",\n")));
    settled(&page);
    page.click("[data-test=share]");
    make(&page);
    page.wait_for("[data-test=share-long]");
    page.eval(
        "URL.createObjectURL = (blob) => { globalThis.given = blob; return 'blob:none'; };
         HTMLAnchorElement.prototype.click = function () {}",
    );
    page.click("[data-test=share-file]");
    page.wait("globalThis.given");
    let file = page.eval("return given.text()");
    let file = file.as_str().unwrap();
    assert!(file.contains("sargable-session/1") && file.contains("wide"));
}

/// A link with a right checksum around anything.
fn made(body: &[u8], room: u32) -> String {
    let n = u32::try_from(body.len()).unwrap();
    let head = [n, crc32(body), room].map(u32::to_le_bytes).concat();
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut code = String::from("s1.");
    for three in [&head, body].concat().chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=three.len() {
            code.push(char::from(alphabet[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    code
}

fn damaged(site: &Site) {
    let page = site.blank();
    let bomb = compress_to_vec(&vec![b' '; 100 << 20], 1);
    for (link, part) in [
        ("s1.AAAA".to_owned(), "cut off"),
        ("s1.%00%ff<img>".to_owned(), "damaged"),
        ("s2.AAAA".to_owned(), "another version"),
        (made(&bomb, 100 << 20), "unpacks to 100"),
        (made(&bomb, 1 << 20), "unpacks to more than it says"),
    ] {
        open(&page, &site.server.address(&format!("/#{link}")));
        page.wait(&format!(
            "document.querySelector('[data-test=refused]')?.innerText.includes({part:?})"
        ));
        assert_eq!(page.eval("return location.hash"), "");
        // Never a blank page.
        page.wait_for("[data-test=sample-banner]");
        settled(&page);
    }
}
