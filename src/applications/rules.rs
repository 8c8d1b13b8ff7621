//! What may be done with a case, as pure rules.

use super::lifecycle::{ApplicationState, Step};
use super::model::Needs;
use crate::clock::{Day, Instant};
use crate::ids::HouseholdId;
use crate::people::Member;
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why something cannot be done with a case.
    pub enum Refusal {
        OpenApplicationExists = 409 "open_application_exists", "Husstanden har allerede en åpen søknad.", "The household has an open application already.", at "/householdId";
        ForbiddenStep = 409 "forbidden_step", "Saken står ikke slik at dette kan gjøres.", "The case does not stand so that this can be done.";
        NeedsMissing = 409 "needs_missing", "Behovsprofilen mangler.", "The needs profile is missing.";
        HouseholdChanged = 409 "household_changed", "Husstanden er endret siden behovene ble vurdert. De må vurderes på nytt før den kan få bolig.", "The household has changed since its needs were assessed. They have to be assessed again before it can be given a home.";
        AssigneePartial = 409 "assignee_cannot_take_case", "Den ansatte kan ikke ta denne saken.", "The employee may not take this case.", at "/assigneeId";
        DocumentNotAskedFor = 409 "document_not_asked_for", "Dokumentet er ikke etterspurt.", "The document was not asked for.", at "/documents";
        DraftIncomplete = 409 "draft_incomplete", "Kladden er ikke ferdig.", "The draft is not complete.";
        NothingInCommon = 409 "nothing_in_common", "Sakene gjelder ikke de samme personene.", "The cases are not of the same people.", at "/intoId";
        OtherEnded = 409 "other_case_ended", "Den andre saken er avsluttet.", "The other case has ended.", at "/intoId";
        OtherIsNewer = 409 "other_case_is_newer", "En sak går videre i den som kom først.", "A case goes on in the one that came first.", at "/intoId";
        OfferOpen = 409 "offer_open", "I saken er det gitt et tilbud som ikke er besvart. Vent på svaret, eller trekk tilbudet, før saken går videre i en annen.", "In the case a home is offered and not answered for. Wait for the answer, or withdraw the offer, before the case goes on in another.";
        SituationMissing = 409 "situation_missing", "Husstanden har ingen gjeldende boligsituasjon.", "The household has no current housing situation.";
    }
}

/// Where a step leads, or a refusal that names the present state.
pub(super) fn take(state: ApplicationState, step: Step) -> Result<ApplicationState, Problem> {
    state.after(step).ok_or_else(|| {
        Problem::from(Refusal::ForbiddenStep)
            .fact("state", state.code())
            .fact("step", step.code())
    })
}

/// Whether what a household needs was assessed for those who live in it, as far as was known at a moment, or is known
/// now: after the last death in it. How many it is, and what it needs, may be another since.
#[must_use]
pub fn are_needs_current(
    assessed_at: Option<Instant>,
    members: &[Member],
    as_of: Option<Instant>,
) -> bool {
    let deaths = members.iter().filter_map(|it| it.death_as_of(as_of));
    deaths
        .max()
        .is_none_or(|death| assessed_at.is_some_and(|assessed_at| assessed_at > death))
}

/// Every fault of what an application says of itself.
#[must_use]
pub(super) fn faults_of_receipt(received_on: Day, today: Day) -> Vec<FieldFault> {
    // The application was received when it reached the municipality, by whatever unit; that day is never ahead.
    if received_on <= today {
        return Vec::new();
    }
    vec![FieldFault::new(
        "/receivedOn",
        "in_the_future",
        "Kan ikke ligge fram i tid.",
        "Cannot lie in the future.",
    )]
}

/// Every contradiction within a needs profile; `at` is where it stands in the body.
#[must_use]
pub fn faults_of_needs(needs: &Needs, at: &str) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut fault = |field: String, code, nb: &str, en: &str| {
        faults.push(FieldFault::new(format!("{at}/{field}"), code, nb, en));
    };
    for (index, area) in needs.wished_areas.iter().enumerate() {
        if needs.excluded_areas.contains(area) {
            let (nb, en) = ("Området er også utelukket.", "The area is excluded too.");
            fault(format!("wishedAreas/{index}"), "contradiction", nb, en);
        }
    }
    for (field, twice) in [
        ("categories", find_repeated(&needs.categories)),
        ("features", find_repeated(&needs.features)),
        ("services", find_repeated(&needs.services)),
        ("wishedAreas", find_repeated(&needs.wished_areas)),
        ("excludedAreas", find_repeated(&needs.excluded_areas)),
        (
            "excludedHouseholds",
            find_repeated(&needs.excluded_households),
        ),
    ] {
        if let Some(index) = twice {
            fault(
                format!("{field}/{index}"),
                "not_unique",
                "Står to ganger.",
                "Stands twice.",
            );
        }
    }
    faults
}

