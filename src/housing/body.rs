//! What is sent to register a home or to describe it anew: the same fields, and nothing else.

use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, RefBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::dwelling::Description;
use super::model::DwellingState;

/// A home that comes into the stock.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Register {
    #[serde(default = "available")]
    pub(super) state: DwellingState,
    #[serde(flatten)]
    pub(super) description: Description,
}

const fn available() -> DwellingState {
    DwellingState::Available
}

/// A home described anew, every field of it.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Describe(pub(super) Description);

/// The fields of a description and these others, and nothing else.
///
/// `deny_unknown_fields` cannot be said of a struct that is flattened into another, so that the schema says it.
fn closed(others: impl IntoIterator<Item = (&'static str, RefOr<Schema>)>) -> RefOr<Schema> {
    let mut schema = Description::schema();
    if let RefOr::T(Schema::Object(fields)) = &mut schema {
        for (name, other) in others {
            fields.properties.insert(name.to_owned(), other);
        }
        fields.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
    schema
}

impl PartialSchema for Register {
    fn schema() -> RefOr<Schema> {
        let state = RefBuilder::new()
            .ref_location_from_schema_name("DwellingState")
            .description(Some(
                "Where its life begins: `PLANNED`, `UNDER_CONSTRUCTION`, `TURNOVER`, or `AVAILABLE` when not given.",
            ))
            .build();
        closed([("state", state.into())])
    }
}

impl ToSchema for Register {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Description::schemas(schemas);
        schemas.push(("DwellingState".to_owned(), DwellingState::schema()));
    }
}

impl PartialSchema for Describe {
    fn schema() -> RefOr<Schema> {
        closed([])
    }
}

impl ToSchema for Describe {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Description::schemas(schemas);
    }
}
