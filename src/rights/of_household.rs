//! Correction of what is kept of a household and of its case: in which situation it is, who is what in it, what it needs. Whom it is about
//! is told by letter (personvernforordningen art. 16 and 19).

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::correcting::{CorrectionTold, tell_corrected};
use super::rules::must_be_lately;
use crate::access;
use crate::applications::{self, Needs};
use crate::auth::Action::CorrectPerson;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Shown};
use crate::ids::{HouseholdId, PersonId};
use crate::letters::Language;
use crate::people::{self, CorrectableField, CorrectionReason, MemberCorrection, MemberRole};
use crate::problem::{NOT_FOUND, Problem};
use crate::situations::{self, NewSituation, SituationReason, Source, Verification};
use crate::tasks::{self, NewTask, TaskKind};

/// The operations on corrections of households and their cases.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::act(
            "/situations/{id}/correct",
            CorrectPerson,
            "Correct what is recorded of a household's situation, at the version of the household; the applicant is told by letter",
            correct_situation,
        ),
        Endpoint::act(
            "/households/{id}/correct-member",
            CorrectPerson,
            "Correct what somebody is in a household, or how often there; that person is told by letter",
            correct_member,
        ),
        Endpoint::act(
            "/applications/{id}/correct-needs",
            CorrectPerson,
            "Correct what a household needs of a home, however its case stands; the applicant is told by letter",
            correct_needs,
        ),
    ]
}

/// What of a situation was wrong, and what is true instead.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CorrectSituation {
    /// What is true; nothing where the household was in no such situation.
    instead: Option<TrueSituation>,
    reason: CorrectionReason,
    /// What shows that it is so, in words; sealed into the log.
    #[schema(min_length = 5, max_length = 2000, pattern = r"(\S\s*){5,}")]
    why: String,
    /// When the person asked for it: the term for an answer runs from then. Absent where the municipality found it itself.
    asked_on: Option<Day>,
    /// In which form of Norwegian the letter is written.
    language: Option<Language>,
}

/// A situation as it truly was or is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TrueSituation {
    /// Why the household is in this situation.
    reason: SituationReason,
    /// The first day on which it holds, at most a year ahead.
    valid_from: Day,
    /// The first day on which it no longer holds, where that is known.
    valid_until: Option<Day>,
    /// Who said so.
    source: Source,
    /// Whether somebody checked it.
    verification: Verification,
}

/// What of a member was wrong. What is not given stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CorrectMember {
    /// Which member.
    person_id: PersonId,
    /// As what. Who applies is not corrected.
    role: Option<MemberRole>,
    /// Days in a fortnight that a child lives here.
    #[schema(minimum = 1, maximum = 14)]
    residence_days: Option<i16>,
    reason: CorrectionReason,
    /// What shows that it is so, in words; sealed into the log.
    #[schema(min_length = 5, max_length = 2000, pattern = r"(\S\s*){5,}")]
    why: String,
    /// When the person asked for it: the term for an answer runs from then. Absent where the municipality found it itself.
    asked_on: Option<Day>,
    /// In which form of Norwegian the letter is written.
    language: Option<Language>,
}

/// What is needed in truth.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CorrectNeeds {
    /// All that is needed, as it is true.
    needs: Needs,
    reason: CorrectionReason,
    /// What shows that it is so, in words; sealed into the log.
    #[schema(min_length = 5, max_length = 2000, pattern = r"(\S\s*){5,}")]
    why: String,
    /// When the person asked for it: the term for an answer runs from then. Absent where the municipality found it itself.
    asked_on: Option<Day>,
    /// In which form of Norwegian the letter is written.
    language: Option<Language>,
}

