//! Checkpoints (c2sp.org/tlog-checkpoint): the head of a log's tree, as signed by the log.

use thiserror::Error;

use super::canonical::{Hash, parse_decimal};
use super::note::{Note, NoteFault};
use super::note_key::{Signer, Verifier, is_key_name};
use super::proof::{SIZE_MAX, TreeHead};

/// Why a checkpoint is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckpointFault {
    /// The note around the checkpoint is refused.
    #[error(transparent)]
    Note(#[from] NoteFault),
    /// The origin cannot be the name of a key.
    #[error("the origin is not a name that a log can sign under")]
    Origin,
    /// The text is not an origin, a size and a root hash on a line each.
    #[error("the checkpoint is malformed")]
    Malformed,
    /// The size is beyond what a log can hold.
    #[error("the checkpoint is of a tree larger than a log can be")]
    TooLarge,
    /// None of the keys that signed is the log's own.
    #[error("the checkpoint is not signed by the log it is of")]
    NotByTheLog,
}

/// What a log says of itself when it signs: so many entries, and this hash over them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: TreeHead,
    /// Lines that other software added under the root hash: signed, and without meaning here.
    extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of the log named by the origin.
    ///
    /// # Errors
    /// Refuses an origin that no key can sign under, and a tree too large.
    pub fn new(origin: &str, head: TreeHead) -> Result<Self, CheckpointFault> {
        if !is_key_name(origin) {
            return Err(CheckpointFault::Origin);
        }
        if head.size > SIZE_MAX {
            return Err(CheckpointFault::TooLarge);
        }
        Ok(Self {
            origin: origin.to_owned(),
            head,
            extensions: Vec::new(),
        })
    }

    /// The log that speaks.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The size and root hash of its tree.
    #[must_use]
    pub fn head(&self) -> &TreeHead {
        &self.head
    }

    /// Signs the checkpoint with the keys of the log: with the old and the new one while the one
    /// succeeds the other.
    ///
    /// # Errors
    /// When no signer bears the name of the log.
    pub fn sign(&self, signers: &[&Signer]) -> Result<Note, CheckpointFault> {
        self.check_signers(signers.iter().map(|signer| signer.verifier()))?;
        Ok(Note::sign(&self.text(), signers)?)
    }

    /// Opens a signed checkpoint. One of the trusted keys that signed must bear the name of the
    /// log, so that no log can speak for another that the verifier trusts as well.
    ///
    /// # Errors
    /// When the note, its keys or its text are refused.
    pub fn open(note: &Note, trusted: &[Verifier]) -> Result<Self, CheckpointFault> {
        let open = note.open(trusted)?;
        let checkpoint = Self::parse(open.text)?;
        checkpoint.check_signers(open.signed_by.into_iter())?;
        Ok(checkpoint)
    }

    /// Reads the checkpoint in a note that others vouch for than the log.
    ///
    /// # Errors
    /// When the text is no checkpoint.
    pub(super) fn read(note: &Note) -> Result<Self, CheckpointFault> {
        Self::parse(note.text())
    }

    fn text(&self) -> String {
        let TreeHead { size, root } = self.head;
        let mut text = format!("{}\n{size}\n{}\n", self.origin, root.to_base64());
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    fn parse(text: &str) -> Result<Self, CheckpointFault> {
        let mut lines = text.lines();
        let mut next = || lines.next().ok_or(CheckpointFault::Malformed);
        let (origin, size, root) = (next()?, next()?, next()?);
        let size = parse_decimal(size).or(Err(CheckpointFault::Malformed))?;
        let root = Hash::from_base64(root).or(Err(CheckpointFault::Malformed))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointFault::Malformed);
        }
        Ok(Self {
            extensions,
            ..Self::new(origin, TreeHead { size, root })?
        })
    }

    fn check_signers<'a>(
        &self,
        mut signers: impl Iterator<Item = &'a Verifier>,
    ) -> Result<(), CheckpointFault> {
        if signers.any(|signer| signer.name() == self.origin) {
            Ok(())
        } else {
            Err(CheckpointFault::NotByTheLog)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::canonical::sha256;
    use super::super::note_key::tests::signer;
    use super::*;

    const ORIGIN: &str = "kommune.example/rettbolig";

    fn head(size: u64) -> TreeHead {
        TreeHead {
            size,
            root: sha256(b""),
        }
    }

    fn opened(text: &str) -> Result<Checkpoint, CheckpointFault> {
        let log = signer(ORIGIN, 1);
        let note = Note::sign(text, &[&log]).unwrap();
        Checkpoint::open(&note, &[log.verifier().clone()])
    }

    #[test]
    fn a_checkpoint_is_three_lines_and_a_signature() {
        let log = signer(ORIGIN, 1);
        let checkpoint = Checkpoint::new(ORIGIN, head(0)).unwrap();
        let note = checkpoint.sign(&[&log]).unwrap();
        let lines = format!(
            "{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u{2014} {ORIGIN} "
        );
        assert!(note.to_string().starts_with(&lines));
        let open = Checkpoint::open(&note, &[log.verifier().clone()]);
        assert_eq!(open, Ok(checkpoint));
    }

    #[test]
    fn extension_lines_are_kept() {
        let text = format!("{ORIGIN}\n3\n{}\nmore 1\nmore 2\n", sha256(b"").to_base64());
        let checkpoint = opened(&text).unwrap();
        assert_eq!(checkpoint.extensions, ["more 1", "more 2"]);
        assert_eq!(checkpoint.text(), text);
        assert_eq!((checkpoint.origin(), checkpoint.head()), (ORIGIN, &head(3)));
    }

    #[test]
    fn a_malformed_checkpoint_is_refused_though_signed() {
        let root = sha256(b"").to_base64();
        let cases = [
            format!("{ORIGIN}\n"),
            format!("{ORIGIN}\n3\n"),
            format!("{ORIGIN}\n03\n{root}\n"),
            format!("{ORIGIN}\n+3\n{root}\n"),
            format!("{ORIGIN}\n3 \n{root}\n"),
            format!("{ORIGIN}\n-1\n{root}\n"),
            format!("{ORIGIN}\n18446744073709551616\n{root}\n"),
            format!("{ORIGIN}\n3\n{}\n", root.replace('=', "")),
            format!("{ORIGIN}\n3\n{}\n", sha256(b"").to_hex()),
            format!("{ORIGIN}\n3\n{root}\n\n"),
            format!("{ORIGIN}\n3\n{root}\n\nmore\n"),
        ];
        for text in cases {
            assert_eq!(opened(&text), Err(CheckpointFault::Malformed), "{text:?}");
        }
    }

    #[test]
    fn a_tree_beyond_the_largest_size_is_refused() {
        let text = format!(
            "{ORIGIN}\n9223372036854775808\n{}\n",
            sha256(b"").to_base64()
        );
        assert_eq!(opened(&text), Err(CheckpointFault::TooLarge));
        let largest = Checkpoint::new(ORIGIN, head(SIZE_MAX)).unwrap();
        assert_eq!(opened(&largest.text()), Ok(largest));
        assert_eq!(
            Checkpoint::new(ORIGIN, head(SIZE_MAX + 1)),
            Err(CheckpointFault::TooLarge)
        );
    }

    #[test]
    fn no_log_speaks_for_another() {
        let (ours, theirs) = (signer(ORIGIN, 1), signer("nabo.example/rettbolig", 2));
        let checkpoint = Checkpoint::new(ORIGIN, head(3)).unwrap();
        assert_eq!(
            checkpoint.sign(&[&theirs]),
            Err(CheckpointFault::NotByTheLog)
        );
        assert_eq!(checkpoint.sign(&[]), Err(CheckpointFault::NotByTheLog));

        let trusted = [ours.verifier().clone(), theirs.verifier().clone()];
        let forged = Note::sign(&checkpoint.text(), &[&theirs]).unwrap();
        assert_eq!(
            Checkpoint::open(&forged, &trusted),
            Err(CheckpointFault::NotByTheLog)
        );
        let witnessed = checkpoint.sign(&[&theirs, &ours]).unwrap();
        assert_eq!(Checkpoint::open(&witnessed, &trusted), Ok(checkpoint));
    }

    #[test]
    fn an_origin_no_key_can_bear_is_refused() {
        for origin in ["", "a b", "a+b", "a\nb"] {
            assert_eq!(
                Checkpoint::new(origin, head(0)),
                Err(CheckpointFault::Origin)
            );
        }
    }
}
