//! Signed notes (c2sp.org/signed-note): a text with the Ed25519 signatures of one or more keys.

use std::fmt;

use thiserror::Error;

use super::canonical::{decode_base64, encode_base64};
use super::note_key::{KeyId, Signer, Verifier, is_key_name};

/// What opens a signature line: an em dash and a space.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// The specification demands 16 at least; the limit keeps a hostile note from costing much work.
const SIGNATURES_MAX: usize = 64;

/// Why a note is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoteFault {
    /// The text does not end its last line, or has a control character.
    #[error("the text of the note is not whole lines of printable text")]
    Text,
    /// No blank line followed by signature lines ends the note.
    #[error("the note has no signatures")]
    Unsigned,
    /// A signature line is not in its one canonical form.
    #[error("a signature line is malformed")]
    SignatureLine,
    /// More signatures than a verifier takes on.
    #[error("the note has too many signatures")]
    TooManySignatures,
    /// A trusted key is named, but the signature is not by it.
    #[error("the signature of a trusted key is false")]
    FalseSignature,
    /// No trusted key has signed.
    #[error("no trusted key has signed the note")]
    Untrusted,
}

/// A signature and the key it claims to be by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NamedSignature {
    name: String,
    id: KeyId,
    bytes: Vec<u8>,
}

impl NamedSignature {
    fn by(signer: &Signer, text: &str) -> Self {
        let key = signer.verifier();
        Self {
            name: key.name().to_owned(),
            id: key.id(),
            bytes: signer.sign(text),
        }
    }

    fn parse(line: &str) -> Result<Self, NoteFault> {
        let rest = line
            .strip_prefix(SIGNATURE_MARK)
            .ok_or(NoteFault::SignatureLine)?;
        let (name, signature) = rest.split_once(' ').ok_or(NoteFault::SignatureLine)?;
        let signature = decode_base64(signature).or(Err(NoteFault::SignatureLine))?;
        match signature.split_first_chunk() {
            Some((id, bytes)) if is_key_name(name) && !bytes.is_empty() => Ok(Self {
                name: name.to_owned(),
                id: *id,
                bytes: bytes.to_vec(),
            }),
            _ => Err(NoteFault::SignatureLine),
        }
    }

    fn claims_to_be_by(&self, key: &Verifier) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

impl fmt::Display for NamedSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = encode_base64(&[&self.id, self.bytes.as_slice()].concat());
        writeln!(f, "{SIGNATURE_MARK}{} {signature}", self.name)
    }
}

/// A well-formed note. Its text stays closed until a trusted key is found to have signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NamedSignature>,
}

/// The text of a note, and the trusted keys that have signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenNote<'a> {
    /// The text, its last newline included.
    pub text: &'a str,
    /// The trusted keys whose signatures hold, one at least.
    pub signed_by: Vec<&'a Verifier>,
}

impl Note {
    /// Signs a text, with several keys while one succeeds another.
    ///
    /// # Errors
    /// Refuses a text that is not whole lines, and no signer at all.
    pub fn sign(text: &str, signers: &[&Signer]) -> Result<Self, NoteFault> {
        check_text(text)?;
        if signers.is_empty() {
            return Err(NoteFault::Unsigned);
        }
        let signatures = signers
            .iter()
            .map(|signer| NamedSignature::by(signer, text))
            .collect();
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }

    /// Reads a note, without judging its signatures.
    ///
    /// # Errors
    /// Refuses every text but the one that [`fmt::Display`] would write of the same note.
    pub fn parse(note: &str) -> Result<Self, NoteFault> {
        check_text(note)?;
        // The text may have blank lines of its own: the last one separates the signatures.
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteFault::Unsigned)?;
        if signatures.is_empty() {
            return Err(NoteFault::Unsigned);
        }
        if signatures.lines().count() > SIGNATURES_MAX {
            return Err(NoteFault::TooManySignatures);
        }
        let signatures = signatures
            .lines()
            .map(NamedSignature::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text: format!("{text}\n"),
            signatures,
        })
    }

    /// Opens the note to those who trust one of its keys. Signatures by other keys are ignored,
    /// so that keys can be replaced and witnesses added without breaking any verifier.
    ///
    /// # Errors
    /// When no trusted key has signed, or a signature in the name of one is false.
    pub fn open<'a>(&'a self, trusted: &'a [Verifier]) -> Result<OpenNote<'a>, NoteFault> {
        let mut signed_by = Vec::new();
        for signature in &self.signatures {
            let claimed = || trusted.iter().filter(|key| signature.claims_to_be_by(key));
            if claimed().next().is_none() {
                continue;
            }
            let signer = claimed().find(|key| key.has_signed(&self.text, &signature.bytes));
            let signer = signer.ok_or(NoteFault::FalseSignature)?;
            if !signed_by.contains(&signer) {
                signed_by.push(signer);
            }
        }
        if signed_by.is_empty() {
            return Err(NoteFault::Untrusted);
        }
        Ok(OpenNote {
            text: &self.text,
            signed_by,
        })
    }
}

