//! Makes `sargable.html`, one file that runs from `file://`, of the files of `dist/`.
//!
//! Browsers do not let a page from disk load anything, so every part is embedded: the style, the
//! two scripts as classic inline scripts, the program as gzip in base64 (boot.js unpacks it). Its
//! Content-Security-Policy names the scripts and the style by their hashes and forbids the rest.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::dist::list;
use crate::step::Outcome;

const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";

/// The single file.
pub fn pack(dist: &Path) -> Outcome<String> {
    let mut html = read(&dist.join("index.html"))?;
    take(&mut html, "<link rel=\"preload\"", ">")?;
    take(&mut html, "<link rel=\"stylesheet\"", ">")?;
    take(&mut html, "<script id=\"glue\"", "</script>")?;
    take(&mut html, "<script src=\"./boot-", "</script>")?;
    take(&mut html, POLICY, ">")?;

    let style = embeddable(read(&find_one(dist, ".css")?)?, "</style")?;
    let glue = embeddable(read(&find_script(dist, false)?)?, "</script")?;
    let boot = embeddable(read(&find_script(dist, true)?)?, "</script")?;
    let wasm = find_one(dist, ".wasm")?;
    let program = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
    let program = base64(&gzip(&program)?);

    let policy = format!(
        "default-src 'none'; script-src '{}' '{}' 'wasm-unsafe-eval'; style-src '{}'; \
         img-src data:; connect-src 'none'; worker-src blob:; base-uri 'none'; form-action 'none'",
        hash(&glue),
        hash(&boot),
        hash(&style)
    );
    // The policy stands before everything it is about.
    put(&mut html, "<meta charset=\"utf-8\">", &format!("{POLICY} content=\"{policy}\">"))?;
    put(&mut html, "</title>", &format!("<style>{style}</style>"))?;
    let end = html.rfind("</body>").ok_or("index.html has no </body>")?;
    html.insert_str(
        end,
        &format!(
            "<script type=\"application/gzip\" id=\"wasm\">{program}</script>\n\
             <script id=\"glue\">{glue}</script>\n<script>{boot}</script>\n"
        ),
    );
    match ["src=\"./", "href=\"./", "src=\"http", "data-trunk"]
        .iter()
        .find(|left| html.contains(**left))
    {
        Some(left) => Err(format!("sargable.html still refers to another file: {left}")),
        None => Ok(html),
    }
}

/// The one file of `dist` whose name ends so.
pub fn find_one(dist: &Path, end: &str) -> Outcome<PathBuf> {
    let mut found = list(dist)?;
    found.retain(|path| path.to_string_lossy().ends_with(end));
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(format!("expected one *{end} in dist/, found {}", found.len())),
    }
}

/// gzip.
pub fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| error.to_string())
}

fn find_script(dist: &Path, boot: bool) -> Outcome<PathBuf> {
    let mut found = list(dist)?;
    found.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".js") && name.starts_with("boot") == boot
    });
    found.pop().ok_or_else(|| "dist/ lacks a script".to_owned())
}

fn read(path: &Path) -> Outcome<String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    // HTML knows no CR: a hash over one would not match what the browser sees.
    Ok(text.replace("\r\n", "\n"))
}

fn embeddable(text: String, end: &str) -> Outcome<String> {
    if text.to_ascii_lowercase().contains(end) {
        return Err(format!("a part of the page contains {end:?} and cannot be embedded"));
    }
    Ok(text)
}

/// Removes the element that begins and ends so.
fn take(html: &mut String, start: &str, end: &str) -> Outcome {
    let missing = || format!("dist/index.html has no {start}");
    let from = html.find(start).ok_or_else(missing)?;
    let rest = html.get(from..).unwrap_or_default();
    let len = rest.find(end).ok_or_else(missing)? + end.len();
    html.replace_range(from..from + len, "");
    Ok(())
}

/// Inserts after a mark.
fn put(html: &mut String, mark: &str, text: &str) -> Outcome {
    let at = html.find(mark).ok_or_else(|| format!("dist/index.html has no {mark}"))? + mark.len();
    html.insert_str(at, &format!("\n    {text}"));
    Ok(())
}

fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (group >> (18 - 6 * digit)) & 63;
            let filled = digit <= chunk.len();
            text.push(if filled { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        let all = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }
}
