//! The key file that turns replaced names back; it stays with whoever shared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::names::restore;
use crate::dialect::Dialect;
use crate::input::Input;

/// What the file says it is.
const FORMAT: &str = "sargable-names/1";

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    names: BTreeMap<String, String>,
}

/// The key file of a key.
pub fn write_key(key: &BTreeMap<String, String>) -> String {
    let file = File { format: FORMAT.to_owned(), names: key.clone() };
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// Reads a key file.
pub fn read_key(text: &str) -> Result<BTreeMap<String, String>, String> {
    let file: Option<File> = serde_json::from_str(text).ok();
    let file = file.filter(|file| file.format == FORMAT);
    file.map(|file| file.names).ok_or_else(|| {
        format!("the file is no key of names: no JSON object with \"format\": \"{FORMAT}\"")
    })
}

/// A redacted input with its names turned back.
pub fn restore_input(input: &Input, key: &BTreeMap<String, String>) -> Input {
    let dialect = input.dialect.unwrap_or_default();
    let mut input = input.clone();
    for piece in &mut input.pieces {
        piece.text = restore_piece(&piece.text, key, dialect);
    }
    let options = &mut input.options;
    let decisions = options.decisions.iter_mut().map(|decision| &mut decision.statement);
    for sql in decisions.chain(&mut options.trials) {
        *sql = restore(sql, key, dialect);
    }
    input
}

/// JSON is turned back string by string: a name in quotes must not end one.
fn restore_piece(text: &str, key: &BTreeMap<String, String>, dialect: Dialect) -> String {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let values: Result<Vec<Value>, _> = values.collect();
    match values {
        Ok(mut values) if text.trim_start().starts_with(['[', '{']) => {
            values.iter_mut().for_each(|value| restore_value(value, key, dialect));
            let texts: Vec<String> = values.iter().map(Value::to_string).collect();
            texts.join("\n\n")
        }
        _ => restore(text, key, dialect),
    }
}

fn restore_value(value: &mut Value, key: &BTreeMap<String, String>, dialect: Dialect) {
    match value {
        Value::String(text) => {
            *text = key.get(text.as_str()).cloned().unwrap_or_else(|| restore(text, key, dialect));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| restore_value(item, key, dialect)),
        Value::Object(map) => {
            let fields = std::mem::take(map).into_iter();
            for (name, mut field) in fields {
                restore_value(&mut field, key, dialect);
                map.insert(restore(&name, key, dialect), field);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_and_read() {
        let key = BTreeMap::from([("n1".to_owned(), "Order \"Lines\"".to_owned())]);
        assert_eq!(read_key(&write_key(&key)), Ok(key));
        for text in ["", "{}", "{\"format\":\"sargable-names/2\",\"names\":{}}"] {
            assert!(read_key(text).unwrap_err().contains("no key of names"));
        }
    }
}
