//! How people are erased: on a legal ground, by two, and in such a way that every proof stays.

use rettbolig::audit::{Disclosures, RecheckFault, recheck, verify_file};
use rettbolig::auth::Role;
use rettbolig::retention::propose_all;
use serde_json::{Value, json};

use crate::audit::checkpoint;
use crate::audit_second::{agreed, has_python};
use crate::faults::invariants;
use crate::retention_disk::command;
use crate::support::actor::Actor;
use crate::support::exported::{Exported, export};
use crate::support::given::{decide, reasons};
use crate::support::post::notified;
use crate::support::residents::{household, member, resident};
use crate::support::town::{STJORDAL, Town, log_verifier, trusted};
use crate::support::{Bench, cases};

const PERIOD: &str =
    "/audit/export?from=2026-01-01T00:00:00Z&until=2046-01-01T00:00:00Z&disclose=true";

/// A couple whose application was refused; long enough ago.
pub(crate) struct Couple {
    pub(crate) town: Town,
    pub(crate) applicant: String,
    partner: String,
    pub(crate) household: String,
    decision: String,
}

const KEY: &str = "the-first-request";

impl Couple {
    pub(crate) async fn long_ago(bench: Bench) -> Self {
        let town = Town::open(bench).await;
        town.adopt_rules().await;
        let kari = town.actor(Role::Caseworker).await;
        let body = resident("Kanarifugl", "1990-05-17", 0);
        let applicant = kari.post_once("/people", KEY, &body).await.ok().id();
        let body = resident("Nattergal", "1991-05-17", 0);
        let partner = kari.post("/people", &body).await.ok().id();
        let members = [
            member(&applicant, "APPLICANT"),
            member(&partner, "CO_APPLICANT"),
        ];
        let household = household(&kari, &members).await;
        let situation = json!({
            "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
            "source": "APPLICANT", "verification": "DOCUMENTED",
        });
        let path = format!("/households/{household}/situations");
        kari.post(&path, &situation).await.ok();
        let case = town.case_before_team(&kari, &household).await;
        let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
        let liv = town.actor(Role::DecisionMaker).await;
        let decision = decide(&kari, &liv, &case, &proposal).await.id();
        Self {
            town,
            applicant,
            partner,
            household,
            decision,
        }
    }

    async fn rule(&self, concern: &str, months: u16) {
        let officer = self.town.actor(Role::PrivacyOfficer).await;
        let rule = json!({
            "concern": concern, "months": months, "legalBasis": "Kommunens bevaringsplan", "validFrom": "2026-03-01",
        });
        officer.post("/retention-rules", &rule).await.ok();
    }

    async fn request(&self, by: &Actor, ground: &str) -> crate::support::actor::Answer {
        let path = format!("/people/{}/erasures", self.applicant);
        by.post(&path, &json!({ "ground": ground })).await
    }

    /// Has the applicant erased.
    pub(crate) async fn erase(&self) {
        let officer = self.town.actor(Role::PrivacyOfficer).await;
        let liv = self.town.actor(Role::DecisionMaker).await;
        let erasure = self.request(&officer, "LEGAL_OBLIGATION").await.ok().id();
        let path = format!("/erasures/{erasure}/approve");
        officer.act(&path, 1, &json!({})).await.ok();
        liv.act(&path, 2, &json!({})).await.ok();
    }
}

async fn a_person_is_erased_by_two_and_every_proof_stays(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    town.seal().await;
    let officer = town.actor(Role::PrivacyOfficer).await;
    let auditor = town.actor(Role::Auditor).await;
    let kept = checkpoint(&auditor).await;
    let before = export(&auditor, PERIOD).await;
    let erasure = couple.request(&officer, "LEGAL_OBLIGATION").await.ok();
    let pending = couple.request(&officer, "LEGAL_OBLIGATION").await;
    pending.refused(409, "erasure_pending");
    let path = format!("/erasures/{}/approve", erasure.id());
    let once = officer.act(&path, 1, &json!({})).await.ok();
    assert_eq!(once.body["state"], "APPROVED_ONCE");
    officer
        .act(&path, 2, &json!({}))
        .await
        .refused(403, "same_approver");
    let kari = town.actor(Role::Caseworker).await;
    kari.act(&path, 2, &json!({}))
        .await
        .refused(403, "forbidden");
    kari.get(&format!("/people/{}", couple.applicant))
        .await
        .ok();
    let liv = town.actor(Role::DecisionMaker).await;
    let twice = liv.act(&path, 2, &json!({})).await.ok();
    assert_eq!(twice.body["state"], "CARRIED_OUT");
    assert_ne!(twice.body["firstApprover"], twice.body["secondApprover"]);
    let refused = auditor
        .get("/audit/entries?refusal=same_approver")
        .await
        .ok();
    assert_eq!(refused.items().len(), 1);

    is_gone(&couple).await;
    the_proofs_hold(&couple, &before, kept).await;
}

