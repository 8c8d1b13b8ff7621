//! Who may meet, vote and recommend, as pure rules.

use std::collections::BTreeSet;

use super::model::{Advice, Discipline, Dissent, MeetingState, Vote};
use crate::applications::ApplicationState;
use crate::housing::DwellingState;
use crate::ids::UserId;
use crate::people::PostalAddress;
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why a meeting, an item or a recommendation cannot be as asked.
    pub enum Refusal {
        MeetingOver = 409 "meeting_closed", "Møtet er avsluttet eller avlyst.", "The meeting is closed or cancelled.";
        CaseNotForTeam = 409 "case_not_for_team", "Saken ligger ikke til teamet.", "The case is not before the team.", at "/applicationId";
        HomeNotVacant = 409 "home_not_vacant", "Boligen er ikke ledig.", "The home is not vacant.", at "/dwellingId";
        AlreadyAdvised = 409 "already_recommended", "Teamet har allerede gitt sin innstilling.", "The team has recommended already.";
        NotMember = 403 "not_a_member", "Bare møtets deltakere kan gjøre dette.", "Only those who take part in the meeting can do this.";
        Conflicted = 403 "conflicted", "Du er inhabil i denne saken (forvaltningsloven § 6).", "You are not impartial in this case (forvaltningsloven § 6).";
        AlreadyDeclared = 409 "conflict_declared", "Inhabiliteten er allerede meldt.", "The conflict of interest has been declared already.";
        MustAnswer = 409 "impartiality_to_be_answered", "Du har samme etternavn eller adresse som noen i saken. Si fra om du er inhabil, eller svar på hvorfor du ikke er det (forvaltningsloven § 6).", "You have the family name or the address of somebody in the case. Say that you are not impartial, or answer why you are (forvaltningsloven § 6).";
        VoterMustAnswer = 409 "voter_to_answer_impartiality", "Den som stemmer, har samme etternavn eller adresse som noen i saken, og må først si fra om inhabilitet eller svare på hvorfor det ikke er noen (forvaltningsloven §§ 6 og 8).", "Whoever votes has the family name or the address of somebody in the case, and has first to say not to be impartial, or to answer why that is not so (forvaltningsloven §§ 6 and 8).";
        NotAsked = 409 "impartiality_not_asked", "Du er ikke spurt: du har verken etternavn eller adresse til felles med noen i saken. Er du inhabil av andre grunner, si fra om det (forvaltningsloven § 8).", "You are not asked: you share neither family name nor address with anybody in the case. If you are not impartial for other reasons, say so (forvaltningsloven § 8).";
        AlreadyAnswered = 409 "impartiality_answered", "Du har allerede svart at du er habil.", "You have answered already that you are impartial.";
        NotCarried = 409 "not_carried", "Innstillingen fikk ikke flertall.", "The recommendation has no majority.";
        NothingAdvised = 409 "nothing_recommended", "Teamet har ikke gitt innstilling i denne saken.", "The team has not recommended anything in this case.", at "/recommendationId";
        AdviceUsed = 409 "recommendation_used", "Innstillingen er allerede fulgt opp.", "The recommendation has been followed up already.", at "/recommendationId";
    }
}

/// Somebody who shall take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) user: UserId,
    pub(super) discipline: Discipline,
    pub(super) is_chair: bool,
}

/// Every fault of a list of members: one chair, nobody twice, and more than one discipline, for the team is interdisciplinary.
#[must_use]
pub(super) fn faults_of_members(seats: &[Seat]) -> Vec<FieldFault> {
    let people: BTreeSet<UserId> = seats.iter().map(|seat| seat.user).collect();
    let disciplines: BTreeSet<Discipline> = seats.iter().map(|seat| seat.discipline).collect();
    let chairs = seats.iter().filter(|seat| seat.is_chair).count();
    let found = [
        (
            people.len() < seats.len(),
            "duplicate",
            "En deltaker står to ganger.",
            "A member stands there twice.",
        ),
        (
            chairs != 1,
            "one_chair",
            "Møtet skal ha én leder.",
            "A meeting has one chair.",
        ),
        (
            disciplines.len() < 2,
            "one_discipline",
            "Teamet er tverrfaglig: minst to fagområder.",
            "The team is interdisciplinary: at least two disciplines.",
        ),
    ];
    found
        .into_iter()
        .filter(|(is_fault, ..)| *is_fault)
        .map(|(_, code, nb, en)| FieldFault::new("/members", code, nb, en))
        .collect()
}

