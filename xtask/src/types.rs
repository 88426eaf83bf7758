//! TypeScript types of the input and the report, read off the Rust types that serde writes: what the
//! npm package promises cannot fall behind the JSON.
//!
//! Knows as much of Rust as those types use, and fails on anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::step::{Outcome, root};
use crate::types_read::{Definition, Field, Shape, Source, read_definitions, read_uses};

/// All types that these two need, as the text of a `.d.ts` file.
pub fn typescript() -> Outcome<String> {
    let mut files = BTreeMap::new();
    read_files(&root().join("src"), &mut files)?;
    let mut writer = Writer { files, done: BTreeSet::new(), names: BTreeMap::new() };
    let mut out =
        "// Written by `cargo xtask dist` from the types of Sargable's core.\n".to_owned();
    // What is given may leave out what has a default; what comes back has every field.
    writer.write("input.rs", "Input", true, &mut out)?;
    writer.write("report/data.rs", "Report", false, &mut out)?;
    Ok(out)
}

/// The definitions of every file below a folder, by path from `src`.
fn read_files(folder: &Path, files: &mut BTreeMap<String, Source>) -> Outcome {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            read_files(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).map_err(failed)?;
            let short = path.strip_prefix(root().join("src")).unwrap_or(&path);
            let name = short.to_string_lossy().replace('\\', "/");
            let text = text.replace("\r\n", "\n");
            let definitions = read_definitions(&text)?;
            files.insert(name, Source { definitions, uses: read_uses(&text) });
        }
    }
    Ok(())
}

struct Writer {
    files: BTreeMap<String, Source>,
    done: BTreeSet<(String, String)>,
    /// TypeScript names in use, and whose they are.
    names: BTreeMap<String, (String, String)>,
}

impl Writer {
    /// Writes a type and those it needs; gives its name in TypeScript.
    fn write(&mut self, file: &str, name: &str, given: bool, out: &mut String) -> Outcome<String> {
        let (file, definition) = self.find(file, name)?;
        let key = (file.clone(), name.to_owned());
        let taken = self.names.get(name).is_some_and(|owner| *owner != key);
        let unique = if taken { format!("{}{name}", camel(&file)) } else { name.to_owned() };
        self.names.insert(unique.clone(), key.clone());
        if !self.done.insert(key) {
            return Ok(unique);
        }
        let mut needed = String::new();
        let mut own = doc(&definition.doc, "");
        match &definition.shape {
            Shape::Struct(fields) => {
                own.push_str(&format!("export interface {unique} {{\n"));
                for field in fields {
                    let text = self.field(&file, field, given, &mut needed)?;
                    own.push_str(&format!("{}  {text};\n", doc(&field.doc, "  ")));
                }
                own.push_str("}\n");
            }
            Shape::Enum(variants) => {
                let mut options = Vec::new();
                for (variant, types) in variants {
                    let parts: Vec<String> = types
                        .iter()
                        .map(|of| self.translate(&file, of, given, &mut needed))
                        .collect::<Outcome<_>>()?;
                    options.push(match parts.as_slice() {
                        [] => format!("{variant:?}"),
                        [only] => format!("{{ {variant}: {only} }}"),
                        several => format!("{{ {variant}: [{}] }}", several.join(", ")),
                    });
                }
                own.push_str(&format!("export type {unique} = {};\n", options.join(" | ")));
            }
        }
        out.push_str(&format!("\n{own}{needed}"));
        Ok(unique)
    }

    fn field(
        &mut self,
        file: &str,
        field: &Field,
        given: bool,
        needed: &mut String,
    ) -> Outcome<String> {
        if field.flattened {
            return Ok("[property: string]: unknown".to_owned());
        }
        let mut of = self.translate(file, &field.of, given, needed)?;
        if field.skipped {
            of = of.trim_end_matches(" | null").to_owned();
        }
        let is_option = field.of.starts_with("Option<");
        let mark = if field.skipped || given && (field.defaulted || is_option) { "?" } else { "" };
        let is_word = field.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let name = if is_word { field.name.clone() } else { format!("{:?}", field.name) };
        Ok(format!("{name}{mark}: {of}"))
    }

