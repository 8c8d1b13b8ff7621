//! The suitability of a pair explained: each term with its points, its weight and a sentence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::Pair;
use super::suitability::{
    FULL, NEUTRAL, Offer, Scale, Wishes, allowance, bedrooms, housing_path, pet, quiet,
    school_stability,
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
    let scale = Scale::of(pair.rules);
    let wishes = Wishes::of(pair.household, pair.measures, pair.rules);
    let offer = Offer::of(pair.home, pair.rules);
    let (area, needs) = (&pair.home.area, &pair.household.needs);
    let place = needs.wished_areas.iter().position(|wish| wish == area);
    let wished_area = scale.wished_area(!needs.wished_areas.is_empty(), place);
    let school = school_stability(needs.school_area.as_ref().map(|school| school == area));
    let points_of = |term| match term {
        Term::SizeFit => scale.size_fit(&wishes, &offer),
        Term::WishedArea => wished_area,
        Term::WishedCategory => scale.wished_category(&wishes, &offer),
        Term::SchoolStability => school,
        Term::Affordability => scale.affordability(&wishes, &offer),
        Term::Pet => pet(&wishes, &offer),
        Term::Quiet => quiet(&wishes, &offer),
        Term::HousingPath => housing_path(&wishes, &offer),
        Term::ScarceFeatures => scale.scarce_features(&wishes, &offer),
    };
    let terms = pair.rules.scoring.weights.iter().map(|weight| TermPoints {
        term: weight.term,
        points: points_of(weight.term),
        weight: weight.weight,
        because: because(weight.term, pair, &wishes, &offer),
    });
    Suitability {
        points: scale.points(&wishes, &offer, scale.area_sum(wished_area, school)),
        terms: terms.collect(),
    }
}

fn because(term: Term, pair: &Pair<'_>, wishes: &Wishes, offer: &Offer) -> Text {
    let needs = &pair.household.needs;
    let area = &pair.home.area.0;
    match term {
        Term::SizeFit => {
            let (needed, found) = (bedrooms(wishes, offer), offer.bedrooms);
            Text::new(
                format!("Husstanden trenger {needed} soverom; boligen har {found}."),
                format!("The household needs {needed} bedrooms; the home has {found}."),
            )
        }
        Term::WishedArea => {
            match needs
                .wished_areas
                .iter()
                .position(|wish| *wish == pair.home.area)
            {
                Some(place) => Text::new(
                    format!("{area} er ønske nummer {}.", place + 1),
                    format!("{area} is wish number {}.", place + 1),
                ),
                None if needs.wished_areas.is_empty() => {
                    Text::new("Ingen områder er ønsket.", "No area was wished for.")
                }
                None => Text::new(
                    format!("{area} er ikke blant ønskene."),
                    format!("{area} is not among the wishes."),
                ),
            }
        }
        Term::WishedCategory => {
            let category = name(pair.home.category);
            match needs
                .categories
                .iter()
                .position(|wish| *wish == pair.home.category)
            {
                Some(place) => Text::new(
                    format!(
                        "Boligtypen ({}) er nummer {} i behovsprofilen.",
                        category.nb,
                        place + 1
                    ),
                    format!(
                        "The kind of home ({}) is number {} in the needs.",
                        category.en,
                        place + 1
                    ),
                ),
                None => Text::new(
                    format!("Boligtypen ({}) er ikke i behovsprofilen.", category.nb),
                    format!("The kind of home ({}) is not in the needs.", category.en),
                ),
            }
        }
        Term::SchoolStability => match &needs.school_area {
            None => Text::new(
                "Ingen skole eller barnehage å ta hensyn til.",
                "No school to consider.",
            ),
            Some(school) if *school == pair.home.area => Text::new(
                "Barna kan bli på skolen eller i barnehagen.",
                "The children can stay at their school.",
            ),
            Some(school) => Text::new(
                format!("Skolen eller barnehagen ligger i {}.", school.0),
                format!("The school lies in {}.", school.0),
            ),
        },
        Term::Affordability => affordability_because(pair, wishes),
        Term::Pet => match (wishes.has_pet, offer.pets_allowed) {
            (false, _) => Text::new("Husstanden har ikke dyr.", "The household keeps no pet."),
            (true, true) => Text::new("Dyrehold er tillatt.", "Pets are allowed."),
            (true, false) => Text::new("Dyrehold er ikke tillatt.", "Pets are not allowed."),
        },
        Term::Quiet => match (wishes.leaves_harm, offer.is_quiet) {
            (false, _) => Text::new(
                "Ingen særlig grunn til stille omgivelser.",
                "No special reason for quiet.",
            ),
            (true, true) => Text::new("Omgivelsene er stille.", "The surroundings are quiet."),
            (true, false) => Text::new(
                "Omgivelsene er ikke merket som stille.",
                "The surroundings are not marked as quiet.",
            ),
        },
        Term::HousingPath => match housing_path(wishes, offer) {
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
            let unneeded = (offer.scarce_features & !wishes.features).count_ones();
            Text::new(
                format!("{unneeded} knappe egenskaper ville stå ubrukt."),
                format!("{unneeded} scarce features would go unused."),
            )
        }
    }
}

fn affordability_because(pair: &Pair<'_>, wishes: &Wishes) -> Text {
    let rent = pair.home.rent_ore;
    let Some(means) = wishes.means_ore else {
        return Text::new(
            "Betalingsevnen er ikke vurdert.",
            "The means were not assessed.",
        );
    };
    let allowance = allowance(
        rent,
        means,
        &wishes.bracket,
        &pair.rules.scoring.affordability,
    );
    let [rent, allowance, means] = [rent, allowance, means].map(|ore| ore / 100);
    Text::new(
        format!("Husleie {rent} kr, anslått bostøtte {allowance} kr, betalingsevne {means} kr."),
        format!("Rent NOK {rent}, estimated housing allowance NOK {allowance}, means NOK {means}."),
    )
}