/// Nobody can tell any more who it was, and the other half of the couple is as before.
async fn is_gone(couple: &Couple) {
    let town = &couple.town;
    let kari = town.actor(Role::Caseworker).await;
    let path = format!("/people/{}", couple.applicant);
    kari.get(&path).await.refused(410, "erased");
    let partner = kari.get(&format!("/people/{}", couple.partner)).await.ok();
    assert_eq!(partner.body["givenName"], "Nattergal");
    let body = resident("Kanarifugl", "1990-05-17", 0);
    kari.post_once("/people", KEY, &body)
        .await
        .refused(410, "erased");
    let asked = json!({"nationalId": body["nationalId"]});
    let found = kari.post("/people/search", &asked).await.ok();
    assert!(found.items().is_empty());
    let asked = json!({"name": "Kanarifugl Prøveland"});
    let found = kari.post("/people/search", &asked).await.ok();
    assert!(found.items().is_empty());
    let shown = kari
        .get(&format!("/households/{}", couple.household))
        .await
        .ok();
    assert!(!shown.text.contains("Kanarifugl") && shown.text.contains("Nattergal"));
    let decision = format!("/decisions/{}", couple.decision);
    let shown = kari.get(&decision).await.ok();
    assert_eq!(
        (&shown.body["reasons"], &shown.body["outcome"]),
        (&Value::Null, &json!("REFUSED"))
    );
    // The same person may come again, as somebody new.
    kari.post("/people", &body).await.ok();
    let again = json!({
        "householdId": couple.household, "type": "NEW", "receivedOn": "2026-03-01",
    });
    let answer = kari.post("/applications", &again).await;
    answer.faults(&[("/householdId", "not_found")]);
    let members = json!({"members": [member(&couple.applicant, "APPLICANT")]});
    let answer = kari.post("/households", &members).await;
    answer.faults(&[("/members/0/personId", "not_found")]);
    let officer = town.actor(Role::PrivacyOfficer).await;
    let answer = couple.request(&officer, "LEGAL_OBLIGATION").await;
    answer.refused(409, "already_erased");
}

async fn the_proofs_hold(couple: &Couple, before: &Exported, kept: rettbolig::audit::TreeHead) {
    let town = &couple.town;
    let auditor = town.actor(Role::Auditor).await;
    let sound = verify_file(&before.text(), &trusted(), None).unwrap();
    assert_eq!(sound.disclosures.opened, 3);
    auditor.get(PERIOD).await.refused(409, "not_sealed");
    town.seal().await;
    let after = export(&auditor, &format!("{PERIOD}&since={}", kept.size)).await;
    let sound = verify_file(&after.text(), &trusted(), Some(&kept)).unwrap();
    let expected = Disclosures {
        // The partner's, and that of the person who came again.
        opened: 2,
        withheld: 0,
        erased: 2,
    };
    assert_eq!(sound.disclosures, expected);
    assert!(!after.text().contains("mister leieforholdet"));
    // What stands in the log is what stood there.
    for (one, other) in before.entries.iter().zip(&after.entries) {
        assert_eq!(one["entry"], other["entry"]);
    }
    let checked = recheck(&town.db, STJORDAL, &[log_verifier()], Some(kept), |_| ()).await;
    match checked {
        Ok(_) => {}
        Err(RecheckFault::Found(finding)) => panic!("{finding}"),
        Err(RecheckFault::Unread(problem)) => panic!("{problem:?}"),
    }
    no_erasure_is_feigned(&after);
}

