//! Rust types that serde writes, read from formatted sources.

use crate::step::Outcome;

/// A source.
pub struct Source {
    /// Its types.
    pub definitions: Vec<Definition>,
    /// What it imports from this crate: paths, and the names taken from there.
    pub uses: Vec<(String, Vec<String>)>,
}

/// A type.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its doc comment.
    pub doc: Vec<String>,
    /// What it holds.
    pub shape: Shape,
}

/// What a type holds.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Fields.
    Struct(Vec<Field>),
    /// Variants: the name in JSON, the types inside.
    Enum(Vec<(String, Vec<String>)>),
}

/// A field.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name in JSON.
    pub name: String,
    /// The doc comment.
    pub doc: Vec<String>,
    /// The Rust type.
    pub of: String,
    /// May be left out when read.
    pub defaulted: bool,
    /// Is left out when it has no value.
    pub skipped: bool,
    /// Its entries are entries of the type itself.
    pub flattened: bool,
}

/// The imports of a source from this crate.
pub fn read_uses(source: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for rest in source.split("use crate::").skip(1) {
        let Some((import, _)) = rest.split_once(';') else { continue };
        let (path, names) = match import.split_once("::{") {
            Some((path, names)) => (path, names.trim_end_matches('}')),
            None => import.rsplit_once("::").unwrap_or(("", import)),
        };
        let names = names.split(',').map(|name| name.trim().to_owned()).collect();
        found.push((path.to_owned(), names));
    }
    found
}

/// The types of a source with derived `Serialize`, as rustfmt writes them.
pub fn read_definitions(source: &str) -> Outcome<Vec<Definition>> {
    let lines: Vec<&str> = source.split('\n').collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.starts_with("#[derive(") {
            continue;
        }
        let head = lines.iter().skip(at).position(|line| line.starts_with("pub "));
        let Some(head) = head.map(|offset| at + offset) else { continue };
        let attributes = lines.get(at..head).unwrap_or_default().join(" ");
        if !attributes.contains("Serialize") {
            continue;
        }
        let before = lines.get(..at).unwrap_or_default();
        let n_doc = before.iter().rev().take_while(|line| line.starts_with("///")).count();
        let doc = before.iter().skip(at - n_doc).map(|line| plain_doc(line)).collect();
        let body: Vec<&str> =
            lines.iter().skip(head + 1).take_while(|line| **line != "}").copied().collect();
        let words: Vec<&str> = lines[head].split([' ', '{', '<', '(']).collect();
        let [_, kind, name, ..] = words.as_slice() else { continue };
        let shape = match *kind {
            "struct" => Shape::Struct(read_fields(&body)),
            "enum" => Shape::Enum(read_variants(&body, &attributes)?),
            _ => continue,
        };
        found.push(Definition { name: (*name).to_owned(), doc, shape });
    }
    Ok(found)
}

fn read_fields(body: &[&str]) -> Vec<Field> {
    let mut fields = Vec::new();
    let (mut doc, mut attributes) = (Vec::new(), String::new());
    for line in body.iter().map(|line| line.trim()) {
        if line.starts_with("///") {
            doc.push(plain_doc(line));
        } else if line.starts_with("#[") {
            attributes.push_str(line);
        } else if let Some((name, of)) =
            line.strip_prefix("pub ").and_then(|field| field.strip_suffix(',')?.split_once(": "))
        {
            let renamed =
                attributes.split_once("rename = \"").and_then(|(_, rest)| rest.split_once('"'));
            fields.push(Field {
                name: renamed.map_or(name, |(name, _)| name).trim_start_matches("r#").to_owned(),
                doc: std::mem::take(&mut doc),
                of: of.to_owned(),
                defaulted: attributes.contains("default"),
                skipped: attributes.contains("skip_serializing_if"),
                flattened: attributes.contains("flatten"),
            });
            attributes.clear();
        }
    }
    fields
}

fn read_variants(body: &[&str], attributes: &str) -> Outcome<Vec<(String, Vec<String>)>> {
    let case = attributes.split_once("rename_all = \"").and_then(|(_, rest)| rest.split_once('"'));
    let case = case.map(|(case, _)| case);
    let code = body.iter().map(|line| line.trim());
    code.filter(|line| !line.is_empty() && !line.starts_with("///") && !line.starts_with("#["))
        .map(|line| {
            let line = line.trim_end_matches(',');
            let (name, types) = match line.strip_suffix(')').and_then(|line| line.split_once('(')) {
                Some((name, types)) => (name, types.split(", ").map(str::to_owned).collect()),
                None => (line, Vec::new()),
            };
            Ok((cased(name, case)?, types))
        })
        .collect()
}

/// A variant's name as serde writes it.
fn cased(name: &str, case: Option<&str>) -> Outcome<String> {
    let parted = |mark: char| {
        let mut out = String::new();
        for (at, c) in name.chars().enumerate() {
            if c.is_uppercase() && at > 0 {
                out.push(mark);
            }
            out.push(c.to_ascii_lowercase());
        }
        out
    };
    match case {
        None => Ok(name.to_owned()),
        Some("lowercase") => Ok(name.to_lowercase()),
        Some("kebab-case") => Ok(parted('-')),
        Some("snake_case") => Ok(parted('_')),
        Some(other) => Err(format!("types_read.rs does not know rename_all = {other:?}")),
    }
}

/// A line of a doc comment, without the marks of links.
fn plain_doc(line: &str) -> String {
    let text = line.trim_start_matches("///").trim();
    text.replace("[`", "`").replace("`]", "`").replace("*/", "* /")
}
