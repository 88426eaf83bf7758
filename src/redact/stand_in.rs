//! The two walks over an input: [`Learn`] meets every literal and name, [`StandIns`] replaces each by its
//! stand-in, the same one wherever it stands.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::content::{Content, DIGITS, ONE, Shape, content_of, number_of};
use super::names::{Names, same_name};
use super::order::{Factors, moments, numbers, texts, uuids};
use super::swap::Swap;
use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::estimate::collation::Collation;
use crate::estimate::datetime::{print_date, print_timestamp};
use crate::read::pg_statistics::array_elements;

/// Everything the walk met.
#[derive(Debug, Default)]
pub struct Learn {
    dialect: Dialect,
    /// Magnitudes of numbers, with the fewest digits behind a point that they were written with.
    numbers: BTreeMap<i128, usize>,
    moments: BTreeSet<i64>,
    uuids: BTreeSet<String>,
    texts: BTreeSet<String>,
    /// What patterns begin with.
    prefixes: BTreeSet<String>,
    /// Names as they were first written, by what makes them the same.
    names: BTreeMap<String, String>,
    /// Names in the schema, in lower case.
    schema: BTreeSet<String>,
    /// Of all that was met, in order.
    hash: u64,
}

impl Learn {
    /// Nothing met yet; the schema has these names.
    pub fn of_schema(schema: BTreeSet<String>, dialect: Dialect) -> Learn {
        Learn { schema, dialect, ..Learn::default() }
    }

    /// The stand-ins; those of names, if there is a catalog to take them from.
    pub fn stand_ins(self, collation: Collation, names: Option<&Catalog>) -> StandIns {
        let mut factors = Factors(self.hash);
        let words: BTreeSet<&String> = self.texts.iter().chain(self.names.keys()).collect();
        let taken = |lead: &str| words.iter().any(|word| word.to_lowercase().starts_with(lead));
        StandIns {
            numbers: numbers(&self.numbers, &mut factors),
            moments: moments(&self.moments, &mut factors),
            uuids: uuids(&self.uuids),
            texts: texts(&self.texts, &self.prefixes, collation),
            names: names.map(|catalog| {
                Names::new(self.names.clone(), self.dialect, taken).with_made_up(catalog)
            }),
            schema: self.schema,
        }
    }

    fn number_is(&mut self, value: i128, scale: usize) {
        let known = self.numbers.entry(value.abs()).or_insert(scale);
        *known = scale.min(*known);
    }
}

impl Swap for Learn {
    fn text(&mut self, content: &str) -> String {
        for byte in content.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        match content_of(content) {
            Content::Kept | Content::Bytes => {}
            Content::Number(value, scale) => self.number_is(value, scale),
            Content::Moment(micros, _) => drop(self.moments.insert(micros)),
            Content::Uuid => drop(self.uuids.insert(content.trim().to_ascii_lowercase())),
            Content::Interval => drop(interval(self, content)),
            Content::Json(mut value) => json(self, &mut value),
            Content::Array => drop(array(self, content)),
            Content::Text => drop(self.texts.insert(content.to_owned())),
        }
        content.to_owned()
    }

    fn pattern(&mut self, content: &str) -> String {
        let begins = content.split(['%', '_']).next().unwrap_or("");
        if content_of(begins) == Content::Text && begins.len() < content.len() {
            self.prefixes.insert(begins.to_owned());
        }
        pattern(self, content)
    }

    fn number(&mut self, number: &str) -> String {
        if let Some((value, scale)) = number_of(number) {
            self.number_is(value, scale);
        }
        number.to_owned()
    }

    fn name(&mut self, name: &str) -> String {
        let same = same_name(name, self.dialect);
        if !self.names.contains_key(same.as_ref()) {
            self.names.insert(same.into_owned(), name.to_owned());
        }
        name.to_owned()
    }

    fn knows(&self, name: &str) -> bool {
        self.schema.contains(&name.to_lowercase())
    }
}

/// What stands in for each.
#[derive(Debug)]
pub struct StandIns {
    numbers: BTreeMap<i128, i128>,
    moments: BTreeMap<i64, i64>,
    uuids: BTreeMap<String, String>,
    texts: BTreeMap<String, String>,
    /// None if names stay.
    names: Option<Names>,
    schema: BTreeSet<String>,
}

impl StandIns {
    /// Placeholders of names and what they stand for.
    pub fn key(&self) -> BTreeMap<String, String> {
        self.names.as_ref().map(Names::key).unwrap_or_default()
    }

    /// Without literals being replaced.
    pub fn of_names_only(mut self) -> OnlyNames {
        OnlyNames(self.names.take())
    }

    /// The number in place of one, written with as many digits behind its point.
    fn number_for(&self, value: i128, scale: usize, written: &str) -> String {
        let Some(new) = self.numbers.get(&value.abs()) else {
            // Kept, or no number that was met.
            return written.to_owned();
        };
        let sign = if value < 0 { "-" } else { "" };
        let behind = format!("{:0DIGITS$}", new % ONE);
        let least = behind.trim_end_matches('0').len().max(scale.min(DIGITS));
        match behind.get(..least) {
            Some("") | None => format!("{sign}{}", new / ONE),
            Some(fraction) => format!("{sign}{}.{fraction}", new / ONE),
        }
    }

