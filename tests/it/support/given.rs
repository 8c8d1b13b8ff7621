//! Makes what a story begins with, through the API: people, households, homes, cases, decisions.

use serde_json::{Value, json};

use rettbolig::auth::Role;
use rettbolig::clock::Day;
use rettbolig::db::Db;
use rettbolig::ids::MunicipalityId;

use super::actor::{Actor, Answer};
use super::residents::national_id;
use super::town::Town;

/// The adults and children of a household, by birth day.
pub(crate) struct Family<'f> {
    pub(crate) adults: &'f [&'f str],
    pub(crate) children: &'f [&'f str],
}

/// One adult of 35.
pub(crate) const SINGLE: Family<'_> = Family {
    adults: &["1990-05-17"],
    children: &[],
};
/// A couple with two children of school age.
pub(crate) const FAMILY: Family<'_> = Family {
    adults: &["1985-01-02", "1986-03-04"],
    children: &["2015-06-07", "2018-08-09"],
};

/// A person to be registered.
pub(crate) fn person(born_on: &str, serial: u16) -> Value {
    json!({
        "nationalId": national_id(born_on, usize::from(serial)).expose_digits(),
        "givenName": "Prøve",
        "familyName": format!("Testesen{serial}"),
        "bornOn": born_on,
    })
}

/// An agreement with NAV.
pub(crate) fn agreement() -> Value {
    json!({
        "organisationNumber": "889640782", "name": "Samarbeidsavtale",
        "scopes": ["rettbolig:nav.read", "rettbolig:nav.write"], "validFrom": "2026-03-02",
    })
}

/// Needs of an ordinary home.
pub(crate) fn ordinary_needs() -> Value {
    json!({"categories": ["ORDINARY"], "urgency": "HIGH"})
}

/// An ordinary ground-floor home with this many bedrooms; each number gives another unit.
pub(crate) fn home(bedrooms: u8, number: u16) -> Value {
    json!({
        "cadastralId": format!("5035-83/{number}"),
        "unitNumber": "H0101",
        "streetAddress": format!("Prøvegata {number}"),
        "postalCode": "7500",
        "postalPlace": "Stjørdal",
        "area": "SENTRUM",
        "category": "ORDINARY",
        "tenure": "OWNED",
        "bedrooms": bedrooms,
        "usableAreaM2": 40 + 15 * u32::from(bedrooms),
        "floor": 1,
        "capacity": 2 * bedrooms,
        "rentOre": 850_000,
        "features": ["STEP_FREE"],
        "services": [],
        "inspectedOn": "2025-12-01",
    })
}

/// A measure of the housing plan; each number gives another.
pub(crate) fn measure(number: u16) -> Value {
    json!({
        "number": format!("9.{number}"), "title": "Flere hybler", "unitCount": 10,
        "responsible": "Boligtjenesten", "deadline": "2028", "dueYear": 2028,
        "financing": "ØP", "category": "BEDSIT",
    })
}

/// A property of the municipality's; each number gives another.
pub(crate) fn property(number: u16) -> Value {
    json!({
        "cadastralId": format!("5035-84/{number}"), "ownerKind": "MUNICIPALITY",
        "buildings": [{"number": "182345678", "floors": 3, "hasLift": true}],
    })
}

/// A referral agreement about ten units; each number gives another.
pub(crate) fn referral_agreement(number: u16) -> Value {
    json!({
        "kind": "REFERRAL", "name": format!("Avtale {number}"), "startsOn": "2026-01-01", "units": 10,
        "counterparty": "Prøve utleie AS", "counterpartyNumber": "991825827",
    })
}

