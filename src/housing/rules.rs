//! What must hold of a home's description, and for what reasons a change to the stock is refused.

use std::collections::BTreeSet;

use super::details::Details;
use super::dwelling::Description;
use super::lifecycle::FIRST;
use super::model::{Category, DisposalReason, DwellingState, Feature};
use crate::cadastral::{CadastralFault, CadastralId, FloorPlan, PostalCode, UnitNumber};
use crate::clock::Day;
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why the stock cannot change as asked.
    pub enum Refusal {
        UnitExists = 409 "unit_exists", "Bruksenheten er allerede registrert. Flere utleierom i samme bruksenhet skilles med ekstra referanse.", "This dwelling unit is registered already. Several lettable rooms of one unit are told apart by an extra reference.", at "/unitNumber";
        SupplierIdExists = 409 "supplier_id_exists", "Leverandørens bolig-id er allerede i bruk for en annen bolig.", "The supplier's id is in use for another home already.", at "/supplierId";
        PropertyExists = 409 "property_exists", "Eiendommen er allerede registrert.", "The property is registered already.", at "/cadastralId";
        MeasureExists = 409 "measure_exists", "Tiltaksnummeret står allerede i planen.", "The measure's number stands in the plan already.", at "/number";
        FileEmpty = 422 "file_empty", "Filen har ingen rader.", "The file has no rows.";
        FileUnreadable = 422 "file_unreadable", "Filen er verken CSV eller en hel XLSX-fil, eller den er skadet eller kryptert.", "The file is neither CSV nor a whole XLSX file, or it is damaged or encrypted.";
        FileExpandsTooFar = 422 "file_expands_too_far", "Filen pakker ut til langt mer enn et regneark skal.", "The file unpacks to far more than a spreadsheet should.";
        FileEncoding = 422 "file_encoding", "Tegnsettet må være UTF-8 eller Latin-1.", "The encoding must be UTF-8 or Latin-1.";
        FileTooManyRows = 422 "file_too_many_rows", "Filen har for mange rader. Del den opp.", "The file has too many rows. Divide it.";
        FileHeader = 422 "file_header", "Kolonneoverskriftene stemmer ikke.", "The header is not as it must be.";
        FileRows = 422 "file_rows", "Rader i filen har feil. Ingenting er lest inn.", "Rows of the file have faults. Nothing was taken in.";
        BlockingFinding = 409 "blocking_finding", "Et avvik hindrer utleie. Lukk det, eller sett det til side med en begrunnelse.", "A finding bars letting. Clear it, or override it with a reason.";
        InspectionOverdue = 409 "inspection_overdue", "Årlig tilsyn er ikke gjort i tide. Gjør det, eller sett det til side med en begrunnelse.", "The yearly inspection is overdue. Make it, or override it with a reason.";
        FindingCleared = 409 "finding_cleared", "Avviket er allerede lukket.", "The finding has been cleared already.";
        NothingToOverride = 409 "nothing_to_override", "Det er ingenting å sette til side.", "There is nothing to override.", at "/obstacle";
        AgreementEnded = 409 "agreement_not_in_force", "Avtalen som boligen leies ut under, gjelder ikke i dag.", "The agreement under which the home is let is not in force today.";
        QuotaFull = 409 "quota_full", "Kvoten i avtalen er brukt opp.", "The quota of the agreement is used up.";
        AgreementExists = 409 "agreement_exists", "En avtale med det navnet finnes allerede.", "An agreement of that name exists already.", at "/name";
        FewerUnitsThanHomes = 409 "fewer_units_than_homes", "Avtalen har færre enheter enn boligene som står under den.", "The agreement has fewer units than homes stand under it.";
        UnderAgreement = 409 "under_another_agreement", "En av boligene står allerede under en avtale.", "One of the homes stands under an agreement already.", at "/dwellingIds";
        NotUnderAgreement = 409 "not_under_agreement", "En av boligene står ikke under avtalen.", "One of the homes does not stand under the agreement.", at "/dwellingIds";
        HeldByCase = 409 "held_by_case", "Boligen er holdt av til en sak, og frigis bare gjennom den.", "The home is kept for a case, and given free by it alone.";
        InUse = 409 "dwelling_in_use", "Boligen er i bruk eller holdt av til noen, og kan ikke gå ut av boligmassen.", "Somebody lives in the home or has it kept, so that it cannot leave the stock.";
        ForbiddenMove = 409 "forbidden_move", "Det kan ikke skje i den statusen boligen har nå.", "That cannot happen in the present state of the home.";
        NotGivenUp = 409 "not_given_up", "Bare en bolig som aldri ble tatt i bruk, kan gå ut fordi planen er oppgitt.", "Only a home that never came into use can leave because its plan was given up.", at "/reason";
        StillPlanned = 409 "demolition_still_planned", "Boligen er planlagt revet. Avlys rivingen før datoen fjernes.", "The home's demolition is planned. Cancel it before taking its date away.", at "/demolitionFrom";
    }
}

