//! Makes `sargable.html`, one file that runs from `file://`, of the files of `dist/`.
//!
//! Browsers do not let a page from disk load anything, so every part is embedded: the style, the
//! scripts as classic inline scripts, the program as it is packed, in base64 (unpack.js unpacks it). Its
//! Content-Security-Policy names the scripts and the style by their hashes and forbids the rest.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::dist::{list, name_of};
use crate::step::Outcome;

const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";

/// The single file with marks in place of its parts. The service worker fills it in as [`Single::fill`]
/// does, so that the page can offer itself without loading its parts twice.
pub struct Single {
    /// The page.
    pub html: String,
    /// Marks in it, and the files of `dist` that belong there.
    pub parts: Vec<(String, String)>,
}

/// The single file of the page `html`, whose parts are in `dist`.
pub fn template(dist: &Path, html: &str) -> Outcome<Single> {
    let mut html = html.to_owned();
    let scripts = scripts(&html)?;
    for script in &scripts {
        take(&mut html, &format!("<script{}", script.0), "</script>")?;
    }
    take(&mut html, "<link rel=\"preload\"", ">")?;
    take(&mut html, "<link rel=\"stylesheet\"", ">")?;
    take(&mut html, POLICY, ">")?;

    let style = name_of(&find_one(dist, ".css")?);
    let program = name_of(&find_one(dist, ".lzma")?);
    let mut parts = vec![("@@style@@".to_owned(), style.clone())];
    let mut tail =
        "<script type=\"application/lzma\" id=\"wasm\">@@program@@</script>\n".to_owned();
    let mut hashes = String::new();
    parts.push(("@@program@@".to_owned(), program));
    for (at, (_, file)) in scripts.iter().enumerate() {
        let mark = format!("@@script {at}@@");
        let id = if at == 0 { " id=\"glue\"" } else { "" };
        tail.push_str(&format!("<script{id}>{mark}</script>\n"));
        let text = embeddable(read(&dist.join(file))?, "</script")?;
        hashes.push_str(&format!("'{}' ", hash(&text)));
        parts.push((mark, file.clone()));
    }
    let style = hash(&embeddable(read(&dist.join(style))?, "</style")?);
    let policy = format!(
        "default-src 'none'; script-src {hashes}'wasm-unsafe-eval'; style-src '{style}'; \
         img-src data:; connect-src 'none'; worker-src blob:; base-uri 'none'; form-action 'none'"
    );
    // The policy stands before everything it is about.
    put(&mut html, "<meta charset=\"utf-8\">", &format!("{POLICY} content=\"{policy}\">"))?;
    put(&mut html, "</title>", "<style>@@style@@</style>")?;
    let end = html.rfind("</body>").ok_or("index.html has no </body>")?;
    html.insert_str(end, &tail);
    match ["src=\"./", "href=\"./", "src=\"http", "data-trunk"]
        .iter()
        .find(|left| html.contains(**left))
    {
        Some(left) => Err(format!("sargable.html still refers to another file: {left}")),
        None => Ok(Single { html, parts }),
    }
}

impl Single {
    /// The single file.
    pub fn fill(&self, dist: &Path) -> Outcome<String> {
        let mut html = self.html.clone();
        for (mark, file) in &self.parts {
            let path = dist.join(file);
            let text = if file.ends_with(".lzma") {
                base64(&fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?)
            } else {
                read(&path)?
            };
            replace(&mut html, mark, &text)?;
        }
        Ok(html)
    }
}

/// The scripts of the page in their order, the glue first: what follows `<script`, and the file.
fn scripts(html: &str) -> Outcome<Vec<(String, String)>> {
    let found: Vec<(String, String)> = html
        .split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (_, from) = rest.split_once("src=\"./")?;
            let (file, _) = from.split_once('"')?;
            let start = rest.split_once(file)?.0;
            Some((format!("{start}{file}"), file.to_owned()))
        })
        .collect();
    match found.first() {
        Some((start, _)) if start.contains("id=\"glue\"") => Ok(found),
        _ => Err("the first script of dist/index.html is not the glue".to_owned()),
    }
}

/// Replaces the first occurrence; there has to be one.
pub fn replace(html: &mut String, mark: &str, text: &str) -> Outcome {
    let at = html.find(mark).ok_or_else(|| format!("dist/index.html has no {mark}"))?;
    html.replace_range(at..at + mark.len(), text);
    Ok(())
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

/// A text of `dist`.
pub fn read(path: &Path) -> Outcome<String> {
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
