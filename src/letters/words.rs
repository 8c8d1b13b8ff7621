//! How codes and numbers are told to people, in both forms of Norwegian.

use super::model::Language;
use crate::applications::{Document, Needs};
use crate::clock::Instant;
use crate::decisions::{
    AppealBody, AssistanceForm, ConditionKind, ConditionPurpose, LegalBasis, Outcome,
};
use crate::housing::{Category, Dwelling, Feature};
use crate::offers::WithdrawnReason;

const fn in_form(language: Language, nb: &'static str, nn: &'static str) -> &'static str {
    match language {
        Language::Bokmal => nb,
        Language::Nynorsk => nn,
    }
}

/// A document that is asked for.
pub(super) const fn document(document: Document, language: Language) -> &'static str {
    let (nb, nn) = match document {
        Document::Income => (
            "dokumentasjon på inntekt de siste tre månedene",
            "dokumentasjon på inntekt dei siste tre månadene",
        ),
        Document::TaxReturn => ("siste skattemelding", "siste skattemelding"),
        Document::Lease => (
            "leiekontrakten du har nå, eller oppsigelsen av den",
            "leigekontrakten du har no, eller oppseiinga av han",
        ),
        Document::ResidencePermit => ("oppholdstillatelse", "opphaldsløyve"),
        Document::HealthStatement => (
            "uttalelse fra helse- og omsorgstjenesten",
            "fråsegn frå helse- og omsorgstenesta",
        ),
        Document::PowerOfAttorney => ("fullmakt", "fullmakt"),
    };
    in_form(language, nb, nn)
}

/// That a lease is renewed.
pub(super) const fn runs_on(language: Language) -> &'static str {
    let nb = "Du får fortsatt leie boligen du bor i. Leieavtalen forlenges.";
    let nn = "Du får framleis leige bustaden du bur i. Leigeavtalen blir forlengd.";
    in_form(language, nb, nn)
}

/// What is decided, in a sentence.
pub(super) fn conclusion(basis: LegalBasis, outcome: Outcome, language: Language) -> &'static str {
    let (nb, nn) = match (basis, outcome) {
        (LegalBasis::HousingAssistanceAct, Outcome::Granted) => (
            "Du får hjelp etter boligsosialloven § 7.",
            "Du får hjelp etter bustadsosiallova § 7.",
        ),
        (LegalBasis::HousingAssistanceAct, Outcome::PartlyGranted) => (
            "Du får en del av hjelpen du ba om, etter boligsosialloven § 7.",
            "Du får ein del av hjelpa du bad om, etter bustadsosiallova § 7.",
        ),
        (LegalBasis::HousingAssistanceAct, Outcome::Refused) => (
            "Du får ikke hjelp etter boligsosialloven § 7.",
            "Du får ikkje hjelp etter bustadsosiallova § 7.",
        ),
        (LegalBasis::CarePlace, Outcome::Granted) => (
            "Du får bolig med heldøgns omsorg.",
            "Du får bustad med heildøgns omsorg.",
        ),
        (LegalBasis::CarePlace, Outcome::PartlyGranted) => (
            "Du får en del av omsorgstilbudet du søkte om.",
            "Du får ein del av omsorgstilbodet du søkte om.",
        ),
        (LegalBasis::CarePlace, Outcome::Refused) => (
            "Du får ikke bolig med heldøgns omsorg.",
            "Du får ikkje bustad med heildøgns omsorg.",
        ),
        (LegalBasis::TemporaryAccommodation, Outcome::Granted | Outcome::PartlyGranted) => (
            "Du får midlertidig botilbud etter sosialtjenesteloven § 27.",
            "Du får mellombels butilbod etter sosialtenestelova § 27.",
        ),
        (LegalBasis::TemporaryAccommodation, Outcome::Refused) => (
            "Du får ikke midlertidig botilbud etter sosialtjenesteloven § 27.",
            "Du får ikkje mellombels butilbod etter sosialtenestelova § 27.",
        ),
        (LegalBasis::MunicipalDwelling, Outcome::Granted) => (
            "Du får leie en kommunal bolig.",
            "Du får leige ein kommunal bustad.",
        ),
        (LegalBasis::MunicipalDwelling, Outcome::PartlyGranted) => (
            "Du får leie en kommunal bolig, men ikke på alle punkter slik du søkte om.",
            "Du får leige ein kommunal bustad, men ikkje på alle punkt slik du søkte om.",
        ),
        (LegalBasis::MunicipalDwelling, Outcome::Refused) => (
            "Du får ikke leie en kommunal bolig.",
            "Du får ikkje leige ein kommunal bustad.",
        ),
        (_, Outcome::Dismissed) => (
            "Søknaden er avvist. Det betyr at vi ikke har vurdert innholdet i den.",
            "Søknaden er avvist. Det tyder at vi ikkje har vurdert innhaldet i han.",
        ),
        (_, Outcome::Lapsed) => (
            "Vedtaket om at du får leie en kommunal bolig, gjelder ikke lenger.",
            "Vedtaket om at du får leige ein kommunal bustad, gjeld ikkje lenger.",
        ),
    };
    in_form(language, nb, nn)
}

