//! The secrets of one subscription: one shared with the receiver, and a key pair of which it has the public half.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;

use crate::crypto::{self, Context, CryptoFault};
use crate::ids::WebhookId;
use crate::kit::Kit;
use crate::problem::Problem;

/// Bytes of the shared secret; the specification asks for 24 to 64.
const SHARED_BYTES: usize = 32;

/// A shared secret and a key pair.
#[derive(Clone)]
pub struct Secrets {
    shared: Zeroizing<Vec<u8>>,
    signing: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}

impl Secrets {
    /// Those made of these bytes.
    #[must_use]
    pub fn of(shared: &[u8], signing: [u8; 32]) -> Self {
        Self {
            shared: Zeroizing::new(shared.to_vec()),
            signing: Zeroizing::new(signing),
        }
    }

    /// New ones.
    pub(super) fn generate() -> Result<Self, Problem> {
        let mut bytes = Zeroizing::new([0; SHARED_BYTES + 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| fault(CryptoFault::NoRandomness))?;
        Self::split(bytes.as_slice())
    }

    fn split(bytes: &[u8]) -> Result<Self, Problem> {
        let (shared, signing) = bytes.split_at_checked(SHARED_BYTES).unwrap_or_default();
        let signing = signing.try_into();
        Ok(Self::of(
            shared,
            signing.map_err(|_| Problem::internal("a webhook's secrets have an unknown form"))?,
        ))
    }

    /// What the receiver and the sender both know.
    pub(super) fn shared(&self) -> &[u8] {
        &self.shared
    }

    /// The key that signs.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.signing)
    }

    /// The shared secret as the specification writes it.
    #[must_use]
    pub fn shared_text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.shared()))
    }

    /// The public key as the specification writes it.
    #[must_use]
    pub fn public_text(&self) -> String {
        let key = self.signing_key().verifying_key();
        format!("whpk_{}", STANDARD.encode(key.as_bytes()))
    }

    /// Seals them for the row of a subscription.
    pub(super) fn seal(&self, kit: &Kit, place: Context) -> Result<String, Problem> {
        let bytes = Zeroizing::new([self.shared.as_slice(), self.signing.as_slice()].concat());
        let text = Zeroizing::new(STANDARD.encode(bytes));
        crypto::seal_for_house(&kit.keys, place, &text).map_err(fault)
    }

    /// Opens what [`seal`](Self::seal) has sealed for the same place.
    pub(super) fn open(kit: &Kit, place: Context, sealed: &str) -> Result<Self, Problem> {
        let text = crypto::open_for_house(&kit.keys, place, sealed).map_err(fault)?;
        let bytes = STANDARD.decode(text.expose_secret());
        let bytes =
            bytes.map_err(|_| Problem::internal("a webhook's secrets have an unknown form"))?;
        Self::split(&Zeroizing::new(bytes))
    }
}

/// Where a subscription's secrets stand. Those before are sealed for the same place, so that they can move aside.
pub(super) const fn place(municipality: crate::ids::MunicipalityId, id: WebhookId) -> Context {
    Context {
        municipality: municipality.uuid(),
        table: "webhook",
        column: "secrets",
        row: id.uuid(),
    }
}

fn fault(fault: CryptoFault) -> Problem {
    Problem::internal(fault.code())
}
