//! As much of TypeScript's declarations as the npm package uses: is a value of a type?

use std::collections::BTreeMap;

use serde_json::Value;

/// The declarations of a `.d.ts` file.
pub struct Types {
    /// Fields by name: the type, and whether it may be left out.
    interfaces: BTreeMap<String, BTreeMap<String, (String, bool)>>,
    aliases: BTreeMap<String, String>,
}

impl Types {
    pub fn read(text: &str) -> Types {
        let mut types = Types { interfaces: BTreeMap::new(), aliases: BTreeMap::new() };
        let mut open: Option<String> = None;
        for line in text.split('\n') {
            if let Some(name) = line.strip_prefix("export interface ") {
                let name = name.trim_end_matches(" {").to_owned();
                types.interfaces.insert(name.clone(), BTreeMap::new());
                open = Some(name);
            } else if let Some(alias) = line.strip_prefix("export type ") {
                let (name, of) = alias.trim_end_matches(';').split_once(" = ").expect("a type");
                types.aliases.insert(name.to_owned(), of.to_owned());
            } else if line == "}" {
                open = None;
            } else if let (Some(name), Some(field)) = (&open, line.trim().strip_suffix(';')) {
                let (field, of) = field.rsplit_once("]: ").map_or_else(
                    || field.split_once(": ").expect("a field"),
                    |(_, of)| ("[...]", of),
                );
                let optional = field.ends_with('?');
                let field = field.trim_end_matches('?').trim_matches('"').to_owned();
                let fields = types.interfaces.get_mut(name).expect("an interface");
                fields.insert(field, (of.to_owned(), optional));
            }
        }
        types
    }

    /// Panics with the place where a value is not of the type.
    pub fn check(&self, of: &str, value: &Value) {
        if let Err(place) = self.fits(of, value, of) {
            panic!("{place}");
        }
    }

    fn fits(&self, of: &str, value: &Value, place: &str) -> Result<(), String> {
        let wrong = || Err(format!("{place}: {value} is no {of}"));
        let options = split(of, '|');
        if options.len() > 1 {
            let one = options.iter().map(|of| self.fits(of, value, place));
            // The last one tells most: null and literals stand first or are short.
            return one.reduce(|a, b| a.or(b)).unwrap_or_else(wrong);
        }
        if let Some(item) = of.strip_suffix("[]") {
            let item = item.strip_prefix('(').map_or(item, |item| item.trim_end_matches(')'));
            let Value::Array(items) = value else { return wrong() };
            let mut each = items.iter().enumerate();
            return each.try_for_each(|(at, one)| self.fits(item, one, &format!("{place}[{at}]")));
        }
        if let Some(parts) = of.strip_prefix('[').and_then(|of| of.strip_suffix(']')) {
            let parts = split(parts, ',');
            let Value::Array(items) = value else { return wrong() };
            if items.len() != parts.len() {
                return wrong();
            }
            return parts.iter().zip(items).try_for_each(|(of, one)| self.fits(of, one, place));
        }
        if let Some(entry) = of.strip_prefix("{ ").and_then(|of| of.strip_suffix(" }")) {
            let (name, of) = entry.split_once(": ").expect("an entry");
            let only = value.as_object().filter(|object| object.len() == 1);
            let inner = only.and_then(|object| object.get(name));
            return inner.map_or_else(wrong, |inner| self.fits(of, inner, place));
        }
        if let Some(fields) = self.interfaces.get(of) {
            return self.fits_fields(fields, value, place);
        }
        if let Some(alias) = self.aliases.get(of) {
            return self.fits(alias, value, place);
        }
        let is_right = match of {
            "string" => value.is_string(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "unknown" => true,
            literal if literal.starts_with('"') => {
                value.as_str() == Some(literal.trim_matches('"'))
            }
            record if record.starts_with("Record<") => value.is_object(),
            unknown => return Err(format!("{place}: no type {unknown}")),
        };
        if is_right { Ok(()) } else { wrong() }
    }

    fn fits_fields(
        &self,
        fields: &BTreeMap<String, (String, bool)>,
        value: &Value,
        place: &str,
    ) -> Result<(), String> {
        let object = value.as_object().ok_or_else(|| format!("{place}: {value} is no object"))?;
        for (name, (of, optional)) in fields.iter().filter(|(name, _)| *name != "[...]") {
            match object.get(name) {
                Some(inner) => self.fits(of, inner, &format!("{place}.{name}"))?,
                None if *optional => {}
                None => return Err(format!("{place}: {name} is missing")),
            }
        }
        let unknown = object.keys().find(|name| !fields.contains_key(*name));
        match unknown.filter(|_| !fields.contains_key("[...]")) {
            Some(name) => Err(format!("{place}: {name} is not declared")),
            None => Ok(()),
        }
    }
}

/// Splits outside of brackets.
fn split(of: &str, mark: char) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in of.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            c if c == mark && depth == 0 => {
                parts.push(of[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(of[start..].trim());
    parts
}
