//! What may be done with a case, as pure rules.

use super::lifecycle::{ApplicationState, Step};
use super::model::Needs;
use crate::clock::Day;
use crate::ids::HouseholdId;
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why something cannot be done with a case.
    pub enum Refusal {
        OpenApplicationExists = 409 "open_application_exists", "Husstanden har allerede en åpen søknad.", "The household has an open application already.", at "/householdId";
        ForbiddenStep = 409 "forbidden_step", "Saken står ikke slik at dette kan gjøres.", "The case does not stand so that this can be done.";
        NeedsMissing = 409 "needs_missing", "Behovsprofilen mangler.", "The needs profile is missing.";
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
