//! Sending a letter on its way, and what is learnt of it there.

use uuid::uuid;

use super::lifecycle::LetterMove;
use super::model::{Channel, LetterKind, ProofOfReceipt};
use super::rules::{self, Refusal};
use super::store::{self, Letter};
use super::way_store;
use super::writing::{self, Set, entry_of};
use crate::access;
use crate::applications;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, Id, LetterId, PersonId};
use crate::outbox::{self, Outgoing, Topic};
use crate::people;
use crate::problem::{NOT_FOUND, Problem};
use crate::tasks::{self, NewTask, TaskKind};

/// The lane of letters that are handed over, which wait for no channel.
const BY_HAND: Id<Channel> = Id::from_uuid(uuid!("01900000-0000-7000-8000-00000000b1d0"));

pub(super) fn load(tx: &mut Tx<'_>, id: LetterId) -> Result<Letter, Problem> {
    let found = store::find(tx, id)?;
    let case = found.as_ref().map(|it| it.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The letters of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Letter>, Problem> {
    store::of_case(tx, case)
}

/// Takes a move, with whatever else becomes known by it.
fn advance(
    tx: &mut Tx<'_>,
    of: &Letter,
    by: LetterMove,
    change: impl FnOnce(&mut Letter),
) -> Result<Letter, Problem> {
    let mut to = of.clone();
    to.state = rules::take(of.state, by)?;
    change(&mut to);
    must_be_current(store::advance(tx, of, &to)?)?;
    load(tx, of.id)
}

/// Hands a letter to the outbox, which brings it to the channel after this is committed.
pub(super) fn dispatch(
    tx: &mut Tx<'_>,
    letter: &Letter,
    channel: Channel,
) -> Result<Letter, Problem> {
    rules::take(letter.state, LetterMove::Dispatch)?;
    let set = writing::open(tx, letter)?;
    must_reach(tx, letter, &set, channel)?;
    let now = tx.now();
    let moved = advance(tx, letter, LetterMove::Dispatch, |to| {
        to.channel = Some(channel);
        to.dispatched_at = Some(now);
    })?;
    let outgoing = match channel {
        // From hand to hand it leaves however things stand with the ways of others.
        Channel::InPerson => Outgoing::new(Topic::Letter, letter.id, letter.id).to(BY_HAND),
        // The letters of a case keep their order.
        Channel::Digital | Channel::Post => {
            Outgoing::new(Topic::Letter, letter.application_id, letter.id)
        }
    };
    outbox::put(tx, outgoing)?;
    tasks::close(tx, TaskKind::ResendLetter, letter.application_id)?;
    if matches!(
        letter.kind,
        LetterKind::CorrectionMade | LetterKind::CorrectionRefused
    ) {
        let told = PersonId::from_uuid(letter.subject_id.uuid());
        tasks::close(tx, TaskKind::TellOfCorrection, told)?;
    }
    tx.record(entry_of("letter.dispatched", letter).fact("channel", channel.code()));
    Ok(moved)
}

/// Refuses a letter to somebody who has died, one that shows an address which is protected now, and one that has none to go to by post.
fn must_reach(
    tx: &mut Tx<'_>,
    letter: &Letter,
    set: &Set,
    channel: Channel,
) -> Result<(), Problem> {
    if people::has_died(tx, letter.recipient_id)? {
        return Err(Refusal::RecipientDied.into());
    }
    let addressed = people::addressed(tx, letter.recipient_id)?;
    if set.recipient.len() > 1 && addressed.len() == 1 {
        return Err(Refusal::AddressHidden.into());
    }
    if channel == Channel::Post && addressed.len() == 1 {
        return Err(Refusal::NoAddress.into());
    }
    Ok(())
}

/// What is handed to a channel, unless it is on its way no longer.
pub(super) fn parcel(tx: &mut Tx<'_>, id: LetterId) -> Result<Option<(Letter, Set)>, Problem> {
    let letter = load(tx, id)?;
    if rules::take(letter.state, LetterMove::Send).is_err() {
        return Ok(None);
    }
    let channel = letter.channel.unwrap_or(Channel::Digital);
    let set = writing::open(tx, &letter)?;
    must_reach(tx, &letter, &set, channel)?;
    Ok(Some((letter, set)))
}

/// A letter that is still to be taken by a channel.
pub(super) fn under_way(tx: &mut Tx<'_>, id: LetterId) -> Result<Option<Letter>, Problem> {
    let letter = load(tx, id)?;
    let can_go = rules::take(letter.state, LetterMove::Send).is_ok();
    Ok(can_go.then_some(letter))
}

/// The recipient does not want digital letters, or cannot be told of them: this one goes by post.
pub(super) fn turn_to_paper(tx: &mut Tx<'_>, id: LetterId) -> Result<(), Problem> {
    let Some(letter) = under_way(tx, id)?.filter(|it| it.channel == Some(Channel::Digital)) else {
        tx.change_nothing();
        return Ok(());
    };
    advance(tx, &letter, LetterMove::Dispatch, |to| {
        to.channel = Some(Channel::Post);
    })?;
    let entry = entry_of("letter.channel_changed", &letter);
    tx.record(entry.fact("channel", Channel::Post.code()));
    Ok(())
}

/// How a channel took a letter.
#[derive(Debug)]
pub(super) struct Taken {
    /// By which reference it can be asked about the letter.
    pub(super) reference: Option<String>,
    /// Whether the letter goes to the archive.
    pub(super) is_filed: bool,
}

/// The channel has taken a letter.
pub(super) fn mark_sent(tx: &mut Tx<'_>, id: LetterId, taken: &Taken) -> Result<(), Problem> {
    let Some(letter) = under_way(tx, id)? else {
        // Delivered twice, or discarded meanwhile.
        tx.change_nothing();
        return Ok(());
    };
    let now = tx.now();
    advance(tx, &letter, LetterMove::Send, |to| {
        to.sent_at = to.sent_at.or(Some(now));
    })?;
    if let Some(reference) = &taken.reference {
        way_store::insert_shipment(tx, id, reference)?;
    }
    if taken.is_filed {
        outbox::put(tx, Outgoing::new(Topic::Archive, letter.application_id, id))?;
    }
    tx.record(entry_of("letter.sent", &letter));
    Ok(())
}

/// No channel takes a letter: it comes back.
pub(super) fn give_back(tx: &mut Tx<'_>, id: LetterId) -> Result<(), Problem> {
    if let Some(letter) = under_way(tx, id)? {
        return send_back(tx, &letter).map(drop);
    }
    tx.change_nothing();
    Ok(())
}

/// Writes down that a letter arrived. Whoever calls carries the news to what the letter is about.
pub(super) fn prove(
    tx: &mut Tx<'_>,
    letter: &Letter,
    received_at: Instant,
    proof: ProofOfReceipt,
) -> Result<Letter, Problem> {
    rules::take(letter.state, LetterMove::Prove)?;
    let sent_at = letter.sent_at.unwrap_or(letter.written_at);
    // What was promised when it was sent holds for it, whatever the municipality has said since.
    let postal_course = tasks::terms_on(tx, sent_at.day())?.postal_course;
    rules::may_prove(sent_at, received_at, proof, postal_course, tx.now())?;
    let moved = advance(tx, letter, LetterMove::Prove, |to| {
        to.received_at = Some(received_at);
        to.proof = Some(proof);
    })?;
    tx.record(
        entry_of("letter.received", letter)
            .fact("receivedAt", received_at.timestamp().to_string())
            .fact("proof", proof.code()),
    );
    Ok(moved)
}

/// A letter came back.
pub(super) fn send_back(tx: &mut Tx<'_>, letter: &Letter) -> Result<Letter, Problem> {
    let moved = advance(tx, letter, LetterMove::Return, |_| ())?;
    let case = letter.application_id;
    let due_on = tasks::terms(tx)?.resend_letter.after(tx.today());
    let task = task_of(tx, TaskKind::ResendLetter, case, due_on)?;
    tasks::open(tx, task)?;
    tx.record(entry_of("letter.returned", letter));
    Ok(moved)
}

/// Something to be done in a case because of a letter, by its caseworker.
pub(super) fn task_of(
    tx: &mut Tx<'_>,
    kind: TaskKind,
    case: ApplicationId,
    due_on: Day,
) -> Result<NewTask, Problem> {
    Ok(NewTask {
        kind,
        about: case.into(),
        case: Some(case),
        household: None,
        due_on,
        assigned_to: applications::look_up(tx, case)?.assigned_to,
    })
}

/// A letter is not sent after all.
pub(super) fn discard(tx: &mut Tx<'_>, letter: &Letter) -> Result<Letter, Problem> {
    let moved = advance(tx, letter, LetterMove::Discard, |_| ())?;
    tx.record(entry_of("letter.discarded", letter));
    Ok(moved)
}
