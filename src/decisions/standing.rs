//! How a household stands for the home that a proposal names, when it is proposed and when it is decided.

use super::model::{Basis, LegalBasis};
use super::rules::{self, Refusal};
use super::store::Decision;
use crate::applications::Application;
use crate::db::Tx;
use crate::housing::{self, Dwelling};
use crate::ids::DwellingId;
use crate::matching;
use crate::problem::{FieldFault, Problem};
use crate::rulesets::Adopted;

/// How the household stands for the home that a proposal names.
pub(super) struct Standing {
    pub(super) home: Dwelling,
    pub(super) matched: matching::Standing,
}

/// How the household stands for a home; refuses a home that is not free or does not fit.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    case: &Application,
    dwelling: DwellingId,
    adopted: &Adopted,
) -> Result<Standing, Problem> {
    let Some(home) = housing::find_dwelling(tx, dwelling)? else {
        let (nb, en) = ("Boligen finnes ikke.", "The home does not exist.");
        return Err(Problem::invalid(vec![FieldFault::new(
            "/dwellingId",
            "not_found",
            nb,
            en,
        )]));
    };
    if home.state != housing::DwellingState::Available {
        let state = housing::veiled(tx, home)?.state;
        return Err(Problem::from(Refusal::DwellingNotAvailable).fact("state", state.code()));
    }
    let matched = matching::standing(tx, case, &home, adopted)?;
    if !matched.explanation.fits {
        let failed = matched.explanation.failed();
        return Err(Problem::from(Refusal::HomeDoesNotFit).fact("failed", failed));
    }
    Ok(Standing { home, matched })
}

/// A home is let for no shorter time than the agreement under which it is let demands (Husbanken's terms: three years).
pub(super) fn must_run_long_enough(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    lease_months: i16,
) -> Result<(), Problem> {
    let facts = housing::letting_facts(tx, &[home])?;
    let quota = facts.get(&home.id).and_then(|letting| letting.quota);
    rules::may_run_for(lease_months, quota.map(|quota| quota.lease_months_min))
}

/// By what a decision is reached. One on a home keeps who waited and what was vacant also where it names none, so that an appeal
/// against a refusal can be tried against what there was to give.
pub(super) fn basis_of_the_day(
    tx: &mut Tx<'_>,
    law: LegalBasis,
    adopted: &Adopted,
    standing: Option<Standing>,
) -> Result<Basis, Problem> {
    let names_none = standing.is_none();
    let mut reached = basis(tx, adopted, standing);
    if names_none && law == LegalBasis::MunicipalDwelling {
        let (snapshot, version, size) = matching::keep_pool(tx)?;
        reached.snapshot_sha256 = Some(snapshot.to_hex());
        reached.pool_version = Some(version);
        reached.pool_size = Some(size);
    }
    Ok(reached)
}

/// By what a decision is reached.
pub(super) fn basis(tx: &Tx<'_>, adopted: &Adopted, standing: Option<Standing>) -> Basis {
    let matched = standing.as_ref().map(|standing| &standing.matched);
    Basis {
        as_of: tx.now(),
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        rule_set_sha256: adopted.sha256.clone(),
        engine_version: matching::ENGINE_VERSION.to_owned(),
        snapshot_sha256: matched.map(|it| it.snapshot.to_hex()),
        pool_version: matched.map(|it| it.pool_version),
        pool_size: matched.map(|it| it.pool_size),
        rank: matched.and_then(|it| it.rank),
        explanation: matched.map(|it| it.explanation.clone().without_protection()),
    }
}

/// The home is held for this household; everything else about the pair must be as it was proposed.
pub(super) fn must_still_hold(
    tx: &mut Tx<'_>,
    decision: &Decision,
    case: &Application,
    dwelling: DwellingId,
    adopted: &Adopted,
) -> Result<(), Problem> {
    let home = housing::find_dwelling(tx, dwelling)?;
    let home = home.ok_or_else(|| Problem::internal("a reserved home is gone"))?;
    let snapshot = decision.basis.0.snapshot()?;
    let now = matching::still_holds(tx, snapshot, case, &home, &adopted.rules)?;
    if now.fits && now.changed.is_empty() {
        must_run_long_enough(tx, &home, decision.lease_months.unwrap_or_default())?;
        let chosen = matching::Chosen {
            decision: decision.id,
            application: case.id,
            home: dwelling,
            snapshot,
            rules: adopted.id,
            engine_version: &decision.basis.0.engine_version,
        };
        return matching::chosen(tx, chosen);
    }
    let changed: Vec<&str> = now.changed.iter().map(|change| change.code()).collect();
    Err(Problem::from(Refusal::FactsChanged)
        .fact("changed", changed)
        .fact("failed", now.failed))
}
