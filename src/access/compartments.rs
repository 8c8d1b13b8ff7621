//! Special parts of what is known of people, each behind a door of its own: health, economy, crime, child welfare.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use utoipa::openapi::{RefOr, schema::Schema};
use utoipa::{PartialSchema, ToSchema};

use super::rules::Refusal;
use crate::codes;
use crate::problem::Problem;

codes! {
    /// A part of what is known of people that not everybody needs who handles their case ("rom for særlige opplysninger").
    pub enum Compartment {
        /// Means, income, arrears ("økonomi").
        Economy = "ECONOMY",
        /// Health, disability, need of care (personvernforordningen art. 9).
        Health = "HEALTH",
        /// Prison, violence, those who flee from it (personvernforordningen art. 10).
        Crime = "CRIME",
        /// What the child welfare service said (barnevernsloven § 13-1).
        ChildWelfare = "CHILD_WELFARE",
    }
}

/// The compartments into which somebody may look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openings(BTreeSet<Compartment>);

impl Openings {
    /// All of them: for the person itself, and for the service.
    #[must_use]
    pub fn all() -> Self {
        Compartment::ALL.iter().copied().collect()
    }

    /// Whether what lies there may be seen; what lies nowhere always may.
    #[must_use]
    pub fn contains(&self, compartment: Option<Compartment>) -> bool {
        compartment.is_none_or(|it| self.0.contains(&it))
    }

    /// Refuses to write, at this place of the body, what whoever writes could not read.
    pub fn must_contain(
        &self,
        compartment: Option<Compartment>,
        at: &'static str,
    ) -> Result<(), Problem> {
        if self.contains(compartment) {
            return Ok(());
        }
        Err(Problem::from(Refusal::CompartmentClosed).fact("pointer", at))
    }

    /// The same and those of another.
    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl FromIterator<Compartment> for Openings {
    fn from_iter<I: IntoIterator<Item = Compartment>>(compartments: I) -> Self {
        Self(compartments.into_iter().collect())
    }
}

/// Something of which some members lie in compartments.
pub trait Compartmented {
    /// The members, by their names in JSON, with each compartment in which they may lie.
    const MEMBERS: &'static [(&'static str, Compartment)];

    /// Whether what a member says lies in this one of its compartments; where that depends on what it says.
    fn lies_in(&self, _member: &str, _compartment: Compartment) -> bool {
        true
    }
}

/// What is shown of something to somebody: the members that lie in a compartment closed to the reader are absent; not masked, not null.
#[derive(Debug, Clone)]
pub struct Open<T> {
    what: T,
    openings: Openings,
}

impl<T: Compartmented> Open<T> {
    /// Shows it to whoever may look into these compartments.
    #[must_use]
    pub const fn to(openings: Openings, what: T) -> Self {
        Self { what, openings }
    }

    /// Whether anything of it is absent.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        T::MEMBERS.iter().any(|(member, _)| self.is_closed(member))
    }

    fn is_closed(&self, member: &str) -> bool {
        T::MEMBERS.iter().any(|(name, compartment)| {
            *name == member
                && !self.openings.contains(Some(*compartment))
                && self.what.lies_in(member, *compartment)
        })
    }
}

impl<T: Compartmented + Serialize> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !self.is_partial() {
            return self.what.serialize(to);
        }
        let mut shown = serde_json::to_value(&self.what).map_err(S::Error::custom)?;
        if let Some(members) = shown.as_object_mut() {
            members.retain(|member, _| !self.is_closed(member));
        }
        shown.serialize(to)
    }
}

/// The schema of the thing itself, where any member that lies in a compartment may be absent.
impl<T: Compartmented + ToSchema> PartialSchema for Open<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let is_any = |it: &String| T::MEMBERS.iter().any(|(member, _)| member == it);
            object.required.retain(|it| !is_any(it));
        }
        schema
    }
}

impl<T: Compartmented + ToSchema> ToSchema for Open<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Known {
        means: u32,
        name: &'static str,
    }

    impl Compartmented for Known {
        const MEMBERS: &'static [(&'static str, Compartment)] = &[("means", Compartment::Economy)];
    }

    fn shown(openings: Openings) -> String {
        let known = Known {
            means: 12,
            name: "Kari",
        };
        serde_json::to_string(&Open::to(openings, known)).unwrap()
    }

    #[test]
    fn what_lies_behind_a_closed_door_is_absent() {
        assert_eq!(shown(Openings::all()), r#"{"means":12,"name":"Kari"}"#);
        let health = Openings::from_iter([Compartment::Health]);
        assert_eq!(shown(health.clone()), r#"{"name":"Kari"}"#);
        let refused = health.must_contain(Some(Compartment::Economy), "/means");
        assert_eq!(refused.unwrap_err().kind.code, "compartment_closed");
        assert!(health.must_contain(None, "/name").is_ok());
    }
}