/// Whoever takes a text away cannot say that it was erased.
fn no_erasure_is_feigned(export: &Exported) {
    let is_erased = |it: &&mut Value| it["segments"][0]["erased"].is_string();
    let is_opened = |it: &&mut Value| it["segments"][0]["opened"].is_object();
    let attacks: [&dyn Fn(&mut Exported); 4] = [
        &|it| it.erasures.clear(),
        &|it| {
            let by = it.erasures[0]["entry"]["id"].clone();
            let opened = it.entries.iter_mut().find(is_opened).unwrap();
            opened["segments"][0] = json!({ "erased": by });
        },
        &|it| {
            let other = it.entries[0].clone();
            it.erasures[0] = other;
        },
        &|it| {
            let erased = it.entries.iter_mut().find(is_erased).unwrap();
            erased["segments"][0] = json!({"erased": "01900000-0000-7000-8000-000000000000"});
        },
    ];
    for attack in attacks {
        let mut changed = export.clone();
        attack(&mut changed);
        changed.count_anew();
        let finding = verify_file(&changed.text(), &trusted(), None).unwrap_err();
        assert!(finding.is_tampered, "{finding}");
        if has_python() {
            assert_eq!(agreed(&changed.text()), 1);
        }
    }
    if has_python() {
        assert_eq!(agreed(&export.text()), 0);
    }
}

async fn what_is_still_needed_is_not_erased(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    let officer = town.actor(Role::PrivacyOfficer).await;
    let over = "NO_LONGER_NECESSARY";
    let answer = couple.request(&officer, over).await;
    answer.refused(409, "no_retention_rule");
    couple.rule("REGISTRATION", 12).await;
    couple.rule("CASE", 60).await;
    let answer = couple.request(&officer, over).await;
    let kept_until = answer.body["keptUntil"].clone();
    answer.refused(409, "retention_not_over");
    assert_eq!(kept_until, "2031-03-02");
    let path = format!("/people/{}/retention", couple.applicant);
    let told = officer.get(&path).await.ok().body;
    assert_eq!(told["keptUntil"], "2031-03-02");
    assert_eq!(told["obstacle"], "retention_not_over");

    // A shorter period from tomorrow on; it holds from then, and not before.
    let rule = json!({
        "concern": "CASE", "months": 1, "legalBasis": "Ny plan", "validFrom": "2026-05-01",
    });
    officer.post("/retention-rules", &rule).await.ok();
    officer
        .post("/retention-rules", &rule)
        .await
        .faults(&[("/validFrom", "not_after")]);
    let mut wrong_year = rule.clone();
    wrong_year["validFrom"] = json!("9999-05-01");
    officer
        .post("/retention-rules", &wrong_year)
        .await
        .faults(&[("/validFrom", "too_far_ahead")]);
    let told = officer.get("/retention-rules").await.ok();
    assert_eq!(told.items().len(), 3);
    assert_eq!(told.body["shipped"][0]["concern"], "SIGN_IN");
    town.wait_days(100);
    let officer = town.actor(Role::PrivacyOfficer).await;
    let told = officer.get(&path).await.ok().body;
    assert_eq!(told["keptUntil"], "2027-03-02");

    // An appeal keeps everything, on whatever ground.
    let appeals = town.actor(Role::AppealsOfficer).await;
    let holds = format!("/people/{}/legal-holds", couple.applicant);
    let hold = json!({"reason": "APPEAL", "validUntil": "2026-06-01"});
    let answer = appeals.post(&holds, &hold).await;
    answer.faults(&[("/validUntil", "not_after")]);
    let hold = appeals
        .post(&holds, &json!({"reason": "APPEAL"}))
        .await
        .ok();
    let answer = couple.request(&officer, "UNLAWFULLY_PROCESSED").await;
    answer.refused(409, "legal_hold");
    let lift = format!("/legal-holds/{}/lift", hold.id());
    appeals.act(&lift, 1, &json!({})).await.ok();
    let answer = appeals.act(&lift, 2, &json!({})).await;
    answer.refused(409, "hold_lifted");

    // What begins after the request stands in the way of the approval.
    let erasure = couple
        .request(&officer, "UNLAWFULLY_PROCESSED")
        .await
        .ok()
        .id();
    let kari = town.actor(Role::Caseworker).await;
    let again = json!({
        "householdId": couple.household, "type": "NEW", "receivedOn": "2026-06-01",
    });
    kari.post("/applications", &again).await.ok();
    let approve = format!("/erasures/{erasure}/approve");
    let answer = officer.act(&approve, 1, &json!({})).await;
    answer.refused(409, "open_case");
    let withdraw = format!("/erasures/{erasure}/withdraw");
    officer.act(&withdraw, 1, &json!({})).await.ok();
    let answer = officer.act(&approve, 2, &json!({})).await;
    answer.refused(409, "erasure_not_open");
}

