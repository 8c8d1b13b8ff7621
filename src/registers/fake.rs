//! The registers as a demonstration and the tests need them: one small server on this machine that keeps to the public contracts.

mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde_json::{Value, json};

use self::ways::{Recorded, Shipped, receipts, record, ship, shipment};
use super::cadastre::Unit;
use super::population::Grade;
use super::settings::{Integration, RegisterAddress, Registers};
use crate::clock::Day;

/// How the registers behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// As their contracts say.
    #[default]
    Well,
    /// They answer 503.
    Down,
    /// They say nothing for a long time.
    Slow,
    /// Something in between answers with a page of HTML.
    Html,
    /// They answer with far more than any answer is.
    Huge,
}

/// What the registers know, and what they were asked.
#[derive(Debug, Default)]
struct Known {
    mood: Mood,
    asked: usize,
    grades: BTreeMap<String, Grade>,
    unknown: BTreeSet<String>,
    dead: BTreeMap<String, Option<Day>>,
    /// Whom each change is about, and of which kind it is.
    events: Vec<(String, &'static str)>,
    reserved: BTreeSet<String>,
    /// Whether letters and records go their way by themselves, as time passes.
    moves: bool,
    shipments: Vec<Shipped>,
    records: BTreeMap<String, Recorded>,
    /// The units of each property; where none is known, every property has the same two.
    units: BTreeMap<String, Vec<Unit>>,
}

impl Known {
    /// Tells in the feed that something is new of this person's death.
    fn tell_of_death(&mut self, national_id: &str) {
        let event = (national_id.to_owned(), "endringIDoedsfall");
        self.events.push(event);
    }
}

/// What registers that are made up for a demonstration know of it.
#[derive(Debug, Clone, Default)]
pub struct MadeUp {
    /// The units of each property, by its number in the cadastre.
    pub units: BTreeMap<String, Vec<Unit>>,
}

/// The registers, running.
#[derive(Debug, Clone)]
pub struct Fake {
    /// Where they are.
    pub address: SocketAddr,
    known: Arc<Mutex<Known>>,
}

/// As whom the registers know the caller.
const INTEGRATION: &str = "00000000-0000-4000-8000-000000000001";

impl Fake {
    /// Starts them on a free port of this machine; they end with the runtime.
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let known: Arc<Mutex<Known>> = Arc::default();
        let data = Data::from(Arc::clone(&known));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(64 * 1024 * 1024))
                .default_service(web::to(answer))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)?
        .run();
        actix_web::rt::spawn(server);
        Ok(Self { address, known })
    }

    /// The ports to them.
    pub fn registers(&self) -> reqwest::Result<Registers> {
        let Ok(at) = format!("http://{}", self.address).parse::<RegisterAddress>() else {
            return Ok(Registers::default());
        };
        let integration = Integration {
            id: INTEGRATION.to_owned(),
            password: "demonstration".to_owned(),
            account: "konto-1".to_owned(),
        };
        Registers::default()
            .with_population(&at, None)?
            .with_contacts(&at, None)?
            .with_fiks(&at, &integration, None)
    }

    /// They know this, and what is sent to them goes its way by itself: a letter is read or printed after half a minute, a record archived
    /// after ten seconds.
    #[must_use]
    pub fn knowing(self, it: &MadeUp) -> Self {
        let mut known = self.known();
        known.units.clone_from(&it.units);
        known.moves = true;
        drop(known);
        self
    }

    /// From now on they behave so.
    pub fn be(&self, mood: Mood) {
        self.known().mood = mood;
    }

    /// How often they were asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.known().asked
    }

    /// The population register grades this person's address, and tells of it in its feed.
    pub fn grade(&self, national_id: &str, grade: Grade) {
        let mut known = self.known();
        known.grades.insert(national_id.to_owned(), grade);
        let event = (national_id.to_owned(), "endringIAdressebeskyttelse");
        known.events.push(event);
    }

    /// The population register knows that this person has died, or lives after all, and tells of it in its feed.
    pub fn tell_death(&self, national_id: &str, has_died: bool) {
        let mut known = self.known();
        if has_died {
            known.dead.insert(national_id.to_owned(), None);
        } else {
            known.dead.remove(national_id);
        }
        known.tell_of_death(national_id);
    }

    /// The same, with the day on which the person died.
    pub fn tell_day_of_death(&self, national_id: &str, died_on: Day) {
        let mut known = self.known();
        known.dead.insert(national_id.to_owned(), Some(died_on));
        known.tell_of_death(national_id);
    }

    /// No register knows this number.
    pub fn forget(&self, national_id: &str) {
        self.known().unknown.insert(national_id.to_owned());
    }

    /// The letter with this number in the order of sending is in this state now, in the words of the sender's contract.
    pub fn move_shipment(&self, number: usize, state: &'static str) {
        if let Some(shipment) = self.known().shipments.get_mut(number) {
            shipment.moved_to = Some(state);
        }
    }

    /// What the sender of each letter said of it, in the order of sending.
    #[must_use]
    pub fn shipped(&self) -> Vec<Value> {
        let known = self.known();
        known
            .shipments
            .iter()
            .map(|shipment| shipment.said.clone())
            .collect()
    }

    /// The person with this number does not want digital letters.
    pub fn reserve(&self, national_id: &str) {
        self.known().reserved.insert(national_id.to_owned());
    }

    /// What the sender of each record said of it, by the id of the message.
    #[must_use]
    pub fn recorded(&self) -> Vec<(String, String)> {
        let known = self.known();
        let records = known.records.iter();
        records
            .map(|(id, record)| (id.clone(), record.said.clone()))
            .collect()
    }

    /// The archive tells this of a message.
    pub fn tell_receipt(&self, client_message_id: &str, kind: &'static str) {
        let mut known = self.known();
        let record = known.records.entry(client_message_id.to_owned());
        record.or_insert_with(Recorded::now).receipts.push(kind);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(request: HttpRequest, body: Bytes, known: Data<Mutex<Known>>) -> HttpResponse {
    let mood = {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked += 1;
        known.mood
    };
    match mood {
        Mood::Well => {}
        Mood::Down => return HttpResponse::ServiceUnavailable().finish(),
        Mood::Slow => tokio::time::sleep(Duration::from_mins(1)).await,
        Mood::Html => {
            let page = "<!doctype html><title>Vedlikehold</title>";
            return HttpResponse::Ok().content_type("text/html").body(page);
        }
        Mood::Huge => {
            let much = vec![b' '; 100 * 1024 * 1024];
            return HttpResponse::Ok()
                .content_type("application/json")
                .body(much);
        }
    }
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let path = request.path().trim_end_matches('/');
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let told = match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "v1", "personer", "bulkoppslag"] => {
            Some(person(&known, text(&asked, "/foedselsEllerDNummer/0")))
        }
        ["", "v1", "hendelser", "feed", from] => feed(&known, from),
        ["", "rest", "v2", "personer"] => {
            Some(contact(&known, text(&asked, "/personidentifikatorer/0")))
        }
        ["", "matrikkel", "api", "v1", "bruksenheter", "sok"] => {
            units(&known, text(&asked, "/matrikkelnummer"))
        }
        ["", "register", "api", "v1", "summertskattegrunnlag", "sok"] => {
            income(&known, text(&asked, "/personidentifikator"))
        }
        ["", "api", "v2", "kontoer", _, "forsendelser"] => ship(&mut known, &request, &body),
        ["", "api", "v2", "kontoer", _, "forsendelser", id, "status"] => shipment(&known, id),
        ["", "fiks-io", "api", "v1", "send"] => record(&mut known, &body),
        ["", "fiks-io", "api", "v1", "mottak", id] => receipts(&known, id),
        _ => None,
    };
    match told {
        Some(told) => HttpResponse::Ok().json(told),
        None => {
            HttpResponse::NotFound().json(json!({"kode": "FREG-404", "melding": "Ikke funnet."}))
        }
    }
}

