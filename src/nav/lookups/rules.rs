//! What is known of a person's housing, in the words of the questions.

use super::model::HousingCode;
use crate::situations::{SituationKind, SituationReason};

/// How somebody lives on a day, by whether that is in one of our homes and by the household's situations on that day. None where nothing is known:
/// nobody guesses for the statistics.
pub(super) fn housing_code(in_our_home: bool, reasons: &[SituationReason]) -> Option<HousingCode> {
    // A tenancy of ours is the surest knowledge; next whoever has no home at all.
    if in_our_home {
        return Some(HousingCode::RentedMunicipal);
    }
    if reasons.contains(&SituationReason::LeavingInstitution) {
        return Some(HousingCode::Institution);
    }
    if reasons
        .iter()
        .any(|it| it.kind() == SituationKind::Homeless)
    {
        return Some(HousingCode::Homeless);
    }
    // Whoever may lose a lease that is not ours rents of somebody else.
    if reasons.contains(&SituationReason::LeaseEnding)
        || reasons.contains(&SituationReason::EvictionNotified)
    {
        return Some(HousingCode::RentedPrivate);
    }
    reasons.first().map(|_| HousingCode::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_situation_has_its_code_and_nothing_is_guessed() {
        use SituationReason::{LeaseEnding, LeavingInstitution, Overcrowded, SleepingOut};
        assert_eq!(
            housing_code(true, &[SleepingOut]),
            Some(HousingCode::RentedMunicipal)
        );
        assert_eq!(
            housing_code(false, &[SleepingOut]),
            Some(HousingCode::Homeless)
        );
        assert_eq!(
            housing_code(false, &[LeavingInstitution]),
            Some(HousingCode::Institution)
        );
        assert_eq!(
            housing_code(false, &[LeaseEnding]),
            Some(HousingCode::RentedPrivate)
        );
        assert_eq!(
            housing_code(false, &[Overcrowded]),
            Some(HousingCode::Other)
        );
        assert_eq!(housing_code(false, &[]), None);
    }

    #[test]
    fn the_codes_are_those_of_the_form() {
        let codes: Vec<&str> = HousingCode::ALL.iter().map(|it| it.code()).collect();
        assert_eq!(codes, ["1", "2", "3", "4", "5", "6"]);
    }
}
