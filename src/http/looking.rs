//! Operations that look and think before they write: long work is done on what a reading transaction saw, beside every writer.

use std::sync::Arc;

use super::answer::Answer;
use super::endpoint::{Body, Endpoint, Input, Task, Work, about_body, read_body};
use super::incoming::BODY_BYTES_MAX;
use super::shape::ShapeOf;
use super::{Effect, Method};
use crate::auth::Action;
use crate::db::Tx;
use crate::problem::Problem;

/// The look, ready to be done in a reading transaction; it gives what is then to be written.
pub(super) type Look = Box<dyn Fn(&mut Tx<'_>) -> Result<Task, Problem> + Send + Sync>;
pub(super) type PrepareLook = Arc<dyn Fn(&Input) -> Result<Look, Problem> + Send + Sync>;

impl Endpoint {
    /// `POST` that makes something new of what was seen: `look` reads and thinks, `make` writes what came of it.
    ///
    /// What was seen may have changed when it is written. It is for `make` to say of when it is, or to refuse: then it is looked anew.
    #[must_use]
    pub fn create_of_a_look<B: Body, S: Send + Sync + 'static, A: Answer + 'static>(
        path: &'static str,
        action: Action,
        summary: &'static str,
        look: fn(&mut Tx<'_>, &B) -> Result<S, Problem>,
        make: fn(&mut Tx<'_>, &S) -> Result<A, Problem>,
    ) -> Self {
        let shape = ShapeOf::<B>::later();
        let prepare: PrepareLook = Arc::new(move |input| {
            let body = read_body(&shape, input)?;
            Ok(Box::new(move |tx| {
                let seen = look(tx, &body)?;
                let task: Task = Box::new(move |tx| make(tx, &seen)?.reply());
                Ok(task)
            }))
        });
        Self {
            method: Method::Post,
            path,
            action,
            effect: Effect::Creates,
            summary,
            work: Work::Look(prepare),
            about: about_body::<B, A>(),
            body_bytes_max: BODY_BYTES_MAX,
            first: None,
        }
    }
}