/// The shipped numbers of the stock but for a yearly inspection, which is due after two years; each number gives a later day.
pub(crate) fn stock_rules(number: u16) -> Value {
    let day = jiff::civil::date(2026, 3, 2) + jiff::Span::new().days(i64::from(number));
    json!({
        "validFrom": day.to_string(),
        "rules": {
            "basis": "Vedtak i kommunestyret.",
            "inspections": {"everyMonths": 24, "warnDays": 30, "overrideDaysMax": 60},
            "agreements": {
                "referralQuotaPercent": 50, "referralAllBelowUnits": 4, "referralMonths": 120,
                "nominationMonths": 240, "leaseMonthsMin": 12, "warnDays": 180,
            },
        },
    })
}

/// The shipped terms of work, but for a notice that may take a fortnight; each number gives a later day.
pub(crate) fn task_terms(number: u16) -> Value {
    let day = jiff::civil::date(2026, 3, 2) + jiff::Span::new().days(i64::from(number));
    let mut rules: Value =
        serde_json::from_str(include_str!("../../../src/tasks/terms.json")).unwrap();
    rules["notifyDecision"] = json!(14);
    json!({"validFrom": day.to_string(), "rules": rules})
}

/// An inspection that found something which bars letting.
pub(crate) fn inspection() -> Value {
    json!({
        "kind": "FIRE_SAFETY_AND_CONDITION", "performedOn": "2026-03-02", "conditionClass": "TG2",
        "findings": [{"area": "SMOKE_ALARM", "severity": "BLOCKING"}],
    })
}

/// A plan to demolish these homes today, with a home elsewhere for whoever lives there; each number gives another.
pub(crate) fn demolition(number: u16, homes: &[String]) -> Value {
    json!({
        "name": format!("Riving {number}"), "vacateBy": "2026-03-02", "demolishFrom": "2026-03-02",
        "dwellingIds": homes, "rehousesResidents": true,
    })
}

/// A file with one home; each number gives another.
pub(crate) fn file(number: u16) -> String {
    let header = "supplierId;cadastralId;unitNumber;streetAddress;postalCode;postalPlace;area;category;tenure;bedrooms;usableAreaM2;floor;capacity;rentOre";
    format!(
        "{header}\nFDV-{number};5035-85/{number};H0101;Prøvegata {number};7500;Stjørdal;SENTRUM;ORDINARY;OWNED;2;60;1;4;900000\n"
    )
}

impl Town {
    /// Registers the people and the household, in a situation, by this caseworker. Gives the household's id.
    pub(crate) async fn household(&self, by: &Actor, family: &Family<'_>, serial: u16) -> String {
        let mut members = Vec::new();
        let adults = family.adults.iter().map(|born| (born, false));
        let children = family.children.iter().map(|born| (born, true));
        for (index, (born, is_child)) in adults.chain(children).enumerate() {
            let place = u16::try_from(index).unwrap();
            let id = by
                .post("/people", &person(born, serial * 20 + place))
                .await
                .ok()
                .id();
            let role = match (is_child, index) {
                (true, _) => "CHILD",
                (false, 0) => "APPLICANT",
                (false, _) => "CO_APPLICANT",
            };
            members.push(json!({"personId": id, "role": role}));
        }
        self.household_in_need(by, &members).await
    }

    /// Registers people who live together, in a situation, by this caseworker. Gives the household's id.
    pub(crate) async fn household_in_need(&self, by: &Actor, members: &[Value]) -> String {
        let household = by
            .post("/households", &json!({"members": members}))
            .await
            .ok()
            .id();
        let situation = json!({
            "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
            "source": "APPLICANT", "verification": "DOCUMENTED",
        });
        by.post(&format!("/households/{household}/situations"), &situation)
            .await
            .ok();
        household
    }

    /// Registers an ordinary home that may be let. Gives its id.
    pub(crate) async fn home(&self, bedrooms: u8, number: u16) -> String {
        let manager = self.actor(Role::HousingManager).await;
        manager
            .post("/dwellings", &home(bedrooms, number))
            .await
            .ok()
            .id()
    }

    /// Receives an application of this household and brings it before the allocation team. Gives the case's id.
    pub(crate) async fn case_before_team(&self, by: &Actor, household: &str) -> String {
        self.case_of_type_before_team(by, household, "NEW").await
    }

