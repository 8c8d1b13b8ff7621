//! How well a home suits a household that may have it: named terms in whole points, never a lone sum.
//!
//! Each term gives 0 to 1000 points; [`NEUTRAL`] when nothing speaks for or against. All arithmetic is in integers, so that a score
//! computed again years later is the same to the digit.

use super::constraints::has_feature;
use super::model::{HomeFacts, HouseholdFacts};
use super::norm::Measures;
use crate::housing::{Category, Feature, Tenure};
use crate::rulesets::{Affordability, AllowanceBracket, RuleSet, ScoringRules, Term};
use crate::situations::SituationReason;

/// The most points.
pub const FULL: u16 = 1000;
/// The points when a term has nothing to say.
pub const NEUTRAL: u16 = 500;

/// What the terms ask about a household, apart from areas.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact that one term asks for"
)]
pub(super) struct Wishes {
    pub(super) measures: Measures,
    /// The place of each kind of home in the household's list, four bits each; [`NOWHERE`] when it is not there.
    category_places: u64,
    features: u16,
    pub(super) means_ore: Option<i64>,
    cost_ceiling_ore: i64,
    own_share_ore: i64,
    pub(super) has_pet: bool,
    pub(super) leaves_harm: bool,
    pub(super) could_own: bool,
    /// Whether demanding homes in the building weigh on it: children, somebody who leaves harm, or another demanding household.
    pub(super) minds_neighbours: bool,
    step: Option<u8>,
}

/// What the terms ask about a home, apart from its area.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    needs_no_bedroom_for_one: bool,
    category_shift: u32,
    pub(super) bedrooms: u8,
    scarce_features: u16,
    pub(super) rent_ore: i64,
    pub(super) pets_allowed: bool,
    pub(super) is_quiet: bool,
    /// Whether it may be sold to whoever lives there; unknown in snapshots from before tenure was told.
    pub(super) may_be_bought: Option<bool>,
    pub(super) demanding_neighbours: u16,
    step: Option<u8>,
}

/// The weights and the points lost, ready for use.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    rules: ScoringRules,
    size_fit: u32,
    wished_area: u32,
    wished_category: u32,
    school_stability: u32,
    affordability: u32,
    pet: u32,
    quiet: u32,
    housing_path: u32,
    scarce_features: u32,
    rent_to_own: u32,
    neighbourhood_mix: u32,
    total: u32,
}

const NOWHERE: u64 = 0xF;

impl Wishes {
    /// The wishes of a household.
    pub(super) fn of(household: &HouseholdFacts, measures: Measures, rules: &RuleSet) -> Self {
        let needs = &household.needs;
        let category_places = Category::ALL
            .iter()
            .enumerate()
            .fold(0, |places, (i, category)| {
                let place = needs.categories.iter().position(|wish| wish == category);
                let place = place
                    .and_then(|place| u64::try_from(place).ok())
                    .unwrap_or(NOWHERE);
                places | place.min(NOWHERE) << (4 * i)
            });
        let leaves_harm = household.situations.iter().any(|reason| {
            matches!(
                reason,
                SituationReason::UnsafeFromViolence | SituationReason::HarmfulNeighbourhood
            )
        });
        let affordability = &rules.scoring.affordability;
        let bracket = bracket(measures.persons, affordability);
        let own_share = own_share(needs.monthly_means_ore, affordability);
        Self {
            measures,
            category_places,
            features: bits(Feature::ALL, |feature| needs.features.contains(feature)),
            means_ore: needs.monthly_means_ore,
            cost_ceiling_ore: bracket.cost_ceiling_ore,
            own_share_ore: own_share.max(bracket.least_own_share_ore),
            has_pet: needs.has_pet,
            leaves_harm,
            could_own: needs.could_come_to_own,
            minds_neighbours: leaves_harm
                || measures.has_children
                || needs
                    .categories
                    .iter()
                    .any(|kind| rules.placement.no_children_in.contains(kind)),
            step: household
                .lives_in
                .and_then(|category| step(category, rules)),
        }
    }
}

