//! Lists by keyset: `?limit=&cursor=` -> `{items, nextCursor}`. Never an offset.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, Reply, Schemas, json, reference};
use crate::ids::Id;
use crate::problem::{BAD_CURSOR, FieldFault, Problem};

/// Rows on a page when nothing is said.
const LIMIT_DEFAULT: u16 = 50;
/// Rows on a page at most.
const LIMIT_MAX: u16 = 200;

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    pub cursor: Option<String>,
}

impl Paging {
    /// How many rows are asked for, within 1 to 200.
    pub fn limit(&self) -> Result<i64, Problem> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if (1..=LIMIT_MAX).contains(&limit) {
            return Ok(limit.into());
        }
        Err(Problem::invalid(vec![FieldFault::new(
            "/query/limit",
            "out_of_range",
            "Må være fra 1 til 200.",
            "Must be from 1 to 200.",
        )]))
    }

    /// What the cursor says, for a list in an order of its own; none for the first page.
    pub fn place(&self) -> Result<Option<Vec<u8>>, Problem> {
        let decode = |cursor| URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor());
        self.cursor.as_deref().map(decode).transpose()
    }

    /// The id after which the page begins; none for the first page.
    pub fn after<K: 'static>(&self) -> Result<Option<Id<K>>, Problem> {
        self.cursor.as_deref().map(id_in).transpose()
    }
}

/// The cursor that stands for "after this id".
#[must_use]
pub fn cursor_of<K: 'static>(id: Id<K>) -> String {
    URL_SAFE_NO_PAD.encode(id.uuid().as_bytes())
}

fn id_in<K: 'static>(cursor: &str) -> Result<Id<K>, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let id = bytes.and_then(|bytes| uuid::Uuid::from_slice(&bytes).ok());
    id.map(Id::from_uuid).ok_or_else(bad_cursor)
}

/// A cursor that is none of ours.
#[must_use]
pub fn bad_cursor() -> Problem {
    Problem::new(&BAD_CURSOR).at("/query/cursor")
}

/// A page of a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` rows, from a query that asked for one more to see whether there is a next page.
    pub fn of<K: 'static>(rows: Vec<T>, limit: i64, id: impl Fn(&T) -> Id<K>) -> Self {
        Self::placed(rows, limit, |row| id(row).uuid().as_bytes().to_vec())
    }

    /// The same in an order of its own: `place` says where a row stands in it.
    pub fn placed(mut rows: Vec<T>, limit: i64, place: impl Fn(&T) -> Vec<u8>) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more {
            rows.last().map(|row| URL_SAFE_NO_PAD.encode(place(row)))
        } else {
            None
        };
        Self {
            items: rows,
            next_cursor,
        }
    }

    /// Whether there is nothing on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What is on it.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The same page without some of its rows: whoever may not see them learns nothing of them.
    #[must_use]
    pub fn without(mut self, is_hidden: impl Fn(&T) -> bool) -> Self {
        self.items.retain(|row| !is_hidden(row));
        self
    }

    /// What is on it, and by which cursor the next one is asked for.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Option<String>) {
        (self.items, self.next_cursor)
    }

    /// The same page with each row told differently.
    pub fn map<U>(self, tell: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(tell).collect(),
            next_cursor: self.next_cursor,
        }
    }

    /// The same page with each row told differently, where that may fail.
    pub fn try_map<U, E>(self, tell: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self.items.into_iter().map(tell).collect::<Result<_, _>>()?,
            next_cursor: self.next_cursor,
        })
    }
}

impl<T: Serialize + ToSchema> Answer for Page<T> {
    const STATUS: u16 = 200;

    fn reply(self) -> Result<Reply, Problem> {
        let body = Some(json(&self)?.into());
        Ok(Reply {
            status: Self::STATUS,
            version: None,
            location: None,
            body,
            media: Self::MEDIA,
        })
    }

    fn schema(schemas: &mut Schemas) -> Option<RefOr<Schema>> {
        let items = ArrayBuilder::new().items(reference::<T>(schemas));
        let cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(
                "Ask for the next page with this; null on the last page.",
            ));
        let page = ObjectBuilder::new()
            .property("items", items)
            .property("nextCursor", cursor)
            .required("items")
            .required("nextCursor");
        Some(page.into())
    }
}

crate::query!(Paging);
