//! "What if", over HTTP: the same plan with other rules, homes or needs. Differences only; nothing is written.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::gather;
use super::model::HomeFacts;
use super::plan::{Objective, assign};
use super::routes::{Basis, basis};
use super::sight::{shown, veil};
use super::waiting::waiting;
use super::what_if::{Differences, OtherNeeds, Otherwise};
use crate::applications::{faults_of_named, faults_of_needs};
use crate::audit::Entry;
use crate::auth::Action;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Shown};
use crate::ids::{DwellingId, RuleSetId};
use crate::problem::{FieldFault, Problem};
use crate::rulesets::{self, RuleSet};

/// The question.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::ask(
        "/matching/what-if",
        Action::PlanMatches,
        "What a plan would be with other rules, homes or needs: differences only, nothing is kept",
        what_if,
    )]
}

/// What might be different. At least one thing must be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WhatIf {
    objective: Objective,
    /// Another version of the municipality's rules, in force or not.
    #[serde(default)]
    rule_set_id: Option<RuleSetId>,
    /// Rules that are no version yet.
    #[serde(default)]
    rules: Option<RuleSet>,
    /// Homes that might be vacant too, under ids that no vacant home has.
    #[serde(default)]
    #[schema(max_items = 200)]
    homes_added: Vec<HomeFacts>,
    /// Vacant homes that might not be.
    #[serde(default)]
    #[schema(max_items = 200)]
    homes_withdrawn: Vec<DwellingId>,
    /// What cases might need.
    #[serde(default)]
    #[schema(max_items = 200)]
    needs_changed: Vec<OtherNeeds>,
}

/// What would be different.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WouldBe {
    #[serde(flatten)]
    basis: Basis,
    objective: Objective,
    #[serde(flatten)]
    differences: Differences,
}

fn what_if(tx: &mut Tx<'_>, _: &Call, asked: &WhatIf) -> Result<Shown<WouldBe>, Problem> {
    let mut faults = asked.faults();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let other = match asked.rule_set_id {
        Some(id) => rulesets::find(tx, id)?.map(|found| found.rules),
        None => asked.rules.clone(),
    };
    if asked.rule_set_id.is_some() && other.is_none() {
        let (nb, en) = ("Regelsettet finnes ikke.", "The rule set does not exist.");
        faults.push(FieldFault::new("/ruleSetId", "not_found", nb, en));
    }
    faults.extend(asked.unknown(tx)?);
    let waiting = waiting(tx)?;
    let homes = gather::vacant_homes(tx, &waiting)?;
    let now = waiting.snapshot(homes);
    let changed = asked.needs_changed.iter();
    let changed = changed.filter_map(|it| now.find_household(it.application_id));
    let changed: Vec<_> = changed
        .map(|facts| (facts.application_id, facts.household_id))
        .collect();
    let otherwise = Otherwise {
        homes_added: &asked.homes_added,
        homes_withdrawn: &asked.homes_withdrawn,
        needs_changed: &asked.needs_changed,
        seen: shown(tx, &changed)?,
    };
    let then = match otherwise.applied_to(&now) {
        Ok(then) if faults.is_empty() => then,
        Ok(_) => return Err(Problem::invalid(faults)),
        Err(more) => {
            faults.extend(more);
            return Err(Problem::invalid(faults));
        }
    };
    let planned = assign(&now, &adopted.rules, asked.objective);
    let would_be = assign(
        &then,
        other.as_ref().unwrap_or(&adopted.rules),
        asked.objective,
    );
    let veil = veil(tx)?;
    let mut differences = Differences::between(planned, would_be, &veil);
    let named = differences.households.iter();
    let named = named.map(|it| (it.application_id, it.household_id));
    let seen = shown(tx, &named.collect::<Vec<_>>())?;
    differences
        .households
        .retain(|it| seen.contains(&it.application_id));
    let cases = differences.households.iter().map(|it| it.application_id);
    tx.record(Entry::access("matching.what_if_asked").about_all(cases));
    Ok(Shown::plain(WouldBe {
        basis: basis(tx, &adopted, &waiting, &veil),
        objective: asked.objective,
        differences,
    }))
}

impl WhatIf {
    /// A fault for each household named that the caller may not see.
    fn unknown(&self, tx: &mut Tx<'_>) -> Result<Vec<FieldFault>, Problem> {
        let added = self.homes_added.iter().enumerate();
        let added = added.map(|(i, home)| (format!("/homesAdded/{i}/residents"), &home.residents));
        let changed = self.needs_changed.iter().enumerate().map(|(i, other)| {
            let at = format!("/needsChanged/{i}/needs/excludedHouseholds");
            (at, &other.needs.excluded_households)
        });
        let mut faults = Vec::new();
        for (at, named) in added.chain(changed) {
            faults.extend(faults_of_named(tx, named, &[], &at)?);
        }
        Ok(faults)
    }

    fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        if let Some(rules) = &self.rules {
            let named = rules.faults().into_iter().map(|fault| {
                let (nb, en) = ("Regelen er ugyldig.", "The rule is not valid.");
                FieldFault::new(
                    format!("/rules{}", fault.pointer),
                    fault.code.code(),
                    nb,
                    en,
                )
            });
            faults.extend(named);
        }
        if self.rules.is_some() && self.rule_set_id.is_some() {
            let (nb, en) = (
                "Oppgi enten regler eller et regelsett.",
                "Give either rules or a rule set.",
            );
            faults.push(FieldFault::new("/ruleSetId", "contradiction", nb, en));
        }
        for (i, other) in self.needs_changed.iter().enumerate() {
            let at = format!("/needsChanged/{i}/needs");
            faults.extend(faults_of_needs(&other.needs, &at));
        }
        let is_nothing = self.rules.is_none()
            && self.rule_set_id.is_none()
            && self.homes_added.is_empty()
            && self.homes_withdrawn.is_empty()
            && self.needs_changed.is_empty();
        if is_nothing {
            let (nb, en) = ("Ingenting er annerledes.", "Nothing is different.");
            faults.push(FieldFault::new("", "empty", nb, en));
        }
        faults
    }
}
