//! What the service finds out by itself about decisions.

use std::collections::BTreeSet;

use super::model::LegalBasis;
use super::store;
use crate::applications::{self, ApplicationState};
use crate::db::Tx;
use crate::ids::ApplicationId;
use crate::problem::Problem;
use crate::tasks::{self, Duty, NewTask, Progress, TaskKind, When};

/// The cases in which assistance under boligsosialloven was decided on, whatever the outcome.
pub fn cases_with_assistance(tx: &mut Tx<'_>) -> Result<BTreeSet<ApplicationId>, Problem> {
    Ok(store::cases_with_assistance(tx)?.into_iter().collect())
}

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![Duty {
        name: "decisions.expiring",
        when: When::DailyAt { hour: 5, minute: 0 },
        run: look_for_expiring,
    }]
}

/// Households that wait by a decision that soon holds no longer are to be assessed again: no decision lapses unseen.
fn look_for_expiring(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let until = tasks::terms(tx)?
        .decision_expires_ahead
        .ahead_of(tx.today());
    let mut wanted = Vec::new();
    for decision in store::ending_until(tx, until)? {
        let is_home = decision.legal_basis == LegalBasis::MunicipalDwelling;
        let case = applications::look_up(tx, decision.application_id)?;
        if !is_home || case.state != ApplicationState::Waiting {
            continue;
        }
        let Some(ends_on) = decision.valid_until else {
            continue;
        };
        wanted.push(NewTask {
            kind: TaskKind::DecisionExpires,
            about: decision.id.into(),
            case: Some(case.id),
            household: None,
            due_on: ends_on.working_days_before(1),
            assigned_to: case.assigned_to,
        });
    }
    tasks::settle(tx, TaskKind::DecisionExpires, &wanted)?;
    Ok(Progress::Done)
}