async fn an_appeal_keeps_everything_until_it_is_over(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    let kari = town.actor(Role::Caseworker).await;
    let officer = town.actor(Role::PrivacyOfficer).await;
    let letters = format!("/decisions/{}/letters", couple.decision);
    notified(town, &kari, &letters, "NB").await;
    let appeal = json!({
        "form": "ORAL_RECORDED", "sentOn": "2026-03-02", "receivedOn": "2026-03-02",
        "grounds": "Avslaget er urimelig.",
    });
    let path = format!("/decisions/{}/appeals", couple.decision);
    let appeal = kari.post(&path, &appeal).await.ok();
    let answer = couple.request(&officer, "UNLAWFULLY_PROCESSED").await;
    answer.refused(409, "legal_hold");
    let withdraw = format!("/appeals/{}/withdraw", appeal.id());
    kari.act(&withdraw, appeal.version(), &json!({})).await.ok();
    couple.request(&officer, "UNLAWFULLY_PROCESSED").await.ok();
}

async fn what_is_due_is_proposed_once_and_nobody_else(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    couple.rule("REGISTRATION", 12).await;
    couple.rule("CASE", 60).await;
    assert_eq!(propose_all(&town.db, STJORDAL).await.unwrap(), 0);
    town.wait_days(5 * 366);
    assert_eq!(propose_all(&town.db, STJORDAL).await.unwrap(), 2);
    assert_eq!(propose_all(&town.db, STJORDAL).await.unwrap(), 0);
    let officer = town.actor(Role::PrivacyOfficer).await;
    let listed = officer.get("/erasures?state=REQUESTED").await.ok();
    assert_eq!(listed.items().len(), 2);
    for item in listed.items() {
        assert_eq!(item["requestedBy"], Value::Null);
        assert_eq!(item["ground"], "NO_LONGER_NECESSARY");
    }
    let (status, told) = command(town, &["retention", "propose", "--municipality", "5035"]);
    assert_eq!((status, told.trim()), (0, "0 erasures proposed"));
}

async fn the_database_itself_demands_two(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    let officer = town.actor(Role::PrivacyOfficer).await;
    let erasure = couple.request(&officer, "LEGAL_OBLIGATION").await.ok().id();
    let path = format!("/erasures/{erasure}/approve");
    officer.act(&path, 1, &json!({})).await.ok();
    let mut conn = invariants::connect(&town.bench);
    for forgery in [
        "UPDATE erasure SET state = 'CARRIED_OUT', second_approver = first_approver, carried_out_at = requested_at",
        "UPDATE erasure SET state = 'CARRIED_OUT', carried_out_at = requested_at",
        "DELETE FROM erasure",
        "DELETE FROM audit_segment",
        "UPDATE person SET erased_at = created_at",
    ] {
        assert!(
            crate::audit::execute(&mut conn, forgery).is_err(),
            "{forgery}"
        );
    }
    let liv = town.actor(Role::DecisionMaker).await;
    liv.act(&path, 2, &json!({})).await.ok();
    for forgery in [
        "UPDATE erasure SET state = 'WITHDRAWN'",
        // The partner's stays.
        "DELETE FROM audit_segment",
    ] {
        assert!(
            crate::audit::execute(&mut conn, forgery).is_err(),
            "{forgery}"
        );
    }
}

cases::cases![
    an_appeal_keeps_everything_until_it_is_over,
    a_person_is_erased_by_two_and_every_proof_stays,
    what_is_still_needed_is_not_erased,
    what_is_due_is_proposed_once_and_nobody_else,
    the_database_itself_demands_two,
];
