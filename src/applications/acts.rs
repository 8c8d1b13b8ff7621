//! What is done with a case before the decision.

use super::intake;
use super::lifecycle::{ApplicationState, Step};
use super::model::{ApplicationType, Needs};
use super::rules;
use super::store::{self, Application};
use crate::access;
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, HouseholdId, PersonId, UserId};
use crate::outbox::{self, Outgoing, Topic};
use crate::people;
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::situations;
use crate::tasks::{self, TaskKind};

/// An application as it reaches the municipality.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Who needs a home.
    pub household: HouseholdId,
    /// What is applied for.
    pub kind: ApplicationType,
    /// The day on which it reached the municipality.
    pub received_on: Day,
    /// Whether the household lives in a municipal home now.
    pub lives_in_municipal_dwelling: bool,
    /// What is needed, if that is known already.
    pub needs: Option<Needs>,
}

/// Receives an application.
pub fn receive(tx: &mut Tx<'_>, receipt: &Receipt) -> Result<Application, Problem> {
    let mut faults = rules::faults_of_receipt(receipt.received_on, tx.today());
    if let Some(needs) = &receipt.needs {
        faults.extend(rules::faults_of_needs(needs, "/needs"));
        faults.extend(rules::fault_of_own(needs, receipt.household, "/needs"));
        let named = &needs.excluded_households;
        faults.extend(faults_of_named(
            tx,
            named,
            &[],
            "/needs/excludedHouseholds",
        )?);
    }
    let visible = access::visible_households(tx, &[receipt.household])?;
    let applicant = people::applicant_of(tx, receipt.household)?;
    let applicant = applicant.filter(|_| visible.contains(&receipt.household));
    if applicant.is_none() {
        let (nb, en) = ("Husstanden finnes ikke.", "The household does not exist.");
        faults.push(FieldFault::new("/householdId", "not_found", nb, en));
    }
    let (true, Some(applicant)) = (faults.is_empty(), applicant) else {
        return Err(Problem::invalid(faults));
    };
    let case = new_case(tx, receipt, applicant);
    store::insert(tx, &case)?;
    people::must_not_be_erased(tx, applicant)?;
    access::take_in(tx, &[case.id])?;
    let members = people::members_of(tx, &[case.household_id])?;
    let members = members
        .get(&case.household_id)
        .map_or(&[][..], Vec::as_slice);
    intake::freeze(tx, &case, members)?;
    intake::point_out(tx, &case, members)?;
    tx.record(
        Entry::change("application.received")
            .of_case(case.id)
            .about(case.household_id)
            .about(case.applicant_id)
            .fact("type", case.kind.code())
            .fact("receivedOn", case.received_on.0.to_string()),
    );
    outbox::put(tx, Outgoing::new(Topic::Incoming, case.id, case.id))?;
    Ok(case)
}

/// A fault for each household named beside the case that the caller may not see, the same as for one that does not exist.
///
/// `kept` are named already; `at` is where the list stands in the body.
pub fn faults_of_named(
    tx: &mut Tx<'_>,
    named: &[HouseholdId],
    kept: &[HouseholdId],
    at: &str,
) -> Result<Vec<FieldFault>, Problem> {
    let visible = access::visible_households(tx, named)?;
    let known = people::members_of(tx, named)?;
    let is_known =
        |id: &HouseholdId| kept.contains(id) || visible.contains(id) && known.contains_key(id);
    let unknown = named.iter().enumerate().filter(|(_, id)| !is_known(id));
    let fault = |(place, _)| {
        let (nb, en) = ("Husstanden finnes ikke.", "The household does not exist.");
        FieldFault::new(format!("{at}/{place}"), "not_found", nb, en)
    };
    Ok(unknown.map(fault).collect())
}

