//! `rettbolig audit key`, `verify`, `reindex` and `witness`: what auditors trust, and how they check what they were given.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::witness::{WitnessOptions, witness};
use crate::audit::{
    self, Checkpoint, Disclosures, Finding, Note, RecheckFault, Sound, TreeHead, Trusted, Verifier,
    WitnessKey, verify_file,
};
use crate::auth::Caller;
use crate::cadastral::MunicipalityNumber;
use crate::config::{self, Secrets};
use crate::db::{Db, Target, Tx};
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::outward::Guard;
use crate::problem::Problem;

/// The file, key or database could not be read.
const UNREADABLE: u8 = 2;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Print the public keys of a municipality's log, to be handed to its auditors: the newest first
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
    /// Make the index by which a municipality's log is asked anew from its entries, as the owner of the database of `DATABASE_URL`:
    /// when `verify --db` finds it damaged. Questions and seals wait meanwhile
    Reindex {
        /// The municipality's number
        #[arg(long)]
        municipality: MunicipalityNumber,
    },
    /// Cosign the checkpoints of logs, on the machine of whoever audits them (c2sp.org/tlog-witness)
    Witness(WitnessOptions),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// An export (GET /audit/export) or a proof file (tlogProof of GET /audit/proofs/inclusion)
    #[arg(required_unless_present = "db", requires = "key")]
    file: Option<PathBuf>,
    /// A public key of the log, as `rettbolig audit key` prints it; again for each further one, after the key was succeeded by
    /// another. With --db those of `RETTBOLIG_LOG_KEY` when not given
    #[arg(long)]
    key: Vec<String>,
    /// The key of a witness that must have cosigned the checkpoint, as `rettbolig audit witness` prints it; again for each
    #[arg(long, conflicts_with = "db")]
    witness: Vec<String>,
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
        AuditCommand::Key { municipality } => own_keys(municipality).map(|keys| {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            Ok(keys.join("\n"))
        }),
        AuditCommand::Witness(options) => witness(&options).map(|()| Ok("stopped".to_owned())),
        AuditCommand::Reindex { municipality } => reindex(municipality).map(Ok),
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
    let Sound {
        entries,
        head,
        witnessed_at,
        disclosures,
    } = sound;
    let witnessed = witnessed_at.map(|at| format!(", witnessed at {}", at.timestamp()));
    format!(
        "SOUND: {entries} entries, in a log of {} with root {}{}{}",
        head.size,
        head.root,
        witnessed.unwrap_or_default(),
        tell_segments(*disclosures)
    )
}

/// What became of what the entries say of people; silent where they say nothing.
fn tell_segments(disclosures: Disclosures) -> String {
    let Disclosures {
        opened,
        withheld,
        erased,
    } = disclosures;
    if disclosures == Disclosures::default() {
        return String::new();
    }
    format!(
        "; of the texts about people {opened} are shown and hold, {withheld} are withheld, {erased} erased"
    )
}

fn own_keys(municipality: MunicipalityNumber) -> Result<Vec<Verifier>, Box<dyn Error>> {
    Ok(config::log_key(&config::environment)?.verifiers(&municipality.to_string())?)
}

/// What was found; an error when nothing could be checked.
type Outcome = Result<Result<Sound, Finding>, Box<dyn Error>>;

fn verify(asked: &Verify) -> Outcome {
    let given: Vec<_> = asked.key.iter().map(|key| Verifier::parse(key)).collect();
    let given = given.into_iter().collect::<Result<Vec<_>, _>>()?;
    let first = given.first().map(Verifier::name);
    if given.iter().any(|key| Some(key.name()) != first) {
        return Err("the keys are of different logs".into());
    }
    match (&asked.file, asked.municipality) {
        (Some(file), _) => {
            let kept = kept(asked.checkpoint.as_deref(), &given)?;
            let witnesses = asked.witness.iter().map(|key| WitnessKey::parse(key));
            let trusted = Trusted {
                log: given,
                witnesses: witnesses.collect::<Result<_, _>>()?,
            };
            let text = std::fs::read_to_string(file)?;
            Ok(verify_file(&text, &trusted, kept.as_ref()))
        }
        (None, Some(number)) => {
            let keys = if given.is_empty() {
                own_keys(number)?
            } else {
                given
            };
            let kept = kept(asked.checkpoint.as_deref(), &keys)?;
            verify_database(number, &keys, kept)
        }
        _ => Err("what is to be checked? See --help".into()),
    }
}

/// The head in the checkpoint that was kept, if one was.
fn kept(file: Option<&Path>, keys: &[Verifier]) -> Result<Option<TreeHead>, Box<dyn Error>> {
    let Some(file) = file else {
        return Ok(None);
    };
    let note = Note::parse(&std::fs::read_to_string(file)?)?;
    let checkpoint = Checkpoint::open(&note, keys)?;
    Ok(Some(*checkpoint.head()))
}

#[expect(
    clippy::print_stderr,
    reason = "a command line tells its progress there"
)]
fn verify_database(
    number: MunicipalityNumber,
    trusted: &[Verifier],
    kept: Option<TreeHead>,
) -> Outcome {
    let db = open(&config::target(&config::environment)?)?;
    let checked = actix_web::rt::System::new().block_on(async {
        let Some(id) = find(&db, number).await? else {
            return Ok(None);
        };
        let tell = |done| eprintln!("{done} entries hold");
        audit::recheck(&db, id, trusted, kept, tell).await.map(Some)
    });
    db.close();
    match checked {
        Ok(Some(sound)) => Ok(Ok(sound)),
        Ok(None) => Err(UNKNOWN.into()),
        Err(RecheckFault::Found(finding)) => Ok(Err(finding)),
        Err(RecheckFault::Unread(problem)) => Err(told(problem)),
    }
}

const UNKNOWN: &str = "no such municipality";

fn told(problem: Problem) -> Box<dyn Error> {
    let cause = problem.cause;
    cause.unwrap_or_else(|| problem.kind.en.to_owned()).into()
}

/// Opens the database. The log holds nothing that is sealed under a person's key, so keys of the moment will do.
fn open(target: &Target) -> Result<Db, Box<dyn Error>> {
    let Secrets {
        keys, index_key, ..
    } = Secrets::ephemeral()?;
    let kit = config::kit(keys, index_key, Guard::default(), false);
    // The check reads some parts of the log ahead, and beside them the index by which entries are found.
    Ok(Db::open(target, 4, kit)?)
}

async fn find(db: &Db, number: MunicipalityNumber) -> Result<Option<MunicipalityId>, Problem> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let find = move |tx: &mut Tx<'_>| municipality::find_by_number(tx, number);
    db.read(&nobody, find).await
}

fn reindex(number: MunicipalityNumber) -> Result<String, Box<dyn Error>> {
    let target = config::target(&config::environment)?;
    let db = open(&target)?;
    let found = actix_web::rt::System::new().block_on(find(&db, number));
    db.close();
    let id = found.map_err(told)?.ok_or(UNKNOWN)?;
    let entries = audit::reindex(&target, id)?;
    Ok(format!("the index of {entries} entries is made anew"))
}
