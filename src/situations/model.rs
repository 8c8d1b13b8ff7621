//! What can be true of a household's housing, in the terms of the municipal housing plan and of the national counts.

use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Compartment, Compartmented, Open};
use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::{HouseholdId, SituationId};

/// A household's housing situation over a period ("boligsituasjon").
// Read in this order by the store.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Situation {
    /// Which one.
    pub id: SituationId,
    /// Whose.
    pub household_id: HouseholdId,
    /// One of the three situations of the housing plan.
    pub kind: SituationKind,
    /// Why.
    pub reason: SituationReason,
    /// The first day on which it holds.
    pub valid_from: Day,
    /// The first day on which it no longer holds; null as long as no end is known.
    pub valid_until: Option<Day>,
    /// Who said so.
    pub source: Source,
    /// Whether somebody checked it.
    pub verification: Verification,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Since when it is known to have been wrong; absent where nobody has found it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<Instant>,
}

impl Situation {
    /// Whether it says this already.
    pub(super) fn says(&self, new: &NewSituation) -> bool {
        (self.reason, self.source, self.verification) == (new.reason, new.source, new.verification)
            && (self.valid_from, self.valid_until) == (new.valid_from, new.valid_until)
    }

    /// Whether it was known at a moment: recorded by then, and not corrected yet.
    #[must_use]
    pub fn was_known(&self, at: Instant) -> bool {
        self.recorded_at <= at && self.corrected_at.is_none_or(|corrected| at < corrected)
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day < until)
    }
}

/// A situation as it is shown to somebody.
pub type OpenSituation = Open<Situation>;

impl Compartmented for Situation {
    const MEMBERS: &'static [(&'static str, Compartment)] = &[
        ("reason", Compartment::Economy),
        ("reason", Compartment::Health),
        ("reason", Compartment::Crime),
        ("source", Compartment::Health),
        ("source", Compartment::Crime),
        ("source", Compartment::ChildWelfare),
    ];

    fn lies_in(&self, member: &str, compartment: Compartment) -> bool {
        let lies_in = match member {
            "reason" => self.reason.compartment(),
            _ => self.source.compartment(),
        };
        lies_in == Some(compartment)
    }
}

/// A situation to be recorded of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSituation {
    /// Why; the kind follows from it.
    pub reason: SituationReason,
    /// The first day on which it holds.
    pub valid_from: Day,
    /// The first day on which it no longer holds, where that is known.
    pub valid_until: Option<Day>,
    /// Who said so.
    pub source: Source,
    /// Whether somebody checked it.
    pub verification: Verification,
}

codes! {
    /// The three situations in which the municipality's duty arises (housing plan, section 1.2).
    pub enum SituationKind {
        /// "Er uten bolig".
        Homeless = "HOMELESS",
        /// "Står i fare for å miste boligen sin".
        AtRisk = "AT_RISK",
        /// "Bor i uegnet bolig eller bomiljø".
        UnsuitableHousing = "UNSUITABLE_HOUSING",
    }
}

codes! {
    /// Why a household is in its situation. Each reason belongs to one situation; the first seven are those by which
    /// homelessness is counted nationally (BOKART).
    pub enum SituationReason {
        /// Sleeps out ("sover ute").
        SleepingOut = "SLEEPING_OUT",
        /// Acute overnight place ("akuttovernatting").
        AcuteOvernight = "ACUTE_OVERNIGHT",
        /// Temporary accommodation ("midlertidig botilbud").
        TemporaryAccommodation = "TEMPORARY_ACCOMMODATION",
        /// Crisis shelter ("krisesenter").
        CrisisShelter = "CRISIS_SHELTER",
        /// Leaves prison within two months without a home ("løslates uten bolig").
        LeavingPrison = "LEAVING_PRISON",
        /// Leaves an institution within two months without a home ("utskrives uten bolig").
        LeavingInstitution = "LEAVING_INSTITUTION",
        /// Temporarily with friends or relatives ("midlertidig hos venner eller slekt").
        WithFriendsOrRelatives = "WITH_FRIENDS_OR_RELATIVES",
        /// Settled by agreement with the state, without a home yet ("bosetting av flyktning").
        RefugeeSettlement = "REFUGEE_SETTLEMENT",
        /// Eviction notified ("varsel om utkastelse").
        EvictionNotified = "EVICTION_NOTIFIED",
        /// The lease ends and is not renewed ("leieforhold opphører").
        LeaseEnding = "LEASE_ENDING",
        /// Rent or mortgage not paid ("husleierestanse").
        Arrears = "ARREARS",
        /// The home will be demolished ("skal rives").
        DisplacedByDemolition = "DISPLACED_BY_DEMOLITION",
        /// Too small for the household ("trangbodd").
        Overcrowded = "OVERCROWDED",
        /// Not accessible for somebody in the household ("ikke tilgjengelig").
        NotAccessible = "NOT_ACCESSIBLE",
        /// Endangers health ("helsefarlig").
        HealthHazard = "HEALTH_HAZARD",
        /// Violence or threats ("vold eller trusler").
        UnsafeFromViolence = "UNSAFE_FROM_VIOLENCE",
        /// A harmful neighbourhood ("uegnet bomiljø").
        HarmfulNeighbourhood = "HARMFUL_NEIGHBOURHOOD",
        /// Needs services that the home cannot be given ("tjenestebehov").
        NeedsCloserServices = "NEEDS_CLOSER_SERVICES",
    }
}

