//! A finished document as an answer: a page, or a file.

use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};

use super::answer::{Answer, Reply, Schemas};
use crate::problem::Problem;

/// A PDF.
#[derive(Debug)]
pub struct Pdf(pub Vec<u8>);

/// A page of HTML.
#[derive(Debug)]
pub struct Html(pub String);

impl Answer for Pdf {
    const STATUS: u16 = 200;
    const MEDIA: &'static str = "application/pdf";

    fn reply(self) -> Result<Reply, Problem> {
        Ok(whole(self.0, Self::MEDIA))
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        let schema = ObjectBuilder::new().schema_type(Type::String);
        Some(schema.format(Some(binary)).into())
    }
}

impl Answer for Html {
    const STATUS: u16 = 200;
    const MEDIA: &'static str = "text/html; charset=utf-8";

    fn reply(self) -> Result<Reply, Problem> {
        Ok(whole(self.0.into_bytes(), Self::MEDIA))
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(ObjectBuilder::new().schema_type(Type::String).into())
    }
}

fn whole(body: Vec<u8>, media: &'static str) -> Reply {
    Reply {
        status: 200,
        version: None,
        location: None,
        body: Some(body.into()),
        media,
    }
}
