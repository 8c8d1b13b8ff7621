//! Words that must not stand in the codes of a rule set: what may never count, however it is called.
//!
//! The vocabulary has no word for them, so a rule cannot be written in them. This list keeps somebody from hiding one behind a code
//! or a name (likestillings- og diskrimineringsloven § 6, husleieloven § 1-8, and the housing plan: nobody deserves or qualifies for help).

/// Beginnings of words, in Norwegian and English, in lower case.
const PROHIBITED: &[&str] = &[
    "ethnic",
    "etnisk",
    "etnisit",
    "nationalit",
    "nasjonalit",
    "statsborger",
    "citizen",
    "skin",
    "hudfarge",
    "race",
    "rase",
    "religio",
    "livssyn",
    "muslim",
    "kristen",
    "språk",
    "spraak",
    "language",
    "gender",
    "kjønn",
    "kjonn",
    "pregnan",
    "gravid",
    "sexual",
    "seksuell",
    "homofil",
    "politic",
    "politisk",
    "diagnos",
    "conviction",
    "straffedømt",
    "deserv",
    "fortjen",
    "addict",
    "rusmisbruker",
    "nabo",
    "neighbour",
];

/// The prohibited word that a text holds, if any.
pub(super) fn find_prohibited(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let words = text.split(|it: char| !it.is_alphanumeric());
    let found =
        words.filter_map(|word| PROHIBITED.iter().find(|begins| word.starts_with(**begins)));
    found.copied().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_never_count_is_found_behind_codes_and_names() {
        for text in [
            "NORWEGIAN_CITIZENS",
            "Etnisk norske først",
            "WITHOUT_DIAGNOSIS",
            "Har fortjent det",
            "kjønn",
        ] {
            assert!(find_prohibited(text).is_some(), "{text}");
        }
        for text in [
            "RESIDENCE",
            "Barnefamilier uten trygg bolig",
            "Displaced by demolition",
            "Bosetting etter avtale med staten",
            "Trenger tilgjengelig bolig",
        ] {
            assert_eq!(find_prohibited(text), None, "{text}");
        }
    }
}
