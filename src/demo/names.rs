//! Names for people who do not exist: common names of Norway and of those who moved here, put together at random.

use super::random::Random;

/// Where a household's names come from. Never stored: a name is a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Norway,
    Poland,
    Ukraine,
    Syria,
    Eritrea,
    Somalia,
    Afghanistan,
}

/// The given and family names of one origin, each list separated by spaces.
struct Names {
    women: &'static str,
    men: &'static str,
    families: &'static str,
}

impl Origin {
    /// An origin among those who settle as refugees.
    pub(super) fn of_refugees(random: &mut Random) -> Self {
        random.weighted(
            Self::Ukraine,
            &[
                (45, Self::Ukraine),
                (25, Self::Syria),
                (10, Self::Eritrea),
                (8, Self::Somalia),
                (12, Self::Afghanistan),
            ],
        )
    }

    /// An origin among all who turn to the housing service.
    pub(super) fn of_anybody(random: &mut Random) -> Self {
        if random.percent(78) {
            return Self::Norway;
        }
        if random.percent(35) {
            return Self::Poland;
        }
        Self::of_refugees(random)
    }

    fn names(self, age: i32) -> Names {
        match self {
            Self::Norway => norwegian(age),
            Self::Poland => POLISH,
            Self::Ukraine => UKRAINIAN,
            Self::Syria => ARABIC,
            Self::Eritrea => ERITREAN,
            Self::Somalia => SOMALI,
            Self::Afghanistan => AFGHAN,
        }
    }

    /// A family name.
    pub(super) fn family_name(self, random: &mut Random) -> String {
        word(random, self.names(40).families)
    }

    /// A given name that fits the age: Norwegian names tell the decade. Every fifth adult has two.
    pub(super) fn given_name(self, random: &mut Random, age: i32) -> String {
        let names = self.names(age);
        let list = if random.percent(50) {
            names.women
        } else {
            names.men
        };
        let first = word(random, list);
        if self == Self::Norway && age > 30 && random.percent(20) {
            let second = word(random, list);
            if second != first {
                return format!("{first} {second}");
            }
        }
        first
    }
}

fn word(random: &mut Random, list: &'static str) -> String {
    let words: Vec<&str> = list.split(' ').collect();
    random.find(&words).copied().unwrap_or_default().to_owned()
}

/// A name as it is written in an e-mail address: lower case, without spaces and letters of its own alphabet.
pub(super) fn for_address(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'æ' => plain.push_str("ae"),
            'ø' => plain.push('o'),
            'å' => plain.push_str("aa"),
            ' ' => plain.push('.'),
            letter if letter.is_ascii_alphabetic() => plain.push(letter),
            _ => {}
        }
    }
    plain
}

fn norwegian(age: i32) -> Names {
    let (women, men) = match age {
        ..=17 => (GIRLS, BOYS),
        18..=34 => (YOUNG_WOMEN, YOUNG_MEN),
        35..=64 => (WOMEN, MEN),
        _ => (OLD_WOMEN, OLD_MEN),
    };
    Names {
        women,
        men,
        families: NORWEGIAN_FAMILIES,
    }
}

const GIRLS: &str = "Nora Emma Olivia Ella Sofie Maja Emilie Ada Ingrid Leah Iben Frida Hedda Selma Astrid \
    Alma Tuva Live Amalie Sara Thea Hanna Vilde Mathilde Tiril Ylva Sunniva Agnes";
const BOYS: &str = "Noah Oskar Lucas Isak Emil Jakob William Filip Oliver Liam Aksel Kasper Ludvig Håkon \
    Theodor Elias Johannes Odin Magnus Matheo Sander Tobias Birk Sigurd Eirik Ulrik Jonas Even";
const YOUNG_WOMEN: &str = "Ida Julie Camilla Silje Kristine Maria Marte Malin Marthe Stine Ingvild Karoline \
    Andrea Thea Martine Vilde Sara Helene Oda Synne Benedicte Renate Veronica Guro Rikke Tonje";
const YOUNG_MEN: &str = "Kristian Martin Andreas Henrik Markus Sindre Jonas Daniel Fredrik Stian Eirik Marius \
    Vegard Simen Kristoffer Magnus Adrian Sondre Robin Joakim Mats Preben Håvard Ole Truls Kenneth";
const WOMEN: &str = "Anne Hilde Heidi Trine Mona Monica Nina Siv Tone Line Elin Linda Wenche Anita Merete \
    Bente Grethe Marianne Ellen Unni Lise Hege Gro Rita Tove Laila Janne Ragnhild Sissel Kristin";
const MEN: &str = "Geir Morten Rune Trond Svein Terje Frode Øyvind Jan Tor Bjørn Espen Roger Tommy Thomas \
    Dag Pål Roar Stein Ståle Vidar Kjetil Arne Lars Jørn Odd Steinar Håvard Asbjørn Knut";
