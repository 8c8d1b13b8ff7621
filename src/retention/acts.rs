//! Ruling how long things are kept, holding, asking for an erasure, approving it, and erasing.

use super::model::{Concern, ErasureState, Ground, HoldReason};
use super::rules::{self, Facts, Periods, Refusal};
use super::shipped;
use super::store::{self, ErasureRow, HoldRow, RuleRow};
use crate::access;
use crate::appeals;
use crate::applications;
use crate::audit::{self, Entry, Subject};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{must_be_current, take_back};
use crate::ids::{ErasureId, LegalHoldId, PersonId, RetentionRuleId, UserId};
use crate::people;
use crate::policies;
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::tenancies;

/// Says for how long something is kept from a day on; what was said before ends on that day.
pub fn adopt_rule(
    tx: &mut Tx<'_>,
    concern: Concern,
    months: i16,
    legal_basis: &str,
    valid_from: Day,
) -> Result<RetentionRuleId, Problem> {
    if let Some(fault) = policies::too_far_ahead(valid_from, tx.today()) {
        return Err(Problem::invalid(vec![fault]));
    }
    let open = store::rules(tx)?
        .into_iter()
        .find(|rule| rule.concern == concern && rule.valid_until.is_none());
    if let Some(open) = open {
        if valid_from <= open.valid_from {
            let (nb, en) = (
                "Må ligge etter den første dagen til regelen som gjelder nå.",
                "Must lie after the first day of the rule that holds now.",
            );
            let fault = FieldFault::new("/validFrom", "not_after", nb, en);
            return Err(Problem::invalid(vec![fault]));
        }
        store::close_rule(tx, open.id, valid_from)?;
    }
    let row = RuleRow {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        concern,
        months,
        legal_basis: legal_basis.to_owned(),
        valid_from,
        valid_until: None,
        created_at: tx.now(),
    };
    store::insert_rule(tx, &row)?;
    tx.record(
        Entry::change("retention_rule.adopted")
            .about(Subject::policy(row.id))
            .fact("concern", concern.code())
            .fact("months", months)
            .fact("legalBasis", legal_basis)
            .fact("validFrom", valid_from.0.to_string()),
    );
    Ok(row.id)
}

/// Keeps a person's data from being erased.
pub(super) fn place_hold(
    tx: &mut Tx<'_>,
    person: PersonId,
    reason: HoldReason,
    valid_until: Option<Day>,
    by: UserId,
) -> Result<HoldRow, Problem> {
    must_not_be_erased(tx, person)?;
    let faults = rules::faults_of_period(tx.today(), valid_until);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let row = HoldRow {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        person_id: person,
        reason,
        valid_from: tx.today(),
        valid_until,
        placed_by: by,
        placed_at: tx.now(),
        lifted_by: None,
        lifted_at: None,
    };
    store::insert_hold(tx, &row)?;
    tx.record(entry_of_hold("legal_hold.placed", &row));
    Ok(row)
}

