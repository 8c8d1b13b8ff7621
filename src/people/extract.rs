//! Who has looked at a person's data and why, in the words of a letter to that person.
//!
//! The letter names roles and not employees: who looked is in the log, where the data protection officer finds it when the person
//! asks further.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use crate::access;
use crate::audit::{self, Entry, EntryKind, Filter, Purpose, RecordedEntry};
use crate::auth::Role;
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Page, Paging};
use crate::ids::PersonId;
use crate::problem::{NOT_FOUND, Problem};

/// One look, in Norwegian ("innsyn i oppslag").
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Look {
    /// When, for machines.
    at: Instant,
    /// Day and time in Norway.
    #[schema(example = "2. mars 2026 kl. 12.00")]
    when: String,
    /// In which role and unit.
    #[schema(example = "Saksbehandler i Boligtjenesten")]
    who: &'static str,
    /// What was done.
    #[schema(example = "Så på saken din.")]
    what: &'static str,
    /// Why.
    #[schema(example = "Saksbehandling og tildeling av kommunal bolig.")]
    why: &'static str,
}

/// What an entry tells of a look. Others than these members do not matter here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    action: String,
    role: Option<Role>,
    recorded_at: Instant,
}

/// What was looked at, by the action of the entry.
const LOOKS: &[(&str, &str)] = &[
    (
        "access_log.handed_out",
        "Laget en oversikt til deg over hvem som har sett på opplysningene dine.",
    ),
    (
        "access_log.read",
        "Så på oversikten over hvem som har sett på opplysningene dine.",
    ),
    ("appeal.read", "Så på en klage i saken din."),
    (
        "application.duplicates_read",
        "Så etter om du har en søknad til.",
    ),
    (
        "application.intake_read",
        "Så på det som var kjent da søknaden din kom inn.",
    ),
    ("application.read", "Så på saken din."),
    (
        "application_draft.listed",
        "Så på en liste over søknader som ikke er sendt inn, der din var med.",
    ),
    (
        "application_draft.read",
        "Så på en søknad for deg som ikke er sendt inn.",
    ),
    (
        "audit.disclosed",
        "Hentet ut det historikken sier om deg, for kontroll.",
    ),
    (
        "audit.exported",
        "Hentet ut historikken i saken din for kontroll.",
    ),
    (
        "audit.read",
        "Så på historikken over hva som er gjort med opplysningene dine.",
    ),
    (
        "case.handed_out",
        "Ga ut det du har rett til å se i saken din.",
    ),
    (
        "circumstances.read",
        "Så på opplysninger om økonomi og botid.",
    ),
    (
        "decision.comparison_read",
        "Så hvem saken din ble sammenlignet med da det ble gjort vedtak, uten navn.",
    ),
    ("decision.read", "Leste et vedtak i saken din."),
    (
        "demolition.residents_read",
        "Så på hvem som trenger erstatningsbolig.",
    ),
    (
        "eligibility.read",
        "Så på om du oppfyller kriteriene for kommunal bolig.",
    ),
    (
        "emergency.read",
        "Åpnet saken din i en nødssituasjon, uten ellers å ha tilgang til den. Lederen er varslet, og det blir etterprøvd.",
    ),
    (
        "emergency.reason_read",
        "Etterprøvde at saken din ble åpnet i en nødssituasjon.",
    ),
    ("eviction.read", "Så på et varsel om husleierestanse."),
    (
        "exception.read",
        "Så på hvem som behandler saken din med unntak fra reglene om habilitet.",
    ),
    ("history.read", "Så på historikken i saken din."),
    ("household.read", "Så på opplysningene om husstanden din."),
    (
        "income.asked",
        "Hentet opplysninger om inntekten din fra Skatteetaten.",
    ),
    ("letter.read", "Så på et brev til deg."),
    (
        "matching.candidates_read",
        "Så hvem en ledig bolig kunne passe for, og du var blant dem.",
    ),
    (
        "matching.certificate_read",
        "Så hvorfor husstanden din ikke fikk plass i et tildelingsforslag.",
    ),
    (
        "matching.explained",
        "Så hvordan en bolig passer for husstanden din.",
    ),
    (
        "matching.longest_waits_read",
        "Så hvem som har ventet lengst på bolig, og du var blant dem.",
    ),
    (
        "matching.obstacles_read",
        "Så hva som hindrer at husstanden din får en bolig.",
    ),
    (
        "matching.proposal_read",
        "Så et forslag om bolig til husstanden din.",
    ),
    (
        "matching.proposals_read",
        "Så forslagene i en plan over ledige boliger, og husstanden din var blant dem.",
    ),
    (
        "matching.what_if_asked",
        "Prøvde ut hvordan boliger kunne fordeles, der saken din var med.",
    ),
    (
        "meeting.minutes_read",
        "Så på referatet fra et møte i tildelingsteamet.",
    ),
    ("person.found", "Fant deg i et søk."),
    ("person.read", "Så på personopplysningene dine."),
    (
        "person.registers_asked",
        "Spurte offentlige registre om opplysninger om deg.",
    ),
    ("referral.followed", "Så hvordan det går med en henvisning."),
    ("referral.read", "Så på en henvisning om deg."),
    (
        "referral.sent_again",
        "Sendte en henvisning om deg på nytt.",
    ),
    (
        "representation.read",
        "Så på hvem som kan opptre på dine vegne.",
    ),
    (
        "restriction.read",
        "Så om behandlingen av opplysningene dine er begrenset.",
    ),
    (
        "retention.read",
        "Så hvor lenge opplysningene dine skal bevares.",
    ),
    (
        "rights.handed_out",
        "Hentet ut alt som er lagret om deg, for å gi det til deg.",
    ),
    (
        "rule_set.previewed",
        "Prøvde hva nye regler ville bety for åpne saker.",
    ),
    (
        "shelter.read",
        "Så på opplysninger om midlertidig botilbud.",
    ),
    (
        "situation.read",
        "Så på opplysningene om boligsituasjonen din.",
    ),
    ("waiting.standing_read", "Så på plassen din på ventelisten."),
    (
        "webhook.secret_read",
        "Så på nøkkelen til et varsel mellom fagsystemer.",
    ),
];

