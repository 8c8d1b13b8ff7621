//! Operations that ask somebody outside on the way: let in first, then beside every transaction, and what comes of it written by itself.

use std::sync::Arc;

use super::answer::Answer;
use super::endpoint::{Body, Endpoint, Outside, Work, about_body, read_body};
use super::incoming::BODY_BYTES_MAX;
use super::serve::Kernel;
use super::shape::ShapeOf;
use super::{Call, Effect, Method};
use crate::auth::{Action, Caller};
use crate::problem::Problem;

impl Endpoint {
    /// `POST` that asks a register outside and keeps what it says.
    #[must_use]
    pub fn reach<B: Body, A: Answer + 'static, F>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        operation: fn(Arc<Kernel>, Arc<Caller>, Arc<Call>, B) -> F,
    ) -> Self
    where
        F: Future<Output = Result<A, Problem>> + 'static,
    {
        let shape = ShapeOf::<B>::later();
        let reach: Outside = Arc::new(move |kernel, caller, call, input| {
            let body = read_body(&shape, input)?;
            let answering = operation(kernel, caller, call, body);
            Ok(Box::pin(async move { answering.await?.reply() }))
        });
        Self {
            method: Method::Post,
            path,
            action,
            effect: Effect::Reaches,
            summary,
            work: Work::Outside(reach),
            about: about_body::<B, A>(),
            body_bytes_max: BODY_BYTES_MAX,
            first: None,
        }
    }
}