    fn moment_for(&self, micros: i64, shape: Shape, written: &str) -> String {
        let Some(new) = self.moments.get(&micros) else { return written.to_owned() };
        let Some(between) = shape.between else { return print_date(*new) };
        let plain = print_timestamp(*new).replacen(' ', &between.to_string(), 1);
        let to_second = plain.get(..shape.len).unwrap_or(&plain);
        // The fraction would say as much as the time; the zone says nothing.
        let rest = written.trim().get(shape.len..).unwrap_or("");
        let zone = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        format!("{to_second}{zone}")
    }
}

impl Swap for StandIns {
    fn text(&mut self, content: &str) -> String {
        match content_of(content) {
            Content::Kept => content.to_owned(),
            Content::Number(value, scale) => self.number_for(value, scale, content),
            Content::Moment(micros, shape) => self.moment_for(micros, shape, content),
            Content::Uuid => {
                let known = self.uuids.get(&content.trim().to_ascii_lowercase());
                known.cloned().unwrap_or_default()
            }
            Content::Interval => interval(self, content),
            Content::Json(mut value) => {
                json(self, &mut value);
                value.to_string()
            }
            Content::Array => array(self, content),
            Content::Bytes => format!("\\x{}", "0".repeat(content.trim().len().saturating_sub(2))),
            Content::Text => self.texts.get(content).cloned().unwrap_or_default(),
        }
    }

    fn pattern(&mut self, content: &str) -> String {
        pattern(self, content)
    }

    fn number(&mut self, number: &str) -> String {
        match number_of(number) {
            Some((value, scale)) => self.number_for(value, scale, number),
            // Hexadecimal and the like.
            None => "0".to_owned(),
        }
    }

    fn name(&mut self, name: &str) -> String {
        self.names.as_ref().map_or_else(|| name.to_owned(), |names| names.stand_in(name))
    }

    fn knows(&self, name: &str) -> bool {
        self.schema.contains(&name.to_lowercase())
    }
}

/// Replaces names and leaves literals.
pub struct OnlyNames(Option<Names>);

impl Swap for OnlyNames {
    fn text(&mut self, content: &str) -> String {
        content.to_owned()
    }

    fn pattern(&mut self, content: &str) -> String {
        content.to_owned()
    }

    fn number(&mut self, number: &str) -> String {
        number.to_owned()
    }

    fn name(&mut self, name: &str) -> String {
        self.0.as_ref().map_or_else(|| name.to_owned(), |names| names.stand_in(name))
    }

    fn knows(&self, _name: &str) -> bool {
        true
    }
}

/// The parts of a pattern between its wildcards.
fn pattern(swap: &mut dyn Swap, content: &str) -> String {
    let mut out = String::new();
    for part in content.split_inclusive(['%', '_']) {
        let bare = part.trim_end_matches(['%', '_']);
        if !bare.is_empty() {
            out.push_str(&swap.text(bare));
        }
        out.push_str(part.get(bare.len()..).unwrap_or(""));
    }
    out
}

/// Units stay, numbers are numbers like any other.
fn interval(swap: &mut dyn Swap, content: &str) -> String {
    let words = content.split_ascii_whitespace().map(|word| match number_of(word) {
        Some(_) => swap.text(word),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn array(swap: &mut dyn Swap, content: &str) -> String {
    let elements = array_elements(content);
    array_of(elements.iter().map(|element| match element.as_str() {
        "NULL" => None,
        element => Some(swap.text(element)),
    }))
}

/// An array as PostgreSQL prints it; elements that could be misread are quoted.
pub fn array_of(elements: impl Iterator<Item = Option<String>>) -> String {
    let printed = elements.map(|element| match element {
        None => "NULL".to_owned(),
        Some(element) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:+@".contains(c);
            let is_plain = !element.is_empty() && element.chars().all(plain) && element != "NULL";
            match is_plain {
                true => element,
                false => format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\"")),
            }
        }
    });
    format!("{{{}}}", printed.collect::<Vec<_>>().join(","))
}

/// Names of fields are texts: SQL asks for them by string.
fn json(swap: &mut dyn Swap, value: &mut Value) {
    match value {
        Value::String(text) => *text = swap.text(text),
        Value::Number(number) => {
            let written = number.to_string();
            let new = swap.text(&written);
            *value = serde_json::from_str(&new).unwrap_or(Value::Null);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| json(swap, item)),
        Value::Object(map) => {
            let fields = std::mem::take(map).into_iter();
            for (name, mut field) in fields {
                json(swap, &mut field);
                map.insert(swap.text(&name), field);
            }
        }
        Value::Bool(_) | Value::Null => {}
    }
}
