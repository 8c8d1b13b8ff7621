//! Everybody who was compared for a home, as an appeals board may see them: under pseudonyms, ages for birth days, and no home but one.

use serde::Serialize;
use utoipa::ToSchema;

use super::constraints::Constraint;
use super::engines::Engine;
use super::model::{HouseholdFacts, Snapshot};
use crate::access::Openings;
use crate::applications::{ApplicationType, Needs};
use crate::clock::Day;
use crate::housing::Category;
use crate::ids::{ApplicationId, DwellingId};
use crate::people::MemberRole;
use crate::rulesets::RuleSet;
use crate::situations::SituationReason;

/// All who were compared for a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// The day on which they were compared.
    pub as_of: Day,
    /// The engine that compared them.
    pub engine_version: String,
    /// Those who might have the home in their order, then the others.
    pub households: Vec<ComparedHousehold>,
}

/// A household under a pseudonym that is good for this comparison only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedHousehold {
    /// Its name here.
    pub alias: String,
    /// Whether it is the household that the decision is about.
    pub is_own: bool,
    /// Its place among those who might have the home; absent for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// How well the home suited it, of 1000; absent where it might not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<u16>,
    /// Its priority group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_group: Option<String>,
    /// What stood in the way.
    pub failed: Vec<Constraint>,
    /// What was applied for.
    pub application_type: ApplicationType,
    /// Days since the application was received.
    pub waited_days: i32,
    /// Who lives in it.
    pub members: Vec<ComparedMember>,
    /// Why it is in its situation.
    pub situations: Vec<SituationReason>,
    /// What it needs of a home; where it wishes to be, must not be and sends its children to school is left out, since that could
    /// tell who it is, and where somebody is whose address is protected.
    pub needs: Needs,
    /// The kind of municipal home in which it lived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lives_in: Option<Category>,
}

/// A member of a compared household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedMember {
    /// What the member is in the household.
    pub role: MemberRole,
    /// Whole years; negative for a child that is expected.
    pub age: i16,
    /// On how many days of a fortnight the member lives here.
    pub residence_days: u8,
}

impl Compared {
    /// The same, silent about what lies in compartments that are closed to the reader.
    #[must_use]
    pub fn without_closed(mut self, openings: &Openings) -> Self {
        for household in &mut self.households {
            let reasons = &mut household.situations;
            reasons.retain(|reason| openings.contains(reason.compartment()));
        }
        self
    }
}

/// Compares all households of a snapshot for a home again; `None` when the snapshot has no such home.
///
/// Who might not have the home only for a protected address is left out: nothing else could be told of why.
#[must_use]
pub fn compared(
    engine: &Engine,
    snapshot: &Snapshot,
    rules: &RuleSet,
    home: DwellingId,
    own: ApplicationId,
) -> Option<Compared> {
    let ranking = (engine.rank)(snapshot, rules, home)?;
    let facts_of = |case| snapshot.find_household(case);
    let first = ranking.candidates.iter().filter_map(|it| {
        let facts = facts_of(it.application_id)?;
        Some(ComparedHousehold {
            rank: Some(it.rank),
            points: Some(it.points),
            priority_group: Some(it.priority_group.to_string()),
            ..pseudonymous(facts, snapshot.as_of, own)
        })
    });
    let others = ranking.ineligible.iter().filter_map(|it| {
        let failed = it.failed.iter();
        let failed: Vec<Constraint> = failed
            .filter(|failed| *failed != Constraint::ProtectedAddress)
            .collect();
        let facts = facts_of(it.application_id).filter(|_| !failed.is_empty())?;
        Some(ComparedHousehold {
            failed,
            ..pseudonymous(facts, snapshot.as_of, own)
        })
    });
    let mut households: Vec<ComparedHousehold> = first.chain(others).collect();
    for (number, household) in (1..).zip(&mut households) {
        household.alias = format!("H-{number:04}");
    }
    Some(Compared {
        as_of: snapshot.as_of,
        engine_version: engine.version.to_owned(),
        households,
    })
}

fn pseudonymous(facts: &HouseholdFacts, as_of: Day, own: ApplicationId) -> ComparedHousehold {
    let members = facts.members.iter().map(|member| ComparedMember {
        role: member.role,
        age: member.born_on.age_on(as_of),
        residence_days: member.residence_days,
    });
    ComparedHousehold {
        alias: String::new(),
        is_own: facts.application_id == own,
        rank: None,
        points: None,
        priority_group: None,
        failed: Vec::new(),
        application_type: facts.application_type,
        waited_days: facts.received_on.days_until(as_of).max(0),
        members: members.collect(),
        situations: facts.situations.clone(),
        needs: Needs {
            excluded_households: Vec::new(),
            ..facts.needs.clone().without_places()
        },
        lives_in: facts.lives_in,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{rules, town};
    use crate::matching::{ENGINE_VERSION, engine};

    #[test]
    fn the_board_sees_the_same_order_and_nobodys_id() {
        let town = town(11, 120, 3);
        let home = &town.homes[0];
        let engine = engine(ENGINE_VERSION).unwrap();
        let own = town.households[5].application_id;
        let told = compared(engine, &town, &rules(), home.dwelling_id, own).unwrap();
        let ranked = (engine.rank)(&town, &rules(), home.dwelling_id).unwrap();
        let ranks = told.households.iter().filter_map(|it| it.rank);
        assert!(ranks.eq(1..=ranked.candidates.len()));
        assert!(told.households.iter().filter(|it| it.is_own).count() <= 1);
        let text = serde_json::to_string(&told).unwrap();
        for household in &town.households {
            let ids = [
                household.application_id.uuid(),
                household.household_id.uuid(),
            ];
            assert!(ids.iter().all(|id| !text.contains(&id.to_string())));
            let birth_day = household.members[0].born_on.0.to_string();
            assert!(!text.contains(&birth_day));
        }
        assert!(!text.contains("PROTECTED") && !text.contains("protection"));
    }
}
