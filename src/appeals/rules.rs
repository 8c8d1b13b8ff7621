//! When an appeal is in time, who may handle it, and what an outcome may say, as pure rules.

use super::lifecycle::{AppealMove, AppealState};
use super::model::{AppealOutcome, LateGround};
use crate::auth::Actor;
use crate::clock::Day;
use crate::ids::UserId;
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why an appeal cannot be received or handled so.
    pub enum Refusal {
        NothingToAppeal = 409 "nothing_to_appeal", "Det er ikke fattet vedtak som kan påklages.", "No decision was made that could be appealed.";
        AlreadyAppealed = 409 "already_appealed", "Vedtaket er allerede påklaget.", "The decision has been appealed already.";
        ForbiddenStep = 409 "forbidden_appeal_step", "Klagen står ikke slik at dette kan gjøres.", "The appeal does not stand so that this can be done.";
        FirstInstance = 403 "first_instance", "Den som har innstilt, avgjort eller vurdert saken i førsteinstansen, kan ikke gjøre dette.", "Whoever proposed, decided or reviewed the case in the first instance cannot do this.";
        NotAParty = 409 "not_a_party", "Klageren er ikke part og kan ikke klage for parten. Klagen må avvises.", "The appellant is no party and may not appeal for it. The appeal must be dismissed.";
        TooLate = 409 "appeal_too_late", "Klagen er for sen. Oppgi grunnen hvis den likevel skal behandles.", "The appeal is late. Say why, if it is to be taken up all the same.", at "/lateGround";
        OverAYear = 409 "appeal_over_a_year", "Det er gått mer enn ett år siden vedtaket (forvaltningsloven § 31).", "More than a year has passed since the decision (forvaltningsloven § 31).";
        NothingLate = 422 "appeal_in_time", "Klagen er i tide og trenger ingen grunn.", "The appeal is in time and needs no ground.", at "/lateGround";
        Admissible = 409 "appeal_admissible", "Klagen er i tide og fra en part: den kan ikke avvises.", "The appeal is in time and by a party: it cannot be dismissed.";
        NotReversed = 409 "decision_not_reversed", "Det nye vedtaket erstatter ikke det som er påklaget.", "The new decision does not replace the one that was appealed.", at "/newDecisionId";
        UnknownGroup = 422 "unknown_priority_group", "Reglene har ingen slik prioritert gruppe.", "The rules have no such priority group.", at "/raisedTo";
        NothingHandedOver = 409 "nothing_handed_over", "Klagen er ikke sendt over ennå.", "The appeal has not been handed over yet.";
    }
}

/// Where an appeal that stands so comes by this move.
pub(super) fn take(state: AppealState, by: AppealMove) -> Result<AppealState, Problem> {
    state
        .after(by)
        .ok_or_else(|| Problem::from(Refusal::ForbiddenStep).fact("state", state.code()))
}

/// What is wrong with the days of an appeal.
#[must_use]
pub(super) fn faults_of_days(sent_on: Day, received_on: Day, today: Day) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if received_on > today {
        let (nb, en) = ("Kan ikke ligge fram i tid.", "Cannot lie ahead.");
        faults.push(FieldFault::new("/receivedOn", "ahead", nb, en));
    }
    if sent_on > received_on {
        let nb = "Kan ikke være sendt etter at den kom fram.";
        let en = "Cannot have been sent after it arrived.";
        faults.push(FieldFault::new("/sentOn", "after_receipt", nb, en));
    }
    faults
}

/// Whether an appeal is in time: sent by the last day, which runs from the notice. Who was not notified has all the time.
#[must_use]
pub(super) fn is_in_time(appeal_until: Option<Day>, sent_on: Day) -> bool {
    appeal_until.is_none_or(|last| sent_on <= last)
}

/// What the rules know when an appeal is to be taken up or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) is_in_time: bool,
    pub(super) is_by_party: bool,
    pub(super) decided_on: Day,
    pub(super) sent_on: Day,
}

