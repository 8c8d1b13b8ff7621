//! Asks a witness to cosign the log's checkpoints (c2sp.org/tlog-witness), and keeps what it signs beside them.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::courier::{Outlet, OutletFault, worst};
use crate::audit::add_checkpoint::{AddCheckpoint, SIZE_TYPE};
use crate::audit::canonical::parse_decimal;
use crate::audit::cosignature::WitnessKey;
use crate::audit::cosigned::{self, Cosignature};
use crate::audit::merkle::ProofPlan;
use crate::audit::note::Note;
use crate::audit::proofs::assembled;
use crate::audit::tree;
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::problem::Problem;

/// How long a witness may take for everything: name, connection, answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read: a few signature lines.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;
/// An idle log is shown again this often, so that the cosignature tells that it is alive.
const HEARTBEAT: SignedDuration = SignedDuration::from_hours(24);
/// The auditor of one municipality may not care for another's log. It is asked again whether it does after this long.
const UNKNOWN_FOR: Duration = Duration::from_hours(1);
/// Tries in a row: the first, one from the size that the witness tells, and one more should the log have grown meanwhile.
const TRIES: u32 = 3;

/// Where a witness is, and which key it has.
#[derive(Debug, Clone)]
pub struct WitnessAddress {
    url: String,
    key: WitnessKey,
}

impl FromStr for WitnessAddress {
    type Err = String;

    /// Reads `URL KEY`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || "a witness is given as its address, a space and its key".to_owned();
        let (url, key) = text.trim().split_once(' ').ok_or_else(wanted)?;
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err("the address of a witness begins with https:// or http://".to_owned());
        }
        let key = WitnessKey::parse(key.trim()).map_err(|fault| fault.to_string())?;
        Ok(Self {
            url: format!("{}/add-checkpoint", url.trim_end_matches('/')),
            key,
        })
    }
}

/// Keeps a witness up with every municipality's log.
pub struct WitnessClient {
    db: Db,
    witness: WitnessAddress,
    agent: Agent,
    /// Logs that the witness does not watch, and since when that is known.
    unknown: BTreeMap<MunicipalityId, Instant>,
}

impl std::fmt::Debug for WitnessClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WitnessClient({})", self.witness.url)
    }
}

/// What a witness answered.
enum Told {
    /// Something that may hold signature lines.
    Lines(String),
    /// It is at another size, or at another tree of this size.
    At(u64),
    /// It does not watch this log.
    UnknownLog,
    /// The log does not continue what it cosigned.
    Broken,
    /// Something else.
    Nonsense(String),
}

impl WitnessClient {
    /// Shows the logs of this database to a witness.
    #[must_use]
    pub fn new(db: Db, witness: WitnessAddress) -> Self {
        // Whom the machine trusts, so that the witness of a municipality may have a certificate of its own authority.
        let tls = TlsConfig::builder()
            .provider(TlsProvider::NativeTls)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("rettbolig/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self {
            db,
            witness,
            agent,
            unknown: BTreeMap::new(),
        }
    }

    /// Has the last checkpoint of one log cosigned, when there is reason to.
    async fn show(&mut self, id: MunicipalityId, number: &str) -> Result<(), OutletFault> {
        if self
            .unknown
            .get(&id)
            .is_some_and(|since| since.elapsed() < UNKNOWN_FOR)
        {
            return Ok(());
        }
        let caller = Arc::new(Caller::system(id));
        let mut begin = None;
        for _ in 0..TRIES {
            let witness = self.witness.key.clone();
            let gather = move |tx: &mut Tx<'_>| gather(tx, &witness, begin);
            let (request, size) = match self.db.read(&caller, gather).await? {
                Due::Nothing => {
                    self.measure(number, 0);
                    return Ok(());
                }
                Due::SetBack(old, size) => {
                    return Err(OutletFault::Outside(format!(
                        "the witness {} has cosigned a log of {old} entries, and here are {size}: the database was set back, or another log signs with this key",
                        self.witness.key.name()
                    )));
                }
                Due::Ask(request, size) => (*request, size),
            };
            self.measure(number, size.saturating_sub(request.old));
            match self.ask(&request).await? {
                Told::Lines(lines) => {
                    let cosignature = self.find_own(request.note, size, &lines)?;
                    self.db.keep_cosignature(id, cosignature).await?;
                    self.measure(number, 0);
                    return Ok(());
                }
                Told::At(told) if told == request.old => {
                    return Err(OutletFault::Outside(format!(
                        "the witness {} has cosigned another log of {told} entries: the log was forked",
                        self.witness.key.name()
                    )));
                }
                Told::At(told) => begin = Some(told),
                Told::UnknownLog => {
                    let witness = self.witness.key.name();
                    tracing::warn!(witness, number, "the witness does not watch this log");
                    self.unknown.insert(id, Instant::now());
                    return Ok(());
                }
                Told::Broken => {
                    return Err(OutletFault::Outside(format!(
                        "the log does not continue what the witness {} has cosigned: it was forked",
                        self.witness.key.name()
                    )));
                }
                Told::Nonsense(why) => return Err(OutletFault::Outside(why)),
            }
        }
        Err(OutletFault::Outside(format!(
            "the witness {} does not stay at one size",
            self.witness.key.name()
        )))
    }

