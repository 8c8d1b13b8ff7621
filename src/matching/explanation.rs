//! Any household and any home, explained in words: also for those passed over, and those who may not have it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{Check, Pair};
use super::constraints::Constraint;
use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::priority::{self, PriorityReasons};
use super::terms::{self, Suitability};
use crate::clock::Day;
use crate::ids::{ApplicationId, DwellingId};
use crate::rulesets::RuleSet;

/// Why a household may have a home or not, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The case.
    pub application_id: ApplicationId,
    /// The home.
    pub dwelling_id: DwellingId,
    /// Whether every constraint holds.
    pub fits: bool,
    /// Every constraint; one that fails says what would have to change.
    pub checks: Vec<Check>,
    /// Where the household stands among all who wait.
    pub priority: PriorityReasons,
    /// How well the home suits the household; absent when it may not have it, for then no score has a meaning.
    pub suitability: Option<Suitability>,
}

impl Explanation {
    /// The same, silent about protected addresses: the grade of protection is itself confidential, and no reader of this
    /// version is cleared for it.
    #[must_use]
    pub fn without_protection(mut self) -> Self {
        self.checks
            .retain(|check| check.constraint != Constraint::ProtectedAddress);
        self
    }

    /// The same, silent about who lives in the building of the home: that somebody is feared there tells where that one lives.
    #[must_use]
    pub fn without_neighbours(mut self) -> Self {
        self.checks
            .retain(|check| check.holds || check.constraint != Constraint::ExcludedNeighbour);
        self
    }

    /// The same for somebody who may not know near whom the household must not live: whether it is so here, and whether there is
    /// anybody at all. Silent also where the constraint holds, or what is left out of one answer would be told by another.
    #[must_use]
    pub fn without_exclusions(mut self) -> Self {
        self.checks
            .retain(|check| check.constraint != Constraint::ExcludedNeighbour);
        self
    }

    /// Whether the household may not have the home, and nothing that is told says why.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        !self.fits && self.checks.iter().all(|check| check.holds)
    }

    /// The same, silent about where the household wishes to be, must not be, or sends its children to school.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        self.checks
            .retain(|check| check.constraint != Constraint::ExcludedArea);
        // Its terms tell of areas, and their sum would too.
        self.suitability = None;
        self
    }

    /// The codes of the constraints that fail; silent about protected addresses and about who lives nearby, and hence perhaps empty
    /// although it does not fit.
    #[must_use]
    pub fn failed(&self) -> Vec<&'static str> {
        let silent = [Constraint::ProtectedAddress, Constraint::ExcludedNeighbour];
        self.checks
            .iter()
            .filter(|check| !check.holds && !silent.contains(&check.constraint))
            .map(|check| check.constraint.code())
            .collect()
    }
}

/// Explains one pair of a snapshot; `None` when the snapshot lacks either.
#[must_use]
pub fn explain(
    snapshot: &Snapshot,
    rules: &RuleSet,
    application: ApplicationId,
    home: DwellingId,
) -> Option<Explanation> {
    let household = snapshot.find_household(application)?;
    Some(explain_pair(
        household,
        snapshot.find_home(home)?,
        rules,
        snapshot.as_of,
    ))
}

/// Explains one pair.
#[must_use]
pub fn explain_pair(
    household: &HouseholdFacts,
    home: &HomeFacts,
    rules: &RuleSet,
    as_of: Day,
) -> Explanation {
    let pair = Pair::new(household, home, rules, as_of);
    let checks = pair.checks();
    let fits = checks.iter().all(|check| check.holds);
    Explanation {
        application_id: household.application_id,
        dwelling_id: home.dwelling_id,
        fits,
        checks,
        priority: priority::reasons(household, pair.measures.has_children, rules),
        suitability: fits.then(|| terms::explain(&pair)),
    }
}
