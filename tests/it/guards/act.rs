//! An act, and what it begins from.

use std::pin::Pin;

use rettbolig::auth::Role;
use rettbolig::http::Endpoint;
use rettbolig::server;

use super::scene::{Scene, Target};

type Given = for<'s> fn(&'s Scene) -> Pin<Box<dyn Future<Output = Target> + 's>>;

/// An act that somebody with this role can do.
pub(crate) struct Act {
    /// Method and path, as in the table of endpoints.
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    /// Brings something to where the act begins.
    pub(crate) given: Given,
}

impl Act {
    /// The operation of this name, if there still is one.
    pub(crate) fn find_endpoint(&self) -> Option<Endpoint> {
        let mut endpoints = server::endpoints().into_iter();
        endpoints.find(|endpoint| format!("{endpoint:?}") == self.name)
    }
}