/// Who decides on an appeal.
pub(super) const fn appeal_body(body: AppealBody, language: Language) -> &'static str {
    match body {
        AppealBody::CountyGovernor => in_form(language, "Statsforvalteren", "Statsforvaltaren"),
        AppealBody::MunicipalAppealsBoard => {
            in_form(language, "Kommunens klagenemnd", "Klagenemnda til kommunen")
        }
    }
}

/// A condition with its purpose, and why it is needed here.
pub(super) fn condition(
    kind: ConditionKind,
    purpose: ConditionPurpose,
    because: &str,
    language: Language,
) -> String {
    let (nb, nn) = match kind {
        ConditionKind::DirectPayment => (
            "Husleia trekkes direkte fra ytelsen din, med ditt samtykke",
            "Husleiga blir trekt direkte frå ytinga di, med samtykke frå deg",
        ),
        ConditionKind::RepaymentPlan => (
            "Avtalen om å betale ned gjelden blir holdt",
            "Avtalen om å betale ned gjelda blir halden",
        ),
        ConditionKind::HousingAllowance => ("Du søker bostøtte", "Du søkjer bustøtte"),
        ConditionKind::HouseRules => (
            "Husordensreglene blir fulgt",
            "Husordensreglane blir følgde",
        ),
        ConditionKind::FollowUpMeetings => (
            "Du tar imot boveilederen etter avtale",
            "Du tek imot burettleiaren etter avtale",
        ),
        ConditionKind::ServicesInPlace => (
            "Tjenestene du trenger, er på plass når du flytter inn",
            "Tenestene du treng, er på plass når du flyttar inn",
        ),
        ConditionKind::HouseholdAsStated => (
            "Bare den husstanden som søkte, flytter inn",
            "Berre den husstanden som søkte, flyttar inn",
        ),
        ConditionKind::OwnEffort => (
            "Du er med på å finne en varig bolig",
            "Du er med på å finne ein varig bustad",
        ),
    };
    let what = in_form(language, nb, nn);
    let (nb, nn) = match purpose {
        ConditionPurpose::SecureRent => ("at leia blir betalt", "at leiga blir betalt"),
        ConditionPurpose::KeepTenancy => ("at leieforholdet varer", "at leigeforholdet varer"),
        ConditionPurpose::ProtectHome => (
            "at boligen blir tatt vare på",
            "at bustaden blir teken vare på",
        ),
        ConditionPurpose::SafeNeighbourhood => ("at naboene er trygge", "at naboane er trygge"),
        ConditionPurpose::RightUse => (
            "at boligen passer for dem som bor der",
            "at bustaden passar for dei som bur der",
        ),
        ConditionPurpose::MoveOn => (
            "at du kan flytte videre til en egen bolig",
            "at du kan flytte vidare til ein eigen bustad",
        ),
    };
    let why = in_form(language, nb, nn);
    let purpose = in_form(language, "Formålet er", "Føremålet er");
    format!("{what}. {purpose} {why}. {because}")
}

