//! An entry's body as it is written: canonical JSON, and all that the log keeps of the entry.

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::canonical::{CanonicalFault, canonical, has_inexact_integer, is_canonical_as_written};
use super::chains::Chain;
use super::segment::Committed;
use super::{Entry, EntryKind, LegalGround, Mark, Purpose, Segment, Subject, SubjectKind};
use crate::auth::{Actor, Caller, Role};
use crate::clock::Instant;
use crate::ids::{ApplicationId, EntryId, MunicipalityId, SessionId};
use crate::problem::Problem;

/// The form of a body. Its members stand in the order of canonical JSON.
const VERSION: u32 = 3;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'e> {
    action: &'static str,
    actor: Acting,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<Linked>,
    correlation: &'e str,
    engine: &'static str,
    facts: &'e Map<String, Value>,
    id: EntryId,
    kind: EntryKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_basis: Option<LegalGround>,
    marks: Vec<String>,
    municipality: MunicipalityId,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<Purpose>,
    recorded_at: Instant,
    role: Option<Role>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<Committed>,
    session: Option<SessionId>,
    subjects: Vec<Concerned>,
    v: u32,
}

/// Who acts.
#[derive(Serialize)]
#[serde(untagged)]
enum Acting {
    System {
        r#type: &'static str,
    },
    User {
        id: Uuid,
        r#type: &'static str,
    },
    Machine {
        consumer: Value,
        id: Uuid,
        scope: Value,
        supplier: Value,
        r#type: &'static str,
    },
}

/// The entry's place in its case's chain.
#[derive(Serialize)]
struct Linked {
    id: ApplicationId,
    previous: Option<String>,
    seq: i64,
}

/// What the entry concerns.
#[derive(Serialize)]
struct Concerned {
    id: Uuid,
    kind: SubjectKind,
}

/// Writes the body of an entry; `chain` is that of its case as it was before.
pub(super) fn body_of(
    entry: &Entry,
    caller: &Caller,
    (id, recorded_at): (EntryId, Instant),
    chain: Option<(ApplicationId, Chain)>,
) -> Result<String, Problem> {
    let mut subjects = entry.subjects.clone();
    subjects.sort_unstable();
    subjects.dedup();
    let facts = entry.facts.iter();
    let facts: Map<String, Value> = facts
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let purpose = Purpose::of(entry.action);
    let body = Body {
        action: entry.action,
        actor: acting(caller.actor),
        case: chain.map(|(id, chain)| Linked {
            id,
            previous: chain.head.map(super::Hash::to_hex),
            seq: chain.length + 1,
        }),
        correlation: caller.correlation.as_str(),
        engine: env!("CARGO_PKG_VERSION"),
        facts: &facts,
        id,
        kind: entry.kind,
        legal_basis: purpose.map(Purpose::ground),
        marks: marks_of(entry, &subjects),
        municipality: caller.municipality,
        purpose,
        recorded_at,
        role: caller.role,
        segments: entry.segments.iter().map(Segment::committed).collect(),
        session: caller.session,
        subjects: subjects
            .into_iter()
            .map(|Subject { kind, id }| Concerned { id, kind })
            .collect(),
        v: VERSION,
    };
    written(&body).map_err(|fault| Problem::internal(fault.to_string()))
}

/// As [`canonical`] writes it, and mostly at once: only facts can be of a kind that the plain writer would write otherwise.
fn written(body: &Body<'_>) -> Result<String, CanonicalFault> {
    let mut facts = body.facts.iter();
    let is_plain = |value| is_canonical_as_written(value) && !has_inexact_integer(value);
    if facts.all(|(name, value)| name.is_ascii() && is_plain(value)) {
        return Ok(serde_json::to_string(body)?);
    }
    canonical(body)
}