    fn measure(&self, number: &str, behind: u64) {
        let gauge = metrics::gauge!("audit_outlet_behind", "outlet" => self.name(), "log" => number.to_owned());
        gauge.set(f64::from(u32::try_from(behind).unwrap_or(u32::MAX)));
    }

    /// The cosignature of this witness among the lines that it answered. What others signed is nothing to us.
    fn find_own(&self, mut note: Note, size: u64, lines: &str) -> Result<Cosignature, OutletFault> {
        let name = self.witness.key.name();
        let added = note.add(lines).ok();
        let found = added.and_then(|()| Cosignature::find(&note, size, &self.witness.key));
        found.ok_or_else(|| {
            OutletFault::Outside(format!(
                "the witness {name} answered no cosignature of its key"
            ))
        })
    }

    async fn ask(&self, request: &AddCheckpoint) -> Result<Told, OutletFault> {
        let (agent, url) = (self.agent.clone(), self.witness.url.clone());
        let body = request.to_string();
        let asked = tokio::task::spawn_blocking(move || post(&agent, &url, &body)).await;
        let told = asked.map_err(|_| Problem::internal("panic in an outlet"))?;
        told.map_err(|error| {
            let name = self.witness.key.name();
            OutletFault::Outside(format!("the witness {name} cannot be reached: {error}"))
        })
    }
}

impl Outlet for WitnessClient {
    fn name(&self) -> String {
        format!("witness {}", self.witness.key.name())
    }

    async fn deliver(&mut self) -> Result<(), OutletFault> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let mut outcome = Ok(());
        for (id, number) in self.db.read(&nobody, municipality::all).await? {
            // One log's trouble is not the others'.
            outcome = worst(outcome, self.show(id, &number).await);
        }
        outcome
    }
}

fn post(agent: &Agent, url: &str, body: &str) -> Result<Told, ureq::Error> {
    let mut answer = agent
        .post(url)
        .header("Content-Type", "text/plain; charset=utf-8")
        .send(body)?;
    let status = answer.status().as_u16();
    let is_size = answer
        .headers()
        .get("content-type")
        .is_some_and(|it| it.as_bytes() == SIZE_TYPE.as_bytes());
    let text = answer
        .body_mut()
        .with_config()
        .limit(ANSWER_BYTES_MAX)
        .read_to_string()?;
    Ok(match (status, text.strip_suffix('\n').map(parse_decimal)) {
        (200, _) => Told::Lines(text),
        (409, Some(Ok(size))) if is_size => Told::At(size),
        (404, _) => Told::UnknownLog,
        (422, _) => Told::Broken,
        _ => Told::Nonsense(format!("the witness answered with status {status}")),
    })
}

/// What there is to ask of a witness.
enum Due {
    /// Nothing: it has seen the log as it is, and not long ago.
    Nothing,
    /// To cosign the checkpoint of this size.
    Ask(Box<AddCheckpoint>, u64),
    /// It has seen a larger log than this one is.
    SetBack(u64, u64),
}

/// The last checkpoint with the proof that it continues what the witness saw. `told` is
/// the size that the witness has by its own word.
fn gather(tx: &mut Tx<'_>, witness: &WitnessKey, told: Option<u64>) -> Result<Due, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let Some(sealed) = tree::find_latest(tx.conn(), municipality)? else {
        return Ok(Due::Nothing);
    };
    let size = sealed.head.size;
    let last = cosigned::find_last_of(tx.conn(), municipality, witness)?;
    if told.is_none() && last.is_some_and(|(at, kept)| at == size && now < kept.plus(HEARTBEAT)) {
        return Ok(Due::Nothing);
    }
    let old = told.unwrap_or_else(|| last.map_or(0, |(at, _)| at));
    if old > size {
        return Ok(Due::SetBack(old, size));
    }
    let plan = ProofPlan::consistency(old, size).map_err(kept_badly)?;
    let nodes = tree::nodes(tx.conn(), municipality, plan.nodes())?;
    let request = AddCheckpoint {
        old,
        proof: assembled(&plan, &nodes)?,
        note: Note::parse(&sealed.note).map_err(kept_badly)?,
    };
    Ok(Due::Ask(Box::new(request), size))
}

fn kept_badly(fault: impl std::fmt::Display) -> Problem {
    Problem::internal(fault.to_string())
}
