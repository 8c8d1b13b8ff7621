//! The one table of columns and words by which the stock is written into files and read from them.
//!
//! KOBO's public Bolig API (`kobobolig`) names its fields and not the values of its enums; its field names are taken as they are,
//! fields that it lacks have Norwegian names of their own, and the values stand in [`WORDS`], the one place to change them.
//!
//! | ours | KOBO | of KOBO's API |
//! |---|---|---|
//! | `supplierId` | `leverandorBoligId` | yes, required on writing |
//! | `id` | `koboId` | yes; written only, never read |
//! | `cadastralId` | `eiendom` | yes; holds `eieseksjon` as its last number |
//! | `buildingNumber` | `bygning` | yes |
//! | `unitNumber` | `bruksenhetsnummer` | yes |
//! | `extraReference` | `ekstraReferanse` | yes |
//! | `streetAddress`, `postalCode`, `postalPlace` | `adresse`, `postnummer`, `poststed` | `adresse` |
//! | `area` | `bydel` | no |
//! | `category` | `boligtype` | yes, required |
//! | – | `erBofellesskap` | yes; written only: it follows from `boligtype` |
//! | `tenure` | `disposisjonsform` and `eieform` | yes |
//! | `state` | `status` | no |
//! | `kind` | `bygningstype` | no |
//! | `bedrooms` | `antallSoverom` | yes |
//! | `usableAreaM2` | `bruksareal` | yes |
//! | `floor` | `etasjenummer` | yes |
//! | `capacity` | `maksAntallPersoner` | no |
//! | `rentOre` (øre) | `leiekostnad` (kroner) | yes |
//! | `rentParts` | `leiekomponenter` | no |
//! | `features` | `egenskaper` | yes |
//! | – | `erTilgjengeligForRullestolbruker` | yes: sets and clears the wheelchair bundle |
//! | `services` | `tjenester` | no |
//! | `neighbourhood` | `nabolag` | no |
//! | `minAge`, `maxAge` | `minAlder`, `maksAlder` | no |
//! | `inspectedOn` | `sisteTilsyn` | no |
//! | `demolitionFrom` | `rivesFra` | no |
//! | `conditionClass` | `tilstandsgrad` | no |
//! | `energyClass` | `energimerke` | no |
//! | `rentToOwn` | `leieTilEiePotensial` | yes |
//! | `vatCompensation` | `kvalifisererMvaKompensasjon` | yes |
//! | `expectedOn` | `forventetFerdig` | no |
//! | `measure` | `tiltak` | no; the measure's number |
//!
//! `eier`, `husstand` and `leieforhold` of KOBO's API are not taken in: owners stand at properties, and residents are no fact of a home.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    SupplierId,
    Id,
    CadastralId,
    BuildingNumber,
    UnitNumber,
    ExtraReference,
    StreetAddress,
    PostalCode,
    PostalPlace,
    Area,
    Category,
    Shared,
    Tenure,
    Disposal,
    Ownership,
    State,
    Kind,
    Bedrooms,
    UsableArea,
    Floor,
    Capacity,
    RentOre,
    RentKroner,
    RentParts,
    Features,
    Wheelchair,
    Services,
    Neighbourhood,
    MinAge,
    MaxAge,
    InspectedOn,
    DemolitionFrom,
    ConditionClass,
    EnergyClass,
    RentToOwn,
    VatCompensation,
    ExpectedOn,
    Measure,
}

/// A field with its column in each form; none where the form has none.
pub(super) struct Column {
    pub(super) field: Field,
    pub(super) ours: Option<&'static str>,
    pub(super) kobo: Option<&'static str>,
}

const fn both(field: Field, ours: &'static str, kobo: &'static str) -> Column {
    Column {
        field,
        ours: Some(ours),
        kobo: Some(kobo),
    }
}

const fn ours(field: Field, ours: &'static str) -> Column {
    Column {
        field,
        ours: Some(ours),
        kobo: None,
    }
}

const fn kobo(field: Field, kobo: &'static str) -> Column {
    Column {
        field,
        ours: None,
        kobo: Some(kobo),
    }
}

