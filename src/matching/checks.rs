//! The hard constraints explained: for each, what is asked, what was found, and what would have to change.
//!
//! This path works on the facts as they stand and says why; `pool` works on columns and only says which. A test holds
//! them to the same answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::constraints::{Constraint, has_feature, has_service};
use super::model::{AgeWindow, HomeFacts, HouseholdFacts};
use super::norm::Measures;
use super::words::{list, name};
use crate::clock::Day;
use crate::housing::Feature;
use crate::rulesets::RuleSet;
use crate::text::Text;

/// One constraint, held against one household and one home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// The constraint.
    pub constraint: Constraint,
    /// Whether it holds.
    pub holds: bool,
    /// What is asked, by the household's needs or by the rules.
    pub asked: Text,
    /// What was found.
    pub found: Text,
    /// What would have to change; absent when the constraint holds.
    pub remedy: Option<Text>,
}

/// A household and a home held against each other.
pub(super) struct Pair<'a> {
    pub(super) household: &'a HouseholdFacts,
    pub(super) home: &'a HomeFacts,
    pub(super) rules: &'a RuleSet,
    pub(super) as_of: Day,
    pub(super) measures: Measures,
}

impl<'a> Pair<'a> {
    /// The pair, measured by the norm.
    pub(super) fn new(
        household: &'a HouseholdFacts,
        home: &'a HomeFacts,
        rules: &'a RuleSet,
        as_of: Day,
    ) -> Self {
        let measures = Measures::of(household, rules, as_of);
        Self {
            household,
            home,
            rules,
            as_of,
            measures,
        }
    }

    /// Every constraint, in the order of declaration.
    pub(super) fn checks(&self) -> Vec<Check> {
        Constraint::ALL
            .iter()
            .map(|&constraint| self.check(constraint))
            .collect()
    }

    fn check(&self, constraint: Constraint) -> Check {
        let Finding {
            holds,
            asked,
            found,
            remedy,
        } = match constraint {
            Constraint::NotVacant => self.vacancy(),
            Constraint::Capacity => self.capacity(),
            Constraint::Bedrooms => self.bedrooms(),
            Constraint::Features => self.features(),
            Constraint::FloorWithoutLift => self.floor(),
            Constraint::Category => self.category(),
            Constraint::AgeWindow => self.ages(),
            Constraint::Services => self.services(),
            Constraint::ExcludedArea => self.area(),
            Constraint::Inspection => self.inspection(),
            Constraint::ReferralQuota => self.referral(),
            Constraint::DemolitionWindow => self.demolition(),
            Constraint::ProtectedAddress => self.protection(),
            Constraint::NoChildrenInRobust => self.children(),
            Constraint::LowerStepsFirst => self.lower_steps(),
            Constraint::ExcludedNeighbour => self.neighbours(),
        };
        Check {
            constraint,
            holds,
            asked,
            found,
            remedy: (!holds).then_some(remedy),
        }
    }

    fn capacity(&self) -> Finding {
        let (persons, capacity) = (self.measures.persons, self.home.capacity);
        Finding {
            holds: persons <= capacity,
            asked: Text::new(
                format!("plass til {persons}"),
                format!("room for {persons}"),
            ),
            found: Text::new(
                format!("plass til {capacity}"),
                format!("room for {capacity}"),
            ),
            remedy: Text::new(
                format!("En bolig med plass til minst {persons}."),
                format!("A home with room for at least {persons}."),
            ),
        }
    }

    fn bedrooms(&self) -> Finding {
        let needed = self.measures.bedrooms_in(self.home.category, self.rules);
        let found = self.home.bedrooms;
        Finding {
            holds: needed <= found,
            asked: Text::new(format!("{needed} soverom"), format!("{needed} bedrooms")),
            found: Text::new(format!("{found} soverom"), format!("{found} bedrooms")),
            remedy: Text::new(
                format!("En bolig med minst {needed} soverom."),
                format!("A home with at least {needed} bedrooms."),
            ),
        }
    }

    fn features(&self) -> Finding {
        let needed = &self.household.needs.features;
        let lacking = || {
            needed
                .iter()
                .copied()
                .filter(|&need| !has_feature(self.home, need))
        };
        let missing = list(lacking());
        Finding {
            holds: lacking().next().is_none(),
            asked: list(needed.iter().copied()),
            found: list(self.home.features.iter().copied()),
            remedy: Text::new(
                format!("Boligen må få: {}.", missing.nb),
                format!("The home must be given: {}.", missing.en),
            ),
        }
    }

    fn floor(&self) -> Finding {
        let floor = self.home.floor;
        let has_lift = has_feature(self.home, Feature::Lift);
        let highest = self.household.needs.highest_floor_without_lift;
        Finding {
            holds: has_lift || highest.is_none_or(|highest| floor <= highest),
            asked: match highest {
                Some(highest) => Text::new(
                    format!("høyst {highest}. etasje uten heis"),
                    format!("floor {highest} at most without a lift"),
                ),
                None => Text::new("ingen grense", "no limit"),
            },
            found: if has_lift {
                Text::new(
                    format!("{floor}. etasje med heis"),
                    format!("floor {floor} with a lift"),
                )
            } else {
                Text::new(
                    format!("{floor}. etasje uten heis"),
                    format!("floor {floor} without a lift"),
                )
            },
            remedy: Text::new("En lavere etasje, eller heis.", "A lower floor, or a lift."),
        }
    }

