//! The suitability of a pair explained: each term with its points, its weight and a sentence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::Pair;
use super::suitability::{
    FULL, NEUTRAL, Offer, Scale, Wishes, bedrooms, housing_path, pet, quiet, rent_to_own,
    school_stability, unneeded_features,
};
use super::words::name;
use crate::rulesets::Term;
use crate::text::Text;

/// How well a home suits a household, with its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suitability {
    /// The weighted mean of the terms, rounded down.
    #[schema(maximum = 1000)]
    pub points: u16,
    /// The terms, in the rule set's order.
    pub terms: Vec<TermPoints>,
}

/// One term of a suitability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermPoints {
    /// The term.
    pub term: Term,
    /// Its points.
    #[schema(maximum = 1000)]
    pub points: u16,
    /// Its weight in the rule set.
    pub weight: u16,
    /// Why, in a sentence.
    pub because: Text,
}

/// How well the pair's home suits its household, with a sentence for each term.
pub(super) fn explain(pair: &Pair<'_>) -> Suitability {
    let (area, needs) = (&pair.home.area, &pair.household.needs);
    let scale = Scale::of(pair.rules);
    let wish = needs.wished_areas.iter().position(|wish| wish == area);
    let terms = Terms {
        pair,
        wishes: Wishes::of(pair.household, pair.measures, pair.rules),
        offer: Offer::of(pair.home, pair.rules),
        wished_area: scale.wished_area(!needs.wished_areas.is_empty(), wish),
        school: school_stability(needs.school_area.as_ref().map(|school| school == area)),
        scale,
    };
    let area_sum = terms.scale.area_sum(terms.wished_area, terms.school);
    let named = pair.rules.scoring.weights.iter().map(|weight| TermPoints {
        term: weight.term,
        points: terms.points(weight.term),
        weight: weight.weight,
        because: terms.because(weight.term),
    });
    Suitability {
        points: terms.scale.points(&terms.wishes, &terms.offer, area_sum),
        terms: named.collect(),
    }
}

/// A pair, with what the terms ask about it.
struct Terms<'a> {
    pair: &'a Pair<'a>,
    wishes: Wishes,
    offer: Offer,
    scale: Scale,
    wished_area: u16,
    school: u16,
}

