//! A file of JSON Lines: one JSON text a line, so that a large one can be read piece by piece.

use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};

use super::answer::{Answer, Reply, Schemas};
use crate::problem::Problem;

/// Lines of JSON, each ended by a line feed.
#[derive(Debug)]
pub struct JsonLines(String);

impl JsonLines {
    /// A file of these lines.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }
}

impl Answer for JsonLines {
    const STATUS: u16 = 200;
    const MEDIA: &'static str = "application/jsonl";

    fn reply(self) -> Result<Reply, Problem> {
        Ok(Reply {
            status: Self::STATUS,
            version: None,
            location: None,
            body: Some(self.0.into_bytes().into()),
            media: Self::MEDIA,
        })
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(ObjectBuilder::new().schema_type(Type::String).into())
    }
}