pub(super) fn load_hold(tx: &mut Tx<'_>, id: LegalHoldId) -> Result<HoldRow, Problem> {
    let hold = store::find_hold(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    access::must_be_impartial_to(tx, hold.person_id)?;
    Ok(hold)
}

/// Ends a hold before its time.
pub(super) fn lift_hold(tx: &mut Tx<'_>, hold: &HoldRow, by: UserId) -> Result<HoldRow, Problem> {
    if hold.lifted_at.is_some() {
        return Err(Refusal::HoldLifted.into());
    }
    must_be_current(store::lift(tx, hold, by)?)?;
    tx.record(entry_of_hold("legal_hold.lifted", hold));
    load_hold(tx, hold.id)
}

fn entry_of_hold(action: &'static str, hold: &HoldRow) -> Entry {
    Entry::change(action)
        .about(hold.person_id)
        .about(Subject::policy(hold.id))
        .fact("reason", hold.reason.code())
}

/// What keeps the person's data now, and for how long the municipality keeps such things.
pub(super) fn situation(tx: &mut Tx<'_>, person: PersonId) -> Result<(Facts, Periods), Problem> {
    let registered_on = must_not_be_erased(tx, person)?;
    let today = tx.today();
    let households = people::households_of(tx, person)?;
    let cases = applications::of_households(tx, &households)?;
    let tenancies = tenancies::of_households(tx, &households)?;
    let holds = store::holds_of(tx, person)?;
    // An appeal keeps everything by itself: nobody has to think of placing a hold.
    let mut is_appealed = false;
    for case in &cases {
        let appeals = appeals::of_case(tx, case.id)?;
        is_appealed |= appeals.iter().any(|appeal| !appeal.state.is_over());
    }
    let facts = Facts {
        has_open_case: cases.iter().any(|case| case.state.is_open()),
        lives_in_home: tenancies.iter().any(|tenancy| tenancy.ended_on.is_none()),
        is_on_hold: is_appealed || holds.iter().any(|hold| hold.is_in_force(today)),
        registered_on,
        case_ended_on: cases.iter().map(|case| case.state_since.day()).max(),
        tenancy_ended_on: tenancies.iter().filter_map(|it| it.ended_on).max(),
    };
    Ok((facts, periods(tx, today)?))
}

/// For how many months things are kept by the rules that are in force, and by what is shipped where there is none.
pub(super) fn periods(tx: &mut Tx<'_>, today: Day) -> Result<Periods, Problem> {
    let mut periods = Periods::default();
    for rule in shipped::rules() {
        periods.set(rule.concern, rule.months);
    }
    for rule in store::rules(tx)? {
        if rule.valid_from <= today && rule.valid_until.is_none_or(|until| today < until) {
            periods.set(rule.concern, rule.months);
        }
    }
    Ok(periods)
}

/// When the person was registered.
fn must_not_be_erased(tx: &mut Tx<'_>, person: PersonId) -> Result<Day, Problem> {
    access::must_be_impartial_to(tx, person)?;
    let registered = people::find_registration(tx, person)?;
    let registered = registered.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    if registered.is_erased {
        return Err(Refusal::AlreadyErased.into());
    }
    Ok(registered.at.day())
}

/// Asks that a person be erased; nobody asks where the service itself found that the time is over.
pub(super) fn request(
    tx: &mut Tx<'_>,
    person: PersonId,
    ground: Ground,
    by: Option<UserId>,
) -> Result<ErasureRow, Problem> {
    let (facts, periods) = situation(tx, person)?;
    rules::may_erase(ground, &facts, &periods, tx.today())?;
    let row = ErasureRow {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        person_id: person,
        ground,
        state: ErasureState::Requested,
        requested_by: by,
        requested_at: tx.now(),
        first_approver: None,
        second_approver: None,
        carried_out_at: None,
    };
    store::insert_erasure(tx, &row)?;
    tx.record(entry_of("erasure.requested", &row));
    Ok(row)
}

pub(super) fn load(tx: &mut Tx<'_>, id: ErasureId) -> Result<ErasureRow, Problem> {
    let erasure = store::find_erasure(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    access::must_be_impartial_to(tx, erasure.person_id)?;
    Ok(erasure)
}

/// Whether it has been asked already that a person be erased.
pub(super) fn is_pending(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, Problem> {
    store::is_pending(tx, person)
}

/// Approves; with the second approval the person is erased, if everything still permits it.
pub(super) fn approve(
    tx: &mut Tx<'_>,
    erasure: &ErasureRow,
    by: UserId,
) -> Result<ErasureRow, Problem> {
    rules::may_approve(erasure.state, erasure.first_approver, by)?;
    people::hold(tx, erasure.person_id)?;
    let (facts, periods) = situation(tx, erasure.person_id)?;
    rules::may_erase(erasure.ground, &facts, &periods, tx.today())?;
    let version = erasure.version + 1;
    let Some(first) = erasure.first_approver else {
        let approved = ErasureRow {
            version,
            state: ErasureState::ApprovedOnce,
            first_approver: Some(by),
            ..erasure.clone()
        };
        must_be_current(store::change(tx, &approved)?)?;
        tx.record(entry_of("erasure.approved", &approved));
        return Ok(approved);
    };
    let carried_out = ErasureRow {
        version,
        state: ErasureState::CarriedOut,
        second_approver: Some(by),
        carried_out_at: Some(tx.now()),
        ..erasure.clone()
    };
    must_be_current(store::change(tx, &carried_out)?)?;
    erase(tx, &carried_out, [first, by])?;
    Ok(carried_out)
}

/// Erases: the database permits it only now that the erasure is carried out in its books.
fn erase(tx: &mut Tx<'_>, of: &ErasureRow, approvers: [UserId; 2]) -> Result<(), Problem> {
    let person = of.person_id;
    people::erase(tx, person)?;
    let segments = audit::erase_segments(tx, person)?;
    let answers = take_back(tx, person)?;
    let entries: Vec<String> = segments.iter().map(ToString::to_string).collect();
    let approvers = approvers.map(|id| id.to_string());
    tx.record(
        entry_of("person.erased", of)
            .fact("person", person.to_string())
            .fact("approvers", approvers.to_vec())
            .fact("entries", entries)
            .fact("answers", answers),
    );
    Ok(())
}

/// Gives an erasure up.
pub(super) fn withdraw(tx: &mut Tx<'_>, erasure: &ErasureRow) -> Result<ErasureRow, Problem> {
    if !erasure.state.is_open() {
        return Err(Refusal::NotOpen.into());
    }
    let withdrawn = ErasureRow {
        version: erasure.version + 1,
        state: ErasureState::Withdrawn,
        ..erasure.clone()
    };
    must_be_current(store::change(tx, &withdrawn)?)?;
    tx.record(entry_of("erasure.withdrawn", &withdrawn));
    Ok(withdrawn)
}

fn entry_of(action: &'static str, erasure: &ErasureRow) -> Entry {
    Entry::change(action)
        .about(erasure.person_id)
        .about(Subject::policy(erasure.id))
        .fact("ground", erasure.ground.code())
}