/// With what somebody is helped.
pub(super) fn assistance(forms: &[AssistanceForm], language: Language) -> String {
    let words: Vec<&str> = forms
        .iter()
        .map(|form| match form {
            AssistanceForm::Advice => in_form(language, "råd og veiledning", "råd og rettleiing"),
            AssistanceForm::FindingHome => in_form(
                language,
                "hjelp til å finne en bolig",
                "hjelp til å finne ein bustad",
            ),
            AssistanceForm::KeepingHome => in_form(
                language,
                "hjelp til å beholde boligen",
                "hjelp til å behalde bustaden",
            ),
            AssistanceForm::Financing => in_form(
                language,
                "hjelp med startlån, tilskudd og bostøtte",
                "hjelp med startlån, tilskot og bustøtte",
            ),
            AssistanceForm::AdaptingHome => {
                in_form(language, "tilpasning av boligen", "tilpassing av bustaden")
            }
            AssistanceForm::FollowUp => in_form(language, "oppfølging hjemme", "oppfølging heime"),
            AssistanceForm::MunicipalHome => in_form(
                language,
                "kommunal bolig, som det er et eget vedtak om",
                "kommunal bustad, som det er eit eige vedtak om",
            ),
        })
        .collect();
    let help = in_form(language, "Hjelpen er", "Hjelpa er");
    format!("{help}: {}.", words.join(", "))
}

const fn category(category: Category, language: Language) -> &'static str {
    match category {
        Category::Ordinary => in_form(language, "ordinær utleiebolig", "ordinær utleigebustad"),
        Category::Bedsit => "hybel",
        Category::Robust => in_form(language, "robust bolig", "robust bustad"),
        Category::RobustCare => in_form(language, "robust omsorgsbolig", "robust omsorgsbustad"),
        Category::Test => in_form(language, "testleilighet", "testleilegheit"),
        Category::Training => in_form(language, "treningsleilighet", "treningsleilegheit"),
        Category::Care => in_form(language, "omsorgsbolig", "omsorgsbustad"),
        Category::SharedHousing => {
            in_form(language, "bolig i bofellesskap", "bustad i bufellesskap")
        }
        Category::RoundTheClockCare => in_form(
            language,
            "bolig med heldøgns omsorg",
            "bustad med heildøgns omsorg",
        ),
        Category::AssistedSenior => in_form(language, "trygghetsbolig", "tryggleiksbustad"),
        Category::Youth => in_form(language, "ungdomsbolig", "ungdomsbustad"),
        Category::ChildRespite => in_form(
            language,
            "barne- og avlastningsbolig",
            "barne- og avlastingsbustad",
        ),
        Category::CrisisDiversion => in_form(language, "avvergerbolig", "avverjarbustad"),
        Category::Temporary => in_form(language, "midlertidig botilbud", "mellombels butilbod"),
        Category::Replacement => in_form(language, "erstatningsbolig", "erstatningsbustad"),
    }
}

/// Kind and size of a home, without where it lies: that comes with the offer.
pub(super) fn size_of(home: &Dwelling, language: Language) -> String {
    let it = &home.description;
    let kind = category(it.category, language);
    let rooms = "soverom";
    let about = in_form(language, "omtrent", "om lag");
    let floor = floor(it.floor, it.features.contains(&Feature::Lift));
    let kind_of = in_form(language, "Boligtype", "Bustadtype");
    format!(
        "{kind_of}: {kind}. {} {rooms}, {about} {} m². {floor}",
        it.bedrooms, it.usable_area_m2
    )
}

fn floor(floor: i16, has_lift: bool) -> String {
    let place = if floor <= 1 {
        "På bakkeplan".to_owned()
    } else {
        format!("{floor}. etasje")
    };
    if has_lift {
        format!("{place}, med heis.")
    } else {
        format!("{place}.")
    }
}

/// Kind, size and place of a home that is offered.
pub(super) fn home(home: &Dwelling, language: Language) -> String {
    let it = &home.description;

    format!(
        "{}\nAdresse: {} ({}), {} {}.",
        size_of(home, language),
        it.street_address,
        it.unit_number,
        it.postal_code,
        it.postal_place
    )
}

