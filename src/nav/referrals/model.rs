//! The nouns of a referral: what NAV says of a person, and on which legal basis.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Rooms;
use crate::applications::Urgency;
use crate::clock::Day;
use crate::codes;
use crate::people::MemberRole;
use crate::situations::SituationReason;

codes! {
    /// Why NAV may say what it says, and be told what becomes of it (forvaltningsloven § 13 and following).
    pub enum ReferralBasis {
        /// The person has consented ("samtykke", fvl § 13 a no. 1).
        Consent = "CONSENT",
        /// NAV takes part in finding homes ("medvirkning", sosialtjenesteloven § 15).
        SocialServicesAct = "SOCIAL_SERVICES_ACT",
        /// To avert danger to life or health ("nødrett", fvl § 13 f).
        Necessity = "NECESSITY",
    }
}

/// What the referrer may be told of what becomes of a referral. Whether it was accepted or returned is told always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reveals {
    /// How far the case has come.
    pub progress: bool,
    /// Whether a home was granted or refused.
    pub outcome: bool,
}

impl ReferralBasis {
    /// What may be told on this basis: by consent all; to take part in finding a home how far the case is, and how it ended; to have
    /// averted danger nothing more.
    #[must_use]
    pub const fn reveals(self) -> Reveals {
        match self {
            Self::Consent => Reveals {
                progress: true,
                outcome: true,
            },
            Self::SocialServicesAct => Reveals {
                progress: true,
                outcome: false,
            },
            Self::Necessity => Reveals {
                progress: false,
                outcome: false,
            },
        }
    }
}

codes! {
    /// Why a referral is sent back.
    pub enum ReferralReturn {
        /// Another municipality is responsible.
        OtherMunicipality = "OTHER_MUNICIPALITY",
        /// It is not about a home.
        NotAboutHousing = "NOT_ABOUT_HOUSING",
        /// Too little is said to begin with.
        InformationMissing = "INFORMATION_MISSING",
        /// NAV had no legal basis for sending it.
        NoLegalBasis = "NO_LEGAL_BASIS",
        /// The same was sent before under another reference.
        SentTwice = "SENT_TWICE",
    }
}

codes! {
    /// How far a case has come, as NAV is told.
    pub enum ReferralProgress {
        /// Being worked on.
        Underway = "IN_PROGRESS",
        /// Decided; a home is not found yet.
        Waiting = "WAITING",
        /// A home is offered.
        Offered = "OFFERED",
        /// Has a home.
        Housed = "HOUSED",
        /// Ended in another way.
        Ended = "ENDED",
    }
}

codes! {
    /// What was decided, as NAV is told.
    pub enum ReferralOutcome {
        /// A home was granted.
        Granted = "GRANTED",
        /// Refused.
        Refused = "REFUSED",
    }
}

/// A referral as NAV sends it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SendReferral {
    /// NAV's own reference: the same referral sent again under it is one referral. Not a national id.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]
    pub(super) reference: String,
    /// Whom it is about; who will apply.
    pub(super) person: ReferredPerson,
    /// The guardian ("verge"), who speaks for the person: needed of somebody under 18 (vergemålsloven § 9). A parent, or whoever the county
    /// governor has appointed, as for a child that came alone (vergemålsloven § 16, utlendingsloven § 98 b).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) guardian: Option<ReferredPerson>,
    /// The others who will live there.
    #[serde(default)]
    #[schema(max_items = 19)]
    pub(super) household: Vec<ReferredMember>,
    /// The housing situation.
    pub(super) situation: ReferredSituation,
    /// How soon a home is needed, as NAV sees it.
    pub(super) urgency: Urgency,
    /// From when a home is wished.
    #[serde(default)]
    pub(super) wished_from: Option<Day>,
    /// Why NAV may send this.
    pub(super) legal_basis: ReferralBasis,
    /// The person's consent; needed where it is the legal basis, and only there.
    #[serde(default)]
    pub(super) consent: Option<Consent>,
    /// Whom to ask at NAV.
    pub(super) contact: ReferrerContact,
    /// What the team should know. Health and crime only where necessary.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) summary: Option<String>,
    /// The compartments in which the summary lies; that of the situation when not given, none when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) compartments: Option<Rooms>,
}

impl SendReferral {
    /// The compartments in which lies why a home is needed.
    pub(super) fn rooms_of_situation(&self) -> Rooms {
        self.situation.reason.compartment().into_iter().collect()
    }

    /// The compartments in which the summary lies. NAV knows what it says, whoever of NAV sends it, so nothing is asked of the sender.
    pub(super) fn rooms_of_summary(&self) -> Rooms {
        let said = self.compartments.clone();
        said.unwrap_or_else(|| self.rooms_of_situation())
    }
}

/// A person as NAV knows that person.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReferredPerson {
    /// "Fødselsnummer" or "D-nummer", eleven digits.
    #[schema(max_length = 20)]
    pub(super) national_id: String,
    /// Given and middle names.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    pub(super) given_name: String,
    /// Family name.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    pub(super) family_name: String,
    /// Birth date.
    pub(super) born_on: Day,
    /// Telephone number.
    #[serde(default)]
    #[schema(pattern = r"^\+?[0-9 ]{5,20}$")]
    pub(super) phone: Option<String>,
}

/// Somebody who will live there too.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReferredMember {
    /// "Fødselsnummer" or "D-nummer", eleven digits.
    #[schema(max_length = 20)]
    pub(super) national_id: String,
    /// Given and middle names.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    pub(super) given_name: String,
    /// Family name.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    pub(super) family_name: String,
    /// Birth date.
    pub(super) born_on: Day,
    /// As what; not `APPLICANT`, who is the person referred.
    pub(super) role: MemberRole,
    /// Days in a fortnight that a child lives here; 14 when not given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 14)]
    pub(super) residence_days: Option<i16>,
}

/// A housing situation as NAV sees it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReferredSituation {
    /// Why.
    pub(super) reason: SituationReason,
    /// Since when.
    pub(super) since: Day,
}

/// A consent to share information.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Consent {
    /// When it was given.
    pub(super) given_on: Day,
    /// The last day on which NAV may be told on its strength; at most a year after it was given.
    pub(super) valid_until: Day,
}

/// Whom to ask at NAV.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReferrerContact {
    /// The adviser, or the office.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
    /// Telephone number.
    #[schema(pattern = r"^\+?[0-9 ]{5,20}$")]
    pub(super) phone: String,
}

macro_rules! redacted {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        })+
    };
}

redacted!(
    SendReferral,
    ReferredPerson,
    ReferredMember,
    ReferredSituation,
    Consent,
    ReferrerContact
);
