//! One look at a person as a line of the Common Event Format. The form is that of NAV's security playbook, but for the address that
//! was asked, which the log does not hold: `act` names the action instead.
//!
//! Employees and citizens are told by their ids in this service, never by names or national ids.

use std::collections::BTreeSet;

use serde::Deserialize;
use uuid::Uuid;

use crate::audit::{EntryKind, SubjectKind};
use crate::clock::Instant;
use crate::ids::PersonId;

/// What a citizen is told who asks what was looked at, by action. What is not here is told in general words.
const WORDS: [(&str, &str); 13] = [
    (
        "access_log.read",
        "Så hvem som har sett opplysninger om personen",
    ),
    ("application.read", "Åpnet søknaden til personen"),
    ("audit.disclosed", "Hentet ut det loggen sier om personen"),
    ("audit.read", "Søkte i loggen etter personen"),
    ("decision.read", "Åpnet et vedtak om personen"),
    ("household.read", "Åpnet husstanden til personen"),
    (
        "matching.candidates_read",
        "Så personen blant kandidatene til en bolig",
    ),
    (
        "matching.explained",
        "Så hvordan en bolig passer for personen",
    ),
    (
        "matching.obstacles_read",
        "Så hva som er til hinder for å tilby personen bolig",
    ),
    ("person.found", "Fant personen i et søk"),
    ("person.read", "Åpnet opplysninger om personen"),
    (
        "restriction.read",
        "Så om behandlingen av opplysninger om personen er begrenset",
    ),
    (
        "retention.read",
        "Så hvor lenge opplysninger om personen skal bevares",
    ),
];
const OTHER_WORDS: &str = "Så opplysninger om personen";

/// What of an entry is told.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Look {
    id: Uuid,
    kind: EntryKind,
    action: String,
    actor: Actor,
    role: Option<String>,
    correlation: String,
    recorded_at: Instant,
    subjects: Vec<Seen>,
}

#[derive(Deserialize)]
struct Actor {
    id: Option<Uuid>,
}

#[derive(Deserialize)]
struct Seen {
    kind: SubjectKind,
    id: Uuid,
}

impl Look {
    /// The people who were shown; none when it was no look at personal data.
    pub(super) fn people(&self) -> impl Iterator<Item = PersonId> {
        let is_look = self.kind == EntryKind::Access;
        let people = self
            .subjects
            .iter()
            .filter(move |it| is_look && it.kind == SubjectKind::Person);
        people.map(|it| PersonId::from_uuid(it.id))
    }

    /// A line for each person that was shown. It warns of those who are protected: whoever reads the collector looks at these first.
    pub(super) fn lines(&self, number: &str, protected: &BTreeSet<PersonId>) -> Vec<String> {
        let is_look = self.kind == EntryKind::Access;
        let mut subjects = self.subjects.iter();
        let case = subjects.find(|it| is_look && it.kind == SubjectKind::Application);
        let line = |person| {
            let severity = if protected.contains(&person) {
                "WARN"
            } else {
                "INFO"
            };
            self.line(number, severity, person, case)
        };
        self.people().map(line).collect()
    }

    fn line(&self, number: &str, severity: &str, person: PersonId, case: Option<&Seen>) -> String {
        let words = WORDS.iter().find(|(action, _)| *action == self.action);
        let words = words.map_or(OTHER_WORDS, |(_, words)| words);
        let mut line = format!(
            "CEF:0|rettbolig|audit|1.0|audit:access|{}|{severity}|end={}",
            in_header(words),
            self.recorded_at.micros().div_euclid(1000),
        );
        let actor = self.actor.id.map(|id| id.to_string());
        let case = case.map(|it| it.id.to_string());
        let fields = [
            ("suid", actor.as_deref()),
            ("spriv", self.role.as_deref()),
            ("duid", Some(person.to_string().as_str())),
            ("sproc", Some(self.correlation.as_str())),
            ("dproc", case.as_deref()),
            ("act", Some(self.action.as_str())),
            ("externalId", Some(self.id.to_string().as_str())),
            ("flexString1Label", Some("Decision")),
            ("flexString1", Some("Permit")),
            ("cs1Label", Some("municipality")),
            ("cs1", Some(number)),
            ("msg", Some(words)),
        ]
        .map(|(name, value)| value.map(|value| format!(" {name}={}", in_extension(value))));
        line.extend(fields.into_iter().flatten());
        line
    }
}

/// Text in the header of a line, where a pipe ends a field.
fn in_header(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace(['\n', '\r'], " ")
}

/// A value in the extension of a line, where an equals sign begins one.
fn in_extension(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('=', "\\=")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PERSON: &str = "01900000-0000-7000-8000-00000000000a";

    /// The second of those who are looked at is protected.
    fn other() -> BTreeSet<PersonId> {
        let other: Uuid = "01900000-0000-7000-8000-00000000000b".parse().unwrap();
        BTreeSet::from([PersonId::from_uuid(other)])
    }

    fn look(kind: &str, action: &str, correlation: &str) -> Look {
        serde_json::from_value(json!({
            "id": "01900000-0000-7000-8000-000000000001",
            "kind": kind,
            "action": action,
            "actor": {"type": "USER", "id": "01900000-0000-7000-8000-000000000002"},
            "role": "CASEWORKER",
            "correlation": correlation,
            "recordedAt": "2026-03-02T11:00:00.123456Z",
            "subjects": [
                {"kind": "APPLICATION", "id": "01900000-0000-7000-8000-00000000000c"},
                {"kind": "PERSON", "id": PERSON},
                {"kind": "PERSON", "id": "01900000-0000-7000-8000-00000000000b"},
            ],
        }))
        .unwrap()
    }

    #[test]
    fn each_person_shown_has_a_line() {
        let lines = look("ACCESS", "person.read", "call-1").lines("5035", &other());
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0],
            format!(
                "CEF:0|rettbolig|audit|1.0|audit:access|Åpnet opplysninger om personen|INFO|end=1772449200123 \
                 suid=01900000-0000-7000-8000-000000000002 spriv=CASEWORKER duid={PERSON} sproc=call-1 \
                 dproc=01900000-0000-7000-8000-00000000000c act=person.read externalId=01900000-0000-7000-8000-000000000001 \
                 flexString1Label=Decision flexString1=Permit cs1Label=municipality cs1=5035 msg=Åpnet opplysninger om personen"
            )
        );
        assert!(lines[1].contains("|Åpnet opplysninger om personen|WARN|"));
        assert!(
            look("CHANGE", "person.registered", "c")
                .lines("5035", &other())
                .is_empty()
        );
    }

    #[test]
    fn nothing_ends_a_line_or_begins_a_field_from_within() {
        let lines = look("ACCESS", "new.action", "a|b=c\\d\r\ne").lines("5035", &other());
        assert!(
            lines[0].contains(" sproc=a|b\\=c\\\\d\\r\\ne "),
            "{}",
            lines[0]
        );
        assert!(lines[0].contains("|Så opplysninger om personen|"));
        assert_eq!(in_header("a|b\\c\nd"), "a\\|b\\\\c d");
    }
}
