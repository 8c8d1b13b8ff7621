//! What a referral says of people, sealed under a key of the referral's own.

use secrecy::ExposeSecret as _;

use super::model::SendReferral;
use crate::crypto::{self, BlindIndex, Context, CryptoFault, SubjectKey};
use crate::db::Tx;
use crate::ids::ReferralId;
use crate::problem::Problem;

/// The sealed text and the wrapped key that opens it.
pub(super) struct Sealed {
    pub(super) key: String,
    pub(super) content: String,
}

/// Seals a referral for its row.
pub(super) fn seal(
    tx: &Tx<'_>,
    id: ReferralId,
    referral: &SendReferral,
) -> Result<Sealed, Problem> {
    let text = serde_json::to_string(referral)
        .map_err(|_| Problem::internal("a referral cannot be written as JSON"))?;
    let key = SubjectKey::generate().map_err(fault)?;
    let place = |column| in_referral(tx, id, column);
    Ok(Sealed {
        content: crypto::seal(&key, place("sealed"), &text).map_err(fault)?,
        key: crypto::wrap_key(&tx.kit().keys, place("sealed_key"), &key).map_err(fault)?,
    })
}

/// Opens a referral.
pub(super) fn open(tx: &Tx<'_>, id: ReferralId, sealed: &Sealed) -> Result<SendReferral, Problem> {
    let place = |column| in_referral(tx, id, column);
    let key =
        crypto::unwrap_key(&tx.kit().keys, place("sealed_key"), &sealed.key).map_err(fault)?;
    let text = crypto::open(&key, place("sealed"), &sealed.content).map_err(fault)?;
    // What was read is a person's data, so the reader's own message is dropped.
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("a sealed referral has an unknown form"))
}

/// A referral's key as the key-encryption key in use wraps it.
pub(super) fn rewrapped(tx: &Tx<'_>, id: ReferralId, wrapped: &str) -> Result<String, Problem> {
    let place = || in_referral(tx, id, "sealed_key");
    let key = crypto::unwrap_key(&tx.kit().keys, place(), wrapped).map_err(fault)?;
    crypto::wrap_key(&tx.kit().keys, place(), &key).map_err(fault)
}

/// What tells one referral from another without telling what it says.
pub(super) fn fingerprint(tx: &Tx<'_>, referral: &SendReferral) -> Result<BlindIndex, Problem> {
    let text = serde_json::to_vec(referral)
        .map_err(|_| Problem::internal("a referral cannot be written as JSON"))?;
    let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
    Ok(key.request(&text))
}

/// By what a person's referrals are found.
pub(super) fn person_index(tx: &Tx<'_>, digits: &str) -> BlindIndex {
    let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
    key.national_id(digits)
}

/// The same by every key that is in use: what was received before a key was changed is found by the one before.
pub(super) fn person_indexes(tx: &Tx<'_>, digits: &str) -> Vec<Vec<u8>> {
    let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
    let mut indexes = key.national_id_by_others(digits);
    indexes.push(key.national_id(digits));
    let bytes = |index: BlindIndex| index.as_bytes().to_vec();
    indexes.into_iter().map(bytes).collect()
}

fn in_referral(tx: &Tx<'_>, id: ReferralId, column: &'static str) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "referral",
        column,
        row: id.uuid(),
    }
}

fn fault(fault: CryptoFault) -> Problem {
    Problem::internal(fault.code())
}
