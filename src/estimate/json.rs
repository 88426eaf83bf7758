//! `jsonb` operators on the values that statistics hold.

use serde_json::Value as Json;

use super::value::Value;

/// An operator with the value it tests for.
pub struct Tester {
    test: Test,
}

enum Test {
    /// `column @> value`.
    Contains(Json),
    /// `column <@ value`.
    IsContained(Json),
    /// `column ?& keys` and, of one key, `column ? key`.
    AllKeys(Vec<String>),
    /// `column ?| keys`.
    AnyKey(Vec<String>),
}

impl Tester {
    /// `None` for operators whose meaning is not known here.
    pub fn new(op: &str, value: &Value<'_>, is_var_left: bool) -> Option<Tester> {
        let json = || serde_json::from_str::<Json>(value.text()?).ok();
        let keys = || match value {
            Value::Array(items) => Some(
                items.iter().flatten().filter_map(|item| Some(item.text()?.to_owned())).collect(),
            ),
            other => Some(vec![other.text()?.to_owned()]),
        };
        let test = match (op, is_var_left) {
            ("@>", true) | ("<@", false) => Test::Contains(json()?),
            ("<@", true) | ("@>", false) => Test::IsContained(json()?),
            ("?" | "?&", true) => Test::AllKeys(keys()?),
            ("?|", true) => Test::AnyKey(keys()?),
            _ => return None,
        };
        Some(Tester { test })
    }

    /// Does a value of the column pass?
    pub fn test(&self, text: &str) -> bool {
        let Ok(json) = serde_json::from_str::<Json>(text) else { return false };
        match &self.test {
            Test::Contains(part) => contains(&json, part, true),
            Test::IsContained(whole) => contains(whole, &json, true),
            Test::AllKeys(keys) => keys.iter().all(|key| has_key(&json, key)),
            Test::AnyKey(keys) => keys.iter().any(|key| has_key(&json, key)),
        }
    }
}

/// Containment: every member and item of the part is in the whole; an array at the top also contains
/// a bare scalar.
fn contains(whole: &Json, part: &Json, is_top: bool) -> bool {
    match (whole, part) {
        (Json::Object(whole), Json::Object(part)) => part
            .iter()
            .all(|(key, value)| whole.get(key).is_some_and(|found| contains(found, value, false))),
        (Json::Array(whole), Json::Array(part)) => {
            part.iter().all(|item| whole.iter().any(|found| contains(found, item, false)))
        }
        (Json::Array(whole), scalar) if is_top && !scalar.is_object() => whole.contains(scalar),
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

fn has_key(json: &Json, key: &str) -> bool {
    match json {
        Json::Object(map) => map.contains_key(key),
        Json::Array(items) => items.iter().any(|item| item.as_str() == Some(key)),
        Json::String(text) => text == key,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containment_and_keys() {
        let test = |op: &str, value: &str, column: &str| {
            Tester::new(op, &Value::Text(value.into()), true).unwrap().test(column)
        };
        assert!(test("@>", r#"{"a": {"b": 1}}"#, r#"{"a": {"b": 1, "c": 2}, "d": []}"#));
        assert!(!test("@>", r#"{"a": 2}"#, r#"{"a": 1}"#));
        assert!(test("@>", "[2]", "[1, 2, 3]"));
        assert!(test("?", "a", r#"{"a": null}"#));
    }
}
