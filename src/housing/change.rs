//! Every change of a home, kept as it was made: what was done, since which day, and why.

use diesel::{Insertable, Queryable, Selectable};

use super::dwelling::{Description, Dwelling};
use super::lifecycle::Move;
use super::model::DwellingState;
use crate::clock::{Day, Instant};
use crate::codes;
use crate::db::types::Json;
use crate::ids::{DwellingId, MunicipalityId};

codes! {
    /// What kind of change it was.
    pub enum ChangeKind {
        /// The home came into the register.
        Registered = "REGISTERED",
        /// It was described anew.
        Described = "DESCRIBED",
        /// It was moved along in its life.
        Moved = "MOVED",
    }
}

/// What moves a home along, since when and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happening {
    pub(super) step: Move,
    pub(super) on: Day,
    /// The code of the reason, where the step has one.
    pub(super) reason: Option<&'static str>,
}

/// A change of a home. It is never changed itself.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::db::schema::dwelling_change)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Change {
    pub(super) municipality_id: MunicipalityId,
    pub(super) dwelling_id: DwellingId,
    /// The home's version since this change.
    pub(super) version: i32,
    pub(super) kind: ChangeKind,
    pub(super) step: Option<Move>,
    pub(super) reason: Option<String>,
    /// Where the home stands since.
    pub(super) state: DwellingState,
    /// Since which day that holds.
    pub(super) on_day: Day,
    pub(super) rent_ore: i64,
    /// The description, where it is new.
    pub(super) description: Option<Json<Description>>,
    pub(super) changed_at: Instant,
}

impl Change {
    /// The home came into the register, and stands there since the day that it says.
    pub(super) fn registered(home: &Dwelling) -> Self {
        Self {
            municipality_id: home.municipality_id,
            dwelling_id: home.id,
            version: home.version,
            kind: ChangeKind::Registered,
            step: None,
            reason: None,
            state: home.state,
            on_day: home.state_since,
            rent_ore: home.description.rent_ore,
            description: Some(Json(home.description.clone())),
            changed_at: home.created_at,
        }
    }

    /// The home is described anew from now on.
    pub(super) fn described(home: &Dwelling, now: Instant) -> Self {
        Self {
            kind: ChangeKind::Described,
            on_day: now.day(),
            changed_at: now,
            ..Self::registered(home)
        }
    }

    /// The home was moved along.
    pub(super) fn moved(home: &Dwelling, by: &Happening, now: Instant) -> Self {
        Self {
            kind: ChangeKind::Moved,
            step: Some(by.step),
            reason: by.reason.map(str::to_owned),
            description: None,
            changed_at: now,
            ..Self::registered(home)
        }
    }
}
