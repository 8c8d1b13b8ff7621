//! The population register ("Folkeregisteret"): who somebody is, how well the address is protected, who belongs together, and what changed.
//!
//! Written to Skatteetaten's consumer services, rights package `offentlig-med-hjemmel`: `personer/bulkoppslag`, which takes numbers in a
//! body, and `hendelser/feed/{startsekvensnummer}`.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::fault::RegisterFault;
use super::line::Line;
use crate::clock::Day;
use crate::codes;
use crate::correlation::Correlation;
use crate::national_id::NationalId;

codes! {
    /// How well an address is protected, as the register grades it ("graderingsnivå").
    pub enum Grade {
        /// "Ugradert".
        Ungraded = "UNGRADED",
        /// "Klientadresse".
        ClientAddress = "CLIENT_ADDRESS",
        /// "Fortrolig".
        Confidential = "CONFIDENTIAL",
        /// "Strengt fortrolig".
        StrictlyConfidential = "STRICTLY_CONFIDENTIAL",
    }
}

/// The port to the population register.
#[derive(Debug, Clone)]
pub struct Population(Line);

/// A person as the register has it.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisteredPerson {
    /// How well the address is protected.
    pub grade: Grade,
    /// Given names, where the register tells them.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// That the person has died ("personstatus doed").
    pub death: Option<Death>,
    /// The numbers of spouse and children, as the register relates them.
    pub family: Vec<String>,
}

/// That somebody has died ("dødsfall").
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// On which day, where the register knows it: of some it has no day.
    pub on: Option<Day>,
}

impl std::fmt::Debug for Death {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Death(redacted)")
    }
}

impl std::fmt::Debug for RegisteredPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RegisteredPerson(redacted)")
    }
}

/// What a change in the register is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// How well the address is protected.
    Protection,
    /// That somebody has died, or has not after all.
    Death,
    /// Something else.
    Other,
}

impl EventKind {
    fn of(code: &str) -> Self {
        match code {
            "endringIAdressebeskyttelse" => Self::Protection,
            "endringIDoedsfall" => Self::Death,
            _ => Self::Other,
        }
    }
}

/// A change in the register: whom it concerns, and of which kind it is.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterEvent {
    /// Its number in the register's feed.
    pub sequence: i64,
    /// Whom it concerns.
    pub national_id: String,
    /// What it is about, as far as that matters here.
    pub of: EventKind,
}

impl std::fmt::Debug for RegisterEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisterEvent({})", self.sequence)
    }
}

#[derive(Deserialize)]
struct Found {
    oppslag: Vec<LookUp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LookUp {
    folkeregisterperson: Option<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    #[serde(default)]
    adressebeskyttelse: Vec<Protection>,
    #[serde(default)]
    navn: Vec<PersonName>,
    #[serde(default)]
    status: Vec<Status>,
    #[serde(default)]
    doedsfall: Deaths,
    #[serde(default)]
    familierelasjon: Vec<Relation>,
}

/// Nobody dies twice, and most that the register tells of a person is a list: either is taken, since no death may make a person unknown.
#[derive(Deserialize)]
#[serde(untagged)]
enum Deaths {
    One(DeathOf),
    Listed(Vec<DeathOf>),
}

impl Default for Deaths {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Deaths {
    /// The one that holds now.
    fn current(self) -> Option<DeathOf> {
        let all = match self {
            Self::One(one) => vec![one],
            Self::Listed(all) => all,
        };
        all.into_iter().find(|it| it.er_gjeldende)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeathOf {
    er_gjeldende: bool,
    doedsdato: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Protection {
    er_gjeldende: bool,
    graderingsnivaa: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonName {
    er_gjeldende: bool,
    fornavn: String,
    etternavn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    er_gjeldende: bool,
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relation {
    er_gjeldende: bool,
    relatert_person: Option<String>,
}

#[derive(Deserialize)]
struct FeedEntry {
    sekvensnummer: i64,
    hendelse: Change,
}

#[derive(Deserialize)]
struct Change {
    folkeregisteridentifikator: String,
    hendelsestype: String,
}

impl Population {
    /// Over this line.
    #[must_use]
    pub const fn new(line: Line) -> Self {
        Self(line)
    }

    /// The person with this number.
    pub async fn person(
        &self,
        id: &NationalId,
        correlation: &Correlation,
    ) -> Result<RegisteredPerson, RegisterFault> {
        let body = json!({"foedselsEllerDNummer": [id.expose_digits()]});
        let path = "/v1/personer/bulkoppslag?part=person-basis";
        let found: Found = self
            .0
            .ask(Method::POST, path, correlation, |it| it.json(&body))
            .await?;
        let person = found
            .oppslag
            .into_iter()
            .next()
            .and_then(|it| it.folkeregisterperson);
        told(person.ok_or(RegisterFault::Unknown)?)
    }

    /// What changed from this number in the feed on, in order; a thousand changes at most.
    pub async fn events(
        &self,
        from: i64,
        correlation: &Correlation,
    ) -> Result<Vec<RegisterEvent>, RegisterFault> {
        let path = format!("/v1/hendelser/feed/{from}");
        let entries: Vec<FeedEntry> = self
            .0
            .ask(Method::GET, &path, correlation, |it| {
                it.header("accept", "application/json")
            })
            .await?;
        let event = |entry: FeedEntry| RegisterEvent {
            sequence: entry.sekvensnummer,
            national_id: entry.hendelse.folkeregisteridentifikator,
            of: EventKind::of(&entry.hendelse.hendelsestype),
        };
        Ok(entries.into_iter().map(event).collect())
    }
}

fn told(person: Person) -> Result<RegisteredPerson, RegisterFault> {
    let level = person
        .adressebeskyttelse
        .into_iter()
        .find(|it| it.er_gjeldende);
    let grade = match level.as_ref().map(|it| it.graderingsnivaa.as_str()) {
        None | Some("ugradert") => Grade::Ungraded,
        Some("klientadresse") => Grade::ClientAddress,
        Some("fortrolig") => Grade::Confidential,
        Some("strengtFortrolig") => Grade::StrictlyConfidential,
        // A grade that this version does not know is no reason to believe that there is none.
        Some(_) => return Err(RegisterFault::Nonsense),
    };
    let name = person.navn.into_iter().find(|it| it.er_gjeldende);
    let status = person.status.into_iter().find(|it| it.er_gjeldende);
    let death = person.doedsfall.current();
    let death = Death {
        // A day that cannot be read is no reason not to believe the death.
        on: death.and_then(|it| it.doedsdato?.parse().ok()).map(Day),
    };
    Ok(RegisteredPerson {
        grade,
        given_name: name.as_ref().map(|it| it.fornavn.clone()),
        family_name: name.map(|it| it.etternavn),
        death: status.filter(|it| it.status == "doed").map(|_| death),
        family: person
            .familierelasjon
            .into_iter()
            .filter(|it| it.er_gjeldende)
            .filter_map(|it| it.relatert_person)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_death_is_read_alone_and_in_a_list() {
        let day = r#"{"erGjeldende": true, "doedsdato": "2026-02-28"}"#;
        let before = r#"{"erGjeldende": false, "doedsdato": "2026-02-27"}"#;
        for told_as in [day.to_owned(), format!("[{before}, {day}]")] {
            let status = r#"[{"erGjeldende": true, "status": "doed"}]"#;
            let text = format!(r#"{{"status": {status}, "doedsfall": {told_as}}}"#);
            let person = told(serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(person.death.unwrap().on, "2026-02-28".parse().ok().map(Day));
        }
    }
}
