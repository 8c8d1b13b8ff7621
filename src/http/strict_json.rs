//! Reads JSON without mercy: duplicate keys, too much depth and NUL characters are refused, with a pointer.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::problem::{FieldFault, MALFORMED, Problem};

/// Objects and arrays inside each other, at most.
const DEPTH_MAX: usize = 32;

/// Parses a body. Every fault that leaves the rest readable is collected, so that all are named at once.
pub(super) fn parse(body: &[u8]) -> Result<Value, Problem> {
    let faults = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(body);
    let place = Place {
        pointer: String::new(),
        depth: 0,
        faults: &faults,
    };
    let value = place
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    let faults = faults.into_inner();
    match value {
        _ if !faults.is_empty() => Err(Problem::invalid(faults)),
        Ok(value) => Ok(value),
        // serde_json's own message may quote the input; its position does not.
        Err(error) => Err(Problem::new(&MALFORMED)
            .fact("line", error.line())
            .fact("column", error.column())),
    }
}

/// One name of a JSON pointer, escaped; a name that may hold anything but a field name is not repeated. Fields begin with a small
/// letter, as people's and places' names do not.
pub(super) fn pointer_part(name: &str) -> &str {
    let is_of_field_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_plain = name.len() <= 40 && name.chars().all(is_of_field_name);
    if is_plain && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name
    } else {
        "*"
    }
}

/// Where in the document the reader stands.
struct Place<'f> {
    pointer: String,
    depth: usize,
    faults: &'f RefCell<Vec<FieldFault>>,
}

impl Place<'_> {
    fn inside(&self, name: &str) -> Self {
        let pointer = format!("{}/{name}", self.pointer);
        Self {
            pointer,
            depth: self.depth + 1,
            faults: self.faults,
        }
    }

    fn note(&self, pointer: String, code: &'static str, nb: &str, en: &str) {
        self.faults
            .borrow_mut()
            .push(FieldFault::new(pointer, code, nb, en));
    }

    fn enter<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth < DEPTH_MAX {
            return Ok(());
        }
        self.note(
            self.pointer.clone(),
            "too_deep",
            "For mange nivåer.",
            "Nested too deeply.",
        );
        Err(E::custom("too deep"))
    }

    fn text(&self, text: String) -> Value {
        if text.contains('\0') {
            let pointer = self.pointer.clone();
            self.note(
                pointer,
                "nul_character",
                "Inneholder et NUL-tegn.",
                "Contains a NUL character.",
            );
        }
        Value::String(text)
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(self.text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(self.text(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.inside(&list.len().to_string()))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = self.inside(pointer_part(&name));
            let pointer = place.pointer.clone();
            let value = members.next_value_seed(place)?;
            if object.insert(name, value).is_some() {
                self.note(
                    pointer,
                    "duplicate_field",
                    "Feltet står to ganger.",
                    "The field stands twice.",
                );
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(body: &str) -> Vec<(String, &'static str)> {
        let problem = parse(body.as_bytes()).unwrap_err();
        problem
            .errors
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect()
    }

    #[test]
    fn duplicate_keys_and_nul_are_both_named() {
        let body = r#"{"a":1,"b":[{"c":"x\u0000"}],"a":2}"#;
        let expected = vec![
            ("/b/0/c".to_owned(), "nul_character"),
            ("/a".to_owned(), "duplicate_field"),
        ];
        assert_eq!(codes(body), expected);
    }

    #[test]
    fn too_much_depth_is_refused_before_it_costs_anything() {
        let body = "[".repeat(100_000);
        assert_eq!(
            codes(&body).first().map(|(_, code)| *code),
            Some("too_deep")
        );
    }

    #[test]
    fn what_is_not_json_is_malformed_and_not_quoted() {
        for body in [
            "",
            "{",
            "{\"a\":secret}",
            "{} {}",
            "1e400",
            "\u{feff}{}",
            "nul",
        ] {
            let problem = parse(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind.code, "malformed_json", "{body}");
            assert!(!problem.body("x").to_string().contains("secret"));
        }
        assert!(parse(&[b'"', 0xff, b'"']).is_err());
    }
}
