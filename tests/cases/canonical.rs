//! A report without what a law allows to differ.

use std::collections::BTreeMap;

use sargable::Report;
use serde_json::Value;

/// What may differ between two reports that are called the same.
#[derive(Clone, Copy, Default)]
pub struct Modulo {
    /// The order of everything, and with it the ids of queries.
    pub order: bool,
}

/// `report` as JSON without places, and without what `modulo` allows; numbers to nine digits, because
/// sums in another order round otherwise.
pub fn canonical(report: &Report, modulo: Modulo) -> Value {
    let ids: BTreeMap<String, String> = report
        .queries
        .iter()
        .map(|query| (query.id.clone(), format!("<{}>", query.fingerprint)))
        .collect();
    let mut value = serde_json::to_value(report).unwrap();
    if let Some(report) = value.as_object_mut() {
        report.remove("inputs");
    }
    let names: Vec<&str> = report.inputs.iter().map(|input| input.name.as_str()).collect();
    Canonical { ids, names, modulo }.value(&mut value);
    value
}

struct Canonical<'a> {
    ids: BTreeMap<String, String>,
    names: Vec<&'a str>,
    modulo: Modulo,
}

impl Canonical<'_> {
    fn value(&self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.remove("source");
                object.remove("places");
                object.values_mut().for_each(|value| self.value(value));
            }
            Value::Array(items) => {
                items.iter_mut().for_each(|value| self.value(value));
                if self.modulo.order {
                    items.sort_by_cached_key(Value::to_string);
                }
            }
            Value::String(text) => *text = self.text(text),
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or(0.0);
                *value = Value::String(format!("{number:.8e}"));
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Spaces collapsed, places removed; modulo order also ids replaced and words sorted, because a
    /// sentence may list queries.
    fn text(&self, text: &str) -> String {
        let words = text.split_whitespace().map(|word| self.without_place(word));
        if !self.modulo.order {
            return words.collect::<Vec<_>>().join(" ");
        }
        let is_inner = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'));
        let mut words: Vec<String> = words
            .flat_map(|word| word.split(is_inner).map(str::to_owned).collect::<Vec<_>>())
            .map(|word| self.ids.get(&word).cloned().unwrap_or(word))
            .collect();
        words.sort();
        words.join(" ")
    }

    /// `schema:3:1` is a place.
    fn without_place(&self, word: &str) -> String {
        for name in &self.names {
            if let Some((before, rest)) = word.split_once(&format!("{name}:"))
                && rest.starts_with(|c: char| c.is_ascii_digit())
            {
                let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
                return format!("{before}<place>{after}");
            }
        }
        word.to_owned()
    }
}

/// The first place where two values differ, for a person.
pub fn first_difference(a: &Value, b: &Value) -> Option<String> {
    difference_at("report", a, b)
}

fn difference_at(path: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        _ if a == b => None,
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            let of = |object: &serde_json::Map<String, Value>, key: &String| {
                object.get(key).cloned().unwrap_or(Value::Null)
            };
            keys.into_iter()
                .find_map(|key| difference_at(&format!("{path}.{key}"), &of(a, key), &of(b, key)))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(at, (a, b))| difference_at(&format!("{path}[{at}]"), a, b)),
        _ => {
            let short = |value: &Value| value.to_string().chars().take(400).collect::<String>();
            Some(format!("{path}:\n    as is:   {}\n    changed: {}", short(a), short(b)))
        }
    }
}
