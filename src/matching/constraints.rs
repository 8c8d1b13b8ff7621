//! The hard constraints: what must hold before a household may be given a home at all.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ArrayBuilder, RefOr, schema::Schema};
use utoipa::{PartialSchema, ToSchema};

use super::model::HomeFacts;
use crate::codes;
use crate::housing::{Feature, Service};

codes! {
    /// A hard constraint ("absolutt krav"). All must hold; no score outweighs one that does not.
    pub enum Constraint {
        /// The home is available and held for nobody (decided state of the home).
        NotVacant = "NOT_VACANT",
        /// No more persons than the home holds (fire safety and the home's own limit).
        Capacity = "CAPACITY",
        /// As many bedrooms as the municipality's norm gives the household.
        Bedrooms = "BEDROOMS",
        /// Every feature without which the household cannot use a home (boligsosialloven § 6).
        Features = "FEATURES",
        /// No stairs beyond what the household can climb where there is no lift.
        FloorWithoutLift = "FLOOR_WITHOUT_LIFT",
        /// One of the kinds of home that the household may be given.
        Category = "CATEGORY",
        /// The applicants' ages are those for which the home was built (housing plan, measure 3.4.2: 15 to 25).
        AgeWindow = "AGE_WINDOW",
        /// The services that the household must have on the spot (helse- og omsorgstjenesteloven § 3-2).
        Services = "SERVICES",
        /// Not where the household would be unsafe or must not live.
        ExcludedArea = "EXCLUDED_AREA",
        /// Inspected within the time that the rule set gives (housing plan, measure 2.1.1).
        Inspection = "INSPECTION",
        /// Room left under the referral agreement (Husbanken's conditions for such agreements).
        ReferralQuota = "REFERRAL_QUOTA",
        /// Not demolished before the lease would end (husleieloven § 9-3; housing plan, on replacement homes).
        DemolitionWindow = "DEMOLITION_WINDOW",
        /// A protected address only where the home is cleared for it (folkeregisterloven § 10-4).
        ProtectedAddress = "PROTECTED_ADDRESS",
        /// No child in a robust or test home (barnekonvensjonen article 3; the kinds are in the rule set).
        NoChildrenInRobust = "NO_CHILDREN_IN_ROBUST",
        /// Round-the-clock care only after lower steps were tried (housing plan; the kinds are in the rule set).
        LowerStepsFirst = "LOWER_STEPS_FIRST",
        /// Not in one building with a household near which it would be unsafe or must not live.
        ExcludedNeighbour = "EXCLUDED_NEIGHBOUR",
    }
}

impl Constraint {
    /// This constraint's bit in a [`ConstraintSet`].
    pub(super) const fn bit(self) -> u16 {
        match self {
            Self::NotVacant => 1,
            Self::Capacity => 1 << 1,
            Self::Bedrooms => 1 << 2,
            Self::Features => 1 << 3,
            Self::FloorWithoutLift => 1 << 4,
            Self::Category => 1 << 5,
            Self::AgeWindow => 1 << 6,
            Self::Services => 1 << 7,
            Self::ExcludedArea => 1 << 8,
            Self::Inspection => 1 << 9,
            Self::ReferralQuota => 1 << 10,
            Self::DemolitionWindow => 1 << 11,
            Self::ProtectedAddress => 1 << 12,
            Self::NoChildrenInRobust => 1 << 13,
            Self::LowerStepsFirst => 1 << 14,
            Self::ExcludedNeighbour => 1 << 15,
        }
    }
}

/// Constraints that do not hold for a pair, two bytes for all; in JSON a list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ConstraintSet(pub(super) u16);

impl ConstraintSet {
    /// Whether nothing stands in the way.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this constraint is in the set.
    #[must_use]
    pub const fn contains(self, constraint: Constraint) -> bool {
        self.0 & constraint.bit() != 0
    }

    /// How many constraints are in the set.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The constraints in the set, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Constraint> {
        Constraint::ALL
            .iter()
            .copied()
            .filter(move |constraint| self.contains(*constraint))
    }

    /// Adds a constraint when it fails.
    pub(super) fn add_if(&mut self, fails: bool, constraint: Constraint) {
        if fails {
            self.0 |= constraint.bit();
        }
    }
}

impl FromIterator<Constraint> for ConstraintSet {
    fn from_iter<I: IntoIterator<Item = Constraint>>(constraints: I) -> Self {
        Self(
            constraints
                .into_iter()
                .fold(0, |bits, constraint| bits | constraint.bit()),
        )
    }
}

impl Serialize for ConstraintSet {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for ConstraintSet {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<Constraint>::deserialize(from)?.into_iter().collect())
    }
}

impl PartialSchema for ConstraintSet {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Constraint::schema()).into()
    }
}

impl ToSchema for ConstraintSet {}

/// Whether a home has a feature, named or implied: where a wheelchair can go there are no steps.
pub(super) fn has_feature(home: &HomeFacts, feature: Feature) -> bool {
    home.features.contains(&feature)
        || (feature == Feature::StepFree && home.features.contains(&Feature::Wheelchair))
}

/// Whether a home has a service, named or implied: staff round the clock are there by day too.
pub(super) fn has_service(home: &HomeFacts, service: Service) -> bool {
    home.services.contains(&service)
        || (service == Service::StaffedByDay
            && home.services.contains(&Service::StaffedRoundTheClock))
}
