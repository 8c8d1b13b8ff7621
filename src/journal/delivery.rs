//! Brings what came in from the outbox to the archive.

use std::pin::Pin;
use std::sync::Arc;

use super::acts::{self, Incoming};
use crate::auth::Caller;
use crate::correlation::Correlation;
use crate::db::Db;
use crate::ids::{ApplicationId, Id};
use crate::letters::{ask_to_file_incoming, unfiled, was_filed};
use crate::outbox::{Deliverer, Delivering, Message, Topic, Undelivered};
use crate::problem::{ERASED, Problem};
use crate::registers::Archive;

/// Files what came in.
#[derive(Debug)]
pub struct Journal(Option<Archive>);

impl Journal {
    /// In this archive. Where none is connected nothing is filed, and nothing waits for one.
    #[must_use]
    pub const fn new(archive: Option<Archive>) -> Self {
        Self(archive)
    }

    async fn file(&self, db: &Db, message: &Message) -> Result<(), Undelivered> {
        let Some(archive) = &self.0 else {
            return Ok(());
        };
        let (case, incoming) = read(message);
        let correlation = Correlation::find_harmless(&message.correlation_id).unwrap_or_default();
        let caller = Arc::new(Caller {
            correlation: correlation.clone(),
            ..Caller::system(message.municipality_id)
        });
        let record = db.read(&caller, move |tx| acts::record(tx, case, incoming));
        let entry = match record.await {
            // Of somebody who was erased meanwhile nothing is left to be filed.
            Err(problem) if problem.kind == &ERASED => return Ok(()),
            record => record?,
        };
        let Some(entry) = entry else {
            return Ok(());
        };
        // The archive knows by its id what it has got before.
        archive.send(&entry, &correlation).await.map_err(unfiled)?;
        let filed = db.write(&caller, move |tx| was_filed(tx, case, incoming.filed()));
        Ok(filed.await?)
    }
}

/// What a message is about: the case itself is its application, anything else is an appeal in it.
fn read(message: &Message) -> (ApplicationId, Incoming) {
    let case: ApplicationId = Id::from_uuid(message.stream_id.uuid());
    let incoming = if message.reference::<()>().uuid() == case.uuid() {
        Incoming::Application(case)
    } else {
        Incoming::Appeal(message.reference())
    };
    (case, incoming)
}

impl Deliverer for Journal {
    fn topic(&self) -> Topic {
        Topic::Incoming
    }

    fn deliver<'d>(&'d self, db: &'d Db, message: &'d Message) -> Delivering<'d> {
        Box::pin(self.file(db, message))
    }

    fn gave_up<'d>(
        &'d self,
        db: &'d Db,
        message: &'d Message,
    ) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + 'd>> {
        let (case, incoming) = read(message);
        let caller = Arc::new(Caller::system(message.municipality_id));
        Box::pin(async move {
            let (document, _) = incoming.filed();
            let asked = db.write(&caller, move |tx| ask_to_file_incoming(tx, case, document));
            asked.await
        })
    }
}
