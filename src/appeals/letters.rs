//! The letters of an appeal: not taken up, handed over, decided.

use super::model::AppealOutcome;
use super::rules::Facts;
use super::store::Appeal;
use crate::access::Statement;
use crate::applications;
use crate::clock::Instant;
use crate::db::Tx;
use crate::decisions;
use crate::letters::{
    self, Field, Language, LetterKind, NewLetter, Values, values_of_case, with_appeal,
};
use crate::problem::Problem;

const fn in_form(language: Language, nb: &'static str, nn: &'static str) -> &'static str {
    match language {
        Language::Bokmal => nb,
        Language::Nynorsk => nn,
    }
}

/// To whom a letter about an appeal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// Those to whom the letters of the case go.
    Party,
    /// Whoever appealed without being a party.
    Outsider,
}

fn write(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    (kind, to): (LetterKind, To),
    language: Language,
    add: impl FnOnce(Values) -> Values,
) -> Result<(), Problem> {
    let case = applications::load(tx, appeal.application_id)?;
    let decision = decisions::load(tx, appeal.decision_id)?;
    let decided_on = decision.decided_at.map_or(tx.today(), Instant::day);
    let values =
        values_of_case(tx, &case)?.with(Field::AppealReceivedOn, appeal.received_on.in_norwegian());
    let values = add(with_appeal(tx, values, &decision, decided_on, language)?);
    let new = NewLetter {
        kind,
        language,
        subject: appeal.id.uuid(),
        values: &values,
    };
    match to {
        To::Party => letters::write(tx, &case, &new).map(|_| ()),
        To::Outsider => {
            letters::write_to_appellant(tx, &case, &new, appeal.appellant_id).map(|_| ())
        }
    }
}

/// An appeal is not taken up.
pub(super) fn dismissed(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    facts: Facts,
    why: &Statement,
    language: Language,
) -> Result<(), Problem> {
    let decision = decisions::load(tx, appeal.decision_id)?;
    let sent = appeal.sent_on.in_norwegian();
    let found = match (decision.appeal_until, facts.is_in_time) {
        (Some(last), false) => {
            let last = last.in_norwegian();
            match language {
                Language::Bokmal => {
                    format!("Klagefristen gikk ut {last}. Klagen ble sendt {sent}.")
                }
                Language::Nynorsk => {
                    format!("Klagefristen gjekk ut {last}. Klaga vart send {sent}.")
                }
            }
        }
        _ => in_form(
            language,
            "Klagen er sendt av en som ikke er part i saken og ikke har fullmakt til å klage.",
            "Klaga er send av ein som ikkje er part i saka og ikkje har fullmakt til å klage.",
        )
        .to_owned(),
    };
    let decided = in_form(language, "Klagen din er avvist.", "Klaga di er avvist.");
    let rules = in_form(
        language,
        "Forvaltningsloven §§ 28, 29, 31 og 33",
        "Forvaltningslova §§ 28, 29, 31 og 33",
    );
    // Whoever is no party is told, and nobody else: the party has not appealed.
    let to = if facts.is_by_party {
        To::Party
    } else {
        To::Outsider
    };
    write(
        tx,
        appeal,
        (LetterKind::AppealDismissed, to),
        language,
        |values| {
            values
                .with(Field::Conclusion, decided)
                .with(Field::Rules, rules)
                .with(Field::Facts, found)
                .with_said(Field::Considerations, why)
        },
    )
}

/// The first instance stands by its decision; the party has the assessment in copy (forvaltningsloven § 33 fourth paragraph).
pub(super) fn forwarded(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    assessment: &Statement,
    language: Language,
) -> Result<(), Problem> {
    write(
        tx,
        appeal,
        (LetterKind::AppealForwarded, To::Party),
        language,
        |values| values.with_said(Field::Assessment, assessment),
    )
}

/// Who wins may claim the costs; who does not is told nothing of them.
const fn costs(outcome: AppealOutcome, language: Language) -> &'static str {
    match outcome {
        AppealOutcome::Upheld => "",
        AppealOutcome::Changed | AppealOutcome::Returned => in_form(
            language,
            "\nDu kan kreve dekket vesentlige kostnader som var nødvendige for å få vedtaket endret. Fristen er tre uker fra du fikk dette brevet (forvaltningsloven § 36).",
            "\nDu kan krevje dekt vesentlege kostnader som var nødvendige for å få vedtaket endra. Fristen er tre veker frå du fekk dette brevet (forvaltningslova § 36).",
        ),
    }
}

/// What the appeal came to.
pub(super) fn decided(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    outcome: AppealOutcome,
    why: &Statement,
    raises: bool,
    language: Language,
) -> Result<(), Problem> {
    let (decided, then) = match outcome {
        AppealOutcome::Upheld => (
            in_form(
                language,
                "Vedtaket blir stående. Du fikk ikke medhold i klagen.",
                "Vedtaket blir ståande. Du fekk ikkje medhald i klaga.",
            ),
            in_form(
                language,
                "Endrer situasjonen din seg, kan du søke på nytt.",
                "Endrar situasjonen din seg, kan du søkje på nytt.",
            ),
        ),
        AppealOutcome::Changed if raises => (
            in_form(
                language,
                "Vedtaket er endret. Du fikk medhold i klagen.",
                "Vedtaket er endra. Du fekk medhald i klaga.",
            ),
            in_form(
                language,
                "Du får leie en kommunal bolig og har fortrinn til en bolig som passer. Den som allerede har fått en bolig, beholder den.",
                "Du får leige ein kommunal bustad og har fortrinn til ein bustad som passar. Den som alt har fått ein bustad, held på han.",
            ),
        ),
        AppealOutcome::Changed => (
            in_form(
                language,
                "Vedtaket er endret. Du fikk medhold i klagen.",
                "Vedtaket er endra. Du fekk medhald i klaga.",
            ),
            in_form(
                language,
                "Kommunen følger opp det som nå er bestemt, og tar kontakt med deg.",
                "Kommunen følgjer opp det som no er bestemt, og tek kontakt med deg.",
            ),
        ),
        AppealOutcome::Returned => (
            in_form(
                language,
                "Vedtaket er opphevet. Kommunen må behandle saken på nytt.",
                "Vedtaket er oppheva. Kommunen må handsame saka på nytt.",
            ),
            in_form(
                language,
                "Kommunen vurderer saken på nytt og sender deg et nytt vedtak, som du kan klage på.",
                "Kommunen vurderer saka på nytt og sender deg eit nytt vedtak, som du kan klage på.",
            ),
        ),
    };
    let then = format!("{then}{}", costs(outcome, language));
    let told = (LetterKind::AppealOutcome, To::Party);
    write(tx, appeal, told, language, |values| {
        values
            .with(Field::Conclusion, decided)
            .with_said(Field::Considerations, why)
            .with(Field::Consequence, then)
    })
}
