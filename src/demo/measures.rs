//! The measures of the municipal housing plan ("boligsosial handlingsplan") that the demo municipality follows.

use serde::Serialize;

use crate::codes;
use crate::housing::Category;

codes! {
    /// How a measure is paid for ("finansiering").
    pub enum Financing {
        /// Within the present budget ("innenfor gjeldende rammer").
        WithinBudget = "IGR",
        /// To be put into the economy plan ("innarbeides i økonomiplan").
        EconomyPlan = "ØP",
    }
}

/// One line of the housing plan ("tiltak").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// The plan's own number, such as `3.3.1`.
    pub number: &'static str,
    /// What is to be done ("tiltak"), shortened from the plan's text.
    pub title: &'static str,
    /// How many homes or places ("antall").
    pub extent: Extent,
    /// The units that answer for it ("ansvar").
    pub responsible: &'static str,
    /// When it is to be done ("frist"), in the plan's words.
    pub deadline: &'static str,
    /// How it is paid for.
    pub financing: Financing,
    /// The kind of home that it gives, where it gives homes.
    pub category: Option<Category>,
}

/// How many homes or places a measure is about ("antall").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Extent {
    /// The plan states no number.
    Unstated,
    /// Every home that the municipality disposes of ("alle").
    AllHomes,
    /// So many homes or places.
    Units(u16),
}

impl Measure {
    /// How many homes or places, where the plan states a number.
    #[must_use]
    pub const fn count(&self) -> Option<u16> {
        match self.extent {
            Extent::Units(count) => Some(count),
            Extent::Unstated | Extent::AllHomes => None,
        }
    }

    /// The last year that the deadline names, if it names any: `2026/2027` is 2027.
    #[must_use]
    pub fn due_year(&self) -> Option<i16> {
        let years = self.deadline.split(|it: char| !it.is_ascii_digit());
        years
            .filter(|text| text.len() == 4)
            .filter_map(|text| text.parse().ok())
            .max()
    }

    /// How many homes of one kind this measure adds to the stock; 0 for a measure that adds none.
    #[must_use]
    pub fn planned_homes(&self) -> u16 {
        self.category.and(self.count()).unwrap_or_default()
    }
}

const fn measure(
    number: &'static str,
    title: &'static str,
    (extent, category): (Extent, Option<Category>),
    (responsible, deadline): (&'static str, &'static str),
    financing: Financing,
) -> Measure {
    Measure {
        number,
        title,
        extent,
        responsible,
        deadline,
        financing,
        category,
    }
}

const NONE: (Extent, Option<Category>) = (Extent::Unstated, None);
const ALL: (Extent, Option<Category>) = (Extent::AllHomes, None);

/// Places that are not let as homes of their own.
const fn places(count: u16) -> (Extent, Option<Category>) {
    (Extent::Units(count), None)
}

const fn homes(count: u16, category: Category) -> (Extent, Option<Category>) {
    (Extent::Units(count), Some(category))
}

const IGR: Financing = Financing::WithinBudget;
const OEP: Financing = Financing::EconomyPlan;

const BAK: &str = "Bolig, arbeid og kvalifisering";
const BYGG: &str = "Bygg";
const BYGG_BOLIG: &str = "Enhet bygg og Boligtjenesten";
const BOLIG: &str = "Boligtjenesten";
const FOREBYGGING: &str = "Forebygging og mestring";
const GRUPPE: &str = "Tverrfaglig boliggruppe";
const SAMFUNN: &str = "Samfunn";
const SAMFUNN_VELFERD: &str = "Samfunn og Velferd";
const TEAM: &str = "Tverrfaglig tildelingsteam";
const VELFERD: &str = "Velferd";
const RESTANSE: &str = "Bygg, VR lønn og regnskap, NAV og Boligtjenesten";

const LOPENDE: &str = "Løpende";
const PERIODE: &str = "I planperioden";
const I_2026_27: &str = "2026/2027";