/// The description as it is kept, or every fault of it.
///
/// The municipality in the cadastral number is not compared with the caller's: after a merger a home keeps its former number
/// until the cadastre is renumbered, and a municipality may own homes on the other side of its border.
pub(super) fn settle(
    said: &Description,
    before: Option<&Description>,
    today: Day,
) -> Result<Description, Vec<FieldFault>> {
    let mut faults = Faults::default();
    let cadastral_id = faults.keep(
        "/cadastralId",
        "Matrikkelnummeret skrives som 5035-83/122, eventuelt med /festenummer/seksjonsnummer.",
        said.cadastral_id.parse::<CadastralId>(),
    );
    let unit_number = faults.keep(
        "/unitNumber",
        "Bruksenhetsnummeret er H, U, L eller K og fire sifre.",
        said.unit_number.parse::<UnitNumber>(),
    );
    let postal_code = faults.keep(
        "/postalCode",
        "Postnummeret har fire sifre og er ikke 0000.",
        said.postal_code.parse::<PostalCode>(),
    );
    if unit_number.is_some_and(|unit| !agrees(unit, said.floor)) {
        faults.add(
            "/floor",
            "not_the_unit_floor",
            "Etasjen stemmer ikke med bruksenhetsnummeret.",
            "The floor does not agree with the unit number.",
        );
    }
    look_at_ages(said, &mut faults);
    look_at_rent(said, &mut faults);
    let agreed_on = said.details.cadastre_agreed_on;
    if agreed_on.is_some_and(|day| day > today) {
        faults.add(
            "/details/cadastreAgreedOn",
            "in_the_future",
            "Sammenligningen kan ikke ligge fram i tid.",
            "The comparison cannot lie in the future.",
        );
    }
    if said.inspected_on.is_some_and(|day| day > today) {
        faults.add(
            "/inspectedOn",
            "in_the_future",
            "Tilsynet kan ikke ligge fram i tid.",
            "The inspection cannot lie in the future.",
        );
    }
    let (Some(cadastral_id), Some(unit_number), Some(postal_code), true) =
        (cadastral_id, unit_number, postal_code, faults.0.is_empty())
    else {
        return Err(faults.0);
    };
    let settled = Description {
        cadastral_id: cadastral_id.to_string(),
        unit_number: unit_number.to_string(),
        postal_code: postal_code.to_string(),
        features: with_access(said, before),
        ..said.clone()
    };
    Ok(match before {
        Some(before) if is_stale(before, &settled) => Description {
            details: Details {
                cadastre_agreed_on: None,
                ..settled.details
            },
            ..settled
        },
        _ => settled,
    })
}

/// Whether the day on which the cadastre agreed is of another description of the home than this one.
fn is_stale(before: &Description, now: &Description) -> bool {
    fn of_cadastre(it: &Description) -> impl PartialEq + '_ {
        let unit = (&it.cadastral_id, &it.building_number, &it.unit_number);
        let address = (&it.street_address, &it.postal_code, &it.postal_place);
        (unit, address, it.usable_area_m2)
    }
    let is_same_day = before.details.cadastre_agreed_on == now.details.cadastre_agreed_on;
    is_same_day && of_cadastre(before) != of_cadastre(now)
}

/// Whether a home may be registered as standing in this state.
pub(super) fn may_begin_in(state: DwellingState) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    if !FIRST.contains(&state) {
        faults.add(
            "/state",
            "not_a_first_state",
            "En bolig registreres ikke med denne statusen; den nås gjennom handlinger.",
            "A home is not registered in this state; acts lead to it.",
        );
    }
    faults.into()
}

/// Whether demolition may be planned from this day.
pub(super) fn may_demolish_from(from: Day, today: Day) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    if from < today {
        faults.add(
            "/demolitionFrom",
            "in_the_past",
            "Rivingen kan ikke planlegges tilbake i tid.",
            "Demolition cannot be planned for the past.",
        );
    }
    faults.into()
}

/// Whether something may be said to have happened on this day: not ahead of today, and not before what happened last.
pub(super) fn may_happen_on(on: Day, last: Day, today: Day) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    if on > today {
        faults.add(
            "/on",
            "in_the_future",
            "Kan ikke ligge fram i tid.",
            "Cannot lie in the future.",
        );
    }
    if on < last {
        faults.add(
            "/on",
            "before_last_move",
            "Kan ikke ligge før det forrige som hendte med boligen.",
            "Cannot lie before what happened to the home last.",
        );
    }
    faults.into()
}

