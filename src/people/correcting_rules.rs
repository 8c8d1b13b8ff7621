//! What bars the correction of a member, as a pure rule.

use super::model::{MemberRole, NewMember};
use super::rules::{Proposed, faults_of_members};
use crate::clock::Day;
use crate::problem::FieldFault;

/// That whoever is to be corrected does not belong to the household.
pub(super) fn of_no_member() -> FieldFault {
    FieldFault::new(
        "/personId",
        "not_found",
        "Personen er ikke i husstanden.",
        "The person is not in the household.",
    )
}

/// What is wrong with a household once a member is so, and was not wrong before: who has come of age meanwhile bars nobody's correction.
pub(super) fn of_corrected_member(
    members: &[Proposed],
    after: NewMember,
    today: Day,
) -> Vec<FieldFault> {
    let Some(place) = members
        .iter()
        .position(|(member, _)| member.person_id == after.person_id)
    else {
        return vec![of_no_member()];
    };
    let mut corrected = members.to_vec();
    let before = corrected
        .get_mut(place)
        .map(|it| std::mem::replace(&mut it.0, after));
    let before = before.unwrap_or(after);
    if before == after {
        let (nb, en) = ("Ingenting er rettet.", "Nothing is corrected.");
        return vec![FieldFault::new("", "unchanged", nb, en)];
    }
    if before.role != after.role && [before.role, after.role].contains(&MemberRole::Applicant) {
        return vec![FieldFault::new(
            "/role",
            "applicant_stays",
            "Hvem som søker, rettes ikke: trekk saken, og la den andre søke.",
            "Who applies is not corrected: withdraw the case, and let the other apply.",
        )];
    }
    let known = faults_of_members(members, today);
    let mut faults = faults_of_members(&corrected, today);
    faults.retain(|fault| !known.contains(fault));
    for fault in &mut faults {
        let field = fault.pointer.rsplit('/').next().unwrap_or_default();
        fault.pointer = format!("/{field}");
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn member(role: MemberRole, residence_days: i16, born_on: &str) -> Proposed {
        let member = NewMember {
            person_id: Id::new(),
            role,
            residence_days,
        };
        (member, Some(day(born_on)))
    }

    #[test]
    fn only_what_the_correction_makes_wrong_bars_it() {
        use MemberRole::{Applicant, Child, CoApplicant, OtherAdult};
        let today = day("2026-03-02");
        let family = [
            member(Applicant, 14, "1985-01-02"),
            member(OtherAdult, 14, "1986-03-04"),
            member(Child, 14, "2015-06-07"),
            // Came of age after the household was registered.
            member(Child, 14, "2008-01-01"),
        ];
        let so = |place: usize, role: MemberRole, residence_days: i16| NewMember {
            person_id: family[place].0.person_id,
            role,
            residence_days,
        };
        let faults = |after: NewMember| -> Vec<(String, &'static str)> {
            of_corrected_member(&family, after, today)
                .iter()
                .map(|it| (it.pointer.clone(), it.code))
                .collect()
        };
        assert_eq!(faults(so(1, CoApplicant, 14)), []);
        assert_eq!(faults(so(2, Child, 7)), []);
        assert_eq!(faults(so(3, OtherAdult, 14)), []);
        let one = |at: &str, code| vec![(at.to_owned(), code)];
        assert_eq!(faults(so(2, Child, 14)), one("", "unchanged"));
        assert_eq!(
            faults(so(2, OtherAdult, 14)),
            one("/role", "adult_under_age")
        );
        assert_eq!(faults(so(1, Child, 14)), one("/role", "child_of_age"));
        let apart = one("/residenceDays", "adult_lives_apart");
        assert_eq!(faults(so(1, OtherAdult, 7)), apart);
        for after in [so(1, Applicant, 14), so(0, OtherAdult, 14)] {
            assert_eq!(faults(after), one("/role", "applicant_stays"));
        }
        let stranger = NewMember {
            person_id: Id::new(),
            role: Child,
            residence_days: 14,
        };
        assert_eq!(faults(stranger), one("/personId", "not_found"));
    }
}
