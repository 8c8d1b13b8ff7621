//! How the generator's plain structs become what the slices' front doors take.

use std::collections::BTreeMap;

use crate::applications::{self, ApplicationState, Receipt};
use crate::clock::Day;
use crate::decisions::{AssistanceForm, LegalBasis, Outcome, Reasons, TakenOver};
use crate::demo::{CaseState, Municipality, RefusalReason};
use crate::housing::{Description, Details, DwellingState, NewDwelling, NewMeasure};
use crate::ids::{ApplicationId, HouseholdId, MeasureId, PersonId, UserId};
use crate::people::{Contact, Name, NewPerson};
use crate::registers::Unit;
use crate::situations::NewSituation;

pub(super) fn planned(measure: &crate::demo::measures::Measure) -> NewMeasure {
    NewMeasure {
        number: measure.number.to_owned(),
        title: measure.title.to_owned(),
        unit_count: measure.count().map(i32::from),
        responsible: measure.responsible.to_owned(),
        deadline: measure.deadline.to_owned(),
        financing: measure.financing.code().to_owned(),
        category: measure.category,
        due_year: measure.due_year(),
    }
}

pub(super) fn registered(
    home: &crate::demo::Dwelling,
    measures: &BTreeMap<String, MeasureId>,
    today: Day,
) -> NewDwelling {
    NewDwelling {
        state: home.state,
        state_since: today,
        description: Description {
            cadastral_id: home.cadastral_id.to_string(),
            unit_number: home.unit_number.to_string(),
            extra_reference: home.extra_reference.clone().unwrap_or_default(),
            street_address: home.street_address.clone(),
            postal_code: home.postal_code.to_string(),
            postal_place: home.postal_place.clone(),
            area: home.area.0.clone(),
            category: home.category,
            tenure: home.tenure,
            bedrooms: i16::from(home.bedrooms),
            usable_area_m2: i32::from(home.usable_area_m2),
            floor: home.floor,
            capacity: home.capacity,
            rent_ore: home.rent_ore,
            features: home.features.iter().copied().collect(),
            services: home.services.iter().copied().collect(),
            min_age: home.min_age,
            max_age: home.max_age,
            inspected_on: home.inspected_on,
            demolition_from: home.demolition_from,
            cleared_for_protected: false,
            measure_id: home
                .measure
                .and_then(|number| measures.get(number).copied()),
            building_number: String::new(),
            supplier_id: Some(supplier_id(home)),
            details: Details::default(),
        },
    }
}

/// The units that the cadastre knows of the demonstration's properties: what stands, as it was registered.
pub(super) fn units(town: &Municipality) -> BTreeMap<String, Vec<Unit>> {
    let mut units: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    let is_built = |state| {
        !matches!(
            state,
            DwellingState::Planned | DwellingState::UnderConstruction
        )
    };
    for home in town.dwellings.iter().filter(|home| is_built(home.state)) {
        let unit = Unit {
            unit_number: home.unit_number.to_string(),
            street_address: home.street_address.clone(),
            postal_code: home.postal_code.to_string(),
            postal_place: home.postal_place.clone(),
            // Of what is let room by room the register knows the whole, and the demonstration only the rooms.
            usable_area_m2: home
                .extra_reference
                .is_none()
                .then_some(home.usable_area_m2.into()),
        };
        let of_property = units.entry(home.cadastral_id.to_string()).or_default();
        if of_property
            .iter()
            .all(|known| known.unit_number != unit.unit_number)
        {
            of_property.push(unit);
        }
    }
    units
}

/// By which name the demonstration's system for the buildings knows a home.
fn supplier_id(home: &crate::demo::Dwelling) -> String {
    let room = home.extra_reference.as_deref().unwrap_or_default();
    let text = format!("FDV {} {} {room}", home.cadastral_id, home.unit_number);
    text.trim_end().to_owned()
}

pub(super) fn person(it: &crate::demo::Person) -> Option<NewPerson> {
    Some(NewPerson {
        national_id: it.national_id.clone()?,
        name: Name {
            given_name: it.given_name.clone(),
            family_name: it.family_name.clone(),
        },
        born_on: it.born_on,
        protection: it.address_protection,
        contact: Contact {
            phone: it.phone.clone(),
            email: it.email.clone(),
            address: None,
        },
    })
}