impl Terms<'_> {
    fn points(&self, term: Term) -> u16 {
        let (wishes, offer) = (&self.wishes, &self.offer);
        match term {
            Term::SizeFit => self.scale.size_fit(wishes, offer),
            Term::WishedArea => self.wished_area,
            Term::WishedCategory => self.scale.wished_category(wishes, offer),
            Term::SchoolStability => self.school,
            Term::Affordability => self.scale.affordability(wishes, offer),
            Term::Pet => pet(wishes, offer),
            Term::Quiet => quiet(wishes, offer),
            Term::HousingPath => housing_path(wishes, offer),
            Term::ScarceFeatures => self.scale.scarce_features(wishes, offer),
            Term::RentToOwn => rent_to_own(wishes, offer),
            Term::NeighbourhoodMix => self.scale.neighbourhood_mix(wishes, offer),
        }
    }

    fn because(&self, term: Term) -> Text {
        match term {
            Term::SizeFit => self.size_fit(),
            Term::WishedArea => self.wished_area(),
            Term::WishedCategory => self.wished_category(),
            Term::SchoolStability => self.school_stability(),
            Term::Affordability => self.affordability(),
            Term::RentToOwn => self.rent_to_own(),
            Term::NeighbourhoodMix => self.neighbourhood_mix(),
            Term::Pet => match (self.wishes.has_pet, self.offer.pets_allowed) {
                (false, _) => Text::new("Husstanden har ikke dyr.", "The household keeps no pet."),
                (true, true) => Text::new("Dyrehold er tillatt.", "Pets are allowed."),
                (true, false) => Text::new("Dyrehold er ikke tillatt.", "Pets are not allowed."),
            },
            Term::Quiet => match (self.wishes.leaves_harm, self.offer.is_quiet) {
                (false, _) => {
                    Text::new("Ingen særlig grunn til ro.", "No special reason for quiet.")
                }
                (true, true) => Text::new("Omgivelsene er stille.", "The surroundings are quiet."),
                (true, false) => Text::new(
                    "Omgivelsene er ikke merket som stille.",
                    "The surroundings are not marked as quiet.",
                ),
            },
            Term::HousingPath => match self.points(term) {
                FULL => Text::new(
                    "Neste trinn mot ordinær bolig.",
                    "The next step to an ordinary home.",
                ),
                NEUTRAL => Text::new("Ikke et skifte av trinn.", "No change of step."),
                _ => Text::new(
                    "Ikke neste trinn mot ordinær bolig.",
                    "Not the next step to an ordinary home.",
                ),
            },
            Term::ScarceFeatures => {
                let unneeded = unneeded_features(&self.wishes, &self.offer);
                Text::new(
                    format!("{unneeded} knappe egenskaper ville stå ubrukt."),
                    format!("{unneeded} scarce features would go unused."),
                )
            }
        }
    }

    fn rent_to_own(&self) -> Text {
        match (self.wishes.could_own, self.offer.may_be_bought) {
            (false, _) => Text::new(
                "Leie til eie er ikke vurdert som mulig.",
                "Coming to own was not assessed as possible.",
            ),
            (true, Some(true)) => Text::new(
                "Boligen kan selges til den som bor der.",
                "The home may be sold to whoever lives there.",
            ),
            (true, Some(false)) => {
                Text::new("Boligen kan ikke selges.", "The home may not be sold.")
            }
            (true, None) => Text::new(
                "Disposisjonsformen er ikke kjent.",
                "It is not known by what right the home is let.",
            ),
        }
    }

    fn neighbourhood_mix(&self) -> Text {
        if !self.wishes.minds_neighbours {
            return Text::new(
                "Ingen særlig grunn til å se på naboene.",
                "No special reason to consider the neighbours.",
            );
        }
        let others = self.offer.demanding_neighbours;
        Text::new(
            format!("{others} andre boliger i bygget er for krevende leieforhold."),
            format!("{others} other homes in the building are for demanding tenancies."),
        )
    }

    fn size_fit(&self) -> Text {
        let (needed, found) = (bedrooms(&self.wishes, &self.offer), self.offer.bedrooms);
        Text::new(
            format!("Husstanden trenger {needed} soverom; boligen har {found}."),
            format!("The household needs {needed} bedrooms; the home has {found}."),
        )
    }

    fn wished_area(&self) -> Text {
        let wishes = &self.pair.household.needs.wished_areas;
        let area = &self.pair.home.area;
        match wishes.iter().position(|wish| wish == area) {
            Some(place) => Text::new(
                format!("{} er ønske nummer {}.", area.0, place + 1),
                format!("{} is wish number {}.", area.0, place + 1),
            ),
            None if wishes.is_empty() => {
                Text::new("Ingen områder er ønsket.", "No area was wished for.")
            }
            None => Text::new(
                format!("{} er ikke blant ønskene.", area.0),
                format!("{} is not among the wishes.", area.0),
            ),
        }
    }

    fn wished_category(&self) -> Text {
        let category = self.pair.home.category;
        let Text { nb, en } = name(category);
        let wishes = &self.pair.household.needs.categories;
        match wishes.iter().position(|wish| *wish == category) {
            Some(place) => Text::new(
                format!(
                    "Boligtypen ({nb}) er nummer {} i behovsprofilen.",
                    place + 1
                ),
                format!(
                    "The kind of home ({en}) is number {} in the needs.",
                    place + 1
                ),
            ),
            None => Text::new(
                format!("Boligtypen ({nb}) er ikke i behovsprofilen."),
                format!("The kind of home ({en}) is not in the needs."),
            ),
        }
    }

    fn school_stability(&self) -> Text {
        match &self.pair.household.needs.school_area {
            None => Text::new("Ingen skole å ta hensyn til.", "No school to consider."),
            Some(school) if *school == self.pair.home.area => Text::new(
                "Barna kan bli på skolen eller i barnehagen.",
                "The children can stay at their school or kindergarten.",
            ),
            Some(school) => Text::new(
                format!("Skolen eller barnehagen ligger i {}.", school.0),
                format!("The school or kindergarten lies in {}.", school.0),
            ),
        }
    }

    fn affordability(&self) -> Text {
        let Some(means) = self.wishes.means_ore else {
            return Text::new(
                "Betalingsevnen er ikke vurdert.",
                "The means were not assessed.",
            );
        };
        let allowance = self.scale.allowance(&self.wishes, &self.offer);
        let [rent, allowance, means] = [self.offer.rent_ore, allowance, means].map(|ore| ore / 100);
        Text::new(
            format!(
                "Husleie {rent} kr, anslått bostøtte {allowance} kr, betalingsevne {means} kr."
            ),
            format!("Rent NOK {rent}, estimated allowance NOK {allowance}, means NOK {means}."),
        )
    }
}