/// Whether a meeting that stands so can still be changed.
pub(super) const fn may_change(state: MeetingState) -> Result<(), Refusal> {
    match state {
        MeetingState::Planned => Ok(()),
        MeetingState::Closed | MeetingState::Cancelled => Err(Refusal::MeetingOver),
    }
}

/// Whether a case that stands so belongs on the agenda.
pub(super) fn may_list_case(state: ApplicationState) -> Result<(), Problem> {
    if state.is_candidate() {
        return Ok(());
    }
    Err(Problem::from(Refusal::CaseNotForTeam).fact("state", state.code()))
}

/// Whether a home that stands so belongs on the agenda.
pub(super) fn may_list_home(state: DwellingState) -> Result<(), Problem> {
    if state == DwellingState::Available {
        return Ok(());
    }
    Err(Problem::from(Refusal::HomeNotVacant).fact("state", state.code()))
}

/// A recommendation that is to be recorded.
#[derive(Debug)]
pub(super) struct Motion<'m> {
    pub(super) advice: Advice,
    pub(super) names_home: bool,
    pub(super) votes: &'m [(UserId, Vote)],
    pub(super) dissents: &'m [Dissent],
}

/// What the rules know of those who sit in the meeting.
#[derive(Debug)]
pub(super) struct Bench<'b> {
    /// Everybody who is present.
    pub(super) seats: &'b [Seat],
    /// Those of them who are not impartial in the case.
    pub(super) conflicted: &'b BTreeSet<UserId>,
}

/// Whether the motion is carried. Every impartial member present votes, nobody else does; when there are as many for as
/// against, the chair's vote decides.
pub(super) fn must_carry(motion: &Motion<'_>, bench: &Bench<'_>) -> Result<(), Problem> {
    let voters: BTreeSet<UserId> = motion.votes.iter().map(|(user, _)| *user).collect();
    if voters.iter().any(|user| bench.conflicted.contains(user)) {
        return Err(Problem::from(Refusal::Conflicted).at("/votes"));
    }
    let impartial: BTreeSet<UserId> = bench
        .seats
        .iter()
        .map(|seat| seat.user)
        .filter(|user| !bench.conflicted.contains(user))
        .collect();
    let mut faults = Vec::new();
    if voters != impartial || voters.len() < motion.votes.len() {
        let nb = "Hver habil deltaker som er til stede, stemmer én gang, og ingen andre.";
        let en = "Each impartial member present votes once, and nobody else does.";
        faults.push(FieldFault::new("/votes", "not_the_members", nb, en));
    }
    let dissented = |user: UserId| motion.votes.contains(&(user, Vote::Against));
    if motion.dissents.iter().any(|it| !dissented(it.user_id)) {
        let nb = "Dissens hører til en stemme mot.";
        let en = "A dissent belongs to a vote against.";
        faults.push(FieldFault::new("/dissents", "no_vote_against", nb, en));
    }
    if motion.names_home && motion.advice != Advice::Grant {
        let nb = "Bare en innstilling om å gi bolig nevner en bolig.";
        let en = "Only a recommendation to give a home names one.";
        faults.push(FieldFault::new("/dwellingId", "contradiction", nb, en));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let count = |vote| motion.votes.iter().filter(|(_, it)| *it == vote).count();
    let chair = bench.seats.iter().find(|seat| seat.is_chair);
    let chair_is_for = chair.is_some_and(|chair| motion.votes.contains(&(chair.user, Vote::For)));
    match count(Vote::For).cmp(&count(Vote::Against)) {
        std::cmp::Ordering::Greater => Ok(()),
        std::cmp::Ordering::Equal if chair_is_for => Ok(()),
        _ => Err(Refusal::NotCarried.into()),
    }
}

/// Whether an employee's family name, the last word of the name, is among a person's family names. Double names count by each part.
pub(super) fn share_surname(employee: &str, family_name: &str) -> bool {
    let last = employee.split_whitespace().last().unwrap_or_default();
    let theirs: BTreeSet<String> = parts(family_name).collect();
    parts(last).any(|part| theirs.contains(&part))
}

fn parts(names: &str) -> impl Iterator<Item = String> {
    let parts = names.split(|c: char| c.is_whitespace() || c == '-');
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase)
}

