//! A property as it is kept.

use diesel::{Insertable, Queryable, Selectable};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Building, OwnerKind};
use crate::clock::Instant;
use crate::db::types::Json;
use crate::ids::{MunicipalityId, PropertyId};

/// A property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::property, treat_none_as_default_value = false)]
pub(super) struct Property {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: PropertyId,
    pub(super) version: i32,
    pub(super) cadastral_id: String,
    pub(super) name: Option<String>,
    pub(super) owner_kind: OwnerKind,
    pub(super) owner_name: Option<String>,
    pub(super) owner_number: Option<String>,
    #[serde(skip)]
    pub(super) buildings: Json<Vec<Building>>,
    pub(super) created_at: Instant,
}
