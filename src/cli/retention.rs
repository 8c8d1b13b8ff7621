//! `rettbolig retention propose` and `clean-up`: what is due to be erased, and what the disk still holds of what was.

use std::error::Error;
use std::sync::Arc;

use clap::Subcommand;

use crate::auth::Caller;
use crate::cadastral::MunicipalityNumber;
use crate::config::{self, Secrets};
use crate::db::{Db, Tx};
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::outward::Guard;
use crate::problem::Problem;
use crate::retention;

#[derive(Debug, Subcommand)]
pub(super) enum RetentionCommand {
    /// Ask for the erasure of everybody whose every period of retention is over; two employees must approve each
    Propose {
        /// The municipality's number
        #[arg(long)]
        municipality: MunicipalityNumber,
    },
    /// Have the database forget on the disk what was erased; to be run after erasures, while little else is going on
    CleanUp,
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
pub(super) fn retention(command: RetentionCommand) -> Result<(), Box<dyn Error>> {
    let target = config::target(&config::environment)?;
    let number = match command {
        RetentionCommand::CleanUp => {
            println!("{}", retention::clean_up(&target)?);
            return Ok(());
        }
        RetentionCommand::Propose { municipality } => municipality,
    };
    // What is proposed opens nothing that is sealed, so keys of the moment will do.
    let Secrets {
        keys, index_key, ..
    } = Secrets::ephemeral()?;
    let db = Db::open(
        &target,
        1,
        config::kit(keys, index_key, Guard::default(), false),
    )?;
    let proposed = actix_web::rt::System::new().block_on(async {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let find = move |tx: &mut Tx<'_>| municipality::find_by_number(tx, number);
        let Some(id) = db.read(&nobody, find).await? else {
            return Ok(None);
        };
        retention::propose_all(&db, id).await.map(Some)
    });
    db.close();
    let told = |problem: Problem| problem.cause.unwrap_or_else(|| problem.kind.en.to_owned());
    match proposed.map_err(told)? {
        Some(count) => println!("{count} erasures proposed"),
        None => return Err("no such municipality".into()),
    }
    Ok(())
}