fn text<'v>(asked: &'v Value, pointer: &str) -> &'v str {
    asked
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn person(known: &Known, id: &str) -> Value {
    if id.is_empty() || known.unknown.contains(id) {
        return json!({"oppslag": [{"foedselsEllerDNummer": id}]});
    }
    let grade = known.grades.get(id).map(|grade| match grade {
        Grade::Ungraded => "ugradert",
        Grade::ClientAddress => "klientadresse",
        Grade::Confidential => "fortrolig",
        Grade::StrictlyConfidential => "strengtFortrolig",
    });
    let death = known.dead.get(id);
    let status = if death.is_some() { "doed" } else { "bosatt" };
    let death = death.map(|died_on| json!({"erGjeldende": true, "doedsdato": died_on}));
    let protection = grade.map(|it| json!({"erGjeldende": true, "graderingsnivaa": it}));
    json!({"oppslag": [{
        "foedselsEllerDNummer": id,
        "folkeregisterperson": {
            "adressebeskyttelse": protection.into_iter().collect::<Vec<_>>(),
            "navn": [{"erGjeldende": true, "fornavn": "Prøve", "etternavn": "Registrert"}],
            "status": [{"erGjeldende": true, "status": status}],
            "doedsfall": death.into_iter().collect::<Vec<_>>(),
            "familierelasjon": [],
        },
    }]})
}

