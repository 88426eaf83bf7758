//! Is a page well-formed, and does it stay within itself? A checker for our own renderings, not for any
//! HTML: every attribute quoted, every element closed, nothing loaded, every link to a place that is
//! there.

use std::collections::BTreeSet;

/// Elements that the page is made of.
const OWN_TAGS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "h1", "h2", "h3",
    "p", "section", "article", "ul", "ol", "li", "dl", "dt", "dd", "pre", "code", "table", "thead",
    "tbody", "tr", "th", "td", "details", "summary", "div", "span", "b", "br", "a", "wbr",
];
/// Elements without an end.
const VOID_TAGS: &[&str] = &["meta", "br", "wbr"];
/// Attributes that may stand there: none loads, none runs.
const OWN_ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "id",
    "class",
    "href",
    "scope",
    "title",
    "aria-label",
];

/// Says what is wrong first.
pub fn check(html: &str) -> Result<(), String> {
    let rest = html.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut links = Vec::new();
    for (at, piece) in rest.split('<').enumerate() {
        if at == 0 {
            continue;
        }
        let (tag, text) = piece.split_once('>').ok_or(format!("a tag has no end: <{piece}"))?;
        if text.contains('>') && tag != "style" {
            return Err(format!("a > in a text: {text}"));
        }
        check_entities(text)?;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes another element"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !OWN_TAGS.contains(&name) {
            return Err(format!("foreign markup: <{tag}>"));
        }
        for (attribute, value) in read_attributes(attributes)? {
            check_entities(value)?;
            match attribute {
                _ if !OWN_ATTRIBUTES.contains(&attribute) => {
                    return Err(format!("foreign attribute: {attribute}"));
                }
                "id" if !ids.insert(value) => return Err(format!("twice: id {value}")),
                "href" => links.push(value.strip_prefix('#').ok_or(format!("leaves: {value}"))?),
                _ => {}
            }
        }
        if !VOID_TAGS.contains(&name) {
            open.push(name);
        }
    }
    if !open.is_empty() {
        return Err(format!("never closed: {open:?}"));
    }
    if let Some(lost) = links.into_iter().find(|link| !ids.contains(link)) {
        return Err(format!("a link to nowhere: #{lost}"));
    }
    let style = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let (style, _) = style.ok_or("no style")?;
    match ["url(", "@import", "image("].into_iter().find(|word| style.contains(word)) {
        Some(word) => Err(format!("the style loads: {word}")),
        None => Ok(()),
    }
}

/// `a="b" c="d"`.
fn read_attributes(mut text: &str) -> Result<Vec<(&str, &str)>, String> {
    let mut out = Vec::new();
    while !text.is_empty() {
        let wrong = || format!("attributes: {text}");
        let (name, rest) = text.split_once("=\"").ok_or_else(wrong)?;
        let (value, rest) = rest.split_once('"').ok_or_else(wrong)?;
        out.push((name, value));
        text = rest.trim_start();
    }
    Ok(out)
}

/// Every & begins a reference that we write.
fn check_entities(text: &str) -> Result<(), String> {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;", "nbsp;"];
    for rest in text.split('&').skip(1) {
        if !known.iter().any(|entity| rest.starts_with(entity)) {
            return Err(format!("an & that is none of ours: {text}"));
        }
    }
    Ok(())
}
