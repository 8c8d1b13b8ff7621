//! Adopting rules, and finding those in force.

use super::store::{self, Row, RuleSetState};
use super::{Refusal, RuleSet};
use crate::audit::{Entry, Hash, Subject, canonical, sha256};
use crate::clock::Day;
use crate::db::Tx;
use crate::db::types::Json;
use crate::ids::RuleSetId;
use crate::problem::{FieldFault, Problem};

/// A version of the rules, as everything that was decided by it names it.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// The version.
    pub id: RuleSetId,
    /// Its number within the municipality.
    pub number: i32,
    /// SHA-256 of its canonical form, lower-case hexadecimal.
    pub sha256: String,
    /// The rules.
    pub rules: RuleSet,
}

/// Puts rules into force from a day; the version before ends on it. Rules with a fault are refused, each fault named.
///
/// This is how an installation gets its rules; employees propose and approve them.
pub fn adopt(tx: &mut Tx<'_>, rules: &RuleSet, valid_from: Day) -> Result<RuleSetId, Problem> {
    let faults = adopted_faults(rules, "");
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let digest = digest_of(rules)?;
    let number = store::last_number(tx)? + 1;
    store::close_open(tx, valid_from)?;
    let row = Row {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        number,
        name: rules.name.nb.clone(),
        valid_from,
        valid_until: None,
        content: Json(rules.clone()),
        sha256: digest.0.to_vec(),
        created_at: tx.now(),
        state: RuleSetState::Approved,
        proposed_by: None,
        decided_by: None,
        decided_at: None,
        version: 1,
    };
    store::insert(tx, &row)?;
    let entry = Entry::change("rule_set.adopted").about(Subject::policy(row.id));
    tx.record(entry.fact("number", number).fact("sha256", digest.to_hex()));
    Ok(row.id)
}

/// The faults of rules that stand at this place of a body.
pub(super) fn adopted_faults(rules: &RuleSet, at: &str) -> Vec<FieldFault> {
    let faults = rules.faults().into_iter();
    faults
        .map(|fault| {
            FieldFault::new(
                format!("{at}{}", fault.pointer),
                fault.code.code(),
                "Regelen er ugyldig.",
                "The rule is not valid.",
            )
        })
        .collect()
}

/// SHA-256 of the canonical form of rules.
pub(super) fn digest_of(rules: &RuleSet) -> Result<Hash, Problem> {
    let body = canonical(rules).map_err(|fault| Problem::internal(fault.to_string()))?;
    Ok(sha256(body.as_bytes()))
}

/// A version by its id, if there is one; also one that is only proposed.
pub fn find(tx: &mut Tx<'_>, id: RuleSetId) -> Result<Option<Adopted>, Problem> {
    store::find(tx, id)?.map(told).transpose()
}

/// The rules in force on a day. Without rules nobody can be ranked.
pub fn in_force(tx: &mut Tx<'_>, day: Day) -> Result<Adopted, Problem> {
    Ok(find_in_force(tx, day)?.ok_or(Refusal::NoRules)?)
}

/// The same, of a municipality that may have adopted none yet.
pub fn find_in_force(tx: &mut Tx<'_>, day: Day) -> Result<Option<Adopted>, Problem> {
    store::find_in_force(tx, day)?.map(told).transpose()
}

/// A version by its id, in force or not.
pub fn load(tx: &mut Tx<'_>, id: RuleSetId) -> Result<Adopted, Problem> {
    let row = store::find(tx, id)?.ok_or_else(|| Problem::internal("a rule set is gone"))?;
    told(row)
}

fn told(row: Row) -> Result<Adopted, Problem> {
    let digest = row
        .sha256
        .try_into()
        .map_err(|_| Problem::internal("a digest of a wrong size"))?;
    let sha256 = Hash(digest).to_hex();
    Ok(Adopted {
        id: row.id,
        number: row.number,
        sha256,
        rules: row.content.0,
    })
}