/// At most a thousand changes from this number on; numbers begin at 1.
fn feed(known: &Known, from: &str) -> Option<Value> {
    let from: usize = from.parse().ok()?;
    let entries = known
        .events
        .iter()
        .enumerate()
        .map(|(place, event)| (place + 1, event));
    let told = entries.filter(|(number, _)| *number >= from).take(1000).map(|(number, (id, kind))| {
        json!({
            "sekvensnummer": number,
            "hendelse": {
                "folkeregisteridentifikator": id, "hendelsestype": kind,
                "hendelsesdokument": format!("{number:032x}"), "persondokument": format!("{number:032x}"),
                "ajourholdstidspunkt": "2026-03-02T12:00:00+01:00",
            },
        })
    });
    Some(told.collect())
}

fn contact(known: &Known, id: &str) -> Value {
    let entry = if known.unknown.contains(id) {
        json!({"personidentifikator": id, "status": "IKKE_REGISTRERT"})
    } else {
        json!({
            "personidentifikator": id, "status": "AKTIV",
            "reservasjon": if known.reserved.contains(id) { "JA" } else { "NEI" },
            "varslingsstatus": "KAN_VARSLES", "spraak": "nb",
        })
    };
    json!({"personer": [entry]})
}

fn units(known: &Known, of: &str) -> Option<Value> {
    if !known.units.is_empty() {
        return known
            .units
            .get(of)
            .map(|units| json!({"bruksenheter": units}));
    }
    let unit = |number: &str| {
        json!({
            "bruksenhetsnummer": number, "adresse": format!("Prøvegata {}", of.len()),
            "postnummer": "7500", "poststed": "Stjørdal", "bruksareal": 55,
        })
    };
    (!of.is_empty()).then(|| json!({"bruksenheter": [unit("H0101"), unit("H0201")]}))
}

fn income(known: &Known, id: &str) -> Option<Value> {
    let is_known = !id.is_empty() && !known.unknown.contains(id);
    is_known.then(|| {
        json!({
            "personidentifikator": id, "stadie": "oppgjoer",
            "grunnlag": [
                {"tekniskNavn": "samletPersoninntekt", "beloep": 312_000},
                {"tekniskNavn": "nettoformue", "beloep": 15_000},
            ],
        })
    })
}