impl Note {
    /// The text, judged by nobody yet.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The signatures that claim to be by the key of this name and id.
    pub(super) fn claimed(&self, name: &str, id: KeyId) -> impl Iterator<Item = &[u8]> {
        self.signatures
            .iter()
            .filter(move |it| it.name == name && it.id == id)
            .map(|it| it.bytes.as_slice())
    }

    /// Takes up signature lines of others, without judging them; those that it has already are not repeated.
    ///
    /// # Errors
    /// Refuses what is no signature line, and more lines than a note may have.
    pub fn add(&mut self, lines: &str) -> Result<(), NoteFault> {
        let lines = lines.strip_suffix('\n').ok_or(NoteFault::SignatureLine)?;
        for line in lines.split('\n') {
            check_text(&format!("{line}\n")).or(Err(NoteFault::SignatureLine))?;
            let signature = NamedSignature::parse(line)?;
            if !self.signatures.contains(&signature) {
                self.signatures.push(signature);
            }
            if self.signatures.len() > SIGNATURES_MAX {
                return Err(NoteFault::TooManySignatures);
            }
        }
        Ok(())
    }
}

/// A signature line as it stands in a note, its newline included.
pub(super) fn signature_line(name: &str, id: KeyId, bytes: &[u8]) -> String {
    let signature = NamedSignature {
        name: name.to_owned(),
        id,
        bytes: bytes.to_vec(),
    };
    signature.to_string()
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| signature.fmt(f))
    }
}

