//! The ways by which letters leave: a port, and the folder that stands there by default.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;

use super::model::{Channel, LetterKind};
use crate::correlation::Correlation;
use crate::ids::{ApplicationId, LetterId, MunicipalityId};
use crate::outbox::Undelivered;
use crate::parties::PartyRole;

/// A letter as a channel takes it over. Personal data.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parcel {
    /// The letter: by it the channel knows what it has got already.
    pub letter_id: LetterId,
    /// Who sends.
    pub municipality_id: MunicipalityId,
    /// The case.
    pub application_id: ApplicationId,
    /// What it is.
    pub kind: LetterKind,
    /// By which way it shall go.
    pub channel: Channel,
    /// The heading.
    pub title: String,
    /// In which form of Norwegian (BCP 47).
    pub language: &'static str,
    /// Name and address; of a protected recipient the name only, for the address is the population register's to tell.
    pub recipient: Vec<String>,
    /// What the recipient is in the case.
    pub recipient_role: PartyRole,
    /// SHA-256 of the PDF.
    pub pdf_sha256: String,
    /// The recipient's national id, where the channel finds people by it.
    #[serde(skip)]
    pub national_id: Option<SecretString>,
    /// The request that caused the letter to be sent, to be passed on.
    #[serde(skip)]
    pub correlation: Correlation,
    /// The letter as HTML.
    #[serde(skip)]
    pub html: String,
    /// The letter as PDF.
    #[serde(skip)]
    pub pdf: Vec<u8>,
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({})", self.letter_id)
    }
}

/// A parcel under way: at its end the channel may say by which reference it knows it, and can be asked about it.
pub type Carrying<'c> = Pin<Box<dyn Future<Output = Result<Option<String>, Undelivered>> + 'c>>;

/// Takes letters over, for example into a digital mailbox or to a printer. A letter that it has got already it takes as done.
pub trait Carrier: std::fmt::Debug {
    /// How long it may take to take a letter over.
    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }

    /// Whether it finds a digital mailbox by its owner's national id.
    fn goes_by_national_id(&self) -> bool {
        false
    }

    /// Takes a letter over.
    fn carry(&self, parcel: Parcel) -> Carrying<'_>;
}

/// A folder from which a mail system fetches: for each letter its PDF, its HTML and a JSON file that comes last.
#[derive(Debug, Clone)]
pub struct FileDrop(PathBuf);

impl FileDrop {
    /// Letters in this folder, which is made when it is not there.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn drop(&self, parcel: &Parcel) -> io::Result<()> {
        let folder = self.0.join(parcel.municipality_id.to_string());
        fs::create_dir_all(&folder)?;
        let label = serde_json::to_vec_pretty(parcel)?;
        let name = parcel.letter_id;
        put(&folder, &format!("{name}.pdf"), &parcel.pdf)?;
        put(&folder, &format!("{name}.html"), parcel.html.as_bytes())?;
        put(&folder, &format!("{name}.json"), &label)
    }
}

/// A file appears whole or not at all.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let under_way = folder.join(format!(".{name}.part"));
    let file = fs::File::create(&under_way)?;
    io::Write::write_all(&mut &file, bytes)?;
    file.sync_all()?;
    fs::rename(&under_way, folder.join(name))
}

impl Carrier for FileDrop {
    fn carry(&self, parcel: Parcel) -> Carrying<'_> {
        let this = self.clone();
        Box::pin(async move {
            let dropped = tokio::task::spawn_blocking(move || this.drop(&parcel)).await;
            match dropped {
                Ok(Ok(())) => Ok(None),
                Ok(Err(fault)) => {
                    tracing::warn!(%fault, "a letter could not be put into the folder");
                    Err(Undelivered::down("folder"))
                }
                Err(_) => Err(Undelivered::later("panic")),
            }
        })
    }
}