/// A case as it begins, not stored yet.
pub(super) fn new_case(tx: &Tx<'_>, receipt: &Receipt, applicant_id: PersonId) -> Application {
    Application {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        household_id: receipt.household,
        applicant_id,
        kind: receipt.kind,
        state: ApplicationState::Submitted,
        state_since: tx.now(),
        received_on: receipt.received_on,
        lives_in_municipal_dwelling: receipt.lives_in_municipal_dwelling,
        assigned_to: None,
        urgency: receipt.needs.as_ref().map(|needs| needs.urgency),
        needs: receipt.needs.clone().map(Json),
        created_at: tx.now(),
        recorded_at: tx.now(),
        needs_assessed_at: receipt.needs.is_some().then(|| tx.now()),
    }
}

/// The cases of an applicant, in the order in which they were received.
pub fn of_applicant(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Application>, Problem> {
    store::of_applicant(tx, person)
}

/// The open case of an applicant, if there is one; the latest where there are several households.
pub fn find_open_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Application>, Problem> {
    let mut open = store::of_applicant(tx, person)?;
    open.retain(|case| case.state.is_open());
    Ok(open.pop())
}

/// A case, whoever asks: what may be told of it is decided by whoever calls this.
pub fn look_up(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Problem> {
    reload(tx, id)
}

/// A case that must exist and that the caller may see: whatever is done with a case begins here.
pub fn load(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Problem> {
    access::must_see_case(tx, id)?;
    reload(tx, id)
}

/// A case that was loaded before in this transaction, as it stands now: by what was done, the caller may see it no longer.
pub(super) fn reload(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Problem> {
    store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// A case that somebody opens in an emergency: whoever asks may be anybody but partial.
pub fn load_in_emergency(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Problem> {
    access::must_be_impartial(tx, id)?;
    reload(tx, id)
}

/// Who applied in a case, whoever asks: under whose key its texts are sealed.
pub fn applicant_of(tx: &mut Tx<'_>, id: ApplicationId) -> Result<PersonId, Problem> {
    Ok(reload(tx, id)?.applicant_id)
}

/// A case as it was at a moment at which it must have existed. Whether the caller may see it is decided by how it stands today.
pub fn load_as_of(tx: &mut Tx<'_>, id: ApplicationId, at: Instant) -> Result<Application, Problem> {
    access::must_see_case(tx, id)?;
    store::find_as_of(tx, id, at)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Every case of a household, whoever asks: the caller decides to whom it is told.
pub fn of_household(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<Application>, Problem> {
    store::of_household(tx, household)
}

/// Every case to which a home can be given now.
pub fn candidates(tx: &mut Tx<'_>) -> Result<Vec<Application>, Problem> {
    store::in_states(tx, &candidate_states())
}

/// The same, of these households only.
pub fn candidates_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<Application>, Problem> {
    store::in_states_of(tx, &candidate_states(), households)
}

fn candidate_states() -> Vec<ApplicationState> {
    let states = ApplicationState::ALL.iter().copied();
    states.filter(|state| state.is_candidate()).collect()
}

/// The cases of these households, closed ones too.
pub fn of_households(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<Application>, Problem> {
    store::of_households(tx, households)
}

/// Every case that is open, and those in which a home was refused.
pub fn open_or_refused(tx: &mut Tx<'_>) -> Result<Vec<Application>, Problem> {
    let states = ApplicationState::ALL.iter().copied();
    let wanted = |state: &ApplicationState| state.is_open() || *state == ApplicationState::Refused;
    let states: Vec<ApplicationState> = states.filter(wanted).collect();
    store::in_states(tx, &states)
}

/// Every case that is open.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<Application>, Problem> {
    let states = ApplicationState::ALL.iter().copied();
    let states: Vec<ApplicationState> = states.filter(|state| state.is_open()).collect();
    store::in_states(tx, &states)
}

/// Every case that waited for an offer at a moment, as it was then.
pub fn waiting_as_of(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<Application>, Problem> {
    store::in_state_as_of(tx, ApplicationState::Waiting, at)
}

/// Takes a step in the life of a case. The entry is the caller's, so that it can say why.
pub fn advance(tx: &mut Tx<'_>, case: &Application, step: Step) -> Result<Application, Problem> {
    let to = rules::take(case.state, step)?;
    must_be_current(store::advance(tx, case, to)?)?;
    if case.state == ApplicationState::Incomplete && to != case.state {
        intake::is_no_longer_asked(tx, case.id)?;
    }
    if case.state == ApplicationState::Waiting && to != ApplicationState::Offered {
        tasks::close(tx, TaskKind::AssessAgain, case.id)?;
    }
    if case.state.is_open() && !to.is_open() {
        tasks::close(tx, TaskKind::ResolveDuplicate, case.id)?;
    }
    if to != case.state && (to == ApplicationState::InAssessment || !to.is_open()) {
        tasks::close(tx, TaskKind::WeighCorrection, case.id)?;
    }
    if to != case.state {
        for follow in tx.kit().sequels {
            follow(tx, case.id)?;
        }
    }
    reload(tx, case.id)
}

/// Takes a step before the decision and says so.
pub fn step(
    tx: &mut Tx<'_>,
    case: &Application,
    step: Step,
    entry: Entry,
) -> Result<Application, Problem> {
    let to = rules::take(case.state, step)?;
    if step == Step::SubmitToTeam {
        let today = tx.today();
        let has_situation = !situations::current(tx, case.household_id, today)?.is_empty();
        rules::may_go_to_team(case.needs(), has_situation)?;
    }
    // The log tells what was done before what follows from it.
    tx.record(
        entry
            .of_case(case.id)
            .about(case.household_id)
            .fact("state", to.code()),
    );
    advance(tx, case, step)
}

/// Gives a case to a caseworker.
pub(super) fn assign(
    tx: &mut Tx<'_>,
    case: &Application,
    user: UserId,
) -> Result<Application, Problem> {
    let to = rules::take(case.state, Step::Assign)?;
    if !crate::auth::is_active_user(tx, user)? {
        let (nb, en) = ("Brukeren finnes ikke.", "The user does not exist.");
        return Err(Problem::invalid(vec![FieldFault::new(
            "/assigneeId",
            "not_found",
            nb,
            en,
        )]));
    }
    if access::is_partial(tx, user, case.household_id)? {
        return Err(rules::Refusal::AssigneePartial.into());
    }
    must_be_current(store::assign(tx, case, to, user)?)?;
    tasks::follow(tx, case.id, user)?;
    access::follow_caseworker(tx, case.id, user)?;
    tx.record(
        Entry::change("application.assigned")
            .of_case(case.id)
            .about(user),
    );
    reload(tx, case.id)
}

/// A case from before the municipality used this service.
#[derive(Debug, Clone)]
pub struct TakenOver {
    /// What was received, and when.
    pub receipt: Receipt,
    /// Who applied.
    pub applicant: PersonId,
    /// Where it stands.
    pub state: ApplicationState,
    /// Since when.
    pub state_since: Instant,
    /// The caseworker.
    pub assigned_to: Option<UserId>,
}

/// Takes over cases from before, in their order. The chain of each begins with its being taken over.
pub fn take_over(tx: &mut Tx<'_>, cases: &[TakenOver]) -> Result<Vec<ApplicationId>, Problem> {
    let rows: Vec<Application> = cases
        .iter()
        .map(|it| Application {
            state: it.state,
            state_since: it.state_since,
            assigned_to: it.assigned_to,
            ..new_case(tx, &it.receipt, it.applicant)
        })
        .collect();
    store::insert_many(tx, &rows)?;
    let ids: Vec<ApplicationId> = rows.iter().map(|case| case.id).collect();
    access::take_in(tx, &ids)?;
    for case in &rows {
        tx.record(
            Entry::change("application.taken_over")
                .of_case(case.id)
                .about(case.household_id)
                .about(case.applicant_id)
                .fact("receivedOn", case.received_on.0.to_string())
                .fact("state", case.state.code()),
        );
    }
    Ok(ids)
}
