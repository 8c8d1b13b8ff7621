//! What somebody has written about a case in words, together with the compartments in which lies what it says.
//!
//! A word is not a member: nobody but whoever writes knows whether it tells of an illness. So whoever writes says where it lies; where
//! nothing is said, it lies where the facts of the case do, for of those it tells ([`TextKind::retells_case`]). Text and compartments
//! are sealed together, so that neither can be had without the other.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compartments::{Compartment, Openings};
use crate::codes;
use crate::problem::Problem;

codes! {
    /// What is written about a case in words.
    pub enum TextKind {
        /// Reasons, conditions and alternatives of a decision.
        DecisionReasons = "DECISION_REASONS",
        /// What the allocation team recommends, and the dissent.
        Recommendation = "RECOMMENDATION",
        /// Why an exception from a criterion was made or not.
        CriterionException = "CRITERION_EXCEPTION",
        /// What an appellant wants, and why.
        AppealGrounds = "APPEAL_GROUNDS",
        /// Why an appeal is taken up late, or not taken up.
        AppealAdmissibility = "APPEAL_ADMISSIBILITY",
        /// What the first instance says to an appeal.
        AppealAssessment = "APPEAL_ASSESSMENT",
        /// Why the body of appeal decided so.
        AppealOutcome = "APPEAL_OUTCOME",
        /// Why temporary accommodation is granted or refused.
        ShelterReasons = "SHELTER_REASONS",
        /// What comes after temporary accommodation.
        ExitPlan = "EXIT_PLAN",
        /// Why a case takes longer, as the applicant is told.
        DelayReason = "DELAY_REASON",
        /// What NAV says beside the codes of a referral.
        ReferralSummary = "REFERRAL_SUMMARY",
    }
}

impl TextKind {
    /// Whether it tells again what is known of the case, so that it lies where that does unless whoever writes says otherwise.
    ///
    /// What the team says it has heard together, so it lies in no compartment that the team has not; why a case takes longer is no
    /// fact about the people in it.
    #[must_use]
    pub const fn retells_case(self) -> bool {
        !matches!(self, Self::Recommendation | Self::DelayReason)
    }
}

/// The compartments in which lies what a text says; in none what everybody may read who sees the case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(max_items = 4)]
pub struct Rooms(BTreeSet<Compartment>);

impl Rooms {
    /// In none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// In these and those of another.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.0.extend(&other.0);
        self
    }

    /// Where a new text lies: where whoever writes says, if they may look there themselves; otherwise where the facts that it tells
    /// of lie, as far as they may look there: of the rest they know nothing.
    pub fn of_new(
        kind: TextKind,
        said: Option<&Self>,
        facts: impl IntoIterator<Item = Compartment>,
        (openings, at): (&Openings, &'static str),
    ) -> Result<Self, Problem> {
        if let Some(said) = said {
            for compartment in &said.0 {
                openings.must_contain(Some(*compartment), at)?;
            }
            return Ok(said.clone());
        }
        let facts = facts.into_iter().filter(|_| kind.retells_case());
        Ok(facts
            .filter(|compartment| openings.contains(Some(*compartment)))
            .collect())
    }
}

impl FromIterator<Compartment> for Rooms {
    fn from_iter<I: IntoIterator<Item = Compartment>>(compartments: I) -> Self {
        Self(compartments.into_iter().collect())
    }
}

impl Openings {
    /// Whether what lies in all of these compartments may be read: a text that tells of two is whole only to whoever may look into both.
    #[must_use]
    pub fn reach(&self, rooms: &Rooms) -> bool {
        rooms.0.iter().all(|it| self.contains(Some(*it)))
    }

    /// The same, where nothing less than the whole is of use.
    pub fn must_reach(&self, rooms: &Rooms) -> Result<(), Problem> {
        if self.reach(rooms) {
            Ok(())
        } else {
            Err(super::Refusal::CompartmentClosed.into())
        }
    }

    /// Something that lies there, if it may be read; it is absent otherwise, not masked.
    #[must_use]
    pub fn told<T>(&self, rooms: &Rooms, what: T) -> Option<T> {
        self.reach(rooms).then_some(what)
    }
}

/// A text, and where what it says lies. Personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What it says.
    pub text: String,
    /// Where that lies.
    #[serde(default, skip_serializing_if = "Rooms::is_none")]
    pub rooms: Rooms,
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Statement(redacted)")
    }
}

impl Statement {
    /// A text that lies there.
    #[must_use]
    pub fn new(text: impl Into<String>, rooms: Rooms) -> Self {
        Self {
            text: text.into(),
            rooms,
        }
    }

    /// What it says, if it may be read by whoever may look into these.
    #[must_use]
    pub fn told_to(self, openings: &Openings) -> Option<String> {
        openings.told(&self.rooms, self.text)
    }

    /// As it is sealed.
    pub fn to_json(&self) -> Result<String, Problem> {
        serde_json::to_string(self)
            .map_err(|_| Problem::internal("a statement cannot be written as JSON"))
    }

    /// As it was sealed. What was read is a person's data, so the reader's own message is dropped.
    pub fn from_json(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text)
            .map_err(|_| Problem::internal("a sealed statement has an unknown form"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rooms(of: &[Compartment]) -> Rooms {
        of.iter().copied().collect()
    }

    #[test]
    fn a_text_of_two_compartments_is_read_by_whoever_may_look_into_both() {
        use Compartment::{Crime, Health};
        let text = Statement::new("Soner til 1. mai", rooms(&[Crime, Health]));
        let told = |of: &[Compartment]| text.clone().told_to(&of.iter().copied().collect());
        assert_eq!(told(&[Crime]), None);
        assert_eq!(told(&[Health]), None);
        assert!(told(&[Crime, Health]).is_some());
        let open = Statement::new("Bor trangt", Rooms::default());
        assert!(open.told_to(&Openings::default()).is_some());
        let kept = Statement::from_json(&text.to_json().unwrap()).unwrap();
        assert_eq!(kept, text);
    }

    #[test]
    fn what_is_not_said_follows_from_the_case_as_far_as_the_writer_sees_it() {
        use Compartment::{Crime, Health};
        let health: Openings = [Health].into_iter().collect();
        let new = |kind, said: Option<&Rooms>| {
            Rooms::of_new(kind, said, [Crime, Health], (&health, "/compartments"))
        };
        let kind = TextKind::DecisionReasons;
        assert_eq!(new(kind, None).unwrap(), rooms(&[Health]));
        assert_eq!(
            new(TextKind::Recommendation, None).unwrap(),
            Rooms::default()
        );
        assert_eq!(
            new(kind, Some(&Rooms::default())).unwrap(),
            Rooms::default()
        );
        let refused = new(kind, Some(&rooms(&[Crime]))).unwrap_err();
        assert_eq!(refused.kind.code, "compartment_closed");
    }
}
