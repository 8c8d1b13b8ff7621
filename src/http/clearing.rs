//! Clears kept answers whose time is over, every hour, in every municipality.

use std::sync::Arc;
use std::time::Duration;

use super::idempotency::clear;
use crate::auth::Caller;
use crate::db::Db;
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::problem::Problem;

/// How often what is over is cleared.
const PAUSE: Duration = Duration::from_hours(1);

/// Clears at once, and then every hour for as long as the service runs.
pub(crate) async fn keep_clear(db: Db) {
    loop {
        if let Err(problem) = clear_all(&db).await {
            let code = problem.kind.code;
            tracing::error!(code, cause = problem.cause, "old answers were not cleared");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Clears what is over now in every municipality, and tells how many answers that were.
pub async fn clear_all(db: &Db) -> Result<usize, Problem> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let mut cleared = 0;
    for (id, _) in db.read(&nobody, municipality::all).await? {
        cleared += db.write(&Arc::new(Caller::system(id)), clear).await?;
    }
    Ok(cleared)
}