impl SituationReason {
    /// The situation that this reason gives.
    #[must_use]
    pub const fn kind(self) -> SituationKind {
        match self {
            Self::SleepingOut
            | Self::AcuteOvernight
            | Self::TemporaryAccommodation
            | Self::CrisisShelter
            | Self::LeavingPrison
            | Self::LeavingInstitution
            | Self::WithFriendsOrRelatives
            | Self::RefugeeSettlement => SituationKind::Homeless,
            Self::EvictionNotified
            | Self::LeaseEnding
            | Self::Arrears
            | Self::DisplacedByDemolition => SituationKind::AtRisk,
            Self::Overcrowded
            | Self::NotAccessible
            | Self::HealthHazard
            | Self::UnsafeFromViolence
            | Self::HarmfulNeighbourhood
            | Self::NeedsCloserServices => SituationKind::UnsuitableHousing,
        }
    }
}

impl SituationReason {
    /// The compartment in which it lies, if in any; the kind of situation does not tell it.
    #[must_use]
    pub const fn compartment(self) -> Option<Compartment> {
        match self {
            Self::Arrears | Self::EvictionNotified => Some(Compartment::Economy),
            Self::LeavingInstitution
            | Self::NotAccessible
            | Self::HealthHazard
            | Self::NeedsCloserServices => Some(Compartment::Health),
            Self::LeavingPrison | Self::CrisisShelter | Self::UnsafeFromViolence => {
                Some(Compartment::Crime)
            }
            Self::SleepingOut
            | Self::AcuteOvernight
            | Self::TemporaryAccommodation
            | Self::WithFriendsOrRelatives
            | Self::RefugeeSettlement
            | Self::LeaseEnding
            | Self::DisplacedByDemolition
            | Self::Overcrowded
            | Self::HarmfulNeighbourhood => None,
        }
    }
}

impl Source {
    /// The compartment in which it lies that this source said something, if in any.
    #[must_use]
    pub const fn compartment(self) -> Option<Compartment> {
        match self {
            Self::HealthService => Some(Compartment::Health),
            Self::ChildWelfare => Some(Compartment::ChildWelfare),
            Self::CorrectionalService => Some(Compartment::Crime),
            Self::Applicant | Self::Nav | Self::Register | Self::Caseworker => None,
        }
    }
}

codes! {
    /// Where a fact about a household's housing comes from ("kilde").
    pub enum Source {
        /// The applicant or the representative said so.
        Applicant = "APPLICANT",
        /// NAV said so.
        Nav = "NAV",
        /// The health or care service said so.
        HealthService = "HEALTH_SERVICE",
        /// The child welfare service said so.
        ChildWelfare = "CHILD_WELFARE",
        /// The prison and probation service said so.
        CorrectionalService = "CORRECTIONAL_SERVICE",
        /// A public register said so.
        Register = "REGISTER",
        /// A caseworker saw it, for example at a visit.
        Caseworker = "CASEWORKER",
    }
}

codes! {
    /// Whether somebody checked the fact ("verifisering").
    pub enum Verification {
        /// Not checked yet.
        Unverified = "UNVERIFIED",
        /// Supported by a document.
        Documented = "DOCUMENTED",
        /// Confirmed by the source or at a visit.
        Confirmed = "CONFIRMED",
    }
}
