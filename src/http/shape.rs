//! Checks a body against the very schema that `openapi.json` publishes, and names every field that does not fit.

use std::marker::PhantomData;
use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind as Fault;
use jsonschema::{Draft, ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::answer::reference;
use super::strict_json::{parse, pointer_part};
use crate::problem::{FieldFault, Problem};

/// The published shape of one kind of body.
#[derive(Debug)]
pub struct Shape(Validator);

impl Shape {
    /// Compiles the schema of `T`.
    pub fn of<T: ToSchema>() -> Result<Self, Problem> {
        let mut schemas = Vec::new();
        let root = reference::<T>(&mut schemas);
        let mut document = json!(root);
        let definitions: serde_json::Map<String, Value> = schemas
            .into_iter()
            .map(|(name, schema)| (name, json!(schema)))
            .collect();
        if let Value::Object(members) = &mut document {
            members.insert("components".into(), json!({ "schemas": definitions }));
        }
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true);
        let validator = options
            .build(&document)
            .map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Self(validator))
    }

    /// Every fault of a value that must have this shape.
    #[must_use]
    pub fn faults_of(&self, value: &Value) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        for error in self.0.iter_errors(value) {
            collect(&error, &mut faults);
        }
        faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        faults.dedup();
        faults
    }

    /// Reads a body that must have this shape.
    fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Problem> {
        let value = parse(body)?;
        let faults = self.faults_of(&value);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        // The schema is the stricter of the two; what slips through is still a fault of the field, not of ours.
        serde_path_to_error::deserialize(value).map_err(|error| {
            let pointer: String = error
                .path()
                .to_string()
                .split(['.', '['])
                .flat_map(|part| ["/", part.trim_end_matches(']')])
                .collect();
            Problem::invalid(vec![fault(
                pointer,
                "wrong_type",
                "Har feil form.",
                "Has a wrong form.",
            )])
        })
    }
}

/// The published shape of a `T`, compiled when the first of them comes: a running service is never asked for most of what it could do.
pub struct ShapeOf<T> {
    shape: OnceLock<Result<Shape, Problem>>,
    of: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for ShapeOf<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShapeOf")
    }
}

impl<T> ShapeOf<T> {
    /// Compiles nothing yet.
    #[must_use]
    pub const fn later() -> Self {
        Self {
            shape: OnceLock::new(),
            of: PhantomData,
        }
    }
}

impl<T: ToSchema + DeserializeOwned> ShapeOf<T> {
    /// Reads a body that must have this shape.
    pub(super) fn read(&self, body: &[u8]) -> Result<T, Problem> {
        let shape = self.shape.get_or_init(Shape::of::<T>);
        shape.as_ref().map_err(Problem::clone)?.read(body)
    }

    /// Reads one row of a body that holds many; pointers to faults are into the row.
    pub fn read_row(&self, row: &Value) -> Result<T, Problem> {
        self.read(row.to_string().as_bytes())
    }
}

fn fault(pointer: String, code: &'static str, nb: &str, en: &str) -> FieldFault {
    FieldFault::new(pointer, code, nb, en)
}

fn collect(error: &ValidationError<'_>, faults: &mut Vec<FieldFault>) {
    let at = error.instance_path().to_string();
    match error.kind() {
        Fault::Required { property } => {
            let name = property.as_str().unwrap_or("*");
            faults.push(fault(
                format!("{at}/{name}"),
                "missing",
                "Mangler.",
                "Is missing.",
            ));
        }
        Fault::AdditionalProperties { unexpected }
        | Fault::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let pointer = format!("{at}/{}", pointer_part(name));
                faults.push(fault(
                    pointer,
                    "unknown_field",
                    "Ukjent felt.",
                    "Unknown field.",
                ));
            }
        }
        Fault::OneOfNotValid { context } | Fault::AnyOf { context } => {
            // An optional field is "null or X": what X complains of is what the client wants to know.
            let is_other_type =
                |branch: &&Vec<ValidationError<'_>>| !branch.iter().any(|e| is_null_wanted(e));
            match context.iter().find(is_other_type) {
                Some(branch) => branch.iter().for_each(|inner| collect(inner, faults)),
                None => faults.push(fault(
                    at,
                    "wrong_type",
                    "Har feil type.",
                    "Has a wrong type.",
                )),
            }
        }
        kind => {
            let (code, nb, en) = told(kind);
            faults.push(FieldFault::new(at, code, nb, en));
        }
    }
}

