//! Adopting rules, and finding those in force.

use super::store::{self, Row};
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
pub fn adopt(tx: &mut Tx<'_>, rules: &RuleSet, valid_from: Day) -> Result<RuleSetId, Problem> {
    let faults: Vec<FieldFault> = rules
        .faults()
        .iter()
        .map(|fault| {
            let code = fault.code.code();
            FieldFault::new(
                fault.pointer.clone(),
                code,
                "Regelen er ugyldig.",
                "The rule is not valid.",
            )
        })
        .collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let body = canonical(rules).map_err(|fault| Problem::internal(fault.to_string()))?;
    let digest = sha256(body.as_bytes());
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
    };
    store::insert(tx, &row)?;
    let entry = Entry::change("rule_set.adopted").about(Subject::policy(row.id));
    tx.record(entry.fact("number", number).fact("sha256", digest.to_hex()));
    Ok(row.id)
}

/// The rules in force on a day. Without rules nobody can be ranked.
pub fn in_force(tx: &mut Tx<'_>, day: Day) -> Result<Adopted, Problem> {
    let row = store::find_in_force(tx, day)?.ok_or(Refusal::NoRules)?;
    told(row)
}

/// A version by its id, if there is one.
pub fn find(tx: &mut Tx<'_>, id: RuleSetId) -> Result<Option<Adopted>, Problem> {
    store::find(tx, id)?.map(told).transpose()
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
