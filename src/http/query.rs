//! Reads the query string strictly: every wrong or unknown parameter is named, none is echoed.

use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::Nothing;
use crate::problem::{FieldFault, Problem};

/// The query parameters of an operation.
pub trait Query: DeserializeOwned + Send + Sync + 'static {
    /// What `openapi.json` says of them.
    fn parameters() -> Vec<Parameter>;
}

impl Query for Nothing {
    fn parameters() -> Vec<Parameter> {
        Vec::new()
    }
}

/// Lets a type with [`IntoParams`] be the query of an operation.
#[macro_export]
macro_rules! query {
    ($($name:ty),+ $(,)?) => {
        $(impl $crate::http::Query for $name {
            fn parameters() -> Vec<utoipa::openapi::path::Parameter> {
                $crate::http::parameters_of::<Self>()
            }
        })+
    };
}

/// The parameters of a type that describes itself.
#[must_use]
pub fn parameters_of<Q: IntoParams>() -> Vec<Parameter> {
    Q::into_params(|| Some(ParameterIn::Query))
}

/// The names of the parameters, to be found out once for all requests.
pub(super) fn names_of<Q: Query>() -> Vec<String> {
    let parameters = Q::parameters().into_iter();
    parameters.map(|parameter| parameter.name).collect()
}

/// Reads the parameters with these names. A faulty one is set aside and the rest is read again, so that all are named at once.
pub(super) fn read<Q: Query>(text: &str, known: &[String]) -> Result<Q, Problem> {
    let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).map_err(|_| {
        Problem::invalid(vec![fault(
            "*",
            "wrong_format",
            "Har feil format.",
            "Has a wrong format.",
        )])
    })?;
    let mut faults = Vec::new();
    pairs.retain(|(name, _)| {
        let is_known = known.contains(name);
        if !is_known {
            let part = super::strict_json::pointer_part(name);
            faults.push(fault(
                part,
                "unknown_field",
                "Ukjent parameter.",
                "Unknown parameter.",
            ));
        }
        is_known
    });
    let names: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
    for name in &names {
        if names.iter().filter(|other| *other == name).count() > 1 {
            faults.push(fault(
                name,
                "duplicate_field",
                "Står to ganger.",
                "Stands twice.",
            ));
        }
    }
    faults.dedup();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    loop {
        let encoded = serde_urlencoded::to_string(&pairs)
            .map_err(|error| Problem::internal(error.to_string()))?;
        let reader =
            serde_urlencoded::Deserializer::new(form_urlencoded::parse(encoded.as_bytes()));
        match serde_path_to_error::deserialize::<_, Q>(reader) {
            Ok(query) if faults.is_empty() => return Ok(query),
            Ok(_) => return Err(Problem::invalid(faults)),
            Err(error) => {
                let name = error.path().to_string();
                let before = pairs.len();
                pairs.retain(|(other, _)| *other != name);
                let (code, nb, en) = if before == pairs.len() {
                    (
                        "missing",
                        "Mangler en parameter.",
                        "A parameter is missing.",
                    )
                } else {
                    ("wrong_format", "Har feil format.", "Has a wrong format.")
                };
                faults.push(fault(&name, code, nb, en));
                if before == pairs.len() {
                    return Err(Problem::invalid(faults));
                }
            }
        }
    }
}

fn fault(name: &str, code: &'static str, nb: &str, en: &str) -> FieldFault {
    FieldFault::new(format!("/query/{name}"), code, nb, en)
}