pub(super) fn situation(it: &crate::demo::Situation) -> NewSituation {
    NewSituation {
        reason: it.reason,
        valid_from: it.from,
        valid_until: it.until,
        source: it.source,
        verification: it.verification,
    }
}

pub(super) fn case_of(
    it: &crate::demo::Application,
    household: HouseholdId,
    applicant: PersonId,
    caseworker: Option<UserId>,
    today: Day,
) -> applications::TakenOver {
    let state = match it.state {
        CaseState::Submitted => ApplicationState::Submitted,
        CaseState::Assigned => ApplicationState::Assigned,
        CaseState::InAssessment => ApplicationState::InAssessment,
        CaseState::TeamReview => ApplicationState::TeamReview,
        CaseState::Waiting => ApplicationState::Waiting,
        CaseState::Housed => ApplicationState::Housed,
        CaseState::Refused => ApplicationState::Refused,
        CaseState::Withdrawn => ApplicationState::Withdrawn,
    };
    let decided_on = it.decision.as_ref().map(|decision| decision.decided_on);
    let since = it
        .ended_on
        .or(decided_on)
        .unwrap_or(it.received_on)
        .min(today);
    applications::TakenOver {
        receipt: Receipt {
            household,
            kind: it.kind,
            received_on: it.received_on,
            lives_in_municipal_dwelling: false,
            needs: Some(it.needs.clone()),
        },
        applicant,
        state,
        state_since: since.noon(),
        assigned_to: caseworker.filter(|_| state != ApplicationState::Submitted),
    }
}

/// How long a granted home may be waited for before the case is assessed again.
const MONTHS_VALID: i32 = 12;

/// The two decisions of a case: on help, and on a municipal home. That a home was refused does not say that no help is given.
pub(super) fn decisions_of(
    application: ApplicationId,
    decision: crate::demo::Decision,
    (proposed_by, decided_by): (UserId, UserId),
) -> [TakenOver; 2] {
    let help = help_given(decision.refusal);
    let outcome = |is_granted| {
        if is_granted {
            Outcome::Granted
        } else {
            Outcome::Refused
        }
    };
    let on = |legal_basis, outcome, assistance, rules: &str| TakenOver {
        application,
        legal_basis,
        outcome,
        assistance,
        reasons: reasons(decision.refusal, rules),
        proposed_by,
        decided_by,
        decided_at: decision.decided_on.noon(),
        valid_until: None,
    };
    let on_help = on(
        LegalBasis::HousingAssistanceAct,
        outcome(!help.is_empty()),
        help,
        "Boligsosialloven § 7",
    );
    let is_granted = decision.refusal.is_none();
    let mut on_home = on(
        LegalBasis::MunicipalDwelling,
        outcome(is_granted),
        Vec::new(),
        "Kommunens regler for tildeling av kommunal utleiebolig",
    );
    if is_granted {
        on_home.valid_until = Some(decision.decided_on.plus_months(MONTHS_VALID));
    }
    [on_help, on_home]
}

/// With what a household is helped: also one that is refused a home, unless it has a suitable one. How long it has lived here
/// plays no part.
fn help_given(refusal: Option<RefusalReason>) -> Vec<AssistanceForm> {
    use AssistanceForm::{Advice, Financing, FindingHome, FollowUp, MunicipalHome};
    match refusal {
        None => vec![MunicipalHome, FollowUp],
        Some(RefusalReason::HasSuitableHome) => Vec::new(),
        Some(RefusalReason::CanFindHome | RefusalReason::NotResidentLongEnough) => {
            vec![Advice, FindingHome]
        }
        Some(RefusalReason::OtherHelpSuffices) => vec![Advice, Financing],
        Some(RefusalReason::NeedsInstitution) => vec![Advice],
    }
}

fn reasons(refusal: Option<RefusalReason>, rules: &str) -> Reasons {
    let facts = match refusal {
        None => "Husstanden kan ikke skaffe seg egnet bolig uten hjelp.".to_owned(),
        Some(reason) => format!("Avslagsgrunn: {reason}."),
    };
    Reasons {
        rules: vec![rules.to_owned()],
        facts,
        considerations: "Overtatt fra tidligere register; begrunnelsen ligger i arkivet."
            .to_owned(),
        childs_best_interest: None,
        deviation: None,
    }
}