    /// The same with an application of this type.
    pub(crate) async fn case_of_type_before_team(
        &self,
        by: &Actor,
        household: &str,
        kind: &str,
    ) -> String {
        let application = json!({
            "householdId": household, "type": kind, "receivedOn": "2026-02-20",
            "needs": ordinary_needs(),
        });
        let received = by.post("/applications", &application).await.ok();
        let (id, mut version) = (received.id(), received.version());
        let me = by.get("/auth/me").await.ok().id();
        for (act, body) in [
            ("assign", json!({"assigneeId": me})),
            ("start-assessment", json!({})),
            ("submit-to-team", json!({})),
        ] {
            let path = format!("/applications/{id}/{act}");
            version = by.act(&path, version, &body).await.ok().version();
        }
        id
    }

    /// Puts the municipality's example rules into force.
    pub(crate) async fn adopt_rules(&self) {
        adopt_rules(&self.db).await;
    }

    /// Puts these rules into force in Stjørdal.
    pub(crate) async fn adopt(&self, rules: &Value) {
        adopt(&self.db, super::town::STJORDAL, rules).await;
    }
}

/// Puts the municipality's example rules into force.
pub(crate) async fn adopt_rules(db: &Db) {
    let rules = serde_json::from_str(rettbolig::rulesets::RuleSet::EXAMPLE_JSON).unwrap();
    adopt(db, super::town::STJORDAL, &rules).await;
}

/// Puts rules into force in a municipality.
pub(crate) async fn adopt(db: &Db, municipality: MunicipalityId, rules: &Value) {
    let rules: rettbolig::rulesets::RuleSet = serde_json::from_value(rules.clone()).unwrap();
    let since = Day("2026-01-01".parse().unwrap());
    let caller = std::sync::Arc::new(rettbolig::auth::Caller::system(municipality));
    db.write(&caller, move |tx| {
        rettbolig::rulesets::adopt(tx, &rules, since).map(|_| ())
    })
    .await
    .unwrap();
}

/// Proposes this in a case, and somebody else approves it. Gives the answer to approving: the decision, and the offer that it made.
pub(crate) async fn decide(by: &Actor, decider: &Actor, case: &str, proposal: &Value) -> Answer {
    let path = format!("/applications/{case}/decisions");
    let proposed = by.post(&path, proposal).await.ok();
    let path = format!("/decisions/{}/approve", proposed.id());
    let version = proposed.version();
    decider.act(&path, version, &json!({})).await.ok()
}

/// Grants this home in a case, by two. Gives the id of the offer.
pub(crate) async fn granted(by: &Actor, decider: &Actor, case: &str, home: &str) -> String {
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let approved = decide(by, decider, case, &proposal).await;
    approved.body["offerId"].as_str().unwrap().to_owned()
}

/// Reasons that a proposal may carry.
pub(crate) fn reasons() -> Value {
    json!({
        "rules": ["Kommunens regler for tildeling § 3"],
        "facts": "Husstanden mister leieforholdet.",
        "considerations": "Andre muligheter er vurdert.",
        "childsBestInterest": "Barna blir i nærmiljøet sitt.",
    })
}

/// Rules that may be proposed at the tests' first moment.
pub(crate) fn rules_to_propose() -> Value {
    json!({"rules": rules_with(json!([of_age("MUST")])), "validFrom": "2026-03-02"})
}

/// The example's rules with these criteria.
pub(crate) fn rules_with(eligibility: Value) -> Value {
    let mut rules: Value =
        serde_json::from_str(rettbolig::rulesets::RuleSet::EXAMPLE_JSON).unwrap();
    rules["eligibility"] = eligibility;
    rules
}

/// That the applicant is of age.
pub(crate) fn of_age(strictness: &str) -> Value {
    json!({
        "code": "AGE", "name": {"nb": "Myndig", "en": "Of age"},
        "strictness": strictness, "requires": {"ageAtLeast": 18},
    })
}