/// Whether an appeal can be taken up: a late one for a reason, and never after a year.
pub(super) fn may_admit(facts: Facts, ground: Option<LateGround>) -> Result<(), Refusal> {
    if !facts.is_by_party {
        return Err(Refusal::NotAParty);
    }
    match (facts.is_in_time, ground) {
        (true, None) => Ok(()),
        (true, Some(_)) => Err(Refusal::NothingLate),
        (false, None) => Err(Refusal::TooLate),
        (false, Some(_)) if facts.sent_on > facts.decided_on.plus_months(12) => {
            Err(Refusal::OverAYear)
        }
        (false, Some(_)) => Ok(()),
    }
}

/// Whether an appeal can be dismissed: only a late one, or one by somebody else than a party.
pub(super) const fn may_dismiss(facts: Facts) -> Result<(), Refusal> {
    if facts.is_in_time && facts.is_by_party {
        return Err(Refusal::Admissible);
    }
    Ok(())
}

/// The person who acts, unless that one took part before. A machine decides nothing here.
pub(super) fn must_be_another(by: Actor, before: &[Option<UserId>]) -> Result<UserId, Refusal> {
    let user = by.user().ok_or(Refusal::FirstInstance)?;
    if before.contains(&Some(user)) {
        return Err(Refusal::FirstInstance);
    }
    Ok(user)
}

/// Only a change can raise the appellant.
pub(super) fn faults_of_outcome(outcome: AppealOutcome, raises: bool) -> Vec<FieldFault> {
    if raises && outcome != AppealOutcome::Changed {
        let nb = "Bare et omgjort vedtak gir fortrinn.";
        let en = "Only a changed decision gives precedence.";
        return vec![FieldFault::new("/raisedTo", "contradiction", nb, en)];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ids::Id;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn late(sent_on: &str) -> Facts {
        Facts {
            is_in_time: false,
            is_by_party: true,
            decided_on: day("2026-03-02"),
            sent_on: day(sent_on),
        }
    }

    #[rstest]
    #[case("2026-03-25", true)]
    #[case("2026-03-24", true)]
    #[case("2026-03-26", false)]
    fn an_appeal_is_in_time_when_it_is_sent_on_the_last_day(
        #[case] sent_on: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_in_time(Some(day("2026-03-25")), day(sent_on)), expected);
    }

    #[test]
    fn the_time_does_not_run_before_the_notice() {
        assert!(is_in_time(None, day("2030-01-01")));
    }

    #[test]
    fn a_late_appeal_needs_a_ground_and_has_a_year_at_most() {
        let ground = Some(LateGround::SpecialReasons);
        assert_eq!(may_admit(late("2026-05-01"), None), Err(Refusal::TooLate));
        assert_eq!(may_admit(late("2027-03-02"), ground), Ok(()));
        assert_eq!(
            may_admit(late("2027-03-03"), ground),
            Err(Refusal::OverAYear)
        );
        let stranger = Facts {
            is_by_party: false,
            ..late("2026-05-01")
        };
        assert_eq!(may_admit(stranger, ground), Err(Refusal::NotAParty));
        assert_eq!(may_dismiss(stranger), Ok(()));
        let in_time = Facts {
            is_in_time: true,
            ..late("2026-03-10")
        };
        assert_eq!(may_dismiss(in_time), Err(Refusal::Admissible));
        assert_eq!(may_admit(in_time, ground), Err(Refusal::NothingLate));
    }

    #[test]
    fn nobody_of_the_first_instance_takes_part() {
        let (kari, ola, eva): (UserId, UserId, UserId) = (Id::new(), Id::new(), Id::new());
        let before = [Some(kari), Some(ola), None];
        for who in [kari, ola] {
            let refused = must_be_another(Actor::User(who), &before);
            assert_eq!(refused, Err(Refusal::FirstInstance));
        }
        assert_eq!(must_be_another(Actor::User(eva), &before), Ok(eva));
        assert!(must_be_another(Actor::System, &before).is_err());
    }
}
