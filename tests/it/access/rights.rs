//! A person is given everything that is kept of them, and nothing of anybody else.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::user;
use crate::referrals;
use crate::shelters;
use crate::support::given::{FAMILY, SINGLE, decide, reasons};
use crate::support::post::notified;
use crate::support::residents::{household, member, resident, whole_person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_dossier_has_everything_of_the_person_and_nothing_of_others(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("CONFIDENTIAL");
    let person = kari.post("/people", &body).await.ok().id();
    let other = resident("Nabofrid", "1957-01-02", 0);
    let spouse = kari.post("/people", &other).await.ok().id();
    let members = [
        member(&person, "APPLICANT"),
        member(&spouse, "CO_APPLICANT"),
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
    let path = format!("/applications/{case}/decisions");
    kari.post(&path, &proposal).await.ok();

    let path = format!("/people/{person}/dossier");
    let officer = town.actor(Role::PrivacyOfficer).await;
    officer
        .get(&path)
        .await
        .refused(403, "not_cleared_for_person");
    let clearance = json!({"clearance": "CONFIDENTIAL"});
    town.place(&user(&officer).await, &clearance).await;
    let dossier = officer.get(&path).await.ok();
    for field in [
        "nationalId",
        "givenName",
        "familyName",
        "phone",
        "email",
        "address",
    ] {
        assert_eq!(dossier.body["person"][field], body[field], "{field}");
    }
    let home = &dossier.body["households"][0];
    assert_eq!(home["role"], "APPLICANT");
    assert_eq!(home["situations"][0]["reason"], "LEASE_ENDING");
    assert_eq!(home["cases"][0]["needs"]["urgency"], "HIGH");
    assert_eq!(
        home["cases"][0]["decisions"][0]["content"]["reasons"],
        reasons()
    );
    for foreign in [
        "Nabofrid",
        spouse.as_str(),
        other["nationalId"].as_str().unwrap(),
    ] {
        assert!(!dossier.text.contains(foreign), "{foreign}");
    }
    // It is told that it was handed out.
    let letter = format!("/people/{person}/access-log/extract");
    let letter = officer.get(&letter).await.ok();
    assert!(letter.text.contains("for å gi det til deg"));
    kari.get(&path).await.refused(403, "forbidden");
}

async fn a_dossier_holds_what_every_part_of_the_service_keeps(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, ola, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::DecisionMaker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let referred = referrals::referral("NAV-1", "1990-05-17", 20);
    nav.post("/nav/referrals", &referred).await.ok();
    let household = town.household(&kari, &SINGLE, 1).await;
    let shelter = shelters::decision(&household);
    let shelter = nav.post("/shelters/decisions", &shelter).await.ok().id();
    let provider = shelters::provider("HOTEL");
    let provider = nav.post("/shelters/providers", &provider).await.ok().id();
    let begin = json!({"providerId": provider, "beganOn": "2026-03-02"});
    nav.post(&format!("/shelters/decisions/{shelter}/stays"), &begin)
        .await
        .ok();
    let case = town.case_before_team(&kari, &household).await;
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    let person = whole.body["applicantId"].as_str().unwrap();
    let known = json!({"arrearsOre": 4_200_000});
    kari.put(&format!("/applications/{case}/circumstances"), 0, &known)
        .await
        .ok();
    let friend = kari
        .post("/people", &resident("Fridtjof", "1957-01-02", 0))
        .await
        .ok();
    let authority = json!({
        "representativeId": friend.id(), "kind": "REPRESENTATIVE", "scope": ["APPEAL"],
        "proof": "WRITTEN_AUTHORITY", "validFrom": "2026-03-01",
    });
    kari.post(&format!("/applications/{case}/representations"), &authority)
        .await
        .ok();
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let decision = decide(&kari, &ola, &case, &proposal).await.id();
    let path = format!("/decisions/{decision}");
    notified(&town, &kari, &format!("{path}/letters"), "NB").await;
    let appeal = json!({
        "form": "LETTER", "sentOn": "2026-03-02", "receivedOn": "2026-03-02",
        "grounds": "Vi har ikke noe sted å bo.",
    });
    kari.post(&format!("{path}/appeals"), &appeal).await.ok();

    let officer = town.actor(Role::PrivacyOfficer).await;
    let dossier = officer.get(&format!("/people/{person}/dossier")).await.ok();
    let kept = &dossier.body["households"][0];
    assert_eq!(dossier.body["referrals"][0]["summary"], referred["summary"]);
    assert_eq!(kept["shelters"][0]["outcome"], "GRANTED");
    assert_eq!(kept["shelters"][0]["stays"][0]["beganOn"], "2026-03-02");
    let case = &kept["cases"][0];
    assert_eq!(case["circumstances"]["arrearsOre"], 4_200_000);
    assert_eq!(case["spokesmen"][0]["proof"], "WRITTEN_AUTHORITY");
    assert_eq!(case["appeals"][0]["grounds"], appeal["grounds"]);
    let letter = case["letters"][0]["html"].as_str().unwrap();
    assert!(letter.contains("Husstanden mister leieforholdet."));
    assert_eq!(case["atReceipt"]["role"], "APPLICANT");
    assert_eq!(case["atReceipt"]["needs"]["urgency"], "HIGH");
    assert!(!dossier.text.contains("Fridtjof") && !dossier.text.contains(&friend.id()));
    // Whoever spoke for the person is told in which case, and not whose it is.
    let his = officer
        .get(&format!("/people/{}/dossier", friend.id()))
        .await;
    let his = his.ok();
    assert_eq!(his.body["spokenFor"][0]["applicationId"], case["id"]);
    assert_eq!(his.body["spokenFor"][0]["scope"], json!(["APPEAL"]));
    assert!(!his.text.contains(person) && !his.text.contains(&household));
}

async fn a_dossier_holds_what_was_asked_for(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &application).await.ok();
    let path = |act: &str| format!("/applications/{}/{act}", case.id());
    let assign = json!({"assigneeId": user(&kari).await});
    kari.act(&path("assign"), 1, &assign).await.ok();
    let ask = json!({"documents": ["INCOME", "LEASE"], "dueOn": "2026-03-20"});
    kari.act(&path("request-documents"), 2, &ask).await.ok();
    let officer = town.actor(Role::PrivacyOfficer).await;
    let case = kari.get(&format!("/applications/{}", case.id())).await.ok();
    let person = case.body["applicantId"].as_str().unwrap();
    let dossier = officer.get(&format!("/people/{person}/dossier")).await.ok();
    let asked = &dossier.body["households"][0]["cases"][0]["documents"];
    assert_eq!(asked.as_array().unwrap().len(), 2);
    assert_eq!(asked[0]["document"], "INCOME");
    assert_eq!(asked[0]["dueOn"], "2026-03-20");
}

async fn a_correction_keeps_what_was_and_the_person_is_told(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = resident("Solfird", "1990-05-17", 0);
    let person = kari.post("/people", &body).await.ok();
    let path = format!("/people/{}", person.id());
    let correct = format!("{path}/correct");
    let mut right = json!({"reason": "WRONG", "why": "Vist fram pass 2. mars."});
    kari.act(&correct, 1, &right).await.faults(&[("", "empty")]);
    right["givenName"] = json!("Solfrid");
    right["phone"] = json!("400 00 000");
    let corrected = kari.act(&correct, 1, &right).await.ok();
    assert!(!corrected.text.contains("Solfrid"));
    // Who read the version before must look again.
    kari.act(&correct, 1, &right).await.refused(412, "stale");
    let shown = kari.get(&path).await.ok();
    assert_eq!(shown.body["givenName"], "Solfrid");
    assert_eq!(shown.body["phone"], "400 00 000");
    assert_eq!(shown.body["familyName"], "Prøveland");
    let found = async |name: &str| {
        let asked = json!({"name": name, "bornOn": "1990-05-17"});
        kari.post("/people/search", &asked).await.ok().items().len()
    };
    assert_eq!(found("Solfrid").await, 1);
    assert_eq!(found("Solfird").await, 0);
    let work = kari.get("/my-work").await.ok();
    assert_eq!(work.items()[0]["kind"], "TELL_OF_CORRECTION");

    // Both versions stand in the log, sealed; the entry itself says which fields, by whom and why.
    town.seal().await;
    let auditor = town.actor(Role::Auditor).await;
    let export = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&disclose=true";
    let export = auditor.get(export).await.ok();
    for told in ["Solfird", "Solfrid", "Vist fram pass", "person.corrected"] {
        assert!(export.text.contains(told), "{told}");
    }
    let entries = auditor.get("/audit/entries?limit=200").await.ok();
    assert!(entries.text.contains("GIVEN_NAME") && !entries.text.contains("Solfrid"));
}

async fn a_letter_tells_what_was_corrected_or_why_not_in_time(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = kari.get(&format!("/households/{household}")).await.ok();
    let member = |place: usize| home.body["members"][place]["personId"].clone();
    let [applicant, spouse, child] = [0, 1, 2].map(member);
    let seen = async |person: &Value| {
        let path = format!("/people/{}", person.as_str().unwrap());
        let version = kari.get(&path).await.ok().version();
        (path, version)
    };
    let (path, version) = seen(&applicant).await;
    let mut right = json!({
        "phone": "400 00 000", "reason": "WRONG", "why": "Ringte selv.", "askedOn": "2026-03-03",
    });
    let correct = format!("{path}/correct");
    kari.act(&correct, version, &right)
        .await
        .faults(&[("/askedOn", "in_the_future")]);
    right["askedOn"] = json!("1926-02-27");
    let typed = kari.act(&correct, version, &right).await;
    typed.faults(&[("/askedOn", "too_long_ago")]);
    right["askedOn"] = json!("2026-02-27");
    let corrected = kari.act(&correct, version, &right).await.ok().body;
    assert_eq!(corrected["dueOn"], "2026-03-27");
    let task = async || {
        let work = kari.get("/my-work").await.ok();
        let mut tasks = work.items().iter();
        tasks
            .find(|it| it["kind"] == "TELL_OF_CORRECTION")
            .map(|it| it["dueOn"].clone())
    };
    assert_eq!(task().await, Some(json!("2026-03-27")));
    let read = async |letters: &Value| {
        let letter = letters[0].as_str().unwrap().to_owned();
        let shown = kari.get(&format!("/letters/{letter}")).await.ok().body;
        let html = kari.get(&format!("/letters/{letter}/html")).await;
        (letter, shown["recipientId"].clone(), html.text)
    };
    let (letter, to, html) = read(&corrected["letterIds"]).await;
    assert_eq!(to, applicant);
    assert!(html.contains("Telefonnummer") && html.contains("De var feil."));
    assert!(!html.contains("400 00 000") && !html.contains("Etternavn"));
    // It is told once the letter is on its way.
    let dispatch = format!("/letters/{letter}/dispatch");
    let channel = json!({"channel": "DIGITAL"});
    kari.act(&dispatch, 1, &channel).await.ok();
    assert_eq!(task().await, None);

    // Why not is told with where to complain; an adult of the household is told alone, of a child whoever receives the letters.
    for (person, receiver, language) in [(&spouse, &spouse, "NB"), (&child, &applicant, "NN")] {
        let (path, version) = seen(person).await;
        let refusal = json!({
            "fields": ["FAMILY_NAME"], "why": "Navnet er det som står i folkeregisteret.",
            "askedOn": "2026-03-02", "language": language,
        });
        let refuse = format!("{path}/refuse-correction");
        let mut last = refusal.clone();
        last["why"] = json!("Dette kan ikke påklages av noen.");
        let no_letter = kari.act(&refuse, version, &last).await;
        assert_eq!(
            no_letter.refused(422, "words_forbidden").body["errors"][0]["pointer"],
            "/why"
        );
        let refused = kari.act(&refuse, version, &refusal).await.ok().body;
        assert_eq!(refused["version"], json!(version), "nothing is changed");
        assert_eq!(refused["dueOn"], "2026-04-07");
        assert_eq!(refused["letterIds"].as_array().unwrap().len(), 1);
        let (_, to, html) = read(&refused["letterIds"]).await;
        assert_eq!(&to, receiver);
        for told in ["Datatilsynet", "Navnet er det som står i folkeregisteret."] {
            assert!(html.contains(told), "{told}");
        }
    }
    let history = format!("/applications/{case}/letters");
    assert_eq!(kari.get(&history).await.ok().items().len(), 3);
    let auditor = town.actor(Role::Auditor).await;
    let asked = "/audit/entries?action=person.correction_refused";
    let entries = auditor.get(asked).await.ok();
    assert_eq!(entries.items().len(), 2);
    assert!(!entries.text.contains("folkeregisteret"));
}

async fn a_situation_that_was_wrong_holds_no_longer_and_stays_in_what_was_known(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/households/{household}");
    let listed = format!("{path}/situations");
    let wrong = kari.get(&listed).await.ok().items()[0]["id"].clone();
    let correct = format!("/situations/{}/correct", wrong.as_str().unwrap());
    town.clock.advance(jiff::SignedDuration::from_mins(2));
    let prison = json!({
        "reason": "LEAVING_PRISON", "validFrom": "2026-02-01",
        "source": "CORRECTIONAL_SERVICE", "verification": "CONFIRMED",
    });
    let body = json!({
        "instead": prison, "reason": "WRONG", "why": "Kriminalomsorgen ringte.", "askedOn": "2026-03-01",
    });
    let version = kari.get(&path).await.ok().version();
    per.act(&correct, version, &body)
        .await
        .refused(403, "compartment_closed");
    kari.act(&correct, version - 1, &body)
        .await
        .refused(412, "stale");
    let corrected = kari.act(&correct, version, &body).await.ok();
    assert_eq!(corrected.version(), kari.get(&path).await.ok().version());
    let again = json!({"reason": "WRONG", "why": "En gang til."});
    kari.act(&correct, corrected.version(), &again)
        .await
        .refused(409, "situation_corrected");
    // What holds now, what was known before, and all that was ever recorded.
    let whole = format!("/applications/{case}");
    let reasons = |shown: &Value| {
        let shown = shown.as_array().unwrap().iter();
        shown.map(|it| it["reason"].clone()).collect::<Vec<_>>()
    };
    town.clock.advance(jiff::SignedDuration::from_mins(2));
    let now = kari.get(&whole).await.ok().body;
    assert_eq!(reasons(&now["situations"]), ["LEAVING_PRISON"]);
    let before = kari
        .get(&format!("{whole}?asOf=2026-03-02T11:01:00Z"))
        .await;
    assert_eq!(reasons(&before.ok().body["situations"]), ["LEASE_ENDING"]);
    let all = kari.get(&listed).await.ok();
    assert!(all.items()[0]["correctedAt"].is_string());
    assert!(all.items()[1].get("correctedAt").is_none());
    // The letter says that it was corrected, and nothing of what it was.
    let letter = corrected.body["letterIds"][0].as_str().unwrap();
    let html = kari.get(&format!("/letters/{letter}/html")).await.text;
    assert!(html.contains("Boligsituasjonen") && !html.contains("Kriminalomsorgen"));
    // The log says that it was, and by whom; why is sealed.
    town.seal().await;
    let auditor = town.actor(Role::Auditor).await;
    let asked = "/audit/entries?action=situation.corrected";
    let entries = auditor.get(asked).await.ok();
    assert_eq!(entries.items()[0]["entry"]["facts"]["isReplaced"], true);
    assert!(!entries.text.contains("PRISON") && !entries.text.contains("Kriminalomsorgen"));
    let export = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&disclose=true";
    let export = auditor.get(export).await.ok();
    assert!(export.text.contains("Kriminalomsorgen ringte."));
}

async fn nobody_hands_out_what_is_kept_of_somebody_close(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = resident("Solfrid", "1990-05-17", 0);
    let person = kari.post("/people", &body).await.ok().id();
    let officer = town.actor(Role::PrivacyOfficer).await;
    let paths = ["dossier", "access-log", "access-log/extract", "retention"];
    for path in paths {
        officer.get(&format!("/people/{person}/{path}")).await.ok();
    }
    let id = user(&officer).await;
    let close = json!({"nationalId": body["nationalId"], "kind": "CLOSE_FRIEND"});
    officer
        .post(&format!("/users/{id}/relations"), &close)
        .await
        .ok();
    for path in paths {
        super::is_as_if_absent(&officer, &format!("/people/{person}/{path}"), &person).await;
    }
}

cases::cases![
    a_correction_keeps_what_was_and_the_person_is_told,
    a_letter_tells_what_was_corrected_or_why_not_in_time,
    a_situation_that_was_wrong_holds_no_longer_and_stays_in_what_was_known,
    a_dossier_holds_what_every_part_of_the_service_keeps,
    a_dossier_holds_what_was_asked_for,
    nobody_hands_out_what_is_kept_of_somebody_close,
    a_dossier_has_everything_of_the_person_and_nothing_of_others,
];
