//! `rettbolig keys rotate`: moves everything to the keys that are first in the settings, beside a running service.

use std::error::Error;
use std::sync::Arc;

use clap::Subcommand;

use crate::audit::Entry;
use crate::auth::{self, Caller};
use crate::config::{self, INDEX_KEY, KEY_ENCRYPTION_KEY, PEPPER, Secrets};
use crate::db::{Db, KeysInUse, Tx};
use crate::ids::{MunicipalityId, PersonId, ReferralId};
use crate::outward::Guard;
use crate::problem::Problem;
use crate::{municipality, nav, people, webhooks};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Wrap everything with the key-encryption key that is first in the setting, beside a running service that has it first too.
    /// May be interrupted and run again. Tells which keys nothing needs any more
    Rotate {
        /// Keys wrapped in one transaction
        #[arg(long, default_value_t = 500)]
        batch: i64,
    },
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
pub(super) fn keys(command: &KeysCommand) -> Result<(), Box<dyn Error>> {
    let KeysCommand::Rotate { batch } = *command;
    let target = config::target(&config::environment)?;
    let secrets = Secrets::read(&config::environment)?;
    crate::db::migrate(&target)?;
    let checks = secrets.checks();
    let peppers = secrets.pepper.checks();
    let index = secrets.index_key.checks();
    let active = secrets.keys.active_id();
    let kit = config::kit(secrets.keys, secrets.index_key, Guard::default(), false);
    let db = Db::open(&target, 1, kit)?;
    let rotating = async {
        super::must_fit(&db, checks).await?;
        let rewrapped = rewrap_all(&db, batch).await?;
        println!("{rewrapped} keys wrapped with `{active}`");
        let people = reindex_all(&db, batch).await?;
        println!("{people} people findable by the keys of {INDEX_KEY}, the first of them first");
        let others = reindex_others(&db, batch).await?;
        println!(
            "{others} employees, declared relations and referrals known by the first key of {INDEX_KEY}"
        );
        // Whatever comes after the first may go, or take its place.
        let ids = index.into_iter().take(1).map(|(id, _)| id).collect();
        let books = KeysInUse {
            setting: INDEX_KEY,
            ids,
        };
        db.keep_books(MunicipalityId::NIL, books)
            .await
            .map_err(told)?;
        tell_unused(&db, KEY_ENCRYPTION_KEY, vec![active]).await?;
        let mut in_use = auth::peppers_in_use(&db).await.map_err(told)?;
        in_use.extend(peppers.first().map(|(id, _)| id.clone()));
        tell_unused(&db, PEPPER, in_use).await
    };
    let done = actix_web::rt::System::new().block_on(rotating);
    db.close();
    done
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
async fn tell_unused(
    db: &Db,
    setting: &'static str,
    ids: Vec<String>,
) -> Result<(), Box<dyn Error>> {
    let books = KeysInUse { setting, ids };
    let unused = db.keep_books(MunicipalityId::NIL, books).await;
    for id in unused.map_err(told)? {
        println!("{setting}: nothing needs `{id}` any more; it may be withdrawn");
    }
    Ok(())
}

async fn rewrap_all(db: &Db, batch: i64) -> Result<usize, Box<dyn Error>> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let towns = db.read(&nobody, municipality::all).await.map_err(told)?;
    let mut all = 0;
    for (town, _) in towns {
        let caller = Arc::new(Caller::system(town));
        loop {
            let rewrap = move |tx: &mut Tx<'_>| {
                let count = people::rewrap_keys(tx, batch)?
                    + auth::rewrap_secrets(tx, batch)?
                    + auth::rewrap_identities(tx, batch)?
                    + nav::rewrap_referrals(tx, batch)?
                    + webhooks::rewrap_secrets(tx, batch)?;
                if count == 0 {
                    tx.change_nothing();
                } else {
                    tx.record(Entry::change("keys.rewrapped").fact("count", count));
                }
                Ok(count)
            };
            match db.write(&caller, rewrap).await.map_err(told)? {
                0 => break,
                count => all += count,
            }
        }
    }
    Ok(all)
}

async fn reindex_all(db: &Db, batch: i64) -> Result<usize, Box<dyn Error>> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let towns = db.read(&nobody, municipality::all).await.map_err(told)?;
    let mut all = 0;
    for (town, _) in towns {
        let caller = Arc::new(Caller::system(town));
        let mut after = PersonId::NIL;
        loop {
            let reindex = move |tx: &mut Tx<'_>| {
                let done = people::reindex(tx, after, batch)?;
                match done {
                    Some((_, count)) => {
                        tx.record(Entry::change("keys.reindexed").fact("count", count));
                    }
                    None => tx.change_nothing(),
                }
                Ok(done)
            };
            let Some((last, count)) = db.write(&caller, reindex).await.map_err(told)? else {
                break;
            };
            (after, all) = (last, all + count);
        }
    }
    Ok(all)
}

/// Employees and those to whom they are too close, a municipality at once; then what NAV referred.
async fn reindex_others(db: &Db, batch: i64) -> Result<usize, Box<dyn Error>> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let towns = db.read(&nobody, municipality::all).await.map_err(told)?;
    let mut all = 0;
    for (town, _) in towns {
        let caller = Arc::new(Caller::system(town));
        let identities = |tx: &mut Tx<'_>| noted(tx, auth::reindex_identities);
        all += db.write(&caller, identities).await.map_err(told)?;
        let mut after = ReferralId::NIL;
        loop {
            let reindex = move |tx: &mut Tx<'_>| {
                let mut last = None;
                noted(tx, |tx| {
                    let done = nav::reindex_referrals(tx, after, batch)?;
                    last = done.map(|(last, _)| last);
                    Ok(done.map_or(0, |(_, count)| count))
                })
                .map(|count| (last, count))
            };
            let (last, count) = db.write(&caller, reindex).await.map_err(told)?;
            let Some(last) = last else { break };
            (after, all) = (last, all + count);
        }
    }
    Ok(all)
}

/// Writes down how many digests were reckoned anew, if any.
fn noted(
    tx: &mut Tx<'_>,
    reindex: impl FnOnce(&mut Tx<'_>) -> Result<usize, Problem>,
) -> Result<usize, Problem> {
    let count = reindex(tx)?;
    if count == 0 {
        tx.change_nothing();
    } else {
        tx.record(Entry::change("keys.reindexed").fact("count", count));
    }
    Ok(count)
}

fn told(problem: Problem) -> String {
    problem.cause.unwrap_or_else(|| problem.kind.en.to_owned())
}