/// Every column, in the order in which files are written.
pub(super) const COLUMNS: &[Column] = &[
    both(Field::SupplierId, "supplierId", "leverandorBoligId"),
    both(Field::Id, "id", "koboId"),
    both(Field::CadastralId, "cadastralId", "eiendom"),
    both(Field::BuildingNumber, "buildingNumber", "bygning"),
    both(Field::UnitNumber, "unitNumber", "bruksenhetsnummer"),
    both(Field::ExtraReference, "extraReference", "ekstraReferanse"),
    both(Field::StreetAddress, "streetAddress", "adresse"),
    both(Field::PostalCode, "postalCode", "postnummer"),
    both(Field::PostalPlace, "postalPlace", "poststed"),
    both(Field::Area, "area", "bydel"),
    both(Field::Category, "category", "boligtype"),
    kobo(Field::Shared, "erBofellesskap"),
    ours(Field::Tenure, "tenure"),
    kobo(Field::Disposal, "disposisjonsform"),
    kobo(Field::Ownership, "eieform"),
    both(Field::State, "state", "status"),
    both(Field::Kind, "kind", "bygningstype"),
    both(Field::Bedrooms, "bedrooms", "antallSoverom"),
    both(Field::UsableArea, "usableAreaM2", "bruksareal"),
    both(Field::Floor, "floor", "etasjenummer"),
    both(Field::Capacity, "capacity", "maksAntallPersoner"),
    ours(Field::RentOre, "rentOre"),
    kobo(Field::RentKroner, "leiekostnad"),
    both(Field::RentParts, "rentParts", "leiekomponenter"),
    both(Field::Features, "features", "egenskaper"),
    kobo(Field::Wheelchair, "erTilgjengeligForRullestolbruker"),
    both(Field::Services, "services", "tjenester"),
    both(Field::Neighbourhood, "neighbourhood", "nabolag"),
    both(Field::MinAge, "minAge", "minAlder"),
    both(Field::MaxAge, "maxAge", "maksAlder"),
    both(Field::InspectedOn, "inspectedOn", "sisteTilsyn"),
    both(Field::DemolitionFrom, "demolitionFrom", "rivesFra"),
    both(Field::ConditionClass, "conditionClass", "tilstandsgrad"),
    both(Field::EnergyClass, "energyClass", "energimerke"),
    both(Field::RentToOwn, "rentToOwn", "leieTilEiePotensial"),
    both(
        Field::VatCompensation,
        "vatCompensation",
        "kvalifisererMvaKompensasjon",
    ),
    both(Field::ExpectedOn, "expectedOn", "forventetFerdig"),
    both(Field::Measure, "measure", "tiltak"),
];

/// Columns of people: never taken in, never written.
pub(super) const OF_PEOPLE: &[&str] = &[
    "husstand",
    "leieforhold",
    "leietaker",
    "fødselsnummer",
    "fodselsnummer",
    "personnummer",
    "navn",
    "tenant",
    "household",
    "nationalId",
];

/// KOBO's columns that say nothing of ours, and are passed over.
pub(super) const PASSED_OVER: &[&str] = &["eier", "eieseksjon"];

