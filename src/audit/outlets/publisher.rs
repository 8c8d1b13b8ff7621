//! Publishes checkpoints to the folder outside the database, and holds the database to what was published there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::courier::{Outlet, OutletFault, outside, worst};
use super::folder::CheckpointFolder;
use crate::audit::finding::Finding;
use crate::audit::merkle::Edge;
use crate::audit::note_key::Verifier;
use crate::audit::proof::TreeHead;
use crate::audit::{LogKey, tree};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::problem::Problem;

/// Checkpoints that are read and written in one go.
const BATCH: i64 = 200;

/// Keeps the folder up with every municipality's log.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Publisher {
    db: Db,
    key: LogKey,
    folder: CheckpointFolder,
    /// What is known to be in the folder, up to there.
    published: BTreeMap<MunicipalityId, TreeHead>,
}

impl Publisher {
    /// Publishes the logs of this database that were signed with these keys.
    #[must_use]
    pub const fn new(db: Db, key: LogKey, folder: CheckpointFolder) -> Self {
        Self {
            db,
            key,
            folder,
            published: BTreeMap::new(),
        }
    }

    /// Checks that every log continues what was published of it. Where one does not, the database was set back or is
    /// another's: it may only be read from now on. A folder that cannot be read is told, and does not keep the service from starting.
    pub async fn check_before_serving(&mut self) -> Result<(), Problem> {
        let folder = self.folder.clone();
        if let Err(OutletFault::Outside(why)) = outside(move || folder.is_there()).await {
            // Told once, also where there is no log yet.
            tracing::error!(why, "the folder of checkpoints cannot be read");
            return Ok(());
        }
        for (id, number) in self.logs().await? {
            match self.last_published(id, &number).await {
                Ok(_) => {}
                Err(OutletFault::Inside(problem)) => return Err(problem),
                Err(OutletFault::Outside(why)) => {
                    tracing::error!(number, why, "the folder of checkpoints cannot be read");
                }
                Err(OutletFault::Unsound(finding)) => {
                    tracing::error!(number, %finding, "the log does not continue what was published: changes are refused");
                    self.db.become_read_only();
                }
            }
        }
        Ok(())
    }

    async fn logs(&self) -> Result<Vec<(MunicipalityId, String)>, Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        self.db.read(&nobody, municipality::all).await
    }

    fn trusted(&self, number: &str) -> Result<Vec<Verifier>, Problem> {
        let trusted = self.key.verifiers(number);
        trusted.map_err(|fault| Problem::internal(fault.to_string()))
    }

    /// The head up to which the folder is known to agree with the log.
    async fn last_published(
        &mut self,
        id: MunicipalityId,
        number: &str,
    ) -> Result<Option<TreeHead>, OutletFault> {
        let last = if let Some(known) = self.published.get(&id) {
            Some(*known)
        } else {
            let (folder, log) = (self.folder.clone(), number.to_owned());
            let trusted = self.trusted(number)?;
            outside(move || folder.find_last(&log, &trusted)).await?
        };
        let Some(last) = last else {
            return Ok(None);
        };
        let caller = Arc::new(Caller::system(id));
        let check = move |tx: &mut Tx<'_>| leads_to(tx, &last);
        self.db.read(&caller, check).await??;
        self.published.insert(id, last);
        Ok(Some(last))
    }

    /// Publishes what is new of one log.
    async fn publish(&mut self, id: MunicipalityId, number: &str) -> Result<(), OutletFault> {
        let mut last = self.last_published(id, number).await?;
        let caller = Arc::new(Caller::system(id));
        loop {
            let after = last.map_or(0, |last| last.size);
            let next = move |tx: &mut Tx<'_>| {
                let municipality = tx.municipality();
                tree::checkpoints_after(tx.conn(), municipality, after, BATCH)
            };
            let sealed = self.db.read(&caller, next).await?;
            let Some(newest) = sealed.last().map(|sealed| sealed.head) else {
                break;
            };
            let batch: Vec<_> = sealed.into_iter().map(|it| (it.head, it.note)).collect();
            let (folder, log) = (self.folder.clone(), number.to_owned());
            let trusted = self.trusted(number)?;
            let behind = newest.size.saturating_sub(after);
            let gauge = metrics::gauge!("audit_outlet_behind", "outlet" => self.name(), "log" => number.to_owned());
            gauge.set(f64::from(u32::try_from(behind).unwrap_or(u32::MAX)));
            outside(move || folder.publish(&log, &batch, &trusted)).await?;
            gauge.set(0.0);
            self.published.insert(id, newest);
            last = Some(newest);
        }
        Ok(())
    }
}

impl Outlet for Publisher {
    fn name(&self) -> String {
        "checkpoint-folder".to_owned()
    }

    async fn deliver(&mut self) -> Result<(), OutletFault> {
        let mut outcome = Ok(());
        for (id, number) in self.logs().await? {
            // One log's trouble is not the others'.
            outcome = worst(outcome, self.publish(id, &number).await);
        }
        outcome
    }
}

/// Whether the log is one that continues this head.
fn leads_to(tx: &mut Tx<'_>, published: &TreeHead) -> Result<Result<(), Finding>, Problem> {
    let municipality = tx.municipality();
    let sealed = tree::find_latest(tx.conn(), municipality)?;
    let size = sealed.map_or(0, |sealed| sealed.head.size);
    if size < published.size {
        let why = format!(
            "the log has {size} entries here, and had {} in a checkpoint that was published",
            published.size
        );
        return Ok(Err(Finding::tampered(Some(size), why)));
    }
    let nodes = tree::nodes(tx.conn(), municipality, Edge::nodes(published.size))?;
    let edge = match Edge::load(published.size, &nodes) {
        Ok(edge) => edge,
        Err(missing) => return Ok(Err(Finding::missing(missing))),
    };
    if edge.head() == *published {
        return Ok(Ok(()));
    }
    let why = "the entries up to here are not those of a checkpoint that was published";
    let last = published.size.checked_sub(1);
    Ok(Err(Finding::tampered(last, why)))
}