impl Offer {
    /// What a home offers.
    pub(super) fn of(home: &HomeFacts, rules: &RuleSet) -> Self {
        let index = Category::ALL
            .iter()
            .position(|category| *category == home.category);
        Self {
            needs_no_bedroom_for_one: rules
                .bedrooms
                .no_bedroom_for_one_in
                .contains(&home.category),
            category_shift: index.and_then(|i| u32::try_from(4 * i).ok()).unwrap_or(0),
            bedrooms: home.bedrooms,
            scarce_features: bits(Feature::ALL, |feature| {
                rules.scoring.scarce_features.contains(feature) && has_feature(home, *feature)
            }),
            rent_ore: home.rent_ore,
            pets_allowed: has_feature(home, Feature::PetsAllowed),
            is_quiet: has_feature(home, Feature::Quiet),
            // What the municipality owns, for good, and lets as an ordinary home, it can sell.
            may_be_bought: home.tenure.map(|tenure| {
                matches!(tenure, Tenure::Owned | Tenure::CoopShare)
                    && home.category == Category::Ordinary
                    && home.demolition_from.is_none()
            }),
            demanding_neighbours: home
                .neighbours
                .iter()
                .filter(|it| rules.placement.no_children_in.contains(&it.category))
                .fold(0, |sum: u16, it| sum.saturating_add(it.homes)),
            step: step(home.category, rules),
        }
    }
}

impl Scale {
    /// The scale of a rule set.
    pub(super) fn of(rules: &RuleSet) -> Self {
        let weight = |term| {
            let named = rules
                .scoring
                .weights
                .iter()
                .find(|weight| weight.term == term);
            named.map_or(0, |weight| u32::from(weight.weight))
        };
        Self {
            size_fit: weight(Term::SizeFit),
            wished_area: weight(Term::WishedArea),
            wished_category: weight(Term::WishedCategory),
            school_stability: weight(Term::SchoolStability),
            affordability: weight(Term::Affordability),
            pet: weight(Term::Pet),
            quiet: weight(Term::Quiet),
            housing_path: weight(Term::HousingPath),
            scarce_features: weight(Term::ScarceFeatures),
            rent_to_own: weight(Term::RentToOwn),
            neighbourhood_mix: weight(Term::NeighbourhoodMix),
            total: Term::ALL
                .iter()
                .map(|&term| weight(term))
                .sum::<u32>()
                .max(1),
            rules: rules.scoring.clone(),
        }
    }

    /// The weighted sum of the two terms that depend on the area.
    pub(super) fn area_sum(&self, wished_area: u16, school_stability: u16) -> u32 {
        self.wished_area * u32::from(wished_area)
            + self.school_stability * u32::from(school_stability)
    }

    /// The points of a pair, from the weighted sum for its area.
    pub(super) fn points(&self, wishes: &Wishes, offer: &Offer, area_sum: u32) -> u16 {
        let sum = area_sum
            + self.size_fit * u32::from(self.size_fit(wishes, offer))
            + self.wished_category * u32::from(self.wished_category(wishes, offer))
            + self.affordability * u32::from(self.affordability(wishes, offer))
            + self.pet * u32::from(pet(wishes, offer))
            + self.quiet * u32::from(quiet(wishes, offer))
            + self.housing_path * u32::from(housing_path(wishes, offer))
            + self.scarce_features * u32::from(self.scarce_features(wishes, offer))
            + self.rent_to_own * u32::from(rent_to_own(wishes, offer))
            + self.neighbourhood_mix * u32::from(self.neighbourhood_mix(wishes, offer));
        u16::try_from(sum / self.total).unwrap_or(FULL)
    }

    /// The points for a wished area: its place among the household's wishes, which may be none.
    pub(super) fn wished_area(&self, has_wishes: bool, place: Option<usize>) -> u16 {
        match place {
            _ if !has_wishes => NEUTRAL,
            None => 0,
            Some(place) => {
                let place = u16::try_from(place).unwrap_or(u16::MAX);
                less(self.rules.points_lost.per_later_area_wish, place)
            }
        }
    }

    pub(super) fn size_fit(&self, wishes: &Wishes, offer: &Offer) -> u16 {
        let surplus = offer
            .bedrooms
            .saturating_sub(bedrooms(wishes, offer).max(1));
        less(
            self.rules.points_lost.per_surplus_bedroom,
            u16::from(surplus),
        )
    }

    pub(super) fn wished_category(&self, wishes: &Wishes, offer: &Offer) -> u16 {
        let place = (wishes.category_places >> offer.category_shift) & NOWHERE;
        if place == NOWHERE {
            return 0;
        }
        less(
            self.rules.points_lost.per_later_category,
            u16::try_from(place).unwrap_or(0),
        )
    }

    pub(super) fn affordability(&self, wishes: &Wishes, offer: &Offer) -> u16 {
        let Some(means) = wishes.means_ore else {
            return NEUTRAL;
        };
        let rules = &self.rules.affordability;
        let net = offer.rent_ore - self.allowance(wishes, offer);
        if net <= means {
            return FULL;
        }
        let out_of_reach = means.saturating_mul(i64::from(rules.unaffordable_at_percent)) / 100;
        if net >= out_of_reach {
            return 0;
        }
        let share = (out_of_reach - net) * i64::from(FULL) / (out_of_reach - means);
        u16::try_from(share).unwrap_or(0)
    }

