//! Cosignatures (c2sp.org/tlog-cosignature, `cosignature/v1`): a witness says when it last saw a log, and that the log had only grown.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};

use super::note::{Note, NoteFault, signature_line};
use super::note_key::{KeyFault, NamedKey};
use crate::clock::Instant;

/// The signature type of an Ed25519 signature over a time and the text of a checkpoint.
const COSIGNATURE: u8 = 0x04;
const MICROS_A_SECOND: i64 = 1_000_000;

/// The public key of a witness that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey(NamedKey);

impl WitnessKey {
    /// Reads a verifier key `name+id+base64`, as `rettbolig audit witness` prints it.
    ///
    /// # Errors
    /// Refuses any other text, a log's own kind of key, and an id that is not the key's.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        NamedKey::parse(text, COSIGNATURE).map(Self)
    }

    /// The name of the witness.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Name and id of the key: enough to tell it from others.
    pub(super) fn short(&self) -> String {
        let id = u32::from_be_bytes(self.0.id());
        format!("{}+{id:08x}", self.0.name())
    }

    /// When this witness cosigned the note, last if more than once; none when it did not.
    ///
    /// # Errors
    /// When a cosignature in its name is false.
    pub fn find_time(&self, note: &Note) -> Result<Option<Instant>, NoteFault> {
        let mut last = None;
        for bytes in note.claimed(self.0.name(), self.0.id()) {
            let at = self.time_of(note, bytes);
            last = last.max(Some(at.ok_or(NoteFault::FalseSignature)?));
        }
        Ok(last)
    }

    /// The line of the note in which this witness cosigned it last.
    #[must_use]
    pub fn find_line(&self, note: &Note) -> Option<(Instant, String)> {
        note.claimed(self.0.name(), self.0.id())
            .filter_map(|bytes| Some((self.time_of(note, bytes)?, bytes)))
            .max()
            .map(|(at, bytes)| (at, signature_line(self.0.name(), self.0.id(), bytes)))
    }

    fn time_of(&self, note: &Note, bytes: &[u8]) -> Option<Instant> {
        let (seconds, signature) = bytes.split_first_chunk()?;
        let seconds = i64::try_from(u64::from_be_bytes(*seconds)).ok()?;
        let message = message(seconds, note.text());
        let holds = self.0.has_signed(message.as_bytes(), signature);
        let micros = seconds.checked_mul(MICROS_A_SECOND).filter(|_| holds)?;
        Some(Instant::from_micros(micros))
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The secret key of a witness.
pub struct Cosigner {
    key: SigningKey,
    public: WitnessKey,
}

impl Cosigner {
    /// Gives a secret key the name of the witness.
    ///
    /// # Errors
    /// Refuses a name that a signature line cannot carry.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, KeyFault> {
        let public = NamedKey::new(name, COSIGNATURE, key.verifying_key())?;
        let public = WitnessKey(public);
        Ok(Self { key, public })
    }

    /// The public half, to be handed to those who trust the witness.
    #[must_use]
    pub const fn public(&self) -> &WitnessKey {
        &self.public
    }

    /// The signature line over the text of the note at this moment, in whole seconds.
    #[must_use]
    pub fn cosign(&self, note: &Note, at: Instant) -> String {
        let seconds = at.micros().max(0) / MICROS_A_SECOND;
        let signature = self.key.sign(message(seconds, note.text()).as_bytes());
        let bytes = [
            seconds.to_be_bytes().as_slice(),
            signature.to_bytes().as_slice(),
        ]
        .concat();
        signature_line(self.public.0.name(), self.public.0.id(), &bytes)
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.public)
    }
}

fn message(seconds: i64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::super::canonical::{decode_base64, encode_base64};
    use super::super::note_key::tests::signer;
    use super::*;

    /// The example of c2sp.org/tlog-cosignature has no key; its form is what is compared.
    const AT: i64 = 1_679_315_147;

    fn cosigner(seed: u8) -> Cosigner {
        Cosigner::new("witness.example/w1", SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    fn note() -> Note {
        Note::sign("log\n3\nroot\n", &[&signer("log", 1)]).unwrap()
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * MICROS_A_SECOND)
    }

    #[test]
    fn a_cosignature_holds_under_its_key_and_tells_its_time() {
        let (witness, mut note) = (cosigner(7), note());
        assert_eq!(witness.public().find_time(&note), Ok(None));
        note.add(&witness.cosign(&note, at(AT))).unwrap();
        note.add(&witness.cosign(&note, at(AT + 60))).unwrap();
        let read = Note::parse(&note.to_string()).unwrap();
        assert_eq!(read, note);
        assert_eq!(witness.public().find_time(&read), Ok(Some(at(AT + 60))));
        let line = witness.cosign(&note, at(AT + 60));
        assert_eq!(witness.public().find_line(&read), Some((at(AT + 60), line)));
        // Those who know nothing of witnesses still open the checkpoint.
        assert!(read.open(&[signer("log", 1).verifier().clone()]).is_ok());
        assert_eq!(cosigner(8).public().find_time(&read), Ok(None));
    }

    #[test]
    fn a_cosignature_of_another_text_or_time_is_false() {
        let (witness, mut signed) = (cosigner(7), note());
        let other = Note::sign("log\n4\nroot\n", &[&signer("log", 1)]).unwrap();
        signed.add(&witness.cosign(&other, at(AT))).unwrap();
        let fault = Err(NoteFault::FalseSignature);
        assert_eq!(witness.public().find_time(&signed), fault);
        assert_eq!(witness.public().find_line(&signed), None);

        let line = witness.cosign(&note(), at(AT));
        let bytes = decode_base64(line.trim_end().rsplit_once(' ').unwrap().1).unwrap();
        for place in 4..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let mut note = note();
            let line = format!("\u{2014} witness.example/w1 {}\n", encode_base64(&changed));
            note.add(&line).unwrap();
            assert_eq!(witness.public().find_time(&note), fault, "{place}");
        }
    }

    #[test]
    fn a_witness_key_is_no_log_key() {
        let witness = cosigner(7).public().to_string();
        assert_eq!(WitnessKey::parse(&witness).unwrap().to_string(), witness);
        assert!(super::super::Verifier::parse(&witness).is_err());
        let log = signer("log", 1).verifier().to_string();
        assert_eq!(WitnessKey::parse(&log), Err(KeyFault::Text));
    }

    #[test]
    fn only_signature_lines_are_added() {
        let line = cosigner(7).cosign(&note(), at(AT));
        for lines in ["", "\n", "text\n", line.trim_end(), &format!("{line}\n")] {
            let mut note = note();
            assert!(note.add(lines).is_err(), "{lines:?}");
        }
        let many: String = (0..64)
            .map(|it| cosigner(7).cosign(&note(), at(it)))
            .collect();
        assert_eq!(note().add(&many), Err(NoteFault::TooManySignatures));
    }
}
