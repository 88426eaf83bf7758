//! Links: opened strictly.

use miniz_oxide::deflate::compress_to_vec;
use sargable::input::{Input, Piece};
use sargable::session::checksum::crc32;
use sargable::session::link::encode;

use crate::boot::started;
use crate::desk::{settled, wait_for_texts};
use crate::input::SCHEMA;
use crate::page::Page;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[("opens a link", opens), ("says what is wrong with a link", damaged)];

const QUERY: &str = "SELECT * FROM shipments WHERE sent_at > '2024-01-01' AND parcel_id = 70707;";

/// Opens an address as if it came from elsewhere.
#[track_caller]
fn open(page: &Page, address: &str) {
    page.go("about:blank");
    page.go(address);
    started(page);
}

fn opens(site: &Site) {
    let piece = |text: &str| Piece { text: text.to_owned(), ..Piece::default() };
    let input = Input { pieces: vec![piece(SCHEMA), piece(QUERY)], ..Input::default() };
    let link = site.server.address(&format!("/#{}", encode(&input)));
    let page = site.blank();
    open(&page, &link);
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    assert_eq!(page.eval("return location.hash"), "");
    settled(&page);

    // In a page that is open already, over the user's own text.
    page.click("[data-test=clear]");
    page.wait_for("[data-test=empty]");
    page.paste("SELECT 1;");
    wait_for_texts(&page, &["SELECT 1;"]);
    page.eval(&format!("location.href = {link:?}"));
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    assert_eq!(page.eval("return location.hash"), "");
    page.click("[data-test=bring-back]");
    wait_for_texts(&page, &["SELECT 1;"]);
    page.paste(&link);
    wait_for_texts(&page, &[SCHEMA, QUERY]);
    assert!(page.complaints().is_empty(), "{:?}", page.complaints());
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
