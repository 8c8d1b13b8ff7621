//! What came in, as the record that the archive gets.

use super::words;
use crate::appeals;
use crate::applications;
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::{AppealId, ApplicationId, Id, PersonId};
use crate::letters::{FiledDocument, Sheet, sheet};
use crate::people;
use crate::problem::Problem;
use crate::registers::JournalEntry;

/// What anybody may read of an application in the archive's public journal: of nobody.
const APPLICATION_TITLE: &str = "Søknad om bolig";
/// The same of an appeal.
const APPEAL_TITLE: &str = "Klage i sak om bolig";

/// What came in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Incoming {
    /// The application of a case.
    Application(ApplicationId),
    /// An appeal in it.
    Appeal(AppealId),
}

impl Incoming {
    /// As the archive knows it.
    pub(super) fn filed(self) -> (FiledDocument, Id<FiledDocument>) {
        match self {
            Self::Application(id) => (FiledDocument::Application, Id::from_uuid(id.uuid())),
            Self::Appeal(id) => (FiledDocument::Appeal, Id::from_uuid(id.uuid())),
        }
    }
}

/// The record; none where nothing was received, because the case was taken over from before.
pub(super) fn record(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    incoming: Incoming,
) -> Result<Option<JournalEntry>, Problem> {
    let (title, said) = match incoming {
        Incoming::Application(id) => (APPLICATION_TITLE, application(tx, id)?),
        Incoming::Appeal(id) => (APPEAL_TITLE, Some(appeal(tx, id)?)),
    };
    let Some(said) = said else {
        return Ok(None);
    };
    let (_, id) = incoming.filed();
    Ok(Some(JournalEntry {
        client_message_id: id.to_string(),
        case_reference: case.to_string(),
        public_title: title.to_owned(),
        kind: 'I',
        document: (format!("{id}.pdf"), sheet(tx, said)?),
    }))
}

fn application(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<Sheet>, Problem> {
    let Some(received) = applications::as_received(tx, id)? else {
        return Ok(None);
    };
    let case = applications::load(tx, id)?;
    let ids: Vec<PersonId> = received.members.iter().map(|(person, _)| *person).collect();
    let names = people::names(tx, &ids)?;
    let member = |(person, role): &(PersonId, people::MemberRole)| {
        let name = names.get(person).map(people::Name::whole);
        format!("{}: {}", words::role(*role), name.unwrap_or_default())
    };
    let lives = if received.lives_in_municipal_dwelling {
        "Bor i kommunal bolig"
    } else {
        "Bor ikke i kommunal bolig"
    };
    let mut about = vec![words::kind(received.kind).to_owned(), lives.to_owned()];
    let situations = received.situations.iter();
    about.extend(situations.map(|it| format!("Boligsituasjon: {}", it.code())));
    let mut sections = vec![
        ("Søknaden".to_owned(), about),
        (
            "Husstanden".to_owned(),
            received.members.iter().map(member).collect(),
        ),
    ];
    if let Some(needs) = &received.needs {
        sections.push((
            "Behov, slik de ble oppgitt".to_owned(),
            words::listed(needs)?,
        ));
    }
    let sheet = Sheet {
        title: APPLICATION_TITLE.to_owned(),
        sender: name(tx, case.applicant_id)?,
        written_at: case.created_at,
        particulars: particulars(id, received.received_on),
        sections,
    };
    Ok(Some(sheet))
}

fn appeal(tx: &mut Tx<'_>, id: AppealId) -> Result<Sheet, Problem> {
    let appeal = appeals::load(tx, id)?;
    let said = appeals::words_of(tx, &appeal)?;
    let mut particulars = particulars(appeal.application_id, appeal.received_on);
    particulars.push(format!("Sendt: {}", appeal.sent_on.in_norwegian()));
    particulars.push(format!("Vedtak: {}", appeal.decision_id));
    Ok(Sheet {
        title: APPEAL_TITLE.to_owned(),
        sender: name(tx, appeal.appellant_id)?,
        written_at: appeal.received_at,
        particulars,
        sections: vec![("Klagen".to_owned(), vec![said.grounds.text])],
    })
}

fn particulars(case: ApplicationId, received_on: Day) -> Vec<String> {
    vec![
        format!("Mottatt: {}", received_on.in_norwegian()),
        format!("Saksreferanse: {case}"),
    ]
}

fn name(tx: &mut Tx<'_>, person: PersonId) -> Result<String, Problem> {
    let name = people::name_of(tx, person)?;
    Ok(name.map(|it| it.whole()).unwrap_or_default())
}
