//! Proof files (c2sp.org/tlog-proof): all it takes to show, offline, that an entry is in a log.

use std::fmt;

use thiserror::Error;

use super::canonical::{Hash, decode_base64, encode_base64, leaf_hash, parse_decimal};
use super::checkpoint::{Checkpoint, CheckpointFault};
use super::note::{Note, NoteFault};
use super::note_key::Verifier;
use super::proof::{ProofFault, verify_inclusion};

/// The first line of every proof file.
pub(super) const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The height of the largest tree, and so the longest inclusion proof.
const HASHES_MAX: usize = 63;

/// Why a proof file is refused, or does not prove its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofFileFault {
    /// The lines before the checkpoint are not a header, an index and hashes.
    #[error("the proof file is malformed")]
    Malformed,
    /// What follows the proof is no signed note.
    #[error("the proof file has no sound checkpoint: {0}")]
    Note(#[from] NoteFault),
    /// The checkpoint is refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointFault),
    /// The entry is not shown to be in the log.
    #[error(transparent)]
    Proof(#[from] ProofFault),
}

/// A proof that stands by itself: kept as a file `….tlog-proof` beside its entry, it can be
/// checked by anyone who knows the public key of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// Words of the one who wrote the file, not vouched for by the log; most often none.
    pub extra: Vec<u8>,
    /// The place of the entry in the log, from 0.
    pub index: u64,
    /// The inclusion proof, from the sibling of the leaf upwards.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint that the proof leads to.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Reads a proof file, without judging what it proves.
    ///
    /// # Errors
    /// Refuses every text but the one that [`fmt::Display`] would write of the same proof.
    pub fn parse(text: &str) -> Result<Self, ProofFileFault> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(ProofFileFault::Malformed)?;
        let (extra, index, hashes) = parse_proof(proof).ok_or(ProofFileFault::Malformed)?;
        Ok(Self {
            extra,
            index,
            hashes,
            checkpoint: Note::parse(checkpoint)?,
        })
    }

    /// Checks that the log of a trusted key holds exactly these bytes at the index, and returns
    /// the checkpoint that vouches for it.
    ///
    /// # Errors
    /// Says why the entry is not proved.
    pub fn verify(&self, entry: &[u8], trusted: &[Verifier]) -> Result<Checkpoint, ProofFileFault> {
        let checkpoint = Checkpoint::open(&self.checkpoint, trusted)?;
        verify_inclusion(
            &leaf_hash(entry),
            self.index,
            checkpoint.head(),
            &self.hashes,
        )?;
        Ok(checkpoint)
    }
}

