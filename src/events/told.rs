//! Which acts the world outside is told of, as what, and whom: the closed table. What is not here stays in the house.

use crate::audit::{Entry, Subject, SubjectKind};
use crate::codes;

codes! {
    /// Who is told of an event.
    pub enum Audience {
        /// NAV and its systems: cases, referrals, temporary accommodation.
        Nav = "NAV",
        /// Whoever runs the buildings ("FDV"): homes.
        Facilities = "FACILITIES",
    }
}

/// Declares the types of events together with the act that each tells of.
macro_rules! told {
    ($($(#[$meta:meta])* $name:ident = $code:literal when $action:literal about $subject:ident as $noun:literal to $audience:ident;)+) => {
        codes! {
            /// What happened, as the `type` of a `CloudEvent`. What a type means never changes; another meaning is another version.
            pub enum EventType { $($(#[$meta])* $name = $code),+ }
        }

        impl EventType {
            /// The act in the audit log that it tells of.
            #[must_use]
            pub const fn action(self) -> &'static str {
                match self { $(Self::$name => $action),+ }
            }

            /// Which of the things that the act concerns it names.
            #[must_use]
            pub const fn subject(self) -> SubjectKind {
                match self { $(Self::$name => SubjectKind::$subject),+ }
            }

            /// What the thing is called in addresses of this service.
            #[must_use]
            pub const fn noun(self) -> &'static str {
                match self { $(Self::$name => $noun),+ }
            }

            /// Who is told.
            #[must_use]
            pub const fn audience(self) -> Audience {
                match self { $(Self::$name => Audience::$audience),+ }
            }
        }
    };
}

told! {
    /// A referral was received.
    ReferralReceived = "no.rettbolig.referral.received.v1" when "referral.received" about Policy as "nav/referrals" to Nav;
    /// A referral became a case, or part of one.
    ReferralAccepted = "no.rettbolig.referral.accepted.v1" when "referral.accepted" about Policy as "nav/referrals" to Nav;
    /// A referral was sent back.
    ReferralReturned = "no.rettbolig.referral.returned.v1" when "referral.returned" about Policy as "nav/referrals" to Nav;
    /// A referral was taken back by its sender.
    ReferralWithdrawn = "no.rettbolig.referral.withdrawn.v1" when "referral.withdrawn" about Policy as "nav/referrals" to Nav;
    /// Temporary accommodation was decided on.
    ShelterDecided = "no.rettbolig.shelter.decided.v1" when "shelter.decided" about Policy as "shelters/decisions" to Nav;
    /// A stay in temporary accommodation began.
    StayBegun = "no.rettbolig.shelter.stay-begun.v1" when "shelter.stay_begun" about Policy as "shelters/stays" to Nav;
    /// A stay in temporary accommodation ended.
    StayEnded = "no.rettbolig.shelter.stay-ended.v1" when "shelter.stay_ended" about Policy as "shelters/stays" to Nav;
    /// A tenancy is in arrears, and a petition for eviction may follow in two weeks.
    EvictionNotified = "no.rettbolig.eviction.notified.v1" when "eviction.notified" about Policy as "nav/eviction-notices" to Nav;
    /// Arrears are paid or agreed upon.
    EvictionSettled = "no.rettbolig.eviction.settled.v1" when "eviction.settled" about Policy as "nav/eviction-notices" to Nav;
    /// A petition for eviction was sent.
    EvictionPetitioned = "no.rettbolig.eviction.petitioned.v1" when "eviction.petitioned" about Policy as "nav/eviction-notices" to Nav;
    /// An application reached the municipality.
    ApplicationReceived = "no.rettbolig.application.received.v1" when "application.received" about Application as "applications" to Nav;
    /// Documents are asked for.
    DocumentsRequested = "no.rettbolig.application.documents-requested.v1" when "application.documents_requested" about Application as "applications" to Nav;
    /// An application was withdrawn.
    ApplicationWithdrawn = "no.rettbolig.application.withdrawn.v1" when "application.withdrawn" about Application as "applications" to Nav;
    /// An application was sent to the responsible body.
    ApplicationForwarded = "no.rettbolig.application.forwarded.v1" when "application.forwarded" about Application as "applications" to Nav;
    /// A case was decided; what was decided is asked for.
    DecisionMade = "no.rettbolig.decision.made.v1" when "decision.approved" about Application as "applications" to Nav;
    /// A home was offered.
    OfferMade = "no.rettbolig.offer.made.v1" when "offer.made" about Application as "applications" to Nav;
    /// An offer was accepted.
    OfferAccepted = "no.rettbolig.offer.accepted.v1" when "offer.accepted" about Application as "applications" to Nav;
    /// An offer was declined.
    OfferDeclined = "no.rettbolig.offer.declined.v1" when "offer.declined" about Application as "applications" to Nav;
    /// A home was registered.
    DwellingRegistered = "no.rettbolig.dwelling.registered.v1" when "dwelling.registered" about Dwelling as "dwellings" to Facilities;
    /// What is known of a home was changed.
    DwellingDescribed = "no.rettbolig.dwelling.described.v1" when "dwelling.described" about Dwelling as "dwellings" to Facilities;
    /// A home can be let.
    DwellingAvailable = "no.rettbolig.dwelling.made-available.v1" when "dwelling.made_available" about Dwelling as "dwellings" to Facilities;
    /// A home is under repair.
    DwellingUnderRepair = "no.rettbolig.dwelling.repair-started.v1" when "dwelling.repair_started" about Dwelling as "dwellings" to Facilities;
    /// Notice was given of a home.
    DwellingNotice = "no.rettbolig.dwelling.notice-given.v1" when "dwelling.notice_given" about Dwelling as "dwellings" to Facilities;
    /// A home was left and must be made ready.
    DwellingVacated = "no.rettbolig.dwelling.vacated.v1" when "dwelling.moved_out_of" about Dwelling as "dwellings" to Facilities;
    /// A home will be demolished.
    DemolitionPlanned = "no.rettbolig.dwelling.demolition-planned.v1" when "dwelling.demolition_planned" about Dwelling as "dwellings" to Facilities;
    /// A home left the municipality's stock.
    DwellingDisposed = "no.rettbolig.dwelling.disposed.v1" when "dwelling.disposed" about Dwelling as "dwellings" to Facilities;
}

impl EventType {
    /// What the world outside is told of an act, if anything.
    #[must_use]
    pub fn of(action: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.action() == action)
    }

    /// The thing of an entry that the event names.
    #[must_use]
    pub fn subject_of(self, entry: &Entry) -> Option<Subject> {
        let mut subjects = entry.subjects.iter().copied();
        subjects.find(|subject| subject.kind == self.subject())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_act_is_told_once() {
        let acts: BTreeSet<_> = EventType::ALL.iter().map(|it| it.action()).collect();
        assert_eq!(acts.len(), EventType::ALL.len());
    }

    #[test]
    fn who_is_told_of_homes_is_not_told_of_cases() {
        for kind in EventType::ALL {
            let of_home = kind.subject() == SubjectKind::Dwelling;
            assert_eq!(of_home, kind.audience() == Audience::Facilities, "{kind}");
        }
    }
}
