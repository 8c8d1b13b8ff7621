//! Retention rules, legal holds and erasures over HTTP.

use super::acts;
use super::rules;
use super::shipped;
use super::shown::{
    AdoptRule, ErasureShown, ErasuresAsked, HoldShown, PlaceHold, RequestErasure, RetentionShown,
    RuleShown, RulesShown,
};
use super::store;
use crate::access;
use crate::audit::Entry;
use crate::auth::Action::{
    ApproveErasure, PlaceHold as MayPlaceHold, ReadErasures, ReadRetention,
    RequestErasure as MayRequest, RuleRetention,
};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ErasureId, LegalHoldId, PersonId, UserId};
use crate::problem::{Problem, UNAUTHENTICATED};

/// The operations on what is kept.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/retention-rules",
            ReadRetention,
            "For how long the municipality keeps what",
            rules_of,
        ),
        Endpoint::create(
            "/retention-rules",
            RuleRetention,
            "Say for how long something is kept, from a day on",
            adopt,
        ),
        Endpoint::get(
            "/people/{id}/retention",
            ReadRetention,
            "What keeps a person's data, and until when",
            retention,
        ),
        Endpoint::create(
            "/people/{id}/legal-holds",
            MayPlaceHold,
            "Keep a person's data from being erased",
            place_hold,
        ),
        Endpoint::act(
            "/legal-holds/{id}/lift",
            MayPlaceHold,
            "End a legal hold before its time",
            lift_hold,
        ),
        Endpoint::propose(
            "/people/{id}/erasures",
            MayRequest,
            "Ask that a person be erased; two must approve",
            request,
        ),
        Endpoint::get(
            "/erasures",
            ReadErasures,
            "The erasures, oldest first",
            page,
        ),
        Endpoint::get("/erasures/{id}", ReadErasures, "An erasure", show),
        Endpoint::decide(
            "/erasures/{id}/approve",
            ApproveErasure,
            "Approve an erasure; the second approval, by somebody else, erases",
            approve,
        ),
        Endpoint::act(
            "/erasures/{id}/withdraw",
            MayRequest,
            "Give an erasure up",
            withdraw,
        ),
    ]
}

fn rules_of(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<RulesShown>, Problem> {
    let items = store::rules(tx)?.into_iter().map(RuleShown::from).collect();
    let shipped = shipped::rules();
    Ok(Shown::plain(RulesShown { shipped, items }))
}

fn adopt(tx: &mut Tx<'_>, _: &Call, asked: &AdoptRule) -> Result<Created<RuleShown>, Problem> {
    let id = acts::adopt_rule(
        tx,
        asked.concern,
        asked.months,
        &asked.legal_basis,
        asked.valid_from,
    )?;
    let adopted = store::rules(tx)?.into_iter().find(|rule| rule.id == id);
    let adopted = adopted.ok_or_else(|| Problem::internal("a rule that was adopted is gone"))?;
    Ok(Created {
        location: "/retention-rules".to_owned(),
        version: None,
        body: adopted.into(),
    })
}

fn retention(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RetentionShown>, Problem> {
    let person_id: PersonId = call.id()?;
    let (facts, periods) = acts::situation(tx, person_id)?;
    let kept_until = rules::kept_until(&facts, &periods);
    let ground = super::Ground::NoLongerNecessary;
    let obstacle = rules::may_erase(ground, &facts, &periods, tx.today()).err();
    let holds = store::holds_of(tx, person_id)?;
    tx.record(Entry::access("retention.read").about(person_id));
    Ok(Shown::plain(RetentionShown {
        person_id,
        kept_until: kept_until.ok(),
        obstacle: obstacle.map(|problem| problem.kind.code),
        holds: holds.into_iter().map(HoldShown::from).collect(),
    }))
}

fn place_hold(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &PlaceHold,
) -> Result<Created<HoldShown>, Problem> {
    let (person, by): (PersonId, _) = (call.id()?, employee(tx)?);
    let hold = acts::place_hold(tx, person, asked.reason, asked.valid_until, by)?;
    Ok(Created {
        location: format!("/people/{person}/retention"),
        version: Some(hold.version),
        body: hold.into(),
    })
}

fn lift_hold(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<HoldShown>, Problem> {
    let id: LegalHoldId = call.id()?;
    let hold = acts::load_hold(tx, id)?;
    call.has_seen(hold.version)?;
    let by = employee(tx)?;
    let lifted = acts::lift_hold(tx, &hold, by)?;
    Ok(Shown::at_version(lifted.version, lifted.into()))
}

fn request(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &RequestErasure,
) -> Result<Created<ErasureShown>, Problem> {
    let by = employee(tx)?;
    let erasure = acts::request(tx, call.id()?, asked.ground, Some(by))?;
    Ok(Created {
        location: format!("/erasures/{}", erasure.id),
        version: Some(erasure.version),
        body: erasure.into(),
    })
}

fn page(tx: &mut Tx<'_>, _: &Call, asked: &ErasuresAsked) -> Result<Page<ErasureShown>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let rows = store::erasures(tx, asked.state, paging.after()?, limit + 1)?;
    let people: Vec<PersonId> = rows.iter().map(|erasure| erasure.person_id).collect();
    let impartial = access::impartial_to(tx, &people)?;
    let page = Page::of(rows, limit, |erasure| erasure.id);
    let page = page.without(|erasure| !impartial.contains(&erasure.person_id));
    Ok(page.map(ErasureShown::from))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ErasureShown>, Problem> {
    let id: ErasureId = call.id()?;
    let erasure = acts::load(tx, id)?;
    Ok(Shown::at_version(erasure.version, erasure.into()))
}

fn approve(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ErasureShown>, Problem> {
    let erasure = acts::load(tx, call.id()?)?;
    call.has_seen(erasure.version)?;
    let by = employee(tx)?;
    let approved = acts::approve(tx, &erasure, by)?;
    Ok(Shown::at_version(approved.version, approved.into()))
}

fn withdraw(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ErasureShown>, Problem> {
    let erasure = acts::load(tx, call.id()?)?;
    call.has_seen(erasure.version)?;
    let withdrawn = acts::withdraw(tx, &erasure)?;
    Ok(Shown::at_version(withdrawn.version, withdrawn.into()))
}

fn employee(tx: &Tx<'_>) -> Result<UserId, Problem> {
    tx.caller()
        .actor
        .user()
        .ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}