/// A correction that corrects nothing; `at` is where it stands in the body.
pub(super) fn fault_of_no_change(at: &str) -> FieldFault {
    let (nb, en) = ("Ingenting er rettet.", "Nothing is corrected.");
    FieldFault::new(at, "unchanged", nb, en)
}

/// A fault where needs keep a household away from itself; `at` is where they stand in the body.
#[must_use]
pub fn fault_of_own(needs: &Needs, household: HouseholdId, at: &str) -> Option<FieldFault> {
    let mut excluded = needs.excluded_households.iter();
    let index = excluded.position(|it| *it == household)?;
    Some(FieldFault::new(
        format!("{at}/excludedHouseholds/{index}"),
        "contradiction",
        "Husstanden kan ikke holdes borte fra seg selv.",
        "The household cannot be kept away from itself.",
    ))
}

fn find_repeated<T: PartialEq>(list: &[T]) -> Option<usize> {
    list.iter().enumerate().find_map(|(index, item)| {
        list.iter()
            .take(index)
            .any(|before| before == item)
            .then_some(index)
    })
}

/// Whether a case can go before the allocation team: needs and situation must be known.
pub(super) fn may_go_to_team(needs: Option<&Needs>, has_situation: bool) -> Result<(), Refusal> {
    if needs.is_none() {
        return Err(Refusal::NeedsMissing);
    }
    if !has_situation {
        return Err(Refusal::SituationMissing);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::model::{AreaCode, Urgency};
    use super::*;
    use crate::housing::Category;
    use crate::ids::Id;
    use crate::people::{AddressProtection, FORTNIGHT_DAYS, MemberRole};

    fn needs() -> Needs {
        Needs {
            categories: vec![Category::Ordinary],
            urgency: Urgency::High,
            extra_bedrooms: 0,
            features: Vec::new(),
            highest_floor_without_lift: None,
            services: Vec::new(),
            wished_areas: Vec::new(),
            excluded_areas: Vec::new(),
            excluded_households: Vec::new(),
            school_area: None,
            has_pet: false,
            could_come_to_own: false,
            monthly_means_ore: None,
            lower_steps_tried: false,
        }
    }

    #[test]
    fn needs_are_of_those_who_lived_when_they_were_assessed() {
        let at = Instant::from_micros;
        let member = |death_known_at: Option<Instant>| Member {
            person_id: Id::new(),
            role: MemberRole::OtherAdult,
            residence_days: FORTNIGHT_DAYS,
            born_on: Day(jiff::civil::date(1970, 1, 1)),
            protection: AddressProtection::Ungraded,
            death_known_at,
        };
        let living = [member(None)];
        assert!(are_needs_current(None, &living, None));
        let bereaved = [member(None), member(Some(at(20))), member(Some(at(10)))];
        let current = |assessed_at, as_of| are_needs_current(assessed_at, &bereaved, as_of);
        assert!(!current(None, None));
        assert!(!current(Some(at(20)), None));
        assert!(current(Some(at(21)), None));
        // Before the second was known to have died.
        assert!(current(Some(at(11)), Some(at(19))));
        assert!(!current(Some(at(10)), Some(at(19))));
    }

    #[test]
    fn an_area_cannot_be_wished_for_and_excluded() {
        let area = AreaCode("SENTRUM".into());
        let mut needs = needs();
        needs.wished_areas = vec![AreaCode("HEGRA".into()), area.clone()];
        needs.excluded_areas = vec![area];
        let faults = faults_of_needs(&needs, "");
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].pointer, "/wishedAreas/1");
    }

    #[test]
    fn the_same_category_twice_is_named() {
        let mut needs = needs();
        needs.categories = vec![Category::Ordinary, Category::Robust, Category::Ordinary];
        assert_eq!(
            faults_of_needs(&needs, "/needs")[0].pointer,
            "/needs/categories/2"
        );
    }

    #[test]
    fn without_needs_or_situation_the_team_has_nothing_to_look_at() {
        assert_eq!(may_go_to_team(None, true), Err(Refusal::NeedsMissing));
        assert_eq!(
            may_go_to_team(Some(&needs()), false),
            Err(Refusal::SituationMissing)
        );
        assert_eq!(may_go_to_team(Some(&needs()), true), Ok(()));
    }

    #[test]
    fn a_forbidden_step_names_the_present_state() {
        let problem = take(ApplicationState::Housed, Step::Withdraw).unwrap_err();
        assert_eq!(problem.facts.get("state"), Some(&"HOUSED".into()));
    }
}
