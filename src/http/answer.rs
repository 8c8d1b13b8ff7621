//! What an operation answers: a status, an entity tag, a body.

use serde::Serialize;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::content::Content;
use crate::problem::Problem;

/// A finished answer, ready to be sent and, under an idempotency key, to be kept.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The version that the strong `ETag` tells.
    pub version: Option<i32>,
    /// Where the created thing is.
    pub location: Option<String>,
    /// JSON most often, or nothing.
    pub body: Option<Content>,
    /// The media type of the body.
    pub media: &'static str,
}

/// The media type of nearly every answer.
pub(super) const JSON: &str = "application/json";

/// The schemas that a body needs, by name.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// Something that an operation may return.
pub trait Answer {
    /// The HTTP status of success.
    const STATUS: u16;
    /// The media type of the body.
    const MEDIA: &'static str = JSON;

    /// The answer in the form that is sent.
    fn reply(self) -> Result<Reply, Problem>;

    /// The schema of the body, after adding what it refers to; none where there is no body.
    fn schema(schemas: &mut Schemas) -> Option<RefOr<Schema>>;
}

/// An existing thing; with its version when it can change.
#[derive(Debug)]
pub struct Shown<T> {
    version: Option<i32>,
    body: T,
}

impl<T> Shown<T> {
    /// A thing that does not change, or is computed.
    pub const fn plain(body: T) -> Self {
        Self {
            version: None,
            body,
        }
    }

    /// A thing at this version.
    pub const fn at_version(version: i32, body: T) -> Self {
        Self {
            version: Some(version),
            body,
        }
    }
}

/// A new thing, and where it is.
#[derive(Debug)]
pub struct Created<T> {
    /// Its path below `/api/v1`.
    pub location: String,
    /// Its version, when it can change.
    pub version: Option<i32>,
    /// The thing.
    pub body: T,
}

/// Nothing more to say.
#[derive(Debug)]
pub struct Done;

impl<T: Serialize + ToSchema> Answer for Shown<T> {
    const STATUS: u16 = 200;

    fn reply(self) -> Result<Reply, Problem> {
        let body = Some(json(&self.body)?.into());
        Ok(Reply {
            status: Self::STATUS,
            version: self.version,
            location: None,
            body,
            media: Self::MEDIA,
        })
    }

    fn schema(schemas: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(reference::<T>(schemas))
    }
}

impl<T: Serialize + ToSchema> Answer for Created<T> {
    const STATUS: u16 = 201;

    fn reply(self) -> Result<Reply, Problem> {
        let body = Some(json(&self.body)?.into());
        let location = Some(format!("/api/v1{}", self.location));
        Ok(Reply {
            status: Self::STATUS,
            version: self.version,
            location,
            body,
            media: Self::MEDIA,
        })
    }

    fn schema(schemas: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(reference::<T>(schemas))
    }
}

impl Answer for Done {
    const STATUS: u16 = 204;

    fn reply(self) -> Result<Reply, Problem> {
        Ok(Reply {
            status: Self::STATUS,
            version: None,
            location: None,
            body: None,
            media: Self::MEDIA,
        })
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        None
    }
}

pub(super) fn json(body: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(body).map_err(|error| Problem::internal(error.to_string()))
}

/// A reference to the schema of `T`, which is added together with all that it refers to.
pub(super) fn reference<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let name = T::name().into_owned();
    schemas.push((name.clone(), <T as PartialSchema>::schema()));
    T::schemas(schemas);
    RefOr::Ref(Ref::from_schema_name(name))
}
