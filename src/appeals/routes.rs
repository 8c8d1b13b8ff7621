//! Appeals, over HTTP.

use serde::Deserialize;
use utoipa::ToSchema;

use super::acts::{self, Receipt};
use super::handing_over;
use super::model::{AppealForm, AppealOutcome, LateGround};
use super::outcome::{self, Verdict};
use super::package::Package;
use super::store::Appeal;
use super::views::{AppealInShort, Appeals, WholeAppeal, shown, told};
use super::words;
use crate::access::{self, Rooms, Statement, TextKind};
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::{ConcludeAppeals, ReadAppeals, ReceiveAppeals, ReviewAppeals};
use crate::clock::Day;
use crate::db::Tx;
use crate::decisions;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{DecisionId, PersonId};
use crate::letters::Language;
use crate::problem::{FieldFault, Problem};

/// The operations on appeals.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        Endpoint::create(
            "/decisions/{id}/appeals",
            ReceiveAppeals,
            "Receive an appeal against a decision",
            receive,
        ),
        Endpoint::get(
            "/applications/{id}/appeals",
            ReadAppeals,
            "The appeals of a case, oldest first, without what they say",
            of_case,
        ),
        Endpoint::get(
            "/appeals/{id}",
            ReadAppeals,
            "An appeal, with what was said",
            show,
        ),
    ];
    endpoints.extend(steps());
    endpoints
}

/// What is done with an appeal, step by step.
fn steps() -> Vec<Endpoint> {
    vec![
        Endpoint::act(
            "/appeals/{id}/check",
            ReceiveAppeals,
            "Look whether an appeal is in time and by a party",
            check,
        ),
        Endpoint::act(
            "/appeals/{id}/admit",
            ReceiveAppeals,
            "Take an appeal up; a late one for a reason",
            admit,
        ),
        Endpoint::decide(
            "/appeals/{id}/dismiss",
            ReviewAppeals,
            "Do not take an appeal up; the letter tells how to appeal against that",
            dismiss,
        ),
        Endpoint::decide(
            "/appeals/{id}/reverse",
            ReviewAppeals,
            "The first instance has replaced its decision",
            reverse,
        ),
        Endpoint::decide(
            "/appeals/{id}/forward",
            ReviewAppeals,
            "Stand by the decision and hand the appeal over, with the comparison of the day",
            forward,
        ),
        Endpoint::get(
            "/appeals/{id}/package",
            ReadAppeals,
            "What was handed over: candidates, homes, rules and scores without names",
            show_package,
        ),
        Endpoint::act(
            "/appeals/{id}/take-up",
            ConcludeAppeals,
            "The body of appeal has taken the appeal up",
            take_up,
        ),
        Endpoint::decide(
            "/appeals/{id}/conclude",
            ConcludeAppeals,
            "Write down what the body of appeal decided, and carry it out",
            conclude,
        ),
        Endpoint::act(
            "/appeals/{id}/withdraw",
            ReceiveAppeals,
            "The appellant withdraws the appeal",
            withdraw,
        ),
        Endpoint::act(
            "/appeals/{id}/close",
            ConcludeAppeals,
            "Everything that follows is done",
            close,
        ),
    ]
}

/// An appeal as it came in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewAppeal {
    /// Who appeals; the applicant when not given.
    #[serde(default)]
    appellant_id: Option<PersonId>,
    form: AppealForm,
    /// The day on which it was sent: by it the appeal is in time or not.
    sent_on: Day,
    /// The day on which it arrived.
    received_on: Day,
    /// What the appellant wants, and why.
    #[schema(min_length = 1, max_length = 10000)]
    grounds: String,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
}

