//! One operation of the service: what router, permission matrix, `OpenAPI` and guards are made from.

use std::pin::Pin;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::Schema;

use super::answer::{Answer, Reply, Schemas, reference};
use super::effect::{Effect, Method};
use super::incoming::BODY_BYTES_MAX;
use super::looking::PrepareLook;
use super::serve::Kernel;
use super::shape::ShapeOf;
use super::upload::{TAKES_JSON, Takes};
use super::{Call, Query, query};
use crate::auth::{Action, Caller, Visitor};
use crate::db::Tx;
use crate::problem::Problem;

/// The work of one request, ready to be done in a transaction.
pub(super) type Task = Box<dyn Fn(&mut Tx<'_>) -> Result<Reply, Problem> + Send>;
/// What a request carries besides its path and headers.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) query: String,
    pub(super) body: Arc<[u8]>,
}
pub(super) type Prepare = Arc<dyn Fn(Arc<Call>, &Input) -> Result<Task, Problem> + Send + Sync>;
type Answering = Pin<Box<dyn Future<Output = Result<Reply, Problem>>>>;
type Open = Arc<dyn Fn(Arc<Kernel>, Visitor, &Input) -> Result<Answering, Problem> + Send + Sync>;
pub(super) type Outside = Arc<
    dyn Fn(Arc<Kernel>, Arc<Caller>, Arc<Call>, &Input) -> Result<Answering, Problem> + Send + Sync,
>;
type Own = Arc<
    dyn Fn(Arc<Kernel>, Arc<Caller>, Visitor, &Input) -> Result<Answering, Problem> + Send + Sync,
>;
/// What is done before an operation reads.
pub type Before = Pin<Box<dyn Future<Output = Result<(), Problem>>>>;
/// How it begins.
pub(super) type First = fn(Arc<Kernel>, Arc<Caller>, Arc<Call>) -> Before;
#[derive(Clone)]
pub(super) enum Work {
    /// Done in a reading transaction.
    Read(Prepare),
    /// Done in a writing transaction.
    Write(Prepare),
    /// The same, after a look in a reading one.
    Look(PrepareLook),
    /// Done before anybody is signed in.
    Open(Open),
    /// Done after being let in, in more than a transaction.
    Own(Own),
    /// Asks somebody outside, beside every transaction.
    Outside(Outside),
}

/// What `openapi.json` says of an operation's input and output.
#[derive(Clone)]
pub(super) struct About {
    pub(super) parameters: fn() -> Vec<Parameter>,
    pub(super) body: Option<fn(&mut Schemas) -> RefOr<Schema>>,
    pub(super) takes: Takes,
    pub(super) status: u16,
    pub(super) media: &'static str,
    pub(super) answer: fn(&mut Schemas) -> Option<RefOr<Schema>>,
}

/// An operation.
#[derive(Clone)]
pub struct Endpoint {
    /// Its method.
    pub method: Method,
    /// Its path below `/api/v1`, with `{id}` where an id stands.
    pub path: &'static str,
    /// What the caller must be permitted.
    pub action: Action,
    /// What it does to the world.
    pub effect: Effect,
    /// What it is for, in a line.
    pub summary: &'static str,
    pub(super) work: Work,
    pub(super) about: About,
    pub(super) body_bytes_max: usize,
    /// What a register is asked on the way, beside every transaction.
    pub(super) first: Option<First>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.name(), self.path)
    }
}

