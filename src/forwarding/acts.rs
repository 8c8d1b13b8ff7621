//! Registering bodies, giving them up, sending cases to them.

use super::model::BodyKind;
use super::rules::{self, Refusal};
use super::store::{self, Body, Forwarding};
use crate::applications::{self, Application, Step};
use crate::audit::{Entry, Subject};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, ReceivingBodyId, UserId};
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::tasks::{self, NewTask, TaskKind};

/// Registers a body to which cases may be sent from a day on.
pub(super) fn register(
    tx: &mut Tx<'_>,
    kind: BodyKind,
    name: &str,
    valid_from: Day,
) -> Result<Body, Problem> {
    let body = Body {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        kind,
        name: name.to_owned(),
        valid_from,
        valid_until: None,
    };
    store::insert(tx, &body)?;
    tx.record(
        entry_of("receiving_body.registered", &body)
            .fact("kind", kind.code())
            .fact("validFrom", valid_from.0.to_string()),
    );
    Ok(body)
}

/// Registers the bodies that every municipality has beside it.
pub fn found(tx: &mut Tx<'_>, municipality: &str) -> Result<(), Problem> {
    let today = tx.today();
    register(tx, BodyKind::Nav, &format!("NAV {municipality}"), today)?;
    register(tx, BodyKind::Husbanken, "Husbanken", today)?;
    Ok(())
}

pub(super) fn load(tx: &mut Tx<'_>, id: ReceivingBodyId) -> Result<Body, Problem> {
    store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Says until when cases are sent to a body. Those that were sent stay there.
pub(super) fn end(tx: &mut Tx<'_>, body: &Body, last: Day) -> Result<Body, Problem> {
    if body.valid_until.is_some() {
        return Err(Refusal::BodyEnded.into());
    }
    if let Some(fault) = rules::fault_of_end(body.valid_from, last) {
        return Err(Problem::invalid(vec![fault]));
    }
    must_be_current(store::end(tx, body, last)?)?;
    tx.record(entry_of("receiving_body.ended", body).fact("validUntil", last.0.to_string()));
    load(tx, body.id)
}

/// Sends a case on to the body that is responsible, and asks somebody to tell the applicant.
pub(super) fn forward(
    tx: &mut Tx<'_>,
    case: &Application,
    to: ReceivingBodyId,
    by: UserId,
) -> Result<Application, Problem> {
    let today = tx.today();
    let holds = |body: &Body| rules::holds_on(body.valid_from, body.valid_until, today);
    let Some(body) = store::find(tx, to)?.filter(holds) else {
        let (nb, en) = (
            "Ingen slik instans tar imot saker i dag.",
            "No such body takes cases today.",
        );
        let fault = FieldFault::new("/bodyId", "not_found", nb, en);
        return Err(Problem::invalid(vec![fault]));
    };
    let entry = Entry::change("application.forwarded")
        .about(Subject::policy(body.id))
        .fact("to", body.kind.code());
    let moved = applications::step(tx, case, Step::Forward, entry)?;
    let row = Forwarding {
        municipality_id: tx.municipality(),
        application_id: case.id,
        body_id: body.id,
        body_name: body.name,
        forwarded_by: by,
        forwarded_at: tx.now(),
    };
    store::insert_forwarding(tx, &row)?;
    let new = NewTask {
        kind: TaskKind::TellOfForwarding,
        about: case.id.into(),
        case: Some(case.id),
        household: None,
        due_on: tasks::terms(tx)?.tell_of_forwarding.after(today),
        assigned_to: case.assigned_to,
    };
    tasks::open(tx, new)?;
    Ok(moved)
}

/// The name of the body to which a case was sent, as it was called then.
pub fn body_of(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Option<String>, Problem> {
    store::name_of_receiver(tx, case)
}

fn entry_of(action: &'static str, body: &Body) -> Entry {
    Entry::change(action).about(Subject::policy(body.id))
}
