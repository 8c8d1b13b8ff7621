//! How the closed vocabularies are called in sentences to people.

use crate::applications::Urgency;
use crate::housing::{Category, Feature, FindingArea, Service};
use crate::situations::SituationKind;
use crate::text::Text;

/// A member of a closed vocabulary that has a name in both languages.
pub(super) trait Named: Copy {
    /// Its name in Norwegian and English, for the middle of a sentence.
    fn names(self) -> (&'static str, &'static str);
}

/// The name of one.
pub(super) fn name(word: impl Named) -> Text {
    let (nb, en) = word.names();
    Text::new(nb, en)
}

/// The names of several, or a word for none.
pub(super) fn list<T: Named>(words: impl IntoIterator<Item = T>) -> Text {
    let mut text = Text::same("");
    for word in words {
        let (nb, en) = word.names();
        let comma = if text.nb.is_empty() { "" } else { ", " };
        for (all, one) in [(&mut text.nb, nb), (&mut text.en, en)] {
            all.push_str(comma);
            all.push_str(one);
        }
    }
    if text.nb.is_empty() {
        Text::new("ingen", "none")
    } else {
        text
    }
}

impl Named for Category {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Ordinary => ("ordinær bolig", "ordinary home"),
            Self::Bedsit => ("hybel", "bedsit"),
            Self::Robust => ("robust bolig", "robust home"),
            Self::RobustCare => ("robust omsorgsbolig", "robust care home"),
            Self::Test => ("testleilighet", "test flat"),
            Self::Training => ("treningsleilighet", "training flat"),
            Self::Care => ("omsorgsbolig", "care home"),
            Self::SharedHousing => ("bofellesskap", "shared housing"),
            Self::RoundTheClockCare => (
                "bolig med heldøgns omsorg",
                "home with round-the-clock care",
            ),
            Self::AssistedSenior => ("trygghetsbolig", "assisted senior home"),
            Self::Youth => ("ungdomsbolig", "youth home"),
            Self::ChildRespite => ("barne- og avlastningsbolig", "child and respite home"),
            Self::CrisisDiversion => ("avvergerbolig", "crisis diversion home"),
            Self::Temporary => ("midlertidig botilbud", "temporary accommodation"),
            Self::Replacement => ("erstatningsbolig", "replacement home"),
        }
    }
}

impl Named for Feature {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::StepFree => ("trinnfri", "step-free"),
            Self::Wheelchair => ("tilgjengelig for rullestol", "wheelchair accessible"),
            Self::Lift => ("heis", "lift"),
            Self::AdaptedBath => ("tilpasset bad", "adapted bathroom"),
            Self::WelfareTechnology => ("velferdsteknologi", "welfare technology"),
            Self::Reinforced => ("forsterket", "reinforced"),
            Self::Sprinkler => ("sprinkler", "sprinkler"),
            Self::PetsAllowed => ("dyrehold tillatt", "pets allowed"),
            Self::Furnished => ("møblert", "furnished"),
            Self::Quiet => ("stille omgivelser", "quiet surroundings"),
        }
    }
}

impl Named for Service {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Ambulant => ("ambulant tjeneste", "ambulant service"),
            Self::TenancyCoach => ("boveileder", "tenancy coach"),
            Self::StaffedByDay => ("bemannet på dagtid", "staffed by day"),
            Self::StaffedRoundTheClock => ("bemannet hele døgnet", "staffed round the clock"),
        }
    }
}

impl Named for SituationKind {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Homeless => ("er uten bolig", "is without a home"),
            Self::AtRisk => (
                "står i fare for å miste boligen",
                "is at risk of losing the home",
            ),
            Self::UnsuitableHousing => ("bor uegnet", "lives in unsuitable housing"),
        }
    }
}

impl Named for Urgency {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Acute => ("akutt", "acute"),
            Self::High => ("innen en måned", "within a month"),
            Self::Normal => ("innen tre måneder", "within three months"),
        }
    }
}

impl Named for FindingArea {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::SmokeAlarm => ("røykvarsler", "smoke alarm"),
            Self::FireExtinguisher => ("slokkeutstyr", "fire extinguisher"),
            Self::EscapeRoute => ("rømningsvei", "way out"),
            Self::Sprinkler => ("sprinkleranlegg", "sprinkler"),
            Self::Electrical => ("elektrisk anlegg", "electrical installation"),
            Self::DampOrMould => ("fukt eller mugg", "damp or mould"),
            Self::WaterAndDrain => ("vann og avløp", "water and drain"),
            Self::Heating => ("oppvarming", "heating"),
            Self::Ventilation => ("ventilasjon", "ventilation"),
            Self::Structure => ("konstruksjon", "the building itself"),
            Self::Pests => ("skadedyr", "pests"),
            Self::Accessibility => ("tilgjengelighet", "access"),
            Self::Surfaces => ("overflater", "surfaces"),
            Self::Other => ("annet", "something else"),
        }
    }
}