fn acting(actor: Actor) -> Acting {
    match actor {
        Actor::System => Acting::System { r#type: "SYSTEM" },
        Actor::User(id) => Acting::User {
            id: id.uuid(),
            r#type: "USER",
        },
        Actor::Machine(machine) => Acting::Machine {
            consumer: serde_json::json!(machine.consumer),
            id: machine.id.uuid(),
            scope: serde_json::json!(machine.scope),
            supplier: serde_json::json!(machine.supplier),
            r#type: "MACHINE",
        },
    }
}

/// What the log can be asked by beside who, what and whom.
fn marks_of(entry: &Entry, subjects: &[Subject]) -> Vec<String> {
    let marks = entry.marks.iter();
    let mut marks: Vec<String> = marks.map(|mark| mark.code().to_owned()).collect();
    let concerns = |kinds: &[SubjectKind]| subjects.iter().any(|it| kinds.contains(&it.kind));
    match entry.kind {
        EntryKind::Change => {}
        EntryKind::Refused => {
            marks.push(Mark::Refused.code().to_owned());
            let code = entry.facts.iter().find(|(name, _)| *name == "refusal");
            let code = code.and_then(|(_, code)| code.as_str());
            marks.extend(code.map(Mark::of_refusal));
        }
        EntryKind::Access => {
            let of_people = concerns(&[SubjectKind::Person, SubjectKind::Household]);
            let of_case = entry.case.is_some() || concerns(&[SubjectKind::Application]);
            if of_people && !of_case {
                marks.push(Mark::Unrelated.code().to_owned());
            }
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::canonical::{canonical, sha256};
    use super::super::told::Told;
    use super::*;
    use crate::ids::{PersonId, UserId};

    fn caller(actor: Actor) -> Caller {
        Caller {
            actor,
            role: Some(Role::Caseworker),
            session: Some(SessionId::new()),
            ..Caller::system(MunicipalityId::new())
        }
    }

    fn body(entry: &Entry, caller: &Caller, chain: Option<(ApplicationId, Chain)>) -> String {
        let at = (EntryId::new(), Instant::from_micros(1_772_449_200_000_001));
        body_of(entry, caller, at, chain).unwrap()
    }

    #[test]
    fn a_body_is_canonical_json_whatever_it_says() {
        let case = ApplicationId::new();
        let chain = Chain {
            length: 4,
            head: Some(sha256(b"last")),
            ..Chain::default()
        };
        let entries = [
            Entry::change("person.registered").saying(
                Segment::commit(PersonId::new(), &json!({"a": 1}), |_| Ok("sealed".into()))
                    .unwrap(),
            ),
            Entry::refused("decision.decide")
                .of_case(case)
                .fact("refusal", "same_hands")
                .fact(
                    "a\u{e6}\"\n",
                    json!({"z": [1, -2, null], "b": {"\u{1f600}": "\u{7}", "\u{e5}": true}}),
                ),
            Entry::access("person.read")
                .about(PersonId::new())
                .fact("share", 0.25)
                .fact("big", 1e21),
            Entry::change("log.alive"),
        ];
        for entry in &entries {
            for actor in [Actor::System, Actor::User(UserId::new())] {
                let chain = entry.case.map(|case| (case, chain));
                let body = body(entry, &caller(actor), chain);
                let value: Value = serde_json::from_str(&body).unwrap();
                assert_eq!(body, canonical(&value).unwrap());
                assert_eq!(value["v"], VERSION);
                assert_eq!(Told::read(&body).unwrap().action, entry.action);
            }
        }
    }

    #[test]
    fn an_entry_of_a_case_names_the_one_before_and_a_refusal_its_code() {
        let case = ApplicationId::new();
        let entry = Entry::refused("decision.decide").of_case(case);
        let entry = entry.fact("refusal", "same_hands");
        let caller = caller(Actor::User(UserId::new()));
        let first = body(&entry, &caller, Some((case, Chain::default())));
        let value: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(
            value["case"],
            json!({"id": case, "previous": null, "seq": 1})
        );
        assert_eq!(value["marks"], json!(["REFUSED", "REFUSED:same_hands"]));
        assert_eq!(value["legalBasis"], "GDPR_6_1_E");
        let look = Entry::access("person.read").about(PersonId::new());
        let value: Value = serde_json::from_str(&body(&look, &caller, None)).unwrap();
        assert_eq!(
            (&value["marks"], &value["case"]),
            (&json!(["UNRELATED"]), &Value::Null)
        );
    }

    #[test]
    fn a_number_that_json_cannot_hold_exactly_is_refused() {
        let entry = Entry::change("log.alive").fact("n", u64::MAX);
        let at = (EntryId::new(), Instant::from_micros(0));
        assert!(body_of(&entry, &caller(Actor::System), at, None).is_err());
    }
}