fn correct_situation(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &CorrectSituation,
) -> Result<Shown<CorrectionTold>, Problem> {
    let wrong = situations::load(tx, call.id()?)?;
    let household = people::find_household(tx, wrong.household_id)?;
    let household = household.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    call.has_seen(household.version)?;
    must_be_lately(asked.asked_on, tx.today())?;
    let openings = access::openings_of(tx, household.id)?;
    openings.must_contain(wrong.reason.compartment(), "")?;
    openings.must_contain(wrong.source.compartment(), "")?;
    if let Some(instead) = &asked.instead {
        openings.must_contain(instead.reason.compartment(), "/instead/reason")?;
        openings.must_contain(instead.source.compartment(), "/instead/source")?;
    }
    let instead = asked.instead.as_ref().map(|it| NewSituation {
        reason: it.reason,
        valid_from: it.valid_from,
        valid_until: it.valid_until,
        source: it.source,
        verification: it.verification,
    });
    let applicant = people::applicant_of(tx, household.id)?;
    let applicant = applicant.ok_or_else(|| Problem::internal("a household without applicant"))?;
    let said = people::segment(tx, applicant, &json!({ "why": asked.why }))?;
    situations::correct(tx, &wrong, instead, (asked.reason, said))?;
    let household = people::find_household(tx, household.id)?;
    let version = household.map_or(0, |it| it.version);
    ask_to_weigh(tx, wrong.household_id)?;
    let how = (asked.reason, asked.asked_on, asked.language);
    tell_corrected(
        tx,
        (applicant, version),
        &[CorrectableField::Situation],
        how,
    )
}

fn correct_member(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &CorrectMember,
) -> Result<Shown<CorrectionTold>, Problem> {
    let household = people::find_household(tx, call.id()?)?;
    let household = household.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    call.has_seen(household.version)?;
    must_be_lately(asked.asked_on, tx.today())?;
    let correction = MemberCorrection {
        person: asked.person_id,
        role: asked.role,
        residence_days: asked.residence_days,
        reason: asked.reason,
        why: asked.why.clone(),
    };
    let household = people::correct_member(tx, &household, &correction)?;
    ask_to_weigh(tx, household.id)?;
    let how = (asked.reason, asked.asked_on, asked.language);
    tell_corrected(
        tx,
        (asked.person_id, household.version),
        &[CorrectableField::Membership],
        how,
    )
}

fn correct_needs(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &CorrectNeeds,
) -> Result<Shown<CorrectionTold>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    call.has_seen(case.version)?;
    must_be_lately(asked.asked_on, tx.today())?;
    // Near whom nobody may live is told of in no log.
    let without_others = |needs: &Needs| Needs {
        excluded_households: Vec::new(),
        ..needs.clone()
    };
    let said = json!({
        "before": case.needs().map(without_others),
        "after": without_others(&asked.needs),
        "why": asked.why,
    });
    let said = people::segment(tx, case.applicant_id, &said)?;
    let corrected = (asked.reason, said);
    let at = ("/needs", "/needs/excludedHouseholds");
    let case = applications::correct_needs(tx, &case, &asked.needs, corrected, at)?;
    ask_to_weigh(tx, case.household_id)?;
    let how = (asked.reason, asked.asked_on, asked.language);
    tell_corrected(
        tx,
        (case.applicant_id, case.version),
        &[CorrectableField::Needs],
        how,
    )
}

/// Asks the caseworker to weigh what a correction means, in each case of the household that is open and was assessed. While a case is assessed
/// still, that is done anyway; and once it has ended, it is for whoever applies again.
fn ask_to_weigh(tx: &mut Tx<'_>, household: HouseholdId) -> Result<(), Problem> {
    let due_on = tasks::terms(tx)?.assess_again.after(tx.today());
    for case in applications::of_household(tx, household)? {
        if !case.state.is_open() || case.state.takes_needs() {
            continue;
        }
        let task = NewTask {
            kind: TaskKind::WeighCorrection,
            about: case.id.into(),
            case: Some(case.id),
            household: None,
            due_on,
            assigned_to: case.assigned_to,
        };
        tasks::open(tx, task)?;
    }
    Ok(())
}
