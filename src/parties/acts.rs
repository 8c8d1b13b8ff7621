//! Recording who speaks for a party, and asking to whom letters go.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{PartyRole, Proof, RepresentationKind, RepresentationScope};
use super::rules::{self, Draft, Maturity, Refusal};
use super::store::{self, Representation};
use crate::access;
use crate::applications::Application;
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, PersonId, RepresentationId, UserId};
use crate::people;
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// A representation to be recorded.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub(super) representative: PersonId,
    pub(super) kind: RepresentationKind,
    pub(super) scope: Vec<RepresentationScope>,
    pub(super) proof: Proof,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
}

/// Records that somebody speaks for the applicant of a case.
pub(super) fn record(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &New,
    by: UserId,
) -> Result<Representation, Problem> {
    let under_age_until = under_age_until(tx, case)?;
    let mut faults = rules::faults(&Draft {
        kind: new.kind,
        scope: &new.scope,
        proof: new.proof,
        is_of_oneself: new.representative == case.applicant_id,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        under_age_until,
    });
    let is_hidden = access::visible_people(tx, &[new.representative])?.is_empty();
    if is_hidden || people::name_of(tx, new.representative)?.is_none() {
        let (nb, en) = ("Personen finnes ikke.", "The person does not exist.");
        faults.push(FieldFault::new("/representativeId", "not_found", nb, en));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    keep(tx, case, new, by, under_age_until)
}

/// Records that somebody is the guardian of the applicant of a case in everything, from today on, as whoever referred the applicant says;
/// whoever accepts the referral has seen the certificate. A guardian who is on record already is not recorded twice.
pub fn record_guardian(
    tx: &mut Tx<'_>,
    case: &Application,
    guardian: PersonId,
) -> Result<(), Problem> {
    let today = tx.today();
    let recorded = store::of_case(tx, case.id)?;
    let is_it = |it: &Representation| {
        it.representative_id == guardian
            && it.kind == RepresentationKind::Guardian
            && rules::holds_on(it.valid_from, it.valid_until, it.withdrawn_at, today)
    };
    if recorded.iter().any(is_it) {
        return Ok(());
    }
    let by = tx.user()?;
    let until = under_age_until(tx, case)?;
    let new = New {
        representative: guardian,
        kind: RepresentationKind::Guardian,
        scope: RepresentationScope::ALL.to_vec(),
        proof: Proof::GuardianshipCertificate,
        valid_from: today,
        valid_until: None,
    };
    keep(tx, case, &new, by, until).map(drop)
}

/// Puts a representation that is without fault on record.
fn keep(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &New,
    by: UserId,
    under_age_until: Option<Day>,
) -> Result<Representation, Problem> {
    // Whoever is guardian of a party for its youth is so no longer than that, whether it was said or not.
    let valid_until = match new.kind {
        RepresentationKind::Guardian => new.valid_until.or(under_age_until),
        RepresentationKind::Representative => new.valid_until,
    };
    let row = Representation {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        application_id: case.id,
        represented_id: case.applicant_id,
        representative_id: new.representative,
        kind: new.kind,
        scope: Json(new.scope.clone()),
        proof: new.proof,
        valid_from: new.valid_from,
        valid_until,
        withdrawn_at: None,
        recorded_by: by,
        recorded_at: tx.now(),
    };
    store::insert(tx, &row)?;
    let scope: Vec<&str> = new.scope.iter().map(|scope| scope.code()).collect();
    tx.record(
        entry_of("representation.recorded", &row)
            .fact("kind", row.kind.code())
            .fact("scope", scope)
            .fact("proof", row.proof.code()),
    );
    Ok(row)
}

pub(super) fn load(tx: &mut Tx<'_>, id: RepresentationId) -> Result<Representation, Problem> {
    let found = store::find(tx, id)?;
    let case = found.as_ref().map(|it| it.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Records that somebody speaks for the party no longer.
pub(super) fn withdraw(tx: &mut Tx<'_>, of: &Representation) -> Result<Representation, Problem> {
    if of.withdrawn_at.is_some() {
        return Err(Refusal::AlreadyWithdrawn.into());
    }
    must_be_current(store::withdraw(tx, of)?)?;
    tx.record(entry_of("representation.withdrawn", of));
    load(tx, of.id)
}

/// A case in which a person speaks or spoke for somebody. For whom is that one's own.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpokenFor {
    application_id: ApplicationId,
    kind: RepresentationKind,
    scope: Vec<RepresentationScope>,
    proof: Proof,
    valid_from: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Instant>,
}

/// All cases in which a person speaks or spoke for somebody, oldest first.
pub fn spoken_for(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<SpokenFor>, Problem> {
    let recorded = store::by(tx, person)?.into_iter();
    let spoken = recorded.map(|it| SpokenFor {
        application_id: it.application_id,
        kind: it.kind,
        scope: it.scope.0,
        proof: it.proof,
        valid_from: it.valid_from,
        valid_until: it.valid_until,
        withdrawn_at: it.withdrawn_at,
    });
    Ok(spoken.collect())
}

/// Somebody to whom the letters of a case go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: PartyRole,
    /// Whether time runs from this one's receipt (forvaltningsloven §§ 12 and 29).
    pub starts_clock: bool,
}

/// How old the party of a case is, as far as that matters for being party. Who left the household's record is taken to be of age.
fn maturity(tx: &mut Tx<'_>, case: &Application) -> Result<Maturity, Problem> {
    let today = tx.today();
    let born_on = born_on(tx, case)?;
    Ok(born_on.map_or(Maturity::OfAge, |day| Maturity::on(day, today)))
}

fn born_on(tx: &mut Tx<'_>, case: &Application) -> Result<Option<Day>, Problem> {
    let members = people::members_of(tx, &[case.household_id])?;
    let mut members = members.values().flatten();
    let applicant = members.find(|it| it.person_id == case.applicant_id);
    Ok(applicant.map(|it| it.born_on))
}

/// The last day on which the party of a case is under age, where it is.
fn under_age_until(tx: &mut Tx<'_>, case: &Application) -> Result<Option<Day>, Problem> {
    let today = tx.today();
    let born_on = born_on(tx, case)?;
    let last = born_on.map(rules::last_day_under_age);
    Ok(last.filter(|last| today <= *last))
}

/// Refuses while the party is under age and nobody is on record who is its guardian and told for it.
pub fn must_be_represented(tx: &mut Tx<'_>, case: &Application) -> Result<(), Problem> {
    if maturity(tx, case)? == Maturity::OfAge {
        return Ok(());
    }
    let today = tx.today();
    let recorded = store::of_case(tx, case.id)?;
    let is_guardian = |it: &Representation| {
        it.kind == RepresentationKind::Guardian
            && covers(it, RepresentationScope::ReceiveLetters, today)
    };
    if recorded.iter().any(is_guardian) {
        Ok(())
    } else {
        Err(Refusal::GuardianMissing.into())
    }
}

/// Refuses where the party is known to have died.
pub fn must_live(tx: &mut Tx<'_>, case: &Application) -> Result<(), Problem> {
    if people::has_died(tx, case.applicant_id)? {
        return Err(Refusal::PartyDied.into());
    }
    Ok(())
}

/// To whom the letters of a case go today: those who are to receive them for the party, from whose receipt time runs, and the party too.
/// A party under age has a guardian who receives them, and is told beside from fifteen on (forvaltningsloven § 27 first paragraph).
pub fn addressees(tx: &mut Tx<'_>, case: &Application) -> Result<Vec<Addressee>, Problem> {
    must_be_represented(tx, case)?;
    let today = tx.today();
    let recorded = store::of_case(tx, case.id)?;
    let mut found: Vec<Addressee> = recorded
        .iter()
        .filter(|it| covers(it, RepresentationScope::ReceiveLetters, today))
        .map(|it| Addressee {
            person: it.representative_id,
            role: it.kind.into(),
            starts_clock: true,
        })
        .collect();
    // A party who has died is not written to where somebody receives the letters; where nobody does, the letter is written and held.
    let is_held = !found.is_empty() && people::has_died(tx, case.applicant_id)?;
    if maturity(tx, case)? != Maturity::Child && !is_held {
        found.push(Addressee {
            person: case.applicant_id,
            role: PartyRole::Party,
            starts_clock: found.is_empty(),
        });
    }
    Ok(found)
}

/// As what this person may do something in a case today: as the party, or as somebody who may do it for the party.
pub fn may_act(
    tx: &mut Tx<'_>,
    case: &Application,
    person: PersonId,
    scope: RepresentationScope,
) -> Result<PartyRole, Problem> {
    let is_party = person == case.applicant_id;
    if !rules::may_for_the_dead(is_party, scope) {
        must_live(tx, case)?;
    }
    if is_party {
        return if rules::may_party(maturity(tx, case)?, scope) {
            Ok(PartyRole::Party)
        } else {
            Err(Refusal::UnderAge.into())
        };
    }
    let today = tx.today();
    let recorded = store::of_case(tx, case.id)?;
    recorded
        .iter()
        .find(|it| it.representative_id == person && covers(it, scope, today))
        .map(|it| it.kind.into())
        .ok_or_else(|| Refusal::MayNotAct.into())
}

fn covers(of: &Representation, scope: RepresentationScope, day: Day) -> bool {
    let holds = rules::holds_on(of.valid_from, of.valid_until, of.withdrawn_at, day);
    holds && of.scope.0.contains(&scope)
}

/// All that were ever recorded in a case.
pub(super) fn of_case(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Vec<Representation>, Problem> {
    store::of_case(tx, case)
}

/// Who speaks or spoke for the party of a case, without saying who that is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Spokesman {
    /// As what.
    pub kind: RepresentationKind,
    /// What the representative may do.
    pub scope: Vec<RepresentationScope>,
    /// By what that was shown.
    pub proof: Proof,
    /// The first day.
    pub valid_from: Day,
    /// The last day, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
    /// When it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Instant>,
}

/// All who were ever recorded as speaking for the party of a case that was loaded before.
pub fn spokesmen(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Spokesman>, Problem> {
    let recorded = store::of_case(tx, case)?;
    let kept = recorded.into_iter().map(|it| Spokesman {
        kind: it.kind,
        scope: it.scope.0,
        proof: it.proof,
        valid_from: it.valid_from,
        valid_until: it.valid_until,
        withdrawn_at: it.withdrawn_at,
    });
    Ok(kept.collect())
}

fn entry_of(action: &'static str, of: &Representation) -> Entry {
    Entry::change(action)
        .of_case(of.application_id)
        .about(of.represented_id)
        .about(of.representative_id)
        .fact("representation", of.id.to_string())
}