/// Which words of KOBO's form stand for which of our codes.
#[rustfmt::skip]
pub(super) const WORDS: &[(Field, &str, &str)] = &[
    (Field::Category, "ORDINARY", "ORDINAER_BOLIG"),
    (Field::Category, "BEDSIT", "HYBEL"),
    (Field::Category, "ROBUST", "ROBUST_BOLIG"),
    (Field::Category, "ROBUST_CARE", "ROBUST_OMSORGSBOLIG"),
    (Field::Category, "TEST", "TESTLEILIGHET"),
    (Field::Category, "TRAINING", "TRENINGSLEILIGHET"),
    (Field::Category, "CARE", "OMSORGSBOLIG"),
    (Field::Category, "SHARED_HOUSING", "BOFELLESSKAP"),
    (Field::Category, "ROUND_THE_CLOCK_CARE", "HELDOGNS_OMSORG"),
    (Field::Category, "ASSISTED_SENIOR", "TRYGGHETSBOLIG"),
    (Field::Category, "YOUTH_15_25", "UNGDOMSBOLIG"),
    (Field::Category, "CHILD_RESPITE", "BARNE_OG_AVLASTNINGSBOLIG"),
    (Field::Category, "CRISIS_DIVERSION", "AVVERGERBOLIG"),
    (Field::Category, "TEMPORARY", "MIDLERTIDIG_BOTILBUD"),
    (Field::Category, "REPLACEMENT", "ERSTATNINGSBOLIG"),
    (Field::State, "PLANNED", "PLANLAGT"),
    (Field::State, "UNDER_CONSTRUCTION", "UNDER_BYGGING"),
    (Field::State, "AVAILABLE", "LEDIG"),
    (Field::State, "RESERVED", "RESERVERT"),
    (Field::State, "ALLOCATED", "TILDELT"),
    (Field::State, "OCCUPIED", "BEBODD"),
    (Field::State, "NOTICE_GIVEN", "OPPSAGT"),
    (Field::State, "TURNOVER", "KLARGJORING"),
    (Field::State, "UNDER_REPAIR", "UNDER_REPARASJON"),
    (Field::State, "BLOCKED", "SPERRET"),
    (Field::State, "DEMOLITION_PLANNED", "SKAL_RIVES"),
    (Field::State, "DISPOSED", "AVHENDET"),
    (Field::Kind, "FLAT", "LEILIGHET"),
    (Field::Kind, "DETACHED", "ENEBOLIG"),
    (Field::Kind, "SEMI_DETACHED", "TOMANNSBOLIG"),
    (Field::Kind, "TERRACED", "REKKEHUS"),
    (Field::Kind, "ROOM", "ROM"),
    (Field::Kind, "SMALL_HOUSE", "SMAHUS"),
    (Field::Disposal, "OWNED", "EID"),
    (Field::Disposal, "LEASED_IN", "INNLEID"),
    (Field::Disposal, "PRIVATE_WITH_RIGHT", "PRIVAT_MED_DISPOSISJONSRETT"),
    (Field::Ownership, "OWNED", "SELVEIER"),
    (Field::Ownership, "COOP_SHARE", "BORETTSLAGSANDEL"),
    (Field::Features, "STEP_FREE", "TRINNFRI"),
    (Field::Features, "WHEELCHAIR", "RULLESTOL"),
    (Field::Features, "LIFT", "HEIS"),
    (Field::Features, "ADAPTED_BATH", "TILPASSET_BAD"),
    (Field::Features, "WELFARE_TECHNOLOGY", "VELFERDSTEKNOLOGI"),
    (Field::Features, "REINFORCED", "FORSTERKET"),
    (Field::Features, "SPRINKLER", "SPRINKLERANLEGG"),
    (Field::Features, "PETS_ALLOWED", "KJAELEDYR_TILLATT"),
    (Field::Features, "FURNISHED", "MOBLERT"),
    (Field::Features, "QUIET", "STILLE"),
    (Field::Services, "AMBULANT", "AMBULANT_TJENESTE"),
    (Field::Services, "TENANCY_COACH", "BOVEILEDER"),
    (Field::Services, "STAFFED_BY_DAY", "BEMANNET_DAGTID"),
    (Field::Services, "STAFFED_ROUND_THE_CLOCK", "BEMANNET_HELE_DOGNET"),
    (Field::Neighbourhood, "QUIET_STREET", "STILLE_GATE"),
    (Field::Neighbourhood, "NEAR_SCHOOL", "NAER_SKOLE"),
    (Field::Neighbourhood, "NEAR_KINDERGARTEN", "NAER_BARNEHAGE"),
    (Field::Neighbourhood, "NEAR_TRANSPORT", "NAER_KOLLEKTIVTRANSPORT"),
    (Field::Neighbourhood, "NEAR_SHOPS", "NAER_BUTIKK"),
    (Field::Neighbourhood, "NEAR_HEALTH_SERVICES", "NAER_HELSETJENESTER"),
    (Field::Neighbourhood, "DISPERSED", "SPREDT"),
    (Field::Neighbourhood, "CLUSTERED", "SAMLOKALISERT"),
    (Field::Neighbourhood, "NO_SHARED_WALLS", "UTEN_FELLES_VEGGER"),
    (Field::RentParts, "BASE", "GRUNNLEIE"),
    (Field::RentParts, "HEATING", "OPPVARMING"),
    (Field::RentParts, "ELECTRICITY", "STROM"),
    (Field::RentParts, "WATER_AND_SEWAGE", "VANN_OG_AVLOP"),
    (Field::RentParts, "INTERNET", "INTERNETT"),
    (Field::RentParts, "PARKING", "PARKERING"),
    (Field::RentParts, "FURNITURE", "MOBLER"),
    (Field::RentParts, "COMMON_COSTS", "FELLESKOSTNADER"),
    (Field::EnergyClass, "ENERGY_A", "A"),
    (Field::EnergyClass, "ENERGY_B", "B"),
    (Field::EnergyClass, "ENERGY_C", "C"),
    (Field::EnergyClass, "ENERGY_D", "D"),
    (Field::EnergyClass, "ENERGY_E", "E"),
    (Field::EnergyClass, "ENERGY_F", "F"),
    (Field::EnergyClass, "ENERGY_G", "G"),
];

