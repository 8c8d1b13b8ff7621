//! The nouns of upkeep.

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{Day, Instant};
use crate::codes;
use crate::housing::{BlockReason, ConditionClass, EnergyClass};
use crate::ids::{DwellingId, FindingId, InspectionId, MunicipalityId, OverrideId, UserId};

codes! {
    /// What was inspected.
    pub enum InspectionKind {
        /// Fire safety ("branntilsyn").
        FireSafety = "FIRE_SAFETY",
        /// The condition of the building ("tilstandskontroll").
        Condition = "CONDITION",
        /// Both, as the yearly inspection does.
        Both = "FIRE_SAFETY_AND_CONDITION",
        /// When a tenant moves in.
        MoveIn = "MOVE_IN",
        /// When a tenant has moved out.
        MoveOut = "MOVE_OUT",
    }
}

impl InspectionKind {
    /// Whether it is the inspection that every home must have each year.
    #[must_use]
    pub const fn is_yearly(self) -> bool {
        matches!(self, Self::FireSafety | Self::Both)
    }
}

codes! {
    /// Where something was found.
    pub enum FindingArea {
        /// Smoke alarm.
        SmokeAlarm = "SMOKE_ALARM",
        /// Fire extinguisher.
        FireExtinguisher = "FIRE_EXTINGUISHER",
        /// The way out.
        EscapeRoute = "ESCAPE_ROUTE",
        /// Sprinkler.
        Sprinkler = "SPRINKLER",
        /// Electrical installation.
        Electrical = "ELECTRICAL",
        /// Damp or mould.
        DampOrMould = "DAMP_OR_MOULD",
        /// Water and drain.
        WaterAndDrain = "WATER_AND_DRAIN",
        /// Heating.
        Heating = "HEATING",
        /// Ventilation.
        Ventilation = "VENTILATION",
        /// The building itself.
        Structure = "STRUCTURE",
        /// Pests.
        Pests = "PESTS",
        /// Access without steps, lift, bathroom.
        Accessibility = "ACCESSIBILITY",
        /// Walls, floors, fittings.
        Surfaces = "SURFACES",
        /// Something else.
        Other = "OTHER",
    }
}

impl FindingArea {
    /// Why a home is blocked for such a finding.
    pub(super) const fn block_reason(self) -> BlockReason {
        match self {
            Self::SmokeAlarm
            | Self::FireExtinguisher
            | Self::EscapeRoute
            | Self::Sprinkler
            | Self::Electrical => BlockReason::FireSafety,
            Self::DampOrMould | Self::Ventilation | Self::Pests | Self::Heating => {
                BlockReason::HealthHazard
            }
            Self::WaterAndDrain
            | Self::Structure
            | Self::Accessibility
            | Self::Surfaces
            | Self::Other => BlockReason::Damage,
        }
    }
}

codes! {
    /// How grave a finding is.
    pub enum Severity {
        /// To be kept in mind.
        Remark = "REMARK",
        /// To be put right by its day ("avvik").
        Defect = "DEFECT",
        /// Nobody may move in before it is put right.
        Blocking = "BLOCKING",
    }
}

codes! {
    /// How a finding was cleared.
    pub enum ClearedHow {
        /// Repaired.
        Repaired = "REPAIRED",
        /// Replaced by something new.
        Replaced = "REPLACED",
        /// Looked at again and not found.
        NotConfirmed = "NOT_CONFIRMED",
    }
}

codes! {
    /// What bars a home from being let.
    pub enum LettingObstacle {
        /// Its yearly inspection is overdue.
        InspectionOverdue = "INSPECTION_OVERDUE",
        /// Something was found that bars letting.
        BlockingFinding = "BLOCKING_FINDING",
    }
}

codes! {
    /// Why a home is let all the same for a while.
    pub enum OverrideReason {
        /// Other measures make it safe meanwhile ("kompenserende tiltak").
        MeasuresInPlace = "MEASURES_IN_PLACE",
        /// The repair is ordered and done before anybody moves in.
        RepairOrdered = "REPAIR_ORDERED",
        /// The inspection is ordered and done before anybody moves in.
        InspectionOrdered = "INSPECTION_ORDERED",
        /// Somebody would be without a roof otherwise, and is told.
        AcuteNeed = "ACUTE_NEED",
    }
}

/// An inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::inspection, treat_none_as_default_value = false)]
pub(super) struct Inspection {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: InspectionId,
    pub(super) dwelling_id: DwellingId,
    pub(super) kind: InspectionKind,
    pub(super) performed_on: Day,
    /// When the next one is due at the latest.
    pub(super) next_due_on: Day,
    pub(super) condition_class: Option<ConditionClass>,
    pub(super) energy_class: Option<EnergyClass>,
    pub(super) created_at: Instant,
}

/// Something that an inspection found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::inspection_finding, treat_none_as_default_value = false)]
pub(super) struct InspectionFinding {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: FindingId,
    pub(super) version: i32,
    pub(super) inspection_id: InspectionId,
    pub(super) dwelling_id: DwellingId,
    pub(super) area: FindingArea,
    pub(super) severity: Severity,
    /// When it is to be put right at the latest.
    pub(super) due_on: Option<Day>,
    /// When it was put right.
    pub(super) cleared_on: Option<Day>,
    pub(super) cleared_how: Option<ClearedHow>,
    pub(super) created_at: Instant,
}

/// That a home is let for a while although its inspection bars it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::letting_override, treat_none_as_default_value = false)]
pub(super) struct Override {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: OverrideId,
    pub(super) dwelling_id: DwellingId,
    /// What it overrides.
    pub(super) obstacle: LettingObstacle,
    pub(super) reason: OverrideReason,
    /// The first day on which it no longer holds.
    pub(super) valid_until: Day,
    pub(super) overridden_on: Day,
    #[serde(skip)]
    pub(super) overridden_by: Option<UserId>,
    pub(super) created_at: Instant,
}

/// Something that is found.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewFinding {
    pub(super) area: FindingArea,
    pub(super) severity: Severity,
    /// When it is to be put right at the latest; of a defect it must be said.
    pub(super) due_on: Option<Day>,
}

/// An inspection that was made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewInspection {
    pub(super) kind: InspectionKind,
    /// Not ahead of today.
    pub(super) performed_on: Day,
    /// When the next one is due at the latest; by the stock's rules when not given.
    pub(super) next_due_on: Option<Day>,
    pub(super) condition_class: Option<ConditionClass>,
    pub(super) energy_class: Option<EnergyClass>,
    /// What was found.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) findings: Vec<NewFinding>,
}