/// Whether this error only says that the value is not null.
fn is_null_wanted(error: &ValidationError<'_>) -> bool {
    error.schema_path().to_string().contains("/0/type")
        && matches!(error.kind(), Fault::Type { .. })
}

fn told(kind: &Fault) -> (&'static str, String, String) {
    match kind {
        Fault::Type { .. } => same("wrong_type", "Har feil type.", "Has a wrong type."),
        Fault::Enum { .. } => same("unknown_code", "Ukjent kode.", "Unknown code."),
        Fault::Format { .. } | Fault::Pattern { .. } => {
            same("wrong_format", "Har feil format.", "Has a wrong format.")
        }
        Fault::Minimum { limit } => bound("too_small", "Må minst være", "Must be at least", limit),
        Fault::Maximum { limit } => bound("too_large", "Kan høyst være", "Must be at most", limit),
        Fault::MinLength { limit } => bound(
            "too_short",
            "Minste lengde er",
            "The least length is",
            limit,
        ),
        Fault::MaxLength { limit } => bound(
            "too_long",
            "Største lengde er",
            "The greatest length is",
            limit,
        ),
        Fault::MinItems { limit } => {
            bound("too_few", "Minste antall er", "The least count is", limit)
        }
        Fault::MaxItems { limit } => bound(
            "too_many",
            "Største antall er",
            "The greatest count is",
            limit,
        ),
        Fault::UniqueItems => same(
            "not_unique",
            "Noe står to ganger.",
            "Something stands twice.",
        ),
        _ => same("invalid", "Er ugyldig.", "Is not valid."),
    }
}

fn same(code: &'static str, nb: &str, en: &str) -> (&'static str, String, String) {
    (code, nb.to_owned(), en.to_owned())
}

fn bound(
    code: &'static str,
    nb: &str,
    en: &str,
    limit: &impl std::fmt::Display,
) -> (&'static str, String, String) {
    (code, format!("{nb} {limit}."), format!("{en} {limit}."))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    crate::codes! {
        /// What a home is.
        enum Kind {
            /// A flat.
            Flat = "FLAT",
        }
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "only the shape matters")]
    struct Home {
        #[schema(minimum = 1, maximum = 20)]
        bed_rooms: i16,
        #[schema(max_length = 5)]
        name: String,
        since: Option<crate::clock::Day>,
        kind: Kind,
        other: Option<Kind>,
    }

    fn faults(body: &str) -> Vec<(String, &'static str)> {
        let problem = ShapeOf::<Home>::later().read(body.as_bytes()).unwrap_err();
        problem
            .errors
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect()
    }

    #[test]
    fn every_faulty_field_is_named_at_once() {
        let body = r#"{"bedRooms":0,"since":"2026-02-30","kind":"CASTLE","other":"X","extra":1}"#;
        let expected = [
            ("/bedRooms", "too_small"),
            ("/extra", "unknown_field"),
            ("/kind", "unknown_code"),
            ("/name", "missing"),
            ("/other", "unknown_code"),
            ("/since", "wrong_format"),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(at, code)| ((*at).to_owned(), *code))
            .collect();
        assert_eq!(faults(body), expected);
    }

    #[test]
    fn a_fitting_body_is_read() {
        let body = br#"{"bedRooms":2,"name":"Kari","kind":"FLAT","since":null}"#;
        assert!(ShapeOf::<Home>::later().read(body).is_ok());
    }
}
