//! Several codes in one query parameter: `?state=AVAILABLE,TURNOVER`.

use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};

/// Values in one parameter, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = |part: &str| part.parse().map_err(|_| D::Error::custom("unknown code"));
        text.split(',')
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Many<u8>, serde::de::value::Error> {
        Many::deserialize(serde::de::value::StrDeserializer::new(text))
    }

    #[test]
    fn every_part_must_be_known() {
        assert_eq!(read("1,2"), Ok(Many(vec![1, 2])));
        for wrong in ["", "1,", "1;2", "1,x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