/// Our code for what a cell says, in whichever form it says it; what is no word of either is left as it is.
pub(super) fn our_code(field: Field, cell: &str) -> &str {
    WORDS
        .iter()
        .find(|(of, _, word)| *of == field && word.eq_ignore_ascii_case(cell))
        .map_or(cell, |(_, code, _)| code)
}

/// KOBO's word for one of our codes; the codes of which there is none are the same in both forms.
pub(super) fn kobo_word(field: Field, code: &'static str) -> &'static str {
    WORDS
        .iter()
        .find(|(of, ours, _)| *of == field && *ours == code)
        .map_or(code, |(_, _, word)| word)
}

impl Field {
    /// The column's name in our form, or in KOBO's where ours has none.
    pub(super) fn name(self) -> &'static str {
        let column = COLUMNS.iter().find(|column| column.field == self);
        column
            .and_then(|column| column.ours.or(column.kobo))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::housing::{
        Category, DwellingKind, DwellingState, EnergyClass, Feature, Neighbourhood, RentPartKind,
        Service,
    };

    #[test]
    fn every_field_has_one_column_and_every_name_is_one() {
        let fields: BTreeSet<_> = COLUMNS.iter().map(|column| column.field).collect();
        assert_eq!(fields.len(), COLUMNS.len());
        let names: Vec<&str> = COLUMNS
            .iter()
            .flat_map(|it| [it.ours, it.kobo])
            .flatten()
            .collect();
        let once: BTreeSet<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(once.len(), names.len());
    }

    #[test]
    fn every_code_has_one_word_and_back() {
        fn codes<T: Copy>(all: &'static [T], code: fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|it| code(*it)).collect()
        }
        for (field, codes) in [
            (Field::Category, codes(Category::ALL, Category::code)),
            (Field::State, codes(DwellingState::ALL, DwellingState::code)),
            (Field::Kind, codes(DwellingKind::ALL, DwellingKind::code)),
            (Field::Features, codes(Feature::ALL, Feature::code)),
            (Field::Services, codes(Service::ALL, Service::code)),
            (
                Field::Neighbourhood,
                codes(Neighbourhood::ALL, Neighbourhood::code),
            ),
            (
                Field::RentParts,
                codes(RentPartKind::ALL, RentPartKind::code),
            ),
            (
                Field::EnergyClass,
                codes(EnergyClass::ALL, EnergyClass::code),
            ),
        ] {
            for code in codes {
                let word = kobo_word(field, code);
                assert_ne!(word, code, "{field:?} {code} has no word");
                assert_eq!(our_code(field, word), code);
                assert_eq!(our_code(field, code), code);
            }
        }
    }
}
