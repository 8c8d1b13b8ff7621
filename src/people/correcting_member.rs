//! Correction of what somebody is in a household, and how often there (personvernforordningen art. 16).

use std::collections::BTreeSet;

use serde_json::json;

use super::acts::{find_household, renew_households};
use super::correcting::CorrectionReason;
use super::disclosure::segment;
use super::model::{Household, Member, MemberRole, NewMember};
use super::rules::{self, Proposed};
use super::{correcting_rules, correcting_store};
use crate::audit::Entry;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::PersonId;
use crate::problem::{NOT_FOUND, Problem};

/// What of a member is corrected, and why. What is not given stays.
#[derive(Clone)]
pub struct MemberCorrection {
    /// Which member.
    pub person: PersonId,
    /// As what.
    pub role: Option<MemberRole>,
    /// How many days in a fortnight, 1 to 14.
    pub residence_days: Option<i16>,
    /// Why.
    pub reason: CorrectionReason,
    /// What shows that it is so, in words; sealed with what it was before.
    pub why: String,
}

impl std::fmt::Debug for MemberCorrection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberCorrection({})", self.reason)
    }
}

/// Corrects a member of a household that was loaded at the version that the caller has seen, and seals into the log what stood there and
/// what stands there now. Who applies is not corrected: that is another application. Gives the household as it is then.
pub fn correct_member(
    tx: &mut Tx<'_>,
    household: &Household,
    asked: &MemberCorrection,
) -> Result<Household, Problem> {
    let is_it = |member: &&Member| member.person_id == asked.person;
    let Some(before) = household.members.iter().find(is_it).copied() else {
        return Err(Problem::invalid(vec![correcting_rules::of_no_member()]));
    };
    let after = NewMember {
        person_id: before.person_id,
        role: asked.role.unwrap_or(before.role),
        residence_days: asked.residence_days.unwrap_or(before.residence_days),
    };
    let today = tx.today();
    let members: Vec<Proposed> = household.members.iter().map(proposed).collect();
    let found = correcting_rules::of_corrected_member(&members, after, today);
    if !found.is_empty() {
        return Err(Problem::invalid(found));
    }
    rules::must_be_of_age(&[(after, Some(before.born_on))], today)?;
    let shown = |role: MemberRole, days: i16| json!({"role": role.code(), "residenceDays": days});
    let said = json!({
        "before": shown(before.role, before.residence_days),
        "after": shown(after.role, after.residence_days),
        "why": asked.why,
    });
    let said = segment(tx, before.person_id, &said)?;
    renew_households(tx, &BTreeSet::from([household.id]))?;
    let changed = correcting_store::replace_member(tx, household.id, &before, &after)?;
    must_be_current(changed)?;
    tx.record(
        Entry::change("household.member_corrected")
            .about(household.id)
            .saying(said)
            .fact("reason", asked.reason.code()),
    );
    find_household(tx, household.id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn proposed(member: &Member) -> Proposed {
    let as_new = NewMember {
        person_id: member.person_id,
        role: member.role,
        residence_days: member.residence_days,
    };
    (as_new, Some(member.born_on))
}
