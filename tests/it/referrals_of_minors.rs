//! NAV refers somebody under 18 with the guardian, who speaks in the case that follows.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::referrals::{accept, referral, with};
use crate::support::given::person;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A guardian of age, as number `serial` of a day.
fn guardian(serial: u16) -> Value {
    let known = person("1970-02-03", serial);
    json!({
        "nationalId": known["nationalId"], "givenName": "Verge", "familyName": "Oppnevnt",
        "bornOn": "1970-02-03", "phone": "400 11 111",
    })
}

async fn who_is_under_age_is_referred_with_the_guardian_who_then_receives_the_letters(
    bench: Bench,
) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let youth = referral("NAV-1", "2009-05-17", 1);
    let sent = with(youth, "/guardian", guardian(1));
    let id = nav.post("/nav/referrals", &sent).await.ok().id();
    // Sent again it is the same; with another guardian it is another referral.
    let again = nav.post("/nav/referrals", &sent).await.ok();
    assert_eq!(again.id(), id);
    let other = with(sent.clone(), "/guardian", guardian(2));
    nav.post("/nav/referrals", &other)
        .await
        .refused(409, "reference_reused");
    let content = kari.get(&format!("/nav/referrals/{id}/content")).await.ok();
    let shown = &content.body["content"]["guardian"];
    assert_eq!(shown["givenName"], "Verge");
    assert!(shown["nationalId"].as_str().unwrap().ends_with("*****"));
    let accepted = accept(&kari, &id).await;
    let case = accepted["applicationId"].as_str().unwrap();
    let recorded = format!("/applications/{case}/representations");
    let recorded = kari.get(&recorded).await.ok();
    assert_eq!(recorded.items().len(), 1);
    let of = &recorded.items()[0];
    assert_eq!(of["kind"], "GUARDIAN");
    assert_eq!(of["proof"], "GUARDIANSHIP_CERTIFICATE");
    assert_eq!(of["validUntil"], "2027-05-16");
    // Letters go to the guardian, from whose receipt time runs, and to the youth.
    let reply = json!({
        "kind": "INTERIM_REPLY", "expectedOn": "2026-04-10", "reason": "Vi venter på opplysninger.",
    });
    let path = format!("/applications/{case}/letters");
    let written = kari.post(&path, &reply).await.ok();
    let roles: Vec<&Value> = written
        .items()
        .iter()
        .map(|it| &it["recipientRole"])
        .collect();
    assert_eq!(roles, ["GUARDIAN", "PARTY"]);
    // Another referral that joins the case does not record the guardian twice.
    let more = with(referral("NAV-2", "2009-05-17", 1), "/guardian", guardian(1));
    let more = nav.post("/nav/referrals", &more).await.ok().id();
    let path = format!("/nav/referrals/{more}/accept");
    kari.act(&path, 1, &json!({"applicationId": case}))
        .await
        .ok();
    let recorded = format!("/applications/{case}/representations");
    assert_eq!(kari.get(&recorded).await.ok().items().len(), 1);
}

async fn who_comes_of_age_before_a_referral_is_accepted_has_no_guardian_any_more(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    // Eighteen on 4 March.
    let youth = referral("NAV-1", "2008-03-04", 1);
    let sent = with(youth, "/guardian", guardian(1));
    let id = nav.post("/nav/referrals", &sent).await.ok().id();
    town.wait_days(3);
    let kari = town.actor(Role::Caseworker).await;
    let accepted = accept(&kari, &id).await;
    let case = accepted["applicationId"].as_str().unwrap();
    let recorded = format!("/applications/{case}/representations");
    assert!(kari.get(&recorded).await.ok().items().is_empty());
}

cases::cases![
    who_is_under_age_is_referred_with_the_guardian_who_then_receives_the_letters,
    who_comes_of_age_before_a_referral_is_accepted_has_no_guardian_any_more,
];