/// The shape of an operation: a transaction, the call, its input.
type Operation<I, A> = fn(&mut Tx<'_>, &Call, &I) -> Result<A, Problem>;

impl Endpoint {
    /// `GET`: reads, with query parameters.
    #[must_use]
    pub fn get<Q: Query, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<Q, A>,
    ) -> Self {
        let known = query::known_of::<Q>();
        let prepare: Prepare = Arc::new(move |call, input| {
            let asked: Q = query::read(&input.query, &known)?;
            Ok(Box::new(move |tx| operation(tx, &call, &asked)?.reply()))
        });
        Self {
            method: Method::Get,
            path,
            action,
            effect: Effect::Reads,
            summary,
            work: Work::Read(prepare),
            about: About {
                parameters: Q::parameters,
                body: None,
                takes: TAKES_JSON,
                status: A::STATUS,
                media: A::MEDIA,
                answer: A::schema,
            },
            body_bytes_max: BODY_BYTES_MAX,
            first: None,
        }
    }

    /// `POST` that only asks: personal data belongs in no address.
    #[must_use]
    pub fn ask<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(Method::Post, Effect::Asks, path, action, summary, operation)
    }

    /// `POST` that makes something new.
    #[must_use]
    pub fn create<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(
            Method::Post,
            Effect::Creates,
            path,
            action,
            summary,
            operation,
        )
    }

    /// `POST` that proposes a decision.
    #[must_use]
    pub fn propose<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(
            Method::Post,
            Effect::Proposes,
            path,
            action,
            summary,
            operation,
        )
    }

    /// `POST` of an act that changes something seen.
    #[must_use]
    pub fn act<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(
            Method::Post,
            Effect::Changes,
            path,
            action,
            summary,
            operation,
        )
    }

    /// `PUT` that replaces something seen.
    #[must_use]
    pub fn replace<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(
            Method::Put,
            Effect::Changes,
            path,
            action,
            summary,
            operation,
        )
    }

    /// `POST` that decides or allocates.
    #[must_use]
    pub fn decide<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(
            Method::Post,
            Effect::Decides,
            path,
            action,
            summary,
            operation,
        )
    }

    /// `POST` on the caller's own sign-in.
    #[must_use]
    pub fn sign<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        Self::with_body(
            Method::Post,
            Effect::Signs,
            path,
            action,
            summary,
            operation,
        )
    }

    /// `POST` by somebody who is not signed in yet.
    #[must_use]
    pub fn open<B: Body, A: Answer + 'static, F>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: fn(Arc<Kernel>, Visitor, B) -> F,
    ) -> Self
    where
        F: Future<Output = Result<A, Problem>> + 'static,
    {
        let shape = ShapeOf::<B>::later();
        let answer: Open = Arc::new(move |kernel, visitor, input| {
            let body = read_body(&shape, input)?;
            let answering = operation(kernel, visitor, body);
            Ok(Box::pin(async move { answering.await?.reply() }))
        });
        Self::signing::<B, A>(path, action, summary, Work::Open(answer))
    }

    /// `POST` on one's own sign-in, in more than a transaction.
    #[must_use]
    pub fn own<B: Body, A: Answer + 'static, F>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: fn(Arc<Kernel>, Arc<Caller>, Visitor, B) -> F,
    ) -> Self
    where
        F: Future<Output = Result<A, Problem>> + 'static,
    {
        let shape = ShapeOf::<B>::later();
        let answer: Own = Arc::new(move |kernel, caller, visitor, input| {
            let body = read_body(&shape, input)?;
            let answering = operation(kernel, caller, visitor, body);
            Ok(Box::pin(async move { answering.await?.reply() }))
        });
        Self::signing::<B, A>(path, action, summary, Work::Own(answer))
    }

    fn signing<B: Body, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        work: Work,
    ) -> Self {
        Self {
            method: Method::Post,
            path,
            action,
            effect: Effect::Signs,
            summary,
            work,
            about: about_body::<B, A>(),
            body_bytes_max: BODY_BYTES_MAX,
            first: None,
        }
    }

    fn with_body<B: Body, A: Answer + 'static>(
        method: Method,
        effect: Effect,
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: Operation<B, A>,
    ) -> Self {
        let shape = ShapeOf::<B>::later();
        let prepare: Prepare = Arc::new(move |call, input| {
            let body = read_body(&shape, input)?;
            Ok(Box::new(move |tx| operation(tx, &call, &body)?.reply()))
        });
        let work = if effect.is_mutating() {
            Work::Write(prepare)
        } else {
            Work::Read(prepare)
        };
        Self {
            method,
            path,
            action,
            effect,
            summary,
            work,
            about: about_body::<B, A>(),
            body_bytes_max: BODY_BYTES_MAX,
            first: None,
        }
    }

    /// The same for a larger body than others may have.
    #[must_use]
    pub const fn with_body_of(mut self, bytes_max: usize) -> Self {
        self.body_bytes_max = bytes_max;
        self
    }

    /// Reads after this was done: a register outside is asked what the answer depends on.
    #[must_use]
    pub const fn after(mut self, first: First) -> Self {
        self.first = Some(first);
        self
    }

    /// The group to which the operation belongs in the documentation: the first part of its path.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.path
            .trim_start_matches('/')
            .split('/')
            .next()
            .unwrap_or_default()
    }

    /// Whether a body is expected.
    #[must_use]
    pub const fn takes_body(&self) -> bool {
        self.about.body.is_some()
    }
}

/// Something that can be the body of a request.
pub trait Body: DeserializeOwned + ToSchema + Send + Sync + 'static {}
impl<T: DeserializeOwned + ToSchema + Send + Sync + 'static> Body for T {}

pub(super) fn about_body<B: Body, A: Answer>() -> About {
    About {
        parameters: Vec::new,
        body: Some(reference::<B>),
        takes: TAKES_JSON,
        status: A::STATUS,
        media: A::MEDIA,
        answer: A::schema,
    }
}

pub(super) fn read_body<B: Body>(shape: &ShapeOf<B>, input: &Input) -> Result<B, Problem> {
    match &*input.body {
        // An act without fields may be asked for without a body.
        b"" => shape.read(b"{}"),
        body => shape.read(body),
    }
}
