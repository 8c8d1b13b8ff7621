//! The made-up map: areas, streets, house numbers and cadastral units, so that no two homes share an address.

use std::str::FromStr;

use serde::Serialize;

use super::Scale;
use super::random::Random;
use crate::applications::AreaCode;
use crate::cadastral::{CadastralId, MunicipalityNumber, PostalCode};

/// A part of the municipality ("område").
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    /// The municipality's own code.
    pub code: AreaCode,
    /// The name that people use.
    pub name: String,
    /// The postal code of its homes.
    pub postal_code: PostalCode,
    /// The postal place of its homes ("poststed"), in capitals.
    pub postal_place: String,
}

/// The municipality's name, number, organisation number and inhabitants.
///
/// The small one has the size and the places of Stjørdal, whose housing plan the demo follows. The others are
/// invented, with numbers outside the ranges in use, and so are all three organisation numbers.
pub(super) const fn identity(scale: Scale) -> (&'static str, &'static str, &'static str, u32) {
    match scale {
        Scale::Small => ("Stjørdal", "5035", "899999975", 25_000),
        Scale::Large => ("Storvik", "9907", "899999983", 700_000),
        Scale::National => ("Landet", "9908", "899999991", 5_600_000),
    }
}

/// A text that the generator itself wrote, as the noun it stands for.
///
/// # Panics
/// When the text is malformed, which only a fault of the generator can bring about: no input reaches it.
#[expect(
    clippy::panic,
    reason = "the generator writes these texts itself, and a test reads them at every scale"
)]
pub(super) fn written<T: FromStr>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|_| panic!("the demo wrote a malformed number"))
}

/// The areas of a municipality, the largest first.
pub(super) fn areas(scale: Scale) -> Vec<Area> {
    match scale {
        Scale::Small => SMALL_AREAS.iter().map(small_area).collect(),
        Scale::Large => invented_areas(16, "9995", "STORVIK"),
        Scale::National => invented_areas(64, "9998", "LANDET"),
    }
}

type SmallArea = (&'static str, &'static str, &'static str, &'static str);

const SMALL_AREAS: [SmallArea; 10] = [
    ("STJORDAL_SENTRUM", "Stjørdal sentrum", "7500", "STJØRDAL"),
    ("HALSEN", "Halsen", "7502", "STJØRDAL"),
    ("KVISLABAKKEN", "Kvislabakken", "7506", "STJØRDAL"),
    ("HARALDREINA", "Haraldreina", "7505", "STJØRDAL"),
    ("FOSSLIA", "Fosslia", "7503", "STJØRDAL"),
    ("LANKE", "Lånke", "7517", "HELL"),
    ("SKATVAL", "Skatval", "7510", "SKATVAL"),
    ("HEGRA", "Hegra", "7520", "HEGRA"),
    ("ELVRAN", "Elvran", "7519", "ELVARLI"),
    ("FLORNES", "Flornes", "7525", "FLORNES"),
];

fn small_area((code, name, postal_code, postal_place): &SmallArea) -> Area {
    Area {
        code: AreaCode((*code).to_owned()),
        name: (*name).to_owned(),
        postal_code: written(postal_code),
        postal_place: (*postal_place).to_owned(),
    }
}

const SIDES: [&str; 8] = [
    "Indre", "Nordre", "Søndre", "Østre", "Vestre", "Øvre", "Nedre", "Ytre",
];
const QUARTERS: [&str; 8] = ["By", "Elv", "Havn", "Vik", "Moen", "Lia", "Åsen", "Engen"];

fn invented_areas(count: usize, postal_code: &str, postal_place: &str) -> Vec<Area> {
    let names = SIDES
        .iter()
        .flat_map(|side| QUARTERS.map(|quarter| format!("{side} {quarter}")));
    names
        .take(count)
        .map(|name| Area {
            code: AreaCode(code_of(&name)),
            name,
            postal_code: written(postal_code),
            postal_place: postal_place.to_owned(),
        })
        .collect()
}

fn code_of(name: &str) -> String {
    let code = name.to_uppercase().replace(' ', "_");
    code.replace('Ø', "O").replace('Å', "A").replace('Æ', "AE")
}

// Streets that every Norwegian municipality has: nobody's home is meant.
const STREET_STEMS: [&str; 24] = [
    "Furu",
    "Gran",
    "Bjørke",
    "Rogne",
    "Selje",
    "Hegge",
    "Eike",
    "Lønne",
    "Skole",
    "Kirke",
    "Stasjons",
    "Mølle",
    "Sag",
    "Bekke",
    "Myr",
    "Eng",
    "Sol",
    "Utsikts",
    "Parallell",
    "Industri",
    "Lerke",
    "Trost",
    "Hassel",
    "Aspe",
];
const STREET_ENDS: [&str; 4] = ["vegen", "lia", "bakken", "tunet"];
// First words for the areas beyond the fourth, each of which serves four areas.
const STREET_FIRST_WORDS: [&str; 15] = [
    "Gamle", "Nye", "Nordre", "Søndre", "Østre", "Vestre", "Øvre", "Nedre", "Ytre", "Midtre",
    "Lille", "Store", "Fremre", "Bakre", "Indre",
];

