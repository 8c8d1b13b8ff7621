//! `rettbolig audit key` and `rettbolig audit verify`: what auditors trust, and how they check what they were given.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};

use crate::audit::{
    self, Checkpoint, Finding, Note, RecheckFault, Sound, TreeHead, Verifier, verify_file,
};
use crate::auth::Caller;
use crate::cadastral::MunicipalityNumber;
use crate::config::{self, Secrets};
use crate::db::Db;
use crate::ids::MunicipalityId;
use crate::municipality;

/// The file, key or database could not be read.
const UNREADABLE: u8 = 2;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Print the public key of a municipality's log, to be handed to its auditors
    Key {
        /// The municipality's number
        #[arg(long)]
        municipality: MunicipalityNumber,
    },
    /// Check an export or a proof file offline, or with --db the whole log in the database
    #[command(
        after_help = "Exit status: 0 sound, 1 tampered with, 2 nothing could be checked, 3 incomplete"
    )]
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// An export (GET /audit/export) or a proof file (tlogProof of GET /audit/proofs/inclusion)
    #[arg(required_unless_present = "db", requires = "key")]
    file: Option<PathBuf>,
    /// The public key of the log, as `rettbolig audit key` prints it; with --db that of `RETTBOLIG_LOG_KEY` when not given
    #[arg(long)]
    key: Option<String>,
    /// A checkpoint that was kept from earlier (the note of GET /audit/checkpoint): the log must continue it
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Check the log in the database of `DATABASE_URL`
    #[arg(long, conflicts_with = "file", requires = "municipality")]
    db: bool,
    /// The number of the municipality whose log is checked
    #[arg(long)]
    municipality: Option<MunicipalityNumber>,
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
pub(super) fn audit(command: AuditCommand) -> ExitCode {
    let done = match command {
        AuditCommand::Key { municipality } => own_key(municipality).map(|key| Ok(key.to_string())),
        AuditCommand::Verify(asked) => verify(&asked).map(|found| found.map(|sound| tell(&sound))),
    };
    match done {
        Ok(Ok(told)) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Ok(Err(finding)) => {
            println!("{finding}");
            ExitCode::from(if finding.is_tampered { 1 } else { 3 })
        }
        Err(error) => {
            super::complain(&*error);
            ExitCode::from(UNREADABLE)
        }
    }
}

fn tell(sound: &Sound) -> String {
    let Sound { entries, head } = sound;
    format!(
        "SOUND: {entries} entries, in a log of {} with root {}",
        head.size, head.root
    )
}

fn own_key(municipality: MunicipalityNumber) -> Result<Verifier, Box<dyn Error>> {
    let signer = config::log_key(&config::environment)?.signer(&municipality.to_string())?;
    Ok(signer.verifier().clone())
}

/// What was found; an error when nothing could be checked.
type Outcome = Result<Result<Sound, Finding>, Box<dyn Error>>;

fn verify(asked: &Verify) -> Outcome {
    let given = asked.key.as_deref().map(Verifier::parse).transpose()?;
    match (&asked.file, asked.municipality, given) {
        (Some(file), _, Some(key)) => {
            let kept = kept(asked.checkpoint.as_deref(), &key)?;
            let text = std::fs::read_to_string(file)?;
            Ok(verify_file(&text, &key, kept.as_ref()))
        }
        (None, Some(number), given) => {
            let key = given.map_or_else(|| own_key(number), Ok)?;
            let kept = kept(asked.checkpoint.as_deref(), &key)?;
            verify_database(number, &key, kept)
        }
        _ => Err("what is to be checked? See --help".into()),
    }
}

/// The head in the checkpoint that was kept, if one was.
fn kept(file: Option<&Path>, key: &Verifier) -> Result<Option<TreeHead>, Box<dyn Error>> {
    let Some(file) = file else {
        return Ok(None);
    };
    let note = Note::parse(&std::fs::read_to_string(file)?)?;
    let checkpoint = Checkpoint::open(&note, std::slice::from_ref(key))?;
    Ok(Some(*checkpoint.head()))
}

#[expect(
    clippy::print_stderr,
    reason = "a command line tells its progress there"
)]
fn verify_database(number: MunicipalityNumber, key: &Verifier, kept: Option<TreeHead>) -> Outcome {
    let target = config::target(&config::environment)?;
    // The log holds nothing that is sealed under a person's key, so keys of the moment will do.
    let Secrets {
        keys, index_key, ..
    } = Secrets::ephemeral()?;
    let db = Db::open(&target, 1, config::kit(keys, index_key, false))?;
    let checked = actix_web::rt::System::new().block_on(async {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let find = move |tx: &mut crate::db::Tx<'_>| municipality::find_by_number(tx, number);
        let id = db.read(&nobody, find).await?;
        let Some(id) = id else {
            return Ok(None);
        };
        let tell = |done| eprintln!("{done} entries hold");
        audit::recheck(&db, id, key, kept, tell).await.map(Some)
    });
    db.close();
    match checked {
        Ok(Some(sound)) => Ok(Ok(sound)),
        Ok(None) => Err("no such municipality".into()),
        Err(RecheckFault::Found(finding)) => Ok(Err(finding)),
        Err(RecheckFault::Unread(problem)) => Err(problem
            .cause
            .unwrap_or_else(|| problem.kind.en.to_owned())
            .into()),
    }
}