/// Whether a period can be looked back at.
pub(super) fn may_look_at(from: Day, until: Day, today: Day) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    if from >= until {
        faults.add(
            "/query/until",
            "period_empty",
            "Perioden er tom.",
            "The period is empty.",
        );
    }
    if until > today.plus_days(1) {
        faults.add(
            "/query/until",
            "in_the_future",
            "Kan ikke ligge fram i tid.",
            "Cannot lie in the future.",
        );
    }
    faults.into()
}

/// Whether a home can leave the stock in this way: a plan is given up before anything stands.
pub(super) fn may_dispose(state: DwellingState, reason: DisposalReason) -> Result<(), Refusal> {
    let never_stood = matches!(
        state,
        DwellingState::Planned | DwellingState::UnderConstruction
    );
    if reason == DisposalReason::GivenUp && !never_stood {
        return Err(Refusal::NotGivenUp);
    }
    Ok(())
}

/// Whether the floor is where the unit's number says that its entrance is.
///
/// The letter of the number is the kind of floor and its first two digits count within that kind (matrikkelforskriften § 53):
/// main floors upwards from H01, floors below them downwards. How many main floors an attic has below it is not said.
fn agrees(unit: UnitNumber, floor: i16) -> bool {
    match unit.plan() {
        FloorPlan::Main => floor == i16::from(unit.floor()),
        FloorPlan::Attic => floor >= 1,
        FloorPlan::Lower | FloorPlan::Basement => floor <= 0,
    }
}

/// The parts of the rent, where they are said, are each said once and make the whole.
fn look_at_rent(said: &Description, faults: &mut Faults) {
    let parts = &said.details.rent_parts;
    let kinds: BTreeSet<_> = parts.iter().map(|part| part.kind).collect();
    if kinds.len() < parts.len() {
        faults.add(
            "/details/rentParts",
            "not_unique",
            "En leiekomponent står to ganger.",
            "A part of the rent stands twice.",
        );
    }
    if !parts.is_empty() && parts.iter().map(|part| part.ore).sum::<i64>() != said.rent_ore {
        faults.add(
            "/details/rentParts",
            "rent_does_not_add_up",
            "Leiekomponentene blir ikke til sammen leien.",
            "The parts of the rent do not add up to it.",
        );
    }
}

/// A youth home without its ages would be open to all ages.
fn look_at_ages(said: &Description, faults: &mut Faults) {
    if let (Some(min), Some(max)) = (said.min_age, said.max_age)
        && min > max
    {
        faults.add(
            "/maxAge",
            "age_window_empty",
            "Øvre aldersgrense er lavere enn nedre.",
            "The oldest age is below the youngest.",
        );
    }
    if said.category == Category::Youth {
        for (pointer, age) in [("/minAge", said.min_age), ("/maxAge", said.max_age)] {
            if age.is_none() {
                faults.add(
                    pointer,
                    "youth_age_missing",
                    "En ungdomsbolig må ha aldersgrenser.",
                    "A youth home must say its ages.",
                );
            }
        }
    }
}

/// The features with the bundle that `WHEELCHAIR` sets and clears.
///
/// Clearing errs on the safe side: nobody is offered a home whose access has just been found wanting. What is left of it is
/// said in a later change.
fn with_access(said: &Description, before: Option<&Description>) -> BTreeSet<Feature> {
    let mut features = said.features.clone();
    let was_accessible = before.is_some_and(|it| it.features.contains(&Feature::Wheelchair));
    if features.contains(&Feature::Wheelchair) {
        features.insert(Feature::StepFree);
        if said.floor > 1 {
            features.insert(Feature::Lift);
        }
    } else if was_accessible {
        features.remove(&Feature::StepFree);
        features.remove(&Feature::Lift);
    }
    features
}

/// The faults found so far.
#[derive(Default)]
struct Faults(Vec<FieldFault>);

impl Faults {
    fn add(&mut self, pointer: &'static str, code: &'static str, nb: &str, en: &str) {
        self.0.push(FieldFault::new(pointer, code, nb, en));
    }

    fn keep<T>(
        &mut self,
        pointer: &'static str,
        nb: &str,
        read: Result<T, CadastralFault>,
    ) -> Option<T> {
        read.map_err(|fault| self.add(pointer, fault.code(), nb, &fault.to_string()))
            .ok()
    }
}

impl From<Faults> for Result<(), Vec<FieldFault>> {
    fn from(faults: Faults) -> Self {
        if faults.0.is_empty() {
            Ok(())
        } else {
            Err(faults.0)
        }
    }
}

#[cfg(test)]
mod tests;
