//! The tables of letters.

use diesel::prelude::*;

use super::lifecycle::LetterState;
use super::model::{Channel, Language, LetterKind, ProofOfReceipt};
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{letter, letter_content};
use crate::ids::{ApplicationId, Id, LetterId, MunicipalityId, PersonId, UserId};
use crate::parties::PartyRole;
use crate::problem::Problem;

/// The kind of an id that names whatever a letter is about.
#[derive(Debug)]
pub enum Subject {}

/// A letter to one recipient, and where it stands on its way.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = letter, treat_none_as_default_value = false)]
pub struct Letter {
    /// The municipality that writes.
    pub municipality_id: MunicipalityId,
    /// The letter.
    pub id: LetterId,
    /// Rises with every change of where it stands.
    pub version: i32,
    /// The case.
    pub application_id: ApplicationId,
    /// The decision, offer, appeal or case that it is about.
    pub subject_id: Id<Subject>,
    /// What it is.
    pub kind: LetterKind,
    /// In which form of Norwegian.
    pub language: Language,
    /// From which version of the template.
    pub template_version: i16,
    /// To whom.
    pub recipient_id: PersonId,
    /// What the recipient is in the case.
    pub recipient_role: PartyRole,
    /// Whether time runs from its receipt.
    pub starts_clock: bool,
    /// Where it stands.
    pub state: LetterState,
    /// By which way it goes.
    pub channel: Option<Channel>,
    /// Who wrote it; nobody when the service did.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Instant,
    /// When it was last handed to the outbox.
    pub dispatched_at: Option<Instant>,
    /// When a channel first took it.
    pub sent_at: Option<Instant>,
    /// When it arrived.
    pub received_at: Option<Instant>,
    /// By what that is proved.
    pub proof: Option<ProofOfReceipt>,
}

/// What a letter says, sealed.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = letter_content, treat_none_as_default_value = false)]
pub(super) struct Content {
    pub(super) municipality_id: MunicipalityId,
    pub(super) letter_id: LetterId,
    pub(super) sealed: String,
    pub(super) html_sha256: Vec<u8>,
    pub(super) pdf_sha256: Vec<u8>,
    pub(super) written_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Letter, content: &Content) -> Result<(), Problem> {
    diesel::insert_into(letter::table)
        .values(row)
        .execute(tx.conn())?;
    diesel::insert_into(letter_content::table)
        .values(content)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: LetterId) -> Result<Option<Letter>, Problem> {
    let key = (tx.municipality(), id);
    let found = letter::table
        .find(key)
        .select(letter::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn content(tx: &mut Tx<'_>, id: LetterId) -> Result<Content, Problem> {
    let key = (tx.municipality(), id);
    Ok(letter_content::table
        .find(key)
        .select(letter_content::all_columns)
        .first(tx.conn())?)
}

/// The letters of a case, oldest first.
pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Letter>, Problem> {
    let municipality = tx.municipality();
    Ok(letter::table
        .filter(letter::municipality_id.eq(municipality))
        .filter(letter::application_id.eq(case))
        .order(letter::id)
        .select(letter::all_columns)
        .load(tx.conn())?)
}

/// Writes down where a letter stands now, if it is still at the version that was read.
pub(super) fn advance(tx: &mut Tx<'_>, of: &Letter, to: &Letter) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(letter::table.find(key))
        .filter(letter::version.eq(of.version))
        .set((
            letter::state.eq(to.state),
            letter::channel.eq(to.channel),
            letter::dispatched_at.eq(to.dispatched_at),
            letter::sent_at.eq(to.sent_at),
            letter::received_at.eq(to.received_at),
            letter::proof.eq(to.proof),
            letter::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}