fn check_text(text: &str) -> Result<(), NoteFault> {
    let is_barred = |c: char| c < ' ' && c != '\n';
    if text.ends_with('\n') && !text.contains(is_barred) {
        Ok(())
    } else {
        Err(NoteFault::Text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::note_key::tests::{PETER, signer};
    use super::*;

    const PETERS_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn trusted(signers: &[&Signer]) -> Vec<Verifier> {
        signers
            .iter()
            .map(|signer| signer.verifier().clone())
            .collect()
    }

    #[test]
    fn a_note_of_another_implementation_opens() {
        let peter = [Verifier::parse(PETER).unwrap()];
        let note = Note::parse(PETERS_NOTE).unwrap();
        let open = note.open(&peter).unwrap();
        assert!(open.text.ends_with("what your problem is.\n"));
        assert_eq!(open.signed_by, [&peter[0]]);
        assert_eq!(
            (note.to_string(), peter[0].to_string()),
            (PETERS_NOTE.into(), PETER.into())
        );
    }

    #[test]
    fn a_text_may_have_blank_lines_and_any_script() {
        let key = signer("kommune.example/log", 1);
        for text in [
            "\n",
            "\n\n\n",
            "én\n\nto\n",
            "a\n\n",
            "\u{2014} no signature\n",
        ] {
            let note = Note::sign(text, &[&key]).unwrap();
            assert_eq!(Note::parse(&note.to_string()).as_ref(), Ok(&note));
            assert_eq!(note.open(&trusted(&[&key])).unwrap().text, text);
        }
    }

    #[test]
    fn while_keys_change_old_and_new_verifiers_open_the_same_note() {
        let (old, new, other) = (signer("log", 1), signer("log", 2), signer("log", 3));
        let note = Note::sign("text\n", &[&old, &new]).unwrap();
        for key in [&old, &new] {
            let only = trusted(&[key]);
            assert_eq!(note.open(&only).unwrap().signed_by, [&only[0]]);
        }
        let both = trusted(&[&new, &old]);
        assert_eq!(note.open(&both).unwrap().signed_by.len(), 2);
        assert_eq!(note.open(&trusted(&[&other])), Err(NoteFault::Untrusted));
        assert_eq!(note.open(&[]), Err(NoteFault::Untrusted));
    }

    #[test]
    fn a_key_that_signed_twice_counts_once() {
        let key = signer("log", 1);
        let note = Note::sign("text\n", &[&key, &key]).unwrap();
        assert_eq!(note.open(&trusted(&[&key])).unwrap().signed_by.len(), 1);
    }

    #[test]
    fn a_false_signature_in_a_trusted_name_spoils_the_note() {
        let (log, witness) = (signer("log", 1), signer("witness", 2));
        let mut note = Note::sign("text\n", &[&log, &witness]).unwrap();
        note.signatures[1].bytes[0] ^= 1;
        assert_eq!(
            note.open(&trusted(&[&log, &witness])),
            Err(NoteFault::FalseSignature)
        );
        assert_eq!(note.open(&trusted(&[&log])).unwrap().signed_by.len(), 1);
        note.signatures[1].bytes.truncate(63);
        assert_eq!(
            note.open(&trusted(&[&witness])),
            Err(NoteFault::FalseSignature)
        );
    }

    #[test]
    fn a_changed_text_is_signed_by_no_one() {
        let peter = [Verifier::parse(PETER).unwrap()];
        let note = Note::parse(&PETERS_NOTE.replace("answer", "anchor")).unwrap();
        assert_eq!(note.open(&peter), Err(NoteFault::FalseSignature));
    }

    #[test]
    fn a_malformed_note_is_refused() {
        use NoteFault::{SignatureLine, Text, TooManySignatures, Unsigned};
        let note = Note::sign("text\n", &[&signer("log", 1)])
            .unwrap()
            .to_string();
        let line = note.lines().last().unwrap().to_owned();
        let cases = [
            (String::new(), Text),
            (note.trim_end().to_owned(), Text),
            (note.replace('\n', "\r\n"), Text),
            (note.replace("text", "te\txt"), Text),
            (note.replace("text", "te\0xt"), Text),
            ("text\n".to_owned(), Unsigned),
            ("text\n\n".to_owned(), Unsigned),
            (format!("{note}\n"), Unsigned),
            (format!("text\n{line}\n"), Unsigned),
            (format!("{note}garbage\n"), SignatureLine),
            (note.replace('\u{2014}', "-"), SignatureLine),
            (note.replace("\u{2014} log", "\u{2014}  log"), SignatureLine),
            (note.replace(" log ", " lo+g "), SignatureLine),
            (note.replace(" log ", " lo\u{a0}g "), SignatureLine),
            (note.replace(" log ", " log  "), SignatureLine),
            (note.replace("=\n", "\n"), SignatureLine),
            (note.replace("=\n", "= \n"), SignatureLine),
            ("text\n\n\u{2014} log\n".to_owned(), SignatureLine),
            ("text\n\n\u{2014} log AAAAAA==\n".to_owned(), SignatureLine),
            (
                format!("text\n\n{}", format!("{line}\n").repeat(65)),
                TooManySignatures,
            ),
        ];
        for (text, fault) in cases {
            assert_eq!(Note::parse(&text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn nothing_is_signed_that_could_not_be_read_back() {
        let key = signer("log", 1);
        for text in ["", "no last newline", "bell\u{7}\n"] {
            assert_eq!(Note::sign(text, &[&key]), Err(NoteFault::Text));
        }
        assert_eq!(Note::sign("text\n", &[]), Err(NoteFault::Unsigned));
    }

    proptest! {
        #[test]
        fn a_note_that_is_read_is_the_note_that_is_written(
            text in "[a\n \u{2014}=+]{0,12}", name in "[ab +]{0,3}", bytes: Vec<u8>,
        ) {
            let line = format!("{SIGNATURE_MARK}{name} {}", encode_base64(&bytes));
            let written = format!("{text}\n{line}\n");
            if let Ok(note) = Note::parse(&written) {
                prop_assert_eq!(note.to_string(), written);
            }
        }
    }
}