fn parse_proof(text: &str) -> Option<(Vec<u8>, u64, Vec<Hash>)> {
    let mut lines = text.split('\n').peekable();
    lines.next_if_eq(&HEADER)?;
    let extra = match lines.next_if(|line| line.starts_with("extra ")) {
        Some(line) => decode_base64(line.strip_prefix("extra ")?)
            .ok()
            .filter(|b| !b.is_empty())?,
        None => Vec::new(),
    };
    let index = parse_decimal(lines.next()?.strip_prefix("index ")?).ok()?;
    let hashes: Vec<Hash> = lines
        .map(Hash::from_base64)
        .collect::<Result<_, _>>()
        .ok()?;
    (hashes.len() <= HASHES_MAX).then_some((extra, index, hashes))
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if !self.extra.is_empty() {
            writeln!(f, "extra {}", encode_base64(&self.extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes
            .iter()
            .try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::super::merkle::ProofPlan;
    use super::super::merkle::tests::{head, made};
    use super::super::note_key::Signer;
    use super::super::note_key::tests::signer;
    use super::*;

    const ORIGIN: &str = "kommune.example/rettbolig";

    fn log() -> Signer {
        signer(ORIGIN, 1)
    }

    fn trusted() -> [Verifier; 1] {
        [log().verifier().clone()]
    }

    fn entry(index: u64) -> [u8; 8] {
        index.to_be_bytes()
    }

    fn proof_file(index: u64, size: u64) -> ProofFile {
        let checkpoint = Checkpoint::new(ORIGIN, head(size))
            .unwrap()
            .sign(&[&log()])
            .unwrap();
        let hashes = made(ProofPlan::inclusion(index, size));
        ProofFile {
            extra: Vec::new(),
            index,
            hashes,
            checkpoint,
        }
    }

    fn holds(text: &str, index: u64) -> bool {
        let file = ProofFile::parse(text);
        file.is_ok_and(|file| file.verify(&entry(index), &trusted()).is_ok())
    }

    #[test]
    fn a_proof_file_read_back_proves_its_entry_and_no_other() {
        for (index, size) in [(0, 1), (0, 2), (6, 7), (4, 13), (255, 256)] {
            let written = proof_file(index, size);
            let read = ProofFile::parse(&written.to_string()).unwrap();
            assert_eq!(read, written);
            assert_eq!(
                read.verify(&entry(index), &trusted()).unwrap().head(),
                &head(size)
            );
            let fault = ProofFileFault::Proof(ProofFault::WrongRoot);
            assert_eq!(read.verify(&entry(index + 1), &trusted()), Err(fault));
        }
    }

    #[test]
    fn the_file_has_the_form_of_the_specification() {
        let file = ProofFile {
            extra: b"hei".to_vec(),
            ..proof_file(2, 3)
        };
        let hash = file.hashes[0].to_base64();
        let start = format!("c2sp.org/tlog-proof@v1\nextra aGVp\nindex 2\n{hash}\n\n{ORIGIN}\n3\n");
        assert!(file.to_string().starts_with(&start));
        assert_eq!(ProofFile::parse(&file.to_string()).as_ref(), Ok(&file));
        assert!(file.verify(&entry(2), &trusted()).is_ok());
    }

    #[test]
    fn every_single_change_of_a_proof_file_is_refused() {
        let text = proof_file(4, 13).to_string();
        assert!(holds(&text, 4));
        let characters: Vec<char> = text.chars().collect();
        for (place, kept) in characters.iter().enumerate() {
            let (before, after) = (&characters[..place], &characters[place + 1..]);
            let mut changes = vec![vec![], vec![*kept, *kept]];
            let others = [
                'A', 'B', 'a', 'x', '0', '1', '5', '+', '/', '=', ' ', '\n', '\r', '\0', 'é',
            ];
            changes.extend(others.into_iter().filter(|c| c != kept).map(|c| vec![c]));
            for change in changes {
                let edited: String = before.iter().chain(&change).chain(after).collect();
                assert!(!holds(&edited, 4), "{place}: {kept:?} as {change:?}");
            }
            assert!(
                !holds(&before.iter().collect::<String>(), 4),
                "cut off at {place}"
            );
        }
    }

    #[test]
    fn a_malformed_file_is_refused() {
        let text = proof_file(2, 3).to_string();
        let hash = proof_file(2, 3).hashes[0].to_base64();
        let cases = [
            String::new(),
            text.replace("@v1", "@v2"),
            format!(" {text}"),
            format!("\n{text}"),
            text.replace("index 2\n", ""),
            text.replace("index 2", "index 02"),
            text.replace("index 2", "index  2"),
            text.replace("index 2", "Index 2"),
            text.replace("index 2", "index 18446744073709551616"),
            text.replace("index 2", "extra \nindex 2"),
            text.replace("index 2", "extra aGV=\nindex 2"),
            text.replace("index 2", "extra aGVp\nextra aGVp\nindex 2"),
            text.replace("index 2", "index 2\nextra aGVp"),
            text.replace(&hash, &format!("{hash} ")),
            text.replace(&hash, &hash.replace('=', "")),
            text.replace(&hash, &encode_base64(&[0; 31])),
            text.replace(&hash, &[hash.as_str(); 64].join("\n")),
            text.replace('\n', "\r\n"),
        ];
        for text in cases {
            assert_eq!(
                ProofFile::parse(&text),
                Err(ProofFileFault::Malformed),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_follows_the_checkpoint_is_refused() {
        let text = proof_file(2, 3).to_string();
        let fault = |fault| Err(ProofFileFault::Note(fault));
        assert_eq!(
            ProofFile::parse(&format!("{text}x\n")),
            fault(NoteFault::SignatureLine)
        );
        assert_eq!(
            ProofFile::parse(&format!("{text}\n")),
            fault(NoteFault::Unsigned)
        );
    }

    #[test]
    fn a_proof_of_the_wrong_shape_says_what_is_wrong() {
        let file = proof_file(2, 3);
        let outside = [3, 4, u64::MAX].map(|index| ProofFile {
            index,
            ..file.clone()
        });
        for file in outside {
            let fault = ProofFault::IndexOutsideTree.into();
            assert_eq!(file.verify(&entry(2), &trusted()), Err(fault));
        }
        let long = ProofFile {
            hashes: [&file.hashes[..], &file.hashes[..]].concat(),
            ..file.clone()
        };
        assert_eq!(
            long.verify(&entry(2), &trusted()),
            Err(ProofFault::WrongLength.into())
        );

        let strangers = [signer(ORIGIN, 9).verifier().clone()];
        let fault = ProofFileFault::Checkpoint(NoteFault::Untrusted.into());
        assert_eq!(file.verify(&entry(2), &strangers), Err(fault));
    }
}