/// Every measure of the plan, in the plan's order.
#[rustfmt::skip]
pub const MEASURES: &[Measure] = &[
    measure("1.1.1", "Helhetlig analyse av boligtilbudet ved rullering av kommuneplanens arealdel", NONE, (SAMFUNN, LOPENDE), IGR),
    measure("1.2.1", "Kartlegge og følge opp den enkelte kommunale leietaker med tilbud om boligkarriere", NONE, (BOLIG, LOPENDE), IGR),
    measure("1.2.2", "Prioritere startlån fra leie til eie, lavinntekts barnefamilier først", NONE, (BOLIG, LOPENDE), IGR),
    measure("1.3.1", "Prioritere startlån til funksjonshindrede, fra leie til eie", NONE, (BOLIG, LOPENDE), IGR),
    measure("1.3.2", "Styrke ambulerende tjenester, slik at personer med bistandsbehov kan bo i egen bolig", NONE, (BAK, LOPENDE), OEP),
    measure("1.3.3", "Etablere treningsleilighet for å øke boevnen", homes(1, Category::Training), (BAK, "2026"), OEP),
    measure("1.4.1", "Bidra til økt tilgjengelighet og et aldersvennlig bomiljø", NONE, ("Velferd og Samfunn", LOPENDE), IGR),
    measure("1.4.2", "Prioritere startlån og tilskudd til tilpasning av bolig for eldre", NONE, (BOLIG, LOPENDE), IGR),
    measure("2.1.1", "Årlig tilsyn av boligmassen, med spesielt fokus på brannsikkerhet", ALL, (BYGG, LOPENDE), IGR),
    measure("2.1.2", "Styrke ambulerende tjenester til personer med psykiske lidelser og rusutfordringer", NONE, (BAK, LOPENDE), OEP),
    measure("2.1.3", "Utvide ordinær leietid fra 3 til 6 år for flyktninger og andre med særlige behov", NONE, (TEAM, LOPENDE), IGR),
    measure("2.2.1", "Bruke kommunale utleieboliger aktivt for å forebygge bostedsløshet", NONE, (TEAM, LOPENDE), IGR),
    measure("2.2.2", "Sikre kontinuerlig drift av midlertidig botilbud fra NAV", NONE, (BAK, "2026"), OEP),
    measure("3.1.1", "Gjennomføre systematisk vedlikehold og oppgradering", ALL, (BYGG, LOPENDE), IGR),
    measure("3.1.2", "Gjennomføre tilstandsanalyse på samtlige boliger", NONE, (BYGG, LOPENDE), OEP),
    measure("3.1.3", "Gjennomføre energieffektivisering av prioriterte boliger", NONE, (BYGG, LOPENDE), OEP),
    measure("3.1.4", "Utforme boligprosjekt universelt og tilrettelegge for velferdsteknologi", NONE, (SAMFUNN_VELFERD, LOPENDE), IGR),
    measure("3.2.1", "Framskaffe boliger basert på behov", NONE, (GRUPPE, PERIODE), OEP),
    measure("3.2.2", "Avhende uegnet boligmasse", NONE, (GRUPPE, LOPENDE), IGR),
    measure("3.3.1", "Etablere robuste boliger for mennesker med ROP-lidelser", homes(10, Category::Robust), (BAK, PERIODE), OEP),
    measure("3.3.2", "Etablere testleiligheter for overgang fra robust til ordinær bolig", homes(2, Category::Test), (BYGG_BOLIG, "2027"), OEP),
    measure("3.4.1", "Framskaffe ny barne- og avlastningsbolig og barneboliger", homes(20, Category::ChildRespite), (FOREBYGGING, "2029"), OEP),
    measure("3.4.2", "Etablere differensierte botiltak for ungdom og unge voksne fra 15 til 25 år", homes(38, Category::Youth), (FOREBYGGING, PERIODE), OEP),
    measure("3.4.3", "Framskaffe avvergerboliger i samarbeid med barnevernsvakta", homes(2, Category::CrisisDiversion), (FOREBYGGING, PERIODE), OEP),
    measure("3.5.1", "Etablere avlastningsplasser for funksjonshindrede over 18 år som bor hos pårørende", places(2), (BAK, I_2026_27), OEP),
    measure("3.5.2", "Planlegge omsorgsboliger for brukere med særskilt utfordrende atferd", homes(10, Category::RobustCare), (BAK, I_2026_27), OEP),
    measure("3.5.3", "Etablere omsorgsboliger etter borettslagsmodell med heldøgns tjenester", homes(12, Category::Care), (BAK, I_2026_27), OEP),
    measure("3.6.1", "Benytte tilvisningsavtaler i samarbeid mellom offentlige og private", homes(20, Category::Ordinary), (BYGG_BOLIG, PERIODE), IGR),
    measure("3.6.2", "Framskaffe 1-roms kommunale utleieboliger (hybler)", homes(10, Category::Bedsit), (BYGG_BOLIG, "2028"), OEP),
    measure("3.7.1", "Planlegge nytt bo- og velferdssenter", places(120), (SAMFUNN_VELFERD, I_2026_27), OEP),
    measure("3.7.2", "Framskaffe permanente erstatningsboliger for beboere i omsorgsboliger med HDO som rives", homes(21, Category::Replacement), (SAMFUNN_VELFERD, I_2026_27), OEP),
    measure("3.7.3", "Framskaffe permanente erstatningsboliger for beboere med ambulante tjenester", homes(21, Category::Replacement), (SAMFUNN_VELFERD, I_2026_27), OEP),
    measure("3.7.4", "Framskaffe trygghetsboliger, f.eks. gjennom offentlig privat samarbeid", homes(70, Category::AssistedSenior), (VELFERD, PERIODE), OEP),
    measure("3.7.5", "Tilpasse omsorgsboliger for eldre med psykiske lidelser og rusutfordringer", (Extent::Unstated, Some(Category::Care)), (VELFERD, I_2026_27), IGR),
    measure("4.1.1", "Tilrettelegge for gode bomiljø og gode oppvekst- og levekår", NONE, (SAMFUNN_VELFERD, LOPENDE), IGR),
    measure("4.1.2", "Sikre utvikling av flere nøkterne og rimelige boenheter", NONE, (SAMFUNN_VELFERD, LOPENDE), IGR),
    measure("4.1.3", "Utnytte plan- og bygningsloven og utbyggingsavtaler", NONE, (SAMFUNN_VELFERD, LOPENDE), IGR),
    measure("4.1.4", "Utrede overgang til helhetlig boligpolitisk plan", NONE, (SAMFUNN_VELFERD, PERIODE), IGR),
    measure("4.2.1", "Styrke investeringsrammen til kjøp av boliger fra 10,5 til 30 mill. kr per år", NONE, (SAMFUNN_VELFERD, LOPENDE), OEP),
    measure("4.2.2", "Effektivisere bruk av kommunal boligmasse og redusere leid areal", NONE, (SAMFUNN, LOPENDE), IGR),
    measure("4.2.3", "Rullere tiltaksplan for husleierestanser", NONE, (RESTANSE, "2026"), IGR),
    measure("4.2.4", "Implementere miljøvaktmester i ordinær drift", NONE, (SAMFUNN_VELFERD, "2026"), OEP),
    measure("4.2.5", "Utvikle det boligsosiale arbeidet på tvers av enheter og sektorer", NONE, (SAMFUNN_VELFERD, "2026"), IGR),
    measure("4.3.1", "Styrke tverrfaglig samarbeid internt", NONE, (SAMFUNN_VELFERD, LOPENDE), IGR),
    measure("4.3.2", "Ta i bruk saksbehandlingsverktøy for å sikre rett bruker i rett bolig", NONE, (BOLIG, "2025"), IGR),
    measure("4.3.3", "Styrke boveilederrollen for oppfølging av kommunale leietakere", NONE, (BAK, "2026"), OEP),
    measure("4.3.4", "Styrke tverrfaglig boligrådgivningsteam for tilrettelegging av egen bolig", NONE, (FOREBYGGING, "2026"), IGR),
    measure("4.4.1", "Identifisere en koordinator for det frivillige arbeidet", NONE, (SAMFUNN_VELFERD, "2026"), OEP),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_of_the_plan_is_there_once_and_in_order() {
        // How many measures the plan has under each of its aims.
        let aims: [(&str, usize); 15] = [
            ("1.1", 1),
            ("1.2", 2),
            ("1.3", 3),
            ("1.4", 2),
            ("2.1", 3),
            ("2.2", 2),
            ("3.1", 4),
            ("3.2", 2),
            ("3.3", 2),
            ("3.4", 3),
            ("3.5", 3),
            ("3.6", 2),
            ("3.7", 5),
            ("4.1", 4),
            ("4.2", 5),
        ];
        let mut numbers: Vec<String> = aims
            .iter()
            .flat_map(|(aim, count)| (1..=*count).map(move |last| format!("{aim}.{last}")))
            .collect();
        numbers.extend(["4.3.1", "4.3.2", "4.3.3", "4.3.4", "4.4.1"].map(str::to_owned));
        assert_eq!(
            MEASURES.iter().map(|m| m.number).collect::<Vec<_>>(),
            numbers
        );
        assert_eq!(MEASURES.len(), 48);
    }

    #[test]
    fn the_counts_are_those_of_the_plan() {
        let counts: Vec<(&str, u16)> = MEASURES
            .iter()
            .filter_map(|m| Some((m.number, m.count()?)))
            .collect();
        assert_eq!(
            counts,
            [
                ("1.3.3", 1),
                ("3.3.1", 10),
                ("3.3.2", 2),
                ("3.4.1", 20),
                ("3.4.2", 38),
                ("3.4.3", 2),
                ("3.5.1", 2),
                ("3.5.2", 10),
                ("3.5.3", 12),
                ("3.6.1", 20),
                ("3.6.2", 10),
                ("3.7.1", 120),
                ("3.7.2", 21),
                ("3.7.3", 21),
                ("3.7.4", 70),
            ]
        );
        let all: Vec<&str> = MEASURES
            .iter()
            .filter(|m| m.extent == Extent::AllHomes)
            .map(|m| m.number)
            .collect();
        assert_eq!(all, ["2.1.1", "3.1.1"]);
        // 359 homes and places, of which a care centre (3.7.1) and respite places (3.5.1) are no homes to let.
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<u16>(), 359);
        assert_eq!(
            MEASURES.iter().map(Measure::planned_homes).sum::<u16>(),
            237
        );
    }

    #[test]
    fn every_measure_says_who_when_and_how_it_is_paid_for() {
        for measure in MEASURES {
            assert!(!measure.title.is_empty() && !measure.responsible.is_empty());
            assert!(!measure.deadline.is_empty());
        }
        let within = MEASURES
            .iter()
            .filter(|m| m.financing == Financing::WithinBudget)
            .count();
        assert_eq!((within, MEASURES.len() - within), (24, 24));
    }
}
