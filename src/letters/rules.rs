//! What a letter must contain, what it must not say, and when it can be sent, as pure rules.

use super::lifecycle::{LetterMove, LetterState};
use super::model::{LetterKind, Part, ProofOfReceipt};
#[cfg(test)]
use super::template::{Template, fields};
use crate::clock::Instant;
use crate::problem::{FieldFault, Problem};
use crate::refusals;
use crate::tasks::Days;

refusals! {
    /// Why a letter cannot be written or sent so.
    pub enum Refusal {
        PartMissing = 422 "letter_part_missing", "Brevet mangler deler som loven krever.", "The letter lacks parts that the law demands.";
        NothingToTell = 409 "nothing_to_tell", "Saken står ikke slik at det kan sendes et slikt brev.", "The case does not stand so that such a letter can be written.";
        WrongState = 409 "letter_wrong_state", "Brevet står ikke slik at dette kan gjøres.", "The letter does not stand so that this can be done.";
        ReceivedBeforeSent = 422 "received_before_sent", "Brevet kan ikke være mottatt før det ble sendt eller fram i tid.", "The letter cannot have been received before it was sent, or ahead of now.", at "/receivedAt";
        PostStillOnItsWay = 422 "post_on_its_way", "Posten må få den tiden som kommunen regner for postgang før brevet regnes som mottatt.", "The post is given the time that the municipality reckons for it before a letter counts as received.", at "/receivedAt";
        WordsForbidden = 422 "words_forbidden", "Teksten sier noe som et brev ikke kan si.", "The text says something that no letter may say.";
        AddressHidden = 409 "address_hidden", "Brevet ble skrevet før mottakerens adresse ble beskyttet. Forkast det og skriv et nytt.", "The letter was written before the recipient's address was protected. Discard it and write another.";
        NoAddress = 409 "no_address", "Mottakeren har ingen adresse som brevet kan sendes til.", "The recipient has no address to which the letter can go.";
        RecipientDied = 409 "recipient_died", "Mottakeren er død, og brevet holdes tilbake. Registrer hvem som tar imot brev for boet, og skriv brevet på nytt.", "The recipient has died, and the letter is held. Record who receives letters for the estate, and write the letter anew.";
    }
}

/// The parts without which a letter of this kind is not written. A template may hold more.
#[must_use]
pub(super) const fn required(kind: LetterKind) -> &'static [Part] {
    use Part::{
        Access, Answer, AppealRight, Complaint, Conclusion, Consequence, Considerations, Contact,
        Delay, Documents, ExecutionAndCosts, ExpectedOn, Facts, ForwardedTo, Guidance, Home,
        NextSteps, Premises, Rules,
    };
    match kind {
        LetterKind::Decision => &[
            Conclusion,
            Home,
            Rules,
            Facts,
            Considerations,
            Premises,
            AppealRight,
            Access,
            ExecutionAndCosts,
            Contact,
        ],
        LetterKind::Refusal => &[
            Conclusion,
            Rules,
            Facts,
            Considerations,
            Guidance,
            AppealRight,
            Access,
            ExecutionAndCosts,
            Contact,
        ],
        LetterKind::Lapse | LetterKind::AppealDismissed => &[
            Conclusion,
            Rules,
            Facts,
            Considerations,
            AppealRight,
            Access,
            ExecutionAndCosts,
            Contact,
        ],
        LetterKind::InterimReply | LetterKind::DelayNotice => {
            &[Conclusion, Delay, ExpectedOn, Contact]
        }
        LetterKind::ForwardingNotice => &[Conclusion, ForwardedTo, NextSteps, Contact],
        LetterKind::DocumentsRequested => &[Conclusion, Documents, Consequence, Contact],
        LetterKind::WithdrawalConfirmed => &[Conclusion, NextSteps, Contact],
        LetterKind::Offer => &[Conclusion, Home, Answer, Consequence, Contact],
        LetterKind::OfferWithdrawn => &[Conclusion, Facts, NextSteps, Contact],
        LetterKind::AppealForwarded => &[Conclusion, Considerations, NextSteps, Access, Contact],
        LetterKind::AppealOutcome => &[Conclusion, Considerations, NextSteps, Contact],
        LetterKind::CorrectionMade => &[Conclusion, Facts, Access, Contact],
        LetterKind::CorrectionRefused => &[Conclusion, Considerations, Complaint, Access, Contact],
    }
}

/// The refusal of a letter that lacks these parts, each with the provision that asks for it.
pub(super) fn lacks(missing: &[Part]) -> Problem {
    let mut problem = Problem::from(Refusal::PartMissing);
    problem.errors = missing
        .iter()
        .map(|part| {
            let statute = part.statute();
            FieldFault::new(
                format!("/parts/{part}"),
                "missing",
                format!("Mangler ({statute})."),
                format!("Missing ({statute})."),
            )
        })
        .collect();
    problem
}