/// The kind of home that a household was granted and that is still to be found.
pub(super) fn needed(needs: &Needs, language: Language) -> String {
    let kinds: Vec<&str> = needs
        .categories
        .iter()
        .map(|it| category(*it, language))
        .collect();
    let kind_of = in_form(language, "Boligtype", "Bustadtype");
    let size = in_form(
        language,
        "Størrelsen følger kommunens romnorm for husstanden din.",
        "Storleiken følgjer romnorma til kommunen for husstanden din.",
    );
    let ground = match needs.highest_floor_without_lift {
        Some(_) => in_form(
            language,
            " Boligen skal ligge slik at du kan nå den uten trapper, eller ha heis.",
            " Bustaden skal liggje slik at du kan nå han utan trapper, eller ha heis.",
        ),
        None => "",
    };
    let when = in_form(
        language,
        "Ingen bolig som passer er ledig nå. Du står på venteliste og får tilbud når en blir ledig.",
        "Ingen bustad som passar er ledig no. Du står på venteliste og får tilbod når ein blir ledig.",
    );
    format!("{kind_of}: {}. {size}{ground}\n{when}", kinds.join(", "))
}

/// An amount of øre in whole kroner, as Norwegians write it.
pub(super) fn kroner(ore: i64) -> String {
    let digits = (ore / 100).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            // It does not break there.
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    format!("{text} kroner")
}

/// When a home can be looked at.
pub(super) fn viewing(at: Instant, language: Language) -> String {
    let see = in_form(language, "Du kan se boligen", "Du kan sjå bustaden");
    let else_when = in_form(
        language,
        "Passer det ikke, så ta kontakt, så finner vi en annen tid.",
        "Passar det ikkje, så ta kontakt, så finn vi ei anna tid.",
    );
    format!("{see} {}. {else_when}", at.in_norwegian())
}

/// What follows from a no, or from silence.
pub(super) fn consequence(lapse_after: u8, language: Language) -> String {
    match language {
        Language::Bokmal => format!(
            "Boligen går da videre til en annen. Du beholder vedtaket og plassen på ventelisten. Etter {lapse_after} tilbud som teller, \
             kan vedtaket falle bort. Det skjer i så fall ved et nytt vedtak, som du kan klage på."
        ),
        Language::Nynorsk => format!(
            "Bustaden går då vidare til ein annan. Du held på vedtaket og plassen på ventelista. Etter {lapse_after} tilbod som tel, \
             kan vedtaket falle bort. Det skjer i så fall ved eit nytt vedtak, som du kan klage på."
        ),
    }
}

/// Why an offer was taken back. That an address is protected is never told.
pub(super) const fn withdrawn(reason: WithdrawnReason, language: Language) -> &'static str {
    match reason {
        WithdrawnReason::FailedInspection => in_form(
            language,
            "Boligen ble kontrollert og kan ikke leies ut slik den er nå.",
            "Bustaden vart kontrollert og kan ikkje leigast ut slik han er no.",
        ),
        WithdrawnReason::NoLongerSuitable => in_form(
            language,
            "Boligen passer ikke lenger for husstanden din, etter det vi vet nå.",
            "Bustaden passar ikkje lenger for husstanden din, etter det vi veit no.",
        ),
        WithdrawnReason::HomeNeededOtherwise => in_form(
            language,
            "Boligen må brukes til noe annet.",
            "Bustaden må brukast til noko anna.",
        ),
        WithdrawnReason::MadeInError => in_form(
            language,
            "Tilbudet ble gitt ved en feil. Vi beklager det.",
            "Tilbodet vart gitt ved ein feil. Vi orsakar det.",
        ),
        WithdrawnReason::CaseEnded => in_form(
            language,
            "Søknaden din er avsluttet.",
            "Søknaden din er avslutta.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_told_in_groups_of_three() {
        assert_eq!(kroner(850_000), "8\u{a0}500 kroner");
        assert_eq!(kroner(90_099), "900 kroner");
        assert_eq!(kroner(123_456_700), "1\u{a0}234\u{a0}567 kroner");
    }
}
