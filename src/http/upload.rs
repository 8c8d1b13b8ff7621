//! Operations that take a file, and what kind of body each operation takes.

use std::sync::Arc;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

use super::answer::{Answer, JSON};
use super::endpoint::{About, Prepare, Work};
use super::incoming::FILE_BYTES_MAX;
use super::{Effect, Endpoint, Method, Query, query};
use crate::auth::Action;
use crate::db::Tx;
use crate::problem::Problem;

/// What kind of body an operation takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Takes {
    /// Its media type may be one of these.
    pub(super) media: &'static [&'static str],
}

/// JSON, as nearly every operation takes.
pub(super) const TAKES_JSON: Takes = Takes { media: &[JSON] };

impl Endpoint {
    /// The media types that a body may have.
    #[must_use]
    pub const fn media(&self) -> &'static [&'static str] {
        self.about.takes.media
    }

    /// `POST` of a file of one of these media types, from which something new is made.
    #[must_use]
    pub fn upload<Q: Query, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        media: &'static [&'static str],
        operation: fn(&mut Tx<'_>, &Q, &[u8]) -> Result<A, Problem>,
    ) -> Self {
        let known = query::names_of::<Q>();
        let prepare: Prepare = Arc::new(move |_, input| {
            let asked: Q = query::read(&input.query, &known)?;
            let file = Arc::clone(&input.body);
            Ok(Box::new(move |tx| operation(tx, &asked, &file)?.reply()))
        });
        Self {
            method: Method::Post,
            path,
            action,
            effect: Effect::Creates,
            summary,
            work: Work::Write(prepare),
            about: About {
                parameters: Q::parameters,
                body: Some(|_| file_schema()),
                takes: Takes { media },
                status: A::STATUS,
                media: A::MEDIA,
                answer: A::schema,
            },
            body_bytes_max: FILE_BYTES_MAX,
            first: None,
        }
    }
}

fn file_schema() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .into()
}