/// Whether two addresses are the same, however they are spaced and capitalised.
pub(super) fn share_address(one: &PostalAddress, other: &PostalAddress) -> bool {
    let street = |of: &PostalAddress| -> String {
        let words: Vec<&str> = of.street.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    one.postal_code == other.postal_code && street(one) == street(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn seats() -> Vec<Seat> {
        [
            Discipline::Housing,
            Discipline::Nav,
            Discipline::ChildWelfare,
        ]
        .into_iter()
        .enumerate()
        .map(|(index, discipline)| Seat {
            user: Id::new(),
            discipline,
            is_chair: index == 0,
        })
        .collect()
    }

    fn carried(
        votes: &[(UserId, Vote)],
        seats: &[Seat],
        conflicted: &[UserId],
    ) -> Option<&'static str> {
        let conflicted = conflicted.iter().copied().collect();
        let motion = Motion {
            advice: Advice::Refuse,
            names_home: false,
            votes,
            dissents: &[],
        };
        let bench = Bench {
            seats,
            conflicted: &conflicted,
        };
        must_carry(&motion, &bench).err().map(|it| it.kind.code)
    }

    #[test]
    fn the_majority_carries_and_the_chair_breaks_a_tie() {
        let seats = seats();
        let [a, b, c] = [seats[0].user, seats[1].user, seats[2].user];
        let all = |x, y, z| carried(&[(a, x), (b, y), (c, z)], &seats, &[]);
        assert_eq!(all(Vote::For, Vote::For, Vote::Against), None);
        assert_eq!(all(Vote::For, Vote::Against, Vote::Abstained), None);
        let lost = all(Vote::Against, Vote::For, Vote::Abstained);
        assert_eq!(lost, Some("not_carried"));
    }

    #[test]
    fn who_is_not_impartial_does_not_vote_and_everybody_else_does() {
        let seats = seats();
        let [a, b, c] = [seats[0].user, seats[1].user, seats[2].user];
        let votes = [(a, Vote::For), (b, Vote::For), (c, Vote::For)];
        assert_eq!(carried(&votes, &seats, &[c]), Some("conflicted"));
        assert_eq!(carried(&votes[..2], &seats, &[c]), None);
        assert_eq!(carried(&votes[..2], &seats, &[]), Some("invalid_fields"));
        let twice = [votes[0], votes[0], votes[1], votes[2]];
        assert_eq!(carried(&twice, &seats, &[]), Some("invalid_fields"));
    }

    #[test]
    fn a_team_has_one_chair_and_more_than_one_discipline() {
        let mut seats = seats();
        assert!(faults_of_members(&seats).is_empty());
        seats[1] = seats[0];
        seats.truncate(2);
        let codes: Vec<_> = faults_of_members(&seats)
            .into_iter()
            .map(|it| it.code)
            .collect();
        assert_eq!(codes, ["duplicate", "one_chair", "one_discipline"]);
    }

    #[test]
    fn a_name_is_shared_by_each_of_its_parts_and_by_no_given_name() {
        assert!(share_surname("Kari Berg", "Berg"));
        assert!(share_surname("Kari BERG", "Lie Berg"));
        assert!(share_surname("Kari Lie-Berg", "berg"));
        assert!(!share_surname("Berg Kari Lie", "Berg"));
        assert!(!share_surname("Kari Bergseth", "Berg"));
        assert!(!share_surname("", ""));
    }

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        let address = |street: &str, postal_code: &str| PostalAddress {
            street: street.to_owned(),
            postal_code: postal_code.to_owned(),
            postal_place: "Stjørdal".to_owned(),
        };
        let home = address("Prøvegata 1", "7500");
        assert!(share_address(&home, &address("PRØVEGATA  1 ", "7500")));
        assert!(!share_address(&home, &address("Prøvegata 11", "7500")));
        assert!(!share_address(&home, &address("Prøvegata 1", "7501")));
    }
}
