//! What NAV has said of a person, for that person.

use serde::Serialize;
use utoipa::ToSchema;

use super::lifecycle::ReferralState;
use super::model::{ReferralBasis, ReferralReturn, ReferredSituation};
use super::{acts, content, store};
use crate::applications::Urgency;
use crate::clock::Instant;
use crate::db::Tx;
use crate::problem::Problem;

/// A referral as it is kept of the person whom it is about; what it says of others in the household is left out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_debug_implementations,
    reason = "nobody prints what is kept of a person"
)]
pub struct KeptReferral {
    /// NAV's reference.
    pub reference: String,
    /// Where it stands.
    pub state: ReferralState,
    /// Why NAV might send it.
    pub legal_basis: ReferralBasis,
    /// How soon a home was needed, as NAV saw it.
    pub urgency: Urgency,
    /// The housing situation, as NAV saw it.
    situation: ReferredSituation,
    /// What else NAV said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// When it was received.
    pub received_at: Instant,
    /// When it was accepted, returned or taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concluded_at: Option<Instant>,
    /// Why it was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_reason: Option<ReferralReturn>,
}

/// Every referral about the person with this national id, oldest first; whoever asks decides to whom it is handed out.
pub fn referrals_about(tx: &mut Tx<'_>, national_id: &str) -> Result<Vec<KeptReferral>, Problem> {
    let indexes = content::person_indexes(tx, national_id);
    let rows = store::about(tx, &indexes)?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let sent = acts::open(tx, &row)?;
        kept.push(KeptReferral {
            situation: sent.situation,
            summary: sent.summary,
            reference: row.reference,
            state: row.state,
            legal_basis: row.legal_basis,
            urgency: row.urgency,
            received_at: row.received_at,
            concluded_at: row.concluded_at,
            return_reason: row.return_reason,
        });
    }
    Ok(kept)
}
