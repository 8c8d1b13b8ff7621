//! What the team does with each line of a plan: takes it, changes it with a reason, or drops it with one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::codes;

codes! {
    /// Where a line of a plan stands.
    pub enum ProposalState {
        /// Nobody has looked at it.
        Open = "OPEN",
        /// Taken as it is; a decision is to be proposed.
        Taken = "TAKEN",
        /// Another home is to be proposed for the household.
        Changed = "CHANGED",
        /// Nothing is to be proposed.
        Dropped = "DROPPED",
    }
}

codes! {
    /// Why the team does otherwise than the plan says. Closed words: what there is to tell of a person stands, sealed, in the
    /// reasons of the decision.
    pub enum DepartureReason {
        /// The household has said that it will not have the home.
        HouseholdDeclines = "HOUSEHOLD_DECLINES",
        /// What is best for the children (barnekonvensjonen article 3).
        ChildrensInterest = "CHILDRENS_INTEREST",
        /// Health or safety that the needs do not tell.
        HealthOrSafety = "HEALTH_OR_SAFETY",
        /// The neighbourhood as a whole.
        Neighbourhood = "NEIGHBOURHOOD",
        /// The home is not ready after all.
        HomeNotReady = "HOME_NOT_READY",
        /// The household is helped in another way.
        AnotherSolution = "ANOTHER_SOLUTION",
        /// Facts are no longer what the plan saw.
        FactsChanged = "FACTS_CHANGED",
        /// The team's discretion, on grounds that stand in the decision.
        TeamDiscretion = "TEAM_DISCRETION",
    }
}

/// What became of the lines of a plan, or of many.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Hands {
    /// Not looked at.
    pub(super) open: i64,
    /// Taken as they are.
    pub(super) taken: i64,
    /// Changed to another home.
    pub(super) changed: i64,
    /// Dropped.
    pub(super) dropped: i64,
    /// Why lines were changed or dropped, the most frequent reason first.
    pub(super) overrides: Vec<Overridden>,
}

/// How often the team did otherwise for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overridden {
    reason: DepartureReason,
    count: i64,
}

impl Hands {
    /// Adds up lines by where they stand and why.
    pub(super) fn of(
        lines: impl IntoIterator<Item = (ProposalState, Option<DepartureReason>, i64)>,
    ) -> Self {
        let mut hands = Self::default();
        for (state, reason, count) in lines {
            *match state {
                ProposalState::Open => &mut hands.open,
                ProposalState::Taken => &mut hands.taken,
                ProposalState::Changed => &mut hands.changed,
                ProposalState::Dropped => &mut hands.dropped,
            } += count;
            let Some(reason) = reason else { continue };
            match hands.overrides.iter_mut().find(|it| it.reason == reason) {
                Some(known) => known.count += count,
                None => hands.overrides.push(Overridden { reason, count }),
            }
        }
        hands
            .overrides
            .sort_by_key(|it| (std::cmp::Reverse(it.count), it.reason));
        hands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_counted_by_reason() {
        use DepartureReason::{HomeNotReady, TeamDiscretion};
        use ProposalState::{Changed, Dropped, Open, Taken};
        let hands = Hands::of([
            (Open, None, 3),
            (Taken, None, 2),
            (Changed, Some(TeamDiscretion), 1),
            (Dropped, Some(HomeNotReady), 4),
            (Dropped, Some(TeamDiscretion), 1),
        ]);
        assert_eq!(
            [hands.open, hands.taken, hands.changed, hands.dropped],
            [3, 2, 1, 5]
        );
        let reasons: Vec<_> = hands
            .overrides
            .iter()
            .map(|it| (it.reason, it.count))
            .collect();
        assert_eq!(reasons, [(HomeNotReady, 4), (TeamDiscretion, 2)]);
    }
}
