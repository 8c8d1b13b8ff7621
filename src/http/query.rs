//! Reads the query string strictly: every wrong or unknown parameter is named, none is echoed.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::Required;
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

/// A parameter that an operation knows.
pub(super) struct Known {
    name: String,
    is_required: bool,
}

/// The parameters of an operation, to be found out once for all requests.
pub(super) fn known_of<Q: Query>() -> Vec<Known> {
    let known = |parameter: Parameter| Known {
        is_required: parameter.required == Required::True,
        name: parameter.name,
    };
    Q::parameters().into_iter().map(known).collect()
}

/// Reads these parameters. A faulty one is set aside and the rest is read again, so that all are named at once.
pub(super) fn read<Q: Query>(text: &str, known: &[Known]) -> Result<Q, Problem> {
    let mut pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(text).map_err(|_| Problem::invalid(vec![unreadable("*")]))?;
    let mut faults = misnamed(&mut pairs, known);
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
                if before > pairs.len() {
                    faults.push(unreadable(&name));
                    continue;
                }
                // What is missing is named already, and without it nothing more can be read.
                if faults.is_empty() {
                    faults.push(unreadable("*"));
                }
                return Err(Problem::invalid(faults));
            }
        }
    }
}

/// Names what is unknown, given twice or missing, and leaves of the rest each once.
fn misnamed(pairs: &mut Vec<(String, String)>, known: &[Known]) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
    pairs.retain(|(name, _)| {
        let is_known = known.iter().any(|it| it.name == *name);
        let is_first = seen.insert(name.clone());
        if !is_known && is_first {
            let part = super::strict_json::pointer_part(name);
            let (nb, en) = ("Ukjent parameter.", "Unknown parameter.");
            faults.push(fault(part, "unknown_field", nb, en));
        } else if is_known && !is_first && twice.insert(name.clone()) {
            faults.push(fault(
                name,
                "duplicate_field",
                "Står to ganger.",
                "Stands twice.",
            ));
        }
        is_known && is_first
    });
    let missing = known
        .iter()
        .filter(|it| it.is_required && !seen.contains(&it.name));
    faults.extend(missing.map(|it| fault(&it.name, "missing", "Mangler.", "Is missing.")));
    faults.dedup();
    faults
}

fn unreadable(name: &str) -> FieldFault {
    fault(
        name,
        "wrong_format",
        "Har feil format.",
        "Has a wrong format.",
    )
}

fn fault(name: &str, code: &'static str, nb: &str, en: &str) -> FieldFault {
    FieldFault::new(format!("/query/{name}"), code, nb, en)
}
