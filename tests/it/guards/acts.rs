//! Every act of the service once, with what it begins from: what the guards of trace and isolation run through.

use rettbolig::auth::{Role, code_at};
use serde_json::json;

use super::act::Act;
use super::afterwards::new_appeal;
use super::scene::{Scene, Target};
use crate::shelters;
use crate::support::given::{self, agreement, ordinary_needs, reasons};
use crate::support::town::{PASSWORD, username};

macro_rules! acts {
    ($($name:literal by $role:ident, $scene:pat => $given:expr;)+) => {
        /// All acts. A new operation that changes something fails the guards until it stands here.
        pub(crate) const ACTS: &[Act] = &[$(Act {
            name: $name,
            role: Role::$role,
            given: |$scene| Box::pin(async move { $given }),
        }),+];
    };
}

acts! {
    "POST /auth/login" by Statistician, _ => {
        let username = username("stjordal", Role::Statistician, 1);
        Target::new(json!({"username": username, "password": PASSWORD}))
    };
    "POST /auth/refresh" by Statistician, scene =>
        Target::new(json!({"refreshToken": scene.refresh_token().await}));
    "POST /auth/logout" by Statistician, _ => Target::new(json!({}));
    "POST /auth/exchange" by Statistician, scene => {
        Target::new(json!({"idToken": scene.id_token().await}))
    };
    "POST /auth/activate" by Statistician, scene => {
        let (username, invitation) = scene.invited().await;
        Target::new(json!({
            "username": username, "invitation": invitation, "newPassword": "vindskeiv sildeboks",
        }))
    };
    "POST /auth/password" by Statistician, _ => {
        let username = username("stjordal", Role::Statistician, 2);
        Target::new(json!({
            "username": username, "password": PASSWORD, "newPassword": "vindskeiv sildeboks",
        }))
    };
    "POST /auth/step-up" by Auditor, scene => Target::new(json!({"code": scene.town.code()}));
    "POST /auth/second-factor" by Statistician, _ => Target::new(json!({}));
    "POST /auth/second-factor/confirm" by HousingManager, scene => {
        let manager = scene.town.actor(Role::HousingManager).await;
        let begun = manager.post("/auth/second-factor", &json!({})).await.ok();
        let secret = begun.body["secret"].as_str().unwrap();
        Target::new(json!({"code": code_at(secret, scene.town.clock.now()).unwrap()}))
    };
    "POST /auth/sessions/{id}/end" by Statistician, scene => {
        let own = scene.town.actor(Role::Statistician).await;
        let running = own.get("/auth/sessions").await.ok();
        Target { id: running.items()[0]["id"].as_str().unwrap().to_owned(), ..Target::new(json!({})) }
    };

    "POST /users" by Admin, scene => Target::new(json!({
        "username": format!("ny{}", scene.serial()), "displayName": "Ny", "roles": ["CASEWORKER"],
    }));
    "POST /users/{id}/invite" by Admin, scene => scene.account().await;
    "PUT /users/{id}/roles" by Admin, scene => scene.account().await.with(json!({"roles": ["NAV_ADVISOR", "STATISTICIAN"]}));
    "POST /users/{id}/disable" by Admin, scene => scene.account().await;
    "POST /users/{id}/enable" by Admin, scene => scene.disabled_account().await;
    "POST /users/{id}/reset-second-factor" by Admin, scene => scene.account_of(&username("stjordal", Role::Auditor, 2)).await;
    "POST /role-requests/{id}/approve" by Admin, scene => scene.role_request().await;
    "POST /role-requests/{id}/decline" by Admin, scene => scene.role_request().await;
    "POST /users/{id}/end-sessions" by Admin, scene => scene.account().await;

    "POST /users/{id}/link-identity" by Admin, scene => {
        let provider = scene.provider().await.id;
        let body = json!({"providerId": provider, "subject": format!("s{}", scene.serial())});
        scene.account().await.with(body)
    };
    "POST /identity-providers" by Admin, scene => Target::new(scene.new_provider());
    "POST /identity-providers/{id}/close" by Admin, scene => scene.provider().await;

    "POST /tasks/{id}/take" by Caseworker, scene => scene.task().await;
    "POST /tasks/{id}/done" by Caseworker, scene => scene.task().await;
    "POST /nav/referrals" by NavAdvisor, scene => Target::new(scene.referred());
    "POST /nav/referrals/batch" by NavAdvisor, scene => Target::new(json!({"items": [scene.referred()]}));
    "POST /nav/referrals/{id}/withdraw" by NavAdvisor, scene => scene.referral().await;
    "POST /nav/referrals/{id}/accept" by Caseworker, scene => scene.referral().await;
    "POST /nav/referrals/{id}/return" by Caseworker, scene => scene.referral().await.with(json!({"reason": "NOT_ABOUT_HOUSING"}));
    "POST /shelters/providers" by NavAdvisor, _ => Target::new(shelters::provider("HOTEL"));
    "PUT /shelters/providers/{id}" by NavAdvisor, scene => scene.shelter_provider().await.with(shelters::provider("HOSTEL"));
    "POST /shelters/decisions" by NavAdvisor, scene => Target::new(shelters::decision(&scene.household().await.id));
    "POST /shelters/decisions/{id}/confirm" by NavAdvisor, scene => scene.shelter_to_confirm().await;
    "POST /shelters/decisions/{id}/plan-exit" by NavAdvisor, scene =>
        scene.shelter_decision().await.with(json!({"plan": "Egen bolig.", "by": "2026-05-01"}));
    "POST /shelters/decisions/{id}/stays" by NavAdvisor, scene => {
        let provider = scene.shelter_provider().await.id;
        let begin = json!({"providerId": provider, "beganOn": "2026-03-02"});
        scene.shelter_decision().await.with(begin)
    };
    "POST /shelters/stays/{id}/end" by NavAdvisor, scene =>
        scene.stay().await.with(json!({"endedOn": "2026-03-02"}));
    "POST /shelters/stays/{id}/check" by NavAdvisor, scene =>
        scene.stay().await.with(json!({"checkedOn": "2026-03-02", "outcome": "SATISFACTORY"}));
    "POST /people/{id}/register-check" by Caseworker, scene => scene.person().await;
    "POST /dwellings/{id}/cadastre-check" by HousingManager, scene => scene.home("AVAILABLE").await;
    "POST /applications/{id}/income-check" by Caseworker, scene =>
        scene.case().await.with(json!({"year": 2024, "legalBasis": "CONSENT"}));
    "POST /eviction-notices" by HousingManager, scene =>
        Target::new(json!({"tenancyId": scene.tenancy().await.id, "arrearsOre": 1_700_000}));
    "POST /eviction-notices/{id}/settle" by HousingManager, scene => scene.eviction_notice().await;
    "POST /eviction-notices/{id}/petition" by HousingManager, scene => {
        let body = json!({
            "tenancyId": scene.tenancy().await.id, "arrearsOre": 1_700_000, "optedOutOn": "2026-03-01",
        });
        Target::of(&scene.town.actor(Role::HousingManager).await.post("/eviction-notices", &body).await.ok())
    };
    "POST /nav/eviction-notices/{id}/pay-directly" by NavAdvisor, scene =>
        scene.eviction_notice().await.with(json!({"from": "2026-04-01", "monthlyOre": 850_000}));
    "POST /webhooks" by Admin, _ => Target::new(json!({
        "name": "FDV", "url": "https://fdv.example/hook", "audience": "FACILITIES",
    }));
    "PUT /webhooks/{id}" by Admin, scene =>
        scene.webhook().await.with(json!({"name": "FDV", "url": "https://fdv.example/other"}));
    "POST /webhooks/{id}/rotate-secret" by Admin, scene => scene.webhook().await;
    "POST /webhooks/{id}/pause" by Admin, scene => scene.webhook().await;
    "POST /webhooks/{id}/resume" by Admin, scene => scene.webhook().await;
    "POST /webhooks/{id}/remove" by Admin, scene => scene.webhook().await;
    "POST /webhooks/{id}/replay" by Admin, scene => scene.webhook().await.with(json!({"after": 0}));
    "POST /units" by Admin, scene => Target::new(json!({"name": format!("Enhet {}", scene.serial())}));
    "PUT /users/{id}/post" by Admin, scene => scene.post_of_account().await;
    "POST /users/{id}/relations" by Caseworker, scene => scene.relations().await;
    "POST /relations/{id}/end" by Caseworker, scene => scene.relation().await;
    "POST /data-agreements" by Admin, _ => Target::new(agreement());
    "POST /data-agreements/{id}/end" by Admin, scene => scene.agreement().await;
    "POST /outbox/dead-letters/{id}/replay" by Admin, scene => scene.dead_letter().await;

    "POST /people" by Caseworker, scene => Target::new(scene.stranger());
    "POST /people/{id}/correct" by Caseworker, scene => scene.person().await.with(json!({"phone": "400 00 000", "reason": "OUT_OF_DATE", "why": "Sa fra selv."}));
    "POST /people/{id}/refuse-correction" by Caseworker, scene => scene.person().await.with(json!({"fields": ["PHONE"], "why": "Nummeret er det som står i registeret.", "askedOn": "2026-03-02"}));
    "POST /households" by Caseworker, scene => {
        let person = scene.person().await.id;
        Target::new(json!({"members": [{"personId": person, "role": "APPLICANT"}]}))
    };
    "POST /households/{id}/situations" by Caseworker, scene => {
        let situation = json!({
            "reason": "OVERCROWDED", "validFrom": "2026-02-01",
            "source": "APPLICANT", "verification": "DOCUMENTED",
        });
        scene.household().await.with(situation)
    };
    "POST /situations/{id}/correct" by Caseworker, scene => scene.situation().await.with(json!({"reason": "WRONG", "why": "Hørte til en annen."}));
    "POST /households/{id}/correct-member" by Caseworker, scene => scene.wrong_member().await;
    "POST /applications/{id}/correct-needs" by Caseworker, scene => scene.wrong_needs().await;
    "POST /dwellings" by HousingManager, scene => Target::new(given::home(1, scene.serial()));
    "PUT /dwellings/{id}" by HousingManager, scene => {
        let home = scene.home("AVAILABLE").await;
        home.with(given::home(2, scene.serial()))
    };
    "POST /dwellings/{id}/start-construction" by HousingManager, scene => scene.home("PLANNED").await;
    "POST /dwellings/{id}/make-available" by HousingManager, scene => scene.home("TURNOVER").await;
    "POST /dwellings/{id}/start-repair" by HousingManager, scene =>
        scene.home("TURNOVER").await.with(json!({"reason": "WEAR"}));
    "POST /dwellings/{id}/block" by HousingManager, scene =>
        scene.home("TURNOVER").await.with(json!({"reason": "DAMAGE"}));
    "POST /dwellings/{id}/unblock" by HousingManager, scene => {
        let home = scene.home("TURNOVER").await.with(json!({"reason": "DAMAGE"}));
        scene.after("block", home).await
    };
    "POST /dwellings/{id}/plan-demolition" by HousingManager, scene =>
        scene.home("TURNOVER").await.with(json!({"demolitionFrom": "2027-01-01"}));
    "POST /dwellings/{id}/cancel-demolition" by HousingManager, scene => {
        let home = scene.home("TURNOVER").await.with(json!({"demolitionFrom": "2027-01-01"}));
        scene.after("plan-demolition", home).await
    };
    "POST /dwellings/{id}/dispose" by HousingManager, scene =>
        scene.home("TURNOVER").await.with(json!({"reason": "SOLD"}));

    "POST /dwellings/import" by HousingManager, scene =>
        Target::new(json!(given::file(scene.serial())));
    "POST /properties" by HousingManager, scene => Target::new(given::property(scene.serial()));
    "PUT /properties/{id}" by HousingManager, scene =>
        scene.property().await.with(given::property(scene.serial()));
    "POST /plan-measures" by HousingManager, scene => Target::new(given::measure(scene.serial()));
    "PUT /plan-measures/{id}" by HousingManager, scene =>
        scene.measure().await.with(given::measure(scene.serial()));

    "POST /dwellings/{id}/reserve" by HousingManager, scene =>
        scene.home("AVAILABLE").await.with(json!({"reason": "SHOWING"}));
    "POST /dwellings/{id}/release" by HousingManager, scene => {
        let home = scene.home("AVAILABLE").await.with(json!({"reason": "SHOWING"}));
        scene.after("reserve", home).await.with(json!({}))
    };
    "POST /dwellings/{id}/inspections" by HousingManager, scene =>
        scene.home("TURNOVER").await.with(given::inspection());
    "POST /dwellings/{id}/overrides" by HousingManager, scene => {
        let mut home = given::home(1, scene.serial());
        home["inspectedOn"] = json!("2024-01-01");
        let made = scene.town.actor(Role::HousingManager).await.post("/dwellings", &home).await.ok();
        Target {
            id: made.id(),
            ..Target::new(json!({
                "obstacle": "INSPECTION_OVERDUE", "reason": "INSPECTION_ORDERED", "validUntil": "2026-04-01",
            }))
        }
    };
    "POST /inspection-findings/{id}/clear" by HousingManager, scene =>
        scene.finding().await.with(json!({"how": "REPLACED"}));
    "POST /agreements" by HousingManager, scene => Target::new(given::referral_agreement(scene.serial()));
    "POST /stock-rules" by HousingManager, scene => Target::new(given::stock_rules(scene.serial()));
    "POST /task-terms" by DecisionMaker, scene => Target::new(given::task_terms(scene.serial()));
    "PUT /agreements/{id}" by HousingManager, scene =>
        scene.letting_agreement().await.with(given::referral_agreement(scene.serial()));
    "POST /agreements/{id}/add-homes" by HousingManager, scene => {
        let home = scene.leased_home().await.id;
        scene.letting_agreement().await.with(json!({"dwellingIds": [home]}))
    };
    "POST /agreements/{id}/remove-homes" by HousingManager, scene => {
        let homes = json!({"dwellingIds": [scene.leased_home().await.id]});
        let agreement = scene.letting_agreement().await;
        let manager = scene.town.actor(Role::HousingManager).await;
        let path = format!("/agreements/{}/add-homes", agreement.id);
        let added = manager.act(&path, agreement.version, &homes).await.ok();
        Target {
            version: added.version(),
            ..agreement.with(homes)
        }
    };
    "POST /demolition-plans" by HousingManager, scene => {
        let home = scene.home("TURNOVER").await.id;
        Target::new(given::demolition(scene.serial(), &[home]))
    };
    "POST /demolition-plans/{id}/move-dates" by HousingManager, scene => scene.demolition().await
        .with(json!({"vacateBy": "2026-06-01", "demolishFrom": "2026-09-01"}));
    "POST /demolition-plans/{id}/close-vacated" by HousingManager, scene =>
        scene.demolition().await;
    "POST /demolition-plans/{id}/cancel" by HousingManager, scene => scene.demolition().await;
    "POST /demolition-plans/{id}/carry-out" by HousingManager, scene => scene.demolition().await;

    "POST /applications" by Caseworker, scene => Target::new(json!({
        "householdId": scene.household().await.id, "type": "NEW", "receivedOn": "2026-02-20",
    }));
    "PUT /applications/{id}/needs" by Caseworker, scene =>
        scene.case().await.with(ordinary_needs());
    "POST /applications/{id}/assign" by Caseworker, scene => {
        let assignee = scene.town.another(Role::Caseworker).await;
        let body = json!({"assigneeId": scene.user(&assignee).await});
        scene.case().await.with(body)
    };
    "POST /applications/{id}/request-documents" by Caseworker, scene =>
        scene.case_after(&["assign"]).await.with(Scene::documents());
    "POST /applications/{id}/start-assessment" by Caseworker, scene =>
        scene.case_after(&["assign"]).await;
    "POST /applications/{id}/submit-to-team" by Caseworker, scene =>
        scene.case_after(&["assign", "start-assessment"]).await;
    "POST /applications/{id}/return-to-assessment" by Caseworker, scene =>
        scene.case_before_team().await.with(json!({"reason": "NEEDS_CHANGED"}));
    "POST /applications/{id}/reassess" by Caseworker, scene =>
        scene.case_that_waits().await.with(json!({"reason": "NEEDS_CHANGED"}));
    "POST /applications/{id}/withdraw" by Caseworker, scene =>
        scene.case().await.with(json!({"by": "APPLICANT"}));
    "POST /applications/{id}/forward" by Caseworker, scene =>
        scene.case_after(&["assign"]).await.with(json!({"bodyId": scene.receiving_body().await.id}));
    "POST /receiving-bodies" by Admin, scene => Target::new(scene.new_receiving_body());
    "POST /receiving-bodies/{id}/end" by Admin, scene => scene.receiving_body().await.with(json!({"validUntil": "2026-12-31"}));

    "POST /applications/{id}/receive-documents" by Caseworker, scene =>
        scene.documents_came().await;
    "POST /applications/{id}/merge" by Caseworker, scene => scene.twice().await;
    "POST /application-drafts" by Caseworker, scene => scene.to_be_written().await;
    "PUT /application-drafts/{id}" by Caseworker, scene => scene.draft_with("type", "TRANSFER").await;
    "POST /application-drafts/{id}/submit" by Caseworker, scene =>
        scene.draft_with("receivedOn", "2026-02-27").await;
    "POST /application-drafts/{id}/discard" by Caseworker, scene => scene.draft().await;

    "PUT /applications/{id}/circumstances" by Caseworker, scene => {
        let known = json!({"stay": "LAWFUL", "residentSince": "2020-02-29", "arrearsOre": 0});
        Target { version: 0, ..scene.case().await.with(known) }
    };
    "POST /applications/{id}/interim-replies" by Caseworker, scene =>
        scene.case().await.with(json!({"reason": "CAPACITY", "expectedBy": "2026-04-20"}));
    "POST /applications/{id}/exceptions" by Caseworker, scene => scene.case_by_criteria().await;
    "POST /rule-sets" by DecisionMaker, _ => Target::new(given::rules_to_propose());
    "POST /rule-sets/{id}/approve" by DecisionMaker, scene => scene.proposed_rules().await;
    "POST /rule-sets/{id}/reject" by DecisionMaker, scene => scene.proposed_rules().await;
    "POST /emergency-accesses" by DecisionMaker, scene => scene.in_need_tonight().await;
    "POST /emergency-accesses/{id}/review" by PrivacyOfficer, scene =>
        scene.emergency().await.with(json!({"finding": "JUSTIFIED"}));
    "POST /applications/{id}/impartiality-exceptions" by DecisionMaker, scene =>
        scene.partial().await;
    "POST /impartiality-exceptions/{id}/withdraw" by DecisionMaker, scene =>
        scene.exception().await;

    "POST /matching/runs" by TeamMember, scene => {
        scene.case_before_team().await;
        scene.home("AVAILABLE").await;
        Target::new(json!({"objective": "OWN_WISHES"}))
    };
    "POST /matching/proposals/{id}/take" by TeamMember, scene => scene.line_of_plan().await;
    "POST /matching/proposals/{id}/change" by TeamMember, scene => {
        let line = scene.line_of_plan().await;
        let other = scene.home("AVAILABLE").await.id;
        line.with(json!({"dwellingId": other, "reason": "NEIGHBOURHOOD"}))
    };
    "POST /matching/proposals/{id}/drop" by TeamMember, scene =>
        scene.line_of_plan().await.with(json!({"reason": "HOME_NOT_READY"}));

    "POST /applications/{id}/decisions" by TeamMember, scene => {
        let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
        scene.case_before_team().await.with(proposal)
    };
    "POST /decisions/{id}/approve" by DecisionMaker, scene => scene.proposal().await;
    "POST /decisions/{id}/return" by DecisionMaker, scene =>
        scene.proposal().await.with(json!({"reason": "CONSIDER_OTHER"}));
    "POST /decisions/{id}/notify" by Caseworker, scene =>
        scene.refusal().await.with(json!({"receivedOn": "2026-03-02"}));
    "POST /offers/{id}/accept" by Caseworker, scene =>
        scene.offer().await.with(json!({"startsOn": "2026-03-15"}));
    "POST /offers/{id}/decline" by Caseworker, scene =>
        scene.offer().await.with(json!({"reason": "LOCATION"}));
    "POST /retention-rules" by PrivacyOfficer, _ => Target::new(json!({
        "concern": "CASE", "months": 120, "legalBasis": "arkivlova § 9", "validFrom": "2026-03-01",
    }));
    "POST /people/{id}/legal-holds" by AppealsOfficer, scene =>
        scene.person().await.with(json!({"reason": "APPEAL"}));
    "POST /people/{id}/restrictions" by PrivacyOfficer, scene => scene.person().await.with(json!({"ground": "OBJECTION"}));
    "POST /restrictions/{id}/pass-over" by PrivacyOfficer, scene => scene.restriction().await.with(json!({"ground": "CONSENT"}));
    "POST /restrictions/{id}/lift" by PrivacyOfficer, scene => scene.restriction().await.with(json!({"toldOn": "2026-03-02"}));
    "POST /legal-holds/{id}/lift" by PrivacyOfficer, scene => scene.hold().await;
    "POST /people/{id}/erasures" by PrivacyOfficer, scene =>
        scene.person().await.with(json!({"ground": "UNLAWFULLY_PROCESSED"}));
    "POST /erasures/{id}/approve" by DecisionMaker, scene => scene.erasure().await;
    "POST /erasures/{id}/withdraw" by PrivacyOfficer, scene => scene.erasure().await;
    "POST /offers/{id}/viewing" by Caseworker, scene =>
        scene.offer().await.with(json!({"viewingAt": "2026-03-05T11:00:00Z"}));
    "POST /offers/{id}/withdraw" by Caseworker, scene =>
        scene.offer().await.with(json!({"reason": "FAILED_INSPECTION"}));
    "POST /offers/{id}/annul" by Caseworker, scene =>
        scene.accepted_offer().await.with(json!({"reason": "FAILED_INSPECTION"}));

    "POST /applications/{id}/representations" by Caseworker, scene => {
        let body = scene.representation().await;
        scene.case().await.with(body)
    };
    "POST /representations/{id}/withdraw" by Caseworker, scene => scene.represented().await;
    "POST /applications/{id}/pauses" by Caseworker, scene =>
        scene.case_that_waits().await.with(json!({"reason": "OWN_WISH"}));
    "POST /pauses/{id}/resume" by Caseworker, scene => scene.pause().await;

    "POST /meetings" by TeamMember, scene => Target::new(scene.new_meeting().await);
    "POST /meetings/{id}/items" by TeamMember, scene => {
        let case = scene.case_before_team().await.id;
        scene.meeting().await.with(json!({"applicationId": case}))
    };
    "POST /meetings/{id}/absences" by TeamMember, scene => {
        let absent = scene.user(&scene.caseworker).await;
        scene.meeting().await.with(json!({"absent": [absent]}))
    };
    "POST /meetings/{id}/close" by TeamMember, scene => scene.meeting().await;
    "POST /meetings/{id}/cancel" by TeamMember, scene => scene.meeting().await;
    "POST /agenda-items/{id}/recommend" by TeamMember, scene => scene.motion().await;
    "POST /applications/{id}/conflicts" by TeamMember, scene =>
        scene.case_before_team().await.with(json!({"ground": "FAMILY"}));
    "POST /applications/{id}/impartiality-answers" by TeamMember, scene => scene.namesake().await;

    "POST /decisions/{id}/letters" by Caseworker, scene => scene.refusal().await;
    "POST /offers/{id}/letters" by Caseworker, scene => scene.offer().await;
    "POST /applications/{id}/letters" by Caseworker, scene => scene.case().await.with(json!({
        "kind": "INTERIM_REPLY", "reason": "Vi venter på opplysninger.", "expectedOn": "2026-04-10",
    }));
    "POST /letters/{id}/dispatch" by Caseworker, scene =>
        scene.letter().await.with(json!({"channel": "DIGITAL"}));
    "POST /letters/{id}/receipt" by Caseworker, scene =>
        scene.sent_letter().await.with(json!({"proof": "READ_DIGITALLY"}));
    "POST /letters/{id}/return" by Caseworker, scene => scene.sent_letter().await;
    "POST /letters/{id}/discard" by Caseworker, scene => scene.letter().await;

    "POST /decisions/{id}/appeals" by Caseworker, scene =>
        scene.refusal().await.with(new_appeal());
    "POST /appeals/{id}/check" by Caseworker, scene => scene.appeal(&[]).await;
    "POST /appeals/{id}/admit" by Caseworker, scene => scene.appeal(&["check"]).await;
    "POST /appeals/{id}/dismiss" by DecisionMaker, scene => {
        let appeal = scene.strangers_appeal().await;
        appeal.with(json!({"reasons": "Klageren er ikke part."}))
    };
    "POST /appeals/{id}/reverse" by DecisionMaker, scene => scene.reversible_appeal().await;
    "POST /appeals/{id}/forward" by DecisionMaker, scene =>
        scene.appeal(&["check", "admit"]).await.with(json!({"assessment": "Vedtaket står seg."}));
    "POST /appeals/{id}/take-up" by AppealsOfficer, scene =>
        scene.appeal(&["check", "admit", "forward"]).await;
    "POST /appeals/{id}/conclude" by AppealsOfficer, scene => {
        let appeal = scene.appeal(&["check", "admit", "forward", "take-up"]).await;
        appeal.with(json!({"outcome": "UPHELD", "reasons": "Nemnda er enig."}))
    };
    "POST /appeals/{id}/withdraw" by Caseworker, scene => scene.appeal(&[]).await;
    "POST /appeals/{id}/close" by AppealsOfficer, scene =>
        scene.appeal(&["check", "admit", "forward", "take-up", "conclude"]).await;

    "POST /tenancies/{id}/end" by HousingManager, scene =>
        scene.tenancy().await.with(json!({"endedOn": "2026-03-02"}));
}
