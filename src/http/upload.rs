//! Operations that take a file, and what kind of body each operation takes.

use std::sync::Arc;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

use super::answer::{Answer, JSON};
use super::endpoint::{About, Work};
use super::incoming::FILE_BYTES_MAX;
use super::looking::PrepareLook;
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

/// How a file is read.
type ReadFile<Q, R> = fn(&mut Tx<'_>, &Q, &[u8]) -> Result<R, Problem>;
/// How what was read is written.
type WriteRead<R, A> = fn(&mut Tx<'_>, &R) -> Result<A, Problem>;

impl Endpoint {
    /// The media types that a body may have.
    #[must_use]
    pub const fn media(&self) -> &'static [&'static str] {
        self.about.takes.media
    }

    /// `POST` of a file of one of these media types, from which something new is made.
    ///
    /// However long the file is to read, nobody waits for it: it is read in a transaction that only reads, and only what it comes to is
    /// written, in a second one.
    #[must_use]
    pub fn upload<Q: Query, R: Send + 'static, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        media: &'static [&'static str],
        (read, write): (ReadFile<Q, R>, WriteRead<R, A>),
    ) -> Self {
        let known = query::known_of::<Q>();
        let prepare: PrepareLook = Arc::new(move |input| {
            let asked: Q = query::read(&input.query, &known)?;
            let file = Arc::clone(&input.body);
            Ok(Box::new(move |tx| {
                let read = read(tx, &asked, &file)?;
                Ok(Box::new(move |tx: &mut Tx<'_>| write(tx, &read)?.reply()))
            }))
        });
        Self {
            method: Method::Post,
            path,
            action,
            effect: Effect::Creates,
            summary,
            work: Work::Look(prepare),
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
