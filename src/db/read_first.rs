//! Writes for which much must be read and reckoned first: that is done in a transaction of its own, so that the one that writes is short.

use std::sync::Arc;

use super::{Db, Tx};
use crate::auth::Caller;
use crate::problem::Problem;

/// How often it is read anew, because somebody else wrote meanwhile.
const READINGS: u32 = 3;

impl Db {
    /// Reads, and then writes what came of it.
    ///
    /// Others write meanwhile, so whoever writes must refuse what no longer holds (a version that is not the one that was read, a
    /// constraint). It is then read anew: what is in the way is known by then, and the reading can say what it is.
    pub async fn read_then_write<R: Send + 'static, T: Send + 'static>(
        &self,
        caller: &Arc<Caller>,
        read: impl Fn(&mut Tx<'_>) -> Result<R, Problem> + Send + Sync + 'static,
        write: impl Fn(&mut Tx<'_>, &R) -> Result<T, Problem> + Send + Sync + 'static,
    ) -> Result<T, Problem> {
        self.takes_changes()?;
        let (read, write) = (Arc::new(read), Arc::new(write));
        let mut readings = 1;
        loop {
            let (read, write) = (Arc::clone(&read), Arc::clone(&write));
            let found = self.read(caller, move |tx| read(tx)).await?;
            match self.write(caller, move |tx| write(tx, &found)).await {
                Err(problem) if !problem.is_fault() && readings < READINGS => readings += 1,
                outcome => return outcome,
            }
        }
    }
}
