//! The constraints that depend on the home alone, explained: no household may have a home that fails one of them.

use super::checks::{Finding, Pair};
use super::words::Named as _;
use crate::housing::DwellingState;
use crate::text::Text;

impl Pair<'_> {
    pub(super) fn vacancy(&self) -> Finding {
        Finding {
            holds: self.home.state == DwellingState::Available,
            asked: Text::new("ledig bolig", "a vacant home"),
            found: Text::same(self.home.state.code()),
            remedy: Text::new("Boligen må bli ledig.", "The home must become vacant."),
        }
    }

    pub(super) fn inspection(&self) -> Finding {
        let months = self.rules.inspection_valid_months;
        let last = self.home.last_inspected_on;
        let found = match self.home.barring_finding {
            Some(area) => {
                let (nb, en) = area.names();
                Text::new(
                    format!("avvik som hindrer utleie: {nb}"),
                    format!("a finding that bars letting: {en}"),
                )
            }
            None => last.or(self.home.lapsed_inspection_on).map_or_else(
                || Text::new("aldri", "never"),
                |day| Text::same(day.0.to_string()),
            ),
        };
        let remedy = match self.home.barring_finding {
            Some(_) => Text::new("Avviket må lukkes.", "The finding must be cleared."),
            None => Text::new("Boligen må ha tilsyn.", "The home must be inspected."),
        };
        Finding {
            holds: last.is_some_and(|last| self.as_of < last.plus_months(i32::from(months))),
            asked: Text::new(
                format!("tilsyn siste {months} måneder"),
                format!("inspected within the last {months} months"),
            ),
            found,
            remedy,
        }
    }

    pub(super) fn referral(&self) -> Finding {
        let Some(referral) = self.home.referral else {
            return Finding {
                holds: true,
                asked: Text::new("ingen kvote", "no quota"),
                found: Text::new("ingen tilvisningsavtale", "no referral agreement"),
                remedy: Text::same(""),
            };
        };
        let usable = referral.usable(&self.rules.referral);
        let (units, in_use) = (referral.units, referral.units_in_use);
        Finding {
            holds: in_use < usable,
            asked: Text::new(
                format!("høyst {usable} av {units}"),
                format!("{usable} of {units} at most"),
            ),
            found: Text::new(format!("{in_use} i bruk"), format!("{in_use} in use")),
            remedy: Text::new(
                "En annen leietaker under avtalen må flytte ut.",
                "Another tenant under the agreement must leave.",
            ),
        }
    }

    pub(super) fn demolition(&self) -> Finding {
        let months = self.rules.lease.months_in(self.home.category);
        let lease_until = self.as_of.plus_months(i32::from(months));
        let demolition = self.home.demolition_from;
        Finding {
            holds: demolition.is_none_or(|from| lease_until <= from),
            asked: Text::new(
                format!("står i {months} måneder"),
                format!("stands for {months} months"),
            ),
            found: demolition.map_or_else(
                || Text::new("skal ikke rives", "will not be demolished"),
                |from| {
                    Text::new(
                        format!("rives fra {}", from.0),
                        format!("demolished from {}", from.0),
                    )
                },
            ),
            remedy: Text::new(
                "Et lovlig grunnlag for kortere leietid.",
                "A lawful ground for a shorter lease.",
            ),
        }
    }
}
