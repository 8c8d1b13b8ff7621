//! Brings what was sent to the archive, as records of its case.

use std::pin::Pin;
use std::sync::Arc;

use super::acts;
use super::model::FiledDocument;
use super::way_store;
use super::writing::{self, entry_of};
use crate::audit::Entry;
use crate::auth::Caller;
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::ids::{ApplicationId, Id, LetterId};
use crate::outbox::{Deliverer, Delivering, Message, Topic, Undelivered};
use crate::problem::{ERASED, Problem};
use crate::registers::{Archive, JournalEntry, RegisterFault};
use crate::tasks::{self, TaskKind};

/// What anybody may read of a letter in the archive's public journal: nothing of what was decided, and of nobody.
const PUBLIC_TITLE: &str = "Brev i sak om bolig";

/// Files letters.
#[derive(Debug)]
pub struct Filing(Archive);

impl Filing {
    /// In this archive.
    #[must_use]
    pub const fn new(archive: Archive) -> Self {
        Self(archive)
    }

    async fn file(&self, db: &Db, message: &Message) -> Result<(), Undelivered> {
        let letter: LetterId = message.reference();
        let correlation = Correlation::find_harmless(&message.correlation_id).unwrap_or_default();
        let caller = Arc::new(Caller {
            correlation: correlation.clone(),
            ..Caller::system(message.municipality_id)
        });
        let read = db.read(&caller, move |tx| record(tx, letter)).await;
        let entry = match read {
            // Of somebody who was erased meanwhile nothing is left to be filed.
            Err(problem) if problem.kind == &ERASED => return Ok(()),
            read => read?,
        };
        // The archive knows by its id what it has got before.
        self.0.send(&entry, &correlation).await.map_err(unfiled)?;
        let filed = db.write(&caller, move |tx| {
            let letter = acts::load(tx, letter)?;
            let filed = (FiledDocument::Letter, letter.id);
            way_store::keep_filing(tx, letter.application_id, filed)?;
            tx.record(entry_of("letter.filed", &letter));
            Ok(())
        });
        Ok(filed.await?)
    }
}

fn record(tx: &mut Tx<'_>, id: LetterId) -> Result<JournalEntry, Problem> {
    let letter = acts::load(tx, id)?;
    let set = writing::open(tx, &letter)?;
    Ok(JournalEntry {
        client_message_id: id.to_string(),
        case_reference: letter.application_id.to_string(),
        public_title: PUBLIC_TITLE.to_owned(),
        kind: 'U',
        document: (format!("{id}.pdf"), set.pdf()?),
    })
}

/// What it means that the archive did not take something.
#[must_use]
pub fn unfiled(fault: RegisterFault) -> Undelivered {
    match fault {
        RegisterFault::Status(400 | 413 | 422) => Undelivered::never("archive_refused"),
        _ => Undelivered::down("archive_down"),
    }
}

/// A letter that the archive will not take is filed by hand.
pub(super) fn ask_to_file(tx: &mut Tx<'_>, id: LetterId) -> Result<(), Problem> {
    let letter = acts::load(tx, id)?;
    let due_on = tasks::terms(tx)?.file_letter.after(tx.today());
    let task = acts::task_of(tx, TaskKind::FileLetter, letter.application_id, due_on)?;
    tasks::open(tx, task)?;
    tx.record(entry_of("letter.not_filed", &letter));
    Ok(())
}

/// The archive has got what came in for a case.
pub fn was_filed<K>(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    (document, id): (FiledDocument, Id<K>),
) -> Result<(), Problem> {
    way_store::keep_filing(tx, case, (document, id))?;
    tx.record(entry_of_incoming("incoming.filed", case, document));
    Ok(())
}

/// What came in and the archive will not take is filed by hand.
pub fn ask_to_file_incoming(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    document: FiledDocument,
) -> Result<(), Problem> {
    let due_on = tasks::terms(tx)?.file_letter.after(tx.today());
    let task = acts::task_of(tx, TaskKind::FileIncoming, case, due_on)?;
    tasks::open(tx, task)?;
    tx.record(entry_of_incoming("incoming.not_filed", case, document));
    Ok(())
}

pub(super) fn entry_of_incoming(
    action: &'static str,
    case: ApplicationId,
    document: FiledDocument,
) -> Entry {
    let entry = Entry::change(action).of_case(case);
    entry.fact("document", document.code())
}

impl Deliverer for Filing {
    fn topic(&self) -> Topic {
        Topic::Archive
    }

    fn deliver<'d>(&'d self, db: &'d Db, message: &'d Message) -> Delivering<'d> {
        Box::pin(self.file(db, message))
    }

    fn gave_up<'d>(
        &'d self,
        db: &'d Db,
        message: &'d Message,
    ) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + 'd>> {
        let letter: LetterId = message.reference();
        let caller = Arc::new(Caller::system(message.municipality_id));
        Box::pin(async move {
            let asked = db.write(&caller, move |tx| ask_to_file(tx, letter));
            asked.await
        })
    }
}
