//! The nouns of people and households.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::access::AddressProtection;
use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::{HouseholdId, PersonId};
use crate::national_id::NationalId;

/// A person to be registered ("person").
#[derive(Clone)]
pub struct NewPerson {
    /// The number in the population register.
    pub national_id: NationalId,
    /// What the person is called.
    pub name: Name,
    /// Birth date, a register field of its own: a national id does not tell the century.
    pub born_on: Day,
    /// How well the address is protected.
    pub protection: AddressProtection,
    /// How to reach the person.
    pub contact: Contact,
}

/// A person's name ("navn").
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Name {
    /// Given and middle names ("fornavn", "mellomnavn").
    pub given_name: String,
    /// "Etternavn".
    pub family_name: String,
}

impl Name {
    /// Given and family name in one text.
    #[must_use]
    pub fn whole(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

/// How a person can be reached ("kontaktopplysninger").
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where letters go.
    pub address: Option<PostalAddress>,
}

/// A postal address in Norway ("postadresse").
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostalAddress {
    /// Street and number, or post box.
    #[schema(min_length = 1, max_length = 200)]
    pub street: String,
    /// Four digits ("postnummer").
    #[schema(pattern = "^[0-9]{4}$")]
    pub postal_code: String,
    /// "Poststed".
    #[schema(min_length = 1, max_length = 100)]
    pub postal_place: String,
}

/// Keeps personal data out of logs and panics.
macro_rules! redacted {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        })+
    };
}

redacted!(NewPerson, Name, Contact, PostalAddress);

/// People who will live together ("husstand").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Which one.
    pub id: HouseholdId,
    /// Rises whenever what is shown of the household changes.
    pub version: i32,
    /// Those who belong to it, in the order of their ids.
    pub members: Vec<Member>,
}

/// Somebody in a household ("husstandsmedlem").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person_id: PersonId,
    /// As what.
    pub role: MemberRole,
    /// How many days in a fortnight this member lives here: fewer than 14 for a child of parents who live apart.
    pub residence_days: i16,
    /// Birth date.
    pub born_on: Day,
    /// How well the address is protected. For rules only: it is never shown.
    pub protection: AddressProtection,
    /// Since when it is known that this member has died.
    pub death_known_at: Option<Instant>,
}

impl Member {
    /// When it became known that this member has died, as far as was known at a moment, or is known now.
    #[must_use]
    pub fn death_as_of(&self, at: Option<Instant>) -> Option<Instant> {
        let then = |known_at: &Instant| at.is_none_or(|at| *known_at <= at);
        self.death_known_at.filter(then)
    }
}

/// Somebody to be a member of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMember {
    /// Who.
    pub person_id: PersonId,
    /// As what.
    pub role: MemberRole,
    /// How many days in a fortnight, 1 to 14.
    pub residence_days: i16,
}

/// Days in a fortnight, by which shared residence ("delt bosted") is agreed.
pub const FORTNIGHT_DAYS: i16 = 14;

codes! {
    /// What a member is in the household ("rolle i husstanden").
    pub enum MemberRole {
        /// The one who applies ("søker").
        Applicant = "APPLICANT",
        /// Applies together with the applicant, as a couple ("medsøker").
        CoApplicant = "CO_APPLICANT",
        /// Somebody under age, wholly or partly living here ("barn").
        Child = "CHILD",
        /// Another adult ("annen voksen").
        OtherAdult = "OTHER_ADULT",
    }
}
