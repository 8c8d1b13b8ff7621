//! The words by which the housing stock is told: closed sets of codes.

use crate::codes;

codes! {
    /// What a lettable unit is for ("boligkategori"), with all kinds that the housing plan names.
    pub enum Category {
        /// "Ordinær kommunal utleiebolig".
        Ordinary = "ORDINARY",
        /// "Hybel", one room.
        Bedsit = "BEDSIT",
        /// "Robust bolig", reinforced and tolerant.
        Robust = "ROBUST",
        /// "Robust omsorgsbolig", for particularly challenging behaviour.
        RobustCare = "ROBUST_CARE",
        /// "Testleilighet", the step from robust to ordinary.
        Test = "TEST",
        /// "Treningsleilighet", for building skills in living on one's own.
        Training = "TRAINING",
        /// "Omsorgsbolig".
        Care = "CARE",
        /// "Bofellesskap", a cluster with common rooms.
        SharedHousing = "SHARED_HOUSING",
        /// "Bolig med heldøgns omsorg".
        RoundTheClockCare = "ROUND_THE_CLOCK_CARE",
        /// "Trygghetsbolig", between ordinary home and care.
        AssistedSenior = "ASSISTED_SENIOR",
        /// "Ungdomsbolig", for those from 15 to 25.
        Youth = "YOUTH_15_25",
        /// "Barne- og avlastningsbolig".
        ChildRespite = "CHILD_RESPITE",
        /// "Avvergerbolig", together with the child welfare duty service.
        CrisisDiversion = "CRISIS_DIVERSION",
        /// "Midlertidig botilbud".
        Temporary = "TEMPORARY",
        /// "Erstatningsbolig", for residents displaced by demolition.
        Replacement = "REPLACEMENT",
    }
}

codes! {
    /// By what right the municipality disposes of the unit ("disposisjonsform"), as KOSTRA counts it.
    pub enum Tenure {
        /// Owned by the municipality.
        Owned = "OWNED",
        /// Leased in from a private owner.
        LeasedIn = "LEASED_IN",
        /// Private, with a municipal right of disposal.
        PrivateWithRight = "PRIVATE_WITH_RIGHT",
        /// A share in a housing co-operative.
        CoopShare = "COOP_SHARE",
    }
}

codes! {
    /// What a unit has, or a household needs ("egenskap").
    pub enum Feature {
        /// Step-free entrance and inside.
        StepFree = "STEP_FREE",
        /// Usable by somebody in a wheelchair.
        Wheelchair = "WHEELCHAIR",
        /// A lift to the door.
        Lift = "LIFT",
        /// Adapted bathroom.
        AdaptedBath = "ADAPTED_BATH",
        /// Welfare technology installed.
        WelfareTechnology = "WELFARE_TECHNOLOGY",
        /// Reinforced surfaces and fittings.
        Reinforced = "REINFORCED",
        /// Sprinkler.
        Sprinkler = "SPRINKLER",
        /// Pets are allowed.
        PetsAllowed = "PETS_ALLOWED",
        /// Let with furniture.
        Furnished = "FURNISHED",
        /// Quiet surroundings.
        Quiet = "QUIET",
    }
}

codes! {
    /// A service that can be given on the spot ("tjeneste på stedet").
    pub enum Service {
        /// Staff who visit during the day.
        Ambulant = "AMBULANT",
        /// Somebody who coaches in keeping a home ("boveileder").
        TenancyCoach = "TENANCY_COACH",
        /// Staff on the premises by day.
        StaffedByDay = "STAFFED_BY_DAY",
        /// Staff on the premises day and night.
        StaffedRoundTheClock = "STAFFED_ROUND_THE_CLOCK",
    }
}

codes! {
    /// Where a unit stands in its life ("status").
    pub enum DwellingState {
        /// Planned by the housing plan, not begun.
        Planned = "PLANNED",
        /// Being built or bought.
        UnderConstruction = "UNDER_CONSTRUCTION",
        /// May be let today.
        Available = "AVAILABLE",
        /// Held for one household by a proposal.
        Reserved = "RESERVED",
        /// Decided for one household, not moved in.
        Allocated = "ALLOCATED",
        /// Lived in.
        Occupied = "OCCUPIED",
        /// Lived in, notice given.
        NoticeGiven = "NOTICE_GIVEN",
        /// Being made ready between tenants.
        Turnover = "TURNOVER",
        /// Under repair.
        UnderRepair = "UNDER_REPAIR",
        /// Must not be let, for a reason that is recorded.
        Blocked = "BLOCKED",
        /// Will be demolished.
        DemolitionPlanned = "DEMOLITION_PLANNED",
        /// Sold, demolished or handed back. The record stays.
        Disposed = "DISPOSED",
    }
}

codes! {
    /// Why a home must not be let ("sperregrunn").
    pub enum BlockReason {
        /// Fire safety is not as it must be.
        FireSafety = "FIRE_SAFETY",
        /// Damp, mould, pests or another danger to health.
        HealthHazard = "HEALTH_HAZARD",
        /// Damaged so that nobody can live there.
        Damage = "DAMAGE",
        /// The neighbourhood makes letting indefensible for a while.
        Neighbourhood = "NEIGHBOURHOOD",
        /// The right to dispose of it is disputed or running out.
        DisposalRight = "DISPOSAL_RIGHT",
        /// Kept free on purpose, for example for displaced residents.
        KeptFree = "KEPT_FREE",
    }
}

codes! {
    /// Why a home is repaired.
    pub enum RepairReason {
        /// Ordinary wear.
        Wear = "WEAR",
        /// Damage beyond wear.
        Damage = "DAMAGE",
        /// A fault found by inspection.
        Inspection = "INSPECTION",
        /// Made accessible or otherwise fitted to a need.
        Adaptation = "ADAPTATION",
        /// Renewed or made to use less energy.
        Upgrade = "UPGRADE",
    }
}

codes! {
    /// Why a home is kept without a case ("reservasjonsgrunn").
    pub enum KeepReason {
        /// Work by those who manage the building.
        FacilitiesWork = "FACILITIES_WORK",
        /// Shown to somebody, or looked over.
        Showing = "SHOWING",
        /// Used by the municipality itself for a while.
        OwnUse = "OWN_USE",
        /// Kept for residents who must leave their homes.
        ForDisplaced = "FOR_DISPLACED",
    }
}

codes! {
    /// How a home left the stock.
    pub enum DisposalReason {
        /// Sold.
        Sold = "SOLD",
        /// Demolished.
        Demolished = "DEMOLISHED",
        /// Handed back to whoever owns it.
        HandedBack = "HANDED_BACK",
        /// Never came to be: the plan was given up.
        GivenUp = "GIVEN_UP",
    }
}