/// Where one building stands.
#[derive(Debug, Clone)]
pub(super) struct Plot<'a> {
    /// The area it lies in.
    pub(super) area: &'a Area,
    /// Whether that is one of the central areas, where homes cost a little more.
    pub(super) is_central: bool,
    /// Street and house number.
    pub(super) address: String,
    farm: u32,
    title: u32,
    municipality: MunicipalityNumber,
}

impl Plot<'_> {
    /// The cadastral unit of the whole plot.
    pub(super) fn whole(&self) -> CadastralId {
        written(&format!(
            "{}-{}/{}",
            self.municipality, self.farm, self.title
        ))
    }

    /// The cadastral unit of one owned section of the plot.
    pub(super) fn section(&self, number: u32) -> CadastralId {
        written(&format!("{}/0/{number}", self.whole()))
    }

    /// Where the plan says that a building will be demolished.
    pub(super) fn at(self, address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..self
        }
    }
}

/// Hands out plots, none of them twice.
pub(super) struct Surveyor<'a> {
    municipality: MunicipalityNumber,
    areas: &'a [Area],
    /// For each area: the titles, and for each street the house numbers, that were handed out.
    used: Vec<(u32, [u32; STREET_STEMS.len()])>,
}

// A farm's titles have four digits; a fresh farm is begun well before they run out.
const TITLES_OF_A_FARM: u32 = 9_000;

impl<'a> Surveyor<'a> {
    pub(super) fn new(municipality: MunicipalityNumber, areas: &'a [Area]) -> Self {
        Self {
            municipality,
            areas,
            used: vec![(0, [0; STREET_STEMS.len()]); areas.len()],
        }
    }

    /// A plot in any area, more likely in one of the first; None where there is no area.
    pub(super) fn find_plot(&mut self, random: &mut Random) -> Option<Plot<'a>> {
        let areas = u32::try_from(self.areas.len()).unwrap_or(1);
        let area = random.below(areas).min(random.below(areas));
        self.find_plot_in(random, usize::try_from(area).ok()?)
    }

    /// A plot in the area at this position; None where there is no such area.
    pub(super) fn find_plot_in(&mut self, random: &mut Random, at: usize) -> Option<Plot<'a>> {
        let area = self.areas.get(at)?;
        let (titles, streets) = self.used.get_mut(at)?;
        *titles += 1 + random.below(6);
        let stem = usize::try_from(random.below(24)).ok()?;
        let number = streets.get_mut(stem)?;
        *number += 1 + random.below(4);
        Some(Plot {
            area,
            is_central: at < 3,
            address: format!("{} {number}", street(stem, at)),
            farm: 60 + 7 * u32::try_from(at).ok()? + 1_000 * (*titles / TITLES_OF_A_FARM),
            title: 1 + *titles % TITLES_OF_A_FARM,
            municipality: self.municipality,
        })
    }
}

/// The same stem ends otherwise in the next area, and gets a first word where the endings are used up.
fn street(stem: usize, area: usize) -> String {
    let stem = STREET_STEMS.get(stem).copied().unwrap_or_default();
    let end = STREET_ENDS
        .get(area % STREET_ENDS.len())
        .copied()
        .unwrap_or_default();
    let first_word = (area / STREET_ENDS.len())
        .checked_sub(1)
        .and_then(|round| STREET_FIRST_WORDS.get(round));
    match first_word {
        None => format!("{stem}{end}"),
        Some(first_word) => format!("{first_word} {stem}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_codes_of_areas_are_well_formed_and_unique() {
        for scale in Scale::ALL {
            let areas = areas(*scale);
            let codes: HashSet<&AreaCode> = areas.iter().map(|area| &area.code).collect();
            assert_eq!(codes.len(), areas.len());
            for AreaCode(code) in codes {
                assert!(code.len() <= 32, "{code}");
                let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
                assert!(code.bytes().all(allowed), "{code}");
            }
        }
    }

    #[test]
    fn no_plot_is_handed_out_twice() {
        let mut random = Random::new(3, 3);
        let areas = areas(Scale::National);
        let mut surveyor = Surveyor::new(written("5035"), &areas);
        let plots: Vec<Plot<'_>> = (0..40_000)
            .filter_map(|_| surveyor.find_plot(&mut random))
            .collect();
        let units: HashSet<CadastralId> = plots.iter().map(Plot::whole).collect();
        let addresses: HashSet<&str> = plots.iter().map(|plot| plot.address.as_str()).collect();
        assert_eq!((units.len(), addresses.len()), (40_000, 40_000));
    }
}