    /// A Rust type in TypeScript.
    fn translate(
        &mut self,
        file: &str,
        of: &str,
        given: bool,
        needed: &mut String,
    ) -> Outcome<String> {
        if let Some((outer, inner)) = of.strip_suffix('>').and_then(|of| of.split_once('<')) {
            if matches!(outer, "BTreeMap" | "Map") {
                let (_, value) = inner.split_once(", ").ok_or_else(|| format!("{file}: {of}"))?;
                let value = self.translate(file, value, given, needed)?;
                return Ok(format!("Record<string, {value}>"));
            }
            let inner = self.translate(file, inner, given, needed)?;
            return match outer {
                "Option" => Ok(format!("{inner} | null")),
                "Vec" if inner.contains(" | ") => Ok(format!("({inner})[]")),
                "Vec" => Ok(format!("{inner}[]")),
                "Box" | "Rc" | "Arc" => Ok(inner),
                _ => Err(format!("{file}: types.rs does not know {outer}")),
            };
        }
        if let Some(parts) = of.strip_prefix('(').and_then(|of| of.strip_suffix(')')) {
            let parts: Vec<String> = parts
                .split(", ")
                .map(|part| self.translate(file, part, given, needed))
                .collect::<Outcome<_>>()?;
            return Ok(format!("[{}]", parts.join(", ")));
        }
        match of {
            "String" | "str" => Ok("string".to_owned()),
            "bool" => Ok("boolean".to_owned()),
            "f64" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => Ok("number".to_owned()),
            "Value" => Ok("unknown".to_owned()),
            name => self.write(file, name, given, needed),
        }
    }

    /// The type as the file sees it: its own, the only one of that name, or the one it imports.
    fn find(&self, file: &str, name: &str) -> Outcome<(String, Definition)> {
        let of_name = |source: &Source| {
            source.definitions.iter().find(|definition| definition.name == name).cloned()
        };
        let here = self.files.get(file);
        if let Some(own) = here.and_then(of_name) {
            return Ok((file.to_owned(), own));
        }
        let all = self.files.iter().filter_map(|(other, source)| Some((other, of_name(source)?)));
        let mut found: Vec<(&String, Definition)> = all.collect();
        if found.len() > 1 {
            let imported = |other: &str| {
                let module =
                    other.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
                here.is_some_and(|here| {
                    here.uses.iter().any(|(path, names)| {
                        module.starts_with(path.as_str()) && names.iter().any(|one| one == name)
                    })
                })
            };
            found.retain(|(other, _)| imported(other));
        }
        match found.as_slice() {
            [(other, definition)] => Ok(((*other).clone(), definition.clone())),
            [] => Err(format!("{file}: no type {name} that serde writes")),
            _ => Err(format!("{file}: several types are called {name}")),
        }
    }
}

/// `advise/break_even/mod.rs` -> `BreakEven`.
fn camel(file: &str) -> String {
    let stem = file.trim_end_matches("/mod.rs").trim_end_matches(".rs");
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_uppercase())
    };
    stem.rsplit('/').next().unwrap_or_default().split('_').map(word).collect()
}

fn doc(lines: &[String], indent: &str) -> String {
    match lines {
        [] => String::new(),
        lines => format!("{indent}/** {} */\n", lines.join(&format!("\n{indent} *  "))),
    }
}

#[cfg(test)]
mod tests {
    use super::typescript;

    #[test]
    fn the_types_of_the_sources_are_understood() {
        let text = typescript().unwrap();
        assert!(text.contains("export interface Report {"), "{text}");
        assert!(text.contains("  options?: Options;"), "{text}");
        assert!(text.contains("  \"Node Type\": string;"), "{text}");
        println!("{text}");
    }
}
