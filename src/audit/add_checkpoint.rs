//! What a log sends to a witness (c2sp.org/tlog-witness, `add-checkpoint`): a checkpoint, and the proof that it continues the last one.

use std::fmt;

use super::canonical::{Hash, parse_decimal};
use super::note::Note;

/// The longest consistency proof that may be sent.
const HASHES_MAX: usize = 63;
/// The content type in which a witness tells the size that it cosigned last.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

/// A checkpoint that is to be cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AddCheckpoint {
    /// The size of the log that the witness cosigned last, as the sender believes.
    pub(super) old: u64,
    /// The proof that the log only grew since (RFC 6962 section 2.1.2).
    pub(super) proof: Vec<Hash>,
    /// The signed checkpoint.
    pub(super) note: Note,
}

impl AddCheckpoint {
    /// Reads a request; none when it is not of the one form that [`fmt::Display`] writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = parse_decimal(lines.next()?.strip_prefix("old ")?).ok()?;
        let proof = lines.map(Hash::from_base64).collect::<Result<Vec<_>, _>>();
        let proof = proof.ok().filter(|proof| proof.len() <= HASHES_MAX)?;
        let note = Note::parse(note).ok()?;
        Some(Self { old, proof, note })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use super::super::note_key::tests::signer;
    use super::*;

    #[test]
    fn a_request_has_the_form_of_the_specification() {
        let note = Note::sign("log\n3\nroot\n", &[&signer("log", 1)]).unwrap();
        let asked = AddCheckpoint {
            old: 2,
            proof: vec![Hash([1; 32]), Hash([2; 32])],
            note,
        };
        let text = asked.to_string();
        assert!(text.starts_with("old 2\nAQEB"), "{text}");
        assert_eq!(AddCheckpoint::parse(&text), Some(asked.clone()));
        let hash = Hash([1; 32]).to_base64();
        let bad = [
            String::new(),
            text.replace("old 2", "old 02"),
            text.replace("old 2", "old  2"),
            text.replace("old 2", "old -2"),
            text.replace("old 2", "new 2"),
            text.replace("old 2\n", ""),
            text.replace("\n\n", "\n"),
            text.replace(&hash, &hash.replace('=', "")),
            text.replace(&hash, &[hash.as_str(); 63].join("\n")),
            text.replace('\n', "\r\n"),
            format!("{text}x"),
        ];
        for text in bad {
            assert_eq!(AddCheckpoint::parse(&text), None, "{text:?}");
        }
    }
}
