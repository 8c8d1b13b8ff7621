//! The open cases of the demo: new households and tenants who need something else, in every state of a case.

use serde::Serialize;

use super::people::{Registry, situation};
use super::places::Area;
use super::profiles::{self, Draft};
use super::stock::Dwelling;
use super::tenancies::Tenancy;
use super::{Size, apportion, movers, showcase};
use crate::applications::{ApplicationType, Needs};
use crate::clock::Day;
use crate::codes;
use crate::situations::SituationReason;

codes! {
    /// How far a case has come.
    pub enum CaseState {
        /// Received, with nobody yet.
        Submitted = "SUBMITTED",
        /// A caseworker has it.
        Assigned = "ASSIGNED",
        /// The caseworker looks into it.
        InAssessment = "IN_ASSESSMENT",
        /// The allocation team has it.
        TeamReview = "TEAM_REVIEW",
        /// Granted, and waiting for a home.
        Waiting = "WAITING",
        /// Ended with a home.
        Housed = "HOUSED",
        /// Ended with a refusal.
        Refused = "REFUSED",
        /// Withdrawn by the applicant.
        Withdrawn = "WITHDRAWN",
    }
}

codes! {
    /// Why a home was refused ("avslagsgrunn").
    pub enum RefusalReason {
        /// Lives in a suitable home ("har egnet bolig").
        HasSuitableHome = "HAS_SUITABLE_HOME",
        /// Can find a home without the municipality ("kan skaffe bolig selv").
        CanFindHome = "CAN_FIND_HOME",
        /// A start loan, a grant or an adapted home answers the need ("andre virkemidler").
        OtherHelpSuffices = "OTHER_HELP_SUFFICES",
        /// Not resident here for long enough, and no ground for an exception ("botid").
        NotResidentLongEnough = "NOT_RESIDENT_LONG_ENOUGH",
        /// The need is for care in an institution, which another body decides ("behov for institusjon").
        NeedsInstitution = "NEEDS_INSTITUTION",
    }
}

/// A request for help with a home, open or ended ("søknad").
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The position in [`super::Municipality::households`].
    pub household: usize,
    /// What is applied for.
    pub kind: ApplicationType,
    /// The day it reached the municipality.
    pub received_on: Day,
    /// How far it has come.
    pub state: CaseState,
    /// What the household needs, urgency included.
    pub needs: Needs,
    /// The decision, where there is one: for those waiting, housed and refused.
    pub decision: Option<Decision>,
    /// The day on which the case ended.
    pub ended_on: Option<Day>,
    /// The lease that it ended with: the position in [`super::Municipality::tenancies`].
    pub tenancy: Option<usize>,
}

impl Application {
    /// The days from receipt to decision, where there is one.
    #[must_use]
    pub fn processing_days(&self) -> Option<i32> {
        let decision = self.decision.as_ref()?;
        Some(self.received_on.days_until(decision.decided_on))
    }
}

/// Yes or no, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The day of the decision.
    pub decided_on: Day,
    /// Why not; absent when a home was granted.
    pub refusal: Option<RefusalReason>,
}

/// How many of 150 open cases are in each state.
const STATES: [(CaseState, usize); 5] = [
    (CaseState::Waiting, 45),
    (CaseState::TeamReview, 25),
    (CaseState::InAssessment, 35),
    (CaseState::Assigned, 25),
    (CaseState::Submitted, 20),
];

/// All open cases: the showcase, tenants, and then new households until there are enough.
pub(super) fn open(
    registry: &mut Registry,
    size: &Size,
    areas: &[Area],
    housed: (&[Dwelling], &[Tenancy]),
    today: Day,
) -> Vec<Application> {
    let mut applications = Vec::with_capacity(size.applications);
    let counts = apportion(size.applications, &STATES.map(|(_, count)| count));
    let mut states: Vec<CaseState> = STATES
        .iter()
        .zip(counts)
        .flat_map(|((state, _), count)| std::iter::repeat_n(*state, count))
        .collect();
    for (at, draft) in showcase::cast(&mut registry.random, areas)
        .into_iter()
        .enumerate()
    {
        // Every third of the showcase is before the team, the others wait with a decision in hand.
        let state = if at % 3 == 0 {
            CaseState::TeamReview
        } else {
            CaseState::Waiting
        };
        if let Some(taken) = states.iter().position(|other| *other == state) {
            states.remove(taken);
        }
        applications.push(of_new_household(registry, draft, state, today));
    }
    registry.random.shuffle(&mut states);
    let mut states = states.into_iter();
    let wishes = movers::choose(registry, size, housed, today);
    for (wish, state) in wishes.into_iter().zip(states.by_ref()) {
        let request = (wish.kind, wish.needs, wish.reason);
        applications.push(application(registry, wish.household, request, state, today));
    }
    for state in states {
        let draft = profiles::draw(&mut registry.random, areas);
        applications.push(of_new_household(registry, draft, state, today));
    }
    applications
}

fn of_new_household(
    registry: &mut Registry,
    mut draft: Draft,
    state: CaseState,
    today: Day,
) -> Application {
    let is_assessed = !matches!(state, CaseState::Submitted | CaseState::Assigned);
    if is_assessed && draft.needs.monthly_means_ore.is_none() {
        let means_ore = profiles::means_ore(&mut registry.random, &draft.family);
        draft.needs.monthly_means_ore = Some(means_ore);
    }
    draft.family.of_age_on = Some(today.plus_days(-longest_age_days(state)));
    let household = registry.enter(&draft.family, Vec::new());
    let request = (draft.kind, draft.needs, draft.reason);
    application(registry, household, request, state, today)
}

/// How long ago an open case in a state may have come in.
const fn longest_age_days(state: CaseState) -> i32 {
    match state {
        CaseState::Submitted => 9,
        CaseState::Assigned => 24,
        CaseState::InAssessment => 55,
        CaseState::TeamReview => 80,
        _ => 400,
    }
}

/// A case that came in so long ago as its state suggests, of a household that is in its situation since before that.
fn application(
    registry: &mut Registry,
    household: usize,
    (kind, needs, reason): (ApplicationType, Needs, SituationReason),
    state: CaseState,
    today: Day,
) -> Application {
    let random = &mut registry.random;
    let least_days = match state {
        CaseState::Submitted => 0,
        CaseState::Assigned => 3,
        CaseState::InAssessment => 8,
        CaseState::TeamReview => 20,
        _ => 70,
    };
    let age_days = random.between(least_days, longest_age_days(state));
    let received_on = today.plus_days(-age_days);
    let decision = (state == CaseState::Waiting).then(|| Decision {
        decided_on: received_on.plus_days(random.between(12, 60)),
        refusal: None,
    });
    let from = received_on.plus_days(-random.between(5, 200));
    let situation = situation(random, reason, from);
    if let Some(household) = registry.households.get_mut(household) {
        household.situations.push(situation);
    }
    Application {
        household,
        kind,
        received_on,
        state,
        needs,
        decision,
        ended_on: None,
        tenancy: None,
    }
}