    fn category(&self) -> Finding {
        let (asked, found) = (&self.household.needs.categories, name(self.home.category));
        Finding {
            holds: asked.contains(&self.home.category),
            asked: list(asked.iter().copied()),
            remedy: Text::new(
                format!(
                    "Behovet må vurderes på nytt, slik at det omfatter: {}.",
                    found.nb
                ),
                format!(
                    "The needs must be assessed again, to include: {}.",
                    found.en
                ),
            ),
            found,
        }
    }

    fn ages(&self) -> Finding {
        let (youngest, oldest) = (
            self.measures.youngest_applicant,
            self.measures.oldest_applicant,
        );
        let window = self.home.age_window;
        let spoken = if youngest == oldest {
            oldest.to_string()
        } else {
            format!("{youngest}–{oldest}")
        };
        Finding {
            holds: window
                .is_none_or(|window| youngest >= window.youngest && oldest <= window.oldest),
            asked: window.map_or_else(
                || Text::new("alle aldre", "all ages"),
                |AgeWindow { youngest, oldest }| {
                    Text::new(
                        format!("{youngest}–{oldest} år"),
                        format!("{youngest}–{oldest} years"),
                    )
                },
            ),
            found: Text::new(format!("{spoken} år"), format!("{spoken} years")),
            remedy: Text::new("En bolig for denne alderen.", "A home for this age."),
        }
    }

    fn services(&self) -> Finding {
        let needed = &self.household.needs.services;
        let lacking = || {
            needed
                .iter()
                .copied()
                .filter(|&need| !has_service(self.home, need))
        };
        let missing = list(lacking());
        Finding {
            holds: lacking().next().is_none(),
            asked: list(needed.iter().copied()),
            found: list(self.home.services.iter().copied()),
            remedy: Text::new(
                format!("Tjenesten må kunne gis i boligen: {}.", missing.nb),
                format!("The service must be possible in the home: {}.", missing.en),
            ),
        }
    }

    fn area(&self) -> Finding {
        let excluded = &self.household.needs.excluded_areas;
        let spoken = excluded
            .iter()
            .map(|area| area.0.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        Finding {
            holds: !excluded.contains(&self.home.area),
            asked: if spoken.is_empty() {
                Text::new("ingen utelukkede områder", "no excluded areas")
            } else {
                Text::new(format!("ikke i {spoken}"), format!("not in {spoken}"))
            },
            found: Text::same(self.home.area.0.as_str()),
            remedy: Text::new("En bolig i et annet område.", "A home in another area."),
        }
    }

    /// Silent about who it is: whoever reads why one household may not live here need not learn who does.
    fn neighbours(&self) -> Finding {
        let excluded = &self.household.needs.excluded_households;
        let lives_there = self.home.residents.iter().any(|it| excluded.contains(it));
        Finding {
            holds: !lives_there,
            asked: if excluded.is_empty() {
                Text::new("ingen utelukkede naboer", "no excluded neighbours")
            } else {
                Text::new("ingen utelukket nabo", "no excluded neighbour")
            },
            found: if lives_there {
                Text::new("en utelukket nabo", "an excluded neighbour")
            } else {
                Text::new("ingen av dem", "none of them")
            },
            remedy: Text::new("En bolig i et annet bygg.", "A home in another building."),
        }
    }

    fn protection(&self) -> Finding {
        let (is_protected, is_cleared) = (
            self.household.protection.is_protected(),
            self.home.cleared_for_protected,
        );
        Finding {
            holds: !is_protected || is_cleared,
            asked: if is_protected {
                Text::new(
                    "klarert for beskyttet adresse",
                    "cleared for a protected address",
                )
            } else {
                Text::new("ingen klarering", "no clearance")
            },
            found: if is_cleared {
                Text::new("klarert", "cleared")
            } else {
                Text::new("ikke klarert", "not cleared")
            },
            remedy: Text::new("En bolig som er klarert.", "A home that is cleared."),
        }
    }

    fn children(&self) -> Finding {
        let is_closed = self
            .rules
            .placement
            .no_children_in
            .contains(&self.home.category);
        let has_children = self.measures.has_children;
        Finding {
            holds: !(is_closed && has_children),
            asked: if is_closed {
                Text::new("ingen barn", "no children")
            } else {
                Text::new("åpen for barn", "open to children")
            },
            found: if has_children {
                Text::new("barn i husstanden", "children in the household")
            } else {
                Text::new("ingen barn i husstanden", "no children in the household")
            },
            remedy: Text::new(
                "En boligtype som er åpen for barn.",
                "A kind of home that is open to children.",
            ),
        }
    }

    fn lower_steps(&self) -> Finding {
        let is_asked = self
            .rules
            .placement
            .lower_steps_first_for
            .contains(&self.home.category);
        let were_tried = self.household.needs.lower_steps_tried;
        Finding {
            holds: !is_asked || were_tried,
            asked: if is_asked {
                Text::new("lavere trinn prøvd først", "lower steps tried first")
            } else {
                Text::new("ingen krav", "nothing")
            },
            found: if were_tried {
                Text::new("prøvd og ikke egnet", "tried and not suitable")
            } else {
                Text::new("ikke registrert som prøvd", "not recorded as tried")
            },
            remedy: Text::new(
                "Lavere trinn må vurderes, prøves og registreres.",
                "Lower steps must be assessed, tried and recorded.",
            ),
        }
    }
}

/// What one constraint comes to, before it is known whether the remedy is worth telling.
pub(super) struct Finding {
    pub(super) holds: bool,
    pub(super) asked: Text,
    pub(super) found: Text,
    pub(super) remedy: Text,
}