/// What a look is called that a later version may know a word for.
const SOMETHING: &str = "Så på opplysninger om deg.";

fn what(action: &str) -> &'static str {
    let known = LOOKS.iter().find(|(known, _)| *known == action);
    known.map_or(SOMETHING, |(_, what)| what)
}

const fn who(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Caseworker) => "Saksbehandler i Boligtjenesten",
        Some(Role::TeamMember) => "Medlem av tverrfaglig tildelingsteam",
        Some(Role::DecisionMaker) => "Leder med vedtaksmyndighet",
        Some(Role::HousingManager) => "Boligforvalter",
        Some(Role::AppealsOfficer) => "Saksbehandler for klager",
        Some(Role::NavAdvisor) => "Veileder i NAV",
        Some(Role::Statistician) => "Statistiker",
        Some(Role::Auditor) => "Revisor",
        Some(Role::PrivacyOfficer) => "Personvernombudet",
        Some(Role::Admin) => "Systemansvarlig",
        None => "Fagsystemet selv",
    }
}

/// A page of the letter. That it was made is itself a look, and recorded.
pub(super) fn extract(
    tx: &mut Tx<'_>,
    call: &Call,
    paging: &Paging,
) -> Result<Page<Look>, Problem> {
    let person: PersonId = call.id()?;
    access::must_be_impartial_to(tx, person)?;
    if acts::find_person(tx, person)?.is_none() {
        return Err(Problem::new(&NOT_FOUND));
    }
    let looks = Filter {
        subjects: vec![person.uuid()],
        kind: Some(EntryKind::Access),
        ..Filter::default()
    };
    tx.record(Entry::access("access_log.handed_out").about(person));
    audit::page_of(tx, &looks, paging)?.try_map(|entry| look(&entry))
}

fn look(entry: &RecordedEntry) -> Result<Look, Problem> {
    let told: Told = serde_json::from_str(entry.entry.get())
        .map_err(|_| Problem::internal("an entry is not of the log's form"))?;
    Ok(Look {
        at: told.recorded_at,
        when: told.recorded_at.in_norwegian(),
        who: who(told.role),
        what: what(&told.action),
        why: Purpose::of(&told.action).map_or("", Purpose::in_norwegian),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_is_known_once_and_told_in_a_sentence() {
        for (place, (action, what)) in LOOKS.iter().enumerate() {
            assert!(what.ends_with('.') && *what != SOMETHING, "{action}");
            assert!(
                LOOKS
                    .iter()
                    .skip(place + 1)
                    .all(|(other, _)| other > action)
            );
        }
    }
}