fn receive(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewAppeal,
) -> Result<Created<AppealInShort>, Problem> {
    let decision = decisions::load(tx, call.id()?)?;
    let receipt = Receipt {
        appellant: asked.appellant_id,
        form: asked.form,
        sent_on: asked.sent_on,
        received_on: asked.received_on,
        grounds: asked.grounds.clone(),
        compartments: asked.compartments.clone(),
    };
    let by = tx.user()?;
    let appeal = acts::receive(tx, &decision, &receipt, by)?;
    Ok(Created {
        location: format!("/appeals/{}", appeal.id),
        version: Some(appeal.version),
        body: told(&appeal)?,
    })
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Appeals>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let appeals = acts::of_case(tx, case.id)?;
    let items = appeals.iter().map(told).collect::<Result<_, _>>()?;
    Ok(Shown::plain(Appeals { items }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<WholeAppeal>, Problem> {
    let appeal = acts::load(tx, call.id()?)?;
    let case = applications::load(tx, appeal.application_id)?;
    tx.record(
        Entry::access("appeal.read")
            .about(case.id)
            .about(case.applicant_id)
            .about(appeal.decision_id)
            .fact("appeal", appeal.id.to_string()),
    );
    let said = words::open(tx, &appeal)?;
    let openings = access::openings(tx, case.id)?;
    let told_to = |it: Option<Statement>| it.and_then(|it| it.told_to(&openings));
    let whole = WholeAppeal {
        short: told(&appeal)?,
        grounds: said.grounds.told_to(&openings),
        admissibility: told_to(said.admissibility),
        assessment: told_to(said.assessment),
        outcome_reasons: told_to(said.outcome),
    };
    Ok(Shown::at_version(appeal.version, whole))
}

fn check(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    let by = tx.user()?;
    shown(&acts::check(tx, &appeal, by)?)
}

/// Why a late appeal is taken up; nothing of it for one that is in time.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AdmitAppeal {
    #[serde(default)]
    late_ground: Option<LateGround>,
    /// Needed with a ground.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000)]
    reasons: Option<String>,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
}

fn admit(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &AdmitAppeal,
) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    let late = match (asked.late_ground, &asked.reasons) {
        (Some(ground), Some(why)) => {
            let said = (why.as_str(), asked.compartments.as_ref());
            let why = acts::stated(tx, &appeal, TextKind::AppealAdmissibility, said)?;
            Some((ground, why))
        }
        (None, None) => None,
        _ => {
            let nb = "Grunn og begrunnelse hører sammen.";
            let en = "The ground and the reasons belong together.";
            let fault = FieldFault::new("/reasons", "one_without_the_other", nb, en);
            return Err(Problem::invalid(vec![fault]));
        }
    };
    shown(&acts::admit(tx, &appeal, late)?)
}

/// Why an appeal is not taken up.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DismissAppeal {
    #[schema(min_length = 1, max_length = 5000)]
    reasons: String,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
    /// In which form of Norwegian the letter is written.
    #[serde(default)]
    language: Option<Language>,
}

fn dismiss(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &DismissAppeal,
) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    let language = asked.language.unwrap_or(Language::Bokmal);
    let said = (asked.reasons.as_str(), asked.compartments.as_ref());
    let why = acts::stated(tx, &appeal, TextKind::AppealAdmissibility, said)?;
    shown(&acts::dismiss(tx, &appeal, why, language)?)
}

/// The decision by which the first instance replaces the one that was appealed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReverseAppeal {
    new_decision_id: DecisionId,
}

fn reverse(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ReverseAppeal,
) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    shown(&outcome::reverse(tx, &appeal, asked.new_decision_id)?)
}

/// What the first instance says to the appeal; the party has it in copy.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ForwardAppeal {
    #[schema(min_length = 1, max_length = 10000)]
    assessment: String,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
    /// In which form of Norwegian the letter is written.
    #[serde(default)]
    language: Option<Language>,
}

fn forward(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ForwardAppeal,
) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    let language = asked.language.unwrap_or(Language::Bokmal);
    let said = (asked.assessment.as_str(), asked.compartments.as_ref());
    let assessment = acts::stated(tx, &appeal, TextKind::AppealAssessment, said)?;
    shown(&outcome::forward(tx, &appeal, assessment, language)?)
}

fn show_package(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Package>, Problem> {
    let appeal = acts::load(tx, call.id()?)?;
    Ok(Shown::plain(handing_over::load(tx, &appeal)?))
}

fn take_up(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    shown(&outcome::take_up(tx, &appeal)?)
}

/// What the body of appeal decided.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConcludeAppeal {
    outcome: AppealOutcome,
    /// Why.
    #[schema(min_length = 1, max_length = 10000)]
    reasons: String,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
    /// The priority group of the rules in force to which the household is raised, when the outcome says so.
    #[serde(default)]
    #[schema(pattern = "^[A-Z][A-Z0-9_]{0,31}$")]
    raised_to: Option<String>,
    /// In which form of Norwegian the letter is written.
    #[serde(default)]
    language: Option<Language>,
}

fn conclude(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ConcludeAppeal,
) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    let said = (asked.reasons.as_str(), asked.compartments.as_ref());
    let verdict = Verdict {
        outcome: asked.outcome,
        reasons: acts::stated(tx, &appeal, TextKind::AppealOutcome, said)?,
        raised_to: asked.raised_to.clone(),
        language: asked.language.unwrap_or(Language::Bokmal),
    };
    shown(&outcome::conclude(tx, &appeal, verdict)?)
}

fn withdraw(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    shown(&acts::withdraw(tx, &appeal)?)
}

fn close(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<AppealInShort>, Problem> {
    let appeal = seen(tx, call)?;
    shown(&acts::close(tx, &appeal)?)
}

/// The appeal in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Appeal, Problem> {
    let appeal = acts::load(tx, call.id()?)?;
    call.has_seen(appeal.version)?;
    Ok(appeal)
}
