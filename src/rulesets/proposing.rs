//! Proposing rules, and approving them: by somebody else than proposed, and never backwards in time.

use super::Refusal;
use super::acts::{adopted_faults, digest_of};
use super::model::RuleSet;
use super::store::{self, Row, RuleSetState};
use crate::audit::{Entry, Subject};
use crate::auth::Actor;
use crate::clock::Day;
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::must_be_current;
use crate::ids::{RuleSetId, UserId};
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// Saves rules as a proposal, to be in force from a day once somebody else has approved them.
pub(super) fn propose(
    tx: &mut Tx<'_>,
    rules: &RuleSet,
    valid_from: Day,
    by: UserId,
) -> Result<Row, Problem> {
    let mut faults = adopted_faults(rules, "/rules");
    faults.extend(fault_of_day(valid_from, tx.today()));
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let digest = digest_of(rules)?;
    let row = Row {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        number: store::last_number(tx)? + 1,
        name: rules.name.nb.clone(),
        valid_from,
        valid_until: None,
        content: Json(rules.clone()),
        sha256: digest.0.to_vec(),
        created_at: tx.now(),
        state: RuleSetState::Proposed,
        proposed_by: Some(by),
        decided_by: None,
        decided_at: None,
        version: 1,
    };
    store::insert(tx, &row)?;
    let entry = Entry::change("rule_set.proposed").about(Subject::policy(row.id));
    tx.record(
        entry
            .fact("number", row.number)
            .fact("validFrom", valid_from.0.to_string())
            .fact("sha256", digest.to_hex()),
    );
    Ok(row)
}

/// What was decided by the rules of a day stays so: rules never reach back.
fn fault_of_day(valid_from: Day, today: Day) -> Option<FieldFault> {
    (valid_from < today).then(|| {
        let (nb, en) = (
            "Regler virker ikke bakover i tid.",
            "Rules do not reach back in time.",
        );
        FieldFault::new("/validFrom", "in_the_past", nb, en)
    })
}

/// Whether this person may decide on proposed rules. Four eyes: whoever proposed never approves.
pub(super) fn may_decide(
    state: RuleSetState,
    proposed_by: Option<UserId>,
    by: Actor,
) -> Result<UserId, Refusal> {
    let decider = by.user().ok_or(Refusal::OwnProposal)?;
    if state != RuleSetState::Proposed {
        return Err(Refusal::NotProposed);
    }
    if proposed_by == Some(decider) {
        return Err(Refusal::OwnProposal);
    }
    Ok(decider)
}

/// Approves rules: on their day they come into force, and the version before ends.
pub(super) fn approve(tx: &mut Tx<'_>, row: &Row) -> Result<Row, Problem> {
    let decider = may_decide(row.state, row.proposed_by, tx.caller().actor)?;
    if row.valid_from < tx.today() {
        return Err(Refusal::DayHasPassed.into());
    }
    store::close_open(tx, row.valid_from)?;
    must_be_current(store::decide(tx, row, RuleSetState::Approved, decider)?)?;
    record(tx, "rule_set.approved", row);
    load_row(tx, row.id)
}

/// Turns proposed rules down. Whoever proposed may take them back so, too.
pub(super) fn reject(tx: &mut Tx<'_>, row: &Row, by: UserId) -> Result<Row, Problem> {
    if row.state != RuleSetState::Proposed {
        return Err(Refusal::NotProposed.into());
    }
    must_be_current(store::decide(tx, row, RuleSetState::Rejected, by)?)?;
    record(tx, "rule_set.rejected", row);
    load_row(tx, row.id)
}

fn record(tx: &mut Tx<'_>, action: &'static str, row: &Row) {
    let entry = Entry::change(action).about(Subject::policy(row.id));
    tx.record(entry.fact("number", row.number));
}

pub(super) fn load_row(tx: &mut Tx<'_>, id: RuleSetId) -> Result<Row, Problem> {
    store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn whoever_proposed_rules_may_not_approve_them() {
        let (kari, ola): (UserId, UserId) = (Id::new(), Id::new());
        let ask = |state, by| may_decide(state, Some(kari), by);
        let proposed = RuleSetState::Proposed;
        assert_eq!(ask(proposed, Actor::User(kari)), Err(Refusal::OwnProposal));
        assert_eq!(ask(proposed, Actor::System), Err(Refusal::OwnProposal));
        assert_eq!(ask(proposed, Actor::User(ola)), Ok(ola));
        let again = ask(RuleSetState::Approved, Actor::User(ola));
        assert_eq!(again, Err(Refusal::NotProposed));
    }

    #[test]
    fn rules_do_not_reach_back() {
        let day = |text: &str| Day(text.parse().unwrap());
        assert!(fault_of_day(day("2026-03-01"), day("2026-03-02")).is_some());
        assert!(fault_of_day(day("2026-03-02"), day("2026-03-02")).is_none());
    }
}
