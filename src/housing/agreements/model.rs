//! The nouns of agreements.

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::{AgreementId, MunicipalityId};

codes! {
    /// What kind of agreement it is.
    pub enum AgreementKind {
        /// "Tilvisningsavtale": a share of the units, by referral.
        Referral = "REFERRAL",
        /// "Tildelingsavtale": all units are reserved.
        Nomination = "NOMINATION",
        /// "Innleieavtale": the municipality is itself the tenant, and lets on.
        LeaseIn = "LEASE_IN",
    }
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::agreement, treat_none_as_default_value = false)]
pub(super) struct Agreement {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: AgreementId,
    pub(super) version: i32,
    pub(super) kind: AgreementKind,
    /// What it is called.
    pub(super) name: String,
    /// With whom; never a private person's name.
    pub(super) counterparty: Option<String>,
    /// The organisation number of the other party.
    pub(super) counterparty_number: Option<String>,
    pub(super) starts_on: Day,
    /// The first day on which it no longer holds.
    pub(super) ends_on: Day,
    /// How many units the buildings have that it is about.
    pub(super) units: i32,
    /// How many of them may be in use at a time.
    pub(super) usable: i32,
    /// How many are: held for somebody, or lived in.
    pub(super) in_use: i32,
    /// The shortest lease, in months.
    pub(super) lease_months_min: i16,
    /// How many days before its end it warns.
    pub(super) warn_days: i16,
    pub(super) created_at: Instant,
}

/// What is said of an agreement. What is left out follows from its kind.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SayAgreement {
    pub(super) kind: AgreementKind,
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
    /// With whom; never a private person's name.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) counterparty: Option<String>,
    /// The organisation number of the other party.
    #[schema(min_length = 1, max_length = 20)]
    pub(super) counterparty_number: Option<String>,
    pub(super) starts_on: Day,
    /// The first day on which it no longer holds: by the stock's rules when not given; of a contract of lease it must be.
    pub(super) ends_on: Option<Day>,
    /// How many units the buildings have that it is about.
    #[schema(minimum = 1, maximum = 2000)]
    pub(super) units: i32,
    /// How many percent of the units may be in use at a time under a referral agreement; as many as the stock's rules
    /// allow when not given, and never more.
    #[schema(minimum = 1, maximum = 100)]
    pub(super) quota_percent: Option<i32>,
    /// The shortest lease, in months; under a referral or nomination agreement that of the stock's rules when not given, and never
    /// shorter.
    #[schema(minimum = 1, maximum = 120)]
    pub(super) lease_months_min: Option<i16>,
    /// How many days before its end it warns; by the stock's rules when not given.
    #[schema(minimum = 0, maximum = 3650)]
    pub(super) warn_days: Option<i16>,
}
