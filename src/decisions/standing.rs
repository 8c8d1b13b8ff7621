//! How a household stands for the home that a proposal names, when it is proposed and when it is decided.

use super::model::Basis;
use super::rules::Refusal;
use crate::applications::Application;
use crate::audit::Hash;
use crate::db::Tx;
use crate::housing::{self, Dwelling};
use crate::ids::DwellingId;
use crate::matching::{self, Explanation};
use crate::problem::{FieldFault, Problem};
use crate::rulesets::Adopted;

/// How the household stands for the home that a proposal names.
pub(super) struct Standing {
    pub(super) home: Dwelling,
    pub(super) snapshot: Hash,
    pool_size: usize,
    pub(super) rank: Option<usize>,
    explanation: Explanation,
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
        return Err(Problem::from(Refusal::DwellingNotAvailable).fact("state", home.state.code()));
    }
    // All vacant homes are kept with it, so that an appeal can be tried against what there was to give.
    let vacant = housing::vacant(tx)?;
    let pool = matching::snapshot(tx, &vacant)?;
    let explanation = matching::explain(&pool, &adopted.rules, case.id, home.id)
        .ok_or(matching::Refusal::NotAssessed)?;
    must_fit(&explanation)?;
    let ranking = matching::rank(&pool, &adopted.rules, home.id);
    let rank = ranking.and_then(|ranking| {
        ranking
            .candidates
            .iter()
            .find(|it| it.application_id == case.id)
            .map(|it| it.rank)
    });
    let snapshot = matching::keep_snapshot(tx, &pool)?;
    Ok(Standing {
        snapshot,
        pool_size: pool.households.len(),
        home,
        rank,
        explanation,
    })
}

fn must_fit(explanation: &Explanation) -> Result<(), Problem> {
    if explanation.fits {
        return Ok(());
    }
    Err(Problem::from(Refusal::HomeDoesNotFit).fact("failed", explanation.failed()))
}

/// Who waited and what was vacant when a decision that names no home was proposed, kept for an appeal: where it stands, and how many
/// were compared.
pub(super) fn pool_of_the_day(tx: &mut Tx<'_>) -> Result<(Hash, usize), Problem> {
    let vacant = housing::vacant(tx)?;
    let pool = matching::snapshot(tx, &vacant)?;
    let address = matching::keep_snapshot(tx, &pool)?;
    Ok((address, pool.households.len()))
}

/// By what a decision is reached.
pub(super) fn basis(tx: &Tx<'_>, adopted: &Adopted, standing: Option<Standing>) -> Basis {
    Basis {
        as_of: tx.now(),
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        rule_set_sha256: adopted.sha256.clone(),
        engine_version: matching::ENGINE_VERSION.to_owned(),
        snapshot_sha256: standing.as_ref().map(|standing| standing.snapshot.to_hex()),
        pool_size: standing.as_ref().map(|standing| standing.pool_size),
        rank: standing.as_ref().and_then(|standing| standing.rank),
        explanation: standing.map(|standing| standing.explanation.without_protection()),
    }
}

/// The home is held for this household; everything else about the pair must be as it was proposed.
pub(super) fn must_still_fit(
    tx: &mut Tx<'_>,
    case: &Application,
    dwelling: DwellingId,
    adopted: &Adopted,
) -> Result<(), Problem> {
    let home = housing::find_dwelling(tx, dwelling)?;
    let home = home.ok_or_else(|| Problem::internal("a reserved home is gone"))?;
    let mut facts = matching::home_facts(&home);
    facts.state = housing::DwellingState::Available;
    let households = matching::households(tx, std::slice::from_ref(case))?;
    let household = households.first().ok_or(matching::Refusal::NotAssessed)?;
    let explanation = matching::explain_pair(household, &facts, &adopted.rules, tx.today());
    if explanation.fits {
        return Ok(());
    }
    Err(Problem::from(Refusal::FactsChanged).fact("failed", explanation.failed()))
}