/// What no letter may say: that there is no right to appeal, or that others cannot be considered (Sivilombudet), and bases that
/// no longer hold.
const FORBIDDEN: &[&str] = &[
    "kan ikke påklages",
    "kan ikkje klagast",
    "ikke klagerett",
    "ikkje klagerett",
    "ingen klagerett",
    "ikke lovpålagt",
    "ikkje lovpålagd",
    "avgjørelsen er endelig",
    "avgjerda er endeleg",
    "kjenner ikke de andre søkerne",
    "kjenner ikkje dei andre søkjarane",
    "helse- og omsorgstjenesteloven § 3-7",
    "helse- og omsorgstenestelova § 3-7",
];

/// The final word of the body of appeal stands in its own letter only.
const FINAL_HERE: &[&str] = &["kan ikke påklages videre", "kan ikkje klagast vidare"];

/// What is wrong with a template; nothing when it may be used. Templates are compiled in, so a test asks this of each.
#[cfg(test)]
#[must_use]
pub(super) fn faults_of_template(template: &Template) -> Vec<String> {
    let chapters = match template.chapters() {
        Ok(chapters) => chapters,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    if template.title().trim().is_empty() {
        faults.push("no title".to_owned());
    }
    for part in required(template.kind) {
        let has = chapters
            .iter()
            .any(|chapter| chapter.part == *part && !chapter.may_be_absent);
        if !has {
            faults.push(format!("lacks {part} ({})", part.statute()));
        }
    }
    for words in chapters.iter().flat_map(super::template::Chapter::words) {
        faults.extend(fields(words).err());
        faults.extend(forbidden_in(words, template.kind));
    }
    faults
}

/// The forbidden words of a text, if any: asked of templates, and of what people write into a letter.
#[must_use]
pub(super) fn forbidden_in(text: &str, kind: LetterKind) -> Option<String> {
    let lower = text.to_lowercase();
    let is_final =
        kind == LetterKind::AppealOutcome && FINAL_HERE.iter().any(|words| lower.contains(words));
    let found = FORBIDDEN.iter().find(|words| lower.contains(**words));
    found
        .filter(|_| !is_final)
        .map(|words| format!("says «{words}»"))
}

/// Where a letter that stands so comes by this move.
pub(super) fn take(state: LetterState, by: LetterMove) -> Result<LetterState, Problem> {
    state
        .after(by)
        .ok_or_else(|| Problem::from(Refusal::WrongState).fact("state", state.code()))
}

/// Whether a letter that was sent at a moment can have been received at another, by this proof.
pub(super) fn may_prove(
    sent_at: Instant,
    received_at: Instant,
    proof: ProofOfReceipt,
    postal_course: Days,
    now: Instant,
) -> Result<(), Problem> {
    if received_at < sent_at || received_at > now {
        return Err(Refusal::ReceivedBeforeSent.into());
    }
    let earliest = postal_course.ahead_of(sent_at.day());
    if proof == ProofOfReceipt::PostalCourse && received_at.day() < earliest {
        let refused = Problem::from(Refusal::PostStillOnItsWay);
        return Err(refused.fact("earliest", earliest.0.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::model::{Field, Language, Values};
    use super::super::template::{TEMPLATES, newest};
    use super::*;

    #[test]
    fn every_template_holds_what_the_law_demands_and_nothing_that_it_forbids() {
        for template in TEMPLATES {
            let faults = faults_of_template(template);
            let name = format!("{} {}", template.kind, template.language);
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }

    #[test]
    fn every_kind_is_there_in_both_languages() {
        for kind in LetterKind::ALL {
            for language in Language::ALL {
                assert!(newest(*kind, *language).is_some(), "{kind} {language}");
            }
        }
    }

    #[test]
    fn a_template_without_the_right_to_appeal_or_that_denies_it_is_refused() {
        let text = "Avslag\n[CONCLUSION] Vedtak\nAvslått. Vedtaket kan ikke påklages, fordi bolig ikke er lovpålagt.\n[RULES] R\n{RULES} {NOBODY}\n";
        let template = Template {
            kind: LetterKind::Refusal,
            language: Language::Bokmal,
            version: 1,
            text,
        };
        let faults = faults_of_template(&template).join("\n");
        assert!(faults.contains("lacks APPEAL_RIGHT (forvaltningsloven § 27"));
        assert!(faults.contains("says «kan ikke påklages»"));
        assert!(faults.contains("no field: NOBODY"));
    }

    #[test]
    fn a_letter_with_a_missing_part_is_refused_and_names_it_with_the_statute() {
        let template = newest(LetterKind::Refusal, Language::Nynorsk).unwrap();
        let values = Values::default()
            .with(Field::Conclusion, "Du får ikkje bustad.")
            .with(Field::Facts, "  ");
        let missing = template.fill(&values).err().unwrap();
        assert!(missing.contains(&Part::Facts) && missing.contains(&Part::Rules));
        let problem = lacks(&missing);
        let facts = problem
            .errors
            .iter()
            .find(|it| it.pointer == "/parts/FACTS");
        assert!(facts.unwrap().title_nb.contains("§ 25 andre ledd"));
    }
}