const OLD_WOMEN: &str = "Solveig Gerd Inger Turid Aud Kari Berit Randi Liv Else Ruth Astrid Marit Reidun \
    Bjørg Sigrid Åse Signe Borghild Oddny Magnhild Torbjørg Edith Gunvor Jorunn Eldbjørg";
const OLD_MEN: &str = "Kåre Arne Odd Leif Per Ivar Olav Knut Harald Sverre Einar Magne Reidar Egil Asbjørn \
    Johan Torleif Gunnar Birger Oddvar Ingvald Alf Halvard Arvid Peder Torstein Nils";
const NORWEGIAN_FAMILIES: &str = "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen \
    Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen \
    Halvorsen Henriksen Lund Sørensen Jakobsen Moen Gundersen Iversen Strand Solberg Svendsen Eide \
    Knutsen Martinsen Paulsen Bakken Kristoffersen Mathisen Lie Amundsen Nguyen Rasmussen Lien Berge \
    Moe Nygård Fredriksen Solheim Holm Lunde Nilssen Knudsen Myhre Bakke Hauge Myklebust Aas Rønning \
    Aune Hegstad Sandvik Viken Fossum Tangen Brekke Engen Ness Opdal Skogstad Wiik Åsen Ødegård Kvam";
const POLISH: Names = Names {
    women: "Agnieszka Anna Katarzyna Magdalena Joanna Monika Ewa Beata Zofia Julia Hanna Lena Iwona",
    men: "Piotr Tomasz Marcin Krzysztof Pawel Andrzej Michal Jakub Jan Antoni Szymon Kacper Dariusz",
    families: "Kowalski Nowak Wisniewski Wojcik Kaminski Lewandowski Zielinski Szymanski Wozniak Mazur",
};
const UKRAINIAN: Names = Names {
    women: "Olena Iryna Natalia Oksana Tetiana Svitlana Yulia Kateryna Anastasia Sofiia Daryna Halyna",
    men: "Oleksandr Andrii Serhii Mykola Ivan Dmytro Volodymyr Bohdan Maksym Artem Danylo Taras",
    families: "Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliinyk Melnyk Polishchuk Lysenko \
        Marchenko Savchenko Rudenko Moroz Petrenko Hrytsenko",
};
const ARABIC: Names = Names {
    women: "Fatima Aisha Maryam Noor Layla Rana Hala Amal Samira Yasmin Rima Lina Dima Salma",
    men: "Mohammad Ahmad Omar Ali Khaled Yousef Ibrahim Hassan Mahmoud Samer Tarek Bilal Anas Karim",
    families: "Haddad Khalil Mansour Nasser Darwish Saleh Hamdan Issa Kassem Shahin Qasim Barakat Najjar",
};
const ERITREAN: Names = Names {
    women: "Selam Saba Feven Rahwa Helen Ruta Eden Hiwet Bisrat Winta Luam Senait",
    men: "Samuel Yonas Filmon Robel Tesfay Abel Kidane Merhawi Daniel Henok Natnael Amanuel",
    families: "Tesfay Haile Gebremedhin Kidane Tekle Habte Berhane Weldu Ghebreab Mebrahtu Araya Negash",
};
const SOMALI: Names = Names {
    women: "Amina Hodan Fadumo Halima Ifrah Sahra Nimo Khadra Asha Ayaan Zahra Hibo",
    men: "Abdi Mohamed Ahmed Hassan Yusuf Abdullahi Ismail Liban Mahad Guled Jama Bashir",
    families: "Warsame Farah Jama Abdi Hersi Omar Nur Egal Dirie Yusuf Aden Hirsi",
};
const AFGHAN: Names = Names {
    women: "Zahra Maryam Parwana Shukria Farzana Laila Sima Nargis Fereshta Roya Soraya Hosnia",
    men: "Ali Reza Mustafa Hamid Farid Najib Jawad Sayed Nasir Omid Habib Rahim",
    families: "Rahimi Ahmadi Hosseini Mohammadi Karimi Noori Haidari Sultani Rezai Amiri Azizi Sadat",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_fit_for_an_address() {
        assert_eq!(for_address("Åse Bjørg"), "aase.bjorg");
        assert_eq!(for_address("Nærø"), "naero");
    }

    #[test]
    fn every_origin_has_names_for_every_age() {
        let mut random = Random::new(7, 7);
        for _ in 0..500 {
            let origin = Origin::of_anybody(&mut random);
            for age in [0, 17, 18, 34, 35, 64, 65, 99] {
                assert!(origin.given_name(&mut random, age).chars().count() > 1);
            }
            assert!(origin.family_name(&mut random).chars().count() > 1);
        }
    }
}
