//! The nouns of properties.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cadastral::CadastralId;
use crate::codes;
use crate::organisation_number::OrganisationNumber;
use crate::problem::FieldFault;

codes! {
    /// To whom a property belongs ("eier").
    pub enum OwnerKind {
        /// The municipality itself, or an enterprise of its own.
        Municipality = "MUNICIPALITY",
        /// The county or the state.
        PublicBody = "PUBLIC_BODY",
        /// A company.
        Company = "COMPANY",
        /// A housing co-operative ("borettslag").
        HousingCooperative = "HOUSING_COOPERATIVE",
        /// A foundation ("stiftelse").
        Foundation = "FOUNDATION",
        /// A private person, who is not named.
        PrivatePerson = "PRIVATE_PERSON",
    }
}

/// A building of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Building {
    /// Its number in the cadastre ("bygningsnummer").
    #[schema(pattern = r"^[0-9]{8,9}$")]
    pub(super) number: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: Option<String>,
    /// When it was finished.
    #[schema(minimum = 1500, maximum = 2100)]
    pub(super) built_year: Option<i16>,
    /// Main floors.
    #[schema(minimum = 1, maximum = 99)]
    pub(super) floors: Option<i16>,
    /// Whether it has a lift.
    #[serde(default)]
    pub(super) has_lift: bool,
}

/// A property as it is said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SayProperty {
    /// The cadastral unit, for example `5035-83/122`.
    #[schema(min_length = 1, max_length = 40)]
    pub(super) cadastral_id: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: Option<String>,
    pub(super) owner_kind: OwnerKind,
    /// The owner's name; never of a private person.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) owner_name: Option<String>,
    /// The owner's organisation number; never of a private person.
    #[schema(min_length = 1, max_length = 20)]
    pub(super) owner_number: Option<String>,
    /// What stands on it.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub(super) buildings: Vec<Building>,
}

/// The property as it is kept, or every fault of it.
pub(super) fn settle(said: &SayProperty) -> Result<SayProperty, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let cadastral_id = said.cadastral_id.parse::<CadastralId>().map_err(|fault| {
        let nb =
            "Matrikkelnummeret skrives som 5035-83/122, eventuelt med /festenummer/seksjonsnummer.";
        faults.push(FieldFault::new(
            "/cadastralId",
            fault.code(),
            nb,
            fault.to_string(),
        ));
    });
    let is_private = said.owner_kind == OwnerKind::PrivatePerson;
    for (pointer, text) in [
        ("/ownerName", &said.owner_name),
        ("/ownerNumber", &said.owner_number),
    ] {
        if is_private && text.is_some() {
            faults.push(FieldFault::new(
                pointer,
                "private_owner_named",
                "En privatperson som eier, navngis ikke.",
                "A private person who owns is not named.",
            ));
        }
    }
    if let Some(number) = &said.owner_number
        && number.parse::<OrganisationNumber>().is_err()
    {
        faults.push(FieldFault::new(
            "/ownerNumber",
            "organisation_number",
            "Organisasjonsnummeret er ugyldig.",
            "The organisation number is not valid.",
        ));
    }
    for (at, building) in said.buildings.iter().enumerate() {
        let twice = said.buildings.iter().take(at);
        if twice.into_iter().any(|it| it.number == building.number) {
            faults.push(FieldFault::new(
                format!("/buildings/{at}/number"),
                "not_unique",
                "Står to ganger.",
                "Stands twice.",
            ));
        }
    }
    match cadastral_id {
        Ok(id) if faults.is_empty() => Ok(SayProperty {
            cadastral_id: id.to_string(),
            ..said.clone()
        }),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: OwnerKind, number: Option<&str>) -> SayProperty {
        SayProperty {
            cadastral_id: "5035-0083/122".into(),
            name: None,
            owner_kind: kind,
            owner_name: None,
            owner_number: number.map(str::to_owned),
            buildings: Vec::new(),
        }
    }

    #[test]
    fn an_organisation_is_known_by_its_number_and_a_person_by_nothing() {
        let kept = settle(&said(OwnerKind::Company, Some("991825827"))).unwrap();
        assert_eq!(kept.cadastral_id, "5035-83/122");
        let codes = |it: &SayProperty| {
            let faults = settle(it).err().unwrap_or_default();
            faults
                .into_iter()
                .map(|fault| fault.code)
                .collect::<Vec<_>>()
        };
        let private = said(OwnerKind::PrivatePerson, Some("991825827"));
        assert_eq!(codes(&private), ["private_owner_named"]);
        let wrong = said(OwnerKind::Company, Some("939851735"));
        assert_eq!(codes(&wrong), ["organisation_number"]);
    }

    #[test]
    fn a_building_stands_on_a_property_once() {
        let building = Building {
            number: "182345678".into(),
            name: None,
            built_year: None,
            floors: None,
            has_lift: false,
        };
        let twice = SayProperty {
            buildings: vec![building.clone(), building],
            ..said(OwnerKind::Municipality, None)
        };
        let faults = settle(&twice).unwrap_err();
        assert_eq!(faults[0].pointer, "/buildings/1/number");
    }
}
