//! The letter by which an applicant is told why it takes longer, and when an answer can be expected.

use super::model::{DelayReason, ReplyKind};
use super::store::Reply;
use crate::applications::Application;
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::LetterId;
use crate::letters::{self, Field, Language, LetterKind, NewLetter};
use crate::problem::Problem;

/// Writes the letter of a reply; `promised` is the day that was named before, where one was.
pub(super) fn write(
    tx: &mut Tx<'_>,
    case: &Application,
    reply: &Reply,
    promised: Option<Day>,
    language: Language,
) -> Result<Vec<LetterId>, Problem> {
    let kind = match reply.kind {
        ReplyKind::Interim => LetterKind::InterimReply,
        ReplyKind::Delay => LetterKind::DelayNotice,
    };
    let promised = promised.map(Day::in_norwegian).unwrap_or_default();
    let values = letters::values_of_case(tx, case)?
        .with(Field::DelayReason, why(reply.reason, language))
        .with(Field::ExpectedOn, reply.expected_by.in_norwegian())
        .with(Field::PromisedOn, promised);
    let new = NewLetter {
        kind,
        language,
        subject: case.id.uuid(),
        values: &values,
    };
    let written = letters::write(tx, case, &new)?;
    Ok(written.into_iter().map(|letter| letter.id).collect())
}

/// Why it takes longer, in a sentence.
const fn why(reason: DelayReason, language: Language) -> &'static str {
    match (reason, language) {
        (DelayReason::DocumentsMissing, Language::Bokmal) => {
            "Vi mangler dokumentasjon som vi har bedt om."
        }
        (DelayReason::DocumentsMissing, Language::Nynorsk) => {
            "Vi manglar dokumentasjon som vi har bede om."
        }
        (DelayReason::OthersMustBeHeard, Language::Bokmal) => {
            "Vi venter på en uttalelse fra andre, for eksempel helse- og omsorgstjenesten."
        }
        (DelayReason::OthersMustBeHeard, Language::Nynorsk) => {
            "Vi ventar på ei fråsegn frå andre, til dømes helse- og omsorgstenesta."
        }
        (DelayReason::LongerAssessment, Language::Bokmal) => {
            "Saken krever en grundigere vurdering."
        }
        (DelayReason::LongerAssessment, Language::Nynorsk) => "Saka krev ei grundigare vurdering.",
        (DelayReason::Capacity, Language::Bokmal) => {
            "Vi har flere saker enn vi rekker å behandle i tide."
        }
        (DelayReason::Capacity, Language::Nynorsk) => {
            "Vi har fleire saker enn vi rekk å handsame i tide."
        }
    }
}