    /// The housing allowance by the rule set's estimate: a share of accepted costs above the household's own share.
    pub(super) fn allowance(&self, wishes: &Wishes, offer: &Offer) -> i64 {
        let accepted = offer.rent_ore.min(wishes.cost_ceiling_ore);
        let above_own_share = (accepted - wishes.own_share_ore).max(0);
        above_own_share * i64::from(self.rules.affordability.cover_permille) / 1000
    }

    pub(super) fn neighbourhood_mix(&self, wishes: &Wishes, offer: &Offer) -> u16 {
        if !wishes.minds_neighbours {
            return NEUTRAL;
        }
        let lost = self.rules.points_lost.per_demanding_neighbour.unwrap_or(0);
        less(lost, offer.demanding_neighbours)
    }

    pub(super) fn scarce_features(&self, wishes: &Wishes, offer: &Offer) -> u16 {
        let unneeded = unneeded_features(wishes, offer);
        less(self.rules.points_lost.per_unneeded_scarce_feature, unneeded)
    }
}

/// The points for the children's school: whether it lies in the home's area, if there is one.
pub(super) fn school_stability(is_in_area: Option<bool>) -> u16 {
    match is_in_area {
        None => NEUTRAL,
        Some(true) => FULL,
        Some(false) => 0,
    }
}

pub(super) fn pet(wishes: &Wishes, offer: &Offer) -> u16 {
    wish_points(wishes.has_pet, offer.pets_allowed)
}

pub(super) fn quiet(wishes: &Wishes, offer: &Offer) -> u16 {
    wish_points(wishes.leaves_harm, offer.is_quiet)
}

pub(super) fn rent_to_own(wishes: &Wishes, offer: &Offer) -> u16 {
    match offer.may_be_bought {
        Some(may) => wish_points(wishes.could_own, may),
        None => NEUTRAL,
    }
}

pub(super) fn housing_path(wishes: &Wishes, offer: &Offer) -> u16 {
    match (wishes.step, offer.step) {
        (Some(now), Some(next)) if next == now + 1 => FULL,
        (Some(now), Some(next)) if next != now => 0,
        _ => NEUTRAL,
    }
}

/// How many scarce features of the home the household does not need.
pub(super) fn unneeded_features(wishes: &Wishes, offer: &Offer) -> u16 {
    let unneeded = offer.scarce_features & !wishes.features;
    u16::try_from(unneeded.count_ones()).unwrap_or(u16::MAX)
}

fn wish_points(is_wished: bool, is_given: bool) -> u16 {
    if !is_wished {
        NEUTRAL
    } else if is_given {
        FULL
    } else {
        0
    }
}

fn own_share(means_ore: Option<i64>, rules: &Affordability) -> i64 {
    means_ore
        .unwrap_or(0)
        .saturating_mul(i64::from(rules.own_share_permille))
        / 1000
}

fn bracket(persons: u8, rules: &Affordability) -> AllowanceBracket {
    let fitting = rules
        .brackets
        .iter()
        .find(|bracket| persons <= bracket.persons);
    // Rules without any bracket have a fault and are not used; they would estimate no allowance.
    let none = AllowanceBracket {
        persons: 0,
        cost_ceiling_ore: 0,
        least_own_share_ore: 0,
    };
    fitting.or(rules.brackets.last()).copied().unwrap_or(none)
}

pub(super) fn bedrooms(wishes: &Wishes, offer: &Offer) -> u8 {
    if offer.needs_no_bedroom_for_one {
        wishes.measures.bedrooms_in_one_room
    } else {
        wishes.measures.bedrooms
    }
}

fn step(category: Category, rules: &RuleSet) -> Option<u8> {
    let place = rules.scoring.path.iter().position(|step| *step == category);
    place.and_then(|place| u8::try_from(place).ok())
}

fn less(lost: u16, times: u16) -> u16 {
    FULL.saturating_sub(lost.saturating_mul(times))
}

/// One bit for each word of a closed vocabulary of which this is true.
pub(super) fn bits<T>(vocabulary: &[T], is_in: impl Fn(&T) -> bool) -> u16 {
    let places = vocabulary.iter().enumerate();
    places
        .filter(|(_, word)| is_in(word))
        .fold(0, |bits, (i, _)| bits | 1 << i)
}
